"""What a machine can check of PDF/UA-1 without veraPDF, by the numbers of the Matterhorn protocol (1.1).

Not the whole list of 87 machine checks, and no claim of conformance: what our documents can get wrong. Each problem says its
number, so that it can be looked up.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject

STANDARD = {
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private"),
    *("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody"),
    *("TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure", "Formula", "Form"),
}  # fmt: skip
KIDS = {
    "L": {"LI", "L", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
}
SHOWS = {b"Tj", b"TJ", b"'", b'"'}
PAINTS = {b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"Do", b"sh"}


def find_problems(reader: PdfReader) -> list[str]:
    """Everything that is wrong, with the number of its failure condition."""
    root = reader.trailer["/Root"]
    elements = list(_walk(root["/StructTreeRoot"]))
    parts = (_check_document(reader, root), _check_tree(root, elements), _check_content(reader, elements))
    return [*(one for part in parts for one in part), *_check_links(reader, elements), *_check_fonts(reader)]


def _walk(element: Any) -> Iterator[DictionaryObject]:
    """Every element of the tree of tags, in reading order."""
    if "/S" in element:
        yield element
    for kid in _kids(element):
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield from _walk(kid)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return [_open(kid) for kid in (kids if isinstance(kids, ArrayObject) else [kids])]


def _open(found: Any) -> Any:
    return found.get_object() if isinstance(found, IndirectObject) else found


def _kind(element: Any) -> str:
    return str(element["/S"])[1:]


def _check_document(reader: PdfReader, root: Any) -> Iterator[str]:
    stated = reader.xmp_metadata.rdf_root.toxml() if reader.xmp_metadata else ""
    wrong = {
        "06-001 no XMP metadata": not stated,
        "06-002 not declared as PDF/UA-1": not re.search(r'pdfuaid:part(="1"|>1<)', stated),
        "06-003 no title": "dc:title" not in stated or not (reader.metadata and reader.metadata.title),
        "07-002 the title is not shown": _open(root.get("/ViewerPreferences", {})).get("/DisplayDocTitle") != True,  # noqa: E712 - its own type
        "01-007 suspects": _open(root.get("/MarkInfo", {})).get("/Suspects") == True,  # noqa: E712
        "02 not marked as tagged": _open(root.get("/MarkInfo", {})).get("/Marked") != True,  # noqa: E712
        "11-006 no language": not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(root.get("/Lang", ""))),
        "20-001 layers": "/OCProperties" in root,
        "21-001 embedded files": "/EmbeddedFiles" in _open(root.get("/Names", {})),
        "25-001 XFA": "/XFA" in _open(root.get("/AcroForm", {})),
        "26-001 locked": reader.is_encrypted,
        "28-002 scripts": "/JavaScript" in _open(root.get("/Names", {})) or "/OpenAction" in root,
    }
    yield from (problem for problem, found in wrong.items() if found)


def _check_tree(root: Any, elements: list[DictionaryObject]) -> Iterator[str]:
    roles = _open(root["/StructTreeRoot"].get("/RoleMap", {}))
    yield from (f"02-001 {_kind(one)} is no kind" for one in elements if _kind(one) not in STANDARD and f"/{_kind(one)}" not in roles)  # fmt: skip
    yield from (f"02-004 {name} means something else" for name in roles if name[1:] in STANDARD)
    for one in elements:
        kinds = {_kind(kid) for kid in _kids(one) if isinstance(kid, DictionaryObject) and "/S" in kid}
        if strange := kinds - KIDS.get(_kind(one), kinds):
            yield f"09 {_kind(one)} holds {sorted(strange)}"
    for kind in ("Figure", "Formula"):
        words = [str(one.get("/Alt", "")) or str(one.get("/ActualText", "")) for one in elements if _kind(one) == kind]
        yield from (f"13-004 {kind} without words" for one in words if len(one.strip()) < 5)
    levels = [int(_kind(one)[1:]) for one in elements if re.fullmatch(r"H[1-6]", _kind(one))]
    if levels[:1] != [1] or any(later > earlier + 1 for earlier, later in pairwise(levels)):
        yield f"14-003 headings skip a level: {levels}"
    if any(_kind(one) == "H" for one in elements):
        yield "14-007 H beside H1"
    yield from (problem for one in elements if _kind(one) == "Table" for problem in _check_table(one))
    numbers = Counter(str(one["/ID"]) for one in elements if "/ID" in one)
    yield from (f"19-004 the number {name} stands {times} times" for name, times in numbers.items() if times > 1)


def _check_table(table: DictionaryObject) -> Iterator[str]:
    rows = [[kid for kid in _kids(row) if "/S" in kid] for row in _walk(table) if _kind(row) == "TR"]
    heads = [cell for row in rows for cell in row if _kind(cell) == "TH"]
    if not heads:
        yield "15-003 a table without headers"
    yield from ("15-003 a header that says not of what" for cell in heads if "/Scope" not in _attributes(cell))
    widths = {sum(int(_attributes(cell).get("/ColSpan", 1)) for cell in row) for row in rows}
    if len(widths) > 1 and not any("/RowSpan" in _attributes(cell) for row in rows for cell in row):
        yield f"15 rows of {sorted(widths)} cells"


def _attributes(cell: DictionaryObject) -> dict[str, Any]:
    found = _open(cell.get("/A", {}))
    parts = [_open(one) for one in found] if isinstance(found, ArrayObject) else [found]
    return {name: value for part in parts for name, value in part.items()}


def _check_content(reader: PdfReader, elements: list[DictionaryObject]) -> Iterator[str]:
    told = _list_told(elements)
    for number, page in enumerate(reader.pages, start=1):
        marked = set[int]()
        for problem in _read_page(page, reader, marked):
            yield f"page {number}: {problem}"
        own = {mark for where, mark in told if where == page.indirect_reference.idnum}  # type: ignore[union-attr]
        if marked != own:
            yield f"page {number}: 01-005 {len(marked ^ own)} pieces of content are not in the tree of tags, or not on the page"


def _list_told(elements: list[DictionaryObject]) -> set[tuple[int, int]]:
    """(page, mark) of every piece of content that the tree names."""
    told = set[tuple[int, int]]()
    for one in elements:
        for kid in _kids(one):
            page = kid.raw_get("/Pg") if isinstance(kid, DictionaryObject) and "/Pg" in kid else one.raw_get("/Pg") if "/Pg" in one else None  # fmt: skip
            mark = kid if isinstance(kid, int) else kid.get("/MCID") if isinstance(kid, DictionaryObject) else None
            if mark is not None and page is not None:
                told.add((page.idnum, int(mark)))
    return told


def _read_page(page: PageObject, reader: PdfReader, marked: set[int]) -> Iterator[str]:
    """Walk the content: everything painted is an artifact or tagged, and neither lies within the other."""
    open_marks = list[str]()
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            kind = "artifact" if operands[0] == "/Artifact" else "plain"
            if operator == b"BDC" and isinstance(operands[1], DictionaryObject) and "/MCID" in operands[1]:
                kind = "tagged"
                marked.add(int(operands[1]["/MCID"]))
            if kind == "artifact" and "tagged" in open_marks:
                yield "01-001 an artifact within tagged content"
            if kind == "tagged" and "artifact" in open_marks:
                yield "01-002 tagged content within an artifact"
            open_marks.append(kind)
        elif operator == b"EMC":
            open_marks.pop()
        elif operator in SHOWS | PAINTS and not {"artifact", "tagged"} & set(open_marks):
            yield "01-003 something is painted that is neither tagged nor an artifact"
            return
    if open_marks:
        yield "01 marks that are not closed"


def _check_links(reader: PdfReader, elements: list[DictionaryObject]) -> Iterator[str]:
    named = {
        kid.raw_get("/Obj").idnum
        for one in elements
        if _kind(one) in ("Link", "Annot", "Form")
        for kid in _kids(one)
        if isinstance(kid, DictionaryObject) and kid.get("/Type") == "/OBJR"
    }
    for number, page in enumerate(reader.pages, start=1):
        notes = [(one.idnum, _open(one)) for one in _open(page.get("/Annots", ArrayObject()))]
        if page.get("/Tabs") != "/S":
            yield f"page {number}: 28-009 the Tab key does not follow the tags"
        for own, one in notes:
            if one.get("/Subtype") == "/Link" and own not in named:
                yield f"page {number}: 28-011 a link outside the tags"
            if not str(one.get("/Contents", "")).strip():
                yield f"page {number}: 28-012 a link without words"


def _check_fonts(reader: PdfReader) -> Iterator[str]:
    fonts = {str(font["/BaseFont"]): font for page in reader.pages for font in _list_fonts(page)}
    for name, font in fonts.items():
        below = _open(font["/DescendantFonts"][0]) if "/DescendantFonts" in font else font
        described = _open(below.get("/FontDescriptor", {}))
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described):
            yield f"31-009 {name} is not embedded"
        if "/ToUnicode" not in font:
            yield f"31-027 {name} cannot be read as text"
        if below.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in below:
            yield f"31-004 {name} has no map of its signs"


def _list_fonts(page: PageObject) -> list[Any]:
    return [_open(font) for font in _open(_open(page["/Resources"]).get("/Font", {})).values()]
