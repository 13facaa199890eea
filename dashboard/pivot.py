"""A pivot table of published figures: what stands in the rows and what in the columns. Pure.

Every cell is one published figure or one word. Where two figures would fall into one cell, nothing is added up: a
dimension with more than one value is always a row or a column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Final

import pandas as pd

from dashboard.division import year_of
from dashboard.format import STATUS_WORDS, capitalise, format_period, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows
from dashboard.tables import Cell, Column, count_cell, draw_table, interval_cell, value_cell

DIMENSIONS: Final = {
    "subject": "Cijfer", "place": "Gebied", "when": "Periode", "age_group": "Leeftijd", "sex_group": "Geslacht",
    "kind_group": "Soort",
}  # fmt: skip
GROUPS: Final = {"age_group": "age", "sex_group": "sex", "kind_group": "kind"}
MEASURES: Final = {"value": "Waarde", "numerator": "Aantal (teller)", "denominator": "Noemer", "interval": "Marge"}
MOST_CELLS: Final = 1_200
ABSENT: Final = Cell(text="geen cijfer", state="missing")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Dimensions in the rows, outermost first; the one in the columns ('' for none); and what a cell says."""

    rows: tuple[str, ...]
    column: str
    measure: str = "value"


def name_dimensions(
    figures: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    areas: Mapping[str, str],
    labels: Mapping[tuple[str, str], str],
) -> pd.DataFrame:
    """The figures with the words of every dimension, sorted: as chosen, by area, in time, as the code list.

    areas  names by code, in the order in which they must stand
    """
    place, order = list(areas), {key: number for number, key in enumerate(labels)}
    named = figures.assign(
        subject=[name_subject(indicators[key]) for key in figures["indicator"]],
        place=_name_places(figures, areas),
        when=[format_period(period) for period in figures["period"]],
        **{name: _name_groups(figures, code, labels) for name, code in GROUPS.items()},
        order_place=[place.index(code) if code in areas else len(place) for code in figures["area"]],
        order_when=[f"{year_of(period):04d} {period}" for period in figures["period"]],
        **{f"order_{name}": [order.get((code, one), 999) for one in figures[code]] for name, code in GROUPS.items()},
        order_subject=[list(indicators).index(key) for key in figures["indicator"]],
    )
    return named.sort_values([f"order_{name}" for name in DIMENSIONS], kind="stable", ignore_index=True)


def _name_places(figures: pd.DataFrame, areas: Mapping[str, str]) -> list[str]:
    """The short name of an area where only one area here has it; else the one that says where it lies."""
    distinct = figures.drop_duplicates("area")
    once = set(distinct.loc[~distinct["name"].duplicated(keep=False) & (distinct["level"] != "region"), "area"])
    return [row["name"] if row["area"] in once else areas.get(row["area"], row["name"]) for row in list_rows(figures)]


def name_subject(indicator: Indicator) -> str:
    """The title with its unit: 'Misdrijven (per 1.000 inwoners)'."""
    return (
        indicator.title if indicator.unit == lower_first(indicator.title) else f"{indicator.title} ({indicator.unit})"
    )


def _name_groups(figures: pd.DataFrame, dimension: str, labels: Mapping[tuple[str, str], str]) -> list[str]:
    return [capitalise(labels.get((dimension, code), "Alle" if code == "all" else code)) for code in figures[dimension]]


def list_varying(figures: pd.DataFrame) -> list[str]:
    """The dimensions with more than one value: each must be a row or a column."""
    return [name for name in DIMENSIONS if figures[name].nunique() > 1]


def lay_out(figures: pd.DataFrame, *, row: str = "", column: str = "", measure: str = "value") -> Layout:
    """Place every dimension that varies: as asked where it can be, else periods across and the rest down."""
    varying = list_varying(figures)
    first = row if row in varying else ""
    free = [name for name in varying if name != first]
    wished = [column, "when", "age_group", "sex_group", "subject", "kind_group"]
    across = next((name for name in wished if name in free), "") if len(varying) > 1 else ""
    down = [name for name in varying if name != across]
    down.sort(key=lambda name: name != first)
    return Layout(rows=tuple(down) or ("place",), column=across, measure=measure)


def draw_pivot(figures: pd.DataFrame, indicators: Mapping[str, Indicator], layout: Layout, *, caption: str) -> str:
    """The table; a long one is cut at whole rows, see `describe_cut`. Several subjects on top get a table each."""
    figures = figures.sort_values([f"order_{name}" for name in layout.rows], kind="stable")
    across = _list_across(figures, layout)
    cells = {_address(row, layout): _draw_cell(row, indicators, layout.measure) for row in list_rows(figures)}
    heads = list(dict.fromkeys(address[0] for address in cells))[: _most_rows(len(across))]

    def draw(names: tuple[str, ...], part: Sequence[tuple[str, ...]], title: str) -> str:
        columns = [Column(title=DIMENSIONS[name]) for name in names]
        columns += [Column(title=capitalise(word), number=True) for word in across]
        body = [
            [*(Cell(text=word) for word in head[-len(names) :]), *(cells.get((head, word), ABSENT) for word in across)]
            for head in part
        ]
        return draw_table(columns, body, caption=title, sticky=True)

    if layout.rows[0] != "subject" or len(layout.rows) == 1:
        return draw(layout.rows, heads, caption)
    parts = [(title, list(part)) for title, part in groupby(heads, key=lambda head: head[0])]
    return "".join(f"<h4>{escape(title)}</h4>{draw(layout.rows[1:], part, title)}" for title, part in parts)


def _list_across(figures: pd.DataFrame, layout: Layout) -> list[str]:
    if not layout.column:
        return [MEASURES[layout.measure]]
    return list(dict.fromkeys(figures.sort_values(f"order_{layout.column}", kind="stable")[layout.column]))


def _most_rows(across: int) -> int:
    return max(1, MOST_CELLS // max(1, across))


def _address(row: Row, layout: Layout) -> tuple[tuple[str, ...], str]:
    across = str(row[layout.column]) if layout.column else MEASURES[layout.measure]
    return tuple(str(row[name]) for name in layout.rows), across


def _draw_cell(row: Row, indicators: Mapping[str, Indicator], measure: str) -> Cell:
    indicator = indicators[row["indicator"]]
    if measure == "value" or row["status"] != "shown":
        return value_cell(row, indicator)
    cell = interval_cell(row, indicator) if measure == "interval" else count_cell(row, measure)
    return cell if cell.text else Cell(text="niet van toepassing", state="missing")


def describe_cut(figures: pd.DataFrame, layout: Layout) -> str:
    """That the table on the screen is cut, when it is; the downloads never are."""
    across = figures[layout.column].nunique() if layout.column else 1
    rows = len(figures[list(layout.rows)].drop_duplicates())
    most = _most_rows(across)
    return (
        f"De tabel toont de eerste {most} van de {rows} rijen. In de download staan ze allemaal." if rows > most else ""
    )


def describe_counts(figures: pd.DataFrame) -> str:
    """How many figures there are in each state, in words."""
    sizes = figures["status"].value_counts()
    parts = [f"{sizes[status]} {words}" for status, words in STATUS_WORDS.items() if sizes.get(status)]
    return f"{len(figures)} cijfers: {', '.join(parts)}." if len(figures) > 1 else ""
