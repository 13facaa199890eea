-- core.halt: one row per referral to Halt.
-- Reads raw.halt (accepted and pseudonymised) and core.area.
-- A referral from an unknown neighbourhood counts in its municipality, or in none; never in a guessed one.
with typed as (
    select person_key, age, case when sex in ('male', 'female') then sex end as sex, offence_group as kind,
           case referrer when 'politie' then 'police' when 'leerplichtambtenaar' then 'attendance' when 'boa' then 'enforcement' end as referrer,
           try_cast(substr(first_hearing, 1, 4) || '-' || substr(first_hearing, 5, 2) || '-' || substr(first_hearing, 7, 2) as date) as first_hearing,
           cast(substr(referral_date, 1, 4) || '-' || substr(referral_date, 5, 2) || '-' || substr(referral_date, 7, 2) as date) as referred_on,
           try_cast(substr(start_date, 1, 4) || '-' || substr(start_date, 5, 2) || '-' || substr(start_date, 7, 2) as date) as started_on,
           try_cast(substr(finish_date, 1, 4) || '-' || substr(finish_date, 5, 2) || '-' || substr(finish_date, 7, 2) as date) as finished_on,
           result, home_neighbourhood,
           coalesce(home_municipality, 'GM' || substr(home_neighbourhood, 3, 4)) as home_municipality
    from raw.halt
)
select t.person_key, t.age, t.sex, t.kind, t.referrer, t.first_hearing, t.referred_on, t.started_on, t.finished_on, t.result,
       cast(year(t.referred_on) as varchar) as year,
       cast(year(t.referred_on) as varchar) || 'Q' || cast(quarter(t.referred_on) as varchar) as quarter,
       r.code as home_region, t.home_municipality, 'WK' || substr(a.code, 3, 6) as home_district, a.code as home_neighbourhood
from typed t
join reference.municipality m on m.code = t.home_municipality
cross join reference.region r
left join core.area a on a.code = t.home_neighbourhood and a.year = year(t.referred_on) and a.origin = 'division'
