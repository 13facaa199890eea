"""XLSX: the first sheet with the agreed header; days as text, as real dates or as the numbers Excel keeps them in."""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from pipelines.contract import Contract, match_columns
from pipelines.extract.guard import refuse_bomb
from pipelines.extract.header import SEARCH_LINES, Header, locate_header, no_header
from pipelines.extract.locked import is_locked, unlock
from pipelines.extract.rows import Extract, is_footer, is_synthetic, make_table, name_columns, unreadable

Rows = Sequence[Sequence[object]]
_SERIAL = re.compile(r"[1-9][0-9]{4}([.,][0-9]+)?")  # 10000 is 18 May 1927, 99999 is in 2173; JJJJMMDD has 8 digits
_DAMAGED = (CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, EOFError, RuntimeError)
_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


def read_xlsx(file: Path, contract: Contract) -> Extract:
    """Rows of a workbook; see `extract`. The line is the row of the sheet."""
    locked = is_locked(file)
    stream = io.BytesIO(unlock(file, contract) if locked else file.read_bytes())
    try:
        refuse_bomb(file, contract, stream)
        sheets, since_1904 = _open_sheets(stream)
    except _DAMAGED:
        raise unreadable(file, contract, "no readable XLSX (damaged, or another format)") from None
    texts = [[[_cell_text(cell) for cell in row] for row in sheet] for sheet in sheets]
    headers = {place: locate_header(sheet[:SEARCH_LINES], contract) for place, sheet in enumerate(texts)}
    found = [(place, header) for place, header in headers.items() if header is not None]
    if not found:
        raise no_header(file, contract)
    if len(found) > 1:
        raise unreadable(file, contract, f"{len(found)} sheets hold the agreed header; deliver one sheet a file")
    place, header = found[0]
    read = _read_sheet(file, contract, texts[place], header, _EPOCHS[since_1904])
    opened = ("met wachtwoord geopend",) if locked else ()
    others = tuple(_as_found(sheet) for other, sheet in enumerate(texts) if other != place and sheet)
    return replace(read, notes=(*opened, *read.notes), others=others)


def _as_found(sheet: list[list[str]]) -> pa.Table:
    """A further sheet: its first filled row as names, the rest as cells."""
    filled = [(n, row) for n, row in enumerate(sheet, 1) if any(cell.strip() for cell in row)]
    width = max((len(row) for _, row in filled), default=0)
    names = name_columns([*filled[0][1], *[""] * (width - len(filled[0][1]))]) if filled else []
    return make_table(names, [row for _, row in filled], [n for n, _ in filled])


def _open_sheets(stream: io.BytesIO) -> tuple[list[Rows], bool]:
    """Every sheet's cells, and whether the workbook counts its days from 1904."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        since_1904 = re.search(rb'date1904="(1|true)"', archive.read("xl/workbook.xml")) is not None
    stream.seek(0)
    book = CalamineWorkbook.from_filelike(stream)
    sheets = [book.get_sheet_by_index(n) for n in range(len(book.sheet_names))]
    return [sheet.to_python(skip_empty_area=False) for sheet in sheets], since_1904


def _read_sheet(file: Path, contract: Contract, texts: list[list[str]], header: Header, epoch: dt.date) -> Extract:
    body = [(n, row) for n, row in enumerate(texts[header.last + 1 :], header.last + 2) if _is_row(row)]
    rows = [row for _, row in body]
    serials = _read_serials(rows, _date_places(contract, header.names), epoch)
    note = (f"{serials} datums als volgnummer van Excel gelezen",) if serials else ()
    return Extract(
        rows=make_table(header.names, rows, [n for n, _ in body]),
        encoding="xlsx",
        header=header.first + 1,
        synthetic=is_synthetic(file, texts[: header.last + 1]),
        notes=(*header.notes, *note),
    )


def _is_row(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells) and not is_footer(cells)


def _date_places(contract: Contract, names: list[str]) -> list[int]:
    matched = match_columns(contract, names)
    return [names.index(matched[column.name]) for column in contract.columns if column.date and column.name in matched]


def _read_serials(rows: list[list[str]], places: list[int], epoch: dt.date) -> int:
    """Turn the numbers in date columns into days, in place; how many there were."""
    count = 0
    for row in rows:
        for place in places:
            if _SERIAL.fullmatch(row[place]):
                row[place] = (epoch + dt.timedelta(days=int(row[place][:5]))).isoformat()
                count += 1
    return count


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return str(cell)
