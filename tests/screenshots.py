"""`make screenshots`: a picture of every page on a desk and a phone, of a page on paper, and of a page and the slides of the board pack.

For people to look at: nothing may overlap, be cut off, or speak English. All pictures come in build/screenshots; the main
ones are copied to docs/img, where the README shows them.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import typst
from pptx import Presentation

from dashboard.figures import open_publication
from dashboard.pack import load_pack, make_view
from dashboard.pack_pdf import TEMPLATE, describe_pack, load_fonts
from dashboard.pack_slides import write_slides
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
MAIN = {
    "overzicht": "overzicht_first",
    "gebiedsprofiel": "gebiedsprofiel_first",
    "naast-elkaar": "naast-elkaar_first",
    "kaart": "kaart_first",
    "stuk": "stuk_03",
    "dia": "dia_05",
}
"""Shown in the README: pages as they stand on a desk, the first screen only; a page and a slide of the board pack."""


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
    for name, picture in MAIN.items():
        shutil.copy(FOLDER / f"{picture}.png", SHOWN / f"{name}.png")
    return 0


def take_pack() -> None:
    """Every page of the board pack, from the same template as the PDF, and every slide."""
    pack = load_pack(make_view(open_publication()))
    compiler = typst.Compiler(font_paths=load_fonts(), root=str(TEMPLATE.parent))
    inputs = {"pack": json.dumps(describe_pack(pack), ensure_ascii=False, sort_keys=True)}
    pages = compiler.compile(input=TEMPLATE, format="png", ppi=110, sys_inputs=inputs)
    for number, page in enumerate(pages if isinstance(pages, list) else [pages], start=1):
        assert isinstance(page, bytes)
        (FOLDER / f"stuk_{number:02d}.png").write_bytes(page)
    take_slides(write_slides(pack))


def take_slides(deck: bytes) -> None:
    """Every slide as LibreOffice draws it, which takes one picture at a time: from a deck that starts with that slide."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(len(Presentation(io.BytesIO(deck)).slides)):
            fresh = Presentation(io.BytesIO(deck))
            order = fresh.slides._sldIdLst  # python-pptx has no public way to move a slide
            order.insert(0, order[number])
            fresh.save(str(folder / f"dia_{number + 1:02d}.pptx"))
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "png"]
        decks = sorted(str(path) for path in folder.glob("*.pptx"))
        subprocess.run([*command, "--outdir", str(FOLDER), *decks], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
