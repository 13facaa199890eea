"""One indicator as a panel on a page that has several: a chart, the table that says the same, and a folded explanation.

An indicator that was not computed, or of which nothing was delivered, is said in words; no empty chart is drawn.
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.charts import CONFIG, describe_bars, describe_trend, draw_bars, draw_trend
from dashboard.choose import View, list_family
from dashboard.explain import describe_states, explain
from dashboard.figures import load_figures, load_indicators, load_refused_purposes
from dashboard.frame import draw_note, load_group_names, load_source_names
from dashboard.indicator import Indicator
from dashboard.rows import Frame
from dashboard.series import name_groups
from dashboard.tables import draw_figures, draw_periods
from dashboard.trace import trace_address

REST: Final = ("other", "none", "unknown")  # what is left comes last, whatever its place in the code list


def lift_view(view: View, level: str) -> View:
    """The same view of the chosen area, or of the area of that level that it lies in."""
    above = next((area for area in list_family(view) if area.level == level), None)
    return replace(view, area=above) if above else view


def find_indicator(view: View, key: str) -> Indicator | None:
    """The indicator when it was computed; else the page says why it was not."""
    found = load_indicators(view.publication).get(key)
    if found is None:
        draw_note(load_refused_purposes(view.publication).get(key) or "Dit cijfer is in deze publicatie niet berekend.")
    return found


def draw_group_panel(view: View, key: str, *, title: str, first: str) -> Frame:
    """An indicator by group in the chosen year and area: bars, table and explanation; returns the figures drawn."""
    st.subheader(title, anchor=False)
    if (indicator := find_indicator(view, key)) is None:
        return no_figures(view)
    found = load_figures(view.publication, indicators=(key,), areas=(view.area.code,), period=view.year, split="kind")
    figures = name_groups(found, "kind", load_group_names(view.publication))
    figures = figures.assign(name=figures["series"], heading=figures["series"], rest=figures["kind"].isin(REST))
    figures = figures.sort_values("rest", kind="stable").drop(columns="rest")
    if say_nothing_shown(view, figures):
        return figures
    chart = draw_bars(figures, indicator, benchmark=None, benchmark_name="")
    st.plotly_chart(chart, config=CONFIG, theme=None, key=f"staven-{key}", alt=describe_bars(figures, indicator))
    caption = f"{indicator.title}, {view.area_names[view.area.code]}, {view.year}"
    st.html(f'<div class="jb-narrow">{draw_figures(figures, indicator, first=first, caption=caption)}</div>')
    draw_folded_explanation(view, indicator, figures)
    return figures


def draw_total_panel(view: View, key: str, *, title: str) -> Frame:
    """An indicator without groups over the years up to the chosen one; returns the figures drawn."""
    st.subheader(title, anchor=False)
    if (indicator := find_indicator(view, key)) is None:
        return no_figures(view)
    found = load_figures(view.publication, indicators=(key,), areas=(view.area.code,))
    figures = found[found["period"] <= view.year].assign(series=view.area_names[view.area.code])
    if not say_nothing_shown(view, figures):
        draw_series(figures, indicator, caption=f"{indicator.title}, {indicator.unit}")
        draw_folded_explanation(view, indicator, figures)
    return figures


def draw_series(figures: pd.DataFrame, indicator: Indicator, *, caption: str) -> None:
    """A trend chart of the `series` and its table."""
    alt = describe_trend(figures, indicator)
    st.plotly_chart(draw_trend(figures, indicator), config=CONFIG, theme=None, key=f"lijn-{caption}", alt=alt)
    table = draw_periods(figures, indicator, caption=caption)
    unseen = f'<span class="jb-unseen">: {escape(caption)}</span>'
    st.html(f"<details class='jb-fold'><summary>Dezelfde cijfers als tabel{unseen}</summary>{table}</details>")


def say_nothing_shown(view: View, figures: pd.DataFrame) -> bool:
    """Whether there is no figure to draw; then the reason stands there in words."""
    if figures["status"].eq("shown").any():
        return False
    reasons = describe_states(figures, view.publication.build.rule)
    draw_note(" ".join(reasons) or f"Dit cijfer is er niet voor {view.area_names[view.area.code]} in {view.year}.")
    return True


def nothing_delivered(figures: pd.DataFrame) -> bool:
    """Whether every figure lacks because its source delivered nothing; then there is no more to say."""
    return bool(figures["status"].eq("not_delivered").all())


def draw_folded_explanation(view: View, indicator: Indicator, figures: pd.DataFrame) -> None:
    """The block 'Over dit cijfer' behind a line, for pages with several indicators."""
    body = explain(
        indicator,
        figures,
        sources=load_source_names(view.publication),
        rule=view.publication.build.rule,
        origin=trace_address(view, indicator),
    )
    unseen = f'<span class="jb-unseen"> van {escape(indicator.title)}</span>'
    st.html(f"<details class='jb-fold'><summary>Uitleg en bron{unseen}</summary>{body}</details>")


def no_figures(view: View) -> Frame:
    """A frame of figures without rows."""
    return load_figures(view.publication, indicators=(), areas=())


def join_figures(frames: Sequence[Frame]) -> Frame:
    """The figures of several panels under each other, for one download."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
