"""Funnel limits: how far from the benchmark an area of its size may lie by chance. Imported from `analysis.compare`.

Chance alone is too narrow when areas differ among themselves for reasons nobody measured: `overdispersion` measures by
how much and `funnel_limits_wide` allows for it. Only the wide limits carry a statement that an area is exceptional.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.counts import Numbers, not_negative

Kind = Literal["ratio", "share", "counts"]
Transform = Literal["log", "sqrt"]

Z_95, Z_998 = 1.959964, 3.090232  # to six places, as the published limits have them
TAILS = (0.025, 0.975, 0.001, 0.999)
MOST_EXPECTED = 1e7  # a negative binomial with a larger mean can end the process (scipy 1.17)
LEAST_TAU2 = 1e-9  # below it the negative binomial is a Poisson, and its quantiles lose digits


@dataclass(frozen=True, kw_only=True, eq=False)
class FunnelLimits:
    """The limits at 95 % and at 99.8 %, all of the broadcast shape."""

    low_95: Numbers
    high_95: Numbers
    low_998: Numbers
    high_998: Numbers


@dataclass(frozen=True, kw_only=True)
class Overdispersion:
    """How much more areas differ than by chance: phi (1 is chance), the variance between them, areas used, target."""

    phi: float
    tau2: float
    n: int
    target: float


def funnel_limits_share(population: ArrayLike, average: ArrayLike, *, per: float = 100) -> FunnelLimits:
    """Limits around an average share for an area of this size.

    population  the whole of which the share is a part
    average     the benchmark, in the unit `per` (100: a percentage), from 0 to `per`
    returns     limits in the same unit, within 0 and `per`; NaN for an empty population
    raises      ValueError on a negative population, or an average outside 0 to `per`
    source      Spiegelhalter 2005: average +- z * sqrt(p (1 - p) / population)
    """
    middle = np.asarray(average, dtype=np.float64)
    if np.any((middle < 0) | (middle > per)):
        raise ValueError(f"an average share lies between 0 and {per:g}")
    persons = not_negative(population, "population")
    part = middle / per
    error = np.sqrt(part * (1 - part) / np.where(persons > 0, persons, np.nan))
    reach = (stats.norm.ppf(tail) * error for tail in TAILS)
    return _limits(*(per * np.clip(part + one, 0, 1) for one in reach))


def funnel_limits_count(observed: ArrayLike) -> FunnelLimits:
    """Limits of a ratio (or of a rate, as part of the average) for an area with this many events.

    observed    events; each limit is observed / the expected number at which that count would be just at the limit
    returns     low under 1 and high over 1; for 0 events low is 0 and high is NaN: no expected number is that low
    raises      ValueError on a negative count
    source      Garwood 1936, solved for the expected count
    """
    counts = not_negative(observed, "count")
    some = np.where(counts > 0, counts, np.nan)
    low = [counts / (stats.chi2.isf(p, 2 * counts + 2) / 2) for p in (0.025, 0.001)]
    high = [some / (stats.chi2.ppf(p, 2 * some) / 2) for p in (0.025, 0.001)]
    return _limits(low[0], high[0], low[1], high[1])


def funnel_limits_small(expected: ArrayLike, tau2: ArrayLike = 0.0) -> FunnelLimits:
    """Exact limits of a count: the smallest whole numbers that reach 2.5, 97.5, 0.1 and 99.9 % of the distribution.

    expected    events expected; for under 20, where the smooth limits are too rough
    tau2        variance between areas on the log scale: Poisson when 0, else negative binomial with size 1 / tau2
    returns     limits in events: a count outside them is rarer than the tail; NaN for more than 10 million expected
    raises      ValueError on a negative expected count or variance
    source      Spiegelhalter 2005; quantiles as R's qpois and qnbinom
    """
    means, between = np.broadcast_arrays(not_negative(expected, "count"), np.asarray(tau2, dtype=np.float64))
    if np.any(between < 0):
        raise ValueError("a variance between areas cannot be negative")
    known = (means <= MOST_EXPECTED) & np.isfinite(between)
    wide = known & (between > LEAST_TAU2) & (means > 1e-8)  # of a smaller mean every quantile is 0
    plain = np.where(known, means, np.nan)
    size = 1 / np.where(wide, between, 1.0)
    chance = size / (size + np.where(wide, means, 1.0))
    found = (np.where(wide, stats.nbinom.ppf(p, size, chance), _poisson_quantile(p, plain)) for p in TAILS)
    return _limits(*found)


def _poisson_quantile(p: float, means: Numbers) -> Numbers:
    return np.asarray(np.where(np.isnan(means), np.nan, stats.poisson.ppf(p, np.nan_to_num(means))))


def overdispersion(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    kind: Kind = "ratio",
    transform: Transform = "sqrt",
    trim: float = 0.1,
) -> Overdispersion:
    """How much more areas differ than chance makes them, without letting the tails decide.

    numerator, denominator  one value per area; an area with a missing value or nothing to divide by is left out
    kind        ratio ("SR": seen / expected, target 1), share ("PR": part / whole, arcsine) or counts ("RC": one count
                / another, log); the target of the last two is the average
    transform   of a ratio: sqrt ("CQC": tails pulled in) or log ("SHMI": tails left out; no value when a 0 stays in)
    trim        the part of the areas in each tail
    returns     phi, tau2 on the transformed scale (0 when areas differ no more than by chance), areas used, target;
                phi NaN without areas, tau2 with fewer than two
    raises      ValueError on a negative value, a share over 1, an unknown kind or transform, or a trim not in 0 to 0.5
    source      Spiegelhalter 2005 and 2012; NHS Digital (SHMI) and Care Quality Commission for the two ratios. Trimming
                understates tau2: 0.30 on the log scale came back as 0.18 to 0.22
    """
    scale = _scale(kind, transform)
    if not 0 <= trim < 0.5:
        raise ValueError("the part of the areas in each tail lies between 0 and 0.5")
    top, bottom = np.broadcast_arrays(not_negative(numerator, "count"), not_negative(denominator, "population"))
    known = np.isfinite(top) & np.isfinite(bottom) & (bottom > 0)
    top, bottom = top[known], bottom[known]
    if scale == "arcsine" and np.any(top > bottom):
        raise ValueError("a share needs at most as many events as population")
    if not len(top):
        return Overdispersion(phi=np.nan, tau2=np.nan, n=0, target=np.nan)
    target = 1.0 if scale in {"log", "sqrt"} else float(top.sum() / bottom.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        error = _error(scale, bottom, top)
        z = (_forward(scale, top, bottom) - _target(scale, target)) / error
    kept = _middle(z, trim) if scale == "log" else np.full(len(z), True)
    used = z[kept] if scale == "log" else _pulled_in(z, trim)
    phi = float((used**2).mean()) if len(used) and np.all(np.isfinite(used)) else np.nan
    return Overdispersion(phi=phi, tau2=_between(phi, error[kept]), n=len(used), target=target)


def funnel_limits_wide(
    denominator: ArrayLike,
    tau2: ArrayLike,
    *,
    kind: Kind = "ratio",
    transform: Transform = "sqrt",
    target: ArrayLike = 1.0,
    numerator: ArrayLike | None = None,
) -> FunnelLimits:
    """Limits around the target that allow for the differences areas always have.

    denominator, tau2   of each area, and from `overdispersion` with the same kind and transform
    target      numerator / denominator at the centre: 1 for a ratio, else `overdispersion(...).target`
    numerator   only for counts: each area's own, for its own error; left out: what the target expects
    returns     limits in units of numerator / denominator, at least 0 (a share: at most 1); NaN where denominator is 0
    raises      ValueError on a negative value, or an unknown kind or transform
    source      Spiegelhalter 2005: target +- z * sqrt(s^2 + tau2) on the transformed scale, then back
    """
    scale = _scale(kind, transform)
    bottom, between = not_negative(denominator, "population"), np.asarray(tau2, dtype=np.float64)
    if np.any(between < 0):
        raise ValueError("a variance between areas cannot be negative")
    centre = np.asarray(target, dtype=np.float64)
    bottom = np.where(bottom > 0, bottom, np.nan)
    top = centre * bottom if numerator is None else not_negative(numerator, "count")
    with np.errstate(divide="ignore"):
        error = np.sqrt(_error(scale, bottom, top) ** 2 + between)
        middle = _target(scale, centre)
    middle = np.where(np.isfinite(middle), middle, np.nan)  # a target of 0 has no logarithm
    return _limits(*(_back(scale, middle + z * error) for z in (-Z_95, Z_95, -Z_998, Z_998)))


def _limits(low_95: Numbers, high_95: Numbers, low_998: Numbers, high_998: Numbers) -> FunnelLimits:
    return FunnelLimits(low_95=low_95[()], high_95=high_95[()], low_998=low_998[()], high_998=high_998[()])


_SCALES = {
    ("ratio", "log"): "log",
    ("ratio", "sqrt"): "sqrt",
    ("share", "log"): "arcsine",
    ("share", "sqrt"): "arcsine",
    ("share", "arcsine"): "arcsine",
    ("counts", "log"): "log_half",
    ("counts", "sqrt"): "log_half",
}
_ALSO = {"sr": "ratio", "pr": "share", "proportion": "share", "rc": "counts", "shmi": "log", "cqc": "sqrt"}


def _scale(kind: str, transform: str) -> str:
    first, second = (_ALSO.get(name.lower(), name.lower()) for name in (kind, transform))  # the literature's names too
    scale = _SCALES.get((first, second))
    if scale is None:
        raise ValueError("kind is ratio, share or counts and transform is log or sqrt")
    return scale


def _forward(scale: str, top: Numbers, bottom: Numbers) -> Numbers:
    if scale == "log_half":
        return np.asarray(np.log((top + 0.5) / (bottom + 0.5)))
    return _target(scale, top / bottom)


def _target(scale: str, level: Numbers | float) -> Numbers:
    if scale in {"log", "log_half"}:
        return np.asarray(np.log(level))
    root = np.asarray(np.sqrt(level))
    return np.asarray(np.arcsin(root)) if scale == "arcsine" else root


def _back(scale: str, value: Numbers) -> Numbers:
    """A limit below the end of the scale is that end: a square would make it rise again."""
    if scale in {"log", "log_half"}:
        return np.asarray(np.exp(value))
    if scale == "sqrt":
        return np.asarray(np.maximum(value, 0) ** 2)
    return np.asarray(np.sin(np.clip(value, 0, np.pi / 2)) ** 2)


def _error(scale: str, bottom: Numbers, top: Numbers) -> Numbers:
    if scale == "log_half":
        return np.asarray(np.sqrt(top / (top + 0.5) ** 2 + bottom / (bottom + 0.5) ** 2))
    return np.asarray((1.0 if scale == "log" else 0.5) / np.sqrt(bottom))


def _middle(z: Numbers, trim: float) -> NDArray[np.bool_]:
    """Which values are in neither tail, by rank."""
    if trim == 0:
        return np.full(len(z), True)
    place = np.floor(stats.rankdata(z) * (1 / trim) / (len(z) + 1))
    return np.asarray((place > 0) & (place < 1 / trim - 1))


def _pulled_in(z: Numbers, trim: float) -> Numbers:
    if not np.all(np.isfinite(z)):
        return z
    low, high = np.quantile(z, [trim, 1 - trim])
    return np.asarray(np.clip(z, low, high))


def _between(phi: float, error: Numbers) -> float:
    """Variance between areas by the method of moments."""
    n, weights = len(error), 1 / error**2
    if np.isnan(phi) or n < 2:
        return np.nan
    if n * phi < n - 1:
        return 0.0
    return float(max(0.0, (n * phi - (n - 1)) / (weights.sum() - (weights**2).sum() / weights.sum())))
