-- core.person_trait: one row per young person, year and characteristic (kind) other than police and Halt.
-- Reads core.person_year; risk: police or Halt knew him in the same year.
select person_key, period, period_kind, age, age_band, sex, home_region, home_municipality, home_district, home_neighbourhood, risk, t.kind
from core.person_year p
join (values ('absence'), ('long_absence'), ('early_leaver'), ('help'), ('stay'), ('protection'), ('probation'), ('approach')) as t(kind)
     on case t.kind when 'absence' then p.absence when 'long_absence' then p.long_absence when 'early_leaver' then p.early_leaver
             when 'help' then p.help when 'stay' then p.stay when 'protection' then p.protection when 'probation' then p.probation
             else greatest(p.group_approach, p.person_approach, p.system_approach) end = 1
