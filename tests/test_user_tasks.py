"""What a board member, a municipality and anyone else come to do, each from a fresh start in a browser of their own."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import BrowserContext
from pypdf import PdfReader

from dashboard.format import STATUS_WORDS, format_value
from tests.browser import Visit, click_map, someone_else, visit
from tests.crawler import find_file

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def seen(server: str, browser: BrowserContext) -> Iterator[Visit]:
    """The front page, for somebody who was never here before."""
    with visit(someone_else(browser), server + "/") as fresh:
        yield fresh
        assert fresh.errors == []
        assert fresh.outside == []


def ask_file(published: Path, sql: str, **values: object) -> list[tuple[object, ...]]:
    with duckdb.connect(str(find_file(published)), read_only=True) as file:
        return file.execute(sql, values).fetchall()


def download(seen: Visit, button: str) -> bytes:
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("button", name=button, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def title_of(seen: Visit) -> str:
    return seen.page.get_by_role("heading", level=1).inner_text()


def test_a_board_member_reads_what_changed_in_heemskerk_and_whether_it_is_real_and_takes_the_pack(
    seen: Visit, published: Path
) -> None:
    seen.choose("Gebied", "Heemskerk")
    seen.page.get_by_role("heading", name="Wat valt op: Heemskerk in 2025").wait_for()
    assert 1 <= seen.page.locator(".jb-list").first.locator("li").count() <= 5
    cards = seen.page.locator(".jb-card:has(.jb-level)")
    assert 1 <= cards.count() <= 7
    suspects = cards.filter(has_text="Verdachten van 12 tot en met 17 jaar").inner_text()
    sql = "select value from figure where indicator = 'suspects_12_17' and area = 'GM0396' and age = 'all' and sex = 'all' and period in ('2024', '2025') order by period"
    before, now = (f"{value:.0f}" for (value,) in ask_file(published, sql))
    assert now in suspects and f"In 2024 was het {before}." in suspects
    assert "kan toeval zijn" in suspects or "waarschijnlijk geen toeval" in suspects
    seen.open_page("Klopt het?", section="Verdiepen")
    assert seen.chosen("Gebied") == "Heemskerk"
    seen.choose("Cijfer", "Verdachten van 12 tot en met 17 jaar")
    assert "Heemskerk" in seen.page.locator(".jb-saying blockquote").inner_text()
    assert "zegt niet waardoor" in seen.page.locator("[data-testid=stMain]").inner_text()
    seen.open_page("Overzicht")
    assert seen.chosen("Gebied") == "Heemskerk"
    pack = PdfReader(io.BytesIO(download(seen, "Leesstuk (PDF)")))
    assert "Heemskerk" in pack.pages[0].extract_text() and now in " ".join(page.extract_text() for page in pack.pages)
    for button in ("Dia's (PowerPoint)", "Bijlage met alle cijfers (Excel)"):
        assert download(seen, button).startswith(b"PK")


def test_uitgeest_stands_beside_the_other_three_on_ten_figures_and_another_opens_the_same_table(
    seen: Visit, server: str, browser: BrowserContext, published: Path
) -> None:
    seen.choose("Gebied", "Uitgeest")
    seen.open_page("Naast elkaar", section="Verdiepen")
    seen.choose("Onderwerp", "School")
    table = seen.page.locator(".jb-heat")
    heads = [head.inner_text() for head in table.locator("thead th").all()]
    assert heads == ["Cijfer", "Hele regio", "Uitgeest", "Beverwijk", "Heemskerk", "Velsen"]
    rows = {row.locator("th").first.inner_text(): row.inner_text() for row in table.locator("tbody tr:has(td)").all()}
    assert len(rows) >= 10
    sql = """
        select i.title, f.status, f.value, i.unit, i.decimals from figure as f join indicator as i on i.id = f.indicator
        join period as p on p.id = f.period
        where i.theme = 'school' and f.area = 'GM0450' and year(p.finish) = 2025 and p.kind in ('year', 'school_year')
          and f.age = 'all' and f.sex = 'all' and f.kind = 'all'
    """
    checked = 0
    for title, status, value, unit, decimals in ask_file(published, sql):
        row = next((words for name, words in rows.items() if name.startswith(str(title) + "\n")), None)
        if row is None:
            continue
        told = format_value(value, unit, decimals) if status == "shown" and value is not None else STATUS_WORDS[str(status)]  # type: ignore[arg-type]  # fmt: skip
        assert told.replace("\u00a0", " ") in row.replace("\u00a0", " "), title
        checked += 1
    assert checked >= 10
    link = seen.page.get_by_role("link", name="Vaste link naar wat u nu ziet").get_attribute("href") or ""
    assert "jaar=2025" in link and "onderwerp=School" in link
    with visit(someone_else(browser), f"{server}/{link.removeprefix('./')}") as other:
        assert other.page.locator(".jb-heat").inner_text() == table.inner_text()
        assert other.page.get_by_role("alert").count() == 0


def test_from_the_map_to_the_profile_of_a_neighbourhood_and_back(seen: Visit) -> None:
    seen.open_page("Kaart", section="Verdiepen")
    for _ in range(3):
        click_map(seen)
    place = seen.chosen("Gebied")
    assert ": buurt " in place
    with seen.answering():
        seen.page.get_by_role("link", name=f"Alle cijfers van {place}").click()
    assert (title_of(seen), seen.chosen("Gebied")) == ("Gebiedsprofiel", place)
    assert seen.page.get_by_role("heading", level=3, name=f"{place} in 2025").count() == 1
    assert seen.page.locator(".jb-profile tbody tr").count() > 3
    with seen.answering():
        seen.page.get_by_role("link", name="Bekijk op de kaart").click()
    assert (title_of(seen), seen.chosen("Gebied")) == ("Kaart", place)


def test_anyone_finds_the_meaning_and_the_source_of_a_figure_in_two_clicks_and_checks_its_code(seen: Visit) -> None:
    card = seen.page.locator(".jb-card").filter(has_text="Jongeren verwezen naar Halt")
    card.get_by_text("Uitleg en bron").click()
    assert "minstens één verwijzing" in card.inner_text()
    assert "Bron:" in card.inner_text() and "Halt-verwijzingen" in card.inner_text()
    with seen.answering():
        card.get_by_role("link", name="Waar komt dit cijfer vandaan?").click()
    assert title_of(seen) == "Herkomst van een cijfer"
    assert re.search(r"\b[0-9a-f]{64}\b", seen.page.locator("[data-testid=stMain]").inner_text())
    seen.open_page("Overzicht")
    rows = download(seen, "Download CSV").decode("utf-8-sig").splitlines()
    code = rows[1].split(";")[rows[0].split(";").index("Controlecode")]
    seen.open_page("Controleer", section="Verantwoording")
    seen.page.get_by_label("Controlecode", exact=True).fill(code)
    with seen.answering():
        seen.page.keyboard.press("Enter")
    assert seen.page.locator(".jb-verdict").get_by_role("heading").inner_text() == "Actueel"
