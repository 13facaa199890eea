"""Everything else in a published file: a number about a hidden figure may stand in any table, not only in `figure`.

Charts, downloads and feeds are made from these tables and from nothing else.
"""

from collections.abc import Iterator

import duckdb
import pandas as pd

from pipelines.audit.base_form import ROW, UNCOUNTED

PLAIN = {
    "indicator", "area", "period", "source", "refusal", "area_problem", "code_label", "project", "intervention",
    "programme_part", "programme_link", "missing_delivery", "area_link", "bridge", "area_break", "sql", "figure_source",
    "build", "held", "audit", "signal_scope",
}  # fmt: skip
"""Tables that hold no numbers about single figures; signals have an attack of their own below."""
ABOUT_FIGURES = {"figure", "revision", "rebased"}
KNOWN = PLAIN | ABOUT_FIGURES | {"signal"}


def find_payloads(file: duckdb.DuckDBPyConnection, threshold: int) -> pd.DataFrame:
    """One finding per row of another table that tells a number of a figure about persons that is not shown.

    returns  ROW and finding; also a table that nobody has called harmless, and a small number of participants
    """
    found = list(_findings(file, threshold))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*ROW, "finding"])


def _findings(file: duckdb.DuckDBPyConnection, threshold: int) -> Iterator[pd.DataFrame]:
    tables = {str(row[0]) for row in file.execute("show tables").fetchall()}
    for name in sorted(tables - KNOWN):
        yield _whole(f"unknown table {name}")
    for name in sorted(tables & ABOUT_FIGURES - {"figure"}):
        yield _numbers_beside(file, name)
    if "signal" in tables:
        yield _signals(file)
    if "intervention" in tables:
        small = "select count(*) from intervention where participants between 1 and ?"
        if file.execute(small, [threshold - 1]).fetchall()[0][0]:
            yield _whole("small number of participants in table intervention")


def _whole(finding: str) -> pd.DataFrame:
    return pd.DataFrame([{**dict.fromkeys(ROW, "all"), "finding": finding}])


def _signals(file: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """A flag tells that a count is at least its bound: it may stand on shown figures only, each of a cluster's too."""
    rows = file.execute("""
        with flagged as (
            select indicator, period, unnest(string_split(coalesce(nullif(members, ''), area), ',')) as area from signal
        )
        select t.indicator, t.area, t.period, 'all' as age, 'all' as sex, 'all' as kind from flagged t
        where not exists (
            select 1 from figure f where f.status = 'shown' and f.indicator = t.indicator and f.area = t.area
            and f.period = t.period and f.age = 'all' and f.sex = 'all' and f.kind = 'all'
        )
    """).df()
    return rows.assign(finding="signal on a figure that is not shown")


def _numbers_beside(file: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    """Rows with a number whose figure is about persons and not shown; of other divisions there may be none at all."""
    columns = file.execute(f"describe {table}").df()
    numbers = columns.loc[columns["column_type"].isin(["DOUBLE", "BIGINT", "INTEGER"]), "column_name"]
    filled = " or ".join(f"t.{name} is not null" for name in numbers if name != "denominator_year") or "false"
    open_units = ", ".join(f"'{unit}'" for unit in UNCOUNTED)
    shown = (
        "exists (select 1 from figure f where f.status = 'shown' and "
        + " and ".join(f"f.{name} = t.{name}" for name in ROW)
        + ")"
    )
    allowed = shown if table != "rebased" else "false"
    rows = file.execute(
        f"select {', '.join(f't.{name}' for name in ROW)} from {table} t join indicator i on i.id = t.indicator "
        f"where i.counts not in ({open_units}) and ({filled}) and not {allowed}"
    ).df()
    return rows.assign(finding=f"table {table} tells a number of a row that is not shown")
