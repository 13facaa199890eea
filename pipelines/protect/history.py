"""Revisions of what was published: a change of a few persons is held back, since the difference is a small count.

What is held back are whole groups of changed counts that hang together, so that what is published still adds up. They
keep the values of the last publication until no visible change among them is small.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipelines.errors import UnsafeFigures
from pipelines.protect.counts import ABSENT, Counts, Key
from pipelines.protect.stack import KEYS, Release, make_release
from pipelines.protect.system import System, build_system, set_limits

Values = dict[Key, int]


@dataclass(frozen=True, kw_only=True)
class Held:
    """Cells to publish, and the rows among them (by position) that keep what was published before."""

    cells: pd.DataFrame
    rows: NDArray[np.bool_]


def told_release(figures: pd.DataFrame, measures: pd.DataFrame) -> Release:
    """What a publication showed, when nothing else was kept of it.

    figures, measures  as published
    """
    shown = figures[figures["status"] == "shown"].assign(state="counted")
    counts = Counts()
    counts.read(shown, measures)
    size = len(counts.keys)
    system = System(
        keys=tuple(counts.keys), true=np.array(counts.true, dtype=np.int64), rows=counts.read(shown.iloc[:0], measures),
        relations=(), complements={}, shares=frozenset(), slacks=frozenset(), parents={},
    )  # fmt: skip
    return make_release(system, range(size), {}, figures[figures["status"] == "hidden"])


def hold_back(
    cells: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    earlier: Sequence[Release],
    threshold: int,
    *,
    everything: bool = False,
) -> Held:
    """The cells that may be published after these earlier publications.

    everything  hold back every revision, also those that are large
    raises      UnsafeFigures when something must be held back and the exact counts of the last publication are gone
    """
    rows = np.zeros(len(cells), dtype=bool)
    if not earlier:
        return Held(cells=cells, rows=rows)
    system = build_system(cells, measures, areas)
    changed = _changed(system, earlier[-1])
    held = (
        changed
        if everything
        else _touching(system, earlier[-1], changed, _small(system, earlier, threshold, set_limits(measures)))
    )
    if not held:
        return Held(cells=cells, rows=rows)
    if earlier[-1].relations.empty:
        name = min(held)
        raise UnsafeFigures(
            f"{name.set}, {name.period}: differencing of publications: a published count changed by a few, and the exact "
            "counts of the last publication are not in the work folder\nBuild with the work folder of that publication"
        )
    return _with_old(cells, system, _values(earlier[-1]), held)


def _values(release: Release) -> Values:
    return dict(zip(release.keys, release.variables["true"].tolist(), strict=True))


def _small(system: System, earlier: Sequence[Release], threshold: int, limits: dict[str, int]) -> set[Key]:
    """Counts that some publication showed with a value a few persons away."""
    now: Values = dict(zip(system.keys, system.true.tolist(), strict=True))
    told = [
        (key, true)
        for release in earlier
        for key, true, seen in zip(
            release.keys, release.variables["true"].tolist(), release.variables["told"].tolist(), strict=True
        )
        if seen and key in now
    ]
    return {
        key
        for key, true in told
        if 1 <= abs(now[key] - true) < max(threshold, *(limits.get(name, 0) for name in key.set.split(" minus ")))
    }


def _changed(system: System, last: Release) -> set[Key]:
    """Counts with another value than at the last publication, or counted in only one of the two."""
    now: Values = dict(zip(system.keys, system.true.tolist(), strict=True))
    before = _values(last)
    return {key for key in now.keys() | before.keys() if now.get(key) != before.get(key)}


def _touching(system: System, last: Release, changed: set[Key], small: set[Key]) -> set[Key]:
    """The changed counts that hang together, through changed ones alone, with a small change."""
    order = sorted(changed)
    place = {key: at for at, key in enumerate(order)}
    pairs: list[tuple[int, int]] = []
    for keys, relations in ((system.keys, system.relations), (last.keys, last.linked)):
        for relation in relations:
            inside = [place[keys[at]] for at, _ in relation.terms if keys[at] in place]
            pairs += [(inside[0], other) for other in inside[1:]]
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(order), len(order)))
    labels: list[int] = connected_components(links, directed=False)[1].tolist() if order else []
    wanted = {labels[place[key]] for key in small & changed}
    return {key for key, label in zip(order, labels, strict=True) if label in wanted}


def _with_old(cells: pd.DataFrame, system: System, before: Values, held: set[Key]) -> Held:
    """Held counts get their old value; a row whose count was not there before is missing for now."""
    kept, rows = cells.copy(), system.rows
    touched = np.zeros(len(cells), dtype=bool)
    for name, variables in (("numerator", rows.numerator), ("denominator", rows.denominator)):
        values = kept[name].to_numpy(dtype=float).copy()
        for position, variable in zip(rows.position.tolist(), variables.tolist(), strict=True):
            if variable != ABSENT and system.keys[variable] in held:
                values[position] = before.get(system.keys[variable], np.nan)
                touched[position] = True
        kept[name] = values
    if "largest" in kept:  # what dominated then was kept with the counts of then
        kept.loc[touched, "largest"] = np.nan
    new = touched & kept["numerator"].isna().to_numpy() | touched & (
        cells["denominator"].notna() & kept["denominator"].isna()
    )
    counted = new & (kept["state"] == "counted")
    kept.loc[counted, "state"] = "missing"
    kept.loc[counted, ["numerator", "denominator"]] = np.nan
    return Held(cells=kept, rows=touched)


def kept_rows(cells: pd.DataFrame, system: System, earlier: Sequence[Release]) -> NDArray[np.bool_]:
    """Rows of the system that were hidden at the last publication and whose counts did not change: they stay hidden."""
    found = np.zeros(len(system.rows.position), dtype=bool)
    if not earlier:
        return found
    before = _values(earlier[-1])
    hidden = set(earlier[-1].hidden[KEYS].itertuples(index=False, name=None))
    named = cells[KEYS].iloc[system.rows.position].itertuples(index=False, name=None)
    same = np.array([before.get(key) == true for key, true in zip(system.keys, system.true.tolist(), strict=True)])
    for row, name in enumerate(named):
        below = int(system.rows.denominator[row])
        if name in hidden and same[int(system.rows.numerator[row])]:
            found[row] = below == ABSENT or bool(same[below])
    return found
