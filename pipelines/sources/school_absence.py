"""School absence: one row per report of absence without leave (DUO's absence register), by school year.

A report is about an absence; a pupil may have several. Absolute absence (a child of school age who is enrolled nowhere)
comes from the list of children who are not enrolled: it has no school and no type of education.
"""

from dataclasses import replace

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources import sql
from pipelines.sources.persons import BIRTH_DATE, PERSON, SEX, area_columns, date_column, same_municipality
from pipelines.sources.schools import EDUCATION_TYPE, SCHOOL, SCHOOL_MUNICIPALITY

KINDS = {
    "A": "absolute",
    "V1": "relative",
    "V2": "relative",
    "V3": "relative",
    "V4": "relative",
    "LRV": "long_term",
    "L": "luxury",
    "RMC": "rmc",
    "O": "other",
}
"""DUO's code -> our kind. V1: three school days in a row; V2: 1/8 of the lessons in four weeks; V3: 16 hours in four weeks
(under 18); V4: the same from 18 on; LRV: more than four weeks; L: holiday without leave; RMC: 18 or older, for the
regional registration; O: other; A: absolute absence."""
STATUSES = {"R": "registered", "B": "in_progress", "G": "closed", "K": "for_information", "I": "withdrawn"}

CONTRACT = Contract(
    source="school_absence",
    title="Verzuimmeldingen (DUO)",
    supplier="DUO",
    desk="DUO or the municipality's attendance desk",
    persons=True,
    event="begin_date",
    period_column="report_date",
    school_years=True,
    columns=(
        Column(
            name="report",
            meaning="report number; only used to find rows delivered twice",
            headers=("meldingsnummer",),
            empty=False,
            personal="drop",
        ),
        PERSON,
        BIRTH_DATE,
        SEX,
        *area_columns("home", "where the pupil lives", ("woonbuurt", "woongemeente")),
        SCHOOL,
        SCHOOL_MUNICIPALITY,
        replace(EDUCATION_TYPE, empty=True),
        Column(
            name="kind",
            meaning="kind of absence",
            rule="one of DUO's kinds: " + ", ".join(KINDS),
            check=f"{{c}} in ({', '.join(repr(code) for code in KINDS)})",
            headers=("verzuimsoort",),
            tidy="nullif(upper(trim({c})), '')",
            empty=False,
        ),
        date_column("begin_date", "first day of the absence; the age is taken on it", "begindatum"),
        date_column("end_date", "last day of the absence; empty while it lasts", "einddatum", empty=True),
        date_column("report_date", "day of the report; it decides the period", "meldingsdatum"),
        Column(
            name="status",
            meaning="what was done with the report; withdrawn reports do not count",
            rule="R, B, G, K or I",
            check=f"{{c}} in ({', '.join(repr(code) for code in STATUSES)})",
            headers=("status",),
            tidy="nullif(upper(trim({c})), '')",
            empty=False,
        ),
    ),
    rows=(
        RowRule(
            name="birth_date",
            rule="4 to 22 years old on the first day of absence",
            check=f"{sql.age_at('birth_date', 'begin_date')} between 4 and 22",
        ),
        RowRule(name="end_date", rule="not before the first day of absence", check="end_date >= begin_date"),
        RowRule(name="report_date", rule="not before the first day of absence", check="report_date >= begin_date"),
        RowRule(
            name="school",
            rule="filled, except for absolute absence",
            check="(kind = 'A') = (school is null)",
        ),
        RowRule(
            name="kind",
            rule="V4 and RMC from 18 years on, V3 before",
            check=f"case when birth_date like '%00' then true when kind in ('V4', 'RMC') then {sql.age_at('birth_date', 'report_date')} >= 18"
            f" when kind = 'V3' then {sql.age_at('birth_date', 'begin_date')} < 18 else true end",
        ),
        same_municipality("home"),
    ),
    keep=f"not ((coalesce({sql.outside('home_municipality')}, true) and coalesce({sql.outside('school_municipality')}, true))"
    " and coalesce(home_municipality, school_municipality) is not null)",
    unique=("report",),
)
