"""What an outsider is sure of when too much hangs together for whole numbers: ranges in fractions, over all combinations.

Every whole-number table is one of fractions too, so what these ranges exclude is excluded; the other way round does not
hold. One solution tells a possible count of every hidden row, so that few rows need a programme of their own. Work is
counted, never timed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from pipelines.audit.open_form import Ints, Open
from pipelines.audit.programmes import INFINITE, NEAR, NoTableError, make_solver
from pipelines.audit.ranges import findings

Floats = NDArray[np.float64]
WORK = 3_000_000_000  # units: steps of a programme times its columns, some 20 million a second
PRIMAL = 4
OPTIMAL = highspy.HighsModelStatus.kOptimal
UNBOUNDED = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(kw_only=True)
class Fractions:
    """The ranges of hidden rows that were seen so far, and the work it took.

    low, high  shape (hidden,); the counts of a row that were seen lie between them, both included
    left       rows of which more could be found: that took too long; same shape
    """

    form: Open
    threshold: int
    programmes: int = 0
    work: int = 0
    low: Floats = field(init=False)
    high: Floats = field(init=False)
    left: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.low = np.full(len(self.form.rows), np.inf)
        self.high = np.full(len(self.form.rows), -np.inf)
        self.left = np.zeros(len(self.form.rows), dtype=np.bool_)

    def suspects(self, places: Ints) -> list[tuple[str, int]]:
        """Of these hidden rows those of which too much is known, if what was seen is all there is."""
        low, high = np.ceil(self.low - NEAR), np.floor(self.high + NEAR)
        return findings(low, np.maximum(high, low), places, self.threshold)

    def see(self, places: Ints, counts: Floats) -> None:
        """Take in one table: what these rows count in it."""
        self.low[places] = np.minimum(self.low[places], counts)
        self.high[places] = np.maximum(self.high[places], counts)


def attack_in_fractions(form: Open, threshold: int) -> tuple[Fractions, list[tuple[str, int]]]:
    """What was seen, and the findings (words and hidden place).

    raises  NoTableError when no table fits what is shown
    """
    seen = Fractions(form=form, threshold=threshold)
    for columns, places in _together(form):
        _attack(seen, columns, places)
    return seen, seen.suspects(np.flatnonzero(~seen.left))


def _together(form: Open) -> Iterator[tuple[Ints, Ints]]:
    """Combinations that hang together by what is shown or asked, with the hidden rows in them."""
    lines = coo_array(vstack([form.known, form.parts]))
    size = form.size + lines.shape[0]
    graph = csr_array((np.ones(lines.nnz), (lines.col, form.size + lines.row)), shape=(size, size))
    _, which = connected_components(graph, directed=False)
    row_of = which[form.size + form.known.shape[0] :]
    for part in np.unique(row_of):
        yield np.flatnonzero(which[: form.size] == part), np.flatnonzero(row_of == part)


def _attack(seen: Fractions, columns: Ints, places: Ints) -> None:
    """Push every row of this part up and down until it is not suspect any more."""
    if not len(columns):
        seen.see(places, seen.form.sure[places].astype(float))
        return
    part = _Part(seen, columns, places)
    if part.solve() != OPTIMAL:
        seen.left[places] = True
        return
    for place in places.tolist():
        for sign in (-1, 1):
            if seen.suspects(np.array([place])):
                seen.left[place] |= seen.work > WORK or not part.push(place, sign)


class _Part:
    """One programme, kept hot: only what it pushes changes."""

    def __init__(self, seen: Fractions, columns: Ints, places: Ints) -> None:
        form = seen.form
        known, self.parts = csr_array(form.known[:, columns]), csr_array(form.parts[places][:, columns])
        rows = np.flatnonzero(np.diff(known.indptr))
        self.seen, self.columns, self.places = seen, np.arange(len(columns), dtype=np.int32), places
        matrix, least, most = known[rows], form.rest[rows].astype(float), form.rest[rows].astype(float)
        if form.floor:
            matrix = csr_array(vstack([matrix, self.parts]))
            least = np.concatenate([least, form.floor - form.sure[places]])
            most = np.concatenate([most, np.full(len(places), INFINITE)])
        none = np.zeros(len(columns))
        self.solver = make_solver(csc_array(matrix), (least, most), np.full(len(columns), INFINITE), none)
        self.solver.setOptionValue("presolve", "off")

    def push(self, place: int, sign: int) -> bool:
        """Look for the table with the highest (sign -1) or the lowest (1) count of this row; whether that was solved."""
        at = int(np.searchsorted(self.places, place))
        price = np.zeros(len(self.columns))
        within = slice(self.parts.indptr[at], self.parts.indptr[at + 1])
        price[self.parts.indices[within]] = sign * self.parts.data[within]
        self.solver.setOptionValue("simplex_strategy", PRIMAL)
        self.solver.changeColsCost(len(price), self.columns, price)
        status = self.solve()
        if status in UNBOUNDED:
            self.seen.high[place] = np.inf
        return status == OPTIMAL or status in UNBOUNDED

    def solve(self) -> highspy.HighsModelStatus:
        """Solve, and take in what the table found says about all rows.

        raises  NoTableError when there is none
        """
        self.solver.run()
        status = self.solver.getModelStatus()
        self.seen.programmes += 1
        self.seen.work += (10 + max(self.solver.getInfo().simplex_iteration_count, 0)) * (2_000 + len(self.columns))
        if status == highspy.HighsModelStatus.kInfeasible:
            raise NoTableError
        if status == OPTIMAL:
            counts = self.parts @ np.asarray(self.solver.getSolution().col_value)
            self.seen.see(self.places, counts + self.seen.form.sure[self.places])
        return status
