"""What visitors keep: views under a name, and which figures an export held. A small file of its own.

Only choices and codes are kept, never a figure: a kept view is drawn anew from what is published when it is opened.
The file stands beside the published folder, with its name (JEUGDBEELD_SAVED names another), and survives a restart;
writing is all or nothing.
"""

import logging
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dashboard.figures import published_folder

MOST_VIEWS: Final = 500
MOST_EXPORTS: Final = 20_000
MOST_CODES: Final = 5_000
NAME_LENGTH: Final = 80
QUERY_LENGTH: Final = 4_000
TABLES: Final = (
    "create table if not exists view (name text primary key, query text not null, saved_on text not null)",
    "create table if not exists export (code text primary key, build text not null, query text not null, figures integer not null, receipts text not null, made_on text not null)",
)


class StoreError(Exception):
    """A view cannot be kept; the message says why in Dutch, for the screen."""


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """A view somebody kept: its name and the choices as they stand in the address."""

    name: str
    query: str
    saved_on: datetime


@dataclass(frozen=True, kw_only=True)
class Export:
    """A set of figures that left: its code, its publication, and the code of every figure in it.

    receipts  empty when there were more than are kept
    """

    code: str
    build: str
    query: str
    figures: int
    receipts: tuple[str, ...]
    made_on: datetime


def store_file() -> Path:
    """Where visitors' views are kept: JEUGDBEELD_SAVED, else beside the published folder, with its name."""
    folder = published_folder()
    return Path(os.environ.get("JEUGDBEELD_SAVED") or folder.with_name(f"{folder.name}.saved.sqlite"))


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    """One transaction on the file.

    raises  StoreError when the file cannot be read or written
    """
    path = store_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=5)
        try:
            with connection:
                for table in TABLES:
                    connection.execute(table)
                yield connection
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as problem:
        logging.getLogger("jeugdbeeld").warning("saved views: %s", type(problem).__name__)
        raise StoreError("Het bestand met bewaarde weergaven is nu niet te gebruiken.") from problem


def clean_name(name: str) -> str:
    """One line of visible signs."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", " ", name).split())


def save_view(name: str, query: str) -> SavedView:
    """Keep a view; a name that is taken is refused, never overwritten.

    raises  StoreError
    """
    name = clean_name(name)
    if not name or len(name) > NAME_LENGTH:
        raise StoreError(f"Geef een naam van 1 tot en met {NAME_LENGTH} tekens.")
    if len(query) > QUERY_LENGTH:
        raise StoreError("Deze weergave is te groot om te bewaren. Kies minder gebieden of cijfers.")
    view = SavedView(name=name, query=query, saved_on=datetime.now(UTC))
    with _open() as store:
        if store.execute("select count(*) from view").fetchone()[0] >= MOST_VIEWS:
            raise StoreError(f"Er zijn al {MOST_VIEWS} weergaven bewaard. Verwijder er eerst een.")
        asked = (name, query, view.saved_on.isoformat())
        if store.execute("insert or ignore into view values (?, ?, ?)", asked).rowcount == 0:
            raise StoreError("Deze naam is al gebruikt. Kies een andere naam.")
    return view


def list_views() -> list[SavedView]:
    """Every kept view, by name.

    raises  StoreError
    """
    with _open() as store:
        rows = store.execute("select name, query, saved_on from view order by lower(name), name").fetchall()
    return [SavedView(name=row[0], query=row[1], saved_on=datetime.fromisoformat(row[2])) for row in rows]


def delete_view(name: str) -> None:
    """Forget a view; one that is gone already is fine.

    raises  StoreError
    """
    with _open() as store:
        store.execute("delete from view where name = ?", (name,))


def note_export(code: str, build: str, receipts: Sequence[str], query: str = "") -> bool:
    """Remember which figures a set holds, once. Whether that worked: a download never fails for it."""
    kept = " ".join(receipts) if len(receipts) <= MOST_CODES else ""
    asked = (code, build, query[:QUERY_LENGTH], len(receipts), kept, datetime.now(UTC).isoformat())
    try:
        with _open() as store:
            store.execute("insert or ignore into export values (?, ?, ?, ?, ?, ?)", asked)
            store.execute(
                "delete from export where rowid <= (select max(rowid) from export) - ?", (MOST_EXPORTS,)
            )  # the oldest go first
    except StoreError:
        return False
    return True


def find_export(code: str) -> Export | None:
    """The set with that code, when it is remembered.

    raises  StoreError
    """
    with _open() as store:
        row = store.execute("select * from export where code = ?", (code,)).fetchone()
    if row is None:
        return None
    code, build, query, figures, receipts, made_on = row
    codes = tuple(receipts.split())
    return Export(
        code=code, build=build, query=query, figures=figures, receipts=codes, made_on=datetime.fromisoformat(made_on)
    )  # fmt: skip
