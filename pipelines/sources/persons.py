"""Columns that person rows of different suppliers have in common."""

from pipelines.contract import Column, RowRule
from pipelines.sources import sql

PERSON = Column(
    name="person",
    meaning="the young person, pseudonymised at the supplier with the project key (HMAC-SHA256, 64 hex digits)",
    rule="64 hexadecimal digits, as `jeugdbeeld pseudonymise` writes them",
    check="regexp_full_match({c}, '[0-9a-f]{64}')",
    headers=("persoon",),
    aliases=("persoonspseudoniem",),
    tidy="nullif(lower(trim({c})), '')",
    empty=False,
    personal="person",
)
FAMILY = Column(
    name="family",
    meaning="the family (household) of the young person, pseudonymised at the supplier with the project key; empty when unknown",
    rule="64 hexadecimal digits, as `jeugdbeeld pseudonymise` writes them",
    check="regexp_full_match({c}, '[0-9a-f]{64}')",
    headers=("gezin", "gezinspseudoniem"),
    tidy="nullif(lower(trim({c})), '')",
    personal="family",
)
BIRTH_DATE = Column(
    name="birth_date",
    meaning="date of birth; becomes age at the event",
    rule="a date JJJJMMDD or d-m-jjjj; unknown day or month is 00",
    check="length({c}) = 8 and " + sql.as_date("{c}") + " is not null",
    headers=("geboortedatum",),
    date=True,
    tidy=sql.TIDY_DATE,
    empty=False,
    personal="birth_date",
)
SEX = Column(
    name="sex",
    meaning="male, female; NULL when unknown",
    rule="M, V or O (unknown)",
    check="{c} in ('male', 'female', 'unknown')",
    headers=("geslacht",),
    tidy="case upper(trim({c})) when 'M' then 'male' when 'MAN' then 'male' when 'V' then 'female' "
    "when 'VROUW' then 'female' when 'O' then 'unknown' when 'ONBEKEND' then 'unknown' else nullif(trim({c}), '') end",
)


def area_columns(name: str, meaning: str, headers: tuple[str, str]) -> tuple[Column, Column]:
    """Neighbourhood and municipality of one kind of place (home, offence)."""
    return (
        Column(
            name=f"{name}_neighbourhood",
            meaning=f"neighbourhood {meaning}; empty when unknown: then the row counts in its municipality only",
            rule="a CBS neighbourhood code (BU + 8 digits) that exists",
            check=sql.area_rule("neighbourhood"),
            headers=(headers[0],),
            tidy="nullif(upper(trim({c})), '')",
        ),
        Column(
            name=f"{name}_municipality",
            meaning=f"municipality {meaning}",
            rule="a CBS municipality code (GM + 4 digits)",
            check=f"regexp_full_match({{c}}, '{sql.CODE['municipality']}')",
            headers=(headers[1],),
            tidy="nullif(upper(trim({c})), '')",
        ),
    )


def same_municipality(name: str) -> RowRule:
    """The neighbourhood lies in the municipality that is delivered beside it."""
    return RowRule(
        name=f"{name}_neighbourhood",
        rule="lies in the municipality of the same row",
        check=f"substr({name}_neighbourhood, 3, 4) = substr({name}_municipality, 3, 4)",
    )


def date_column(name: str, meaning: str, header: str, *, empty: bool = False) -> Column:
    """A date of which day and month are known."""
    return Column(
        name=name,
        meaning=meaning,
        rule="a date JJJJMMDD or d-m-jjjj",
        check=sql.FULL_DATE,
        headers=(header,),
        date=True,
        tidy=sql.TIDY_DATE,
        empty=empty,
    )
