"""The cheapest pattern of a small table: cuts until no unsafe cell is short (Fischetti and Salazar 2001).

When a pattern leaves too little room for a target, the equations, weighed by the prices of that failed search, say which
cells at least must be hidden more. All such inequalities together propose the next pattern: first in fractions, which
gives the strong ones, then in whole cells. In equations between published cells; the proof is another matter.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, hstack

from pipelines.protect.cover import Floats, Target, Task
from pipelines.protect.programme import TINY, Programme, solve_whole

MOST_UNSAFE, MOST_CELLS = 100, 1_000
ROUNDS, NODES, WORK = 25, 50, 50_000_000
GAP = 0.005
SAVING = 0.5  # less than this is not worth a search: no whole cell


def is_small(task: Task) -> bool:
    """Whether the cheapest pattern is within reach."""
    return bool(task.unsafe.sum() <= MOST_UNSAFE and len(task.true) <= MOST_CELLS)


def find_cheapest(task: Task, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A pattern as cheap as any, or the given one when that is as cheap or the search takes too long."""
    attack, bound = _Attack(task), float(task.price[hidden].sum())
    cuts: list[Floats] = []
    pattern, whole = task.unsafe.astype(float), False
    for _ in range(ROUNDS):
        fresh = list(attack.cuts(pattern))
        if not fresh and whole:
            return pattern > 0.5
        cuts, whole = cuts + fresh, not fresh
        found = _propose(task, cuts, whole=whole)
        if found is None or task.price @ found > bound - SAVING or attack.programme.work > WORK:
            break
        pattern = found
    return hidden


class _Attack:
    """How far each target gets when cells are hidden in part."""

    def __init__(self, task: Task) -> None:
        self.task, self.size, self.targets = task, len(task.true), task.targets()
        matrix = csc_array(task.matrix).astype(float)
        nothing = np.zeros(2 * self.size)
        self.programme = Programme(csc_array(hstack([matrix, -matrix])), nothing, nothing)
        self.down = (task.true - task.least).astype(float)

    def cuts(self, pattern: Floats) -> Iterator[Floats]:
        """One inequality for each target that the pattern leaves short: cut @ hidden >= 1."""
        for target in self.targets:
            cut = self._cut(target, pattern)
            if cut is not None and cut @ pattern < 1 - 1e-4:
                yield cut

    def _cut(self, target: Target, pattern: Floats) -> Floats | None:
        cell, need = target.cell, abs(target.step)
        room = np.concatenate([np.where(self.task.fixed, 0, need), np.minimum(self.down, need)]) * np.tile(pattern, 2)
        way, back = (cell, cell + self.size) if target.step > 0 else (cell + self.size, cell)
        room[way], room[back] = need, 0
        self.programme.limit(np.arange(2 * self.size), room)
        self.programme.charge([way], -1.0)
        found = self.programme.solve()
        self.programme.charge([way], 0.0)
        if found is None or found[0][way] > need - TINY:
            return None
        slope = np.asarray(self.task.matrix.T @ found[1])
        slope[np.abs(slope) < TINY] = 0
        lift = np.where(slope > 0, np.where(self.task.fixed, 0, need), -slope * self.down)
        lift[cell] = 0
        return np.asarray(np.minimum(lift / need, 1.0))


def _propose(task: Task, cuts: list[Floats], *, whole: bool) -> Floats | None:
    """The cheapest pattern that keeps all inequalities, in fractions or whole."""
    pattern, free = task.unsafe.astype(float), np.flatnonzero(~task.unsafe & ~task.fixed)
    lines = np.array(cuts).reshape(len(cuts), len(pattern))
    need = 1 - TINY - lines @ pattern
    rows = (need, np.full(len(cuts), np.inf))
    price = task.price[free]
    found = solve_whole(csc_array(lines[:, free]), rows, np.ones(len(free)), price, NODES, GAP, whole=whole)
    if found is None:
        return None
    pattern[free] = np.rint(found) if whole else found
    return pattern
