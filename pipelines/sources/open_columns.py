"""Columns that the rounded open tables share: area, period, age, sex and counts, as CBS and DUO write them.

A code list is known to its own table only: `jeugdbeeld pull` puts the title of a code beside it (`Leeftijd_titel`),
and a labelled download holds nothing but titles. So titles are read first, and codes where they are the same in all
tables (a total, a single year of age, men, women).
"""

from pipelines.contract import Column
from pipelines.sources import sql

_PLAIN = "rtrim(trim({c}), '*')"
_TIDY_PERIOD = f"""case
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}(JJ00)?') then substr({_PLAIN}, 1, 4)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}HJ0[12]') then substr({_PLAIN}, 1, 4) || 'H' || right({_PLAIN}, 1)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}} [12]e halfjaar') then substr({_PLAIN}, 1, 4) || 'H' || substr({_PLAIN}, 6, 1)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}KW0[1-4]') then substr({_PLAIN}, 1, 4) || 'Q' || right({_PLAIN}, 1)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}} [1-4]e kwartaal') then substr({_PLAIN}, 1, 4) || 'Q' || substr({_PLAIN}, 6, 1)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}SJ00') then substr({_PLAIN}, 1, 4) || '/' || right(cast(cast(substr({_PLAIN}, 1, 4) as integer) + 1 as varchar), 2)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}} ?[-/] ?.?([0-9]{{2}})?[0-9]{{2}}') then substr({_PLAIN}, 1, 4) || '/' || right({_PLAIN}, 2)
 else nullif(trim({{c}}), '') end"""
PERIOD_RULE = "a CBS period (2024JJ00, 2024HJ01, 2024KW01, 2024SJ00), its label, a year or a school year (2024-2025)"
_LOW = "lower(trim({c}))"
_TIDY_AGE = f"""case
 when {_LOW} like 'totaal%' or {_LOW} = '10000' then 'all'
 when {_LOW} = '10010' then '0'
 when regexp_full_match({_LOW}, '1[0-9]{{2}}00') then cast(cast((cast({_LOW} as integer) - 10000) / 100 as integer) as varchar)
 when regexp_full_match({_LOW}, '[0-9]+ tot [0-9]+ jaar') then split_part({_LOW}, ' ', 1) || '-' || cast(cast(split_part({_LOW}, ' ', 3) as integer) - 1 as varchar)
 when regexp_full_match({_LOW}, '[0-9]+ tot en met [0-9]+ jaar') then split_part({_LOW}, ' ', 1) || '-' || split_part({_LOW}, ' ', 5)
 when regexp_full_match({_LOW}, '[0-9]+ jaar of ouder') then split_part({_LOW}, ' ', 1) || '+'
 when regexp_full_match({_LOW}, '[0-9]+ jaar') then split_part({_LOW}, ' ', 1)
 else nullif(trim({{c}}), '') end"""
_TIDY_SEX = f"""case
 when {_LOW} like 'totaal%' or {_LOW} in ('t001038', '1100') then 'all'
 when {_LOW} in ('mannen', 'jongens', 'man', '3000') then 'male'
 when {_LOW} in ('vrouwen', 'meisjes', 'vrouw', '4000') then 'female'
 else nullif(trim({{c}}), '') end"""
AREA = "'GM' || substr(area, 3, 4) in (select code from region)"


def area_column(*headers: str, required: bool = True) -> Column:
    """The area by its CBS code or its name; absent in a national table."""
    return Column(
        name="area",
        meaning="CBS code; absent in a national table",
        rule="a CBS code: NL, GM, WK or BU and its digits",
        check="regexp_full_match({c}, 'NL[0-9]{2}|GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}')",
        headers=(*headers, "RegioS", "Regio's", "WijkenEnBuurten", "Wijken en buurten"),
        tidy="coalesce((select min(code) from area_name where name = trim({c})), nullif(trim({c}), ''))",
        required=required,
    )


def period_columns(*headers: str) -> tuple[Column, Column]:
    """The period, and whether it is marked provisional (`*`, `**`)."""
    named = (*headers, "Perioden", "Periode")
    period = Column(
        name="period",
        meaning="year, half-year, quarter or school year",
        rule=PERIOD_RULE,
        check="regexp_full_match({c}, '[0-9]{4}(H[12]|Q[1-4]|/[0-9]{2})?')",
        headers=named,
        tidy=_TIDY_PERIOD,
        empty=False,
    )
    mark = Column(
        name="provisional",
        meaning="true when the period is marked * or **",
        headers=named,
        tidy="case when {c} like '%*' then 'true' else 'false' end",
        required=False,
    )
    return period, mark


def age_column(*, required: bool = True) -> Column:
    """A single year of age, a band (`12-17`), an open end (`65+`) or `all`."""
    return Column(
        name="age",
        meaning="age or age group",
        rule="an age (12 jaar), an age group (12 tot 18 jaar) or the total",
        check="regexp_full_match({c}, 'all|[0-9]{1,3}|[0-9]{1,2}-[0-9]{1,3}|[0-9]{1,3}[+]')",
        headers=("Leeftijd_titel", "Leeftijd", "Leeftijdsgroep"),
        tidy=_TIDY_AGE,
        required=required,
    )


def sex_column() -> Column:
    """Male, female or `all`."""
    return Column(
        name="sex",
        meaning="male, female or all",
        rule="mannen, vrouwen or the total",
        check="{c} in ('all', 'male', 'female')",
        headers=("Geslacht_titel", "Geslacht"),
        tidy=_TIDY_SEX,
        required=False,
    )


def count_column(name: str, meaning: str, *headers: str, required: bool = True) -> Column:
    """A published count: blank cannot occur, `.` (or `<5`) is unknown."""
    return Column(
        name=name,
        meaning=meaning,
        rule="a whole number, blank (cannot occur) or . (unknown)",
        check=sql.WHOLE_NUMBER,
        headers=headers,
        tidy=f"case when trim({{c}}) like '<%' then '.' else {sql.TIDY_COUNT} end",
        required=required,
    )
