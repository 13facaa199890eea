"""Families with more than one young person in care or justice: shares and their words; never which family."""

import streamlit as st

from dashboard.blocks import Block, load_around, load_block, widen
from dashboard.charts import CONFIG, describe_bars, describe_cut, draw_bars
from dashboard.choose import View
from dashboard.figures import load_figures
from dashboard.frame import draw_downloads, draw_end, draw_note
from dashboard.households import KEYS, MEANING, SILENT, TITLES
from dashboard.keep import draw_once
from dashboard.panel import draw_series
from dashboard.rows import Frame
from dashboard.series import name_rows, pick_benchmark, split_region
from dashboard.tables import draw_figures, draw_list


def draw(view: View) -> None:
    """The whole page."""
    figures = draw_once(view, "gezinnen", lambda: _draw_figures(view))
    if len(figures):
        draw_downloads(view, figures, name="gezinnen", chosen=())


def _draw_figures(view: View) -> Frame:
    draw_note(MEANING)
    blocks = [block for key in KEYS if (block := _draw_family(view, key))]
    st.subheader("Wat deze cijfers niet zeggen", anchor=False)
    st.html(draw_list(SILENT, empty=""))
    return draw_end(view, blocks)


def _draw_family(view: View, key: str) -> Block | None:
    block = load_block(view, key)
    if block is None or not block.period:
        st.subheader(TITLES[key], anchor=False)
        st.info(block.note if block else "Deze publicatie heeft hierover geen cijfers.")
        return block
    caption = f"{TITLES[key]}: {block.period}"
    st.subheader(caption, anchor=False)
    draw_note(block.note)
    draw_note(block.indicator.definition)
    around = load_around(view, block)
    _draw_areas(view, block, around, caption)
    return widen(block, around, _draw_years(view, block))


def _draw_areas(view: View, block: Block, around: Frame, caption: str) -> None:
    """The municipalities beside each other where the figure has them, with the region as a line."""
    municipalities, region = split_region(around)
    if len(municipalities) > 1:
        benchmark, name = pick_benchmark(region, block.indicator)
        chart = draw_bars(name_rows(municipalities), block.indicator, benchmark=benchmark, benchmark_name=name)
        alt = describe_bars(municipalities, block.indicator)
        st.plotly_chart(chart, config=CONFIG, theme=None, key=f"gezin-{block.indicator.id}", alt=alt)
        draw_note(describe_cut(municipalities, benchmark))
    st.html(draw_figures(name_rows(around), block.indicator, first="Gebied", caption=caption))


def _draw_years(view: View, block: Block) -> Frame:
    """The same figure over the years, for the area that it is about."""
    history = load_figures(view.publication, indicators=(block.indicator.id,), areas=(block.area.code,))
    figures = history[history["period"] <= block.period].assign(series=block.area_name)
    if figures["period"].nunique() > 1:
        draw_note(f"Door de jaren: {block.area_name}.")
        draw_series(figures, block.indicator, caption=f"{block.indicator.title}, {block.area_name}, door de jaren")
    return figures
