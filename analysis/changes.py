"""Has the level of a series changed? The generalised likelihood ratio, for counts around a known mean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """Per period: what was accumulated (the statistic), the count that would just be enough, and the alarm."""

    statistic: Numbers
    upper: Numbers
    alarm: Flags


def glr(
    counts: ArrayLike,
    *,
    mean: ArrayLike,
    dispersion: float = 0.0,
    change: float | None = None,
    threshold: float = 5.0,
    least: int = 1,
    back: int | None = None,
) -> Chart:
    """Likelihood ratio of "the level rose at some period" against "nothing changed", over all periods since an alarm.

    mean        expected count without a change, one for all periods or one per period
    dispersion  of the negative binomial: variance = mean + dispersion * mean^2; 0: Poisson
    change      a known rise as log of the ratio gives the cumulative sum of log likelihood ratios; None: any rise
    threshold   the statistic that gives an alarm; the series starts anew after one
    least, back         a change lasts at least this many periods, and began at most `back` periods ago (None: any)
    returns     the statistic, the count (not rounded) at which it would reach the threshold, alarm where it is the
                threshold or more. A missing period has no value and tells nothing.
    raises      ValueError on a negative count, or a mean that is not more than 0
    source      Höhle & Paul 2008; Lorden 1971
    """
    y, means = np.broadcast_arrays(
        np.atleast_1d(np.asarray(counts, dtype=np.float64)), np.asarray(mean, dtype=np.float64)
    )
    if np.any(y < 0) or np.any(means <= 0) or dispersion < 0 or least < 1:
        raise ValueError("counts cannot be negative, and a mean is more than 0")
    known = np.flatnonzero(np.isfinite(y) & np.isfinite(means))
    statistic, upper, start = np.full(y.shape, np.nan), np.full(y.shape, np.nan), 0
    for place in range(len(known)):
        now = known[place]
        used = known[start if back is None else max(start, place - back) : place + 1]
        statistic[now] = _statistic(y[used], means[used], dispersion, change, least)
        upper[now] = _upper(y[used], means[used], dispersion, change, least, threshold)
        start = place + 1 if statistic[now] >= threshold else start
    return Chart(statistic=statistic, upper=upper, alarm=statistic >= threshold)


def _statistic(y: Numbers, means: Numbers, dispersion: float, change: float | None, least: int) -> float:
    """The highest log likelihood ratio of a change at any start, at least 0."""
    starts = len(y) - least + 1
    ratios = [_ratio(y[start:], means[start:], dispersion, change) for start in range(starts)]
    return max([0.0, *ratios])


def _ratio(y: Numbers, means: Numbers, dispersion: float, change: float | None) -> float:
    """Log likelihood ratio of one rise over all these periods."""
    rise = _rise(y, means, dispersion) if change is None else change
    if dispersion == 0:
        return float(y.sum() * rise - means.sum() * np.expm1(rise))
    grown = np.log1p(dispersion * means * np.expm1(rise) / (1 + dispersion * means))
    return float(y.sum() * rise - (y + 1 / dispersion) @ grown)


def _rise(y: Numbers, means: Numbers, dispersion: float) -> float:
    """Log of the most likely ratio of level to mean, at least 0."""
    if y.sum() <= means.sum() and (dispersion == 0 or np.ptp(means) == 0):
        return 0.0
    if dispersion == 0 or np.ptp(means) == 0:
        return float(np.log(y.sum() / means.sum()))

    def slope(rise: float) -> float:
        level = means * np.exp(rise)
        return float(((y - level) / (1 + dispersion * level)).sum())

    if slope(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(slope, 0.0, float(np.log((y / means).max())) + 1e-9, xtol=1e-13))


def _upper(y: Numbers, means: Numbers, dispersion: float, change: float | None, least: int, threshold: float) -> float:
    """The latest count at which the statistic is the threshold; 0 when any count would do, NaN when none can."""

    def above(count: float) -> float:
        return _statistic(np.append(y[:-1], count), means, dispersion, change, least) - threshold

    if above(0.0) >= 0:
        return 0.0
    high = 2.0 * float(y.sum() + means.sum() + threshold)
    for _ in range(40):
        if above(high) >= 0:
            return float(optimize.brentq(above, 0.0, high, xtol=1e-10))
        high *= 2
    return np.nan
