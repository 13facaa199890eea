-- core.intervention_place: one row per intervention, year and municipality of this region where it runs.
-- Reads core.intervention, reference.municipality and reference.region. How many take part is known for the whole
-- intervention only: it stands on each row, so it may be added up over interventions within one place, never over places.
select i.intervention_key, i.period, i.period_kind, i.type, i.project, i.approach, i.youngest, i.oldest, i.participants,
       r.code as place_region, m.code as place_municipality
from core.intervention i
join reference.municipality m on position(m.code in i.municipalities) > 0
cross join reference.region r
