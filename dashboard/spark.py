"""The small line on a card: no axes, gaps stay gaps, as an image that needs no script. Pure."""

import base64
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dashboard.theme import GRID, PRIMARY


def draw_spark(values: Sequence[float | None], *, width: int = 220, height: int = 44, top: float | None = None) -> str:
    """A small line without axes as an image address; None is a gap; the last point is a dot.

    top  the value at the upper edge, for lines that must share a scale; else the highest of these values
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    top = top or max(known) or 1.0
    step = (width - 16) / max(1, len(values) - 1)
    points = [
        None if value is None else (8 + place * step, height - 6 - (height - 14) * value / top)
        for place, value in enumerate(values)
    ]
    marks = "".join(_spark_lines(points)) + _spark_dots(points)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><path d="M8 {height - 6}H{width - 8}" stroke="{GRID}"/>{marks}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _spark_lines(points: Sequence[tuple[float, float] | None]) -> Iterator[str]:
    for start, finish in pairwise(points):
        if start and finish:
            line = f"M{start[0]:.1f} {start[1]:.1f}L{finish[0]:.1f} {finish[1]:.1f}"
            yield f'<path d="{line}" stroke="{PRIMARY}" stroke-width="2" stroke-linecap="round"/>'


def _spark_dots(points: Sequence[tuple[float, float] | None]) -> str:
    shown = [point for point in points if point]
    alone = [
        point
        for place, point in enumerate(points)
        if point and not any(points[near] for near in (place - 1, place + 1) if 0 <= near < len(points))
    ]
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{PRIMARY}"/>' for x, y in {*alone, shown[-1]})
