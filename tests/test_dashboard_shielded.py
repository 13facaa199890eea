"""What the protection costs, as a table and a picture: counted from the publication, of figures about persons only."""

import pandas as pd

from dashboard.coarser import describe_coarser
from dashboard.shielded import (
    describe_audit,
    describe_shielded,
    draw_held,
    draw_shielded,
    draw_shielded_table,
    draw_split_table,
    keep_protected,
)
from tests.drawn import table
from tests.screen_examples import example_indicator

STATES = """
    indicator | level         | status        | rows
    halt_rate | region        | shown         | 10
    halt_rate | municipality  | shown         | 30
    halt_rate | municipality  | hidden        | 10
    halt_rate | municipality  | not_delivered | 99
    crimes    | municipality  | shown         | 500
    care      | municipality  | hidden        | 10
"""
INDICATORS = {
    "halt_rate": example_indicator(),
    "crimes": example_indicator(id="crimes", title="Misdrijven", counts="incidents"),
    "care": example_indicator(id="care", title="Jeugdhulp", counts="families"),
}


def _counted() -> pd.DataFrame:
    return keep_protected(table(STATES), INDICATORS)


def test_only_figures_about_persons_count_and_only_what_was_shown_or_hidden() -> None:
    assert _counted().to_dict("split")["data"] == [
        ["care", "municipality", 0, 10],
        ["halt_rate", "municipality", 30, 10],
        ["halt_rate", "region", 10, 0],
    ]
    assert describe_shielded(_counted()) == [
        "Per regio: 100 % getoond (10 van 10).",
        "Per gemeente: 60 % getoond (30 van 50).",
    ]


def test_the_bar_of_a_level_is_one_hundred_per_cent_with_words_in_it() -> None:
    shown, hidden = draw_shielded(_counted()).data
    assert list(shown.x) == [100, 60]
    assert list(hidden.x) == [0, 40]
    assert list(hidden.text) == ["", "afgeschermd 40 %"]


def test_the_most_hidden_indicator_comes_first_and_never_says_all_when_one_is_hidden() -> None:
    html = draw_shielded_table(_counted(), INDICATORS)
    assert html.index("Jeugdhulp") < html.index(INDICATORS["halt_rate"].title)
    nearly = pd.DataFrame({"indicator": ["care"], "level": ["region"], "shown": [9999], "hidden": [1]})
    assert "99 %" in draw_shielded_table(nearly, INDICATORS)


def test_nothing_about_persons_gives_nothing() -> None:
    assert keep_protected(table(STATES), {}).empty


AUDIT = """
    indicator | level         | split    | period_kind | figures | shown | hidden | attacked | findings
    halt_rate | region        |          | year        | 10      | 10    | 0      | 0        | 0
    halt_rate | municipality  | age,sex  | year        | 40      | 10    | 30     | 30       | 0
    halt_rate | municipality  | kind     | quarter     | 40      | 24    | 16     | 16       | 0
"""


def test_the_audit_is_told_in_words_with_its_figures_and_without_a_number_of_persons() -> None:
    audit = table(AUDIT).assign(split=lambda frame: frame["split"].fillna(""))
    assert describe_audit(audit)[1] == "Deze keer probeerde het 46 afgeschermde cijfers. Het vond er geen."


def test_what_is_held_back_is_listed_by_figure_and_year_and_says_why() -> None:
    periods = ["2024Q1", "2024", "2023/24"]
    html = draw_held(pd.DataFrame({"indicator": "halt_rate", "period": periods, "level": "region"}), INDICATORS)
    assert f"{INDICATORS['halt_rate'].title}: 2023/24 en 2024." in html
    assert "enkele personen" in html
    assert draw_held(pd.DataFrame(columns=["indicator", "period", "level"]), INDICATORS) == ""


def test_what_a_coarser_table_shows_is_counted_in_the_publication_itself() -> None:
    audit = table("""
        indicator | level         | split   | period_kind | figures | shown
        halt_rate | region        | age     | quarter     | 8       | 7
        halt_rate | municipality  |         | quarter     | 10      | 6
        halt_rate | municipality  | age     | quarter     | 30      | 3
        halt_rate | municipality  | age     | year        | 20      | 19
        crimes    | municipality  |         | quarter     | 10      | 1
    """).assign(split=lambda frame: frame["split"].fillna(""))
    told = describe_coarser(audit.loc[2], audit)
    assert told == "zonder uitsplitsing: 60 %; per regio: 87 %; per jaar: 95 %"


def test_rounded_figures_are_all_attacked_and_it_is_told_so() -> None:
    audit = table(AUDIT).assign(split=lambda frame: frame["split"].fillna(""), attacked=[10, 40, 40])
    assert describe_audit(audit)[1] == "Deze keer probeerde het 90 cijfers. Het vond er geen."


def test_only_splits_that_are_mostly_hidden_are_listed_as_too_fine() -> None:
    audit = table(AUDIT).assign(split=lambda frame: frame["split"].fillna(""))
    html = draw_split_table(audit, INDICATORS)
    assert "leeftijd en geslacht" in html
    assert "25 %" in html
    assert "soort" not in html, "24 of 40 is 60 %"
    assert "Er is geen grovere tabel." in html, "by age alone, or for the region by age and sex: not published"
    assert draw_split_table(audit.head(1), INDICATORS) == ""
