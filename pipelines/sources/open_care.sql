-- core.open_care: young people with help, protection or probation as CBS publishes them, per area and period (kind).
-- Reads raw.open_care (85075NED, 82972NED, 82966NED, text) and raw.period_status.
-- Rounded to fives, the smallest is 10: nothing is summed. A table that lacks a kind says nothing about it; of two
-- tables that say the same the one that counts goes first, then the highest table number.
with kinds as (
    select area, period, 'help' as kind, help as persons, provisional, series, line from raw.open_care
    union all select area, period, 'protection', protection, provisional, series, line from raw.open_care
    union all select area, period, 'probation', probation, provisional, series, line from raw.open_care
),
lacking as (
    select series, kind from kinds group by series, kind having count(persons) = 0
),
told as (
    select k.area, k.period, k.kind, k.persons, k.provisional, k.series, k.line,
           case when k.persons is null then 'impossible' when k.persons = '.' then 'missing' else 'counted' end as state
    from kinds k
    where not exists (select 1 from lacking l where l.series = k.series and l.kind = k.kind)
),
ranked as (
    select area, period, kind, persons, provisional, state,
           row_number() over (partition by area, period, kind order by state, series desc, line) as place
    from told
),
statuses as (
    select distinct period from raw.period_status where source = 'open_care' and status <> 'Definitief'
)
select r.area, r.period, 'all' as age, 'all' as sex, r.kind, r.state, try_cast(r.persons as double) as persons,
       cast(null as double) as whole, r.provisional = 'true' or s.period is not null as provisional
from ranked r left join statuses s on s.period = r.period
where r.place = 1
