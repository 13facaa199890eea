"""A figure against the year before, in words: a real change, or could it be chance?

Only when both figures are shown. Counts decide what may be said: under 10 nothing, under 100 no percentage, and across
a break, or down into a provisional year, no claim at all (method: docs/method.md).
"""

from dataclasses import dataclass
from typing import Final

from analysis.rates import rate_ratio
from dashboard.format import format_number, format_value
from dashboard.indicator import Indicator
from dashboard.rows import Row

COMPARABLE_FROM: Final = 10
PERCENTAGE_FROM: Final = 100


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
        return Change(direction="", words="Het jaar ervoor is er geen cijfer om mee te vergelijken.")
    year = str(before["period"])
    if text := _break_between(str(before["period"]), str(now["period"]), indicator):
        return Change(direction="", words=f"Niet te vergelijken met {year}: {text[:1].lower()}{text[1:]}.")
    if indicator.is_stock or (indicator.counts == "projects" and not indicator.denominator):
        return _describe_stock(now, before, year)
    if min(_number(now, "numerator"), _number(before, "numerator")) < COMPARABLE_FROM:
        return Change(direction="", words=f"Te weinig gevallen om met {year} te vergelijken.")
    return _describe_ratio(now, before, indicator, year)


def _break_between(before: str, now: str, indicator: Indicator) -> str:
    return next((text for start, text in indicator.breaks if before[:4] < start[:4] <= now[:4]), "")


def _describe_stock(now: Row, before: Row, year: str) -> Change:
    difference = _number(now, "value") - _number(before, "value")
    if difference == 0:
        return Change(direction="", words=f"Evenveel als in {year}.")
    word = "meer" if difference > 0 else "minder"
    return Change(direction="", words=f"{format_number(abs(difference))} {word} dan in {year}.")


def _describe_ratio(now: Row, before: Row, indicator: Indicator, year: str) -> Change:
    ratio = rate_ratio(
        _number(now, "numerator"),
        _number(now, "denominator"),
        _number(before, "numerator"),
        _number(before, "denominator"),
    )
    level = f"In {year} was het {format_value(_number(before, 'value'), indicator.unit, indicator.decimals)}."
    low, high = float(ratio.low), float(ratio.high)
    if not (low > 1 or high < 1):
        return Change(direction="", words=f"{level} Het verschil kan toeval zijn.")
    direction = "higher" if low > 1 else "lower"
    word = "Hoger" if low > 1 else "Lager"
    if direction == "lower" and now["provisional"] is True:
        return Change(direction="", words=f"{level} Nu lager, maar dit cijfer is voorlopig en stijgt meestal nog iets.")
    enough = min(_number(now, "numerator"), _number(before, "numerator")) >= PERCENTAGE_FROM
    size = f" {_describe_size(low, high)}" if enough else ""
    return Change(direction=direction, words=f"{level} {word} dan toen, waarschijnlijk geen toeval.{size}")


def _describe_size(low: float, high: float) -> str:
    ends = sorted(abs(edge - 1) * 100 for edge in (low, high))
    word = "meer" if low > 1 else "minder"
    small, large = (format_number(max(1, round(end))) for end in ends)
    return f"Ongeveer {small}\u00a0% {word}." if small == large else f"Tussen {small}\u00a0% en {large}\u00a0% {word}."


def _number(row: Row, column: str) -> float:
    return float(row[column])
