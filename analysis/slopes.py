"""A log-linear slope for counts over time, and the chance to see one. Imported from `analysis.trends`.

One series or many at once: periods are on the last axis. A point with a missing value, or without population, weighs
nothing.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from analysis.counts import Numbers

Flags = NDArray[np.bool_]
Number = Any  # a float for one series, an array of the broadcast shape for many

MOST_P = 0.05
FALL, LEAST_POWER = 0.30, 0.50  # a steady fall of 30 % over the window must have had an even chance to be seen
CLOSE, MOST_STEPS = 1e-13, 60


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A log-linear slope per period; change in % per period with its interval; raw Pearson dispersion; p."""

    slope: Number
    change_pct: Number
    low: Number
    high: Number
    phi: Number
    p: Number


def as_series(*parts: ArrayLike) -> tuple[Numbers, ...]:
    """The parts as arrays of one shape, with periods on the last axis."""
    return np.broadcast_arrays(*(np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in parts))


def check_series(counts: Numbers, people: Numbers) -> None:
    """ValueError on a negative count or population."""
    if np.any(counts < 0) or np.any(people < 0):
        raise ValueError("a count or population cannot be negative")


def loglinear_trend(events: ArrayLike, population: ArrayLike, periods: ArrayLike, *, confidence: float = 0.95) -> Trend:
    """Quasi-Poisson regression of events on time, with the population as offset.

    events, population, periods     shape (..., periods), periods as numbers; a point with a missing value or no
                population is left out
    returns     shape (...): slope per period (log scale), change in % with limits, phi as found (may be under 1), p;
                limits and p use max(phi, 1) and t with k - 2 degrees. NaN with fewer than three points, or when no
                slope exists: no events, or events at the first or the last point only.
    raises      ValueError on a negative count or population
    source      McCullagh & Nelder 1989; R glm(family = quasipoisson), statsmodels GLM(Poisson, scale="X2")
    """
    counts, people, times = as_series(events, population, periods)
    check_series(counts, people)
    known = np.isfinite(counts) & np.isfinite(times) & (people > 0) & np.isfinite(people)
    return fit_trend(counts, people, times, known, confidence)


def fit_trend(counts: Numbers, people: Numbers, times: Numbers, known: Flags, confidence: float = 0.95) -> Trend:
    """`loglinear_trend` of the known points."""
    y, n = np.where(known, counts, 0.0), np.where(known, people, 0.0)
    degrees = known.sum(axis=-1) - 2
    first = np.where(known, times, np.inf).min(axis=-1, keepdims=True, initial=np.inf)
    last = np.where(known, times, -np.inf).max(axis=-1, keepdims=True, initial=-np.inf)
    has_slope = (y * (times > first)).any(axis=-1) & (y * (times < last)).any(axis=-1) & (degrees > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        elapsed = np.where(known, times - first, 0.0)
        slope, fitted = _fit(y, n, elapsed, has_slope)
        phi = np.nansum((y - fitted) ** 2 / fitted, axis=-1) / np.where(has_slope, degrees, np.nan)
        error = np.sqrt(np.maximum(phi, 1.0) / _information(fitted, elapsed))
        freedom = np.where(has_slope, degrees, 1)
        reach = special.stdtrit(freedom, (1 + confidence) / 2) * error
        change, low, high = (100 * np.expm1(one) for one in (slope, slope - reach, slope + reach))
        p = 2 * special.stdtr(freedom, -np.abs(slope) / error)
    return Trend(slope=slope[()], change_pct=change[()], low=low[()], high=high[()], phi=phi[()], p=p[()])


def _fit(y: Numbers, n: Numbers, elapsed: Numbers, has_slope: Flags) -> tuple[Numbers, Numbers]:
    """Slopes of highest likelihood and fitted counts, by Newton's method.

    Given the slope the level is total / sum(n exp(slope t)), so one number per series is sought. NaN without a slope.
    """
    total = y.sum(axis=-1)
    centre = (y * elapsed).sum(axis=-1) / np.where(has_slope, total, np.nan)
    slope = np.where(has_slope, 0.0, np.nan)
    width = np.where(has_slope, np.max(elapsed, axis=-1, initial=0.0), np.nan)
    for _ in range(MOST_STEPS):
        shape = n * np.exp(slope[..., None] * elapsed)
        part = shape / shape.sum(axis=-1, keepdims=True)
        mean = (part * elapsed).sum(axis=-1)
        step = (centre - mean) / (part * (elapsed - mean[..., None]) ** 2).sum(axis=-1)
        step = np.clip(step, -2 / width, 2 / width)
        slope = slope + step
        if not np.any(np.abs(step * width) > CLOSE * np.maximum(1, np.abs(slope * width))):
            break
    shape = n * np.exp(slope[..., None] * elapsed)
    return slope, total[..., None] * shape / shape.sum(axis=-1, keepdims=True)


def _information(expected: Numbers, times: Numbers) -> Numbers:
    """What Poisson counts tell about the slope: one over its variance."""
    mean = (expected * times).sum(axis=-1, keepdims=True) / expected.sum(axis=-1, keepdims=True)
    return np.asarray((expected * (times - mean) ** 2).sum(axis=-1))


def t_limit(degrees: int, confidence: float) -> float:
    """Upper limit of a two-sided interval of Student's t."""
    return float(special.stdtrit(degrees, (1 + confidence) / 2))


def power_to_see(
    events: ArrayLike, population: ArrayLike, periods: ArrayLike, *, phi: ArrayLike = 1.0, fall: float = FALL
) -> Number:
    """Chance that the log-linear rule sees a steady fall over the whole window, from the mean level of the series.

    events      in the whole window, shape (...); population and periods as in `loglinear_trend`: a point without
                population is no part of the window
    phi         dispersion, shape (...), taken as known and at least 1; fall: the part lost from first to last period
    returns     0 to 1, shape (...); NaN when phi is, and with fewer than three points
    source      normal slope with its expected information; t limit on a chi-squared dispersion floored at 1, as the
                mean over 200 equal parts of that distribution. An approximation: within 3 points of simulation
                (five years of 50, 100, 250: 6, 20, 68 %)
    """
    people, times = as_series(population, periods)
    used = people > 0
    first, last = np.where(used, times, np.inf).min(axis=-1), np.where(used, times, -np.inf).max(axis=-1)
    degrees = np.where(used.sum(axis=-1) > 2, used.sum(axis=-1) - 2, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope, elapsed = np.log(1 - fall) / (last - first), np.where(used, times - first[..., None], 0.0)
        level = np.asarray(events, dtype=np.float64) / people.sum(axis=-1)
        expected = level[..., None] * people * np.exp(slope[..., None] * elapsed)
        noise = np.maximum(np.asarray(phi, dtype=np.float64), 1.0)
        seen = -slope * np.sqrt(_information(expected, elapsed) / noise)
    chance = np.full(np.broadcast_shapes(seen.shape, degrees.shape), np.nan)
    for freedom in np.unique(degrees[degrees > 0]):
        these = np.broadcast_to(degrees == freedom, chance.shape)
        floored = np.sqrt(
            np.maximum(_dispersions(int(freedom)), 1 / np.broadcast_to(noise, chance.shape)[these][:, None])
        )
        limits = t_limit(int(freedom), 1 - MOST_P) * floored
        chance[these] = special.ndtr(np.broadcast_to(seen, chance.shape)[these][:, None] - limits).mean(axis=-1)
    return chance[()]


@lru_cache
def _dispersions(degrees: int) -> Numbers:
    """200 equally likely values of an estimated dispersion around 1."""
    return np.asarray(stats.chi2.ppf((np.arange(200) + 0.5) / 200, degrees) / degrees)
