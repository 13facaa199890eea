-- core.suspect_year: one row per suspect and year; age, sex and home are those of core.suspect_period.
-- Reads core.suspect and core.suspect_period.
-- registrations: all of the year. in_group: at least one of them with other suspects of the same offence.
-- again_1, again_2: after the first registration of the year, another offence within one or two years (365, 730 days)
-- that was registered too. An offence from before that first registration that came to light later is not "again".
with first_one as (
    select person_key, year, min(registered_on) as first_on, count(*) as registrations,
           max(case when co_suspects > 0 then 1 else 0 end) as in_group
    from core.suspect group by person_key, year
),
again as (
    select f.person_key, f.year, min(datediff('day', f.first_on, s.offended_on)) as days
    from first_one f
    join core.suspect s on s.person_key = f.person_key and s.offended_on > f.first_on
    group by f.person_key, f.year
)
select p.person_key, p.period, p.period_kind, p.age, p.sex, p.age_group,
       p.home_region, p.home_municipality, p.home_district, p.home_neighbourhood,
       f.registrations, f.in_group, f.first_on,
       case when a.days <= 365 then 1 else 0 end as again_1,
       case when a.days <= 730 then 1 else 0 end as again_2
from core.suspect_period p
join first_one f on f.person_key = p.person_key and f.year = p.period
left join again a on a.person_key = p.person_key and a.year = p.period
where p.period_kind = 'year'
