"""Publications one on top of another: what an outsider knows who kept the earlier ones (docs/adr/0006).

A count with the same value in two publications is one count; with another value it is two. Written apart from the
protector, from the published files and the exact counts that were kept of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import block_diag, coo_array, csr_array

from pipelines.audit.base_form import KEY, ROW, Form, build_form, person_rows
from pipelines.audit.dominance import Spans, spans_kept
from pipelines.audit.zeros import hidden_shares, least_of, mark_least
from pipelines.errors import UnsafeFigures

Delivered = dict[str, frozenset[str]]
NO_SHARES = np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Past:
    """An earlier publication.

    figures, measures, areas  as published
    truth                     KEY, true, whole (the small public population that nearly all of are in it, else -1) of every
                              count behind it; confidential; empty when it was not kept
    delivered                 indicator -> the deliveries behind it; None when that is not told
    zeros_known               whether it said that no zero is hidden
    rounding                  10 where it showed persons in tens, else 1
    """

    build_id: str
    figures: pd.DataFrame
    measures: pd.DataFrame
    areas: pd.DataFrame
    truth: pd.DataFrame
    delivered: Delivered | None = None
    zeros_known: bool = False
    rounding: int = 1


class PublishedRule(NamedTuple):
    """By which rule a file says that it was protected; see Past."""

    threshold: int = 5
    zeros_known: bool = False
    rounding: int = 1


class Seen(NamedTuple):
    """Person rows of a publication together with what earlier ones add.

    rows     as person_rows() makes them
    differs  rows whose number was a few persons away before
    """

    rows: pd.DataFrame
    differs: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The audit's own view with true values.

    true       true count, shape (counts,)
    fixed      known outside, shape (counts,)
    told       known outside already before this publication, shape (counts,)
    shown      known from this publication alone, shape (counts,)
    everybody  count -> the public population that nearly all of are in it
    least      what everybody knows it to be at least, shape (counts,)
    spans      count that one contributor dominates -> the values that must be possible
    shares     part and whole of hidden shares where no zero is hidden, shape (shares, 2)
    """

    form: Form
    true: NDArray[np.int64]
    fixed: NDArray[np.bool_]
    told: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    everybody: dict[int, int]
    level: dict[str, str]
    spans: Spans
    least: NDArray[np.int64]
    shares: NDArray[np.int64]


def truth_of_past(past: Past) -> Truth:
    """An earlier publication with the counts behind it; without these only what it showed."""
    seen = person_rows(past.figures, past.measures)
    kept = past.truth if len(past.truth) else pd.DataFrame(columns=[*KEY, "true", "whole"])
    exact = seen[KEY].merge(kept[[*KEY, "true"]].drop_duplicates(KEY), on=KEY, how="left")["true"].to_numpy(dtype=float)
    known = seen["known"].to_numpy(dtype=float)
    nobody = (seen["status"] == "impossible").to_numpy() & ~(exact > 0)
    value = np.where(np.isnan(known), np.where(np.isnan(exact) & nobody, 0.0, exact), known)
    rows = seen.assign(known=value, fixed=~np.isnan(known) | nobody)
    rows = rows[rows["known"].notna()]
    form = build_form(rows.drop(columns="fixed"), past.measures, past.areas)
    state = form.counts[KEY].merge(rows.groupby(KEY, as_index=False)["fixed"].any(), on=KEY, how="left")["fixed"]
    fixed = state.eq(True).to_numpy(dtype=bool)
    whole = form.counts[KEY].merge(kept[[*KEY, "whole"]].drop_duplicates(KEY), on=KEY, how="left")["whole"]
    plain = form.counts["rest_of"].to_numpy(dtype=int) < 0
    return Truth(
        form=form,
        true=form.counts["known"].to_numpy(dtype=float).astype(np.int64),
        fixed=fixed,
        told=fixed,
        shown=np.zeros(len(fixed), dtype=bool),
        everybody={at: int(one) for at, one in enumerate(whole.tolist()) if one >= 0 and plain[at]},
        level=dict(zip(past.areas["code"], past.areas["level"], strict=True)),
        spans=spans_kept(kept, form.counts),
        least=least_of(form.counts, mark_least(seen, zeros_known=past.zeros_known)),
        shares=hidden_shares(past.figures, past.measures, form.counts) if past.zeros_known else NO_SHARES,
    )


def _seen(truth: Truth) -> NDArray[np.bool_]:
    """Known outside, rests of known parts included."""
    rest, other = (truth.form.counts[name].to_numpy(dtype=int) for name in ("rest_of", "rest_without"))
    return np.where(rest >= 0, truth.fixed[rest] & truth.fixed[other], truth.fixed)


def find_differences(now: Truth, before: Sequence[Truth], limits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts that are known now and were known before with a value a few persons away."""
    here = now.form.counts[KEY].assign(at=np.arange(len(now.true)), now=now.true)[_seen(now)]
    found: set[int] = set()
    for one in before:
        there = one.form.counts[KEY].assign(before=one.true)[_seen(one)]
        both = here.merge(there, on=KEY)
        change, at = (both["now"] - both["before"]).abs().to_numpy(), both["at"].to_numpy(dtype=int)
        found |= set(at[(change >= 1) & (change < limits[at])].tolist())
    return np.array(sorted(found), dtype=np.int64)


def stack_truths(now: Truth, before: Sequence[Truth]) -> Truth:
    """All publications as one: counts with the same value are one, the relations of each stay."""
    if not before:
        return now
    truths = [now, *before]
    sizes = np.cumsum([0, *(len(one.true) for one in truths)])
    counts = pd.concat([one.form.counts for one in truths], ignore_index=True)
    true = np.concatenate([one.true for one in truths])
    groups = counts[KEY].assign(true=true).groupby([*KEY, "true"], sort=False).ngroup()
    place: NDArray[Any] = groups.to_numpy(dtype=np.int64)
    first = pd.Series(np.arange(len(place))).groupby(place).first().to_numpy()
    start = np.repeat(sizes[:-1], np.diff(sizes))
    for name in ("rest_of", "rest_without"):
        own = counts[name].to_numpy(dtype=int)
        counts[name] = np.where(own >= 0, place[np.maximum(own + start, 0)], -1)
    merged = counts.iloc[first].reset_index(drop=True)
    merged["share"] = counts["share"].astype(bool).groupby(place).any().to_numpy()
    told = np.zeros(len(first), dtype=bool)
    told[place[sizes[1] :][np.concatenate([_seen(one) for one in before])]] = True
    told |= _both_told(merged, told)
    shown_now = np.zeros(len(first), dtype=bool)
    shown_now[place[: sizes[1]][now.fixed]] = True
    least = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(least, place, np.concatenate([one.least for one in truths]))
    return replace(
        now,
        form=_stack_forms([one.form for one in truths], merged, place),
        true=true[first],
        fixed=told | shown_now,
        told=told,
        shown=shown_now,
        everybody={int(place[at + begin]): whole for one, begin in zip(reversed(truths), sizes[-2::-1], strict=True)
                   for at, whole in one.everybody.items()},
        level={area: level for one in reversed(truths) for area, level in one.level.items()},
        spans=_stack_spans(truths, sizes, place),
        least=least,
        shares=place[np.concatenate([one.shares + begin for one, begin in zip(truths, sizes[:-1], strict=True)])],
    )  # fmt: skip


def _stack_spans(truths: Sequence[Truth], sizes: NDArray[Any], place: NDArray[Any]) -> Spans:
    found: Spans = {}
    for one, begin in zip(truths, sizes, strict=False):
        for at, (low, high) in one.spans.items():
            here = int(place[at + begin])
            other = found.get(here, (low, high))
            found[here] = min(low, other[0]), max(high, other[1])
    return found


def _both_told(counts: pd.DataFrame, told: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rest, other = (counts[name].to_numpy(dtype=int) for name in ("rest_of", "rest_without"))
    return np.asarray((rest >= 0) & told[rest] & told[other])


def _stack_forms(forms: Sequence[Form], counts: pd.DataFrame, place: NDArray[Any]) -> Form:
    together = csr_array(block_diag([form.matrix for form in forms], format="csr"))
    merge = coo_array((np.ones(len(place), dtype=np.int64), (np.arange(len(place)), place)), (len(place), len(counts)))
    return Form(
        counts=counts,
        matrix=csr_array(together @ csr_array(merge)),
        equal=np.concatenate([form.equal for form in forms]),
        slack=np.concatenate([form.slack for form in forms]),
        group=np.concatenate([form.group for form in forms]),
    )


def look_back(rows: pd.DataFrame, past: Sequence[Past], threshold: int, delivered: Delivered | None) -> Seen:
    """The rows of now with those of earlier publications that an outsider is sure are unchanged.

    He is sure when they were made of the same deliveries, and no number of the set and period that both show differs.
    """
    together, differing = [rows], [rows.iloc[:0]]
    for one in past:
        old = mark_least(person_rows(one.figures, one.measures), zeros_known=one.zeros_known)
        both = _shown(rows).merge(_shown(old)[[*KEY, "known"]], on=KEY, suffixes=("", "_before"))
        change = (both["known"] - both["known_before"]).abs()
        differing.append(both.loc[change.between(1, threshold - 1), rows.columns])
        revised = pd.MultiIndex.from_frame(both.loc[change > 0, ["set", "period"]])
        same = {name for name in set(old["indicator"]) if _same_deliveries(name, delivered, one.delivered)}
        sure = ~pd.MultiIndex.from_frame(old[["set", "period"]]).isin(revised) & old["indicator"].isin(same)
        together.append(old[sure])
    return Seen(pd.concat(together, ignore_index=True), pd.concat(differing, ignore_index=True))


def _same_deliveries(indicator: str, now: Delivered | None, before: Delivered | None) -> bool:
    if now is None or before is None:
        return True
    return indicator in now and now[indicator] == before.get(indicator)


def read_delivered(file: duckdb.DuckDBPyConnection) -> Delivered | None:
    """The deliveries behind each indicator of a published file; None when it does not tell."""
    tables = {str(row[0]) for row in file.execute("show tables").fetchall()}
    if not {"source", "figure_source"} <= tables:
        return None
    pairs = file.execute("""
        select fs.indicator, s.sha256 from figure_source fs left join source s on s.id = fs.source and s.state = 'used'
    """).fetchall()
    found: dict[str, set[str]] = {}
    for indicator, digest in pairs:
        found.setdefault(str(indicator), set()).add(str(digest))
    return {indicator: frozenset(digests) for indicator, digests in found.items()}


def read_rule(file: duckdb.DuckDBPyConnection) -> PublishedRule:
    """The rule of a published file; files from before know one rule."""
    columns = {str(row[0]) for row in file.execute("describe build").fetchall()}
    zeros, rounding = (name if name in columns else "null" for name in ("zeros_known", "rounding"))
    told = file.execute(f"select threshold, {zeros} is not null, coalesce({rounding}, 1) from build").fetchone()
    return PublishedRule(int(told[0]), bool(told[1]), int(told[2])) if told else PublishedRule()


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["known"].notna()].drop_duplicates(KEY)


def all_measures(measures: pd.DataFrame, past: Sequence[Past]) -> pd.DataFrame:
    """The indicators of now, and those of earlier publications that are no longer published."""
    together = pd.concat([measures, *(one.measures for one in past)], ignore_index=True) if past else measures
    return together.drop_duplicates("id", ignore_index=True)


def check_held(cells: pd.DataFrame, counted: pd.DataFrame, measures: pd.DataFrame, past: Sequence[Past]) -> None:
    """Stop unless every cell is what was counted now, or what the last publication was made of, or missing.

    cells    what is published from; counted: what the deliveries say; the same rows
    raises   UnsafeFigures naming the indicators
    """
    both = cells.merge(counted, on=ROW, suffixes=("", "_now"), how="outer")
    same = pd.Series(True, index=both.index)
    for name in ("numerator", "denominator"):
        same &= (both[name] == both[f"{name}_now"]) | (both[name].isna() & both[f"{name}_now"].isna())
    other = both[~same & (both["state"] != "missing")]
    rows = person_rows(other.assign(status="shown"), measures)
    kept = past[-1].truth[[*KEY, "true"]] if past else pd.DataFrame(columns=[*KEY, "true"])
    now = person_rows(counted.assign(status="shown"), measures)[[*KEY, "known"]].drop_duplicates(KEY)
    told = rows.merge(kept.drop_duplicates(KEY), on=KEY, how="left").merge(
        now, on=KEY, how="left", suffixes=("", "_now")
    )
    wrong = (told["known"] != told["true"]) & (told["known"] != told["known_now"])
    if wrong.any() or len(set(other["indicator"]) - set(rows["indicator"])):
        names = ", ".join(sorted(set(told.loc[wrong, "indicator"]) | set(other["indicator"]) - set(rows["indicator"])))
        raise UnsafeFigures(
            f"{names}: a figure is neither what was counted nor what the last publication showed; build again"
        )
