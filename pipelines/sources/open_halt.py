"""CBS Halt: 71930ned (young people, rounded to tens, finished in the year) and 85993NED (national).

Counted when the intervention ended, so these differ from the referrals that Halt itself delivers. The table also
splits by origin: only its total is ours, such splits are never published.
"""

from pipelines.contract import Column, Contract
from pipelines.sources.open_columns import AREA, age_column, area_column, count_column, period_columns, sex_column

CONTRACT = Contract(
    source="open_halt",
    title="Halt-jongeren (CBS, afgerond op tientallen)",
    supplier="CBS",
    desk="CBS (or fetch the table again)",
    columns=(
        area_column(required=False),
        *period_columns(),
        age_column(),
        sex_column(),
        Column(
            name="origin",
            meaning="origin; only the total is ours",
            headers=("Herkomstgroeperingen_titel", "Herkomstgroeperingen", "Herkomst_titel", "Herkomst", "Migratieachtergrond"),
            tidy="case when lower(trim({c})) like 'totaal%' or trim({c}) in ('1012600', 'T001040') then 'all' else nullif(trim({c}), '') end",
            required=False,
        ),
        count_column(
            "young_people",
            "young people whose Halt intervention ended in the year, a multiple of ten",
            "TotaalAantalHaltJongeren_1",
            "TotaalHaltJongeren_1",
            "Totaal aantal Halt-jongeren (aantal)",
            "Halt-jongeren (aantal)",
        ),
        count_column("crimes", "of them for a crime", "TotaalMisdrijvenHalt_2", "Totaal misdrijven Halt (aantal)", required=False),
        count_column("truancy", "of them for truancy", "OvertredingLeerplichtwet_9", "Overtreding Leerplichtwet (aantal)", required=False),
    ),
    keep=f"(area is null or area like 'NL%' or {AREA}) and coalesce(origin, 'all') = 'all'",
    unique=("area", "period", "age", "sex", "origin"),
)  # fmt: skip
