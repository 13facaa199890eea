"""Exactly what a page shows, as CSV, XLSX and Parquet. Only shown values; every other state is a Dutch word.

Text can never run as a formula: in CSV a risky first sign gets an apostrophe, in XLSX strings stay strings.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import xlsxwriter
from pyarrow import parquet

from dashboard.format import (
    COUNT_WORDS,
    LABEL_WORDS,
    LEVEL_WORDS,
    PLACE_WORDS,
    STATUS_WORDS,
    describe_direction,
    format_number,
    format_period,
    is_known,
)
from dashboard.indicator import Indicator
from dashboard.receipt import list_receipts
from dashboard.rows import Row, list_rows

RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBERS: Final = ("Waarde", "Ondergrens", "Bovengrens", "Teller", "Noemer")

Sheet = tuple[Sequence[str], Sequence[Sequence[object]]]


def list_figures(
    figures: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    labels: Mapping[tuple[str, str], str],
    *,
    build: str = "",
) -> Sheet:
    """Header and rows of the sheet 'Cijfers'.

    labels  Dutch words of the groups by (dimension, code)
    build   the publication; with it every row carries the code by which the page Controleer knows it
    """
    header = [
        *("Cijfer", "Gebied", "Gebiedscode", "Niveau", "Periode", "Leeftijd", "Geslacht", "Soort"),
        *("Waarde", "Eenheid", "Ondergrens", "Bovengrens", "Teller", "Noemer"),
        *("Status", "Voorlopig", "Vergeleken met de regio", "Ontwikkeling", "Controlecode", "Publicatie"),
    ]
    codes = list_receipts(build, figures) if build else [""] * len(figures)
    rows = [
        [*_list_row(row, indicators[row["indicator"]], labels), code, build]
        for row, code in zip(list_rows(figures), codes, strict=True)
    ]
    return header, rows


def add_definitions(sheet: Sheet, indicators: Mapping[str, Indicator], *, synthetic: bool) -> Sheet:
    """The same sheet with the definition of every figure behind it, for a file that has only one sheet."""
    header, rows = sheet
    words = {one.title: one.definition for one in indicators.values()}
    made_up = "ja" if synthetic else "nee"
    return [*header, "Definitie", "Verzonnen"], [[*row, words.get(str(row[0]), ""), made_up] for row in rows]


def _list_row(row: Row, indicator: Indicator, labels: Mapping[tuple[str, str], str]) -> list[object]:
    shown = row["status"] == "shown"
    rounded = [_number(row, name, indicator.decimals) for name in ("value", "low", "high")]
    groups = [labels.get((dimension, row[dimension]), row[dimension]) for dimension in ("age", "sex", "kind")]
    level = LEVEL_WORDS[row["level"]][0] if row["level"] in LEVEL_WORDS else ""
    place = [row["name"], row["area"], level, format_period(row["period"])]
    counts = [_number(row, name, 0) for name in ("numerator", "denominator")]
    words = (
        [LABEL_WORDS.get(row["label"], ""), describe_direction(row["trend"], row["numerator"])] if shown else ["", ""]
    )
    state = [_describe_state(row), "ja" if row["provisional"] is True else "nee"]
    return [indicator.title, *place, *groups, rounded[0], indicator.unit, *rounded[1:], *counts, *state, *words]


def _describe_state(row: Row) -> str:
    """The status; with it that a figure was brought to the areas of now, and how much of it is an estimate."""
    share = row.get("estimated")
    if row["status"] != "shown" or not is_known(share):
        return STATUS_WORDS[row["status"]]
    how = f"omgerekend, {format_number(100 * float(share), 1)}\u00a0% van de inwoners geschat" if share else "opgeteld"
    return f"{STATUS_WORDS['shown']}, {how}"


def _number(row: Row, column: str, decimals: int) -> float | None:
    return round(float(row[column]), decimals) if row["status"] == "shown" and is_known(row[column]) else None


def list_definitions(indicators: Sequence[Indicator], sources: Mapping[str, str]) -> Sheet:
    """Header and rows of the sheet 'Definities'."""
    header = [
        *("Cijfer", "Definitie", "Teller", "Noemer", "Eenheid", "Leeftijd", "Telt", "Naar plaats", "Bronnen"),
        *("Breuken", "Let op", "Doel", "Grondslag"),
    ]
    rows = [
        [
            *(entry.title, entry.definition, entry.numerator, entry.denominator, entry.unit, entry.age),
            *(COUNT_WORDS.get(entry.counts, entry.counts), PLACE_WORDS.get(entry.geography, entry.geography)),
            ", ".join(sources.get(key, key) for key in entry.sources),
            " ".join(f"{start}: {text}." for start, text in entry.breaks),
            *(" ".join(entry.caveats), entry.purpose, entry.legal_basis),
        ]
        for entry in indicators
    ]
    return header, rows


def write_csv(sheet: Sheet) -> bytes:
    """Dutch CSV that Excel opens as it is: UTF-8 with BOM, semicolons, decimal comma."""
    header, rows = sheet
    lines = [";".join(_csv_cell(value) for value in row) for row in [header, *rows]]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:.10g}".replace(".", ",")
    text = disarm(str(value)).replace('"', '""')
    return f'"{text}"' if any(sign in text for sign in ';"\n\r') else text


def disarm(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(RISKY) or text.lstrip().startswith(RISKY) else text


def write_xlsx(sheets: Mapping[str, Sheet]) -> bytes:
    """A workbook of plain cells: no formulas, no links; the header stays in view."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for name, (header, rows) in sheets.items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 1)
            for column, title in enumerate(header):
                page.write_string(0, column, title, bold)
                page.set_column(column, column, _width(column, header, rows))
            for line, row in enumerate(rows, start=1):
                _write_row(page, line, row, plain)
    return buffer.getvalue()


def write_parquet(sheet: Sheet, about: Mapping[str, str]) -> bytes:
    """The sheet as a Parquet file: numbers as numbers, everything else as text.

    about  facts that the file itself carries in its metadata: publication, rule, code of the set, definitions
    """
    header, rows = sheet
    columns = {
        name: pa.array(
            [row[place] if name in NUMBERS else str(row[place] or "") for row in rows],
            type=pa.float64() if name in NUMBERS else pa.string(),
        )
        for place, name in enumerate(header)
    }
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns).replace_schema_metadata(dict(about)), buffer, compression="zstd")
    return buffer.getvalue()


def _width(column: int, header: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    longest = max([len(header[column]), *(len(str(row[column])) for row in rows if row[column] is not None)])
    return min(48, max(9, longest + 2))


def _write_row(page: Any, line: int, row: Sequence[object], plain: object) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int | float):
            page.write_number(line, column, value)
        elif value is not None and value != "":
            page.write_string(line, column, str(value), plain)
