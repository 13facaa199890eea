"""One question in SQL, in a process of its own: a copy of what is shown, hard limits, and nothing else within reach.

Run as a script by `dashboard.sql`; it imports nothing of ours. Four walls, each enough for most attacks: the operating
system limits time, memory and files before anything is opened; only the figures that the feed would tell are copied,
and the publication is let go; DuckDB is locked without files, network, extensions or settings; and a question may name
only our tables and known functions. What DuckDB says of an error never leaves: it may hold names of files.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any, Final

import duckdb

MOST_SECONDS: Final = 5
MOST_BYTES: Final = 1_500_000_000  # of addresses, not of memory in use: DuckDB and Python alone reserve a part of it
MOST_COLUMNS: Final = 40
MOST_SIGNS: Final = 300  # of one text in an answer
LIMITS: Final = {
    resource.RLIMIT_CPU: MOST_SECONDS,
    resource.RLIMIT_AS: MOST_BYTES,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 32,
}
SHOWN: Final = ", ".join(
    f"case when f.status = 'shown' then f.{name} end as {name}"
    for name in ("value", "low", "high", "numerator", "denominator")
)
TABLES: Final = {
    "figures": f"""
        select f.indicator, i.title, f.area, coalesce(a.name, f.area) as area_name, a.level, f.period,
               f.age, f.sex, f.kind, {SHOWN}, i.unit, f.status, f.provisional
        from published.figure as f
        join published.indicator as i on i.id = f.indicator
        join published.period as p on p.id = f.period
        left join published.area as a on a.code = f.area and a.year = extract(year from p.finish)
    """,
    "indicators": """
        select id as indicator, title, definition, numerator, denominator, unit, counts, geography, theme
        from published.indicator where id in (select indicator from published.figure)
    """,
    "areas": "select code as area, name, level, parent, year from published.area",
    "periods": "select id as period, kind, start, finish from published.period",
    "groups": "select dimension, code, label from published.code_label",
}
LOCKS: Final = (
    "set threads = 1",
    "set memory_limit = '300MB'",
    "set max_temp_directory_size = '0MB'",
    "set temp_directory = ''",
    "set autoload_known_extensions = false",
    "set autoinstall_known_extensions = false",
    "set allow_community_extensions = false",
    "set allow_persistent_secrets = false",
    "set python_enable_replacements = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
NODES: Final = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
FUNCTIONS: Final = frozenset(re.findall(r"\w+", """
    abs any_value arg_max arg_min array_extract array_slice avg bool_and bool_or cbrt ceil ceiling coalesce concat
    concat_ws contains corr count count_if count_star covar_pop covar_samp cume_dist date_diff date_part date_sub
    date_trunc day dense_rank ends_with exp first first_value floor fmod greatest ilike_escape instr isfinite isnan
    kurtosis lag last last_value lead least left length like_escape list list_value ln log log10 log2 lower ltrim mad
    max max_by mean median min min_by mod mode month nth_value ntile nullif percent_rank pi position pow power prefix
    product quantile quantile_cont quantile_disc quarter rank regexp_extract regexp_matches regexp_replace regr_count
    regr_intercept regr_r2 regr_slope replace right round round_even row_number rtrim sign skewness split_part sqrt
    starts_with stddev stddev_pop stddev_samp strftime string_agg strpos struct_pack substr substring suffix sum to_days
    to_months to_years trim trunc upper var_pop var_samp variance week year
"""))  # fmt: skip


class RefusedError(Exception):
    """The question is not answered; `kind` says why, `what` names a word of the question."""

    def __init__(self, kind: str, what: str = "") -> None:
        self.kind, self.what = kind, what
        super().__init__(kind)


def limit_process() -> None:
    """What the operating system will not let this process do, whatever DuckDB would."""
    for name, most in LIMITS.items():
        resource.setrlimit(name, (most, most))


def copy_shown(path: str) -> duckdb.DuckDBPyConnection:
    """Our tables in memory, hidden figures without numbers, the publication closed again and every door locked."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute(f"attach '{path.replace(chr(39), chr(39) * 2)}' as published (read_only)")
    for name, sql in TABLES.items():
        connection.execute(f"create table {name} as {sql}")
    connection.execute("detach published")
    for lock in LOCKS:
        connection.execute(lock)
    return connection


def check_question(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """One SELECT over our tables with known functions, by the tree that DuckDB itself reads in it.

    raises  RefusedError, duckdb.Error when it is no SQL
    """
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise RefusedError("one_select")
    row = connection.execute("select json_serialize_sql(cast($sql as varchar))", {"sql": sql}).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise RefusedError("one_select")
    parts = list(_walk(tree))
    names = {one["key"] for part in parts for one in (part.get("cte_map") or {}).get("map", ())}
    for part in parts:
        _check_part(part, {*TABLES, *(name.lower() for name in names)})


def _walk(tree: Any) -> Iterator[dict[str, Any]]:
    """Every node of the tree."""
    if isinstance(tree, dict):
        yield tree
    for branch in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _walk(branch)


def _check_part(part: dict[str, Any], tables: set[str]) -> None:
    kind = str(part.get("type", ""))
    if kind.endswith("_NODE") and kind not in NODES:
        raise RefusedError("one_select")
    if "function_name" in part:
        name = str(part["function_name"]).lower()
        if not part.get("is_operator") and name not in FUNCTIONS and re.match(r"\w", name):
            raise RefusedError("function", name)
        if part.get("schema") or part.get("catalog"):
            raise RefusedError("function", name)
    if kind in ("TABLE_FUNCTION", "SHOW_REF", "PIVOT", "DELIM_GET", "CTE_REF"):
        raise RefusedError("source", str((part.get("function") or part).get("function_name", "")))
    if kind == "BASE_TABLE":
        _check_table(part, tables)


def _check_table(part: dict[str, Any], tables: set[str]) -> None:
    name = str(part.get("table_name", ""))
    if name.lower() not in tables or part.get("schema_name") or part.get("catalog_name"):
        raise RefusedError("table", name)


def answer(connection: duckdb.DuckDBPyConnection, sql: str, most: int) -> dict[str, Any]:
    """Columns and at most `most` rows, and whether there are more."""
    check_question(connection, sql)
    result = connection.execute(sql)
    columns = [str(one[0])[:MOST_SIGNS] for one in result.description or ()]
    if len(columns) > MOST_COLUMNS:
        raise RefusedError("columns", str(MOST_COLUMNS))
    rows = result.fetchmany(most + 1)
    return {
        "columns": columns,
        "rows": [[_plain(cell) for cell in row] for row in rows[:most]],
        "more": len(rows) > most,
    }


def _plain(cell: object) -> object:
    """A cell as JSON can hold it; no number that is none (infinity), no text without end."""
    if cell is None or isinstance(cell, bool | int):
        return cell if not isinstance(cell, int) or abs(cell) < 2**53 else str(cell)
    if isinstance(cell, float):
        return cell if cell - cell == 0 else None
    return str(cell)[:MOST_SIGNS]


def explain_error(problem: Exception) -> dict[str, str]:
    """Which kind of error, and at most one word out of the question; never DuckDB's own words."""
    if isinstance(problem, RefusedError):
        return {"error": problem.kind, "what": problem.what[:60]}
    said = str(problem)
    if isinstance(problem, duckdb.ParserException):
        near = re.search(r'at or near "([^"\n]{1,60})"', said)
        return {"error": "syntax", "what": near[1] if near else ""}
    if isinstance(problem, duckdb.BinderException):
        column = re.search(r'column(?: named)? "([^"\n]{1,60})"', said)
        return {"error": "column", "what": column[1]} if column else {"error": "fit", "what": ""}
    if isinstance(problem, MemoryError | duckdb.OutOfMemoryException):
        return {"error": "memory", "what": ""}
    return {"error": "fit" if isinstance(problem, duckdb.Error) else "broken", "what": ""}


def main() -> None:
    """Read one question as JSON (path, sql, rows) and write one answer as JSON."""
    limit_process()
    asked = json.load(sys.stdin)
    try:
        connection = copy_shown(asked["path"])
    except (duckdb.Error, MemoryError):
        json.dump({"error": "broken", "what": ""}, sys.stdout)
        return
    try:
        found: dict[str, Any] = answer(connection, asked["sql"], asked["rows"])
    except (RefusedError, duckdb.Error, MemoryError, RecursionError) as problem:
        found = explain_error(problem)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
