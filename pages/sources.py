"""What every figure means, the protection rule, and which build this is."""

import streamlit as st

from dashboard.charts import CONFIG
from dashboard.choose import View
from dashboard.figures import Publication, count_all_states, list_tables, load_indicators, load_table
from dashboard.frame import load_source_names
from dashboard.keep import draw_once
from dashboard.ledger import draw_build, draw_definition, draw_protection, group_themes
from dashboard.shielded import (
    describe_audit,
    describe_shielded,
    draw_held,
    draw_shielded,
    draw_shielded_table,
    draw_split_table,
    keep_protected,
)
from dashboard.tables import draw_list
from dashboard.trace import trace_address


def draw(view: View) -> None:
    """The whole page."""
    draw_once(view, "sources", lambda: _draw_all(view))


def _draw_all(view: View) -> None:
    publication = view.publication
    sources = load_source_names(publication)
    st.header("Wat betekenen de cijfers", anchor=False)
    for title, indicators in group_themes(load_indicators(publication).values()).items():
        st.subheader(title, anchor=False)
        st.html("".join(draw_definition(one, sources, trace_address(view, one)) for one in indicators))
    st.header("Hoe wij jongeren beschermen", anchor=False)
    st.html(draw_protection(publication.build))
    _draw_shielded(publication)
    st.header("Deze publicatie", anchor=False)
    st.html(draw_build(publication.build))


def _draw_shielded(publication: Publication) -> None:
    indicators = load_indicators(publication)
    counted = keep_protected(count_all_states(publication), indicators)
    st.subheader("Wat is getoond en wat is afgeschermd", anchor=False)
    if counted.empty:
        st.html(draw_list([], empty="Deze publicatie heeft geen cijfers over personen."))
        return
    lines = describe_shielded(counted)
    st.plotly_chart(draw_shielded(counted), config=CONFIG, theme=None, alt=" ".join(lines))
    st.html(draw_list(lines, empty=""))
    st.html(draw_shielded_table(counted, indicators))
    _draw_audit(publication)


def _draw_audit(publication: Publication) -> None:
    if not {"audit", "held"} <= set(list_tables(publication)["table_name"]):
        return
    indicators, audit = load_indicators(publication), load_table(publication, "audit")
    st.subheader("Controle vóór publicatie", anchor=False)
    st.html(draw_list(describe_audit(audit), empty=""))
    st.html(draw_held(load_table(publication, "held"), indicators) + draw_split_table(audit, indicators))
