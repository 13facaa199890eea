"""Two figures of the same areas against each other, a dot for each; and the same as words and a table. Pure.

Only where both are shown there is a dot. No line is drawn through them: that two figures go together says nothing
about a cause.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import frame_chart
from dashboard.fit import Pair
from dashboard.format import format_value, lower_first
from dashboard.indicator import Indicator
from dashboard.theme import GRID, MARKERS, MUTED, SERIES

NO_CAUSE: Final = "Dat twee cijfers samengaan, zegt niet dat het ene door het andere komt."


def draw_dots(pairs: Sequence[Pair], indicators: tuple[Indicator, Indicator]) -> go.Figure:
    """A dot per area, period and group; a colour and shape for each group, or one for all."""
    chart = go.Figure()
    names = list(dict.fromkeys(name_group(pair) for pair in pairs))
    for position, name in enumerate(names):
        _add_dots(chart, [pair for pair in pairs if name_group(pair) == name], indicators, name, position)
    for axis, one in zip((chart.update_xaxes, chart.update_yaxes), indicators, strict=True):
        axis(
            title={"text": f"{one.title}<br>{one.unit}", "font": {"size": 14}}, rangemode="tozero", gridcolor=GRID,
            zerolinecolor=MUTED, tickformat=",", automargin=True, fixedrange=True,
        )  # fmt: skip
    chart.update_layout(showlegend=len(names) > 1)
    return frame_chart(chart, height=520)


def _add_dots(
    chart: go.Figure, pairs: Sequence[Pair], indicators: tuple[Indicator, Indicator], name: str, position: int
) -> None:
    colour = SERIES[position % len(SERIES)]
    chart.add_scatter(
        x=[round(float(pair.x["value"]), 6) for pair in pairs],
        y=[round(float(pair.y["value"]), 6) for pair in pairs],
        mode="markers",
        marker={"symbol": MARKERS[position % len(MARKERS)], "size": 10, "color": colour, "opacity": 0.75},
        name=name,
        text=[describe_pair(pair, indicators) for pair in pairs],
        hovertemplate="%{text}<extra></extra>",
    )


def name_group(pair: Pair) -> str:
    """The group of a dot in words: '12 tot en met 14 jaar'; '' for totals."""
    both = (pair.x, pair.y)
    found = [
        next((str(row[f"{dimension}_group"]) for row in both if row[dimension] != "all"), "")
        for dimension in ("age", "sex", "kind")
    ]
    return ", ".join(word for word in found if word)


def describe_pair(pair: Pair, indicators: tuple[Indicator, Indicator]) -> str:
    """One dot in words."""
    x, y = (
        f"{lower_first(one.title)} {format_value(float(row['value']), one.unit, one.decimals)}"
        for one, row in zip(indicators, (pair.x, pair.y), strict=True)
    )
    group = name_group(pair)
    return f"{pair.x['place']}, {pair.x['when']}{', ' + group if group else ''}: {x}, {y}"


def describe_dots(pairs: Sequence[Pair], indicators: tuple[Indicator, Indicator], figures: pd.DataFrame) -> str:
    """What the dots are, and how many figures have none because one of the two is not shown."""
    first, second = (lower_first(one.title) for one in indicators)
    lost = int((figures["status"] != "shown").sum())
    gaps = " Waar een van de twee niet te zien is, staat geen stip." if lost else ""
    return f"{len(pairs)} stippen: {first} naar rechts, {second} naar boven.{gaps} De tabel geeft alle cijfers."
