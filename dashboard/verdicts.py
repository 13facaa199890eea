"""What a data steward thinks of a signal: real, another way of recording, or chance. The only module that opens this store.

One line of JSON per verdict, in a file beside the published folder (JEUGDBEELD_VERDICTS names another). Lines are only
added, under a lock, whole or not at all. Reading takes no lock and skips what it cannot read: a broken file never
stops a page. It holds no figures, and the form asks for no names of young people.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dashboard.figures import published_folder
from dashboard.sentences import STEWARD_WORDS

MOST_NOTE: Final = 400
MOST_NAME: Final = 60
MOST_FILE: Final = 20_000_000


class VerdictNotSaved(Exception):  # noqa: N818 - reads as the sentence it is
    """The store cannot be written; the message names the reason for the log, never the verdict."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One opinion on one signal. `when` is UTC, ISO 8601; `build` is the publication that was looked at."""

    signal: str
    verdict: str
    note: str
    who: str
    when: str
    build: str


def verdicts_file() -> Path:
    """Where the verdicts are: JEUGDBEELD_VERDICTS, else beside the published folder, with its name."""
    named = os.environ.get("JEUGDBEELD_VERDICTS")
    folder = published_folder()
    return Path(named) if named else folder.with_name(f"{folder.name}.verdicts.jsonl")


def save_verdict(*, signal: str, verdict: str, note: str, who: str, build: str) -> Verdict:
    """Add one verdict.

    raises  ValueError on an unknown verdict or without a name; VerdictNotSaved when the file cannot be written
    """
    name = " ".join(who.split())[:MOST_NAME]
    if verdict not in STEWARD_WORDS or not name:
        raise ValueError("a verdict is one of three, and tells who gave it")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    given = Verdict(
        signal=signal, verdict=verdict, note=" ".join(note.split())[:MOST_NOTE], who=name, when=now, build=build
    )
    try:
        _append(verdicts_file(), json.dumps(asdict(given), ensure_ascii=False))
    except OSError as problem:
        raise VerdictNotSaved(type(problem).__name__) from problem
    return given


def _append(file: Path, line: str) -> None:
    """One whole line, or the file as it was."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        text = ("\n" if torn else "") + line + "\n"
        written = os.write(handle, text.encode())
        if written != len(text.encode()):
            os.ftruncate(handle, size)
            raise OSError("the disk is full")
        os.fsync(handle)
    finally:
        os.close(handle)


def load_verdicts() -> tuple[Mapping[str, list[Verdict]], bool]:
    """Verdicts by signal, the latest first; and whether the store could be read."""
    file = verdicts_file()
    if not file.exists():
        return {}, True
    try:
        with file.open("rb") as stream:
            text = stream.read(MOST_FILE).decode("utf-8", errors="replace")
    except OSError:
        return {}, False
    found: dict[str, list[Verdict]] = {}
    for one in _read_lines(text):
        found.setdefault(one.signal, []).insert(0, one)
    return found, True


def _read_lines(text: str) -> Iterator[Verdict]:
    for line in text.splitlines():
        with contextlib.suppress(ValueError, TypeError):
            one = Verdict(**json.loads(line))
            if one.verdict in STEWARD_WORDS and all(isinstance(part, str) for part in asdict(one).values()):
                yield one
