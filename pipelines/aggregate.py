"""From core tables to cells: one row per indicator, area, period and group, with its exact counts.

Cells are confidential. Only `protect` may turn them into figures.
The grid of areas and periods comes first and the counts are joined to it: no events is a real 0, never a gap. One
`group by` per level, split and kind of period keeps memory low and runs on any engine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipelines.engine import Engine
from pipelines.indicators.model import MUNICIPALITIES, OPEN_UNITS, UNITS, Indicator, Measure
from pipelines.periods import YEARLY

DIMENSIONS = ("age", "sex", "kind")
CELL_COLUMNS = (
    "indicator", "area", "level", "period", "period_kind", "age", "sex", "kind",
    "numerator", "denominator", "state", "provisional", "denominator_year",
)  # fmt: skip
LETTERS = {"municipality": "GM", "district": "WK", "neighbourhood": "BU"}
UNTRACKED = ("areas", "population", "police_open")  # open tables: their rows tell by themselves what came


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One table of an indicator: a level, a split and a kind of period."""

    indicator: Indicator
    level: str
    split: tuple[str, ...]
    period_kind: str


def slices(indicator: Indicator) -> Iterator[Slice]:
    """Every table that the catalogue publishes of an indicator: splits by year, or by the only kind of period it has."""
    for level, splits in indicator.splits.items():
        for period_kind in indicator.periods[level]:
            for split in splits:
                if period_kind in YEARLY or not split or len(indicator.periods[level]) == 1:
                    yield Slice(indicator=indicator, level=level, split=split, period_kind=period_kind)


def aggregate(engine: Engine, catalogue: Sequence[Indicator]) -> pd.DataFrame:
    """Every cell of the catalogue.

    engine   holds core.*; raises what the engine raises
    returns  CELL_COLUMNS; numerator and denominator are floats, NaN where unknown; state is counted, missing,
             impossible or not_delivered
    """
    frames = [engine.fetch(compile_indicator(indicator)) for indicator in catalogue]
    cells = pd.concat(frames, ignore_index=True)[list(CELL_COLUMNS)]
    cells["denominator_year"] = cells["denominator_year"].astype("Int64")
    cells["provisional"] = cells["provisional"].astype(bool)
    keys = ["indicator", "level", "area", "period", "age", "sex", "kind"]
    return cells.sort_values(keys, kind="stable", ignore_index=True)


def compile_indicator(indicator: Indicator) -> str:
    """The SQL of all tables of an indicator, one under the other: one question costs less than many."""
    return "\nunion all\n".join(f"select * from (\n{compile_slice(one)}\n) s" for one in slices(indicator))


def compile_slice(one: Slice) -> str:
    """The SQL of one table: grid, numerator, denominator, joined."""
    compilers = {
        **dict.fromkeys((*UNITS, *OPEN_UNITS, "registrations", "participants"), _persons_sql),
        "incidents": _incidents_sql,
        "inhabitants": _inhabitants_sql,
        "published": _published_sql,
        "rounded": _rounded_sql,
    }
    return compilers[one.indicator.numerator.count](one)


def _grid(one: Slice) -> str:
    """Areas x periods x values of the split; areas of tables only (not of the division) count for incidents only."""
    values = {dimension: one.indicator.split_values(dimension) for dimension in one.split}
    columns = ", ".join(f"s_{d}.value as {d}" if d in values else f"'all' as {d}" for d in DIMENSIONS)
    joins = "".join(f"\n    cross join ({_listed(listed)}) as s_{d}(value)" for d, listed in values.items())
    own = f", {_own_municipality()} as own" if MUNICIPALITIES in values.values() else ""
    origin = "" if one.indicator.counts == "incidents" else " and a.origin = 'division'"
    return f"""grid as (
    select a.code as area, p.id as period, p.year, {columns}{own}
    from core.area a join core.period p on p.year = a.year and p.kind = '{one.period_kind}'{joins}
    where a.level = '{one.level}'{origin}
)"""


def _own_municipality() -> str:
    """Whether a kind is the area itself: nobody there is from elsewhere; a region may have one municipality."""
    only = "exists (select 1 from reference.region g where g.code = a.code) and s_kind.value <> 'elsewhere' and (select count(*) from reference.municipality) = 1"
    return f"(s_kind.value = a.code or ({only}))"


def _listed(values: Sequence[str]) -> str:
    if values == MUNICIPALITIES:
        return "select code from reference.municipality union all select 'elsewhere'"
    return "values " + ", ".join(f"('{value}')" for value in values)


def _count_persons(name: str, measure: Measure, one: Slice, *, whole: bool = False) -> str:
    """Distinct persons, families or groups (or their registrations) per area, period and group.

    whole  of all kinds together, also where the table is split by kind
    """
    area = f"{one.indicator.geography}_{one.level}"
    split = [d for d in one.split if not (whole and d == "kind")]
    columns = ", ".join(
        f"{one.indicator.columns.get(d, d)} as {d}" if d in split else f"'all' as {d}" for d in DIMENSIONS
    )
    groups = ", ".join([area, "period", *(one.indicator.columns.get(d, d) for d in split)])
    unit = (UNITS | OPEN_UNITS).get(measure.count)
    count = f"count(distinct {unit})" if unit else f"sum({measure.count})"
    return f"""{name} as (
    select {area} as area, period, {columns}, {count} as persons
    from {measure.table}
    where period_kind = '{one.period_kind}' and {area} is not null and {measure.where}
    group by {groups}
)"""


def _covered(indicator: Indicator) -> str:
    """Periods for which every source with persons was delivered whole; provisional when one of them is."""
    sources = [source for source in indicator.sources if source not in UNTRACKED]
    listed = ", ".join(f"'{source}'" for source in sources)
    known = "" if indicator.known_from == "delivered" else f", min({indicator.known_from}) as {indicator.known_from}"
    return f"""covered as (
    select period, true as delivered, max(provisional) as provisional{known}
    from core.coverage where source in ({listed}) group by period having count(*) = {len(sources)}
)"""


def _persons_sql(one: Slice) -> str:
    indicator, denominator = one.indicator, one.indicator.denominator
    age = indicator.age if "age" not in one.split else None
    if denominator is not None and denominator.count in UNITS:
        whole = indicator.links.whole
        second = _count_persons("denominators", denominator, one, whole=whole)
        value, year = "coalesce(d.persons, 0)", "cast(null as integer)"
        join = "left join denominators d on d.area = g.area and d.period = g.period and d.age = g.age and d.sex = g.sex"
        join += "" if whole else " and d.kind = g.kind"
    elif denominator is None:
        second, join = "denominators as (select 'none' as denominator)", ""
        value, year = "cast(null as double)", "cast(null as integer)"
    else:
        second = "denominators as (select * from core.denominator)"
        value, year = "d.inhabitants", "d.denominator_year"
        join = f"left join denominators d on d.area = g.area and d.year = g.year and d.sex = g.sex and d.age = {_text(age)}"
    known_from = indicator.known_from
    unknown = " when g.own then 'impossible'" if "kind" in one.split and indicator.kinds == MUNICIPALITIES else ""
    unknown += f" when {value} is null then 'missing'" if denominator else ""
    return f"""with {_grid(one)},
{_covered(indicator)},
{_count_persons("numerators", indicator.numerator, one)},
{second}
select '{indicator.id}' as indicator, g.area, '{one.level}' as level, g.period, '{one.period_kind}' as period_kind, g.age, g.sex, g.kind,
       case when c.{known_from} then cast(coalesce(n.persons, 0) as double) end as numerator,
       case when c.{known_from} then cast({value} as double) end as denominator,
       case when not coalesce(c.delivered, false) then 'not_delivered' when not c.{known_from} then 'missing'{unknown}
            else 'counted' end as state,
       coalesce(c.provisional, false) as provisional, {year} as denominator_year
from grid g
left join covered c on c.period = g.period
left join numerators n on n.area = g.area and n.period = g.period and n.age = g.age and n.sex = g.sex and n.kind = g.kind
{join}"""


def _text(age: str | None) -> str:
    return "g.age" if age is None else f"'{age}'"


def _incidents_sql(one: Slice) -> str:
    indicator = one.indicator
    return f"""with {_grid(one)},
published as (
    select area, period, incidents, state, provisional from core.police_open where {indicator.numerator.where}
),
delivered as (select distinct period from published where area <> 'NL01')
select '{indicator.id}' as indicator, g.area, '{one.level}' as level, g.period, '{one.period_kind}' as period_kind, g.age, g.sex, g.kind,
       cast(n.incidents as double) as numerator, cast(d.inhabitants as double) as denominator,
       case when c.period is null then 'not_delivered' when n.state is null then 'missing' when n.state <> 'counted' then n.state
            when d.inhabitants is null then 'missing' when d.inhabitants = 0 then 'impossible' else 'counted' end as state,
       coalesce(n.provisional, false) as provisional, d.denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.period = g.period
left join core.table_division t on t.municipality = 'GM' || substr(g.area, 3, 4) and t.year = g.year and substr(g.area, 1, 2) in ('WK', 'BU')
left join core.denominator d on d.area = g.area and d.year = coalesce(t.division_year, g.year) and d.age = 'all' and d.sex = 'all'"""


def _inhabitants_sql(one: Slice) -> str:
    return f"""with {_grid(one)},
delivered as (select distinct cast(year as varchar) as period from core.population)
select '{one.indicator.id}' as indicator, g.area, '{one.level}' as level, g.period, '{one.period_kind}' as period_kind, g.age, g.sex, g.kind,
       p.inhabitants as numerator, cast(null as double) as denominator,
       case when c.period is null then 'not_delivered' when p.inhabitants is null then 'missing' else 'counted' end as state,
       false as provisional, cast(null as integer) as denominator_year
from grid g
left join delivered c on c.period = g.period
left join core.population p on p.area = g.area and p.year = g.year and p.age = g.age and p.sex = g.sex"""


def _published_sql(one: Slice) -> str:
    """Numbers about an area as CBS publishes them; a share where the indicator has a denominator."""
    measure, denominator = one.indicator.numerator, one.indicator.denominator
    whole = f"select area, year, amount from core.key_figure where {denominator.where}" if denominator else None
    value = "w.amount" if whole else "cast(null as double)"
    join = f"\nleft join ({whole}) w on w.area = g.area and w.year = g.year" if whole else ""
    unknown = f" or {value} is null" if whole else ""
    empty = f" when {value} = 0 then 'impossible'" if whole else ""
    return f"""with {_grid(one)},
delivered as (select distinct cast(year as varchar) as period from core.population),
published as (select area, year, amount from core.key_figure where {measure.where})
select '{one.indicator.id}' as indicator, g.area, '{one.level}' as level, g.period, '{one.period_kind}' as period_kind, g.age, g.sex, g.kind,
       n.amount as numerator, {value} as denominator,
       case when c.period is null then 'not_delivered' when n.amount is null{unknown} then 'missing'{empty} else 'counted' end as state,
       false as provisional, cast(null as integer) as denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.year = g.year{join}"""


def _rounded_sql(one: Slice) -> str:
    """Open tables that publish persons: as they stand, never summed; the denominator is the population or their own."""
    measure, denominator = one.indicator.numerator, one.indicator.denominator
    own = denominator is not None and denominator.count == "rounded"
    value, year = ("n.whole", "cast(null as integer)") if own else ("d.inhabitants", "d.denominator_year")
    same_kind = " and n.kind = g.kind" if "kind" in one.split else ""
    age = _text(None if "age" in one.split else one.indicator.age)
    return f"""with {_grid(one)},
published as (select area, period, sex, kind, state, persons, whole, provisional from {measure.table} where {measure.where}),
delivered as (select distinct period from {measure.table} where area like '{LETTERS[one.level]}%' and {measure.where})
select '{one.indicator.id}' as indicator, g.area, '{one.level}' as level, g.period, '{one.period_kind}' as period_kind, g.age, g.sex, g.kind,
       n.persons as numerator, cast({value} as double) as denominator,
       case when c.period is null then 'not_delivered' when n.state is null then 'missing' when n.state <> 'counted' then n.state
            when {value} is null then 'missing' when {value} = 0 then 'impossible' else 'counted' end as state,
       coalesce(n.provisional, false) as provisional, {year} as denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.period = g.period and n.sex = g.sex{same_kind}
left join core.denominator d on d.area = g.area and d.year = g.year and d.age = {age} and d.sex = g.sex"""
