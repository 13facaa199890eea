-- core.suspect_period: one row per suspect and period (year or quarter).
-- Reads core.suspect. Age, sex and home are those of the last registration in the period, so that areas, ages and
-- sexes add up. first_time: no registration before this year in the deliveries; the first two delivered years say
-- little about that, and core.coverage (first_period) keeps them out.
with spread as (
    select person_key, year as period, 'year' as period_kind, year, age, sex, home_region, home_municipality, home_district,
           home_neighbourhood, registration_date, offence_date
    from core.suspect
    union all
    select person_key, quarter, 'quarter', year, age, sex, home_region, home_municipality, home_district,
           home_neighbourhood, registration_date, offence_date
    from core.suspect
),
ranked as (
    select person_key, period, period_kind, year, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           row_number() over (partition by person_key, period order by registration_date desc, offence_date desc, age desc,
                              home_municipality, home_neighbourhood, sex) as place
    from spread
),
first_year as (
    select person_key, min(year) as first_year from core.suspect group by person_key
)
select r.person_key, r.period, r.period_kind, r.age, r.sex,
       case when r.age between 12 and 14 then '12-14' when r.age between 15 and 17 then '15-17'
            when r.age between 18 and 22 then '18-22' end as age_band,
       case when r.age between 12 and 17 then '12-17' when r.age between 18 and 22 then '18-22' end as age_group,
       r.home_region, r.home_municipality, r.home_district, r.home_neighbourhood,
       f.first_year = r.year as first_time
from ranked r
join first_year f on f.person_key = r.person_key
where r.place = 1
