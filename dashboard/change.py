"""A figure against the year before, in words: a real change, or could it be chance?

Only when both figures are shown. Counts decide what may be said: under 10 nothing, under 20 only what is sure at 99.8 %,
under 100 no percentage, and across a break, or down into a provisional year, no claim at all (method: docs/method.md).
"""

from dataclasses import dataclass
from typing import Final

from analysis.rates import rate_ratio
from analysis.sizes import USUAL
from dashboard.format import format_number, format_value
from dashboard.indicator import Indicator
from dashboard.rows import Row
from dashboard.sentences import say

COMPARABLE_FROM: Final = USUAL.label
POSSIBLY_FROM: Final = USUAL.possibly
PERCENTAGE_FROM: Final = USUAL.percentage


@dataclass(frozen=True, kw_only=True)
class Change:
    """Direction is 'higher', 'lower' or '' (nothing may be claimed); `words` is the sentence for the screen."""

    direction: str
    words: str


def describe_change(now: Row | None, before: Row | None, indicator: Indicator) -> Change:
    """The change from `before` to `now`, two rows of figures of the same area and group, a year apart."""
    if now is None or now["status"] != "shown":
        return Change(direction="", words="")
    if before is None or before["status"] != "shown":
        return Change(direction="", words=say("change.none_before"))
    year = str(before["period"])
    if text := _break_between(str(before["period"]), str(now["period"]), indicator):
        return Change(direction="", words=say("change.break", year=year, text=f"{text[:1].lower()}{text[1:]}"))
    if indicator.is_stock or (indicator.counts == "projects" and not indicator.denominator):
        return _describe_stock(now, before, year)
    if min(_number(now, "numerator"), _number(before, "numerator")) < COMPARABLE_FROM:
        return Change(direction="", words=say("change.few", year=year))
    return _describe_ratio(now, before, indicator, year)


def _break_between(before: str, now: str, indicator: Indicator) -> str:
    return next((text for start, text in indicator.breaks if before[:4] < start[:4] <= now[:4]), "")


def _describe_stock(now: Row, before: Row, year: str) -> Change:
    difference = _number(now, "value") - _number(before, "value")
    if difference == 0:
        return Change(direction="", words=say("change.same_number", year=year))
    name = "change.more_number" if difference > 0 else "change.less_number"
    return Change(direction="", words=say(name, number=format_number(abs(difference)), year=year))


def _describe_ratio(now: Row, before: Row, indicator: Indicator, year: str) -> Change:
    fewest = min(_number(now, "numerator"), _number(before, "numerator"))
    ratio = rate_ratio(
        _number(now, "numerator"),
        _number(now, "denominator"),
        _number(before, "numerator"),
        _number(before, "denominator"),
        confidence=0.95 if fewest >= POSSIBLY_FROM else 0.998,
    )
    value = format_value(_number(before, "value"), indicator.unit, indicator.decimals)
    level = say("change.level", year=year, level=value)
    low, high = float(ratio.low), float(ratio.high)
    if not (low > 1 or high < 1):
        return Change(direction="", words=f"{level} {say('change.chance')}")
    direction = "higher" if low > 1 else "lower"
    if direction == "lower" and now["provisional"] is True:
        return Change(direction="", words=f"{level} {say('change.provisional')}")
    size = f" {_describe_size(low, high)}" if fewest >= PERCENTAGE_FROM else ""
    return Change(direction=direction, words=f"{level} {say(f'change.{direction}')}{size}")


def _describe_size(low: float, high: float) -> str:
    ends = sorted(abs(edge - 1) * 100 for edge in (low, high))
    way = "more" if low > 1 else "less"
    small, large = (f"{format_number(max(1, round(end)))}\u00a0%" for end in ends)
    return (
        say(f"change.about_{way}", large=large)
        if small == large
        else say(f"change.between_{way}", low=small, high=large)
    )


def _number(row: Row, column: str) -> float:
    return float(row[column])
