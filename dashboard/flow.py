"""A group and the steps before and after it as a Sankey. Pure: neither streamlit nor duckdb.

Every flow has its own published number. A step that is not shown is a grey stub of one fixed width with the word for
why; the rest of the group, who took no step, is never drawn: with one step hidden it would be that step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import fold, frame_chart
from dashboard.format import STATUS_WORDS, format_number, format_value, join_words
from dashboard.rows import Row, list_rows
from dashboard.theme import BAR, FLOW, HIDDEN, HIDDEN_EDGE, INK, MUTED, PRIMARY

HEIGHT: Final = 440
MARGIN: Final = {"l": 4, "r": 4, "t": 8, "b": 8}
INSIDE: Final = HEIGHT - MARGIN["t"] - MARGIN["b"]
GAP: Final = 42  # room for the two lines beside a node
HEAD: Final = 50  # room for the words above the group
STUB: Final = 0.03  # of the group: the same for every step that is not shown
LEFT, MIDDLE, RIGHT, THICK = 0.012, 0.33, 0.64, 14


@dataclass(frozen=True, kw_only=True)
class _Node:
    """A bar of the picture; `top` and `size` in pixels from above, `x` as a part of the width."""

    x: float
    top: float
    size: float
    colour: str

    def place(self) -> tuple[float, float]:
        """Where plotly wants its middle; not exactly 0, which plotly takes for 'not given'."""
        return self.x, max(1e-3, (self.top + self.size / 2) / INSIDE)


def draw_flow(steps: pd.DataFrame, *, before: str, group: str) -> go.Figure | None:
    """The picture; None when no step is shown, for then the size of the group is not known either.

    steps   step (words), kind, numerator, denominator, status; in the order of the chain
    before  the kind that comes before the group; the others come after it
    group   what the group is called
    """
    size = find_group(steps)
    if not size:
        return None
    earlier, later = (list_rows(steps[(steps["kind"] == before) == flag]) for flag in (True, False))
    scale = _find_scale([[_width(row, size) for row in rows] for rows in (earlier, later)])
    nodes = _place_nodes(earlier, later, scale, size)
    chart = go.Figure(_draw_sankey(earlier, later, nodes, size))
    _write_words(chart, earlier, later, nodes, f"{group}<br><b>{format_number(size)}</b>")
    frame_chart(chart, height=HEIGHT).update_layout(margin=MARGIN)
    chart.update_xaxes(visible=False, fixedrange=True).update_yaxes(visible=False, fixedrange=True)
    return chart


def find_group(steps: pd.DataFrame) -> float:
    """How many are in the group, as the shown steps say; 0 when none is shown."""
    return max(
        (float(number) for number in steps.loc[steps["status"] == "shown", "denominator"] if number > 0), default=0.0
    )


def _width(row: Row, size: float) -> float:
    return float(row["numerator"]) if row["status"] == "shown" else STUB * size


def _find_scale(columns: Sequence[Sequence[float]]) -> float:
    """Pixels per person, as plotly computes them: the fullest column just fits, its gaps included."""
    fits = [(INSIDE - (len(column) - 1) * GAP) / sum(column) for column in columns if sum(column)]
    return min(fits, default=1.0)


def _place_nodes(earlier: Sequence[Row], later: Sequence[Row], scale: float, size: float) -> list[_Node]:
    """The steps before, the group, the steps after."""
    middle = max(sum(_width(row, size) for row in rows) for rows in (earlier, later)) * scale
    nodes = _stack(earlier, LEFT, HEAD, scale, size)
    nodes.append(_Node(x=MIDDLE, top=HEAD, size=middle, colour=PRIMARY))
    return nodes + _stack(later, RIGHT, 0, scale, size)


def _stack(rows: Sequence[Row], x: float, top: float, scale: float, size: float) -> list[_Node]:
    nodes = []
    for row in rows:
        height = _width(row, size) * scale
        colour = BAR if row["status"] == "shown" else HIDDEN_EDGE
        nodes.append(_Node(x=x, top=top, size=height, colour=colour))
        top += height + GAP
    return nodes


def _draw_sankey(earlier: Sequence[Row], later: Sequence[Row], nodes: Sequence[_Node], size: float) -> go.Sankey:
    rows, middle = [*earlier, *later], len(earlier)
    others = [place for place in range(len(nodes)) if place != middle]
    places = [node.place() for node in nodes]
    look: dict[str, Any] = {
        "x": [x for x, _ in places], "y": [y for _, y in places], "color": [node.colour for node in nodes],
        "label": [""] * len(nodes), "pad": GAP, "thickness": THICK, "line": {"width": 0}, "hoverinfo": "skip",
    }  # fmt: skip
    flows: dict[str, Any] = {
        "source": [place if place < middle else middle for place in others],
        "target": [middle if place < middle else place for place in others],
        "value": [_width(row, size) for row in rows],
        "color": [FLOW if row["status"] == "shown" else HIDDEN for row in rows],
        "customdata": [f"{row['step']}: {describe_step(row)}" for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return go.Sankey(arrangement="fixed", node=look, link=flows)


def describe_step(row: Row) -> str:
    """'80 (16 %)', or the word for why there is no number."""
    if row["status"] != "shown":
        return STATUS_WORDS[row["status"]]
    return f"{format_number(row['numerator'])} ({format_value(row['value'], '%')})"


def _write_words(
    chart: go.Figure, earlier: Sequence[Row], later: Sequence[Row], nodes: Sequence[_Node], group: str
) -> None:
    """Words beside the bars: below those on the left, above the middle, to the right of the others."""
    for row, node in zip(earlier, nodes, strict=False):
        _write(
            chart, _label(row, 16), node.top + node.size + 4, x=LEFT, xshift=-THICK / 2, xanchor="left", yanchor="top"
        )
    middle = nodes[len(earlier)]
    _write(chart, group, middle.top - 4, x=MIDDLE, xanchor="center", yanchor="bottom", colour=INK)
    for row, node in zip(later, nodes[len(earlier) + 1 :], strict=True):
        words = _label(row, 22)
        _write(chart, words, _keep_inside(node), x=RIGHT, xshift=14, xanchor="left", yanchor="middle")


def _keep_inside(node: _Node) -> float:
    return min(max(node.top + node.size / 2, 20.0), INSIDE - 20.0)


def _label(row: Row, width: int) -> str:
    number = describe_step(row)
    return f"{fold(row['step'], width)}<br>" + (f"<b>{number}</b>" if row["status"] == "shown" else f"<i>{number}</i>")


def _write(chart: go.Figure, words: str, down: float, *, colour: str = INK, **place: Any) -> None:
    chart.add_annotation(
        text=words, y=1 - down / INSIDE, xref="paper", yref="paper", showarrow=False, align="left",
        font={"size": 14, "color": colour if "<i>" not in words else MUTED}, **place,
    )  # fmt: skip


def describe_flow(steps: pd.DataFrame, *, group: str) -> str:
    """The picture in words, for who cannot see it."""
    parts = [f"{row['step']} {describe_step(row)}" for row in list_rows(steps)]
    return f"Stroomdiagram. {group}: {format_number(find_group(steps))}. Daarvan: {join_words(parts)}. De tabel geeft alle cijfers."
