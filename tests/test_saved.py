"""Views kept under a name: choices only, whole or not at all, safe to show, and still there after a restart."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboard import saved
from dashboard.saved import StoreError, delete_view, find_export, list_views, note_export, save_view


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deep" / "saved.sqlite"
    monkeypatch.setenv("JEUGDBEELD_SAVED", str(path))
    return path


def test_a_view_is_kept_listed_by_name_and_deleted() -> None:
    save_view("overlast Velsen", "gebied=Velsen")
    save_view("Halt", "cijfers=Halt")
    assert [(view.name, view.query) for view in list_views()] == [
        ("Halt", "cijfers=Halt"),
        ("overlast Velsen", "gebied=Velsen"),
    ]
    delete_view("Halt")
    delete_view("Halt")
    assert [view.name for view in list_views()] == ["overlast Velsen"]


def test_a_view_survives_the_process_that_kept_it() -> None:
    save = "from dashboard.saved import save_view; save_view('van gisteren', 'jaar=2024')"
    subprocess.run([sys.executable, "-c", save], check=True, cwd=Path(__file__).parents[1])
    assert [view.query for view in list_views()] == ["jaar=2024"]


def test_a_name_is_never_overwritten() -> None:
    save_view("een", "first")
    with pytest.raises(StoreError, match="al gebruikt"):
        save_view(" een ", "second")
    assert [view.query for view in list_views()] == ["first"]


@pytest.mark.parametrize("name", ["", "  ", "\n\t", "x" * 81, "\u202e\u200b"])
def test_a_name_that_is_empty_or_too_long_is_refused(name: str) -> None:
    with pytest.raises(StoreError, match="Geef een naam"):
        save_view(name, "q")


def test_hidden_signs_are_taken_out_of_a_name_and_sql_in_it_is_only_a_name() -> None:
    assert save_view("a\u202eb\nc", "q").name == "a b c"
    wild = "x'); drop table view; --"
    save_view(wild, "q")
    assert wild in [view.name for view in list_views()]


def test_many_at_once_all_land_and_a_taken_name_lands_once() -> None:
    def keep(number: int) -> bool:
        try:
            save_view(f"view {number % 20}", str(number))
        except StoreError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(keep, range(40))) == 20
    assert len(list_views()) == 20


def test_too_many_or_too_large_views_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="te groot"):
        save_view("groot", "x" * 5_000)
    monkeypatch.setattr(saved, "MOST_VIEWS", 1)
    save_view("een", "q")
    with pytest.raises(StoreError, match="Verwijder er eerst een"):
        save_view("twee", "q")


def test_an_export_is_remembered_once_and_never_more_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert note_export("A", "b1", ["r1", "r2"], "gebied=Velsen")
    assert note_export("A", "b1", ["other"])
    found = find_export("A")
    assert found and found.receipts == ("r1", "r2") and found.figures == 2 and found.query == "gebied=Velsen"
    monkeypatch.setattr(saved, "MOST_EXPORTS", 2)
    for code in "BCD":
        note_export(code, "b1", ["r"])
    assert [code for code in "ABCD" if find_export(code)] == ["C", "D"]


def test_a_file_that_cannot_be_used_stops_no_download_and_is_said(store: Path) -> None:
    store.parent.mkdir()
    store.write_bytes(b"not a database at all" * 100)
    assert note_export("A", "b1", ["r"]) is False
    with pytest.raises(StoreError, match="niet te gebruiken"):
        list_views()


def test_only_choices_and_codes_are_kept(store: Path) -> None:
    save_view("een", "gebied=Velsen")
    note_export("A", "b1", ["r1"])
    with sqlite3.connect(store) as file:
        columns = {
            (table, row[1]) for table in ("view", "export") for row in file.execute(f"pragma table_info({table})")
        }
    assert columns == {
        *(("view", name) for name in ("name", "query", "saved_on")),
        *(("export", name) for name in ("code", "build", "query", "figures", "receipts", "made_on")),
    }
