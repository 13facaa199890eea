"""Where one area stands among the others: per figure its value and margin, the range of the others, and the region.

Only shown figures say where the others lie; who is hidden has no say in a range, a scale or an order. From worse to
better only where a board agreed what is good; everywhere else the same line just runs from lower to higher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

from dashboard.choose import View
from dashboard.figures import load_figures, load_indicators
from dashboard.format import LEVEL_WORDS, THEME_WORDS, is_known
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows

ENDS: Final = {"good": ("slechter", "beter"), "bad": ("slechter", "beter")}
NEUTRAL: Final = ("lager", "hoger")
ENOUGH_FOR_HALF: Final = 8
COLUMNS: Final = [
    *("indicator", "area", "name", "level", "period", "age", "sex", "kind", "status", "provisional"),
    *("numerator", "denominator", "value", "low", "high", "label", "trend", "denominator_year", "benchmark"),
]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One figure of the chosen area beside those of the others that are shown.

    others  values of the other areas that are shown; asked: how many others there are
    region  value of the whole region; None when it is not shown, or when the region itself was chosen
    """

    indicator: Indicator
    own: Row
    others: tuple[float, ...]
    asked: int
    region: float | None

    @property
    def is_shown(self) -> bool:
        """Whether the chosen area has a figure to show."""
        return bool(self.own["status"] == "shown")


@dataclass(frozen=True, kw_only=True)
class Spine:
    """Places on a line of 0 to 100: the range of the others, the own value with its margin, and the region.

    half         the middle half of the others, only where there are enough to speak of one
    left, right  the words at the ends; a part that cannot be placed is None
    """

    others: tuple[float, float]
    half: tuple[float, float] | None
    margin: tuple[float, float] | None
    own: float
    region: float | None
    left: str
    right: str


def find_others_level(view: View) -> str:
    """The level of the areas that the chosen one is held beside: its own, or the municipalities of a region."""
    return "municipality" if view.area.level == "region" else view.area.level


def load_standings(view: View) -> tuple[Standing, ...]:
    """All totals of the chosen area and year that its level has, in the order of the themes."""
    known = load_indicators(view.publication)
    keys = tuple(key for key, one in known.items() if one.at_level(view.area.level))
    others = tuple(view.areas.loc[view.areas["level"] == find_others_level(view), "code"])
    codes = tuple(dict.fromkeys([view.area.code, view.publication.build.region, *others]))
    figures = load_figures(view.publication, indicators=keys, areas=codes, period=view.year)
    groups: dict[str, list[Row]] = {}
    for row in list_rows(figures[COLUMNS]):
        groups.setdefault(row["indicator"], []).append(row)
    found = [find_standing(view, known[key], groups[key]) for key in keys if key in groups]
    return sort_by_theme([one for one in found if one])


def find_standing(view: View, indicator: Indicator, rows: Sequence[Row]) -> Standing | None:
    """The chosen area among the others; None when it has no row at all.

    rows  of one indicator and year: area, level, status, value, low, high, numerator, label, provisional
    """
    own = [row for row in rows if row["area"] == view.area.code]
    if not own:
        return None
    level, region = find_others_level(view), view.publication.build.region
    around = [row for row in rows if row["level"] == level and row["area"] != view.area.code]
    whole = [row for row in rows if row["area"] == region and row["status"] == "shown"]
    apart = view.area.level != "region" and whole and not indicator.is_stock
    return Standing(
        indicator=indicator,
        own=own[0],
        others=tuple(float(row["value"]) for row in around if row["status"] == "shown"),
        asked=len(around),
        region=float(whole[0]["value"]) if apart else None,
    )


def sort_by_theme(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """In the order of the themes, and within a theme that of the catalogue."""
    places = {theme: place for place, theme in enumerate(THEME_WORDS)}
    return tuple(sorted(standings, key=lambda one: places.get(one.indicator.theme, len(places))))


def list_themes(standings: Sequence[Standing]) -> dict[str, tuple[Standing, ...]]:
    """The figures by the Dutch name of their theme."""
    themes: dict[str, tuple[Standing, ...]] = {}
    for one in standings:
        name = THEME_WORDS.get(one.indicator.theme, one.indicator.theme)
        themes[name] = (*themes.get(name, ()), one)
    return themes


def place_spine(standing: Standing) -> Spine | None:
    """Where everything stands on the line, the region (else the middle of the range) at 50; None without others.

    A figure of which lower is agreed to be better is turned around, so that better is always on the right.
    """
    if not standing.is_shown or not standing.others:
        return None
    own, low, high = (standing.own[name] for name in ("value", "low", "high"))
    ends = (min(standing.others), max(standing.others))
    middle = sum(ends) / 2 if standing.region is None else standing.region
    reach = max(abs(value - middle) for value in (*ends, float(own))) or 1.0
    turned = -1 if standing.indicator.polarity == "bad" else 1

    def place(value: float) -> float:
        return round(min(100.0, max(0.0, 50 + turned * 44 * (value - middle) / reach)), 1)

    def stretch(first: float, second: float) -> tuple[float, float]:
        left, right = sorted((place(first), place(second)))
        return left, right

    left, right = ENDS.get(standing.indicator.polarity, NEUTRAL)
    return Spine(
        others=stretch(*ends),
        half=stretch(*find_half(standing.others)) if len(standing.others) >= ENOUGH_FOR_HALF else None,
        margin=stretch(float(low), float(high)) if is_known(low) and is_known(high) else None,
        own=place(float(own)),
        region=None if standing.region is None else place(standing.region),
        left=left,
        right=right,
    )


def find_half(values: Sequence[float]) -> tuple[float, float]:
    """Between which values the middle half lies."""
    quarters = quantiles(values, n=4, method="inclusive")
    return quarters[0], quarters[2]


def describe_absent(standings: Sequence[Standing]) -> dict[str, list[str]]:
    """Titles of the figures that are not shown, by state, in the order of the catalogue."""
    absent: dict[str, list[str]] = {}
    for one in standings:
        if not one.is_shown:
            absent.setdefault(str(one.own["status"]), []).append(one.indicator.title)
    return absent


def name_others(view: View) -> str:
    """'Andere gemeenten', or 'Gemeenten' when the whole region was chosen."""
    words = LEVEL_WORDS[find_others_level(view)][1]
    return words.capitalize() if view.area.level == "region" else f"Andere {words}"
