"""CBS key figures per district and neighbourhood (one table a year): inhabitants by age and sex, households, income, urbanity.

Districts and neighbourhoods are rounded at random to multiples of 5, so they do not add up to their municipality.
The column numbers (`k_0Tot15Jaar_8`) differ by year: headers are compared without them.
"""

from pipelines.contract import Column, Contract, TableRule
from pipelines.sources import sql

AGES = {
    "age_0_14": ("k_0Tot15Jaar_8", "0 tot 15 jaar (aantal)"),
    "age_15_24": ("k_15Tot25Jaar_9", "15 tot 25 jaar (aantal)"),
    "age_25_44": ("k_25Tot45Jaar_10", "25 tot 45 jaar (aantal)"),
    "age_45_64": ("k_45Tot65Jaar_11", "45 tot 65 jaar (aantal)"),
    "age_65": ("k_65JaarOfOuder_12", "65 jaar of ouder (aantal)"),
}


def _count(name: str, meaning: str, *headers: str, required: bool = True) -> Column:
    return Column(
        name=name,
        meaning=meaning,
        rule="a whole number, or . for unknown",
        check=sql.WHOLE_NUMBER,
        headers=headers,
        tidy=sql.TIDY_COUNT,
        required=required,
    )


def _published(name: str, meaning: str, *headers: str) -> Column:
    """A number about the area itself, which older or newer tables may not have yet."""
    return Column(
        name=name,
        meaning=meaning,
        rule="a number of 0 or more, or . for unknown",
        check=f"{sql.WHOLE_NUMBER} or regexp_full_match({{c}}, '[0-9]{{1,6}}[.][0-9]')",
        headers=headers,
        tidy=sql.TIDY_COUNT,
        required=False,
    )


def _parts_rule(name: str, parts: tuple[str, ...], rule: str) -> TableRule:
    """The parts make the whole: exactly in a municipality, within the rounding to 5 elsewhere."""
    total = " + ".join(f"try_cast({part} as double)" for part in parts)
    off = f"abs({total} - try_cast(inhabitants as double))"
    allowed = f"case when area like 'GM%' then 0 else {5 * (len(parts) + 1)} end"
    return TableRule(name=name, rule=rule, count=f"select count(*), min(line) from rows where {off} > {allowed}")


PARTS_WITHIN_WHOLE = TableRule(
    name="inhabitants",
    rule="neighbourhoods or districts together are not more than their municipality (but for rounding)",
    count="""
    , parts as (select 'GM' || substr(area, 3, 4) as whole, substr(area, 1, 2) as level, count(*) as many, min(line) as line,
                       sum(try_cast(inhabitants as double)) as n
                from rows where area not like 'GM%' group by 1, 2)
    select count(*), min(p.line) from parts p join rows w on w.area = p.whole
    where p.n > 1.05 * try_cast(w.inhabitants as double) + 5 * p.many""",
)

CONTRACT = Contract(
    source="population",
    title="Kerncijfers wijken en buurten",
    supplier="CBS",
    desk="CBS (or fetch the table again)",
    columns=(
        Column(
            name="area",
            meaning="CBS code of municipality, district or neighbourhood",
            rule="a CBS code GM, WK or BU with 4, 6 or 8 digits",
            check="regexp_full_match({c}, 'GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}')",
            headers=("Codering (code)", "Codering_3", "WijkenEnBuurten"),
            empty=False,
        ),
        Column(
            name="name",
            meaning="name of the area as the table gives it (OData gives the code here)",
            headers=("Wijken en buurten",),
            required=False,
        ),
        Column(
            name="municipality_name", meaning="name of its municipality", headers=("Gemeentenaam_1",), required=False
        ),
        Column(
            name="change",
            meaning="against the year before: 1 same code and border, 2 another code, 3 another border",
            headers=("IndelingswijzigingWijkenEnBuurten_4", "Indelingswijziging wijken en buurten (code)"),
            required=False,
        ),
        _count("inhabitants", "inhabitants on 1 January", "AantalInwoners_5", "Aantal inwoners (aantal)"),
        _count("men", "men", "Mannen_6", "Mannen (aantal)"),
        _count("women", "women", "Vrouwen_7", "Vrouwen (aantal)"),
        *(
            _count(name, f"inhabitants of {name[4:].replace('_', ' to ')} years", *headers)
            for name, headers in AGES.items()
        ),
        _published("households", "private households", "HuishoudensTotaal_28", "Huishoudens totaal (aantal)"),
        _published(
            "with_children",
            "households with children",
            "HuishoudensMetKinderen_31",
            "Huishoudens met kinderen (aantal)",
        ),
        _published(
            "income",
            "mean income per inhabitant, in thousands of euros",
            "GemiddeldInkomenPerInwoner_72",
            "Gemiddeld inkomen per inwoner (x 1 000 euro)",
        ),
        _published(
            "address_density",
            "addresses per square kilometre around a home",
            "Omgevingsadressendichtheid_116",
            "Omgevingsadressendichtheid (per km²)",
        ),
    ),
    tables=(
        _parts_rule("age", tuple(AGES), "age groups add up to the inhabitants"),
        _parts_rule("sex", ("men", "women"), "men and women add up to the inhabitants"),
        PARTS_WITHIN_WHOLE,
    ),
    keep=f"not {sql.outside('area')}",
    unique=("area",),
)
