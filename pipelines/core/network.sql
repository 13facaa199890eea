-- core.network: one row per suspect and year who lives in this region: where he lives, offends and goes to school.
-- Reads core.suspect_year (age, home), core.suspect, core.absence and reference.municipality.
-- supra_local: at least one offence in another municipality, of this region or not; of an unknown place nothing is
-- assumed. The school is that of the last report of absence in the year: of who is never reported it is not known.
-- kind: where the school is when that is not the home municipality: 'in_region' or 'elsewhere'.
with offences as (
    select p.person_key, p.period, max(case when s.offence_municipality <> p.home_municipality then 1 else 0 end) as supra_local
    from core.suspect_year p join core.suspect s on s.person_key = p.person_key and s.year = p.period
    group by p.person_key, p.period
),
schools as (
    select person_key, year, school_municipality,
           row_number() over (partition by person_key, year order by reported_on desc, begun_on desc, school_municipality) as place
    from core.absence where school_municipality is not null
)
select p.person_key, p.period, p.period_kind, p.age, p.sex, p.home_region, p.home_municipality, o.supra_local, h.school_municipality,
       case when h.school_municipality is not null then 1 else 0 end as school_known,
       case when h.school_municipality <> p.home_municipality then 1 else 0 end as school_elsewhere,
       case when h.school_municipality <> p.home_municipality and m.code is not null then 'in_region'
            when h.school_municipality <> p.home_municipality then 'elsewhere' end as kind
from core.suspect_year p
join offences o on o.person_key = p.person_key and o.period = p.period
left join schools h on h.person_key = p.person_key and h.year = p.period and h.place = 1
left join reference.municipality m on m.code = h.school_municipality
where p.home_region is not null
