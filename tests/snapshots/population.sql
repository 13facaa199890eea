-- population: region, by nothing, per year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'year'
    where a.level = 'region' and a.origin = 'division'
),
delivered as (select distinct cast(year as varchar) as period from core.population)
select 'population' as indicator, g.area, 'region' as level, g.period, 'year' as period_kind, g.age, g.sex, g.kind,
       p.inhabitants as numerator, cast(null as double) as denominator,
       case when c.period is null then 'not_delivered' when p.inhabitants is null then 'missing' else 'counted' end as state,
       false as provisional, cast(null as integer) as denominator_year
from grid g
left join delivered c on c.period = g.period
left join core.population p on p.area = g.area and p.year = g.year and p.age = g.age and p.sex = g.sex

-- population: region, by age, per year
with grid as (
    select a.code as area, p.id as period, p.year, s_age.value as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'year'
    cross join (values ('0-14'), ('15-24'), ('25-44'), ('45-64'), ('65+'), ('12-17'), ('18-22')) as s_age(value)
    where a.level = 'region' and a.origin = 'division'
),
delivered as (select distinct cast(year as varchar) as period from core.population)
select 'population' as indicator, g.area, 'region' as level, g.period, 'year' as period_kind, g.age, g.sex, g.kind,
       p.inhabitants as numerator, cast(null as double) as denominator,
       case when c.period is null then 'not_delivered' when p.inhabitants is null then 'missing' else 'counted' end as state,
       false as provisional, cast(null as integer) as denominator_year
from grid g
left join delivered c on c.period = g.period
left join core.population p on p.area = g.area and p.year = g.year and p.age = g.age and p.sex = g.sex
