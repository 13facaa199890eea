"""Which figures changed since the publication before, by how much and why. Pure.

Only figures that both publications showed are in the table; small changes about persons never are (docs/privacy.md).
"""

from collections.abc import Mapping
from html import escape
from typing import Final

import pandas as pd

from dashboard.export import Sheet
from dashboard.format import SPLIT_WORDS, format_period, format_value, join_words
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows
from dashboard.tables import Cell, Column, draw_table

MOST_ROWS: Final = 40
HEADER: Final = ("Cijfer", "Gebied", "Gebiedscode", "Periode", "Groep", "Was", "Is nu", "Eenheid", "Waarom")


def describe_revisions(revisions: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    """How many figures changed, and for what reasons; or that nothing did."""
    known = revisions[revisions["indicator"].isin(indicators)]
    if known.empty:
        return "Er is geen getoond cijfer veranderd sinds de vorige publicatie, of er is geen vorige publicatie om mee te vergelijken."
    count, titles = len(known), known["indicator"].nunique()
    figures = "1 getoond cijfer is" if count == 1 else f"{count} getoonde cijfers zijn"
    subjects = "1 onderwerp" if titles == 1 else f"{titles} onderwerpen"
    return f"{figures} anders dan in de vorige publicatie, bij {subjects}. Kleine verschillen in aantallen personen staan er niet bij."


def draw_revisions(
    revisions: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    areas: Mapping[str, str],
    labels: Mapping[tuple[str, str], str],
) -> str:
    """Per indicator a folded table: what it was, what it is now and why. A long list is cut, and says so."""
    known = revisions[revisions["indicator"].isin(indicators)]
    return "".join(
        _draw_indicator(indicators[str(key)], rows, areas, labels)
        for key, rows in known.groupby("indicator", sort=False)
    )


def _draw_indicator(
    indicator: Indicator, rows: pd.DataFrame, areas: Mapping[str, str], labels: Mapping[tuple[str, str], str]
) -> str:
    columns = [Column(title="Gebied"), Column(title="Periode"), Column(title="Groep")]
    columns += [Column(title="Was", number=True), Column(title="Is nu", number=True), Column(title="Waarom")]
    cells = [_list_cells(row, indicator, areas, labels) for row in list_rows(rows.head(MOST_ROWS))]
    table = draw_table(columns, cells, caption=f"Veranderd: {indicator.title}, {indicator.unit}")
    more = len(rows) - MOST_ROWS
    rest = f"<p class='jb-note'>Er zijn nog {more} andere. Die staan in de download.</p>" if more > 0 else ""
    reasons = f"<p class='jb-text'>{escape(join_words(sorted(set(rows['reason']))))}</p>"
    size = "1 cijfer" if len(rows) == 1 else f"{len(rows)} cijfers"
    title = f"{escape(indicator.title)} ({escape(indicator.unit)}): {size}"
    return f"<details class='jb-fold'><summary>{title}</summary>{reasons}{table}{rest}</details>"


def _list_cells(
    row: Row, indicator: Indicator, areas: Mapping[str, str], labels: Mapping[tuple[str, str], str]
) -> list[Cell]:
    before, after = (format_value(float(row[name]), indicator.unit, indicator.decimals) for name in ("before", "after"))
    return [
        Cell(text=areas.get(row["area"], row["area"])),
        Cell(text=format_period(row["period"])),
        Cell(text=name_group(row, labels)),
        Cell(text=before),
        Cell(text=after),
        Cell(text=row["reason"]),
    ]


def name_group(row: Row, labels: Mapping[tuple[str, str], str]) -> str:
    """The groups of a figure in words; 'totaal' when it is not split."""
    return (
        join_words([labels.get((name, row[name]), row[name]) for name in SPLIT_WORDS if row[name] != "all"]) or "totaal"
    )


def list_revisions(
    revisions: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    areas: Mapping[str, str],
    labels: Mapping[tuple[str, str], str],
) -> Sheet:
    """Header and rows of all revisions, for a download."""
    known = revisions[revisions["indicator"].isin(indicators)]
    rows = []
    for row in list_rows(known):
        one = indicators[row["indicator"]]
        numbers = [round(float(row[name]), one.decimals) for name in ("before", "after")]
        place = [areas.get(row["area"], row["area"]), row["area"], format_period(row["period"])]
        rows.append([one.title, *place, name_group(row, labels), *numbers, one.unit, row["reason"]])
    return HEADER, rows
