"""Counts and their Poisson intervals, and the two shapes every result has.

Below 10 events the interval is exact, from 10 on it is Byar's approximation: at 10 the two differ by up to 0.17 %, and
the switch stays because public-health figures are published with it. Everything here is imported from
`analysis.rates`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Numbers = NDArray[np.float64]

EXACT_BELOW = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Interval:
    """Lower and upper limit, both of the broadcast shape."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimate:
    """A value with its limits, all of the broadcast shape."""

    value: Numbers
    low: Numbers
    high: Numbers


def count_interval(events: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Interval of a count: exact Poisson below 10 events, Byar's approximation from 10 on.

    events      counts of any shape
    returns     low and high in events; low of 0 events is 0; NaN where Byar's low would be negative
    raises      ValueError on a negative count
    source      Breslow & Day 1987, p. 69 (Byar); Garwood 1936 (exact)
    """
    counts, tail = not_negative(events, "count"), tail_of(confidence)
    low, high = _byar(np.maximum(counts, EXACT_BELOW), tail)
    small = counts < EXACT_BELOW
    values, where = np.unique(counts[small], return_inverse=True)
    low[small], high[small] = _exact_low(values, tail)[where], _exact_high(values, tail)[where]
    return Interval(low=low[()], high=high[()])


def rounded_count_interval(rounded: ArrayLike, base: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Interval of a count that was published rounded: from the smallest count it may stand for to the largest.

    rounded     published multiples of `base` (10 to tens means 5 up to and including 14), any shape
    base        what was rounded to: 5 or 10; 1 gives `count_interval`
    returns     low of the smallest and high of the largest count, in events; NaN where a published count is NaN
    raises      ValueError on a negative count, or a base that is not more than 0
    source      a count rounded to the nearest multiple, halves upwards: 10 is published for 5, and 20 for 15
    """
    counts, bases = np.broadcast_arrays(not_negative(rounded, "count"), np.asarray(base, dtype=np.float64))
    if np.any(bases <= 0):
        raise ValueError("a base to round to is more than 0, such as 5 or 10")
    smallest = np.maximum(np.ceil(counts - bases / 2), 0)
    largest = np.ceil(counts + bases / 2) - 1
    low = count_interval(smallest, confidence=confidence).low
    return Interval(low=low, high=count_interval(largest, confidence=confidence).high)


def _byar(counts: Numbers, tail: float) -> tuple[Numbers, Numbers]:
    z = stats.norm.isf(tail)
    above = counts + 1
    low = counts * (1 - 1 / (9 * counts) - z / (3 * np.sqrt(counts))) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return np.where(low < 0, np.nan, low), np.asarray(high)


def _exact_low(counts: Numbers, tail: float) -> Numbers:
    return np.where(counts > 0, stats.chi2.ppf(tail, 2 * np.maximum(counts, 1e-9)) / 2, 0.0)


def _exact_high(counts: Numbers, tail: float) -> Numbers:
    return np.asarray(stats.chi2.isf(tail, 2 * counts + 2) / 2)


def tail_of(confidence: float) -> float:
    """What lies outside a two-sided interval, on either side."""
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1, such as 0.95")
    return (1 - confidence) / 2


def not_negative(numbers: ArrayLike, what: Literal["count", "population"]) -> Numbers:
    """The numbers as an array; ValueError when one is under 0."""
    array = np.asarray(numbers, dtype=np.float64)
    if np.any(array < 0):
        raise ValueError(f"a {what} cannot be negative")
    return array
