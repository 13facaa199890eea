"""Attacks on a publication, each drawn, and what stops it: the protector, or else the audit with exit 5."""

import shutil
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import pipelines.protect as door
from pipelines.audit import attack, audit_file, check_proof
from pipelines.audit.payloads import KNOWN
from pipelines.build import build
from pipelines.errors import UnsafeFigures
from pipelines.protect import relations, suppress, system
from pipelines.publish import TABLES, current_file
from pipelines.settings import Settings
from tests.protection_tables import AREAS, MEASURES, cells, protected, small_world
from tests.suppliers import deliver, suspect, suspects
from tests.test_build import AREAS as AREA_LIST
from tests.test_build import POPULATION

pytestmark = pytest.mark.xdist_group("attacks")  # one worker makes what they share

WORLD = small_world(31, persons=120)
PRUNE = sys.modules["pipelines.protect.prune"]  # the package has a function of this name too


def test_rolling_sums_are_told_to_give_single_periods_away() -> None:
    years = cells("""
        indicator      | area | period    | numerator
        suspects_12_17 | GM1  | 2023-2024 | 40
        suspects_12_17 | GM1  | 2024-2025 | 43
    """).assign(status="shown")
    areas = pd.concat([AREAS, AREAS[AREAS["year"] == 2024].assign(year=2023)], ignore_index=True)
    assert set(attack(years, MEASURES, areas)["finding"]) == {"overlapping periods"}
    apart = years.assign(period=["2022-2023", "2024-2025"])
    areas = pd.concat([areas, AREAS[AREAS["year"] == 2024].assign(year=2022)], ignore_index=True)
    assert attack(apart, MEASURES, areas).empty


# A protector that errs: whatever it forgets, code that shares nothing with it finds it.


def _never(*_: object, **__: object) -> list[object]:
    return []


FORGOTTEN = {
    "_by_area": """
        indicator      | area  | numerator
        suspects_12_17 | WK11  | 29
        suspects_12_17 | BU111 | 2
        suspects_12_17 | BU112 | 9
        suspects_12_17 | BU113 | 18
        suspects_12_17 | BU114 | 0
    """,
    "_by_age": """
        indicator           | area | numerator
        suspects_12_17      | GM1  | 3
        suspects_18_22      | GM1  | 30
        suspects_by_offence | GM1  | 33
    """,
    "_by_sex": """
        indicator      | area | sex    | numerator
        suspects_12_17 | GM1  | all    | 40
        suspects_12_17 | GM1  | male   | 38
        suspects_12_17 | GM1  | female | 2
    """,
    "_by_kind": """
        indicator           | area | kind     | numerator
        suspects_by_offence | GM1  | all      | 13
        suspects_by_offence | GM1  | property | 10
        suspects_by_offence | GM1  | violence | 3
    """,
    "_by_period": """
        indicator | area | period | numerator
        halt_rate | GM1  | 2025   | 12
        halt_rate | GM1  | 2025Q1 | 9
        halt_rate | GM1  | 2025Q2 | 0
        halt_rate | GM1  | 2025Q3 | 0
        halt_rate | GM1  | 2025Q4 | 3
    """,
}


@pytest.mark.parametrize("relation", FORGOTTEN)
def test_a_relation_that_the_protector_does_not_know_is_caught(relation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = cells(FORGOTTEN[relation])
    monkeypatch.setattr(relations, relation, _never)
    wrong = protected(drawn)
    with pytest.raises(UnsafeFigures, match=r"breaks a relation|no witness"):
        check_proof(wrong.figures, MEASURES, AREAS, drawn, wrong.proof)
    monkeypatch.undo()
    right = protected(drawn)
    check_proof(right.figures, MEASURES, AREAS, drawn, right.proof)


def test_pruning_that_does_not_look_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def show_all(cover: suppress.Cover, block: list[int]) -> None:
        for row in {row for variable in block for row in cover.rows_of.get(variable, ()) if cover.hidden[row]}:
            if not any(suppress.is_unsafe(cover, one) for one in suppress.row_variables(cover.system, row)):
                cover.set_hidden(row, False)

    monkeypatch.setattr(door, "prune", show_all)
    wrong = protected(WORLD)
    with pytest.raises(UnsafeFigures, match=r"moves a count that is shown"):
        check_proof(wrong.figures, MEASURES, AREAS, WORLD, wrong.proof)
    assert len(attack(wrong.figures, MEASURES, AREAS)), "the outsider finds it too"


def test_zero_in_the_place_of_hidden_is_caught() -> None:
    result = protected(WORLD)
    zeros = result.figures.copy()
    closed = zeros["status"] == "hidden"
    zeros.loc[closed, ["numerator", "denominator", "status"]] = [0.0, 1000.0, "shown"]
    with pytest.raises(UnsafeFigures, match="not its cell"):
        check_proof(zeros, MEASURES, AREAS, WORLD, result.proof)


@pytest.mark.parametrize("rule", ["everybody", "rests", "small"])
def test_a_rule_that_is_switched_off_is_caught(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = suppress.is_unsafe
    if rule == "everybody":
        monkeypatch.setattr(suppress, "_note_everybody", _never)
    elif rule == "rests":
        monkeypatch.setattr(system, "_complements", lambda *_: ({}, frozenset()))
    else:
        for place in (suppress, PRUNE):
            monkeypatch.setattr(place, "is_unsafe", lambda cover, at: whole(cover, at) and cover.system.true[at] != 4)
    drawn = cells("""
        indicator           | area  | numerator | denominator
        suspects_12_17      | BU111 | 8  | 10
        suspects_by_offence | GM1   | 20 | 900
        first_time_suspects | GM1   | 18 | 900
        halt_rate           | GM2   | 4  | 900
    """)
    wrong = protected(drawn)
    with pytest.raises(UnsafeFigures):
        check_proof(wrong.figures, MEASURES, AREAS, drawn, wrong.proof)


# The whole run: it stops, says where, and the last publication stays.


FEW = [suspect(f"b{n}", f"b{n}", home_neighbourhood="BU03750001") for n in range(3)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One small publication; tests work on copies."""
    root = tmp_path_factory.mktemp("made")
    lines = [suspect(n, f"p{n}") for n in range(30)]
    lines += FEW
    deliver(root / "in", "areas", "WijkenEnBuurten_2025.csv", AREA_LIST)
    deliver(root / "in", "population", "86165NED.csv", POPULATION)
    deliver(root / "in", "police_suspects", "suspects_2025.csv", suspects(*lines))
    settings = Settings(region="GM0375", deliveries=root / "in", published=root / "out", work=root / "work")
    build(settings)
    return settings


@pytest.fixture
def settings(made: Settings, tmp_path: Path) -> Settings:
    for name in ("deliveries", "published", "work"):
        shutil.copytree(getattr(made, name), tmp_path / name)
    return made.model_copy(update={name: tmp_path / name for name in ("deliveries", "published", "work")})


def _stops(settings: Settings) -> str:
    """The words of a build that stops with exit 5; the last publication is still the one that was."""
    before = {file.name: file.read_bytes() for file in settings.published.iterdir()}
    deliver(settings.deliveries, "police_suspects", "suspects_2025.csv",
            suspects(*(suspect(n, f"p{n}") for n in range(40)), *FEW), day="2026-06-01")  # fmt: skip
    with pytest.raises(UnsafeFigures) as stopped:
        build(settings)
    assert stopped.value.exit_code == 5
    assert {file.name: file.read_bytes() for file in settings.published.iterdir()} == before
    return str(stopped.value)


def test_a_build_that_would_be_unsafe_stops_and_the_last_publication_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "_by_area", _never)
    words = _stops(settings)
    assert words.startswith("suspects_12_")
    assert any(level in words for level in ("municipality", "district", "neighbourhood", "region"))
    monkeypatch.undo()


def test_a_file_that_was_changed_while_it_was_written_is_not_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipelines.publish as last_step

    first = current_file(settings.published)
    honest = last_step._write

    def tamper(publication: last_step.Publication, file: Path) -> None:
        honest(publication, file)
        with duckdb.connect(str(file)) as connection:
            connection.execute("""
                update figure set status = 'shown', numerator = 2, denominator = 100
                where indicator = 'suspects_12_22' and area = 'BU03750001' and sex = 'all' and age = 'all' and period = '2025'
            """).fetchall()

    monkeypatch.setattr(last_step, "_write", tamper)
    words = _stops(settings)
    assert words.startswith("suspects_12_22, neighbourhood, 2025: small count shown")
    assert current_file(settings.published) == first


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("update figure set value = 3.3 where status = 'hidden'", "value on a row that is not shown"),
        ("update figure set low = 0.1 where status = 'hidden'", "low on a row that is not shown"),
        ("update figure set trend = 'up' where status = 'hidden'", "trend on a row that is not shown"),
        (
            "insert into revision select indicator, area, period, age, sex, kind, 1, 2, '' from figure where status = 'hidden'",
            "table revision tells a number of a row that is not shown",
        ),
        (
            "insert into rebased select indicator, area, period, age, sex, kind, 9, 9, 9, 9, 9, 0, 'shown', false, 2025 "
            "from figure where status = 'shown' and indicator = 'suspects_12_17'",
            "table rebased tells a number of a row that is not shown",
        ),
        (
            "insert into signal (id, indicator, area, period) select 'x', indicator, area, period from figure "
            "where status = 'hidden' and age = 'all' and sex = 'all' and kind = 'all'",
            "signal on a figure that is not shown",
        ),
        ("create table chart as select 'spec' as json", "unknown table chart"),
        ("insert into intervention (name, participants) values ('x', 3)", "small number of participants in table intervention"),
    ],
    ids=["rate", "interval", "trend", "revisions", "other division", "signal", "chart", "participants"],
)  # fmt: skip
def test_what_is_smuggled_into_the_published_file_is_found(settings: Settings, change: str, finding: str) -> None:
    file = current_file(settings.published)
    with duckdb.connect(str(file)) as connection:
        connection.execute(change).fetchall()
    found = audit_file(file)
    assert set(found["finding"]) == {finding}
    assert not any(pd.api.types.is_numeric_dtype(found[column]) for column in found)
    assert np.all(found["finding"].str.len() > 0)


def test_the_audit_knows_every_table_that_is_published() -> None:
    assert set(TABLES) == KNOWN, "say in pipelines/audit/payloads.py what a new table may tell about hidden figures"
