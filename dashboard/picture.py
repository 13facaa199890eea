"""A chart as a file, PNG or SVG, drawn without a browser; with its words: states, definition, publication, code.

The chart on the screen is plotly's. This one says the same from the same figures, to be placed in a report.
"""

import io
import threading
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from dashboard.charts import find_bar_limit
from dashboard.dots import name_group
from dashboard.fit import SMALL_MOST, Pair, list_charts, list_pairs
from dashboard.format import STATUS_WORDS, format_number, format_tick
from dashboard.indicator import Indicator
from dashboard.multiples import find_scale
from dashboard.rows import list_rows
from dashboard.theme import BAR, GRID, INK, MUTED, PRIMARY, SERIES

MARKS: Final = ("o", "s", "D", "^", "X", "*", "P", "v")
STYLE: Final[Any] = {
    "font.family": ["DejaVu Sans"], "font.size": 10, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": MUTED,
    "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": GRID, "svg.fonttype": "none", "svg.hashsalt": "jeugdbeeld", "axes.axisbelow": True, "text.parse_math": False,
}  # fmt: skip
_drawing = threading.Lock()  # the style of matplotlib is one for all threads
WIDE: Final = 10.0
ACROSS: Final = 4


def draw_picture(
    chart: str,
    figures: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    *,
    title: str,
    notes: Sequence[str],
    kind: str,
) -> bytes:
    """A PNG or SVG file.

    chart    one of fit.CHARTS, not 'none'
    figures  with `series`, place and when (fit.name_series)
    notes    sentences under the picture
    kind     'png' or 'svg'
    """
    lines = [line for note in notes for line in wrap(note, 155)]
    heads = wrap(title, 85)[:3]
    with _drawing, mpl.rc_context(STYLE):
        parts = _plan(chart, figures, indicators)
        head, foot = 0.25 + 0.24 * len(heads), 0.3 + 0.16 * len(lines)
        height = head + sum(part[0] for part in parts) + foot
        figure = Figure(figsize=(WIDE, height))
        figure.set_layout_engine("constrained", rect=(0.01, foot / height, 0.98, 1 - (head + foot) / height))
        for room, (_, draw) in zip(_split(figure, [part[0] for part in parts]), parts, strict=True):
            draw(room)
        figure.text(0.015, 1 - 0.12 / height, "\n".join(heads), va="top", fontsize=13, fontweight="bold")
        figure.text(0.015, (foot - 0.1) / height, "\n".join(lines), va="top", fontsize=8, color=MUTED)
        return _write(figure, kind, title)


def _split(figure: Figure, heights: Sequence[float]) -> list[Any]:
    rooms = figure.subfigures(len(heights), 1, height_ratios=list(heights), squeeze=False)
    return [row[0] for row in rooms]


def _write(figure: Figure, kind: str, title: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "png":
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(buffer, metadata={"Title": title, "Software": "Jeugdbeeld"})
    else:
        about = {"Title": title, "Creator": "Jeugdbeeld", "Date": None}
        canvas = FigureCanvasSVG(figure)
        canvas.print_svg(buffer, metadata=about)
    return buffer.getvalue()


def _plan(
    chart: str, figures: pd.DataFrame, indicators: Mapping[str, Indicator]
) -> list[tuple[float, Callable[[Any], None]]]:
    """What stands under each other: its height in inches and how to draw it."""
    keys = list(dict.fromkeys(figures["indicator"]))
    if chart == "dots":
        both = indicators[keys[0]], indicators[keys[1]]
        return [(5.5, lambda room: _draw_dots(room, list_pairs(figures), both))]
    parts = [figures[figures["indicator"] == key] for key in keys]
    kinds = [chart if chart != "apart" else list_charts(rows)[0] for rows in parts]
    return [
        _plan_one(kind, rows, indicators[key])
        for kind, rows, key in zip(kinds, parts, keys, strict=True)
        if kind != "none"
    ]


def _plan_one(kind: str, rows: pd.DataFrame, indicator: Indicator) -> tuple[float, Callable[[Any], None]]:
    if kind == "bars":
        return 0.8 + 0.3 * len(rows), lambda room: _draw_bars(room, rows, indicator)
    if kind == "lines":
        return 4.2, lambda room: _draw_lines(room, rows, indicator)
    count = min(SMALL_MOST, rows["series"].nunique())
    return 0.5 + 1.35 * -(-count // ACROSS), lambda room: _draw_small(room, rows, indicator)


def _known(rows: pd.DataFrame, periods: Sequence[str]) -> list[float]:
    shown = {row["period"]: float(row["value"]) for row in list_rows(rows) if row["status"] == "shown"}
    return [shown.get(period, float("nan")) for period in periods]


def _dutch(axis: Any, decimals: int) -> None:
    axis.set_major_formatter(lambda value, _: format_number(value, 0 if float(value).is_integer() else decimals or 1))


def _draw_lines(room: Any, rows: pd.DataFrame, indicator: Indicator) -> None:
    axes, periods = room.subplots(), sorted(rows["period"].unique())
    for place, (name, line) in enumerate(rows.groupby("series", sort=False)):
        axes.plot(
            range(len(periods)), _known(line, periods), marker=MARKS[place % len(MARKS)], color=SERIES[place % len(SERIES)],
            label=name, linewidth=2,
        )  # fmt: skip
    step = max(1, len(periods) // 10)
    axes.set_xticks(range(0, len(periods), step), [format_tick(period) for period in periods[::step]])
    axes.set_ylim(0, 1.05 * axes.get_ylim()[1])  # the highest mark stands whole within it
    axes.set_title(f"{indicator.title}, {indicator.unit}", loc="left", fontsize=10)
    axes.grid(axis="x", visible=False)
    _dutch(axes.yaxis, indicator.decimals)
    axes.legend(frameon=False, ncols=2, fontsize=9)


def _draw_small(room: Any, rows: pd.DataFrame, indicator: Indicator) -> None:
    lines = list(rows.groupby("series", sort=False))[:SMALL_MOST]
    periods, down = sorted(rows["period"].unique()), -(-len(lines) // ACROSS)
    grid = room.subplots(down, ACROSS, squeeze=False, sharex=True, sharey=True).flat
    for axes, (name, line) in zip(grid, lines, strict=False):
        axes.plot(range(len(periods)), _known(line, periods), marker="o", markersize=3, color=PRIMARY)
        if not line["status"].eq("shown").any():
            axes.text(0.5, 0.5, "geen cijfer te zien", transform=axes.transAxes, ha="center", fontsize=8, color=MUTED)
        axes.set_title("\n".join(wrap(str(name), 32)[:2]), fontsize=8, loc="left")
        axes.set_xticks([0, len(periods) - 1], [format_tick(periods[0]), format_tick(periods[-1])], fontsize=8)
        axes.set_ylim(0, 1.05 * find_scale(rows) or 1.0)
        _dutch(axes.yaxis, indicator.decimals)
    for axes in list(room.axes)[len(lines) :]:
        axes.set_axis_off()
    room.suptitle(f"{indicator.title}, {indicator.unit}", fontsize=10, x=0.01, ha="left")


def _draw_bars(room: Any, rows: pd.DataFrame, indicator: Indicator) -> None:
    axes = room.subplots()
    for place, row in enumerate(list_rows(rows)):
        if row["status"] != "shown":
            axes.text(0, place, f" {STATUS_WORDS[row['status']]}", va="center", color=MUTED, fontsize=9)
            continue
        axes.barh(place, float(row["value"]), color=BAR, height=0.62)
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            axes.plot([row["low"], row["high"]], [place, place], color=INK, linewidth=1.2, marker="|", markersize=6)
    axes.set_yticks(range(len(rows)), ["\n".join(wrap(str(name), 40)) for name in rows["series"]], fontsize=9)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, find_bar_limit(rows, None))
    axes.set_title(f"{indicator.title}, {indicator.unit}", loc="left", fontsize=10)
    axes.grid(axis="y", visible=False)
    _dutch(axes.xaxis, indicator.decimals)


def _draw_dots(room: Any, pairs: Sequence[Pair], indicators: tuple[Indicator, Indicator]) -> None:
    axes = room.subplots()
    names = list(dict.fromkeys(name_group(pair) for pair in pairs))
    for place, name in enumerate(names):
        mine = [pair for pair in pairs if name_group(pair) == name]
        axes.scatter(
            [float(pair.x["value"]) for pair in mine], [float(pair.y["value"]) for pair in mine], alpha=0.75,
            color=SERIES[place % len(SERIES)], marker=MARKS[place % len(MARKS)], label=name,
        )  # fmt: skip
    first, second = indicators
    axes.set_xlabel(f"{first.title}, {first.unit}")
    axes.set_ylabel("\n".join(wrap(f"{second.title}, {second.unit}", 50)))
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    _dutch(axes.xaxis, first.decimals)
    _dutch(axes.yaxis, second.decimals)
    if len(names) > 1:
        axes.legend(frameon=False, fontsize=9)
