"""Do cases lie together? The circular scan of neighbourhoods, with one test for all circles at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Areas in one circle (places, ascending) around `centre`, with its log likelihood ratio and Monte Carlo p."""

    members: tuple[int, ...]
    centre: int
    cases: float
    expected: float
    ratio: float
    llr: float
    p: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Circles:
    """Around one centre: areas by distance, and how many each circle holds, with its expected cases."""

    order: Places
    sizes: Places
    expected: Numbers


def scan(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike,
    *,
    max_fraction: float = 0.25,
    replicates: int = 9_999,
    seed: int = 0,
) -> list[Cluster]:
    """Circles with more cases than their population explains, the strongest first, none overlapping another.

    x, y        centre of each area, in metres or any flat unit; areas at one distance enter a circle together
    cases, population       one value per area; an area that misses any value is left out
    max_fraction            the largest part of the population in a circle, at most 0.5
    replicates, seed        random maps for p; the same seed gives the same p
    returns     every circle with a positive log likelihood ratio that overlaps no stronger one. p is the chance that
                the strongest circle on a map by chance is as strong: it covers all circles, and is cautious for all
                but the first. Most circles are noise: judge by p. Empty without cases.
    raises      ValueError on a negative or broken count, or a fraction that is not in 0 to 0.5
    source      Kulldorff 1997; Poisson model, total cases given
    """
    if not 0 < max_fraction <= 0.5:
        raise ValueError("a circle holds at most half of the population")
    places, east, north, counts, people = _known(x, y, cases, population)
    total = counts.sum()
    if total == 0 or people.sum() == 0:
        return []
    circles = _circles(east, north, total * people / people.sum(), max_fraction)
    found = _strongest(circles, counts)
    if not found:
        return []
    maps = np.random.default_rng(seed).multinomial(int(total), people / people.sum(), size=replicates)
    highest = _highest(circles, maps)
    return [_cluster(one, circles[one[1]], places, counts, highest) for one in found]


def false_clusters(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike,
    *,
    variation: float,
    alphas: Sequence[float],
    least_expected: float = 0.0,
    max_fraction: float = 0.25,
    replicates: int = 999,
    seed: int = 0,
) -> Numbers:
    """How many circles of `scan` have a p of at most each alpha on a map where nothing is the matter.

    On such a map every area has the same rate but for what areas vary from year to year, and `scan` knows chance alone.
    variation   variance of areas above chance, as a share of the squared mean; without it the answer is near alpha
    least_expected  circles with fewer cases expected are not counted
    source      bounds of the strongest circle by a Gumbel law: Abrams, Kleinman & Kulldorff 2010
    """
    _, east, north, counts, people = _known(x, y, cases, population)
    total = int(counts.sum())
    if total == 0 or people.sum() == 0:
        return np.zeros(len(alphas))
    share, random = people / people.sum(), np.random.default_rng(seed)
    circles = _circles(east, north, total * share, max_fraction)
    by_chance = _highest(circles, random.multinomial(total, share, size=replicates))
    uneven = share * (random.gamma(1 / variation, variation, (replicates, len(share))) if variation > 1e-6 else 1.0)
    maps = random.multinomial(total, uneven / uneven.sum(axis=-1, keepdims=True), size=replicates)
    highest = _highest(circles, maps)
    return np.array([
        _share_above(highest, bound) * _many_above(circles, maps[highest >= bound][:40], bound, least_expected)
        for bound in (float(_gumbel(by_chance).isf(alpha)) for alpha in alphas)
    ])  # fmt: skip


def _gumbel(highest: Numbers) -> stats.distributions.rv_frozen:
    scale = max(float(highest.std()), 1e-9) * np.sqrt(6) / np.pi
    return stats.gumbel_r(float(highest.mean()) - np.euler_gamma * scale, scale)


def _share_above(highest: Numbers, bound: float) -> float:
    """Seen, or by the Gumbel law where it is too rare to be seen."""
    seen = highest >= bound
    return float(seen.mean()) if seen.sum() >= 50 else float(_gumbel(highest).sf(bound))


def _many_above(circles: list[_Circles], maps: NDArray[np.int64], bound: float, least: float) -> float:
    """Circles above the bound on a map that has one."""
    many = [
        sum(llr >= bound and circles[centre].expected[circles[centre].sizes == size][0] >= least
            for llr, centre, size in _strongest(circles, counts))
        for counts in maps.astype(np.float64)
    ]  # fmt: skip
    return float(np.mean(many)) if many else 1.0


def _circles(east: Numbers, north: Numbers, expected: Numbers, max_fraction: float) -> list[_Circles]:
    most = max_fraction * float(expected.sum())
    return [_around(centre, east, north, expected, most) for centre in range(len(expected))]


def _known(*parts: ArrayLike) -> tuple[Places, Numbers, Numbers, Numbers, Numbers]:
    """Places of the areas without a missing value, and their x, y, cases and population."""
    east, north, counts, people = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in parts)
    )
    kept = np.isfinite(east) & np.isfinite(north) & np.isfinite(counts) & np.isfinite(people)
    if np.any(counts[kept] < 0) or np.any(people[kept] < 0) or np.any(counts[kept] % 1):
        raise ValueError("cases are whole numbers, and no count or population is negative")
    return np.flatnonzero(kept).astype(np.int64), east[kept], north[kept], counts[kept], people[kept]


def _around(centre: int, east: Numbers, north: Numbers, expected: Numbers, most: float) -> _Circles:
    distances = np.hypot(east - east[centre], north - north[centre])
    order = np.argsort(distances, kind="stable")
    inside = np.cumsum(expected[order])
    near = distances[order]
    last = np.append(np.diff(near) > 1e-9 * (near[1:] + near[-1] * 1e-6), True)  # the last of those at one distance
    chosen = np.flatnonzero(last & (inside <= most * (1 + 1e-12)) & (inside > 0))
    return _Circles(order=order, sizes=chosen + 1, expected=inside[chosen])


def _ratios(cases: Numbers, expected: Numbers, total: float) -> Numbers:
    """Log likelihood ratio of each circle; 0 where there are no more cases than expected."""
    rest, more = total - cases, cases > expected * (1 + 1e-12)
    llr = special.xlogy(cases, cases / expected) + special.xlogy(rest, rest / (total - expected))
    return np.asarray(np.where(more, np.maximum(llr, 0), 0.0))


def _strongest(circles: list[_Circles], counts: Numbers) -> list[tuple[float, int, int]]:
    """Ratio, centre and size of every circle that overlaps no stronger one; of equal ones the smallest."""
    total, ranked = float(counts.sum()), []
    for centre, around in enumerate(circles):
        inside = np.cumsum(counts[around.order])[around.sizes - 1]
        llrs = _ratios(inside, around.expected, total)
        ranked += [(float(llr), centre, int(size)) for llr, size in zip(llrs, around.sizes, strict=True) if llr > 0]
    ranked.sort(key=lambda one: (-round(one[0], 9), one[2], one[1]))
    free, chosen = np.ones(len(counts), dtype=np.bool_), []
    for one in ranked:
        members = circles[one[1]].order[: one[2]]
        if free[members].all():
            free[members] = False
            chosen.append(one)
    return chosen


def _highest(circles: list[_Circles], maps: NDArray[np.int64]) -> Numbers:
    """The ratio of the strongest circle on each random map.

    x log x is looked up: the cases in a circle are whole numbers.
    """
    total = int(maps[0].sum()) if len(maps) else 0
    number = np.arange(total + 1, dtype=np.float64)
    powers = special.xlogy(number, number) + special.xlogy(total - number, total - number)
    highest, columns = np.zeros(len(maps)), np.ascontiguousarray(maps.T)
    for around in (one for one in circles if len(one.sizes)):
        inside = np.cumsum(columns[around.order[: around.sizes[-1]]], axis=0)[around.sizes - 1]
        expected, rest = around.expected[:, None], total - around.expected[:, None]
        llr = powers[inside] - inside * np.log(expected / rest) - total * np.log(rest)
        highest = np.maximum(highest, np.where(inside > expected, llr, 0).max(axis=0))
    return highest


def _cluster(
    one: tuple[float, int, int], around: _Circles, places: Places, counts: Numbers, highest: Numbers
) -> Cluster:
    llr, centre, size = one
    members = around.order[:size]
    cases, expected = float(counts[members].sum()), float(around.expected[around.sizes == size][0])
    return Cluster(
        members=tuple(sorted(int(place) for place in places[members])),
        centre=int(places[centre]),
        cases=cases,
        expected=expected,
        ratio=cases / expected,
        llr=llr,
        p=float((1 + (highest >= llr - 1e-9).sum()) / (len(highest) + 1)),
    )
