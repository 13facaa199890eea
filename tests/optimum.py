"""The cheapest pattern there is, proved: an oracle for small tables, with no code of the protector.

A pattern keeps the promise when every unsafe cell can have every small value in some whole-number table under what is
shown. Hiding more never breaks that, so a pattern that fails tells something: grow it until nothing can be added
without serving the target, and at least one of the cells left over must be hidden. The cheapest pattern that hits all
such sets and fails no more is an optimum. Every question is a whole-number programme for scipy; there is no big number
in any of them.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from pipelines.protect.tables import Publication, Tree


def is_under(one: Tree, leaf: int, code: int) -> bool:
    """Whether a leaf counts in a code."""
    while leaf >= 0:
        if leaf == code:
            return True
        leaf = int(one.parent[leaf])
    return False


def sums_of(publication: Publication) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Published cells x leaf combinations, by definition."""
    leaves = list(itertools.product(*(one.leaves.tolist() for one in publication.trees)))
    matrix = [
        [
            all(is_under(one, leaf, code) for one, leaf, code in zip(publication.trees, combo, cell, strict=True))
            for combo in leaves
        ]
        for cell in publication.cells.tolist()
    ]
    return np.array(matrix, dtype=float), leaves


@dataclass(frozen=True, kw_only=True)
class Puzzle:
    """Cells as sums of joint combinations, their true counts and what hiding each costs.

    floor  what everybody knows of hidden cells: 1 when zeros are always shown
    """

    sums: np.ndarray
    true: np.ndarray
    price: np.ndarray
    threshold: int = 5
    floor: int = 0

    @property
    def unsafe(self) -> np.ndarray:
        return (self.true >= 1) & (self.true < self.threshold)

    @property
    def choice(self) -> np.ndarray:
        """Cells that may be hidden or not."""
        return ~self.unsafe & ~((self.true == 0) & (self.floor > 0))

    def targets(self) -> Iterator[tuple[int, int]]:
        """Cells and values that must be possible, the farthest first."""
        pairs = [(int(at), value) for at in np.flatnonzero(self.unsafe) for value in range(1, self.threshold)]
        true = self.true
        yield from sorted((p for p in pairs if p[1] != true[p[0]]), key=lambda p: (-abs(p[1] - true[p[0]]), p))

    def can_be(self, hidden: np.ndarray, cell: int, value: int) -> np.ndarray | None:
        """The cells of a whole-number table under this pattern in which the cell has this value."""
        least = np.where(hidden, self.floor, self.true).astype(float)
        most = np.where(hidden, np.inf, self.true)
        if not least[cell] <= value <= most[cell]:
            return None
        least[cell] = most[cell] = value
        width = self.sums.shape[1]
        found = milp(
            np.zeros(width),
            integrality=np.ones(width),
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(self.sums, least, most),
        )
        assert found.status in {0, 2}, found.message
        return np.rint(self.sums @ np.rint(found.x)) if found.status == 0 else None


def pose(publication: Publication, *, cost: str = "cells", zeros: str = "cover") -> Puzzle:
    """The puzzle of a publication, as the command's options say it."""
    sums, _ = sums_of(publication)
    true = publication.true
    price = np.maximum(true, 0.1) if cost == "value" else np.ones(len(true))
    return Puzzle(sums=np.unique(sums, axis=1), true=true, price=price.astype(float), floor=int(zeros == "known"))


def find_optimum(puzzle: Puzzle, most: int = 400) -> np.ndarray | None:
    """The cheapest pattern that keeps the promise; None when none does, or after `most` sets nothing is proved."""
    everything = puzzle.unsafe | puzzle.choice
    if any(puzzle.can_be(everything, *target) is None for target in puzzle.targets()):
        return None
    sets: list[np.ndarray] = []
    tables: dict[tuple[int, int], list[np.ndarray]] = {target: [] for target in puzzle.targets()}
    while len(sets) < most:
        hidden = _hit(puzzle, sets)
        fresh = [found for target in tables if (found := _short(puzzle, hidden, target, tables[target])) is not None]
        if not fresh:
            return hidden
        sets += fresh
    return None


def _short(puzzle: Puzzle, hidden: np.ndarray, target: tuple[int, int], tables: list[np.ndarray]) -> np.ndarray | None:
    """Cells of which one must be hidden, when this pattern does not serve the target."""
    if not _try(puzzle, hidden, target, tables):
        return _grow(puzzle, hidden, target, tables)
    return None


def _try(puzzle: Puzzle, hidden: np.ndarray, target: tuple[int, int], tables: list[np.ndarray]) -> bool:
    if any(not (moved & ~hidden).any() for moved in tables):
        return True
    table = puzzle.can_be(hidden, *target)
    if table is None:
        return False
    tables.append(table != puzzle.true)
    return True


def _grow(puzzle: Puzzle, hidden: np.ndarray, target: tuple[int, int], tables: list[np.ndarray]) -> np.ndarray:
    """Hide as much as can be without serving the target, in halves; what is left over."""
    hidden, left = hidden.copy(), np.zeros(len(hidden), dtype=bool)
    order = np.flatnonzero(puzzle.choice & ~hidden)
    waiting = [order[np.argsort(puzzle.price[order], kind="stable")]]
    while waiting:
        some = waiting.pop()
        more = hidden.copy()
        more[some] = True
        if not _try(puzzle, more, target, tables):
            hidden = more
        elif len(some) == 1:
            left[some] = True
        elif len(some):
            waiting += [some[len(some) // 2 :], some[: len(some) // 2]]
    return left


def _hit(puzzle: Puzzle, sets: list[np.ndarray]) -> np.ndarray:
    """The cheapest pattern with a cell of each set."""
    hidden = puzzle.unsafe.copy()
    free = np.flatnonzero(puzzle.choice)
    if not sets:
        return hidden
    found = milp(
        puzzle.price[free],
        integrality=np.ones(len(free)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(sets)[:, free].astype(float), 1, np.inf),
        options={"mip_rel_gap": 0},
    )
    assert found.status == 0, found.message
    hidden[free[found.x > 0.5]] = True
    return hidden


def cost_of(puzzle: Puzzle, hidden: np.ndarray) -> float:
    """What the covers of a pattern cost."""
    return float(puzzle.price[hidden & ~puzzle.unsafe].sum())
