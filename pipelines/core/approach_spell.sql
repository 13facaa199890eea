-- core.approach_spell: one row per spell (row of core.approach) and calendar year that it touches.
-- Reads core.approach and reference.years.
-- stock_before, stock: in the approach at the end of 31 December of the year before, and of this year. Who ends on
-- 31 December is not in the stock of that day. days: how long it took, for a spell that ended in the year.
with ends as (
    select year, cast(cast(year - 1 as varchar) || '-12-31' as date) as before, cast(cast(year as varchar) || '-12-31' as date) as last
    from reference.years
)
select a.person_key, a.family_key, a.group_key, a.age, a.sex, a.approach, a.informed, a.begin_date, a.end_date,
       cast(y.year as varchar) as period, 'year' as period_kind,
       a.home_region, a.home_municipality, a.home_district, a.home_neighbourhood,
       case when a.begin_date <= y.before then 1 else 0 end as stock_before,
       case when coalesce(a.end_date, cast('9999-12-31' as date)) > y.last then 1 else 0 end as stock,
       case when a.end_date <= y.last then datediff('day', a.begin_date, a.end_date) end as days
from core.approach a
join ends y on a.begin_date <= y.last and coalesce(a.end_date, cast('9999-12-31' as date)) > y.before
