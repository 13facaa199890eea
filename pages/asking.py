"""Who to ask, and what helps to be helped."""

import streamlit as st

from dashboard.choose import View
from dashboard.contact import ASK, draw_contact, read_contact
from dashboard.tables import draw_list


def draw(view: View) -> None:
    """The whole page."""
    st.header("Contact", anchor=False)
    st.html(draw_contact(read_contact()))
    st.header("Waarvoor", anchor=False)
    st.html(draw_list(ASK, empty=""))
    st.header("Wat u erbij zet", anchor=False)
    st.html(draw_list([f"Het nummer van deze publicatie: {view.publication.build.id}."], empty=""))
