"""Many figures at once: all of a publication for Controleer, a page of them for the feed.

Numbers are taken only from rows that are shown, here once more.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from dashboard.figures import Publication, fetch_rows

FILTERS: Final = ("indicator", "area", "level", "period", "age", "sex", "kind", "status")


def load_every(publication: Publication) -> pd.DataFrame:
    """Key, numbers, status and provisional of every figure, also of those carried over (`estimated`), in a fixed order."""
    sql = """
        with all_figures as (
            select indicator, area, period, age, sex, kind, numerator, denominator, value, status, provisional,
                   cast(null as double) as estimated
            from published.figure
            union all
            select indicator, area, period, age, sex, kind, numerator, denominator, value, status, provisional, estimated
            from published.rebased
        )
        select indicator, area, period, age, sex, kind, status, provisional, estimated,
               case when status = 'shown' then numerator end as numerator,
               case when status = 'shown' then denominator end as denominator,
               case when status = 'shown' then value end as value
        from all_figures
        order by indicator, area, period, age, sex, kind, estimated is not null
    """
    return fetch_rows(publication, sql)


def load_feed(publication: Publication, asked: Mapping[str, Sequence[str]], *, top: int, skip: int) -> pd.DataFrame:
    """One page of figures with the name and level of their area, in a fixed order.

    asked  by FILTERS the values to keep; a filter that is absent keeps all
    """
    sql = """
        select f.indicator, f.area, coalesce(a.name, f.area) as name, a.level, f.period, f.age, f.sex, f.kind,
               f.status, f.provisional,
               case when f.status = 'shown' then f.numerator end as numerator,
               case when f.status = 'shown' then f.denominator end as denominator,
               case when f.status = 'shown' then f.value end as value,
               case when f.status = 'shown' then f.low end as low,
               case when f.status = 'shown' then f.high end as high
        from published.figure as f
        join published.period as p on p.id = f.period
        left join published.area as a on a.code = f.area and a.year = extract(year from p.finish)
        where ($indicator is null or list_contains($indicator, f.indicator))
          and ($area is null or list_contains($area, f.area))
          and ($level is null or list_contains($level, a.level))
          and ($period is null or list_contains($period, f.period))
          and ($age is null or list_contains($age, f.age))
          and ($sex is null or list_contains($sex, f.sex))
          and ($kind is null or list_contains($kind, f.kind))
          and ($status is null or list_contains($status, f.status))
        order by f.indicator, f.area, f.period, f.age, f.sex, f.kind
        limit $top offset $skip
    """
    values = {name: list(asked[name]) if name in asked else None for name in FILTERS}
    return fetch_rows(publication, sql, {**values, "top": top, "skip": skip})


def load_values(publication: Publication) -> dict[str, set[str]]:
    """Which values occur for each filter: to say in words that a value is unknown."""
    sql = """
        select 'indicator' as name, id as value from published.indicator
        union select 'area', code from published.area union select 'level', level from published.area
        union select 'period', id from published.period
        union select dimension, code from published.code_label
        union select 'age', age from published.figure union select 'sex', sex from published.figure
        union select 'kind', kind from published.figure union select 'status', status from published.figure
    """
    rows = fetch_rows(publication, sql)
    return {str(name): set(part["value"]) for name, part in rows.groupby("name")}
