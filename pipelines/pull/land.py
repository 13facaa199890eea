"""Where pulled answers are kept while a table comes in, and how the whole lands as one delivery.

Every answer is kept as received under `.pull/<table>/<digest>/`, by the digest of its address, so that a pull that was
cut off goes on where it stopped. The digest of the folder holds the table's modified date and what was asked: a
table that changed starts anew. The whole is written beside its place first and moved there last.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.pull.fetch import Json

FOLDER = ".pull"


@dataclass(frozen=True, kw_only=True)
class Landed:
    """The record of a table's last pull; modified is '' where the supplier gives no date."""

    modified: str
    asked: str
    file: str
    sha256: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class Landing:
    """The kept answers of one table, and its record."""

    deliveries: Path
    table: str
    modified: str
    asked: str

    @property
    def parts(self) -> Path:
        """Folder of the kept answers of this version and this question."""
        return self.deliveries / FOLDER / self.table / _digest(self.modified + self.asked)

    def keep(self, url: str, fetch: Callable[[str], tuple[bytes, Json]]) -> Json:
        """The answer to an address: as kept, else fetched and kept. An answer is kept whole or not at all."""
        file = self.parts / f"{_digest(url)}.json"
        if file.is_file():
            return json.loads(file.read_bytes())
        body, answer = fetch(url)
        _write(file, [body])
        return answer

    def was_too_large(self, url: str) -> bool:
        """Whether this address was refused as too large before."""
        return (self.parts / f"{_digest(url)}.large").exists()

    def mark_too_large(self, url: str) -> None:
        """Remember that this address is refused as too large."""
        _write(self.parts / f"{_digest(url)}.large", [b""])

    def is_unchanged(self) -> bool:
        """Whether this version was landed already for the same question, and is still there as it was."""
        last = read_record(self.deliveries, self.table)
        if last is None or (last.modified, last.asked) != (self.modified, self.asked):
            return False
        file = self.deliveries / last.file
        return file.is_file() and hash_file(file) == last.sha256

    def land(self, file: Path, chunks: Iterable[bytes], *, rows: int) -> None:
        """Write the delivery, then its record, then forget the kept answers."""
        _write(file, chunks)
        place = file.relative_to(self.deliveries).as_posix()
        record = {
            "modified": self.modified,
            "asked": self.asked,
            "file": place,
            "sha256": hash_file(file),
            "rows": rows,
        }
        _write(_record(self.deliveries, self.table), [json.dumps(record, indent=1).encode()])
        shutil.rmtree(self.deliveries / FOLDER / self.table, ignore_errors=True)


def read_record(deliveries: Path, table: str) -> Landed | None:
    """What was landed of a table last, None when nothing was."""
    try:
        return Landed(**json.loads(_record(deliveries, table).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def write_beside(file: Path, chunks: Iterable[bytes]) -> None:
    """A file that lands beside a table: its code list, its statuses."""
    _write(file, chunks)


def hash_file(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def as_answer(rows: Iterable[Json], head: dict[str, str]) -> Iterator[bytes]:
    """One OData v3 answer of all rows, a row a line; `head` says what was pulled."""
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ',"value":[\n').encode()
    before = b""
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False).encode()
        before = b",\n"
    yield b"\n]}\n"


def _record(deliveries: Path, table: str) -> Path:
    return deliveries / FOLDER / f"{table}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _write(file: Path, chunks: Iterable[bytes]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.part")
    with draft.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
