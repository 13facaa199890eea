-- core.care_end: one row per young person and year in which a spell of youth help ended with a known reason.
-- Reads core.care_spell and core.care_period (age, sex and home). The last such spell of the year counts. early: it ended
-- before the plan said so (reason 02 to 05); when two end on one day, the early one counts.
with ended as (
    select person_key, year(end_date) as year, end_date, case when end_reason = '01' then 0 else 1 end as early
    from core.care_spell where kind = 'help' and end_date is not null and end_reason is not null
),
ranked as (
    select *, row_number() over (partition by person_key, year order by end_date desc, early desc) as place from ended
)
select e.person_key, p.period, p.period_kind, p.age, p.sex, e.early,
       p.home_region, p.home_municipality, p.home_district, p.home_neighbourhood
from ranked e
join core.care_period p on p.person_key = e.person_key and p.period_kind = 'year' and cast(p.period as integer) = e.year
where e.place = 1
