-- core.halt_period: one row per young person and period (year or quarter) with a referral to Halt at the age of 12 to 17.
-- Reads core.halt. Age, sex and home are those of the last referral in the period.
-- timed: that referral has both dates (first hearing and referral); in_norm: at most 7 days between them.
-- talk_in_norm: its first talk was at most 30 days after the referral; a talk that has not been is not in time.
-- over_three: more than three referrals in all that was delivered, up to and with this period.
with spread as (
    select year as period, 'year' as period_kind, h.* from core.halt h where h.age between 12 and 17
    union all
    select quarter, 'quarter', h.* from core.halt h where h.age between 12 and 17
),
numbered as (
    select s.*, (select count(*) from core.halt e where e.person_key = s.person_key and e.referred_on <= s.referred_on) as referrals
    from spread s
),
ranked as (
    select *, row_number() over (partition by person_key, period
                                 order by referred_on desc, age desc, home_municipality, home_neighbourhood, kind, sex,
                                          first_hearing, result) as place
    from numbered
)
select person_key, period, period_kind, age, sex,
       case when age between 12 and 14 then '12-14' when age between 15 and 17 then '15-17' end as age_band,
       home_region, home_municipality, home_district, home_neighbourhood,
       case when first_hearing is not null then 1 else 0 end as timed,
       case when first_hearing is not null and datediff('day', first_hearing, referred_on) <= 7 then 1 else 0 end as in_norm,
       case when started_on is not null and datediff('day', referred_on, started_on) <= 30 then 1 else 0 end as talk_in_norm,
       case when referrals > 3 then 1 else 0 end as over_three
from ranked where place = 1
