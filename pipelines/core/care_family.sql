-- core.care_family: one row per family and year in which a young person of it (0 to 22 years) had youth care.
-- Reads core.care_spell (a person counts in every family named in a spell of the year) and core.care_period.
-- The family lives where its youngest lives: a family is in one municipality a year, so areas add up.
with members as (
    select distinct s.family_key, p.person_key, p.period, p.period_kind, p.age, p.home_region, p.home_municipality
    from core.care_spell s
    join core.care_period p on p.person_key = s.person_key and p.period_kind = 'year'
         and cast(p.period as integer) between year(s.begin_date) and year(s.last_day)
    where s.family_key is not null and p.age <= 22
),
counted as (
    select family_key, period, count(*) as young_people from members group by family_key, period
),
ranked as (
    select m.*, row_number() over (partition by family_key, period order by age, home_municipality) as place from members m
)
select r.family_key, r.period, r.period_kind, c.young_people,
       case when c.young_people >= 2 then 1 else 0 end as two_or_more,
       r.home_region, r.home_municipality, cast(null as varchar) as home_district, cast(null as varchar) as home_neighbourhood
from ranked r
join counted c on c.family_key = r.family_key and c.period = r.period
where r.place = 1
