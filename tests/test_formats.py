"""Formats from real life: what Excel, portals and people make of a delivery, and what the receipt says about it."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msoffcrypto.format.ooxml as locked_format
import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from pipelines.contract import Contract
from pipelines.errors import ContractError, JeugdbeeldError
from pipelines.extract import Extract, extract
from pipelines.sources import CONTRACTS
from tests.conftest import run_command
from tests.suppliers import SUSPECT_HEADER, deliver, person, suspect, suspects, take

SUSPECTS, HALT, POLICE = CONTRACTS["police_suspects"], CONTRACTS["halt"], CONTRACTS["police_open"]
HEADER = SUSPECT_HEADER.split(";")
LINE = suspect(1).split(";")
PASSWORD = "geheim wachtwoord 1"


def _read(
    folder: Path, content: str | bytes, contract: Contract = SUSPECTS, name: str = "suspects_2025.csv"
) -> Extract:
    file = folder / name
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return extract(file, contract)


def _book(rows: Sequence[Sequence[object]], *merged: str) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for span in merged:
        book.active.merge_cells(span)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(folder: Path, rows: Sequence[Sequence[object]], *merged: str) -> Extract:
    return _read(folder, _book(rows, *merged), name="suspects_2025.xlsx")


def _changed(**cells: object) -> list[object]:
    return [cells.get(name, cell) for name, cell in zip(HEADER, LINE, strict=True)]


def test_title_rows_and_a_header_over_two_lines_with_merged_cells_are_read_as_one_header(tmp_path: Path) -> None:
    above = [*HEADER]
    below: list[object] = [None] * len(HEADER)
    for group, (first, second) in {"woon": (4, 5), "pleeg": (9, 10)}.items():
        above[first], above[second] = group, ""
        below[first], below[second] = "buurt", "gemeente"
    read = _sheet(tmp_path, [["Verdachten 2025"], [], above, below, LINE], "A1:D1", "E3:F3", "J3:K3", "A3:A4")
    row = read.rows.to_pylist()[0]
    assert (read.header, row["line"]) == (3, 5)
    assert (row["woonbuurt"], row["pleegbuurt"], row["pleeggemeente"]) == ("BU03750000", "BU03750001", "GM0375")
    assert "kopregel over twee regels" in read.notes


def test_a_header_that_stands_twice_is_no_row(tmp_path: Path) -> None:
    read = _read(tmp_path, "\n".join([SUSPECT_HEADER, SUSPECT_HEADER, suspect(1)]))
    assert read.rows["line"].to_pylist() == [3]
    assert read.notes == ("kopregel staat er twee keer",)


@pytest.mark.parametrize(
    ("written", "told"),
    [("1-4-2025", ()), ("20250401", ()), (20250401, ()), (dt.date(2025, 4, 1), ()), (dt.datetime(2025, 4, 1, 13, 5), ()),
     (45748, ("1 datums als volgnummer van Excel gelezen",)), (45748.75, ("1 datums als volgnummer van Excel gelezen",))],
)  # fmt: skip
def test_a_day_in_a_sheet_is_text_a_date_or_a_serial_number(tmp_path: Path, written: object, told: object) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.xlsx", _book([HEADER, _changed(registratiedatum=written)]))
    taken = take(tmp_path)
    assert taken.rows is not None
    assert taken.rows["registration_date"].to_pylist() == ["20250401"]
    assert all(note in taken.receipt.note for note in told)


def test_a_number_is_a_day_only_in_a_column_of_which_the_contract_says_so(tmp_path: Path) -> None:
    read = _sheet(tmp_path, [HEADER, _changed(registratienummer=45748, medeverdachten=45748, geboortedatum=40238)])
    row = read.rows.to_pylist()[0]
    assert (row["registratienummer"], row["medeverdachten"]) == ("45748", "45748")
    assert row["geboortedatum"] == "2010-03-01"


def test_a_workbook_that_counts_its_days_from_1904_is_four_years_on(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (HEADER, _changed(registratiedatum=45748 - 1462)):
        book.active.append(row)
    book.save(tmp_path / "suspects_2025.xlsx")
    assert extract(tmp_path / "suspects_2025.xlsx", SUSPECTS).rows["registratiedatum"].to_pylist() == ["2025-04-01"]


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    file = tmp_path / "suspects_2025.xlsx"
    with file.open("wb") as stream:
        locked_format.OOXMLFile(io.BytesIO(_book([HEADER, LINE]))).encrypt(PASSWORD, stream)
    return file


def test_a_workbook_with_a_password_is_opened_with_the_one_of_the_environment(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JEUGDBEELD_XLSX_PASSWORD", PASSWORD)
    read = extract(locked, SUSPECTS)
    assert read.rows.num_rows == 1
    assert read.notes == ("met wachtwoord geopend",)


def test_the_password_may_stand_in_a_private_file_only(
    locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "xlsx.key"
    key.write_text(PASSWORD + "\n")
    monkeypatch.setenv("JEUGDBEELD_XLSX_PASSWORD_FILE", str(key))
    key.chmod(0o644)
    with pytest.raises(JeugdbeeldError, match="others may read it"):
        extract(locked, SUSPECTS)
    key.chmod(0o400)
    assert extract(locked, SUSPECTS).rows.num_rows == 1


@pytest.mark.parametrize(("given", "told"), [(None, "protected by a password; set JEUGDBEELD_XLSX_PASSWORD"),
                                             ("verkeerd", "the password does not fit")])  # fmt: skip
def test_without_the_right_password_the_reader_is_told_so_and_not_what_it_was(
    locked: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, told: str
) -> None:
    if given:
        monkeypatch.setenv("JEUGDBEELD_XLSX_PASSWORD", given)
    with pytest.raises(ContractError, match=told) as refusal:
        extract(locked, SUSPECTS)
    assert "verkeerd" not in str(refusal.value)


def test_no_command_takes_a_password() -> None:
    for command in ("build", "check", "pseudonymise"):
        assert "--password" not in run_command(command, "--help").stdout


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "\ufeffsep=;\n", "sep=;;;;\n"])
def test_the_separator_line_of_excel_is_obeyed_and_is_no_header(tmp_path: Path, first: str) -> None:
    read = _read(tmp_path, first + suspects(suspect(1)))
    assert (read.header, read.rows["line"].to_pylist()) == (2, [3])


def test_a_declared_separator_wins_from_the_one_that_occurs_most(tmp_path: Path) -> None:
    content = "sep=|\nSoortMisdrijf|RegioS|Perioden|GeregistreerdeMisdrijven_1\n" + "0.0.0|GM;;;|2025JJ00|1\n" * 9
    assert _read(tmp_path, content, POLICE, "47013NED.csv").rows.num_rows == 9


@pytest.mark.parametrize("trailing", [(";;;", ";;;"), (";;;", ""), ("", ";;;"), (";", ";;;;;")])
def test_empty_cells_at_the_end_of_header_or_rows_say_nothing(tmp_path: Path, trailing: tuple[str, str]) -> None:
    header, rows = trailing
    lines = [f"Titel{header}", SUSPECT_HEADER + header, *(suspect(n) + rows for n in range(3)), ";" * 15, ";;;"]
    read = _read(tmp_path, "\r\n".join(lines) + "\r\n")
    assert read.rows.column_names == [*HEADER, "line", "cells_ok"]
    assert read.rows["cells_ok"].to_pylist() == [True] * 3
    assert read.rows["line"].to_pylist() == [3, 4, 5]


def test_columns_in_another_order_or_under_a_known_name_are_read_and_the_name_is_told(tmp_path: Path) -> None:
    turned = [";".join(line.split(";")[::-1]) for line in (SUSPECT_HEADER, suspect(1))]
    turned[0] = turned[0].replace("persoon", "Persoonspseudoniem").replace("delict;", "DELICTCODE;")
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", "\n".join(turned))
    taken = take(tmp_path)
    assert taken.receipt.rows_accepted == 1
    assert "'Persoonspseudoniem' voor 'persoon'" in taken.receipt.note
    assert "'DELICTCODE' voor 'delict'" in taken.receipt.note
    assert "geslacht" not in taken.receipt.note


@pytest.mark.parametrize(("encoding", "mark"), [("utf-16", True), ("utf-16-le", False), ("utf-16-be", False)])
def test_utf16_is_read_and_without_its_mark_the_receipt_says_it_was_assumed(
    tmp_path: Path, encoding: str, mark: bool
) -> None:
    read = _read(tmp_path, suspects(suspect(1, disposal="Café")).encode(encoding))
    assert read.rows["afdoening"].to_pylist() == ["Café"]
    assert read.encoding == encoding
    assert bool(read.notes) != mark


def test_cp1252_is_read_and_the_receipt_says_it_was_assumed(tmp_path: Path) -> None:
    read = _read(tmp_path, suspects(suspect(1, disposal="Café")).encode("cp1252"))
    assert (read.encoding, read.rows["afdoening"].to_pylist()) == ("cp1252", ["Café"])
    assert "aangenomen" in read.notes[0]


def _mixed() -> bytes:
    lines = suspects(suspect(1, disposal="Café"), suspect(2), suspect(3, disposal="Café")).encode().split(b"\n")
    lines[3] = lines[3].decode().encode("cp1252")
    return b"\n".join(lines)


def test_a_file_of_two_encodings_is_refused_with_its_lines(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="mixed encodings: UTF-8, but not at 1 lines: 4; deliver it as UTF-8"):
        _read(tmp_path, _mixed())


def test_a_contract_may_allow_two_encodings_and_then_the_receipt_tells_the_lines(tmp_path: Path) -> None:
    read = _read(tmp_path, _mixed(), replace(SUSPECTS, mixed_encoding=True))
    assert read.rows["afdoening"].to_pylist() == ["Café", "Halt", "Café"]
    assert read.encoding == "utf-8 en cp1252"
    assert read.notes == ("1 regels zijn geen UTF-8 en gelezen als cp1252, de eerste op regel 4",)


@pytest.mark.parametrize("name", ["halt_2025.xls", "halt_2025.xlsx", "halt_2025.csv"])
@pytest.mark.parametrize("start", ["<html><table>", "\ufeff\n <!DOCTYPE html>", '<?xml version="1.0"?><html>'])
def test_a_web_page_with_another_name_is_called_a_web_page(tmp_path: Path, name: str, start: str) -> None:
    with pytest.raises(ContractError, match=r"a web page \(HTML\) with another name"):
        _read(tmp_path, start + "<tr><td>verwijsnummer</td></tr>", HALT, name)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("halt_2025.csv", b"PK\x03\x04", "an Excel workbook"), ("halt_2025.xls", b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
     ("halt_2025.xlsx", b"\xd0\xcf\x11\xe0 old", "an old or damaged workbook"), ("halt_2025.csv", b"PAR1", "a Parquet file"),
     ("halt_2025.xlsx", b"%PDF-1.7", "a PDF"), ("halt_2025.csv", b"a;b\n1;\0\n", "NUL characters, first at line 2")],
)  # fmt: skip
def test_another_format_than_the_name_says_is_named(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    with pytest.raises(ContractError, match=told):
        _read(tmp_path, content, HALT, name)


def _archive(folder: Path, parts: dict[str, bytes]) -> Path:
    file = folder / "halt_2025.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def test_a_zip_bomb_is_refused_by_its_ratio_before_it_is_opened(tmp_path: Path) -> None:
    file = _archive(tmp_path, {"xl/worksheets/sheet1.xml": b"0" * 60_000_000})
    assert file.stat().st_size < 100_000
    with pytest.raises(ContractError, match="unpacks to more than 200 times its size"):
        extract(file, HALT)


def test_two_cells_at_the_ends_of_a_sheet_do_not_fill_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "verwijsnummer", "x"
    book.save(tmp_path / "halt_2025.xlsx")
    with pytest.raises(ContractError, match="cells far apart"):
        extract(tmp_path / "halt_2025.xlsx", HALT)


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    file = _archive(tmp_path, {"xl/workbook.xml": b"<workbook/>" * 1000})
    content = file.read_bytes()
    file.write_bytes(content.replace((11_000).to_bytes(4, "little"), (11).to_bytes(4, "little")))
    with pytest.raises(ContractError, match="no readable XLSX"):
        extract(file, HALT)


def test_a_workbook_of_an_unknown_zip_version_is_refused(tmp_path: Path) -> None:
    content = _book([HEADER, LINE])
    place = content.index(b"PK\x01\x02") + 6
    with pytest.raises(ContractError, match="no readable XLSX"):
        _read(tmp_path, content[:place] + b"\xff" + content[place + 1 :], name="suspects_2025.xlsx")


def test_a_quote_that_is_not_closed_does_not_swallow_rows(tmp_path: Path) -> None:
    lines = [suspect(n) for n in range(9)]
    lines[4] = '"' + lines[4]
    with pytest.raises(ContractError, match="a quote is opened at line 6 and not closed"):
        _read(tmp_path, suspects(*lines))
    with pytest.raises(ContractError, match="quote"):
        _read(tmp_path, suspects(*lines[:5], *(suspect(n) for n in range(3000))))


def test_lines_that_end_as_on_an_old_mac_are_lines(tmp_path: Path) -> None:
    assert _read(tmp_path, suspects(suspect(1), suspect(2)).replace("\n", "\r")).rows.num_rows == 2


def test_headers_that_differ_in_case_only_stay_two_columns(tmp_path: Path) -> None:
    content = SUSPECT_HEADER + ";Extra;EXTRA\n" + suspect(1, name="x") + ";;111222333\n"
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", content)
    with pytest.raises(
        ContractError, match="column 15, which is not declared, holds a number that passes the BSN test"
    ):
        take(tmp_path)


def test_moments_and_odd_columns_in_parquet_become_text_or_a_refusal(tmp_path: Path) -> None:
    columns = {name: [cell] for name, cell in zip(HEADER, LINE, strict=True)}
    columns |= {"registratiedatum": [dt.datetime(2025, 4, 1, 9)], "persoon": [person("ann")]}
    parquet.write_table(pa.table(columns), tmp_path / "suspects_2025.parquet")
    assert extract(tmp_path / "suspects_2025.parquet", SUSPECTS).rows["registratiedatum"].to_pylist() == ["2025-04-01"]
    parquet.write_table(pa.table(columns | {"lijst": [[1, 2]]}), tmp_path / "suspects_2024.parquet")
    with pytest.raises(ContractError, match="no readable Parquet"):
        extract(tmp_path / "suspects_2024.parquet", SUSPECTS)
