-- core.suspect_linked: one row per suspect and year who is linked to others by shared offences, with the size class (kind)
-- of the whole group that hangs together. Reads core.component (of core.suspect_pair) and core.suspect_year (age, home).
-- Two classes only: a class of large groups would soon hold one group, and so show it.
-- Never published below the region, and never who: only how many suspects are in groups of a size.
select p.person_key, p.period, p.period_kind, p.age, p.sex, p.home_region, p.home_municipality,
       case when c.size = 2 then 'size_2' else 'size_3' end as kind
from core.component c
join core.suspect_year p on p.person_key = c.person_key and p.period = c.year
