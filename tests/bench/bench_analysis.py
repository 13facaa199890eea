"""The statistics, simulated and timed: `make bench-analysis`, or `.venv/bin/python -m tests.bench.bench_analysis`.

Prints false arrows of `recent_trend` (bar: at most 6 % at a variation between years of 0 to 22 %, mean counts of 10 to
600), how often a steady fall of 30 % is seen, false findings of the placebo tests of `difference_in_differences`, and
the CPU seconds (one thread) for a million figures (bar: 5) and twenty thousand series (bar: 60). Ends with 1 when a bar is missed.
"""

import sys
import time

import numpy as np

from analysis.compare import label
from analysis.evaluation import difference_in_differences
from analysis.rates import rate, share
from analysis.trends import recent_trend

MOST_FALSE_ARROWS = 0.06
MEANS = (10, 20, 50, 100, 250, 600)
VARIATIONS = (0.0, 0.05, 0.10, 0.14, 0.22)  # standard deviation between years, as part of the mean
SECONDS_FOR_FIGURES, SECONDS_FOR_SERIES = 5.0, 60.0
missed: list[str] = []


def measure(what: str, value: float, bar: float) -> None:
    """Prints one figure beside its bar, and remembers it when it is over."""
    print(f"{what}: {value:.3g} (bar {bar:g})", flush=True)
    if value > bar:
        missed.append(what)


def draw(mean: float, variation: float, shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Counts around one mean that varies between years by chance."""
    levels = mean * random.gamma(1 / variation**2, variation**2, shape) if variation else np.full(shape, mean)
    return random.poisson(levels)


def false_arrows() -> None:
    """Arrows where nothing changes, five and ten years."""
    random = np.random.default_rng(2026)
    print("false arrows in %, mean count by variation between years " + ", ".join(f"{one:.0%}" for one in VARIATIONS))
    for years in (5, 10):
        worst = 0.0
        for mean in MEANS:
            found = [
                np.isin(
                    recent_trend(draw(mean, one, (20_000, years), random), 1e4, range(years)).direction, ["up", "down"]
                )
                for one in VARIATIONS
            ]
            worst = max(worst, *(float(each.mean()) for each in found))
            print(f"  {years} years, {mean}: " + " ".join(f"{100 * each.mean():5.1f}" for each in found), flush=True)
        measure(f"worst part of false arrows, {years} years", worst, MOST_FALSE_ARROWS)


def seen_falls() -> None:
    """A steady fall of 30 % over the window from each level, without extra variation: how often the arrow comes."""
    random = np.random.default_rng(7)
    for years in (5, 10):
        fall = 0.7 ** np.linspace(0, 1, years)
        seen = []
        for mean in MEANS:
            counts = random.poisson(mean * fall, (20_000, years))
            seen.append((recent_trend(counts, 1e4, range(years)).direction == "down").mean())
        print(
            f"  {years} years: a fall of 30 % seen, in %: " + " ".join(f"{100 * one:.0f}" for one in seen), flush=True
        )


def false_effects() -> None:
    """Placebo tests of two of twenty areas over sixteen periods, with variation: p under 0.05 when nothing happened."""
    random, treated = np.random.default_rng(3), np.arange(20) < 2
    people = random.integers(1_000, 9_000, (20, 1)) * np.ones(16)
    found = []
    for _ in range(300):
        levels = 0.02 * people * random.gamma(50, 1 / 50, people.shape) * random.gamma(20, 1 / 20, (20, 1))
        found.append(difference_in_differences(random.poisson(levels), people, range(16), treated, 10).p < 0.05)
    measure("false effects of difference_in_differences", float(np.mean(found)), 0.08)


def speed() -> None:
    """A million intervals and labels, and twenty thousand trends, at once and one by one."""
    random = np.random.default_rng(1)
    events = random.poisson(random.gamma(1, 40, 1_000_000))
    people, level = events + random.integers(1_000, 9_000, len(events)), random.uniform(1, 30, len(events))
    for name, estimate in (("rates", rate), ("shares", share)):
        start = time.process_time()
        label(estimate(events, people), estimate(events, people, confidence=0.998), level)
        measure(f"CPU seconds for a million {name} with labels", time.process_time() - start, SECONDS_FOR_FIGURES)
    series = random.poisson(random.uniform(5, 600, (20_000, 1)), (20_000, 10))
    start = time.process_time()
    recent_trend(series, 1e4, range(10))
    measure("CPU seconds for twenty thousand trends at once", time.process_time() - start, SECONDS_FOR_SERIES)
    start = time.process_time()
    for one in series:
        recent_trend(one, 1e4, range(10))
    measure("CPU seconds for twenty thousand trends one by one", time.process_time() - start, SECONDS_FOR_SERIES)


if __name__ == "__main__":
    for part in (false_arrows, seen_falls, false_effects, speed):
        part()
    print("missed: " + ", ".join(missed) if missed else "every bar held")
    sys.exit(bool(missed))
