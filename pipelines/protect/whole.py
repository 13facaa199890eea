"""The proof: whole-number moves of joint combinations, one for each value that a hidden unsafe cell must be able to have.

A move may change hidden cells only, and no count falls below what everybody knows. The cheapest move of the published
cells tells where to look: the joint combinations of the codes that it moves, then those around them, then all. Solvers
propose, exact arithmetic decides. A witness and its multiples serve every cell that they move.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack

from pipelines.protect.cover import HIDDEN_PRICE, Cover, Ints, Move, Target
from pipelines.protect.programme import TINY, solve_whole
from pipelines.protect.tables import Publication

WIDE, WIDEST = 2_000, 5_000  # joint combinations in one programme; in one more when they are all
STRIDE = 1.8  # how much larger the next one is
DETOURS = 2  # other moves to look around
NODES = 20


@dataclass(frozen=True, kw_only=True)
class Witness:
    """A whole-number move: of joint combinations, and what it makes of the cells."""

    base: Ints
    base_steps: Ints
    cells: Ints
    steps: Ints


@dataclass(kw_only=True)
class Proof:
    """Witnesses, and which serves which target how many times. As confidential as the counts."""

    witnesses: list[Witness] = field(default_factory=list)
    served: dict[Target, tuple[int, int]] = field(default_factory=dict)

    def moved(self, size: int) -> NDArray[np.bool_]:
        """The cells that the witnesses in use move."""
        moved = np.zeros(size, dtype=bool)
        for number in {number for number, _ in self.served.values()}:
            moved[self.witnesses[number].cells] = True
        return moved


def every_target(unsafe: Ints, true: Ints, threshold: int) -> list[Target]:
    """Every value that must be possible, the farthest first."""
    steps = [Target(at, value - int(true[at])) for at in unsafe.tolist() for value in range(1, threshold)]
    return sorted((one for one in steps if one.step), key=lambda one: (-abs(one.step), one.cell))


def prove(publication: Publication, cover: Cover, targets: list[Target], proof: Proof) -> list[Target]:
    """Add witnesses until every target has one; returns the targets for which none was found."""
    wanted, failed = set(targets), []
    for target in targets:
        if target not in proof.served:
            witness = find_witness(publication, cover, target)
            if witness:
                enter(publication, cover, proof, witness, wanted)
            else:
                failed.append(target)
    return failed


def find_witness(publication: Publication, cover: Cover, target: Target, *, pay: bool = False) -> Witness | None:
    """A whole-number move with this step. With `pay` it may move shown cells too, at their price."""
    avoided: list[int] = []
    for _ in range(1 if pay else DETOURS):
        move = cover.moves.cheapest(target)
        if move is None or not (pay or cover.hidden[move.cells].all()):
            break
        direct = _direct(publication, cover, target, move)
        if direct:
            cover.moves.charge(avoided, HIDDEN_PRICE)
            return direct
        for window in _windows(publication, move):
            witness = _solve(publication, cover, target, window, pay=pay)
            if witness:
                cover.moves.charge(avoided, HIDDEN_PRICE)
                return witness
        avoided += [cell for cell in move.cells.tolist() if cell != target.cell and cover.hidden[cell]]
        cover.moves.charge(avoided, 20 * HIDDEN_PRICE)
    cover.moves.charge(avoided, HIDDEN_PRICE)
    everything = np.arange(len(publication.base))
    return _solve(publication, cover, target, everything, pay=pay) if len(everything) <= WIDEST else None


def _direct(publication: Publication, cover: Cover, target: Target, move: Move) -> Witness | None:
    """One table shows its own joint combinations: a whole move of its cells is a witness as it is."""
    if publication.finest.shape[1] > 1 or np.abs(move.sizes - np.rint(move.sizes)).max() > TINY:
        return None
    change = np.zeros(len(cover.task.true), dtype=np.int64)
    change[move.cells] = np.rint(move.sizes).astype(np.int64)
    base = change[publication.finest[:, 0]]
    window = np.flatnonzero(base)
    return _checked(publication, cover, target, window, base[window], publication.above(window), pay=True)


def _windows(publication: Publication, move: Move) -> Iterator[Ints]:
    """Growing sets of joint combinations around a move: per dimension its codes, their families, or all codes."""
    choices = []
    for axis, tree in enumerate(publication.trees):
        codes = np.unique(publication.cells[move.cells, axis])
        deep = codes[tree.depth[codes] == tree.depth[codes].max()]
        tops = [deep, np.unique(np.maximum(tree.parent[deep], 0)), np.zeros(1, dtype=np.int64)]
        choices.append([_under(tree.parent, top)[publication.base[:, axis]] for top in tops])
    shares = [[float(inside.mean()) for inside in options] for options in choices]
    plans = sorted(product(range(3), repeat=len(choices)), key=lambda plan: (_share(shares, plan), plan))
    size = 0.0
    for plan in plans:
        about = _share(shares, plan) * len(publication.base)
        if size * STRIDE < about <= WIDE:
            size = about
            yield np.flatnonzero(np.logical_and.reduce([choices[axis][level] for axis, level in enumerate(plan)]))


def _share(shares: list[list[float]], plan: tuple[int, ...]) -> float:
    return float(np.prod([shares[axis][level] for axis, level in enumerate(plan)]))


def _under(parent: Ints, tops: Ints) -> NDArray[np.bool_]:
    """Codes at or below these."""
    below = np.zeros(len(parent), dtype=bool)
    below[np.maximum(tops, 0)] = True
    for at in range(1, len(parent)):
        below[at] |= below[parent[at]]
    return below


def _solve(publication: Publication, cover: Cover, target: Target, window: Ints, *, pay: bool) -> Witness | None:
    task = cover.task
    above = publication.above(window)
    touched = np.flatnonzero(np.diff(above.indptr))
    free = cover.hidden & ~task.fixed
    bound = np.ones(len(task.true), dtype=bool) if pay else _not_implied(task.matrix, free)
    rows = touched[(bound & ~free)[touched] | (free & (task.least > 0))[touched] | (touched == target.cell)]
    if target.cell not in rows:
        return None
    sums = csr_array(above[rows])
    lower = np.where(free[rows], task.least[rows] - task.true[rows], 0).astype(float)
    upper = np.where(free[rows], np.inf, 0.0)
    at = int(np.searchsorted(rows, target.cell))
    lower[at] = upper[at] = target.step
    stuck = touched[(~free & (task.true == 0) & (task.fixed | (not pay)))[touched]]
    living = np.flatnonzero(np.asarray(above[stuck].sum(axis=0)).ravel() == 0)
    falling = np.flatnonzero(publication.base_true[window] > 0)
    blocks, price = [csr_array(sums[:, living]), -csr_array(sums[:, falling])], np.ones(len(living) + len(falling))
    most = np.concatenate([np.full(len(living), np.inf), publication.base_true[window[falling]]])
    if pay:
        shown = np.flatnonzero(~free[rows] & ~task.fixed[rows])
        give = csr_array((np.ones(len(shown)), (shown, np.arange(len(shown)))), shape=(len(rows), len(shown)))
        blocks += [-give, give]
        price = np.concatenate([price, np.tile(100 * task.price[rows[shown]], 2)])
        most = np.concatenate([most, np.full(len(shown), np.inf), (task.true - task.least)[rows[shown]]])
    found = solve_whole(
        csc_array(hstack(blocks)), (lower, upper), most.astype(float), price, NODES, 0.2 if pay else 1e3
    )
    if found is None:
        return None
    change = np.zeros(len(window), dtype=np.int64)
    change[living] += np.rint(found[: len(living)]).astype(np.int64)
    change[falling] -= np.rint(found[len(living) : len(living) + len(falling)]).astype(np.int64)
    return _checked(publication, cover, target, window, change, above, pay=pay)


def _not_implied(matrix: csr_array, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells that are no sum of parts that all stay the same."""
    entries = matrix.tocoo()
    parts = entries.data < 0
    moving = np.bincount(entries.row[parts], weights=free[entries.col[parts]], minlength=matrix.shape[0]) > 0
    whole = np.ones(matrix.shape[1], dtype=bool)
    whole[entries.col[~parts][~moving[entries.row[~parts]]]] = False
    return whole


def _checked(
    publication: Publication, cover: Cover, target: Target, window: Ints, change: Ints, above: csr_array, *, pay: bool
) -> Witness | None:
    """Exact: the step is right, nothing shown moves, no count falls too low."""
    task = cover.task
    steps = csr_array(above.astype(np.int64)) @ change
    cells = np.flatnonzero(steps)
    may = ~task.fixed[cells] & (cover.hidden[cells] | pay)
    kept = task.true[cells] + steps[cells] >= task.least[cells]
    whole = publication.base_true[window] + change >= 0
    if steps[target.cell] != target.step or not (may.all() and kept.all() and whole.all()):
        return None
    moved = np.flatnonzero(change)
    return Witness(base=window[moved], base_steps=change[moved], cells=cells, steps=steps[cells])


def enter(publication: Publication, cover: Cover, proof: Proof, witness: Witness, wanted: set[Target]) -> None:
    """Keep a witness, and note which targets it serves, and its multiples."""
    number = len(proof.witnesses)
    proof.witnesses.append(witness)
    task = cover.task
    for times in (1, -1, 2, -2, 3, -3):
        fits = publication.base_true[witness.base] + times * witness.base_steps >= 0
        stays = task.true[witness.cells] + times * witness.steps >= task.least[witness.cells]
        if fits.all() and stays.all():
            for cell, step in zip(witness.cells.tolist(), witness.steps.tolist(), strict=True):
                one = Target(cell, times * step)
                if one in wanted:
                    proof.served.setdefault(one, (number, times))
