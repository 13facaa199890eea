"""Series of neighbourhoods in one division: carried over, started later, or refused in words."""

import pandas as pd

from dashboard.division import bridge_series, describe_bridge, keep_same_area
from dashboard.export import list_figures
from tests.drawn import table
from tests.screen_examples import draw_figures_of, example_indicator

CRIMES = example_indicator(id="crimes", counts="incidents", unit="per 1.000 inwoners")
HALT = example_indicator()
NAMES = {"GM0034": "Almere", "BU00340101": "Almere: buurt Centrum", "BU00340102": "Almere: buurt Haven"}
FIGURES = draw_figures_of("""
    area       | name    | parent   | period | value | status
    BU00340101 | Oud     | WK003401 | 2020   | 900   | shown
    BU00340101 | Oud     | WK003401 | 2021   | 901   | shown
    BU00340101 | Centrum | WK003401 | 2022   | 10    | shown
    BU00340199 | Haven   | WK003401 | 2021   | 20    | shown
    BU00340102 | Haven   | WK003401 | 2022   | 21    | shown
""").assign(indicator="crimes")
AREAS = ("BU00340101", "BU00340102")


def _bridge(drawing: str) -> pd.DataFrame:
    return table("area | year | how | was | estimated\n" + drawing).astype({"estimated": float})


def _rebased(drawing: str) -> pd.DataFrame:
    rows = draw_figures_of("area | period | value | status | estimated\n" + drawing)
    return rows.assign(estimated=rows["estimated"].astype(float), indicator="crimes").drop(columns=["level", "name"])


NONE = _rebased("BU00340101 | 2021 | 1 | shown | 0").head(0)
BROKEN = _bridge("BU00340101 | 2020 | broken | NULL | NULL\nBU00340101 | 2021 | broken | NULL | NULL")
RENUMBERED = _bridge("BU00340102 | 2020 | same | BU00340199 | 0\nBU00340102 | 2021 | same | BU00340199 | 0")
ESTIMATED = _bridge("BU00340101 | 2020 | broken | NULL | NULL\nBU00340101 | 2021 | estimated | NULL | 0.084")


def _drawn(series: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(series[["area", "name", "period", "value"]].itertuples(index=False, name=None))


def test_a_break_that_cannot_be_bridged_is_not_drawn_and_is_said() -> None:
    series = bridge_series(FIGURES, BROKEN, NONE, CRIMES, areas=AREAS)
    assert _drawn(series) == [("BU00340101", "Centrum", "2022", 10), ("BU00340102", "Haven", "2022", 21)]
    assert describe_bridge(BROKEN, CRIMES, NAMES) == [
        "De buurten van Almere zijn in 2022 opnieuw ingedeeld. Welke cijfers van voor 2022 bij dit gebied horen, is niet "
        "bekend of te onzeker. De lijn van dit gebied begint daarom in 2022."
    ]


def test_a_new_number_for_the_same_area_runs_on_under_its_name_also_for_persons() -> None:
    series = bridge_series(FIGURES, RENUMBERED, NONE, HALT, areas=AREAS[1:])
    assert _drawn(series) == [("BU00340102", "Haven", "2021", 20), ("BU00340102", "Haven", "2022", 21)]
    assert describe_bridge(RENUMBERED, HALT, NAMES) == []


def test_an_open_figure_is_carried_over_with_the_share_that_is_an_estimate() -> None:
    rebased = _rebased("BU00340101 | 2021 | 11 | shown | 0.084")
    series = bridge_series(FIGURES, ESTIMATED, rebased, CRIMES, areas=AREAS[:1])
    assert _drawn(series) == [("BU00340101", "Centrum", "2021", 11), ("BU00340101", "Centrum", "2022", 10)]
    refusal, told = describe_bridge(ESTIMATED, CRIMES, NAMES)
    assert "begint daarom in 2021" in refusal
    assert told == (
        "Almere: buurt Centrum: de grens is na 2021 veranderd. De jaren tot en met 2021 zijn omgerekend naar de grens van "
        "nu. Van hoogstens 8\u00a0% van de inwoners is geschat aan welke kant van de grens zij wonen."
    )
    header, rows = list_figures(series, {"crimes": CRIMES}, {})
    states = [row[list(header).index("Status")] for row in rows]
    assert states == ["getoond, omgerekend, 8,4\u00a0% van de inwoners geschat", "getoond"]


def test_persons_are_not_carried_over_and_the_reason_is_said() -> None:
    series = bridge_series(FIGURES, ESTIMATED, NONE, HALT, areas=AREAS[:1])
    assert list(series["period"]) == ["2022"]
    (refusal,) = describe_bridge(ESTIMATED, HALT, NAMES)
    assert "omdat kleine aantallen dan uit te rekenen zijn" in refusal
    income = example_indicator(id="income", counts="published")
    (refusal,) = describe_bridge(ESTIMATED, income, NAMES)
    assert "niet om te rekenen naar andere grenzen" in refusal
    assert "jongeren" not in refusal


def test_nothing_is_drawn_from_before_a_year_that_is_refused() -> None:
    bridge = _bridge("BU00340101 | 2021 | merged | NULL | 0")
    assert list(bridge_series(FIGURES, bridge, NONE, HALT, areas=AREAS[:1])["period"]) == ["2022"]


def test_without_a_bridge_the_figures_are_as_they_are() -> None:
    assert bridge_series(FIGURES, BROKEN.head(0), NONE, CRIMES, areas=AREAS) is FIGURES
    assert describe_bridge(BROKEN.head(0), CRIMES, NAMES) == []


def test_a_card_looks_back_no_further_than_the_area_is_the_same() -> None:
    both = pd.concat([FIGURES, FIGURES.assign(indicator="halt_rate")], ignore_index=True)
    code = both[both["area"] == "BU00340101"]
    breaks = table("year | counted\n2022 | lists")
    indicators = {"crimes": CRIMES, "halt_rate": HALT}
    now = keep_same_area(code, breaks, indicators, year=2022)
    assert list(now["period"] + now["indicator"]) == ["2020crimes", "2021crimes", "2022crimes", "2022halt_rate"]
    assert len(keep_same_area(code[code["period"] < "2022"], breaks, indicators, year=2021)) == 4
