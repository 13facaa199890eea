"""`make bench`: a rerun of every page against an empty Streamlit page with the same charts, in one run.

A rerun is another area chosen (or, where a page asks no area, the same page again). Both servers run at the same time
and take turns. Bars: at most 3 times the empty page, at most 50 kB over the websocket (compressed, as it goes). Prints
figures; fails on a bar. Names of pages as arguments measure only those.
"""

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.browser import start_server
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


def measure(ours: str, empty: str, page: str) -> tuple[float, float, int]:
    """Seconds of a rerun here and on the empty page, and most bytes on the wire here.

    Both take turns, area by area; of each the quickest third counts, so that other work on the machine does not.
    """
    here, first = visit_page(ours, page)
    there, begun = visit_page(empty, "", f"p={page or 'overzicht'}")
    runs = [(rerun(here, first, area), rerun(there, begun, area)) for area in AREAS * ROUNDS]
    assert not any(run.failed() for pair in runs for run in pair), page
    counted = runs[len(AREAS) :]  # the first round is cold
    quick = [sorted(pair[side].seconds for pair in counted)[len(counted) // 6] for side in (0, 1)]
    return quick[0], quick[1], max(run.wire for run, _ in runs)


@contextlib.contextmanager
def serve_empty(folder: Path) -> Iterator[str]:
    """A Streamlit server with nothing but the charts."""
    script = folder / "empty.py"
    script.write_text(EMPTY.format(folder=str(folder)), encoding="utf-8")
    with start_server(folder, script=script) as address:
        yield address


def main() -> int:
    """Measure every page and print a line each."""
    published, missed = Path(os.environ["JEUGDBEELD_PUBLISHED"]), 0
    pages = [page for page in find_pages() if not sys.argv[1:] or (page or "overzicht") in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as name, start_server(published) as ours, serve_empty(Path(name)) as empty:
        gather_charts(ours, pages, Path(name))
        for page in pages:
            here, there, size = measure(ours, empty, page)
            over = here > MOST_TIMES * there or size > MOST_BYTES
            missed += over
            said = f"{1000 * here:6.0f} ms {1000 * there:6.0f} ms {here / there:5.1f} x {size / 1000:7.1f} kB"
            print(f"{page or 'overzicht':24} {said}{'  <-- over' if over else ''}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
