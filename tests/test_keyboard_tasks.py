"""The tasks of test_user_tasks.py and test_analyst_tasks.py with the keyboard alone, each from a fresh start.

Only keys are pressed. Each step also fails when it is not seen where the keyboard is, or takes more than sixty presses.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import Visit, someone_else, visit
from tests.keyboard import Keyboard
from tests.test_analyst_tasks import HALT, NUISANCE, SUSPECTS, read_cells

pytestmark = pytest.mark.xdist_group("browser")

SUBJECTS = "Cijfers (hoogstens 6)"


@pytest.fixture
def seen(server: str, browser: BrowserContext) -> Iterator[Visit]:
    """The front page, for somebody who was never here before."""
    with visit(someone_else(browser), server + "/") as fresh:
        yield fresh
        assert fresh.errors == []
        assert fresh.outside == []


@pytest.fixture
def keys(seen: Visit) -> Keyboard:
    return Keyboard(seen=seen)


def title_of(seen: Visit) -> str:
    return seen.page.get_by_role("heading", level=1).inner_text()


def read_page(seen: Visit) -> str:
    return seen.page.locator("[data-testid=stMain]").inner_text()


def replace_subjects(keys: Keyboard, *titles: str) -> None:
    """Other figures than the one that the page opens with: its tag is taken away with the key that deletes."""
    keys.tab_to("combobox", SUBJECTS)
    for title in titles:
        with keys.seen.answering():
            keys.pick(title)
    keys.press("Escape")
    keys.tab_to("generic", "Geregistreerde misdrijven", back=True)
    with keys.seen.answering():
        keys.press("Delete")


def choose_areas(keys: Keyboard, words: str) -> None:
    keys.tab_to("radio", "Alleen dit gebied")
    keys.arrow_to("ArrowRight", words)


def test_the_link_past_the_bar_leads_to_the_first_choice_in_three_presses(keys: Keyboard) -> None:
    keys.skip_to_content()
    keys.tab_to("combobox", "Gebied")
    assert keys.pressed == {"Tab": 2, "Enter": 1}
    keys.tab_to("link", "Ga naar de inhoud", back=True)


def test_what_changed_in_heemskerk_and_whether_it_is_real_and_the_pack(seen: Visit, keys: Keyboard) -> None:
    keys.skip_to_content()
    keys.choose("Gebied", "Heemskerk")
    assert seen.page.get_by_role("heading", name="Wat valt op: Heemskerk in 2025").count() == 1
    suspects = seen.page.locator(".jb-card").filter(has_text=SUSPECTS).inner_text()
    assert "In 2024 was het" in suspects and "toeval" in suspects
    keys.open_page("Klopt het?", section="Verdiepen")
    keys.choose("Cijfer", SUSPECTS)
    assert seen.chosen("Gebied") == "Heemskerk"
    assert "Heemskerk" in seen.page.locator(".jb-saying blockquote").inner_text()
    assert "zegt niet waardoor" in read_page(seen)
    keys.open_page("Overzicht")
    assert seen.chosen("Gebied") == "Heemskerk"
    assert keys.download("Leesstuk (PDF)")[1].startswith(b"%PDF")
    for button in ("Dia's (PowerPoint)", "Bijlage met alle cijfers (Excel)"):
        assert keys.download(button)[1].startswith(b"PK")


def test_youth_nuisance_per_neighbourhood_as_a_workbook_and_a_link_that_opens_to_the_same(
    seen: Visit, keys: Keyboard, browser: BrowserContext
) -> None:
    keys.open_page("Verkennen", section="Verkennen")
    keys.choose("Gebied", "Velsen")
    replace_subjects(keys, NUISANCE)
    choose_areas(keys, "De buurten erin")
    name, content = keys.download("Download Excel")
    cells = read_cells(content)
    assert {cell["Periode"] for cell in cells} == {str(year) for year in range(2019, 2026)}
    assert {str(cell["Gebiedscode"])[:6] for cell in cells} == {"BU0453"} and len(cells) > 7 * 50
    keys.tab_to("link", "Link naar deze weergave")
    link = seen.page.get_by_role("link", name="Link naar deze weergave").get_attribute("href") or ""
    with visit(someone_else(browser), f"{seen.page.url.partition('/verkennen')[0]}/{link.removeprefix('./')}") as other:
        assert other.page.locator(".jb-pivot").inner_text() == seen.page.locator(".jb-pivot").inner_text()
        assert other.page.get_by_role("alert").count() == 0
        keys = Keyboard(seen=other)
        assert keys.download("Download Excel")[0] == name


def test_suspects_by_age_against_halt_as_dots(seen: Visit, keys: Keyboard) -> None:
    keys.open_page("Verkennen", section="Verkennen")
    replace_subjects(keys, SUSPECTS, HALT)
    choose_areas(keys, "De gemeenten erin")
    keys.choose("Splits uit naar", "leeftijd")
    drawn = seen.page.evaluate("document.querySelector('.js-plotly-plot').data.map(trace => [trace.name, trace.mode])")
    assert drawn == [["12 tot en met 14 jaar", "markers"], ["15 tot en met 17 jaar", "markers"]]
    assert "zegt niet dat het ene door het andere komt" in read_page(seen)
    assert keys.download("Download PNG")[1].startswith(b"\x89PNG")


def test_a_view_is_saved_and_reopened_by_another_and_deleted(
    seen: Visit, keys: Keyboard, server: str, browser: BrowserContext
) -> None:
    keys.open_page("Verkennen", section="Verkennen")
    keys.choose("Gebied", "Velsen")
    keys.choose("Van", "2024")
    open_keeping(keys)
    keys.tab_to("textbox", "Naam voor deze weergave")
    keys.type("Velsen sinds 2024")
    keys.tab_to("button", "Bewaar")
    keys.press("Enter")
    seen.page.get_by_text("De weergave is bewaard.").wait_for()
    with visit(someone_else(browser), server + "/") as other:
        keys = Keyboard(seen=other)
        keys.open_page("Verkennen", section="Verkennen")
        open_keeping(keys)
        keys.follow("Velsen sinds 2024")
        assert (other.chosen("Gebied"), other.chosen("Van")) == ("Velsen", "2024")
        assert other.page.locator(".jb-pivot").inner_text() == seen.page.locator(".jb-pivot").inner_text()
        assert other.page.get_by_role("alert").count() == 0
        open_keeping(keys)
        keys.tab_to("combobox", "Bewaarde weergave verwijderen")
        keys.pick("Velsen sinds 2024")
        keys.tab_to("button", "Verwijder")
        keys.press("Enter")
        other.page.get_by_text("Er is nog geen weergave bewaard.").wait_for()
        assert other.errors == []


def open_keeping(keys: Keyboard) -> None:
    keys.tab_to("DisclosureTriangle", "Weergave bewaren of openen")
    keys.press("Enter")
    keys.seen.page.get_by_label("Naam voor deze weergave").wait_for()
    keys.seen.settle()


def test_uitgeest_stands_beside_the_other_three_on_ten_figures(
    seen: Visit, keys: Keyboard, browser: BrowserContext
) -> None:
    keys.skip_to_content()
    keys.choose("Gebied", "Uitgeest")
    keys.open_page("Naast elkaar", section="Verdiepen")
    keys.choose("Onderwerp", "School")
    table = seen.page.locator(".jb-heat")
    heads = [head.inner_text() for head in table.locator("thead th").all()]
    assert heads == ["Cijfer", "Hele regio", "Uitgeest", "Beverwijk", "Heemskerk", "Velsen"]
    assert table.locator("tbody tr:has(td)").count() >= 10
    keys.tab_to("link", "Vaste link naar wat u nu ziet")
    link = seen.page.get_by_role("link", name="Vaste link naar wat u nu ziet").get_attribute("href") or ""
    address = seen.page.url.partition("/naast-elkaar")[0]
    with visit(someone_else(browser), f"{address}/{link.removeprefix('./')}") as other:
        assert other.page.locator(".jb-heat").inner_text() == table.inner_text()
        assert other.page.get_by_role("alert").count() == 0


def test_from_the_map_to_the_profile_of_a_neighbourhood_and_back(seen: Visit, keys: Keyboard) -> None:
    place = "Velsen: buurt Oud-IJmuiden"
    keys.open_page("Kaart", section="Verdiepen")
    keys.choose("Gebied", "Velsen")
    keys.choose("Gebied", place)
    keys.follow(f"Alle cijfers van {place}")
    assert (title_of(seen), seen.chosen("Gebied")) == ("Gebiedsprofiel", place)
    assert seen.page.locator(".jb-profile tbody tr").count() > 3
    keys.follow("Bekijk op de kaart")
    assert (title_of(seen), seen.chosen("Gebied")) == ("Kaart", place)
    keys.tab_to("button", "‹ Velsen")
    with seen.answering():
        keys.press("Enter")
    assert seen.chosen("Gebied") == "Velsen"


def test_the_meaning_and_the_source_of_a_figure_in_two_steps_and_its_code_checked(seen: Visit, keys: Keyboard) -> None:
    card = seen.page.locator(".jb-card").filter(has_text=HALT)
    keys.tab_to("DisclosureTriangle", f"Uitleg en bron van {HALT}")
    keys.press("Enter")
    assert "minstens één verwijzing" in card.inner_text()
    assert "Bron:" in card.inner_text() and "Halt-verwijzingen" in card.inner_text()
    keys.follow("Waar komt dit cijfer vandaan?")
    assert title_of(seen) == "Herkomst van een cijfer"
    assert re.search(r"\b[0-9a-f]{64}\b", read_page(seen))
    keys.open_page("Overzicht")
    rows = keys.download("Download CSV")[1].decode("utf-8-sig").splitlines()
    code = rows[1].split(";")[rows[0].split(";").index("Controlecode")]
    keys.open_page("Controleer", section="Verantwoording")
    keys.tab_to("textbox", "Controlecode")
    keys.type(code)
    with seen.answering():
        keys.press("Enter")
    assert seen.page.locator(".jb-verdict").get_by_role("heading").inner_text() == "Actueel"
