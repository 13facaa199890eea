"""Periods that are no calendar year: which division they take, what they may stand beside, and their trends."""

import numpy as np
import pandas as pd
import pytest

from pipelines.audit import attack, check_proof
from pipelines.describe import describe
from pipelines.engine import DuckDBEngine
from pipelines.indicators import CATALOGUE
from pipelines.loading import connect, load_coverage, load_reference
from pipelines.protect import protect
from tests.drawn import table
from tests.protection_tables import AREAS, cells
from tests.suppliers import IJMOND

LUXURY = table("""
    id      | counts  | geography | age  | kind   | numerator_set | denominator_set
    absence | persons | home      | 5-17 | all    | absence       |
    by_kind | persons | home      | 5-17 | all    | absence       |
    luxury  | persons | home      | 5-17 | luxury | absence       |
""")


def _describe(counts: list[int], breaks_at: str, *, first: int = 2015) -> list[object]:
    """The trends of a drawn series of school years of one indicator."""
    indicator = next(one for one in CATALOGUE if one.id == "absence_long_term")
    periods = [f"{year}/{(year + 1) % 100:02d}" for year in range(first, first + len(counts))]
    figures = pd.DataFrame(
        {
            "indicator": indicator.id, "area": "RG-X", "period": periods, "age": "all", "sex": "all", "kind": "all",
            "numerator": np.array(counts, dtype=float), "denominator": 20_000.0, "status": "shown", "provisional": False,
        }
    )  # fmt: skip
    assert [one.period for one in indicator.breaks] == [breaks_at]
    return list(describe(figures, [indicator], "RG-X")["trend"])


def test_a_trend_is_told_on_the_last_school_year() -> None:
    trends = _describe([900, 800, 700, 600, 500, 420], "2016/17", first=2017)
    assert trends == [None] * 5 + ["down"]


def test_a_trend_does_not_cross_the_break_of_a_school_year() -> None:
    assert _describe([900, 800, 700, 600, 500], "2016/17", first=2014)[-1] == "not_comparable"
    assert _describe([900, 800, 700, 600, 500], "2016/17", first=2016)[-1] == "down"


def test_months_make_periods_and_a_period_with_a_month_missing_is_not_delivered() -> None:
    found = _coverage([("halt", "2024/25"), ("halt", "2024M07")])
    assert found == {"2024/25", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2024H2", "2025H1"}
    assert _coverage([("halt", "2024/25")]) == {"2024/25", "2025Q1", "2025Q2", "2025H1"}


def test_two_school_years_make_the_calendar_year_between_them() -> None:
    assert {"2024", "2023/24", "2024/25"} <= _coverage([("halt", "2023/24"), ("halt", "2024/25")])
    assert "2023" not in _coverage([("halt", "2023/24"), ("halt", "2024/25")])


def test_a_half_year_is_two_quarters() -> None:
    assert _coverage([("halt", "2025H1")]) == {"2025H1", "2025Q1", "2025Q2"}


def _coverage(delivered: list[tuple[str, str]]) -> set[str]:
    """Periods that count as delivered, by the real SQL: months in, periods out."""
    with DuckDBEngine() as engine:
        load_reference(engine, IJMOND, None)
        load_coverage(engine, delivered)
        connect(engine)
        return set(engine.fetch("select period from core.coverage where source = 'halt'")["period"])


def test_a_school_year_takes_the_areas_of_its_january_in_protection_and_audit() -> None:
    """In 2025 the neighbourhood BU111 is gone: the others of its district make the whole."""
    areas = AREAS[(AREAS["year"] == 2024) | (AREAS["code"] != "BU111")]
    drawn = cells("""
        indicator | area  | period  | numerator
        absence   | WK11  | 2024/25 | 30
        absence   | BU112 | 2024/25 | 3
        absence   | BU113 | 2024/25 | 20
        absence   | BU114 | 2024/25 | 7
    """)
    result = protect(drawn, LUXURY, areas)
    hidden = result.figures.loc[result.figures["status"] == "hidden", "area"]
    assert "BU112" in set(hidden)
    assert len(hidden) >= 2, "the district without the others gives it away"
    check_proof(result.figures, LUXURY, areas, drawn, result.proof)
    assert attack(result.figures, LUXURY, areas).empty


def test_two_indicators_that_count_one_kind_of_one_set_are_hidden_together() -> None:
    drawn = cells("""
        indicator | area | period  | kind   | numerator
        absence   | GM1  | 2024/25 | all    | 40
        by_kind   | GM1  | 2024/25 | luxury | 3
        by_kind   | GM1  | 2024/25 | other  | 39
        luxury    | GM1  | 2024/25 | all    | 3
    """)
    result = protect(drawn, LUXURY, AREAS)
    states = result.figures.set_index(["indicator", "kind"])["status"]
    assert states["by_kind", "luxury"] == states["luxury", "all"] == "hidden"
    check_proof(result.figures, LUXURY, AREAS, drawn, result.proof)
    open_again = result.figures.copy()
    open_again.loc[open_again["indicator"] == "luxury", ["status", "numerator"]] = ["shown", 3.0]
    assert not attack(open_again, LUXURY, AREAS).empty


def test_one_kind_of_a_set_is_bounded_by_the_whole_and_the_other_kinds() -> None:
    """40 pupils, 36 with another kind: at least 4 have luxury absence, so 1 to 3 would be excluded if all that showed."""
    drawn = cells("""
        indicator | area | period  | kind  | numerator
        absence   | GM1  | 2024/25 | all   | 40
        by_kind   | GM1  | 2024/25 | other | 37
        luxury    | GM1  | 2024/25 | all   | 4
    """)
    states = protect(drawn, LUXURY, AREAS).figures.set_index("indicator")["status"]
    assert states["luxury"] == "hidden"
    assert "hidden" in (states["absence"], states["by_kind"])


@pytest.mark.parametrize("unit", ["year", "half_year", "quarter", "month"])
def test_no_set_is_published_by_school_year_and_by_another_period(unit: str) -> None:
    """They would overlap without one holding the other, and an outsider subtracts."""
    kinds: dict[str, set[str]] = {}
    for one in CATALOGUE:
        for measure in (one.numerator, one.denominator):
            if measure is not None and measure.set:
                found = kinds.setdefault(measure.set.split(".")[0], set())
                found |= {kind for level in one.periods.values() for kind in level}
    assert [name for name, found in kinds.items() if {"school_year", unit} <= found] == []
