"""Programmes that look for a table in which one hidden row has a wanted count: the nearest one, or any whole one."""

from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack, vstack

from pipelines.audit.open_form import Ints, Open

Floats = NDArray[np.float64]
NEAR = 1e-6
INFINITE = float(highspy.kHighsInf)


class NoTableError(Exception):
    """No counts at all fit what is shown."""


class Answer(NamedTuple):
    """Changes per column, None when no table was found; whether it is sure that there is none."""

    change: Ints | None
    none: bool


class Nearest:
    """The table nearest to the first one, in fractions: one programme kept hot for many rows."""

    def __init__(self, form: Open, first: Ints, value: Ints, columns: Ints, asked: Ints) -> None:
        known, parts, places = _within(form, columns, asked)
        self.columns, self.row = columns, {int(place): known.shape[0] + at for at, place in enumerate(places)}
        rows = csr_array(vstack([known, parts]))
        self.least = np.zeros(rows.shape[0])
        self.least[known.shape[0] :] = form.floor - value[places] if form.floor else -INFINITE
        most = np.concatenate([np.zeros(known.shape[0]), np.full(len(places), INFINITE)])
        upper = np.concatenate([np.full(len(columns), INFINITE), first[columns]])
        self.solver = make_solver(csc_array(hstack([rows, -rows])), (self.least, most), upper, np.ones(len(upper)))
        self.solver.setOptionValue("presolve", "off")
        self.work = 0

    def find(self, place: int, low: float, high: float) -> Answer:
        """Changes that bring this hidden row from low to high more."""
        row = self.row[place]
        self.solver.changeRowBounds(row, max(low, self.least[row]), high)
        self.solver.run()
        self.work += (10 + self.solver.getInfo().simplex_iteration_count) * (2_000 + 2 * len(self.columns))
        status = self.solver.getModelStatus()
        found = np.asarray(self.solver.getSolution().col_value)
        self.solver.changeRowBounds(row, self.least[row], INFINITE)
        if status != highspy.HighsModelStatus.kOptimal:
            return Answer(None, status == highspy.HighsModelStatus.kInfeasible)
        change = found[: len(self.columns)] - found[len(self.columns) :]
        whole = np.rint(change)
        return Answer(whole.astype(np.int64) if np.abs(change - whole).max(initial=0) < NEAR else None, none=False)


def find_whole(
    form: Open,
    columns: Ints,
    sums: Ints,
    target: tuple[int, float, float] | None,
    sure: Ints,
    *,
    lower: Ints,
    nodes: int,
) -> tuple[Answer, int]:
    """Counts of these columns, or their changes, whole; and the work.

    sums    what the columns add up to in each shown row
    target  a hidden row, and from what to what its count may be
    sure    what other columns add to each hidden row
    lower   what each column is at least: 0, or for changes minus its count
    nodes   when to give up
    """
    asked = np.array([target[0]] if target else [], dtype=np.int64)
    known, parts, places = _within(form, columns, asked)
    rows = np.flatnonzero(np.diff(csr_array(form.known[:, columns]).indptr))
    least = np.concatenate([sums[rows], form.floor - sure[places]]).astype(float)
    most = np.concatenate([sums[rows], np.full(len(places), INFINITE)]).astype(float)
    if target:
        at = len(rows) + int(np.flatnonzero(places == target[0])[0])
        least[at], most[at] = max(target[1], form.floor) - sure[target[0]], target[2] - sure[target[0]]
    if (least > most).any():
        return Answer(None, none=True), 0
    matrix = csc_array(vstack([known, parts]))
    solver = make_solver(matrix, (least, most), np.full(len(columns), INFINITE), np.zeros(len(columns)), whole=lower)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.run()
    info = solver.getInfo()
    work = (10 + max(info.simplex_iteration_count, 0)) * (2_000 + len(columns))
    if info.primal_solution_status == 2:
        return Answer(np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64), none=False), work
    return Answer(None, solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible), work


def _within(form: Open, columns: Ints, asked: Ints) -> tuple[csr_array, csr_array, Ints]:
    """Shown rows and hidden rows in these columns: those asked about, or when they are known to be 1 or more all."""
    known, parts = csr_array(form.known[:, columns]), csr_array(form.parts[:, columns])
    places = np.flatnonzero(np.diff(parts.indptr)) if form.floor else asked
    return csr_array(known[np.flatnonzero(np.diff(known.indptr))]), csr_array(parts[places]), places


def make_solver(
    matrix: csc_array, rows: tuple[Floats, Floats], upper: Floats, price: Floats, *, whole: Ints | None = None
) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
        solver.setOptionValue(name, setting)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = price, np.zeros(len(price)), upper.astype(float)
    model.row_lower_, model.row_upper_ = rows
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data.astype(float)
    if whole is not None:
        model.col_lower_ = whole.astype(float)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(price)
    solver.passModel(model)
    return solver
