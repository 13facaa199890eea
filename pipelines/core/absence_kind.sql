-- core.absence_kind: one row per pupil, period (year or school year) and kind of absence; age, sex and home are those of
-- core.absence_period. three_months: one of the absences of this kind lasted more than thirteen weeks.
select p.person_key, p.period, p.period_kind, p.age, p.sex, p.age_band, a.kind,
       p.home_region, p.home_municipality, p.home_district, p.home_neighbourhood,
       max(case when a.days > 91 then 1 else 0 end) as three_months
from core.absence_period p
join core.absence a on a.person_key = p.person_key
     and p.period = case when p.period_kind = 'year' then a.year else a.school_year end
group by p.person_key, p.period, p.period_kind, p.age, p.sex, p.age_band, a.kind,
         p.home_region, p.home_municipality, p.home_district, p.home_neighbourhood
