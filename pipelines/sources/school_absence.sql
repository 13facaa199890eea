-- core.absence: one row per report of school absence that counts; a withdrawn report (status I) does not.
-- Reads raw.school_absence (accepted and pseudonymised) and core.area.
-- The day of report decides the year and the school year; home areas are those of the calendar year, and
-- core.absence_period finds them anew for a school year. An absence without an end lasts until the last
-- report of its school year.
-- followed_up: an attendance officer took it up; NULL for reports that are for information only (status K).
with typed as (
    select person_key, age, case when sex in ('male', 'female') then sex end as sex,
           case when kind = 'A' then 'absolute' when kind in ('V1', 'V2', 'V3', 'V4') then 'relative' when kind = 'LRV' then 'long_term'
                when kind = 'L' then 'luxury' when kind = 'RMC' then 'rmc' else 'other' end as kind,
           case when status in ('B', 'G') then 1 when status = 'R' then 0 end as followed_up, education,
           cast(substr(begin_date, 1, 4) || '-' || substr(begin_date, 5, 2) || '-' || substr(begin_date, 7, 2) as date) as begun_on,
           try_cast(substr(end_date, 1, 4) || '-' || substr(end_date, 5, 2) || '-' || substr(end_date, 7, 2) as date) as ended_on,
           cast(substr(report_date, 1, 4) || '-' || substr(report_date, 5, 2) || '-' || substr(report_date, 7, 2) as date) as reported_on,
           home_neighbourhood as neighbourhood, school_municipality,
           coalesce(home_municipality, 'GM' || substr(home_neighbourhood, 3, 4)) as home_municipality
    from raw.school_absence where status <> 'I'
),
placed as (
    select t.*, year(t.reported_on) as year,
           case when month(t.reported_on) >= 8 then year(t.reported_on) + 1 else year(t.reported_on) end as school_year_end
    from typed t
),
last_report as (
    select school_year_end, max(reported_on) as day from placed group by school_year_end
),
dated as (
    select p.*, datediff('day', p.begun_on, coalesce(p.ended_on, l.day)) + 1 as days
    from placed p join last_report l on l.school_year_end = p.school_year_end
)
select d.person_key, d.age, d.sex, d.kind, d.education, d.followed_up, d.begun_on, d.ended_on, d.reported_on, d.days,
       cast(d.year as varchar) as year,
       cast(d.school_year_end - 1 as varchar) || '/' || substr(cast(d.school_year_end as varchar), 3, 2) as school_year,
       d.school_year_end, d.neighbourhood,
       r.code as home_region, d.home_municipality, 'WK' || substr(a.code, 3, 6) as home_district, a.code as home_neighbourhood,
       d.school_municipality
from dated d
left join core.area a on a.code = d.neighbourhood and a.year = d.year and a.origin = 'division'
left join reference.municipality m on m.code = d.home_municipality
left join reference.region r on m.code is not null
