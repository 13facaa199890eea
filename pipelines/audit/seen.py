"""Which values hidden rows have in the whole-number tables that were found, starting from one table.

A table is kept as the difference with the first one. Every difference is checked here in whole numbers: all shown rows
stay what they are and no count falls below zero, whoever proposed it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array

from pipelines.audit.open_form import Ints, Open

TIMES = (1, -1, 2, -2, 3, -3)


@dataclass(kw_only=True)
class Tables:
    """The first table, and what all tables found show.

    first      counts of open combinations
    value      of hidden rows in it
    small      whether a hidden row has each value below the threshold somewhere; shape (hidden, threshold)
    low, high  its lowest and highest value anywhere
    """

    form: Open
    first: Ints
    threshold: int

    def __post_init__(self) -> None:
        self.value = np.asarray(self.form.sure + self.form.parts @ self.first)
        self.small = np.zeros((len(self.value), self.threshold), dtype=bool)
        inside = self.value < self.threshold
        self.small[np.flatnonzero(inside), self.value[inside]] = True
        self.low, self.high = self.value.copy(), self.value.copy()
        self._known, self._parts = csc_array(self.form.known), csc_array(self.form.parts)

    def has(self, place: int, low: float, high: float) -> bool:
        """Whether a table was found in which this hidden row is from low to high."""
        if self.low[place] > high or self.high[place] < low:
            return False
        if low <= self.low[place] <= high or low <= self.high[place] <= high:
            return True
        return high < self.threshold and bool(self.small[place, int(max(low, 0)) : int(high) + 1].any())

    def note(self, columns: Ints, steps: Ints) -> bool:
        """Keep a difference with the first table, and multiples of it; False when it is none."""
        columns, steps = add_up(columns, steps)
        _, moved = _sum(self._known, columns, steps)
        if not len(columns) or moved.any():
            return False
        whole = int(np.gcd.reduce(steps))
        steps = steps // whole  # what can be done three times can be done once
        rows, changes = _sum(self._parts, columns, steps)
        rows, changes = rows[changes != 0], changes[changes != 0]
        first, value, noted = self.first[columns], self.value[rows], False
        for times in sorted({*TIMES, whole}):
            values = value + times * changes
            if (first + times * steps >= 0).all() and (values >= self.form.floor).all():
                inside = values < self.threshold
                self.small[rows[inside], values[inside]] = True
                self.low[rows] = np.minimum(self.low[rows], values)
                self.high[rows] = np.maximum(self.high[rows], values)
                noted |= times == whole
        return noted


def add_up(places: Ints, steps: Ints) -> tuple[Ints, Ints]:
    """Each place once with the sum of its steps, none of them 0."""
    distinct, which = np.unique(places, return_inverse=True)
    sums = np.bincount(which, steps, minlength=len(distinct)).astype(np.int64)
    return distinct[sums != 0], sums[sums != 0]


def _sum(matrix: csc_array, columns: Ints, steps: Ints) -> tuple[Ints, Ints]:
    """The rows that these columns touch, and what their steps add up to there."""
    ends = matrix.indptr
    held = ends[columns + 1] - ends[columns]
    within = np.arange(int(held.sum())) - np.repeat(np.cumsum(held) - held, held)
    rows, which = np.unique(matrix.indices[np.repeat(ends[columns], held) + within], return_inverse=True)
    return rows.astype(np.int64), np.bincount(which, np.repeat(steps, held), minlength=len(rows)).astype(np.int64)


def members(matrix: csr_array, row: int) -> Ints:
    """The columns of one row."""
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], dtype=np.int64)
