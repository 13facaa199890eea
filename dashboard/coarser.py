"""What a coarser table of the same figure shows: the next steps up, counted in this publication itself. Pure.

Only tables that are published are named: of what nobody published nothing can be told without making it public.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from dashboard.format import LEVEL_WORDS, PERIOD_KIND_WORDS, SPLIT_WORDS, format_number, join_words

LONGER: Final[Mapping[str, str]] = {"quarter": "year", "month": "quarter", "half_year": "year"}
UP: Final[Mapping[str, str]] = {
    "neighbourhood": "district", "district": "municipality", "municipality": "region",
}  # fmt: skip
NONE: Final = "Er is geen grovere tabel."


def describe_coarser(row: "pd.Series[Any]", audit: pd.DataFrame) -> str:
    """The tables one step coarser than this one, each with the share that is shown; a sentence when there is none.

    audit  indicator, level, split, period_kind, figures, shown
    """
    steps = []
    for words, wanted in _steps(row):
        same = audit["indicator"] == row["indicator"]
        for name, value in wanted.items():
            same &= audit[name] == value
        if same.any():
            figures, shown = int(audit.loc[same, "figures"].sum()), int(audit.loc[same, "shown"].sum())
            steps.append(f"{words}: {format_number(100 * shown // figures)} %")
    return "; ".join(steps) or NONE


def _steps(row: "pd.Series[Any]") -> Iterator[tuple[str, dict[str, str]]]:
    """The words for one step up in split, area and period, and the table that it leads to."""
    here = {name: str(row[name]) for name in ("level", "split", "period_kind")}
    names = [name for name in here["split"].split(",") if name]
    for dropped in names:
        left = [name for name in names if name != dropped]
        words = f"alleen naar {join_words([SPLIT_WORDS[name] for name in left])}" if left else "zonder uitsplitsing"
        yield words, here | {"split": ",".join(left)}
    if here["level"] in UP:
        above = UP[here["level"]]
        yield f"per {LEVEL_WORDS[above][0]}", here | {"level": above}
    if here["period_kind"] in LONGER:
        longer = LONGER[here["period_kind"]]
        yield f"per {PERIOD_KIND_WORDS[longer]}", here | {"period_kind": longer}
