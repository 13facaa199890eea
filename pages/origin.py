"""Where one figure comes from: the figure, what it means, the deliveries it was counted from, and the SQL that counts."""

import streamlit as st

from dashboard.choose import View
from dashboard.figures import load_sql, load_table
from dashboard.format import LEVEL_WORDS
from dashboard.frame import draw_note, load_group_names, load_source_names
from dashboard.keep import draw_once
from dashboard.ledger import draw_fields
from dashboard.quality import draw_files, draw_files_by_source
from dashboard.tables import draw_figures
from dashboard.trace import draw_sql, list_sources, load_traced, name_traced, split_deliveries


def draw(view: View) -> None:
    """The whole page."""
    draw_once(view, "origin", lambda: _draw_all(view))


def _draw_all(view: View) -> None:
    st.header(view.indicator.title, anchor=False)
    _draw_figure(view)
    _draw_deliveries(view)
    st.header("De berekening", anchor=False)
    draw_note(
        "Zo telt het programma. De SQL noemt tabellen en kolommen, nooit iemand. "
        "Na het tellen wordt afgeschermd; pas daarna komt een cijfer op het scherm."
    )
    st.html(draw_sql(load_sql(view.publication, view.indicator.id), view.area.level))
    st.header("De definitie", anchor=False)
    st.html(draw_fields(view.indicator, load_source_names(view.publication)))


def _draw_figure(view: View) -> None:
    figures = load_traced(view)
    name = view.area_names[view.area.code]
    st.subheader(f"Het cijfer: {name}, {view.year}", anchor=False)
    if figures.empty:
        level = LEVEL_WORDS[view.area.level][0]
        st.info(f"Dit cijfer is er niet voor deze {level} in {view.year}. Kies een groter gebied of een ander jaar.")
        return
    named = name_traced(figures, load_group_names(view.publication))
    caption = f"{view.indicator.title}, {name}, {view.year}"
    st.html(draw_figures(named, view.indicator, first="Periode", caption=caption))


def _draw_deliveries(view: View) -> None:
    deliveries = load_table(view.publication, "source")
    counted, others = split_deliveries(deliveries, list_sources(view.publication, view.indicator), view.year)
    st.header("De leveringen", anchor=False)
    if counted.empty:
        st.info(f"Over {view.year} is van de bronnen van dit cijfer niets geleverd.")
    else:
        st.html(draw_files_by_source(counted, year=view.year))
        draw_note("Met de vingerafdruk is na te gaan of een bestand precies het bestand is dat is geteld.")
    if len(others):
        st.html(_fold(draw_files(others, caption="Andere leveringen van deze bronnen")))


def _fold(table: str) -> str:
    summary = "Andere jaren en vervangen leveringen van deze bronnen"
    return f"<details class='jb-fold'><summary>{summary}</summary>{table}</details>"
