-- core.school_leaving: one row per early leaver and school year. The age is that on 1 October of the school year.
-- Reads raw.school_leaving (accepted and pseudonymised) and core.area. A school year (here 1 October to 30 September)
-- takes the areas of the year of its 1 January; `year` is that year, for tables that connect by calendar year.
with typed as (
    select person_key, age, case when sex in ('male', 'female') then sex end as sex, education, reason, school_year as period,
           cast(substr(school_year, 1, 4) as integer) + 1 as division, home_neighbourhood, school_municipality,
           coalesce(home_municipality, 'GM' || substr(home_neighbourhood, 3, 4)) as home_municipality
    from raw.school_leaving
),
ranked as (
    select person_key, age, sex, education, reason, period, division, home_neighbourhood, home_municipality, school_municipality,
           row_number() over (partition by person_key, period order by age desc, home_municipality, home_neighbourhood, education, reason, sex) as place
    from typed
)
select t.person_key, t.period, 'school_year' as period_kind, cast(t.division as varchar) as year, t.age, t.sex, t.education, t.reason,
       case when t.age between 12 and 17 then '12-17' when t.age between 18 and 22 then '18-22' end as age_band,
       r.code as home_region, t.home_municipality, 'WK' || substr(a.code, 3, 6) as home_district, a.code as home_neighbourhood,
       t.school_municipality
from ranked t
join reference.municipality m on m.code = t.home_municipality
cross join reference.region r
left join core.area a on a.code = t.home_neighbourhood and a.year = t.division and a.origin = 'division'
where t.place = 1
