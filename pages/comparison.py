"""Areas side by side in one year: bars with their intervals, the region as a line, and the table."""

import streamlit as st

from dashboard.charts import CONFIG, describe_bars, describe_cut, draw_bars
from dashboard.choose import View, ask_child_level, list_siblings
from dashboard.figures import load_figures
from dashboard.format import LEVEL_WORDS, capitalise, lower_first
from dashboard.frame import draw_downloads, draw_explanation, draw_note
from dashboard.rows import Frame
from dashboard.series import add_region, name_rows, pick_benchmark
from dashboard.tables import draw_figures


def draw(view: View) -> None:
    """The whole page."""
    level = ask_child_level(view)
    codes = list_siblings(view, level)
    figures = load_figures(view.publication, indicators=(view.indicator.id,), areas=codes, period=view.year)
    words = capitalise(LEVEL_WORDS[level][1])
    if figures.empty:
        st.info(
            f"Dit cijfer is er niet voor {LEVEL_WORDS[level][1]} in {view.year}. Kies een groter gebied of een ander cijfer."
        )
        return
    caption = f"{words}: {lower_first(view.indicator.title)} in {view.year}, {view.indicator.unit}"
    _draw_figures(view, figures, caption)


def _draw_figures(view: View, figures: Frame, caption: str) -> None:
    region = load_figures(
        view.publication, indicators=(view.indicator.id,), areas=(view.publication.build.region,), period=view.year
    )
    benchmark, name = pick_benchmark(region, view.indicator)
    st.subheader(caption, anchor=False)
    chart = draw_bars(figures, view.indicator, benchmark=benchmark, benchmark_name=name)
    st.plotly_chart(chart, config=CONFIG, theme=None, alt=describe_bars(figures, view.indicator))
    both = add_region(figures, region) if benchmark is not None else figures
    draw_note(describe_cut(figures, benchmark))
    st.html(draw_figures(name_rows(both), view.indicator, first="Gebied", caption=caption))
    draw_explanation(view, view.indicator, figures)
    draw_downloads(view, both, name="vergelijken")
