-- core.suspect_phenomenon: one row per suspect, year and phenomenon (a tag of the offence class); unknown ones are left out.
-- Reads core.suspect and core.suspect_period (age and home).
select distinct s.person_key, p.period, p.period_kind, p.age, s.phenomenon as kind, p.home_region, p.home_municipality
from core.suspect s
join core.suspect_period p on p.person_key = s.person_key and p.period = s.year and p.period_kind = 'year'
where s.phenomenon is not null
