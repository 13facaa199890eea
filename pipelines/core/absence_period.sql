-- core.absence_period: one row per pupil and period (year or school year) with a report of absence.
-- Reads core.absence and core.area. Age, sex and home are those of the last report in the period, so that areas, ages
-- and sexes add up; a school year takes the areas of the year of its 1 January.
-- long_term, three_months: an absence of more than four weeks (kind LRV), of more than thirteen weeks among them.
-- asked: at least one report that asks for follow-up; followed_up: every one of those was taken up.
with spread as (
    select year as period, 'year' as period_kind, cast(year as integer) as division, person_key, age, sex, kind, followed_up, reported_on,
           begun_on, days, neighbourhood, home_region, home_municipality
    from core.absence
    union all
    select school_year, 'school_year', school_year_end, person_key, age, sex, kind, followed_up, reported_on, begun_on, days,
           neighbourhood, home_region, home_municipality
    from core.absence
),
ranked as (
    select period, period_kind, division, person_key, age, sex, neighbourhood, home_region, home_municipality,
           row_number() over (partition by person_key, period order by reported_on desc, begun_on desc, age desc, home_municipality,
                              neighbourhood, sex) as place
    from spread
),
counted as (
    select person_key, period, count(*) as reports,
           max(case when kind = 'long_term' then 1 else 0 end) as long_term,
           max(case when kind = 'long_term' and days > 91 then 1 else 0 end) as three_months,
           max(case when followed_up is not null then 1 else 0 end) as asked,
           coalesce(min(followed_up), 0) as followed_up
    from spread group by person_key, period
)
select r.person_key, r.period, r.period_kind, r.age, r.sex,
       case when r.age between 5 and 11 then '5-11' when r.age between 12 and 17 then '12-17' when r.age between 18 and 22 then '18-22' end as age_band,
       r.home_region, r.home_municipality, 'WK' || substr(a.code, 3, 6) as home_district, a.code as home_neighbourhood,
       c.reports, c.long_term, c.three_months, c.asked, c.followed_up
from ranked r
join counted c on c.person_key = r.person_key and c.period = r.period
left join core.area a on a.code = r.neighbourhood and a.year = r.division and a.origin = 'division'
where r.place = 1
