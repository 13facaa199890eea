-- core.halt_kind: one row per young person, year and offence group; home and age are those of core.halt_period.
select distinct h.person_key, p.period, p.period_kind, p.age, h.kind, p.home_region, p.home_municipality
from core.halt h
join core.halt_period p on p.person_key = h.person_key and p.period = h.year and p.period_kind = 'year'
where h.age between 12 and 17
