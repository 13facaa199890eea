-- core.key_figure: one row per area, year and measure: what CBS publishes about the area itself.
-- Reads raw.population (text, as delivered). A blank or `.` is NULL: not known yet, or too few to publish.
-- Income and address density are means: nothing can be added up, so a region has them only where CBS gives them: never.
with listed as (
    select area, year, 'households' as measure, try_cast(households as double) as amount from raw.population
    union all select area, year, 'with_children', try_cast(with_children as double) from raw.population
    union all select area, year, 'income', try_cast(income as double) from raw.population
    union all select area, year, 'address_density', try_cast(address_density as double) from raw.population
)
select area, year, measure, max(amount) as amount from listed group by area, year, measure
