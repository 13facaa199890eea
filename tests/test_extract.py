"""Files as suppliers really send them: encodings, titles, footers, ragged rows, and the line numbers to tell of."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

from pipelines.errors import ContractError
from pipelines.extract import decode, extract
from pipelines.sources import CONTRACTS
from tests.drawn import arrow
from tests.suppliers import SUSPECT_HEADER, suspect, suspects

POLICE, SUSPECTS, HALT, POPULATION = (CONTRACTS[n] for n in ("police_open", "police_suspects", "halt", "population"))


def _written(folder: Path, name: str, content: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(content.encode(encoding))
    return file


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252")])
def test_the_receipt_says_which_encoding_was_read(tmp_path: Path, encoding: str, told: str) -> None:
    content = "SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1\n0.0.0 ;Súdwest-Fryslân;2025JJ00;12\n"
    read = extract(_written(tmp_path, "47013NED.csv", content, encoding), POLICE)
    assert read.encoding == told
    assert read.rows["RegioS"].to_pylist() == ["Súdwest-Fryslân"]


def test_bytes_that_are_neither_utf8_nor_cp1252_are_refused_not_guessed(tmp_path: Path) -> None:
    file = tmp_path / "47013NED.csv"
    file.write_bytes(b"SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1\n\x81\x8d;GM0375;2025JJ00;1\n")
    with pytest.raises(ContractError, match="neither UTF-8 nor cp1252"):
        extract(file, POLICE)
    with pytest.raises(UnicodeDecodeError):
        decode(b"\x81")


def test_title_lines_and_the_source_line_are_not_rows(tmp_path: Path) -> None:
    content = (
        '\ufeff"Geregistreerde overlast; soort overlast, gemeente"\n'
        '"Soort overlast";"Regio\'s";"Perioden";"Geregistreerde overlast (aantal)"\n'
        '"Melding overlast jeugd";"Beverwijk";"2025*";"12"\n'
        '"Bron: Politie"\n'
    )
    read = extract(_written(tmp_path, "47021NED.csv", content), POLICE)
    assert read.header == 2
    assert read.rows.num_rows == 1
    assert read.rows["line"].to_pylist() == [3]


def test_lines_are_counted_through_line_breaks_in_quotes(tmp_path: Path) -> None:
    content = 'Key,Title\n"BU03750000","Wijker\ntoren"\n"BU03750001","Oranje"\n'
    read = extract(_written(tmp_path, "lijst.csv", content), CONTRACTS["areas"])
    assert read.rows["line"].to_pylist() == [2, 4]


def test_a_row_with_missing_or_extra_cells_is_marked_and_keeps_its_line(tmp_path: Path) -> None:
    content = "SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1\n0.0.0;GM0375;2025JJ00\n0.0.0;GM0375;2024JJ00;5;9\n0.0.0;GM0375;2023JJ00;5;;;\n"
    read = extract(_written(tmp_path, "47013NED.csv", content), POLICE)
    assert read.rows["cells_ok"].to_pylist() == [False, False, True]
    assert read.rows["line"].to_pylist() == [2, 3, 4]


def test_the_fast_and_the_exact_way_read_the_same(tmp_path: Path) -> None:
    lines = [suspect(n, f"p{n}") for n in range(50)]
    fast = extract(_written(tmp_path, "suspects_2025.csv", suspects(*lines)), SUSPECTS)
    quoted = [lines[0].replace("PL0", '"PL\n0"'), *lines[1:]]
    exact = extract(_written(tmp_path, "suspects_2024.csv", suspects(*quoted)), SUSPECTS)
    assert fast.rows.slice(1).drop_columns(["line"]).equals(exact.rows.slice(1).drop_columns(["line"]))
    assert fast.rows["line"].to_pylist()[:2] == [2, 3]
    assert exact.rows["line"].to_pylist()[:2] == [2, 4]


def test_xlsx_with_title_rows_and_numbers_becomes_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    header = [
        "verwijsnummer",
        "persoon",
        "geboortedatum",
        "geslacht",
        "woonbuurt",
        "woongemeente",
        "verwijzer",
        "delictgroep",
    ]
    for row in (["Halt, SYNTHETISCH"], [], [*header, "eerste verhoor", "verwijzing", "start", "afsluiting", "uren", "resultaat"],
                [12.0, "a" * 64, "1-3-2010", "V", None, "GM0375", "politie", "Geweld", None, "5-2-2025", None, None, 4.5, None]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "halt_2025.xlsx")
    read = extract(tmp_path / "halt_2025.xlsx", HALT)
    row = read.rows.to_pylist()[0]
    assert (row["verwijsnummer"], row["uren"], row["line"]) == ("12", "4.5", 4)
    assert read.synthetic


def test_xlsx_that_unpacks_to_far_more_than_it_weighs_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "halt_2025.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 501_000_000)
    with pytest.raises(ContractError, match="unpacks to more than 500 MB"):
        extract(file, HALT)


@pytest.mark.parametrize("name", ["halt_2025.xlsx", "84799NED.parquet", "47013NED.json", "halt_2025.docx"])
def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(tmp_path: Path, name: str) -> None:
    contract = {"h": HALT, "8": POPULATION, "4": POLICE}[name[0]]
    with pytest.raises(ContractError) as refusal:
        extract(_written(tmp_path, name, "<html><body>Anneke de Vries</body></html>"), contract)
    assert name in str(refusal.value)
    assert "Anneke" not in str(refusal.value)


def test_odata_keeps_padding_and_tells_a_stored_null_from_a_blank(tmp_path: Path) -> None:
    value = [
        {
            "ID": 0,
            "SoortMisdrijf": "0.0.0 ",
            "RegioS": "GM0375",
            "Perioden": "2025JJ00",
            "GeregistreerdeMisdrijven_1": None,
        },
        {
            "ID": 1,
            "SoortMisdrijf": "0.0.0 ",
            "RegioS": "GM0375",
            "Perioden": "2024JJ00",
            "GeregistreerdeMisdrijven_1": "       .",
        },
        {
            "ID": 2,
            "SoortMisdrijf": "0.0.0 ",
            "RegioS": "GM0375",
            "Perioden": "2023JJ00",
            "GeregistreerdeMisdrijven_1": "",
        },
    ]
    file = _written(tmp_path, "47013NED.json", json.dumps({"odata.metadata": "x", "value": value}))
    cells = extract(file, POLICE).rows["GeregistreerdeMisdrijven_1"].to_pylist()
    assert cells == [None, "       .", ""]


def test_parquet_counts_lose_the_point_that_pandas_gave_them(tmp_path: Path) -> None:
    rows = arrow("""
        Codering_3 | AantalInwoners_5 | Mannen_6 | Vrouwen_7
        GM0375     | 41626            | 20906    | 20720
        WK037500   |                  | 3280     | 2985
    """)
    for name in ("k_0Tot15Jaar_8", "k_15Tot25Jaar_9", "k_25Tot45Jaar_10", "k_45Tot65Jaar_11", "k_65JaarOfOuder_12"):
        rows = rows.append_column(name, rows["Mannen_6"])
    parquet.write_table(rows, tmp_path / "84799NED.parquet")
    assert extract(tmp_path / "84799NED.parquet", POPULATION).rows["AantalInwoners_5"].to_pylist() == ["41626", None]


def test_a_file_without_the_agreed_header_names_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no header found in the first 40 lines; expected: registratienummer"):
        extract(_written(tmp_path, "suspects_2025.csv", "a;b\n1;2\n"), SUSPECTS)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no header found"):
        extract(_written(tmp_path, "suspects_2025.csv", ""), SUSPECTS)


def test_a_header_without_rows_is_read_as_nothing(tmp_path: Path) -> None:
    assert extract(_written(tmp_path, "suspects_2025.csv", SUSPECT_HEADER + "\n"), SUSPECTS).rows.num_rows == 0


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    (tmp_path / "halt_2025.xlsx").write_bytes(book.getvalue()[:-200])
    with pytest.raises(ContractError, match="no readable XLSX"):
        extract(tmp_path / "halt_2025.xlsx", HALT)
