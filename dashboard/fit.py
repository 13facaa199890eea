"""Which chart fits a choice: the question decides. Pure.

In time: lines, or many small ones. One period: bars. Two figures of the same areas: dots. Else only the table.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from dashboard.division import year_of
from dashboard.rows import Row, list_rows

LINES_MOST: Final = 6
SMALL_MOST: Final = 80
BARS_MOST: Final = 60
PAIRS_LEAST: Final = 3
CHARTS: Final = {
    "dots": "Twee cijfers tegen elkaar (stippen)",
    "lines": "Lijnen",
    "small": "Kleine grafieken",
    "bars": "Staven",
    "apart": "Elk cijfer apart",
    "none": "Alleen de tabel",
}
BELONGS: Final = ("area", "age", "sex", "kind")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two shown figures of one area, period and group: `x` of the first indicator, `y` of the second."""

    x: Row
    y: Row


def name_series(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with `series`, `name` and `heading`: the words of what varies beside the period and the subject."""
    names = [name for name in ("place", "age_group", "sex_group", "kind_group") if figures[name].nunique() > 1]
    words = figures[names or ["place"]].agg(", ".join, axis=1) if len(figures) else pd.Series(dtype=str)
    return figures.assign(series=words, name=words, heading=words)


def list_charts(figures: pd.DataFrame) -> list[str]:
    """The charts that fit, the best first; always also none."""
    subjects = figures["indicator"].nunique()
    if subjects > 1:
        dots = ["dots"] if subjects == 2 and len(list_pairs(figures)) >= PAIRS_LEAST else []
        return [*dots, "apart", "none"]
    series, periods = len(figures[list(BELONGS)].drop_duplicates()), figures["period"].nunique()
    if periods > 1:
        return [*(["lines"] if series <= LINES_MOST else []), "small", "none"]
    return ["bars", "none"] if 1 < series <= BARS_MOST else ["none"]


def list_pairs(figures: pd.DataFrame) -> list[Pair]:
    """The two indicators of a selection, area by area, year by year and group by group, where both are shown.

    A school year stands beside the year in which it ends. An indicator that is not split stands beside every group.
    """
    first, second = list(dict.fromkeys(figures["indicator"]))[:2]
    shown = figures[figures["status"] == "shown"]
    ys: dict[tuple[object, ...], Row] = {_key(row): row for row in list_rows(shown[shown["indicator"] == second])}
    xs = list_rows(shown[shown["indicator"] == first])
    split = {key[2:] for key in ys} != {("all", "all", "all")}
    pairs = [(row, _find(ys, _key(row))) for row in xs]
    if split and all(_key(row)[2:] == ("all", "all", "all") for row in xs):
        by_place = {_key(row)[:2]: row for row in xs}
        return [Pair(x=by_place[key[:2]], y=row) for key, row in ys.items() if key[:2] in by_place]
    return [Pair(x=x, y=y) for x, y in pairs if y]


def _key(row: Row) -> tuple[object, ...]:
    part = row["period"][4:] if "/" not in row["period"] else ""
    return row["area"], f"{year_of(row['period'])}{part}", row["age"], row["sex"], row["kind"]


def _find(rows: dict[tuple[object, ...], Row], key: tuple[object, ...]) -> Row | None:
    return rows.get(key) or rows.get((*key[:2], "all", "all", "all"))
