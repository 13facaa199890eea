-- core.area_own: what is known of an area in that very year: one row per code and year of core.area's divisions.
-- Reads core.area, raw.area_list, raw.boundary_name, reference.area (presets) and raw.population.
-- name is NULL where only a list of another year names the code: a borrowed name says nothing of the place. change is
-- what CBS says of the area against the year before (1 the same, 2 another code, 3 another border), NULL when untold.
with names as (
    select code, year, name, 1 as preference from raw.area_list where name is not null
    union all select code, year, name, 2 from raw.boundary_name where name is not null
    union all
    select r.code, y.year, r.name, 3
    from reference.area r join reference.years y on y.year between r.first_year and r.last_year
),
named as (
    select code, year, name from (
        select code, year, regexp_replace(trim(name), '^Wijk [0-9]+ ', '') as name,
               row_number() over (partition by code, year order by preference, name) as place
        from names
    ) ranked where place = 1
),
told as (
    select area as code, year, min(trim(change)) as change
    from raw.population where trim(change) in ('1', '2', '3') group by area, year having count(distinct trim(change)) = 1
)
select a.code, a.year, n.name, t.change
from core.area a
left join named n on n.code = a.code and n.year = a.year
left join told t on t.code = a.code and t.year = a.year
where a.origin = 'division'
