"""Two groups side by side, a pair of dots per characteristic. Pure: neither streamlit nor duckdb.

A line joins two dots only when both are shown; what is not shown has its word and no dot. How many times as often is
said only from two shown figures, and only when chance cannot explain the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from analysis.rates import rate_ratio
from dashboard.change import COMPARABLE_FROM
from dashboard.charts import fold, frame_chart
from dashboard.format import STATUS_WORDS, format_number, format_value, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import Row
from dashboard.tables import Cell, Column, draw_table, interval_cell, value_cell
from dashboard.theme import GRID, MUTED, PAPER, PRIMARY

NO_FIGURE: Final = "geen cijfer"
MOST_TIMES: Final = 10  # beyond it, a few cases more or less make a wild number
CHANCE: Final = "verschil kan toeval zijn"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One characteristic in two groups, within a panel (an age); None: there is no such figure."""

    panel: str
    name: str
    first: Row | None
    second: Row | None


def draw_pairs(pairs: Sequence[Pair], *, first: str, second: str) -> go.Figure:
    """All panels under each other on one scale, so that they can be compared; % on the axis.

    first, second  what the groups are called; only the first can be absent from a whole panel
    """
    places = _place(pairs)
    chart = go.Figure()
    _add_lines(chart, places)
    _add_dots(chart, [(y, pair.name, pair.second) for y, pair in places], second, "circle-open", MUTED)
    _add_dots(chart, [(y, pair.name, pair.first) for y, pair in places], first, "circle", PRIMARY)
    for y, pair in places:
        _write_states(chart, y, pair, first, second)
    _draw_axes(chart, places)
    return frame_chart(chart, height=int(90 + 38 * (places[-1][0] + 1)) if places else 90)


def _place(pairs: Sequence[Pair]) -> list[tuple[float, Pair]]:
    """Every pair with its height; a panel begins one line lower, for its title."""
    placed: list[tuple[float, Pair]] = []
    y, panel = -1.0, ""
    for pair in pairs:
        y += 2 if pair.panel != panel and pair.panel else 1
        panel = pair.panel
        placed.append((y, pair))
    return placed


def _is_shown(row: Row | None) -> bool:
    return row is not None and row["status"] == "shown"


def _add_lines(chart: go.Figure, places: Sequence[tuple[float, Pair]]) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for place, pair in places:
        if pair.first and pair.second and _is_shown(pair.first) and _is_shown(pair.second):
            x += [float(pair.first["value"]), float(pair.second["value"]), None]
            y += [place, place, None]
    style = {"color": GRID, "width": 5}
    chart.add_scatter(x=x, y=y, mode="lines", line=style, hoverinfo="skip", showlegend=False)


def _add_dots(
    chart: go.Figure, rows: Sequence[tuple[float, str, Row | None]], group: str, symbol: str, colour: str
) -> None:
    shown = [(y, name, row) for y, name, row in rows if row and _is_shown(row)]
    chart.add_scatter(
        x=[round(float(row["value"]), 6) for _, _, row in shown],
        y=[y for y, _, _ in shown],
        mode="markers",
        marker={"symbol": symbol, "size": 13, "color": colour, "line": {"width": 2, "color": colour}},
        name=group,
        text=[f"{name}, {lower_first(group)}: {format_value(row['value'], '%', 1)}" for _, name, row in shown],
        hovertemplate="%{text}<extra></extra>",
    )


def _write_states(chart: go.Figure, y: float, pair: Pair, first: str, second: str) -> None:
    """The word for what has no dot, to the right of the dot that is there."""
    rows = {first: pair.first, second: pair.second}
    absent = [
        f"{lower_first(name)}: {STATUS_WORDS[row['status']]}"
        for name, row in rows.items()
        if row and not _is_shown(row)
    ]
    if not absent:
        return
    shown = [float(row["value"]) for row in rows.values() if row and _is_shown(row)]
    chart.add_annotation(
        x=max(shown, default=0.0), y=y, text="<br>".join(absent), xanchor="left", xshift=14, showarrow=False, align="left",
        bgcolor=PAPER, font={"color": MUTED, "size": 13},
    )  # fmt: skip


def _draw_axes(chart: go.Figure, places: Sequence[tuple[float, Pair]]) -> None:
    last = places[-1][0] if places else 0.0
    chart.update_yaxes(
        tickvals=[y for y, _ in places], ticktext=[fold(pair.name, 18) for _, pair in places], range=[last + 0.6, -0.6],
        automargin=True, fixedrange=True, showgrid=False, zeroline=False,
    )  # fmt: skip
    chart.update_xaxes(
        range=[-0.02 * _find_limit(places), _find_limit(places)], ticksuffix="\u00a0%", gridcolor=GRID, zerolinecolor=MUTED,
        automargin=True, fixedrange=True, nticks=6,
    )  # fmt: skip
    chart.update_layout(legend={"traceorder": "reversed"})
    for panel, y in {pair.panel: y - 1 for y, pair in reversed(places) if pair.panel}.items():
        _write_title(chart, panel, y)


def _write_title(chart: go.Figure, panel: str, y: float) -> None:
    chart.add_annotation(
        x=0, xref="x domain", y=y, text=f"<b>{panel}</b>", xanchor="left", xshift=10, showarrow=False, bgcolor=PAPER,
    )  # fmt: skip


def _find_limit(places: Sequence[tuple[float, Pair]]) -> float:
    rows = [row for _, pair in places for row in (pair.first, pair.second) if row and _is_shown(row)]
    return 1.1 * max((float(row["value"]) for row in rows), default=0.0) or 1.0


def describe_often(first: Row | None, second: Row | None) -> str:
    """'ongeveer 4 keer zo vaak', when both figures are shown, are about enough cases, and differ by more than chance."""
    if first is None or second is None or not (_is_shown(first) and _is_shown(second)):
        return ""
    if min(first["numerator"], second["numerator"]) < COMPARABLE_FROM:
        return "te weinig gevallen om te vergelijken"
    ratio = rate_ratio(first["numerator"], first["denominator"], second["numerator"], second["denominator"])
    if float(ratio.low) <= 1 <= float(ratio.high):
        return CHANCE
    times = float(first["value"]) / float(second["value"])
    if times < 1:
        return "minder vaak"
    if times > MOST_TIMES:
        return f"meer dan {MOST_TIMES} keer zo vaak"
    return f"ongeveer {format_number(times, 1 if times < 2 else 0)} keer zo vaak"


def draw_pair_table(
    pairs: Sequence[Pair], indicators: tuple[Indicator, Indicator], *, groups: tuple[str, str], caption: str
) -> str:
    """The twin of the picture: both figures, their margins, and how many times as often."""
    panels = any(pair.panel for pair in pairs)
    columns = [
        Column(title="Leeftijd en kenmerk" if panels else "Kenmerk"),
        *(
            Column(title=f"{group}, {indicator.unit}", number=True)
            for group, indicator in zip(groups, indicators, strict=True)
        ),
        Column(title="Vergeleken"),
        *(Column(title=f"{group}: ligt waarschijnlijk") for group in groups),
    ]
    rows = [_draw_pair(pair, indicators) for pair in pairs]
    return draw_table(columns, rows, caption=caption)


def _draw_pair(pair: Pair, indicators: tuple[Indicator, Indicator]) -> list[Cell]:
    rows = (pair.first, pair.second)
    absent = Cell(text=NO_FIGURE, state="missing")
    return [
        Cell(text=f"{pair.panel}: {lower_first(pair.name)}" if pair.panel else pair.name),
        *(value_cell(row, indicator) if row else absent for row, indicator in zip(rows, indicators, strict=True)),
        Cell(text=describe_often(pair.first, pair.second)),
        *(
            interval_cell(row, indicator) if row else Cell(text="")
            for row, indicator in zip(rows, indicators, strict=True)
        ),
    ]


def describe_pairs(pairs: Sequence[Pair], *, first: str, second: str) -> str:
    """The picture in words."""
    parts = [
        f"{f'{pair.panel}, ' if pair.panel else ''}{pair.name}: {lower_first(first)} {_say(pair.first)}, "
        f"{lower_first(second)} {_say(pair.second)}."
        for pair in pairs
    ]
    return f"Per kenmerk twee stippen: {lower_first(first)} en {lower_first(second)}. {' '.join(parts)}"


def _say(row: Row | None) -> str:
    if row is None:
        return NO_FIGURE
    return format_value(row["value"], "%", 1) if _is_shown(row) else STATUS_WORDS[row["status"]]
