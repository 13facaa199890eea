"""Is this month higher than it should be, and do cases lie together? Questions for a person, never findings.

One series at a time, one count per period, oldest first; a missing count is NaN and never 0. Without a bound there is
no alarm: a history that tells nothing gives NaN, and nothing is flagged.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.changes import Chart, glr
from analysis.clusters import Cluster, scan

__all__ = ["Chart", "Cluster", "Farrington", "Signal", "cusum", "discoveries", "ears", "farrington", "glr", "scan"]

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
                enough periods, when one of them is missing, and for C3 when one has no spread. The bound of C3 is that
                of the published software, for parity: the count itself with what the surplus of the two periods before
                leaves of the limit, so its alarm speaks of those two. Better to use C2.
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
    surplus, before = np.maximum(score - 1, 0), np.full_like(y, np.nan)
    before[2:] = surplus[1:-1] + surplus[:-2]
    with np.errstate(invalid="ignore"):
        return _chart(y, before + surplus, np.maximum(y + spread * (limit - before), 0))


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
    returns     the sum, the count (at least 0; for standard the first whole one) at which it would reach h, and alarm
                where it is h or more; it goes on after an alarm. A missing period leaves the sum as it was and has no
                value itself.
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


def _standard_back(score: Numbers, m: Numbers) -> Numbers:
    return np.asarray(np.ceil(np.maximum(m + np.sqrt(m) * score, 0) - 1e-9))


def _anscombe_back(score: Numbers, m: Numbers) -> Numbers:
    return np.asarray(np.maximum(m ** (2 / 3) + 2 / 3 * m ** (1 / 6) * score, 0) ** 1.5)


def _rossi_back(score: Numbers, m: Numbers) -> Numbers:
    return np.asarray(np.maximum(np.sqrt(np.maximum(4 * m + 2 * np.sqrt(m) * score, 0)) - np.sqrt(m), 0) ** 2)


Transform = Callable[[Numbers, Numbers], Numbers]
_TRANSFORMS: dict[str, tuple[Transform, Transform]] = {
    "standard": (lambda y, m: (y - m) / np.sqrt(m), _standard_back),
    "rossi": (lambda y, m: (y - 3 * m + 2 * np.sqrt(y * m)) / (2 * np.sqrt(m)), _rossi_back),
    "anscombe": (lambda y, m: 1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6), _anscombe_back),
}


@dataclass(frozen=True, kw_only=True)
class Farrington:
    """Settings of `farrington`: monthly data, five years, one month either side.

    years, half_window      how many earlier years, and periods either side of the same date in each
    alpha       one-sided chance of a false alarm; method: delta, nbPlugin or muan
    blocks      1: the windows alone; more: the rest of each year too, in blocks - 1 seasonal groups
    skip        latest periods that are left out of the history; never fewer than half_window
    trend, trend_p          whether a slope may be kept, and how significant it must be
    reweight, outlier       past outbreaks weigh less from this Anscombe residual on
    least_cases, least_periods      no bound with fewer cases than this in the latest periods
    """

    years: int = 5
    half_window: int = 1
    alpha: float = 0.01
    method: Literal["delta", "nbPlugin", "muan"] = "nbPlugin"
    blocks: int = 1
    skip: int | None = None
    trend: bool = True
    trend_p: float = 0.05
    reweight: bool = True
    outlier: float = 2.58
    least_cases: int = 5
    least_periods: int = 3


@dataclass(frozen=True, kw_only=True)
class _Fit:
    """Log mean of the period asked with its error, dispersion (at least 1), and p of the slope."""

    log_mean: float
    error: float
    phi: float
    trend_p: float


def farrington(counts: ArrayLike, frequency: int, *, config: Farrington | None = None, at: ArrayLike) -> Signal:
    """Bound for a count from the same time of year in earlier years, flexible form.

    counts      one per period, oldest first; frequency: periods in a year (12, 4, 52)
    at          places of the periods to judge (0: the first), one or many; the result has its shape
    returns     alarm where the count is more than upper, never at 0 cases. All NaN and no alarm with too short or
                empty a history, a missing count, too few recent cases, or a mean outside 1e-8 to 1e7. With muan the p
                is that of the raised mean, with delta that of the 2/3 power.
    raises      ValueError on a negative count or a place outside the series
    source      Farrington et al. 1996; Noufaily et al. 2013; Salmon, Schumacher & Höhle 2016
    """
    y, places = _series(counts), np.asarray(at, dtype=np.int64)
    if np.any((places < 0) | (places >= len(y))):
        raise ValueError("a place lies within the series")
    rows = [_judge(y, int(place), frequency, config or Farrington()) for place in places.flat]
    found = np.array(rows, dtype=np.float64).reshape(*places.shape, 4)
    expected, upper, p, phi = (found[..., column] for column in range(4))
    observed = y[places]
    alarm = np.asarray((observed > upper) & (observed > 0))
    return Signal(expected=expected[()], upper=upper[()], alarm=alarm[()], p=p[()], phi=phi[()])


def _judge(y: Numbers, place: int, frequency: int, config: Farrington) -> tuple[float, float, float, float]:
    """Expected, upper, p, phi of one period."""
    none = (np.nan, np.nan, np.nan, np.nan)
    recent = y[max(place - config.least_periods + 1, 0) : place + 1]
    if (
        place < config.years * frequency + config.half_window
        or np.isnan(y[place])
        or not np.nansum(recent) >= config.least_cases
    ):
        return none
    used, group = _history(place, frequency, config)
    kept = ~np.isnan(y[used])
    fit = _best_fit(y[used][kept], used[kept] - place, group[kept], config)
    if fit is None:
        return none
    upper, p = _bound(y[place], fit, config)
    return (float(np.exp(fit.log_mean)), upper, p, fit.phi) if np.isfinite(upper) else none


def _history(place: int, frequency: int, config: Farrington) -> tuple[Places, Places]:
    """Places of the history, and the seasonal group of each; the period asked is in group 0."""
    width, skip = config.half_window, max(config.half_window, config.skip or 0)
    season = (np.arange(place + 1) - place + width) % frequency  # 0 .. 2 * width: the window around the same date
    rest = np.array_split(np.arange(2 * width + 1, frequency), max(config.blocks - 1, 1))
    groups = np.zeros(frequency, dtype=np.int64)
    for number, block in enumerate(rest, start=1):
        groups[block] = number
    group = groups[season]
    used = np.arange(place + 1)
    first = place - config.years * frequency - width
    kept = (used >= first) & (used < place - skip) & ((config.blocks > 1) | (season <= 2 * width))
    return used[kept], group[kept]


def _best_fit(y: Numbers, times: Places, group: Places, config: Farrington) -> _Fit | None:
    """The fit with a slope when that is allowed, significant and no extrapolation; else the fit without."""
    if not y.any():
        return None
    if config.trend and config.years >= 3:
        fit = _fit(y, times, group, config, trend=True)
        if fit and fit.trend_p < config.trend_p and np.exp(fit.log_mean) <= y.max():
            return fit
    return _fit(y, times, group, config, trend=False)


def _fit(y: Numbers, times: Places, group: Places, config: Farrington, *, trend: bool) -> _Fit | None:
    """Quasi-Poisson regression, past outbreaks weighed down.

    After reweighting, the dispersion behind the errors sums the prior weights instead of the working ones, as in the
    published software: for parity.
    """
    columns = [np.ones(len(y)), *(group == number for number in np.unique(group[group > 0]))]
    design = np.column_stack([*columns, times / 100] if trend else columns).astype(np.float64)
    degrees = len(y) - design.shape[1]
    if degrees < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    weights = np.ones(len(y))
    slope, means, spread = _regression(y, design, weights)
    dispersion = phi = float(((y - means) ** 2 / means).sum() / degrees)
    if config.reweight:
        hats = means * np.einsum("ij,jk,ik->i", design, spread, design)
        weights = _weights(y, means, hats, max(phi, 1.0), config.outlier)
        slope, means, spread = _regression(y, design, weights)
        phi = float((weights * (y - means) ** 2 / means).sum() / degrees)
        dispersion = float((weights * (y / means - 1) ** 2).sum() / degrees)
    now = np.zeros(design.shape[1])
    now[0] = 1
    error = np.sqrt(dispersion * np.diag(spread))
    score = abs(slope[-1]) / error[-1] if error[-1] > 0 else np.inf
    return _Fit(
        log_mean=float(slope[0]),
        error=float(error[0]),
        phi=max(phi, 1.0),
        trend_p=2 * float(special.stdtr(degrees, -score)),
    )


def _regression(y: Numbers, design: Numbers, weights: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Coefficients, fitted means and unscaled covariance of a weighted Poisson regression."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = GLM(y, design, family=Poisson(), var_weights=weights).fit(tol=1e-10, maxiter=50)
    means: Numbers = np.maximum(np.asarray(fit.mu, dtype=np.float64), 1e-300)
    information = design.T @ (design * (weights * means)[:, None])
    spread = np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)
    return np.asarray(fit.params, dtype=np.float64), means, spread


def _weights(y: Numbers, means: Numbers, hats: Numbers, phi: float, outlier: float) -> Numbers:
    """Weights with mean 1: the inverse square of the Anscombe residual where that is an outlier."""
    residuals = 1.5 * (y ** (2 / 3) * means ** (-1 / 6) - np.sqrt(means))
    residuals = residuals / np.sqrt(phi * np.maximum(1 - hats, 1e-12))
    weights = np.where(residuals > outlier, np.maximum(residuals, outlier) ** -2.0, 1.0)
    return np.asarray(weights * len(y) / weights.sum())


def _bound(observed: float, fit: _Fit, config: Farrington) -> tuple[float, float]:
    """Upper bound, and the chance of a count at least as high; NaN where the mean is not one to reckon with."""
    z = float(stats.norm.isf(config.alpha))
    with np.errstate(over="ignore"):
        mean = float(np.exp(fit.log_mean + (z * fit.error if config.method == "muan" else 0)))
    if not MEANS[0] <= mean <= MEANS[1]:
        return np.nan, np.nan
    if config.method == "delta":
        middle, spread = mean ** (2 / 3), np.sqrt(4 / 9 * mean ** (1 / 3) * (fit.phi + mean * fit.error**2))
        upper, p = (middle + z * spread) ** 1.5, stats.norm.sf((observed ** (2 / 3) - middle) / spread)
    elif fit.phi > 1:
        size = mean / (fit.phi - 1)
        upper, p = stats.nbinom.isf(config.alpha, size, 1 / fit.phi), stats.nbinom.sf(observed - 1, size, 1 / fit.phi)
    else:
        upper, p = stats.poisson.isf(config.alpha, mean), stats.poisson.sf(observed - 1, mean)
    return float(upper), float(p)
