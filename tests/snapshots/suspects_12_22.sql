-- suspects_12_22: region, by nothing, per year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'year'
    where a.level = 'region' and a.origin = 'division'
),
covered as (
    select period, true as delivered, max(provisional) as provisional
    from core.coverage where source in ('police_suspects') group by period having count(*) = 1
),
numerators as (
    select home_region as area, period, 'all' as age, 'all' as sex, 'all' as kind, count(distinct person_key) as persons
    from core.suspect_period
    where period_kind = 'year' and home_region is not null and age between 12 and 22
    group by home_region, period
),
denominators as (select * from core.denominator)
select 'suspects_12_22' as indicator, g.area, 'region' as level, g.period, 'year' as period_kind, g.age, g.sex, g.kind,
       case when c.delivered then cast(coalesce(n.persons, 0) as double) end as numerator,
       case when c.delivered then cast(d.inhabitants as double) end as denominator,
       case when not coalesce(c.delivered, false) then 'not_delivered' when not c.delivered then 'missing' when d.inhabitants is null then 'missing'
            else 'counted' end as state,
       coalesce(c.provisional, false) as provisional, d.denominator_year as denominator_year
from grid g
left join covered c on c.period = g.period
left join numerators n on n.area = g.area and n.period = g.period and n.age = g.age and n.sex = g.sex and n.kind = g.kind
left join denominators d on d.area = g.area and d.year = g.year and d.sex = g.sex and d.age = '12-22'

-- suspects_12_22: region, by nothing, per quarter
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'quarter'
    where a.level = 'region' and a.origin = 'division'
),
covered as (
    select period, true as delivered, max(provisional) as provisional
    from core.coverage where source in ('police_suspects') group by period having count(*) = 1
),
numerators as (
    select home_region as area, period, 'all' as age, 'all' as sex, 'all' as kind, count(distinct person_key) as persons
    from core.suspect_period
    where period_kind = 'quarter' and home_region is not null and age between 12 and 22
    group by home_region, period
),
denominators as (select * from core.denominator)
select 'suspects_12_22' as indicator, g.area, 'region' as level, g.period, 'quarter' as period_kind, g.age, g.sex, g.kind,
       case when c.delivered then cast(coalesce(n.persons, 0) as double) end as numerator,
       case when c.delivered then cast(d.inhabitants as double) end as denominator,
       case when not coalesce(c.delivered, false) then 'not_delivered' when not c.delivered then 'missing' when d.inhabitants is null then 'missing'
            else 'counted' end as state,
       coalesce(c.provisional, false) as provisional, d.denominator_year as denominator_year
from grid g
left join covered c on c.period = g.period
left join numerators n on n.area = g.area and n.period = g.period and n.age = g.age and n.sex = g.sex and n.kind = g.kind
left join denominators d on d.area = g.area and d.year = g.year and d.sex = g.sex and d.age = '12-22'
