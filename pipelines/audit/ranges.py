"""Ranges of hidden cells that follow from sums alone: subtraction, repeated until nothing more follows.

Every published cell is the sum of the cells below it in one dimension, when all of those are published.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.audit.joint import Axis

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS = 40


def read_sums(codes: pd.DataFrame, axes: Sequence[Axis]) -> tuple[Ints, Ints]:
    """Part and equation of every term, and the whole of each equation: (terms, 2), (equations,)."""
    factors = [pd.factorize(codes[axis.name]) for axis in axes]
    numbers = np.stack([at for at, _ in factors], axis=1).astype(np.int64)
    sizes = np.array([len(names) for _, names in factors], dtype=np.int64)
    strides = np.concatenate([np.cumprod(sizes[:0:-1])[::-1], [1]]).astype(np.int64)
    keys = numbers @ strides
    order = np.argsort(keys)
    terms, wholes, made = [np.zeros((0, 2), dtype=np.int64)], [np.zeros(0, dtype=np.int64)], 0
    for at, (axis, (_, names)) in enumerate(zip(axes, factors, strict=True)):
        places = {str(code): place for place, code in enumerate(names)}
        for up, children in _layers(axis, places):
            part = np.flatnonzero(up[numbers[:, at]] >= 0)
            above = keys[part] + (up[numbers[part, at]] - numbers[part, at]) * strides[at]
            whole = order[np.minimum(np.searchsorted(keys, above, sorter=order), len(keys) - 1)]
            there = keys[whole] == above
            part, whole = part[there], whole[there]
            distinct, which, held = np.unique(whole, return_inverse=True, return_counts=True)
            complete = held == children[numbers[distinct, at]]
            number = np.cumsum(complete) - 1 + made
            kept = complete[which]
            terms.append(np.stack([part[kept], number[which[kept]]], axis=1))
            wholes.append(distinct[complete])
            made += int(complete.sum())
    return np.concatenate(terms), np.concatenate(wholes)


def _layers(axis: Axis, places: Mapping[str, int]) -> Iterator[tuple[Ints, Ints]]:
    """Per code the whole that it is a part of, and how many parts that has; a code with several wholes in several layers."""
    waiting = [(places[whole], [places[part] for part in parts]) for whole, parts in axis.families]
    while waiting:
        up, children = np.full(len(places), -1, dtype=np.int64), np.zeros(len(places), dtype=np.int64)
        later = []
        for whole, parts in waiting:
            if children[whole] or (up[parts] >= 0).any():
                later.append((whole, parts))
            else:
                up[parts], children[whole] = whole, len(parts)
        yield up, children
        waiting = later


def tighten(low: Floats, high: Floats, terms: Ints, wholes: Ints) -> tuple[Floats, Floats]:
    """What follows for every cell from the sums that it is in; shapes (cells,)."""
    low, high = low.copy(), high.copy()
    part, number = terms[:, 0], terms[:, 1]
    for _ in range(ROUNDS):
        before = low.sum(), np.isfinite(high).sum(), high[np.isfinite(high)].sum()
        least = np.bincount(number, low[part], minlength=len(wholes))
        open_parts = np.bincount(number, np.isinf(high[part]), minlength=len(wholes))
        finite = np.where(np.isinf(high[part]), 0, high[part])
        most = np.bincount(number, finite, minlength=len(wholes))
        np.maximum.at(low, wholes, least)
        np.minimum.at(high, wholes, np.where(open_parts > 0, np.inf, most))
        np.minimum.at(high, part, high[wholes][number] - (least[number] - low[part]))
        others = open_parts[number] - np.isinf(high[part])
        rest = np.where(others > 0, np.inf, most[number] - finite)
        np.maximum.at(low, part, low[wholes][number] - rest)
        if before == (low.sum(), np.isfinite(high).sum(), high[np.isfinite(high)].sum()):
            break
    return low, high


def findings(low: Floats, high: Floats, hidden: Ints, threshold: int) -> list[tuple[str, int]]:
    """What these ranges break: a count is known, or it is small and some small counts are excluded."""
    known = low[hidden] == high[hidden]
    small = ~known & (low[hidden] >= 1) & (high[hidden] < threshold)
    short = small & ((low[hidden] > 1) | (high[hidden] < threshold - 1))
    return [("exactly known", int(at)) for at in hidden[known]] + [
        ("small values excluded", int(at)) for at in hidden[short]
    ]
