"""The pages of the statistics in a real browser: whole, accessible, and what they say is what the figures carry."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import Visit, start_server, visit
from tests.looks import find_bare_charts, find_violations, measure_overflow

pytestmark = pytest.mark.xdist_group("browser")

VIEWS = {
    "/signalen?lijst=voor+de+analist": ".jb-signal",
    "/klopt-het?gebied=Velsen": ".jb-saying",
    "/vergelijken?gebied=Velsen&vergelijk=Buurten&grafiek=Trechter": ".scatterlayer .points path",
    "/kaart?gebied=Velsen&waarde=afgevlakt": ".choroplethlayer path",
    "/interventies?interventie=Straatcoach": ".scatterlayer .trace path",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oordelen") / "oordelen.jsonl"


@pytest.fixture(scope="module")
def server(published: Path, store: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JEUGDBEELD_VERDICTS", str(store))
        with start_server(published) as address:
            yield address


def _problems(seen: Visit) -> list[str]:
    return find_violations(seen) + find_bare_charts(seen) + ["wider than the screen"] * bool(measure_overflow(seen))


@pytest.mark.parametrize(("address", "painted"), VIEWS.items())
def test_a_page_is_whole_and_accessible_on_desk_and_phone(
    server: str, browser: BrowserContext, address: str, painted: str
) -> None:
    with visit(browser, server + address) as seen:
        seen.page.locator(painted).first.wait_for(state="attached", timeout=60_000)
        assert seen.page.locator("[data-testid=stException]").count() == 0
        assert seen.page.get_by_role("alert").count() == 0
        assert _problems(seen) == []
        seen.page.set_viewport_size({"width": 390, "height": 900})
        seen.settle()
        assert _problems(seen) == []
        assert seen.errors == []
        assert seen.outside == []


def test_a_steward_gives_a_verdict_that_stands_with_the_signal(
    server: str, browser: BrowserContext, store: Path
) -> None:
    with visit(browser, server + "/signalen?lijst=voor+de+analist") as seen:
        send = seen.page.get_by_role("button", name="Bewaar oordeel")
        send.click()
        seen.page.get_by_text("Vul in wie dit oordeel geeft").wait_for()
        assert not store.exists(), "nobody gave it"
        seen.page.get_by_text("Toeval", exact=True).click()
        seen.page.get_by_label("Uw naam of functie").fill("Sam <b>data</b>")
        send.click()
        seen.page.get_by_text("Uw oordeel is bewaard.").wait_for()
        seen.settle()
        kept = json.loads(store.read_text(encoding="utf-8"))
        assert (kept["verdict"], kept["who"]) == ("noise", "Sam <b>data</b>")
        assert seen.page.locator(".jb-signal", has_text="Oordeel van Sam <b>data</b>").count() == 1
        assert seen.page.locator(".jb-signal b").count() == 0, "a name is text, never markup"


def test_a_claim_follows_its_choices_and_its_link_gives_the_same_answer(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/klopt-het?gebied=Velsen") as seen:
        first = seen.page.locator(".jb-saying").inner_text()
        assert "in Velsen" in first and "2019 tot en met 2024" in first
        with seen.answering():
            seen.page.get_by_text("gestegen", exact=True).click()
        seen.choose("Van", "2021")
        said, link = seen.page.locator(".jb-saying").inner_text(), seen.page.url
        assert "gestegen" in said and "2021" in said
    with visit(browser, link) as seen:
        assert seen.page.locator(".jb-saying").inner_text() == said


def test_the_map_says_openly_which_figures_it_shows_and_hidden_areas_stay_without(
    server: str, browser: BrowserContext
) -> None:
    query = "cijfer=Verdachten+van+12+tot+en+met+22+jaar&gebied=Beverwijk"
    with visit(browser, f"{server}/kaart?{query}&waarde=afgevlakt") as seen:
        assert "geen tellingen" in seen.page.locator("body").inner_text()
        rows = seen.page.locator(".jb-table tbody tr")
        hidden = [row for row in rows.all() if "afgeschermd" in row.inner_text()]
        assert hidden, "some districts are hidden"
        assert all(row.locator("td").nth(1).inner_text() == "" for row in hidden)
        with seen.answering():
            seen.page.get_by_text("zoals geteld", exact=True).click()
        assert "zoals ze zijn geteld" in seen.page.locator("body").inner_text()
