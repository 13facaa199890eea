"""The fold 'Voor wie de berekening wil zien': the only place with the words of statistics."""

from collections.abc import Sequence
from html import escape

import streamlit as st


def draw_reckoning(entries: Sequence[tuple[str, str]]) -> None:
    """One line per entry: what it is about and what was found."""
    body = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in entries)
    st.html(
        '<details class="jb-fold"><summary>Voor wie de berekening wil zien</summary>'
        f'<dl class="jb-pairs">{body}</dl></details>'
    )


def draw_saying(sentence: str) -> str:
    """A sentence to read out, in HTML, set apart from the text."""
    return f'<figure class="jb-saying"><figcaption>Zin om voor te lezen</figcaption><blockquote>{escape(sentence)}</blockquote></figure>'
