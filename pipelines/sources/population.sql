-- core.population: inhabitants on 1 January per area, age band and sex; NULL when CBS gives no number.
-- Reads raw.population (text, as delivered; year is the year of the table) and reference.region.
-- The bands 12-14, 15-17, 12-17, 18-22 and 12-22 do not exist in this table: they are estimated as if every year of
-- age in a CBS band held as many young people, and boys and girls in the proportion of all men and women.
with counts as (
    select distinct year, area,
           try_cast(inhabitants as double) as total,
           try_cast(men as double) as men,
           try_cast(women as double) as women,
           try_cast(age_0_14 as double) as a00,
           try_cast(age_15_24 as double) as a15,
           try_cast(age_25_44 as double) as a25,
           try_cast(age_45_64 as double) as a45,
           try_cast(age_65 as double) as a65
    from raw.population
),
with_region as (
    select year, area, total, men, women, a00, a15, a25, a45, a65 from counts
    union all
    select c.year, r.code, sum(total), sum(men), sum(women), sum(a00), sum(a15), sum(a25), sum(a45), sum(a65)
    from counts c cross join reference.region r
    where c.area like 'GM%'
    group by c.year, r.code
    having count(*) = (select count(*) from reference.municipality)
),
bands as (
    select year, area, total, men, women, 'all' as age, total as inhabitants, false as estimated from with_region
    union all select year, area, total, men, women, '0-14', a00, false from with_region
    union all select year, area, total, men, women, '15-24', a15, false from with_region
    union all select year, area, total, men, women, '25-44', a25, false from with_region
    union all select year, area, total, men, women, '45-64', a45, false from with_region
    union all select year, area, total, men, women, '65+', a65, false from with_region
    union all select year, area, total, men, women, '12-14', 3.0 / 15.0 * a00, true from with_region
    union all select year, area, total, men, women, '15-17', 3.0 / 10.0 * a15, true from with_region
    union all select year, area, total, men, women, '12-17', 3.0 / 15.0 * a00 + 3.0 / 10.0 * a15, true from with_region
    union all select year, area, total, men, women, '18-22', 5.0 / 10.0 * a15, true from with_region
    union all select year, area, total, men, women, '12-22', 3.0 / 15.0 * a00 + 8.0 / 10.0 * a15, true from with_region
)
select year, area, age, 'all' as sex, round(inhabitants) as inhabitants, estimated from bands
union all
select year, area, age, 'male', round(inhabitants * men / nullif(total, 0)), true from bands where estimated
union all
select year, area, age, 'female', round(inhabitants) - round(inhabitants * men / nullif(total, 0)), true from bands where estimated
