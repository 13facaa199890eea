"""Figures and an indicator as the screen reads them, for tests of everything that draws."""

import pandas as pd

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
