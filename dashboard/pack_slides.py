"""A board pack as slides: PPTX with native charts. The same figures and sentences as the PDF.

Definitions, the way of counting and the receipts stand in the notes below each slide.
"""

import io
from collections.abc import Sequence
from typing import Final

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from dashboard.format import STATUS_WORDS, format_date
from dashboard.indicator import Indicator
from dashboard.pack import Pack, Point, Topic, find_end, list_sentences
from dashboard.settle import settle
from dashboard.slides import (
    EDGE,
    HEIGHT,
    WARNING,
    WIDTH,
    Box,
    Drawing,
    add_bar_chart,
    add_line_chart,
    add_notes,
    add_slide,
    add_table,
    add_text,
    open_deck,
    paint,
)
from dashboard.theme import BAND, MUTED, PAPER, PRIMARY

TOP: Final = 1.3
BOTTOM: Final = 6.75
MOST_REVISIONS: Final = 9
FULL: Final = Box(left=EDGE, top=TOP, width=WIDTH - 2 * EDGE, height=BOTTOM - TOP)


def write_slides(pack: Pack) -> bytes:
    """The pack as a file. Same pack, same bytes."""
    deck = open_deck(f"Jeugd en veiligheid: {pack.place}, {pack.year}")
    _add_cover(deck, pack)
    _add_summary(deck, pack)
    _add_notable(deck, pack)
    for topic in pack.topics:
        _add_years(deck, pack, topic)
        if topic.places:
            _add_places(deck, pack, topic)
    _add_accounts(deck, pack)
    for number, slide in enumerate(deck.slides, start=1):
        _add_foot(slide, pack, number)
    buffer = io.BytesIO()
    deck.save(buffer)
    return settle(buffer.getvalue(), pack.build.made_on)


def _add_cover(deck: Deck, pack: Pack) -> None:
    title = Box(left=0.9, top=2.0, width=11.5, height=1.6)
    slide = add_slide(deck, f"Jeugd en veiligheid: {pack.place}", size=40, box=title, colour=PAPER)
    paint(slide, PRIMARY)
    add_text(slide, Box(left=0.9, top=0.7, width=8, height=0.6), ["Jeugdbeeld"], size=24, bold=True, colour=PAPER)
    below = [f"Cijfers over {pack.year}", "Stukken voor de vergadering"]
    add_text(slide, Box(left=0.9, top=3.7, width=11, height=1.1), below, size=24, colour=PAPER)
    told = f"Publicatie {pack.build.id} van {format_date(pack.build.made_on)}"
    lines = [told, f"{pack.accounts.warning} {pack.accounts.warned}".strip()]
    add_text(slide, Box(left=0.9, top=5.3, width=11, height=0.9), lines, size=16, colour=BAND)
    add_notes(slide, [f"{term}: {words}" for term, words in pack.accounts.facts])


def _add_summary(deck: Deck, pack: Pack) -> None:
    slide = add_slide(deck, f"In het kort: {pack.place} in {pack.year}")
    rows = [
        (
            f"{topic.indicator.title} ({tell_unit(topic, pack.year)})",
            star(topic.now),
            topic.now.span,
            " ".join(topic.words),
        )
        for topic in pack.topics
    ]
    header = ("Cijfer", pack.year, "Marge", "Wat het zegt")
    about = f"Tabel met de kerncijfers van {pack.place} in {pack.year}, met marge en uitleg."
    add_table(slide, FULL, header, rows, widths=(4.2, 1.3, 1.5, 5.1), size=13, about=about)
    add_notes(slide, ["Een ster (*) betekent: voorlopig, dit kan nog iets veranderen.", *list_receipts(pack)])


def _add_notable(deck: Deck, pack: Pack) -> None:
    slide = add_slide(deck, "Wat valt op, en wat weten we niet")
    narrow, wide = FULL.width * 0.38, FULL.width * 0.57
    columns = (
        (EDGE, narrow, "Wat valt op", pack.accounts.notable),
        (WIDTH - EDGE - wide, wide, "Wat weten we niet", pack.accounts.unknown),
    )
    for left, width, title, lines in columns:
        add_text(slide, Box(left=left, top=TOP, width=width, height=0.5), [title], size=20, bold=True, colour=PRIMARY)
        box = Box(left=left, top=TOP + 0.55, width=width, height=BOTTOM - TOP - 0.55)
        add_text(slide, box, lines, size=14)


def _add_years(deck: Deck, pack: Pack, topic: Topic) -> None:
    indicator = topic.indicator
    slide = add_slide(deck, indicator.title)
    left, wide = Box(left=EDGE, top=TOP, width=4.1, height=1.0), 7.7
    shown = topic.now.state == "shown"
    add_text(slide, left, [star(topic.now)], size=48 if shown else 30, bold=True, colour=PRIMARY if shown else MUTED)
    unit = "" if indicator.unit == "%" else f"{indicator.unit} "
    add_text(
        slide,
        Box(left=EDGE, top=TOP + 1.0, width=4.1, height=0.6),
        [f"{unit}in {topic.now.name}"],
        size=16,
        colour=MUTED,
    )
    words = [*list_sentences(topic), *(["* Voorlopig: dit cijfer kan nog iets veranderen."] if topic.now.soft else [])]
    add_text(slide, Box(left=EDGE, top=TOP + 1.7, width=4.1, height=BOTTOM - TOP - 1.7), words, size=16, gap=8)
    about = topic.years_alt.removesuffix(" De tabel geeft alle cijfers.")
    right = Box(left=WIDTH - EDGE - wide, top=TOP, width=wide, height=BOTTOM - TOP)
    if any(point.value is not None for point in topic.years):
        add_line_chart(slide, right, draw(topic.years, list_series(topic.years, indicator), indicator, about))
    else:
        rows = [(point.name, point.number) for point in topic.years]
        add_table(slide, right, ("Jaar", "Cijfer"), rows, widths=(1, 2), size=14, about=about)
    add_notes(slide, [f"{term}: {words}" for term, words in topic.explanation])


def _add_places(deck: Deck, pack: Pack, topic: Topic) -> None:
    indicator = topic.indicator
    slide = add_slide(deck, f"{indicator.title}: gebieden in {topic.now.name}")
    header = ("Gebied", "Cijfer", "Marge", "Vergeleken met de regio")
    rows = [(point.name, star(point), point.span, point.words) for point in topic.places]
    height = min(BOTTOM - TOP, 0.7 * (len(rows) + 1))
    box = Box(left=EDGE, top=TOP, width=7.2, height=height)
    about = f"Tabel met {indicator.title.lower()} per gebied in {topic.now.name}."
    size = 16 if len(rows) < 8 else 11
    add_table(slide, box, header, rows, widths=(2.1, 1.6, 1.7, 2.6), size=size, about=about)
    chart = Box(left=EDGE + 7.5, top=TOP, width=WIDTH - 2 * EDGE - 7.5, height=max(height, 3.2))
    drawing = draw(topic.places, list_series(topic.places, indicator)[:1], indicator, topic.places_alt, joint=", ")
    add_bar_chart(slide, chart, drawing)
    codes = [f"{point.name}: {point.receipt}" for point in topic.places]
    add_notes(slide, ["Controlecodes", *codes, *(f"{term}: {words}" for term, words in topic.explanation)])


def _add_accounts(deck: Deck, pack: Pack) -> None:
    accounts = pack.accounts
    if accounts.progress:
        slide = add_slide(deck, f"Voortgang: {accounts.programme}")
        rows = [(title, state, "\n".join(steps)) for title, state, steps in accounts.progress]
        box = Box(left=EDGE, top=TOP, width=FULL.width, height=min(FULL.height, 0.9 * (len(rows) + 1)))
        add_table(
            slide,
            box,
            ("Onderdeel", "Stand", "Mijlpalen"),
            rows,
            widths=(3, 3.4, 5),
            size=14 if len(rows) < 4 else 10,
            about="Tabel met de voortgang per onderdeel.",
        )
    slide = add_slide(deck, "Wat is er veranderd sinds de vorige publicatie")
    add_text(slide, Box(left=EDGE, top=TOP, width=FULL.width, height=0.9), [accounts.revised], size=16)
    if accounts.revisions:
        _add_revisions(slide, accounts.revisions)
    slide = add_slide(deck, "Hoe wij jongeren beschermen")
    add_text(slide, FULL, accounts.protection, size=16, gap=8)
    add_notes(
        slide,
        ["Bronnen", *(f"{name}: laatst geleverd op {day}, over {about}" for name, day, about in accounts.sources)],
    )


def _add_revisions(slide: Slide, revisions: Sequence[Sequence[str]]) -> None:
    header = ("Cijfer", "Gebied", "Periode", "Groep", "Was", "Is nu", "Waarom")
    rows = revisions[:MOST_REVISIONS]
    box = Box(left=EDGE, top=TOP + 1.0, width=FULL.width, height=0.4 * (len(rows) + 1))
    widths = (3.2, 1.8, 1.3, 1.3, 1, 1, 3.2)
    add_table(
        slide,
        box,
        header,
        rows,
        widths=widths,
        size=11,
        about="Tabel met herziene cijfers: wat het was, wat het is en waarom.",
    )
    if len(revisions) > len(rows):
        add_notes(slide, ["Er zijn er meer. Die staan in de bijlage (Excel)."])


def _add_foot(slide: Slide, pack: Pack, number: int) -> None:
    cover = number == 1
    told = f"Jeugdbeeld, {pack.place}, {pack.year}. Publicatie {pack.build.id} van {format_date(pack.build.made_on)}. {number}"
    box = Box(left=EDGE, top=HEIGHT - 0.55, width=8.2, height=0.4)
    add_text(slide, box, [told], size=11, colour=BAND if cover else MUTED)
    if pack.accounts.warning:
        box = Box(left=WIDTH - EDGE - 3.8, top=HEIGHT - 0.55, width=3.8, height=0.4)
        add_text(slide, box, [pack.accounts.warning], size=12, bold=True, colour=PAPER if cover else WARNING)


def star(point: Point) -> str:
    """The figure, with a star when it is provisional; or the word for why there is none."""
    return f"{point.number}*" if point.soft else point.number


def tell_unit(topic: Topic, year: str) -> str:
    """The unit, and the school year where a figure is not of the asked year itself."""
    other = "" if topic.now.name == year else f", {topic.now.name}"
    return topic.indicator.unit + other


def name_point(point: Point, *, joint: str) -> str:
    """What stands at the axis: the name, and the word for why there is no figure."""
    return point.name if point.state == "shown" else f"{point.name}{joint}{STATUS_WORDS[point.state]}"


def list_series(points: Sequence[Point], indicator: Indicator) -> list[tuple[str, list[float | None]]]:
    """The figures, and the ends of their margins when there are any; as on the screen, rounded to its decimals."""
    series = [(indicator.title, [_value(point, "value", indicator) for point in points])]
    for title, end in (("Marge, ondergrens", "low"), ("Marge, bovengrens", "high")):
        values = [_value(point, end, indicator) for point in points]
        if any(value is not None for value in values):
            series.append((title, values))
    return series


def _value(point: Point, name: str, indicator: Indicator) -> float | None:
    value: float | None = getattr(point, name)
    return None if value is None else round(value, indicator.decimals)


def draw(
    points: Sequence[Point],
    series: Sequence[tuple[str, list[float | None]]],
    indicator: Indicator,
    about: str,
    *,
    joint: str = "\n",
) -> Drawing:
    """A chart of these points; `joint` stands between a name and the word for why there is no figure."""
    top, digits = find_end(points, indicator), find_digits(indicator)
    names = [name_point(point, joint=joint) for point in points]
    return Drawing(names=names, series=series, digits=digits, top=top, about=about)


def find_digits(indicator: Indicator) -> str:
    """How PowerPoint writes the numbers: Dutch where it can, else as its own language setting says."""
    digits = "[$-413]#,##0" + ("." + "0" * indicator.decimals if indicator.decimals else "")
    return digits + '" %"' if indicator.unit == "%" else digits


def list_receipts(pack: Pack) -> list[str]:
    """The receipt of each key figure, for the notes."""
    return [f"Controlecode {topic.indicator.title}: {topic.now.receipt}" for topic in pack.topics if topic.now.receipt]
