-- reference.years: the years this build speaks of: every year of a person delivery, of a regional police figure and
-- of a population table.
with named as (
    select cast(substr(quarter, 1, 4) as integer) as year from raw.delivered_quarter
    union select cast(substr(registration_date, 1, 4) as integer) from raw.police_suspects
    union select cast(substr(referral_date, 1, 4) as integer) from raw.halt
    union select cast(substr(period, 1, 4) as integer) from raw.police_open where area is not null
    union select year from raw.population
)
select year from named where year is not null
