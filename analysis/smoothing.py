"""Shrinking the rates of small areas towards what is known of the others. One value per area, in one dimension.

A map of raw rates shows the smallest areas as the highest and the lowest. These estimators borrow strength from all
areas or from the neighbours. An area that misses a value, or has nobody, tells nothing and gets NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats
from scipy.sparse import csgraph

Numbers = NDArray[np.float64]

LOG_SHAPES = np.linspace(-12, 18, 121)  # where the shape of the gamma is sought; beyond it, the areas do not differ


@dataclass(frozen=True, kw_only=True, eq=False)
class Smoothed:
    """One value per area; limits and the chance to lie above a level are NaN where the method gives none."""

    value: Numbers
    low: Numbers
    high: Numbers
    p_above: Numbers


def marshall(events: ArrayLike, population: ArrayLike, *, per: float = 1) -> Smoothed:
    """Global empirical Bayes: each rate shrunk to the rate of all areas, the more so the smaller its population.

    events, population      one value per area
    returns     value per `per` persons, without limits; all areas alike when they differ no more than chance would
    raises      ValueError on a negative count or population
    source      Marshall 1991, Applied Statistics 40(2); a negative variance is cut at 0
    """
    counts, people = _areas(events, population)
    known = np.isfinite(counts) & (people > 0)
    value = np.full(counts.shape, np.nan)
    if known.any():
        value[known] = _shrunk(counts[known], people[known])
    return _only_value(value * per)


def marshall_local(
    events: ArrayLike, population: ArrayLike, neighbours: Sequence[Sequence[int]], *, per: float = 1
) -> Smoothed:
    """Local empirical Bayes: each rate shrunk to the rate of the area with its neighbours.

    events, population      one value per area
    neighbours  for each area the places (0: the first) of its neighbours, without itself; may be empty
    returns     value per `per` persons, without limits. Without an event in the whole neighbourhood nothing is known
                of its spread: then the value of `marshall`. Neighbours without a value are left out.
    raises      ValueError on a negative count or population, or lists that do not fit the areas
    source      Marshall 1991; Bailey & Gatrell 1995, p. 305: the spread is around each area's own local mean
    """
    counts, people = _areas(events, population)
    around = _with_itself(neighbours, len(counts))
    known = np.isfinite(counts) & (people > 0)
    y, n = np.where(known, counts, 0), np.where(known, people, 0)
    raw = y / np.where(known, n, 1)
    local_n, size = around @ n, around @ known
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (around @ y) / local_n
        spread = np.where(known, n * (raw - mean) ** 2, 0)
        between = np.maximum(0, (around @ spread) / local_n - mean * size / local_n)
        value = mean + between * (raw - mean) / (between + mean / n)
    value = np.where(mean == 0, marshall(counts, people).value, value)
    return _only_value(np.where(known, value, np.nan) * per)


def _with_itself(neighbours: Sequence[Sequence[int]], areas: int) -> Numbers:
    """Matrix of areas by areas: 1 for an area itself and for each of its neighbours."""
    if len(neighbours) != areas:
        raise ValueError("neighbours has one list per area")
    around = np.eye(areas)
    for area, near in enumerate(neighbours):
        if any(not 0 <= place < areas for place in near):
            raise ValueError("a neighbour is the place of an area, from 0")
        around[area, [int(place) for place in near]] = 1
    return around


def _shrunk(counts: Numbers, people: Numbers) -> Numbers:
    raw, mean = counts / people, counts.sum() / people.sum()
    if mean == 0:
        return np.zeros_like(counts)
    between = max(0.0, people @ (raw - mean) ** 2 / people.sum() - mean / people.mean())
    return np.asarray(mean + between * (raw - mean) / (between + mean / people))


def _only_value(value: Numbers) -> Smoothed:
    none = np.full(value.shape, np.nan)
    return Smoothed(value=value, low=none, high=none, p_above=none)


def _areas(events: ArrayLike, size: ArrayLike) -> tuple[Numbers, Numbers]:
    counts, sizes = np.broadcast_arrays(*(np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (events, size)))
    if np.any(counts < 0) or np.any(sizes < 0):
        raise ValueError("a count, population or expected number cannot be negative")
    return np.where(np.isfinite(sizes), counts, np.nan), sizes


def poisson_gamma(events: ArrayLike, expected: ArrayLike, *, above: float = 1.0, confidence: float = 0.95) -> Smoothed:
    """Empirical Bayes relative risk: Poisson counts around risks that follow one gamma distribution.

    events, expected    one value per area; expected from the reference rates, NaN where it is not more than 0
    above       the level for p_above, the chance that the risk of an area lies above it
    returns     posterior mean, gamma limits and p_above. When the areas differ no more than chance would, every area
                has the common risk and the limits are that risk. All NaN with fewer than two areas, or no event.
    raises      ValueError on a negative count or expected number
    source      Clayton & Kaldor 1987; the gamma by maximum likelihood of the negative binomial with offset log E
    """
    counts, sizes = _areas(events, expected)
    known = np.isfinite(counts) & (sizes > 0)
    found = np.full((4, *counts.shape), np.nan)
    if known.sum() > 1 and counts[known].any():
        mean, shape = fit_gamma(counts[known], sizes[known])
        found[:, known] = _posterior(counts[known], sizes[known], mean, shape, above, (1 - confidence) / 2)
    return Smoothed(value=found[0], low=found[1], high=found[2], p_above=found[3])


def _posterior(y: Numbers, sizes: Numbers, mean: float, shape: float, above: float, tail: float) -> Numbers:
    """Rows value, low, high, p_above."""
    if np.isinf(shape):
        return np.repeat([[mean], [mean], [mean], [float(mean > above)]], len(y), axis=1)
    scale = 1 / (sizes + shape / mean)
    risk = stats.gamma(y + shape, scale=scale)
    return np.stack([(y + shape) * scale, risk.ppf(tail), risk.isf(tail), risk.sf(above)])


def fit_gamma(y: Numbers, sizes: Numbers) -> tuple[float, float]:
    """Mean and shape of the gamma with the highest likelihood; shape inf when there is nothing but chance."""
    profile = [_log_likelihood(y, sizes * _mean(y, sizes, shape), shape) for shape in np.exp(LOG_SHAPES)]
    best = int(np.argmax(profile))
    low, high = float(LOG_SHAPES[max(best - 1, 0)]), float(LOG_SHAPES[min(best + 1, len(LOG_SHAPES) - 1)])
    if not _score(low, y, sizes) > 0 > _score(high, y, sizes):
        return float(y.sum() / sizes.sum()), np.inf
    shape = float(np.exp(optimize.brentq(_score, low, high, args=(y, sizes), xtol=1e-13)))
    return _mean(y, sizes, shape), shape


def _mean(y: Numbers, sizes: Numbers, shape: float) -> float:
    """The common risk of highest likelihood for one shape, by halving on the log scale."""
    raw = y / sizes
    low, high = max(raw.min(), 1e-12 * raw.max()) / 2, raw.max() * 2

    def slope(log_mean: float) -> float:
        means = sizes * np.exp(log_mean)
        return float(((y - means) / (1 + means / shape)).sum())

    return float(np.exp(optimize.brentq(slope, np.log(low), np.log(high), xtol=1e-14)))


def _log_likelihood(y: Numbers, means: Numbers, shape: float) -> float:
    parts = -shape * np.log1p(means / shape) + y * np.log(means / (1 + means / shape)) + _rising(y, shape)
    return float(parts.sum())


def _rising(y: Numbers, shape: float) -> Numbers:
    """Log of shape (shape + 1) ... (shape + y - 1) / shape^y, without the loss of digits of two large logarithms."""
    direct = special.gammaln(y + shape) - special.gammaln(shape) - y * np.log(shape)
    return np.asarray(np.where(shape > 1e5 * (1 + y), y * (y - 1) / (2 * shape), direct))


def _score(log_shape: float, y: Numbers, sizes: Numbers) -> float:
    """Slope of the profile likelihood in the shape."""
    shape = float(np.exp(log_shape))
    means = sizes * _mean(y, sizes, shape)
    parts = special.digamma(y + shape) - special.digamma(shape) - np.log1p(means / shape)
    return float((parts + (means - y) / (means + shape)).sum())


def markov_field(
    events: ArrayLike,
    expected: ArrayLike,
    neighbours: Sequence[Sequence[int]],
    *,
    above: float = 1.0,
    confidence: float = 0.95,
) -> Smoothed:
    """Relative risks that differ little between neighbours: Poisson counts on an intrinsic Markov random field.

    events, expected, neighbours    as in `marshall_local`, with expected from the reference rates
    above       the level for p_above
    returns     risk with normal limits on the log scale; areas that are not connected share nothing, and a connected
                part without events, or an area without a value, has NaN
    raises      ValueError on a negative count or expected number, or lists that do not fit the areas
    source      Besag, York & Mollie 1991; Wood 2017, section 5.4.2; smoothness by restricted likelihood (Laplace)
    """
    counts, sizes = _areas(events, expected)
    graph = np.maximum(around := _with_itself(neighbours, len(counts)), around.T)
    known = np.isfinite(counts) & (sizes > 0)
    parts = csgraph.connected_components(graph * np.outer(known, known))[1]
    known &= np.bincount(parts, np.where(known, counts, 0))[parts] > 0
    found = np.full((4, *counts.shape), np.nan)
    if known.any():
        near = graph[np.ix_(known, known)] - np.eye(known.sum())
        rank = known.sum() - len(np.unique(parts[known]))
        field = _Field(counts[known], sizes[known], np.diag(near.sum(axis=1)) - near, int(rank))
        found[:, known] = _risks(*field.smoothest(), np.log(above), stats.norm.isf((1 - confidence) / 2))
    return Smoothed(value=found[0], low=found[1], high=found[2], p_above=found[3])


def _risks(logs: Numbers, errors: Numbers, level: float, z: float) -> Numbers:
    """Rows value, low, high, p_above."""
    limits = np.exp([logs, logs - z * errors, logs + z * errors])
    return np.vstack([limits, special.ndtr((logs - level) / errors)])


@dataclass(frozen=True, eq=False)
class _Field:
    """Counts, expected counts, and the graph's Laplacian with its rank."""

    y: Numbers
    sizes: Numbers
    laplacian: Numbers
    rank: int

    def smoothest(self) -> tuple[Numbers, Numbers]:
        """Log risks and their errors at the penalty of highest restricted likelihood."""
        steps = np.arange(-8.0, 17.0)
        best = float(steps[np.argmin([self.cost(step) for step in steps])])
        penalty = optimize.minimize_scalar(self.cost, bounds=(best - 1, best + 1), options={"xatol": 1e-7}).x
        logs, information = self.fit(float(penalty))
        return logs, np.sqrt(np.diag(np.linalg.inv(information)))

    def cost(self, log_penalty: float) -> float:
        """Minus the restricted log likelihood, by Laplace's approximation, but for a constant."""
        logs, information = self.fit(log_penalty)
        rough = np.exp(log_penalty) * (logs @ self.laplacian @ logs) / 2
        likelihood = self.y @ logs - self.sizes @ np.exp(logs)
        return float(rough - likelihood + np.linalg.slogdet(information)[1] / 2 - self.rank * log_penalty / 2)

    def fit(self, log_penalty: float) -> tuple[Numbers, Numbers]:
        """Log risks of highest penalised likelihood by Newton's method, and the information there."""
        penalty = np.exp(log_penalty) * self.laplacian
        logs = np.full(len(self.y), np.log(self.y.sum() / self.sizes.sum()))
        for _ in range(100):
            means = self.sizes * np.exp(logs)
            step = np.linalg.solve(np.diag(means) + penalty, self.y - means - penalty @ logs)
            logs = logs + step / max(1.0, np.abs(step).max())
            if np.abs(step).max() < 1e-10:
                break
        return logs, np.diag(self.sizes * np.exp(logs)) + penalty
