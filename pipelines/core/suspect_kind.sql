-- core.suspect_kind: one row per suspect, year and offence group; home and age are those of core.suspect_period.
select distinct s.person_key, p.period, p.period_kind, p.age, s.kind, p.home_region, p.home_municipality
from core.suspect s
join core.suspect_period p on p.person_key = s.person_key and p.period = s.year and p.period_kind = 'year'
