"""`make screenshots`: a picture of every page on a desk and a phone, of a page on paper and of a page of the board pack.

For people to look at: nothing may overlap, be cut off, or speak English. All pictures come in build/screenshots; the main
ones are copied to docs/img, where the README shows them.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import typst

from dashboard.figures import open_publication
from dashboard.pack import load_pack, make_view
from dashboard.pack_pdf import TEMPLATE, describe_pack, load_fonts
from tests.bench.bench_pages import find_pages
from tests.browser import ROOT, start_browser, start_server, visit

FOLDER = ROOT / "build" / "screenshots"
SHOWN = ROOT / "docs" / "img"
WIDTHS = (1440, 390)
TALLEST = 6_000
QUERIES = {
    "gebiedsprofiel": "?gebied=Velsen",
    "naast-elkaar": "?gebied=Uitgeest",
    "ontwikkeling": "?gebied=Velsen&cijfer=Verdachten+van+12+tot+en+met+17+jaar",
}
MAIN = ("overzicht", "gebiedsprofiel", "naast-elkaar")
"""Shown in the README as they stand on a desk, the first screen only."""


def main() -> int:
    """Take all pictures."""
    published = Path(os.environ.get("JEUGDBEELD_PUBLISHED") or ROOT / "data" / "published")
    os.environ["JEUGDBEELD_PUBLISHED"] = str(published)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with start_server(published) as server, start_browser() as browser:
        for page in find_pages():
            name = page or "overzicht"
            for width in WIDTHS:
                with visit(browser, f"{server}/{page}{QUERIES.get(page, '')}", width=width) as seen:
                    if width == WIDTHS[0]:
                        seen.page.screenshot(path=FOLDER / f"{name}_first.png")
                        seen.page.pdf(path=FOLDER / f"{name}_paper.pdf", format="A4", print_background=True)
                    tall = seen.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                    seen.page.set_viewport_size({"width": width, "height": min(int(tall), TALLEST)})
                    seen.settle()
                    seen.page.screenshot(path=FOLDER / f"{name}_{width}.png")
            print(name, flush=True)
    take_pack()
    for name in MAIN:
        shutil.copy(FOLDER / f"{name}_first.png", SHOWN / f"{name}.png")
    return 0


def take_pack() -> None:
    """The first page of the board pack, from the same template as the PDF."""
    pack = load_pack(make_view(open_publication()))
    compiler = typst.Compiler(font_paths=load_fonts(), root=str(TEMPLATE.parent))
    inputs = {"pack": json.dumps(describe_pack(pack), ensure_ascii=False, sort_keys=True)}
    pages = compiler.compile(input=TEMPLATE, format="png", ppi=110, sys_inputs=inputs)
    first = pages[0] if isinstance(pages, list) else pages
    assert isinstance(first, bytes)
    (FOLDER / "stuk_voor_het_bestuur.png").write_bytes(first)


if __name__ == "__main__":
    sys.exit(main())
