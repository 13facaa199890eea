"""Networks: home by offence and school municipality, and how suspects hang together, in sizes; never who."""

import streamlit as st

from dashboard.blocks import Block, load_around, load_block, widen
from dashboard.charts import CONFIG, describe_bars, draw_bars
from dashboard.choose import View
from dashboard.explain import describe_soft
from dashboard.format import format_period
from dashboard.frame import draw_downloads, draw_end, draw_note, load_group_names
from dashboard.grid import draw_grid, name_kinds
from dashboard.keep import draw_once
from dashboard.places import (
    ALONE,
    OWN,
    SILENT,
    SIZES,
    TABLES,
    TOTAL,
    Table,
    describe_linked,
    describe_table,
    join_totals,
    list_origins,
    order_kinds,
)
from dashboard.profile import name_by
from dashboard.rows import Frame
from dashboard.series import name_rows, pick_benchmark, split_region
from dashboard.tables import draw_figures, draw_list


def draw(view: View) -> None:
    """The whole page."""
    figures = draw_once(view, "netwerken", lambda: _draw_figures(view))
    if len(figures):
        draw_downloads(view, figures, name="netwerken", chosen=())


def _draw_figures(view: View) -> Frame:
    parts = [_draw_table(view, table) for table in TABLES]
    parts += [_draw_supra_local(view), *(_draw_sizes(view, key) for key in SIZES)]
    st.subheader("Wat deze cijfers niet zeggen", anchor=False)
    st.html(draw_list(SILENT, empty=""))
    return draw_end(view, [block for block in parts if block])


def _draw_table(view: View, table: Table) -> Block | None:
    block = load_block(view, table.indicator, split="kind")
    if block is None or not block.period:
        return _say_nothing(table.title, block)
    caption = f"{table.title}: {format_period(block.period)}"
    st.subheader(caption, anchor=False)
    draw_note(block.note)
    figures = join_totals(load_around(view, block), load_around(view, block, split="kind"))
    labels = name_kinds(load_group_names(view.publication), figures["kind"])
    across = order_kinds(tuple(figures["kind"]), labels)
    shaded = [code for code in across if code != TOTAL]
    st.html(
        draw_grid(figures, block.indicator, across=across, first=table.rows, caption=caption, shaded=shaded, own=OWN)
    )
    draw_note(describe_table(figures, across))
    _draw_one(block, table, across)
    return widen(block, figures)


def _draw_one(block: Block, table: Table, across: dict[str, str]) -> None:
    rows = list_origins(block.figures, across)
    if len(rows) < 2:
        draw_note(ALONE)
        return
    caption = f"{table.name_one(block.area)}, {format_period(block.period)}"
    st.subheader(caption, anchor=False)
    _draw_bars(rows, block, caption, first="Woongemeente")


def _draw_bars(rows: Frame, block: Block, caption: str, *, first: str) -> None:
    chart = draw_bars(rows, block.indicator, benchmark=None, benchmark_name="")
    st.plotly_chart(chart, config=CONFIG, theme=None, alt=describe_bars(rows, block.indicator))
    st.html(draw_figures(rows, block.indicator, first=first, caption=caption))
    draw_note(describe_soft(rows))


def _draw_supra_local(view: View) -> Block | None:
    block = load_block(view, "suspects_supra_local")
    if block is None or not block.period:
        return _say_nothing("Verdachten die ook elders verdacht zijn", block)
    caption = f"{block.indicator.title}: {block.period}"
    st.subheader(caption, anchor=False)
    figures = name_rows(load_around(view, block))
    areas, region = split_region(figures)
    benchmark, name = pick_benchmark(region, block.indicator)
    chart = draw_bars(areas, block.indicator, benchmark=benchmark, benchmark_name=name)
    st.plotly_chart(chart, config=CONFIG, theme=None, alt=describe_bars(figures, block.indicator))
    st.html(draw_figures(figures, block.indicator, first="Woongemeente", caption=caption))
    draw_note(describe_soft(figures))
    return widen(block, figures)


def _draw_sizes(view: View, key: str) -> Block | None:
    block = load_block(view, key, split="kind")
    if block is None or not block.period:
        return _say_nothing(SIZES[key], block)
    caption = f"{block.indicator.title}: {block.area_name} in {block.period}"
    st.subheader(caption, anchor=False)
    draw_note(block.note)
    rows = name_by(block.figures, "kind", load_group_names(view.publication))
    _draw_bars(rows, block, caption, first="Soort")
    if key == "suspect_networks":
        draw_note(describe_linked(rows))
    return block


def _say_nothing(title: str, block: Block | None) -> Block | None:
    st.subheader(title, anchor=False)
    st.info(block.note if block else "Deze publicatie heeft hierover geen cijfers.")
    return block
