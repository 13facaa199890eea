"""Rule round10: every count of persons is shown rounded to tens and none is hidden for being small (docs/adr/0009).

What a rounded count tells is a window: 10 is 5 to 14. A witness is another table in which every shown count stays in its
window. Where windows together leave too little open, the figures that do so are hidden besides, at least cost.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import hstack

from pipelines.errors import UnsafeFigures
from pipelines.protect.counts import ABSENT
from pipelines.protect.suppress import ANYBODY, blocks_of, line_of
from pipelines.protect.system import System
from pipelines.protect.witness import Move, Scope, keeps, make_scope, primitive, rescale

BASE = 10
SMALL = BASE // 2  # counts below this are shown as 0
FEW = 20  # of fewer inhabitants no rate is shown, whatever is counted
ENDLESS = 10**9
OTHER = -1  # the target value that stands for any other than the true one
NOT_SMALL = -2  # and the one for nobody, or five or more
RECENT = 40
Target = tuple[int, int, str]


def round_ten(count: NDArray[np.float64]) -> NDArray[np.float64]:
    """To the nearest ten, 5 upwards; NaN stays NaN."""
    return np.floor((count + SMALL) / BASE) * BASE


@dataclass(frozen=True, kw_only=True)
class Windows:
    """What everybody knows of each variable: low <= count <= high, shape (variables,)."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]

    def hold(self, true: NDArray[np.int64], move: Move) -> bool:
        """True when a move keeps every count in its window."""
        return all(self.low[at] <= true[at] + step <= self.high[at] for at, step in move.items())


def hidden_rows(system: System) -> NDArray[np.bool_]:
    """Rows that show no number: a share of a whole that is shown as 0, a rate of too few inhabitants; shape (rows,)."""
    rows = system.rows
    whole = np.where(rows.denominator == ABSENT, BASE, system.true[rows.denominator] if len(rows.denominator) else 0)
    return np.asarray((rows.role == "open") & ((whole < SMALL) | too_few(system)))


def too_few(system: System) -> NDArray[np.bool_]:
    """Rows of which everybody knows that no rate is shown, shape (rows,)."""
    return np.asarray(system.rows.population < FEW)


def find_windows(system: System) -> Windows:
    """The windows of the publication and of those before it.

    raises  UnsafeFigures where nearly everybody of a population is counted, or one contributor dominates: rounding
            does not protect that
    """
    size, rows = len(system.keys), system.rows
    low, high = np.zeros(size, dtype=np.int64), np.full(size, ENDLESS, dtype=np.int64)
    few = too_few(system)
    for row, role in enumerate(rows.role.tolist()):
        for at in {int(rows.numerator[row]), int(rows.denominator[row])} - {ABSENT}:
            if role == "zero":
                low[at] = high[at] = system.true[at]
            elif role == "open" and not few[row]:
                _narrow(low, high, at, system.true[at])
    for at in system.rounded:
        _narrow(low, high, at, system.true[at])
    for at in system.slacks | system.told:
        low[at] = high[at] = system.true[at]
    _refuse_what_rounding_leaves(system)
    return Windows(low=low, high=high)


def _prices(system: System, price: NDArray[np.float64]) -> NDArray[np.float64]:
    """What it costs to hide all rows of each variable; what everybody knows anyway cannot be hidden."""
    found, rows, small = np.zeros(len(system.keys)), system.rows, hidden_rows(system) & ~too_few(system)
    sure = set(system.slacks | system.told | system.rounded)
    for row, role in enumerate(rows.role.tolist()):
        seen = {int(rows.numerator[row]), int(rows.denominator[row])} - {ABSENT}
        sure |= seen if role == "zero" or small[row] else set()
        for at in seen:
            found[at] += price[row]
    found[sorted(sure)] = np.inf
    return found


def _narrow(low: NDArray[np.int64], high: NDArray[np.int64], at: int, true: int) -> None:
    shown = (int(true) + SMALL) // BASE * BASE
    low[at], high[at] = max(low[at], shown - SMALL), min(high[at], shown + SMALL - 1)


def _refuse_what_rounding_leaves(system: System) -> None:
    rows = system.rows
    for row in np.flatnonzero((rows.role == "open") & (rows.population >= FEW)).tolist():
        at = int(rows.numerator[row])
        if system.true[at] > rows.population[row] - SMALL:
            raise refusal(system, at, "nearly everybody of a population is counted")
    for at in sorted(system.dominated):
        raise refusal(system, at, "one contributor makes up nearly all")


def refusal(system: System, variable: int, problem: str) -> UnsafeFigures:
    """What to tell when rounding cannot protect a count."""
    key = system.keys[variable]
    return UnsafeFigures(
        f"{key.set} in {key.period} (area {key.area}): {problem}, and rounding to tens does not protect that\n"
        'Use a coarser split or period for this indicator, or rule = "hide"'
    )


def protect_rounded(system: System, price: NDArray[np.float64]) -> "Rounding":
    """Witnesses for everything that rounding must keep open, and the rows that are hidden for it.

    price   what hiding a row costs users, shape (rows,)

    raises  UnsafeFigures for the first count that it does not protect, or when exact figures were published before
    """
    if any(system.true[at] for at in system.told):
        raise UnsafeFigures(
            "earlier publications show these counts exactly, and what was published stays known\n"
            'Withdraw them (move their files out of the published folder), or keep rule = "hide"'
        )
    rounding = Rounding(
        system=system, windows=find_windows(system), hidden=hidden_rows(system), price=_prices(system, price)
    )
    for block in blocks_of(system):
        rounding.serve(block)
    return rounding


@dataclass(kw_only=True)
class Rounding:
    """The witnesses found so far.

    hidden  rows that show no number, shape (rows,)
    price   what opening the window of a variable costs, shape (variables,); infinite where everybody knows it anyway
    served  target -> its witness
    """

    system: System
    windows: Windows
    hidden: NDArray[np.bool_]
    price: NDArray[np.float64]
    served: dict[Target, Move] = field(default_factory=dict)
    directions: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))
    scopes: dict[str, Scope] = field(default_factory=dict)

    def wanted(self, variable: int) -> list[int]:
        """The values that must stay possible: of a small count all from 1 to 4, of others any other one.

        What is left of a group is shown nowhere: of that nobody may be sure that it is a few.
        """
        true = int(self.system.true[variable])
        if self.windows.low[variable] == self.windows.high[variable] or variable in self.system.told:
            return []
        rest = self.system.complements.get(variable)
        if rest and all(self.windows.low[part] == self.windows.high[part] for part in rest):
            return []
        if true >= SMALL:
            return [OTHER]
        return [value for value in range(1, SMALL) if value != true] + ([NOT_SMALL] if rest and true else [])

    def serve(self, block: Sequence[int]) -> None:
        """Find a witness for every target of a block, the smallest areas first.

        raises  UnsafeFigures for the first target without one
        """
        lines = {at: line_of(self.system, at) for at in block}
        self.scopes = {"": make_scope(self.system, block)}
        for variable in sorted(block, key=lambda at: (-len(lines[at]), at)):
            near = lines[variable][-2] if len(lines[variable]) > 2 else ""
            if near not in self.scopes:
                inside = [at for at in block if len(lines[at]) > 1 and near in lines[at]]
                self.scopes[near] = make_scope(self.system, inside)
            for value in self.wanted(variable):
                self._serve_one(variable, value, near)

    def _serve_one(self, variable: int, value: int, near: str) -> None:
        move = self._offer(variable, value) or self._solve(variable, value, near) or self._open(variable, value)
        if move is None:
            raise refusal(self.system, variable, "some values are excluded")
        self.served[variable, value, ANYBODY] = move
        direction = primitive(move)
        if direction not in self.directions[variable]:
            for touched in direction:
                self.directions[touched].append(direction)

    def _offer(self, variable: int, value: int) -> Move | None:
        """A move found for another that does for this one too."""
        moves = (
            rescale(direction, variable, step)
            for direction in reversed(self.directions[variable][-RECENT:])
            for step in self._steps(variable, value)
        )
        return next((move for move in moves if move and self._fits(move)), None)

    def _fits(self, move: Move) -> bool:
        return self.windows.hold(self.system.true, move) and keeps(self.system, move)

    def _solve(self, variable: int, value: int, near: str) -> Move | None:
        """The smallest move near by, else anywhere in the block."""
        scopes = [self.scopes[name] for name in dict.fromkeys((near, ""))]
        tries = ((scope, step) for scope in scopes for step in self._steps(variable, value))
        moves = (self._solve_in(scope, variable, step, opening=False) for scope, step in tries)
        return next((move for move in moves if move and self._fits(move)), None)

    def _open(self, variable: int, value: int) -> Move | None:
        """The move that needs the fewest figures hidden besides; hides them."""
        moves = (self._solve_in(self.scopes[""], variable, step, opening=True) for step in self._steps(variable, value))
        move = next((move for move in moves if move and keeps(self.system, move)), None)
        for at, step in (move or {}).items():
            if not self.windows.low[at] <= self.system.true[at] + step <= self.windows.high[at]:
                self.windows.low[at], self.windows.high[at] = 0, ENDLESS
                rows = self.system.rows
                self.hidden |= (rows.role == "open") & ((rows.numerator == at) | (rows.denominator == at))
        return move

    def _steps(self, variable: int, value: int) -> tuple[int, ...]:
        true = int(self.system.true[variable])
        if value == NOT_SMALL:
            return (-true, SMALL - true)
        return (1, -1, 2, -2, 4, -4) if value == OTHER else (value - true,)

    def _solve_in(self, scope: Scope, variable: int, step: int, *, opening: bool) -> Move | None:
        """The cheapest move in a scope; with `opening` also one that leaves windows, at the price of hiding."""
        at = int(np.searchsorted(scope.variables, variable))
        true = self.system.true[scope.variables]
        low, high = self.windows.low[scope.variables] - true, self.windows.high[scope.variables] - true
        if not low[at] <= step <= high[at]:
            return None
        up, down = np.maximum(high, 0).astype(float), np.maximum(-low, 0).astype(float)
        up[at], down[at] = max(step, 0), max(-step, 0)
        least = np.zeros(2 * len(up))
        least[at], least[len(up) + at] = up[at], down[at]
        price = self.price[scope.variables] if opening else np.full(len(up), np.inf)
        open_ = np.isfinite(price)
        open_[at] = False
        columns = np.flatnonzero(open_)
        outside = np.concatenate([np.full(len(columns), np.inf), np.maximum(true[columns] - down[columns], 0)])
        matrix = hstack([scope.matrix, -scope.matrix, scope.matrix[:, columns], -scope.matrix[:, columns]]).tocsr()
        found = milp(
            np.concatenate([np.ones(2 * len(up)), price[columns], price[columns]]),
            integrality=np.ones(matrix.shape[1], dtype=np.int64),
            bounds=Bounds(np.concatenate([least, np.zeros(2 * len(columns))]), np.concatenate([up, down, outside])),
            constraints=LinearConstraint(matrix, scope.lower, scope.upper),
            options={"mip_rel_gap": 0.1, "node_limit": 2000},
        )
        if found.x is None:
            return None
        parts = np.rint(found.x).astype(int)
        steps = parts[: len(up)] - parts[len(up) : 2 * len(up)]
        steps[columns] += parts[2 * len(up) : 2 * len(up) + len(columns)] - parts[2 * len(up) + len(columns) :]
        return {int(scope.variables[one]): int(steps[one]) for one in np.flatnonzero(steps)}
