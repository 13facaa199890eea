-- person_approach_duration: region, by kind, per year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, s_kind.value as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'year'
    cross join (values ('under_1_year'), ('over_1_year')) as s_kind(value)
    where a.level = 'region' and a.origin = 'division'
),
covered as (
    select period, true as delivered, max(provisional) as provisional
    from core.coverage where source in ('approaches') group by period having count(*) = 1
),
numerators as (
    select home_region as area, period, 'all' as age, 'all' as sex, around_a_year as kind, count(distinct person_key) as persons
    from core.approach_flow
    where period_kind = 'year' and home_region is not null and track = 'person_approach' and outflow = 1
    group by home_region, period, around_a_year
),
denominators as (select 'none' as denominator)
select 'person_approach_duration' as indicator, g.area, 'region' as level, g.period, 'year' as period_kind, g.age, g.sex, g.kind,
       case when c.delivered then cast(coalesce(n.persons, 0) as double) end as numerator,
       case when c.delivered then cast(cast(null as double) as double) end as denominator,
       case when not coalesce(c.delivered, false) then 'not_delivered' when not c.delivered then 'missing'
            else 'counted' end as state,
       coalesce(c.provisional, false) as provisional, cast(null as integer) as denominator_year
from grid g
left join covered c on c.period = g.period
left join numerators n on n.area = g.area and n.period = g.period and n.age = g.age and n.sex = g.sex and n.kind = g.kind

