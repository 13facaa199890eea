"""How often there is a signal while nothing is the matter, beside what the page says of it. Not part of the test suite.

    python -m tests.bench.bench_signals [seed]

Seven years of months and of quarters with a season, that vary by chance, or by 22 % more from month to month or from year
to year, in regions of 1, 4 and 14 municipalities; and yearly maps of fifty neighbourhoods, for clusters. The number stated
comes from the drawn figures alone, as in a build.
Bar: it is within a factor 1.5 of the number found.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.clusters import false_clusters, scan
from analysis.false_alarms import measure_noise, window_fits
from pipelines.false_alarms import LEAST_EXPECTED, configure, expect_false
from pipelines.indicators import CATALOGUE
from pipelines.signals import ANALYST, BOARD, add_means, judge_periods, pick_alarms

MEANS = {"3": (3, 3), "10": (10, 10), "30": (30, 30), "100": (100, 100), "3-100": (3, 100)}
VARIATIONS = {"chance": (0.0, 0.0), "months 22 %": (0.05, 0.0), "years 22 %": (0.0, 0.05), "both 10 %": (0.01, 0.01)}
REGIONS = {1: 60, 4: 24, 14: 8}  # municipalities together, and how many such regions have their number stated
MOST_FACTOR, ENOUGH = 1.5, 100
BY_ID = {one.id: one for one in CATALOGUE}
FIGURES = {"month": BY_ID["youth_nuisance"], "quarter": replace(BY_ID["suspects_18_22"], breaks=())}
AREAS = 560


def draw(
    means: tuple[float, float], variation: tuple[float, float], kind: str, random: np.random.Generator
) -> pd.DataFrame:
    """Figures of municipalities, 2019 to 2025, without anything odd in them."""
    parts, letter = (12, "M") if kind == "month" else (4, "Q")
    names = [
        f"{year}{letter}{part:0{2 if parts == 12 else 1}d}"
        for year in range(2019, 2026)
        for part in range(1, parts + 1)
    ]
    within, between = (
        random.gamma(1 / one, one, size) if one else np.ones(size)
        for one, size in zip(variation, ((AREAS, 7, parts), (AREAS, 7, 1)), strict=True)
    )
    level = np.exp(random.uniform(np.log(means[0]), np.log(means[1]), size=(AREAS, 1, 1)))
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(parts) / parts)
    counts = random.poisson(level * season * within * between).reshape(-1).astype(float)
    rows = pd.MultiIndex.from_product([[f"GM{area:04d}" for area in range(AREAS)], names], names=["area", "period"])
    figures = pd.DataFrame({"numerator": counts}, index=rows).reset_index()
    return figures.assign(indicator=FIGURES[kind].id, status="shown", denominator=10_000.0)


def judge_fast(figures: pd.DataFrame, parts: int) -> pd.DataFrame:
    """What `judge_periods` gives for complete figures, all municipalities of a period in one go."""
    counts = figures["numerator"].to_numpy(dtype=float).reshape(-1, 7 * parts)
    names, found = list(figures["period"].unique()), []
    for place in range(5 * parts, 7 * parts):
        years = min(5, (place - (parts == 12)) // parts)
        config = configure(years, parts, ANALYST)
        offsets = np.arange(-config.half_window, config.half_window + 1)
        times = (-parts * np.arange(1, years + 1)[:, None] + offsets).ravel()
        mean, phi = window_fits(counts[:, place + times], times, config)
        recent = counts[:, place - config.least_periods + 1 : place + 1].sum(axis=1)
        size, extra = mean / np.maximum(phi - 1, 1e-9), np.maximum(phi, 1 + 1e-9)
        p = np.where(
            phi > 1,
            stats.nbinom.sf(counts[:, place] - 1, size, 1 / extra),
            stats.poisson.sf(counts[:, place] - 1, mean),
        )
        rows = pd.DataFrame(
            {"area": figures["area"].unique(), "period": names[place], "expected": mean, "p": p, "years": years}
        )
        found.append(rows[(mean.round(6) >= LEAST_EXPECTED) & (recent >= config.least_cases)])
    together: pd.DataFrame = pd.concat(found, ignore_index=True)
    return together


def check_fast(random: np.random.Generator) -> None:
    """Stop when the quick way is not the way of the product."""
    for kind, parts in (("month", 12), ("quarter", 4)):
        figures = draw((3, 30), (0.05, 0.0), kind, random)
        figures = figures[figures["area"] < "GM0006"]
        ours, theirs = (
            one.set_index(["area", "period"])["p"].sort_index()
            for one in (judge_fast(figures, parts), judge_periods(figures, FIGURES[kind]))
        )
        pd.testing.assert_series_equal(ours, theirs, rtol=1e-6)


def compare(figures: pd.DataFrame, kind: str) -> Iterator[tuple[int, str, float, float, int]]:
    """Region size, list, found and stated signals a year in a region, and how many were found in all."""
    judged = judge_fast(figures, 12 if kind == "month" else 4)
    number = judged["area"].str[2:].astype(int)
    for size, many in REGIONS.items():
        region = number // size
        alone = pick_alarms(judged.assign(period=region.astype(str) + "-" + judged["period"].astype(str)))
        stated: list[list[float]] = []
        for chosen in range(many):
            rows = figures[figures["area"].str[2:].astype(int) // size == chosen]
            tests, extra = add_means(judged[region == chosen], rows, FIGURES[kind])
            stated.append(expect_false(tests, extra, (ANALYST, BOARD)) if len(tests) else [0.0, 0.0])
        for place, (name, alpha) in enumerate((("analyst", ANALYST), ("board", BOARD))):
            hits = int((alone["alarm"] & (alone["p"] <= alpha)).sum())
            yield size, name, hits / (2 * AREAS / size), float(np.mean(stated, axis=0)[place]) / 2, hits


def compare_clusters(
    mean: int, variation: float, maps: int, random: np.random.Generator
) -> Iterator[tuple[str, float, float, int]]:
    """List, found and stated clusters a year of one figure on maps of fifty neighbourhoods, and how many were found."""
    alphas, found = (ANALYST, BOARD), np.zeros(2)
    stated: list[NDArray[np.float64]] = []
    for _ in range(maps):
        east, north, people = random.uniform(0, 1e4, 50), random.uniform(0, 1e4, 50), random.uniform(500, 3_000, 50)
        factor = random.gamma(1 / variation, variation, (5, 50)) if variation else np.ones((5, 50))
        years = random.poisson(mean * people / people.mean() * factor).astype(float)
        clusters = scan(east, north, years[-1], people, replicates=999, seed=1)
        found += [sum(one.p <= alpha and one.expected >= LEAST_EXPECTED for one in clusters) for alpha in alphas]
        if len(stated) < 30:
            noise = measure_noise(years)
            stated.append(
                false_clusters(
                    east, north, years[-1], people, variation=noise, alphas=alphas, least_expected=LEAST_EXPECTED
                )
            )
    for place, name in enumerate(("analyst", "board")):
        yield name, found[place] / maps, float(np.mean(stated, axis=0)[place]), int(found[place])


def main(seed: int) -> None:
    """Print found and stated false signals a year."""
    random, worst = np.random.default_rng(seed), 1.0
    check_fast(random)
    print("kind    | mean  | variation   | areas | list    | found | stated | stated/found | seen")
    for case, found, stated, hits in _cases(random):
        factor = stated / found if found else np.inf
        worst = max(worst, factor, 1 / factor) if hits >= ENOUGH else worst
        print(f"{case} | {found:5.3f} | {stated:5.3f} | {factor:5.2f} | {hits}", flush=True)
    print(f"worst factor {worst:.2f}, bar {MOST_FACTOR}: {'ok' if worst <= MOST_FACTOR else 'NOT MET'}")


def _cases(random: np.random.Generator) -> Iterator[tuple[str, float, float, int]]:
    for cases in (5, 20, 60):
        for noise, maps in ((0.0, 300), (0.01, 300), (0.05, 150)):
            for name, found, stated, hits in compare_clusters(cases, noise, maps, random):
                yield f"cluster | {cases:5} | {f'years {noise**0.5:.0%}':11} |    50 | {name:7}", found, stated, hits
    for kind in FIGURES:
        for mean, means in MEANS.items():
            for variation, extra in VARIATIONS.items():
                for size, name, found, stated, hits in compare(draw(means, extra, kind, random), kind):
                    yield f"{kind:7} | {mean:5} | {variation:11} | {size:5} | {name:7}", found, stated, hits


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
