-- core.chain_step: one row per suspect, cohort and step of the chain (kind) that he reached, besides the police.
select person_key, period, period_kind, age, sex, home_region, home_municipality, home_district, home_neighbourhood, t.kind
from core.chain c
join (values ('signal'), ('halt'), ('prosecution'), ('probation'), ('care')) as t(kind)
     on case t.kind when 'signal' then c.signal_on when 'halt' then c.halt_on when 'prosecution' then c.prosecution_on
             when 'probation' then c.probation_on else c.care_on end is not null
