"""Youth groups: one row per group and half-year. Never a name: a group is a code that says nothing.

The assessment of the shortlist (hinderlijk, overlastgevend, crimineel) was dropped in 2015 and stigmatises: it may
still arrive, and goes nowhere.
"""

from dataclasses import replace

from pipelines.contract import Column, Contract
from pipelines.sources import sql
from pipelines.sources.approaches import group_column
from pipelines.sources.persons import area_columns, same_municipality

_WRITTEN = r"regexp_extract(upper(trim({c})), '^(20[0-9]{2})[-_ ]?H?([12])(E HALFJAAR)?$', "
_DUTCH = r"regexp_extract(upper(trim({c})), '^([12])E HALFJAAR (20[0-9]{2})$', "
_NEIGHBOURHOOD, _MUNICIPALITY = area_columns("place", "where the group is seen most", ("buurt", "gemeente"))

CONTRACT = Contract(
    source="youth_groups",
    title="Jeugdgroepen in beeld",
    supplier="Gemeenten en politie (7-stappenmodel)",
    desk="the network director of the municipality",
    persons=True,
    period_column="half_year",
    columns=(
        group_column(empty=False),
        Column(
            name="half_year",
            meaning="the half-year that the row is about",
            rule="a half-year: 2025H1, or 1e halfjaar 2025",
            check="regexp_full_match({c}, '20[0-9]{2}H[12]')",
            headers=("halfjaar",),
            aliases=("periode",),
            tidy=f"case when {_WRITTEN}1) <> '' then {_WRITTEN}1) || 'H' || {_WRITTEN}2) "
            f"when {_DUTCH}1) <> '' then {_DUTCH}2) || 'H' || {_DUTCH}1) else nullif(trim({{c}}), '') end",
            empty=False,
        ),
        replace(_MUNICIPALITY, empty=False),
        _NEIGHBOURHOOD,
        Column(
            name="assessment",
            meaning="judgement of the group by the old shortlist; taken in with the row, never counted or published",
            headers=("beoordeling",),
            aliases=("kwalificatie",),
            required=False,
            personal="drop",
        ),
        Column(
            name="size",
            meaning="about how many young people",
            rule="a whole number",
            check="regexp_full_match({c}, '[0-9]{1,3}')",
            headers=("omvang",),
        ),
        Column(
            name="phase",
            meaning="step of the 7-step model, 1 to 7",
            rule="a step of the 7-step model: 1 to 7",
            check="regexp_full_match({c}, '[1-7]')",
            headers=("stap",),
            aliases=("fase",),
            tidy="nullif(trim(regexp_replace(lower({c}), '^ *stap', '')), '')",
            empty=False,
        ),
    ),
    rows=(same_municipality("place"),),
    keep=f"not {sql.outside('place_municipality')}",
    unique=("group_code", "half_year"),
)
