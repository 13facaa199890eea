"""Rule round10, checked and attacked with code of its own: little is hidden, so every shown count must stay vague.

A count in tens tells a window: 10 is 5 to 14. `check_rounded` knows the true cells; `attack_rounded` is the outsider.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipelines.audit.attack import FINDING, Block, blocks_of_form, extreme, lift
from pipelines.audit.base_form import KEY, Form, build_form, person_measures, person_rows
from pipelines.audit.proof import ProofTables, find_truth, join_cells, keep_relations, order_moves, refuse
from pipelines.audit.stacked import Delivered, Past, Truth, all_measures, look_back, stack_truths, truth_of_past
from pipelines.audit.zeros import mark_least
from pipelines.errors import UnsafeFigures

TEN, HALF, FEW = 10, 5, 20
ENDLESS = 10**9
TINY = 1e-6
ROUNDS = 6
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def check_rounded(
    figures: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    cells: pd.DataFrame,
    proof: ProofTables,
    *,
    past: Sequence[Past] = (),
) -> None:
    """Stop unless every figure is its cell in tens and, in tables that look the same, may be something else.

    figures, cells  the same rows; past: what was published before, by the same rule
    raises          UnsafeFigures with what is wrong where
    """
    joined = join_cells(figures, cells)
    level = dict(zip(cells["area"], cells["level"], strict=True))
    _check_figures(joined, measures, level)
    now = find_truth(_blind(joined), measures, areas, level, HALF, zeros_known=False)
    for where, problem in (
        (_everybody(now), "nearly everybody is in a count"),
        (list(now.spans), "one contributor makes up nearly all"),
    ):
        if where:
            refuse(now.form.counts, np.array(where), level, f"{problem}, and rounding does not protect that")
    truth = stack_truths(now, [_past_truth(one) for one in past])
    moves = order_moves(truth, proof)
    keep_relations(truth, moves)
    told = [_told(joined.assign(numerator=joined["numerator_true"], denominator=joined["denominator_true"]), measures)]
    told += [_told_before(one) for one in past]
    _check_windows(truth, moves, pd.concat(told, ignore_index=True))
    _check_vague(truth, moves)


def _check_figures(joined: pd.DataFrame, measures: pd.DataFrame, level: dict[str, str]) -> None:
    persons = person_measures(measures)
    counted = joined["indicator"].isin(persons["id"])
    share = joined["indicator"].isin(persons.loc[persons["denominator_set"].notna(), "id"])
    shown = joined["status"] == "shown"
    leaking = ~shown & joined[["numerator", "denominator"]].notna().any(axis=1)
    wrong = pd.Series(False, index=joined.index)
    for name, ours in (("numerator", counted), ("denominator", share)):
        true = joined[f"{name}_true"].astype(float)
        expected = true.where(~ours, ((true + HALF) // TEN) * TEN)
        number = joined[name].astype(float)
        wrong |= shown & (number != expected) & ~(number.isna() & expected.isna())
    uncounted = joined["status"].isin(["shown", "hidden"]) & (joined["state"] != "counted")
    nothing = (share & (joined["denominator_true"] < HALF)) | (~share & counted & (joined["denominator_true"] < FEW))
    telling = shown & nothing
    for rows, problem in (
        (leaking, "a row that is not shown carries a number"),
        (wrong, "a shown row is not its cell in tens"),
        (uncounted, "a row that was never counted is shown or hidden"),
        (telling, "a row is shown that is too small for a rate"),
    ):
        if rows.any():
            refuse(joined, joined.index[rows].to_numpy(), level, problem)


def _blind(joined: pd.DataFrame) -> pd.DataFrame:
    """No count is known outside."""
    return joined.assign(numerator=np.nan, denominator=np.nan)


def _everybody(truth: Truth) -> list[int]:
    return [at for at, whole in truth.everybody.items() if whole >= FEW]


def _past_truth(one: Past) -> Truth:
    if one.rounding != TEN or one.truth.empty:
        raise UnsafeFigures(
            "differencing of publications: an earlier one shows exact counts, or its counts are not in the work folder\n"
            "Withdraw it (move its file out of the published folder), or build with the work folder of that publication"
        )
    return truth_of_past(replace(one, figures=_blind(one.figures)))


def _told(exact: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """KEY and true of every count whose tens are known: shown, or the whole (and so the part) too small for a share."""
    share = exact["indicator"].isin(measures.loc[measures["denominator_set"].notna(), "id"])
    small = share & (exact["status"] == "hidden") & (exact["denominator"] < HALF)
    rows = person_rows(exact[(exact["status"] == "shown") | small], measures)
    return rows.loc[rows["known"].notna(), [*KEY, "known"]].rename(columns={"known": "true"})


def _told_before(one: Past) -> pd.DataFrame:
    kept = one.truth.loc[one.truth["rounded"].astype(bool), [*KEY, "true"]]
    return kept.astype({"true": float})


def _check_windows(truth: Truth, moves: csr_array, told: pd.DataFrame) -> None:
    counts = truth.form.counts
    marked = counts[KEY].assign(true=truth.true.astype(float)).merge(
        told.drop_duplicates().assign(seen=True), on=[*KEY, "true"], how="left"
    )  # fmt: skip
    seen = marked["seen"].eq(True).to_numpy(dtype=bool) & (counts["rest_of"] < 0).to_numpy()
    entries = moves.tocoo()
    before, after = truth.true[entries.row], truth.true[entries.row] + entries.data
    outside = seen[entries.row] & ((before + HALF) // TEN != (after + HALF) // TEN)
    if outside.any():
        refuse(counts, entries.row[outside], truth.level, "a witness would be seen in a rounded count")


def _check_vague(truth: Truth, moves: csr_array) -> None:
    """A small count may be anything from 1 to 4, what is left of a group something else too, every other count also."""
    counts = truth.form.counts
    entries = moves.tocoo()
    reached: list[set[int]] = [{int(value)} for value in truth.true]
    for at, change in zip(entries.row.tolist(), entries.data.tolist(), strict=True):
        reached[at].add(int(truth.true[at]) + change)
    rest, other = (counts[name].to_numpy(dtype=int) for name in ("rest_of", "rest_without"))
    sure = np.where(rest >= 0, truth.fixed[rest] & truth.fixed[other], truth.fixed)
    for at in np.flatnonzero(~sure).tolist():
        small = truth.true[at] < HALF
        if rest[at] >= 0 and truth.true[at] > 0 and reached[at] <= set(range(1, HALF)):
            refuse(counts, np.array([at]), truth.level, "what is left of a group is surely small")
        if (small and not set(range(1, HALF)) <= reached[at]) or len(reached[at]) < 2:
            refuse(counts, np.array([at]), truth.level, "rounding leaves too little open")


def attack_rounded(
    figures: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    past: Sequence[Past] = (),
    delivered: Delivered | None = None,
) -> pd.DataFrame:
    """What an outsider can work out from figures in tens: one row per finding, see attack().

    returns  finding: 'exactly known'; 'small values excluded' for a count shown as 0; 'surely small' for a rest
    """
    seen = look_back(mark_least(person_rows(figures, measures), zeros_known=False), past, HALF, delivered).rows
    rows = (
        seen[seen["status"].isin(["shown", "hidden", "beside", "impossible"])].drop(columns="least").drop_duplicates()
    )
    zero = (rows["status"] == "impossible") & (rows["known"] == 0)
    form = build_form(rows.assign(known=rows["known"].where(zero)), all_measures(measures, past), areas)
    low, high = _windows(form, rows)
    found: list[tuple[str, int]] = []
    firm = replace(form, slack=np.zeros(len(form.slack), dtype=bool))
    for block in blocks_of_form(firm, low, trusting=False):
        ranges = _ranges(block, high[block.unknown])
        if ranges is not None:
            found += _findings(form, block, *ranges, high)
            continue
        for part in blocks_of_form(form, low, trusting=False, inside=set(block.unknown.tolist())):
            loose = _ranges(part, high[part.unknown])
            found += [("contradiction", int(part.unknown[0]))] if loose is None else _findings(form, part, *loose, high)
    level = dict(zip(areas["code"], areas["level"], strict=True))
    table = form.counts.loc[[at for _, at in found], ["indicator", *KEY]].assign(finding=[what for what, _ in found])
    return table.assign(level=table["area"].map(level))[FINDING].sort_values(FINDING, ignore_index=True)


def _windows(form: Form, rows: pd.DataFrame) -> tuple[Ints, Ints]:
    """What each count may be by its own figure."""
    tens = rows["known"]
    told = rows.assign(low=(tens - HALF).clip(lower=0).fillna(0), high=(tens + HALF - 1).fillna(ENDLESS))
    spans = told.groupby(KEY, as_index=False).agg(low=("low", "max"), high=("high", "min"))
    merged = form.counts[KEY].merge(spans, on=KEY, how="left")
    plain = (form.counts["rest_of"] < 0).to_numpy()
    low, high = (merged[name].fillna(empty).to_numpy(dtype=np.int64) for name, empty in (("low", 0), ("high", ENDLESS)))
    return np.where(plain, low, 0), np.where(plain, high, ENDLESS)


def _ranges(block: Block, high: Ints) -> tuple[Floats, Floats] | None:
    """Lowest and highest value found for each count of a block; exact where something may be wrong."""
    size = len(block.unknown)
    if not block.matrix.shape[0]:
        return block.least.astype(float), high.astype(float)
    least, most = np.full(size, np.inf), np.full(size, -np.inf)
    top = np.minimum(high, TEN)
    for _ in range(ROUNDS):
        waiting = _waiting(least, most, high)
        if not len(waiting):
            return least, most
        for solution in (lift(block, waiting, top, high), extreme(block, waiting, 1.0, high)):
            if solution is None:
                return None
            np.minimum(least, solution, out=least)
            np.maximum(most, solution, out=most)
    for at in _waiting(least, most, high).tolist():
        for sign in (-1.0, 1.0):
            solution = extreme(block, np.array([at]), sign, high)
            if solution is None:
                return None
            np.minimum(least, solution, out=least)
            np.maximum(most, solution, out=most)
    return least, most


def _waiting(least: Floats, most: Floats, high: Ints) -> Ints:
    """Counts that are not seen yet to be vague enough."""
    small = high < HALF
    narrow = small & ((least > 1 + TINY) | (most < HALF - 1 - TINY))
    return np.flatnonzero(narrow | (most - least < 1 - TINY) | (~small & (least >= 1 - TINY) & (most < HALF - TINY)))


def _findings(form: Form, block: Block, low: Floats, most: Floats, high: Ints) -> Iterator[tuple[str, int]]:
    for at, least, top in zip(block.unknown.tolist(), np.ceil(low - TINY), np.floor(most + TINY), strict=True):
        if least == top:
            yield "exactly known", at
        elif high[at] < HALF and (least > 1 or top < HALF - 1):
            yield "small values excluded", at
        elif high[at] >= HALF and least >= 1 and top < HALF:
            yield "surely small", at
