"""Counts, rates and shares with their intervals, and the ratio of two rates.

Below 10 events the Poisson interval is exact, from 10 on it is Byar's approximation: at 10 the two differ by up to
0.17 %, and the switch stays because public-health figures are published with it. A missing value is NaN and stays
NaN; it is never 0. Arguments are numbers or arrays and results have their broadcast shape.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from analysis.counts import Estimate, Interval, Numbers, count_interval, not_negative, rounded_count_interval, tail_of
from analysis.gradient import SlopeIndex, quantile, slope_index
from analysis.standardise import (
    StandardisedRatio,
    repeat_standardised_rate,
    standardised_rate,
    standardised_ratio,
    standardised_ratio_rate,
)

__all__ = [
    "Estimate",
    "Interval",
    "Ratio",
    "SlopeIndex",
    "StandardisedRatio",
    "count_interval",
    "quantile",
    "rate",
    "rate_ratio",
    "repeat_standardised_rate",
    "rounded_count_interval",
    "share",
    "slope_index",
    "standardised_rate",
    "standardised_ratio",
    "standardised_ratio_rate",
]

PMF_TOLERANCE = 1 + 1e-7  # outcomes this close in probability are equally likely, as in R's binom.test and scipy


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratio:
    """A ratio with its limits and the two-sided p-value of "no difference"."""

    value: Numbers
    low: Numbers
    high: Numbers
    p: Numbers


def rate(events: ArrayLike, population: ArrayLike, *, per: float = 1_000, confidence: float = 0.95) -> Estimate:
    """Crude rate with the interval of its count.

    events      counts
    population  persons (or person-years); NaN where it is not more than 0
    returns     value, low, high per `per` persons
    raises      ValueError on a negative count or population
    """
    counts, persons = np.broadcast_arrays(not_negative(events, "count"), not_negative(population, "population"))
    scale = per / np.where(persons > 0, persons, np.nan)
    limits = count_interval(counts, confidence=confidence)
    return Estimate(value=(counts * scale)[()], low=(limits.low * scale)[()], high=(limits.high * scale)[()])


def share(events: ArrayLike, population: ArrayLike, *, per: float = 100, confidence: float = 0.95) -> Estimate:
    """Part of a whole, with Wilson's score interval.

    events      how many of the population, at most the population
    returns     value, low, high per `per` (100: a percentage), within 0 and `per`; NaN for an empty population
    raises      ValueError on a negative count, or more events than population
    source      Wilson 1927; equal to statsmodels proportion_confint(method="wilson"), which is slow to import
    """
    counts, whole = np.broadcast_arrays(not_negative(events, "count"), not_negative(population, "population"))
    if np.any(counts > whole):
        raise ValueError("a share needs at most as many events as population")
    z2 = stats.norm.isf(tail_of(confidence)) ** 2
    persons = np.where(whole > 0, whole, np.nan)
    part = counts / persons
    middle = (counts + z2 / 2) / (persons + z2)
    reach = np.sqrt(z2 * (part * (1 - part) * persons + z2 / 4)) / (persons + z2)
    low, high = np.clip(middle - reach, 0, 1), np.clip(middle + reach, 0, 1)
    low, high = np.where(counts == 0, low * 0, low), np.where(counts == whole, high * 0 + 1, high)
    return Estimate(value=(part * per)[()], low=(low * per)[()], high=(high * per)[()])


def rate_ratio(
    events_a: ArrayLike,
    population_a: ArrayLike,
    events_b: ArrayLike,
    population_b: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Ratio:
    """Rate of a divided by rate of b, conditional exact: given the total, events_a is binomial.

    events      whole counts of independent events (two areas, or two years)
    returns     value, low, high, p; without events in b value and high are inf; NaN without any event or population
    raises      ValueError on a negative count or population, or a count that is not whole
    source      Przyborowski & Wilenski 1940; p as R's poisson.test and scipy's binomtest
    """
    counts = [not_negative(events, "count") for events in (events_a, events_b)]
    persons = [not_negative(people, "population") for people in (population_a, population_b)]
    a, b, people_a, people_b = (np.array(array) for array in np.broadcast_arrays(*counts, *persons))
    known = (a + b > 0) & (people_a > 0) & (people_b > 0)
    found = np.full((4, *a.shape), np.nan)
    cases, where = np.unique(
        np.stack([a[known], b[known], people_a[known], people_b[known]]), axis=1, return_inverse=True
    )
    found[:, known] = _ratios(*cases, tail=tail_of(confidence))[:, where.reshape(-1)]
    return Ratio(value=found[0][()], low=found[1][()], high=found[2][()], p=found[3][()])


def _ratios(a: Numbers, b: Numbers, people_a: Numbers, people_b: Numbers, *, tail: float) -> Numbers:
    """Rows value, low, high, p for known pairs, shape (4, n)."""
    if np.any(a % 1) or np.any(b % 1):
        raise ValueError("a rate ratio needs whole counts")
    scale = people_b / people_a
    with np.errstate(divide="ignore"):
        value = a / b * scale
        low = np.where(a > 0, special.betaincinv(a, b + 1, tail) / special.betainccinv(b + 1, a, tail) * scale, 0)
        high = np.where(b > 0, special.betainccinv(a + 1, b, tail) / special.betaincinv(b, a + 1, tail) * scale, np.inf)
    return np.stack([value, low, high, _binomial_p(a, a + b, people_a / (people_a + people_b))])


def _binomial_p(k: Numbers, n: Numbers, chance: Numbers) -> Numbers:
    """Two-sided exact p: the chance of every outcome that is at most as likely as the one seen."""
    expected = n * chance
    side: Numbers = np.where(k < expected, 1.0, -1.0)  # where the other tail lies
    edge = np.where(side > 0, np.ceil(expected), np.floor(expected))
    steps = _steps_to_unlikely(edge, side, k, n, chance)
    up = stats.binom.cdf(k, n, chance) + stats.binom.sf(edge + steps - 1, n, chance)
    down = stats.binom.cdf(edge - steps, n, chance) + stats.binom.sf(k - 1, n, chance)
    return np.where(k == expected, 1.0, np.minimum(1.0, np.where(side > 0, up, down)))


def _steps_to_unlikely(edge: Numbers, side: Numbers, k: Numbers, n: Numbers, chance: Numbers) -> Numbers:
    """Steps from the edge of the other tail to its first outcome that is at most as likely as k, by halving."""
    bound = stats.binom.pmf(k, n, chance) * PMF_TOLERANCE
    low, high = np.zeros_like(k), np.where(side > 0, n - edge, edge) + 1
    while np.any(low < high):
        middle = np.floor((low + high) / 2)
        unlikely = stats.binom.pmf(edge + side * middle, n, chance) <= bound
        low, high = np.where(unlikely, low, np.minimum(middle + 1, high)), np.where(unlikely, middle, high)
    return low
