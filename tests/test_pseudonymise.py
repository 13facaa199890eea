"""No name, address or BSN arrives or stays; keys are private; the same person is the same key."""

import hmac
import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import ContractError
from pipelines.keys import BadKey, load_key, read_key, write_key
from pipelines.pseudonymise import find_bsn, hmac_sql, names_persons, pads
from pipelines.supplier import key_person, passes_eleven_test, pseudonymise_file
from tests.suppliers import KEY, deliver, person, suspect, suspects, take

BSN = "111222333"  # passes the eleven test and is nobody's


@given(key=st.binary(min_size=32, max_size=64), text=st.text(alphabet="0123456789abcdef", min_size=1, max_size=64))
def test_the_sql_is_hmac_sha256(key: bytes, text: str) -> None:
    with duckdb.connect() as connection:
        found = connection.sql(
            f"select {hmac_sql('t')} from (select $text as t)", params=pads(key) | {"text": text}
        ).fetchall()
    assert found[0][0] == hmac.digest(key, text.encode(), "sha256").hex()


def test_personal_columns_stop_here_and_age_is_taken_at_the_event(tmp_path: Path) -> None:
    rows = [
        suspect(1, "ann", birth_date="20100310"),
        suspect(2, "ann", birth_date="20100311"),
        suspect(3, "bob", birth_date="20100000"),
    ]
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*rows))
    loaded = take(tmp_path).rows
    assert loaded is not None
    assert not {"person", "birth_date", "registration"} & set(loaded.column_names)
    assert loaded["age"].to_pylist() == [15, 14, 14]
    keys = loaded["person_key"].to_pylist()
    assert keys[0] == keys[1] != keys[2]
    expected = int(hmac.digest(KEY, person("ann").encode(), "sha256").hex()[:15], 16)
    assert keys[0] == expected


def test_another_load_key_gives_another_person_key(tmp_path: Path) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(suspect(1)))
    first, second = take(tmp_path).rows, take(tmp_path, key=b"x" * 32).rows
    assert first is not None
    assert second is not None
    assert first["person_key"][0] != second["person_key"][0]


@pytest.mark.parametrize(
    "header",
    ["naam", "Achternaam", "voor_naam", "Adres", "straat", "huisnummer", "BSN", "postcode", "e-mail", "naam verdachte"],
)
def test_a_column_named_like_a_name_or_address_refuses_the_delivery(tmp_path: Path, header: str) -> None:
    lines = suspects(suspect(1)).strip().split("\n")
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", f"{lines[0]};{header}\n{lines[1]};Kanarie de Vries\n")
    with pytest.raises(ContractError, match="is named like a name, an address or a BSN") as refusal:
        take(tmp_path)
    assert "Kanarie" not in str(refusal.value)


@pytest.mark.parametrize("cell", [BSN, "111 222 333", "1112.22.333", "012345672"])
def test_a_bsn_in_a_column_that_is_not_declared_refuses_the_delivery(tmp_path: Path, cell: str) -> None:
    lines = suspects(suspect(1)).strip().split("\n")
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", f"{lines[0]};kenmerk\n{lines[1]};{cell}\n")
    with pytest.raises(
        ContractError,
        match="column 14, which is not declared, holds a number that passes the BSN test, first at line 2",
    ) as refusal:
        take(tmp_path)
    assert cell not in str(refusal.value)


def test_dates_and_other_numbers_are_no_bsn() -> None:
    cells = ["20250310", "10-3-2025", "2025-03-10", "123456789", "000000000", "12", "", None]
    rows = pa.table({"line": list(range(len(cells))), "kenmerk": pa.array(cells, pa.string())})
    assert find_bsn(rows, ["kenmerk"]) is None


def test_a_bsn_where_the_pseudonym_belongs_is_refused_without_being_repeated(tmp_path: Path) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(suspect(1).replace(person("ann"), BSN)))
    with pytest.raises(ContractError, match="as `jeugdbeeld pseudonymise` writes them") as refusal:
        take(tmp_path)
    assert BSN not in str(refusal.value)


@pytest.mark.parametrize("header", ["woonbuurt", "woongemeente", "delict", "geslacht", "persoon", "pleegbuurt", "uren"])
def test_agreed_columns_are_not_taken_for_names(header: str) -> None:
    assert not names_persons(header)


def _supplier_file(folder: Path, bsn: str = BSN) -> Path:
    lines = suspects(suspect(1)).strip().split("\n")
    file = folder / "suspects_2025.csv"
    header = lines[0].replace("persoon", "persoon") + ";achternaam;postcode"
    file.write_text(f"{header}\n{lines[1].replace(person('ann'), bsn)};Kanarie;1941 AB\n", encoding="cp1252")
    return file


def test_the_supplier_sends_pseudonyms_and_no_names(tmp_path: Path) -> None:
    key_file = tmp_path / "project.key"
    write_key(key_file)
    written, kept, dropped = pseudonymise_file(_supplier_file(tmp_path), key_file, None)
    text = written.read_text(encoding="utf-8")
    assert (kept, dropped) == (1, ["achternaam", "postcode"])
    assert key_person(BSN, read_key(key_file, "X")) in text
    assert BSN not in text
    assert "Kanarie" not in text
    deliver(tmp_path / "in", "police_suspects", "suspects_2025.csv", text)
    assert take(tmp_path / "in").receipt.rows_accepted == 1


def test_a_bsn_that_fails_the_eleven_test_is_told_by_line_only(tmp_path: Path) -> None:
    key_file = tmp_path / "project.key"
    write_key(key_file)
    with pytest.raises(
        ContractError, match="1 cells of the BSN column fail the eleven test, first at line 2"
    ) as refusal:
        pseudonymise_file(_supplier_file(tmp_path, "123456789"), key_file, None)
    assert "123456789" not in str(refusal.value)


def test_the_eleven_test_knows_right_from_wrong() -> None:
    assert passes_eleven_test("111222333")
    assert not passes_eleven_test("111222334")
    assert not passes_eleven_test("000000000")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key_file = tmp_path / "project.key"
    write_key(key_file)
    assert key_file.stat().st_mode & 0o777 == 0o400
    key_file.chmod(0o444)
    with pytest.raises(BadKey, match="others may read it"):
        read_key(key_file, "X")


@pytest.mark.parametrize(("text", "why"), [("abc", "not hexadecimal"), ("ab" * 8, "shorter than 32 bytes")])
def test_a_weak_key_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch, text: str, why: str) -> None:
    monkeypatch.setenv("JEUGDBEELD_PROJECT_KEY", text)
    with pytest.raises(BadKey, match=why) as refusal:
        read_key(None, "JEUGDBEELD_PROJECT_KEY")
    assert text not in str(refusal.value)


def test_the_load_key_is_made_once_and_kept(tmp_path: Path) -> None:
    assert "JEUGDBEELD_LOAD_KEY" not in os.environ
    assert load_key(tmp_path) == load_key(tmp_path)
    assert (tmp_path / "load.key").stat().st_mode & 0o777 == 0o400
