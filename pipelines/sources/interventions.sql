-- core.intervention: one row per intervention and year in which it ran, as that year's latest delivery tells it.
-- Reads raw.interventions (series is the period of the delivery), reference.years and reference.rule.
-- The year is that of the delivery; for a delivery whose name tells none, the year of the start.
-- participants: NULL when not told or below the threshold; the two look the same. A total adds up what is told, so it
-- gives nothing away that the list of interventions does not show.
with dated as (
    select *, coalesce(try_cast(substr(series, 1, 4) as integer), cast(substr(start_date, 1, 4) as integer)) as year
    from raw.interventions
),
ranked as (
    select *, row_number() over (partition by name, start_date, year order by series desc, end_date desc, participants desc, line) as place
    from dated
)
select k.name || ' ' || k.start_date as intervention_key, cast(k.year as varchar) as period, 'year' as period_kind,
       k.name, k.type, coalesce(k.project, 'none') as project, k.approach, k.municipalities, k.neighbourhoods, k.target_ages,
       cast(split_part(k.target_ages, '-', 1) as integer) as youngest, cast(split_part(k.target_ages, '-', 2) as integer) as oldest,
       cast(substr(k.start_date, 1, 4) || '-' || substr(k.start_date, 5, 2) || '-' || substr(k.start_date, 7, 2) as date) as start_date,
       try_cast(substr(k.end_date, 1, 4) || '-' || substr(k.end_date, 5, 2) || '-' || substr(k.end_date, 7, 2) as date) as end_date,
       case when cast(k.participants as integer) >= u.threshold then cast(k.participants as integer) end as participants,
       k.indicator, r.code as place_region
from ranked k
join reference.years y on y.year = k.year
cross join reference.rule u
cross join reference.region r
where k.place = 1
