-- core.halt_finished: one row per young person and year in which a Halt intervention ended; the last one counts.
-- Reads core.halt. 'niet gestart' did not begin, so it did not end: it is left out.
with ended as (
    select cast(year(finished_on) as varchar) as period, h.* from core.halt h
    where finished_on is not null and result in ('geslaagd', 'mislukt') and age between 12 and 17
),
ranked as (
    select *, row_number() over (partition by person_key, period
                                 order by finished_on desc, referred_on desc, result, home_municipality) as place
    from ended
)
select person_key, period, 'year' as period_kind, age, home_region, home_municipality,
       case when result = 'geslaagd' then 1 else 0 end as succeeded
from ranked where place = 1
