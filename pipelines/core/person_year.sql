-- core.person_year: one row per young person of 0 to 22 and calendar year in which any source knows him.
-- Reads core.suspect_year, core.halt_period, core.absence_period, core.school_leaving, core.care_period, core.approach_period.
-- Sources do not agree on age and home. The first that knows somebody in the year decides, in this order: police, Halt,
-- school absence, early leaving, youth care, approach; so that suspects have the same age and home here as in their own
-- figures. An early leaver counts in the year in which the school year ends. A person approach counts only once the young
-- person was informed.
-- domains: how many of justice (suspect, Halt, probation), school (absence, early leaving), care (help, protection)
-- and approach (group, person, system) know him.
with events as (
    select person_key, period, 1 as rank, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           1 as suspect, registrations as suspect_count, 0 as halt, 0 as absence, 0 as long_absence, 0 as early_leaver,
           0 as help, 0 as stay, 0 as protection, 0 as probation, 0 as group_approach, 0 as person_approach, 0 as system_approach
    from core.suspect_year where home_municipality is not null
    union all
    select person_key, period, 2, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from core.halt_period where period_kind = 'year'
    union all
    select person_key, period, 3, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           0, 0, 0, 1, long_term, 0, 0, 0, 0, 0, 0, 0, 0
    from core.absence_period where period_kind = 'year'
    union all
    select person_key, year, 4, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0
    from core.school_leaving
    union all
    select person_key, period, 5, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           0, 0, 0, 0, 0, 0, help, with_stay, protection, probation, 0, 0, 0
    from core.care_period where period_kind = 'year'
    union all
    select person_key, period, 6, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           0, 0, 0, 0, 0, 0, 0, 0, 0, 0, case when approach = 'group' then 1 else 0 end,
           case when approach = 'person' then informed else 0 end, case when approach = 'system' then 1 else 0 end
    from core.approach_period where approach in ('group', 'person', 'system') and not (approach = 'person' and informed = 0)
),
homes as (
    select person_key, period, age, sex, home_region, home_municipality, home_district, home_neighbourhood,
           row_number() over (partition by person_key, period order by rank, age desc, home_municipality, home_neighbourhood, sex) as place
    from events
),
flags as (
    select person_key, period, max(suspect) as suspect, max(suspect_count) as suspect_count, max(halt) as halt, max(absence) as absence,
           max(long_absence) as long_absence, max(early_leaver) as early_leaver, max(help) as help, max(stay) as stay,
           max(protection) as protection, max(probation) as probation, max(group_approach) as group_approach,
           max(person_approach) as person_approach, max(system_approach) as system_approach
    from events group by person_key, period
)
select f.person_key, f.period, 'year' as period_kind, h.age, h.sex,
       case when h.age between 0 and 11 then '0-11' when h.age between 12 and 15 then '12-15'
            when h.age between 16 and 17 then '16-17' when h.age between 18 and 22 then '18-22' end as age_band,
       h.home_region, h.home_municipality, h.home_district, h.home_neighbourhood,
       f.suspect, f.suspect_count, f.halt, f.absence, f.long_absence, f.early_leaver, f.help, f.stay, f.protection, f.probation,
       f.group_approach, f.person_approach, f.system_approach,
       case when f.suspect + f.halt > 0 then 1 else 0 end as risk,
       case when f.suspect + f.halt + f.probation > 0 then 1 else 0 end + case when f.absence + f.early_leaver > 0 then 1 else 0 end
           + case when f.help + f.protection > 0 then 1 else 0 end
           + case when f.group_approach + f.person_approach + f.system_approach > 0 then 1 else 0 end as domains
from flags f
join homes h on h.person_key = f.person_key and h.period = f.period and h.place = 1
where h.age between 0 and 22
