"""Saving a view under a name, and the list of what was saved. Names come from strangers: they are always escaped."""

from html import escape
from typing import Final

import streamlit as st

from dashboard.ask_selection import PAGE
from dashboard.format import format_date
from dashboard.frame import draw_note
from dashboard.links import draw_link
from dashboard.saved import NAME_LENGTH, SavedView, StoreError, delete_view, list_views, save_view

EVERYBODY: Final = "Iedereen die dit programma mag gebruiken, ziet deze lijst. Zet er geen namen van mensen in."


def draw_sharing(query: str) -> None:
    """The link to this very view."""
    link = draw_link(f"./{PAGE}?{query}", "Link naar deze weergave")
    st.html(f'<p class="jb-note">Delen? Kopieer het adres van deze pagina, of deze link: {link}.</p>')


def draw_keeping(query: str) -> None:
    """Save this view, and open or delete the saved ones."""
    with st.expander("Weergave bewaren of openen"):
        _ask_name(query)
        try:
            views = list_views()
        except StoreError as problem:
            draw_note(str(problem))
            return
        draw_note(EVERYBODY)
        if views:
            _list_views(views)
            _ask_delete(views)
        else:
            draw_note("Er is nog geen weergave bewaard.")


def _ask_name(query: str) -> None:
    with st.form("bewaren", clear_on_submit=True, border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        name = left.text_input("Naam voor deze weergave", max_chars=NAME_LENGTH)
        pressed = right.form_submit_button("Bewaar", width="stretch")
    if pressed:
        try:
            save_view(name, query)
            st.success("De weergave is bewaard. Zij staat nu in de lijst hieronder.")
        except StoreError as problem:
            st.warning(str(problem))


def _list_views(views: list[SavedView]) -> None:
    lines = [
        f"<li>{draw_link(f'./{PAGE}?{view.query}', view.name)} <span>bewaard op {escape(format_date(view.saved_on))}</span></li>"
        for view in views
    ]
    st.html(f'<ul class="jb-list jb-saved">{"".join(lines)}</ul>')


def _ask_delete(views: list[SavedView]) -> None:
    with st.form("verwijderen", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        name = left.selectbox(
            "Bewaarde weergave verwijderen", [view.name for view in views], index=None, placeholder="Kies"
        )
        pressed = right.form_submit_button("Verwijder", width="stretch")
    if pressed and name:
        try:
            delete_view(name)
        except StoreError as problem:
            st.warning(str(problem))
        else:
            st.rerun()
