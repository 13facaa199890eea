"""A visitor without mercy: every page in drawn states, in a real browser, twice.

Once from a publication, and once from its twin, in which every figure that is not shown carries numbers it may never
have. What a page says, draws, hides in its attributes or hands out as a file must be the same to the letter: then every
number on it is a shown figure, or comes from shown figures only. And every row of every file is looked up by its code
in the publication: the same state, the same numbers, and none where nothing is shown.

    python -m tests.crawler --published data/published --states 300
"""

import argparse
import csv
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import openpyxl
import pandas as pd
from playwright.sync_api import BrowserContext
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pyarrow import parquet

from dashboard.format import STATUS_WORDS, format_number
from dashboard.receipt import figure_receipt
from tests.browser import ROOT, Visit, start_browser, start_server
from tests.two_publications import copy_publication

POISON = tuple(
    f"update {table} set value = 98765.4, numerator = 98765, denominator = 98766, low = 98765.1, high = 98765.9"
    " where status <> 'shown'"
    for table in ("figure", "rebased")
)
SPLITS = ("niet", "leeftijd", "geslacht", "soort")
WHICH = ("Alleen dit gebied", "De gemeenten erin", "De wijken erin", "De buurten erin")
LOOK = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const said = [...main.querySelectorAll('[alt],[aria-label],[title],[href],[src]')].flatMap(
        e => ['alt', 'aria-label', 'title', 'href', 'src'].map(n => e.getAttribute(n)).filter(t => t && !t.includes('/media/')));
    const charts = [...document.querySelectorAll('.js-plotly-plot')].map(c => JSON.stringify([c.data, c.layout]));
    const cells = [...main.querySelectorAll('td.jb-number, .jb-ends strong')].map(e => e.textContent.trim()).filter(t => t);
    return {cells, text: main.textContent.replace(/«r\\w+»|:r\\w+:/g, ''), said, charts};
}"""


@dataclass(frozen=True, kw_only=True)
class Look:
    """Everything that one visit brought: words, attributes, charts, cells of tables with a number, and files by name."""

    text: str
    said: Sequence[str]
    charts: Sequence[str]
    cells: Sequence[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(kw_only=True)
class Report:
    """What a crawl found: numbers seen, rows of files looked up, and everything that is wrong.

    traced   numbers in tables and charts that are themselves a shown figure
    derived  per page those that are not: differences, limits, sums of states; the twin proves that they come from
             shown figures only
    """

    states: int = 0
    numbers: int = 0
    rows: int = 0
    traced: int = 0
    derived: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def list_pages() -> list[str]:
    """The address of every page, as app.py names them: a new page is crawled too."""
    return re.findall(r'\baddress="([\w-]*)"', (ROOT / "app.py").read_text(encoding="utf-8"))


def draw_states(published: Path, count: int, seed: int) -> list[str]:
    """Addresses of drawn states, every page in turn."""
    lots, pages = random.Random(seed), list_pages()
    with duckdb.connect(str(find_file(published)), read_only=True) as file:
        titles = [row[0] for row in file.execute("select title from indicator where allowed").fetchall()]
        towns = [row[0] for row in file.execute("select distinct name from area where level = 'municipality' order by 1").fetchall()]  # fmt: skip
        years = [row[0] for row in file.execute("select id from period where kind = 'year' order by 1").fetchall()]
    return [_draw_state(lots, pages[number % len(pages)], titles, towns, years) for number in range(count)]


def find_file(published: Path) -> Path:
    """The file of the current publication."""
    return published / f"{(published / 'current').read_text(encoding='utf-8').strip()}.duckdb"


def _draw_state(
    lots: random.Random, page: str, titles: Sequence[str], towns: Sequence[str], years: Sequence[str]
) -> str:
    choices: list[tuple[str, str]] = [("gebied", lots.choice(towns))] if lots.random() < 0.7 else []
    if page == "verkennen":
        choices += [("cijfers", title) for title in lots.sample(list(titles), lots.choice([1, 1, 2, 3]))]
        choices += [("welke", lots.choice(WHICH)), ("naar", lots.choice(SPLITS)), ("van", lots.choice(years))]
    else:
        choices += [("cijfer", lots.choice(titles)), ("jaar", lots.choice(years))]
    return f"/{page}?{urlencode(choices)}"


@dataclass(kw_only=True)
class Tab:
    """One open tab that goes from state to state; a new one when the last did not come."""

    browser: BrowserContext
    server: str
    seen: Visit | None = None

    def look(self, address: str) -> Look | None:
        """Visit one state; once more in a new tab when the machine was too busy to draw it in time. None: it did not come."""
        for _ in range(2):
            with suppress(PlaywrightTimeout):
                return self._look(address)
            self.seen = None
        return None

    def _look(self, address: str) -> Look:
        if self.seen is None:
            self.seen = Visit(page=self.browser.new_page())
            self.seen.page.goto(self.server)
            self.seen.settle()
        self.seen.go(address)
        found = self.seen.page.evaluate(LOOK)
        taken = dict(_take_files(self.seen))
        assert self.seen.page.locator("[data-testid=stException]").count() == 0, address
        return Look(text=found["text"], said=found["said"], charts=found["charts"], cells=found["cells"], files=taken)


def look_at_both(tabs: Sequence[Tab], address: str) -> list[Look | None]:
    """The same state of both. What differs is looked at again in new tabs: a leak is there again, a half drawn page is not."""
    looks = [tab.look(address) for tab in tabs]
    if looks[0] and looks[1] and compare(looks[0], looks[1]):
        for tab in tabs:
            tab.seen = None
        looks = [tab.look(address) for tab in tabs]
    return looks


def _take_files(seen: Visit) -> Iterator[tuple[str, bytes]]:
    for kind in ("CSV", "Excel", "Parquet", "SVG"):
        button = seen.page.get_by_role("button", name=f"Download {kind}", exact=True)
        if button.count():
            with seen.page.expect_download() as waiting:
                button.first.click()
            yield kind, Path(waiting.value.path()).read_bytes()


def crawl(
    published: Path, *, count: int, seed: int, addresses: Sequence[str] = (), packs: Sequence[str] = ()
) -> Report:
    """Visit drawn states (or these addresses) of a publication and of its twin; then the feed, and packs of these areas."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_things:
        twin = Path(folder) / "twin"
        copy_publication(published, twin, changes=POISON)
        servers = [open_things.enter_context(start_server(one)) for one in (published, twin)]
        browser = open_things.enter_context(start_browser())
        tabs = [Tab(browser=browser, server=server) for server in servers]
        truth = load_truth(published)
        shown = list_shown(truth.values())
        for address in addresses or draw_states(published, count, seed):
            clean, other = look_at_both(tabs, address)
            if clean is None or other is None:
                report.wrong.append(f"{address}: the page did not come")
                continue
            report.wrong += [f"{address}: {problem}" for problem in compare(clean, other)]
            report.wrong += [f"{address}: {problem}" for problem in check_files(clean, truth, report)]
            report.states += 1
            print(f"{report.states}: {address}", file=sys.stderr, flush=True)
            trace(clean, shown, address.split("?", maxsplit=1)[0], report)
            report.numbers += len(re.findall(r"\d+(?:[.,]\d+)*", clean.text + "".join(clean.charts)))
        report.wrong += check_feed(servers, truth, report)
        report.wrong += compare_packs(published, twin, packs)
    return report


def list_shown(figures: Iterable[Mapping[str, Any]]) -> tuple[set[str], set[float]]:
    """Every shown number: as it is written on a screen, and as a chart gets it, with the distances to its margin."""
    words, numbers = set[str](), set[float]()
    for one in figures:
        if one["status"] != "shown":
            continue
        words |= {_write(one[name], one["decimals"]) for name in ("value", "low", "high")}
        words |= {_write(one[name], 0) for name in ("numerator", "denominator")}
        found = [float(one[name]) for name in NUMBERS.values() if pd.notna(one[name])]
        edges = [abs(float(one[name]) - float(one["value"])) for name in ("low", "high") if pd.notna(one[name])]
        numbers |= {round(number, 6) for number in (*found, *edges)}
    return words, numbers


def trace(clean: Look, shown: tuple[set[str], set[float]], page: str, report: Report) -> None:
    """Count the numbers that are a shown figure themselves, and keep the others by page."""
    parts = [word for cell in clean.cells for word in re.findall(r"\d[\d.]*(?:,\d+)?", cell)]
    strange = [word for word in parts if word not in shown[0]]
    drawn = [number for chart in clean.charts for trace in json.loads(chart)[0] for number in _list_numbers(trace)]
    strange += [str(number) for number in drawn if round(number, 6) not in shown[1]]
    report.traced += len(parts) + len(drawn) - len(strange)
    if strange:
        report.derived.setdefault(page, []).extend(strange)


def _list_numbers(trace: Mapping[str, Any]) -> Iterator[float]:
    """Numbers of a trace; places on an axis of names (0, 1, 2, ...) are none."""
    errors = [(trace.get(name) or {}).get(side) for name in ("error_x", "error_y") for side in ("array", "arrayminus")]
    for numbers in (*(trace.get(name) for name in ("x", "y", "z")), *errors):
        if isinstance(numbers, list) and numbers != list(range(len(numbers))):
            yield from (float(one) for one in numbers if isinstance(one, int | float) and not isinstance(one, bool))


def compare(clean: Look, other: Look) -> list[str]:
    """Where a state differs from that of the twin, or says one of the twin's numbers."""
    parts = {"words": (clean.text, other.text), "charts": (clean.charts, other.charts), "attributes": (clean.said, other.said)}  # fmt: skip
    found = [f"{name} differ when a hidden figure does" for name, (one, two) in parts.items() if one != two]
    files = {name: (_read(name, content), _read(name, other.files[name])) for name, content in clean.files.items()}
    found += [f"the file {name} differs when a hidden figure does" for name, (one, two) in files.items() if one != two]
    everything = json.dumps([other.text, other.said, other.charts, *(_read(*one) for one in other.files.items())])
    return [*found, *(["a number of the twin is told"] if re.search(r"98\.?76[56]", everything) else [])]


def _read(name: str, content: bytes) -> str:
    """A file as text to compare: cells of a workbook and rows of a Parquet file, without the time in their wrapping."""
    if name == "Excel":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return str([[[cell.value for cell in line] for line in sheet.iter_rows()] for sheet in book])
    if name == "Parquet":
        table = parquet.read_table(io.BytesIO(content))
        return str([table.schema.metadata, table.to_pylist()])
    return content.decode("utf-8-sig")


def load_truth(published: Path) -> dict[str, Mapping[str, Any]]:
    """Every figure of a publication by its code."""
    path = find_file(published)
    names = "indicator, area, period, age, sex, kind, status, value, low, high, numerator, denominator"
    with duckdb.connect(str(path), read_only=True) as file:
        frames = [
            file.execute(f"select {names}, {extra} as estimated from {table}").df().assign(table=table)
            for table, extra in (("figure", "null::double"), ("rebased", "estimated"))
        ]
        decimals = dict(file.execute("select id, decimals from indicator").fetchall())
    rows = [row for frame in frames for row in frame.to_dict("records")]
    return {figure_receipt(path.stem, row): {**row, "decimals": decimals[row["indicator"]]} for row in rows}


NUMBERS = {"Waarde": "value", "Ondergrens": "low", "Bovengrens": "high", "Teller": "numerator", "Noemer": "denominator"}


def check_files(clean: Look, truth: Mapping[str, Mapping[str, Any]], report: Report) -> list[str]:
    """Every row of the CSV against the figure that its code names; and a table on Verkennen against the CSV."""
    if "CSV" not in clean.files:
        return []
    rows = list(csv.DictReader(io.StringIO(_read("CSV", clean.files["CSV"])), delimiter=";"))
    report.rows += len(rows)
    return [problem for row in rows for problem in _check_row(row, truth)]


def check_feed(servers: Sequence[str], truth: Mapping[str, Mapping[str, Any]], report: Report) -> list[str]:
    """Every row of the feed: the same from the twin, and as the figure that its code names."""
    clean, other = (list(_read_feed(server)) for server in servers)
    report.rows += len(clean)
    problems = [] if clean == other else ["the feed differs when a hidden figure does"]
    problems += [f"the feed: {problem}" for row in clean for problem in _check_row(_name_columns(row), truth)]
    fed = sum(figure["table"] == "figure" for figure in truth.values())
    return problems + ([] if len(clean) == fed else [f"the feed has {len(clean)} of {fed} figures"])


def _name_columns(row: Mapping[str, str]) -> dict[str, str]:
    """A row of the feed with the columns of a download."""
    names = {"Cijfer": "indicator", "Gebied": "area", "Periode": "period", "Controlecode": "receipt", **NUMBERS}
    return {words: row[name] for words, name in names.items()} | {"Status": row["status_words"]}


def _read_feed(server: str) -> Iterator[dict[str, str]]:
    """All figures of the feed as CSV, page by page."""
    address = "figures.csv"
    while address:
        with urllib.request.urlopen(f"{server}/feed/{address}", timeout=120) as answer:
            following = answer.headers.get("link", "")
            yield from csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig")), delimiter=";")
        found = re.match(r"<([^>]+)>", following)
        address = found[1] if found else ""


def compare_packs(published: Path, twin: Path, areas: Sequence[str]) -> list[str]:
    """The board pack of these areas, byte for byte: from a publication and from its twin."""
    problems = list[str]()
    for area in areas:
        clean, other = _make_pack(published, area), _make_pack(twin, area)
        problems += [] if len(clean) == 3 else [f"the pack of {area or 'the region'} is not whole"]
        problems += [f"{name} differs when a hidden figure does" for name in clean if clean[name] != other[name]]
    return problems


def _make_pack(published: Path, area: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "dashboard.report_command", "--published", str(published), f"--area={area}"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*command, f"--output={folder}"], check=True, cwd=ROOT, capture_output=True)
        return {file.name: file.read_bytes() for file in Path(folder).iterdir()}


def _check_row(row: Mapping[str, str], truth: Mapping[str, Mapping[str, Any]]) -> list[str]:
    figure = truth.get(row["Controlecode"])
    if figure is None:
        return [f"a row with a code that no figure has: {row['Cijfer']}, {row['Gebied']}, {row['Periode']}"]
    shown = figure["status"] == "shown"
    empty = shown and pd.isna(figure["value"])
    words = STATUS_WORDS["impossible" if empty and not row["Status"].startswith("getoond") else figure["status"]]
    problems = [] if row["Status"].startswith(words) else [f"{row['Controlecode']}: {row['Status']} is not {words}"]
    for column, name in NUMBERS.items():
        places = 0 if name in ("numerator", "denominator") else figure["decimals"]
        told = _write(figure[name], places) if shown and not (empty and words != "getoond") else ""
        if _write(_number(row[column]), places) != told:
            problems.append(f"{row['Controlecode']}: {column} {row[column]!r} is not {told!r}")
    return problems


def _number(text: str) -> float:
    return float(text.replace(",", ".")) if text else float("nan")


def _write(value: float | None, places: int) -> str:
    return format_number(round(float(value), places), places) if value is not None and pd.notna(value) else ""


def main() -> int:
    """Crawl, say what was found; 1 when anything is wrong."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--published", type=Path, default=ROOT / "data" / "published")
    asked.add_argument("--states", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    words = asked.parse_args()
    report = crawl(words.published, count=words.states, seed=words.seed, packs=["", "Velsen", "Uitgeest"])
    print(f"{report.states} states, {report.numbers} numbers seen twice, {report.rows} rows of files looked up")
    print(f"{report.traced} numbers in tables and charts are themselves a shown figure; derived from shown ones only:")
    for page, numbers in sorted(report.derived.items()):
        print(f"  {page}: {len(numbers)}, such as {', '.join(numbers[:5])}")
    print("\n".join(report.wrong[:50]) or "nothing is wrong")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
