"""Figures to plotly charts and their descriptions in words. Pure: neither streamlit nor duckdb.

A figure that is not shown has no number, so it has no point, no bar and no say in the range of an axis: a gap.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.format import STATUS_WORDS, format_period, format_tick, format_value, is_known, join_words, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows
from dashboard.sentences import say
from dashboard.theme import BAND, BAR, FONT, GRID, INK, MARKERS, MUTED, PAPER, PRIMARY, SERIES

Chart = go.Figure
FEW_STEPS: Final = 6  # a short axis of whole numbers has no halves
CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "topojsonURL": "./statisch/"}


def frame_chart(chart: go.Figure, *, height: int) -> go.Figure:
    """The calm look that every chart shares; Dutch decimal comma; nothing to drag."""
    made = chart.layout.to_plotly_json()
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0} | made.get("legend", {})
    chart.layout = made | {  # in one go: plotly takes ten times as long to change a layout bit by bit
        "template": go.layout.Template(),
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 36, "b": 8},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT, "size": 15, "color": INK},
        "separators": ",.",
        "dragmode": False,
        "legend": legend,
        "hoverlabel": {"font": {"family": FONT, "size": 15}, "bgcolor": PAPER, "bordercolor": MUTED},
    }
    return chart


def draw_trend(figures: pd.DataFrame, indicator: Indicator) -> go.Figure:
    """Lines over time, one for each `series`; gaps stay gaps; provisional points are open and dashed.

    figures  series, period, value, low, high, status, provisional; an interval band only for a single series
    """
    chart = go.Figure()
    names = list(dict.fromkeys(figures["series"]))
    periods = sorted(figures["period"].unique())
    for position, name in enumerate(names):
        line = figures[figures["series"] == name].set_index("period").reindex(periods)
        if len(names) == 1:
            _add_band(chart, line)
        _add_line(chart, line, name, position, indicator)
    _mark_breaks(chart, periods, indicator)
    single = figures.set_index("period")["status"] if len(names) == 1 else pd.Series(dtype=str)
    chart.layout.xaxis = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": periods,
        "tickvals": _spread_ticks(periods),
        "ticktext": [_tick_text(period, single) for period in _spread_ticks(periods)],
        "showgrid": False,
        "linecolor": MUTED,
        "automargin": True,
        "fixedrange": True,
        "range": [-0.4, len(periods) - 0.6],
    }
    chart.layout.yaxis = _value_axis()
    chart.layout.showlegend = len(names) > 1
    return frame_chart(chart, height=400 + 18 * (len(names) - 1))


def _value_axis() -> dict[str, object]:
    return {
        "rangemode": "tozero",
        "gridcolor": GRID,
        "zerolinecolor": MUTED,
        "tickformat": ",",
        "automargin": True,
        "fixedrange": True,
    }


def _spread_ticks(periods: Sequence[str]) -> list[str]:
    step = max(1, -(-len(periods) // 8))
    return list(periods[::step])


def _tick_text(period: str, status: pd.Series) -> str:
    state = status.get(period, "shown")
    text = format_tick(period).replace(". ", ".<br>")
    return text if state == "shown" else f"{text}<br>{STATUS_WORDS[str(state)].replace(' ', '<br>')}"


def _add_line(chart: go.Figure, line: pd.DataFrame, name: str, position: int, indicator: Indicator) -> None:
    colour, marker = SERIES[position % len(SERIES)], MARKERS[position % len(MARKERS)]
    value = line["value"].where(line["status"] == "shown")
    provisional = line["provisional"].eq(True)
    firm = value.where(~provisional)
    soft = value.where(provisional | provisional.shift(-1, fill_value=False))
    words = [_hover_text(period, row, indicator) for period, row in zip(line.index, list_rows(line), strict=True)]
    shared = {"x": list(line.index), "connectgaps": False, "legendgroup": name, "name": name, "text": words}
    hover = {"hovertemplate": "%{text}<extra>" + name + "</extra>"}
    chart.add_scatter(
        **shared,
        **hover,
        y=_numbers(firm),
        mode="lines+markers",
        line={"color": colour, "width": 2.5},
        marker={"symbol": marker, "size": 9},
    )
    if provisional.any():
        open_or_none = [marker + "-open" if flag else marker for flag in provisional]
        chart.add_scatter(
            **shared,
            **hover,
            y=_numbers(soft),
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": "dot"},
            marker={"symbol": open_or_none, "size": 9, "line": {"width": 2, "color": colour}},
            showlegend=False,
        )


def _hover_text(period: str, row: Row, indicator: Indicator) -> str:
    if row["status"] != "shown":
        return ""
    number = format_value(float(row["value"]), indicator.unit, indicator.decimals)
    mark = " (voorlopig)" if row["provisional"] is True else ""
    return f"{format_period(period)}{mark}: {number}{'' if indicator.unit == '%' else ' ' + indicator.unit}"


def _numbers(values: pd.Series) -> list[float | None]:
    return [round(float(value), 6) if is_known(value) else None for value in values]


def _add_band(chart: go.Figure, line: pd.DataFrame) -> None:
    known = line["low"].notna() & line["high"].notna() & line["status"].eq("shown")
    for number, run in enumerate(_runs(line[known], list(line.index))):
        around = [*run.index, *run.index[::-1]]
        chart.add_scatter(
            x=around,
            y=[*_numbers(run["low"]), *_numbers(run["high"])[::-1]] if len(run) else [],
            fill="toself",
            fillcolor=BAND,
            mode="lines",
            line={"width": 0, "color": BAND},
            hoverinfo="skip",
            name="waarschijnlijke marge",
            showlegend=False,
            legendgroup=f"marge {number}",
        )


def _runs(known: pd.DataFrame, periods: list[str]) -> Iterator[pd.DataFrame]:
    """Unbroken stretches of two periods or more."""
    places = pd.Series([periods.index(period) for period in known.index], index=known.index, dtype=int)
    for _, stretch in known.groupby((places.diff() != 1).cumsum()):
        if len(stretch) > 1:
            yield stretch


def _mark_breaks(chart: go.Figure, periods: Sequence[str], indicator: Indicator) -> None:
    for start, _ in indicator.breaks:
        later = [place for place, period in enumerate(periods) if period[:4] >= start[:4]]
        if later and later[0] > 0:
            chart.add_vline(x=later[0] - 0.5, line={"color": MUTED, "width": 1.5, "dash": "dash"})
            chart.add_annotation(
                x=later[0] - 0.5,
                y=1,
                yref="paper",
                yanchor="bottom",
                text=f"breuk {start[:4]}",
                showarrow=False,
                font={"size": 13, "color": MUTED},
            )


def draw_bars(
    figures: pd.DataFrame, indicator: Indicator, *, benchmark: float | None, benchmark_name: str
) -> go.Figure:
    """Horizontal bars in the order given, each with its interval; the region is a line, not a bar.

    figures  name, value, low, high, status; one row per area
    """
    chart = go.Figure()
    _add_bars(chart, figures, indicator)
    for place, status in enumerate(figures["status"]):
        if status != "shown":
            _write_beside(chart, place, STATUS_WORDS[status])
    if benchmark is not None:
        level = format_value(benchmark, indicator.unit, indicator.decimals)
        _draw_benchmark(chart, benchmark, f"{benchmark_name}: {level}")
    chart.layout.yaxis = {
        "tickvals": list(range(len(figures))),
        "ticktext": [fold(name) for name in figures["name"]],
        "range": [len(figures) - 0.4, -0.6],
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
    }
    limit = find_bar_limit(figures, benchmark)
    whole = {"dtick": 1} if indicator.decimals == 0 and limit <= FEW_STEPS else {}
    chart.layout.xaxis = _value_axis() | {"range": [0, limit], **whole}
    chart.layout.showlegend = False
    return frame_chart(chart, height=110 + 38 * len(figures))


def _add_bars(chart: go.Figure, figures: pd.DataFrame, indicator: Indicator) -> None:
    value = figures["value"].where(figures["status"] == "shown")
    chart.add_bar(
        y=list(range(len(figures))),
        x=_numbers(value),
        orientation="h",
        marker={"color": BAR},
        error_x=_whiskers(figures, value) if figures["low"].where(value.notna()).notna().any() else None,
        text=[_bar_hover(row, indicator) for row in list_rows(figures)],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
        width=0.62,
    )


def find_bar_limit(figures: pd.DataFrame, benchmark: float | None) -> float:
    """Where the axis ends: room for every bar and most intervals; one huge interval must not flatten all bars."""
    shown = figures[figures["status"] == "shown"]
    top = max([*shown["value"], benchmark or 0.0], default=0.0)
    widest = max(shown["high"].dropna(), default=top)
    return min(1.08 * max(widest, top), 2 * top) if top else 1.1 * widest or 1.0


def describe_cut(figures: pd.DataFrame, benchmark: float | None) -> str:
    """How to read the bars, and that some intervals run out of the picture when they do."""
    key = say("margin.key")
    shown = figures[figures["status"] == "shown"]
    cut = bool((shown["high"] > find_bar_limit(figures, benchmark)).any())
    return f"{key} {say('margin.cut')}" if cut else key


def _whiskers(figures: pd.DataFrame, value: pd.Series) -> dict[str, object]:
    upper, lower = figures["high"].where(value.notna()) - value, value - figures["low"].where(value.notna())
    style = {"color": INK, "thickness": 1.5, "width": 5}
    return {"type": "data", "symmetric": False, "array": _numbers(upper), "arrayminus": _numbers(lower), **style}


def _bar_hover(row: Row, indicator: Indicator) -> str:
    if row["status"] != "shown":
        return ""
    return f"{row['name']}: {format_value(row['value'], indicator.unit, indicator.decimals)}"


def _write_beside(chart: go.Figure, place: int, word: str) -> None:
    chart.add_annotation(
        x=0,
        y=place,
        text=word,
        xanchor="left",
        xshift=6,
        showarrow=False,
        bgcolor=PAPER,
        font={"color": MUTED, "size": 14},
    )


def _draw_benchmark(chart: go.Figure, benchmark: float, words: str) -> None:
    chart.add_vline(x=benchmark, line={"color": PRIMARY, "width": 2, "dash": "dash"})
    place = {"x": benchmark, "y": 1, "yref": "paper", "yanchor": "bottom"}
    chart.add_annotation(**place, text=words, showarrow=False, font={"color": PRIMARY, "size": 14})


def fold(name: str, width: int = 22) -> str:
    """A long name over two lines or more, so that a phone keeps room for the bars."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def describe_trend(figures: pd.DataFrame, indicator: Indicator) -> str:
    """What a trend chart shows, for who cannot see it: per series the first and last shown figure and the gaps."""
    parts = [_describe_series(str(name), line, indicator) for name, line in figures.groupby("series", sort=False)]
    return f"Lijngrafiek van {lower_first(indicator.title)}, {indicator.unit}. {' '.join(parts)} De tabel geeft alle cijfers."


def _describe_series(name: str, line: pd.DataFrame, indicator: Indicator) -> str:
    shown = line[line["status"] == "shown"]
    if shown.empty:
        return f"{name}: geen cijfers om te tonen."
    ends = [
        f"{format_value(value, indicator.unit, indicator.decimals)} in {format_period(period)}"
        for period, value in [
            (shown["period"].iloc[0], shown["value"].iloc[0]),
            (shown["period"].iloc[-1], shown["value"].iloc[-1]),
        ]
    ]
    gaps = "" if len(shown) == len(line) else f" Zonder cijfer: {len(line) - len(shown)} van de {len(line)} perioden."
    return f"{name}: van {ends[0]} naar {ends[1]}.{gaps}"


def describe_bars(figures: pd.DataFrame, indicator: Indicator) -> str:
    """What a bar chart shows, in the order of the bars."""
    parts = []
    for row in list_rows(figures):
        shown = row["status"] == "shown"
        number = (
            format_value(row["value"], indicator.unit, indicator.decimals) if shown else STATUS_WORDS[row["status"]]
        )
        parts.append(f"{row['name']} {number}")
    return f"Staafgrafiek van {lower_first(indicator.title)}, {indicator.unit}: {join_words(parts)}."
