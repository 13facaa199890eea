"""Figures to tables in HTML: real headers, numbers to the right, words where a number is not shown. Pure.

Everything that comes from a file is escaped here; no other module writes table cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd

from dashboard.change import COMPARABLE_FROM
from dashboard.format import (
    LABEL_WORDS,
    capitalise,
    format_number,
    format_period,
    format_status,
    format_value,
    is_known,
)
from dashboard.indicator import Indicator
from dashboard.links import draw_link
from dashboard.rows import Row, list_rows
from dashboard.states import state_class


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One table cell. `state` is 'shown' or why there is no number; `chip` draws the text as a label, `link` as a link.

    heat  1 to 5: how dark a blue stands behind a number; 0 is none, and who is not shown has none
    """

    text: str
    state: str = "shown"
    chip: str = ""
    heat: int = 0
    link: str = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its header, and whether it holds numbers."""

    title: str
    number: bool = False


def draw_table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, caption: str, sticky: bool = False) -> str:
    """A table in HTML. The first cell of each row is its header; on a small screen the table scrolls, not the page.

    sticky  the first column stays in sight while the rest scrolls
    """
    head = "".join(f'<th scope="col"{_number_class(column)}>{escape(column.title)}</th>' for column in columns)
    body = "".join(f"<tr>{_draw_row(columns, row)}</tr>" for row in rows)
    title = f'<caption class="jb-unseen">{escape(caption)}</caption>'
    table = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    look = "jb-table jb-sticky" if sticky else "jb-table"
    return f'<div class="{look}" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}">{table}</div>'


def _draw_row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    header = f'<th scope="row">{_draw_text(row[0])}</th>'
    pairs = zip(columns[1:], row[1:], strict=True)
    return header + "".join(f"<td{_cell_class(column, cell)}>{_draw_text(cell)}</td>" for column, cell in pairs)


def _draw_text(cell: Cell) -> str:
    if cell.link:
        return draw_link(cell.link, cell.text, about=cell.about)
    text = escape(cell.text).replace("\n", "<br>")
    return f'<span class="jb-chip jb-{escape(cell.chip)}">{text}</span>' if cell.chip else text


def _number_class(column: Column) -> str:
    return ' class="jb-number"' if column.number else ""


def _cell_class(column: Column, cell: Cell) -> str:
    if cell.state != "shown":
        return f' class="jb-state {state_class(cell.state)}"'
    if cell.heat:
        return f' class="jb-number jb-heat-{cell.heat}"'
    return _number_class(column)


TOO_FEW: Final = "te weinig gevallen om te vergelijken"


def value_cell(row: Row, indicator: Indicator) -> Cell:
    """The value of a figure, or the word for why there is none; a star marks a provisional one."""
    status, value = str(row["status"]), row["value"]
    text = format_status(status, float(value) if status == "shown" else None, indicator.unit, indicator.decimals)
    star = "*" if status == "shown" and row["provisional"] is True else ""
    return Cell(text=text + star, state=status)


def interval_cell(row: Row, indicator: Indicator) -> Cell:
    """'tussen 3,1 en 9,0', only where the figure is shown and has an interval."""
    if row["status"] != "shown" or not is_known(row["low"]) or not is_known(row["high"]):
        return Cell(text="")
    low, high = (format_value(float(row[end]), indicator.unit, indicator.decimals) for end in ("low", "high"))
    return Cell(text=f"tussen {low} en {high}")


def label_cell(row: Row) -> Cell:
    """The comparison with the region in words, with a quiet colour behind it."""
    label = row.get("label")
    if row["status"] != "shown" or row["level"] == "region":
        return Cell(text="")
    if not isinstance(label, str):
        few = is_known(row["numerator"]) and row["numerator"] < COMPARABLE_FROM
        return Cell(text=TOO_FEW, chip="cannot-tell") if few else Cell(text="")
    return Cell(text=LABEL_WORDS[label], chip=label.replace("_", "-"))


def count_cell(row: Row, column: str) -> Cell:
    """A numerator or denominator as a whole number, only where the figure is shown."""
    value = row[column]
    known = row["status"] == "shown" and is_known(value)
    return Cell(text=format_number(float(value)) if known else "")


def draw_figures(figures: pd.DataFrame, indicator: Indicator, *, first: str, caption: str) -> str:
    """One row per figure: `first` names the leading column ('name'); value, interval, counts and comparison."""
    columns = [
        Column(title=first),
        Column(title=capitalise(indicator.unit), number=True),
    ]
    margins = bool(figures["low"].notna().any())
    if margins:
        columns.append(Column(title="Ligt waarschijnlijk"))
    counts = bool(figures["denominator"].notna().any())
    labels = bool(figures["label"].notna().any())
    if labels:
        columns.append(Column(title="Vergeleken met de regio"))
    if counts:
        columns += [
            Column(title=capitalise(indicator.numerator), number=True),
            Column(title=capitalise(indicator.denominator), number=True),
        ]
    rows = []
    for row in list_rows(figures):
        cells = [Cell(text=str(row["heading"])), value_cell(row, indicator)]
        if margins:
            cells.append(interval_cell(row, indicator))
        if labels:
            cells.append(label_cell(row))
        if counts:
            cells += [count_cell(row, "numerator"), count_cell(row, "denominator")]
        rows.append(cells)
    return draw_table(columns, rows, caption=caption)


def draw_periods(figures: pd.DataFrame, indicator: Indicator, *, caption: str) -> str:
    """Periods down, series across: the twin of a trend chart with several lines."""
    names = list(dict.fromkeys(figures["series"]))
    columns = [Column(title="Periode"), *(Column(title=name, number=True) for name in names)]
    by_place = {(str(row["period"]), str(row["series"])): value_cell(row, indicator) for row in list_rows(figures)}
    absent = Cell(text="geen cijfer", state="missing")
    rows = [
        [Cell(text=format_period(period)), *(by_place.get((period, name), absent) for name in names)]
        for period in sorted(figures["period"].unique(), reverse=True)
    ]
    return draw_table(columns, rows, caption=caption)


def draw_frame(frame: pd.DataFrame, titles: dict[str, str], *, numbers: Sequence[str] = (), caption: str) -> str:
    """Any frame of ready texts and whole numbers as a table; `titles` picks and names the columns."""
    columns = [Column(title=title, number=name in numbers) for name, title in titles.items()]
    rows = [[Cell(text=_plain(row[name])) for name in titles] for row in list_rows(frame)]
    return draw_table(columns, rows, caption=caption)


def _plain(value: object) -> str:
    if not is_known(value):
        return ""
    return format_number(float(value)) if isinstance(value, int | float) else str(value)


def draw_list(sentences: Sequence[str], *, empty: str) -> str:
    """Sentences as a list in HTML; without any, the sentence `empty`."""
    if not sentences:
        return f'<p class="jb-lead">{escape(empty)}</p>'
    return '<ul class="jb-list">' + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"
