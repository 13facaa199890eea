-- core.suspect_before: one row per suspect and year, with what was known of him in the calendar year before.
-- Reads core.suspect_year (age, sex, home), core.care_period and core.absence_period.
select s.person_key, s.period, s.period_kind, s.age, s.sex, s.age_group, s.home_region, s.home_municipality, s.home_district,
       s.home_neighbourhood,
       case when c.person_key is not null then 1 else 0 end as care_before,
       case when a.person_key is not null then 1 else 0 end as absence_before
from core.suspect_year s
left join core.care_period c on c.person_key = s.person_key and c.period_kind = 'year'
     and c.period = cast(cast(s.period as integer) - 1 as varchar)
left join core.absence_period a on a.person_key = s.person_key and a.period_kind = 'year'
     and a.period = cast(cast(s.period as integer) - 1 as varchar)
