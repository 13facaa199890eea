"""Interventions: the regional toolbox. One row per intervention; no persons, only how many took part."""

from dataclasses import replace

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources.approaches import approach_column
from pipelines.sources.persons import date_column

TYPES = {
    "voorlichting": "information",
    "training": "training",
    "coaching": "coaching",
    "sport en cultuur": "sport",
    "gezinsondersteuning": "family_support",
    "straatwerk": "outreach",
    "overig": "other",
}
"""Kinds of interventions as delivered -> our kinds (labels in data/reference/labels.csv)."""
_TYPE_CASES = " ".join(f"when '{dutch}' then '{kind}'" for dutch, kind in TYPES.items())
_AGES = "regexp_replace(regexp_replace(lower(trim({c})), ' *(tot en met|t/m|-) *', '-'), ' *jaar$', '')"


def project_column(*, empty: bool) -> Column:
    """The project that a row belongs to, by its code of `indicators/programmes.py`; 1 to 7 are Twente's."""
    return Column(
        name="project",
        meaning="the project: a code of pipelines/indicators/programmes.py, or 1 to 7 of Twente",
        rule="a project or approach of a programme, such as twente-3 or bh-group",
        check="{c} in (select code from programme_part)",
        headers=("project",),
        tidy="case when regexp_full_match(trim({c}), '[1-7]') then 'twente-' || trim({c}) "
        "else nullif(regexp_replace(lower(trim({c})), '[ _]+', '-', 'g'), '') end",
        empty=empty,
    )


def _codes(name: str, meaning: str, header: str, prefix: str, digits: int) -> Column:
    one = f"{prefix}[0-9]{{{digits}}}"
    return Column(
        name=name,
        meaning=meaning,
        rule="CBS codes with a comma between them",
        check=f"regexp_full_match({{c}}, '{one}(,{one})*')",
        headers=(header,),
        tidy="nullif(trim(regexp_replace(upper({c}), '[^A-Z0-9]+', ',', 'g'), ','), '')",
    )


CONTRACT = Contract(
    source="interventions",
    title="Interventies (toolbox)",
    supplier="Gemeenten (regionale toolbox)",
    desk="the toolbox desk of the region",
    period_column="start_date",
    columns=(
        Column(
            name="name",
            meaning="name of the intervention; never that of a person",
            rule="a name of at most 80 characters",
            check="length({c}) <= 80",
            headers=("naam", "interventie"),
            empty=False,
        ),
        Column(
            name="type",
            meaning="kind of intervention",
            rule="one of: " + ", ".join(TYPES),
            check=f"{{c}} in {tuple(TYPES.values())}",
            headers=("soort", "type"),
            tidy=f"case lower(trim({{c}})) {_TYPE_CASES} else nullif(trim({{c}}), '') end",
            empty=False,
        ),
        project_column(empty=True),
        approach_column(empty=True),
        replace(_codes("municipalities", "where it runs", "gemeenten", "GM", 4), empty=False),
        _codes("neighbourhoods", "where it runs, when not in whole municipalities", "buurten", "BU", 8),
        Column(
            name="target_ages",
            meaning="first and last age of whom it is meant for",
            rule="two ages, such as 12-17",
            check="regexp_full_match({c}, '[0-9]{1,2}-[0-9]{1,2}') and "
            "cast(split_part({c}, '-', 1) as integer) <= cast(split_part({c}, '-', 2) as integer)",
            headers=("leeftijd",),
            aliases=("doelgroep",),
            tidy=f"nullif({_AGES}, '')",
        ),
        date_column("start_date", "first day", "start"),
        date_column("end_date", "last day; empty while it runs", "einde", empty=True),
        Column(
            name="participants",
            meaning="how many took part in the year of the delivery",
            rule="a whole number",
            check="regexp_full_match({c}, '[0-9]{1,5}')",
            headers=("deelnemers",),
        ),
        Column(
            name="indicator",
            meaning="the indicator that it should change, by its id in the catalogue",
            rule="the id of an indicator",
            check="regexp_full_match({c}, '[a-z][a-z0-9_]*')",
            headers=("beoogde indicator", "indicator"),
            tidy="nullif(lower(trim({c})), '')",
        ),
    ),
    rows=(RowRule(name="end_date", rule="not before the start", check="end_date >= start_date"),),
    keep="exists (select 1 from region r where contains(municipalities, r.code))",
    unique=("name", "start_date"),
)
