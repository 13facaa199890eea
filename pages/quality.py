"""For who looks after the data: what came and what did not, what was refused, assumed and changed."""

import streamlit as st

from dashboard.choose import View
from dashboard.figures import load_indicators, load_table, load_years
from dashboard.frame import draw_note, draw_sheet_download, load_group_names
from dashboard.keep import draw_once
from dashboard.quality import (
    draw_grid,
    draw_notes,
    draw_problems,
    draw_refusals,
    draw_source_folds,
    draw_sources,
    list_gaps,
    name_all_sources,
)
from dashboard.revised import describe_revisions, draw_revisions, list_revisions
from dashboard.tables import draw_list
from dashboard.trace import count_leaning, find_leaning, trace_addresses


def draw(view: View) -> None:
    """The whole page."""
    draw_once(view, "quality", lambda: _draw_lists(view))
    _offer_changed(view)


def _draw_lists(view: View) -> None:
    _draw_delivered(view)
    _draw_read(view)
    _draw_changed(view)


def _draw_delivered(view: View) -> None:
    publication = view.publication
    deliveries, missing = load_table(publication, "source"), load_table(publication, "missing_delivery")
    st.header("Wat is er geleverd", anchor=False)
    st.html(draw_grid(deliveries, missing, load_years(publication)[::-1]))
    draw_note("Een schooljaar staat onder het jaar waarin het eindigt: 2024/25 onder 2025.")
    st.subheader("Wat ontbreekt", anchor=False)
    st.html(draw_list(list_gaps(missing, name_all_sources(deliveries, missing)), empty="Alles is geleverd."))
    leaning = find_leaning(publication)
    st.header("De bronnen", anchor=False)
    st.html(draw_sources(deliveries, made_on=publication.build.made_on, leaning=count_leaning(leaning)))
    draw_note("De ouderdom is die op de dag van deze publicatie. Alleen bestanden die zijn gebruikt, tellen mee.")
    st.subheader("Per bron: de bestanden en de cijfers die haar gebruiken", anchor=False)
    st.html(draw_source_folds(deliveries, leaning, trace_addresses(view)))


def _draw_read(view: View) -> None:
    publication = view.publication
    st.header("Wat is er geweigerd", anchor=False)
    st.html(draw_refusals(load_table(publication, "refusal"), load_table(publication, "source")))
    draw_note("Een geweigerde rij telt nergens mee. Een rij kan bij meer regels staan.")
    st.header("Wat is er aangenomen", anchor=False)
    st.html(draw_notes(load_table(publication, "source")))
    st.header("Gebieden en grenzen", anchor=False)
    st.html(draw_problems(load_table(publication, "area_problem"), view.area_names))


def _draw_changed(view: View) -> None:
    publication = view.publication
    revisions, indicators = load_table(publication, "revision"), load_indicators(publication)
    labels = load_group_names(publication)
    st.header("Wat is er veranderd", anchor=False)
    st.html(draw_list([], empty=describe_revisions(revisions, indicators)))
    if len(revisions):
        st.html(draw_revisions(revisions, indicators, view.area_names, labels))


def _offer_changed(view: View) -> None:
    """What changed as a file, when anything did."""
    publication = view.publication
    revisions = load_table(publication, "revision")
    if revisions.empty:
        return
    indicators, labels = load_indicators(publication), load_group_names(publication)
    draw_sheet_download(
        view, lambda: list_revisions(revisions, indicators, view.area_names, labels), name="veranderingen"
    )
