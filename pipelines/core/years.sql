-- reference.years: the years this build speaks of: every year of a person delivery, of a regional police figure and
-- of a population table. A school year counts as the year of its 1 January.
with named as (
    select year from raw.delivered_year
    union select cast(substr(registration_date, 1, 4) as integer) from raw.police_suspects
    union select cast(substr(referral_date, 1, 4) as integer) from raw.halt
    union select cast(substr(period, 1, 4) as integer) from raw.police_open where area is not null
    union select cast(substr(end_date, 1, 4) as integer) from raw.youth_care
          join raw.unnamed_source u on u.source = 'youth_care'
    union select year from raw.population
    union select cast(substr(report_date, 1, 4) as integer) from raw.school_absence a
          join raw.unnamed_source u on u.source = 'school_absence'
    union select cast(substr(school_year, 1, 4) as integer) + 1 from raw.school_leaving
    union select cast(substr(begin_date, 1, 4) as integer) from raw.approaches a
          join raw.unnamed_source u on u.source = 'approaches'
    union select cast(substr(half_year, 1, 4) as integer) from raw.youth_groups
    union select cast(substr(start_date, 1, 4) as integer) from raw.interventions i
          join raw.unnamed_source u on u.source = 'interventions'
)
select year from named where year is not null
