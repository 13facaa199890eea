"""Every page in a real browser: drawn, accessible, on a phone and a desk, with nothing from another host."""

import io
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext

from tests.browser import Visit, click_map, someone_else, start_server, visit
from tests.crawler import list_pages
from tests.looks import find_bare_charts, find_violations, measure_overflow

pytestmark = pytest.mark.xdist_group("browser")

PAGES = {
    "/": "Overzicht",
    "/ontwikkeling": "Ontwikkeling",
    "/vergelijken": "Vergelijken",
    "/kaart": "Kaart",
    "/keten": "Keten",
    "/doelgroep": "Doelgroep",
    "/netwerken": "Netwerken",
    "/groepen-en-aanpakken": "Groepen en aanpakken",
    "/interventies": "Interventies",
    "/signalen": "Signalen",
    "/klopt-het": "Klopt het?",
    "/vraag-in-sql": "Vraag in SQL",
    "/verkennen": "Verkennen",
    "/controleer": "Controleer",
    "/programma": "Programma",
    "/datakwaliteit": "Datakwaliteit",
    "/cijfers-en-bronnen": "Cijfers en bronnen",
    "/herkomst": "Herkomst van een cijfer",
    "/gebiedsprofiel": "Gebiedsprofiel",
    "/naast-elkaar": "Naast elkaar",
    "/gezinnen": "Gezinnen",
    "/werkwijze": "Werkwijze",
    "/toegankelijkheid": "Toegankelijkheid",
    "/contact": "Contact",
}
PAINTED = {
    "/": ".jb-card img",
    "/ontwikkeling": ".scatterlayer .trace path",
    "/vergelijken": ".barlayer .point path",
    "/kaart": ".choroplethlayer path",
    "/keten": ".sankey-link",
    "/doelgroep": ".scatterlayer .points path",
    "/netwerken": ".jb-heat-5",
    "/groepen-en-aanpakken": ".scatterlayer .trace path",
    "/interventies": ".jb-table .jb-link",
    "/signalen": ".jb-signal",
    "/klopt-het": ".scatterlayer .trace path",
    "/vraag-in-sql": "textarea",
    "/verkennen": ".scatterlayer .trace path",
    "/controleer": "input[aria-label=Controlecode]",
    "/programma": ".jb-part .jb-link",
    "/datakwaliteit": ".jb-grid .jb-delivered",
    "/cijfers-en-bronnen": ".jb-fold",
    "/herkomst": ".jb-sql",
    "/gebiedsprofiel": ".jb-spine",
    "/naast-elkaar": ".jb-heat .jb-h2",
    "/gezinnen": ".barlayer .point path",
    "/werkwijze": ".jb-legend",
    "/toegankelijkheid": ".jb-list",
    "/contact": ".jb-list",
}
SUSPECTS = "cijfer=Verdachten+van+12+tot+en+met+17+jaar"
VIEWS = [
    *PAGES,
    f"/ontwikkeling?{SUSPECTS}&gebied=Uitgeest&naar=geslacht",
    f"/ontwikkeling?{SUSPECTS}&gebied=Uitgeest&met=Velsen&met=Beverwijk&per=kwartaal",
    "/vergelijken?cijfer=Verdachten+van+12+tot+en+met+22+jaar&gebied=Velsen&vergelijk=Buurten",
    f"/kaart?{SUSPECTS}&gebied=Velsen",
    f"/kaart?{SUSPECTS}&naast=Jongeren+verwezen+naar+Halt",
    "/?gebied=Uitgeest&jaar=2022",
    "/keten?gebied=Beverwijk&jaar=2022",
    "/netwerken?gebied=Velsen&jaar=2024",
    "/interventies?gebied=Velsen&soort=Training",
    f"/verkennen?{SUSPECTS.replace('cijfer', 'cijfers')}&cijfers=Jongeren+verwezen+naar+Halt&welke=De+gemeenten+erin&naar=leeftijd",
    "/programma?gebied=Uitgeest&programma=AVH-quickscan+van+de+keten",
    "/gebiedsprofiel?gebied=Velsen%3A+wijk+IJmuiden-Zuid&onderwerp=Politie",
    "/naast-elkaar?gebied=Uitgeest&onderwerp=School&volgorde=naam",
]
ENGLISH = (
    *("Choose an option", "Choose options", "Main menu", "Rerun", "Settings", "Fullscreen", "No results", "Clear all"),
    *("Skip to main content", "Page not found", "Expand sidebar", "Selected values"),
)


def headings(seen: Visit) -> list[str]:
    return [heading.inner_text() for heading in seen.page.get_by_role("heading").all()]


@pytest.fixture(scope="module")
def tab(server: str, browser: BrowserContext) -> Iterator[Visit]:
    """One tab that goes from page to page: a new one for each would fetch and start the whole app again.

    In a window of its own: a tab behind another one is not drawn and has no focus.
    """
    with visit(someone_else(browser), server) as seen:
        yield seen


def test_every_page_of_the_app_is_looked_at() -> None:
    assert {f"/{address}" for address in list_pages()} == set(PAGES) == set(PAINTED)


@pytest.mark.parametrize("address", VIEWS)
def test_a_page_is_whole_accessible_and_quiet_on_desk_and_phone(tab: Visit, address: str) -> None:
    page_address = address.split("?", maxsplit=1)[0]
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    tab.go(address)
    assert tab.page.get_by_role("heading", level=1).inner_text() == PAGES[page_address]
    assert tab.page.locator("html").get_attribute("lang") == "nl"
    assert tab.page.locator("[data-testid=stException]").count() == 0
    assert tab.page.get_by_role("alert").count() == 0
    assert "Verzonnen voorbeeldcijfers" in tab.page.get_by_role("note").inner_text()
    tab.page.locator(PAINTED[page_address]).first.wait_for(state="attached", timeout=60_000)
    assert find_bare_charts(tab) == []
    assert _find_trouble(tab, 1440, 390, 320) == []
    assert tab.outside == []


def _find_trouble(seen: Visit, *widths: int) -> list[str]:
    """Violations on the widest and the narrowest screen, sideways scrolling on any, and console errors."""
    problems = list[str]()
    for width in widths:
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.settle()
        problems += [f"{width} px: {found}" for found in find_violations(seen)] if width != 390 else []
        problems += [f"{width} px: {wider} px too wide"] if (wider := measure_overflow(seen)) else []
    problems += seen.errors
    seen.errors.clear()
    return problems


@pytest.fixture(scope="module")
def much_hidden_server(much_hidden: Path) -> Iterator[str]:
    with start_server(much_hidden) as address:
        yield address


def test_every_page_with_little_to_show_is_accessible_too(much_hidden_server: str, browser: BrowserContext) -> None:
    problems, hidden = dict[str, list[str]](), list[str]()
    with visit(browser, much_hidden_server, width=320) as seen:
        for address, title in PAGES.items():
            seen.go(f"{address}?gebied=Velsen" if address in ("/", "/gebiedsprofiel") else address)
            assert seen.page.get_by_role("heading", level=1).inner_text() == title
            problems[address] = find_bare_charts(seen) + _find_trouble(seen, 320)
            hidden += [address] if "afgeschermd" in seen.page.locator("[data-testid=stMain]").inner_text() else []
    assert {address: found for address, found in problems.items() if found} == {}
    assert {"/", "/gebiedsprofiel", "/naast-elkaar", "/gezinnen", "/kaart", "/vergelijken"} <= set(hidden)


def test_every_page_without_a_publication_says_so_and_is_accessible(tmp_path: Path, browser: BrowserContext) -> None:
    problems = dict[str, list[str]]()
    with start_server(tmp_path) as empty, visit(browser, empty, width=320, drawn=False) as seen:
        seen.page.get_by_role("heading", name="Nog geen cijfers").wait_for(timeout=60_000)
        for address in PAGES:
            seen.go(address, drawn=False)
            assert seen.page.get_by_role("heading", level=1).inner_text() == "Nog geen cijfers"
            problems[address] = _find_trouble(seen)
            problems[address] += find_violations(seen) + ["too wide"] * bool(measure_overflow(seen))
            assert seen.page.url.endswith(address)
    assert {address: found for address, found in problems.items() if found} == {}


def test_the_page_for_sql_is_closed_unless_the_operator_opens_it(published: Path, browser: BrowserContext) -> None:
    with start_server(published, sql_page=False) as closed, visit(browser, f"{closed}/vraag-in-sql") as seen:
        assert "Deze pagina bestaat niet" in seen.page.get_by_role("dialog").inner_text()
        assert seen.page.locator("h1").inner_text() == "Overzicht"


@pytest.fixture
def fresh(server: str, browser: BrowserContext) -> Iterator[Visit]:
    """A tab for one test: one that stood idle while others worked may have to connect again first."""
    with visit(someone_else(browser), server) as seen:
        yield seen


def test_a_question_in_sql_is_answered_in_a_table_and_stands_in_no_address(fresh: Visit) -> None:
    fresh.go("/vraag-in-sql")
    for question, said in (
        ("select count(*) as n from areas", "1 rij."),
        ("select * from geheim", "bestaat hier niet"),
    ):
        fresh.page.get_by_label("Uw vraag in SQL").fill(question)
        fresh.page.get_by_role("button", name="Voer uit").click()
        fresh.page.get_by_text(said).wait_for()
        fresh.settle()
        assert "select" not in fresh.page.url and "geheim" not in fresh.page.url
    assert _find_trouble(fresh, 1440, 320) == []


def test_with_the_keyboard_alone_from_the_overview_to_a_profile_to_the_map_and_back(
    server: str, browser: BrowserContext
) -> None:
    with visit(browser, server) as seen:
        _tab_to(seen, "Overzicht")
        seen.page.keyboard.press("Enter")
        seen.page.get_by_role("menuitem", name="Gebiedsprofiel", exact=True).wait_for()
        _tab_to(seen, "Gebiedsprofiel", key="ArrowDown")
        with seen.answering():
            seen.page.keyboard.press("Enter")
        _tab_to(seen, "Gebied")
        seen.page.keyboard.type("Uitgeest")
        with seen.answering():
            seen.page.keyboard.press("Enter")
        _tab_to(seen, "Bekijk op de kaart")
        with seen.answering():
            seen.page.keyboard.press("Enter")
        assert (headings(seen)[0], seen.chosen("Gebied")) == ("Kaart", "Uitgeest")
        _tab_to(seen, "Alle cijfers van Uitgeest")
        with seen.answering():
            seen.page.keyboard.press("Enter")
        assert (headings(seen)[0], seen.chosen("Gebied")) == ("Gebiedsprofiel", "Uitgeest")
        assert seen.page.locator(".jb-profile tbody tr").count() > 20


FOCUSED = """() => { const e = document.activeElement; return (e.ariaLabel || e.innerText || '').trim(); }"""


def _tab_to(seen: Visit, name: str, *, key: str = "Tab") -> None:
    """Press the key until what has that name has the focus."""
    for _ in range(60):
        if seen.page.evaluate(FOCUSED) == name:
            return
        seen.page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_open_menu_is_accessible(server: str, browser: BrowserContext, width: int) -> None:
    with visit(browser, server + "/cijfers-en-bronnen", width=width) as seen:
        desk = width > 1000
        seen.page.get_by_role("button", name="Verdiepen" if desk else "Menu openen", exact=True).click()
        seen.page.get_by_role("menuitem" if desk else "link", name="Kaart", exact=True).wait_for()
        assert find_violations(seen) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_streamlit_itself_speaks_dutch(server: str, browser: BrowserContext, width: int) -> None:
    with visit(browser, server + "/ontwikkeling", width=width) as seen:
        seen.page.get_by_role("button", name="Menu", exact=True).click()
        seen.page.get_by_role("menu").wait_for()
        words = seen.page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [e.ariaLabel, e.title, e.placeholder]).concat(document.body.innerText)"
        )
        said = "\n".join(word for word in words if word)
        assert [word for word in ENGLISH if word in said] == []
        assert "Afdrukken" in said


@pytest.mark.parametrize(
    ("address", "title"), [(one, PAGES[one]) for one in ("/", "/kaart", "/verkennen", "/herkomst")]
)
def test_the_first_request_after_a_start_goes_through_the_frame(
    published: Path, browser: BrowserContext, address: str, title: str
) -> None:
    with start_server(published) as fresh, visit(browser, fresh + address) as seen:
        assert headings(seen)[0] == title
        assert seen.page.get_by_role("note").count() == 1
        for section in ("Overzicht", "Verdiepen", "Verantwoording"):
            assert seen.page.get_by_role("button", name=section, exact=True).count() == 1


@pytest.mark.parametrize("stem", ["overview", "explore", "origin"])
def test_the_file_of_a_page_is_not_an_address(published: Path, browser: BrowserContext, stem: str) -> None:
    """Streamlit's older layout would run pages/<stem>.py itself, beside the frame, at the first request."""
    with start_server(published) as fresh, visit(browser, f"{fresh}/{stem}") as seen:
        assert "Deze pagina bestaat niet" in seen.page.get_by_role("dialog").inner_text()
        assert seen.page.locator("h1").inner_text() == "Overzicht"
        assert seen.page.locator(".jb-banner").count() == 1


def test_a_chosen_view_survives_its_link(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/vergelijken") as seen:
        seen.choose("Gebied", "Velsen")
        seen.choose("Jaar", "2023")
        seen.choose("Cijfer", "Jongeren verwezen naar Halt")
        with seen.answering():
            seen.page.get_by_text("Buurten", exact=True).click()
        address, table = seen.page.url, seen.page.locator(".jb-table").first.inner_text()
    with visit(someone_else(browser), address) as other:
        assert other.chosen("Gebied") == "Velsen"
        assert other.chosen("Jaar") == "2023"
        assert other.page.locator(".jb-table").first.inner_text() == table
        assert other.page.url == address
        assert other.page.get_by_role("alert").count() == 0


def test_shared_choices_and_their_link_survive_a_change_of_page(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/vergelijken?gebied=Velsen&jaar=2023&cijfer=Inwoners") as seen:
        seen.open_page("Overzicht")
        seen.open_page("Ontwikkeling", section="Verdiepen")
        seen.open_page("Cijfers en bronnen", section="Verantwoording")
        seen.open_page("Kaart", section="Verdiepen")
        assert (seen.chosen("Gebied"), seen.chosen("Jaar"), seen.chosen("Cijfer")) == ("Velsen", "2023", "Inwoners")
        assert set(seen.page.url.split("?")[1].split("&")) == {"gebied=Velsen", "jaar=2023", "cijfer=Inwoners"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("gebied=Atlantis", "een gebied dat wij niet kennen: Atlantis. U ziet nu: Regio IJmond."),
        ("gebied=GM0034", "een gebied dat wij niet kennen: GM0034."),
        ("jaar=1999", "een jaar dat wij niet kennen: 1999. U ziet nu: 2025."),
        ("cijfer=Geluk", "een cijfer dat wij niet kennen: Geluk."),
        ("gebied=", "een gebied dat wij niet kennen: (leeg)."),
        ("gebied=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", "imgsrcx"),
        ("gebied=%3Cscript%3Ealert(1)%3C/script%3E", "scriptalert(1)script"),
        (f"jaar={'9' * 500}", "9" * 40 + "…"),
    ],
)
def test_an_unknown_value_in_the_link_is_said(server: str, browser: BrowserContext, query: str, said: str) -> None:
    with visit(browser, f"{server}/kaart?{query}") as seen:
        warning = seen.page.get_by_role("alert")
        assert said.replace(" ", "") in warning.inner_text().replace(" ", "")
        assert warning.locator("img, script").count() == 0


@pytest.mark.parametrize(
    "address",
    [
        *("ontwikkeling?per=week", "ontwikkeling?naar=schoenmaat", "ontwikkeling?met=Atlantis"),
        *("interventies?project=Atlantis", "interventies?soort=toverij", "programma?programma=Atlantis"),
    ],
)
def test_an_unknown_choice_of_one_page_is_said_too(server: str, browser: BrowserContext, address: str) -> None:
    with visit(browser, f"{server}/{address}") as seen:
        assert address.split("=")[1] in seen.page.get_by_role("alert").inner_text()


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("/?gebied=Velsen&jaar=2024", ".jb-card summary"),
        (f"/ontwikkeling?{SUSPECTS}&gebied=Velsen", ""),
        (f"/kaart?{SUSPECTS}&gebied=Velsen&jaar=2023", ""),
        ("/groepen-en-aanpakken?gebied=Velsen", "summary >> text=Uitleg en bron"),
        ("/interventies?gebied=Velsen", ".jb-card summary"),
        ("/keten?gebied=Velsen", ".jb-fold:has(.jb-origin) > summary"),
        ("/netwerken?gebied=Velsen", ".jb-fold:has(.jb-origin) > summary"),
        ("/cijfers-en-bronnen", ".jb-fold summary"),
    ],
)
def test_a_figure_is_two_clicks_from_its_deliveries_and_its_sql(
    server: str, browser: BrowserContext, address: str, opens: str
) -> None:
    with visit(browser, server + address) as seen:
        if opens:
            seen.page.locator(opens).first.click()
        seen.page.locator(".jb-origin a:visible", has_text="Waar komt").first.click()
        _assert_traced(seen)
        if "gebied=" in address:
            assert seen.chosen("Gebied") == "Velsen"


def test_a_figure_of_the_programme_leads_to_its_origin_and_an_intervention_to_its_aim(
    server: str, browser: BrowserContext
) -> None:
    with visit(browser, server + "/programma?gebied=Velsen") as seen:
        seen.page.locator(".jb-part summary").first.click()
        seen.page.locator(".jb-part .jb-link:visible", has_text="Herkomst").first.click()
        _assert_traced(seen)
    with visit(browser, server + "/interventies?gebied=Velsen") as seen:
        aim = seen.page.locator(".jb-table .jb-link").first
        title = aim.evaluate("link => link.firstChild.textContent")
        aim.click()
        seen.page.get_by_role("heading", level=1, name="Ontwikkeling").wait_for(timeout=60_000)
        seen.settle()
        assert (seen.chosen("Cijfer"), seen.chosen("Gebied")) == (title, "Velsen")


def _assert_traced(seen: Visit) -> None:
    """On the screen now, with nothing to open: a definition, a query, and a delivery with its fingerprint."""
    seen.page.get_by_role("heading", level=1, name="Herkomst van een cijfer").wait_for(timeout=60_000)
    seen.settle()
    assert re.search(r"\b[0-9a-f]{64}\b", seen.page.locator(".jb-hash:visible").first.inner_text())
    assert "select" in seen.page.locator(".jb-sql:visible").first.inner_text()
    said = seen.page.locator("[data-testid=stMain]").inner_text()
    assert all(word in said for word in ("Definitie", "Aanvaard", "Geweigerd", "Geleverd op"))
    assert seen.page.get_by_role("alert").count() == 0
    assert seen.errors == []


def test_a_click_on_the_map_goes_down_and_the_path_goes_up(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/kaart") as seen:
        assert headings(seen)[1].startswith("Gemeenten:")
        click_map(seen)
        assert headings(seen)[1].startswith("Wijken:")
        assert seen.page.locator(".jb-table tbody tr").count() > 1
        municipality = seen.chosen("Gebied")
        click_map(seen)
        assert headings(seen)[1].startswith("Buurten:")
        assert seen.chosen("Gebied").startswith(f"{municipality}: ")
        assert "gebied=" in seen.page.url
        with seen.answering():
            seen.page.get_by_role("button", name=f"‹ {municipality}").click()
        assert seen.chosen("Gebied") == municipality
        with seen.answering():
            seen.page.get_by_role("button", name="‹ Regio IJmond").click()
        assert headings(seen)[1].startswith("Gemeenten:")
        assert seen.errors == []


def test_a_second_map_shows_another_year_in_the_same_colours_or_another_figure_in_its_own(fresh: Visit) -> None:
    tops = "[...document.querySelectorAll('.js-plotly-plot')].map(map => map.data.find(trace => trace.zmax).zmax)"
    fresh.go("/kaart?naast=2021")
    assert [
        words for words in headings(fresh)[1:3] if words.startswith("Gemeenten: geregistreerde misdrijven in 20")
    ] == [
        "Gemeenten: geregistreerde misdrijven in 2025, per 1.000 inwoners",
        "Gemeenten: geregistreerde misdrijven in 2021, per 1.000 inwoners",
    ]
    first, second = fresh.page.evaluate(tops)
    assert first == second
    assert find_bare_charts(fresh) == []
    assert len(_download(fresh, "Download CSV").splitlines()) == 9
    fresh.choose("Tweede kaart ernaast", "Inwoners")
    first, second = fresh.page.evaluate(tops)
    assert first != second
    assert "Elke kaart heeft haar eigen kleuren" in fresh.page.locator("[data-testid=stMain]").inner_text()
    assert _find_trouble(fresh, 1440, 320) == []


def test_the_select_box_does_what_the_map_does_without_a_mouse(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/kaart") as seen:
        seen.page.get_by_label("Gebied", exact=True).focus()
        seen.page.keyboard.type("Velsen")
        with seen.answering():
            seen.page.keyboard.press("Enter")
        assert headings(seen)[1].startswith("Wijken:")


@pytest.mark.parametrize(
    "address",
    [
        "/vergelijken?cijfer=Verdachten+van+12+tot+en+met+22+jaar&gebied=Velsen&vergelijk=Buurten",
        "/",
        "/ontwikkeling",
        "/keten",
        "/doelgroep",
        "/netwerken",
    ],
)
def test_downloads_hold_what_the_page_shows_and_nothing_more(
    server: str, browser: BrowserContext, address: str
) -> None:
    with visit(browser, server + address) as seen:
        csv = _download(seen, "Download CSV").decode("utf-8")
        book = openpyxl.load_workbook(io.BytesIO(_download(seen, "Download Excel")))
    assert csv.startswith("\ufeffCijfer;Gebied;")
    header, *rows = [line.split(";") for line in csv.removeprefix("\ufeff").splitlines()]
    assert rows
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        numbers = [cells[name] for name in ("Waarde", "Ondergrens", "Bovengrens", "Teller", "Noemer")]
        assert (cells["Status"] == "getoond") == any(numbers)
        assert not any(cell.startswith(("=", "+", "@")) for cell in row)
    assert book.sheetnames == ["Cijfers", "Definities", "Bron en publicatie"]
    assert len(list(book["Cijfers"].rows)) == len(rows) + 1
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


def _download(seen: Visit, button: str) -> bytes:
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


def test_nothing_sent_to_the_browser_holds_a_number_of_a_hidden_area(server: str, browser: BrowserContext) -> None:
    """The chart that arrives in the browser, not only what it paints, has no number for a hidden area."""
    with visit(browser, f"{server}/kaart?{SUSPECTS}&gebied=Velsen") as seen:
        hidden = seen.page.locator("tr", has=seen.page.locator(".jb-state")).count()
        drawn = seen.page.evaluate("JSON.stringify(document.querySelector('.js-plotly-plot').data)")
        traces = [trace for trace in json.loads(drawn) if trace["type"] == "choropleth"]
        grey = [trace for trace in traces if not trace.get("showscale", True)]
        assert hidden == sum(len(trace["locations"]) for trace in grey)
        assert {json.dumps(value) for trace in grey for value in _values(trace["z"])} <= {"0"}
        assert all(
            re.search(r": (afgeschermd|onbekend|komt niet voor|niet geleverd)$", text)
            for t in grey
            for text in t["text"]
        )


@pytest.mark.parametrize("address", ["/keten", "/doelgroep", "/netwerken"])
def test_a_year_without_figures_shows_an_older_one_and_says_which(
    server: str, browser: BrowserContext, address: str
) -> None:
    """The sample has no youth care over its last year, and the chain looks a year ahead."""
    with visit(browser, f"{server}{address}?jaar=2025") as seen:
        text = seen.page.locator("[data-testid=stMain]").inner_text()
        assert "Over 2025 is dit cijfer niet geleverd. U ziet 20" in text
    with visit(browser, f"{server}{address}?jaar=2019") as seen:
        assert seen.page.locator("[data-testid=stException]").count() == 0
        assert "U ziet 2025" not in seen.page.locator("[data-testid=stMain]").inner_text()


def test_a_figure_of_municipalities_is_shown_around_a_chosen_neighbourhood(
    server: str, browser: BrowserContext
) -> None:
    with visit(browser, server + "/keten?jaar=2023") as seen:
        seen.page.get_by_label("Gebied", exact=True).fill("Velsen: wijk")
        with seen.answering():
            seen.page.get_by_role("option").first.click()
        assert seen.chosen("Gebied").startswith("Velsen: wijk")
        text = seen.page.locator("[data-testid=stMain]").inner_text()
        assert "Dit cijfer is er niet per wijk of buurt. U ziet de gemeente Velsen." in text
        assert "Van signaal tot zorg: Velsen, verdachten van 2023" in text


def test_a_page_with_hidden_cells_says_why_also_when_the_region_itself_is_shown(
    server: str, browser: BrowserContext
) -> None:
    with visit(browser, server + "/netwerken?jaar=2024") as seen:
        assert seen.page.locator(".jb-sticky .jb-state", has_text="afgeschermd").count() > 0
        assert "Afgeschermd: met dit cijfer erbij" in seen.page.locator("[data-testid=stMain]").inner_text()
        assert ";afgeschermd;" in _download(seen, "Download CSV").decode("utf-8")


def test_no_flow_in_the_browser_is_more_than_what_is_published(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/keten?gebied=Beverwijk&jaar=2022") as seen:
        drawn = json.loads(seen.page.evaluate("JSON.stringify(document.querySelector('.js-plotly-plot').data)"))
        said = [text.rsplit(": ", maxsplit=1)[1].split(" ")[0] for text in drawn[0]["link"]["customdata"]]
        assert drawn[0]["type"] == "sankey"
        assert len(said) == 5
        assert [
            str(int(value)) for value, word in zip(drawn[0]["link"]["value"], said, strict=True) if word.isdigit()
        ] == [word for word in said if word.isdigit()]


def _values(z: object) -> list[object]:
    return list(z) if isinstance(z, list) else [0]


@pytest.mark.parametrize("content", ["", "no-such-build", "../../etc/passwd", "broken"])
def test_without_a_sound_publication_the_page_says_so(tmp_path: Path, browser: BrowserContext, content: str) -> None:
    if content:
        (tmp_path / "current").write_text(content, encoding="utf-8")
    (tmp_path / "broken.duckdb").write_bytes(b"not a database")
    with start_server(tmp_path) as empty, visit(browser, empty + "/kaart", drawn=False) as seen:
        seen.page.get_by_role("heading", name="Nog geen cijfers").wait_for(timeout=60_000)
        text = seen.page.locator("[data-testid=stMain]").inner_text()
        assert "Traceback" not in text
        assert str(tmp_path) not in text
        assert find_violations(seen) == []
        assert _status(f"{empty}/gebieden/2025/municipality.geojson")[0] == 404


def test_a_new_publication_is_shown_without_a_restart(tmp_path: Path, published: Path, browser: BrowserContext) -> None:
    with start_server(tmp_path) as address:
        with visit(browser, address, drawn=False) as seen:
            seen.page.get_by_role("heading", name="Nog geen cijfers").wait_for(timeout=60_000)
        build = (published / "current").read_text(encoding="utf-8").strip()
        (tmp_path / f"{build}.duckdb").write_bytes((published / f"{build}.duckdb").read_bytes())
        (tmp_path / "current").write_text(build, encoding="utf-8")
        with visit(browser, address) as seen:
            assert headings(seen)[0] == "Overzicht"


def _status(address: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, {name.lower(): value for name, value in refused.headers.items()}, b""


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/_stcore/health", 200),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/gebieden/2025/municipality.geojson", 200),
        ("/gebieden/2025/region.geojson", 404),
        ("/gebieden/1900/municipality.geojson", 404),
        ("/gebieden/2025/..%2fmunicipality.geojson", 400),
        ("/statisch/world_110m.json", 200),
        ("/statisch/..%2f..%2fapp.py", 400),
    ],
)
def test_the_server_answers_only_what_it_should(server: str, address: str, status: int) -> None:
    assert _status(server + address)[0] == status


def test_every_answer_forbids_other_hosts_and_frames(server: str) -> None:
    for address in ("/", "/kaart", "/statisch/nl.js", "/_stcore/health", "/_stcore/metrics"):
        headers = _status(server + address)[1]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "'unsafe-eval'" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_boundaries_are_public_geometry_and_no_figures(server: str) -> None:
    collection = json.loads(_status(f"{server}/gebieden/2025/neighbourhood.geojson")[2])
    assert {tuple(sorted(feature)) for feature in collection["features"]} == {("geometry", "id", "properties", "type")}
    assert all(feature["properties"] == {} for feature in collection["features"])
