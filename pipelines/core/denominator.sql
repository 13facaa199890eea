-- core.denominator: the population used for each area and year of this build.
-- Reads core.population and core.area. The year's own population, else the nearest earlier one, else the nearest
-- later one; `denominator_year` says which, and the screen repeats it.
with wanted as (
    select distinct code as area, year from core.area
),
available as (
    select distinct area, year from core.population where age = 'all' and inhabitants is not null
),
ranked as (
    select w.area, w.year, a.year as denominator_year,
           row_number() over (partition by w.area, w.year
                              order by case when a.year <= w.year then 0 else 1 end, abs(a.year - w.year)) as place
    from wanted w join available a on a.area = w.area
)
select r.area, r.year, r.denominator_year, p.age, p.sex, p.inhabitants, p.estimated
from ranked r join core.population p on p.area = r.area and p.year = r.denominator_year
where r.place = 1
