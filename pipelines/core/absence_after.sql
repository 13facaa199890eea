-- core.absence_after: one row per pupil and school year with long-term absence; age, sex and home of core.absence_period.
-- Reads core.absence, core.absence_kind and core.suspect. police_after: an offence after the first report of it in that
-- school year and within a year (365 days), for which the police registered the pupil.
with first_report as (
    select person_key, school_year, min(reported_on) as reported_on from core.absence
    where kind = 'long_term' group by person_key, school_year
)
select k.person_key, k.period, k.period_kind, k.age, k.sex, k.home_region, k.home_municipality, k.home_district, k.home_neighbourhood,
       case when exists (select 1 from core.suspect s where s.person_key = k.person_key and s.offended_on > f.reported_on
                         and datediff('day', f.reported_on, s.offended_on) <= 365)
            then 1 else 0 end as police_after
from core.absence_kind k
join first_report f on f.person_key = k.person_key and f.school_year = k.period
where k.period_kind = 'school_year' and k.kind = 'long_term'
