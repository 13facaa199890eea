"""Verkennen without a browser: selections, the table to turn, the chart that fits, and the files."""

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyarrow import parquet

from dashboard.dots import draw_dots, name_group
from dashboard.export import add_definitions, list_figures, write_csv, write_parquet
from dashboard.figures import Publication, load_indicators, open_publication
from dashboard.fit import list_charts, list_pairs, name_series
from dashboard.indicator import Indicator
from dashboard.multiples import describe_scale, draw_multiples, find_scale
from dashboard.picture import draw_picture
from dashboard.pivot import DIMENSIONS, Layout, describe_cut, draw_pivot, lay_out, list_varying, name_dimensions
from dashboard.selection import Selection, describe_absent, keep_groups, list_groups, load_selection, say_nobody
from dashboard.takeaway import cite, feed_address, list_notes, pack
from tests.screen_examples import draw_figures_of, example_indicator, example_view

HALT, CRIMES = example_indicator(), example_indicator(id="crimes", title="Misdrijven", unit="per 1.000 inwoners")
KNOWN = {"halt_rate": HALT, "crimes": CRIMES}
LABELS = {("age", "12-14"): "12 tot en met 14 jaar", ("age", "15-17"): "15 tot en met 17 jaar"}
AREAS = {"GM0375": "Beverwijk", "GM0453": "Velsen"}
DRAWN = """
    indicator | area   | name      | period | age   | numerator | value | low | high | status
    halt_rate | GM0375 | Beverwijk | 2024   | 12-14 | 11        | 11.1  | 5   | 20   | shown
    halt_rate | GM0375 | Beverwijk | 2024   | 15-17 | 12        | 12.2  | 6   | 21   | shown
    halt_rate | GM0375 | Beverwijk | 2025   | 12-14 | 777       | 777   | 776 | 778  | hidden
    halt_rate | GM0375 | Beverwijk | 2025   | 15-17 | 14        | 14.4  | 7   | 22   | shown
    halt_rate | GM0453 | Velsen    | 2024   | 12-14 | 15        | 15.5  | 8   | 23   | shown
    halt_rate | GM0453 | Velsen    | 2024   | 15-17 | 0         | 0     | 0   | 2    | shown
    halt_rate | GM0453 | Velsen    | 2025   | 12-14 | 17        | 17.7  | 9   | 24   | shown
    halt_rate | GM0453 | Velsen    | 2025   | 15-17 | 18        | 18.8  | 9   | 25   | shown
"""


def named(drawing: str = DRAWN, **known: Indicator) -> pd.DataFrame:
    return name_series(name_dimensions(draw_figures_of(drawing), known or KNOWN, AREAS, LABELS))


def table_of(figures: pd.DataFrame, layout: Layout) -> list[list[str]]:
    """The words of a table in HTML, row by row."""
    html = draw_pivot(figures, KNOWN, layout, caption="x")
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_a_table_has_what_was_asked_in_rows_and_columns() -> None:
    rows = table_of(named(), lay_out(named(), row="age_group", column="place"))
    assert rows[0] == ["Leeftijd", "Periode", "Beverwijk", "Velsen"]
    assert rows[1:3] == [
        ["12 tot en met 14 jaar", "2024", "11,1", "15,5"],
        ["12 tot en met 14 jaar", "2025", "afgeschermd", "17,7"],
    ]


@settings(deadline=None)
@given(row=st.sampled_from(list(DIMENSIONS)), column=st.sampled_from(list(DIMENSIONS)))
def test_no_way_of_turning_adds_figures_up_or_loses_one(row: str, column: str) -> None:
    figures = named()
    layout = lay_out(figures, row=row, column=column)
    assert {*layout.rows, layout.column} >= set(list_varying(figures))
    words = [cell for line in table_of(figures, layout)[1:] for cell in line[len(layout.rows) :]]
    assert sorted(words) == sorted(["11,1", "12,2", "afgeschermd", "14,4", "15,5", "0,0", "17,7", "18,8"])
    assert not any("777" in word for word in words)


def test_a_table_can_say_counts_and_margins_and_still_hides_what_is_hidden() -> None:
    figures = named()
    counts = table_of(figures, lay_out(figures, measure="numerator"))
    margins = table_of(figures, lay_out(figures, measure="interval"))
    said = json.dumps([counts, margins])
    assert "17" in said and "tussen 5,0 en 20,0" in said and "afgeschermd" in said
    assert "77" not in said


def test_a_long_table_is_cut_at_whole_rows_and_says_so() -> None:
    lines = "\n".join(f"A{n} | area {n:04d} | 2025 | {n} | shown" for n in range(1500))
    figures = named("area | name | period | value | status\n" + lines)
    layout = lay_out(figures)
    assert len(table_of(figures, layout)) == 1201
    assert (
        describe_cut(figures, layout)
        == "De tabel toont de eerste 1200 van de 1500 rijen. In de download staan ze allemaal."
    )
    assert describe_cut(named(), lay_out(named())) == ""


def test_several_subjects_get_a_table_each_with_their_unit_above_it() -> None:
    figures = named(TWO)
    layout = lay_out(figures, row="subject", column="age_group")
    html = draw_pivot(figures, KNOWN, layout, caption="x")
    assert re.findall(r"<h4>(.*?)</h4>", html) == [
        "Jongeren verwezen naar Halt (per 1.000 jongeren)",
        "Misdrijven (per 1.000 inwoners)",
    ]
    assert html.count("<table>") == 2 and "777" not in html


ONE_YEAR = "area | name | value | status\nGM0375 | Beverwijk | 1 | shown\nGM0453 | Velsen | 2 | shown"
ONE = "area | name | value | status\nGM0375 | Beverwijk | 1 | shown"
MANY = "area | name | period | value | status\n" + "\n".join(
    f"A{n} | a{n} | {year} | 1 | shown" for n in range(9) for year in (2024, 2025)
)
TWO = """
    indicator | area   | name      | period  | age   | value | status
    halt_rate | GM0375 | Beverwijk | 2025    | 12-14 | 1     | shown
    halt_rate | GM0375 | Beverwijk | 2025    | 15-17 | 2     | shown
    halt_rate | GM0453 | Velsen    | 2025    | 12-14 | 3     | shown
    halt_rate | GM0453 | Velsen    | 2025    | 15-17 | 777   | hidden
    crimes    | GM0375 | Beverwijk | 2024/25 | all   | 5     | shown
    crimes    | GM0453 | Velsen    | 2024/25 | all   | 6     | shown
"""


@pytest.mark.parametrize(
    ("drawing", "charts"),
    [
        (DRAWN, ["lines", "small", "none"]),
        (ONE_YEAR, ["bars", "none"]),
        (ONE, ["none"]),
        (MANY, ["small", "none"]),
        (TWO, ["dots", "apart", "none"]),
        (TWO.replace("| 3     | shown", "| 3     | hidden"), ["apart", "none"]),
    ],
)
def test_the_question_picks_the_chart(drawing: str, charts: list[str]) -> None:
    assert list_charts(named(drawing)) == charts


def test_dots_pair_a_school_year_with_its_year_and_groups_with_a_total_and_leave_out_the_hidden() -> None:
    pairs = list_pairs(named(TWO))
    assert [(pair.x["value"], pair.y["value"], name_group(pair)) for pair in pairs] == [
        (1, 5, "12 tot en met 14 jaar"),
        (2, 5, "15 tot en met 17 jaar"),
        (3, 6, "12 tot en met 14 jaar"),
    ]
    assert "777" not in draw_dots(pairs, (HALT, CRIMES)).to_json()


def test_dots_pair_the_same_whichever_of_the_two_is_split() -> None:
    lines = TWO.strip().splitlines()
    turned = "\n".join([lines[0], *lines[5:], *lines[1:5]])
    assert {(pair.y["value"], pair.x["value"]) for pair in list_pairs(named(turned, crimes=CRIMES, halt_rate=HALT))} == {
        (1, 5), (2, 5), (3, 6),
    }  # fmt: skip


def test_small_charts_share_a_scale_that_one_wild_line_does_not_set() -> None:
    wild = MANY + "\nA8 | a8 | 2023 | 500 | shown\nA1 | a1 | 2023 | 777 | hidden"
    figures = named(wild)
    assert find_scale(figures) == 1.5 * find_scale(named(MANY)) or find_scale(figures) < 400
    html = draw_multiples(figures, HALT)
    assert "Loopt door buiten de grafiek, tot 500,0" in html
    assert "afgeschermd" in html
    assert "777" not in html + describe_scale(figures, HALT)


@pytest.mark.parametrize("chart", ["lines", "small", "bars", "dots", "apart"])
def test_a_picture_says_its_words_and_no_hidden_number(chart: str) -> None:
    drawing = {"bars": ONE_YEAR + "\nGM0999 | Oost | 777 | hidden", "dots": TWO, "apart": TWO}.get(chart, DRAWN)
    asked = {"title": "De titel $x$", "notes": ["Afgeschermd: daarom.", "Controlecode AAAAA-BBBBB."]}
    svg = draw_picture(chart, named(drawing), KNOWN, kind="svg", **asked).decode()  # type: ignore[arg-type]
    for words in ("De titel $x$", "Afgeschermd: daarom.", "Controlecode AAAAA-BBBBB."):
        assert words in svg
    assert ">777" not in svg and "777</" not in svg
    assert svg == draw_picture(chart, named(drawing), KNOWN, kind="svg", **asked).decode()  # type: ignore[arg-type]


def test_a_png_is_a_picture_and_a_hidden_value_changes_no_pixel_of_it() -> None:
    asked = {"title": "t", "notes": ["n"], "kind": "png"}
    first = draw_picture("lines", named(), KNOWN, **asked)  # type: ignore[arg-type]
    second = draw_picture("lines", named(DRAWN.replace("777", "3")), KNOWN, **asked)  # type: ignore[arg-type]
    assert Image.open(io.BytesIO(first)).format == "PNG"
    assert first == second


def test_a_parquet_file_carries_its_facts_and_no_number_for_what_is_hidden() -> None:
    sheet = list_figures(named(), KNOWN, LABELS, build="b1")
    table = parquet.read_table(io.BytesIO(write_parquet(sheet, {"controlecode": "AAAAA-BBBBB"})))
    assert table.schema.metadata[b"controlecode"] == b"AAAAA-BBBBB"
    rows = table.to_pylist()
    assert [row["Waarde"] for row in rows if row["Status"] == "afgeschermd"] == [None]
    assert len({row["Controlecode"] for row in rows}) == len(rows) == 8


def test_a_csv_of_one_sheet_carries_definitions_and_that_figures_are_made_up() -> None:
    sheet = add_definitions(list_figures(named(), KNOWN, LABELS, build="b1"), KNOWN, synthetic=True)
    lines = write_csv(sheet).decode("utf-8-sig").splitlines()
    assert lines[0].endswith("Controlecode;Publicatie;Definitie;Verzonnen")
    assert all(line.endswith(";b1;Jongeren met minstens één verwijzing.;ja") for line in lines[1:])


@pytest.fixture
def publication(published: Path, monkeypatch: pytest.MonkeyPatch) -> Publication:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    return open_publication()


def chosen(**changes: object) -> Selection:
    standard: dict[str, object] = {
        "indicators": ("suspects_12_17",), "areas": ("GM0453",), "period_kind": "year", "start": "2019", "finish": "2025",
    }  # fmt: skip
    return Selection(**(standard | changes))  # type: ignore[arg-type]


def test_a_selection_keeps_to_its_years_and_groups(publication: Publication) -> None:
    figures = load_selection(publication, chosen(start="2021", finish="2022", split="age", groups=("age:12-14",)))
    assert list(figures["period"]) == ["2021", "2022"]
    assert set(figures["age"]) == {"12-14"}


def test_totals_come_only_where_they_are_published(publication: Publication) -> None:
    split = chosen(indicators=("suspects_12_17", "risk_profile_by_age"), areas=("RG-IJMOND",), split="age,kind")
    both = load_selection(publication, chosen(split="age", totals=True))
    assert set(both["age"]) == {"all", "12-14", "15-17"}
    crossed = load_selection(publication, split)
    assert set(crossed["indicator"]) == {"suspects_12_17", "risk_profile_by_age"}
    every = load_selection(publication, chosen(indicators=("risk_profile_by_age",), areas=("RG-IJMOND",), split="age,kind", totals=True))  # fmt: skip
    only = crossed[crossed["indicator"] == "risk_profile_by_age"]
    assert len(every) == len(only), "this figure has no totals, so none may appear"


def test_what_does_not_exist_is_said(publication: Publication) -> None:
    view = example_view(publication=publication)
    selection = chosen(indicators=("care_help", "population"), areas=("BU04530805",), split="sex")
    said = describe_absent(view, selection, load_selection(publication, selection))
    assert said[0].startswith(
        "Jongeren met jeugdhulp: voor deze keuze is er geen cijfer. Het is er wel voor regio's en gemeenten."
    )
    assert said[1] == "Niet uitgesplitst naar geslacht: inwoners. U ziet daarvan het totaal."


def test_a_rate_over_nobody_says_that_there_is_no_one_to_count() -> None:
    figures = say_nobody(
        draw_figures_of("value | numerator | denominator | status\n | 0 | 0 | shown\n3 | 1 | 9 | shown")
    )
    assert list(figures["status"]) == ["impossible", "shown"]


def test_groups_are_filtered_by_their_own_dimension() -> None:
    figures = named()
    assert list(list_groups(figures, LABELS)) == ["age:12-14", "age:15-17"]
    assert set(keep_groups(figures, ("age:15-17", "kind:theft"))["age"]) == {"15-17"}
    assert len(keep_groups(figures, ())) == len(figures)


def test_a_citation_names_source_publication_date_and_code_and_that_figures_are_made_up(
    publication: Publication,
) -> None:
    view, known = example_view(publication=publication), load_indicators(publication)
    figures = load_selection(publication, chosen())
    take = pack(view, figures, {"suspects_12_17": known["suspects_12_17"]}, title="t", chart="lines", query="q")
    said = cite(view, take)
    assert said.startswith("Verzonnen voorbeeldcijfers. Bron: Jeugdbeeld IJmond, publicatie ")
    assert f"publicatie {publication.build.id} van " in said and said.endswith(f"Controlecode {take.code}.")
    assert any(known["suspects_12_17"].definition in note for note in list_notes(view, take))
    assert "indicator=suspects_12_17&area=GM0453&period=2019,2020" in feed_address(figures)
