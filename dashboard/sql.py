"""Questions in SQL from an analyst: off unless the operator opens the page, and never run in the process of the app.

Each question gets a process of its own (`sql_child.py`) without our environment, in no folder of ours, and is ended
when it takes too long. Here its answer becomes a table or a sentence in Dutch; the SQL itself is kept nowhere, not in
the address and not in a log.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.figures import Publication
from dashboard.format import format_number
from dashboard.tables import Cell, Column, draw_table

SETTING: Final = "JEUGDBEELD_SQL_PAGE"
CHILD: Final = Path(__file__).with_name("sql_child.py")
MOST_ROWS: Final = 500
MOST_SIGNS: Final = 4_000
MOST_SECONDS: Final = 15
MOST_ECHO: Final = 40
AT_ONCE: Final = 2
PATIENCE: Final = 3.0
SQL_COLUMNS: Final = {
    "figures": "indicator, title, area, area_name, level, period, age, sex, kind, value, low, high, numerator, denominator, unit, status, provisional",
    "indicators": "indicator, title, definition, numerator, denominator, unit, counts, geography, theme",
    "areas": "area, name, level, parent, year",
    "periods": "period, kind, start, finish",
    "groups": "dimension, code, label",
}
TABLES: Final = {
    "figures": "Elk cijfer. Alleen met status 'shown' heeft het een getal. Zonder uitsplitsing staat er 'all'.",
    "indicators": "Wat elk cijfer betekent.",
    "areas": "Gebieden per jaar, en bij welk groter gebied ze horen.",
    "periods": "Jaren, schooljaren, halfjaren, kwartalen en maanden.",
    "groups": "De woorden bij leeftijd, geslacht en soort.",
}
EXAMPLES: Final = {
    "De hoogste waarde per gemeente": (
        "select area_name, period, value\nfrom figures\n"
        "where indicator = 'halt_rate' and level = 'municipality'\n"
        "  and age = 'all' and sex = 'all' and kind = 'all' and status = 'shown'\n"
        "qualify row_number() over (partition by area order by value desc) = 1\norder by value desc"
    ),
    "Hoeveel cijfers zijn afgeschermd": (
        "select title, level, count_if(status = 'hidden') as hidden, count(*) as every\nfrom figures\n"
        "group by title, level\norder by hidden desc"
    ),
}
ERRORS: Final = {
    "one_select": "Stel één vraag die begint met SELECT. Iets anders kan hier niet.",
    "function": "De functie {what} kan hier niet.",
    "source": "Alleen de tabellen hieronder zijn te bevragen, niet iets als {what}.",
    "table": "De tabel {what} bestaat hier niet. De tabellen staan hieronder.",
    "column": "De kolom {what} bestaat niet. De kolommen staan hieronder.",
    "syntax": "Dit is geen geldige SQL. De fout zit in de buurt van: {what}.",
    "columns": "De uitkomst heeft te veel kolommen. Vraag er hoogstens {what}.",
    "fit": "De vraag past niet bij de tabellen: een waarde heeft een andere soort dan de vraag verwacht.",
    "memory": "Deze vraag gebruikt te veel geheugen. Vraag minder tegelijk.",
    "time": "Deze vraag duurt te lang. Vraag minder tegelijk.",
    "busy": "Er lopen al andere vragen. Probeer het zo weer.",
    "long": "De vraag is te lang. Er passen hoogstens 4.000 tekens in.",
    "broken": "De vraag kon niet worden uitgevoerd. Probeer het later opnieuw.",
}
_places = threading.BoundedSemaphore(AT_ONCE)


class SqlError(Exception):
    """The question has no answer; the message says why in Dutch, for the screen."""

    def __init__(self, kind: str, what: str = "") -> None:
        super().__init__(ERRORS[kind].format(what=re.sub(r"[^\w .,/'-]", "", what)[:MOST_ECHO].strip() or "dit"))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: at most MOST_ROWS rows; `more` when there were others."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    more: bool


def is_open() -> bool:
    """Whether the operator opened the page (`sql_page` in the settings)."""
    return os.environ.get(SETTING, "").strip().lower() in ("1", "true", "yes", "on")


def ask_sql(publication: Publication, sql: str, *, seconds: float = MOST_SECONDS) -> Answer:
    """The answer to one SELECT over the shown figures of a publication.

    raises  SqlError
    """
    if len(sql) > MOST_SIGNS:
        raise SqlError("long")
    with _place():
        found = _run({"path": publication.path, "sql": sql, "rows": MOST_ROWS}, seconds)
    if "error" in found:
        raise SqlError(found["error"], found["what"])
    return Answer(columns=found["columns"], rows=found["rows"], more=found["more"])


@contextlib.contextmanager
def _place() -> Iterator[None]:
    """One of the few processes that may run at once."""
    if not _places.acquire(timeout=PATIENCE):
        raise SqlError("busy")
    try:
        yield
    finally:
        _places.release()


def _run(asked: dict[str, object], seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-I", str(CHILD)]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=seconds, env={}, cwd="/", check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise SqlError("time") from problem
    if done.returncode < 0:  # ended by the operating system: out of processor time, else out of memory
        raise SqlError("time" if -done.returncode in CPU_SIGNALS else "memory")
    try:
        found = json.loads(done.stdout)
    except ValueError as problem:
        raise SqlError("broken") from problem
    return dict(found)


CPU_SIGNALS: Final = (9, 24)  # SIGKILL, SIGXCPU


def draw_answer(answer: Answer, *, caption: str) -> str:
    """The rows as a table; what has no value is a dash."""
    numeric = [_is_numeric(answer.rows, place) for place in range(len(answer.columns))]
    columns = [Column(title=title, number=number) for title, number in zip(answer.columns, numeric, strict=True)]
    rows = [[Cell(text=_write(cell)) for cell in row] for row in answer.rows]
    return draw_table(columns, rows, caption=caption, sticky=True)


def _is_numeric(rows: Sequence[Sequence[object]], place: int) -> bool:
    cells = [row[place] for row in rows if row[place] is not None]
    return bool(cells) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)


def _write(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float):
        return format_number(cell, 0 if cell == int(cell) else 2)
    return format_number(cell, 0) if isinstance(cell, int) else str(cell)


def draw_tables() -> str:
    """The tables that can be asked."""
    columns = [Column(title=title) for title in ("Tabel", "Kolommen", "Wat erin staat")]
    rows = [[Cell(text=name), Cell(text=SQL_COLUMNS[name]), Cell(text=words)] for name, words in TABLES.items()]
    return draw_table(columns, rows, caption="Tabellen om te bevragen")


def describe_answer(answer: Answer) -> str:
    """How much came back."""
    if answer.more:
        return f"U ziet de eerste {MOST_ROWS} rijen; er zijn er meer."
    return f"{len(answer.rows)} {'rij' if len(answer.rows) == 1 else 'rijen'}."
