"""A table with another value in one cell, found by mending: exchanges that undo what shown cells notice.

For linked tables, where one exchange seldom leaves every shown cell as it is, but several together do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.exchange import Batch, Ground
from pipelines.protect.partners import look_around, propose
from pipelines.protect.proof import Proof, Witness
from pipelines.protect.tables import Ints, Publication

STEPS, STARTS = 40, 1
NOISE = 0.5


@dataclass(kw_only=True)
class Wander:
    """Tables that agree with what is shown.

    free   cells that may move
    least  what everybody knows counts to be at least
    """

    publication: Publication
    free: NDArray[np.bool_]
    least: Ints
    proof: Proof
    tries: int = 100

    def __post_init__(self) -> None:
        self.ground = Ground(self.publication)
        self.random = np.random.default_rng(1)

    def serve(self, cell: int) -> None:
        """Look for every value that a cell is owed, the nearest first."""
        true = int(self.publication.true[cell])
        for value in sorted(self.proof.owed(cell), key=lambda one: abs(one - true)):
            if value in self.proof.owed(cell):
                self._look_for(cell, value - true)

    def _look_for(self, cell: int, step: int) -> bool:
        for _ in range(STARTS):
            base = self._mend(cell, step)
            if base is not None:
                at = np.flatnonzero(base)
                cells, steps = self.ground.change_of(at, base[at])
                return self.proof.enter(Witness(base=at, base_steps=base[at], cells=cells, steps=steps))
        return False

    def _mend(self, cell: int, step: int) -> Ints | None:
        """What joint combinations change by; None when shown cells are still wrong after so many exchanges."""
        count, true = self.publication.base_true.copy(), self.publication.true.copy()
        care = ~self.free
        care[cell] = True
        wrong = np.zeros(len(true), dtype=np.int64)  # count minus what it must be
        wrong[cell] = -step
        for _ in range(STEPS):
            places = np.flatnonzero(wrong)
            if not len(places):
                return np.asarray(count - self.publication.base_true)
            at = int(self.random.choice(places))
            batch = self._choose(at, -int(np.sign(wrong[at])), count, true, np.where(care, wrong, 0), care)
            if batch is None:
                return None
            base, base_steps, cells, steps = self.ground.change(batch)
            count[base] += base_steps
            true[cells] += steps
            wrong[cells] += np.where(care[cells], steps, 0)
            if (count[base] < 0).any() or (true[cells] < self.least[cells]).any():
                return None
        return None

    def _choose(
        self, at: int, sign: int, count: Ints, true: Ints, wrong: Ints, care: NDArray[np.bool_]
    ) -> Batch | None:
        """The exchange that leaves least wrong, with some chance."""
        rise = np.where(care, np.abs(wrong + 1) - np.abs(wrong), 0.0)
        fall = np.where(true > self.least, np.where(care, np.abs(wrong - 1) - np.abs(wrong), 0.0), np.inf)
        company = look_around(self.publication, self.publication.cells[at], self.publication.base[count > 0])
        best: tuple[float, Batch] | None = None
        for batch in propose(company, sign, self.tries, self.random):
            batch = batch.take(np.flatnonzero(self.ground.possible(batch, count)))
            if len(batch.near):
                cost = self.ground.cost(batch, rise, fall) + NOISE * self.random.random(len(batch.near))
                least = int(cost.argmin())
                if np.isfinite(cost[least]) and (best is None or cost[least] < best[0]):
                    best = (float(cost[least]), batch.take(np.array([least])))
        return best[1] if best else None
