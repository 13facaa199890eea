"""Downloads: only what is shown, Dutch, and never a formula."""

import io

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.export import list_definitions, list_figures, write_csv, write_xlsx
from tests.screen_examples import draw_figures_of, example_indicator

HALT = example_indicator()
FIGURES = draw_figures_of("""
    area   | name      | period | numerator | denominator | value  | low | high | status | provisional | label
    GM0375 | Beverwijk | 2025   | 31        | 2800        | 11.071 | 7.5 | 15.7 | shown  | yes         | higher
    GM0396 | =HYPERLINK("http://x";"y") | 2025 | 777 | 7777 | 777 | 776 | 778 | hidden | no | lower
""")
RISKY = "=+-@\t\r\n"


def test_a_csv_is_dutch_and_holds_no_hidden_number_and_no_formula() -> None:
    text = write_csv(list_figures(FIGURES, {"halt_rate": HALT}, {("age", "all"): "alle leeftijden"})).decode("utf-8")
    assert text.startswith("\ufeffCijfer;Gebied;Gebiedscode;Niveau;Periode;")
    header, shown, hidden, rest = text.removeprefix("\ufeff").split("\r\n")
    assert shown.split(";")[5:14] == [
        *("alle leeftijden", "all", "all", "11,1", "per 1.000 jongeren", "7,5", "15,7", "31", "2800"),
    ]
    assert shown.split(";")[14:] == ["getoond", "ja", "hoger dan de regio", "", "", ""]
    assert "77" not in hidden
    assert "afgeschermd;nee;;" in hidden
    assert "lager" not in hidden
    assert "\"'=HYPERLINK(" in hidden
    assert rest == ""
    assert header.count(";") == 19


@given(st.text(max_size=30), st.sampled_from(RISKY))
def test_no_text_in_a_csv_can_start_a_formula(text: str, risky: str) -> None:
    cell = write_csv(([], [[risky + text]])).decode("utf-8-sig")
    assert cell.lstrip('\r\n"').startswith("'")


def test_a_workbook_holds_plain_cells_definitions_and_sources() -> None:
    sheet = list_figures(FIGURES, {"halt_rate": HALT}, {})
    wild = (["=1+1", "http://example.nl"], [["=cmd|' /C calc'!A0", "https://example.nl"], [None, 1.5]])
    book = openpyxl.load_workbook(
        io.BytesIO(
            write_xlsx({"Cijfers": sheet, "Definities": list_definitions([HALT], {}), "Bron en publicatie": wild})
        )
    )
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert [cell.value for cell in book["Cijfers"][3]][8:14] == [None, "per 1.000 jongeren", None, None, None, None]
    assert book["Cijfers"]["I2"].value == 11.1
    assert book["Definities"]["B2"].value == HALT.definition
    assert book["Bron en publicatie"]["A2"].value == "=cmd|' /C calc'!A0"
