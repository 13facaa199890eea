"""The proof: whole-number moves of joint combinations, one for each value that a hidden unsafe cell must be able to have.

A move may change hidden cells only, and no count falls below what everybody knows. The cheapest move of the published
cells tells where to look: the joint combinations of the codes that it moves, then those around them, then all. Solvers
propose, exact arithmetic decides. A witness and its multiples serve every cell that they move.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack

from pipelines.protect.cover import Cover, Floats, Ints, Move, Target
from pipelines.protect.programme import solve_whole
from pipelines.protect.tables import Publication

WIDEST = 60_000
NODES = 2_000


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
                _enter(publication, cover, proof, witness, wanted)
            else:
                failed.append(target)
    return failed


def find_witness(publication: Publication, cover: Cover, target: Target, *, pay: bool = False) -> Witness | None:
    """A whole-number move with this step. With `pay` it may move shown cells too, at their price."""
    move = cover.moves.cheapest(target)
    if move is None or not (pay or cover.hidden[move.cells].all()):
        return None
    for window in _windows(publication, move):
        witness = _solve(publication, cover, target, window, pay=pay)
        if witness:
            return witness
    return None


def _windows(publication: Publication, move: Move) -> Iterator[Ints]:
    """Growing sets of joint combinations around a move."""
    sizes = {0}
    for reach in range(3):
        inside = np.ones(len(publication.base), dtype=bool)
        for axis, tree in enumerate(publication.trees):
            codes = np.unique(publication.cells[move.cells, axis])
            if reach == 1 or (reach == 0 and len(tree.codes) > 8):
                deep = codes[tree.depth[codes] == tree.depth[codes].max()]
                deep = np.unique(tree.parent[deep]) if reach else deep
            elif reach == 0:
                deep = codes[tree.depth[codes] == tree.depth[codes].max()]
            else:
                deep = np.zeros(1, dtype=np.int64)
            inside &= _under(tree.parent, deep)[publication.base[:, axis]]
        window = np.flatnonzero(inside)
        if len(window) not in sizes and len(window) <= WIDEST:
            sizes.add(len(window))
            yield window


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
    if target.cell not in touched:
        return None
    sums = csr_array(above[touched])
    free = cover.hidden[touched] & ~task.fixed[touched]
    lower = np.where(free, task.least[touched] - task.true[touched], 0).astype(float)
    upper = np.where(free, np.inf, 0.0)
    at = int(np.searchsorted(touched, target.cell))
    lower[at] = upper[at] = target.step
    living = (
        np.flatnonzero((sums.T @ (~free & (task.true[touched] == 0)).astype(float)) == 0)
        if not pay
        else np.arange(len(window))
    )
    falling = np.flatnonzero(publication.base_true[window] > 0)
    blocks = [csr_array(sums[:, living]), -csr_array(sums[:, falling])]
    cost = np.ones(len(living) + len(falling))
    most = np.concatenate([np.full(len(living), np.inf), publication.base_true[window[falling]]])
    if pay:
        shown = np.flatnonzero(~free & ~task.fixed[touched])
        give = csr_array((np.ones(len(shown)), (shown, np.arange(len(shown)))), shape=(len(touched), len(shown)))
        blocks += [-give, give]
        cost = np.concatenate([cost, np.tile(100 * task.price[touched[shown]], 2)])
        room = (task.true - task.least)[touched[shown]]
        most = np.concatenate([most, np.full(len(shown), np.inf), room])
    found = solve_whole(csc_array(hstack(blocks)), (lower, upper), most.astype(float), cost, NODES)
    if found is None:
        return None
    change = np.zeros(len(window), dtype=np.int64)
    change[living] += np.rint(found[: len(living)]).astype(np.int64)
    change[falling] -= np.rint(found[len(living) : len(living) + len(falling)]).astype(np.int64)
    return _checked(publication, cover, target, window, change, above, pay=pay)


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


def _enter(publication: Publication, cover: Cover, proof: Proof, witness: Witness, wanted: set[Target]) -> None:
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
