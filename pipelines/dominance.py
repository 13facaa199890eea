"""What the largest contributor brings to a cell: one person's registrations, one family's or one youth group's persons.

As confidential as the cells, and it stays with them: protection and its check read it, no figure carries it.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from pipelines.aggregate import DIMENSIONS, Slice, slices
from pipelines.engine import Engine
from pipelines.errors import ContractError
from pipelines.indicators.model import OPEN_UNITS, UNITS, Indicator

CONTRIBUTORS = {"person": "person_key", "family": "family_key", "group": "group_key"}
CELL = ["indicator", "area", "period", "age", "sex", "kind"]


class Asked(Protocol):
    """What a region asks for one indicator (see pipelines.settings.Dominance)."""

    @property
    def by(self) -> str: ...

    @property
    def share(self) -> float: ...


def add_largest(
    engine: Engine, cells: pd.DataFrame, catalogue: Sequence[Indicator], asked: Mapping[str, Asked]
) -> pd.DataFrame:
    """The cells with a column `largest`: what the largest contributor brings to the numerator; NaN where nobody asked.

    raises  ContractError when an indicator asked for is not in the catalogue or does not know the contributor
    """
    known = {one.id: one for one in catalogue}
    found = [_fetch(engine, known[name], one) for name, one in sorted(asked.items()) if name in known and one.share < 1]
    if not found:
        return cells.assign(largest=float("nan"))
    return cells.merge(pd.concat(found, ignore_index=True), on=CELL, how="left")


def shares_asked(catalogue: Sequence[Indicator], asked: Mapping[str, Asked]) -> list[float]:
    """Per indicator of the catalogue from which share on a contributor dominates; NaN where nobody asked.

    raises  ContractError when something else than an indicator about persons is named
    """
    names = {one.id for one in catalogue if one.counts in UNITS}
    unknown = sorted(set(asked) - names)
    if unknown:
        raise ContractError(f"dominance: {', '.join(unknown)} is no indicator about persons\nMend the settings")
    told = {name: one.share for name, one in asked.items() if one.share < 1}
    return [told.get(one.id, float("nan")) for one in catalogue]


def _fetch(engine: Engine, indicator: Indicator, asked: Asked) -> pd.DataFrame:
    column, table = CONTRIBUTORS[asked.by], indicator.numerator.table
    counted = (UNITS | OPEN_UNITS).get(indicator.numerator.count)
    if counted == column or column not in engine.fetch(f"select * from {table} limit 0").columns:
        raise ContractError(
            f"dominance: {indicator.id} cannot be told by {asked.by}\nName another contributor, or leave it out of the settings"
        )
    parts = [engine.fetch(_sql(one, column, counted)) for one in slices(indicator)]
    return pd.concat(parts, ignore_index=True)


def _sql(one: Slice, column: str, counted: str | None) -> str:
    """The largest sum of one contributor per area, period and group of a table."""
    indicator, measure = one.indicator, one.indicator.numerator
    area = f"{indicator.geography}_{one.level}"
    names = {d: indicator.columns.get(d, d) for d in one.split}
    columns = ", ".join(f"{names[d]} as {d}" if d in names else f"'all' as {d}" for d in DIMENSIONS)
    groups = ", ".join([area, "period", *names.values(), column])
    count = f"count(distinct {counted})" if counted else f"sum({measure.count})"
    return f"""with parts as (
    select {area} as area, period, {columns}, {count} as part
    from {measure.table}
    where period_kind = '{one.period_kind}' and {area} is not null and {column} is not null and {measure.where}
    group by {groups}
)
select '{indicator.id}' as indicator, area, period, age, sex, kind, cast(max(part) as double) as largest
from parts group by area, period, age, sex, kind"""
