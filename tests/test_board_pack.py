"""The board pack: the figures and sentences of the screen, nothing hidden, readable by everybody, always the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject

from dashboard import check, report_command
from dashboard.axis import count_decimals, find_step, find_ticks, find_top
from dashboard.board import describe_margin, find_changes, list_words, load_board
from dashboard.change import Change
from dashboard.choose import View
from dashboard.figures import Publication, load_indicators, open_publication
from dashboard.format import STATUS_WORDS, capitalise, format_value
from dashboard.pack import Pack, UnknownChoice, fill_years, load_pack, make_topic, make_view
from dashboard.pack_pdf import describe_pack, write_pdf
from dashboard.pack_slides import write_slides
from dashboard.pack_words import load_accounts
from dashboard.receipt import number_of, read_receipt
from dashboard.report import make_file, make_files
from dashboard.settle import settle
from tests.browser import start_browser, start_server, visit
from tests.conftest import run_command
from tests.screen_examples import draw_figures_of, example_indicator
from tests.two_publications import copy_publication
from tests.verapdf import find_problems

REGION, TOWN, PLACE = "", "Uitgeest", "Velsen: wijk IJmuiden-Noord"
SECRET, TOLD = "98765", "98.765"  # a number that stands nowhere else, and as the Dutch write it


@pytest.fixture(scope="module")
def publication(published: Path) -> Iterator[Publication]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JEUGDBEELD_PUBLISHED", str(published))
        yield open_publication()


@cache
def read_pack(publication: Publication, area: str) -> tuple[View, Pack]:
    view = make_view(publication, area=area)
    return view, load_pack(view)


@cache
def make_pdf(publication: Publication, area: str) -> bytes:
    return write_pdf(read_pack(publication, area)[1])


@cache
def read_pdf(publication: Publication, area: str) -> PdfReader:
    return PdfReader(io.BytesIO(make_pdf(publication, area)))


@cache
def read_texts(publication: Publication, area: str) -> list[str]:
    """The text of every page, on one line, without the joints of lines."""
    return [flatten(page.extract_text()) for page in read_pdf(publication, area).pages]


def flatten(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def walk(reader: PdfReader | PdfWriter) -> Iterator[DictionaryObject]:
    """Every element of the tree of tags, in reading order."""
    waiting = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, DictionaryObject):
            continue
        if "/S" in element:
            yield element
        kids = element.get("/K", ArrayObject()).get_object()
        waiting += list(reversed(kids)) if isinstance(kids, ArrayObject) else [kids]


@cache
def read_slides(publication: Publication, area: str) -> "Presentation":
    return Presentation(io.BytesIO(write_slides(read_pack(publication, area)[1])))


# ---------------------------------------------------------------- what may never be there


@pytest.fixture
def secret_pack(publication: Publication) -> Pack:
    """A pack in which rows that are not shown still carry numbers, as no publication has them."""
    indicator = example_indicator()
    history = draw_figures_of(f"""
        period | numerator | denominator | value    | low      | high     | status
        2022   | 31        | 2800        | 11.071   | 7.5      | 15.7     | shown
        2023   | {SECRET}  | {SECRET}    | {SECRET} | {SECRET} | {SECRET} | hidden
        2024   | {SECRET}  | {SECRET}    | {SECRET} | {SECRET} | {SECRET} | not_delivered
        2025   | {SECRET}  | {SECRET}    | {SECRET} | {SECRET} | {SECRET} | hidden
    """)
    places = draw_figures_of(f"""
        area   | name     | value    | low      | high     | status  | label
        GM0450 | Uitgeest | {SECRET} | {SECRET} | {SECRET} | hidden  | higher
        GM0453 | Velsen   | 12.5     | 8.1      | 14.2     | shown   | similar
    """)
    topic = make_topic(history, places, indicator, Change(direction="", words=""), build="b1", sources={})
    view, pack = read_pack(publication, TOWN)
    accounts = load_accounts(view, load_board(view), [])
    return Pack(build=pack.build, area="GM0450", place="Uitgeest", year="2025", topics=(topic,), accounts=accounts)


def test_what_is_not_shown_leaves_no_number_in_any_file(secret_pack: Pack) -> None:
    pdf = PdfReader(io.BytesIO(write_pdf(secret_pack)))
    words = flatten(" ".join(page.extract_text() for page in pdf.pages))
    alts = str([element.get("/Alt") for element in walk(pdf)])
    for number in (SECRET, TOLD):
        assert number not in str(describe_pack(secret_pack)) + words + alts
        for name, content in unzip(write_slides(secret_pack)):
            assert number.encode() not in content, name
    assert "afgeschermd" in words
    assert "niet geleverd" in words
    assert "hoger dan de regio" not in words


def test_axes_know_only_shown_figures(secret_pack: Pack) -> None:
    topic = describe_pack(secret_pack)["topics"][0]
    assert max(point["value"] for point in topic["years"] if point["shown"]) > 0.5
    assert [point["value"] for point in topic["years"] if not point["shown"]] == [None, None, None]
    assert [tick["label"] for tick in topic["ticks"]] == ["0", "5", "10", "15"]


def unzip(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Every part of an archive, workbooks inside it too."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            content = opened.read(name)
            yield from unzip(content) if name.endswith(".xlsx") else [(name, content)]


# ---------------------------------------------------------------- the same figures and sentences


@pytest.mark.parametrize("area", [REGION, TOWN, PLACE])
def test_the_pdf_holds_the_figures_of_the_publication_and_the_sentences_of_the_cards(
    publication: Publication, area: str
) -> None:
    view, pack = read_pack(publication, area)
    texts, indicators = read_texts(publication, area), load_indicators(publication)
    board = load_board(view)
    changes = find_changes(board, indicators)
    assert [topic.indicator.id for topic in pack.topics] == list(dict.fromkeys(board.history["indicator"]))
    for topic in pack.topics:
        page = next(
            text for text in texts if re.search(rf"cijfers\. (De cijfers )?{re.escape(topic.indicator.title)} ", text)
        )
        for status, value, row in read_rows(publication, topic.indicator.id, view.area.code, view.year):
            told = format_value(value, topic.indicator.unit, topic.indicator.decimals) if status == "shown" else ""
            assert flatten(told or STATUS_WORDS[status]) in page
            margin = capitalise(describe_margin(row, topic.indicator))
            for sentence in (margin, *list_words(row, topic.indicator, changes[topic.indicator.id])):
                assert flatten(sentence) in page
        assert flatten(topic.indicator.definition)[:60] in page


def read_rows(publication: Publication, indicator: str, area: str, year: str) -> list[tuple[str, float, pd.Series]]:
    """The chosen figure straight from the file."""
    with duckdb.connect(publication.path, read_only=True) as connection:
        rows = connection.execute(
            "select * from figure where indicator = ? and area = ? and period = ? and age = 'all' and sex = 'all' and kind = 'all'",
            [indicator, area, year],
        ).df()
    return [(row["status"], row["value"], row) for _, row in rows.iterrows()]


def test_every_number_of_a_chart_is_a_shown_figure_and_what_is_hidden_is_an_empty_place(
    publication: Publication,
) -> None:
    with duckdb.connect(publication.path, read_only=True) as connection:
        shown = {
            round(number, 3)
            for row in connection.sql("select value, low, high from figure where status = 'shown'").fetchall()
            for number in row
            if number is not None
        }
    blanks = 0
    for area in (PLACE, TOWN):
        _, pack = read_pack(publication, area)
        decimals = {topic.indicator.title: topic.indicator.decimals for topic in pack.topics}
        for slide in read_slides(publication, area).slides:
            for chart in (shape.chart for shape in slide.shapes if shape.has_chart):
                places = decimals[chart.plots[0].series[0].name]
                known = {round(number, places) for number in shown}
                values = [value for one in chart.plots[0].series for value in one.values]
                blanks += sum(value is None for value in values)
                assert {value for value in values if value is not None} <= known
    assert blanks > 0


def test_synthetic_figures_say_so_on_every_page_and_slide(publication: Publication) -> None:
    assert publication.build.synthetic
    for area in (TOWN, PLACE):
        assert all("Verzonnen voorbeeldcijfers." in text for text in read_texts(publication, area))
        for slide in read_slides(publication, area).slides:
            words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
            assert any("Verzonnen voorbeeldcijfers." in text for text in words)


def test_filters_publication_protection_revisions_and_receipts_are_printed(publication: Publication) -> None:
    view, pack = read_pack(publication, TOWN)
    words = " ".join(read_texts(publication, TOWN))
    build = publication.build
    for told in (
        *(f"Gebied: {TOWN} (GM0450)", f"Periode: {view.year}", f"Publicatie: {build.id}", flatten(build.rule)),
        *(
            "Wat is er veranderd sinds de vorige publicatie",
            flatten(pack.accounts.revised),
            "Voortgang van het programma",
        ),
        *(point.receipt for topic in pack.topics for point in (*topic.years, *topic.places)),
        *(name for name, _, _ in pack.accounts.sources),
    ):
        assert told in words


def test_years_without_a_figure_are_gaps_and_have_no_receipt() -> None:
    history = draw_figures_of("""
        period | value | status
        2021   | 4.0   | shown
        2023   | 5.0   | shown
    """)
    filled = fill_years(history, "2024")
    assert list(filled["period"]) == ["2021", "2022", "2023", "2024"]
    assert list(filled["status"]) == ["shown", "missing", "shown", "missing"]
    school = fill_years(history.assign(period=["2020/21", "2022/23"]), "2024")
    assert list(school["period"]) == ["2020/21", "2021/22", "2022/23", "2023/24"]
    topic = make_topic(
        filled.assign(series="Velsen"),
        history.head(0),
        example_indicator(),
        Change(direction="", words=""),
        build="b1",
        sources={},
    )
    assert [bool(point.receipt) for point in topic.years] == [True, False, True, False]
    assert topic.now.number == "onbekend"


REVISED = (
    "insert into revision select indicator, area, period, age, sex, kind, value * 1.1, value, 'Nieuwe levering van de politie.' "
    "from figure where status = 'shown' and indicator = 'youth_nuisance' and area = 'GM0450' and length(period) = 4",
)


def test_what_changed_since_the_previous_publication_stands_in_the_pdf_the_slides_and_the_workbook(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_publication(published, tmp_path, build="later", changes=REVISED)
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(tmp_path))
    view = make_view(open_publication(), area=TOWN)
    pack = load_pack(view)
    written = write_pdf(pack)
    assert find_problems({"revised": written}) == {"revised": []}
    reader = PdfReader(io.BytesIO(written))
    words = flatten(" ".join(page.extract_text() for page in reader.pages))
    _, place, period, group, was, now, why = pack.accounts.revisions[0]
    assert "7 getoonde cijfers zijn anders dan in de vorige publicatie, bij 1 onderwerp." in words
    assert words.count(why) == 1, "the reason is told once, above the figures that it is about"
    assert f"{place} {period} {group} {was} {now}" in words and was != now
    tables = [shape.table for slide in Presentation(io.BytesIO(write_slides(pack))).slides for shape in slide.shapes if shape.has_table]  # fmt: skip
    assert any(was in cell.text for table in tables for row in table.rows for cell in row.cells)
    book = openpyxl.load_workbook(io.BytesIO(make_file(view.publication, view.area.code, view.year, "xlsx")))
    assert book["Veranderd"].max_row == 8


def test_controleer_knows_every_code_of_the_annex(publication: Publication) -> None:
    view = read_pack(publication, TOWN)[0]
    book = openpyxl.load_workbook(io.BytesIO(make_file(publication, view.area.code, view.year, "xlsx")))
    codes = [
        line[place].value
        for sheet in ("Kerncijfers", "Cijfers", "Gebieden", "Groepen")
        for place in [[cell.value for cell in book[sheet][1]].index("Controlecode")]
        for line in book[sheet].iter_rows(min_row=2)
        if line[place].value
    ]
    assert len(codes) > 300
    known = set(check._number_all(publication))
    assert [code for code in codes if read_receipt(code) != code or number_of(code) not in known] == []
    one = check.check_figure(publication, codes[0])
    assert one and one.state == check.CURRENT and TOWN in one.title


def pack_place(publication: Publication, area: str) -> str:
    return read_pack(publication, area)[1].place


# ---------------------------------------------------------------- readable by everybody: the slides


def test_charts_are_powerpoints_own_and_have_words(publication: Publication) -> None:
    deck = read_slides(publication, TOWN)
    frames = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    charts = [frame for frame in frames if frame.has_chart]
    assert len(charts) >= len(read_pack(publication, TOWN)[1].topics)
    assert all(frame.chart.part.chart_workbook.xlsx_part is not None for frame in charts)
    assert all("gap" in frame.chart._chartSpace.xml.split("dispBlanksAs")[1][:20] for frame in charts)
    assert all(len(frame._element.find(".//{*}cNvPr").get("descr")) > 20 for frame in frames)
    assert not [
        shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13
    ]  # no picture of text


def test_slides_have_a_title_of_their_own_notes_and_dutch_words(publication: Publication) -> None:
    deck = read_slides(publication, TOWN)
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert len(set(titles)) == len(titles)
    for topic in read_pack(publication, TOWN)[1].topics:
        notes = deck.slides[titles.index(topic.indicator.title)].notes_slide.notes_text_frame.text
        assert topic.indicator.definition in notes
    for slide in deck.slides:
        languages = {node.get("lang") for node in slide._element.iter("{*}rPr")}
        assert languages == {"nl-NL"}


@pytest.mark.parametrize("area", [TOWN, PLACE])
def test_nothing_on_a_slide_overlaps_or_runs_off_it(publication: Publication, area: str) -> None:
    deck = read_slides(publication, area)
    for slide in deck.slides:
        shapes = list(slide.shapes)
        for shape in shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width and shape.top + shape.height <= deck.slide_height
        boxes = [(one.left, one.top, one.left + one.width, one.top + one.height) for one in shapes]
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (slide.shapes.title.text_frame.text, one, other)


@pytest.mark.parametrize("area", [TOWN, PLACE])
def test_text_fits_its_box(publication: Publication, area: str) -> None:
    for slide in read_slides(publication, area).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                assert measure(shape.text_frame, shape.width) <= shape.height * 1.02, shape.text_frame.text
            if shape.has_table:
                table = shape.table
                tall = sum(
                    max(
                        measure(cell.text_frame, column.width)
                        for cell, column in zip(row.cells, table.columns, strict=False)
                    )
                    for row in table.rows
                )
                assert shape.top + tall <= Emu(914400 * 7), slide.shapes.title.text_frame.text


def measure(frame: object, width: int) -> float:
    """About how tall a text is, in EMU: half an em a letter, 1.2 em a line, the usual margins."""
    tall = 0.0
    for paragraph in frame.paragraphs:  # type: ignore[attr-defined]
        size = paragraph.runs[0].font.size if paragraph.runs else Emu(0)
        letters = max(1, int((width - 182880) / (0.5 * size))) if size else 1
        tall += -(-len(paragraph.text) // letters) * 1.2 * size
    return tall


# ---------------------------------------------------------------- the workbook, and always the same


def test_the_workbook_has_every_figure_with_its_receipt_and_no_number_where_it_is_not_shown(
    publication: Publication,
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_file(publication, "GM0450", "2025", "xlsx")))
    assert book.sheetnames == [
        *("Lees mij", "Kerncijfers", "Cijfers", "Gebieden", "Groepen", "Definities", "Veranderd", "Bron en publicatie"),
    ]
    for name in ("Cijfers", "Gebieden", "Groepen"):
        header, *rows = book[name].iter_rows(values_only=True)
        place = {title: header.index(title) for title in ("Waarde", "Teller", "Ondergrens", "Status", "Controlecode")}
        assert len(rows) > 20
        assert all(re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", str(row[place["Controlecode"]])) for row in rows)
        assert len({row[place["Controlecode"]] for row in rows}) == len(rows)
        for row in rows:
            if not str(row[place["Status"]]).startswith("getoond"):
                assert [row[place[title]] for title in ("Waarde", "Teller", "Ondergrens")] == [None, None, None]
    assert "Verzonnen" in str(book["Lees mij"]["A2"].value)
    assert read_codes(book["Kerncijfers"]) <= read_codes(book["Cijfers"])


def read_codes(sheet: Worksheet) -> set[str]:
    header, *rows = sheet.iter_rows(values_only=True)
    return {row[header.index("Controlecode")] for row in rows}


def test_the_same_pack_is_the_same_bytes(publication: Publication) -> None:
    first = make_files(make_view(publication, area=TOWN))
    make_file.cache_clear()
    assert make_files(make_view(publication, area=TOWN)) == first
    moment = publication.build.made_on.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    for name, content in first.items():
        if not name.endswith("pdf"):
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            stamps = [
                found for part, text in unzip(content) if part == "docProps/core.xml" for found in TIMES.findall(text)
            ]
            assert stamps and set(stamps) == {moment}


TIMES = re.compile(rb"<dcterms:\w+[^>]*>([^<]*)<")


def test_settling_replaces_times_and_nothing_else() -> None:
    def make(day: int, told: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as opened:
            opened.writestr(zipfile.ZipInfo("a.xml", date_time=(2026, 1, day, 0, 0, 0)), "<a>2026</a>")
            core = f"<x><dcterms:created xsi:type='t'>{told}</dcterms:created></x>"
            opened.writestr("docProps/core.xml", core)
        return buffer.getvalue()

    moment = datetime(2026, 3, 1)
    one, other = (settle(make(day, f"2026-01-0{day}T00:00:00Z"), moment) for day in (1, 2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as opened:
        assert opened.read("a.xml") == b"<a>2026</a>"
        assert b"2026-03-01T00:00:00Z" in opened.read("docProps/core.xml")


# ---------------------------------------------------------------- axes, and the command


@pytest.mark.parametrize(
    ("top", "ticks"),
    [(15.7, [0, 5, 10, 15]), (100.0, [0, 25, 50, 75, 100]), (0.35, [0, 0.1, 0.2, 0.3]), (2400.0, [0, 1000, 2000])],
)
def test_an_axis_has_round_steps(top: float, ticks: list[float]) -> None:
    assert find_ticks(top) == pytest.approx(ticks)
    assert count_decimals(find_step(top)) == (1 if top < 1 else 0)


def test_an_axis_has_room_for_margins_but_not_for_one_that_flattens_the_rest() -> None:
    assert find_top([10.0], [12.0]) == pytest.approx(12.6)
    assert find_top([10.0], [900.0]) == 20
    assert find_top([96.0], [99.0], share=True) == 100
    assert find_top([0.0], [3.0]) == 3
    assert find_top([], []) == 1


def test_an_unknown_area_or_year_is_told_with_what_there_is(publication: Publication) -> None:
    with pytest.raises(UnknownChoice, match=r"area 'Velse' is not in this publication.*Velsen"):
        make_view(publication, area="Velse")
    with pytest.raises(UnknownChoice, match=r"year '1999' has no figures; there are 2025"):
        make_view(publication, year="1999")
    assert make_view(publication, area="gm0450").area.name == make_view(publication, area="uitgeest").area.name == TOWN
    assert make_view(publication).area.level == "region"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--area", "Nergens"], 2, "area 'Nergens' is not in this publication"),
        (["--year", "1999"], 2, "year '1999' has no figures"),
        (["--formats", "odt"], 2, "format 'odt' is not known; there are pdf, pptx, xlsx"),
        (["--published", "{empty}"], 6, "Make one with `jeugdbeeld build`"),
        (["--output", "{file}", "--formats", "pdf"], 6, "Check folder, rights and disk"),
    ],
)
def test_a_refusal_says_what_to_mend_and_writes_nothing(
    arguments: list[str],
    code: int,
    words: str,
    published: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "empty").mkdir()
    filled = [one.format(empty=tmp_path / "empty", file=tmp_path / "file") for one in arguments]
    assert report_command.main(filled) == code
    assert words in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


def test_the_command_writes_the_pack_where_it_is_asked(published: Path, tmp_path: Path) -> None:
    finished = run_command(
        "report",
        "--published",
        published,
        "--area",
        "Heemskerk",
        "--year",
        "2024",
        "--formats",
        "pdf",
        "--output",
        tmp_path,
    )
    assert finished.returncode == 0, finished.stderr
    written = [path.name for path in tmp_path.iterdir()]
    assert len(written) == 1
    assert re.fullmatch(r"jeugdbeeld-stukken-GM0396-2024-\w+\.pdf", written[0])
    assert written[0] in finished.stdout


@pytest.mark.xdist_group("browser")
def test_a_board_member_downloads_the_pack_of_the_chosen_area(published: Path) -> None:
    with (
        start_server(published) as server,
        start_browser() as visitor,
        visit(visitor, f"{server}/?gebied=Heemskerk&jaar=2025") as seen,
    ):
        assert seen.page.get_by_role("heading", name="Stukken voor de vergadering").is_visible()
        for button, suffix, start in (("Leesstuk (PDF)", "pdf", b"%PDF-"), ("Dia's (PowerPoint)", "pptx", b"PK")):
            with seen.page.expect_download(timeout=60_000) as download:
                seen.page.get_by_role("button", name=button).click()
            assert re.fullmatch(rf"jeugdbeeld-stukken-GM0396-2025-\w+\.{suffix}", download.value.suggested_filename)
            assert download.value.path().read_bytes().startswith(start)
        assert not seen.errors and not seen.outside
