"""Retention: what is past its term goes, what is not stays, and the record says what went and never what it held."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipelines.deliveries import find_deliveries
from pipelines.extract import extract
from pipelines.purge import plan_purge
from pipelines.sources import CONTRACTS
from tests.conftest import run_command
from tests.suppliers import SUSPECT_HEADER, deliver, suspect, suspects

CANARY = "PL-KANARIE"
SUSPECTS = CONTRACTS["police_suspects"]


def _registered(number: object, day: str) -> str:
    return suspect(number, registration_date=day, offence_date=day)


def _purge(folder: Path, today: str, *extra: str) -> str:
    finished = run_command("purge", "--deliveries", folder, "--today", today, *extra)
    assert finished.returncode == 0, finished.stderr
    assert CANARY not in finished.stdout + finished.stderr
    return " ".join(finished.stdout.split())


def _files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def test_every_source_with_persons_has_a_term() -> None:
    assert all(contract.retention_years >= 1 for contract in CONTRACTS.values() if contract.persons)


def test_a_file_goes_on_the_first_of_january_after_its_term_and_open_data_stays(tmp_path: Path) -> None:
    old = deliver(tmp_path, "police_suspects", "suspects_2018.csv", suspects(_registered(CANARY, "20180401")))
    digest = hashlib.sha256(old.read_bytes()).hexdigest()
    deliver(tmp_path, "police_suspects", "suspects_2019.csv", suspects(_registered(1, "20190401")))
    deliver(tmp_path, "areas", "lijst_2010.csv", "Key,Title\nGM0375,Beverwijk\n", day="2010-02-01")
    assert SUSPECTS.retention_years == 7
    assert "0 deliveries" in _purge(tmp_path, "2025-12-31")
    assert "suspects_2018.csv: the whole file (term 7 years)" in _purge(tmp_path, "2026-01-01")
    assert _files(tmp_path) == ["lijst_2010.csv", "purged.csv", "suspects_2019.csv"]
    with (tmp_path / "purged.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows == [{"file": "police_suspects/2026-02-01/suspects_2018.csv", "sha256": digest, "date": "2026-01-01",
                     "term": "7", "removed": "file"}]  # fmt: skip


def test_of_a_file_about_more_years_only_the_old_rows_go_and_its_name_no_longer_tells_their_year(
    tmp_path: Path,
) -> None:
    lines = [
        _registered(CANARY, "20180401"),
        _registered(2, "1-4-2019"),
        _registered(3, "niets"),
        _registered(4, "2020") + ";x",
    ]
    deliver(tmp_path, "police_suspects", "suspects_2018-2025.csv", "SYNTHETISCH\n" + suspects(*lines))
    before = (tmp_path / "police_suspects/2026-02-01/suspects_2018-2025.csv").read_text()
    assert "would go" in _purge(tmp_path, "2026-06-01", "--dry-run")
    assert _files(tmp_path) == ["suspects_2018-2025.csv"]
    assert (tmp_path / "police_suspects/2026-02-01/suspects_2018-2025.csv").read_text() == before
    _purge(tmp_path, "2026-06-01")
    (delivery,) = find_deliveries(tmp_path)
    assert delivery.period == "2019-2025"
    read = extract(delivery.file, SUSPECTS)
    assert read.rows["registratienummer"].to_pylist() == ["PL2", "PL3", "PL4"]
    assert read.rows["cells_ok"].to_pylist() == [True, True, False]
    assert read.synthetic
    assert CANARY not in delivery.file.read_text() + (tmp_path / "purged.csv").read_text()
    assert "0 deliveries" in _purge(tmp_path, "2026-06-01")


def test_an_old_row_in_a_workbook_without_a_period_in_its_name_goes_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Verdachten"],
        SUSPECT_HEADER.split(";"),
        *(_registered(n, day).split(";") for n, day in ((CANARY, "20150101"), (2, "20250101"))),
    ):
        book.active.append(row)
    file = deliver(tmp_path, "police_suspects", "alles.xlsx", b"")
    book.save(file)
    _purge(tmp_path, "2026-06-01")
    assert _files(tmp_path) == ["alles.csv", "purged.csv"]
    assert extract(file.with_suffix(".csv"), SUSPECTS).rows["registratienummer"].to_pylist() == ["PL2"]


@pytest.mark.parametrize(("today", "kept"), [(2026, True), (2032, True), (2033, False)])
def test_rows_within_the_period_of_a_file_go_together_with_it(tmp_path: Path, today: int, kept: bool) -> None:
    deliver(
        tmp_path, "police_suspects", "suspects_2025h1.csv", suspects(*(_registered(n, "20250401") for n in range(3)))
    )
    planned, errors = plan_purge(tmp_path, date(today, 6, 1))
    assert (bool(planned), errors) == (not kept, [])


def test_a_file_that_cannot_be_read_is_told_and_the_others_go(tmp_path: Path) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2015-2025.csv", "a;b\n1;2\n")
    deliver(tmp_path, "police_suspects", "suspects_2010.csv", suspects(_registered(CANARY, "20100401")))
    finished = run_command("purge", "--deliveries", tmp_path, "--today", "2026-06-01")
    assert finished.returncode == 4
    assert "suspects_2015-2025.csv: no header found" in " ".join(finished.stderr.split())
    assert _files(tmp_path) == ["purged.csv", "suspects_2015-2025.csv"]


def test_a_day_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    assert run_command("purge", "--deliveries", tmp_path, "--today", "morgen").returncode == 2
