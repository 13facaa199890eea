"""One indicator over time: for one area with its interval or its groups, or for up to six areas."""

import streamlit as st

from dashboard.charts import CONFIG, describe_trend, draw_trend
from dashboard.choose import View, ask_other_areas, ask_period_kind, ask_split
from dashboard.division import describe_bridge, load_series
from dashboard.frame import draw_downloads, draw_explanation, draw_note, load_group_names
from dashboard.rows import Frame
from dashboard.series import name_areas, name_groups, name_periods
from dashboard.tables import draw_figures, draw_periods


def draw(view: View) -> None:
    """The whole page."""
    areas = ask_other_areas(view)
    left, right = st.columns(2)
    with left:
        period_kind = ask_period_kind(view, areas)
    with right:
        split = ask_split(view, areas, period_kind)
    figures, bridge = load_series(view.publication, view.indicator, areas=areas, period_kind=period_kind, split=split)
    if figures.empty:
        st.info("Dit cijfer is er niet voor dit gebied. Kies een groter gebied of een ander cijfer.")
        return
    for sentence in describe_bridge(bridge, view.indicator, view.area_names):
        draw_note(sentence)
    if split:
        _draw_figures(view, name_groups(figures, split, load_group_names(view.publication)))
    else:
        _draw_figures(view, name_areas(figures, view.area_names, first=view.area.code))


def _draw_figures(view: View, figures: Frame) -> None:
    caption = f"{view.indicator.title}, {view.indicator.unit}"
    st.subheader(caption, anchor=False)
    st.plotly_chart(
        draw_trend(figures, view.indicator), config=CONFIG, theme=None, alt=describe_trend(figures, view.indicator)
    )
    if figures["series"].nunique() == 1:
        st.html(draw_figures(name_periods(figures), view.indicator, first="Periode", caption=caption))
    else:
        st.html(draw_periods(figures, view.indicator, caption=caption))
    draw_explanation(view, view.indicator, figures)
    draw_downloads(view, figures, name="ontwikkeling")
