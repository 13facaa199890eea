"""CBS suspects by municipality of residence: 85655NED (offence, age, sex) and 85658NED. Persons, rounded to tens.

One person counts once a year in each offence group, so groups and ages do not add up; a count that CBS gives as 10
stands for 5 to 14. The tables name their measure differently over the years; what counts is the number of persons.
"""

from pipelines.contract import Column, Contract
from pipelines.sources.open_columns import AREA, age_column, area_column, count_column, period_columns, sex_column

GROUPS = {
    "totaal%": "all",
    "misdrijven, totaal%": "all",
    "1 vermogensmisdrijven%": "property",
    "2 vernieling%": "public_order",
    "3 gewelds- en seksuele misdrijven%": "violence",
    "5 verkeersmisdrijven%": "traffic",
    "6 drugsmisdrijven%": "drugs",
    "7 %wapenmisdrijven%": "weapons",
}
"""Main groups of the CBS Standard Classification of Offences -> our kinds; finer groups are passed over."""
_GROUP_CASES = " ".join(f"when lower(trim({{c}})) like '{title}' then '{kind}'" for title, kind in GROUPS.items())
KINDS = tuple(dict.fromkeys(GROUPS.values()))

CONTRACT = Contract(
    source="open_suspects",
    title="Verdachten per woongemeente (CBS, afgerond op tientallen)",
    supplier="CBS",
    desk="CBS (or fetch the table again)",
    columns=(
        area_column("WoonregioS"),
        *period_columns(),
        age_column(),
        sex_column(),
        Column(
            name="kind",
            meaning="main group of the offence; 'all' is the total",
            headers=("SoortMisdrijf_titel", "SoortMisdrijf", "Soort misdrijf", "Delict_titel", "Delict"),
            tidy=f"case {_GROUP_CASES} else nullif(trim({{c}}), '') end",
            required=False,
        ),
        count_column(
            "suspects",
            "persons, a multiple of ten",
            "UniekGeregistreerdeVerdachten_1",
            "GeregistreerdeVerdachten_1",
            "TotaalVerdachten_1",
            "Verdachten_1",
            "Uniek geregistreerde verdachten (aantal)",
            "Geregistreerde verdachten (aantal)",
            "Verdachten (aantal)",
        ),
    ),
    keep=f"{AREA} and coalesce(kind, 'all') in ({', '.join(repr(kind) for kind in KINDS)})",
    unique=("area", "period", "age", "sex", "kind"),
)
