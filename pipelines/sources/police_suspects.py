"""Police: one row per registration of a suspect who was 10 to 22 years old at the time."""

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources import sql
from pipelines.sources.persons import BIRTH_DATE, PERSON, SEX, area_columns, date_column, same_municipality

CONTRACT = Contract(
    source="police_suspects",
    title="Verdachten (politie)",
    supplier="Politie",
    desk="the police data desk",
    persons=True,
    event="offence_date",
    period_column="registration_date",
    within_period=True,
    columns=(
        Column(
            name="registration",
            meaning="registration number; only used to find rows delivered twice",
            headers=("registratienummer",),
            empty=False,
            personal="drop",
        ),
        PERSON,
        BIRTH_DATE,
        SEX,
        *area_columns("home", "where the suspect lived", ("woonbuurt", "woongemeente")),
        Column(
            name="offence_class",
            meaning="BVH class of the offence",
            rule="a class of data/reference/offence_classes.csv",
            check="{c} in (select code from offence_class)",
            headers=("delict",),
            aliases=("delictcode",),
            tidy="nullif(upper(trim({c})), '')",
            empty=False,
        ),
        date_column("offence_date", "day of the offence; the age is taken on it", "pleegdatum"),
        date_column("registration_date", "day of registration; it decides the period", "registratiedatum"),
        *area_columns("offence", "of the offence", ("pleegbuurt", "pleeggemeente")),
        Column(
            name="disposal",
            meaning="what followed",
            rule="Halt, STOP, reprimande, dagvaarding or sepot",
            check="{c} in ('halt', 'stop', 'reprimande', 'dagvaarding', 'sepot')",
            headers=("afdoening",),
            tidy="nullif(lower(trim({c})), '')",
        ),
        Column(
            name="co_suspects",
            meaning="number of other suspects of the same offence",
            rule="a whole number",
            check="regexp_full_match({c}, '[0-9]{1,3}')",
            headers=("medeverdachten",),
        ),
    ),
    rows=(
        RowRule(
            name="birth_date",
            rule="10 to 22 years old on the day of the offence",
            check=f"{sql.age_at('birth_date', 'offence_date')} between 10 and 22",
        ),
        RowRule(
            name="registration_date",
            rule="not before the offence",
            check="registration_date >= offence_date",
        ),
        same_municipality("home"),
        same_municipality("offence"),
    ),
    keep=f"not (({sql.elsewhere('home')} or {sql.unknown_place('home')})"
    f" and ({sql.elsewhere('offence')} or {sql.unknown_place('offence')})"
    f" and not ({sql.unknown_place('home')} and {sql.unknown_place('offence')}))",
    unique=("registration",),
)
