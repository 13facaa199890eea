"""`make bench-pages`: a rerun of every page against an empty Streamlit page with the same charts, in one run.

A rerun is another area chosen (or, where a page asks no area, the same page again). There are two empty pages: `empty` on
a Streamlit with its own settings, which collects garbage after every run, and `bare` with our settings, which leave that
to Python. All servers run at the same time and take turns. What counts is the time that the processor works for each, since other work on the
machine would lengthen both by chance. `first` is the run in which an area is chosen for the first time by anybody: what
follows of it is kept for the next. Bars: at most 3 times the processor time of `empty`, and 3 times as long as either by
the clock; at most 50 kB over the websocket (compressed, as it goes). Prints figures; fails on a bar. Names of pages as arguments measure only those.
"""

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.browser import start_process
from tests.visitor import Run, Visitor

ROOT = Path(__file__).parents[2]
MOST_TIMES, MOST_BYTES = 3.0, 50_000
ROUNDS = 5
AREAS = ("Velsen", "Beverwijk", "Heemskerk", "Uitgeest")
EMPTY = """
import json, sys
from pathlib import Path
import plotly.graph_objects as go
import streamlit as st
st.set_page_config(layout="wide")
place = st.selectbox("Gebied", ["Regio IJmond", "Velsen", "Beverwijk", "Heemskerk", "Uitgeest"])
specs = json.loads(Path({folder!r}, st.query_params["p"] + ".json").read_text())
for number, spec in enumerate(specs[place if place in specs else "Regio IJmond"]):
    st.plotly_chart(go.Figure(json.loads(spec), skip_invalid=True), theme=None, key=str(number), alt="x")
"""


def find_pages() -> list[str]:
    """The addresses of all pages, as app.py has them."""
    return re.findall(r'address="([^"]*)"', (ROOT / "app.py").read_text(encoding="utf-8"))


def rerun(visitor: Visitor, first: Run, area: str) -> Run:
    """Choose another area, or run again where the page asks none."""
    box = first.selectboxes().get("Gebied")
    return visitor.run({box.id: area} if box else {})  # type: ignore[attr-defined]


def visit_page(address: str, page: str, query: str = "") -> tuple[Visitor, Run]:
    """A new session, on its first page."""
    visitor = Visitor.open(address)
    return visitor, visitor.go(page, query)


def gather_charts(address: str, pages: list[str], folder: Path) -> None:
    """Keep the charts of every page for every area, for the empty page to draw."""
    for page in pages:
        visitor, first = visit_page(address, page)
        specs = {"Regio IJmond": first.charts()} | {area: rerun(visitor, first, area).charts() for area in AREAS}
        (folder / f"{page or 'overzicht'}.json").write_text(json.dumps(specs), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: where it is, and how much the processor worked for it."""

    address: str
    process: int

    def worked(self) -> float:
        """Seconds of processor time so far, of all its threads."""
        parts = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rsplit(")", maxsplit=1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Seconds of processor time of a rerun here (the first of each choice apart) and on the empty pages; most bytes here.

    waits  seconds by the clock: here, on the empty page, on the bare one
    """

    first: float
    here: float
    empty: float
    bare: float
    size: int
    waits: tuple[float, float, float]

    @property
    def times(self) -> float:
        """How many times the empty page."""
        return self.here / self.empty

    @property
    def is_over(self) -> bool:
        """Whether it misses a bar."""
        return max(self.times, self.waits[0] / min(self.waits[1:])) > MOST_TIMES or self.size > MOST_BYTES

    def describe(self) -> str:
        """As a line of the table."""
        parts = " ".join(f"{1000 * part:6.1f} ms" for part in (self.first, self.here, self.empty, self.bare))
        size = f"{self.size / 1000:7.1f} kB"
        waits = " / ".join(f"{1000 * wait:3.0f}" for wait in self.waits)
        over = "  <-- over" if self.is_over else ""
        return f"{parts} {self.times:6.2f} x {self.here / self.bare:6.2f} x {size} {waits:>15} ms{over}"


def measure(servers: Sequence[Server], page: str) -> Measured:
    """Ours, the empty page and the bare one take turns, round by round of the areas; the first round stands apart."""
    visits = [visit_page(servers[0].address, page)]
    visits += [visit_page(one.address, "", f"p={page or 'overzicht'}") for one in servers[1:]]
    worked, waited, sizes = [list[float]() for _ in servers], [list[float]() for _ in servers], list[int]()
    for number in range(ROUNDS + 1):
        for place, (server, (visitor, first)) in enumerate(zip(servers, visits, strict=True)):
            before = server.worked()
            runs = [rerun(visitor, first, area) for area in AREAS]
            worked[place].append((server.worked() - before) / len(AREAS))
            assert not any(run.failed() for run in runs), page
            waited[place] += [run.seconds for run in runs] if number else []
            sizes += [run.wire for run in runs if place == 0]
    here, empty, bare = (sum(one[1:]) / ROUNDS for one in worked)
    waits = median(waited[0]), median(waited[1]), median(waited[2])
    return Measured(first=worked[0][0], here=here, empty=empty, bare=bare, size=max(sizes), waits=waits)


@contextlib.contextmanager
def serve(published: Path, script: Path = ROOT / "app.py", settings: Sequence[str] = ()) -> Iterator[Server]:
    """A server of its own."""
    with start_process(published, script=script, settings=settings) as (address, process):
        yield Server(address=address, process=process)


def write_empty(folder: Path) -> Path:
    """A Streamlit page with nothing but the charts."""
    script = folder / "empty.py"
    script.write_text(EMPTY.format(folder=str(folder)), encoding="utf-8")
    return script


def main() -> int:
    """Measure every page and print a line each."""
    published, found = Path(os.environ["JEUGDBEELD_PUBLISHED"]), dict[str, Measured]()
    pages = [page for page in find_pages() if not sys.argv[1:] or (page or "overzicht") in sys.argv[1:]]
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    print(
        f"{'page':24} {'first':>9} {'rerun':>9} {'empty':>9} {'bare':>9} {'of empty':>8} {'of bare':>8} {'wire':>10} {'wait of each':>18}"
    )
    with tempfile.TemporaryDirectory() as name, serve(published) as collector:
        gather_charts(collector.address, pages, Path(name))
        script = write_empty(Path(name))
        with (
            serve(published) as ours,
            serve(Path(name), script, ("--runner.postScriptGC", "true")) as empty,
            serve(Path(name), script) as bare,
        ):
            for page in pages:
                one = found[page or "overzicht"] = measure((ours, empty, bare), page)
                print(f"{page or 'overzicht':24} {one.describe()}", flush=True)
    worst = max(found, key=lambda page: found[page].times)
    bare_times = max(one.here / one.bare for one in found.values())
    waits = (
        max(one.waits[0] / one.waits[1] for one in found.values()),
        max(one.waits[0] / one.waits[2] for one in found.values()),
    )
    print(
        f"worst: {worst}, {found[worst].times:.2f} times the empty page; at most {bare_times:.2f} times the bare one; ",
        end="",
    )
    print(f"at most {max(one.size for one in found.values())} bytes on the wire; by the clock at most", end=" ")
    print(f"{waits[0]:.2f} times the empty page and {waits[1]:.2f} times the bare one")
    return 1 if any(one.is_over for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
