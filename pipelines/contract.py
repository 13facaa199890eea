"""What a supplier promised, column by column, and which rows keep that promise.

A contract is data; checking it is SQL that returns counts and line numbers, so no cell value can reach an error,
a log or a report. Refused rows are kept aside by file, line and rule.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import ContractError

WITHIN_DELIVERY = "within the period of the delivery, and not after the day it came"
Personal = str  # "" | "person" | "family" | "group" | "birth_date" | "drop": what pseudonymisation makes of the column


@dataclass(frozen=True, kw_only=True)
class Column:
    """One agreed column.

    name      our name for it
    meaning   what it says, for the reader of the contract
    rule      the rule in words, as the supplier will read it in an error
    check     the rule in SQL over `{c}` (text, tidied; NULL where the cell is empty)
    headers   the names under which suppliers deliver it
    aliases   other names under which it has come; the receipt tells which was used
    date      whether it holds a date: only there is a number in a sheet read as a day
    tidy      SQL over `{c}` that turns the delivered text into the agreed text
    empty     whether a cell may be empty
    required  whether a delivery without the column is refused
    personal  '' for an open column; else what happens to it at pseudonymisation
    """

    name: str
    meaning: str
    rule: str = "any text"
    check: str = "true"
    headers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    date: bool = False
    tidy: str = "nullif(trim({c}), '')"
    empty: bool = True
    required: bool = True
    personal: Personal = ""


@dataclass(frozen=True, kw_only=True)
class RowRule:
    """A rule over several columns of one row: words, and SQL that is true for a good row."""

    name: str
    rule: str
    check: str


@dataclass(frozen=True, kw_only=True)
class TableRule:
    """A rule over a whole delivery: SQL over `rows` that returns (number of contradictions, first line)."""

    name: str
    rule: str
    count: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The agreement with one supplier.

    source    folder name of its deliveries and stem of its SQL
    desk      whom to ask for a corrected delivery
    keep      SQL over the tidied columns: rows outside it are not ours (other regions) and are passed over
    area      which columns say where: used in the message when nothing is about this region
    unique    columns that together may occur once in a delivery
    persons   whether rows are about persons: then `event` is the date on which the age is taken, and
              `period_column` the date that decides the period
    school_years  whether `2024-2025` in a file name is one school year
    retention_years   whole calendar years that person rows may be kept after their own year; the agreement decides
    retention_column  the date whose year starts the term (`period_column` when left out)
    within_period     whether every row's date must lie in the period that the file's name tells
    mixed_encoding    whether lines that are no UTF-8 may be read as cp1252 in a file that is UTF-8 for the rest
    """

    source: str
    title: str
    supplier: str
    desk: str
    columns: tuple[Column, ...]
    rows: tuple[RowRule, ...] = ()
    tables: tuple[TableRule, ...] = ()
    keep: str = "true"
    unique: tuple[str, ...] = ()
    persons: bool = False
    event: str = ""
    period_column: str = ""
    school_years: bool = False
    retention_years: int = 7
    retention_column: str = ""
    mixed_encoding: bool = False
    within_period: bool = False

    def column(self, name: str) -> Column:
        """The column with our name `name`."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A delivery after its check.

    rows      accepted rows, tidied: text columns by our names, and `line`
    refused   line, column, rule: one row per broken rule, never a value
    rows_in   rows that are about this region, accepted or refused
    passed    rows about other regions
    """

    rows: pa.Table
    refused: pa.Table
    rows_in: int
    passed: int

    @property
    def rows_refused(self) -> int:
        """Rows refused: a row that breaks two rules counts once."""
        return self.rows_in - int(self.rows.num_rows)


@lru_cache(maxsize=4096)
def plain_header(text: str) -> str:
    """A header as compared: no case, no CBS number (`_12`), no unit in brackets, no accents of spacing."""
    text = re.sub(r"\s*\([^)]*\)\s*$", "", text.replace("\ufeff", "").strip().strip('"').strip())
    return re.sub(r"[\s_]+", " ", re.sub(r"_\d+$", "", text)).casefold()


def match_columns(contract: Contract, headers: list[str]) -> dict[str, str]:
    """Our column name -> the header it is delivered under, for the columns that are there."""
    plain: dict[str, str] = {}
    for header in headers:
        plain.setdefault(plain_header(header), header)
    found = {}
    for column in contract.columns:
        names = [plain_header(name) for name in (column.name, *column.headers, *column.aliases)]
        delivered = [plain[name] for name in names if name in plain]
        if delivered:
            found[column.name] = delivered[0]
    return found


def check_contract(
    rows: pa.Table,
    contract: Contract,
    *,
    file: str,
    reference: dict[str, pa.Table],
    refused_max: float = 0.05,
    expected: tuple[str, str] = ("19000101", "99991231"),
) -> Checked:
    """Check every rule of the contract on a delivery.

    rows         text columns as delivered, `line` (int64) and `cells_ok` (as many cells as the header)
    reference    tables the rules may join, by name
    expected     first and last day (JJJJMMDD) that rows of this delivery may have in the contract's period column
    raises       ContractError: a column is missing, nothing is about this region, too many rows are refused, or
                 the delivery contradicts itself; with counts and first lines, never a value
    """
    matched = match_columns(contract, rows.column_names)
    _refuse_missing(contract, matched, file)
    _refuse_twice(contract, rows.column_names, file)
    with duckdb.connect() as connection:
        for name, table in reference.items():
            connection.register(name, table)
        connection.register("delivered", rows)
        connection.register("expected", pa.table({"first": [expected[0]], "last": [expected[1]]}))
        connection.execute(f"create view tidied as {_tidy_sql(contract, matched)}").fetchall()
        _find_doubles(connection, contract)
        marked = connection.sql(_marked_sql(contract)).to_arrow_table()
        checked = _split(connection, contract, marked)
        _refuse_wrong_region(contract, checked, file)
        _refuse_contradictions(connection, contract, file)
        _refuse_too_many(contract, checked, file, refused_max)
    return checked


def _rules(contract: Contract) -> list[tuple[str, str, str]]:
    """(column, rule in words, SQL that is true for a good row), in the order of the contract."""
    rules = [("row", "as many cells as the header", "cells_ok")]
    for column in contract.columns:
        if not column.empty:
            rules.append((column.name, "filled", f'"{column.name}" is not null'))
        if column.check != "true":
            check = column.check.replace("{c}", f'"{column.name}"')
            rules.append((column.name, column.rule, f'("{column.name}" is null or ({check}))'))
    rules += [(rule.name, rule.rule, f"coalesce({rule.check}, true)") for rule in contract.rows]
    if contract.within_period:
        window = f'(select "{contract.period_column}" between first and last from expected)'
        rules.append((contract.period_column, WITHIN_DELIVERY, f"coalesce({window}, true)"))
    if contract.unique:
        same = " and ".join(f'd."{name}" is not distinct from t."{name}"' for name in contract.unique)
        once = f"not exists (select 1 from doubles d where {same} and d.first < t.line)"
        rules.append((contract.unique[0], "occurs once in the delivery", once))
    return rules


def _tidy_sql(contract: Contract, matched: dict[str, str]) -> str:
    parts = ["line", "cells_ok"]
    for column in contract.columns:
        if column.name in matched:
            header = matched[column.name].replace('"', '""')
            parts.append(column.tidy.replace("{c}", f'delivered."{header}"') + f' as "{column.name}"')
        else:
            parts.append(f'cast(null as varchar) as "{column.name}"')
    return f"select {', '.join(parts)} from delivered"


def _find_doubles(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Table `doubles`: each key that occurs more than once, and its first line."""
    keys = ", ".join(f'"{name}"' for name in contract.unique) or "line"
    connection.execute(
        f"create table doubles as select {keys}, min(line) as first from tidied group by {keys} having count(*) > 1"
    ).fetchall()


def _marked_sql(contract: Contract) -> str:
    """The tidied rows, whether each is about this region (`ours`), and whether it keeps every rule (`good`)."""
    good = " and ".join(f"coalesce({check}, false)" for _, _, check in _rules(contract))
    return f"select t.*, coalesce({contract.keep}, true) or not cells_ok as ours, {good} as good from tidied t"


def _split(connection: duckdb.DuckDBPyConnection, contract: Contract, marked: pa.Table) -> Checked:
    """Accepted rows, and the broken rules of the others: each rule is told apart for those rows only."""
    ours = marked.filter(marked["ours"])
    connection.register("ours", ours)
    connection.register("refused", ours.filter(pc.invert(ours["good"])))
    broken = [
        f"select line, $column_{n} as column_name, $rule_{n} as rule from refused t where not coalesce({check}, false)"
        for n, (_, _, check) in enumerate(_rules(contract))
    ]
    values = {f"column_{n}": column for n, (column, _, _) in enumerate(_rules(contract))}
    values |= {f"rule_{n}": rule for n, (_, rule, _) in enumerate(_rules(contract))}
    refused = connection.sql(" union all ".join(broken) + " order by line, column_name", params=values)
    rows = ours.filter(ours["good"]).select(["line", *(column.name for column in contract.columns)])
    passed = marked.num_rows - ours.num_rows
    return Checked(rows=rows, refused=refused.to_arrow_table(), rows_in=ours.num_rows, passed=passed)


def _refuse_missing(contract: Contract, matched: dict[str, str], file: str) -> None:
    missing = [column for column in contract.columns if column.required and column.name not in matched]
    if missing:
        lines = [
            f"  {column.name}: missing; expected the header {' or '.join(repr(h) for h in (column.headers or (column.name,))[:3])}"
            for column in missing
        ]
        raise ContractError(
            _message(contract, file, f"{len(missing)} of {len(contract.columns)} columns missing", lines)
        )


def _refuse_twice(contract: Contract, headers: list[str], file: str) -> None:
    """A repeated header is told by its place number; which of the two holds cannot be guessed."""
    repeated = {plain_header(re.sub(r" \(\d+\)$", "", header)) for header in headers if re.search(r" \(\d+\)$", header)}
    for column in contract.columns:
        if repeated & {plain_header(name) for name in (column.name, *column.headers)}:
            raise ContractError(_message(contract, file, f"the column {column.name} is delivered twice", []))


def _refuse_wrong_region(contract: Contract, checked: Checked, file: str) -> None:
    if checked.rows_in == 0 and not (contract.persons and checked.passed == 0):
        found = f"{checked.passed} rows about other regions" if checked.passed else "no rows at all"
        raise ContractError(_message(contract, file, f"no row is about this region ({found})", []))


def _refuse_too_many(contract: Contract, checked: Checked, file: str, refused_max: float) -> None:
    if checked.rows_refused <= refused_max * checked.rows_in:
        return
    lines = [
        f"  {column}: {count} rows, first at line {line}; rule: {rule}"
        for column, rule, count, line in summarise_refusals(checked.refused)
    ]
    share = f"{checked.rows_refused} of {checked.rows_in} rows refused, more than {refused_max:.0%}"
    raise ContractError(_message(contract, file, share, lines))


def _refuse_contradictions(connection: duckdb.DuckDBPyConnection, contract: Contract, file: str) -> None:
    """Rows that occur twice take part: a total stored twice is a contradiction before it is a double."""
    rules = _rules(contract)[: -1 if contract.unique else None]
    good = " and ".join(f"coalesce({check}, false)" for _, _, check in rules)
    lines = []
    for rule in contract.tables:
        count, line = connection.sql(f"with rows as (select * from ours t where {good}) {rule.count}").fetchall()[0]
        if count:
            lines.append(f"  {rule.name}: {count} contradictions, first at line {line}; rule: {rule.rule}")
    if lines:
        raise ContractError(_message(contract, file, "the delivery contradicts itself", lines))


def summarise_refusals(refused: pa.Table) -> list[tuple[str, str, int, int]]:
    """(column, rule, rows, first line) of refused rows, most rows first."""
    lines: dict[tuple[str, str], list[int]] = {}
    for row in refused.to_pylist():
        lines.setdefault((row["column_name"], row["rule"]), []).append(row["line"])
    counted = [(column, rule, len(found), min(found)) for (column, rule), found in lines.items()]
    return sorted(counted, key=lambda one: (-one[2], one[0], one[1]))


def _message(contract: Contract, file: str, what: str, lines: list[str]) -> str:
    mend = f"Ask {contract.desk} for a corrected delivery, or change the contract in pipelines/sources/{contract.source}.py"
    return "\n".join([f"{contract.source}: {file}: {what}", *lines, mend])
