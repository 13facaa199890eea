"""What every figure means, what was delivered and refused, which build this is, and the protection rule."""

import streamlit as st

from dashboard.choose import View
from dashboard.figures import load_indicators, load_table
from dashboard.frame import load_source_names
from dashboard.ledger import draw_build, draw_definition, draw_deliveries, draw_problems, draw_protection, draw_refusals


def draw(view: View) -> None:
    """The whole page."""
    publication = view.publication
    sources = load_source_names(publication)
    st.header("Wat betekenen de cijfers", anchor=False)
    st.html("".join(draw_definition(indicator, sources) for indicator in load_indicators(publication).values()))
    st.header("Hoe wij jongeren beschermen", anchor=False)
    st.html(draw_protection(publication.build))
    st.header("Leveringen", anchor=False)
    st.html(draw_deliveries(load_table(publication, "source"), sources))
    st.subheader("Geweigerde rijen, per regel", anchor=False)
    st.html(draw_refusals(load_table(publication, "refusal"), sources))
    st.subheader("Gebieden en grenzen", anchor=False)
    st.html(draw_problems(load_table(publication, "area_problem"), view.area_names))
    st.header("Deze publicatie", anchor=False)
    st.html(draw_build(publication.build))
