"""Figures smoothed for the map: small areas borrow from the others. Only shown figures go in, only they come out.

A hidden area gets no value: not from its neighbours either. With too few shown areas nothing is smoothed, and that is said.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
import shapely

from analysis.sizes import USUAL, Sizes
from analysis.smoothing import Smoothed, markov_field, marshall, poisson_gamma
from dashboard.figures import Publication, load_figures, load_shapes
from dashboard.hatch import read_shapes
from dashboard.indicator import Indicator
from dashboard.rows import list_rows
from dashboard.sentences import say
from dashboard.tables import is_uncertain

LEAST_AREAS: Final = 5
LEAST_PART: Final = 0.5
FOR_GAMMA: Final = 8  # with fewer areas how they differ cannot be fitted
TOUCH: Final = 0.0004  # degrees, some 30 metres: simplified borders may leave a slit


@lru_cache(maxsize=64)
def load_smoothed(
    publication: Publication, indicator: Indicator, *, lenders: tuple[str, ...], level: str, year: str
) -> pd.DataFrame | None:
    """Smoothed figures of these areas together; nothing when too few of them are shown."""
    figures = load_figures(publication, indicators=(indicator.id,), areas=lenders, period=year)
    if not can_smooth(figures, indicator):
        return None
    near = load_neighbours(publication, int(year), level) if uses_neighbours(level) else {}
    return smooth(figures, indicator, level, near)


def can_smooth(figures: pd.DataFrame, indicator: Indicator) -> bool:
    """Whether enough of these areas have a shown figure, of a kind that has chance in it."""
    shown = figures[(figures["status"] == "shown") & (figures["denominator"] > 0)]
    counted = bool(indicator.denominator) and not indicator.is_stock and indicator.rounding == 1
    return counted and len(shown) >= LEAST_AREAS and len(shown) >= LEAST_PART * len(figures)


def smooth(figures: pd.DataFrame, indicator: Indicator, level: str, near: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The figures with smoothed value, low and high on the shown rows, and without label and trend.

    figures  one row per area; level: of these areas; near: codes of the neighbours of each area, for neighbourhoods
    """
    shown = figures["status"].eq("shown") & figures["denominator"].gt(0)
    rows = figures[shown]
    events, people = (rows[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    overall = events.sum() / people.sum() if people.sum() else np.nan
    codes = list(rows["area"])
    found = _smooth(events, people * overall, level, [_places(codes, near.get(code, ())) for code in codes])
    smoothed = figures.assign(label=None, trend=None)
    scale, sure = overall * indicator.per, found.high > found.low * (1 + 1e-9)
    for name in ("value", "low", "high"):
        column = pd.Series(np.nan, index=figures.index)
        column[shown] = np.where(sure | (name == "value"), getattr(found, name) * scale, np.nan)
        smoothed[name] = column
    return smoothed


def pick_areas(figures: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """The rows of these areas, in that order."""
    order = {code: place for place, code in enumerate(codes)}
    rows = figures[figures["area"].isin(order)]
    return rows.assign(place=rows["area"].map(order)).sort_values("place").drop(columns="place")


def _places(codes: Sequence[str], near: Sequence[str]) -> list[int]:
    order = {code: place for place, code in enumerate(codes)}
    return [order[code] for code in near if code in order]


def _smooth(events: object, expected: object, level: str, near: list[list[int]]) -> Smoothed:
    """By level: neighbourhoods by a field over neighbours, districts by a gamma, a few municipalities by Marshall."""
    counts, likely = np.asarray(events, dtype=float), np.asarray(expected, dtype=float)
    if level == "neighbourhood" and any(near):
        return markov_field(counts, likely, near)
    if len(counts) >= FOR_GAMMA:
        return poisson_gamma(counts, likely)
    return marshall(counts, likely)


def uses_neighbours(level: str) -> bool:
    """Whether smoothing at this level borrows from the areas around, not from all."""
    return level == "neighbourhood"


@lru_cache(maxsize=12)
def load_geometry(publication: Publication, year: int, level: str) -> Mapping[str, shapely.Geometry]:
    """Shapes by area code; areas without a shape are not in it."""
    return read_shapes(load_shapes(publication, year=year, level=level))


@lru_cache(maxsize=24)
def load_neighbours(publication: Publication, year: int, level: str) -> Mapping[str, tuple[str, ...]]:
    """Which areas lie against each other, by code; public boundaries only."""
    return find_neighbours(load_geometry(publication, year, level))


def find_neighbours(shapes: Mapping[str, shapely.Geometry]) -> dict[str, tuple[str, ...]]:
    """Areas whose borders touch, or nearly so."""
    codes, near = list(shapes), {code: set[str]() for code in shapes}
    tree = shapely.STRtree([shapes[code] for code in codes])
    for place, code in enumerate(codes):
        for other in tree.query(shapes[code], predicate="dwithin", distance=TOUCH):
            if int(other) != place:
                near[code].add(codes[int(other)])
    return {code: tuple(sorted(found)) for code, found in near.items()}


def describe_smoothing(asked: bool, done: bool, level: str) -> str:
    """What kind of figures the map shows, and why not the kind that was asked for."""
    if not asked:
        return say("map.raw")
    if not done:
        return say("map.smoothed.too_few", count=LEAST_AREAS)
    towards = say("map.towards.near" if uses_neighbours(level) else "map.towards.all")
    return f"{say('map.smoothed', towards=towards)} {say('map.smoothed.hidden')}"


def list_uncertain(figures: pd.DataFrame, indicator: Indicator, sizes: Sizes = USUAL) -> list[str]:
    """Codes of areas whose shown figure hangs on few cases; a plain number of an area never does."""
    if not indicator.denominator or indicator.is_stock:
        return []
    return [str(row["area"]) for row in list_rows(figures) if is_uncertain(row, indicator, sizes)]


def describe_key(figures: pd.DataFrame, uncertain: Sequence[str], sizes: Sizes = USUAL) -> str:
    """What the colours and the stripes mean; only of what is on this map."""
    parts = [say("map.key")]
    if uncertain:
        parts.append(say("map.hatched", count=sizes.possibly))
    if (figures["status"] != "shown").any():
        parts.append(say("map.grey"))
    return " ".join(parts)
