-- core.absence_home: core.absence_place with the home municipality as a kind, 'elsewhere' when it is not in this region.
select p.*, coalesce(m.code, 'elsewhere') as kind
from core.absence_place p
left join reference.municipality m on m.code = p.home_municipality
