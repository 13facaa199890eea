-- core.suspect: one row per registration of a suspect, with its period, home and offence area.
-- Reads raw.police_suspects (accepted and pseudonymised), core.area and reference.offence_class.
-- A neighbourhood that the division of the year does not know counts in its municipality, never in a guessed one.
with typed as (
    select person_key, age, case when sex in ('male', 'female') then sex end as sex,
           registration_date, offence_date,
           cast(substr(registration_date, 1, 4) || '-' || substr(registration_date, 5, 2) || '-' || substr(registration_date, 7, 2) as date) as registered_on,
           cast(substr(offence_date, 1, 4) || '-' || substr(offence_date, 5, 2) || '-' || substr(offence_date, 7, 2) as date) as offended_on,
           substr(registration_date, 1, 4) as year,
           substr(registration_date, 1, 4) || 'Q' || case substr(registration_date, 5, 2)
               when '01' then '1' when '02' then '1' when '03' then '1' when '04' then '2' when '05' then '2' when '06' then '2'
               when '07' then '3' when '08' then '3' when '09' then '3' else '4' end as quarter,
           home_neighbourhood,
           coalesce(home_municipality, 'GM' || substr(home_neighbourhood, 3, 4)) as home_municipality,
           coalesce(offence_municipality, 'GM' || substr(offence_neighbourhood, 3, 4)) as offence_municipality,
           offence_neighbourhood, offence_class, coalesce(cast(co_suspects as integer), 0) as co_suspects,
           case disposal when 'halt' then 'halt' when 'stop' then 'stop' when 'reprimande' then 'reprimand'
               when 'dagvaarding' then 'prosecution' when 'sepot' then 'dismissal' end as disposal
    from raw.police_suspects
)
select t.person_key, t.age, t.sex, t.year, t.quarter, t.registration_date, t.offence_date, t.registered_on, t.offended_on, c.kind,
       nullif(c.phenomenon, '') as phenomenon, t.disposal, t.co_suspects, t.offence_class, t.offence_neighbourhood,
       r.code as home_region, t.home_municipality, 'WK' || substr(a.code, 3, 6) as home_district, a.code as home_neighbourhood,
       t.offence_municipality
from typed t
join reference.offence_class c on c.code = t.offence_class
left join core.area a on a.code = t.home_neighbourhood and a.year = cast(t.year as integer) and a.origin = 'division'
left join reference.municipality m on m.code = t.home_municipality
left join reference.region r on m.code is not null
