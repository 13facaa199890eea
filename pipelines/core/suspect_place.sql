-- core.suspect_place: one row per suspect, year and municipality of the offence (inside this region).
-- Reads core.suspect and core.suspect_period. Age and home are those of the last registration in the year: somebody has
-- one home a year here too, so that the homes of suspects from elsewhere add up. Unknown homes do not count.
-- from_elsewhere: that home is not in the municipality of the offence; kind: its municipality in this region, or 'elsewhere'.
select distinct s.person_key, p.period, p.period_kind, p.age, r.code as offence_region, s.offence_municipality,
       case when p.home_municipality <> s.offence_municipality then 1 else 0 end as from_elsewhere,
       case when p.home_region is null then 'elsewhere' else p.home_municipality end as kind
from core.suspect s
join core.suspect_period p on p.person_key = s.person_key and p.period = s.year and p.period_kind = 'year'
join reference.municipality m on m.code = s.offence_municipality
cross join reference.region r
where p.home_municipality is not null
