-- core.suspect_place: one row per suspect, year and municipality of the offence (inside this region).
-- from_elsewhere: the suspect lived in another municipality than that of the offence; unknown homes do not count.
select s.person_key, s.year as period, 'year' as period_kind, max(s.age) as age,
       r.code as offence_region, s.offence_municipality,
       max(case when s.home_municipality <> s.offence_municipality then 1 else 0 end) as from_elsewhere
from core.suspect s
join reference.municipality m on m.code = s.offence_municipality
cross join reference.region r
where s.home_municipality is not null
group by s.person_key, s.year, r.code, s.offence_municipality
