-- core.period: every year and quarter of this build.
select cast(year as varchar) as id, 'year' as kind, year from reference.years
union all
select cast(y.year as varchar) || 'Q' || q.number, 'quarter', y.year
from reference.years y cross join (values ('1'), ('2'), ('3'), ('4')) as q(number)
