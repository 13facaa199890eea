-- core.period: every year, half-year, quarter, month and school year of this build, with its first and last month.
-- Reads reference.years. Months are counted from the year 0. A school year runs from August to July and belongs to the
-- year of its 1 January: 2024/25 to 2025, whose division of areas and whose inhabitants it takes.
select cast(year as varchar) as id, 'year' as kind, year, year * 12 as first_month, year * 12 + 11 as last_month
from reference.years
union all
select cast(y.year as varchar) || 'H' || cast(h.number as varchar), 'half_year', y.year,
       y.year * 12 + (h.number - 1) * 6, y.year * 12 + h.number * 6 - 1
from reference.years y cross join (values (1), (2)) as h(number)
union all
select cast(y.year as varchar) || 'Q' || cast(q.number as varchar), 'quarter', y.year,
       y.year * 12 + (q.number - 1) * 3, y.year * 12 + q.number * 3 - 1
from reference.years y cross join (values (1), (2), (3), (4)) as q(number)
union all
select cast(year - 1 as varchar) || '/' || substr(cast(year as varchar), 3, 2), 'school_year', year,
       (year - 1) * 12 + 7, (year - 1) * 12 + 18
from reference.years
union all
select cast(y.year as varchar) || 'M' || lpad(cast(m.number as varchar), 2, '0'), 'month', y.year,
       y.year * 12 + m.number - 1, y.year * 12 + m.number - 1
from reference.years y
cross join (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) as m(number)
