-- core.coverage: for each person source and period, whether it was delivered whole, and whether it is provisional.
-- Reads raw.delivered_month, raw.unnamed_source (files whose name tells no period) and core.period.
-- A period counts as delivered when all its months were; single months are not asked for. The latest delivered year is
-- provisional: registrations still come in. first_period: delivered, and at least two delivered years lie before it;
-- previous_year, next_year, second_year: so were the calendar year before it, the one after it, the two after it;
-- year_around: the one before and the one after. Of spells of youth care only those that ended
-- tell the years of a file without a period: they may have begun long before.
with dates as (
    select 'police_suspects' as source, registration_date as on_date from raw.police_suspects
    union all select 'halt', referral_date from raw.halt
    union all select 'school_absence', report_date from raw.school_absence
    union all select 'school_leaving', school_year from raw.school_leaving
    union all select 'school_leaving', cast(cast(substr(school_year, 1, 4) as integer) + 1 as varchar) from raw.school_leaving
    union all select 'youth_care', end_date from raw.youth_care
    union all select 'approaches', begin_date from raw.approaches
    union all select 'youth_groups', half_year from raw.youth_groups
    union all select 'interventions', start_date from raw.interventions
),
spans as (
    select d.source, min(d.on_date) as first_date, max(d.on_date) as last_date
    from dates d join raw.unnamed_source u on u.source = d.source group by d.source
),
months as (
    select source, month from raw.delivered_month
    union
    select s.source, p.first_month + m.number
    from spans s join core.period p on p.kind = 'year' cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) as m(number)
    where p.id >= substr(s.first_date, 1, 4) and p.id <= substr(s.last_date, 1, 4)
),
delivered as (
    select m.source, p.id as period, p.year
    from months m join core.period p on m.month between p.first_month and p.last_month and p.kind <> 'month'
    group by m.source, p.id, p.year, p.first_month, p.last_month
    having count(*) = p.last_month - p.first_month + 1
),
bounds as (
    select source, min(year) + 2 as known_from, max(year) as last_year from delivered group by source
)
select d.source, d.period, true as delivered, d.year = b.last_year as provisional, d.year >= b.known_from as first_period,
       p.period is not null as previous_year, n.period is not null as next_year,
       n.period is not null and s.period is not null as second_year,
       p.period is not null and n.period is not null as year_around
from delivered d join bounds b on b.source = d.source
left join delivered p on p.source = d.source and p.period = cast(d.year - 1 as varchar)
left join delivered n on n.source = d.source and n.period = cast(d.year + 1 as varchar)
left join delivered s on s.source = d.source and s.period = cast(d.year + 2 as varchar)
