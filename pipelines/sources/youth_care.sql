-- core.care_spell: one row per spell of youth care (person, kind, form and first day).
-- Reads raw.youth_care (accepted and pseudonymised; reported_until: last day of the delivery's period, NULL when its
-- name tells none), reference.municipality and reference.region.
-- A spell stands in the delivery of every year it touches: the latest one tells how it goes on. A spell that was still
-- open and does not come back in a later delivery ended with the last one that knew it; why is not known.
-- last_day: its end, or for an open spell the last day that was delivered. age: on 31 December of the year it began.
with typed as (
    select person_key, family_key, age, case when sex in ('male', 'female') then sex end as sex, kind, form, referrer,
           cast(substr(begin_date, 1, 4) || '-' || substr(begin_date, 5, 2) || '-' || substr(begin_date, 7, 2) as date) as begin_date,
           try_cast(substr(end_date, 1, 4) || '-' || substr(end_date, 5, 2) || '-' || substr(end_date, 7, 2) as date) as end_date,
           end_reason, home_municipality,
           try_cast(substr(reported_until, 1, 4) || '-' || substr(reported_until, 5, 2) || '-' || substr(reported_until, 7, 2) as date) as reported_until
    from raw.youth_care
),
known as (
    select max(reported_until) as reported_until, max(coalesce(end_date, begin_date)) as last_event from typed
),
ranked as (
    select t.*, row_number() over (
               partition by person_key, kind, form, begin_date
               order by coalesce(reported_until, cast('1900-01-01' as date)) desc,
                        coalesce(end_date, cast('1900-01-01' as date)) desc, home_municipality, referrer, end_reason, sex, family_key
           ) as place
    from typed t
),
closed as (
    select r.*, k.last_event, k.reported_until as delivered_until,
           coalesce(r.end_date, case when r.reported_until < k.reported_until then r.reported_until end) as ended_on
    from ranked r cross join known k
    where r.place = 1
)
select c.person_key, c.family_key, c.age, c.sex, c.kind, c.form,
       case when c.kind = 'help' then c.form in ('11', '12', '13', '14') else false end as with_stay,
       c.referrer, c.begin_date, c.ended_on as end_date, c.end_reason,
       coalesce(c.ended_on, c.delivered_until, c.last_event) as last_day,
       g.code as home_region, c.home_municipality,
       cast(null as varchar) as home_district, cast(null as varchar) as home_neighbourhood
from closed c
join reference.municipality m on m.code = c.home_municipality
cross join reference.region g
