-- core.halt_finished: one row per young person and year in which a Halt intervention ended; the last one counts.
-- Reads core.halt and core.suspect. 'niet gestart' did not begin, so it did not end: it is left out.
-- again: an offence after that end and within a year (365 days) of it, for which the police registered the young person.
with ended as (
    select cast(year(finished_on) as varchar) as period, h.* from core.halt h
    where finished_on is not null and result in ('geslaagd', 'mislukt') and age between 12 and 17
),
ranked as (
    select *, row_number() over (partition by person_key, period
                                 order by finished_on desc, referred_on desc, result, home_municipality) as place
    from ended
)
select r.person_key, r.period, 'year' as period_kind, r.age, r.home_region, r.home_municipality,
       case when r.result = 'geslaagd' then 1 else 0 end as succeeded,
       case when exists (select 1 from core.suspect s where s.person_key = r.person_key
                         and s.offended_on > r.finished_on and datediff('day', r.finished_on, s.offended_on) <= 365)
            then 1 else 0 end as again
from ranked r where r.place = 1
