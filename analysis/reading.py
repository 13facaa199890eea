"""What a figure may carry, by the size of the count behind it: a label, an arrow, a percentage, or none of these.

A small number can carry a rate and nothing else. The limits are settings of a publication; the verdicts themselves come
from `compare` and `trends`.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.sizes import USUAL, Sizes
from analysis.trends import Verdict, recent_trend

Numbers = NDArray[np.float64]
UNSURE = ("possibly_higher", "possibly_lower", "similar", "possibly_better", "possibly_worse")

TOO_FEW = Verdict(direction="too_few", reason="few_events", change_pct=np.nan, low=np.nan, high=np.nan)


def find_size(events: ArrayLike, population: ArrayLike, *, is_share: bool = False, rounding: int = 1) -> Numbers:
    """How many events really carry a figure.

    events, population      same shape; NaN where not shown
    is_share    a share near 100 % hangs on the few who are not in it
    rounding    a count that its source rounded counts for the least that it may stand for: 10 in tens is 5
    returns     same shape; NaN where not shown
    """
    counts, people = np.asarray(events, dtype=np.float64), np.asarray(population, dtype=np.float64)
    least = np.maximum(counts - rounding // 2, 0) if rounding > 1 else counts
    size: Numbers = np.minimum(least, people - counts) if is_share else least
    return size


def limit_labels(words: ArrayLike, size: ArrayLike, sizes: Sizes = USUAL) -> "NDArray[np.object_]":
    """The labels that may be said: none on a small count, on a middling one only what is sure.

    words       labels of `compare.label`; size: of `find_size`, same shape
    returns     same shape; None below `label` and where the size is not known
    """
    said, count = np.array(words, dtype=np.object_), np.asarray(size, dtype=np.float64)
    said[np.isin(said.astype(str), UNSURE) & (count < sizes.possibly)] = "cannot_tell"
    said[~(count >= sizes.label)] = None
    return said


def judge_series(
    events: ArrayLike,
    population: ArrayLike,
    years: ArrayLike,
    *,
    provisional: ArrayLike = False,
    breaks: Collection[float] = (),
    rounding: int = 1,
    sizes: Sizes = USUAL,
) -> Verdict:
    """The verdict on a series of years, from its shown figures: as `trends.recent_trend`, with a floor under the counts.

    events, population, years, provisional, breaks      as in `recent_trend`
    rounding    a source that rounds to tens tells nothing about small steps: the floor is then its square
    returns     too_few when the average of the five latest definitive years, or the latest year shown, is under the floor
    raises      ValueError as `recent_trend`
    """
    counts = np.asarray(events, dtype=np.float64)
    firm = counts[~np.broadcast_to(np.asarray(provisional, dtype=np.bool_), counts.shape)]
    recent, shown = (firm if len(firm) else counts)[-5:], counts[np.isfinite(counts)]
    floor = max(sizes.arrow, rounding**2 if rounding > 1 else 0)
    if np.isfinite(recent).any() and np.nanmean(recent) < floor:
        return TOO_FEW
    verdict = recent_trend(counts, population, years, provisional=provisional, breaks=breaks)
    return TOO_FEW if verdict.direction in {"up", "down"} and shown[-1] < floor else verdict
