"""Figures and an indicator as the screen reads them, for tests of everything that draws."""

from datetime import datetime

import pandas as pd

from dashboard.choose import View, find_area, name_areas
from dashboard.figures import Build, Publication
from dashboard.indicator import Indicator, read_indicator
from tests.drawn import table

BLANK = {"age": "all", "sex": "all", "kind": "all", "label": None, "trend": None, "provisional": False}
NUMBERS = ("numerator", "denominator", "value", "low", "high")


def example_indicator(**changes: object) -> Indicator:
    """Halt referrals, or another indicator by its differences."""
    row: dict[str, object] = {
        "id": "halt_rate",
        "title": "Jongeren verwezen naar Halt",
        "definition": "Jongeren met minstens één verwijzing.",
        "numerator": "jongeren met een verwijzing",
        "denominator": "inwoners van 12-17 jaar",
        "unit": "per 1.000 jongeren",
        "per": 1000.0,
        "decimals": 1,
        "counts": "persons",
        "geography": "home",
        "polarity": "no_judgement",
        "theme": "halt",
        "sources": "halt,cbs",
        "caveats": "Meer verwijzingen is niet meer criminaliteit.",
        "breaks": "[]",
        "splits": '{"municipality": [[], ["age"], ["sex"]], "district": [[]]}',
        "periods": '{"municipality": ["year", "quarter"], "district": ["year"]}',
        "age": "12-17",
    }
    return read_indicator(row | changes)


def draw_figures_of(drawing: str) -> pd.DataFrame:
    """A frame as `load_figures` returns it, from a drawn table; columns that are not drawn are blank."""
    drawn = table(drawing)
    drawn["period"] = drawn["period"].astype(str) if "period" in drawn else "2025"
    for name, value in BLANK.items():
        drawn[name] = drawn.get(name, value)
    drawn["provisional"] = [flag in {True, "yes"} for flag in drawn["provisional"]]
    for name in NUMBERS:
        drawn[name] = pd.to_numeric(drawn[name]) if name in drawn else float("nan")
    for name, value in {"indicator": "halt_rate", "level": "municipality", "area": "GM0375"}.items():
        drawn[name] = drawn.get(name, value)
    drawn["name"] = drawn.get("name", drawn["area"])
    return drawn.assign(series=drawn["name"], heading=drawn["name"])


BUILD = Build(
    id="b1",
    made_on=datetime(2026, 3, 1),
    version="1",
    rule="De regel.",
    threshold=5,
    region="RG-IJMOND",
    region_name="IJmond",
    synthetic=True,
)
AREAS = """
    code       | name      | level         | parent
    RG-IJMOND  | IJmond    | region        |
    GM0375     | Beverwijk | municipality  | RG-IJMOND
    GM0453     | Velsen    | municipality  | RG-IJMOND
    WK037500   | Wijk Noord| district      | GM0375
    BU03750000 | Oost      | neighbourhood | WK037500
    BU03750001 | West      | neighbourhood | WK037500
"""


def example_view(
    *,
    area: str = "RG-IJMOND",
    year: str = "2025",
    indicator: Indicator | None = None,
    publication: Publication | None = None,
) -> View:
    """What a visitor of a small IJmond chose."""
    areas = table(AREAS)
    return View(
        publication=publication or Publication(path="", build=BUILD),
        area=find_area(areas, area),
        year=year,
        indicator=indicator or example_indicator(),
        areas=areas,
        area_names=name_areas(areas),
    )
