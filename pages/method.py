"""How a figure is made and what the words on the screen mean, in plain Dutch."""

import streamlit as st

from dashboard.choose import View
from dashboard.keep import draw_once
from dashboard.links import draw_link, page_address
from dashboard.method import CARE, COMPARED, LABELS, MARGIN, STEPS, TRENDS, draw_margins, draw_words
from dashboard.states import MEANINGS, draw_legend
from dashboard.tables import draw_list


def draw(view: View) -> None:
    """The whole page."""
    draw_once(view, "method", _draw_all)


def _draw_all() -> None:
    st.header("Van levering naar cijfer", anchor=False)
    st.html(draw_list(STEPS, empty=""))
    st.header("Hoe zeker is een cijfer", anchor=False)
    st.html(draw_list(MARGIN, empty="") + draw_margins())
    st.header("Vergeleken met de rest van de regio", anchor=False)
    st.html(draw_list(COMPARED, empty="") + draw_words(LABELS, caption="Woorden bij een vergelijking"))
    st.header("De ontwikkeling over de jaren", anchor=False)
    st.html(draw_words(TRENDS, caption="Woorden bij een ontwikkeling"))
    st.header("Als er geen getal staat", anchor=False)
    st.html(draw_legend(tuple(MEANINGS)))
    rule = draw_link(page_address("cijfers-en-bronnen"), "Hoe wij jongeren beschermen")
    st.html(f'<p class="jb-ways">{rule}</p>')
    st.header("Wat u met een cijfer niet kunt", anchor=False)
    st.html(draw_list(CARE, empty=""))
