"""CBS code lists of municipalities, districts and neighbourhoods: the division of one year.

Boundaries (GeoJSON, GPKG) are delivered in the same folder; `boundaries.py` reads them.
"""

from pipelines.contract import Column, Contract
from pipelines.sources import sql

CONTRACT = Contract(
    source="areas",
    title="Indeling in wijken en buurten",
    supplier="CBS",
    desk="CBS (or fetch the list again)",
    columns=(
        Column(
            name="area",
            meaning="CBS code",
            rule="a CBS code GM, WK or BU with 4, 6 or 8 digits",
            check="regexp_full_match({c}, 'GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}')",
            headers=("Key", "code"),
            empty=False,
        ),
        Column(name="name", meaning="name of the area", headers=("Title", "name", "naam"), empty=False),
    ),
    keep=f"not {sql.outside('area')}",
    unique=("area",),
)
