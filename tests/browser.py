"""A running app and a real browser, for the tests that look at pages."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, TimeoutError, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parents[1]
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DRAWN = ".jb-footer"
AT_REST = """() => {
    const idle = document.querySelector('[data-test-script-state=notRunning]');
    const charts = [...document.querySelectorAll('[data-testid=stPlotlyChart]')];
    const drawn = charts.every(chart => chart.querySelector('.js-plotly-plot')?.data);
    const waiting = document.querySelector('[data-testid=stSkeleton]');  // the code that draws it has not come yet
    const looks = location.href + document.querySelectorAll('*').length + document.body.innerText;
    if (!idle || waiting || !drawn || looks !== window.lastLooks) { window.lastLooks = looks; window.since = performance.now(); return false; }
    return performance.now() - window.since > 500;
}"""
"""Nothing runs, every chart is drawn, and for half a second nothing changed."""

SCROLLED = """() => new Promise(done => {
    let waiting = setTimeout(done, 150);
    addEventListener('scroll', () => { clearTimeout(waiting); waiting = setTimeout(done, 150); }, true);
})"""
GO = """to => {
    if (location.pathname + location.search === to) return false;
    window.lastLooks = null;
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
    return true;
}"""
"""Another address; whether it is another."""


@dataclass(kw_only=True)
class Visit:
    """One open page and everything it did that it should not: console errors, requests to other hosts.

    runs  how many runs of the app the browser was told the end of
    """

    page: Page
    runs: int = 0
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("websocket", lambda connection: connection.on("framereceived", self._count_run))

    def _count_run(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.runs += ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished"

    def settle(self, *, drawn: bool = True) -> None:
        """Wait until the app has drawn the page to its foot and is at rest; without a publication there is no foot."""
        if drawn:
            self.page.wait_for_selector(DRAWN, timeout=90_000)
        self.page.wait_for_function(AT_REST, polling=100, timeout=90_000)

    def choose(self, label: str, option: str) -> None:
        """Pick another option of a select box than the chosen one. An open list closes when the page scrolls: scroll first."""
        box = self.page.get_by_label(label, exact=True)
        self.scroll_to(box)
        with self.answering():
            box.fill(option)
            self.page.get_by_role("option", name=option, exact=True).click()

    def scroll_to(self, place: Locator) -> None:
        """Bring something into view, and wait until nothing scrolls any more."""
        place.scroll_into_view_if_needed()
        self.page.evaluate(SCROLLED)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Do something after which the address must tell another choice: wait for that, and until the page is whole."""
        before = self.page.url
        yield
        self.page.wait_for_url(lambda address: address != before, timeout=90_000)
        self.settle()

    def go(self, address: str, *, drawn: bool = True) -> None:
        """Another address in the same tab, as Back and Forward do: much faster than a new tab."""
        before, patience = self.runs, time.monotonic() + 90
        if self.page.evaluate(GO, address):
            while self.runs == before:  # a run may be over before the page shows that it runs
                assert time.monotonic() < patience, f"the app never ran for {address}"
                self.page.wait_for_timeout(20)
        self.settle(drawn=drawn)

    def open_page(self, title: str, *, section: str = "Overzicht") -> None:
        """Go to another page by the bar at the top, through the menu of its section."""
        self.page.get_by_role("button", name=section, exact=True).click()
        with self.answering():
            self.page.get_by_role("menuitem", name=title, exact=True).click()

    def chosen(self, label: str) -> str:
        """What a select box says."""
        return self.page.get_by_label(label, exact=True).input_value()


def click_map(seen: Visit) -> None:
    """Click an area on the map: somewhere in its middle, until the view changes."""
    area = seen.page.locator(".choroplethlayer path").first
    area.wait_for(state="attached", timeout=60_000)
    box = area.bounding_box()
    assert box
    before = seen.page.url
    for part in (0.5, 0.35, 0.65, 0.25, 0.75):
        seen.page.mouse.click(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
        with contextlib.suppress(TimeoutError):
            seen.page.wait_for_url(lambda address: address != before, timeout=4_000)
        if seen.page.url != before:
            return seen.settle()
    raise AssertionError("no click on the map changed the view")


@contextlib.contextmanager
def start_server(published: Path, *, script: Path = ROOT / "app.py", sql_page: bool = True) -> Iterator[str]:
    """Serve a publication on a free port, as the command does; its address. Another script only to measure against."""
    with start_process(published, script=script, sql_page=sql_page) as (address, _):
        yield address


@contextlib.contextmanager
def start_process(
    published: Path, *, script: Path = ROOT / "app.py", settings: Sequence[str] = (), sql_page: bool = True
) -> Iterator[tuple[str, int]]:
    """The same, with the number of the process, for who measures it; `settings` of Streamlit go before ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), *settings]
    environment = {**os.environ, "JEUGDBEELD_PUBLISHED": str(published), "JEUGDBEELD_SQL_PAGE": str(sql_page)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _ in range(150):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.2)
    raise AssertionError("the app did not start within 30 s")


@contextlib.contextmanager
def start_browser() -> Iterator[BrowserContext]:
    """The Chromium of this machine, as one visitor; CHROMIUM names another."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "the browser tests need Chromium: install the package 'chromium', or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        visitor = browser.new_context(locale="nl-NL")
        visitor.set_default_timeout(60_000)
        yield visitor
        browser.close()


def someone_else(visitor: BrowserContext) -> BrowserContext:
    """Another visitor: the same browser without anything that the first one did."""
    assert visitor.browser
    return visitor.browser.new_context(locale="nl-NL")


@contextlib.contextmanager
def visit(visitor: BrowserContext, address: str, *, width: int = 1440, drawn: bool = True) -> Iterator[Visit]:
    """Open an address in a new tab, which is a new session for the app."""
    seen = Visit(page=visitor.new_page())
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.on("request", lambda request: _note_outside(seen, request.url))
    seen.page.goto(address)
    if drawn:
        seen.settle()
    yield seen
    seen.page.close()


def _note_outside(seen: Visit, address: str) -> None:
    if not address.startswith(("http://127.0.0.1:", "data:", "blob:")):
        seen.outside.append(address)
