"""Attacks and checks a publication with code of its own: nothing here comes from the protector.

`check_proof` knows the true cells and decides before publishing; `attack` is the outsider and knows only what is
published. No message and no finding holds a count.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from pipelines.audit.attack import FINDING, attack
from pipelines.audit.base_form import ROW, person_measures
from pipelines.audit.payloads import find_payloads
from pipelines.audit.proof import check_proof
from pipelines.audit.rounded import attack_rounded, check_rounded
from pipelines.audit.stacked import Past, check_held, read_delivered, read_rule
from pipelines.errors import UnsafeFigures

__all__ = [
    "Past",
    "attack",
    "attack_rounded",
    "audit_file",
    "check_derived",
    "check_held",
    "check_proof",
    "check_rebased",
    "check_rounded",
    "check_signals",
    "count_attacked",
    "find_derived",
    "read_delivered",
    "read_rule",
]  # fmt: skip

ALWAYS_OPEN = {*ROW, "level", "period_kind", "status", "provisional"}


STATES = ("shown", "hidden", "missing", "impossible", "not_delivered")


def check_derived(figures: pd.DataFrame) -> None:
    """Stop when a row that is not shown carries anything computed: a rate, interval, label or trend is a count.

    raises  UnsafeFigures naming the indicators and columns
    """
    found = find_derived(figures)
    if len(found):
        columns = ", ".join(sorted(found["finding"].unique()))
        names = ", ".join(sorted(found["indicator"].unique()))
        raise UnsafeFigures(
            f"{columns} on rows that are not shown ({names}); empty them where the figure is made, then publish again"
        )


def check_rebased(rebased: pd.DataFrame, measures: pd.DataFrame) -> None:
    """Stop when a figure of another division is about persons, or carries a number while it is not shown.

    rebased   figures of earlier years brought to the newest areas; measures: id, counts of every indicator
    raises    UnsafeFigures naming the indicators
    """
    counts = rebased["indicator"].map(measures.set_index("id")["counts"])
    numbers = rebased[["numerator", "denominator", "value", "low", "high"]].notna().any(axis=1)
    unsafe = ~counts.isin(["incidents", "inhabitants"]) | (numbers & (rebased["status"] != "shown"))
    if unsafe.any():
        names = ", ".join(sorted(set(rebased.loc[unsafe, "indicator"])))
        raise UnsafeFigures(
            f"rebased: {names} may not be brought to another division; only open counts that are shown may"
        )


def check_signals(signals: pd.DataFrame, figures: pd.DataFrame) -> None:
    """Stop when a signal stands on a figure that is not shown: a flag tells that a count is at least its bound.

    signals   indicator, area, period, members (codes, for a cluster)
    raises    UnsafeFigures naming the indicators
    """
    found = find_unsafe_signals(signals, figures)
    if len(found):
        raise UnsafeFigures(f"signal: {', '.join(sorted(set(found['indicator'])))} on a figure that is not shown")


def find_unsafe_signals(signals: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """One finding per signal and area whose figure is not shown."""
    totals = figures[(figures[["age", "sex", "kind"]] == "all").all(axis=1) & (figures["status"] == "shown")]
    shown = set(zip(totals["indicator"], totals["area"], totals["period"], strict=True))
    found = [
        {"indicator": row.indicator, "area": code, "period": row.period, "finding": "signal on a row that is not shown"}
        for row in signals.itertuples()
        for code in str(row.members or row.area).split(",")
        if (row.indicator, code, row.period) not in shown
    ]
    return pd.DataFrame(found).reindex(columns=FINDING)


def find_derived(figures: pd.DataFrame) -> pd.DataFrame:
    """One finding per column and row that is filled while the row is not shown."""
    closed = figures[figures["status"] != "shown"]
    found = []
    for column in figures.columns.difference(list(ALWAYS_OPEN)):
        rows = closed.loc[closed[column].notna(), ROW]
        found.append(rows.assign(finding=f"{column} on a row that is not shown"))
    strange = ~figures["status"].isin(STATES)
    found.append(figures.loc[strange, ROW].assign(finding="unknown status"))
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*ROW, "finding"])
    return table.reindex(columns=FINDING)


def count_attacked(figures: pd.DataFrame, measures: pd.DataFrame, *, rounded: bool = False) -> pd.DataFrame:
    """Per table about persons what is shown, hidden and attacked; findings is 0, else there is no publication.

    figures  described figures, with level and period_kind
    rounded  in tens: then every figure is attacked, shown or not
    returns  indicator, level, split (dimensions, comma separated), period_kind, figures, shown, hidden, attacked, findings
    """
    ours = figures[
        figures["indicator"].isin(person_measures(measures)["id"]) & figures["status"].isin(["shown", "hidden"])
    ]
    split = pd.Series("", index=ours.index)
    for name in ("age", "sex", "kind"):
        split += np.where(ours[name] != "all", f"{name},", "")
    groups = ours.assign(split=split.str.rstrip(","), hidden=ours["status"] == "hidden").groupby(
        ["indicator", "level", "split", "period_kind"], as_index=False
    )
    counted = groups.agg(figures=("hidden", "size"), hidden=("hidden", "sum"))
    counted["hidden"] = counted["hidden"].astype("int64")
    return counted.assign(
        shown=counted["figures"] - counted["hidden"], attacked=counted["figures" if rounded else "hidden"], findings=0
    )


def audit_file(path: Path, past: Sequence[Past] = ()) -> pd.DataFrame:
    """Attack a published file as an outsider would; see attack() for the findings.

    path     a published .duckdb file; opened read-only and closed again before the attack starts
    past     other publications of the region that the outsider kept
    returns  one row per finding, empty when the publication is safe
    """
    with duckdb.connect(str(path), read_only=True) as file:
        figures = file.execute("select * from figure").df()
        measures = file.execute("select * from indicator").df()
        areas = file.execute("select code, parent, level, year from area").df()
        rule = read_rule(file)
        payloads, delivered = find_payloads(file, rule.threshold), read_delivered(file)
    found = [
        find_derived(figures),
        payloads.reindex(columns=FINDING),
        attack_rounded(figures, measures, areas, past, delivered)
        if rule.rounding > 1
        else attack(figures, measures, areas, rule.threshold, past, delivered, zeros_known=rule.zeros_known),
    ]
    return pd.concat([one for one in found if len(one)] or found[-1:], ignore_index=True).astype(object)
