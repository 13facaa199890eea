"""DUO early leaving: one row per municipality of residence and school year, leavers and all pupils. Not rounded.

DUO writes `<5` for small counts: unknown, never zero. DUO gives no file address that stays: take the file from
duo.nl (open onderwijsdata, voortijdig schoolverlaten) and drop it in by hand.
"""

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources.open_columns import AREA, count_column, period_columns

CONTRACT = Contract(
    source="open_leaving",
    title="Voortijdig schoolverlaters per woongemeente (DUO)",
    supplier="DUO",
    desk="DUO (or take the file again)",
    columns=(
        Column(
            name="area",
            meaning="municipality of residence, by CBS code or DUO's four digits",
            rule="a CBS municipality code (GM + 4 digits)",
            check="regexp_full_match({c}, 'GM[0-9]{4}')",
            headers=("Gemeentenummer", "Gemeentecode", "Woongemeentecode", "Gemeentenummer woongemeente"),
            tidy="case when regexp_full_match(trim({c}), '[0-9]{1,4}') then 'GM' || lpad(trim({c}), 4, '0') else nullif(trim({c}), '') end",
            empty=False,
        ),
        *period_columns("Schooljaar", "Jaar"),
        count_column("leavers", "pupils who left early", "Aantal vsv'ers", "Aantal vsv-ers", "Aantal vsv", "vsv"),
        count_column("pupils", "pupils at the start of the school year", "Vsv-populatie", "Aantal leerlingen",
                     "Aantal onderwijsdeelnemers", "Deelnemers"),
    ),
    rows=(
        RowRule(
            name="leavers",
            rule="not more than the pupils",
            check="coalesce(try_cast(leavers as double) <= try_cast(pupils as double), true)",
        ),
    ),
    keep=AREA,
    unique=("area", "period"),
    school_years=True,
)  # fmt: skip
