"""Figures to tables in HTML: real headers, numbers to the right, words where a number is not shown. Pure.

Everything that comes from a file is escaped here; no other module writes table cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd

from analysis.reading import find_size
from analysis.sizes import USUAL, Sizes
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
from dashboard.sentences import say
from dashboard.states import state_class


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One table cell. `state` is 'shown' or why there is no number; `chip` draws the text as a label, `link` as a link.

    heat  1 to 5: how dark a blue stands behind a number; 0 is none, and who is not shown has none
    bar   low, value, high and benchmark (or -1) as parts of the width, drawn under the text; None draws nothing
    """

    text: str
    state: str = "shown"
    chip: str = ""
    heat: int = 0
    link: str = ""
    about: str = ""
    bar: tuple[float, float, float, float] | None = None


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
    text = escape(cell.text).replace("\n", "<br>") + _draw_bar(cell.bar)
    return f'<span class="jb-chip jb-{escape(cell.chip)}">{text}</span>' if cell.chip else text


def _draw_bar(bar: tuple[float, float, float, float] | None) -> str:
    """An interval as a small bar with a dot; the numbers stand beside it, so it is kept from screen readers."""
    if bar is None:
        return ""
    low, value, high, benchmark = (100 * max(-1.0, min(one, 1.0)) for one in bar)
    line = f'<i class="jb-rest" style="left:{benchmark:.1f}%"></i>' if benchmark >= 0 else ""
    return (
        f'<span class="jb-range" aria-hidden="true"><i style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
        f'<b style="left:{value:.1f}%"></b>{line}</span>'
    )


def _number_class(column: Column) -> str:
    return ' class="jb-number"' if column.number else ""


def _cell_class(column: Column, cell: Cell) -> str:
    if cell.state != "shown":
        return f' class="jb-state {state_class(cell.state)}"'
    if cell.heat:
        return f' class="jb-number jb-heat-{cell.heat}"'
    return _number_class(column)


TOO_FEW: Final = say("label.few")


def value_cell(row: Row, indicator: Indicator) -> Cell:
    """The value of a figure, or the word for why there is none; a star marks a provisional one."""
    status, value = str(row["status"]), row["value"]
    text = format_status(status, float(value) if status == "shown" else None, indicator.unit, indicator.decimals)
    star = "*" if status == "shown" and row["provisional"] is True else ""
    return Cell(text=text + star, state=status)


def interval_cell(row: Row, indicator: Indicator, *, top: float = 0.0, sizes: Sizes = USUAL) -> Cell:
    """'tussen 3,1 en 9,0', only where the figure is shown and has an interval; 'onzeker' on a small count.

    top  the value at the right end of the small bar under the words; 0 draws no bar
    """
    if row["status"] != "shown" or not is_known(row["low"]) or not is_known(row["high"]):
        return Cell(text="")
    low, high = (format_value(float(row[end]), indicator.unit, indicator.decimals) for end in ("low", "high"))
    unsure = "\nonzeker" if is_uncertain(row, indicator, sizes) else ""
    return Cell(text=f"tussen {low} en {high}{unsure}", bar=_place_bar(row, top) if top else None)


def is_uncertain(row: Row, indicator: Indicator, sizes: Sizes = USUAL) -> bool:
    """Whether a shown figure hangs on so few cases that a label at 95 % may not be said."""
    if row["status"] != "shown" or not is_known(row["numerator"]):
        return False
    people = row["denominator"] if is_known(row["denominator"]) else float("nan")
    size = find_size(row["numerator"], people, is_share=indicator.is_share, rounding=indicator.rounding)
    return bool(size < sizes.possibly)


def _place_bar(row: Row, top: float) -> tuple[float, float, float, float]:
    rest = float(row["benchmark"]) if is_known(row.get("benchmark")) else -top
    low, value, high = (float(row[name]) / top for name in ("low", "value", "high"))
    return low, value, high, rest / top


def find_top(figures: pd.DataFrame, sizes: Sizes = USUAL) -> float:
    """Where the small bars of a table end: room for every figure that can be compared; 0 when nothing is shown.

    The interval of a figure of a few cases may run out of its cell: its numbers stand beside it.
    """
    shown = figures[(figures["status"] == "shown") & figures["high"].notna()]
    sure = shown[shown["numerator"] >= sizes.label]
    return float((sure if len(sure) else shown)["high"].max()) or 1.0 if len(shown) else 0.0


def label_cell(row: Row, sizes: Sizes = USUAL) -> Cell:
    """The comparison with the region in words, with a quiet colour behind it."""
    label = row.get("label")
    if row["status"] != "shown" or row["level"] == "region":
        return Cell(text="")
    if not isinstance(label, str):
        few = is_known(row["numerator"]) and row["numerator"] < sizes.label
        return Cell(text=TOO_FEW, chip="cannot-tell") if few else Cell(text="")
    return Cell(text=LABEL_WORDS[label], chip=label.replace("_", "-"))


def count_cell(row: Row, column: str) -> Cell:
    """A numerator or denominator as a whole number, only where the figure is shown."""
    value = row[column]
    known = row["status"] == "shown" and is_known(value)
    return Cell(text=format_number(float(value)) if known else "")


def draw_figures(
    figures: pd.DataFrame, indicator: Indicator, *, first: str, caption: str, bars: bool = False, sizes: Sizes = USUAL
) -> str:
    """One row per figure: `first` names the leading column ('name'); value, interval, counts and comparison.

    bars   draw each interval as a small bar in its cell too, all to one scale
    sizes  from how many cases a figure carries a label
    """
    top = find_top(figures, sizes) if bars else 0.0
    columns = [
        Column(title=first),
        Column(title=capitalise(indicator.unit), number=True),
    ]
    shown = figures[figures["status"] == "shown"]
    margins = bool(shown["low"].notna().any())
    if margins:
        columns.append(Column(title="Ligt waarschijnlijk"))
    counts = bool(shown["denominator"].notna().any())
    labels = bool(shown["label"].notna().any())
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
            cells.append(interval_cell(row, indicator, top=top, sizes=sizes))
        if labels:
            cells.append(label_cell(row, sizes))
        if counts:
            cells += [count_cell(row, "numerator"), count_cell(row, "denominator")]
        rows.append(cells)
    return draw_table(columns, rows, caption=caption)


def draw_smoothed(counted: pd.DataFrame, smoothed: pd.DataFrame, indicator: Indicator, *, caption: str) -> str:
    """Smoothed figures beside those that were counted, for the same areas in the same order; both only where shown."""
    columns = [
        Column(title="Gebied"),
        Column(title=f"{capitalise(indicator.unit)}, geteld", number=True),
        Column(title="Afgevlakt", number=True),
        Column(title="Afgevlakt ligt waarschijnlijk"),
    ]
    rows = []
    for row, other in zip(list_rows(counted), list_rows(smoothed), strict=True):
        known = row["status"] == "shown" and is_known(other["value"])
        text = format_value(float(other["value"]), indicator.unit, indicator.decimals) if known else ""
        rows.append(
            [
                Cell(text=str(row["heading"])),
                value_cell(row, indicator),
                Cell(text=text),
                interval_cell({**other, "numerator": None}, indicator),
            ]
        )
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
