-- core.care_police: one row per young person and year who had youth care and was registered as a suspect in that year.
-- Reads core.suspect_period (age, sex and home) and core.care_period.
select s.person_key, s.period, s.period_kind, s.age, s.sex,
       s.home_region, s.home_municipality, s.home_district, s.home_neighbourhood
from core.suspect_period s
join core.care_period c on c.person_key = s.person_key and c.period = s.period and c.period_kind = 'year'
where s.period_kind = 'year'
