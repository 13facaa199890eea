-- core.approach_flow: one row per person, year and track, of two tracks: 'approach' (a group, system or place approach,
-- or several of them) and 'person_approach' (only spells of which the person was informed: IJmond covenant).
-- Reads core.approach_spell. Stock, inflow and outflow as in core.approach_period, over the whole track: who goes from
-- one approach to another within 'approach' neither comes in nor goes out.
-- Home is that of the year in which somebody came in (of the spell that began last in it), until he goes out: so every
-- area's stock is that of the year before, plus who came in, minus who went out, exactly (docs/adr/0001).
-- family_key, group_key: those of the spell that began last.
-- duration, around_a_year: how long the spell took that ended last, for who went out; in four and in two classes.
with tracks as (
    select *, case when approach = 'person' then 'person_approach' else 'approach' end as track
    from core.approach_spell where approach <> 'person' or informed = 1
),
homes as (
    select *, row_number() over (partition by person_key, period, track
                                 order by begin_date desc, end_date desc, approach, home_municipality) as place
    from tracks
),
flows as (
    select person_key, period, track, max(stock) as stock, max(stock_before) as stock_before
    from tracks group by person_key, period, track
),
stays as (
    select f.*, h.family_key, h.group_key, h.home_region, h.home_municipality,
           sum(1 - f.stock_before) over (partition by f.person_key, f.track order by f.period) as stay
    from flows f join homes h on h.person_key = f.person_key and h.period = f.period and h.track = f.track and h.place = 1
),
last_ended as (
    select person_key, period, track, days,
           row_number() over (partition by person_key, period, track order by end_date desc, days desc) as place
    from tracks where days is not null
)
select s.person_key, s.family_key, s.group_key, s.period, 'year' as period_kind, s.track, s.stock, 1 - s.stock_before as inflow, 1 - s.stock as outflow,
       case when s.stock = 1 then null when e.days < 183 then 'under_6_months' when e.days < 365 then '6_to_12_months'
            when e.days < 730 then '1_to_2_years' else 'over_2_years' end as duration,
       case when s.stock = 1 then null when e.days < 365 then 'under_1_year' else 'over_1_year' end as around_a_year,
       s.home_region,
       first_value(s.home_municipality) over (partition by s.person_key, s.track, s.stay order by s.period) as home_municipality
from stays s
left join last_ended e on e.person_key = s.person_key and e.period = s.period and e.track = s.track and e.place = 1
