-- core.care_kind: one row per young person, year, care (help, protection, probation) and kind within it.
-- Reads core.care_spell and core.care_period; age, sex and home are those of core.care_period. A young person may have
-- several kinds in one year, so kinds do not add up.
select distinct s.person_key, p.period, p.period_kind, p.age, p.sex, s.kind as care,
       case when s.kind = 'help' and s.with_stay then 'with_stay' when s.kind = 'help' then 'without_stay'
            when s.kind = 'protection' and s.form in ('11', '12') then 'supervision_order'
            when s.kind = 'protection' then 'guardianship' else 'youth_probation' end as kind,
       p.home_region, p.home_municipality, p.home_district, p.home_neighbourhood
from core.care_spell s
join core.care_period p on p.person_key = s.person_key and p.period_kind = 'year'
     and cast(p.period as integer) between year(s.begin_date) and year(s.last_day)
