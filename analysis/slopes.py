"""A log-linear slope for yearly counts, and the chance to see one. Imported from `analysis.trends`."""

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from analysis.counts import Numbers

MOST_P = 0.05
FALL, LEAST_POWER = 0.30, 0.50  # a steady fall of 30 % over the window must have had an even chance to be seen


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A log-linear slope per period; change in % per period with its 95 % interval; raw Pearson dispersion; p."""

    slope: float
    change_pct: float
    low: float
    high: float
    phi: float
    p: float


NO_TREND = Trend(slope=np.nan, change_pct=np.nan, low=np.nan, high=np.nan, phi=np.nan, p=np.nan)


def as_series(*parts: ArrayLike) -> tuple[Numbers, ...]:
    return np.broadcast_arrays(*(np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in parts))


def check_series(counts: Numbers, people: Numbers) -> None:
    if np.any(counts < 0) or np.any(people < 0):
        raise ValueError("a count or population cannot be negative")


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
    reach = t_limit(len(counts) - 2, confidence) * error
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
    counts, people, times = as_series(events, population, periods)
    check_series(counts, people)
    known = np.isfinite(counts) & np.isfinite(times) & (people > 0) & np.isfinite(people)
    return counts[known], people[known], times[known]


def _has_slope(counts: Numbers) -> bool:
    """Whether the likelihood has a maximum: events at one end only would let the slope run to infinity."""
    return bool(counts[1:].any() and counts[:-1].any())


@lru_cache
def t_limit(degrees: int, confidence: float) -> float:
    return float(stats.t.isf((1 - confidence) / 2, degrees))


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
    limits = t_limit(len(times) - 2, 1 - MOST_P) * floored
    return float(special.ndtr(-slope * np.sqrt(_information(expected, elapsed) / noise) - limits).mean())


@lru_cache
def _dispersions(degrees: int) -> Numbers:
    """200 equally likely values of an estimated dispersion around 1."""
    return np.asarray(stats.chi2.ppf((np.arange(200) + 0.5) / 200, degrees) / degrees)
