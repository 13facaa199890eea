"""Witnesses within a pattern that programmes over all joint combinations find.

For each unsafe cell and direction the cheapest move of joint combinations that brings the cell to the farthest value and
moves nothing shown: a linear programme. Where that is in fractions, and for the values in between, a whole-number
programme over the combinations that were nearly as cheap. What was found is added up for other cells first.
"""

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack, vstack

from pipelines.protect.cover import Ints, Task
from pipelines.protect.exchange import add_up
from pipelines.protect.programme import INFINITE, JITTER, TINY, Effort, make_model, quiet, solve_whole
from pipelines.protect.proof import Proof, Witness
from pipelines.protect.sums import Pool
from pipelines.protect.tables import Publication
from pipelines.protect.windows import not_implied

NEAR = (1_500, 3_000)  # combinations in a whole-number programme
NODES = 50


def solve_open(publication: Publication, pool: Pool, proof: Proof, cells: list[int], most: int) -> None:
    """Witnesses within the pattern for the values that these cells still owe.

    most  units of work, as Programme counts them
    """
    room = Room(publication=publication, task=pool.task, hidden=pool.hidden)
    pool.add_all(proof)
    size = np.diff(room.above.indptr)
    for cell in sorted(cells, key=lambda cell: (size[cell], cell)):
        if proof.owed(cell) and room.effort.done < most:
            serve(room, pool, proof, cell)


def serve(room: "Room", pool: Pool, proof: Proof, cell: int) -> None:
    """Search for what a cell owes: sums of known moves first, then programmes."""
    true = int(room.publication.true[cell])
    pool.serve(proof, cell)
    if not proof.owed(cell):
        return
    room.enter(cell)
    for way in (1, -1):
        for value in sorted(proof.owed(cell), key=lambda value: -abs(value - true)):
            if (value - true) * way > 0 and value in proof.owed(cell):
                _take(pool, proof, room.find(value - true))
                pool.serve(proof, cell)
    room.leave()


def _take(pool: Pool, proof: Proof, move: Witness | None) -> None:
    if move is not None:
        proof.enter(move)
        pool.add_all(proof)


@dataclass(kw_only=True)
class Room:
    """What may move under a pattern, as one linear programme that stays loaded.

    rising  joint combinations that may gain somebody
    losing  those that may lose somebody
    rows    cells whose sums are kept: shown ones, and hidden ones that everybody knows to be 1 or more
    """

    publication: Publication
    task: Task
    hidden: NDArray[np.bool_]
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))

    def __post_init__(self) -> None:
        publication, task = self.publication, self.task
        self.free = self.hidden & ~task.fixed
        self.above = csr_array(publication.above(np.arange(len(publication.base))))
        self.by_base = csc_array(self.above)
        nobody = np.flatnonzero(~self.free & (task.true == 0))
        self.rising = np.flatnonzero(np.asarray(self.above[nobody].sum(axis=0)).ravel() == 0)
        self.losing = np.flatnonzero(publication.base_true > 0)
        kept = not_implied(task.matrix, self.free) & ~self.free & (task.true > 0)
        self.rows = np.flatnonzero(kept | (self.free & (task.least > 0)))
        sums = csc_array(self.above[self.rows])
        self.matrix = csc_array(hstack([sums[:, self.rising], -sums[:, self.losing]]))
        self.effort = Effort()
        self._load()

    def _load(self) -> None:
        counts = self.publication.base_true[self.losing]
        self.upper = np.concatenate([np.full(len(self.rising), INFINITE), counts.astype(float)])
        free, task = self.free[self.rows], self.task
        self.low = np.where(free, (task.least - task.true)[self.rows], 0).astype(float)
        self.high = np.where(free, INFINITE, 0.0)
        self.columns = np.arange(len(self.upper))
        self.solver = quiet()
        self.solver.setOptionValue("presolve", "off")
        model = make_model(self.matrix, self.upper, np.ones(len(self.upper)))
        model.row_lower_, model.row_upper_ = self.low, self.high
        self.solver.passModel(model)

    def enter(self, cell: int) -> None:
        """Look at this cell from now on."""
        entry = np.asarray(self.above[[cell]].todense()).ravel()
        self.row = np.concatenate([entry[self.rising], -entry[self.losing]])
        at = np.flatnonzero(self.row)
        self.solver.addRow(0.0, 0.0, len(at), at.astype(np.int32), self.row[at])
        self.sums = csc_array(vstack([csr_array(self.matrix), csr_array(self.row[None])]))
        self.dual: NDArray[np.float64] | None = None
        self.way = 0

    def leave(self) -> None:
        """Look away from it."""
        self.solver.deleteRows(1, np.array([len(self.rows)], dtype=np.int32))

    def find(self, step: int) -> Witness | None:
        """The first whole-number move with this step that is found."""
        if self.dual is None or step * self.way < 0:
            found = self._cheapest(step)
            if found is not None:
                return self.witness(*found)
        if self.dual is None:
            return None
        for most in NEAR:
            found = self._whole(step, most)
            if found is not None:
                return self.witness(*found)
        return None

    def _cheapest(self, step: int) -> tuple[Ints, Ints] | None:
        """The move of fewest persons, if it is in whole numbers; leaves behind what each combination costs besides."""
        price = 1 + JITTER * self.random.random(len(self.row))
        self.solver.changeColsCost(len(self.row), self.columns.astype(np.int32), price)
        self.solver.changeRowBounds(len(self.rows), float(step), float(step))
        self.solver.clearSolver()
        self.solver.run()
        self.effort.done += (10 + self.solver.getInfo().simplex_iteration_count) * (2_000 + len(self.row))
        self.way, self.dual = step, None
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = self.solver.getSolution()
        change = np.asarray(found.col_value)
        self.dual = np.where(change > TINY, -1.0, np.asarray(found.col_dual))
        return self._base_steps(self.columns, change) if np.abs(change - np.rint(change)).max() < TINY else None

    def _whole(self, step: int, most: int) -> tuple[Ints, Ints] | None:
        assert self.dual is not None
        near = np.sort(np.argsort(self.dual, kind="stable")[:most])
        matrix = csr_array(self.sums[:, near])
        low, high = np.append(self.low, step), np.append(self.high, step)
        touched = np.flatnonzero(np.diff(matrix.indptr))
        rows = low[touched].astype(float), high[touched].astype(float)
        found = solve_whole(
            csc_array(matrix[touched]), rows, self.upper[near], np.ones(len(near)), NODES, 1e3, effort=self.effort
        )
        return None if found is None else self._base_steps(near, found)

    def _base_steps(self, columns: Ints, change: NDArray[np.float64]) -> tuple[Ints, Ints]:
        whole = np.rint(change).astype(np.int64)
        signs = np.where(columns < len(self.rising), 1, -1)
        return add_up(np.concatenate([self.rising, self.losing])[columns], signs * whole)

    def witness(self, base: Ints, steps: Ints) -> Witness | None:
        """Exact: nothing shown moves and no count falls too low, or it is no witness."""
        task = self.task
        sums = csr_array(self.by_base[:, base]).astype(np.int64) @ steps
        cells = np.flatnonzero(sums)
        kept = task.true[cells] + sums[cells] >= task.least[cells]
        enough = self.publication.base_true[base] + steps >= 0
        if not (self.free[cells].all() and kept.all() and enough.all()):
            return None
        return Witness(base=base, base_steps=steps, cells=cells, steps=sums[cells])
