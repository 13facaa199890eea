-- core.table_division: in which division the open police tables present a year: one row per municipality and year that
-- they hold neighbourhoods of.
-- Reads raw.police_open and core.area. A police table shows all its years in one division, and a code of another year
-- may be another area. division_year is the year itself when its division has every code held, else the one with most
-- codes in common: its population is the denominator. line_year says how a line over the years runs: a municipality of
-- which every year holds the same codes is in one division, the newest that fits; else each year is in its own.
with held as (
    select distinct 'GM' || substr(area, 3, 4) as municipality, cast(substr(period, 1, 4) as integer) as year, area as code
    from raw.police_open where area like 'BU%'
),
division as (
    select 'GM' || substr(code, 3, 4) as municipality, year, code
    from core.area where origin = 'division' and level = 'neighbourhood'
),
held_size as (select municipality, year, count(*) as codes from held group by municipality, year),
division_size as (select municipality, year, count(*) as codes from division group by municipality, year),
shared as (
    select h.municipality, h.year, d.year as division_year, count(*) as codes
    from held h join division d on d.municipality = h.municipality and d.code = h.code
    group by h.municipality, h.year, d.year
),
steady as (
    select h.municipality from held_size h
    join (select municipality, count(distinct code) as codes from held group by municipality) every_code
      on every_code.municipality = h.municipality
    group by h.municipality having min(h.codes) = max(every_code.codes)
),
fits as (
    select s.municipality, s.year, s.division_year,
           case when s.division_year = s.year and s.codes = h.codes then 0 else 1 end as elsewhere,
           cast(s.codes as double) / (h.codes + d.codes - s.codes) as fit
    from shared s
    join held_size h on h.municipality = s.municipality and h.year = s.year
    join division_size d on d.municipality = s.municipality and d.year = s.division_year
),
ranked as (
    select municipality, year, division_year,
           row_number() over (partition by municipality, year
                              order by elsewhere, fit desc, abs(division_year - year), division_year) as place,
           row_number() over (partition by municipality, year order by fit desc, division_year desc) as newest
    from fits
)
select r.municipality, r.year, r.division_year,
       case when y.municipality is null then r.division_year else n.division_year end as line_year
from ranked r
join ranked n on n.municipality = r.municipality and n.year = r.year and n.newest = 1
left join steady y on y.municipality = r.municipality
where r.place = 1
