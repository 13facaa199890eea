"""What the shown counts leave open: joint combinations that can still vary, and what is sure of the others.

A shown zero settles all that it holds; a shown row with one combination left settles that one. Combinations that no row
tells apart become one.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Open:
    """The part of the joint table that is not settled.

    rows    published rows that are hidden; shape (hidden,)
    sure    what settled combinations add to each of them, same shape
    known   shown rows x open combinations
    rest    what is left of those rows, shape (shown,)
    parts   hidden rows x open combinations
    which   for each joint combination its open one, -1 when settled
    settled  counts of joint combinations that are settled, 0 elsewhere
    floor   what everybody knows hidden rows to be at least
    """

    rows: Ints
    sure: Ints
    known: csr_array
    rest: Ints
    parts: csr_array
    which: Ints
    settled: Ints
    floor: int

    @property
    def size(self) -> int:
        return int(self.parts.shape[1])

    @cached_property
    def row_of(self) -> Ints:
        """Hidden place of a published row."""
        place = np.full(int(self.rows.max(initial=0)) + 1, -1, dtype=np.int64)
        place[self.rows] = np.arange(len(self.rows))
        return place

    @cached_property
    def block(self) -> Ints:
        """Combinations of different blocks have nothing to do with each other; shape (open,)."""
        binding = csr_array(vstack([self.known, self.parts])) if self.floor else self.known
        entries = coo_array(binding)
        size = self.size + binding.shape[0]
        graph = csr_array((np.ones(entries.nnz), (entries.col, self.size + entries.row)), shape=(size, size))
        return np.asarray(connected_components(graph, directed=False)[1][: self.size], dtype=np.int64)

    def merge(self, base: Ints) -> Ints | None:
        """Counts of the open combinations in this joint table; None when it does not fit what is shown."""
        free = self.which >= 0
        if (base[~free] != self.settled[~free]).any():
            return None
        count = np.bincount(self.which[free], base[free], minlength=self.size).astype(np.int64)
        return count if (self.known @ count == self.rest).all() else None


def open_up(sums: csr_array, counts: Ints, hidden: NDArray[np.bool_], floor: int) -> Open | None:
    """What is open when the rows that are not hidden have these counts; None when no table agrees with them."""
    settled = _settle(csr_array(sums[~hidden]), counts[~hidden])
    if settled is None:
        return None
    free, value = settled
    columns = np.flatnonzero(free)
    known = csr_array(sums[~hidden][:, columns])
    rest = counts[~hidden] - sums[~hidden] @ value
    parts = csr_array(sums[hidden][:, columns])
    random = np.random.default_rng(1)
    first, which = _distinct(known.T @ _numbers(random, known.shape[0]) + parts.T @ _numbers(random, parts.shape[0]))
    lines, _ = _distinct(known[:, first] @ _numbers(random, len(first)))
    lines = lines[np.diff(known.indptr)[lines] > 0]
    place = np.full(sums.shape[1], -1, dtype=np.int64)
    place[columns] = which
    return Open(
        rows=np.flatnonzero(hidden),
        sure=np.asarray(sums[hidden] @ value),
        known=csr_array(known[lines][:, first]),
        rest=rest[lines],
        parts=csr_array(parts[:, first]),
        which=place,
        settled=value,
        floor=floor,
    )


def _numbers(random: np.random.Generator, size: int) -> Ints:
    """Sums of these (they wrap round) are the same for the same sets only."""
    return random.integers(-(2**63), 2**63 - 1, size)


def _distinct(keys: Ints) -> tuple[Ints, Ints]:
    """One of each kind, and which of them each is."""
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[which]


def _settle(lines: csr_array, counts: Ints) -> tuple[NDArray[np.bool_], Ints] | None:
    """Which combinations are open, and the counts of those that are not; None when that cannot be."""
    size = lines.shape[1]
    free, value, columns, rest = np.ones(size, dtype=bool), np.zeros(size, dtype=np.int64), np.arange(size), counts
    while True:
        live = np.diff(lines.indptr)
        if (rest < 0).any() or rest[live == 0].any():
            return None
        empty, single = (rest == 0) & (live > 0), (rest > 0) & (live == 1)
        if empty.any():
            fixed = np.unique(lines[empty].indices)
        elif single.any():
            fixed = lines.indices[lines.indptr[:-1][single]]
            value[columns[fixed]] = rest[single]
            fixed = np.unique(fixed)
        else:
            return free, value
        free[columns[fixed]] = False
        rest = rest - lines[:, fixed] @ value[columns[fixed]]
        kept = np.ones(len(columns), dtype=bool)
        kept[fixed] = False
        going = live > 0
        lines, rest, columns = csr_array(csc_array(lines[going])[:, np.flatnonzero(kept)]), rest[going], columns[kept]
