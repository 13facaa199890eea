"""Signals: an odd month is found, and a hidden figure never makes or breaks one."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from pipelines.audit import check_signals
from pipelines.errors import UnsafeFigures
from pipelines.indicators import CATALOGUE
from pipelines.signals import SCOPE, SIGNAL, expect_false, find_clusters, find_signals, judge_periods

BY_ID = {one.id: one for one in CATALOGUE}
NUISANCE, SUSPECTS = BY_ID["youth_nuisance"], replace(BY_ID["suspects_18_22"], breaks=())
NO_AREAS = pd.DataFrame(columns=["code", "year", "geometry"])


@cache
def _months(indicator: str = "youth_nuisance", *, odd: bool = True, parts: int = 12) -> pd.DataFrame:
    """Three towns, seven years of Poisson counts of 20 a month; the last month of GM0001 three times that."""
    random, letter = np.random.default_rng(5), "M" if parts == 12 else "Q"
    rows = [
        (
            indicator,
            f"GM000{town}",
            f"{year}{letter}{part:02d}" if parts == 12 else f"{year}Q{part}",
            random.poisson(20),
        )
        for town in (1, 2, 3)
        for year in range(2019, 2026)
        for part in range(1, parts + 1)
    ]
    figures = pd.DataFrame(rows, columns=["indicator", "area", "period", "numerator"]).astype({"numerator": float})
    figures = figures.assign(denominator=10_000.0, status="shown", age="all", sex="all", kind="all", provisional=False)
    if odd:
        figures.loc[(figures["area"] == "GM0001") & figures["period"].isin(["2025M12", "2025Q4"]), "numerator"] = 60.0
    return figures


def test_an_odd_month_is_a_signal_for_the_board_and_other_months_hardly_ever_are() -> None:
    found = find_signals(_months(), [NUISANCE], NO_AREAS)
    assert list(found.signals) == list(SIGNAL)
    row = found.signals.set_index("id").loc["month-youth_nuisance-GM0001-2025M12"]
    assert row["board"] and row["observed"] == 60 and 10 < row["expected"] < 30
    assert len(found.signals) <= 4, "of 72 tests"
    assert list(found.scope) == list(SCOPE)
    scope = found.scope.set_index("year")
    assert scope.loc["2025", "tests"] == 36
    assert 0.8 < scope.loc["2025", "false_analyst"] < 1.5
    assert scope.loc["2025", "false_board"] < scope.loc["2025", "false_analyst"]


def test_a_hidden_quarter_in_the_history_ends_it_and_a_hidden_quarter_is_never_judged() -> None:
    whole = _months("suspects_18_22", parts=4)
    assert len(judge_periods(whole, SUSPECTS)) == 24
    in_history = whole.assign(
        status=np.where((whole["area"] == "GM0001") & (whole["period"] == "2024Q1"), "hidden", "shown")
    )
    judged = judge_periods(in_history, SUSPECTS)
    assert "GM0001" not in set(judged["area"])
    assert set(judged["area"]) == {"GM0002", "GM0003"}
    latest = whole.assign(status=np.where(whole["period"] == "2025Q4", "hidden", "shown"))
    assert "2025Q4" not in set(judge_periods(latest, SUSPECTS)["period"])


def test_few_expected_cases_a_short_history_and_a_break_give_no_signal() -> None:
    months = _months()
    assert judge_periods(months.assign(numerator=(months["numerator"] > 24).astype(float)), NUISANCE).empty
    assert judge_periods(months[months["period"] >= "2023"], NUISANCE).empty
    halt = replace(BY_ID["halt_rate"])
    assert judge_periods(_months("halt_rate", parts=4), halt).empty, "the criteria changed in 2024"


def _street(cases: dict[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Thirty neighbourhoods in a row, 1.000 inhabitants each, 10 cases but for the drawn ones; three years."""
    square = '{{"type":"Polygon","coordinates":[[[{0},52],[{1},52],[{1},52.01],[{0},52.01],[{0},52]]]}}'
    codes = [f"BU000100{place:02d}" for place in range(30)]
    shapes = [square.format(4 + place / 100, 4.01 + place / 100) for place in range(30)]
    years = ("2023", "2024", "2025")
    figures = pd.DataFrame([
        ("crimes", code, year, float(cases.get(place, 10) if year == "2025" else 10), 1_000.0, "shown")
        for year in years for place, code in enumerate(codes)
    ], columns=["indicator", "area", "period", "numerator", "denominator", "status"])  # fmt: skip
    areas = pd.DataFrame([(code, int(year), shape) for year in years for code, shape in zip(codes, shapes, strict=True)],
                         columns=["code", "year", "geometry"])  # fmt: skip
    return figures, areas


def test_neighbourhoods_with_many_cases_together_are_a_cluster_and_are_new() -> None:
    figures, areas = _street({4: 30, 5: 35, 6: 28})
    found = find_clusters(figures, areas, replicates=999)
    assert list(found["members"]) == ["BU00010004,BU00010005,BU00010006"]
    assert list(found["period"]) == ["2025"]
    assert not found["seen_before"].any()


def test_where_a_neighbourhood_is_hidden_no_cluster_is_sought() -> None:
    figures, areas = _street({4: 30, 5: 35, 6: 28})
    figures.loc[figures["area"] == "BU00010020", "status"] = "hidden"
    assert find_clusters(figures, areas, replicates=99).empty


def test_clusters_of_persons_are_never_sought() -> None:
    figures, areas = _street({4: 30, 5: 35, 6: 28})
    persons = figures.assign(indicator="suspects_18_22", age="all", sex="all", kind="all", provisional=False)
    assert find_signals(persons, [SUSPECTS], areas, replicates=99).signals.empty


def test_a_signal_on_a_figure_that_is_not_shown_stops_the_publication() -> None:
    months = _months()
    signals = find_signals(months, [NUISANCE], NO_AREAS).signals
    check_signals(signals, months)
    with pytest.raises(UnsafeFigures, match="youth_nuisance"):
        check_signals(signals, months.assign(status="hidden"))


def test_more_areas_together_ask_more_of_each() -> None:
    expected = np.full(120, 20.0)
    few, many = (expect_false(expected, 0.01, areas) for areas in (4, 40))
    assert many < few
