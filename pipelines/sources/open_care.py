"""CBS youth care per area: 85075NED, 82972NED (municipality) and 82966NED (district). Persons, rounded to fives.

The smallest count that CBS gives is 10; below it stands a point. One row holds the three kinds beside each other; a
young person may be in more than one, so they do not add up.
"""

from pipelines.contract import Contract
from pipelines.sources.open_columns import AREA, area_column, count_column, period_columns

KINDS = ("help", "protection", "probation")

CONTRACT = Contract(
    source="open_care",
    title="Jongeren met jeugdzorg (CBS, afgerond op vijftallen)",
    supplier="CBS",
    desk="CBS (or fetch the table again)",
    columns=(
        area_column(),
        *period_columns(),
        count_column("help", "young people with youth help", "JongerenMetJeugdhulpInNatura_1", "JongerenMetJeugdhulp_1",
                     "Jongeren met jeugdhulp in natura (aantal)", "Jongeren met jeugdhulp (aantal)", required=False),
        count_column("protection", "young people with youth protection", "JongerenMetJeugdbescherming_3",
                     "Jongeren met jeugdbescherming (aantal)", required=False),
        count_column("probation", "young people with youth probation", "JongerenMetJeugdreclassering_5",
                     "Jongeren met jeugdreclassering (aantal)", required=False),
    ),
    keep=AREA,
    unique=("area", "period"),
)  # fmt: skip
