"""Code lists and table metadata that open tables are delivered with: Key, Title, Status.

They are registered like any file. Of the metadata the statuses of periods are used (provisional or definitive).
"""

import csv
import io
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from pipelines.extract import decode

Lists = dict[str, list[dict[str, str]]]


def read_code_lists(file: Path) -> Lists | None:
    """The lists of a metadata download, a code list or a properties table, by name; None when the file is none of these.

    A metadata download (`TableInfos`) holds several lists under their names, with line breaks within quoted cells.
    """
    if file.suffix.lower() == ".parquet":
        return _properties(file)
    if file.suffix.lower() != ".csv":
        return None
    try:
        text, _ = decode(file.read_bytes())
        return _lists_in(file, text)
    except (UnicodeDecodeError, csv.Error):
        return None


def _lists_in(file: Path, text: str) -> Lists | None:
    first = text.split("\n", 1)[0].strip().strip(";")
    if first == "TableInfos":
        return _sections(text)
    separator = ";" if ";" in first else ","
    header = [cell.strip('"\r ') for cell in first.split(separator)]
    if header[:2] == ["Key", "Title"]:
        return {file.stem: list(csv.DictReader(io.StringIO(text), delimiter=separator))}
    return None


def _properties(file: Path) -> Lists | None:
    try:
        if not {"Key", "Title", "Unit"} <= set(parquet.read_schema(file).names):
            return None
        records = parquet.read_table(file, columns=["Key", "Title", "Unit"]).to_pylist()
    except (pa.ArrowException, OSError):
        return None
    return {file.stem: [{key: str(value or "") for key, value in record.items()} for record in records]}


def _sections(text: str) -> Lists:
    """A section is a line with only its name, then a header, then rows."""
    lists: Lists = {}
    name = ""
    header: list[str] = []
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        cells = row[: len(row) - next((n for n, cell in enumerate(reversed(row)) if cell), len(row))]
        if len(cells) == 1 and cells[0].isidentifier():
            name, header = cells[0], []
        elif name and not header:
            header = cells
        elif cells:
            lists.setdefault(name, []).append(dict(zip(header, row, strict=False)))
    return lists
