"""The outsider: everything published, no true counts; what can be worked out about what is hidden?

For each hidden count the largest and smallest value that the relations allow (linear programmes). One programme
lifts many counts at once: it maximises the sum of min(count, threshold). Only counts that it cannot lift get
programmes of their own, so a safe publication costs a few programmes a block.
The outsider assumes that nobody falls outside the parts (slack) where every visible relation of that sort says so.
Findings hold no numbers: what an attack recovers is as confidential as the cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from pipelines.audit.base_form import KEY, Form, build_form, limits_of, period_mask, person_rows
from pipelines.audit.stacked import Delivered, Past, all_measures, look_back
from pipelines.audit.zeros import least_of, mark_least

TINY = 1e-6
ROUNDS = 40
FINDING = ["finding", "indicator", "set", "area", "level", "period", "age", "sex", "kind"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """Unknown counts that hang together: lower <= matrix @ x <= upper, x >= least.

    unknown  places in the form's counts, shape (n,)
    least    what everybody knows each to be at least, shape (n,)
    """

    unknown: NDArray[np.int64]
    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    least: NDArray[np.int64]


def attack(
    figures: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    threshold: int = 5,
    past: Sequence[Past] = (),
    delivered: Delivered | None = None,
    *,
    zeros_known: bool = False,
) -> pd.DataFrame:
    """What an outsider can work out: one row per finding, empty when the publication is safe.

    figures    the published rows, numerator and denominator empty unless shown
    past       other publications of the region that he kept (their exact counts are not looked at)
    delivered  the deliveries behind each indicator; None: the same as those of `past`
    zeros_known  whether he knows that no zero is hidden
    returns    finding ('small count shown', 'rest is known', 'exactly known', 'surely small', 'small values excluded',
               'small revision shown', 'overlapping periods', 'contradiction'), indicator, set, area, level, period, age, sex, kind
    """
    ours = mark_least(person_rows(figures, measures), zeros_known=zeros_known)
    seen = look_back(ours, past, threshold, delivered)
    rows = seen.rows[seen.rows["status"].isin(["shown", "hidden", "beside", "impossible"])]
    form = build_form(rows.drop(columns="least").drop_duplicates(), all_measures(measures, past), areas)
    least = least_of(form.counts, rows)
    limits = limits_of(form.counts, all_measures(measures, past), threshold)
    found = [*_known_findings(form, limits), *_overlapping(form)]
    for block in blocks_of_form(form, least, trusting=True):
        ranges = find_ranges(block, limits[block.unknown])
        if ranges is None:
            found += _doubting(form, block, limits, least)
        else:
            found += _range_findings(form, block, *ranges, limits)
    level = dict(zip(areas["code"], areas["level"], strict=True))
    table = form.counts.loc[[at for _, at in found], ["indicator", *KEY]].assign(finding=[what for what, _ in found])
    revised = seen.differs[["indicator", *KEY]].drop_duplicates().assign(finding="small revision shown")
    table = pd.concat([table, revised], ignore_index=True) if len(revised) else table
    return table.assign(level=table["area"].map(level))[FINDING].sort_values(FINDING, ignore_index=True)


def _known_findings(form: Form, threshold: NDArray[np.int64]) -> Iterator[tuple[str, int]]:
    known = form.counts["known"].to_numpy(dtype=float)
    is_rest = form.counts["rest_of"].to_numpy(dtype=int) >= 0
    small = (known >= 1) & (known < threshold)
    whole = known[form.counts["rest_of"].to_numpy(dtype=int)]
    everybody = form.counts["share"].to_numpy(dtype=bool) & is_rest & (known == 0) & (whole > 0)
    for at in np.flatnonzero(small | everybody):
        yield ("rest is known" if is_rest[at] else "small count shown"), int(at)


def _overlapping(form: Form) -> Iterator[tuple[str, int]]:
    """Periods of one set that overlap while neither holds the other: rolling sums, of which an outsider subtracts."""
    for _, rows in form.counts[form.counts["rest_of"] < 0].groupby("set"):
        masks = {period: period_mask(period) for period in sorted(rows["period"].unique())}
        for first, second in combinations(masks, 2):
            both = masks[first] & masks[second]
            if both and both not in (masks[first], masks[second]):
                yield "overlapping periods", int(rows.index[rows["period"] == second][0])


def _doubting(
    form: Form, block: Block, limits: NDArray[np.int64], least: NDArray[np.int64]
) -> Iterator[tuple[str, int]]:
    """The assumption on slack was wrong here: attack this block once more without it."""
    inside = set(block.unknown.tolist())
    for part in blocks_of_form(form, least, trusting=False, inside=inside):
        ranges = find_ranges(part, limits[part.unknown])
        if ranges is None:
            yield from (("contradiction", int(at)) for at in part.unknown[:1])
        else:
            yield from _range_findings(form, part, *ranges, limits)


def blocks_of_form(
    form: Form, least: NDArray[np.int64], *, trusting: bool, inside: set[int] | None = None
) -> Iterator[Block]:
    """The unknown counts in parts that hang together; `trusting`: nobody is outside the parts where that can be seen."""
    known = form.counts["known"].to_numpy(dtype=float)
    unknown = np.isnan(known)
    seen = _seen_slack(form, known) if trusting else form.slack
    usable = ~seen | form.equal
    equal = form.equal & ~seen
    hidden = np.flatnonzero(unknown)
    matrix = csr_array(form.matrix[:, hidden]).astype(float)
    fixed = form.matrix[:, ~unknown] @ known[~unknown]
    touching = usable & (np.diff(matrix.indptr) > 0)
    matrix, fixed, equal = csr_array(matrix[touching]), fixed[touching], equal[touching]
    size, labels = connected_components(_links(matrix), directed=False)
    relations = labels[len(hidden) :]
    for label in range(size):
        columns, own = np.flatnonzero(labels[: len(hidden)] == label), np.flatnonzero(relations == label)
        if inside is None or hidden[columns[0]] in inside:
            yield Block(
                unknown=hidden[columns],
                matrix=csr_array(matrix[own][:, columns]),
                lower=-fixed[own],
                upper=np.where(equal[own], -fixed[own], np.inf),
                least=least[hidden[columns]],
            )


def _links(matrix: csr_array) -> coo_array:
    entries = matrix.tocoo()
    size = sum(matrix.shape)
    return coo_array((np.ones(len(entries.data)), (entries.row + matrix.shape[1], entries.col)), shape=(size, size))


def _seen_slack(form: Form, known: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Relations whose slack is unknown: none of its sort is wholly visible, or one shows slack."""
    hidden = np.isnan(known).astype(np.int64)
    visible = (abs(form.matrix) @ hidden) == 0
    gap = form.matrix @ np.nan_to_num(known)
    exact = np.where(form.equal, gap == 0, gap >= 0)
    sorts = pd.DataFrame({"group": form.group, "equal": form.equal, "exact": exact})[visible & form.slack]
    trusted = set(sorts.groupby(["group", "equal"])["exact"].all().pipe(lambda all_exact: all_exact[all_exact]).index)
    is_trusted = [pair in trusted for pair in zip(form.group, form.equal, strict=True)]
    return np.asarray(form.slack & ~np.array(is_trusted, dtype=bool))


def find_ranges(
    block: Block, threshold: int | NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Lowest and highest value of each unknown count, shape (n,); None when no count fits.

    Exact where the highest is below the threshold or both are equal; elsewhere it only proves that neither holds.
    """
    size = len(block.unknown)
    threshold = np.broadcast_to(np.asarray(threshold, dtype=np.int64), size)
    if not block.matrix.shape[0]:
        return block.least.astype(float), np.full(size, np.inf)
    seen = _Seen(np.full(size, np.inf), np.full(size, -np.inf))
    for _ in range(ROUNDS):
        waiting = seen.waiting(threshold)
        if not len(waiting):
            return seen.low, seen.high
        for solution in (lift(block, waiting, threshold), extreme(block, waiting, 1.0)):
            if solution is None:
                return None
            seen.add(solution)
        if len(seen.waiting(threshold)) == len(waiting):
            break
    for at in seen.waiting(threshold):
        for sign in (-1.0, 1.0):
            solution = extreme(block, np.array([at]), sign)
            if solution is None:
                return None
            seen.add(solution)
    return seen.low, seen.high


@dataclass(frozen=True)
class _Seen:
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def add(self, solution: NDArray[np.float64]) -> None:
        np.minimum(self.low, solution, out=self.low)
        np.maximum(self.high, solution, out=self.high)

    def waiting(self, threshold: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.flatnonzero((self.high < threshold - TINY) | (self.high - self.low < 1 - TINY))


def lift(
    block: Block, waiting: NDArray[np.int64], threshold: NDArray[np.int64], high: NDArray[np.int64] | None = None
) -> NDArray[np.float64] | None:
    """Maximise the sum of min(count, threshold) over the waiting counts; no count above `high`."""
    size, lifted = len(block.unknown), len(waiting)
    pick = coo_array((np.ones(lifted), (np.arange(lifted), waiting)), shape=(lifted, size))
    matrix = vstack(
        [hstack([block.matrix, csr_array((block.matrix.shape[0], lifted))]), hstack([pick, -eye_array(lifted)])]
    )
    lower = np.concatenate([block.lower, np.zeros(lifted)])
    upper = np.concatenate([block.upper, np.full(lifted, np.inf)])
    cost = np.concatenate([np.zeros(size), -np.ones(lifted)])
    bounds = _bounds(block, None, high)
    bounds += [(0.0, float(one)) for one in threshold[waiting]]
    solution = _solve(cost, csr_array(matrix), lower, upper, bounds)
    return None if solution is None else solution[:size]


def extreme(
    block: Block, at: NDArray[np.int64], sign: float, high: NDArray[np.int64] | None = None
) -> NDArray[np.float64] | None:
    """The table with the least (sign 1) or most (sign -1) in these counts together; no count above `high`."""
    cost = np.zeros(len(block.unknown))
    cost[at] = sign
    top = None if sign > 0 else 1e6
    return _solve(cost, block.matrix, block.lower, block.upper, _bounds(block, top, high))


def _bounds(block: Block, top: float | None, high: NDArray[np.int64] | None) -> list[tuple[float, float | None]]:
    if high is None:
        return [(float(one), top) for one in block.least]
    return [(float(one), float(most)) for one, most in zip(block.least, high, strict=True)]


def _solve(
    cost: NDArray[np.float64],
    matrix: csr_array,
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    bounds: list[tuple[float, float | None]],
) -> NDArray[np.float64] | None:
    equal = lower == upper
    found = linprog(
        cost,
        A_eq=matrix[equal] if equal.any() else None,
        b_eq=lower[equal] if equal.any() else None,
        A_ub=-matrix[~equal] if (~equal).any() else None,
        b_ub=-lower[~equal] if (~equal).any() else None,
        bounds=bounds,
        method="highs",
    )
    return np.asarray(found.x) if found.status == 0 else None


def _range_findings(
    form: Form, block: Block, low: NDArray[np.float64], high: NDArray[np.float64], limits: NDArray[np.int64]
) -> Iterator[tuple[str, int]]:
    status = form.counts["status"].to_numpy(dtype=object)
    share = form.counts["share"].to_numpy(dtype=bool)
    for at, least, most in zip(block.unknown, np.ceil(low - TINY), np.floor(high + TINY), strict=True):
        threshold = int(limits[at])
        what = _finding(least, most, threshold)
        rest_is_nothing = status[at] == "rest" and most == 0 and not share[at]
        no_matter = rest_is_nothing or (status[at] != "hidden" and least == most and least >= threshold)
        empty = status[at] == "impossible" and least == 0
        if what and not no_matter and not empty:
            yield what, int(at)


def _finding(least: float, most: float, threshold: int) -> str | None:
    if least == most:
        return "exactly known"
    if most >= threshold:
        return None
    if least >= 1:
        return "surely small"
    return "small values excluded" if most < threshold - 1 else None
