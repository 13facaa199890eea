"""The only door: confidential cells go in, publishable figures come out.

A figure is shown, or it is hidden; what is hidden for its own count and what is hidden to protect another look
the same. The proof that comes along is as confidential as the cells: never publish it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array

from pipelines.errors import UnsafeFigures
from pipelines.protect.dominance import find_dominated
from pipelines.protect.extra import may_show
from pipelines.protect.history import Held, hold_back, kept_rows, told_release
from pipelines.protect.prune import prune
from pipelines.protect.rounding import SMALL, Rounding, hidden_rows, protect_rounded, round_ten, too_few
from pipelines.protect.stack import Release, load_release, make_release, save_release, stack
from pipelines.protect.suppress import Cover, blocks_of, cover_block, row_variables, start_cover
from pipelines.protect.system import Key, System, build_system, find_limits, sensitive
from pipelines.protect.zeros import know_zeros, shows_zero

__all__ = [
    "Proof", "Protected", "Release", "Rule", "load_proof", "load_release", "may_show", "protect", "save_proof", "save_release",
    "told_release",
]  # fmt: skip

KEYS = ["indicator", "area", "period", "age", "sex", "kind"]
ROUNDED_BEFORE = (
    "earlier publications show these counts rounded, and what was published stays known: a 0 of then is 0 to 4\n"
    'Withdraw them (move their files out of the published folder), or keep rule = "round10"'
)
NUMBERS = ["numerator", "denominator", "denominator_year"]
LEVEL_PRICES = {"region": 40.0, "municipality": 20.0, "district": 6.0, "neighbourhood": 3.0}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How many persons may be shown, and what users lose by a hidden row.

    threshold    counts from 1 to threshold - 1 are hidden
    level_price  price of hiding a row of each level; an unknown level costs `other_price`
    total_factor how much dearer a row without a split is
    insiders     whether a municipality, which knows its own cells, must not learn the small counts of another
    zeros_known  whether zeros are always shown, so that everybody knows that what is hidden is not 0
    rounded      show every count rounded to tens instead of hiding small ones
    """

    threshold: int = 5
    level_price: Mapping[str, float] = field(default_factory=lambda: dict(LEVEL_PRICES))
    other_price: float = 10.0
    total_factor: float = 3.0
    insiders: bool = False
    zeros_known: bool = False
    rounded: bool = False

    def __post_init__(self) -> None:
        if self.threshold < 3:
            raise ValueError("threshold must be 3 or more: below that a hidden count has one possible value")
        if self.rounded and (self.zeros_known or self.insiders or self.threshold > SMALL):
            raise ValueError("rounding to tens knows no threshold above 5, no visible zeros and no insiders")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Why nobody is given away. Confidential.

    variables  set, area, period, age, sex, kind, true: one row per count
    witnesses  variables x moves, whole numbers
    targets    variable, value, witness: places in the other two
    """

    variables: pd.DataFrame
    witnesses: csc_array
    targets: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Protected:
    """What may leave (figures, held) and what may not (all else).

    figures  the rows that were asked for
    held     indicator, period, level of which a small revision is not shown yet
    proof    why nobody is given away
    cells    the exact cells behind the figures: where a revision is held back, those of the last publication
    release  what the next publication must know of this one
    """

    figures: pd.DataFrame
    held: pd.DataFrame
    proof: Proof
    cells: pd.DataFrame
    release: Release


def protect(
    cells: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    rule: Rule | None = None,
    earlier: Sequence[Release] = (),
) -> Protected:
    """Figures that keep the promise of docs/privacy.md, with the proof that they do.

    cells     indicator, area, level, period, age, sex, kind, numerator, denominator, state, provisional,
              denominator_year and, where dominance is asked for, largest: what one contributor brings at most; one row
              per indicator and group
    measures  id, counts, geography, age, kind ('all' when left out), numerator_set, denominator_set and, where an
              agreement asks for more than the rule, threshold of each indicator; dominance: the share from which one
              contributor makes up nearly all of it, NaN where nobody asked
    areas     code, parent, level, year: the division of every year that the cells speak of
    earlier   what was published before, oldest first: it stays known, and a revision of a few is held back
    returns   the same rows in the same order: state became status, and no number where it is not shown
    raises    ValueError when the cells contradict themselves; UnsafeFigures when no pattern is safe
    """
    rule = rule or Rule()
    _refuse_doubles(cells)
    order = cells.reset_index(drop=True).sort_values(KEYS, kind="stable").index  # the answer knows no row order
    ordered = cells.iloc[order].reset_index(drop=True)
    held = hold_back(ordered, measures, areas, () if rule.rounded else earlier, rule.threshold)
    try:
        found = _protect(held, measures, areas, rule, earlier)
    except UnsafeFigures as problem:
        if rule.rounded or not earlier or earlier[-1].relations.empty:
            raise
        held = hold_back(ordered, measures, areas, earlier, rule.threshold, everything=True)
        found = _protect_or_tell(held, measures, areas, rule, earlier, problem)
    return replace(found, **{
        name: getattr(found, name).set_axis(order).sort_index() for name in ("figures", "cells")
    })  # fmt: skip


def _protect_or_tell(
    held: Held,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    rule: Rule,
    earlier: Sequence[Release],
    problem: UnsafeFigures,
) -> Protected:
    """With every revision held back; when even that cannot be, the earlier publications are in the way."""
    try:
        return _protect(held, measures, areas, rule, earlier)
    except UnsafeFigures:
        raise UnsafeFigures(
            f"{problem}\nEarlier publications stay known: were they made under a milder rule or another catalogue, "
            "withdraw them (move their files out of the published folder)"
        ) from problem


def _protect(
    held: Held, measures: pd.DataFrame, areas: pd.DataFrame, rule: Rule, earlier: Sequence[Release]
) -> Protected:
    own = build_system(held.cells, measures, areas)
    own = replace(own, dominated=find_dominated(held.cells, measures, own))
    if rule.zeros_known:
        own = know_zeros(own, find_limits(own, measures, rule.threshold))
    system = stack(own, earlier)
    if rule.rounded:
        return _round(held, measures, own, protect_rounded(system, _row_prices(held.cells, own, rule)))
    if system.rounded:
        raise UnsafeFigures(ROUNDED_BEFORE)
    kept = kept_rows(held.cells, own, earlier) & ~shows_zero(own)
    limits = find_limits(system, measures, rule.threshold)
    cover = start_cover(system, _row_prices(held.cells, own, rule), limits, kept, insiders=rule.insiders)
    for block in blocks_of(system):
        cover_block(cover, block)
        prune(cover, block)
    figures = _figures(held.cells, measures, cover)
    wholes = {at: whole for at, whole in cover.everybody.items() if at < len(own.keys)}
    return Protected(
        figures=figures,
        held=held.cells.loc[held.rows, ["indicator", "period", "level"]].drop_duplicates(ignore_index=True),
        proof=_proof(cover),
        cells=held.cells,
        release=make_release(own, _shown(cover), wholes, figures[figures["status"] == "hidden"]),
    )


def _round(held: Held, measures: pd.DataFrame, own: System, found: Rounding) -> Protected:
    """Every count of persons in tens; without a number only where it is too small for a rate, or tells too much."""
    rows, closed, small = own.rows, found.hidden, hidden_rows(own) & ~too_few(own)
    figures = held.cells.drop(columns=["state", "largest"], errors="ignore")
    status = held.cells["state"].replace("counted", "shown").to_numpy(dtype=object)
    status[rows.position[closed]] = "hidden"
    ours = sensitive(measures)
    counted = figures["indicator"].isin(ours["id"])
    shares = figures["indicator"].isin(ours.loc[ours["denominator_set"].notna(), "id"])
    for name, of in (("numerator", counted), ("denominator", shares)):
        figures[name] = figures[name].where(~of, round_ten(figures[name].to_numpy(dtype=float)))
    figures["status"] = status
    figures.loc[figures["status"] != "shown", [name for name in NUMBERS if name in figures]] = pd.NA
    nobody, tens = (_variables(own, one) for one in (rows.role == "zero", (rows.role == "open") & ~closed | small))
    return Protected(
        figures=figures,
        held=held.cells.iloc[:0][["indicator", "period", "level"]],
        proof=_proof(found),
        cells=held.cells,
        release=make_release(own, nobody, {}, figures[figures["status"] == "hidden"], in_tens=tens),
    )


def _shown(cover: Cover) -> set[int]:
    """What the figures themselves say: of the rows that are not hidden, and of shares of nobody."""
    return set(_variables(cover.system, ~cover.hidden))


def _variables(system: System, rows: NDArray[np.bool_]) -> frozenset[int]:
    return frozenset(at for row in np.flatnonzero(rows).tolist() for at in row_variables(system, row))


def _refuse_doubles(cells: pd.DataFrame) -> None:
    double = cells.duplicated(KEYS)
    if double.any():
        names = ", ".join(sorted(cells.loc[double, "indicator"].unique()))
        raise ValueError(f"cells: more than one row for the same group in {names}")


def _row_prices(cells: pd.DataFrame, system: System, rule: Rule) -> NDArray[np.float64]:
    rows = cells.iloc[system.rows.position]
    price = rows["level"].map(dict(rule.level_price)).fillna(rule.other_price).to_numpy(dtype=float)
    total = (rows[["age", "sex", "kind"]] == "all").all(axis=1).to_numpy()
    year = rows["period"].str.fullmatch(r"\d{4}(/\d\d)?").to_numpy()
    counts = system.true[system.rows.numerator] if len(rows) else np.zeros(0)
    return np.asarray(
        price * np.where(total, rule.total_factor, 1.0) * np.where(year, 1.5, 1.0) * (1 + np.log10(1 + counts) / 4)
    )


def _figures(cells: pd.DataFrame, measures: pd.DataFrame, cover: Cover) -> pd.DataFrame:
    status = cells["state"].replace("counted", "shown").to_numpy(dtype=object)
    rows = cover.system.rows
    status[rows.position[(rows.role == "open") & cover.hidden]] = "hidden"
    ours = set(sensitive(measures)["id"])
    nobody = cells["indicator"].isin(ours) & (cells["denominator"] == 0) & (cells["numerator"] == 0)
    status[nobody.to_numpy() & (status == "shown")] = "impossible"
    figures = cells.drop(columns=["state", "largest"], errors="ignore").assign(status=status)
    kept = [name for name in NUMBERS if name in figures]
    figures.loc[figures["status"] != "shown", kept] = pd.NA
    return figures


def _proof(cover: Cover | Rounding) -> Proof:
    moves = sorted({tuple(sorted(move.items())) for move in cover.served.values()})
    place = {move: at for at, move in enumerate(moves)}
    targets = [
        (variable, int(cover.system.true[variable]) + move[variable], place[tuple(sorted(move.items()))])
        for (variable, _, _), move in sorted(cover.served.items())
    ]
    sizes = [len(move) for move in moves]
    flat = np.array([pair for move in moves for pair in move], dtype=np.int64).reshape(-1, 2)
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    witnesses = csc_array((flat[:, 1], flat[:, 0], starts), shape=(len(cover.system.keys), len(moves)))
    variables = pd.DataFrame(list(cover.system.keys), columns=list(Key._fields)).assign(true=cover.system.true)
    return Proof(
        variables=variables,
        witnesses=witnesses,
        targets=pd.DataFrame(targets, columns=["variable", "value", "witness"], dtype=np.int64),
    )


def save_proof(proof: Proof, folder: Path) -> None:
    """Write a proof beside the cells, as three parquet files; the folder must stay as closed as the cells."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moves = proof.witnesses.tocoo()
    proof.variables.to_parquet(folder / "proof_variables.parquet")
    proof.targets.to_parquet(folder / "proof_targets.parquet")
    entries = pd.DataFrame({"variable": moves.row, "witness": moves.col, "change": moves.data})
    entries.to_parquet(folder / "proof_witnesses.parquet")


def load_proof(folder: Path) -> Proof:
    """Read what save_proof wrote."""
    variables = pd.read_parquet(folder / "proof_variables.parquet")
    targets = pd.read_parquet(folder / "proof_targets.parquet")
    entries = pd.read_parquet(folder / "proof_witnesses.parquet")
    width = int(entries["witness"].max()) + 1 if len(entries) else 0
    places = (entries["change"], (entries["variable"], entries["witness"]))
    return Proof(variables=variables, targets=targets, witnesses=csc_array(places, shape=(len(variables), width)))
