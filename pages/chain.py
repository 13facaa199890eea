"""The chain of school, police, Halt and care: how many take each step, whether it is in time, and where it stops."""

import streamlit as st

from dashboard.blocks import Block, load_around, load_block, load_blocks, load_totals, widen
from dashboard.chain import (
    BEFORE,
    DROPS,
    NORMS,
    SHORT,
    SILENT,
    describe_key,
    describe_whole,
    draw_subjects,
    join_rows,
    name_steps,
    order_steps,
)
from dashboard.charts import CONFIG, describe_bars, draw_bars
from dashboard.choose import View
from dashboard.explain import describe_soft
from dashboard.flow import describe_flow, draw_flow
from dashboard.frame import draw_downloads, draw_end, draw_note, load_group_names
from dashboard.grid import draw_grid, name_kinds
from dashboard.keep import draw_once
from dashboard.rows import Frame
from dashboard.series import name_rows
from dashboard.tables import draw_figures, draw_list


def draw(view: View) -> None:
    """The whole page."""
    figures = draw_once(view, "keten", lambda: _draw_figures(view))
    if len(figures):
        draw_downloads(view, figures, name="keten", chosen=())


def _draw_figures(view: View) -> Frame:
    flow = load_block(view, "chain_flow", split="kind")
    norms, drops = load_blocks(view, tuple(NORMS)), load_blocks(view, tuple(DROPS))
    drawn = _draw_flow(view, flow)
    _draw_norms(norms)
    _draw_drops(drops)
    st.subheader("Wat deze cijfers niet zeggen", anchor=False)
    st.html(draw_list(SILENT, empty=""))
    return draw_end(view, [*drawn, *norms, *drops])


def _draw_flow(view: View, block: Block | None) -> list[Block]:
    if block is None or not block.period:
        st.subheader("Van signaal tot zorg", anchor=False)
        st.info(block.note if block else "Deze publicatie heeft geen cijfers over de keten.")
        return [block] if block else []
    names = order_steps(name_kinds(load_group_names(view.publication), block.figures["kind"]))
    steps = name_steps(block.figures, names)
    caption = f"Van signaal tot zorg: {block.area_name}, verdachten van {block.period}"
    st.subheader(caption, anchor=False)
    draw_note(block.note)
    chart = draw_flow(steps, before=BEFORE, group="Verdachten")
    if chart:
        st.plotly_chart(chart, config=CONFIG, theme=None, alt=describe_flow(steps, group="Verdachten"))
        draw_note(describe_key(steps))
    totals = load_totals(view, block)
    draw_note(describe_whole(totals))
    st.html(draw_figures(steps, block.indicator, first="Stap", caption=caption))
    return [widen(block, totals, _draw_municipalities(view, block, names))]


def _draw_municipalities(view: View, block: Block, names: dict[str, str]) -> Frame:
    around = load_around(view, block, split="kind")
    if around["area"].nunique() < 2:
        return around
    caption = f"Gemeenten naast elkaar: deel van de verdachten van {block.period} met elke stap"
    st.subheader(caption, anchor=False)
    st.html(draw_grid(name_rows(around), block.indicator, across=names, first="Gemeente", caption=caption))
    return around


def _draw_norms(blocks: list[Block]) -> None:
    st.subheader("Op tijd: Halt tegenover de norm", anchor=False)
    rows = join_rows(blocks, SHORT)
    if rows.empty:
        st.info("Over de termijnen bij Halt zijn er geen cijfers.")
        return
    chart = draw_bars(rows, blocks[0].indicator, benchmark=None, benchmark_name="")
    alt = describe_bars(rows, blocks[0].indicator)
    st.plotly_chart(chart, config=CONFIG, theme=None, alt=alt)
    caption = "Deel van de jongeren bij wie de norm is gehaald"
    st.html(draw_subjects(blocks, NORMS, first="Norm", caption=caption))
    draw_note(describe_soft(rows))


def _draw_drops(blocks: list[Block]) -> None:
    st.subheader("Waar jongeren uit beeld raken of terugkomen", anchor=False)
    if not blocks:
        st.info("Hierover zijn er geen cijfers.")
        return
    st.html(draw_subjects(blocks, DROPS, first="Waar", caption="Waar jongeren uit beeld raken of terugkomen"))
    rows = join_rows(blocks, DROPS)
    draw_note(describe_soft(rows))
