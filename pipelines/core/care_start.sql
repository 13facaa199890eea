-- core.care_start: one row per young person, year and referrer with which youth help began.
-- Reads core.care_spell and core.care_period (age, sex and home). Help begins when no other help ran the day before:
-- going on in another form is no beginning. returned: 1 when a beginning in this year came within a year (365 days)
-- after earlier help had ended; the same for all rows of the person in the year.
with help as (
    select person_key, form, begin_date, end_date, last_day, coalesce(referrer, '07') as referrer
    from core.care_spell where kind = 'help'
),
begun as (
    select h.person_key, h.begin_date, h.referrer from help h
    where not exists (select 1 from help o where o.person_key = h.person_key and o.begin_date < h.begin_date
                      and datediff('day', o.last_day, h.begin_date) <= 1)
),
judged as (
    select b.person_key, b.begin_date, b.referrer,
           case when exists (select 1 from help o where o.person_key = b.person_key and o.begin_date < b.begin_date
                             and o.end_date is not null and datediff('day', o.end_date, b.begin_date) between 2 and 365)
                then 1 else 0 end as returned
    from begun b
),
by_year as (
    select person_key, year(begin_date) as year, max(returned) as returned from judged group by person_key, year(begin_date)
)
select distinct j.person_key, p.period, p.period_kind, p.age, p.sex, y.returned,
       case j.referrer when '01' then 'municipality' when '02' then 'gp' when '03' then 'youth_doctor' when '04' then 'certified'
            when '05' then 'specialist' when '06' then 'nobody' else 'unknown' end as kind,
       p.home_region, p.home_municipality, p.home_district, p.home_neighbourhood
from judged j
join by_year y on y.person_key = j.person_key and y.year = year(j.begin_date)
join core.care_period p on p.person_key = j.person_key and p.period_kind = 'year' and cast(p.period as integer) = y.year
