"""The PDF of the board pack is readable by everybody: veraPDF finds nothing against PDF/UA-1, and finds what we break."""

import io
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from dashboard.figures import Publication
from tests.test_board_pack import PLACE, REGION, TOWN, make_pdf, pack_place, publication, read_pack, read_pdf, walk
from tests.verapdf import find_problems

__all__ = ["publication"]  # a fixture


def test_verapdf_finds_nothing_against_pdf_ua(publication: Publication) -> None:
    documents = {area: make_pdf(publication, area) for area in (REGION, TOWN, PLACE)}
    assert find_problems(documents) == {area: [] for area in documents}


@pytest.mark.parametrize("area", [REGION, PLACE])
def test_language_and_title_are_told(publication: Publication, area: str) -> None:
    reader = read_pdf(publication, area)
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("nl")
    assert reader.metadata and reader.metadata.title and pack_place(publication, area) in reader.metadata.title


def _of_kind(book: PdfWriter, kind: str) -> DictionaryObject:
    return next(element for element in walk(book) if element["/S"] == kind)


def _untag(book: PdfWriter) -> None:
    """Text without a tag at the end of the second page."""
    content = book.pages[1].get_contents()
    assert content is not None
    content.set_data(content.get_data() + b" BT (x) Tj ET")
    book.pages[1][NameObject("/Contents")] = content


def _font(book: PdfWriter) -> DictionaryObject:
    found = next(iter(book.pages[1]["/Resources"]["/Font"].values())).get_object()
    assert isinstance(found, DictionaryObject)
    return found


BREAKS: dict[str, Callable[[PdfWriter], object]] = {
    "no title in the window": lambda book: book.root_object.pop("/ViewerPreferences"),
    "a picture without words": lambda book: _of_kind(book, "/Figure").pop("/Alt"),
    "a heading that skips two levels": lambda book: _of_kind(book, "/H2").update({NameObject("/S"): NameObject("/H4")}),
    "a tag that nobody knows": lambda book: _of_kind(book, "/P").update({NameObject("/S"): NameObject("/Alinea")}),
    "a row that is none": lambda book: _of_kind(book, "/TR").update({NameObject("/S"): NameObject("/P")}),
    "a link without words": lambda book: (
        next(page for page in book.pages if "/Annots" in page)["/Annots"][0].get_object().pop("/Contents")
    ),
    "a page without order": lambda book: next(page for page in book.pages if "/Annots" in page).pop("/Tabs"),
    "text without a tag": _untag,
    "letters that cannot be read": lambda book: _font(book).pop("/ToUnicode"),
}


def test_verapdf_finds_what_is_broken(publication: Publication) -> None:
    documents = {}
    for name, spoil in {"as it was": lambda book: None, **BREAKS}.items():
        book = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf(publication, REGION))))
        spoil(book)
        held = io.BytesIO()
        book.write(held)
        documents[name] = held.getvalue()
    found = find_problems(documents)
    assert [name for name, problems in found.items() if not problems] == ["as it was"]


@pytest.mark.parametrize("area", [REGION, PLACE])
def test_tags_are_in_order_and_every_picture_has_words(publication: Publication, area: str) -> None:
    elements = list(walk(read_pdf(publication, area)))
    kinds = [str(element["/S"]) for element in elements]
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert len(figures) == len(read_pack(publication, area)[1].topics)
    assert all(len(str(element.get("/Alt", ""))) > 20 for element in figures)
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert kinds.count("/Table") > len(figures)
    assert kinds.count("/TH") > kinds.count("/Table")
