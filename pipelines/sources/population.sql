-- core.population: inhabitants on 1 January per area, age band and sex; NULL when CBS gives no number.
-- Reads raw.population (text, as delivered; year is the year of the table), core.population_age (may be empty),
-- reference.years and reference.region.
-- Youth bands (12-17, 18-22 ...) are not in the key figures. A municipality takes them exactly from 03759ned
-- (estimated = false); its districts and neighbourhoods take the municipality's shares within the CBS band. Without that
-- table every year of age in a CBS band counts as equally large, and boys and girls as all men and women.
with bands as (
    select * from (values
        ('0-11', 0, 11), ('0-17', 0, 17), ('0-22', 0, 22), ('12-14', 12, 14), ('12-15', 12, 15), ('12-17', 12, 17),
        ('12-22', 12, 22), ('12-23', 12, 23), ('15-17', 15, 17), ('16-17', 16, 17), ('16-22', 16, 22), ('18-22', 18, 22),
        ('18-23', 18, 23), ('5-11', 5, 11), ('5-17', 5, 17), ('5-22', 5, 22)
    ) as listed(age, low, high)
),
exact as (
    select area, year, sex,
           sum(case when age = 'all' then inhabitants end) as total,
           sum(case when age <> 'all' and cast(age as integer) between 0 and 14 then inhabitants end) as a00,
           sum(case when age <> 'all' and cast(age as integer) between 15 and 24 then inhabitants end) as a15,
           sum(case when age <> 'all' and cast(age as integer) between 0 and 24 then 1 else 0 end) as ages
    from core.population_age group by area, year, sex
),
exact_bands as (
    select p.area, p.year, p.sex, b.age, sum(p.inhabitants) as inhabitants,
           sum(case when cast(p.age as integer) <= 14 then p.inhabitants else 0 end) as young,
           sum(case when cast(p.age as integer) >= 15 then p.inhabitants else 0 end) as older
    from core.population_age p
    join exact e on e.area = p.area and e.year = p.year and e.sex = p.sex and e.ages = 25
    join bands b on cast(p.age as integer) between b.low and b.high
    where p.age <> 'all'
    group by p.area, p.year, p.sex, b.age
),
delivered as (
    select year, area,
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
counts as (
    select year, area, total, men, women, a00, a15, a25, a45, a65 from delivered
    union all
    select e.year, e.area, e.total, m.total, f.total, e.a00, e.a15, cast(null as double), cast(null as double), cast(null as double)
    from exact e
    join reference.years y on y.year = e.year
    left join exact m on m.area = e.area and m.year = e.year and m.sex = 'male'
    left join exact f on f.area = e.area and f.year = e.year and f.sex = 'female'
    where e.sex = 'all' and e.total is not null and e.ages = 25
      and not exists (select 1 from delivered d where d.area = e.area and d.year = e.year)
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
exact_areas as (
    select area, year, sex, age, inhabitants from exact_bands
    union all
    select r.code, x.year, x.sex, x.age, sum(x.inhabitants)
    from exact_bands x cross join reference.region r
    group by r.code, x.year, x.sex, x.age
    having count(*) = (select count(*) from reference.municipality)
),
weights as (
    select w.year, w.area, b.age,
           coalesce(x.young / nullif(e.a00, 0), greatest(least(b.high, 14) - b.low + 1, 0) / 15.0) as of_00,
           coalesce(x.older / nullif(e.a15, 0), greatest(b.high - greatest(b.low, 15) + 1, 0) / 10.0) as of_15,
           coalesce(m.inhabitants / nullif(x.inhabitants, 0), w.men / nullif(w.total, 0)) as male
    from with_region w cross join bands b
    left join exact e on e.area = 'GM' || substr(w.area, 3, 4) and e.year = w.year and e.sex = 'all' and w.area not like 'RG%'
    left join exact_bands x on x.area = e.area and x.year = e.year and x.sex = 'all' and x.age = b.age
    left join exact_bands m on m.area = e.area and m.year = e.year and m.sex = 'male' and m.age = b.age
),
estimates as (
    select w.year, w.area, k.age, k.male,
           round(case when k.of_00 > 0 then k.of_00 * w.a00 else 0.0 end + case when k.of_15 > 0 then k.of_15 * w.a15 else 0.0 end) as inhabitants
    from with_region w join weights k on k.area = w.area and k.year = w.year
),
youth as (
    select s.year, s.area, s.age, coalesce(x.inhabitants, s.inhabitants) as inhabitants,
           coalesce(m.inhabitants, round(s.inhabitants * s.male)) as men, x.inhabitants is null as estimated
    from estimates s
    left join exact_areas x on x.area = s.area and x.year = s.year and x.age = s.age and x.sex = 'all'
    left join exact_areas m on m.area = s.area and m.year = s.year and m.age = s.age and m.sex = 'male'
)
select year, area, 'all' as age, 'all' as sex, round(total) as inhabitants, false as estimated from with_region
union all select year, area, '0-14', 'all', round(a00), false from with_region
union all select year, area, '15-24', 'all', round(a15), false from with_region
union all select year, area, '25-44', 'all', round(a25), false from with_region
union all select year, area, '45-64', 'all', round(a45), false from with_region
union all select year, area, '65+', 'all', round(a65), false from with_region
union all select year, area, age, 'all', inhabitants, estimated from youth
union all select year, area, age, 'male', men, estimated from youth
union all select year, area, age, 'female', inhabitants - men, estimated from youth
