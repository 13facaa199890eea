"""CBS OData v3 (`value`) as landed, or a plain list of records."""

import json
from pathlib import Path

from pipelines.contract import Contract
from pipelines.extract.header import find_header, no_header, tell_aliases
from pipelines.extract.rows import Extract, is_synthetic, make_table, name_columns, unreadable
from pipelines.extract.text import read_text


def read_json(file: Path, contract: Contract) -> Extract:
    """Records of a JSON file; see `extract`. The line is the number of the record."""
    read = read_text(file, contract)
    try:
        content = json.loads(read.text)
        read.text.encode("utf-8")
    except (ValueError, RecursionError):
        raise unreadable(file, contract, "no readable JSON") from None
    records = content.get("value") if isinstance(content, dict) else content
    if not isinstance(records, list) or not records or not all(isinstance(record, dict) for record in records):
        raise unreadable(file, contract, "no OData answer: a list of records under 'value' is expected")
    keys = list(dict.fromkeys(key for shape in dict.fromkeys(map(tuple, records)) for key in shape))
    if find_header([keys], contract) is None:
        raise no_header(file, contract)
    rows = [[_cell_text(record.get(key)) for key in keys] for record in records]
    names = name_columns([_plain(key) for key in keys])
    about = [str(value) for key, value in content.items() if key != "value"] if isinstance(content, dict) else []
    return Extract(
        rows=make_table(names, rows, list(range(1, len(rows) + 1))),
        encoding=read.encoding,
        header=0,
        synthetic=is_synthetic(file, [about]),
        notes=tuple(note for note in (*read.notes, tell_aliases(contract, names)) if note),
    )


def _cell_text(value: object) -> str | None:
    return None if value is None else _plain(str(value))


def _plain(text: str) -> str:
    r"""Half a character or a NUL (`\ud800`, `\u0000` in JSON) is no text: it becomes the sign for unreadable."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
