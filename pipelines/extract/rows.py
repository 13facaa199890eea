"""What every format ends in: text columns with line numbers, names that do not repeat, and words for a refusal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipelines.contract import Contract
from pipelines.errors import ContractError

SYNTHETIC_MARK = "synthetisch"
_OWN = ("line", "cells_ok")


@dataclass(frozen=True, kw_only=True)
class Extract:
    """A file as text.

    rows       one text column per header, `line` (int64: first physical line or sheet row) and `cells_ok`
    encoding   how the bytes were read: utf-8, utf-8-sig, utf-16, cp1252, or the format's name
    header     line of the header
    synthetic  whether the file says that it is synthetic
    notes      what had to be assumed to read it, in Dutch, for the receipt
    """

    rows: pa.Table
    encoding: str
    header: int
    synthetic: bool
    notes: tuple[str, ...] = ()


def make_table(header: list[str], rows: Sequence[Sequence[str | None]], lines: list[int]) -> pa.Table:
    """Rows as text columns; a row with too few or too many cells is marked, empty cells at its end do not count."""
    width = len(header)
    fits = [len(row) >= width and not any((cell or "").strip() for cell in row[width:]) for row in rows]
    columns = [pa.array([row[n] if n < len(row) else None for row in rows], pa.string()) for n in range(width)]
    table = pa.table(dict(zip(header, columns, strict=True)))
    return table.append_column("line", pa.array(lines, pa.int64())).append_column(
        "cells_ok", pa.array(fits, pa.bool_())
    )


def number_lines(rows: pa.Table, first: int) -> pa.Table:
    """Rows that all have as many cells as the header, one a line from line `first` on."""
    rows = rows.append_column("line", pa.array(range(first, first + rows.num_rows), pa.int64()))
    return rows.append_column("cells_ok", pa.array([True] * rows.num_rows, pa.bool_()))


def name_columns(header: Sequence[str]) -> list[str]:
    """Names that do not repeat in any case: an empty or repeated header gets its place number."""
    seen = {*_OWN}
    names = []
    for place, cell in enumerate(header, 1):
        name = cell.replace("\ufeff", "").replace("\0", "").strip() or f"column {place}"
        names.append(name if name.casefold() not in seen else f"{name} ({place})")
        seen.add(names[-1].casefold())
    return names


def is_footer(cells: Sequence[str]) -> bool:
    """`Bron: CBS` and the like: one filled cell that names the source."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 and filled[0].casefold().startswith(("bron", "source", "©"))


def is_synthetic(file: Path, title: Iterable[Sequence[str]]) -> bool:
    """Whether the name of the file or a line above its header says so."""
    return SYNTHETIC_MARK in file.stem.casefold() or any(
        SYNTHETIC_MARK in cell.casefold() for row in title for cell in row
    )


def unreadable(file: Path, contract: Contract, why: str) -> ContractError:
    """The refusal of a whole file, for the reader to raise."""
    return ContractError(f"{contract.source}: {file.name}: {why}\nAsk {contract.desk} for a corrected delivery")
