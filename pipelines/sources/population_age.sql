-- core.population_age: inhabitants on 1 January per municipality, year, single year of age ('all' included) and sex.
-- Reads raw.population_age (03759ned, text). Exact: CBS does not round this table.
select area, cast(period as integer) as year, age, coalesce(sex, 'all') as sex, cast(inhabitants as double) as inhabitants
from raw.population_age
where length(period) = 4 and area like 'GM%' and try_cast(inhabitants as double) is not null
