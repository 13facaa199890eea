"""How often there is a signal while nothing is the matter, beside what the page says of it. Not part of the test suite.

    python -m tests.bench.bench_signals [areas]

Monthly counts of seven years that vary a little more than by chance (5 % of the squared mean, as police counts do), with a
season. Bar: the stated number of false signals a year is within a factor 1.5 of the number found.
"""

import sys

import numpy as np
import pandas as pd

from pipelines.indicators import CATALOGUE
from pipelines.signals import ANALYST, BOARD, expect_false, judge_periods

MEANS = (5, 12, 30, 80)
EXTRA = 0.05
MOST_FACTOR = 1.5
ROUNDS = 12
NUISANCE = next(one for one in CATALOGUE if one.id == "youth_nuisance")


def draw(mean: float, areas: int, random: np.random.Generator) -> pd.DataFrame:
    """Figures of `areas` municipalities, 2019 to 2025 by month, without anything odd in them."""
    months = [f"{year}M{month:02d}" for year in range(2019, 2026) for month in range(1, 13)]
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(len(months)) / 12)
    level = mean * season * random.gamma(1 / EXTRA, EXTRA, size=(areas, len(months)))
    counts = random.poisson(level)
    rows = [
        (f"GM{area:04d}", month, float(counts[area, at])) for area in range(areas) for at, month in enumerate(months)
    ]
    figures = pd.DataFrame(rows, columns=["area", "period", "numerator"])
    return figures.assign(indicator="youth_nuisance", status="shown", denominator=10_000.0)


def main(areas: int) -> None:
    """Print found and stated false signals a year, per mean count and list."""
    random = np.random.default_rng(11)
    worst = 1.0
    for mean in MEANS:
        judged = pd.concat([judge_periods(draw(mean, areas, random), NUISANCE) for _ in range(ROUNDS)])
        years = len(judged) / (12 * areas)
        for name, alpha in (("analyst", ANALYST), ("board", BOARD)):
            alarms = judged["alarm"] & ((judged["p"] <= alpha) | (name == "analyst"))
            found = float(alarms.sum()) / years
            stated = expect_false(judged["expected"].to_numpy(dtype=float), alpha, areas) / years
            factor = max(found, stated) / max(min(found, stated), 1e-9)
            enough = alarms.sum() >= 10
            worst = max(worst, factor) if enough else worst
            note = "" if enough else " (under 10 seen: no judgement)"
            print(f"{areas} areas, {mean} a month, {name}: found {found:.2f} a year, stated {stated:.2f}{note}")
    print(f"worst factor {worst:.2f}, bar {MOST_FACTOR}: {'ok' if worst <= MOST_FACTOR else 'NOT MET'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
