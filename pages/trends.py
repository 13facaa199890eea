"""One indicator over time: for one area with its interval or its groups, or for up to six areas."""

from collections.abc import Mapping

import streamlit as st

from dashboard.charts import CONFIG, describe_trend, draw_trend
from dashboard.choose import View, ask_other_areas, ask_period_kind, ask_split
from dashboard.direction import (
    describe_breaks,
    describe_latest,
    describe_verdicts,
    list_lines,
    list_reckoning,
    load_all_breaks,
)
from dashboard.division import describe_bridge, load_series
from dashboard.frame import draw_downloads, draw_explanation, draw_note, load_group_names
from dashboard.keep import draw_once
from dashboard.reckoning import draw_reckoning
from dashboard.rows import Frame
from dashboard.sentences import say
from dashboard.series import name_areas, name_groups, name_periods
from dashboard.tables import draw_figures, draw_list, draw_periods


def draw(view: View) -> None:
    """The whole page."""
    areas = ask_other_areas(view)
    left, right = st.columns(2)
    with left:
        period_kind = ask_period_kind(view, areas)
    with right:
        split = ask_split(view, areas, period_kind)
    figures = draw_once(
        view, "trends", lambda: _draw_figures(view, areas, period_kind, split), areas, period_kind, split
    )
    if len(figures):
        draw_downloads(view, figures, name="ontwikkeling", chosen=(areas, period_kind, split))


def _draw_figures(view: View, areas: tuple[str, ...], period_kind: str, split: str) -> Frame:
    figures, bridge = load_series(view.publication, view.indicator, areas=areas, period_kind=period_kind, split=split)
    if figures.empty:
        st.info("Dit cijfer is er niet voor dit gebied. Kies een groter gebied of een ander cijfer.")
        return figures
    for sentence in describe_bridge(bridge, view.indicator, view.area_names):
        draw_note(sentence)
    if split:
        named = name_groups(figures, split, load_group_names(view.publication))
        places = dict.fromkeys(named["series"], view.area.code)
    else:
        named = name_areas(figures, view.area_names, first=view.area.code)
        places = dict(zip(named["series"], named["area"], strict=True))
    _draw_lines(view, named, places)
    return named


def _draw_lines(view: View, figures: Frame, places: Mapping[str, str]) -> None:
    caption = f"{view.indicator.title}, {view.indicator.unit}"
    st.subheader(caption, anchor=False)
    st.plotly_chart(
        draw_trend(figures, view.indicator), config=CONFIG, theme=None, alt=describe_trend(figures, view.indicator)
    )
    _draw_verdicts(view, figures, places)
    if figures["series"].nunique() == 1:
        st.html(draw_figures(name_periods(figures), view.indicator, first="Periode", caption=caption))
    else:
        st.html(draw_periods(figures, view.indicator, caption=caption))
    draw_explanation(view, view.indicator, figures)


def _draw_verdicts(view: View, figures: Frame, places: Mapping[str, str]) -> None:
    """Under the chart: the latest level, the direction in words with its reason, the breaks, and the reckoning for who wants it."""
    draw_note(describe_latest(figures, view.indicator))
    lines = list_lines(figures)
    if not lines:
        draw_note(say("trend.only_years"))
        return
    breaks = {name: load_all_breaks(view.publication, view.indicator, area=area) for name, area in places.items()}
    verdicts = describe_verdicts(lines, breaks, view.indicator, view.publication.build.sizes)
    if verdicts:
        st.subheader("Wat is er te zien?", anchor=False)
        st.html(draw_list(verdicts, empty=""))
    draw_note(" ".join(describe_breaks(figures, view.indicator)))
    if verdicts:
        draw_reckoning(list_reckoning(lines))
