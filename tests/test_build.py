"""The whole run by its command: exit codes, the pointer, and nothing of a person in what it leaves behind."""

import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.audit import audit_file, check_derived
from pipelines.build import build, make_build_id
from pipelines.deliveries import find_deliveries
from pipelines.errors import CannotPublish, UnsafeFigures
from pipelines.indicators import CATALOGUE
from pipelines.publish import current_file, move_pointer
from pipelines.purposes import allowed
from pipelines.settings import Settings, UnknownRegion, find_region
from tests.conftest import run_command
from tests.suppliers import deliver, suspect, suspects

AREAS = "Key,Title\nGM0375,Beverwijk\nWK037500,Wijk 00 Centrum\nBU03750000,Wijkertoren\nBU03750001,Oranje\n"
POPULATION = (
    "Codering (code);Aantal inwoners (aantal);Mannen (aantal);Vrouwen (aantal);0 tot 15 jaar (aantal);15 tot 25 jaar (aantal);"
    "25 tot 45 jaar (aantal);45 tot 65 jaar (aantal);65 jaar of ouder (aantal)\n"
    "GM0375;1000;500;500;200;200;200;200;200\nWK037500;1000;500;500;200;200;200;200;200\n"
    "BU03750000;500;250;250;100;100;100;100;100\nBU03750001;500;250;250;100;100;100;100;100\n"
)
CANARY = "Kanarie de Vries"
CANARY_NUMBER = "PL-KANARIE"


def small_region(folder: Path) -> Path:
    """Deliveries of one municipality: 30 suspects in one neighbourhood, 3 in the other."""
    lines = [suspect(f"{CANARY_NUMBER}{n}", f"{CANARY}{n}") for n in range(30)]
    lines += [suspect(f"B{n}", f"b{n}", home_neighbourhood="BU03750001") for n in range(3)]
    lines.append(suspect("X", CANARY, birth_date="20990101"))
    deliver(folder, "areas", "WijkenEnBuurten_2025.csv", AREAS)
    deliver(folder, "population", "86165NED.csv", POPULATION)
    deliver(folder, "police_suspects", "suspects_2025.csv", suspects(*lines))
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        region="GM0375", deliveries=small_region(tmp_path / "in"), published=tmp_path / "out", work=tmp_path / "work"
    )


def _rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_small_counts_and_what_gives_them_away_are_hidden(settings: Settings) -> None:
    built = build(settings)
    shown = dict(
        _rows(
            built.file,
            "select area, status from figure where indicator='suspects_12_22' and period='2025' and age='all' and sex='all'",
        )
    )
    assert (shown["BU03750000"], shown["BU03750001"]) == ("hidden", "hidden")
    numbers = _rows(
        built.file,
        "select count(*) from figure where status <> 'shown' and coalesce(numerator, denominator, value, low, high, benchmark) is not null",
    )
    assert numbers == [(0,)]
    assert len(audit_file(built.file)) == 0


def test_nothing_of_a_person_is_left_in_publication_work_folder_output_or_errors(tmp_path: Path) -> None:
    deliveries = small_region(tmp_path / "in")
    arguments = (
        "--deliveries",
        deliveries,
        "--published",
        tmp_path / "out",
        "--work",
        tmp_path / "work",
        "--region",
        "GM0375",
    )
    finished = run_command("build", *arguments)
    assert finished.returncode == 0, finished.stderr
    left = [
        file.read_bytes() for folder in ("out", "work") for file in (tmp_path / folder).rglob("*") if file.is_file()
    ]
    left += [finished.stdout.encode(), finished.stderr.encode()]
    for canary in (CANARY, CANARY_NUMBER, "20990101", "20100301"):
        assert not any(canary.encode() in content for content in left), canary
    assert "birth_date: 1 rows refused" in " ".join(finished.stdout.split())


def test_the_pseudonyms_themselves_are_not_published(settings: Settings) -> None:
    from tests.suppliers import person

    content = build(settings).file.read_bytes()
    assert not any(person(f"{CANARY}{n}").encode() in content for n in range(30))


def test_a_broken_delivery_stops_the_build_and_the_last_publication_stays(settings: Settings) -> None:
    built = build(settings)
    before = {file.name: file.read_bytes() for file in settings.published.iterdir()}
    refused = deliver(settings.deliveries, "halt", "halt_2025.csv", "verwijsnummer;naam\n1;Kanarie\n")
    finished = run_command(
        "build",
        "--deliveries",
        settings.deliveries,
        "--published",
        settings.published,
        "--work",
        settings.work,
        "--region",
        "GM0375",
    )
    assert finished.returncode == 4
    assert "halt: halt_2025.csv" in finished.stderr
    assert "Kanarie" not in finished.stdout + finished.stderr
    assert {file.name: file.read_bytes() for file in settings.published.iterdir()} == before
    assert refused.exists()
    assert current_file(settings.published) == built.file


def test_all_broken_deliveries_are_told_at_once(settings: Settings) -> None:
    deliver(settings.deliveries, "halt", "halt_2025.csv", "a;b\n1;2\n")
    deliver(settings.deliveries, "police_open", "47013NED.csv", "a;b\n1;2\n")
    finished = run_command("check", "--deliveries", settings.deliveries, "--region", "GM0375")
    assert finished.returncode == 4
    assert "halt_2025.csv" in finished.stderr
    assert "47013NED.csv" in finished.stderr


def test_check_writes_nothing_and_tells_of_refused_rows_by_its_exit_code(settings: Settings, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    finished = run_command("check", "--deliveries", settings.deliveries, "--region", "GM0375")
    assert finished.returncode == 3
    assert sorted(tmp_path.rglob("*")) == before
    deliver(settings.deliveries, "police_suspects", "suspects_2025.csv", suspects(suspect(1)))
    assert run_command("check", "--deliveries", settings.deliveries, "--region", "GM0375").returncode == 0


def test_the_same_deliveries_give_the_same_build_in_any_order_and_again(settings: Settings) -> None:
    deliveries = find_deliveries(settings.deliveries)
    first = make_build_id(settings, deliveries)
    assert make_build_id(settings, deliveries[::-1]) == first
    built = build(settings)
    again = build(settings)
    assert built.file.stem == again.file.stem == first
    figures = "select * exclude (label) from figure order by all"
    assert _rows(built.file, figures) == _rows(again.file, figures)


def test_a_new_delivery_gives_a_new_file_and_the_old_build_is_kept(settings: Settings) -> None:
    first = build(settings).file
    deliver(
        settings.deliveries,
        "police_suspects",
        "suspects_2025.csv",
        suspects(*(suspect(n, f"n{n}") for n in range(9))),
        day="2026-03-01",
    )
    second = build(settings).file
    assert first != second
    assert first.exists()
    assert current_file(settings.published) == second
    states = _rows(second, "select state, delivered_on from source where id = 'police_suspects' order by delivered_on")
    assert [state for state, _ in states] == ["superseded", "used"]


def test_a_publication_that_cannot_be_written_leaves_the_pointer(settings: Settings, tmp_path: Path) -> None:
    built = build(settings)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    finished = run_command(
        "build",
        "--deliveries",
        settings.deliveries,
        "--published",
        blocked,
        "--work",
        settings.work,
        "--region",
        "GM0375",
    )
    assert finished.returncode == 6
    assert "the last publication is unchanged" in " ".join(finished.stderr.split())
    assert current_file(settings.published) == built.file


def test_a_tampered_file_is_found_by_the_audit(settings: Settings) -> None:
    file = build(settings).file
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update figure set numerator = 3 where area = 'BU03750001' and indicator = 'suspects_12_22' and status = 'hidden'"
        ).fetchall()
    finished = run_command("audit", settings.published)
    assert finished.returncode == 5
    with duckdb.connect(str(file), read_only=True) as connection, pytest.raises(UnsafeFigures, match="suspects_12_"):
        check_derived(connection.sql("from figure").df())


def test_an_untouched_publication_passes_the_audit(published: Path) -> None:
    finished = run_command("audit", published)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_a_higher_threshold_hides_more_and_passes_its_own_check(settings: Settings) -> None:
    stricter = settings.model_copy(update={"threshold": 10, "published": settings.published / "ten"})
    hidden = "select count(*) from figure where status = 'hidden'"
    assert _rows(build(stricter).file, hidden) >= _rows(build(settings).file, hidden)


def test_a_protector_that_shows_what_it_should_hide_stops_the_publication(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def show_everything(cells: pd.DataFrame, *_: object) -> pd.DataFrame:
        figures = cells.rename(columns={"state": "status"}).replace({"status": {"counted": "shown"}})
        figures.loc[figures["status"] != "shown", ["numerator", "denominator", "denominator_year"]] = pd.NA
        return figures

    monkeypatch.setattr("pipelines.protect._figures", show_everything)
    with pytest.raises(UnsafeFigures, match="suspects_12_"):
        build(settings)
    assert not settings.published.exists()


@pytest.mark.parametrize(
    "later",
    [{"home_municipality": "GM0396", "home_neighbourhood": ""}, {"birth_date": "20070601"}],
    ids=["moves", "turns 18"],
)
def test_one_who_moves_or_turns_18_within_the_year_does_not_stop_the_build(
    settings: Settings, later: dict[str, str]
) -> None:
    first = {"birth_date": "20070601", "offence_date": "20250105", "registration_date": "20250110"}
    second = {"offence_date": "20250905", "registration_date": "20250910", "birth_date": "20070601"} | later
    lines = [suspect(1, "mover", **first), suspect(2, "mover", **second)]
    lines += [suspect(f"A{n}", f"a{n}", **first) for n in range(3)]
    deliver(settings.deliveries, "police_suspects", "suspects_2025.csv", suspects(*lines))
    assert len(audit_file(build(settings).file)) == 0


def test_a_purpose_that_is_not_allowed_is_not_computed() -> None:
    assert allowed(CATALOGUE, ()) == ()
    assert {one.purpose for one in allowed(CATALOGUE, ("trend",))} == {"trend"}


def test_a_region_is_a_preset_or_a_list_of_codes() -> None:
    assert find_region(Settings(region="ijmond")).municipalities == ("GM0375", "GM0396", "GM0450", "GM0453")
    assert len(find_region(Settings(region="Twente")).municipalities) == 14
    assert find_region(Settings(region="GM0396, gm0375", region_name="Noord")).name == "Noord"
    with pytest.raises(UnknownRegion, match="no preset"):
        find_region(Settings(region="atlantis"))


def test_the_pointer_names_a_build_or_the_reader_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotPublish, match="nothing is published here"):
        current_file(tmp_path)
    move_pointer(tmp_path, "abc")
    assert current_file(tmp_path).name == "abc.duckdb"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current"]


def test_the_sample_build_has_every_indicator_at_every_level_it_promises(published: Path) -> None:
    found = {
        (i, level)
        for i, level in _rows(
            current_file(published),
            "select distinct f.indicator, a.level from figure f join area a on a.code = f.area",
        )
    }
    promised = {(one.id, level) for one in CATALOGUE for level in one.splits}
    assert promised <= found
    seen = _rows(current_file(published), "select count(distinct indicator) from figure where status = 'shown'")
    assert seen[0][0] >= len(CATALOGUE) - 3


def test_status_tells_what_is_published(published: Path) -> None:
    finished = run_command("status", "--published", published)
    assert finished.returncode == 0
    assert "IJmond" in finished.stdout


def test_the_work_folder_holds_no_rows_after_a_run(settings: Settings) -> None:
    build(settings)
    assert not (settings.work / "rows.duckdb").exists()
    shutil.rmtree(settings.work)
