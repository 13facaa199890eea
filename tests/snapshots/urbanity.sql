-- urbanity: municipality, by nothing, per year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'year'
    where a.level = 'municipality' and a.origin = 'division'
),
delivered as (select distinct cast(year as varchar) as period from core.population),
published as (select area, year, amount from core.key_figure where measure = 'address_density')
select 'urbanity' as indicator, g.area, 'municipality' as level, g.period, 'year' as period_kind, g.age, g.sex, g.kind,
       n.amount as numerator, cast(null as double) as denominator,
       case when c.period is null then 'not_delivered' when n.amount is null then 'missing' else 'counted' end as state,
       false as provisional, cast(null as integer) as denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.year = g.year
