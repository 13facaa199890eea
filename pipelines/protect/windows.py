"""Witnesses that a whole-number programme finds, within a pattern.

The cheapest move of the published cells tells where to look: the joint combinations of the codes that it moves, then
those around them, then all. Solvers propose, exact arithmetic decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack

from pipelines.protect.cover import Cover, Ints, Move, Target
from pipelines.protect.programme import JITTER, TINY, Floats, solve_fractions, solve_whole
from pipelines.protect.proof import Proof, Witness
from pipelines.protect.sums import Pool
from pipelines.protect.tables import Publication

NARROW, WIDE, WIDEST = 600, 2_000, 5_000  # joint combinations in one programme; in one more when they are all
STRIDE = 2.5  # how much larger the next one is
NODES = 20
MOST_SEARCHED = 1_500
MOST_FAILED = 300  # searches; a walk serves what is left


def solve_near(
    publication: Publication, cover: Cover, pool: Pool | None, proof: Proof, cells: list[int], least: int, most: int
) -> None:
    """Witnesses within the pattern for the values that these cells still owe, the farthest first.

    pool         moves that were found before, to be added up first
    least, most  joint combinations in one programme: more than, and at most
    """
    true, failed, left = cover.task.true, 0, MOST_SEARCHED
    targets = [Target(cell, value - int(true[cell])) for cell in cells for value in proof.owed(cell)]
    for target in sorted(targets, key=lambda one: (-abs(one.step), one.cell)):
        value = int(true[target.cell]) + target.step
        if failed >= MOST_FAILED or left <= 0:
            return
        if pool and value in proof.owed(target.cell):
            pool.add_all(proof)
            pool.serve(proof, target.cell)
        if value in proof.owed(target.cell):
            left -= 1
            witness = find_witness(publication, cover, target, least, most)
            failed += not (witness and proof.enter(witness))


@dataclass(kw_only=True)
class Near:
    """Searches of this kind for whoever shows cells again, so many at most."""

    publication: Publication
    cover: Cover
    proof: Proof
    left: int

    def serve(self, hidden: NDArray[np.bool_], cell: int) -> bool:
        """Give a cell all that it owes within this pattern; False when that is not found."""
        cover, true = self.cover, int(self.publication.true[cell])
        cover.show(np.flatnonzero(cover.hidden & ~hidden))
        cover.hide(np.flatnonzero(hidden & ~cover.hidden))
        for value in sorted(self.proof.owed(cell), key=lambda value: -abs(value - true)):
            if value in self.proof.owed(cell):
                if self.left <= 0:
                    return False
                self.left -= 1
                witness = find_witness(self.publication, cover, Target(cell, value - true))
                if witness is None or not self.proof.enter(witness):
                    return False
        return True


def find_witness(
    publication: Publication, cover: Cover, target: Target, least: int = 0, most: int = WIDE
) -> Witness | None:
    """A whole-number move with this step that moves hidden cells only.

    least, most  joint combinations in one programme: more than, and at most
    """
    move = cover.moves.cheapest(target)
    if move is None or not cover.hidden[move.cells].all():
        return None
    witness = _direct(publication, cover, target, move)
    for window in _windows(publication, move, least, most):
        witness = witness or _solve(publication, cover, target, window)
    everything = len(publication.base)
    if witness or everything > WIDEST or most < WIDE:
        return witness
    return _solve(publication, cover, target, np.arange(everything))


def _direct(publication: Publication, cover: Cover, target: Target, move: Move) -> Witness | None:
    """One table shows its own joint combinations: a whole move of its cells is a witness as it is."""
    if publication.finest.shape[1] > 1 or np.abs(move.sizes - np.rint(move.sizes)).max() > TINY:
        return None
    change = np.zeros(len(cover.task.true), dtype=np.int64)
    change[move.cells] = np.rint(move.sizes).astype(np.int64)
    base = change[publication.finest[:, 0]]
    window = np.flatnonzero(base)
    return _checked(publication, cover, target, window, base[window], publication.above(window))


def _windows(publication: Publication, move: Move, least: int, most: int) -> Iterator[Ints]:
    """Growing sets of joint combinations around a move: per dimension its codes, their families, or all codes."""
    choices = []
    for axis, tree in enumerate(publication.trees):
        codes = np.unique(publication.cells[move.cells, axis])
        deep = codes[tree.depth[codes] == tree.depth[codes].max()]
        tops = [deep, np.unique(np.maximum(tree.parent[deep], 0)), np.zeros(1, dtype=np.int64)]
        choices.append([_under(tree.parent, top)[publication.base[:, axis]] for top in tops])
    shares = [np.array([inside.mean() for inside in options]) for options in choices]
    sizes = reduce(np.multiply.outer, shares).ravel() * len(publication.base)
    plans, size = list(product(range(3), repeat=len(choices))), 0.0
    for number in np.argsort(sizes, kind="stable").tolist():
        if size * STRIDE < sizes[number] <= most:
            size = sizes[number]
            if size > least:
                inside = [choices[axis][level] for axis, level in enumerate(plans[number])]
                yield np.flatnonzero(np.logical_and.reduce(inside))


def _under(parent: Ints, tops: Ints) -> NDArray[np.bool_]:
    """Codes at or below these."""
    below = np.zeros(len(parent), dtype=bool)
    below[np.maximum(tops, 0)] = True
    for at in range(1, len(parent)):
        below[at] |= below[parent[at]]
    return below


def _solve(publication: Publication, cover: Cover, target: Target, window: Ints) -> Witness | None:
    task = cover.task
    above = publication.above(window)
    touched = np.flatnonzero(np.diff(above.indptr))
    free = cover.hidden & ~task.fixed
    bound = not_implied(task.matrix, free)
    rows = touched[(bound & ~free)[touched] | (free & (task.least > 0))[touched] | (touched == target.cell)]
    if target.cell not in rows:
        return None
    sums = csr_array(above[rows])
    lower = np.where(free[rows], task.least[rows] - task.true[rows], 0).astype(float)
    upper = np.where(free[rows], np.inf, 0.0)
    at = int(np.searchsorted(rows, target.cell))
    lower[at] = upper[at] = target.step
    stuck = touched[(~free & (task.true == 0))[touched]]
    living = np.flatnonzero(np.asarray(above[stuck].sum(axis=0)).ravel() == 0)
    falling = np.flatnonzero(publication.base_true[window] > 0)
    most = np.concatenate([np.full(len(living), np.inf), publication.base_true[window[falling]]])
    matrix = csc_array(hstack([csr_array(sums[:, living]), -csr_array(sums[:, falling])]))
    found = _find_whole(matrix, (lower, upper), most.astype(float))
    if found is None:
        return None
    change = np.zeros(len(window), dtype=np.int64)
    change[living] += np.rint(found[: len(living)]).astype(np.int64)
    change[falling] -= np.rint(found[len(living) :]).astype(np.int64)
    return _checked(publication, cover, target, window, change, above)


def _find_whole(matrix: csc_array, rows: tuple[Floats, Floats], most: Floats) -> Floats | None:
    """A whole-number solution. In fractions first: four in five are whole then, or there is none."""
    price = 1 + JITTER * np.random.default_rng(1).random(len(most))
    found = solve_fractions(matrix, rows, most, price)
    if found is None or np.abs(found - np.rint(found)).max() < TINY:
        return found
    return solve_whole(matrix, rows, most, np.ones(len(most)), NODES, 1e3)


def not_implied(matrix: csr_array, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells that are no sum of parts that all stay the same."""
    entries = matrix.tocoo()
    parts = entries.data < 0
    moving = np.bincount(entries.row[parts], weights=free[entries.col[parts]], minlength=matrix.shape[0]) > 0
    whole = np.ones(matrix.shape[1], dtype=bool)
    whole[entries.col[~parts][~moving[entries.row[~parts]]]] = False
    return whole


def _checked(
    publication: Publication, cover: Cover, target: Target, window: Ints, change: Ints, above: csr_array
) -> Witness | None:
    """Exact: the step is right, nothing shown moves, no count falls too low."""
    task = cover.task
    steps = csr_array(above.astype(np.int64)) @ change
    cells = np.flatnonzero(steps)
    may = ~task.fixed[cells] & cover.hidden[cells]
    kept = task.true[cells] + steps[cells] >= task.least[cells]
    whole = publication.base_true[window] + change >= 0
    if steps[target.cell] != target.step or not (may.all() and kept.all() and whole.all()):
        return None
    moved = np.flatnonzero(change)
    return Witness(base=window[moved], base_steps=change[moved], cells=cells, steps=steps[cells])
