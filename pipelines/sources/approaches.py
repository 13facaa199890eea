"""Approaches: one row per person in a group, person, system (family) or place approach.

A delivery of a year holds everybody who was in an approach on some day of it, also who began earlier or goes on after.
It holds no name and no home address: the municipality that directs the approach is that of the person's home.
"""

from dataclasses import replace

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources import sql
from pipelines.sources.persons import BIRTH_DATE, FAMILY, PERSON, SEX, area_columns, date_column

APPROACHES = {
    "group": ("groep", "groepsaanpak"),
    "person": ("persoon", "persoonsgebonden aanpak", "persoonsgericht", "pga"),
    "system": ("systeem", "systeemaanpak", "gezin", "gezinsaanpak"),
    "place": ("plaats", "locatie", "locatiegerichte aanpak"),
}
"""The four approaches and the words for them."""
PHASES = ("aanmelding", "plan", "uitvoering", "nazorg", "afgesloten")
OPAQUE = "[A-Z]{1,3}-?[0-9]{3,8}|[0-9a-f]{16,64}"


def approach_column(*, empty: bool) -> Column:
    """Which of the four approaches."""
    cases = " ".join(f"when '{word}' then '{code}'" for code, words in APPROACHES.items() for word in words)
    return Column(
        name="approach",
        meaning="group, person, system (family) or place",
        rule="groep, persoon, systeem or locatie",
        check=f"{{c}} in {tuple(APPROACHES)}",
        headers=("aanpak",),
        tidy=f"case lower(trim({{c}})) {cases} else nullif(lower(trim({{c}})), '') end",
        empty=empty,
    )


def group_column(*, empty: bool) -> Column:
    """A youth group by a code that says nothing."""
    return Column(
        name="group_code",
        meaning="code of the youth group; never a name or the name of a place",
        rule="a code that says nothing (JG-0123, or 16 to 64 hexadecimal digits); never a name",
        check=f"regexp_full_match({{c}}, '{OPAQUE}')",
        headers=("groep",),
        aliases=("groepscode",),
        empty=empty,
        personal="group",
    )


CONTRACT = Contract(
    source="approaches",
    title="Personen in een aanpak",
    supplier="Gemeenten (regie op de aanpakken)",
    desk="the network director of the municipality",
    persons=True,
    event="begin_date",
    period_column="begin_date",
    retention_column="end_date",
    columns=(
        PERSON,
        FAMILY,
        replace(BIRTH_DATE, empty=True, required=False),
        replace(SEX, required=False),
        approach_column(empty=False),
        group_column(empty=True),
        replace(
            area_columns("home", "where the person lives, and that directs the approach", ("buurt", "gemeente"))[1],
            empty=False,
        ),
        date_column("begin_date", "first day in the approach", "begin"),
        date_column("end_date", "last day in the approach; empty while it runs", "einde", empty=True),
        Column(
            name="phase",
            meaning="how far the approach is",
            rule="aanmelding, plan, uitvoering, nazorg or afgesloten",
            check=f"{{c}} in {PHASES}",
            headers=("fase",),
            tidy="nullif(lower(trim({c})), '')",
        ),
        replace(
            date_column(
                "informed_on",
                "day on which the young person and the parents were told; empty when they were not",
                "geïnformeerd op",
                empty=True,
            ),
            aliases=("geinformeerd op", "informed on"),
        ),
    ),
    rows=(
        RowRule(name="end_date", rule="not before the start", check="end_date >= begin_date"),
        RowRule(
            name="birth_date",
            rule="not after the start",
            check=f"{sql.as_date('birth_date')} <= {sql.as_date('begin_date')}",
        ),
    ),
    keep=f"not {sql.outside('home_municipality')}",
    unique=("person", "approach", "group_code", "begin_date"),
)
