"""Does a series go up or down, and could we have seen it? One series at a time, one value per year, oldest first.

An arrow needs two rules that agree. The Fingertips rule alone takes ordinary year-to-year noise for a trend in 31 to
43 % of large series; the log-linear rule measures that noise first. Where neither fires, "no clear trend" (enough to
have seen a fall of 30 %) and "too few" (not enough) are different verdicts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.claims import ClaimVerdict, ClaimWindow, check_claim
from analysis.counts import Numbers
from analysis.rates import rate
from analysis.slopes import LEAST_POWER, MOST_P, Trend, as_series, check_series, loglinear_trend, power_to_see

__all__ = [
    "CHI2_998",
    "ClaimVerdict",
    "ClaimWindow",
    "Direction",
    "FingertipsTrend",
    "Marker",
    "Trend",
    "Verdict",
    "check_claim",
    "fingertips_trend",
    "loglinear_trend",
    "power_to_see",
    "recent_trend",
]

Marker = Literal["up", "down", "no_change", "cannot_tell"]
Direction = Literal["up", "down", "no_clear_trend", "too_few", "not_comparable"]

POINTS = 5  # the Fingertips rule looks at the five most recent years
LONGEST = 10  # the log-linear rule looks at no more than ten
CHI2_998 = 9.54953570608324  # chi-squared with 1 degree of freedom, p = 0.002
LEAST_EVENTS = 250  # in the five most recent years: 50 a year


@dataclass(frozen=True, kw_only=True, eq=False)
class FingertipsTrend:
    """The marker, its chi-squared, and six slopes: of all five points, then with each point left out in turn."""

    marker: Marker
    chi2: float
    slopes: Numbers


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The direction, one word for why, and the change in % per year with its 95 % interval (NaN: no run to fit).

    reason   both_rules, rules_disagree, no_rule, few_events, low_power, fewer_than_five, provisional, gap, break
    """

    direction: Direction
    reason: str
    change_pct: float
    low: float
    high: float


def fingertips_trend(value: ArrayLike, low: ArrayLike, high: ArrayLike) -> FingertipsTrend:
    """The "recent trend" marker of Fingertips for rates, on the five most recent points.

    value, low, high    yearly values with 95 % limits, oldest first
    returns     up or down when chi-squared is over 9.55 (99.8 %) and all six slopes have one sign (0 is positive);
                cannot_tell with fewer than five points, or one of the five without a value or a width
    source      DHSC FingertipsNext trend analysis, 2025-08; Public Health England 2020
    """
    values, lows, highs = (part[-POINTS:] for part in as_series(value, low, high))
    errors = (highs - lows) / 3.92
    if len(values) < POINTS or not np.all(np.isfinite(values) & np.isfinite(errors) & (errors > 0)):
        return FingertipsTrend(marker="cannot_tell", chi2=np.nan, slopes=np.full(POINTS + 1, np.nan))
    slopes, chi2 = _slopes(values, 1 / errors**2)
    signs = slopes >= 0
    if chi2 <= CHI2_998 or signs.any() != signs.all():
        return FingertipsTrend(marker="no_change", chi2=chi2, slopes=slopes)
    return FingertipsTrend(marker="up" if signs[0] else "down", chi2=chi2, slopes=slopes)


def _slopes(values: Numbers, weights: Numbers) -> tuple[Numbers, float]:
    """Weighted slopes of all points and with each left out, shape (6,), and chi-squared of the first."""
    kept = np.vstack([np.ones(POINTS), 1 - np.eye(POINTS)]) * weights
    times = np.arange(1.0, POINTS + 1)
    w, wt, wtt = kept.sum(axis=1), kept @ times, kept @ times**2
    spread = w * wtt - wt**2
    slopes: Numbers = (w * (kept @ (times * values)) - wt * (kept @ values)) / spread
    return slopes, float(slopes[0] ** 2 * spread[0] / w[0])


def recent_trend(
    events: ArrayLike,
    population: ArrayLike,
    periods: ArrayLike,
    *,
    provisional: ArrayLike = False,
    breaks: Collection[float] = (),
) -> Verdict:
    """The verdict that goes with a figure, from its shown yearly figures.

    events, population      NaN where hidden, missing or imputed
    periods         years, ascending; a year that is not there is a gap
    provisional     which years are not definitive: at the end they are left out, elsewhere they are a gap
    breaks          first years of a new definition, boundary or way of recording
    returns         up or down when the Fingertips rule (five years) and the log-linear rule (five to ten years, p
                    under 0.05) agree; not_comparable without five comparable years up to the latest one; too_few
                    with under 250 events in five years, or when a steady fall of 30 % had under 50 % chance to be seen
    raises          ValueError on a negative count or population, or years that do not ascend
    """
    counts, people, years, early = as_series(events, population, periods, provisional)
    check_series(counts, people)
    start, end, reason = _latest_run(counts, people, years, early != 0, breaks)
    if end - start < POINTS:
        return Verdict(direction="not_comparable", reason=reason, change_pct=np.nan, low=np.nan, high=np.nan)
    chosen = slice(max(start, end - LONGEST), end)
    trend = loglinear_trend(counts[chosen], people[chosen], years[chosen])
    direction, why = _judge(counts[chosen], people[chosen], years[chosen], trend)
    return Verdict(direction=direction, reason=why, change_pct=trend.change_pct, low=trend.low, high=trend.high)


def _latest_run(
    counts: Numbers, people: Numbers, years: Numbers, early: NDArray[np.bool_], breaks: Collection[float]
) -> tuple[int, int, str]:
    """First and last (exclusive) place of the unbroken run up to the latest definitive year, and what ended it."""
    if np.any(np.diff(years) <= 0):
        raise ValueError("years must ascend")
    end = int(np.flatnonzero(~early).max(initial=-1)) + 1
    known = np.isfinite(counts) & (people > 0) & ~early
    for place in range(end - 1, -1, -1):
        if not known[place]:
            return place + 1, end, "provisional" if early[place] else "gap"
        if place and years[place] - years[place - 1] != 1:
            return place, end, "gap"
        if place and any(years[place - 1] < first <= years[place] for first in breaks):
            return place, end, "break"
    return 0, end, "provisional" if len(years) >= POINTS else "fewer_than_five"


def _judge(counts: Numbers, people: Numbers, years: Numbers, trend: Trend) -> tuple[Direction, str]:
    yearly = rate(counts, people)
    marker = fingertips_trend(yearly.value, yearly.low, yearly.high).marker
    slope = ("up" if trend.slope > 0 else "down") if trend.p < MOST_P else "no_change"
    if counts[-POINTS:].sum() < LEAST_EVENTS:
        return "too_few", "few_events"
    if marker == slope == "up":
        return "up", "both_rules"
    if marker == slope == "down":
        return "down", "both_rules"
    if power_to_see(counts.sum(), people, years, phi=trend.phi) < LEAST_POWER:
        return "too_few", "low_power"
    return "no_clear_trend", "no_rule" if marker == slope else "rules_disagree"
