"""Back and Forward show what was left: every choice of a page, those that only that page asks too, and no page in between."""

import time
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import Visit, click_map, someone_else, visit

pytestmark = pytest.mark.xdist_group("browser")


def move(seen: Visit, way: str) -> None:
    """Back or Forward, and wait for the run of the app that follows."""
    before, patience = seen.runs, time.monotonic() + 60
    (seen.page.go_back if way == "back" else seen.page.go_forward)(wait_until="commit")
    while seen.runs == before:
        assert time.monotonic() < patience, f"the app never ran after {way}"
        seen.page.wait_for_timeout(20)
    seen.settle()


def read_place(seen: Visit) -> tuple[str, tuple[str, ...], str]:
    """The address, everything that is chosen on the screen, and what is warned of."""
    page = seen.page.locator("[data-testid=stMain]")
    chosen = [
        *(box.input_value() for box in page.get_by_role("combobox").all()),
        *(tag.inner_text() for tag in page.locator("[data-tag]").all()),
        *(one.inner_text() for one in page.locator("[data-testid=stRadioOption][data-selected]").all()),
    ]
    said = " ".join(one.inner_text() for one in page.get_by_role("alert").all())
    return unquote_plus("/" + seen.page.url.split("/", maxsplit=3)[3]), tuple(chosen), said


ROUTES = [
    ("naast-elkaar?onderwerp=School", "Overzicht", "Gebiedsprofiel", "School"),
    ("naast-elkaar?gebied=Velsen&onderwerp=School", "Verdiepen", "Vergelijken", "School"),
    ("gebiedsprofiel?gebied=Velsen&onderwerp=School", "Verdiepen", "Naast elkaar", "School"),
    ("ontwikkeling?met=Velsen&gebied=Uitgeest", "Overzicht", "Overzicht", "Velsen"),
    ("verkennen?cijfers=Inwoners&gebied=Velsen&welke=De+buurten+erin", "Verdiepen", "Naast elkaar", "De buurten erin"),
    ("kaart?naast=2024&waarde=afgevlakt&gebied=Velsen", "Overzicht", "Overzicht", "afgevlakt"),
]


@pytest.mark.parametrize(("start", "section", "title", "own"), ROUTES)
def test_back_shows_the_choices_that_were_left_and_forward_the_page_after_it(
    server: str, browser: BrowserContext, start: str, section: str, title: str, own: str
) -> None:
    with visit(someone_else(browser), f"{server}/{start}") as seen:
        left = read_place(seen)
        assert left[0] == unquote_plus(f"/{start}") and own in left[1] and not left[2]
        seen.open_page(title, section=section)
        following = read_place(seen)
        for way, place in (("back", left), ("forward", following), ("back", left)):
            move(seen, way)
            assert read_place(seen) == place
        assert seen.errors == []


def test_back_twice_passes_every_page_once_with_what_was_chosen_there(server: str, browser: BrowserContext) -> None:
    with visit(someone_else(browser), server + "/") as seen:
        places = [read_place(seen)]
        seen.open_page("Naast elkaar", section="Verdiepen")
        seen.choose("Onderwerp", "School")
        seen.choose("Gebied", "Velsen")
        places.append(read_place(seen))
        seen.open_page("Gebiedsprofiel")
        assert seen.chosen("Onderwerp") == "Alle onderwerpen"
        places.append(read_place(seen))
        for way, place in (("back", places[1]), ("back", places[0]), ("forward", places[1]), ("forward", places[2])):
            move(seen, way)
            assert read_place(seen) == place


def test_back_after_the_menu_of_a_phone_shows_the_choices_that_were_left(server: str, browser: BrowserContext) -> None:
    with visit(someone_else(browser), f"{server}/naast-elkaar?onderwerp=School", width=400) as seen:
        left = read_place(seen)
        seen.page.get_by_test_id("stExpandSidebarButton").click()
        with seen.answering():
            seen.page.get_by_test_id("stSidebarNavLink").filter(has_text="Gebiedsprofiel").click()
        move(seen, "back")
        assert read_place(seen) == left


def test_back_after_a_click_on_the_map_shows_the_larger_area_again(server: str, browser: BrowserContext) -> None:
    with visit(someone_else(browser), server + "/") as seen:
        seen.open_page("Kaart", section="Verdiepen")
        left = read_place(seen)
        click_map(seen)
        assert read_place(seen) != left
        move(seen, "back")
        assert read_place(seen) == left


@pytest.mark.parametrize("title", ["Kaart", "Ontwikkeling", "Vergelijken", "Klopt het?"])
def test_an_area_chosen_on_a_page_with_more_choices_than_the_last_is_in_its_address(
    server: str, browser: BrowserContext, title: str
) -> None:
    with visit(someone_else(browser), server + "/") as seen:
        seen.open_page(title, section="Verdiepen")
        seen.choose("Gebied", "Velsen")
        assert "gebied=Velsen" in seen.page.url
        seen.choose("Cijfer", "Jongeren verwezen naar Halt")
        assert "gebied=Velsen" in seen.page.url and "cijfer=Jongeren+verwezen+naar+Halt" in seen.page.url


@pytest.mark.parametrize(("page", "title"), [("", "Overzicht"), ("gebiedsprofiel", "Gebiedsprofiel")])
def test_after_going_to_the_page_where_one_is_already_a_choice_still_reaches_the_address(
    server: str, browser: BrowserContext, page: str, title: str
) -> None:
    with visit(someone_else(browser), f"{server}/{page}") as seen:
        before = seen.runs
        seen.page.get_by_role("button", name="Overzicht", exact=True).click()
        seen.page.get_by_role("menuitem", name=title, exact=True).click()
        seen.page.wait_for_timeout(1_000)
        seen.settle()
        assert seen.runs > before
        for area in ("Velsen", "Uitgeest"):
            seen.choose("Gebied", area)
            assert f"gebied={area}" in seen.page.url
