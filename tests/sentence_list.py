"""Every Dutch text that a screen, a download or a board pack can show, found in the code itself: `docs/sentences.md`.

A text is a string of the code with a space in it; what the code fills in later stands as {…}. Docstrings, SQL, markup and
what only a log or the command line says (English) are left out. Single words (the head of a column, a label) are not listed.
"""

import ast
import csv
import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.indicators import CATALOGUE
from pipelines.indicators.model import Indicator
from pipelines.indicators.programmes import PARTS, PROGRAMMES
from pipelines.sources import CONTRACTS
from pipelines.sources.words import DUTCH

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "sentences.md"
FIELD = "{…}"
HEAD = """# Every sentence of the product

Every Dutch text that a screen, a download or a board pack can show, by the module that says it. {…} is filled in later: a
number, a name, a year. A text stands where it comes first. Made from the code by `make snapshots`; `tests/test_sentence_list.py`
fails when it is out of date, when a word is used that we never use, and when a sentence is too long. Read a new line aloud.
"""
SCREEN = ("app.py", "dashboard", "pages")
COMMAND_LINE = ("dashboard/report_command.py", "dashboard/sql_child.py")
NOTES = (
    "boundaries.py", "build.py", "extract", "geography.py", "intake.py", "missing.py", "overlap.py", "purge.py", "purposes.py", "revisions.py", "rule.py",
)  # fmt: skip
"""Of the pipelines, whose command line is English: what ends up in a publication."""
QUIET = {"ValueError", "TypeError", "OSError", "UnknownChoice", "MixedSeries", "execute", "exception"}
"""Errors and calls whose words no reader sees."""
UNSAID = {"EXAMPLES", "SQL_COLUMNS", "orders"}
"""Values that stand for others, names of columns, and the order of tables."""
SQL = re.compile(
    r"^\s*(select|with|attach|set|insert|create) [$\w]+|\bselect\b[^.]*\bfrom\b|\border by\b|published\.[a-z_]+"
)
CODE = re.compile(
    r"\w=\"|\bjb-|viewBox|^0 0 2px|default-src|max-age|=\(\), |charset|^; rel|^attachment;|srgbClr|%s|"  # markup and headers
    r"^[dM]+ [My]+( yyyy)?$|sans-serif|DejaVu|^x domain$|enable JavaScript|^(page failed|carried over)$"  # formats, fonts, marks
)
SPOKEN = re.compile(r'(?:aria-label|title|alt)="([^"]*)"')
MARKUP = re.compile(r"<[a-z/][^<>]*>")
BLOCKS = re.compile(r"\n+|</(?:p|li|h\d|div|td|th|summary)>|<br>")
DUTCH_WORDS = re.compile(r"\b(de|het|een|van|niet|zijn|is|geen|voor|met|naar|op|en|bij|dan|als|in|jaar)\b")
ENGLISH_WORDS = re.compile(r"\b(the|a|an|must|and|from|by|not|to|are|has|have|with|for|where|only|cannot|one)\b")


def list_sentences() -> dict[str, list[str]]:
    """The texts by what says them, each once, in the order of the code."""
    said = {str(file.relative_to(ROOT)): _of_code(file) for file in _files_of_the_screen()}
    said["dashboard/templates/pack.typ"] = _of_template(ROOT / "dashboard/templates/pack.typ")
    said["dashboard/static/nl.js"] = _of_script(ROOT / "dashboard/static/nl.js")
    said |= {f"pipelines/indicators: {one.id}": _of_indicator(one) for one in CATALOGUE}
    said["pipelines/indicators/programmes.py"] = [*PROGRAMMES.values(), *(one.title for one in PARTS)]
    said["pipelines/sources: what is delivered, and by whom"] = [
        text for one in CONTRACTS.values() for text in (one.title, one.supplier)
    ]
    said["pipelines/sources/words.py"] = list(DUTCH.values())
    said["data/reference/labels.csv"] = _of_labels(ROOT / "data/reference/labels.csv")
    said |= {str(file.relative_to(ROOT)): _of_notes(file) for file in _files_of_notes()}
    return _once(said)


def draw_list(said: dict[str, list[str]]) -> str:
    """The text of docs/sentences.md, of what `list_sentences` found."""
    parts = [f"## {place}\n\n" + "".join(f"- {text}\n" for text in texts) for place, texts in said.items()]
    return "\n".join([HEAD, *parts])


def _once(said: dict[str, list[str]]) -> dict[str, list[str]]:
    seen: set[str] = set()
    kept: dict[str, list[str]] = {}
    for place, texts in said.items():
        for text in texts:
            if " " in text and text not in seen:
                seen.add(text)
                kept.setdefault(place, []).append(text)
    return kept


def _files_of_the_screen() -> list[Path]:
    found = [one for name in SCREEN for one in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))]
    return sorted(file for file in found if str(file.relative_to(ROOT)) not in COMMAND_LINE)


def _files_of_notes() -> list[Path]:
    paths = [ROOT / "pipelines" / name for name in NOTES]
    return [file for path in paths for file in ([path] if path.is_file() else sorted(path.glob("*.py")))]


def _of_code(file: Path) -> list[str]:
    return [text for literal in literals(file.read_text(encoding="utf-8")) for text in read_text(literal)]


def _of_notes(file: Path) -> list[str]:
    return [text for text in _of_code(file) if DUTCH_WORDS.search(text) and not ENGLISH_WORDS.search(text)]


def _of_template(file: Path) -> list[str]:
    found = re.findall(
        r"\[(?:=+ )?([^\[\]\n]*[a-z] [^\[\]\n]*)\]|^\s*\[?=+ ([^\[\]\n]+)$", file.read_text("utf-8"), re.MULTILINE
    )
    bare = [re.sub(r"#[a-z_.-]+(\([^)]*\))*", FIELD, one or two).replace("\\", "") for one, two in found]
    return [re.sub(r"\s+", " ", one).strip() for one in bare]


def _of_script(file: Path) -> list[str]:
    return re.findall(r'^ {4}(?:".*": |\[/.*/, )"(.*)"\]?,$', file.read_text("utf-8"), re.MULTILINE)


def _of_indicator(one: Indicator) -> list[str]:
    counted = [one.numerator.words, *([one.denominator.words] if one.denominator else [])]
    return [
        one.title,
        one.definition,
        *counted,
        one.unit,
        *one.caveats,
        *(part.text for part in one.breaks),
        one.legal_basis,
    ]


def _of_labels(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row["label"] for row in csv.DictReader(lines)]


def literals(code: str) -> Iterator[str]:
    """Strings of a module in their order, an f-string with {…}; docstrings, errors and calls that no reader sees left out."""
    return _strings(ast.parse(code))


def _strings(node: ast.AST) -> Iterator[str]:
    if _is_unsaid(node):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value.replace("{}", FIELD)
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else FIELD for one in node.values)
    for child in _inner(node):
        yield from _strings(child)


def _inner(node: ast.AST) -> Iterable[ast.AST]:
    """What is inside a node; of an f-string only what it fills in, of a table only its values."""
    if isinstance(node, ast.JoinedStr):
        return [one for one in node.values if not isinstance(one, ast.Constant)]
    return ast.iter_child_nodes(node)


def _is_unsaid(node: ast.AST) -> bool:
    """A docstring, a constant that no reader sees, or the call of such a thing."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        return getattr(target, "id", "") in UNSAID
    if isinstance(node, ast.Call):
        return str(getattr(node.func, "attr", getattr(node.func, "id", ""))) in QUIET
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def read_text(literal: str) -> list[str]:
    """What a reader sees of a string: without markup, its alt texts apart, each line of it one text."""
    if SQL.search(literal):
        return []
    pieces = [*SPOKEN.findall(literal), *BLOCKS.split(literal)]
    texts = [re.sub(r"\s+", " ", html.unescape(MARKUP.sub("", one))).strip() for one in pieces]
    return [one for one in texts if _is_said(one)]


def _is_said(text: str) -> bool:
    bare = text.replace(FIELD, "")
    return " " in text and bool(re.search(r"[A-Za-z]{2}", bare)) and not CODE.search(bare)
