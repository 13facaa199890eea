-- absence_home_elsewhere: region, by nothing, per school_year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'school_year'
    where a.level = 'region' and a.origin = 'division'
),
covered as (
    select period, true as delivered, max(provisional) as provisional
    from core.coverage where source in ('school_absence') group by period having count(*) = 1
),
numerators as (
    select school_region as area, period, 'all' as age, 'all' as sex, 'all' as kind, count(distinct person_key) as persons
    from core.absence_home
    where period_kind = 'school_year' and school_region is not null and age between 5 and 17 and from_elsewhere = 1
    group by school_region, period
),
denominators as (
    select school_region as area, period, 'all' as age, 'all' as sex, 'all' as kind, count(distinct person_key) as persons
    from core.absence_home
    where period_kind = 'school_year' and school_region is not null and age between 5 and 17
    group by school_region, period
)
select 'absence_home_elsewhere' as indicator, g.area, 'region' as level, g.period, 'school_year' as period_kind, g.age, g.sex, g.kind,
       case when c.delivered then cast(coalesce(n.persons, 0) as double) end as numerator,
       case when c.delivered then cast(coalesce(d.persons, 0) as double) end as denominator,
       case when not coalesce(c.delivered, false) then 'not_delivered' when not c.delivered then 'missing' when coalesce(d.persons, 0) is null then 'missing'
            else 'counted' end as state,
       coalesce(c.provisional, false) as provisional, cast(null as integer) as denominator_year
from grid g
left join covered c on c.period = g.period
left join numerators n on n.area = g.area and n.period = g.period and n.age = g.age and n.sex = g.sex and n.kind = g.kind
left join denominators d on d.area = g.area and d.period = g.period and d.age = g.age and d.sex = g.sex

-- absence_home_elsewhere: region, by kind, per school_year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, s_kind.value as kind, (s_kind.value = a.code or (exists (select 1 from reference.region g where g.code = a.code) and s_kind.value <> 'elsewhere' and (select count(*) from reference.municipality) = 1)) as own
    from core.area a join core.period p on p.year = a.year and p.kind = 'school_year'
    cross join (select code from reference.municipality union all select 'elsewhere') as s_kind(value)
    where a.level = 'region' and a.origin = 'division'
),
covered as (
    select period, true as delivered, max(provisional) as provisional
    from core.coverage where source in ('school_absence') group by period having count(*) = 1
),
numerators as (
    select school_region as area, period, 'all' as age, 'all' as sex, kind as kind, count(distinct person_key) as persons
    from core.absence_home
    where period_kind = 'school_year' and school_region is not null and age between 5 and 17 and from_elsewhere = 1
    group by school_region, period, kind
),
denominators as (
    select school_region as area, period, 'all' as age, 'all' as sex, 'all' as kind, count(distinct person_key) as persons
    from core.absence_home
    where period_kind = 'school_year' and school_region is not null and age between 5 and 17
    group by school_region, period
)
select 'absence_home_elsewhere' as indicator, g.area, 'region' as level, g.period, 'school_year' as period_kind, g.age, g.sex, g.kind,
       case when c.delivered then cast(coalesce(n.persons, 0) as double) end as numerator,
       case when c.delivered then cast(coalesce(d.persons, 0) as double) end as denominator,
       case when not coalesce(c.delivered, false) then 'not_delivered' when not c.delivered then 'missing' when g.own then 'impossible' when coalesce(d.persons, 0) is null then 'missing'
            else 'counted' end as state,
       coalesce(c.provisional, false) as provisional, cast(null as integer) as denominator_year
from grid g
left join covered c on c.period = g.period
left join numerators n on n.area = g.area and n.period = g.period and n.age = g.age and n.sex = g.sex and n.kind = g.kind
left join denominators d on d.area = g.area and d.period = g.period and d.age = g.age and d.sex = g.sex
