"""Witnesses made of witnesses: the sum of two moves that nothing shown notices is such a move again.

Most joint combinations hold one person, so two moves go together unless both take the same person away. A few hundred
moves give most unsafe cells all their values this way, without a solver.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.cover import Task
from pipelines.protect.exchange import add_up
from pipelines.protect.proof import Proof, Witness
from pipelines.protect.tables import Publication

MOST_FAILED = 60


@dataclass(kw_only=True)
class Pool:
    """Moves that were found, and which of them move a cell.

    hidden  what may move now; moves of other cells wait
    """

    publication: Publication
    task: Task
    hidden: NDArray[np.bool_]
    taken: int = 0
    moves: list[Witness] = field(default_factory=list)
    movers: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, move: Witness) -> None:
        """Keep a move for sums."""
        for cell, step in zip(move.cells.tolist(), move.steps.tolist(), strict=True):
            if abs(step) < self.task.threshold:
                self.movers[cell].append((len(self.moves), step))
        self.moves.append(move)

    def add_all(self, proof: Proof) -> None:
        """Keep what a proof holds besides."""
        for move in proof.witnesses[self.taken :]:
            self.add(move)
        self.taken = len(proof.witnesses)

    def serve(self, proof: Proof, cell: int) -> None:
        """Walk a cell through values that it owes, a move at a time; every table on the way is a witness."""
        for way in (1, -1):
            if any((value - self.publication.true[cell]) * way > 0 for value in proof.owed(cell)):
                self._go(proof, cell, way)

    def _go(self, proof: Proof, cell: int, way: int) -> None:
        room = self.task.threshold - 1 - self.publication.true[cell] if way > 0 else self.publication.true[cell] - 1
        reached: Witness | None = None
        failed = 0
        for number, step in sorted(
            self.movers[cell], key=lambda mover: (abs(mover[1]), len(self.moves[mover[0]].base))
        ):
            if room < 1 or failed > MOST_FAILED:
                return
            further = None
            if abs(step) <= room and self.hidden[self.moves[number].cells].all():
                further = self._add(reached, self.moves[number], 1 if step * way > 0 else -1)
            if further is None:
                failed += 1
            else:
                reached, room = further, room - abs(step)
                proof.enter(reached)

    def _add(self, one: Witness | None, other: Witness, sign: int) -> Witness | None:
        """The sum, when no count falls too low."""
        base, base_steps = other.base, sign * other.base_steps
        cells, steps = other.cells, sign * other.steps
        if one is not None:
            base, base_steps = add_up(np.concatenate([one.base, base]), np.concatenate([one.base_steps, base_steps]))
            cells, steps = add_up(np.concatenate([one.cells, cells]), np.concatenate([one.steps, steps]))
        enough = self.publication.base_true[base] + base_steps >= 0
        kept = self.publication.true[cells] + steps >= self.task.least[cells]
        if not (enough.all() and kept.all()):
            return None
        return Witness(base=base, base_steps=base_steps, cells=cells, steps=steps)
