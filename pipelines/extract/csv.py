"""CSV as it is really exported: titles above, `sep=;`, `;;;` at the end, quoted line breaks, a source line below."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from pipelines.contract import Contract
from pipelines.extract.header import SEARCH_LINES, Header, locate_header, no_header
from pipelines.extract.rows import Extract, is_footer, is_synthetic, make_table, number_lines, unreadable
from pipelines.extract.text import read_text

LONGEST_ROW = 50  # physical lines; a longer one is an unclosed quote that swallows rows
_DECLARED = re.compile(r"""\s*["']?sep=([;,|\t])["']?[;,\s]*""", re.IGNORECASE)


def read_csv(file: Path, contract: Contract) -> Extract:
    """Rows of a delimited text file; see `extract`."""
    read = read_text(file, contract)
    text = read.text if "\n" in read.text else read.text.replace("\r", "\n")
    separator = _find_separator(text[:200_000])
    try:
        lines = [cells for _, cells in zip(range(SEARCH_LINES), _split(text, separator), strict=False)]
        header = locate_header(lines, contract)
        if header is None:
            raise no_header(file, contract)
        rows = _fast_rows(text, _offset_of_line(text, separator, header.last), header, separator)
        rows = rows if rows is not None else _exact_rows(file, contract, text, header, separator)
    except csv.Error:
        raise unreadable(
            file, contract, "a cell of more than 131,072 characters, or a quote that is not closed"
        ) from None
    return Extract(
        rows=rows,
        encoding=read.encoding,
        header=header.first + 1,
        synthetic=is_synthetic(file, lines[: header.last + 1]),
        notes=(*read.notes, *header.notes),
    )


def _split(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text), delimiter=separator)


def _find_separator(head: str) -> str:
    """As the first line declares it (`sep=;`), else the one that occurs most."""
    lines = head.splitlines()[:SEARCH_LINES]
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    return declared.group(1) if declared else max(";,\t", key="\n".join(lines).count)


def _offset_of_line(text: str, separator: str, place: int) -> tuple[int, int]:
    """(physical lines up to and including the header, offset of the first character after it)."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    for _ in range(place + 1):
        next(reader)
    offset = 0
    for _ in range(reader.line_num):
        offset = text.index("\n", offset) + 1 if "\n" in text[offset : offset + 1_000_000] else len(text)
    return reader.line_num, offset


def _fast_rows(text: str, start: tuple[int, int], header: Header, separator: str) -> pa.Table | None:
    """All rows at once when every row is one physical line of as many cells; else None."""
    line, offset = start
    body = text[offset:]
    if not body.strip():
        return None
    width = body[: body.find("\n")].count(separator) + 1 if "\n" in body else len(header.names)
    extra = [f"\0{n}" for n in range(width - len(header.names))]
    names = [*header.names, *extra]
    options = arrow_csv.ReadOptions(column_names=names, block_size=8 << 20)
    convert = arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    parse = arrow_csv.ParseOptions(delimiter=separator, ignore_empty_lines=False)
    try:
        rows = arrow_csv.read_csv(io.BytesIO(body.encode("utf-8")), options, parse, convert)
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    is_whole = rows.num_rows == body.count("\n") + (not body.endswith("\n"))
    if not is_whole or _looks_like_footer(rows) or any(_is_filled(rows[name]) for name in extra):
        return None
    return _without_blanks(number_lines(rows.drop_columns(extra) if extra else rows, line + 1))


def _is_filled(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py())


def _looks_like_footer(rows: pa.Table) -> bool:
    """A footer in a one-column file cannot be told from data by its number of cells."""
    first = next((str(cell) for cell in reversed(rows.column(0).slice(max(0, rows.num_rows - 10))) if str(cell)), "")
    return first.casefold().startswith(("bron", "source", "©"))


def _without_blanks(rows: pa.Table) -> pa.Table:
    """`;;;;` is no row."""
    filled = None
    for name in rows.column_names:
        if name not in ("line", "cells_ok"):
            here = pc.not_equal(pc.utf8_trim_whitespace(rows[name]), "")
            filled = here if filled is None else pc.or_(filled, here)
            if pc.all(filled).as_py():
                return rows
    return rows.filter(filled)


def _exact_rows(file: Path, contract: Contract, text: str, header: Header, separator: str) -> pa.Table:
    """Row by row: lines are counted through quoted line breaks, ragged rows are kept and marked."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    for _ in range(header.last + 1):
        next(reader)
    lines, rows, before = [], [], reader.line_num
    for cells in reader:
        if reader.line_num - before > LONGEST_ROW:
            raise unreadable(file, contract, f"a quote is opened at line {before + 1} and not closed")
        if any(cell.strip() for cell in cells) and not is_footer(cells):
            lines.append(before + 1)
            rows.append(cells)
        last, before = before, reader.line_num
    if rows and before - last > 1 and _is_open(text, last, separator):
        raise unreadable(file, contract, f"a quote is opened at line {last + 1} and not closed")
    return make_table(header.names, rows, lines)


def _is_open(text: str, line: int, separator: str) -> bool:
    """Whether the file ends within a quoted cell: then the rows in it would be lost."""
    try:
        list(csv.reader(io.StringIO(text.split("\n", line)[-1]), delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
