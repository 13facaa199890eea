"""Ranges of hidden cells that follow from sums alone: subtraction, repeated until nothing more follows.

Every published cell is the sum of the cells below it in one dimension, when all of those are published.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS = 40


def read_sums(codes: pd.DataFrame, parents: Mapping[str, Mapping[str, str] | None]) -> tuple[Ints, Ints]:
    """Part and equation of every term, and the whole of each equation: (terms, 2), (equations,)."""
    names = [str(name) for name in codes]
    places = {name: {code: at for at, code in enumerate(codes[name].unique())} for name in names}
    numbers = np.stack([codes[name].map(places[name]).to_numpy(dtype=np.int64) for name in names], axis=1)
    sizes = np.array([len(one) for one in places.values()], dtype=np.int64)
    strides = np.concatenate([np.cumprod(sizes[:0:-1])[::-1], [1]]).astype(np.int64)
    keys = numbers @ strides
    order = np.argsort(keys)
    terms, wholes, made = [], [], 0
    for axis, name in enumerate(names):
        up = _up(places[name], parents[name])
        children = _children(list(places[name]), parents[name])
        part = np.flatnonzero(up[numbers[:, axis]] >= 0)
        above = keys[part] + (up[numbers[part, axis]] - numbers[part, axis]) * strides[axis]
        at = np.minimum(np.searchsorted(keys, above, sorter=order), len(keys) - 1)
        whole = order[at]
        there = keys[whole] == above
        part, whole = part[there], whole[there]
        distinct, which, held = np.unique(whole, return_inverse=True, return_counts=True)
        complete = held == children[numbers[distinct, axis]]
        number = np.cumsum(complete) - 1 + made
        kept = complete[which]
        terms.append(np.stack([part[kept], number[which[kept]]], axis=1))
        wholes.append(distinct[complete])
        made += int(complete.sum())
    return np.concatenate(terms), np.concatenate(wholes)


def _up(places: Mapping[str, int], parent: Mapping[str, str] | None) -> Ints:
    if parent is None:
        return np.array([-1 if code == "Total" else places.get("Total", -1) for code in places], dtype=np.int64)
    return np.array([places.get(parent.get(code, ""), -1) for code in places], dtype=np.int64)


def _children(codes: list[str], parent: Mapping[str, str] | None) -> Ints:
    if parent is None:
        return np.array([len(codes) - 1 if code == "Total" else 0 for code in codes], dtype=np.int64)
    held = pd.Series(list(parent.values())).value_counts()
    return np.array([int(held.get(code, 0)) for code in codes], dtype=np.int64)


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
