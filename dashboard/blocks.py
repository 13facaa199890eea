"""One figure on a page that shows several: the area and the period that it can be about, and why it is another one.

A connected figure comes later than the rest, and not for every neighbourhood. Then the page shows the newest period
with figures, for the area around the chosen one, and says so; what is hidden stays hidden and never makes it look back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from dashboard.choose import View, find_area, list_family
from dashboard.figures import Area, load_figures, load_indicators
from dashboard.format import format_period
from dashboard.indicator import Indicator
from dashboard.rows import join_figures

ABSENT: Final = ("missing", "not_delivered")
WHY_WORDS: Final = {"missing": "nog niet bekend", "not_delivered": "niet geleverd"}


@dataclass(frozen=True, kw_only=True)
class Block:
    """Figures of one indicator, area and period. `note` says why the area or the period is not the chosen one.

    period  empty when there is nothing to show, for whatever reason; then `note` gives it
    """

    indicator: Indicator
    area: Area
    area_name: str
    figures: pd.DataFrame
    period: str
    note: str


def load_block(view: View, key: str, *, split: str = "") -> Block | None:
    """The newest figures up to the chosen year; None when the publication does not know the indicator."""
    indicator = load_indicators(view.publication).get(key)
    if indicator is None:
        return None
    area = find_place(view, indicator, split)
    history = load_figures(view.publication, indicators=(key,), areas=(area.code,), split=split)
    period, when = pick_period(history, view.year)
    return Block(
        indicator=indicator,
        area=area,
        area_name=view.area_names[area.code],
        figures=history[history["period"] == period],
        period=period,
        note=" ".join(text for text in (_describe_place(view, area), when) if text),
    )


def load_blocks(view: View, keys: Sequence[str]) -> list[Block]:
    """The totals of several indicators, those that the publication knows."""
    return [block for key in keys if (block := load_block(view, key))]


def load_totals(view: View, block: Block) -> pd.DataFrame:
    """The totals of the area and period of a block that is split."""
    period = str(find_year(block.period))
    return load_figures(view.publication, indicators=(block.indicator.id,), areas=(block.area.code,), period=period)


def load_around(view: View, block: Block, *, split: str = "") -> pd.DataFrame:
    """The same figures for all municipalities and, last, the region, in the period of the block.

    A region of one municipality is left out: it would only say the same twice.
    """
    places = [tuple(view.areas.loc[view.areas["level"] == level, "code"]) for level in ("municipality", "region")]
    year = str(find_year(block.period))
    frames = [
        load_figures(view.publication, indicators=(block.indicator.id,), areas=areas, period=year, split=split)
        for areas in (places if len(places[0]) > 1 else places[:1])
    ]
    return pd.concat(frames, ignore_index=True)


def widen(block: Block, *more: pd.DataFrame) -> Block:
    """The block with all figures that were drawn with it: what is explained, and taken away in a download."""
    return replace(block, figures=join_figures([block.figures, *more]))


def find_place(view: View, indicator: Indicator, split: str = "") -> Area:
    """The chosen area, or the nearest one around it that the indicator has figures for, split like that."""
    family = [area for area in list_family(view) if _has(indicator, area.level, split)]
    return family[-1] if family else find_area(view.areas, view.publication.build.region)


def _has(indicator: Indicator, level: str, split: str) -> bool:
    """A split by two dimensions is not among those to choose; an indicator that has one, has it at all its levels."""
    single = split and "," not in split
    return indicator.at_level(level) and (not single or split in indicator.splits.get(level, ()))


def find_year(period: str) -> int:
    """The year of a period: of a school year the one in which it ends."""
    return int(period[:4]) + ("/" in period)


def pick_period(history: pd.DataFrame, year: str) -> tuple[str, str]:
    """The period of `year`, or the newest one before it that came, and the words for the difference; '' when none did.

    history  period, status; all periods of one indicator, area and split
    """
    periods = sorted({str(period) for period in history["period"] if find_year(str(period)) <= int(year)})
    states = {period: set(history.loc[history["period"] == period, "status"]) for period in periods}
    came = [period for period in periods if states[period] - set(ABSENT)]
    if not came:
        return "", describe_absence(states.get(periods[-1], set()) if periods else set(), year)
    if find_year(came[-1]) == int(year):
        return came[-1], ""
    why = describe_absence(states[periods[-1]] if find_year(periods[-1]) == int(year) else set(), year)
    last = "het laatste schooljaar" if "/" in came[-1] else "het laatste jaar"
    return came[-1], f"{why} U ziet {format_period(came[-1])}, {last} met cijfers."


def describe_absence(states: Collection[str], year: str) -> str:
    """Why there is nothing over a year."""
    words = next((WHY_WORDS[state] for state in reversed(ABSENT) if state in states), "")
    return f"Over {year} is dit cijfer {words}." if words else f"Over {year} is dit cijfer er niet."


def _describe_place(view: View, area: Area) -> str:
    if area.code == view.area.code:
        return ""
    if area.level == "region":
        return "Dit cijfer is er alleen voor de hele regio."
    return f"Dit cijfer is er niet per wijk of buurt. U ziet de gemeente {area.name}."
