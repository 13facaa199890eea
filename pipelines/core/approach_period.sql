-- core.approach_period: one row per person, year and approach (group, person, system, place) in that year.
-- Reads core.approach_spell. Age, sex and home are those of the spell that began last, over all approaches of the
-- person in that year, so that areas add up. stock: in it at the end of the year; inflow: not in it at the end of the
-- year before; outflow: no longer in it at the end of this year. Who comes and goes within a year is in both flows.
-- informed: an informed spell is in the stock. Whoever speaks of the person approach counts informed persons only.
with homes as (
    select *, row_number() over (partition by person_key, period
                                 order by begin_date desc, end_date desc, approach, home_municipality, age desc, sex) as place
    from core.approach_spell
),
flows as (
    select person_key, period, approach, max(stock) as stock, max(stock_before) as stock_before, max(stock * informed) as informed
    from core.approach_spell group by person_key, period, approach
)
select f.person_key, h.family_key, h.age, h.sex, f.period, 'year' as period_kind, f.approach, f.stock,
       1 - f.stock_before as inflow, 1 - f.stock as outflow, f.informed,
       h.home_region, h.home_municipality, h.home_district, h.home_neighbourhood
from flows f join homes h on h.person_key = f.person_key and h.period = f.period and h.place = 1
