"""Does a series go up or down, and could we have seen it? One value per year, oldest first, on the last axis.

An arrow needs two rules that agree. The Fingertips rule alone takes ordinary year-to-year noise for a trend in 31 to
43 % of large series; the log-linear rule measures that noise first. Where neither fires, "no clear trend" (enough to
have seen a fall of 30 %) and "too few" (not enough) are different verdicts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.claims import ClaimVerdict, ClaimWindow, check_claim
from analysis.counts import Numbers
from analysis.rates import rate
from analysis.slopes import (
    LEAST_POWER,
    MOST_P,
    Flags,
    Number,
    Trend,
    as_series,
    check_series,
    fit_trend,
    loglinear_trend,
    power_to_see,
)

__all__ = [
    "CHI2_998",
    "ClaimVerdict",
    "ClaimWindow",
    "FingertipsTrend",
    "Trend",
    "Verdict",
    "check_claim",
    "fingertips_trend",
    "loglinear_trend",
    "power_to_see",
    "recent_trend",
]

Word = Any  # a word for one series, an array of words of the broadcast shape for many
Places = NDArray[np.int64]

POINTS = 5  # the Fingertips rule looks at the five most recent years
LONGEST = 10  # the log-linear rule looks at no more than ten
CHI2_998 = 9.54953570608324  # chi-squared with 1 degree of freedom, p = 0.002


@dataclass(frozen=True, kw_only=True, eq=False)
class FingertipsTrend:
    """The marker, its chi-squared, and six slopes: of all five points, then with each point left out in turn.

    For many series at once arrays of the broadcast shape, as in `Verdict`.
    """

    marker: str
    chi2: Number
    slopes: Numbers


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The direction, one word for why, and the change in % per year with its 95 % interval (NaN: no run to fit).

    reason   both_rules, rules_disagree, no_rule, few_events, low_power, fewer_than_five, provisional, gap, break
    """

    direction: str
    reason: str
    change_pct: Number
    low: Number
    high: Number


def fingertips_trend(value: ArrayLike, low: ArrayLike, high: ArrayLike) -> FingertipsTrend:
    """The "recent trend" marker of Fingertips for rates, on the five most recent points.

    value, low, high    yearly values with 95 % limits, oldest first, shape (..., years)
    returns     shape (...): up or down when chi-squared is over 9.55 (99.8 %) and all six slopes have one sign (0 is
                positive); cannot_tell with fewer than five points, or one of the five without a value or a width.
                slopes have shape (..., 6)
    source      DHSC FingertipsNext trend analysis, 2025-08; Public Health England 2020
    """
    values, lows, highs = (part[..., -POINTS:] for part in as_series(value, low, high))
    shape = values.shape[:-1]
    if values.shape[-1] < POINTS:
        nothing = np.full((*shape, POINTS + 1), np.nan)
        return FingertipsTrend(marker=_word(np.full(shape, "cannot_tell")), chi2=nothing[..., 0][()], slopes=nothing)
    errors = (highs - lows) / 3.92
    known = np.all(np.isfinite(values) & np.isfinite(errors) & (errors > 0), axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes, chi2 = _slopes(values, np.where(known[..., None], 1 / errors**2, np.nan))
    signs = slopes >= 0
    sure = known & (chi2 > CHI2_998)
    marks = [~known, sure & signs.all(axis=-1), sure & ~signs.any(axis=-1)]
    marker = np.select(marks, ["cannot_tell", "up", "down"], default="no_change")
    return FingertipsTrend(marker=_word(marker), chi2=chi2[()], slopes=slopes)


def _word(words: NDArray[np.str_]) -> Word:
    return words if words.ndim else str(words)


def _slopes(values: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Weighted slopes of all points and with each left out, shape (..., 6), and chi-squared of the first."""
    kept = np.vstack([np.ones(POINTS), 1 - np.eye(POINTS)]) * weights[..., None, :]
    times = np.arange(1.0, POINTS + 1)
    w, wt, wtt = kept.sum(axis=-1), kept @ times, kept @ times**2
    spread = w * wtt - wt**2
    level, product = (kept * values[..., None, :]).sum(axis=-1), (kept * (times * values)[..., None, :]).sum(axis=-1)
    slopes: Numbers = (w * product - wt * level) / spread
    return slopes, slopes[..., 0] ** 2 * spread[..., 0] / w[..., 0]


def recent_trend(
    events: ArrayLike,
    population: ArrayLike,
    periods: ArrayLike,
    *,
    provisional: ArrayLike = False,
    breaks: Collection[float] = (),
) -> Verdict:
    """The verdict that goes with a figure, from its shown yearly figures; one series, or many at once.

    events, population      shape (..., years); NaN where hidden, missing or imputed
    periods         years, ascending; a year that is not there is a gap
    provisional     which years are not definitive: at the end they are left out, elsewhere they are a gap
    breaks          first years of a new definition, boundary or way of recording
    returns         shape (...): up or down when the Fingertips rule (five years) and the log-linear rule (five to ten
                    years, p under 0.05) agree; not_comparable without five comparable years up to the latest
                    definitive one; else too_few when a steady fall of 30 % over the window had under 50 % chance to be
                    seen, or when there is no slope (few_events). What a board may see of small numbers is stricter:
                    that is for the caller.
    raises          ValueError on a negative count or population, or years that do not ascend
    """
    counts, people, years, early = as_series(events, population, periods, provisional)
    check_series(counts, people)
    shape, size = counts.shape[:-1], counts.shape[-1]
    if not size:
        counts, people, years, early = (np.full((*shape, 1), np.nan) for _ in range(4))
        size = 1
    counts, people, years, early = (part.reshape(-1, size) for part in (counts, people, years, early))
    start, end, reason = _latest_runs(counts, people, years, early != 0, breaks)
    places = np.arange(size)
    window = (places >= np.maximum(start, end - LONGEST)[:, None]) & (places < end[:, None])
    window &= (end - start >= POINTS)[:, None]
    trend = fit_trend(counts, people, years, window)
    direction, why = _judge(counts, people, years, window, end, trend)
    compared = end - start >= POINTS
    words = (np.where(compared, direction, "not_comparable"), np.where(compared, why, reason))
    numbers = (one.reshape(shape)[()] for one in (trend.change_pct, trend.low, trend.high))
    change, low, high = numbers
    direction, why = (_word(one.reshape(shape)) for one in words)
    return Verdict(direction=direction, reason=why, change_pct=change, low=low, high=high)


def _latest_runs(
    counts: Numbers, people: Numbers, years: Numbers, early: Flags, breaks: Collection[float]
) -> tuple[Places, Places, NDArray[np.str_]]:
    """First and last (exclusive) place of each unbroken run up to the latest definitive year, and what ended it."""
    steps = np.diff(years, axis=-1)
    if np.any(steps <= 0):
        raise ValueError("years must ascend")
    size = counts.shape[-1]
    end = np.where(~early, np.arange(1, size + 1), 0).max(axis=-1, initial=0)
    known = np.isfinite(counts) & np.isfinite(people) & (people > 0) & ~early
    start, going = end.copy(), end > 0
    reason = np.full(len(end), "provisional" if size >= POINTS else "fewer_than_five")
    for place in range(size - 1, -1, -1):
        here = going & (place < end)
        missing = here & ~known[:, place]
        reason[missing] = np.where(early[missing, place], "provisional", "gap")
        start[here & ~missing] = place
        gap = here & ~missing & (steps[:, place - 1] != 1 if place else False)
        broken = here & ~missing & ~gap & (_crosses(years, place, breaks) if place else False)
        reason[gap], reason[broken] = "gap", "break"
        going &= ~(missing | gap | broken)
    return start, end, reason


def _crosses(years: Numbers, place: int, breaks: Collection[float]) -> Flags:
    """Whether a break lies between this year and the one before."""
    found = np.zeros(len(years), dtype=np.bool_)
    for first in breaks:
        found |= (years[:, place - 1] < first) & (first <= years[:, place])
    return found


def _judge(
    counts: Numbers, people: Numbers, years: Numbers, window: Flags, end: Places, trend: Trend
) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    last = np.clip(end[:, None] + np.arange(-POINTS, 0), 0, counts.shape[-1] - 1)
    yearly = rate(np.take_along_axis(counts, last, axis=-1), np.take_along_axis(people, last, axis=-1))
    marker = fingertips_trend(yearly.value, yearly.low, yearly.high).marker
    slope = np.select([~(trend.p < MOST_P), trend.slope > 0], ["no_change", "up"], default="down")
    total = np.where(window, counts, 0).sum(axis=-1)
    power = power_to_see(total, np.where(window, people, 0.0), years, phi=trend.phi)
    arrow = (marker == slope) & (slope != "no_change")
    cases = [np.isnan(trend.slope), arrow, power < LEAST_POWER]
    direction = np.select(cases, ["too_few", slope, "too_few"], default="no_clear_trend")
    disagree = np.where(marker == slope, "no_rule", "rules_disagree")
    return direction, np.select(cases, ["few_events", "both_rules", "low_power"], default=disagree)
