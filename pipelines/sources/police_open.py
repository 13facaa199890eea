"""Open police tables: registered crimes (47013, 47018, 47022NED) and nuisance (47021, 47024NED), counts of incidents.

Read as OData (typed or untyped), as bulk CSV with codes, as labelled download, and as national series without an
area column. A code means something only within its family: `0.0.0` is the total of crimes and of nuisance.
"""

from pipelines.contract import Column, Contract, RowRule, TableRule
from pipelines.sources import sql

_LABEL = "(select min(family || '/' || key) from police_offence where title = trim({c}))"
_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

_PLAIN = "rtrim(trim({c}), '*')"
_MONTH_CASES = " ".join(f"when '{name}' then 'M{n:02d}'" for n, name in enumerate(_MONTHS, 1))
_TIDY_PERIOD = f"""case
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}(JJ00)?') then substr({_PLAIN}, 1, 4)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}KW0[1-4]') then substr({_PLAIN}, 1, 4) || 'Q' || right({_PLAIN}, 1)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}MM[0-9]{{2}}') then substr({_PLAIN}, 1, 4) || 'M' || right({_PLAIN}, 2)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}}-[0-9]{{2}}-01') then substr({_PLAIN}, 1, 4) || 'M' || substr({_PLAIN}, 6, 2)
 when regexp_full_match({_PLAIN}, '[0-9]{{4}} [1-4]e kwartaal') then substr({_PLAIN}, 1, 4) || 'Q' || substr({_PLAIN}, 6, 1)
 when substr({_PLAIN}, 5, 1) = ' ' then substr({_PLAIN}, 1, 4) || coalesce(case substr({_PLAIN}, 6) {_MONTH_CASES} end, '?')
 else nullif(trim({{c}}), '') end"""

_OFFENCE = "coalesce(crime, nuisance, offence_label)"
_COUNTED = f"(select {_OFFENCE} as offence, coalesce(area, 'NL01') as area, period, try_cast(count as bigint) as n, line from rows)"

_PARTS_OF_YEAR = f"""
    , counted as {_COUNTED}
    , parts as (select offence, area, substr(period, 1, 4) as year, substr(period, 5, 1) as part, sum(n) as n,
                       count(n) as many, min(line) as line
                from counted where length(period) > 4 group by 1, 2, 3, 4)
    , beside as (select p.offence, p.area, p.part, p.many, p.line, p.n, y.n as year_n, o.months_complete
                 from parts p join counted y on y.offence = p.offence and y.area = p.area and y.period = p.year
                 join police_offence o on o.family || '/' || o.key = p.offence)"""

MONTHS_MAKE_YEAR = TableRule(
    name="period",
    rule="twelve months (or four quarters) add up to their year",
    count=f"""{_PARTS_OF_YEAR}
    select count(*), min(line) from beside
    where months_complete = 'true' and offence not like '%/0.0.0' and n <> year_n
      and (part = 'M' and many = 12 or part = 'Q' and many = 4)""",
)
PARTS_WITHIN_YEAR = TableRule(
    name="period",
    rule="months or quarters together are not more than their year",
    count=f"{_PARTS_OF_YEAR} select count(*), min(line) from beside where n > year_n",
)
YEAR_IN_JANUARY = TableRule(
    name="period",
    rule="January holds one month, not the total of the year",
    count=f"""
    , counted as {_COUNTED}
    , months as (select offence, area, substr(period, 1, 4) as year, sum(n) as n, min(line) as line,
                        max(case when period like '%M01' then n end) as january, count(*) as months
                 from counted where period like '%M%' group by 1, 2, 3)
    select count(*), min(line) from months
    where months >= 12 and n - january >= 50 and january >= n - january""",
)
PARTS_WITHIN_WHOLE = TableRule(
    name="area",
    rule="neighbourhoods and districts together are not more than what they lie in",
    count=f"""
    , counted as {_COUNTED}
    , parts as (
        select offence, period, 'GM' || substr(area, 3, 4) as whole, substr(area, 1, 2) as level, sum(n) as n, min(line) as line
        from counted where area like 'BU%' or area like 'WK%' group by 1, 2, 3, 4
        union all
        select offence, period, 'WK' || substr(area, 3, 6), 'BU', sum(n), min(line)
        from counted where area like 'BU%' group by 1, 2, 3, 4)
    select count(*), min(p.line) from parts p
    join counted w on w.offence = p.offence and w.period = p.period and w.area = p.whole
    where p.n > w.n""",
)
KIND_WITHIN_TOTAL = TableRule(
    name="offence",
    rule="one offence is not more than the total of all offences",
    count=f"""
    , counted as {_COUNTED}
    select count(*), min(o.line) from counted o
    join counted t on t.area = o.area and t.period = o.period and t.offence = split_part(o.offence, '/', 1) || '/0.0.0'
    where o.n > t.n""",
)

CONTRACT = Contract(
    source="police_open",
    title="Geregistreerde misdrijven en overlast",
    supplier="Politie",
    desk="the police data portal (or fetch the table again)",
    columns=(
        Column(
            name="crime",
            meaning="offence, as crime/key",
            rule="an offence of data/reference/police_offences.csv",
            check="{c} in (select family || '/' || key from police_offence)",
            headers=("SoortMisdrijf", "Soort misdrijf"),
            tidy=f"coalesce({_LABEL}, 'crime/' || nullif(trim({{c}}), ''))",
            required=False,
        ),
        Column(
            name="nuisance",
            meaning="nuisance class, as nuisance/key",
            rule="a class of data/reference/police_offences.csv",
            check="{c} in (select family || '/' || key from police_offence)",
            headers=("Overlast", "Soort overlast"),
            tidy=f"coalesce({_LABEL}, 'nuisance/' || nullif(trim({{c}}), ''))",
            required=False,
        ),
        Column(
            name="offence_label",
            meaning="offence or nuisance class by its title (national series)",
            rule="a title of data/reference/police_offences.csv",
            check="{c} in (select family || '/' || key from police_offence)",
            headers=("incident_type_code", "crime_type_code"),
            tidy=f"coalesce({_LABEL}, nullif(trim({{c}}), ''))",
            required=False,
        ),
        Column(
            name="area",
            meaning="CBS code; absent in a national series",
            rule="a CBS code that exists: GM, WK or BU with 4, 6 or 8 digits",
            check="regexp_full_match({c}, 'GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}') and {c} in (select code from area)",
            headers=("RegioS", "Regio's", "WijkenEnBuurten", "Wijken en buurten"),
            tidy="coalesce((select min(code) from area_name where name = trim({c})), case when"
            " regexp_matches(upper(trim({c})), '^(GM|WK|BU)[0-9]') then upper(trim({c})) else nullif(trim({c}), '') end)",
            required=False,
        ),
        Column(
            name="period",
            meaning="year, quarter or month",
            rule="a CBS period (2020JJ00, 2020KW01, 2020MM01), its label, a year, or the first day of a month",
            check="regexp_full_match({c}, '(19|20)[0-9]{2}(Q[1-4]|M(0[1-9]|1[0-2]))?')",
            headers=("Perioden", "Periode", "year", "date"),
            tidy=_TIDY_PERIOD,
            empty=False,
        ),
        Column(
            name="provisional",
            meaning="true when the period is marked * or **",
            headers=("Perioden", "Periode"),
            tidy="case when {c} like '%*' then 'true' else 'false' end",
            required=False,
        ),
        Column(
            name="count",
            meaning="registered incidents",
            rule="a whole number, blank (cannot occur) or . (unknown)",
            check=sql.WHOLE_NUMBER,
            headers=(
                "GeregistreerdeMisdrijven_1",
                "GeregistreerdeOverlast_1",
                "Geregistreerde misdrijven (aantal)",
                "Geregistreerde overlast (aantal)",
                "incident_count",
                "frequency",
            ),
            tidy=sql.TIDY_COUNT,
        ),
    ),
    rows=(RowRule(name="offence", rule="names an offence or a nuisance class", check=f"{_OFFENCE} is not null"),),
    tables=(MONTHS_MAKE_YEAR, YEAR_IN_JANUARY, PARTS_WITHIN_YEAR, PARTS_WITHIN_WHOLE, KIND_WITHIN_TOTAL),
    keep=f"area is null or regexp_matches(area, '^(GM|WK|BU)[0-9]') and not {sql.outside('area')}",
    unique=("crime", "nuisance", "offence_label", "area", "period"),
)
