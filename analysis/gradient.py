"""From least to most deprived: quantiles of areas, and how steeply a figure runs over them.

Imported from `analysis.rates`. A quantile is no judgement and no rank.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from analysis.counts import Numbers, not_negative

Scale = Literal["none", "log", "logit"]
_Map = Callable[[Numbers], Numbers]


@dataclass(frozen=True, kw_only=True, eq=False)
class SlopeIndex:
    """Slope and relative index of inequality with their limits, and the fitted value at the first end."""

    sii: Numbers
    sii_low: Numbers
    sii_high: Numbers
    rii: Numbers
    rii_low: Numbers
    rii_high: Numbers
    start: Numbers


def quantile(values: ArrayLike, k: int, *, highest_first: bool = False) -> Numbers:
    """Which of k equal groups each value falls in, from 1 for the lowest (or the highest) to k.

    values      shape (..., areas); equal values share a group; a missing value has none and does not count
    returns     1 to k, same shape; NaN for a missing value, and for all with fewer values than groups
    raises      ValueError when k is less than 1
    source      public-health quantiles: floor((k + 1) - ceil((m + 1 - rank) / (m / k))), lowest rank for ties, 0 is 1
    """
    if k < 1:
        raise ValueError("values are divided in at least one group")
    shape = np.shape(values)
    each = np.atleast_1d(np.asarray(values, dtype=np.float64))
    ordered = -each if highest_first else each
    known = ~np.isnan(ordered)
    m = known.sum(axis=-1, keepdims=True, dtype=np.float64)
    group = (k + 1) - np.ceil((m + 1 - _lowest_rank(ordered)) / (np.maximum(m, k) / k))
    return np.where(known & (m >= k), np.maximum(group, 1), np.nan).reshape(shape)[()]


def _lowest_rank(values: Numbers) -> Numbers:
    """1 + how many values are lower; missing ones sort last."""
    return stats.rankdata(np.where(np.isnan(values), np.inf, values), method="min", axis=-1).astype(np.float64)


def slope_index(
    values: ArrayLike,
    population: ArrayLike,
    *,
    low: ArrayLike = np.nan,
    high: ArrayLike = np.nan,
    transform: Scale = "none",
    multiplier: float = 1,
) -> SlopeIndex:
    """Slope index (difference) and relative index (ratio) of inequality between the two ends of an ordered population.

    values      per group of areas, shape (..., groups), in order: from most to least deprived
    population  of each group, same shape: its weight and its width on the scale from 0 to 1
    low, high   limits of the values; the indices have limits of the same confidence, or none when these are left out
    transform   fitted on this scale and turned back: log for rates, logit for proportions from 0 to 1
    multiplier  of the slope; under 0 turns both indices round (relative index: its inverse)
    returns     shape (...); NaN with a missing group or a single one, or one
                without a logarithm or logit, and limits of the ratio where a fitted end is
                not more than 0
    raises      ValueError on a negative population or an unknown transform
    source      Mackenbach & Kunst 1997; limits by the exact variance of a weighted sum, for the ratio and a
                transformed slope by the delta method
    """
    if transform not in _SCALES:
        raise ValueError(f"transform is one of {', '.join(_SCALES)}")
    parts = [np.asarray(part, dtype=np.float64) for part in (values, low, high)]
    level, lower, upper, people = np.broadcast_arrays(*parts, not_negative(population, "population"))
    to_scale, back, steepness = _SCALES[transform]
    with np.errstate(divide="ignore", invalid="ignore"):
        fitted, reach = _finite(to_scale(level)), _finite(to_scale(upper) - to_scale(lower)) / 2
        first, last = _end_weights(people)
        at_first, at_last = (first * fitted).sum(axis=-1), (last * fitted).sum(axis=-1)
        start, end = back(at_first), back(at_last)
        from_first, from_last = steepness(at_first)[..., None] * first, steepness(at_last)[..., None] * last
        around = _spread(from_last - from_first, reach)
        relative = _spread(from_last / end[..., None] - from_first / start[..., None], reach)
    return _index(start, end, around, np.where((start > 0) & (end > 0), relative, np.nan), multiplier)


def _index(start: Numbers, end: Numbers, around: Numbers, relative: Numbers, multiplier: float) -> SlopeIndex:
    """The two ends as difference and ratio; `around` is added to the difference, `relative` to the log of the ratio."""
    above, below = (end, start) if multiplier >= 0 else (start, end)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(below == 0, np.nan, above / below)
    difference, reach = multiplier * (end - start), abs(multiplier) * around
    return SlopeIndex(
        sii=difference[()],
        sii_low=(difference - reach)[()],
        sii_high=(difference + reach)[()],
        rii=ratio[()],
        rii_low=(ratio * np.exp(-relative))[()],
        rii_high=(ratio * np.exp(relative))[()],
        start=start[()],
    )


def _end_weights(population: Numbers) -> tuple[Numbers, Numbers]:
    """What each group adds to the fitted value at the first and at the last end of the weighted line."""
    people = population.sum(axis=-1, keepdims=True)
    width: Numbers = population / np.where(people > 0, people, np.nan)
    middle = np.cumsum(width, axis=-1) - width / 2 - 0.5  # the weighted mean of the mid-ranks is 0.5
    square = (width * middle**2).sum(axis=-1, keepdims=True)
    slope = width * middle / np.where(np.any(width == 1, axis=-1, keepdims=True), np.nan, square)
    return width - slope / 2, width + slope / 2


def _finite(numbers: Numbers) -> Numbers:
    """The logarithm of 0 is no value: with it a line would run to infinity."""
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _spread(weights: Numbers, reach: Numbers) -> Numbers:
    """Reach of a weighted sum of independent values."""
    return np.asarray(np.sqrt((weights**2 * reach**2).sum(axis=-1)))


def _expit_slope(logit: Numbers) -> Numbers:
    return np.asarray(special.expit(logit) * special.expit(-logit))


_SCALES: dict[str, tuple[_Map, _Map, _Map]] = {  # to the scale, back, and the steepness of back
    "none": (np.asarray, np.asarray, np.ones_like),
    "log": (np.log, np.exp, np.exp),
    "logit": (special.logit, special.expit, _expit_slope),
}
