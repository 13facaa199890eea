"""Data quality in words: the grid of deliveries, their age, refusals, assumptions and revisions."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.quality import (
    describe_age,
    describe_delivery,
    draw_files,
    draw_grid,
    draw_notes,
    draw_refusals,
    draw_source_folds,
    draw_sources,
    list_gaps,
    name_all_sources,
)
from dashboard.revised import MOST_ROWS, describe_revisions, draw_revisions, list_revisions
from tests.screen_examples import example_indicator

HALT = example_indicator()
SHA = "a" * 64


def delivery(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "id": "halt", "title": "Halt-verwijzingen", "supplier": "Halt", "file": "halt_2025.csv", "period": "2025",
        "delivered_on": dt.date(2026, 1, 1), "rows_in": 10, "rows_accepted": 9, "rows_refused": 1, "sha256": SHA,
        "encoding": "utf-8", "state": "used", "note": "",
    }  # fmt: skip
    return usual | changes


def missing(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = [(source, source.capitalize(), "iemand", period) for source, period in pairs]
    return pd.DataFrame(rows, columns=["source", "title", "supplier", "period"])


DELIVERIES = pd.DataFrame(
    [
        delivery(),
        delivery(period="2024", file="halt_2024.csv"),
        delivery(period="2024", file="halt_oud.csv", state="superseded", rows_in=0, note="vervangen"),
        delivery(id="duo", title="Verzuim (DUO)", supplier="DUO", period="2024/25", note="kopregel op regel 3"),
    ]
)


@pytest.mark.parametrize(
    ("source", "year", "text", "state"),
    [
        ("halt", "2025", "geleverd", "shown"),
        ("halt", "2024", "geleverd, vervangt een eerdere levering", "shown"),
        ("halt", "2023", "niet geleverd", "missing"),
        ("halt", "2022", "deels: zonder 1e kwartaal 2022", "shown"),
        ("duo", "2025", "geleverd", "shown"),
        ("duo", "2024", "niet geleverd", "missing"),
        ("school", "2025", "niet geleverd", "missing"),
    ],
)
def test_every_source_and_year_says_in_words_what_came(source: str, year: str, text: str, state: str) -> None:
    absent = missing(("halt", "2023"), ("halt", "2022Q1"), ("duo", "2023/24"), ("school", "2025"))
    cell = describe_delivery(DELIVERIES, absent, source, year)
    assert (cell.text, cell.state) == (text, state)


def test_a_source_that_never_came_still_has_its_row_and_its_name() -> None:
    absent = missing(("school", "2025"))
    assert name_all_sources(DELIVERIES, absent) == {
        "halt": "Halt-verwijzingen",
        "school": "School",
        "duo": "Verzuim (DUO)",
    }
    grid = draw_grid(DELIVERIES, absent, ["2024", "2025"])
    assert grid.count("<tr>") == 4
    assert list_gaps(absent, name_all_sources(DELIVERIES, absent)) == ["School: 2025."]
    assert "geen leveringen" in draw_grid(DELIVERIES.head(0), absent.head(0), ["2025"])


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "0 dagen"), (1, "1 dag"), (60, "60 dagen"), (200, "6 maanden"), (800, "2 jaar"), (-5, "0 dagen")],
)
def test_age_is_told_on_the_day_of_the_publication(days: int, words: str) -> None:
    made = dt.datetime(2026, 11, 22, 2, 9)
    assert describe_age(made.date() - dt.timedelta(days=days), made) == words


def test_only_used_deliveries_count_in_the_table_of_sources() -> None:
    html = draw_sources(DELIVERIES, made_on=dt.date(2026, 3, 1), leaning={"halt": 7})
    assert '<th scope="row">Halt-verwijzingen</th><td>Halt</td><td>1 januari 2026</td><td>59 dagen</td>' in html
    assert '<td class="jb-number">2</td><td class="jb-number">20</td>' in html
    assert '<td class="jb-number">7</td>' in html
    assert "geen leveringen" in draw_sources(DELIVERIES.head(0), made_on=dt.date(2026, 3, 1), leaning={})


def test_a_file_shows_its_whole_fingerprint_and_what_became_of_it() -> None:
    html = draw_files(DELIVERIES, caption="Bestanden")
    assert html.count(SHA) == 4
    assert "vervangen door een latere levering" in html
    assert html.count('<td class="jb-number"></td>') == 3, "a replaced file was not counted"
    assert "schooljaar 2024/25" in html
    assert "nan" not in html


def test_per_source_stand_its_files_and_the_indicators_that_lean_on_it() -> None:
    html = draw_source_folds(DELIVERIES, {"halt": [HALT]}, {HALT.id: "./herkomst?cijfer=x"})
    assert html.count("<details") == 2
    assert '<a class="jb-link" href="./herkomst?cijfer=x"' in html
    assert "Geen cijfer gebruikt deze bron." in html


def test_refusals_and_notes_are_counted_per_source_and_never_show_a_value() -> None:
    refusals = pd.DataFrame(
        [("halt", "halt_2025.csv", "start", "een datum", 1, 6), ("halt", "halt_2024.csv", "start", "een datum", 2, 3)],
        columns=["source", "file", "column_name", "rule", "rows", "first_line"],
    )
    html = draw_refusals(refusals, DELIVERIES)
    assert "Halt-verwijzingen: 2 van 20 rijen geweigerd" in html
    assert '<td class="jb-number">3</td><td class="jb-number">2</td>' in html
    assert "geen rijen geweigerd" in draw_refusals(refusals.head(0), DELIVERIES)
    notes = draw_notes(DELIVERIES)
    assert "kopregel op regel 3" in notes
    assert "vervangen" not in notes
    assert "niets aan te nemen" in draw_notes(DELIVERIES.head(2))


def revisions(count: int) -> pd.DataFrame:
    row = {"indicator": "halt_rate", "area": "GM0375", "period": "2024", "age": "all", "sex": "male", "kind": "all"}
    return pd.DataFrame([{**row, "before": 1.04, "after": 2.0, "reason": "Nieuwe levering: a.csv"}] * count)


def test_a_revision_says_what_was_what_is_and_why() -> None:
    indicators, areas, labels = {HALT.id: HALT}, {"GM0375": "Beverwijk"}, {("sex", "male"): "jongens"}
    html = draw_revisions(revisions(1), indicators, areas, labels)
    assert (
        '<th scope="row">Beverwijk</th><td>2024</td><td>jongens</td><td class="jb-number">1,0</td>'
        '<td class="jb-number">2,0</td><td>Nieuwe levering: a.csv</td>' in html
    )
    assert "1 getoond cijfer is anders" in describe_revisions(revisions(1), indicators)
    header, rows = list_revisions(revisions(1), indicators, areas, labels)
    assert dict(zip(header, rows[0], strict=True))["Was"] == 1.0
    assert "geen getoond cijfer veranderd" in describe_revisions(
        revisions(0).reindex(columns=["indicator"]), indicators
    )


def test_a_long_list_of_revisions_is_cut_and_says_so_and_unknown_indicators_are_left_out() -> None:
    html = draw_revisions(revisions(MOST_ROWS + 2), {HALT.id: HALT}, {}, {})
    assert html.count("<tr>") == MOST_ROWS + 1
    assert "nog 2 andere" in html
    assert draw_revisions(revisions(3), {}, {}, {}) == ""
    assert list_revisions(revisions(3), {}, {}, {})[1] == []
