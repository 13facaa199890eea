"""The words of the screen: numbers, states, change, what stands out, what is unknown, explanations."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.change import Change, describe_change
from dashboard.explain import describe_denominator_years, describe_periods, describe_states, explain
from dashboard.format import (
    describe_direction,
    format_date,
    format_number,
    format_period,
    format_status,
    format_tick,
    join_words,
    safe_echo,
)
from dashboard.insight import find_notable, list_unknowns
from tests.drawn import table
from tests.screen_examples import draw_figures_of, example_indicator

HALT = example_indicator()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (format_number(12345.678, 1), "12.345,7"),
        (format_number(0), "0"),
        (format_number(None), ""),
        (format_number(float("nan")), ""),
        (format_status("shown", 12.34, "%", 1), "12,3\u00a0%"),
        (format_status("hidden", None, "%", 1), "afgeschermd"),
        (format_status("not_delivered", None, "%", 1), "niet geleverd"),
        (format_period("2025Q1"), "1e kwartaal 2025"),
        (format_period("2025M03"), "maart 2025"),
        (format_period("2025"), "2025"),
        (format_period("2025H2"), "2e helft 2025"),
        (format_period("2024/25"), "schooljaar 2024/25"),
        (format_tick("2024/25"), "2024/25"),
        (format_tick("2025Q4"), "4e kw. 2025"),
        (format_date(dt.date(2026, 3, 1)), "1 maart 2026"),
        (format_date(None), "onbekend"),
        (join_words(["a", "b", "c"]), "a, b en c"),
        (join_words([]), ""),
        (safe_echo("<img src=x onerror='alert(1)'>"), "img srcx onerror'alert(1)'"),
        (safe_echo("**dik** [link](x) `code` :material/home:"), "dik link(x) code :materialhome:"),
    ],
)
def test_numbers_dates_and_words_are_dutch(said: str, expected: str) -> None:
    assert said == expected


def rows(drawing: str) -> tuple[dict[str, object], dict[str, object]]:
    before, now = draw_figures_of(drawing).to_dict("records")
    return {str(k): v for k, v in before.items()}, {str(k): v for k, v in now.items()}


@pytest.mark.parametrize(
    ("before", "now", "words", "direction"),
    [
        (
            "200 | 20 | shown | no",
            "300 | 30 | shown | no",
            "Hoger dan toen, waarschijnlijk geen toeval. Tussen 25",
            "higher",
        ),
        (
            "300 | 30 | shown | no",
            "200 | 20 | shown | no",
            "Lager dan toen, waarschijnlijk geen toeval. Tussen 20",
            "lower",
        ),
        ("300 | 30 | shown | no", "200 | 20 | shown | yes", "voorlopig en stijgt meestal nog iets", ""),
        ("200 | 20 | shown | no", "205 | 20.5 | shown | no", "Het verschil kan toeval zijn.", ""),
        ("30 | 3 | shown | no", "60 | 6 | shown | no", "Hoger dan toen, waarschijnlijk geen toeval.", "higher"),
        ("9 | 1 | shown | no", "60 | 6 | shown | no", "Te weinig gevallen om met 2024 te vergelijken.", ""),
        (" | | hidden | no", "60 | 6 | shown | no", "geen cijfer om mee te vergelijken", ""),
    ],
)
def test_a_change_is_real_or_may_be_chance(before: str, now: str, words: str, direction: str) -> None:
    old, new = rows(f"""
        period | denominator | numerator | value | status | provisional
        2024   | 10000       | {before}
        2025   | 10000       | {now}
    """)
    change = describe_change(new, old, HALT)
    assert words in change.words
    assert change.direction == direction
    if not min(float(str(row["numerator"])) for row in (old, new)) >= 100:
        assert "%" not in change.words


def test_a_change_is_never_told_across_a_break_or_of_a_hidden_figure() -> None:
    old, new = rows("""
        period | denominator | numerator | value | status
        2024   | 10000       | 200       | 20    | shown
        2025   | 10000       | 300       | 30    | shown
    """)
    broken = example_indicator(breaks='[["2025", "Ruimere criteria."]]')
    assert describe_change(new, old, broken).words == "Niet te vergelijken met 2024: ruimere criteria."
    assert describe_change(new | {"status": "hidden"}, old, HALT).words == ""
    assert describe_change(None, old, HALT).words == ""


def test_population_is_counted_not_tested() -> None:
    old, new = rows("""
        period | numerator | value | status
        2024   |           | 1000  | shown
        2025   |           | 1250  | shown
    """)
    people = example_indicator(counts="inhabitants", unit="inwoners", decimals=0)
    assert describe_change(new, old, people).words == "250 meer dan in 2024."


def test_what_stands_out_names_no_neighbourhood_and_nothing_hidden() -> None:
    figures = draw_figures_of("""
        area       | name       | level         | status | label           | trend
        RG-X       | IJmond     | region        | shown  |                 | down
        GM0375     | Beverwijk  | municipality  | shown  | higher          |
        GM0396     | Heemskerk  | municipality  | shown  | lower           |
        GM0450     | Uitgeest   | municipality  | shown  | possibly_higher |
        GM0453     | Velsen     | municipality  | hidden | higher          |
        BU03750000 | Wijkertoren| neighbourhood | shown  | higher          |
    """)
    said = find_notable(figures, {}, {"halt_rate": HALT}, area="RG-X", area_name="IJmond")
    assert said == [
        "Jongeren verwezen naar Halt in IJmond: over meer jaren gezien omlaag.",
        "Jongeren verwezen naar Halt: hoger dan de rest van de regio in Beverwijk en lager dan de rest van de regio in Heemskerk.",
    ]


def test_what_stands_out_is_never_more_than_five_sentences() -> None:
    many = [example_indicator(id=f"halt_{n}") for n in range(9)]
    figures = pd.concat(
        draw_figures_of(f"""
            area   | indicator | name      | status | label
            GM0375 | {one.id}  | Beverwijk | shown  | higher
        """)
        for one in many
    )
    said = find_notable(figures, {}, {one.id: one for one in many}, area="RG-X", area_name="IJmond")
    assert len(said) == 5
    assert said[-1] == "En nog 5 andere verschillen."


def test_it_is_said_when_no_key_figure_clearly_changed() -> None:
    figures = draw_figures_of("""
        area   | name      | status | label
        GM0375 | Beverwijk | shown  | similar
    """)
    chance = Change(direction="", words="In 2024 was het 4. Het verschil kan toeval zijn.")
    silent = Change(direction="", words="")
    up = Change(direction="higher", words="In 2024 was het 2. Hoger dan toen, waarschijnlijk geen toeval.")
    known = {"halt_rate": HALT, "b": HALT, "c": HALT}

    def said(**changes: Change) -> list[str]:
        return find_notable(figures, changes, known, area="GM0375", area_name="Beverwijk")

    assert said(halt_rate=chance, b=chance, c=silent) == [
        "Geen van de 2 kerncijfers veranderde duidelijk: verschillen met het jaar ervoor kunnen toeval zijn."
    ]
    assert said(halt_rate=silent) == []
    assert said(halt_rate=chance, b=up) == [
        "Jongeren verwezen naar Halt in Beverwijk: hoger dan het jaar ervoor, waarschijnlijk geen toeval."
    ]


def test_what_we_do_not_know_is_counted_by_level() -> None:
    states = table("""
        indicator | level         | status        | provisional | rows
        halt_rate | neighbourhood | shown         |             | 30
        halt_rate | neighbourhood | hidden        |             | 70
        halt_rate | municipality  | not_delivered |             | 1
        crimes    | neighbourhood | shown         | yes         | 500
    """).assign(provisional=[False, False, False, True])
    crimes = example_indicator(id="crimes", title="Misdrijven", counts="incidents")
    assert list_unknowns(states, {"halt_rate": HALT, "crimes": crimes}, year="2025") == [
        "Afgeschermd van de cijfers over personen: 70\u00a0% per buurt.",
        "Niet overal geleverd: jongeren verwezen naar Halt.",
        "Voorlopig over 2025, dus nog niet zeker: misdrijven.",
    ]


FIGURES = draw_figures_of("""
    period | value | low | high | status        | provisional
    2023   | 10    | 8   | 12   | shown         | no
    2024   |       |     |      | hidden        | no
    2025   |       |     |      | not_delivered | yes
""")


def test_the_explanation_says_everything_a_reader_may_ask() -> None:
    html = explain(HALT, FIGURES, sources={"halt": "Verwijzingen (Halt)"}, rule="Geen getallen van 1 tot en met 4.")
    for words in (
        HALT.definition,
        "Verwijzingen (Halt) en cbs.",
        "2023 tot en met 2025. Voorlopig (*): 2025.",
        "Meer verwijzingen is niet meer criminaliteit.",
        "Afgeschermd: met dit cijfer erbij",
        "Niet geleverd: de bron",
        "De regel: Geen getallen van 1 tot en met 4.",
        "geteld naar waar iemand woont",
    ):
        assert words in html


def test_the_rule_is_told_only_where_something_is_hidden() -> None:
    assert describe_states(FIGURES[FIGURES["status"] == "shown"], "regel") == []
    assert len(describe_states(FIGURES, "regel")) == 3


def test_a_definitive_period_is_called_so() -> None:
    assert describe_periods(FIGURES[:1]) == "2023, definitief."
    assert describe_periods(FIGURES[2:]).startswith("2025, voorlopig")


def test_another_years_population_is_said() -> None:
    figures = draw_figures_of("""
        period | denominator_year
        2024   | 2024
        2025   | 2020
    """)
    words = describe_denominator_years(figures)
    assert words == "2025 is gedeeld door de inwoners van 2020: van het jaar zelf is geen aantal inwoners geleverd."
    assert describe_denominator_years(figures[figures["period"] == "2024"]) == ""


def test_many_events_without_a_direction_swing_and_few_are_too_few() -> None:
    assert describe_direction("too_few", 774.0) == "Het cijfer schommelt te veel om een ontwikkeling te zien."
    assert describe_direction("too_few", 12.0) == "Te weinig gevallen om een ontwikkeling te zien."
    assert describe_direction("too_few", None) == "Te weinig gevallen om een ontwikkeling te zien."
    assert describe_direction(None, 774.0) == ""
