-- core.police_open: registered incidents per area, period and offence, as the tables publish them.
-- Reads raw.police_open (text), raw.period_status (statuses from the tables' metadata) and core.area.
-- state: counted, missing (. or a stored null), impossible (blank). Where two tables say the same, the municipal table
-- (47013, 47021NED) goes before the neighbourhood one. Quarters of municipalities are the sum of their three months.
-- A district or municipality that no table gives is the sum of its neighbourhoods, when all are counted.
with typed as (
    select coalesce(crime, nuisance, offence_label) as offence, coalesce(area, 'NL01') as area, period,
           try_cast(count as bigint) as incidents,
           case when count is null then 'impossible' when count = '.' then 'missing' else 'counted' end as state,
           case when series in ('47013NED', '47021NED') then 1 else 2 end as preference, series
    from raw.police_open
),
published as (
    select offence, area, period, incidents, state from (
        select offence, area, period, incidents, state,
               row_number() over (partition by offence, area, period order by preference, series, state, incidents) as place
        from typed
    ) ranked where place = 1
),
districts as (
    select p.offence, 'WK' || substr(p.area, 3, 6) as area, p.period,
           case when min(p.state) = 'counted' and max(p.state) = 'counted' then sum(p.incidents) end as incidents,
           case when min(p.state) = 'counted' and max(p.state) = 'counted' then 'counted' else 'missing' end as state
    from published p where p.area like 'BU%' group by p.offence, 'WK' || substr(p.area, 3, 6), p.period
),
municipalities as (
    select p.offence, 'GM' || substr(p.area, 3, 4) as area, p.period,
           case when min(p.state) = 'counted' and max(p.state) = 'counted' then sum(p.incidents) end as incidents,
           case when min(p.state) = 'counted' and max(p.state) = 'counted' then 'counted' else 'missing' end as state
    from published p where p.area like 'BU%' group by p.offence, 'GM' || substr(p.area, 3, 4), p.period
),
summed as (
    select s.offence, s.area, s.period, s.incidents, s.state
    from (select * from districts union all select * from municipalities) s
    where not exists (select 1 from published p where p.offence = s.offence and p.area = s.area and p.period = s.period)
),
per_area as (
    select offence, area, period, incidents, state from published
    union all select offence, area, period, incidents, state from summed
),
quarters as (
    select offence, area,
           substr(period, 1, 4) || 'Q' || cast(cast(ceil(cast(right(period, 2) as integer) / 3.0) as integer) as varchar) as period,
           sum(incidents) as incidents, 'counted' as state
    from per_area where period like '%M%' and area like 'GM%' and state = 'counted'
    group by 1, 2, 3 having count(*) = 3
),
all_periods as (
    select offence, area, period, incidents, state from per_area
    union all
    select q.offence, q.area, q.period, q.incidents, q.state from quarters q
    where not exists (select 1 from per_area p where p.offence = q.offence and p.area = q.area and p.period = q.period)
),
with_region as (
    select offence, area, period, incidents, state from all_periods
    union all
    select a.offence, r.code, a.period, sum(a.incidents), 'counted'
    from all_periods a cross join reference.region r
    where a.area like 'GM%' and a.state = 'counted'
    group by a.offence, r.code, a.period
    having count(*) = (select count(*) from reference.municipality)
),
marks as (
    select period, case when provisional = 'true' then 1 else 0 end as mark from raw.police_open
    union all
    select period, case when status = 'Definitief' then 0 else 1 end from raw.period_status
    where source = 'police_open'
),
provisional_years as (
    select substr(period, 1, 4) as year from marks group by substr(period, 1, 4) having max(mark) = 1
)
select w.offence, w.area, w.period, w.incidents, w.state, y.year is not null as provisional
from with_region w left join provisional_years y on y.year = substr(w.period, 1, 4)
