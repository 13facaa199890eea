"""Units and age bands: what may stand in one series, and what is refused."""

import re

import pandas as pd
import pytest

from analysis.registry import BANDS, UNITS, MixedSeries, check_measure, find_factor, find_parts
from dashboard.series import name_areas, name_groups
from pipelines.indicators import CATALOGUE
from pipelines.settings import REFERENCE, ROOT
from tests.screen_examples import draw_figures_of


def test_units_of_the_same_thing_differ_by_a_factor() -> None:
    assert find_factor("per 1.000 leeftijdgenoten", "per 10.000 leeftijdgenoten") == 10
    assert find_factor("per 10.000 inwoners", "per 1.000 inwoners") == 0.1
    assert find_factor("%", "%") == 1


@pytest.mark.parametrize(("unit", "into"), [
    ("per 1.000 inwoners", "per 1.000 leeftijdgenoten"), ("%", "per 1.000 inwoners"), ("mensen", "inwoners"), ("per 100", "%"),
])  # fmt: skip
def test_units_of_different_things_are_never_one_series(unit: str, into: str) -> None:
    with pytest.raises(MixedSeries, match="is not"):
        find_factor(unit, into)


def test_bands_make_another_only_without_gap_or_overlap() -> None:
    assert find_parts(["12-14", "15-17", "18-22"], "12-17") == ("12-14", "15-17")
    assert find_parts(["12-14", "15-17", "12-17", "18-22"], "12-22") == ("12-17", "18-22")
    assert find_parts(["0-14", "15-24", "25-44", "45-64", "65+"], "all") == ("0-14", "15-24", "25-44", "45-64", "65+")


@pytest.mark.parametrize(("bands", "into"), [
    (["12-23"], "12-22"), (["12-14", "16-17"], "12-17"), (["12-15", "15-17"], "12-17"), ([], "12-17"), (["0-14", "15-24"], "12-17"),
    (["12-18"], "12-17"),
])  # fmt: skip
def test_bands_that_do_not_make_another_are_refused(bands: list[str], into: str) -> None:
    with pytest.raises(MixedSeries):
        find_parts(bands, into)


def test_every_indicator_has_a_registered_unit_and_registered_bands() -> None:
    for one in CATALOGUE:
        check_measure(one.unit, one.per, [one.age, *one.bands])
    assert {one.unit for one in CATALOGUE} <= set(UNITS)
    with pytest.raises(MixedSeries, match="multiplier 100 "):
        check_measure("per 1.000 inwoners", 100, [])
    with pytest.raises(MixedSeries, match="12-18"):
        check_measure("%", 100, ["12-18"])


def test_the_bands_of_the_population_and_of_the_screen_are_those_of_the_registry() -> None:
    sql = (ROOT / "pipelines" / "sources" / "population.sql").read_text(encoding="utf-8")
    listed = {
        name: range(int(low), int(high) + 1) for name, low, high in re.findall(r"\('([0-9-]+)', (\d+), (\d+)\)", sql)
    }
    assert len(listed) == 16
    assert {name: BANDS[name] for name in listed} == listed
    labels = pd.read_csv(REFERENCE / "labels.csv")
    assert set(labels.loc[labels["dimension"] == "age", "code"]) <= set(BANDS)


TWO = """
    area   | period | age   | value | status
    GM0375 | 2024   | 12-14 | 1     | shown
    GM0375 | 2025   | {age} | 2     | shown
"""


def test_a_line_that_mixes_bands_indicators_or_kinds_of_period_is_refused() -> None:
    good = draw_figures_of(TWO.format(age="12-14"))
    name_areas(good, {}, first="GM0375")
    name_groups(draw_figures_of(TWO.format(age="15-17")), "age", {})
    mixed = [
        draw_figures_of(TWO.format(age="15-17")),
        good.assign(indicator=["halt_rate", "absence"]),
        good.assign(period=["2024", "2025Q1"]),
    ]
    for figures in mixed:
        with pytest.raises(MixedSeries, match="Beverwijk"):
            name_areas(figures, {"GM0375": "Beverwijk"}, first="GM0375")
