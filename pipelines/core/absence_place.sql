-- core.absence_place: one row per pupil, school year and municipality of the school (inside this region).
-- Reads core.absence; age and home are those of core.absence_period. from_elsewhere: that home is not in the municipality
-- of the school; unknown homes and reports without a school (absolute absence) do not count. A pupil of schools in two
-- municipalities counts in both.
select distinct p.person_key, p.period, p.period_kind, p.age, r.code as school_region, a.school_municipality, p.home_municipality,
       case when p.home_municipality <> a.school_municipality then 1 else 0 end as from_elsewhere
from core.absence a
join core.absence_period p on p.person_key = a.person_key and p.period = a.school_year and p.period_kind = 'school_year'
join reference.municipality m on m.code = a.school_municipality
cross join reference.region r
where p.home_municipality is not null
