"""The pieces of a slide: title, text, native table, native chart, notes. Nothing here knows what a pack is.

Charts are PowerPoint's own, so that they can be edited; what is not shown is an empty cell and so a gap. Every chart
and table has a text for who cannot see it, every word says that it is Dutch.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Inches, Pt

from dashboard.axis import find_step
from dashboard.theme import BAR, GRID, INK, MUTED, PAPER, PRIMARY, SERIES

WIDTH: Final = 13.333
HEIGHT: Final = 7.5
EDGE: Final = 0.6
LANGUAGE: Final = "nl-NL"
TITLE_ONLY: Final = 5
WARNING: Final = "#8a4400"


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place on a slide, in inches from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """The four lengths as PowerPoint keeps them."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What a chart shows: a name a place, series of numbers with None for a gap, their format, and where the axis ends.

    about  what it shows, for who cannot see it
    """

    names: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    digits: str
    top: float
    about: str


def open_deck(title: str) -> Deck:
    """An empty wide deck with our colours in its theme."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    properties = deck.core_properties
    properties.title, properties.author, properties.language = title, "Jeugdbeeld", LANGUAGE
    properties.last_modified_by = "Jeugdbeeld"
    _bring_colours(deck)
    return deck


def _bring_colours(deck: Deck) -> None:
    """Our colours for whatever somebody adds to the slides later."""
    theme = deck.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8")
    for number, colour in enumerate(SERIES[:6], start=1):
        text = re.sub(rf"(<a:accent{number}><a:srgbClr val=\")\w+", rf"\g<1>{colour.lstrip('#').upper()}", text)
    theme._blob = text.encode("utf-8")


def add_slide(deck: Deck, title: str, *, size: float = 28, box: Box | None = None, colour: str = PRIMARY) -> Slide:
    """A slide with its title in the place for titles, which a screen reader reads first."""
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    shape = slide.shapes.title
    place = box or Box(left=EDGE, top=0.35, width=WIDTH - 2 * EDGE, height=0.8)
    shape.left, shape.top, shape.width, shape.height = place.emu
    write_text(shape.text_frame, [title], size=size, bold=True, colour=colour)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    return slide


def add_text(
    slide: Slide,
    box: Box,
    lines: Sequence[str],
    *,
    size: float = 16,
    bold: bool = False,
    colour: str = INK,
    gap: float = 6,
) -> None:
    """Lines of text in a box, a paragraph each."""
    frame = slide.shapes.add_textbox(*box.emu).text_frame
    write_text(frame, lines, size=size, bold=bold, colour=colour, gap=gap)


def write_text(
    frame: Any, lines: Sequence[str], *, size: float, bold: bool = False, colour: str = INK, gap: float = 0
) -> None:
    """Fill a text frame with paragraphs of one look."""
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(gap)
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = line, Pt(size), bold
        run.font.color.rgb = hue(colour)
        run._r.get_or_add_rPr().set("lang", LANGUAGE)


def add_table(
    slide: Slide,
    box: Box,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    size: float = 12,
    about: str,
) -> None:
    """A native table with a header row.

    widths  share of each column
    about   what it holds, for who cannot see it
    """
    frame = slide.shapes.add_table(len(rows) + 1, len(header), *box.emu)
    describe(frame, about)
    table = frame.table
    for column, share in zip(table.columns, widths, strict=True):
        column.width = Inches(box.width * share / sum(widths))
    for line, cells in enumerate([header, *rows]):
        for place, words in enumerate(cells):
            cell = table.cell(line, place)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.fill.solid()
            cell.fill.fore_color.rgb = hue(PRIMARY if line == 0 else PAPER if line % 2 else "#f3f6fa")
            write_text(
                cell.text_frame,
                words.split("\n"),
                size=size,
                bold=line == 0 or place == 0,
                colour=PAPER if line == 0 else INK,
            )


def add_line_chart(slide: Slide, box: Box, drawing: Drawing) -> None:
    """A native line chart: the first series is the figure, the others are the ends of its margin."""
    chart = _add_chart(slide, box, XL_CHART_TYPE.LINE_MARKERS, drawing)
    chart.has_legend = len(drawing.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    for number, one in enumerate(chart.plots[0].series):
        one.smooth = False
        _draw_series(one, first=number == 0)
    _label(chart.plots[0].series[0], drawing.digits, XL_LABEL_POSITION.ABOVE)


def add_bar_chart(slide: Slide, box: Box, drawing: Drawing) -> None:
    """A native bar chart, the first name on top."""
    chart = _add_chart(slide, box, XL_CHART_TYPE.BAR_CLUSTERED, drawing)
    chart.has_legend = False
    chart.plots[0].gap_width = 60
    fill = chart.plots[0].series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = hue(BAR)
    _label(chart.plots[0].series[0], drawing.digits, XL_LABEL_POSITION.OUTSIDE_END)
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_labels.font.size = Pt(13 if len(drawing.names) < 10 else 10)
    skip = chart.category_axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})  # every name, however many
    chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    chart.value_axis.has_major_gridlines = False


def _add_chart(slide: Slide, box: Box, kind: Any, drawing: Drawing) -> Chart:
    content = CategoryChartData()
    content.categories = drawing.names
    for title, values in drawing.series:
        content.add_series(title, values)
    frame = slide.shapes.add_chart(kind, *box.emu, content)
    describe(frame, drawing.about)
    chart: Chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(13), hue(INK)
    _calm_axes(chart, drawing)
    return chart


def _draw_series(one: Any, *, first: bool) -> None:
    line = one.format.line
    line.color.rgb, line.width = hue(PRIMARY if first else BAR), Pt(2.5 if first else 1)
    if not first:
        line.dash_style = MSO_LINE.DASH
        one.marker.style = XL_MARKER_STYLE.NONE
        return
    one.marker.style, one.marker.size = XL_MARKER_STYLE.CIRCLE, 8
    one.marker.format.fill.solid()
    one.marker.format.fill.fore_color.rgb = hue(PRIMARY)
    one.marker.format.line.color.rgb = hue(PRIMARY)


def _label(one: Any, digits: str, position: Any) -> None:
    labels = one.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, digits, False
    labels.position, labels.font.size = position, Pt(13)
    labels.font.bold, labels.font.color.rgb = True, hue(PRIMARY)


def _calm_axes(chart: Chart, drawing: Drawing) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale, values.has_major_gridlines = 0, True
    values.major_unit = find_step(drawing.top)
    values.maximum_scale = math.ceil(drawing.top / values.major_unit - 1e-9) * values.major_unit
    values.major_gridlines.format.line.color.rgb = hue(GRID)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = drawing.digits, False
    values.tick_labels.font.size, values.tick_labels.font.color.rgb = Pt(12), hue(MUTED)
    names.format.line.color.rgb = hue(MUTED)
    names.tick_labels.font.size = Pt(13)
    names.has_major_gridlines = False


def add_notes(slide: Slide, lines: Sequence[str]) -> None:
    """What the speaker reads: a paragraph a line."""
    write_text(slide.notes_slide.notes_text_frame, lines, size=12)


def describe(frame: Any, about: str) -> None:
    """Give a chart or table the text that a screen reader says instead."""
    frame._element.find(".//" + qn("p:cNvPr")).set("descr", about)


def paint(slide: Slide, colour: str) -> None:
    """One colour behind the whole slide."""
    fill = slide.background.fill
    fill.solid()
    fill.fore_color.rgb = hue(colour)


def hue(colour: str) -> RGBColor:
    """A colour of the theme for PowerPoint."""
    shade: RGBColor = RGBColor.from_string(colour.lstrip("#").upper())
    return shade
