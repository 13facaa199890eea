"""A board pack as PDF: A4, tagged, PDF/UA-1. Typst sets it from `templates/pack.typ` and one JSON text.

The template only places what is in the JSON; texts are data, so nothing in them can be read as markup. Fonts are those
of the packages, never of the machine, and the time is that of the publication: same pack, same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

from dashboard import theme
from dashboard.axis import count_decimals, find_step, find_ticks
from dashboard.format import STATUS_WORDS, format_date, format_number
from dashboard.pack import Pack, Point, Topic, find_end, list_sentences

TEMPLATE: Final = Path(__file__).parent / "templates" / "pack.typ"
STANDARD: Final = "ua-1"


def write_pdf(pack: Pack) -> bytes:
    """The pack as a file.

    raises  typst.TypstError when the page would break a rule of PDF/UA-1: a bug, never the reader's fault
    """
    compiler = typst.Compiler(font_paths=load_fonts(), root=str(TEMPLATE.parent))
    made_on = pack.build.made_on.replace(tzinfo=UTC)
    inputs = {"pack": json.dumps(describe_pack(pack), ensure_ascii=False, sort_keys=True)}
    document = compiler.compile(
        input=TEMPLATE, format="pdf", pdf_standards=[STANDARD], timestamp=made_on, sys_inputs=inputs
    )
    if not isinstance(document, bytes):
        raise TypeError("Typst gave no file")
    return document


@lru_cache(maxsize=1)
def load_fonts() -> typst.Fonts:
    """The fonts of the packages, and none of the machine."""
    folder = str(files("fontpkg_source_sans_3") / "files")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def describe_pack(pack: Pack) -> dict[str, Any]:
    """Everything the template needs: texts, and places of points between 0 and 1; never a value that is not shown."""
    accounts = pack.accounts
    words = {name: getattr(accounts, name) for name in accounts.__dataclass_fields__}
    return words | {
        "place": pack.place,
        "year": pack.year,
        "build": pack.build.id,
        "made_on": format_date(pack.build.made_on),
        "hidden": STATUS_WORDS["hidden"],
        "region": pack.build.region_name,
        "colours": {name: getattr(theme, name.upper()) for name in COLOURS},
        "topics": [_describe_topic(topic) for topic in pack.topics],
    }


COLOURS: Final = ("primary", "ink", "muted", "grid", "band", "bar", "flow", "hidden")


def _describe_topic(topic: Topic) -> dict[str, Any]:
    years, places = find_end(topic.years, topic.indicator), find_end(topic.places, topic.indicator)
    return {
        "title": topic.indicator.title,
        "definition": topic.indicator.definition,
        "unit": topic.indicator.unit,
        "words": list_sentences(topic),
        "short": " ".join(topic.words),
        "now": _describe_point(topic.now, years),
        "years": [_describe_point(point, years) for point in topic.years],
        "years_alt": topic.years_alt,
        "ticks": _place_ticks(topic.years, years),
        "breaks": _place_breaks(topic),
        "places": [_describe_point(point, places) for point in topic.places],
        "places_alt": topic.places_alt,
        "explanation": topic.explanation,
    }


def _describe_point(point: Point, top: float) -> dict[str, Any]:
    heights = {name: None if getattr(point, name) is None else getattr(point, name) / top for name in HEIGHTS}
    cut = heights["high"] is not None and heights["high"] > 1
    return {
        "name": point.name,
        "shown": point.state == "shown",
        "state": STATUS_WORDS[point.state],
        "number": point.number,
        "span": point.span,
        "words": point.words,
        "soft": point.soft,
        "receipt": point.receipt,
        "cut": cut,
        **heights,
    }


HEIGHTS: Final = ("value", "low", "high")


def _place_ticks(points: Sequence[Point], top: float) -> list[Mapping[str, Any]]:
    """Where the lines of the axis are and what they say; an axis without a figure has only its base."""
    shown = any(point.value is not None for point in points)
    digits = count_decimals(find_step(top))
    ticks = find_ticks(top) if shown else [0.0]
    return [{"at": tick / top, "label": format_number(tick, digits) if shown else ""} for tick in ticks]


def _place_breaks(topic: Topic) -> list[Mapping[str, Any]]:
    """Breaks that fall between two drawn years: after how many years, and their word."""
    starts = [start[:4] for start, _ in topic.indicator.breaks]
    names = [point.name[:4] for point in topic.years]
    places = [(start, sum(name < start for name in names)) for start in starts]
    return [{"after": place, "label": f"breuk {start}"} for start, place in places if 0 < place < len(names)]
