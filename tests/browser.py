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

from playwright.sync_api import BrowserContext, Page, TimeoutError, sync_playwright

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
    const looks = location.href + document.querySelectorAll('*').length + document.body.innerText;
    if (!idle || !drawn || looks !== window.lastLooks) { window.lastLooks = looks; window.since = performance.now(); return false; }
    return performance.now() - window.since > 500;
}"""
"""Nothing runs, every chart is drawn, and for half a second nothing changed."""


@dataclass(kw_only=True)
class Visit:
    """One open page and everything it did that it should not: console errors, requests to other hosts."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until the app has drawn the page to its foot and is at rest."""
        self.page.wait_for_selector(DRAWN, timeout=90_000)
        self.page.wait_for_function(AT_REST, polling=100, timeout=90_000)

    def choose(self, label: str, option: str) -> None:
        """Pick another option of a select box than the chosen one; again when the box was just drawn anew."""
        before = self.page.url
        for _ in range(3):
            self.page.get_by_label(label, exact=True).fill(option)
            self.page.get_by_role("option", name=option, exact=True).click()
            with contextlib.suppress(TimeoutError):
                self.page.wait_for_url(lambda address: address != before, timeout=20_000)
            if self.page.url != before:
                return self.settle()
        raise AssertionError(f"{label} does not take {option}")

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Do something after which the address must tell another choice: wait for that, and until the page is whole."""
        before = self.page.url
        yield
        self.page.wait_for_url(lambda address: address != before, timeout=90_000)
        self.settle()

    def open_page(self, title: str, *, section: str = "Overzicht") -> None:
        """Go to another page by the bar at the top, through the menu of its section."""
        self.page.get_by_role("button", name=section, exact=True).click()
        with self.answering():
            self.page.get_by_role("menuitem", name=title, exact=True).click()

    def chosen(self, label: str) -> str:
        """What a select box says."""
        return self.page.get_by_label(label, exact=True).input_value()


@contextlib.contextmanager
def start_server(published: Path, *, script: Path = ROOT / "app.py") -> Iterator[str]:
    """Serve a publication on a free port, as the command does; its address. Another script only to measure against."""
    with start_process(published, script=script) as (address, _):
        yield address


@contextlib.contextmanager
def start_process(
    published: Path, *, script: Path = ROOT / "app.py", settings: Sequence[str] = ()
) -> Iterator[tuple[str, int]]:
    """The same, with the number of the process, for who measures it; `settings` of Streamlit go before ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), *settings]
    environment = {**os.environ, "JEUGDBEELD_PUBLISHED": str(published)}
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
