"""What an analyst comes to do, from a fresh start, in a real browser."""

import io
import re
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Locator

from tests.browser import Visit, someone_else, visit
from tests.looks import find_violations

pytestmark = pytest.mark.xdist_group("browser")

NUISANCE, SUSPECTS, HALT = (
    "Meldingen van overlast door jongeren",
    "Verdachten van 12 tot en met 17 jaar",
    "Jongeren verwezen naar Halt",
)


def subjects(seen: Visit) -> Locator:
    return seen.page.get_by_label("Cijfers (hoogstens 6)", exact=True)


def pick(seen: Visit, *titles: str) -> None:
    """Replace the chosen figures by these."""
    subjects(seen).click()
    for title in titles:
        subjects(seen).fill(title)
        with seen.answering():
            seen.page.get_by_role("option", name=title, exact=True).click()
    seen.page.keyboard.press("Escape")
    with seen.answering():
        seen.page.get_by_role("button", name="Geregistreerde misdrijven weghalen").click()


def press(seen: Visit, words: str) -> None:
    with seen.answering():
        seen.page.get_by_text(words, exact=True).click()


def download(seen: Visit, kind: str) -> tuple[str, bytes]:
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("button", name=f"Download {kind}", exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def read_cells(content: bytes) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Cijfers", "Definities", "Bron en publicatie"]
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    header, *rows = [[cell.value for cell in line] for line in book["Cijfers"].iter_rows()]
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_youth_nuisance_per_neighbourhood_as_a_workbook_and_a_link_that_another_opens_to_the_same(
    server: str, browser: BrowserContext, published: Path
) -> None:
    with visit(browser, server + "/") as seen:
        seen.open_page("Verkennen", section="Verkennen")
        seen.choose("Gebied", "Velsen")
        pick(seen, NUISANCE)
        press(seen, "De buurten erin")
        name, content = download(seen, "Excel")
        address, table = seen.page.url, seen.page.locator(".jb-pivot").inner_text()
        pictures = seen.page.locator(".jb-small img").count()
    assert re.fullmatch(r"jeugdbeeld-verkennen-[0-9A-Z]{5}-[0-9A-Z]{5}\.xlsx", name)
    _assert_equal(read_cells(content), published)
    with visit(someone_else(browser), address) as other:
        assert other.page.locator(".jb-pivot").inner_text() == table
        assert other.page.locator(".jb-small img").count() == pictures > 50
        assert other.page.get_by_role("alert").count() == 0
        assert find_violations(other) == []
        assert download(other, "Excel")[0] == name
        assert other.errors == []


def _assert_equal(cells: list[dict[str, object]], published: Path) -> None:
    path = published / f"{(published / 'current').read_text(encoding='utf-8').strip()}.duckdb"
    with duckdb.connect(str(path), read_only=True) as file:
        truth = {
            (area, period): (status, value)
            for area, period, status, value in file.execute(
                "select area, period, status, value from figure where indicator = 'youth_nuisance' "
                "and area like 'BU0453%' and length(period) = 4"
            ).fetchall()
        }
    assert len(cells) == len(truth)
    assert {cell["Periode"] for cell in cells} == {str(year) for year in range(2019, 2026)}
    for cell in cells:
        status, value = truth[(str(cell["Gebiedscode"]), str(cell["Periode"]))]
        assert cell["Waarde"] == (round(value, 1) if status == "shown" else None)
        assert (cell["Status"] == "getoond") == (status == "shown")


def test_suspects_by_age_against_halt_as_dots_and_as_a_picture(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/") as seen:
        seen.open_page("Verkennen", section="Verkennen")
        pick(seen, SUSPECTS, HALT)
        press(seen, "De gemeenten erin")
        seen.choose("Splits uit naar", "leeftijd")
        drawn = seen.page.evaluate(
            "document.querySelector('.js-plotly-plot').data.map(t => [t.name, t.x.length, t.mode])"
        )
        assert [name for name, _, _ in drawn] == ["12 tot en met 14 jaar", "15 tot en met 17 jaar"]
        assert all(count > 3 and mode == "markers" for _, count, mode in drawn)
        text = seen.page.locator("[data-testid=stMain]").inner_text()
        assert "zegt niet dat het ene door het andere komt" in text
        assert "afgeschermd" in seen.page.locator(".jb-pivot").inner_text()
        assert download(seen, "PNG")[1].startswith(b"\x89PNG")
        assert b"Controlecode" in download(seen, "SVG")[1]
        assert seen.errors == []
        assert seen.outside == []


def test_a_view_is_saved_reopened_by_another_and_deleted(server: str, browser: BrowserContext) -> None:
    name = "Halt in <b>Velsen</b> *2024*"
    with visit(browser, server + "/") as seen:
        seen.open_page("Verkennen", section="Verkennen")
        seen.choose("Gebied", "Velsen")
        seen.choose("Van", "2024")
        table = seen.page.locator(".jb-pivot").inner_text()
        _open_keeping(seen)
        seen.page.get_by_label("Naam voor deze weergave").fill(name)
        seen.page.get_by_role("button", name="Bewaar", exact=True).click()
        seen.page.get_by_text("De weergave is bewaard.").wait_for()
    with visit(someone_else(browser), server + "/verkennen") as other:
        _open_keeping(other)
        assert other.page.locator(".jb-saved b").count() == 0
        with other.answering():
            other.page.get_by_role("link", name=name, exact=True).click()
        assert other.page.locator(".jb-pivot").inner_text() == table
        assert other.page.get_by_role("alert").count() == 0
        _open_keeping(other)
        assert find_violations(other) == []
        box = other.page.get_by_label("Bewaarde weergave verwijderen")
        other.scroll_to(box)
        box.focus()
        other.page.keyboard.press("ArrowDown")
        other.page.get_by_role("option", name=name, exact=True).click()
        other.page.get_by_role("button", name="Verwijder", exact=True).click()
        other.page.get_by_text("Er is nog geen weergave bewaard.").wait_for()


def _open_keeping(seen: Visit) -> None:
    seen.page.get_by_text("Weergave bewaren of openen", exact=True).click()
    seen.page.get_by_label("Naam voor deze weergave").wait_for()


def test_the_code_of_a_file_and_of_a_figure_in_it_are_known_to_controleer(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/verkennen?cijfers=Jongeren+verwezen+naar+Halt&gebied=Velsen&van=2024") as seen:
        name, content = download(seen, "Excel")
        row = read_cells(content)[0]
        seen.open_page("Controleer", section="Verantwoording")
        for code, words in ((name[-16:-5], "Een bestand met 2 cijfers"), (str(row["Controlecode"]), "Velsen, 2024")):
            seen.page.get_by_label("Controlecode", exact=True).fill(code.lower())
            with seen.answering():
                seen.page.keyboard.press("Enter")
            verdict = seen.page.locator(".jb-verdict")
            verdict.get_by_text(words).first.wait_for()
            assert verdict.get_by_role("heading").inner_text() == "Actueel"
            assert find_violations(seen) == []
        seen.page.get_by_label("Controlecode", exact=True).fill("AAAAA-AAAAB")
        with seen.answering():
            seen.page.keyboard.press("Enter")
        assert "geen geldige code" in seen.page.get_by_role("alert").inner_text()


STRANGE = {
    "cijfers": "Geluk", "welke": "De huizen", "ook": "Atlantis", "per": "week", "van": "1066", "tot": "3000",
    "naar": "schoenmaat", "maat": "Gewicht", "rijen": "Kleur", "kolommen": "Geur", "grafiek": "Taart",
}  # fmt: skip


def test_every_unknown_choice_in_the_link_is_said(server: str, browser: BrowserContext) -> None:
    with visit(browser, f"{server}/verkennen?{urlencode(STRANGE)}") as seen:
        said = " ".join(one.inner_text() for one in seen.page.get_by_role("alert").all())
        assert [word for word in STRANGE.values() if word not in said] == []
        assert seen.page.locator("[data-testid=stException]").count() == 0
    split = urlencode({"cijfers": SUSPECTS, "naar": "leeftijd", "groep": "dinosaurus", "totalen": "misschien"})
    with visit(browser, f"{server}/verkennen?{split}") as seen:
        said = " ".join(one.inner_text() for one in seen.page.get_by_role("alert").all())
        assert "dinosaurus" in said and "misschien" in said


def test_the_feed_of_the_app_answers_and_is_never_kept(server: str, browser: BrowserContext) -> None:
    with visit(browser, server + "/verkennen?cijfers=Inwoners&gebied=Velsen&van=2025") as seen:
        seen.page.get_by_text("Koppelen met Excel of Power Query", exact=True).click()
        link = seen.page.get_by_role("link", name="adres van deze cijfers als tabel (CSV)")
        answer = seen.page.request.get(f"{server}/{(link.get_attribute('href') or '').removeprefix('./')}")
        table = answer.text().removeprefix("\ufeff").splitlines()
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert len(table) == 2 and "Velsen" in table[1]
