"""Which line a figure belongs to and what its row is called. Pure."""

from collections.abc import Mapping

import pandas as pd

from dashboard.choose import View
from dashboard.format import capitalise, format_period
from dashboard.indicator import Indicator


def name_series(figures: pd.DataFrame, view: View, split: str, groups: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """The figures with `series`: the area, or the group when one area is split; the chosen area comes first."""
    if split:
        words = [capitalise(groups.get((split, code), code)) for code in figures[split]]
        order = {label: place for place, ((dimension, _), label) in enumerate(groups.items()) if dimension == split}
        named = figures.assign(series=words)
        return named.sort_values(
            "series", key=lambda names: [order.get(name[:1].lower() + name[1:], 99) for name in names], kind="stable"
        )
    names = [view.area_names.get(code, code) for code in figures["area"]]
    return figures.assign(series=names, first=figures["area"] != view.area.code).sort_values(
        ["first", "series", "period"], kind="stable"
    )


def name_periods(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures, newest first, with the period as the heading of its row."""
    newest = figures.sort_values("period", ascending=False)
    return newest.assign(heading=[format_period(period) for period in newest["period"]])


def name_rows(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with the name of the area as the heading of its row."""
    regional = figures["level"] == "region"
    return figures.assign(heading=figures["name"].where(~regional, "Regio " + figures["name"]))


def pick_benchmark(region: pd.DataFrame, indicator: Indicator) -> tuple[float | None, str]:
    """The region's own value and name, when it is shown and is a level that areas can be held against."""
    shown = region[region["status"] == "shown"]
    if shown.empty or indicator.counts == "inhabitants":
        return None, ""
    return float(shown["value"].iloc[0]), f"Regio {shown['name'].iloc[0]}"
