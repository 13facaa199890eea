"""From a figure back to where it came from: the SQL that counted it and the sources it was counted from."""

from collections.abc import Sequence

import pandas as pd

from pipelines.aggregate import compile_slice, slices
from pipelines.indicators.model import Indicator


def trace_tables(catalogue: Sequence[Indicator]) -> dict[str, pd.DataFrame]:
    """Published tables `sql` (one row per indicator, level, split and kind of period) and `figure_source`.

    The SQL names tables and columns; it holds no count and nobody's value.
    """
    compiled = [
        (one.indicator.id, one.level, ",".join(one.split) or "all", one.period_kind, compile_slice(one))
        for indicator in catalogue
        for one in slices(indicator)
    ]
    sources = [(indicator.id, source) for indicator in catalogue for source in sources_of(indicator)]
    return {
        "sql": pd.DataFrame(compiled, columns=["indicator", "level", "split", "period_kind", "sql"]),
        "figure_source": pd.DataFrame(sources, columns=["indicator", "source"]),
    }


def sources_of(indicator: Indicator) -> tuple[str, ...]:
    """The sources of an indicator; inhabitants of an age band come from the table by single year of age where it came."""
    by_age = indicator.age != "all" and "population" in indicator.sources
    return (*indicator.sources, *(("population_age",) if by_age else ()))
