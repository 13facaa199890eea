"""What every figure means, the protection rule, and which build this is."""

import streamlit as st

from dashboard.choose import View
from dashboard.figures import load_indicators
from dashboard.frame import load_source_names
from dashboard.ledger import draw_build, draw_definition, draw_protection
from dashboard.trace import trace_address


def draw(view: View) -> None:
    """The whole page."""
    publication = view.publication
    sources = load_source_names(publication)
    indicators = load_indicators(publication).values()
    st.header("Wat betekenen de cijfers", anchor=False)
    st.html("".join(draw_definition(one, sources, trace_address(view, one)) for one in indicators))
    st.header("Hoe wij jongeren beschermen", anchor=False)
    st.html(draw_protection(publication.build))
    st.header("Deze publicatie", anchor=False)
    st.html(draw_build(publication.build))
