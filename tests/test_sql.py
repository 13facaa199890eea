"""Questions in SQL: analysts get answers, attackers a sentence; nothing hidden, no file, no setting, no endless run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboard import sql as asking
from dashboard.figures import Publication, open_publication
from dashboard.sql import EXAMPLES, MOST_ROWS, SQL_COLUMNS, TABLES, SqlError, ask_sql, draw_answer, is_open
from dashboard.sql_child import RefusedError, check_question, copy_shown
from tests.two_publications import copy_publication

SECRET = "98765"
POISON = (
    f"update figure set value = {SECRET}, numerator = {SECRET}, denominator = {SECRET}, low = {SECRET}, high = {SECRET} "
    "where status <> 'shown' and indicator in ('suspects_12_17', 'halt_rate', 'crimes')"
)


@pytest.fixture(scope="module")
def poisoned(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """A publication in which rows that are not shown carry numbers, as none of ours ever does."""
    folder = tmp_path_factory.mktemp("poisoned")
    copy_publication(published, folder, changes=(POISON,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JEUGDBEELD_PUBLISHED", str(folder))
        yield open_publication()


@pytest.fixture(scope="module")
def connection(poisoned: Publication) -> duckdb.DuckDBPyConnection:
    """What the child asks: the copy, locked. Here without the limits of the operating system."""
    return copy_shown(poisoned.path)


def test_the_page_is_closed_unless_the_operator_opens_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, open_ in ((None, False), ("", False), ("False", False), ("nee", False), ("True", True), ("1", True)):
        monkeypatch.delenv(asking.SETTING, raising=False)
        if value is not None:
            monkeypatch.setenv(asking.SETTING, value)
        assert is_open() is open_, value


def test_an_answer_is_a_table_of_shown_figures(poisoned: Publication) -> None:
    asked = "select area_name, value from figures where indicator = 'population' and period = '2025' and level = 'municipality' and age = 'all' and sex = 'all' order by 1"
    answer = ask_sql(poisoned, asked)
    assert answer.columns == ["area_name", "value"]
    assert [row[0] for row in answer.rows] == ["Beverwijk", "Heemskerk", "Uitgeest", "Velsen"]
    html = draw_answer(answer, caption="x")
    assert '<td class="jb-number">42.677</td>' in html and not answer.more


@pytest.mark.parametrize("table", list(TABLES))
def test_the_tables_are_those_the_page_names_and_hold_no_number_that_is_not_shown(
    connection: duckdb.DuckDBPyConnection, table: str
) -> None:
    rows = connection.execute(f"select * from {table}")
    assert ", ".join(one[0] for one in rows.description or ()) == SQL_COLUMNS[table]
    found = rows.fetchall()
    assert found and not [cell for row in found for cell in row if str(cell) in (SECRET, f"{SECRET}.0")]
    if table == "figures":
        states = connection.execute(
            "select status, count(value) + count(low) + count(high) + count(numerator) + count(denominator) from figures group by 1"
        ).fetchall()
        assert len(states) > 2 and all((filled > 0) == (status == "shown") for status, filled in states)


REFUSED = {
    "select * from read_csv('/etc/passwd')": "source",
    "select * from read_text('/etc/passwd')": "source",
    "select * from glob('/*')": "source",
    "select * from '/etc/passwd'": "table",
    "select * from \"/etc/passwd\"": "table",
    "select * from published.figure": "table",
    "select * from information_schema.tables": "table",
    "select * from duckdb_settings()": "source",
    "select * from pragma_database_list()": "source",
    "select * from query('select 1')": "source",
    "select * from query_table('figures')": "source",
    "select * from range(1000000000000)": "source",
    "show tables": "source",
    "summarize figures": "source",
    "attach '/etc/passwd' as stolen": "one_select",
    "copy figures to '/tmp/figures.csv'": "one_select",
    "export database '/tmp/stolen'": "one_select",
    "pragma database_list": "one_select",
    "install httpfs": "one_select",
    "load httpfs": "one_select",
    "set memory_limit = '100GB'": "one_select",
    "reset lock_configuration": "one_select",
    "create table mine as select 1": "one_select",
    "drop table figures": "one_select",
    "delete from figures": "one_select",
    "call pragma_version()": "one_select",
    "explain analyze select 1": "one_select",
    "select 1; select 2": "one_select",
    "with gone as (delete from figures returning *) select * from gone": "one_select",
    "": "one_select",
    "-- nothing": "one_select",
    "select getenv('HOME')": "function",
    "select current_setting('home_directory')": "function",
    "select getvariable('x')": "function",
    "select main.sleep_ms(10000)": "function",
    "select (select repeat('x', 2000000000))": "function",
    "select area from figures where lpad('x', 2000000000) = area": "function",
    "select area from figures order by levenshtein(title, title)": "function",
    "select list_transform([1], x -> getenv('HOME'))": "function",
    "select count(*) filter (where getenv('HOME') is null) from figures": "function",
    "with a as (select * from read_csv('/etc/passwd')) select 1": "source",
    "select 1 where exists (select 1 from read_blob('/etc/passwd'))": "source",
    "select * from figures, lateral (select * from glob('/*')) as g": "source",
}  # fmt: skip


@pytest.mark.parametrize("question", list(REFUSED))
def test_what_is_no_question_to_our_tables_is_refused_before_it_runs(
    connection: duckdb.DuckDBPyConnection, question: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        check_question(connection, question)
    assert refused.value.kind == REFUSED[question]


@pytest.mark.parametrize(
    "question",
    [
        *EXAMPLES.values(),
        "from figures select avg(value)",
        "with recursive t as (select 1 as n union all select n + 1 from t where n < 5) select n from t",
        "select f.title, corr(f.value, g.value) from figures f join figures g using (area, period) group by 1",
        "select area from areas union select period from periods",
        "select case when value between 1 and 2 then 'a' else upper(title[1:3]) end, value::int, -value from figures limit 3",
        "select rank() over (partition by period order by value desc), cast(start as date) + interval 1 year from figures join periods using (period) limit 3",
        "select title from figures where title ilike '%halt%' and area in (select area from areas) limit 1",
    ],
)
def test_what_an_analyst_asks_is_answered(connection: duckdb.DuckDBPyConnection, question: str) -> None:
    check_question(connection, question)
    assert connection.execute(question).fetchall()


@pytest.mark.parametrize(
    "question",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/hostname'",
        "attach '/tmp/other.duckdb' as other",
        "copy figures to '/tmp/figures.csv'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "select * from published.figure",
    ],
)
def test_behind_that_check_duckdb_itself_refuses_too(connection: duckdb.DuckDBPyConnection, question: str) -> None:
    with pytest.raises(duckdb.Error):
        connection.execute(question).fetchall()


@pytest.mark.parametrize(
    ("attempt", "ends"),
    [
        ("file = open('/tmp/jeugdbeeld_written', 'w'); file.write('x' * 100); file.flush()", "File too large"),
        ("bytearray(3_000_000_000)", "MemoryError"),
        ("[open('/dev/null') for _ in range(100)]", "Too many open files"),
        ("sum(1 for _ in iter(int, 1))", ""),
    ],
)
def test_behind_duckdb_the_operating_system_refuses_too(attempt: str, ends: str) -> None:
    code = (
        "import dashboard.sql_child as child, resource; child.LIMITS[resource.RLIMIT_CPU] = 1\n"
        f"child.limit_process(); {attempt}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    Path("/tmp/jeugdbeeld_written").unlink(missing_ok=True)
    assert done.returncode != 0
    assert ends in done.stderr


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("with recursive t as (select 1 as n union all select n + 1 from t) select count(*) from t", "duurt te lang"),
        ("select string_agg(a.title || b.title, '') from figures a, figures b", "te veel geheugen"),
    ],
)
def test_a_question_without_end_or_measure_is_stopped_and_the_next_one_is_answered(
    poisoned: Publication, question: str, said: str
) -> None:
    started = time.monotonic()
    with pytest.raises(SqlError, match=said):
        ask_sql(poisoned, question, seconds=4 if "recursive" in question else 15)
    assert time.monotonic() - started < 30
    assert ask_sql(poisoned, "select count(*) from groups").rows[0][0]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("selec 1", "geen geldige SQL. De fout zit in de buurt van: selec."),
        ("select geluk from figures", "De kolom geluk bestaat niet."),
        ("select * from '/etc/passwd'", "De tabel"),
        ("select 'x'::int", "past niet bij de tabellen"),
        ("select read_text('/etc/passwd')", "De functie read_text kan hier niet."),
        ("select " + ", ".join(["1"] * 60), "te veel kolommen. Vraag er hoogstens 40."),
        ("select " + "(" * 1500 + "1" + ")" * 1500, "geen geldige SQL"),
        ("x" * 5_000, "te lang"),
    ],
)
def test_an_error_is_dutch_and_names_no_file_of_ours(poisoned: Publication, question: str, said: str) -> None:
    with pytest.raises(SqlError) as problem:
        ask_sql(poisoned, question)
    words = str(problem.value)
    assert said in words
    assert "duckdb" not in words.lower() and "Error" not in words and str(Path(poisoned.path).parent) not in words


def test_an_answer_ends_at_so_many_rows_and_a_text_at_so_many_signs(poisoned: Publication) -> None:
    answer = ask_sql(
        poisoned,
        "select concat(title, title, title, title, title, title, title, title, title, title, title, title, title, title) from figures",
    )
    assert len(answer.rows) == MOST_ROWS and answer.more
    assert max(len(str(row[0])) for row in answer.rows) <= 300
    escaped = draw_answer(ask_sql(poisoned, "select '<script>alert(1)</script>' as \"<b>\""), caption="x")
    assert "<script>" not in escaped and "<b>" not in escaped


def test_the_child_gets_no_environment_and_no_folder_of_ours(
    poisoned: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret in the environment of the app is not in that of the child."""
    given: dict[str, object] = {}
    run = subprocess.run

    def watch(*arguments: object, **named: object) -> object:
        given.update(named)
        return run(*arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setenv("JEUGDBEELD_XLSX_PASSWORD", "geheim")
    monkeypatch.setattr(asking.subprocess, "run", watch)
    ask_sql(poisoned, "select 1")
    assert (given["env"], given["cwd"]) == ({}, "/")
    assert os.environ["JEUGDBEELD_XLSX_PASSWORD"] == "geheim"


def test_no_more_questions_run_at_once_than_there_are_places(
    poisoned: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(asking.AT_ONCE):
        assert asking._places.acquire(blocking=False)
    try:
        monkeypatch.setattr(asking, "PATIENCE", 0.01)
        with pytest.raises(SqlError, match="andere vragen"):
            ask_sql(poisoned, "select 1")
    finally:
        for _ in range(asking.AT_ONCE):
            asking._places.release()
