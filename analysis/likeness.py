"""Areas that are like an area, and the chance to be among the highest. Imported from `analysis.compare`.

Peers are chosen by what an area is, never by the outcome that is compared. A rank is never given: among similar areas
chance decides it, so there is only the chance to be among the highest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts import Numbers, not_negative
from analysis.smoothing import fit_gamma

NODES = 128  # points of each posterior; the chances are then exact to 0.0001


@dataclass(frozen=True, kw_only=True, eq=False)
class Peers:
    """The most similar areas, nearest first: their places and their distances, both of shape (areas, k).

    Without a peer the place is -1 and the distance NaN.
    """

    index: NDArray[np.intp]
    distance: Numbers


def peers(characteristics: ArrayLike, k: int = 15) -> Peers:
    """The k areas most like each area: Euclidean distance between z-scores.

    characteristics     shape (areas, variables), none of them the outcome; every variable weighs the same and one
                that is the same everywhere weighs nothing
    returns     places and distances, nearest first, equal distances in the order of the areas; an area with a missing
                characteristic has no peers and is nobody's
    raises      ValueError when k is less than 1, or on anything but a table
    source      nearest neighbours as CIPFA publishes them; z-scores with the sample standard deviation
    """
    table = np.asarray(characteristics, dtype=np.float64)
    if table.ndim != 2 or k < 1:
        raise ValueError("peers need a table of areas by characteristics, and at least one peer")
    distance = _distances(table)
    order = np.argsort(distance, axis=1, kind="stable")[:, :k]
    nearest = np.take_along_axis(distance, order, axis=1)
    spare = max(k - len(table), 0)
    order, nearest = (
        np.pad(order, ((0, 0), (0, spare)), constant_values=-1),
        np.pad(nearest, ((0, 0), (0, spare)), constant_values=np.inf),
    )
    found = np.isfinite(nearest)
    return Peers(index=np.where(found, order, -1), distance=np.where(found, nearest, np.nan))


def _distances(table: Numbers) -> Numbers:
    """Between all areas, shape (areas, areas); infinite to itself and where a characteristic is missing."""
    known = np.isfinite(table).all(axis=1)
    distance = np.full((len(table), len(table)), np.inf)
    if known.sum() < 2:
        return distance
    spread = table[known].std(axis=0, ddof=1)
    same = np.ptp(table[known], axis=0) == 0
    scores = (table[known] - table[known].mean(axis=0)) / np.where(same, np.inf, spread)
    distance[np.ix_(known, known)] = np.sqrt(((scores[:, None] - scores[None]) ** 2).sum(axis=-1))
    np.fill_diagonal(distance, np.inf)
    return distance


def rank_probability(
    events: ArrayLike, expected: ArrayLike, *, alpha: float | None = None, mean: float = 1.0, highest: int = 3
) -> Numbers:
    """Chance of each area to be among the highest, from its shrunken ratio and not from the one seen.

    events, expected    one value per area, shape (areas,); an area with a missing value takes no part
    alpha, mean     of the gamma distribution of true ratios among areas (variance mean^2 / alpha); a large alpha shrinks
                    more. Without alpha both are fitted, as `poisson_gamma` does
    highest     how many areas are "the highest"
    returns     0 to 1, same shape, together `highest`; 1 for all when no more areas take part; NaN without a value.
                Where areas differ no more than by chance all have the same chance
    raises      ValueError on a negative count, or when alpha, mean or highest is not more than 0
    source      Clayton & Kaldor 1987 (posterior: gamma with shape events + alpha); integrated, not simulated, so it
                is the same on every reload
    """
    if not ((alpha is None or alpha > 0) and mean > 0 and highest > 0):
        raise ValueError("alpha, mean and highest are more than 0")
    counts, likely = np.broadcast_arrays(
        np.atleast_1d(not_negative(events, "count")), not_negative(expected, "population")
    )
    known = np.isfinite(counts) & np.isfinite(likely)
    if alpha is None:
        known &= likely > 0
        mean, alpha = fit_gamma(counts[known], likely[known]) if counts[known].any() else (mean, np.inf)
    chance = np.full(counts.shape, np.nan)
    if known.sum() <= highest or np.isinf(alpha):
        chance[known] = min(1.0, highest / max(int(known.sum()), 1))
        return chance
    shape, scale = counts[known] + alpha, mean / (likely[known] * mean + alpha)
    chance[known] = _among_highest(shape, scale, highest)
    return chance


def _among_highest(shape: Numbers, scale: Numbers, highest: int) -> Numbers:
    """For each area: at every point of its own posterior, the chance that fewer than `highest` others are above."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    own: Numbers = special.gammaincinv(shape[:, None], (nodes + 1) / 2) * scale[:, None]
    found = [
        float(weights @ _fewer_above(own[area], np.delete(shape, area), np.delete(scale, area), highest)) / 2
        for area in range(len(own))
    ]
    return np.array(found)


def _fewer_above(points: Numbers, shape: Numbers, scale: Numbers, highest: int) -> Numbers:
    """Chance that fewer than `highest` of these areas lie above each point, one area at a time."""
    above = special.gammaincc(shape[:, None], points / scale[:, None])
    count = np.zeros((highest, len(points)))
    count[0] = 1.0
    for one in above:
        moved = count[:-1] * one
        count *= 1 - one
        count[1:] += moved
    total: Numbers = count.sum(axis=0)
    return total
