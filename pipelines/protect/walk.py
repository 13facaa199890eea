"""Walks through tables that agree with everything shown: each step is an exchange, each table on the way is a witness.

From the true table the walk takes an unsafe cell up to threshold - 1 and down to 1. It pays for shown cells that a step
would move: those are hidden from then on, unless it may not pay. Where no step is left the cell has not been served.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.cover import Task
from pipelines.protect.exchange import Batch, Ground, add_up
from pipelines.protect.floors import empty_to
from pipelines.protect.partners import Company, look_around, propose
from pipelines.protect.proof import Proof, Witness
from pipelines.protect.sums import Pool
from pipelines.protect.tables import Ints, Publication
from pipelines.protect.windows import Near

SECOND_CHOICES = 4
MANY = 20_000  # cells, from where fewer exchanges are tried at once
MOST_USERS = 30  # a cell that more witnesses lean on is not tried: it would be refused, slowly
MOST_TRIED = 2_000
ROUNDS = 2  # what others no longer lean on may be spare the second time
FREE = 0.1  # below this everything that moves is hidden already
CHEAP = 1e-4  # for each cell that an exchange moves, though it is hidden already


@dataclass(kw_only=True)
class Walk:
    """The pattern and proof in the making.

    least   what everybody knows counts to be at least
    fixed   cells that nobody doubts
    price   of hiding a cell
    """

    publication: Publication
    hidden: NDArray[np.bool_]
    least: Ints
    fixed: NDArray[np.bool_]
    price: NDArray[np.float64]
    proof: Proof
    tries: int = 200
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))

    def __post_init__(self) -> None:
        self.ground = Ground(self.publication)
        self.count = self.publication.base_true.copy()
        self.true = self.publication.true.copy()
        self.occupied = self.publication.base[self.publication.base_true > 0]

    def pay_for(self, *, may_pay: bool) -> None:
        """Set the prices: shown cells cost what hiding them costs, or cannot be moved at all."""
        pay = np.where(self.hidden, CHEAP, self.price + CHEAP if may_pay else np.inf)
        self.pay = np.where(self.fixed, np.inf, pay)

    def serve(self, cell: int) -> bool:
        """Walk a cell through all values that it owes; False when some are left."""
        if not self.proof.owed(cell):
            return True
        company = look_around(self.publication, self.publication.cells[cell], self.occupied)
        for sign in (1, -1):
            self._go(cell, sign, company)
        return not self.proof.owed(cell)

    def _go(self, cell: int, sign: int, company: Company) -> None:
        base: list[Ints] = []
        steps: list[Ints] = []
        while any((value - self.true[cell]) * sign > 0 for value in self.proof.owed(cell)):
            taken = self._step(cell, sign, company)
            if taken is None:
                break
            base.append(taken[0])
            steps.append(taken[1])
            self._keep(*add_up(np.concatenate(base), np.concatenate(steps)))
        self._back(base, steps)

    def _step(self, cell: int, sign: int, company: Company) -> tuple[Ints, Ints] | None:
        """The cheapest exchange that is possible, taken."""
        options: list[tuple[float, int, Batch]] = []
        for proposed in propose(company, sign, self.tries, self.random):
            batch = proposed.take(np.flatnonzero(self.ground.possible(proposed, self.count)))
            cost = self.ground.cost(batch, self.pay, self.pay)
            for at in np.argsort(cost, kind="stable")[:SECOND_CHOICES].tolist():
                options += (
                    [(float(cost[at]), len(options), batch.take(np.array([at])))] if np.isfinite(cost[at]) else []
                )
            if options and min(options, key=lambda option: option[:2])[0] < FREE:
                break
        taken = (self._take(batch, cell, sign) for _, _, batch in sorted(options, key=lambda option: option[:2]))
        return next((one for one in taken if one), None)

    def _take(self, batch: Batch, cell: int, sign: int) -> tuple[Ints, Ints] | None:
        base, base_steps, cells, steps = self.ground.change(batch)
        falls = (self.count[base] + base_steps < 0).any() or (self.true[cells] + steps < self.least[cells]).any()
        if falls or steps[cells == cell].tolist() != [sign]:
            return None
        self.count[base] += base_steps
        self.true[cells] += steps
        return base, base_steps

    def _keep(self, base: Ints, steps: Ints) -> None:
        """The table reached is a witness."""
        cells, changes = self.ground.change_of(base, steps)
        if self.proof.enter(Witness(base=base, base_steps=steps, cells=cells, steps=changes)):
            self.hidden[cells] = True
            self.pay[cells] = CHEAP

    def rebuild(self, cell: int) -> None:
        """The last resort: next to nobody is left in the cell, and everything around it moves.

        raises  RuntimeError when even that fails, which count_stuck rules out
        """
        for value in self.proof.owed(cell):
            base = empty_to(self.publication, self.least, cell, value)
            self._keep(np.flatnonzero(base), base[base != 0])
        if self.proof.owed(cell):
            raise RuntimeError("protect: no witness for a cell that must have one")

    def _back(self, base: list[Ints], steps: list[Ints]) -> None:
        if base:
            places, back = add_up(np.concatenate(base), np.concatenate(steps))
            cells, changes = self.ground.change_of(places, back)
            self.count[places] -= back
            self.true[cells] -= changes


def show_spare(walk: Walk, cells: list[int], pool: Pool | None = None, near: Near | None = None) -> None:
    """Show again each of these cells that all values can do without, in this order."""
    users: dict[int, set[int]] = {cell: set() for cell in cells}
    for number in walk.proof.used.tolist():
        _lean(walk.proof, users, number)
    walk.pay_for(may_pay=False)
    for cell in cells:
        used = users[cell] & set(np.unique(walk.proof.number).tolist())
        if walk.hidden[cell] and len(used) <= MOST_USERS:
            before, made = (walk.proof.number.copy(), walk.proof.times.copy()), len(walk.proof.witnesses)
            _set_hidden(walk, cell, to=False)
            lost = walk.proof.forget(np.array(sorted(used), dtype=np.int64))
            if all(_serve_again(walk, pool, one, near) for one in lost.tolist()):
                for number in range(made, len(walk.proof.witnesses)):
                    _lean(walk.proof, users, number)
            else:
                walk.proof.number, walk.proof.times = before
                _set_hidden(walk, cell, to=True)


def _serve_again(walk: Walk, pool: Pool | None, cell: int, near: Near | None = None) -> bool:
    if pool:
        pool.hidden = walk.hidden
        pool.add_all(walk.proof)
        pool.serve(walk.proof, cell)
    return walk.serve(cell) or bool(near and near.serve(walk.hidden, cell))


def _lean(proof: Proof, users: dict[int, set[int]], number: int) -> None:
    for cell in proof.witnesses[number].cells.tolist():
        if cell in users:
            users[cell].add(number)


def _set_hidden(walk: Walk, cell: int, *, to: bool) -> None:
    walk.hidden[cell] = to
    walk.pay[cell] = CHEAP if to else np.inf


def walk_within(publication: Publication, task: Task, hidden: NDArray[np.bool_], proof: Proof) -> None:
    """Prove what can be proved by walks that move hidden cells only."""
    walk = _start(publication, task, hidden, proof)
    walk.pay_for(may_pay=False)
    for cell in proof.open.tolist():
        walk.serve(cell)


def walk_all(
    publication: Publication,
    task: Task,
    hidden: NDArray[np.bool_],
    proof: Proof,
    pool: Pool | None = None,
    near: Near | None = None,
) -> NDArray[np.bool_]:
    """Prove what is still owed and hide what that needs; returns the hidden cells that something leans on.

    pool    moves that were found before, to be added up
    near    searches while cells are shown again; without it only what was hidden here is looked at
    raises  RuntimeError when a cell cannot be proved at any price, which count_stuck rules out
    """
    walk = _start(publication, task, hidden, proof)
    walk.pay_for(may_pay=True)
    for cell in (lacking := proof.open.tolist()):
        if not _serve_again(walk, pool, cell):
            walk.rebuild(cell)
    if not lacking and near is None:  # nothing was hidden besides, and what was hidden before is needed
        return task.unsafe | proof.moved()
    walk.hidden = task.unsafe | proof.moved()
    for _ in range(ROUNDS if len(task.true) < MANY else 1):
        covers = np.flatnonzero(walk.hidden & ~task.unsafe)
        show_spare(walk, covers[np.lexsort((covers, -task.price[covers]))].tolist()[:MOST_TRIED], pool, near)
        walk.hidden = task.unsafe | proof.moved()
    return task.unsafe | proof.moved()


def _start(publication: Publication, task: Task, hidden: NDArray[np.bool_], proof: Proof) -> Walk:
    return Walk(
        publication=publication,
        hidden=hidden.copy(),
        least=task.least,
        fixed=task.fixed,
        price=task.price,
        proof=proof,
        tries=200 if len(task.true) < MANY else 60,
    )
