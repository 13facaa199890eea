-- core.chain: one row per suspect of 12 to 22 and cohort (the year of police_on, his first registration in that year).
-- Reads core.suspect_year (age, sex, home), core.suspect, core.halt, core.absence and core.care_spell.
-- Dates of the first event of each step: signal_on in the year (365 days) before police_on; the others on police_on or in
-- the year after it. prosecution_on is the registration that led to a summons: the day of the summons is not delivered.
-- care_on is the beginning of youth help. Days count from the step before it in the chain.
with cohort as (
    select * from core.suspect_year where age between 12 and 22
),
events as (
    select person_key, 'signal' as step, reported_on as on_day from core.absence
    union all select person_key, 'halt', referred_on from core.halt
    union all select person_key, 'prosecution', registered_on from core.suspect where disposal = 'prosecution'
    union all select person_key, 'probation', begin_date from core.care_spell where kind = 'probation'
    union all select person_key, 'care', begin_date from core.care_spell where kind = 'help'
),
near as (
    select c.person_key, c.period, e.step, e.on_day
    from cohort c join events e on e.person_key = c.person_key
    where (e.step = 'signal' and datediff('day', e.on_day, c.first_on) between 1 and 365)
       or (e.step <> 'signal' and datediff('day', c.first_on, e.on_day) between 0 and 365)
),
firsts as (
    select person_key, period,
           min(case when step = 'signal' then on_day end) as signal_on, min(case when step = 'halt' then on_day end) as halt_on,
           min(case when step = 'prosecution' then on_day end) as prosecution_on,
           min(case when step = 'probation' then on_day end) as probation_on, min(case when step = 'care' then on_day end) as care_on
    from near group by person_key, period
)
select c.person_key, c.period, c.period_kind, c.age, c.sex, c.age_group, c.home_region, c.home_municipality, c.home_district,
       c.home_neighbourhood, f.signal_on, c.first_on as police_on, f.halt_on, f.prosecution_on, f.probation_on, f.care_on,
       datediff('day', f.signal_on, c.first_on) as days_signal_police, datediff('day', c.first_on, f.halt_on) as days_police_halt,
       datediff('day', c.first_on, f.prosecution_on) as days_police_prosecution,
       datediff('day', c.first_on, f.probation_on) as days_police_probation, datediff('day', c.first_on, f.care_on) as days_police_care
from cohort c
left join firsts f on f.person_key = c.person_key and f.period = c.period
