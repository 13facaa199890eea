"""From a delivered file to text rows with their line numbers: CSV, XLSX, Parquet and CBS OData (JSON).

Nothing is interpreted here: every cell stays the text that was delivered. What had to be assumed to read it
(encoding, separator, where the header is) goes into the receipt.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
from pyarrow import parquet
from python_calamine import CalamineError, CalamineWorkbook

from pipelines.contract import Contract, match_columns
from pipelines.errors import ContractError

SEARCH_LINES = 40  # a header stands within the first lines of a file
LARGEST_UNPACKED = 500_000_000  # bytes; an XLSX that unpacks to more is refused
SYNTHETIC_MARK = "synthetisch"


@dataclass(frozen=True, kw_only=True)
class Extract:
    """A file as text.

    rows       one text column per header, `line` (int64: first physical line or sheet row) and `cells_ok`
    encoding   how the bytes were read: utf-8, utf-8-sig, cp1252, or the format's name
    header     line of the header
    synthetic  whether the file says that it is synthetic
    """

    rows: pa.Table
    encoding: str
    header: int
    synthetic: bool


def extract(file: Path, contract: Contract) -> Extract:
    """Read a delivered file.

    raises  ContractError when it cannot be read, or no header of the contract is found in its first lines
    """
    readers = {
        ".csv": _from_csv,
        ".txt": _from_csv,
        ".xlsx": _from_xlsx,
        ".parquet": _from_parquet,
        ".json": _from_json,
    }
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise _unreadable(
            file, contract, f"format '{file.suffix}' is not read; deliver csv, xlsx, parquet or OData json"
        )
    return reader(file, contract)


def decode(content: bytes) -> tuple[str, str]:
    """Text and encoding: UTF-8 (with or without BOM) when it is valid, else cp1252.

    raises  UnicodeDecodeError when it is neither
    """
    for encoding in ("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnicodeDecodeError("cp1252", content[:1], 0, 1, "neither UTF-8 nor cp1252")


def find_header(lines: Iterable[Sequence[str]], contract: Contract) -> int | None:
    """Index of the line that holds most columns of the contract (at least two thirds of the required ones)."""
    needed = sum(column.required for column in contract.columns)
    best, place = 0, None
    for index, cells in enumerate(lines):
        found = match_columns(contract, [str(cell) for cell in cells])
        if len(found) > best:
            best, place = len(found), index
    return place if best * 3 >= needed * 2 else None


def _from_csv(file: Path, contract: Contract) -> Extract:
    content = file.read_bytes()
    try:
        text, encoding = decode(content)
    except UnicodeDecodeError:
        raise _unreadable(file, contract, "neither UTF-8 nor cp1252; deliver it as UTF-8") from None
    head = text[:200_000]
    separator = _find_separator(head)
    lines = [
        line for _, line in zip(range(SEARCH_LINES), csv.reader(io.StringIO(head), delimiter=separator), strict=False)
    ]
    place = find_header(lines, contract)
    if place is None:
        raise _no_header(file, contract)
    body_start = _offset_of_line(text, separator, place)
    header = _unique([cell.strip() for cell in lines[place]])
    rows = _fast_rows(text, body_start, header, separator)
    if rows is None:
        rows = _exact_rows(text, place, header, separator)
    return Extract(rows=rows, encoding=encoding, header=place + 1, synthetic=_is_synthetic(file, lines[: place + 1]))


def _find_separator(head: str) -> str:
    first = "\n".join(head.splitlines()[:SEARCH_LINES])
    return max(";,\t", key=first.count)


def _offset_of_line(text: str, separator: str, place: int) -> tuple[int, int]:
    """(physical lines up to and including the header, offset of the first character after it)."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    for _ in range(place + 1):
        next(reader)
    offset = 0
    for _ in range(reader.line_num):
        offset = text.index("\n", offset) + 1 if "\n" in text[offset : offset + 1_000_000] else len(text)
    return reader.line_num, offset


def _fast_rows(text: str, start: tuple[int, int], header: list[str], separator: str) -> pa.Table | None:
    """All rows at once when every row is one physical line of as many cells as the header; else None."""
    line, offset = start
    body = text[offset:]
    if not body.strip() or '""' in header:
        return None
    options = arrow_csv.ReadOptions(column_names=header, block_size=8 << 20)
    convert = arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
    parse = arrow_csv.ParseOptions(delimiter=separator, ignore_empty_lines=False)
    try:
        rows = arrow_csv.read_csv(io.BytesIO(body.encode("utf-8")), options, parse, convert)
    except pa.ArrowInvalid:
        return None
    if rows.num_rows != body.count("\n") + (not body.endswith("\n")) or _looks_like_footer(rows):
        return None
    return _with_lines(rows, range(line + 1, line + 1 + rows.num_rows))


def _looks_like_footer(rows: pa.Table) -> bool:
    """A footer in a one-column file cannot be told from data by its number of cells."""
    return str(rows.column(0)[-1]).casefold().startswith(("bron", "©"))


def _exact_rows(text: str, place: int, header: list[str], separator: str) -> pa.Table:
    """Row by row: lines are counted through quoted line breaks, ragged rows are kept and marked."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    for _ in range(place + 1):
        next(reader)
    lines, rows, before = [], [], reader.line_num
    for cells in reader:
        if any(cell.strip() for cell in cells) and not _is_footer(cells):
            lines.append(before + 1)
            rows.append(cells)
        before = reader.line_num
    return _table(header, rows, lines)


def _from_xlsx(file: Path, contract: Contract) -> Extract:
    try:
        _refuse_bomb(file, contract)
        sheets = CalamineWorkbook.from_path(str(file))
        cells = [sheets.get_sheet_by_index(n).to_python(skip_empty_area=False) for n in range(len(sheets.sheet_names))]
    except (CalamineError, zipfile.BadZipFile, OSError):
        raise _unreadable(
            file, contract, "no readable XLSX (protected by a password, damaged, or another format)"
        ) from None
    for sheet in cells:
        texts = [[_cell_text(cell) for cell in row] for row in sheet]
        place = find_header(texts[:SEARCH_LINES], contract)
        if place is not None:
            header = _unique([cell.strip() for cell in texts[place]])
            body = [(n, row) for n, row in enumerate(texts[place + 1 :], place + 2) if any(row) and not _is_footer(row)]
            rows = _table(header, [row for _, row in body], [n for n, _ in body])
            return Extract(
                rows=rows, encoding="xlsx", header=place + 1, synthetic=_is_synthetic(file, texts[: place + 1])
            )
    raise _no_header(file, contract)


def _refuse_bomb(file: Path, contract: Contract) -> None:
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise _unreadable(file, contract, "unpacks to more than 500 MB; deliver it as csv")


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())[:10]
    return str(cell)


def _from_parquet(file: Path, contract: Contract) -> Extract:
    try:
        table = parquet.read_table(file)
    except (pa.ArrowInvalid, OSError):
        raise _unreadable(file, contract, "no readable Parquet") from None
    if find_header([table.column_names], contract) is None:
        raise _no_header(file, contract)
    rows = pa.table({name: _text_column(table.column(name)) for name in table.column_names})
    return Extract(
        rows=_with_lines(rows, range(1, rows.num_rows + 1)),
        encoding="parquet",
        header=0,
        synthetic=_is_synthetic(file, []),
    )


def _text_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text; whole numbers stored as floating point (pandas with gaps) lose their `.0`."""
    if pa.types.is_floating(column.type):
        values = column.to_pandas()
        whole = values.dropna().mod(1).eq(0).all()
        return pa.chunked_array(
            [pa.array(values.astype("Int64") if whole else values, from_pandas=True).cast(pa.string())]
        )
    return column.cast(pa.string())


def _from_json(file: Path, contract: Contract) -> Extract:
    """CBS OData v3 (`value`) as landed, or a plain list of records."""
    try:
        text, encoding = decode(file.read_bytes())
        content = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise _unreadable(file, contract, "no readable JSON") from None
    records = content.get("value") if isinstance(content, dict) else content
    if not isinstance(records, list) or not records or not all(isinstance(record, dict) for record in records):
        raise _unreadable(file, contract, "no OData answer: a list of records under 'value' is expected")
    header = list(records[0])
    if find_header([header], contract) is None:
        raise _no_header(file, contract)
    rows = [[None if record.get(name) is None else str(record[name]) for name in header] for record in records]
    mark = _is_synthetic(
        file, [[str(value) for key, value in content.items() if key != "value"]] if isinstance(content, dict) else []
    )
    return Extract(
        rows=_table(header, rows, list(range(1, len(rows) + 1))), encoding=encoding, header=0, synthetic=mark
    )


def _table(header: list[str], rows: Sequence[Sequence[str | None]], lines: list[int]) -> pa.Table:
    """Rows as text columns; a row with too few or too many cells is marked, empty cells at its end do not count."""
    width = len(header)
    fits = [len(row) >= width and not any((cell or "").strip() for cell in row[width:]) for row in rows]
    columns = [pa.array([row[n] if n < len(row) else None for row in rows], pa.string()) for n in range(width)]
    table = pa.table(dict(zip(header, columns, strict=True)))
    return table.append_column("line", pa.array(lines, pa.int64())).append_column(
        "cells_ok", pa.array(fits, pa.bool_())
    )


def _with_lines(rows: pa.Table, lines: range) -> pa.Table:
    rows = rows.append_column("line", pa.array(lines, pa.int64()))
    return rows.append_column("cells_ok", pa.array([True] * rows.num_rows, pa.bool_()))


def _unique(header: list[str]) -> list[str]:
    """Names that do not repeat: an empty or repeated header gets its place number."""
    seen: set[str] = set()
    names = []
    for place, name in enumerate(header, 1):
        name = name.replace("\ufeff", "") or f"column {place}"  # noqa: PLW2901 - the mended name is the one that counts
        names.append(name if name not in seen and name not in ("line", "cells_ok") else f"{name} ({place})")
        seen.add(names[-1])
    return names


def _is_footer(cells: Sequence[str]) -> bool:
    """`Bron: CBS` and the like: one filled cell that names the source."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 and filled[0].casefold().startswith(("bron", "source", "©"))


def _is_synthetic(file: Path, title: Iterable[Sequence[str]]) -> bool:
    return SYNTHETIC_MARK in file.stem.casefold() or any(
        SYNTHETIC_MARK in cell.casefold() for row in title for cell in row
    )


def _no_header(file: Path, contract: Contract) -> ContractError:
    wanted = ", ".join((column.headers or (column.name,))[0] for column in contract.columns if column.required)
    return _unreadable(file, contract, f"no header found in the first {SEARCH_LINES} lines; expected: {wanted}")


def _unreadable(file: Path, contract: Contract, why: str) -> ContractError:
    return ContractError(f"{contract.source}: {file.name}: {why}\nAsk {contract.desk} for a corrected delivery")
