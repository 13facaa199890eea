"""Is this month higher than it should be, and do cases lie together? Questions for a person, never findings.

One series at a time, one count per period, oldest first; a missing count is NaN and never 0. Without a bound there is
no alarm: a history that tells nothing gives NaN, and nothing is flagged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

MEANS = (1e-8, 1e7)  # outside it no bound: scipy's negative binomial hangs, or aborts Python, at a huge mean


@dataclass(frozen=True, kw_only=True, eq=False)
class Signal:
    """Per period asked: expected count, upper bound, alarm, chance of a count at least this high, dispersion."""

    expected: Numbers
    upper: Numbers
    alarm: Flags
    p: Numbers
    phi: Numbers


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """Per period: what was accumulated (the statistic), the count that would just be enough, and the alarm."""

    statistic: Numbers
    upper: Numbers
    alarm: Flags


def discoveries(p: ArrayLike, q: float) -> Flags:
    """Which of many tests are findings, when a share q of the findings may be false.

    p           p-values of any shape; NaN is no test: it does not count and is never a finding
    q           false discovery rate, such as 0.10
    returns     true where the Benjamini-Hochberg value is at most q
    raises      ValueError on a p-value outside 0 to 1
    source      Benjamini & Hochberg 1995
    """
    values = np.asarray(p, dtype=np.float64)
    found, known = np.zeros(values.shape, dtype=np.bool_), ~np.isnan(values)
    if known.any():
        found[known] = stats.false_discovery_control(values[known]) <= q
    return found


def ears(
    counts: ArrayLike,
    *,
    method: Literal["C1", "C2", "C3"] = "C1",
    baseline: int = 7,
    alpha: float | None = None,
    min_sigma: float = 0.0,
) -> Chart:
    """Early aberration reporting: the count beside the mean and spread of the periods just before.

    method      C1: the `baseline` periods before; C2: the same, two periods earlier; C3: the surplus of three C2's
    alpha       one-sided; 0.001 for C1 and C2, 0.025 for C3
    min_sigma   smallest spread: 0.5 keeps a first case after a run of zeros from being an alarm
    returns     statistic in standard deviations, upper in cases, alarm where the count is higher; NaN until there are
                enough periods, or when one of them is missing. The bound of C3 is the customary one: it subtracts
                the surplus of two periods from the limit, so it lies one deviation under what its statistic asks.
    raises      ValueError on a negative count or a baseline under two periods
    source      Hutwagner et al. 2003; Fricker, Hegler & Dunfee 2008
    """
    y = _series(counts)
    if baseline < 2:
        raise ValueError("a baseline needs two periods or more")
    limit = float(stats.norm.isf(alpha if alpha is not None else 0.025 if method == "C3" else 0.001))
    mean, spread = _moving(y, baseline, 0 if method == "C1" else 2)
    spread = np.maximum(spread, min_sigma)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (y - mean) / spread
    if method != "C3":
        return _chart(y, score, mean + limit * spread)
    surplus = np.where(y == mean, 0.0, np.maximum(score - 1, 0))  # no spread and no difference: no surplus
    before = np.full_like(y, np.nan)
    before[2:] = surplus[1:-1] + surplus[:-2]
    return _chart(y, before + surplus, mean + spread * (limit - before))


def _moving(y: Numbers, width: int, lag: int) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation of the `width` periods that end `lag` + 1 periods before each."""
    mean, spread = np.full_like(y, np.nan), np.full_like(y, np.nan)
    if len(y) > width + lag:
        windows = np.lib.stride_tricks.sliding_window_view(y, width)[: len(y) - width - lag]
        mean[width + lag :], spread[width + lag :] = windows.mean(axis=1), windows.std(axis=1, ddof=1)
    return mean, spread


def _chart(y: Numbers, statistic: Numbers, upper: Numbers) -> Chart:
    return Chart(statistic=statistic, upper=upper, alarm=y > upper)


def _series(counts: ArrayLike) -> Numbers:
    y = np.atleast_1d(np.asarray(counts, dtype=np.float64))
    if np.any(y < 0):
        raise ValueError("a count cannot be negative")
    return y


def cusum(
    counts: ArrayLike,
    *,
    mean: ArrayLike,
    k: float = 1.04,
    h: float = 2.26,
    transform: Literal["standard", "rossi", "anscombe"] = "standard",
) -> Chart:
    """Cumulative sum of what each period has over its mean: for a slow drift.

    mean        expected count, one for all periods or one per period
    k, h        what a period may have over its mean, and the sum that gives an alarm, in standard deviations
    transform   how a count becomes standard: standard, rossi (sharper for small means) or anscombe (2/3 power)
    returns     the sum, the count (not rounded, at least 0) at which it would reach h, and alarm where it is h or
                more; it goes on after an alarm. A missing period leaves the sum as it was and has no value itself.
    raises      ValueError on a negative count or a mean that is not more than 0
    source      Page 1954; Rossi, Lampugnani & Marchi 1999; Anscombe 1948 for the powers
    """
    y, means = np.broadcast_arrays(_series(counts), np.asarray(mean, dtype=np.float64))
    if np.any(means <= 0):
        raise ValueError("a mean is more than 0")
    standard, back = _TRANSFORMS[transform]
    surplus, total = standard(y, means) - k, 0.0
    sums, before = np.full_like(means, np.nan), np.zeros_like(means)
    for place, extra in enumerate(surplus):
        before[place] = total
        if np.isfinite(extra):
            sums[place] = total = max(0.0, total + extra)
    upper = np.where(np.isfinite(surplus), back(h + k - before, means), np.nan)
    return Chart(statistic=sums, upper=upper, alarm=sums >= h)


def _anscombe_back(score: Numbers, m: Numbers) -> Numbers:
    return np.asarray(np.maximum(m ** (2 / 3) + 2 / 3 * m ** (1 / 6) * score, 0) ** 1.5)


def _rossi_back(score: Numbers, m: Numbers) -> Numbers:
    return np.asarray(np.maximum(np.sqrt(np.maximum(4 * m + 2 * np.sqrt(m) * score, 0)) - np.sqrt(m), 0) ** 2)


Transform = Callable[[Numbers, Numbers], Numbers]
_TRANSFORMS: dict[str, tuple[Transform, Transform]] = {
    "standard": (lambda y, m: (y - m) / np.sqrt(m), lambda score, m: np.maximum(m + np.sqrt(m) * score, 0)),
    "rossi": (lambda y, m: (y - 3 * m + 2 * np.sqrt(y * m)) / (2 * np.sqrt(m)), _rossi_back),
    "anscombe": (lambda y, m: 1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6), _anscombe_back),
}
