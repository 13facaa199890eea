-- core.coverage: for each person source and period, whether it was delivered whole, and whether it is provisional.
-- Reads raw.delivered_quarter, raw.unnamed_source (files whose name tells no period) and core.period.
-- A year counts as delivered when its four quarters were. The latest delivered year is provisional: registrations
-- still come in. first_period: delivered, and at least two delivered years lie before it.
with dates as (
    select 'police_suspects' as source, registration_date as on_date from raw.police_suspects
    union all select 'halt', referral_date from raw.halt
),
spans as (
    select d.source, min(d.on_date) as first_date, max(d.on_date) as last_date
    from dates d join raw.unnamed_source u on u.source = d.source group by d.source
),
quarters as (
    select source, quarter from raw.delivered_quarter
    union
    select s.source, p.id from spans s join core.period p on p.kind = 'quarter'
    where p.id >= substr(s.first_date, 1, 4) || 'Q' || cast(ceil(cast(substr(s.first_date, 5, 2) as integer) / 3.0) as integer)
      and p.id <= substr(s.last_date, 1, 4) || 'Q' || cast(ceil(cast(substr(s.last_date, 5, 2) as integer) / 3.0) as integer)
),
delivered as (
    select source, quarter as period, substr(quarter, 1, 4) as year from quarters
    union all
    select source, substr(quarter, 1, 4), substr(quarter, 1, 4) from quarters
    group by source, substr(quarter, 1, 4) having count(*) = 4
),
bounds as (
    select source, cast(min(cast(year as integer)) + 2 as varchar) as known_from, max(year) as last_year
    from delivered group by source
)
select d.source, d.period, true as delivered, d.year = b.last_year as provisional, d.year >= b.known_from as first_period
from delivered d join bounds b on b.source = d.source
