-- core.approach: one row per person in an approach (a spell), as the latest delivery tells it.
-- Reads raw.approaches (accepted and pseudonymised; series is the period of the delivery) and reference.municipality.
-- A delivery holds everybody of its year, so the same spell comes in several. A spell that was open and that the
-- deliveries after it no longer name ends with the year in which it was last named: it is not in any later year's stock.
-- informed: the day on which the young person and the parents were told is filled (IJmond covenant).
with dated as (
    select person_key, family_key, group_key, age, case when sex in ('male', 'female') then sex end as sex,
           approach, home_municipality, phase, series, try_cast(substr(series, 1, 4) as integer) as series_year,
           cast(substr(begin_date, 1, 4) || '-' || substr(begin_date, 5, 2) || '-' || substr(begin_date, 7, 2) as date) as began_on,
           try_cast(substr(end_date, 1, 4) || '-' || substr(end_date, 5, 2) || '-' || substr(end_date, 7, 2) as date) as ended_on,
           try_cast(substr(informed_on, 1, 4) || '-' || substr(informed_on, 5, 2) || '-' || substr(informed_on, 7, 2) as date) as informed_on
    from raw.approaches
),
ranked as (
    select *, row_number() over (partition by person_key, approach, group_key, began_on
                                 order by series_year desc, series desc, ended_on desc, informed_on desc, home_municipality) as place,
           max(series_year) over () as last_year
    from dated
)
select k.person_key, k.family_key, k.group_key, k.age, k.sex, k.approach, k.phase, k.began_on as begin_date,
       case when k.ended_on is null and k.series_year < k.last_year
            then cast(cast(k.series_year + 1 as varchar) || '-01-01' as date) else k.ended_on end as end_date,
       k.informed_on, case when k.informed_on is not null then 1 else 0 end as informed,
       r.code as home_region, k.home_municipality,
       cast(null as varchar) as home_district, cast(null as varchar) as home_neighbourhood
from ranked k
join reference.municipality m on m.code = k.home_municipality
cross join reference.region r
where k.place = 1
