"""Does a figure with this code still hold? Its publication against the one of now.

Nothing of an older publication is told: only what is published now, and whether that is what it was. A figure that is
hidden now has no value here, whatever it was before.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.bulk import load_every
from dashboard.figures import Publication, load_areas, load_indicators, open_publications
from dashboard.format import SPLIT_WORDS, STATUS_WORDS, format_period, format_value, join_words, lower_first
from dashboard.frame import load_group_names
from dashboard.receipt import number_of, receipt_number
from dashboard.rows import FIGURE_KEY, Row, list_rows
from dashboard.saved import Export, StoreError, find_export

CURRENT: Final = "current"
REVISED: Final = "revised"
WITHDRAWN: Final = "withdrawn"
STATE_WORDS: Final = {CURRENT: "actueel", REVISED: "herzien", WITHDRAWN: "ingetrokken"}
TOLERANCE: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One figure and whether it still holds. `now` is what is published now: a number or a word, never an older value.

    subject  title of its indicator as it is now; empty when that is gone
    """

    state: str
    title: str
    subject: str
    now: str
    publication: Publication
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckedSet:
    """A set of figures that left as one file, and how many of them still hold."""

    export: Export
    publication: Publication | None
    counts: Counter[str]
    changed: Sequence[Checked]


@lru_cache(maxsize=16)
def _number_all(publication: Publication) -> NDArray[np.int64]:
    names = [*FIGURE_KEY, "estimated"]
    every = load_every(publication)
    rows = zip(*(every[name].tolist() for name in names), strict=True)
    numbers = (receipt_number(publication.build.id, dict(zip(names, row, strict=True))) for row in rows)
    return np.fromiter(numbers, dtype=np.int64, count=len(every))


def check_figure(current: Publication, code: str) -> Checked | None:
    """The figure with that code, of whichever publication in the folder; None when no figure has it.

    code  as `read_receipt` returns it
    """
    for publication in open_publications():
        found = np.flatnonzero(_number_all(publication) == number_of(code))
        if len(found):
            return _compare(publication, current, [int(found[0])])[0]
    return None


def check_set(current: Publication, code: str) -> CheckedSet | None:
    """The exported set with that code; None when it is not remembered here."""
    try:
        export = find_export(code)
    except StoreError:
        return None
    if export is None:
        return None
    publication = next((one for one in open_publications() if one.build.id == export.build), None)
    checked: list[Checked] = []
    if publication and export.receipts:
        wanted = [number_of(receipt) for receipt in export.receipts]
        places = np.flatnonzero(np.isin(_number_all(publication), wanted))
        checked = _compare(publication, current, [int(place) for place in places])
    changed = [one for one in checked if one.state != CURRENT]
    return CheckedSet(
        export=export, publication=publication, counts=Counter(one.state for one in checked), changed=changed
    )  # fmt: skip


def _compare(before: Publication, current: Publication, places: Sequence[int]) -> list[Checked]:
    """Figures of an older publication, by their place in it, held against those of now."""
    old = load_every(before).iloc[list(places)]
    every = load_every(current)
    same = every[every["indicator"].isin(set(old["indicator"])) & every["area"].isin(set(old["area"]))]
    new = {_key(row): row for row in list_rows(same)}
    return [_judge(row, new.get(_key(row)), before, current) for row in list_rows(old)]


def _key(row: Row) -> tuple[object, ...]:
    return (*(row[name] for name in FIGURE_KEY), pd.notna(row["estimated"]))


def _judge(old: Row, new: Row | None, before: Publication, current: Publication) -> Checked:
    indicators = load_indicators(current)
    known = indicators.get(old["indicator"])
    gone = new is None or known is None
    shown = not gone and new is not None and new["status"] == "shown"
    state = WITHDRAWN if gone or (old["status"] == "shown" and not shown) else _changed(old, new or old)
    value = format_value(float(new["value"]), known.unit, known.decimals) if shown and new and known else ""
    unit = f" {known.unit}" if known and value and known.unit != "%" else ""
    word = STATUS_WORDS["impossible" if shown else str(new["status"])] if new and known else "komt niet meer voor"
    return Checked(
        state=state,
        title=_name(old, before),
        subject=known.title if known else "",
        now=f"{value}{unit}" or word,
        publication=before,
        provisional=bool(shown and new and new["provisional"] is True),
    )


def _changed(old: Row, new: Row) -> str:
    same = old["status"] == new["status"] and all(
        _same(old[name], new[name]) for name in ("value", "numerator", "denominator")
    )
    return CURRENT if same else REVISED


def _same(old: object, new: object) -> bool:
    if pd.isna(old) or pd.isna(new):  # type: ignore[call-overload]
        return bool(pd.isna(old) and pd.isna(new))  # type: ignore[call-overload]
    first, second = float(old), float(new)  # type: ignore[arg-type]
    return abs(first - second) <= TOLERANCE * max(1.0, abs(first))


def _name(row: Row, publication: Publication) -> str:
    """'Jongeren verwezen naar Halt, Velsen, 2025, 12 tot en met 14 jaar'."""
    indicators, labels = load_indicators(publication), load_group_names(publication)
    areas = load_areas(publication)
    name = next(iter(areas.loc[areas["code"] == row["area"], "name"]), row["area"])
    known = indicators.get(row["indicator"])
    groups = [lower_first(str(labels.get((part, row[part]), row[part]))) for part in SPLIT_WORDS if row[part] != "all"]
    return ", ".join([known.title if known else row["indicator"], name, format_period(row["period"]), *groups])


def describe_counts(checked: CheckedSet) -> str:
    """'438 actueel, 2 herzien en 1 ingetrokken'."""
    return join_words(
        [f"{checked.counts[state]} {word}" for state, word in STATE_WORDS.items() if checked.counts[state]]
    )
