"""How many alarms a year to expect while nothing is the matter, as the page of signals says it.

From shown figures only: how much they vary by themselves is seen in the years that are shown.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.false_alarms import Variation, false_rates, rank_chances
from analysis.signals import Farrington

FALSE_DISCOVERIES = 0.10
LEAST_EXPECTED = 3.0
MEANS = (1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0, 50.0, 150.0)
KNOTS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
Numbers = NDArray[np.float64]


def configure(years: int, parts: int, alpha: float) -> Farrington:
    """The bound by a history of so many years, for months (12 parts) or quarters (4)."""
    return Farrington(
        years=years,
        half_window=1 if parts == 12 else 0,
        alpha=alpha,
        method="nbPlugin",
        least_periods=3 if parts == 12 else 1,
    )


def whole_years(counts: ArrayLike, parts: int) -> Numbers:
    """Counts as years by parts, counted back from the last; a year that misses one is left out."""
    known = np.asarray(counts, dtype=np.float64)
    table: Numbers = known[len(known) % parts :].reshape(-1, parts)
    return np.asarray(table[~np.isnan(table).any(axis=1)])


def expect_false(tests: pd.DataFrame, variation: Variation, alphas: Sequence[float]) -> list[float]:
    """How many alarms these tests give together when nothing is the matter, per alpha.

    tests       one row per test: mean (cases in the long run), years (of its history), period: those of one period
                stand together before the false-discovery rule
    variation   of the figure: by chance alone there would be fewer alarms
    alphas      bounds on p, at most 0.1
    """
    sizes = tests.groupby("period")["period"].transform("size")
    knots = alphas if sizes.max() * max(alphas) <= FALSE_DISCOVERIES else KNOTS
    total = np.zeros(len(alphas))
    for years, own in tests.groupby("years"):
        means = _around(own["mean"])
        config = configure(int(str(years)), len(variation.season), max(alphas))
        table = np.array([false_rates(mean, variation, knots, config, least_expected=LEAST_EXPECTED) for mean in means])
        for size, group in own.groupby(sizes[own.index]):
            expected = np.log(group["mean"].to_numpy(dtype=float))
            rates = _after_discoveries(table, knots, expected, np.log(means), int(str(size)), alphas)
            total += [float(np.interp(expected, np.log(means), one).sum()) for one in rates]
    return [float(one) for one in total]


def _around(means: pd.Series) -> list[float]:
    """The means of the grid that enclose these."""
    low, high = float(means.min()), float(means.max())
    first, last = max(bisect_right(MEANS, low) - 1, 0), min(bisect_left(MEANS, high) + 1, len(MEANS))
    return list(MEANS[min(first, last - 1) : last])


def _after_discoveries(
    table: Numbers, knots: Sequence[float], expected: Numbers, means: Numbers, size: int, alphas: Sequence[float]
) -> list[Numbers]:
    """Chance of an alarm by mean, per alpha, when this many areas are tested together.

    Of a test that is found with k in all, the p is at most 0.1 * k / size as well.
    """
    ranks = FALSE_DISCOVERIES * np.arange(1, size + 1) / size
    if ranks[0] >= max(alphas):
        return [_at(table, knots, np.array([alpha]))[:, 0] for alpha in alphas]
    by_mean = _at(table, knots, ranks)
    others = np.array([np.interp(expected, means, one).mean() for one in by_mean.T])
    chances = rank_chances(others)
    return [_at(table, knots, np.minimum(ranks, alpha)) @ chances for alpha in alphas]


def _at(table: Numbers, knots: Sequence[float], bounds: Numbers) -> Numbers:
    """Rates by mean at other bounds than the knots, along straight lines of logarithms."""
    order = np.argsort(knots)
    places, known = np.log(np.asarray(knots))[order], np.log(np.maximum(table[:, order], 1e-12))
    return np.asarray(np.exp([np.interp(np.log(bounds), places, one) for one in known]))
