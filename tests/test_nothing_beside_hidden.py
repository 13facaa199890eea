"""Nothing derived stands beside a hidden count: not in a table of the file, on a page, in a chart, a word or a download.

Every page is drawn twice, of a publication and of one with nine in ten figures hidden: as it is, and from a copy in which
all figures that are not shown carry numbers and words that they may never have. A page that would let any of it through,
even as an order or the end of an axis, differs.
"""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.export import list_figures, write_csv, write_xlsx
from dashboard.figures import load_indicators, open_publication
from dashboard.frame import load_group_names
from pipelines.publish import TABLES, current_file

pytestmark = pytest.mark.xdist_group("hidden")

PAGES = sorted(file.stem for file in (Path(__file__).parents[1] / "pages").glob("*.py") if file.stem != "__init__")
KEYS = {"indicator", "area", "period", "age", "sex", "kind", "status", "provisional"}
SCRIPT = """
from dashboard.choose import ask_shared
from dashboard.figures import open_publication
from pages import {page} as page
page.draw(ask_shared(open_publication(), ("indicator", "area", "year")))
"""
POISON = """
    update figure set numerator = 4321, denominator = 8642.5, value = 500.03, low = 400.02, high = 987654.3, benchmark = 1.25,
                      label = 'higher', trend = 'up'
    where status <> 'shown'
"""


def _poison(clean: Path, folder: Path) -> Path:
    """The same publication, but whatever is not shown carries numbers."""
    shutil.copy(current_file(clean), folder)
    shutil.copy(clean / "current", folder)
    with duckdb.connect(str(current_file(folder))) as connection:
        connection.execute(POISON)
    return folder


@pytest.fixture(scope="module")
def poisoned(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _poison(published, tmp_path_factory.mktemp("poisoned"))


@pytest.fixture(scope="module")
def much_poisoned(much_hidden: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _poison(much_hidden, tmp_path_factory.mktemp("much_poisoned"))


@pytest.fixture(scope="module")
def views(published: Path) -> list[tuple[str, str, str]]:
    """Indicator, municipality and year with the most hidden figures below it, of two indicators."""
    sql = """
        select f.indicator, 'GM' || substr(f.area, 3, 4) as town, f.period
        from figure f join indicator i on i.id = f.indicator
        where f.status = 'hidden' and length(f.period) = 4 and f.area not like 'RG%'
        group by all order by count(*) desc, 1, 2, 3 desc
    """
    with duckdb.connect(str(current_file(published)), read_only=True) as connection:
        rows = connection.sql(sql).fetchall()
    first = rows[0]
    return [first, next(row for row in rows if row[0] != first[0])]


def _draw(page: str, view: tuple[str, str, str], published: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that the page sends to the browser, as text: words, tables, charts with their tooltips."""
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    monkeypatch.setenv("JEUGDBEELD_VERDICTS", str(published / "none.jsonl"))
    app = AppTest.from_string(SCRIPT.format(page=page), default_timeout=120)
    app.session_state["cijfer"], app.session_state["gebied"], app.session_state["jaar"] = view
    app.session_state["grafiek"], app.session_state["waarde"] = "trechter", "afgevlakt"
    app.run()
    assert not app.exception, page
    return list(_walk(app.main))


def _walk(block: object) -> Iterator[str]:
    for child in block.children.values():  # type: ignore[attr-defined]
        yield re.sub(r'deferred_file_id: "\w+"', "", str(getattr(child, "proto", "")))
        if hasattr(child, "children"):
            yield from _walk(child)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_the_same_whatever_the_hidden_figures_are(
    page: str,
    published: Path,
    poisoned: Path,
    much_hidden: Path,
    much_poisoned: Path,
    views: list[tuple[str, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for view, folders in zip(views, ((published, poisoned), (much_hidden, much_poisoned)), strict=True):
        clean, other = (_draw(page, view, folder, monkeypatch) for folder in folders)
        assert len(clean) > 3, "the page drew something"
        assert [(one, two) for one, two in zip(clean, other, strict=True) if one != two] == [], view


def test_a_download_is_the_same_whatever_the_hidden_figures_are(
    published: Path, poisoned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for folder in (published, poisoned):
        monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(folder))
        publication = open_publication()
        with duckdb.connect(str(current_file(folder)), read_only=True) as connection:
            rows = connection.sql(
                "select f.*, f.area as name, 'district' as level from figure f where status <> 'shown' order by all limit 4000"
            ).df()
        sheet = list_figures(rows, load_indicators(publication), load_group_names(publication))
        with zipfile.ZipFile(io.BytesIO(write_xlsx({"Cijfers": sheet}))) as book:
            cells = [book.read(f"xl/{part}.xml") for part in ("worksheets/sheet1", "sharedStrings")]
        files.append((write_csv(sheet), *cells))
    assert len(files[0][0]) > 10_000
    assert files[0] == files[1]


def test_no_table_of_the_file_has_a_number_on_a_row_that_is_not_shown(published: Path) -> None:
    with duckdb.connect(str(current_file(published)), read_only=True) as connection:
        tables = {name: connection.sql(f"select * from {name}").df() for name in TABLES}
    figures = tables["figure"]
    assert (figures["status"] == "hidden").sum() > 1_000, "many are hidden, or this proves nothing"
    for name, rows in tables.items():
        if "status" in rows and "value" in rows:
            closed = rows[rows["status"] != "shown"]
            filled = closed.drop(columns=[*KEYS & set(rows)]).notna().any()
            assert not filled.any(), (name, list(filled[filled].index))
    shown = _keys(figures[figures["status"] == "shown"])
    totals = {(indicator, area, period) for indicator, area, period, *group in shown if group == ["all"] * 3}
    for row in tables["signal"].itertuples():
        for area in str(row.members or row.area).split(","):
            assert (row.indicator, area, row.period) in totals, row.id
    revised = tables["revision"]
    assert not revised["after"].notna().any() or _keys(revised[revised["after"].notna()]) <= shown


def _keys(rows: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(rows[["indicator", "area", "period", "age", "sex", "kind"]].itertuples(index=False, name=None))
