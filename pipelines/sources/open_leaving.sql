-- core.open_leaving: early leavers and pupils per municipality of residence and school year, as DUO publishes them.
-- Reads raw.open_leaving (text). Not rounded; a small count (`<5`) is missing, never zero.
select area, period, 'all' as age, 'all' as sex, 'all' as kind,
       case when leavers is null or leavers = '.' or try_cast(pupils as double) is null then 'missing' else 'counted' end as state,
       try_cast(leavers as double) as persons, try_cast(pupils as double) as whole, provisional = 'true' as provisional
from raw.open_leaving
