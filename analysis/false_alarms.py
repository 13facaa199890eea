"""How often `farrington` gives an alarm while nothing is the matter: reckoned, not looked up.

Counts vary from month to month and from year to year by more than chance, and a bound from a short history does not know
by how much. So histories are drawn that vary as the figures themselves do, each gets its bound, and the chance of a count
above it is added up exactly. The windows around one date of earlier years (`blocks` 1) with the nbPlugin bound only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from analysis.signals import Farrington

Numbers = NDArray[np.float64]

SMALLEST = 1e-9  # a variation of zero, in a formula that divides by it
MOST_RANKS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Variation:
    """season: level of each part of the year (mean 1); within, between: variance of months and of whole years above
    chance, as a share of the squared mean (0.05 is 22 %).
    """

    season: Numbers
    within: float
    between: float


def measure_variation(tables: Sequence[ArrayLike], parts: int) -> Variation:
    """Season and variation above chance that series have in common; no variation when there is nothing to see it by.

    tables      per series its counts, years by parts of the year, without gaps; under three years it is left out
    parts       parts of a year
    source      method of moments on Pearson residuals; whole years around their own straight line, so that a steady fall
                is no variation
    """
    known = [np.asarray(one, dtype=np.float64) for one in tables]
    known = [one for one in known if len(one) >= 3 and one.sum() > 0]
    if not known:
        return Variation(season=np.ones(parts), within=0.0, between=0.0)
    season = np.sum([one.sum(axis=0) for one in known], axis=0)
    season = np.maximum(season / season.mean(), SMALLEST)
    within = _pool([_within(one, season) for one in known])
    spread = within * float((season**2).sum()) / parts**2
    between = _pool([_between(one.sum(axis=1), spread) for one in known])
    return Variation(season=season, within=within, between=between)


def measure_noise(table: ArrayLike) -> float:
    """Variance of areas from year to year above chance, as a share of the squared mean; 0 when it cannot be seen.

    table       counts, years by areas: what an area has every year, and a year has everywhere, is left aside
    """
    counts = np.asarray(table, dtype=np.float64)
    counts = counts[:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return 0.0
    fitted = np.maximum(np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum(), SMALLEST)
    degrees = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    surplus = ((counts - fitted) ** 2 / fitted).sum() * counts.size / degrees - counts.size
    return max(float(surplus / fitted.sum()), 0.0)


def _pool(parts: Sequence[tuple[float, float]]) -> float:
    over, weight = np.sum(parts, axis=0)
    return max(float(over / weight), 0.0)


def _within(counts: Numbers, season: Numbers) -> tuple[float, float]:
    """Pearson surplus of a series over its years and seasons, and the means it is a share of."""
    own = np.maximum(counts.sum(axis=0), SMALLEST) if len(counts) > 3 else season
    fitted = np.outer(counts.sum(axis=1), own / own.sum())
    fitted = np.maximum(fitted, SMALLEST)
    degrees = (len(counts) - (len(counts) > 3)) * (counts.shape[1] - 1)
    surplus = ((counts - fitted) ** 2 / fitted).sum() * counts.size / degrees - counts.size
    return float(surplus), float(fitted.sum())


def _between(years: Numbers, spread: float) -> tuple[float, float]:
    """Pearson surplus of whole years over a straight line, less what the months in them bring along."""
    times = np.arange(len(years))
    line = np.maximum(np.polyval(np.polyfit(times, years, 1), times), years.mean() / 10)
    surplus = ((years - line) ** 2 / line).sum() * len(years) / (len(years) - 2) - len(years)
    return float(surplus - spread * line.sum()), float(line.sum())


def window_fits(counts: ArrayLike, times: ArrayLike, config: Farrington) -> tuple[Numbers, Numbers]:
    """Mean and dispersion that `farrington` would reckon with, for many histories at once.

    counts      one history a row; times: of its columns, 0 is the period judged
    returns     mean (NaN without a case) and dispersion, at least 1
    """
    y, t = np.asarray(counts, dtype=np.float64), np.asarray(times, dtype=np.float64)
    flat, flat_phi, _ = _fits(y, np.ones((len(t), 1)), config)
    mean, phi = flat[:, 0], flat_phi
    if config.trend and config.years >= 3:
        sloped, sloped_phi, p = _fits(y, np.column_stack([np.ones(len(t)), t / 100]), config)
        with np.errstate(over="ignore", invalid="ignore"):
            chosen = (p < config.trend_p) & (np.exp(sloped[:, 0]) <= y.max(axis=1)) & np.isfinite(sloped_phi)
        mean, phi = np.where(chosen, sloped[:, 0], mean), np.where(chosen, sloped_phi, phi)
    empty = y.sum(axis=1) == 0
    return np.where(empty, np.nan, np.exp(mean)), np.where(empty, 1.0, np.maximum(phi, 1.0))


def _fits(y: Numbers, design: Numbers, config: Farrington) -> tuple[Numbers, Numbers, Numbers]:
    """Coefficients, dispersion and p of the last coefficient, per history; past outbreaks weighed down."""
    degrees = len(design) - design.shape[1]
    weights = np.ones_like(y)
    beta, means, spread = _regress(y, design, weights)
    dispersion = phi = ((y - means) ** 2 / means).sum(axis=1) / degrees
    if config.reweight:
        hats = means * np.einsum("ij,hjk,ik->hi", design, spread, design)
        residuals = 1.5 * (y ** (2 / 3) * means ** (-1 / 6) - np.sqrt(means))
        residuals /= np.sqrt(np.maximum(phi, 1.0)[:, None] * np.maximum(1 - hats, 1e-12))
        weights = np.where(residuals > config.outlier, np.maximum(residuals, config.outlier) ** -2.0, 1.0)
        weights *= y.shape[1] / weights.sum(axis=1, keepdims=True)
        beta, means, spread = _regress(y, design, weights)
        phi = (weights * (y - means) ** 2 / means).sum(axis=1) / degrees
        dispersion = (weights * (y / means - 1) ** 2).sum(axis=1) / degrees
    error = np.sqrt(dispersion * spread[:, -1, -1])
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(error > 0, np.abs(beta[:, -1]) / error, np.inf)
    return beta, phi, 2 * special.stdtr(degrees, -score)


def _regress(y: Numbers, design: Numbers, weights: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Coefficients, means and unscaled covariance of weighted Poisson regressions, by Newton's steps."""
    beta = np.zeros((len(y), design.shape[1]))
    beta[:, 0] = np.log(np.maximum((weights * y).mean(axis=1), SMALLEST))
    for _ in range(25):
        means = np.exp(np.clip(beta @ design.T, -20, 16))
        information = np.einsum("ij,hi,ik->hjk", design, weights * means, design)
        spread = np.linalg.pinv(information, hermitian=True)
        step = np.einsum("hjk,ik,hi->hj", spread, design, weights * (y - means))
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    means = np.exp(np.clip(beta @ design.T, -20, 16))
    information = np.einsum("ij,hi,ik->hjk", design, weights * means, design)
    return beta, means, np.linalg.pinv(information, hermitian=True)


def false_rates(
    mean: float,
    variation: Variation,
    alphas: Sequence[float],
    config: Farrington,
    *,
    least_expected: float = 0.0,
    draws: int = 1_200,
    seed: int = 0,
) -> Numbers:
    """Chance that the p of one test is at most each alpha while nothing is the matter, given that there is a test.

    mean        count of the period judged in the long run
    alphas      bounds on p
    least_expected  there is no test where the history has the bound expect less
    config      as given to `farrington`; draws, seed: histories that are drawn
    """
    now, history, times = _draw(mean, variation, config, draws, np.random.default_rng(seed))
    fitted, phi = window_fits(history, times, config)
    kept = (fitted > 0) & (fitted.round(6) >= least_expected)
    if not kept.any():
        return np.zeros(len(alphas))
    fitted, phi, now, recent = fitted[kept], phi[kept], now[kept], config.least_periods
    bounds = np.stack([_bounds(fitted, phi, alpha) for alpha in alphas])
    tested = _above(now * recent, variation.within / recent, config.least_cases - 1).mean()
    if recent == 1:
        bounds = np.maximum(bounds, config.least_cases - 1)
    return np.asarray(_above(now, variation.within, bounds).mean(axis=1) / tested)


def _draw(
    mean: float, variation: Variation, config: Farrington, draws: int, random: np.random.Generator
) -> tuple[Numbers, Numbers, Numbers]:
    """Mean of the period judged given its year, counts of the windows before it, and the times of those."""
    parts, offsets = len(variation.season), np.arange(-config.half_window, config.half_window + 1)
    parted = np.arange(draws) % parts
    near = variation.season[(parted[:, None] + offsets) % parts]
    shape = np.clip(near / variation.season[parted][:, None], 0.05, 20)
    whole = _gamma(random, variation.between, (draws, config.years + 1))
    level = mean * whole[:, 1:, None] * shape[:, None, :]
    history = random.poisson(level * _gamma(random, variation.within, level.shape)).reshape(draws, -1)
    times = (-parts * np.arange(1, config.years + 1)[:, None] + offsets).ravel().astype(np.float64)
    return np.asarray(mean * whole[:, 0]), history.astype(np.float64), times


def _gamma(random: np.random.Generator, variation: float, shape: tuple[int, ...]) -> Numbers:
    """Factors with mean 1 and this variance."""
    return random.gamma(1 / variation, variation, size=shape) if variation > SMALLEST else np.ones(shape)


def _bounds(mean: Numbers, phi: Numbers, alpha: float) -> Numbers:
    """The smallest count that is no alarm's: an alarm lies above it."""
    extra = np.maximum(phi, 1 + SMALLEST)
    return np.asarray(
        np.where(phi > 1, stats.nbinom.isf(alpha, mean / (extra - 1), 1 / extra), stats.poisson.isf(alpha, mean))
    )


def _above(mean: Numbers, variation: float, bound: Numbers | int) -> Numbers:
    """Chance of a count above a bound, around a mean with this variation."""
    if variation <= SMALLEST:
        return np.asarray(stats.poisson.sf(bound, mean))
    return np.asarray(stats.nbinom.sf(bound, 1 / variation, 1 / (1 + variation * mean)))


def rank_chances(rates: ArrayLike) -> Numbers:
    """Chance that Benjamini-Hochberg finds 1, 2, ... when one of the tests is certainly found.

    rates       chance that a test has a p of at most q * k / m, for k = 1 .. m tests
    returns     one chance per k, the last for that many or more (at most 60 are told apart)
    source      step-up procedure: the number of the others under each bound, from the widest bound down
    """
    values = np.asarray(rates, dtype=np.float64)
    most = min(len(values), MOST_RANKS)
    found, others = np.zeros(len(values)), np.arange(len(values))
    state = stats.binom.pmf(others, len(values) - 1, values[most - 1])
    for rank in range(most, 0, -1):
        found[rank - 1] = state[rank - 1 :].sum()
        state[rank - 1 :] = 0
        if rank > 1:
            kept = values[rank - 2] / values[rank - 1]
            state = stats.binom.pmf(others[:, None], others[None, : rank - 1], kept) @ state[: rank - 1]
    return found
