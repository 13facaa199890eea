"""Checking a proof with exact whole-number arithmetic, from the publication and the true cells.

Nothing is believed: unsafe counts, relations and reachable values are worked out here once more. A message names
the indicator, the level and what went wrong; never a count, since a log is not a closed room.
"""

from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array

from pipelines.audit.base_form import KEY, ROW, Form, build_form, limits_of, person_measures, person_rows
from pipelines.audit.dominance import find_spans
from pipelines.audit.stacked import NO_SHARES, Past, Truth, all_measures, find_differences, stack_truths, truth_of_past
from pipelines.audit.zeros import find_hidden_zeros, find_telling, hidden_shares, least_of, mark_least
from pipelines.errors import UnsafeFigures


class ProofTables(Protocol):
    """What a proof must bring: counts and moves (see pipelines.protect.Proof)."""

    @property
    def variables(self) -> pd.DataFrame:
        """Columns set, area, period, age, sex, kind, true."""
        ...

    @property
    def witnesses(self) -> csc_array:
        """Counts x moves, whole numbers."""
        ...


def check_proof(
    figures: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    cells: pd.DataFrame,
    proof: ProofTables,
    *,
    threshold: int = 5,
    past: Sequence[Past] = (),
    insiders: bool = False,
    zeros_known: bool = False,
) -> None:
    """Stop unless every small hidden count may have any value from 1 to threshold - 1.

    figures, cells  the same rows, by indicator, area, period, age, sex, kind
    past            what was published before: what it showed stays known, and its hidden counts keep the promise
    insiders        check too that a municipality, knowing its own cells, cannot learn a small count of another
    zeros_known     whether everybody knows that no zero is hidden
    raises          UnsafeFigures with what is wrong where
    """
    joined = join_cells(figures, cells)
    level = dict(zip(cells["area"], cells["level"], strict=True))
    _check_rows(joined, level)
    now = find_truth(joined, measures, areas, level, threshold, zeros_known=zeros_known)
    before = [truth_of_past(one) for one in past]
    limits = limits_of(now.form.counts, measures, threshold)
    differing = find_differences(now, before, limits)
    if len(differing):
        refuse(now.form.counts, differing, level, "differencing of publications: a published count changed by a few")
    truth = stack_truths(now, before)
    limits = limits_of(truth.form.counts, all_measures(measures, past), threshold)
    moves = order_moves(truth, proof)
    keep_relations(truth, moves)
    _check_zeros(truth, moves, limits)
    towns = sorted({area for area in truth.form.counts["area"] if area.startswith("GM")}) if insiders else []
    for who in ["", *towns]:
        _check_reach(truth, moves, limits, who)


def refuse(counts: pd.DataFrame, where: NDArray[Any], level: dict[str, str], problem: str) -> NoReturn:
    """Stop, with what is wrong in the first of these places and in how many.

    raises  UnsafeFigures
    """
    first = counts.loc[int(where[0])]
    raise UnsafeFigures(
        f"{first['indicator']}, {level.get(str(first['area']), 'area')}, {first['period']}: {problem} "
        f"({len(where)} places). Do not publish; build again, and report it if it stays"
    )


def join_cells(figures: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Figures beside their cells, numbers of the latter with `_true`; stops when they are not the same rows."""
    exact = cells[[*ROW, "numerator", "denominator", "state", *({"largest"} & set(cells.columns))]]
    joined = figures.merge(exact, on=ROW, how="outer", suffixes=("", "_true"), indicator=True)
    if len(joined) != len(figures) or len(joined) != len(cells) or (joined["_merge"] != "both").any():
        raise UnsafeFigures("figures and cells are not the same rows; build again from the same deliveries")
    return joined.drop(columns="_merge")


def _check_rows(joined: pd.DataFrame, level: dict[str, str]) -> None:
    shown = joined["status"] == "shown"
    numbers = [name for name in ("numerator", "denominator", "denominator_year") if name in joined]
    leaking = ~shown & joined[numbers].notna().any(axis=1)
    same = pd.Series(True, index=joined.index)
    for name in ("numerator", "denominator"):
        both = joined[name].astype(float), joined[f"{name}_true"].astype(float)
        same &= (both[0] == both[1]) | (both[0].isna() & both[1].isna())
    uncounted = joined["status"].isin(["shown", "hidden"]) & (joined["state"] != "counted")
    for wrong, problem in (
        (leaking, "a row that is not shown carries a number"),
        (shown & ~same, "a shown row is not its cell"),
        (uncounted, "a row that was never counted is shown or hidden"),
    ):
        if wrong.any():
            refuse(joined, joined.index[wrong].to_numpy(), level, problem)


def find_truth(
    joined: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    level: dict[str, str],
    threshold: int,
    *,
    zeros_known: bool,
) -> Truth:
    """The audit's own view of this publication, see Truth."""
    seen = person_rows(joined, measures)
    exact = person_rows(
        joined.assign(numerator=joined["numerator_true"], denominator=joined["denominator_true"]), measures
    )
    nobody = (exact["status"] == "impossible") & ~(exact["known"] > 0)
    rows = exact.assign(known=exact["known"].where(~nobody, 0.0), fixed=seen["known"].notna() | nobody)
    rows = rows[rows["known"].notna()]
    form = build_form(rows.drop(columns="fixed"), measures, areas)
    state = form.counts[KEY].merge(rows.groupby(KEY, as_index=False)["fixed"].any(), on=KEY, how="left")
    fixed = (state["fixed"] == True).to_numpy(dtype=bool)  # noqa: E712 - rests have no row: not fixed
    return Truth(
        form=form,
        true=form.counts["known"].to_numpy(dtype=float).astype(np.int64),
        spans=find_spans(joined, measures, form.counts),
        least=least_of(form.counts, mark_least(seen, zeros_known=zeros_known)),
        shares=hidden_shares(joined, measures, form.counts) if zeros_known else NO_SHARES,
        level=level,
        fixed=fixed,
        told=np.zeros(len(fixed), dtype=bool),
        shown=fixed,
        everybody=_find_everybody(joined, measures, form, limits_of(form.counts, measures, threshold)),
    )


def _find_everybody(
    joined: pd.DataFrame, measures: pd.DataFrame, form: Form, limits: NDArray[np.int64]
) -> dict[int, int]:
    sensitive = person_measures(measures)
    public = set(sensitive.loc[sensitive["denominator_set"].isna(), "id"])
    counted = joined[joined["indicator"].isin(public) & joined["status"].isin(["shown", "hidden"])]
    counted = counted[(counted["numerator_true"] > 0) & (counted["denominator_true"] > 0)]
    keys = person_rows(counted, measures)[KEY].assign(
        count=counted["numerator_true"].to_numpy(), population=counted["denominator_true"].to_numpy()
    )
    places = form.counts[KEY].reset_index(names="at").merge(keys, on=KEY)
    nearly = places[places["count"] >= places["population"] - (limits[places["at"]] - 1)]
    return {int(at): int(whole) for at, whole in zip(nearly["at"], nearly["population"], strict=True)}


def order_moves(truth: Truth, proof: ProofTables) -> csr_array:
    """The witnesses in this form's order; the rests follow from their parts, whatever the proof says of them."""
    counts = truth.form.counts
    rest = counts["rest_of"].to_numpy(dtype=int)
    plain, rests = np.flatnonzero(rest < 0), np.flatnonzero(rest >= 0)
    spoken = proof.variables[[*KEY, "true"]].assign(row=np.arange(len(proof.variables))).drop_duplicates([*KEY, "true"])
    wanted = counts.loc[plain, KEY].assign(true=truth.true[plain])
    row = wanted.merge(spoken, on=[*KEY, "true"], how="left")["row"].to_numpy(dtype=float)
    if np.isnan(row).any():
        refuse(counts, plain[np.isnan(row)], truth.level, "the proof does not speak of this count")
    place = np.full(len(counts), -1)
    place[plain] = row.astype(int)
    whole, part = place[rest[rests]], place[counts["rest_without"].to_numpy(dtype=int)[rests]]
    at = np.concatenate([plain, rests, rests])
    signs = np.concatenate([np.ones(len(plain)), np.ones(len(rests)), -np.ones(len(rests))]).astype(np.int64)
    chosen = coo_array((signs, (at, np.concatenate([place[plain], whole, part]))), shape=(len(counts), len(spoken)))
    return csr_array(csr_array(chosen) @ csr_array(proof.witnesses)[spoken["row"].to_numpy()])


def keep_relations(truth: Truth, moves: csr_array) -> None:
    """Stop when a witness moves what is known, breaks a relation or makes a count too small."""
    form, counts, entries = truth.form, truth.form.counts, moves.tocoo()
    moving = np.unique(entries.row[(entries.data != 0) & truth.fixed[entries.row]])
    if len(moving):
        refuse(counts, moving, truth.level, "a witness moves a count that is shown")
    below = np.unique(
        entries.row[entries.data + truth.true[entries.row] < np.minimum(truth.least, truth.true)[entries.row]]
    )
    if len(below):
        refuse(counts, below, truth.level, "a witness makes a count negative, or less than everybody knows it to be")
    change = csr_array(form.matrix @ moves).tocoo()
    room = np.maximum(form.matrix @ truth.true, 0)
    exact = form.equal & ~(form.slack & (room > 0))  # who falls outside the parts is published nowhere: it may vary
    broken = np.where(exact[change.row], change.data != 0, change.data + room[change.row] < 0)
    if broken.any():
        relation = int(change.row[broken][0])
        refuse(
            counts,
            form.matrix[[relation]].indices,
            truth.level,
            f"a witness breaks a relation ({form.group[relation]})",
        )


def _check_zeros(truth: Truth, moves: csr_array, limits: NDArray[np.int64]) -> None:
    """Where zeros are always shown, none may be hidden and no witness may make a hidden one."""
    for where, problem in (
        (find_hidden_zeros(truth.true, truth.least > 0, truth.shares, limits), "a zero is hidden and zeros are known"),
        (find_telling(truth.true, moves, truth.shares, limits), "a witness hides a zero and zeros are known"),
    ):
        if len(where):
            refuse(truth.form.counts, where, truth.level, problem)


def _check_reach(truth: Truth, moves: csr_array, limits: NDArray[np.int64], who: str = "") -> None:
    """Every small value must be reached, for anybody outside or for a municipality that knows its own cells (`who`)."""
    counts = truth.form.counts
    inside = _inside(counts, who)
    entries = _unseen(moves, inside).tocoo()
    reached: list[set[int]] = [{int(value)} for value in truth.true]
    for at, change in zip(entries.row.tolist(), entries.data.tolist(), strict=True):
        reached[at].add(int(truth.true[at]) + change)
    known = f", from municipality {who}" if who else ""
    apart = ~inside & (counts["area"].str[:2].isin(["GM", "WK", "BU"]).to_numpy() if who else True)
    for at in np.flatnonzero(_owing(truth, limits) & apart).tolist():
        small = set(range(1, int(limits[at])))
        if not small <= reached[at]:
            refuse(counts, np.array([at]), truth.level, f"a small count has no witness for every small value{known}")
        if reached[at] <= small:
            refuse(counts, np.array([at]), truth.level, f"a small count is surely small{known}")
    for at, (low, high) in truth.spans.items():
        if apart[at] and not truth.told[at] and not (min(reached[at]) <= low and high <= max(reached[at])):
            refuse(
                counts, np.array([at]), truth.level, f"one contributor makes up nearly all, and it can be known{known}"
            )
    for at, whole in truth.everybody.items():
        small = set(range(1, int(limits[at])))
        if apart[at] and not truth.told[at] and not {whole - value for value in small if value <= whole} <= reached[at]:
            refuse(counts, np.array([at]), truth.level, f"nearly everybody is in a count, and that can be known{known}")


def _inside(counts: pd.DataFrame, who: str) -> NDArray[np.bool_]:
    """Counts of a municipality: its own, and those of its districts and neighbourhoods."""
    codes = [who, f"WK{who[2:]}", f"BU{who[2:]}"]
    return np.asarray(counts["area"].str.startswith(tuple(codes)) if who else np.zeros(len(counts)), dtype=bool)


def _unseen(moves: csr_array, inside: NDArray[np.bool_]) -> csr_array:
    """The witnesses that leave these counts alone."""
    touched = np.asarray(abs(moves[inside]).sum(axis=0)).ravel() > 0
    return csr_array(moves[:, ~touched])


def _owing(truth: Truth, threshold: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Counts that are unsafe, and all others below the threshold that are hidden: they must look the same."""
    counts, true, fixed = truth.form.counts, truth.true, truth.fixed
    rest, other = counts["rest_of"].to_numpy(dtype=int), counts["rest_without"].to_numpy(dtype=int)
    is_rest = rest >= 0
    hidden = np.where(is_rest, ~fixed[rest] | ~fixed[other], ~fixed)
    all_in = counts["share"].to_numpy(dtype=bool) & (true == 0) & is_rest & (true[rest] > 0)
    small = (true >= 1) & (true < threshold)
    told = truth.told & (is_rest | ~truth.shown)  # nobody can be made to forget it
    return np.asarray((small | all_in | (hidden & (true < threshold))) & ~told, dtype=bool)
