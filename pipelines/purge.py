"""Retention: person rows go when the term of their agreement has passed, and the list `purged.csv` says that they went.

The term counts in whole calendar years after the year of the row: with a term of 7 years a row of 2019 goes on
1 January 2027. Whole years, so that no year is left with a part of its rows and counted as if it were complete. A file
whose period has passed is removed whole. Of a file about more years, or of which the name tells no period, the rows that
have passed go: it is written again as UTF-8 CSV, and a name that tells `2019-2025` then tells `2020-2025`. Of a file
about one period its own rows go with it, and before that only rows from before the period.
"""

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contract import Contract, match_columns
from pipelines.deliveries import Delivery, find_deliveries
from pipelines.errors import ContractError
from pipelines.extract import SYNTHETIC_MARK, Extract, extract
from pipelines.periods import years_of
from pipelines.sources import CONTRACTS

RECORD = "purged.csv"
FIELDS = ("file", "sha256", "date", "term", "removed")
_YEARS = re.compile(r"(20\d\d)-(20\d\d)")


@dataclass(frozen=True, kw_only=True)
class Purge:
    """What must go of one delivery.

    last_year  the last year whose rows go
    kept       the rows that stay; None when the whole file goes
    """

    delivery: Delivery
    term: int
    last_year: int
    kept: Extract | None

    @property
    def removed(self) -> str:
        """What went: `file` or `rows`."""
        return "file" if self.kept is None else "rows"


def plan_purge(folder: Path, today: date) -> tuple[list[Purge], list[ContractError]]:
    """Every delivery with person rows past its source's term, and every one that cannot be read; nothing is changed yet.

    raises  ContractError when the folder cannot be read as deliveries
    """
    planned: list[Purge] = []
    errors: list[ContractError] = []
    for delivery in find_deliveries(folder):
        contract = CONTRACTS[delivery.source]
        if contract.persons and not delivery.is_boundary:
            try:
                planned += _plan_one(delivery, contract, today.year - contract.retention_years - 1)
            except ContractError as error:
                errors.append(error)
    return planned, errors


def carry_out(purge: Purge, folder: Path, today: date) -> None:
    """Record that it goes, and remove it. Recorded first: a removal is never without its record.

    raises  ContractError when the file that would be written again has the name of another one
    """
    file = purge.delivery.file
    target = file.with_name(_rename(file.stem, purge.last_year) + ".csv")
    if purge.kept is not None and target != file and target.exists():
        raise ContractError(f"purge: {target.name} exists already beside {file.name}\nMove one of them and run again")
    _record(purge, folder, today)
    if purge.kept is not None:
        draft = file.with_name(f".{target.name}.part")
        _write(purge.kept, draft, marked=SYNTHETIC_MARK in target.stem.casefold())
        draft.replace(target)
        if target == file:
            return
    file.unlink()


def _plan_one(delivery: Delivery, contract: Contract, last_year: int) -> Iterator[Purge]:
    """What goes of a delivery: nothing, its old rows, or all of it."""
    ends = max(years_of(delivery.period), default=delivery.delivered_on.year)
    whole = Purge(delivery=delivery, term=contract.retention_years, last_year=last_year, kept=None)
    if ends <= last_year:
        yield whole
        return
    read = extract(delivery.file, contract)
    years = _years_of_rows(read.rows, contract)
    before = last_year if "-" in delivery.period else min(last_year, int(delivery.period[:4] or last_year + 1) - 1)
    old = pc.fill_null(pc.less_equal(years, before), False)
    if pc.all(old).as_py() and read.rows.num_rows:
        yield whole
    elif pc.any(old).as_py():
        kept = Extract(rows=read.rows.filter(pc.invert(old)), encoding="utf-8", header=1, synthetic=read.synthetic)
        yield Purge(delivery=delivery, term=contract.retention_years, last_year=last_year, kept=kept)


def _years_of_rows(rows: pa.Table, contract: Contract) -> pa.ChunkedArray:
    """The year that starts the term of each row; none where it is empty or no date: then the file's period decides."""
    column = contract.column(contract.retention_column or contract.period_column)
    header = match_columns(contract, rows.column_names).get(column.name)
    if header is None:
        return pa.chunked_array([pa.nulls(rows.num_rows, pa.int32())])
    tidy = column.tidy.replace("{c}", "cell")
    with duckdb.connect() as connection:
        connection.register("delivered", pa.table({"cell": rows[header], "place": range(rows.num_rows)}))
        years = connection.sql(
            f"select try_cast(substr({tidy}, 1, 4) as integer) + case when {tidy} like '____/__' then 1 else 0 end as year "
            "from delivered order by place"
        ).to_arrow_table()["year"]
    return pc.if_else(pc.and_(pc.greater(years, 1900), pc.less(years, 2200)), years, None)


def _rename(stem: str, last_year: int) -> str:
    """The years in a name without those that went."""
    return _YEARS.sub(lambda years: f"{max(int(years[1]), last_year + 1)}-{years[2]}", stem)


def _write(kept: Extract, file: Path, *, marked: bool) -> None:
    names = [name for name in kept.rows.column_names if name not in ("line", "cells_ok")]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        if kept.synthetic and not marked:
            writer.writerow([SYNTHETIC_MARK])
        writer.writerow(names)
        columns = [kept.rows[name].to_pylist() for name in names]
        for fits, *cells in zip(kept.rows["cells_ok"].to_pylist(), *columns, strict=True):
            writer.writerow(cells if fits else [*cells, "aantal cellen klopte niet"])
        stream.flush()
        os.fsync(stream.fileno())


def _record(purge: Purge, folder: Path, today: date) -> None:
    record, one = folder / RECORD, purge.delivery
    is_new = not record.exists()
    with record.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(FIELDS)
        writer.writerow(
            [one.file.relative_to(folder).as_posix(), one.sha256, today.isoformat(), purge.term, purge.removed]
        )
        stream.flush()
        os.fsync(stream.fileno())
