-- youth_nuisance: region, by nothing, per year
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'year'
    where a.level = 'region'
),
published as (
    select area, period, incidents, state, provisional from core.police_open where offence = 'nuisance/E35'
),
delivered as (select distinct period from published where area <> 'NL01')
select 'youth_nuisance' as indicator, g.area, 'region' as level, g.period, 'year' as period_kind, g.age, g.sex, g.kind,
       cast(n.incidents as double) as numerator, cast(d.inhabitants as double) as denominator,
       case when c.period is null then 'not_delivered' when n.state is null then 'missing' when n.state <> 'counted' then n.state
            when d.inhabitants is null then 'missing' when d.inhabitants = 0 then 'impossible' else 'counted' end as state,
       coalesce(n.provisional, false) as provisional, d.denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.period = g.period
left join core.table_division t on t.municipality = 'GM' || substr(g.area, 3, 4) and t.year = g.year and substr(g.area, 1, 2) in ('WK', 'BU')
left join core.denominator d on d.area = g.area and d.year = coalesce(t.division_year, g.year) and d.age = 'all' and d.sex = 'all'

-- youth_nuisance: region, by nothing, per quarter
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'quarter'
    where a.level = 'region'
),
published as (
    select area, period, incidents, state, provisional from core.police_open where offence = 'nuisance/E35'
),
delivered as (select distinct period from published where area <> 'NL01')
select 'youth_nuisance' as indicator, g.area, 'region' as level, g.period, 'quarter' as period_kind, g.age, g.sex, g.kind,
       cast(n.incidents as double) as numerator, cast(d.inhabitants as double) as denominator,
       case when c.period is null then 'not_delivered' when n.state is null then 'missing' when n.state <> 'counted' then n.state
            when d.inhabitants is null then 'missing' when d.inhabitants = 0 then 'impossible' else 'counted' end as state,
       coalesce(n.provisional, false) as provisional, d.denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.period = g.period
left join core.table_division t on t.municipality = 'GM' || substr(g.area, 3, 4) and t.year = g.year and substr(g.area, 1, 2) in ('WK', 'BU')
left join core.denominator d on d.area = g.area and d.year = coalesce(t.division_year, g.year) and d.age = 'all' and d.sex = 'all'

-- youth_nuisance: region, by nothing, per month
with grid as (
    select a.code as area, p.id as period, p.year, 'all' as age, 'all' as sex, 'all' as kind
    from core.area a join core.period p on p.year = a.year and p.kind = 'month'
    where a.level = 'region'
),
published as (
    select area, period, incidents, state, provisional from core.police_open where offence = 'nuisance/E35'
),
delivered as (select distinct period from published where area <> 'NL01')
select 'youth_nuisance' as indicator, g.area, 'region' as level, g.period, 'month' as period_kind, g.age, g.sex, g.kind,
       cast(n.incidents as double) as numerator, cast(d.inhabitants as double) as denominator,
       case when c.period is null then 'not_delivered' when n.state is null then 'missing' when n.state <> 'counted' then n.state
            when d.inhabitants is null then 'missing' when d.inhabitants = 0 then 'impossible' else 'counted' end as state,
       coalesce(n.provisional, false) as provisional, d.denominator_year
from grid g
left join delivered c on c.period = g.period
left join published n on n.area = g.area and n.period = g.period
left join core.table_division t on t.municipality = 'GM' || substr(g.area, 3, 4) and t.year = g.year and substr(g.area, 1, 2) in ('WK', 'BU')
left join core.denominator d on d.area = g.area and d.year = coalesce(t.division_year, g.year) and d.age = 'all' and d.sex = 'all'
