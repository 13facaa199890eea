"""The accessibility statement: what holds, what is not there yet, and whom to tell."""

import streamlit as st

from dashboard.choose import View
from dashboard.contact import DONE, NOT_YET, STATUS, draw_contact, read_contact
from dashboard.frame import draw_note
from dashboard.tables import draw_list


def draw(view: View) -> None:
    """The whole page."""
    st.header("Verklaring", anchor=False)
    st.html(draw_list(STATUS, empty=""))
    st.header("Wat is gedaan", anchor=False)
    st.html(draw_list(DONE, empty=""))
    st.header("Wat nog niet goed gaat", anchor=False)
    st.html(draw_list(NOT_YET, empty=""))
    st.header("Lukt iets niet?", anchor=False)
    st.html(draw_contact(read_contact()))
    draw_note(f"Deze verklaring hoort bij versie {view.publication.build.version} van het programma.")
