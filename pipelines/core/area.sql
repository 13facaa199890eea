-- core.area: one row per area code and year, region included.
-- Reads raw.area_list (delivered lists: year, code, name), raw.population (year, area), reference.area (presets),
-- reference.years (years of this build), reference.region (one row) and reference.municipality.
-- The division of a year: the list delivered for it, else the codes of that year's key figures, else the reference
-- list, else the nearest delivered list. Open police tables present all years in one division: their codes that the
-- division of a year lacks are added with origin 'table', and count for incidents only.
with listed as (
    select distinct y.year, l.year as list_year, l.code
    from reference.years y join raw.area_list l on l.year = y.year
),
counted as (
    select distinct y.year, p.area as code
    from reference.years y join raw.population p on p.year = y.year
),
referenced as (
    select distinct y.year, a.code
    from reference.years y join reference.area a on y.year between a.first_year and a.last_year
),
nearest as (
    select year, list_year from (
        select y.year, l.year as list_year,
               row_number() over (partition by y.year order by abs(y.year - l.year), l.year) as place
        from reference.years y cross join (select distinct year from raw.area_list union select distinct year from raw.population) l
    ) ranked where place = 1
),
choice as (
    select y.year,
           case when exists (select 1 from listed l where l.year = y.year and l.code like 'BU%') then 'listed'
                when exists (select 1 from counted c where c.year = y.year and c.code like 'BU%') then 'counted'
                when exists (select 1 from referenced r where r.year = y.year and r.code like 'BU%') then 'referenced'
                else 'nearest' end as chosen
    from reference.years y
),
division as (
    select l.year, l.code from listed l join choice c on c.year = l.year where c.chosen = 'listed'
    union select n.year, n.code from counted n join choice c on c.year = n.year where c.chosen = 'counted'
    union select r.year, r.code from referenced r join choice c on c.year = r.year where c.chosen = 'referenced'
    union select n.year, l.code from nearest n join choice c on c.year = n.year and c.chosen = 'nearest'
          join (select year, code from raw.area_list union select year, area from raw.population) l on l.year = n.list_year
    union select y.year, m.code from reference.years y cross join reference.municipality m
),
in_tables as (
    select distinct cast(substr(p.period, 1, 4) as integer) as year, p.area as code
    from raw.police_open p where p.area is not null
),
everywhere as (
    select year, code, 'division' as origin from division
    union all
    select t.year, t.code, 'table' from in_tables t
    join reference.years y on y.year = t.year
    where not exists (select 1 from division d where d.year = t.year and d.code = t.code)
),
with_districts as (
    select year, code, origin from everywhere
    union
    select e.year, 'WK' || substr(e.code, 3, 6), min(e.origin) from everywhere e
    where e.code like 'BU%'
      and not exists (select 1 from everywhere d where d.year = e.year and d.code = 'WK' || substr(e.code, 3, 6))
    group by e.year, 'WK' || substr(e.code, 3, 6)
),
names as (
    select code, name, year, 1 as preference from raw.area_list
    union all select code, name, first_year, 2 from reference.area
    union all select code, name, year, 3 from raw.boundary_name where name is not null
    union all select area, name, year, 4 from raw.population where name is not null and name not like 'BU%' and name not like 'WK%' and name not like 'GM%'
),
named as (
    select year, code, name from (
        select w.year, w.code, n.name,
               row_number() over (partition by w.year, w.code order by case when n.year <= w.year then 0 else 1 end, abs(w.year - n.year), n.preference, n.name) as place
        from with_districts w join names n on n.code = w.code
    ) ranked where place = 1
)
select w.code,
       case when n.name is null then w.code when n.name like 'Wijk __ (%' then trim(n.name)
            else regexp_replace(trim(n.name), '^Wijk [0-9]+ ', '') end as name,
       case substr(w.code, 1, 2) when 'GM' then 'municipality' when 'WK' then 'district' else 'neighbourhood' end as level,
       case substr(w.code, 1, 2) when 'GM' then r.code when 'WK' then 'GM' || substr(w.code, 3, 4) else 'WK' || substr(w.code, 3, 6) end as parent,
       w.year, w.origin
from with_districts w cross join reference.region r
left join named n on n.year = w.year and n.code = w.code
union all
select r.code, r.name, 'region', cast(null as varchar), y.year, 'division' from reference.region r cross join reference.years y
