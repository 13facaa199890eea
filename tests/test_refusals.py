"""What once slipped through: persons in odd places, rows lost in silence, figures that contradict each other."""

from pathlib import Path

import openpyxl
import pytest

from pipelines.errors import ContractError
from pipelines.keys import read_key, write_key
from pipelines.pseudonymise import names_persons
from pipelines.supplier import key_person, pseudonymise_file
from tests.suppliers import SUSPECT_HEADER, deliver, person, suspect, suspects, take

BSN = "123456782"  # passes the eleven test and is nobody's
CRIMES = "SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1"


def _with_column(header: str, cell: str) -> str:
    lines = suspects(suspect(1)).strip().split("\n")
    return f"{lines[0]};{header}\n{lines[1]};{cell}\n"


@pytest.mark.parametrize(
    "cell", [f"BSN {BSN}", f"bel moeder {BSN}", f"NL{BSN}", f"0{BSN}", "1.23456782E8", f"op 10-3-2025 {BSN} gezien"]
)
def test_a_bsn_inside_text_is_found_and_not_repeated(tmp_path: Path, cell: str) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", _with_column("opmerking", cell))
    with pytest.raises(ContractError, match="column 14, which is not declared, holds a number that passes") as refusal:
        take(tmp_path)
    assert BSN not in str(refusal.value)


@pytest.mark.parametrize("cell", ["BU03750000", "10-03-2025", "0.123456782", "20250310", "zaak 12345678901", "1234"])
def test_codes_dates_and_fractions_are_no_bsn(tmp_path: Path, cell: str) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", _with_column("opmerking", cell))
    assert take(tmp_path).receipt.rows_accepted == 1


@pytest.mark.parametrize(
    "header", ["NaamVerdachte", "verdachte.naam", "straat/huisnr", "BSN-nummer", "woonadres", f"kolom {BSN}"]
)
def test_headers_that_hold_a_name_or_a_bsn_are_refused_by_their_place(tmp_path: Path, header: str) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", _with_column(header, "x"))
    with pytest.raises(ContractError, match="column 14 is named like a name") as refusal:
        take(tmp_path)
    assert header not in str(refusal.value)


@pytest.mark.parametrize("header", ["gemeentenaam", "buurt_naam", "opmerking", "registratiedatum", "uren"])
def test_names_of_places_are_no_names_of_persons(header: str) -> None:
    assert not names_persons(header)


def test_a_further_sheet_is_searched_for_persons(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(SUSPECT_HEADER.split(";"))
    book.active.append(suspect(1).split(";"))
    other = book.create_sheet("namen")
    other.append(["naam", "bsn"])
    other.append(["Kanarie", BSN])
    file = deliver(tmp_path, "police_suspects", "suspects_2025.xlsx", b"")
    book.save(file)
    with pytest.raises(ContractError, match="is named like a name") as refusal:
        take(tmp_path)
    assert "Kanarie" not in str(refusal.value)


def test_two_sheets_with_rows_are_refused_not_half_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("tweede")):
        sheet.append(SUSPECT_HEADER.split(";"))
        sheet.append(suspect(1).split(";"))
    file = deliver(tmp_path, "police_suspects", "suspects_2025.xlsx", b"")
    book.save(file)
    with pytest.raises(ContractError, match="2 sheets hold the agreed header"):
        take(tmp_path)


@pytest.mark.parametrize("code", ["396", "GM396", "Heemskerk"])
def test_a_badly_written_municipality_is_refused_not_taken_for_another_region(tmp_path: Path, code: str) -> None:
    bad = [
        suspect(n, home_municipality=code, home_neighbourhood="", offence_municipality=code, offence_neighbourhood="")
        for n in range(30)
    ]
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*bad, *(suspect(100 + n) for n in range(30))))
    with pytest.raises(ContractError, match="30 of 60 rows refused"):
        take(tmp_path)


def test_a_code_in_small_letters_is_the_same_code(tmp_path: Path) -> None:
    row = suspect(1, home_municipality="gm0375", home_neighbourhood="bu03750000")
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(row))
    assert take(tmp_path).receipt.rows_accepted == 1


@pytest.mark.parametrize("day", ["20230401", "20260301"])
def test_a_row_outside_the_period_of_the_delivery_is_refused(tmp_path: Path, day: str) -> None:
    rows = [suspect(n, offence_date="20221231", registration_date=day, birth_date="20080301") for n in range(3)]
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*rows))
    with pytest.raises(
        ContractError, match="registration_date: 3 rows, first at line 2; rule: within the period of the delivery"
    ):
        take(tmp_path)


def test_a_delivery_without_suspects_is_a_real_zero(tmp_path: Path) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects())
    assert take(tmp_path).receipt.rows_in == 0


def test_a_column_that_is_delivered_twice_is_refused(tmp_path: Path) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", _with_column("geslacht", "M"))
    with pytest.raises(ContractError, match="the column sex is delivered twice"):
        take(tmp_path)


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        (["0.0.0;GM0375;2025JJ00;10", "0.0.0;GM0375;2025MM01;11"], "months or quarters together are not more"),
        (["2.2.1;GM0375;2025JJ00;10", *(f"2.2.1;GM0375;2025KW0{q};3" for q in range(1, 5))], "add up to their year"),
        (["0.0.0;WK037500;2025JJ00;5", "0.0.0;BU03750000;2025JJ00;6"], "not more than what they lie in"),
    ],
)
def test_parts_that_exceed_or_miss_their_whole_refuse_the_delivery(tmp_path: Path, rows: list[str], rule: str) -> None:
    deliver(tmp_path, "police_open", "47013NED.csv", "\n".join([CRIMES, *rows]))
    with pytest.raises(ContractError, match=rule):
        take(tmp_path)


def test_a_thousands_point_is_not_read_as_a_decimal_one(tmp_path: Path) -> None:
    deliver(tmp_path, "police_open", "47013NED.csv", f"{CRIMES}\n0.0.0;GM0375;2025JJ00;2.000\n")
    with pytest.raises(ContractError, match="count: 1 rows"):
        take(tmp_path)


def test_a_quote_that_is_not_closed_refuses_the_file(tmp_path: Path) -> None:
    lines = [suspect(n) for n in range(60)]
    lines[3] = lines[3].replace("PL3", '"PL3')
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*lines))
    with pytest.raises(ContractError, match="a quote is opened at line 5 and not closed"):
        take(tmp_path)


def test_the_supplier_sends_agreed_columns_only(tmp_path: Path) -> None:
    key_file = tmp_path / "project.key"
    write_key(key_file)
    lines = suspects(suspect(1)).strip().split("\n")
    file = tmp_path / "suspects_2025.csv"
    file.write_text(f"{lines[0]};bsn;opmerking\n{lines[1].replace(person('ann'), 'Kanarie')};{BSN};bel moeder {BSN}\n")
    written, kept, dropped = pseudonymise_file(file, key_file, None)
    text = written.read_text(encoding="utf-8")
    assert (kept, sorted(dropped)) == (1, ["opmerking", "persoon"])
    assert key_person(BSN, read_key(key_file, "X")) in text
    assert "Kanarie" not in text
    assert BSN not in text
