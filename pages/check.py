"""Controleer: type the code of a figure or a file, and read whether it still holds."""

import streamlit as st

from dashboard.address import find_unknown
from dashboard.check import check_figure, check_set
from dashboard.checked import UNKNOWN, WRONG, draw_checked, draw_checked_set
from dashboard.choose import View
from dashboard.format import safe_echo
from dashboard.frame import draw_note
from dashboard.receipt import read_receipt

CODE_KEY = "code"


def draw(view: View) -> None:
    """The whole page."""
    find_unknown(CODE_KEY, ())  # any code may be asked: the frame must only know the name
    typed = st.text_input(
        "Controlecode",
        key=CODE_KEY,
        bind="query-params",
        max_chars=40,
        placeholder="bijvoorbeeld K7M4Q-2XW9D",
        help="De code staat in elk bestand achter elk cijfer, en in de naam van het bestand.",
    )
    if not typed.strip():
        draw_note("Vul een code in en druk op Enter. Elk cijfer en elk bestand dat u meeneemt, heeft een eigen code.")
    elif (code := read_receipt(typed)) is None:
        st.warning(f"{WRONG} U vulde in: {safe_echo(typed) or '(leeg)'}.")
    else:
        _draw_verdict(view, code)


def _draw_verdict(view: View, code: str) -> None:
    if found := check_set(view.publication, code):
        st.html(draw_checked_set(found, view.publication))
    elif one := check_figure(view.publication, code):
        st.html(draw_checked(one))
    else:
        st.info(UNKNOWN)
