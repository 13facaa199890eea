-- core.suspect_place: one row per suspect, year and municipality of the offence (inside this region).
-- from_elsewhere: the suspect lived in another municipality than that of the offence; unknown homes do not count.
-- The age is that of core.suspect_period, so that a person is in or out of a band for all municipalities alike.
select s.person_key, s.year as period, 'year' as period_kind, p.age,
       r.code as offence_region, s.offence_municipality,
       max(case when s.home_municipality <> s.offence_municipality then 1 else 0 end) as from_elsewhere
from core.suspect s
join core.suspect_period p on p.person_key = s.person_key and p.period = s.year and p.period_kind = 'year'
join reference.municipality m on m.code = s.offence_municipality
cross join reference.region r
where s.home_municipality is not null
group by s.person_key, s.year, p.age, r.code, s.offence_municipality
