"""Walks from one whole-number table to others: up to four combinations change by one, and no shown row notices.

Each combination gets a number that stands for the shown rows it is in. Four combinations can change together when these
numbers add up, so that for any three the fourth is looked up. "Nobody" is a combination in no row.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array

from pipelines.audit.open_form import Ints, Open
from pipelines.audit.seen import Tables, members

NARROW, WIDE = (3, 40), (8, 120)  # anchors, neighbours
SAME = 3  # combinations in the same shown rows that are tried


class Step(NamedTuple):
    """Combinations that change by one; a number equal to the number of combinations is nobody."""

    columns: Ints
    signs: Ints


class Walker:
    """Looks for steps around hidden rows."""

    def __init__(self, form: Open, tables: Tables) -> None:
        self.form, self.tables, self.nobody = form, tables, form.size
        numbers = np.random.default_rng(2).integers(-(2**63), 2**63 - 1, form.known.shape[0])
        self.key = np.append(np.asarray(form.known.T @ numbers, dtype=np.int64), 0)
        self.order = np.argsort(self.key, kind="stable")
        self.ordered = self.key[self.order]
        self.above = csc_array(form.known)
        self.weight = 1 / np.maximum(np.diff(form.known.indptr), 1)
        self.tried = 0

    def walk(self, place: int, sign: int, steps: int) -> None:
        """Take a hidden row up or down so many times by one, as far as that goes; `tables` notes what is passed."""
        inside = np.zeros(self.nobody + 1, dtype=bool)
        within = members(self.form.parts, place)
        inside[within] = True
        count = np.append(self.tables.first, np.iinfo(np.int32).max)
        change = np.zeros(self.nobody + 1, dtype=np.int64)
        for reach in (NARROW, WIDE):
            for step in self._steps(within, inside, count, sign, reach):
                steps -= self._take(step, count, change)
                if steps <= 0:
                    return

    def _take(self, step: Step, count: Ints, change: Ints) -> bool:
        np.add.at(count, step.columns, step.signs)
        np.add.at(change, step.columns, step.signs)
        change[self.nobody] = 0
        columns = np.flatnonzero(change)
        if (count[step.columns] >= 0).all() and self.tables.note(columns, change[columns]):
            return True
        np.add.at(count, step.columns, -step.signs)
        np.add.at(change, step.columns, -step.signs)
        return False

    def _steps(self, within: Ints, inside: Ints, count: Ints, sign: int, reach: tuple[int, int]) -> list[Step]:
        """Steps that change the row by sign: one combination in it, up to three outside."""
        anchors, most = reach
        able = within[count[within] > 0] if sign < 0 else within
        found: list[Step] = []
        for anchor in able[np.linspace(0, len(able) - 1, min(len(able), anchors)).astype(int)].tolist():
            near = self._near(anchor, inside, count, sign, most)
            one, other = np.triu_indices(len(near))
            wanted = self.key[near[one]] + self.key[near[other]] - self.key[anchor]
            at = np.searchsorted(self.ordered, wanted)
            self.tried += len(wanted)
            for shift in range(SAME):
                place = np.minimum(at + shift, self.nobody)
                last = self.order[place]
                fits = (self.ordered[place] == wanted) & ~inside[last]
                if sign < 0:
                    fits &= count[last] > 0
                fits &= (near[one] != last) & (near[other] != last) | (last == self.nobody)
                some = np.flatnonzero(fits)[:most]
                found += [
                    Step(np.array([anchor, near[one[pair]], near[other[pair]], last[pair]]), sign * SIGNS)
                    for pair in some.tolist()
                ]
        return found

    def _near(self, anchor: int, inside: Ints, count: Ints, sign: int, most: int) -> Ints:
        """Combinations outside the row that share small shown rows with this one, and nobody."""
        rows = self.above.indices[self.above.indptr[anchor] : self.above.indptr[anchor + 1]]
        lines = self.form.known[rows]
        shared = np.bincount(lines.indices, np.repeat(self.weight[rows], np.diff(lines.indptr)), minlength=self.nobody)
        shared[inside[:-1]] = 0
        if sign > 0:
            shared[count[:-1] <= 0] = 0
        near = np.flatnonzero(shared)
        if len(near) > most:
            near = np.sort(near[np.argsort(-shared[near], kind="stable")[:most]])
        return np.append(near, self.nobody)


SIGNS = np.array([1, -1, -1, 1])
