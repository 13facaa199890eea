"""Which line a figure belongs to and what its row is called. Pure."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.registry import MixedSeries
from dashboard.format import capitalise, format_period
from dashboard.indicator import Indicator


def name_groups(figures: pd.DataFrame, dimension: str, labels: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """The figures with `series`: the group in words, in the order of the code list.

    labels  Dutch words by (dimension, code), in order
    """
    order = [code for name, code in labels if name == dimension]
    places = {code: place for place, code in enumerate(order)}
    words = [capitalise(labels.get((dimension, code), code)) for code in figures[dimension]]
    check_lines(figures, words)
    named = figures.assign(series=words, place=[places.get(code, len(order)) for code in figures[dimension]])
    return named.sort_values(["place", "period"], kind="stable")


def name_areas(figures: pd.DataFrame, names: Mapping[str, str], *, first: str) -> pd.DataFrame:
    """The figures with `series`: the name of the area; the area with code `first` comes first, the rest by name."""
    words = [names.get(code, code) for code in figures["area"]]
    check_lines(figures, words)
    named = figures.assign(series=words, place=figures["area"] != first)
    return named.sort_values(["place", "series", "period"], kind="stable")


def check_lines(figures: pd.DataFrame, lines: Sequence[str]) -> None:
    """Refuse a line that would join figures of different indicators, ages, sexes, kinds or lengths of period.

    raises  MixedSeries
    """
    kinds = figures["period"].str.len() + figures["period"].str.contains("/")
    keys = [*(figures[name] for name in ("indicator", "age", "sex", "kind") if name in figures), kinds]
    mixed = pd.concat(keys, axis=1).groupby(list(lines)).nunique().max(axis=1).gt(1) if len(figures) else pd.Series()
    if mixed.any():
        raise MixedSeries(
            f"one line of several indicators, groups or periods: {', '.join(mixed.index[mixed.astype(bool)])}"
        )


def name_periods(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures, newest first, with the period as the heading of its row."""
    newest = figures.sort_values("period", ascending=False)
    return newest.assign(heading=[format_period(period) for period in newest["period"]])


def name_rows(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with the name of the area as the heading of its row."""
    regional = figures["level"] == "region"
    return figures.assign(heading=figures["name"].where(~regional, "Regio " + figures["name"]))


def add_region(figures: pd.DataFrame, region: pd.DataFrame) -> pd.DataFrame:
    """The areas with the region as the last row."""
    return pd.concat([figures, region], ignore_index=True)


def split_region(figures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The areas within the region, and the region."""
    regional = figures["level"] == "region"
    return figures[~regional], figures[regional]


def pick_benchmark(region: pd.DataFrame, indicator: Indicator) -> tuple[float | None, str]:
    """The region's own value and name, when it is shown and is a level that areas can be held against."""
    shown = region[region["status"] == "shown"]
    if shown.empty or indicator.is_stock:
        return None, ""
    return float(shown["value"].iloc[0]), f"Regio {shown['name'].iloc[0]}"


def count_not_shown(figures: pd.DataFrame) -> int:
    """How many of these have no number to show."""
    return int((figures["status"] != "shown").sum())
