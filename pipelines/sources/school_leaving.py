"""School leaving: one row per early leaver (left without a basic qualification), by school year (1 October - 30 September)."""

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources import sql
from pipelines.sources.persons import BIRTH_DATE, PERSON, SEX, area_columns, same_municipality
from pipelines.sources.schools import EDUCATION_TYPE, SCHOOL, SCHOOL_MUNICIPALITY

REASONS = {
    "werk": "work",
    "gezondheid": "health",
    "gedrag": "behaviour",
    "verkeerde keuze": "wrong_choice",
    "verhuisd": "moved",
    "overig": "other",
    "onbekend": "unknown",
}
"""Reason as the school gives it -> ours."""

_CASES = " ".join(f"when '{dutch}' then '{reason}'" for dutch, reason in REASONS.items())
COUNT_DAY = "substr(school_year, 1, 4) || '1001'"
"""SQL: 1 October of the school year, on which DUO counts and the age is taken."""

CONTRACT = Contract(
    source="school_leaving",
    title="Voortijdig schoolverlaters (DUO)",
    supplier="DUO",
    desk="DUO or the regional registration (RMC)",
    persons=True,
    event=COUNT_DAY,
    period_column="school_year",
    school_years=True,
    columns=(
        PERSON,
        BIRTH_DATE,
        SEX,
        *area_columns("home", "where the young person lives", ("woonbuurt", "woongemeente")),
        SCHOOL,
        SCHOOL_MUNICIPALITY,
        EDUCATION_TYPE,
        Column(
            name="school_year",
            meaning="school year in which he or she left: from 1 October to 30 September",
            rule="a school year: 2024-2025 or 2024/25",
            check="regexp_full_match({c}, '20[0-9]{2}/[0-9]{2}') and "
            "(try_cast(substr({c}, 1, 4) as integer) + 1) % 100 = try_cast(substr({c}, 6, 2) as integer)",
            headers=("schooljaar",),
            tidy="nullif(regexp_replace(trim({c}), '^(20[0-9]{2}) ?[-/] ?(20)?([0-9]{2})$', '\\1/\\3'), '')",
            empty=False,
        ),
        Column(
            name="reason",
            meaning="reason for leaving; often unknown",
            rule="one of the reasons agreed: " + ", ".join(REASONS),
            check=f"{{c}} in ({', '.join(repr(reason) for reason in REASONS.values())})",
            headers=("reden",),
            tidy=f"case lower(trim({{c}})) {_CASES} else nullif(trim({{c}}), '') end",
        ),
    ),
    rows=(
        RowRule(
            name="birth_date",
            rule="11 to 22 years old on 1 October of the school year",
            check=f"{sql.age_at('birth_date', COUNT_DAY)} between 11 and 22",
        ),
        same_municipality("home"),
    ),
    keep=f"not {sql.outside('home_municipality')}",
    unique=("person", "school_year"),
)
