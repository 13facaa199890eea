"""Finding witnesses: a move of whole numbers that the publication cannot tell from no move at all.

A move is {variable: change}. It keeps every relation and leaves every count at 0 or more; where it may move is
decided by its caller. Solvers propose, exact integer arithmetic decides.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from pipelines.protect.system import System

Move = dict[int, int]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A part of the system for the solver: its variables may move, all others stay.

    variables  shape (n,), sorted
    matrix     relations x variables
    lower, upper  how far each relation's sum may go, shape (relations,)
    spare         how far each count may fall, shape (n,)
    """

    variables: NDArray[np.int64]
    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    spare: NDArray[np.int64]


def make_scope(system: System, variables: Sequence[int]) -> Scope:
    """The scope of these variables with every relation that touches them."""
    ordered = sorted(variables)
    relations: dict[int, int] = {}
    rows, columns, signs = [], [], []
    for column, variable in enumerate(ordered):
        for relation, sign in system.touching[variable]:
            rows.append(relations.setdefault(relation, len(relations)))
            columns.append(column)
            signs.append(float(sign))
    matrix = csr_array((signs, (rows, columns)), shape=(len(relations), len(ordered)))
    lower = np.array([0.0 if system.relations[r].fixed else -float(system.room[r]) for r in relations])
    upper = np.array([0.0 if system.relations[r].fixed else np.inf for r in relations])
    index = np.array(ordered, dtype=np.int64)
    return Scope(variables=index, matrix=matrix, lower=lower, upper=upper, spare=(system.true - system.least)[index])


def keeps(system: System, move: Move) -> bool:
    """True when no count falls below what everybody knows and every relation holds after the move."""
    change: dict[int, int] = defaultdict(int)
    for variable, step in move.items():
        if system.true[variable] + step < system.least[variable]:
            return False
        for relation, sign in system.touching[variable]:
            change[relation] += sign * step
    return all(
        total == 0 if system.relations[at].fixed else total + system.room[at] >= 0 for at, total in change.items()
    )


def exchange(system: System, twins: Sequence[int], variable: int, step: int) -> Move | None:
    """A move against variables in exactly the same relations; nothing else can notice it.

    twins  hidden variables with the same relations, largest first, this one excluded
    """
    move, left = {variable: step}, step
    for twin in twins:
        part = min(left, int(system.true[twin] - system.least[twin])) if step > 0 else left
        if part:
            move[twin], left = -part, left - part
        if not left:
            return move
    return None


def primitive(move: Move) -> Move:
    """The smallest whole move in the same direction."""
    size = gcd(*move.values())
    return {variable: step // size for variable, step in sorted(move.items())}


def rescale(direction: Move, variable: int, step: int) -> Move | None:
    """The whole multiple of a direction that moves the variable by this step, when there is one."""
    factor, rest = divmod(step, direction[variable])
    return None if rest else {at: factor * size for at, size in direction.items()}


def solve(system: System, scope: Scope, price: NDArray[np.float64], variable: int, step: int) -> Move | None:
    """The cheapest move within the scope that moves one variable by this step.

    price    per unit of each variable in the system; infinite where it may not move
    returns  None when there is no such move (or none that exact arithmetic accepts)
    """
    cost = price[scope.variables]
    movable = np.isfinite(cost)
    up, down = np.where(movable, np.inf, 0.0), np.where(movable, scope.spare, 0).astype(float)
    least = np.zeros(2 * len(cost))
    at = int(np.searchsorted(scope.variables, variable))
    if step < -scope.spare[at] or not movable[at]:
        return None
    up[at], down[at] = max(step, 0), max(-step, 0)
    least[at], least[len(cost) + at] = up[at], down[at]
    found = milp(
        np.tile(np.where(movable, cost, 0.0), 2),
        integrality=np.ones(2 * len(cost), dtype=np.int64),
        bounds=Bounds(least, np.concatenate([up, down])),
        constraints=LinearConstraint(hstack([scope.matrix, -scope.matrix]).tocsr(), scope.lower, scope.upper),
        options={"mip_rel_gap": 0.02, "node_limit": 2000},
    )
    return None if found.x is None else _whole_move(system, scope, found.x)


def _whole_move(system: System, scope: Scope, solution: NDArray[np.float64]) -> Move | None:
    half = len(scope.variables)
    steps = np.rint(solution[:half] - solution[half:]).astype(int)
    move = {int(scope.variables[at]): int(steps[at]) for at in np.flatnonzero(steps)}
    return move if keeps(system, move) else None
