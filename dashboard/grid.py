"""Figures by area and kind as one table: areas down, kinds across, with a shade behind the number if asked. Pure.

The word in a cell that has no number is the same as everywhere; a shade is only behind a number that is shown.
"""

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows
from dashboard.tables import Cell, Column, draw_table, value_cell

SHADES = 5


def draw_grid(
    figures: pd.DataFrame,
    indicator: Indicator,
    *,
    across: Mapping[str, str],
    first: str,
    caption: str,
    by: str = "kind",
    shaded: Iterable[str] = (),
    own: str = "",
) -> str:
    """A table in HTML: one row per `heading`, in the order of the figures.

    figures  heading, status, value, provisional and the column `by`, that says in which column a figure stands
    across   titles of the columns by the values of `by`
    shaded   the columns with a shade: the darker, the higher, on one scale for all of them
    own      the word for a cell that cannot occur (an area by itself)
    """
    columns = [Column(title=first), *(Column(title=title, number=True) for title in across.values())]
    shaded = tuple(shaded)
    top = find_top(figures[figures[by].isin(shaded)])
    cells = {
        (row["heading"], row[by]): _draw_cell(row, indicator, top if row[by] in shaded else 0.0, own)
        for row in list_rows(figures)
    }
    absent = Cell(text="geen cijfer", state="missing")
    rows = [
        [Cell(text=str(heading)), *(cells.get((heading, code), absent) for code in across)]
        for heading in dict.fromkeys(figures["heading"])
    ]
    return draw_table(columns, rows, caption=caption, sticky=True)


def find_top(figures: pd.DataFrame) -> float:
    """The highest value that is shown; 0 without any."""
    return max((float(value) for value in figures.loc[figures["status"] == "shown", "value"]), default=0.0)


def _draw_cell(row: Row, indicator: Indicator, top: float, own: str) -> Cell:
    cell = value_cell(row, indicator)
    if row["status"] == "impossible" and own:
        return Cell(text=own, state="impossible")
    if row["status"] != "shown" or not top:
        return cell
    return Cell(text=cell.text, heat=math.ceil(SHADES * float(row["value"]) / top))


def name_kinds(labels: Mapping[tuple[str, str], str], codes: Iterable[str]) -> dict[str, str]:
    """Words of kinds by code, in the order of the code list, for the codes that occur."""
    present = set(codes)
    known = {code: words for (dimension, code), words in labels.items() if dimension == "kind" and code in present}
    return known | {code: code for code in sorted(present - set(known))}
