"""Known errors of suppliers, as rows: where, what it says, what it must say, why, since when, and in how many cells.

A correction is a line of `pipelines/corrections/*.csv`, applied after a delivery is read and before its contract is
checked. It tells how many cells it expects to change. When it finds another number the supplier has changed the source:
the delivery is refused until the line is removed or renewed, so that no correction outlives its error.

source  folder of the delivery          series  period or table number, or the file's name (`2025`, `47013NED`)
key     `line=12`, or our column names with the delivered text: `area=GM0375&period=2025JJ00`
column  our column name                 from    pattern (regular expression) that the whole cell fits now
to      the text it must be             reason, since (JJJJ-MM-DD), expect (cells, at least 1)
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from pipelines.contract import Contract, match_columns
from pipelines.deliveries import Delivery
from pipelines.errors import ContractError
from pipelines.sources import CONTRACTS

FOLDER = Path(__file__).parent
_Parsed = TypeVar("_Parsed")
FIELDS = ("source", "series", "key", "column", "from", "to", "reason", "since", "expect")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One line of a corrections file.

    where   file and line of the correction itself, for messages
    key     (column, delivered text) pairs that all must hold; column `line` is the line of the delivery
    expect  how many cells it must change
    """

    where: str
    source: str
    series: str
    key: tuple[tuple[str, str], ...]
    column: str
    pattern: re.Pattern[str]
    to: str
    reason: str
    since: date
    expect: int

    def concerns(self, delivery: Delivery) -> bool:
        """Whether it is about this delivery."""
        return self.source == delivery.source and self.series in (delivery.series, delivery.file.name)


def read_corrections(folder: Path | None = None) -> list[Correction]:
    """Every correction of a folder, by default those of the project.

    raises  ContractError naming file, line and field of one that is not well formed
    """
    return [one for file in sorted((folder or FOLDER).glob("*.csv")) for one in _read_file(file)]


def apply_corrections(
    rows: pa.Table, contract: Contract, delivery: Delivery, corrections: Sequence[Correction]
) -> tuple[pa.Table, int]:
    """Rows with the corrections that are about this delivery, and how many cells were changed.

    raises  ContractError when a correction finds another number of cells than it expects
    """
    changed = 0
    for correction in corrections:
        if correction.concerns(delivery):
            rows = _apply(rows, contract, delivery, correction)
            changed += correction.expect
    return rows, changed


def _apply(rows: pa.Table, contract: Contract, delivery: Delivery, correction: Correction) -> pa.Table:
    matched = match_columns(contract, rows.column_names) | {"line": "line"}
    header = matched.get(correction.column)
    places = list(_places(rows, matched, correction)) if header else []
    if len(places) != correction.expect:
        raise ContractError(
            f"{delivery.source}: {delivery.file.name}: the correction of {correction.where} expects {correction.expect} cells"
            f" and finds {len(places)}: the supplier has changed the source\n"
            f"Remove the line from pipelines/corrections/{correction.where.split(':')[0]}, or renew it if the error is still there"
        )
    cells = rows[header].to_pylist()
    for place in places:
        cells[place] = correction.to
    return rows.set_column(rows.column_names.index(header), header, pa.array(cells, pa.string()))


def _places(rows: pa.Table, matched: dict[str, str], correction: Correction) -> Iterator[int]:
    """Row numbers where the key holds and the cell is as it was when the correction was written."""
    wanted = [(matched.get(name), text) for name, text in correction.key]
    if any(header is None for header, _ in wanted):
        return
    keys = [(rows[header].to_pylist(), text) for header, text in wanted]
    for place, cell in enumerate(rows[matched[correction.column]].to_pylist()):
        if correction.pattern.fullmatch((cell or "").strip()) and all(
            str(column[place] if column[place] is not None else "").strip() == text for column, text in keys
        ):
            yield place


def _read_file(file: Path) -> Iterator[Correction]:
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != FIELDS:
            raise ContractError(f"corrections: {file.name}: the first line must be {','.join(FIELDS)}")
        for row in reader:
            yield _parse(row, f"{file.name}:{reader.line_num}")


def _parse(row: dict[str, str | None], where: str) -> Correction:
    filled = {name: (row.get(name) or "").strip() for name in FIELDS}
    contract = CONTRACTS.get(filled["source"])
    if contract is None:
        raise _wrong(where, "source", f"one of {', '.join(CONTRACTS)}")
    names = {column.name for column in contract.columns}
    if filled["column"] not in names:
        raise _wrong(where, "column", f"one of {', '.join(sorted(names))}")
    key = tuple((name, text) for name, _, text in (part.partition("=") for part in filled["key"].split("&")))
    if not {name for name, _ in key} <= names | {"line"}:
        raise _wrong(where, "key", "line=12, or column=text&column=text with our column names")
    for name in ("series", "reason"):
        if not filled[name]:
            raise _wrong(where, name, "filled")
    return Correction(
        where=where, source=filled["source"], series=filled["series"], key=key, column=filled["column"], to=filled["to"],
        pattern=_parsed(where, "from", "a pattern", lambda: re.compile(filled["from"])), reason=filled["reason"],
        since=_parsed(where, "since", "a day JJJJ-MM-DD", lambda: date.fromisoformat(filled["since"])),
        expect=_parsed(where, "expect", "a number of cells, at least 1", lambda: _positive(filled["expect"])),
    )  # fmt: skip


def _parsed(where: str, field: str, wanted: str, parse: Callable[[], _Parsed]) -> _Parsed:
    try:
        return parse()
    except (ValueError, re.error):
        raise _wrong(where, field, wanted) from None


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _wrong(where: str, field: str, wanted: str) -> ContractError:
    return ContractError(f"corrections: {where}: the field '{field}' must be {wanted}")
