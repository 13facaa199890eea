-- core.youth_group: one row per youth group and half-year, as the latest delivery tells it.
-- Reads raw.youth_groups (accepted; the code of the group is keyed, its assessment is gone) and reference.municipality.
-- The neighbourhood and the size stay here: no figure tells where one group is, or how large.
-- phase: the steps of the 7-step model, in three: 1-2 bring into view and analyse, 3-5 choose, direct and plan, 6-7 act and evaluate.
with ranked as (
    select group_key, half_year, place_municipality, cast(phase as integer) as step, try_cast(size as integer) as size,
           row_number() over (partition by group_key, half_year order by series desc, phase desc, place_municipality) as place
    from raw.youth_groups
)
select k.group_key, k.half_year as period, 'half_year' as period_kind, k.step, k.size,
       case when k.step <= 2 then 'steps_1_2' when k.step <= 5 then 'steps_3_5' else 'steps_6_7' end as phase,
       r.code as place_region, k.place_municipality
from ranked k
join reference.municipality m on m.code = k.place_municipality
cross join reference.region r
where k.place = 1
