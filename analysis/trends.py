"""Does a series go up or down, and could we have seen it? One series at a time, one value per year, oldest first.

An arrow needs two rules that agree. The Fingertips rule alone takes ordinary year-to-year noise for a trend in 31 to
43 % of large series; the log-linear rule measures that noise first. Where neither fires, "no clear trend" (enough to
have seen a fall of 30 %) and "too few" (not enough) are different verdicts.
"""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from analysis.rates import rate

Numbers = NDArray[np.float64]
Marker = Literal["up", "down", "no_change", "cannot_tell"]
Direction = Literal["up", "down", "no_clear_trend", "too_few", "not_comparable"]

POINTS = 5  # the Fingertips rule looks at the five most recent years
LONGEST = 10  # the log-linear rule looks at no more than ten
CHI2_998 = 9.54953570608324  # chi-squared with 1 degree of freedom, p = 0.002
MOST_P = 0.05
LEAST_EVENTS = 250  # in the five most recent years: 50 a year
FALL, LEAST_POWER = 0.30, 0.50  # a steady fall of 30 % over the window must have had an even chance to be seen


@dataclass(frozen=True, kw_only=True, eq=False)
class FingertipsTrend:
    """The marker, its chi-squared, and six slopes: of all five points, then with each point left out in turn."""

    marker: Marker
    chi2: float
    slopes: Numbers


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A log-linear slope per period; change in % per period with its 95 % interval; raw Pearson dispersion; p."""

    slope: float
    change_pct: float
    low: float
    high: float
    phi: float
    p: float


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


NO_TREND = Trend(slope=np.nan, change_pct=np.nan, low=np.nan, high=np.nan, phi=np.nan, p=np.nan)


def fingertips_trend(value: ArrayLike, low: ArrayLike, high: ArrayLike) -> FingertipsTrend:
    """The "recent trend" marker of Fingertips for rates, on the five most recent points.

    value, low, high    yearly values with 95 % limits, oldest first
    returns     up or down when chi-squared is over 9.55 (99.8 %) and all six slopes have one sign (0 is positive);
                cannot_tell with fewer than five points, or one of the five without a value or a width
    source      DHSC FingertipsNext trend analysis, 2025-08; Public Health England 2020
    """
    values, lows, highs = (part[-POINTS:] for part in _as_series(value, low, high))
    errors = (highs - lows) / 3.92
    if len(values) < POINTS or not np.all(np.isfinite(values) & np.isfinite(errors) & (errors > 0)):
        return FingertipsTrend(marker="cannot_tell", chi2=np.nan, slopes=np.full(POINTS + 1, np.nan))
    slopes, chi2 = _slopes(values, 1 / errors**2)
    signs = slopes >= 0
    if chi2 <= CHI2_998 or signs.any() != signs.all():
        return FingertipsTrend(marker="no_change", chi2=chi2, slopes=slopes)
    return FingertipsTrend(marker="up" if signs[0] else "down", chi2=chi2, slopes=slopes)


def _as_series(*parts: ArrayLike) -> tuple[Numbers, ...]:
    return np.broadcast_arrays(*(np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in parts))


def _check(counts: Numbers, people: Numbers) -> None:
    if np.any(counts < 0) or np.any(people < 0):
        raise ValueError("a count or population cannot be negative")


def _slopes(values: Numbers, weights: Numbers) -> tuple[Numbers, float]:
    """Weighted slopes of all points and with each left out, shape (6,), and chi-squared of the first."""
    kept = np.vstack([np.ones(POINTS), 1 - np.eye(POINTS)]) * weights
    times = np.arange(1.0, POINTS + 1)
    w, wt, wtt = kept.sum(axis=1), kept @ times, kept @ times**2
    spread = w * wtt - wt**2
    slopes: Numbers = (w * (kept @ (times * values)) - wt * (kept @ values)) / spread
    return slopes, float(slopes[0] ** 2 * spread[0] / w[0])


def loglinear_trend(events: ArrayLike, population: ArrayLike, periods: ArrayLike, *, confidence: float = 0.95) -> Trend:
    """Quasi-Poisson regression of events on time, with the population as offset.

    events, population, periods     one value per period; periods as numbers; a point with a missing value or no
                population is left out
    returns     slope per period (log scale), change in % with limits, phi as found (may be under 1), p; limits and p
                use max(phi, 1) and t with k - 2 degrees. All NaN with fewer than three points, or when no slope
                exists: no events, or events at the first or the last point only.
    raises      ValueError on a negative count or population
    source      McCullagh & Nelder 1989; R glm(family = quasipoisson)
    """
    counts, people, times = _known_points(events, population, periods)
    if len(counts) < 3 or not _has_slope(counts):
        return NO_TREND
    slope, fitted = _fit(counts, people, times)
    phi = float(((counts - fitted) ** 2 / fitted).sum() / (len(counts) - 2))
    error = float(np.sqrt(max(phi, 1.0) / _information(fitted, times)))
    reach = _t_limit(len(counts) - 2, confidence) * error
    change, low, high = (100 * float(np.expm1(one)) for one in (slope, slope - reach, slope + reach))
    p = 2 * float(special.stdtr(len(counts) - 2, -abs(slope) / error))
    return Trend(slope=slope, change_pct=change, low=low, high=high, phi=phi, p=p)


def _fit(counts: Numbers, people: Numbers, times: Numbers) -> tuple[float, Numbers]:
    """Slope and fitted counts. The dispersion is left to the caller: scale="X2" divides by zero on a perfect fit."""
    design = np.column_stack([np.ones(len(times)), times - times.mean()])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # a constant series is a perfect fit, no fault
        fit = GLM(counts, design, family=Poisson(), offset=np.log(people)).fit(tol=1e-10, maxiter=50)
    return float(fit.params[1]), np.asarray(fit.mu, dtype=np.float64)


def _information(expected: Numbers, times: Numbers) -> float:
    """What Poisson counts tell about the slope: one over its variance."""
    return float(expected @ (times - times @ expected / expected.sum()) ** 2)


def _known_points(events: ArrayLike, population: ArrayLike, periods: ArrayLike) -> tuple[Numbers, Numbers, Numbers]:
    counts, people, times = _as_series(events, population, periods)
    _check(counts, people)
    known = np.isfinite(counts) & np.isfinite(times) & (people > 0) & np.isfinite(people)
    return counts[known], people[known], times[known]


def _has_slope(counts: Numbers) -> bool:
    """Whether the likelihood has a maximum: events at one end only would let the slope run to infinity."""
    return bool(counts[1:].any() and counts[:-1].any())


@lru_cache
def _t_limit(degrees: int, confidence: float) -> float:
    return float(stats.t.isf((1 - confidence) / 2, degrees))


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
    counts, people, years, early = _as_series(events, population, periods, provisional)
    _check(counts, people)
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


def power_to_see(
    events: float, population: ArrayLike, periods: ArrayLike, *, phi: float = 1.0, fall: float = FALL
) -> float:
    """Chance that the log-linear rule sees a steady fall over the whole window, from the mean level of the series.

    events      in the whole window; population and periods as in `loglinear_trend`
    phi         dispersion, taken as known and at least 1; fall: the part lost between the first and last period
    returns     0 to 1; NaN when phi is
    source      normal slope with its expected information; t limit on a chi-squared dispersion floored at 1, as the
                mean over 200 equal parts of that distribution. An approximation: within 3 points of simulation
                (five years of 50, 100, 250: 6, 20, 68 %)
    """
    people, times = np.asarray(population, dtype=np.float64), np.asarray(periods, dtype=np.float64)
    slope, elapsed = np.log(1 - fall) / (times[-1] - times[0]), times - times[0]
    expected = events / people.sum() * people * np.exp(slope * elapsed)
    noise = np.maximum(phi, 1.0)
    floored = np.sqrt(np.maximum(_dispersions(len(times) - 2), 1 / noise))
    limits = _t_limit(len(times) - 2, 1 - MOST_P) * floored
    return float(special.ndtr(-slope * np.sqrt(_information(expected, elapsed) / noise) - limits).mean())


@lru_cache
def _dispersions(degrees: int) -> Numbers:
    """200 equally likely values of an estimated dispersion around 1."""
    return np.asarray(stats.chi2.ppf((np.arange(200) + 0.5) / 200, degrees) / degrees)
