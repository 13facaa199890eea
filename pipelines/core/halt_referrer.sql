-- core.halt_referrer: one row per young person, year and referrer; home and age are those of core.halt_period.
-- An attendance officer refers for truancy: another offence with that referrer is a slip and has no referrer here, so
-- that the attendance officer's young people surely lie within those referred for truancy. Unknown referrers are left out.
select distinct h.person_key, p.period, p.period_kind, p.age, h.referrer as kind, p.home_region, p.home_municipality
from core.halt h
join core.halt_period p on p.person_key = h.person_key and p.period = h.year and p.period_kind = 'year'
where h.age between 12 and 17 and (h.referrer in ('police', 'enforcement') or (h.referrer = 'attendance' and h.kind = 'truancy'))
