"""Deliveries over time, by the whole run: what lacks, what changed and why, and one id for one set of deliveries."""

import os
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.build import build
from pipelines.indicators import CATALOGUE
from pipelines.publish import current_file
from pipelines.revisions import list_revisions
from pipelines.settings import Settings
from pipelines.trace import sources_of
from tests.drawn import table
from tests.suppliers import deliver, suspect, suspects
from tests.test_build import AREAS, POPULATION


def _deliver_all(folder: Path, count: int = 30) -> None:
    deliver(folder, "areas", "WijkenEnBuurten_2025.csv", AREAS)
    deliver(folder, "population", "86165NED.csv", POPULATION)
    deliver(folder, "police_suspects", "suspects_2025.csv", _suspects(count))


def _suspects(count: int) -> str:
    return suspects(*(suspect(n, f"p{n}") for n in range(count)))


def _build(root: Path) -> str:
    """The whole run; the id that was published."""
    build(Settings(region="GM0375", deliveries=root / "in", published=root / "out", work=root / "work"))
    return current_file(root / "out").stem


def _rows(root: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(current_file(root / "out")), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_one_set_of_deliveries_has_one_build_id_whatever_the_order_and_however_often(tmp_path: Path) -> None:
    _deliver_all(tmp_path / "in")
    first = _build(tmp_path)
    file = tmp_path / "in/police_suspects/2026-02-01/suspects_2025.csv"
    content = file.read_bytes()
    shutil.rmtree(tmp_path / "in")
    for source, name, text in (("police_suspects", "suspects_2025.csv", content), ("population", "86165NED.csv", POPULATION),
                               ("areas", "WijkenEnBuurten_2025.csv", AREAS)):  # fmt: skip
        os.utime(deliver(tmp_path / "in", source, name, text), (0, 0))
    assert _build(tmp_path) == first
    deliver(tmp_path / "in", "police_suspects", "suspects_2025.csv", content, day="2026-03-01")
    file.write_text(_suspects(31))
    assert _build(tmp_path) == first, "delivered twice, and what was superseded plays no part"
    later = tmp_path / "in/police_suspects/2026-03-01/suspects_2025.csv"
    later.write_text(_suspects(40))
    second = _build(tmp_path)
    assert second != first
    later.write_bytes(content)
    assert _build(tmp_path) == first


def test_the_same_file_twice_on_one_day_counts_once(tmp_path: Path) -> None:
    _deliver_all(tmp_path / "in")
    deliver(tmp_path / "in", "police_suspects", "suspects_2025_kopie.csv", _suspects(30))
    _build(tmp_path)
    states = _rows(tmp_path, "select file, state from source where id = 'police_suspects' order by file")
    assert states == [("suspects_2025.csv", "used"), ("suspects_2025_kopie.csv", "superseded")]


def test_what_was_not_delivered_is_listed_by_source_and_period(tmp_path: Path) -> None:
    _deliver_all(tmp_path / "in")
    deliver(
        tmp_path / "in",
        "police_suspects",
        "suspects_2024q2.csv",
        suspects(suspect(1, offence_date="20240501", registration_date="20240501")),
    )
    _build(tmp_path)
    missing = set(_rows(tmp_path, "select source, period from missing_delivery"))
    assert {("police_suspects", "2024Q1"), ("police_suspects", "2024Q3"), ("police_suspects", "2024Q4")} <= missing
    assert {("halt", "2024"), ("halt", "2025"), ("population", "2024"), ("school_leaving", "2024/25")} <= missing
    assert not missing & {
        ("police_suspects", "2025"),
        ("police_suspects", "2024Q2"),
        ("population", "2025"),
        ("areas", "2025"),
    }
    states = _rows(tmp_path, "select distinct status, numerator from figure where indicator = 'halt_rate'")
    assert states == [("not_delivered", None)]


def test_a_figure_that_changed_is_listed_with_the_delivery_that_did_it(tmp_path: Path) -> None:
    _deliver_all(tmp_path / "in")
    first = _build(tmp_path)
    assert _rows(tmp_path, "select count(*) from revision") == [(0,)]
    deliver(tmp_path / "in", "police_suspects", "suspects_2025.csv", _suspects(40), day="2026-05-01")
    assert _build(tmp_path) != first
    listed = "select area, before, after, reason from revision where indicator = 'suspects_12_17' and age = 'all' and sex = 'all' and period = '2025' and area = 'GM0375'"
    (row,) = _rows(tmp_path, listed)
    assert row[3] == "Nieuwe levering: suspects_2025.csv van 01-05-2026"
    assert float(str(row[2])) == pytest.approx(float(str(row[1])) * 40 / 30)
    again = _rows(tmp_path, "from revision order by all")
    _build(tmp_path)
    assert _rows(tmp_path, "from revision order by all") == again, "made again, a build keeps its list"
    unshown = """select count(*) from revision r join figure f using (indicator, area, period, age, sex, kind) where f.status <> 'shown'"""
    assert _rows(tmp_path, unshown) == [(0,)]
    incidents = _rows(tmp_path, "select count(*) from revision where indicator = 'crimes'")
    assert incidents == [(0,)]


def _previous(file: Path, figures: pd.DataFrame, unit: str = "per 1.000 inwoners", age: str = "12-17") -> Path:
    with duckdb.connect(str(file)) as connection:
        connection.register("listed", MEASURES.assign(unit=unit, age=age))
        connection.execute("create table indicator as from listed").fetchall()
        connection.register("incoming", figures)
        connection.execute("create table figure as from incoming").fetchall()
        connection.execute(
            "create table source (id varchar, file varchar, delivered_on date, period varchar, sha256 varchar, state varchar)"
        ).fetchall()
        connection.execute("create table build as select 'RG' as region, false as synthetic").fetchall()
    return file


FIGURES = """
    indicator | area | period | age | sex | kind | numerator | denominator | value | status
    suspects  | A    | 2025   | all | all | all  | {first}   | 100         | {first} | {status}
    crimes    | A    | 2025   | all | all | all  | {first}   | 100         | {first} | {status}
"""
MEASURES = table("""
    id       | counts    | sources         | unit               | age
    suspects | persons   | police_suspects | per 1.000 inwoners | 12-17
    crimes   | incidents | police_open     | per 1.000 inwoners | 12-17
""")
SOURCES = table("""
    id              | file | delivered_on | period | sha256 | state
    police_suspects | a    | 2026-01-01   | 2025   | x      | used
    police_open     | b    | 2026-01-01   | 2025   | y      | superseded
""").astype({"period": str})


def _drawn(count: int, status: str) -> pd.DataFrame:
    return table(FIGURES.format(first=count, status=status)).astype({"period": str})


def _compare(folder: Path, before: tuple[int, str], after: tuple[int, str], **made: object) -> pd.DataFrame:
    old, new = (_drawn(count, status) for count, status in (before, after))
    return list_revisions(new, MEASURES, SOURCES, previous=_previous(folder / "old.duckdb", old),
                          made={"id": "new", "region": "RG", "threshold": 5, "synthetic": False} | made)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "listed"),
    [((50, "shown"), (60, "shown"), ["crimes", "suspects"]), ((50, "shown"), (50, "shown"), []), ((50, "hidden"), (60, "shown"), []),
     ((50, "shown"), (60, "hidden"), []), ((50, "shown"), (53, "shown"), ["crimes"]), ((50, "shown"), (46, "shown"), ["crimes"]),
     ((50, "shown"), (45, "shown"), ["crimes", "suspects"])],
)  # fmt: skip
def test_only_what_was_shown_twice_is_listed_and_of_persons_no_change_of_a_few(
    tmp_path: Path, before: tuple[int, str], after: tuple[int, str], listed: list[str]
) -> None:
    assert list(_compare(tmp_path, before, after)["indicator"]) == listed


@pytest.mark.parametrize(
    ("unit", "age", "before"),
    [("per 1.000 inwoners", "12-17", 50), ("per 10.000 inwoners", "12-17", 5), ("%", "12-17", None), ("per 1.000 inwoners", "12-18", None)],
)  # fmt: skip
def test_values_in_another_unit_are_compared_in_that_of_now_or_not_at_all(
    tmp_path: Path, unit: str, age: str, before: float | None
) -> None:
    previous = _previous(tmp_path / "old.duckdb", _drawn(50, "shown"), unit, age)
    made: dict[str, object] = {"id": "new", "region": "RG", "threshold": 5, "synthetic": False}
    found = list_revisions(_drawn(60, "shown"), MEASURES, SOURCES, previous=previous, made=made)
    assert list(found["before"]) == ([] if before is None else [before, before])


def test_the_reason_is_a_new_delivery_of_the_own_sources_or_that_there_was_none(tmp_path: Path) -> None:
    reasons = _compare(tmp_path, (50, "shown"), (60, "shown"))["reason"].tolist()
    assert reasons == ["Geen nieuwe levering: een correctie, een instelling of het programma veranderde.",
                       "Nieuwe levering: a van 01-01-2026"]  # fmt: skip


def test_another_region_is_no_earlier_publication(tmp_path: Path) -> None:
    assert _compare(tmp_path, (50, "shown"), (60, "shown"), region="RG-ANDERS").empty


def test_a_previous_file_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "old.duckdb").write_text("x")
    made: dict[str, object] = {"id": "new", "region": "RG", "threshold": 5, "synthetic": False}
    assert list_revisions(_drawn(5, "shown"), MEASURES, SOURCES, previous=tmp_path / "old.duckdb", made=made).empty


def test_every_figure_is_traced_to_its_sql_and_its_deliveries(published: Path) -> None:
    with duckdb.connect(str(current_file(published)), read_only=True) as connection:
        untraced = connection.sql("""
            select distinct f.indicator, a.level from figure f join area a on a.code = f.area
            where not exists (select 1 from sql s where s.indicator = f.indicator and s.level = a.level)
               or not exists (select 1 from figure_source fs join source d on d.id = fs.source where fs.indicator = f.indicator)
        """).fetchall()
        assert untraced == []
        assert connection.sql(
            "select count(*) from source where state = 'used' and length(sha256) <> 64"
        ).fetchall() == [(0,)]
        named = dict(connection.sql("select indicator, count(*) from figure_source group by 1").fetchall())
    assert named == {one.id: len(sources_of(one)) for one in CATALOGUE if one.id in named}
