-- core.table_division: in the division of which year the open police tables present a year: one row per municipality
-- and year that they hold neighbourhoods of.
-- Reads raw.police_open and core.area. A police table shows all its years in one division, and a code of another year
-- may be another area. It is the year's own division when that has every code, else the one with most codes in common.
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
ranked as (
    select s.municipality, s.year, s.division_year,
           row_number() over (
               partition by s.municipality, s.year
               order by case when s.division_year = s.year and s.codes = h.codes then 0 else 1 end,
                        cast(s.codes as double) / (h.codes + d.codes - s.codes) desc,
                        abs(s.division_year - s.year), s.division_year
           ) as place
    from shared s
    join held_size h on h.municipality = s.municipality and h.year = s.year
    join division_size d on d.municipality = s.municipality and d.year = s.division_year
)
select municipality, year, division_year from ranked where place = 1
