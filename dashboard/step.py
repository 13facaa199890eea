"""A series before and after a start, beside what it would have been: to plotly. Pure: neither streamlit nor duckdb."""

import numpy as np
import plotly.graph_objects as go

from dashboard.before_after import Finding, Study
from dashboard.charts import frame_chart
from dashboard.format import format_period, format_tick, lower_first
from dashboard.theme import GRID, MUTED, PRIMARY

TICKS = 8


def draw_before_after(study: Study, finding: Finding) -> go.Figure:
    """The treated areas together: seen as a line, expected without a step as a dashed line, the start marked."""
    assert study.indicator is not None
    assert finding.alone is not None
    own = slice(0, study.treated)
    people = study.people[own].sum(axis=0)
    chart = go.Figure()
    lines = (
        ("gezien", study.events[own].sum(axis=0), {"color": PRIMARY, "width": 2.5}),
        ("lijn van voor de start, doorgetrokken", finding.alone.expected, {"color": MUTED, "width": 2, "dash": "dash"}),
    )
    for name, counts, line in lines:
        values = [round(float(one), 4) for one in study.indicator.per * np.asarray(counts) / people]
        chart.add_scatter(x=study.periods, y=values, mode="lines", name=name, line=line, hoverinfo="x+y")
    chart.add_vline(x=study.start - 0.5, line={"color": MUTED, "width": 1.5, "dash": "dash"})
    place = {"x": study.start - 0.5, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": 3}
    chart.add_annotation(**place, text="start", showarrow=False, bgcolor="white")  # inside: above it stands the legend
    step = max(1, -(-len(study.periods) // TICKS))
    ticks = study.periods[::step]
    chart.update_xaxes(
        type="category", tickvals=ticks, ticktext=[format_tick(one) for one in ticks], showgrid=False, fixedrange=True,
        linecolor=MUTED, automargin=True,
    )  # fmt: skip
    chart.update_yaxes(rangemode="tozero", gridcolor=GRID, fixedrange=True, tickformat=",", automargin=True)
    return frame_chart(chart, height=380)


def describe_before_after(study: Study) -> str:
    """What the chart shows, for who cannot see it."""
    assert study.indicator is not None
    first, last = format_period(study.periods[0]), format_period(study.periods[-1])
    return (
        f"Lijngrafiek van {lower_first(study.indicator.title)}, {study.indicator.unit}, van {first} tot en met {last}, "
        "met een streep bij de start en de lijn van daarvoor doorgetrokken. De zinnen erboven geven de uitkomst."
    )
