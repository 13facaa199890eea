"""CBS 03759ned: inhabitants on 1 January by single year of age and sex, per municipality. Exact, not rounded.

The table also has marital status and age groups; only the total of marital status and single years are ours.
"""

from pipelines.contract import Column, Contract, TableRule
from pipelines.sources.open_columns import AREA, age_column, area_column, count_column, period_columns, sex_column

MEN_AND_WOMEN = TableRule(
    name="sex",
    rule="men and women add up to the inhabitants",
    count="""
    , sums as (select area, period, age, min(line) as line, count(*) as given,
                      sum(case when sex = 'all' then try_cast(inhabitants as bigint) end) as whole,
                      sum(case when sex <> 'all' then try_cast(inhabitants as bigint) end) as parts
               from rows group by area, period, age)
    select count(*), min(line) from sums where given = 3 and whole <> parts""",
)
AGES_WITHIN_ALL = TableRule(
    name="age",
    rule="single years of age together are not more than all ages",
    count="""
    , sums as (select area, period, sex, min(line) as line,
                      sum(case when age = 'all' then try_cast(inhabitants as bigint) end) as whole,
                      sum(case when age <> 'all' then try_cast(inhabitants as bigint) end) as parts
               from rows group by area, period, sex)
    select count(*), min(line) from sums where parts > whole""",
)

CONTRACT = Contract(
    source="population_age",
    title="Bevolking naar leeftijd",
    supplier="CBS",
    desk="CBS (or fetch the table again)",
    columns=(
        area_column(),
        *period_columns(),
        age_column(),
        sex_column(),
        Column(
            name="marital",
            meaning="marital status; only the total is ours",
            headers=("BurgerlijkeStaat_titel", "BurgerlijkeStaat", "Burgerlijke staat"),
            tidy="case when lower(trim({c})) like 'totaal%' or trim({c}) = 'T001019' then 'all' else nullif(trim({c}), '') end",
            required=False,
        ),
        count_column(
            "inhabitants", "inhabitants on 1 January", "BevolkingOp1Januari_1", "Bevolking op 1 januari (aantal)"
        ),
    ),
    tables=(MEN_AND_WOMEN, AGES_WITHIN_ALL),
    keep=f"{AREA} and coalesce(marital, 'all') = 'all' and (age = 'all' or coalesce(try_cast(age as integer), 999) < 100)",
    unique=("area", "period", "age", "sex", "marital"),
)
