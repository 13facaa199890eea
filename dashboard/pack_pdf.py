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
from dashboard.format import STATUS_WORDS, format_date, format_number
from dashboard.pack import Pack, Point, Topic

TEMPLATE: Final = Path(__file__).parent / "templates" / "pack.typ"
STANDARD: Final = "ua-1"
STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_TICKS: Final = 4


def write_pdf(pack: Pack) -> bytes:
    """The pack as a file.

    raises  typst.TypstError when the page would break a rule of PDF/UA-1: a bug, never the reader's fault
    """
    compiler = typst.Compiler(font_paths=_load_fonts(), root=str(TEMPLATE.parent))
    made_on = pack.build.made_on.replace(tzinfo=UTC)
    inputs = {"pack": json.dumps(describe_pack(pack), ensure_ascii=False, sort_keys=True)}
    document = compiler.compile(
        input=TEMPLATE, format="pdf", pdf_standards=[STANDARD], timestamp=made_on, sys_inputs=inputs
    )
    if not isinstance(document, bytes):
        raise TypeError("Typst gave no file")
    return document


@lru_cache(maxsize=1)
def _load_fonts() -> typst.Fonts:
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
    years, places = _widest(topic.years), _widest(topic.places)
    return {
        "title": topic.indicator.title,
        "definition": topic.indicator.definition,
        "unit": topic.indicator.unit,
        "words": topic.words,
        "short": " ".join(text for text in topic.words if text != topic.now.margin),
        "now": _describe_point(topic.now, years),
        "years": [_describe_point(point, years) for point in topic.years],
        "years_alt": topic.years_alt,
        "ticks": [{"at": tick / years, "label": format_number(tick, _decimals(tick))} for tick in find_ticks(years)],
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


def _widest(points: Sequence[Point]) -> float:
    """Where the axis ends: room for all shown values and most margins; one huge margin must not flatten the rest."""
    values = [point.value for point in points if point.value is not None]
    highs = [point.high for point in points if point.high is not None]
    top = max(values, default=0.0)
    return min(1.05 * max([*highs, top]), 2 * top) if top else max(highs, default=1.0)


def find_ticks(top: float) -> list[float]:
    """Zero and at most four round steps up to `top`."""
    size = 10.0 ** len(str(int(top))) / 1000
    step = next(
        step * scale for scale in (size, 10 * size, 100 * size) for step in STEPS if top / (step * scale) <= MOST_TICKS
    )
    return [step * count for count in range(int(top / step) + 1)]


def _decimals(tick: float) -> int:
    return next(places for places in range(4) if abs(round(tick, places) - tick) < 1e-9 or places == 3)


def _place_breaks(topic: Topic) -> list[Mapping[str, Any]]:
    """Breaks that fall between two drawn years: after how many years, and their word."""
    starts = [start[:4] for start, _ in topic.indicator.breaks]
    names = [point.name[:4] for point in topic.years]
    places = [(start, sum(name < start for name in names)) for start in starts]
    return [{"after": place, "label": f"breuk {start}"} for start, place in places if 0 < place < len(names)]
