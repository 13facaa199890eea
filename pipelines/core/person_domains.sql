-- core.person_domains: core.person_year with the number of domains as a kind: 1, 2 or 3 and more.
select *, case when domains = 1 then 'domains_1' when domains = 2 then 'domains_2' else 'domains_3' end as kind
from core.person_year where domains > 0
