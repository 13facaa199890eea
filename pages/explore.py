"""Verkennen: any figures by areas, periods and groups, as a table to turn, a chart that fits, and files to take along."""

import streamlit as st

from dashboard.ask_selection import Choices, ask_chart, ask_groups, ask_layout, ask_selection, describe_choice
from dashboard.charts import CONFIG, describe_bars, describe_cut, describe_trend, draw_bars, draw_trend
from dashboard.choose import View
from dashboard.dots import NO_CAUSE, describe_dots, draw_dots
from dashboard.figures import load_indicators
from dashboard.fit import list_charts, list_pairs, name_series
from dashboard.frame import draw_note, draw_states, load_group_names, load_source_names
from dashboard.indicator import Indicator
from dashboard.keep import draw_once, load_once
from dashboard.keep_view import draw_keeping, draw_sharing
from dashboard.ledger import draw_definition
from dashboard.multiples import describe_scale, draw_multiples
from dashboard.pivot import Layout, describe_counts, draw_pivot, name_dimensions
from dashboard.pivot import describe_cut as describe_cut_table
from dashboard.rows import Frame
from dashboard.selection import MOST_FIGURES, Selection, describe_absent, describe_rule, load_selection
from dashboard.takeaway import draw_citation, draw_feed, draw_files, pack
from dashboard.trace import trace_address


def draw(view: View) -> None:
    """The whole page."""
    choices = Choices()
    labels = load_group_names(view.publication)
    selection = ask_selection(view, choices)
    with st.container():  # a place of its own: what comes or goes here must not draw the choices below anew
        selection = ask_groups(view, _load(view, selection), selection, labels, choices)
    figures = _load(view, selection)
    with st.container():
        draw_once(view, "absent", lambda: _say_absent(view, selection, figures), repr(selection))
    if figures.empty:
        st.info("Voor deze keuze zijn er geen cijfers. Kies andere gebieden, een andere periode of een ander cijfer.")
    elif len(figures) > MOST_FIGURES:
        st.info("Dit zijn te veel cijfers voor één tabel. Kies minder gebieden, minder jaren of minder cijfers.")
    else:
        known = load_indicators(view.publication)
        present = set(figures["indicator"])
        used = {key: known[key] for key in selection.indicators if key in present}
        named = load_once(
            view,
            "named figures",
            lambda: name_series(name_dimensions(figures, used, view.area_names, labels)),
            repr(selection),
        )
        _draw_found(view, selection, named, used, choices)
    draw_keeping(choices.query)


def _load(view: View, selection: Selection) -> Frame:
    return load_once(view, "selection", lambda: load_selection(view.publication, selection), repr(selection))


def _say_absent(view: View, selection: Selection, figures: Frame) -> None:
    for sentence in describe_absent(view, selection, figures):
        draw_note(sentence)


def _draw_found(view: View, selection: Selection, figures: Frame, used: dict[str, Indicator], choices: Choices) -> None:
    title = describe_choice(view, selection)
    st.subheader(title, anchor=False)
    with st.container():
        chart = ask_chart(list_charts(figures), choices)
    draw_once(view, "explored chart", lambda: _draw_chart(chart, figures, used), repr(selection), chart)
    layout = ask_layout(figures, choices)
    asked = (repr(selection), repr(layout))
    draw_once(view, "explored table", lambda: _draw_pivot(view, figures, used, layout, title), *asked)
    take = pack(view, figures, used, title=title, chart=chart, query=choices.query)
    draw_files(view, take)
    draw_citation(view, take)
    draw_feed(take)
    draw_sharing(choices.query)
    draw_once(view, "explored definitions", lambda: _draw_definitions(view, used), repr(selection))


def _draw_pivot(view: View, figures: Frame, used: dict[str, Indicator], layout: Layout, title: str) -> None:
    st.html(f'<div class="jb-pivot jb-narrow">{draw_pivot(figures, used, layout, caption=title)}</div>')
    draw_states(figures)
    for sentence in (describe_cut_table(figures, layout), describe_counts(figures), describe_rule(view, figures)):
        draw_note(sentence)


def _draw_definitions(view: View, used: dict[str, Indicator]) -> None:
    st.subheader("Over deze cijfers", anchor=False)
    sources = load_source_names(view.publication)
    st.html("".join(draw_definition(one, sources, trace_address(view, one)) for one in used.values()))


def _draw_chart(chart: str, figures: Frame, used: dict[str, Indicator]) -> None:
    if chart == "dots":
        both = tuple(used.values())
        pairs = list_pairs(figures)
        alt = describe_dots(pairs, (both[0], both[1]), figures)
        st.plotly_chart(draw_dots(pairs, (both[0], both[1])), config=CONFIG, theme=None, key="stippen", alt=alt)
        draw_note(f"{alt} {NO_CAUSE}")
        return
    for key, one in used.items() if chart != "none" else ():
        rows = figures[figures["indicator"] == key]
        _draw_one(chart if chart != "apart" else list_charts(rows)[0], rows, one, apart=chart == "apart")


def _draw_one(chart: str, rows: Frame, one: Indicator, *, apart: bool) -> None:
    if apart and chart != "none":
        st.markdown(f"#### {one.title}")
    if chart == "lines":
        alt = describe_trend(rows, one)
        st.plotly_chart(draw_trend(rows, one), config=CONFIG, theme=None, key=f"lijn-{one.id}", alt=alt)
    elif chart == "bars":
        bars = draw_bars(rows, one, benchmark=None, benchmark_name="")
        st.plotly_chart(bars, config=CONFIG, theme=None, key=f"staaf-{one.id}", alt=describe_bars(rows, one))
        draw_note(describe_cut(rows, None))
    elif chart == "small":
        draw_note(describe_scale(rows, one))
        st.html(draw_multiples(rows, one))
