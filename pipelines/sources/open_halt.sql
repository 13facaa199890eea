-- core.open_halt: young people at Halt as CBS publishes them, per area (NL01 for the national table), period, age, sex.
-- Reads raw.open_halt (71930ned and 85993NED, text) and raw.period_status.
-- The year is that in which the intervention ended. Rounded to tens: nothing is summed; kind is the total here.
with typed as (
    select coalesce(area, 'NL01') as area, period, case when age = 'all' then '12-17' else age end as age,
           coalesce(sex, 'all') as sex, young_people, provisional, series, line
    from raw.open_halt
),
ranked as (
    select area, period, age, sex, young_people, provisional,
           row_number() over (partition by area, period, age, sex order by series, line) as place
    from typed
),
statuses as (
    select distinct period from raw.period_status where source = 'open_halt' and status <> 'Definitief'
)
select r.area, r.period, r.age, r.sex, 'all' as kind,
       case when r.young_people is null then 'impossible' when r.young_people = '.' then 'missing' else 'counted' end as state,
       try_cast(r.young_people as double) as persons, cast(null as double) as whole,
       r.provisional = 'true' or s.period is not null as provisional
from ranked r left join statuses s on s.period = r.period
where r.place = 1
