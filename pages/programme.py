"""For the board of a programme: how far each part is, and the latest figures that belong to it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.choose import View, ask_one
from dashboard.figures import load_table
from dashboard.format import format_date
from dashboard.frame import draw_note
from dashboard.keep import draw_once
from dashboard.rows import Frame, Row
from dashboard.steering import (
    describe_project,
    draw_indicators,
    draw_milestones,
    draw_part,
    find_as_of,
    list_linked,
    list_programmes,
    load_latest,
    pick_parts,
)


def draw(view: View) -> None:
    """The whole page."""
    parts, projects = load_table(view.publication, "programme_part"), load_table(view.publication, "project")
    programme = ask_one(
        "Programma",
        "programma",
        "een programma dat",
        list_programmes(parts, projects, region=view.publication.build.region),
        place=st.container(),
    )
    as_of = find_as_of(load_table(view.publication, "source"))
    if projects.empty:
        st.info("Over de voortgang van projecten is nog niets geleverd. De cijfers per onderdeel staan er wel.")
    else:
        draw_note(f"Voortgang zoals geleverd op {format_date(as_of)}. Cijfers: {view.area_names[view.area.code]}.")
    draw_once(view, "programme", lambda: _draw_parts(view, pick_parts(parts, programme), projects), programme)
    draw_note("* Voorlopig: dit cijfer kan nog iets veranderen. Een klik op een cijfer opent de ontwikkeling ervan.")


def _draw_parts(view: View, parts: Sequence[Row], projects: Frame) -> None:
    for part in parts:
        _draw_part(view, part, projects)


def _draw_part(view: View, part: Row, projects: Frame) -> None:
    code, title = part["part"], part["title"]
    as_of = find_as_of(load_table(view.publication, "source"))
    linked = list_linked(view, code)
    latest = load_latest(view, linked)
    milestones = draw_milestones(projects, code, title=title, as_of=as_of)
    figures = draw_indicators(view, linked, latest, title=title)
    st.html(draw_part(title, describe_project(projects, code), milestones, figures))
