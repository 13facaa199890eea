"""One linear programme kept hot: only bounds and prices change between its solutions.

HiGHS is started with presolve off, so that each solution starts where the last one ended; the same questions in the
same order give the same answers.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array

Floats = NDArray[np.float64]
INFINITE = float(highspy.kHighsInf)
TINY = 1e-6
JITTER = 0.05  # of prices: equals would leave more fractions
LOOKS = 8  # of the solver at whether to go on, in one whole-number search


@dataclass
class Effort:
    """Pivots so far, weighted by size; about 50 million a second."""

    done: int = 0


class Programme:
    """Minimise price @ x with matrix @ x = 0 and 0 <= x <= upper."""

    def __init__(self, matrix: csc_array, upper: Floats, price: Floats, *, strategy: int = 1) -> None:
        self.size = matrix.shape[1]
        self.work = 0
        self.solver = quiet()
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("simplex_strategy", strategy)
        self.solver.passModel(make_model(matrix, upper, price))

    def limit(self, columns: ArrayLike, upper: ArrayLike, lower: ArrayLike = 0.0) -> None:
        """Change bounds."""
        at = np.atleast_1d(np.asarray(columns, dtype=np.int32))
        low, high = (np.ascontiguousarray(np.broadcast_to(np.asarray(one, float), at.shape)) for one in (lower, upper))
        if len(at):
            self.solver.changeColsBounds(len(at), at, low, high)

    def charge(self, columns: ArrayLike, price: ArrayLike) -> None:
        """Change prices."""
        at = np.atleast_1d(np.asarray(columns, dtype=np.int32))
        if len(at):
            self.solver.changeColsCost(
                len(at), at, np.ascontiguousarray(np.broadcast_to(price, at.shape).astype(float))
            )

    def solve(self) -> tuple[Floats, Floats] | None:
        """The solution and the price of each equation; None when nothing fits. Adds to `work`: pivots, weighted by size."""
        self.solver.run()
        self.work += (10 + self.solver.getInfo().simplex_iteration_count) * (2_000 + self.size)
        state = self.solver.getModelStatus()
        if state == highspy.HighsModelStatus.kInfeasible:
            return None
        if state != highspy.HighsModelStatus.kOptimal:
            self.solver.clearSolver()
            self.solver.run()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
        found = self.solver.getSolution()
        return np.asarray(found.col_value), np.asarray(found.row_dual)


def solve_fractions(matrix: csc_array, rows: tuple[Floats, Floats], upper: Floats, price: Floats) -> Floats | None:
    """The cheapest solution with low <= matrix @ x <= high and 0 <= x <= upper; None when none was found."""
    solver = quiet()
    solver.setOptionValue("presolve", "off")
    model = make_model(matrix, upper, price)
    model.row_lower_, model.row_upper_ = rows
    solver.passModel(model)
    solver.run()
    return np.asarray(solver.getSolution().col_value) if solver.getInfo().primal_solution_status == 2 else None


def solve_whole(
    matrix: csc_array,
    rows: tuple[Floats, Floats],
    upper: Floats,
    price: Floats,
    nodes: int,
    gap: float,
    *,
    whole: bool = True,
    effort: Effort | None = None,
) -> Floats | None:
    """A whole-number (or with `whole` off any) solution with low <= matrix @ x <= high and 0 <= x <= upper; it may cost a share `gap` more than needed."""
    solver = quiet()
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.setOptionValue("mip_rel_gap", gap)
    model = make_model(matrix, upper, price)
    model.row_lower_, model.row_upper_ = rows
    if whole:
        _stop_after(solver, LOOKS)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(price)
    solver.passModel(model)
    solver.run()
    if effort:
        effort.done += (10 + solver.getInfo().simplex_iteration_count) * (2_000 + len(price))
    if solver.getInfo().primal_solution_status != 2:
        return None
    return np.asarray(solver.getSolution().col_value)


def _stop_after(solver: highspy.Highs, looks: int) -> None:
    """Give up a whole-number search by counting: the clock would make it differ from run to run."""
    left = iter(range(looks))

    def look(event: highspy.highs.HighsCallbackEvent) -> None:
        if next(left, None) is None:
            event.interrupt()

    solver.cbMipInterrupt.subscribe(look)


def quiet() -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
        solver.setOptionValue(name, value)
    return solver


def make_model(matrix: csc_array, upper: Floats, price: Floats) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = price, np.zeros(matrix.shape[1]), upper
    model.row_lower_ = model.row_upper_ = np.zeros(matrix.shape[0])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model
