-- core.suspect_pair: one row per suspect, year and offence that he shares with another suspect; the offence has no number
-- here, so it is the same when day, neighbourhood and class are, and the police name other suspects at both.
with together as (
    select distinct person_key, year, offence_date || offence_neighbourhood || offence_class as offence
    from core.suspect
    where co_suspects > 0 and offence_neighbourhood is not null
),
shared as (
    select year, offence from together group by year, offence having count(*) > 1
)
select t.person_key, t.year, t.offence from together t join shared s on s.year = t.year and s.offence = t.offence
