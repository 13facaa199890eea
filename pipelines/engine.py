"""Load, create, fetch: the three things a run asks of a database. DuckDB is the default.

Frames are registered by name and copied; nothing is found by the name of a Python variable. Every query is fetched
whole, on one connection that this engine owns.
"""

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import duckdb
import pandas as pd
import pyarrow as pa


class Engine(Protocol):
    """Where rows live during a run."""

    def load(self, name: str, rows: pa.Table) -> None:
        """Make table `schema.name` of rows; an existing table is extended."""

    def create(self, name: str, sql: str) -> None:
        """Make table `schema.name` of a query."""

    def fetch(self, sql: str) -> pd.DataFrame:
        """The answer to a query, whole."""


class DuckDBEngine:
    """DuckDB in a file of its own (or in memory), removed when the run ends: it holds pseudonymised rows."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
        self._connection = duckdb.connect(str(file) if file else ":memory:")
        self._connection.execute("set python_enable_replacements = false")
        self._connection.execute("set preserve_insertion_order = false")
        for schema in ("raw", "core", "reference"):
            self._connection.execute(f"create schema {schema}")
        self._tables: set[str] = set()

    def load(self, name: str, rows: pa.Table) -> None:
        """Copy rows into the table; see Engine."""
        self._connection.register("incoming", rows)
        verb = f"insert into {name} by name" if name in self._tables else f"create table {name} as"
        self._connection.execute(f"{verb} select * from incoming").fetchall()
        self._connection.unregister("incoming")
        self._tables.add(name)

    def create(self, name: str, sql: str) -> None:
        """Make the table of the query; see Engine."""
        self._connection.execute(f"create table {name} as {sql}").fetchall()
        self._tables.add(name)

    def fetch(self, sql: str) -> pd.DataFrame:
        """The answer; see Engine."""
        frame: pd.DataFrame = self._connection.sql(sql).df()
        return frame

    def close(self) -> None:
        """End the connection and remove the file."""
        self._connection.close()
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
