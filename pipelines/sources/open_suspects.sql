-- core.open_suspects: suspects as CBS publishes them, one row per municipality, period, age, sex and offence group.
-- Reads raw.open_suspects (85655NED and 85658NED, text) and raw.period_status (statuses of periods).
-- Rounded to tens: parts never add up, so nothing is summed here. Where both tables say the same, 85655NED counts.
with ranked as (
    select area, period, age, coalesce(sex, 'all') as sex, coalesce(kind, 'all') as kind, suspects, provisional,
           row_number() over (partition by area, period, age, coalesce(sex, 'all'), coalesce(kind, 'all') order by series, line) as place
    from raw.open_suspects
),
statuses as (
    select distinct period from raw.period_status where source = 'open_suspects' and status <> 'Definitief'
)
select r.area, r.period, r.age, r.sex, r.kind,
       case when r.suspects is null then 'impossible' when r.suspects = '.' then 'missing' else 'counted' end as state,
       try_cast(r.suspects as double) as persons, cast(null as double) as whole,
       r.provisional = 'true' or s.period is not null as provisional
from ranked r left join statuses s on s.period = r.period
where r.place = 1
