-- core.care_period: one row per young person and year in which a spell of youth care ran, if only for a day.
-- Reads core.care_spell and core.period. A spell counts in every year from its first day to its last, also in the years
-- in which it neither began nor ended. Age is that on 31 December; sex, home and family are those of the spell that ran
-- last in the year. The flags are 1 when such a spell ran.
with spread as (
    select s.person_key, s.family_key, s.sex, s.kind, s.form, s.with_stay, s.begin_date, s.home_region, s.home_municipality,
           s.home_district, s.home_neighbourhood, p.id as period, p.kind as period_kind,
           s.age + p.year - year(s.begin_date) as age,
           case when year(s.last_day) > p.year then 1 else 0 end as goes_on, s.last_day
    from core.care_spell s
    join core.period p on p.kind = 'year' and p.year between year(s.begin_date) and year(s.last_day)
),
ranked as (
    select s.*, row_number() over (
               partition by person_key, period
               order by goes_on desc, case when goes_on = 0 then last_day end desc, begin_date desc, age desc,
                        home_municipality, sex, kind, form, family_key
           ) as place
    from spread s
),
flags as (
    select person_key, period,
           max(case when kind = 'help' then 1 else 0 end) as help,
           max(case when kind = 'help' and with_stay then 1 else 0 end) as with_stay,
           max(case when kind = 'help' and not with_stay then 1 else 0 end) as without_stay,
           max(case when kind = 'protection' then 1 else 0 end) as protection,
           max(case when kind = 'probation' then 1 else 0 end) as probation
    from spread group by person_key, period
)
select r.person_key, r.period, r.period_kind, r.age, r.sex,
       case when r.age between 0 and 11 then '0-11' when r.age between 12 and 17 then '12-17'
            when r.age between 18 and 22 then '18-22' end as age_group,
       r.family_key, r.home_region, r.home_municipality, r.home_district, r.home_neighbourhood,
       f.help, f.with_stay, f.without_stay, f.protection, f.probation
from ranked r
join flags f on f.person_key = r.person_key and f.period = r.period
where r.place = 1
