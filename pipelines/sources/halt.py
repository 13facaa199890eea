"""Halt: one row per referral of a young person (12 to 17 at the time of the offence)."""

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources import sql
from pipelines.sources.persons import BIRTH_DATE, PERSON, SEX, area_columns, date_column, same_municipality

GROUPS = {
    "vermogen": "property",
    "vernieling en openbare orde": "public_order",
    "geweld": "violence",
    "vuurwerk": "fireworks",
    "schoolverzuim": "truancy",
    "overig": "other",
}
"""Halt's own offence groups -> our kinds (labels in data/reference/labels.csv)."""

_GROUP_CASES = " ".join(f"when '{dutch}' then '{kind}'" for dutch, kind in GROUPS.items())

CONTRACT = Contract(
    source="halt",
    title="Halt-verwijzingen",
    supplier="Halt",
    desk="the Halt data desk",
    persons=True,
    event="referral_date",
    period_column="referral_date",
    within_period=True,
    columns=(
        Column(
            name="referral",
            meaning="referral number; only used to find rows delivered twice",
            headers=("verwijsnummer",),
            empty=False,
            personal="drop",
        ),
        PERSON,
        BIRTH_DATE,
        SEX,
        *area_columns("home", "where the young person lived", ("woonbuurt", "woongemeente")),
        Column(
            name="referrer",
            meaning="who referred",
            rule="politie, leerplichtambtenaar or boa",
            check="{c} in ('politie', 'leerplichtambtenaar', 'boa')",
            headers=("verwijzer",),
            tidy="nullif(lower(trim({c})), '')",
        ),
        Column(
            name="offence_group",
            meaning="group of the offence",
            rule="one of Halt's six groups: " + ", ".join(GROUPS),
            check=f"{{c}} in ({', '.join(repr(kind) for kind in GROUPS.values())})",
            headers=("delictgroep",),
            tidy=f"case lower(trim({{c}})) {_GROUP_CASES} else nullif(trim({{c}}), '') end",
            empty=False,
        ),
        date_column(
            "first_hearing", "first hearing by the police; empty for attendance officers", "eerste verhoor", empty=True
        ),
        date_column("referral_date", "day of referral; it decides the period", "verwijzing"),
        date_column("start_date", "first talk at Halt", "start", empty=True),
        date_column("finish_date", "end of the Halt intervention", "afsluiting", empty=True),
        Column(
            name="hours",
            meaning="hours of work or learning",
            rule="a number of hours, 0 to 40",
            check="try_cast({c} as double) between 0 and 40",
            headers=("uren",),
            tidy="nullif(replace(trim({c}), ',', '.'), '')",
        ),
        Column(
            name="result",
            meaning="how it ended; empty while it runs",
            rule="geslaagd, mislukt or niet gestart",
            check="{c} in ('geslaagd', 'mislukt', 'niet gestart')",
            headers=("resultaat",),
            tidy="nullif(lower(trim({c})), '')",
        ),
    ),
    rows=(
        RowRule(
            name="birth_date",
            rule="10 to 18 years old on the day of referral",
            check=f"{sql.age_at('birth_date', 'referral_date')} between 10 and 18",
        ),
        RowRule(name="referral_date", rule="not before the first hearing", check="referral_date >= first_hearing"),
        RowRule(name="start_date", rule="not before the referral", check="start_date >= referral_date"),
        RowRule(name="finish_date", rule="not before the start", check="finish_date >= start_date"),
        same_municipality("home"),
    ),
    keep=f"not {sql.elsewhere('home')}",
    unique=("referral",),
)
