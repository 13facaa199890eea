-- open_early_leaving: municipality, by nothing, per school_year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'school_year'
    where a.level = 'municipality' and a.origin = 'division'
),
published as (select area, period, sex, kind, state, persons, whole, provisional from core.open_leaving where true),
delivered as (select distinct period from core.open_leaving where area like 'GM%' and true)
select 'open_early_leaving' as indicator, g.area, 'municipality' as level, g.period, 'school_year' as period_kind, g.age, g.sex, g.kind,
       n.persons as numerator, cast(n.whole as double) as denominator,
       case when c.period is null then 'not_delivered' when n.state is null then 'missing' when n.state <> 'counted' then n.state
            when n.whole is null then 'missing' when n.whole = 0 then 'impossible' else 'counted' end as state,
       coalesce(n.provisional, false) as provisional, cast(null as integer) as denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.period = g.period and n.sex = g.sex
left join core.denominator d on d.area = g.area and d.year = g.year and d.age = '12-22' and d.sex = g.sex
