"""Which cells to hide: every unsafe one, and at least cost those that keep an attacker from computing it.

A move is a change of counts that no shown cell notices. Each unsafe cell needs moves that bring it down to 1 and up to
threshold - 1. The cheapest move is a linear programme that pays for each shown cell it moves (Kelly, Robertson); what
it moves is hidden. Then what is not needed is shown again, and neighbourhoods are taken out and covered anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack

from pipelines.protect.programme import INFINITE, TINY, Programme

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
HIDDEN_PRICE = 0.01


class Target(NamedTuple):
    """An unsafe cell and how far an attacker must be able to believe it away from its count."""

    cell: int
    step: int


class Move(NamedTuple):
    """What a move changes."""

    cells: Ints
    sizes: Floats


@dataclass(frozen=True, kw_only=True)
class Task:
    """Cells with equations between them: matrix @ count = 0, counts at least `least`.

    fixed  nobody doubts these cells (zeros that everybody knows)
    price  what is lost when a cell is hidden
    """

    matrix: csr_array
    true: Ints
    least: Ints
    fixed: NDArray[np.bool_]
    price: Floats
    threshold: int

    @property
    def unsafe(self) -> NDArray[np.bool_]:
        return (self.true >= 1) & (self.true < self.threshold)

    def targets(self) -> list[Target]:
        """The farthest steps, per unsafe cell and direction; largest first."""
        unsafe = np.flatnonzero(self.unsafe)
        up = [Target(int(at), self.threshold - 1 - int(self.true[at])) for at in unsafe]
        down = [Target(int(at), 1 - int(self.true[at])) for at in unsafe]
        return sorted((one for one in up + down if one.step), key=lambda one: (-abs(one.step), one.cell))


class Moves:
    """The cheapest moves, hot."""

    def __init__(self, task: Task) -> None:
        self.rows, self.size = task.matrix.shape
        matrix = csc_array(task.matrix).astype(float)
        self.up = np.where(task.fixed, 0.0, INFINITE)
        self.down = np.where(task.fixed, 0, task.true - task.least).astype(float)
        self.price = task.price.copy()
        upper = np.concatenate([self.up, self.down])
        self.programme = Programme(csc_array(hstack([matrix, -matrix])), upper, np.tile(task.price, 2))

    @property
    def work(self) -> int:
        return self.programme.work

    def charge(self, cells: Iterable[int], price: Floats | float) -> None:
        at = np.array(list(cells), dtype=np.int64)
        prices = np.broadcast_to(price, at.shape)
        self.price[at] = prices
        self.programme.charge(np.concatenate([at, at + self.size]), np.tile(prices, 2))

    def cheapest(self, target: Target) -> Move | None:
        """The cheapest move with this step; None when there is none at any price."""
        return self.cheapest_and_dual(target)[0]

    def cheapest_and_dual(self, target: Target) -> tuple[Move | None, Floats]:
        """That move, and the price of each equation (zeros when there is no move)."""
        cell, step = target
        nothing = np.zeros(self.rows)
        if -step > self.down[cell]:
            return None, nothing
        both = [cell, cell + self.size]
        ahead, back = max(step, 0), max(-step, 0)
        self.programme.limit(both, [ahead, back], [ahead, back])
        found = self.programme.solve()
        self.programme.limit(both, [self.up[cell], self.down[cell]])
        if found is None:
            return None, nothing
        change = found[0][: self.size] - found[0][self.size :]
        cells = np.flatnonzero(np.abs(change) > TINY)
        return Move(cells, change[cells]), found[1]


@dataclass(kw_only=True)
class Cover:
    """The pattern so far, with a move for each target."""

    task: Task
    moves: Moves
    hidden: NDArray[np.bool_]
    served: dict[Target, Move] = field(default_factory=dict)
    users: dict[int, set[Target]] = field(default_factory=dict)
    stuck: set[Target] = field(default_factory=set)

    def hide(self, cells: Ints) -> None:
        fresh = cells[~self.hidden[cells]]
        self.hidden[fresh] = True
        self.moves.charge(fresh, HIDDEN_PRICE)

    def show(self, cells: Ints) -> None:
        self.hidden[cells] = False
        self.moves.charge(cells, self.task.price[cells])

    def serve(self, target: Target, move: Move) -> None:
        if target in self.served:
            for cell in self.served[target].cells.tolist():
                self.users[cell].discard(target)
        self.served[target] = move
        for cell in move.cells.tolist():
            self.users.setdefault(cell, set()).add(target)

    @property
    def covers(self) -> Ints:
        return np.flatnonzero(self.hidden & ~self.task.unsafe)

    @property
    def cost(self) -> float:
        return float(self.task.price[self.covers].sum())


def start_cover(task: Task) -> Cover:
    """Hides the unsafe cells, and nothing else yet."""
    cover = Cover(task=task, moves=Moves(task), hidden=np.zeros(len(task.true), dtype=bool))
    cover.hide(np.flatnonzero(task.unsafe))
    return cover


def extend(cover: Cover, targets: Iterable[Target], work: float = np.inf) -> None:
    """Hide what the cheapest moves of these targets touch; a target without any move is stuck.

    work  when to leave the other targets uncovered, in units of the linear programme
    """
    most = cover.moves.work + work
    for target in targets:
        if cover.moves.work > most:
            return
        move = cover.moves.cheapest(target)
        if move is None:
            cover.stuck.add(target)
        else:
            cover.hide(move.cells)
            cover.serve(target, move)


def prune(cover: Cover, cells: Iterable[int]) -> None:
    """Show again each of these cells that the targets can do without, in this order."""
    for cell in cells:
        if cover.hidden[cell] and not cover.task.unsafe[cell]:
            _show_if_spare(cover, cell)


def _show_if_spare(cover: Cover, cell: int) -> None:
    at = np.array([cell])
    cover.show(at)
    moves = {}
    for target in sorted(cover.users.get(cell, ())):
        move = cover.moves.cheapest(target)
        if move is None or not cover.hidden[move.cells].all():
            cover.hide(at)
            return
        moves[target] = move
    for target, move in moves.items():
        cover.serve(target, move)


def dearest_first(cover: Cover) -> list[int]:
    """Covers by what showing them again is worth."""
    return sorted(cover.covers.tolist(), key=lambda at: (-cover.task.price[at], -cover.task.true[at], at))


def improve(cover: Cover, work: int, *, seed: int = 1, together: int = 12) -> None:
    """Show some neighbouring covers again, cover anew in another order, and keep what costs no more.

    work  when to stop, in units of the linear programme: no clock, so that the same table gives the same pattern
    """
    random = np.random.default_rng(seed)
    most = cover.moves.work + work
    while len(cover.covers) and cover.moves.work < most:
        before, cost = (cover.hidden.copy(), dict(cover.served)), cover.cost
        _cover_anew(cover, _neighbours(cover, random, together), random)
        if cover.cost > cost + TINY:
            _restore(cover, *before)


def _neighbours(cover: Cover, random: np.random.Generator, most: int) -> Ints:
    """A cover and others that the same targets use."""
    first = int(random.choice(cover.covers))
    near = {first}
    for target in sorted(cover.users.get(first, ())):
        near |= {cell for cell in cover.served[target].cells.tolist() if not cover.task.unsafe[cell]}
    rest = random.permutation(sorted(near - {first}))[: most - 1]
    return np.array([first, *rest.tolist()], dtype=np.int64)


def _cover_anew(cover: Cover, cells: Ints, random: np.random.Generator) -> None:
    broken = sorted({target for cell in cells.tolist() for target in cover.users.get(cell, ())})
    cover.show(cells)
    was = cover.hidden.copy()
    extend(cover, [broken[at] for at in random.permutation(len(broken))])
    fresh = np.flatnonzero(cover.hidden & ~was)
    prune(cover, random.permutation(fresh).tolist())


def _restore(cover: Cover, hidden: NDArray[np.bool_], served: dict[Target, Move]) -> None:
    now = cover.hidden.copy()
    cover.show(np.flatnonzero(now & ~hidden))
    cover.hide(np.flatnonzero(hidden & ~now))
    for target, move in served.items():
        if cover.served[target] is not move:
            cover.serve(target, move)
