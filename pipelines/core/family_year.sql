-- core.family_year: one row per family and year in which a young person of it was in justice or care.
-- Reads core.care_spell and core.approach (who belongs to which family), core.person_year, core.care_period and
-- core.care_family. Justice: a suspect, at Halt or on probation. Care: help, protection or probation, whoever knew it first.
-- A family lives where core.care_family has it, else where its youngest of that year lives: areas add up, and the
-- families of the youth care figures lie within these.
with belongs as (
    select person_key, family_key from core.care_spell where family_key is not null
    union
    select person_key, family_key from core.approach where family_key is not null
),
known as (
    select person_key, period, age, home_region, home_municipality,
           case when suspect + halt + probation > 0 then 1 else 0 end as justice
    from core.person_year where suspect + halt + probation + help + protection > 0
    union all
    select person_key, period, age, home_region, home_municipality, 0 from core.care_period where period_kind = 'year' and age <= 22
),
members as (
    select b.family_key, k.person_key, k.period, min(k.age) as age, max(k.justice) as justice,
           max(k.home_region) as home_region, min(k.home_municipality) as home_municipality
    from belongs b join known k on k.person_key = b.person_key
    where k.home_region is not null
    group by b.family_key, k.person_key, k.period
),
counted as (
    select family_key, period, count(*) as young_people, sum(justice) as in_justice from members group by family_key, period
),
ranked as (
    select m.*, row_number() over (partition by family_key, period order by age, home_municipality, person_key) as place from members m
)
select r.family_key, r.period, 'year' as period_kind, c.young_people, c.in_justice, r.home_region,
       coalesce(f.home_municipality, r.home_municipality) as home_municipality,
       case when c.young_people >= 2 then 1 else 0 end as two_or_more, case when c.young_people >= 2 and c.in_justice >= 1 then 1 else 0 end as with_justice
from ranked r
join counted c on c.family_key = r.family_key and c.period = r.period
left join core.care_family f on f.family_key = r.family_key and f.period = r.period
where r.place = 1
