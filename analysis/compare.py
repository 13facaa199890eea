"""An area beside a benchmark: a word, never a rank.

"Similar" and "cannot tell" are different: the first is a finding, the second says that the interval could still hide
a difference that matters. Registered crime depends on police effort, so the words are higher and lower; better and
worse exist only where a polarity was agreed.
"""

from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.funnels import (
    FunnelLimits,
    Overdispersion,
    funnel_limits_count,
    funnel_limits_share,
    funnel_limits_small,
    funnel_limits_wide,
    overdispersion,
)
from analysis.likeness import Peers, peers, rank_probability

__all__ = [
    "FunnelLimits",
    "Label",
    "Limits",
    "Overdispersion",
    "Peers",
    "Polarity",
    "benchmark_without",
    "funnel_limits_count",
    "funnel_limits_share",
    "funnel_limits_small",
    "funnel_limits_wide",
    "label",
    "overdispersion",
    "peers",
    "rank_probability",
]

Numbers = NDArray[np.float64]
Label = NDArray[np.str_]  # higher, possibly_higher, similar, possibly_lower, lower, cannot_tell (or better, worse)
Polarity = Literal["no_judgement", "good", "bad"]  # what more of it means

MATTERS = 0.30  # a difference smaller than this part of the benchmark is not worth a discussion

_WORDS = {
    "no_judgement": ("higher", "possibly_higher", "lower", "possibly_lower"),
    "good": ("better", "possibly_better", "worse", "possibly_worse"),
    "bad": ("worse", "possibly_worse", "better", "possibly_better"),
}


class Limits(Protocol):
    """Anything with a lower and an upper limit: Interval, Estimate, Ratio."""

    @property
    def low(self) -> Numbers: ...
    @property
    def high(self) -> Numbers: ...


def label(
    estimate_95: Limits,
    estimate_998: Limits,
    benchmark: ArrayLike,
    polarity: Polarity = "no_judgement",
    *,
    matters: float = MATTERS,
) -> Label:
    """The word for an area beside its benchmark.

    estimate_95, estimate_998   the same figure with its 95 % and its 99.8 % interval
    benchmark                   same unit, best without the area itself (`benchmark_without`)
    matters                     the difference, as part of the benchmark, that "similar" rules out
    returns     sure at 99.8 % (higher), at 95 % only (possibly_higher), else similar when the 95 % interval stays
                within benchmark * (1 +- matters), else cannot_tell; cannot_tell where anything is missing
    raises      ValueError on an unknown polarity
    """
    if polarity not in _WORDS:
        raise ValueError(f"polarity is one of {', '.join(_WORDS)}")
    limits = (estimate_95.low, estimate_95.high, estimate_998.low, estimate_998.high)
    low, high, low_998, high_998, level = np.broadcast_arrays(*limits, np.asarray(benchmark, dtype=np.float64))
    tests = [low_998 > level, low > level, high_998 < level, high < level]
    near = (low >= level * (1 - matters)) & (high <= level * (1 + matters))
    missing = np.isnan([low, high, low_998, high_998, level]).any(axis=0)
    words = np.select([missing, *tests, near], ["cannot_tell", *_WORDS[polarity], "similar"], default="cannot_tell")
    return words[()]


def benchmark_without(
    area: ArrayLike,
    events: ArrayLike,
    population: ArrayLike,
    *,
    per: float = 1_000,
    total_events: ArrayLike | None = None,
    total_population: ArrayLike | None = None,
) -> Numbers:
    """The rate of all other areas together: a region that holds the area hides its difference.

    area        place of the area (0: the first), one or many
    events, population      one value per area, shape (..., areas)
    total_events, total_population      the region's own figures, shape (...); needed when a part is missing, since
                            visible parts are not the region. Left out: the sum of the areas.
    returns     per `per`, shape (...) plus that of `area`; NaN when the area, the total or the rest of the population
                is missing
    raises      ValueError on a negative count or population; IndexError on a place that is no area's
    """
    places = np.asarray(area, dtype=np.intp)
    rest_events = _rest(places, events, total_events)
    rest_population = _rest(places, population, total_population)
    with np.errstate(invalid="ignore", divide="ignore"):
        possible = (rest_population > 0) & (rest_events >= 0)
        return np.where(possible, per * rest_events / rest_population, np.nan)[()]


def _rest(places: NDArray[np.intp], parts: ArrayLike, total: ArrayLike | None) -> Numbers:
    each = np.atleast_1d(np.asarray(parts, dtype=np.float64))
    if np.any(each < 0):
        raise ValueError("a count or population cannot be negative")
    whole = each.sum(axis=-1) if total is None else np.asarray(total, dtype=np.float64)
    rest: Numbers = np.reshape(whole, (*whole.shape, *(1 for _ in places.shape))) - each[..., places]
    return rest
