"""The toolbox: which interventions there are, for whom and where, and which figure each is meant to change."""

import streamlit as st

from dashboard.before_after import evaluate, list_findings, load_study
from dashboard.board import draw_cards, load_board
from dashboard.charts import CONFIG
from dashboard.choose import View, ask_one
from dashboard.figures import load_table
from dashboard.frame import draw_downloads, draw_note, draw_sheet_download, load_group_names
from dashboard.keep import draw_once, keep
from dashboard.panel import draw_group_panel, join_figures, lift_view, say_nothing_shown
from dashboard.reckoning import draw_reckoning
from dashboard.rows import Frame
from dashboard.step import describe_before_after, draw_before_after
from dashboard.tables import draw_list
from dashboard.toolbox import (
    LIMITS,
    count_sentence,
    draw_interventions,
    find_intervention,
    list_interventions,
    list_options,
    name_codes,
    name_options,
    pick_interventions,
)

KEYS = ("interventions", "intervention_participants", "intervention_reach")


def draw(view: View) -> None:
    """The whole page."""
    _draw_list(view)
    st.header("Wat u hier niet uit kunt opmaken", anchor=False)
    st.html(draw_list(LIMITS, empty=""))
    draw_downloads(
        view, draw_once(view, "toolbox", lambda: join_figures(_draw_numbers(view))), name="interventies", chosen=()
    )


def _draw_list(view: View) -> None:
    names = name_codes(load_group_names(view.publication))
    rows = load_table(view.publication, "intervention")
    if rows.empty:
        st.info("Er is nog geen toolbox met interventies geleverd.")
        return
    here = pick_interventions(rows, view)
    left, right = st.columns(2)
    projects = list_options(rows, "project", names, "Alle projecten")
    kinds = list_options(rows, "type", names, "Alle soorten")
    project = ask_one("Project", "project", "een project dat", projects, place=left)
    kind = ask_one("Soort", "soort", "een soort die", kinds, place=right)
    picked = pick_interventions(here, view, project=project, kind=kind)
    st.header(count_sentence(picked, view.area_names[view.area.code], view.year), anchor=False)
    if picked.empty:
        return
    st.html(keep(view, "interventions", lambda: draw_interventions(picked, view, names), project, kind))
    draw_note("Een klik op het cijfer waar een interventie bij moet helpen, opent de ontwikkeling ervan in dit gebied.")
    draw_sheet_download(view, lambda: list_interventions(picked, view, names), name="toolbox")
    _draw_before_after(view, picked)


def _draw_before_after(view: View, picked: Frame) -> None:
    """One intervention: its figure before and after the start, and beside areas without it."""
    options = name_options(picked)
    if not options:
        return
    st.header("Voor en na de start", anchor=False)
    chosen = ask_one("Interventie", "interventie", "een interventie die", options, place=st.container())
    everywhere = lift_view(view, "region")  # the same for every area: reckoned once
    draw_once(everywhere, "before and after", lambda: _draw_study(everywhere, picked, chosen), chosen)


def _draw_study(view: View, picked: Frame, chosen: str) -> None:
    study = load_study(view.publication, find_intervention(picked, chosen), view.areas)
    finding = evaluate(study, view.area_names, view.publication.build.sizes)
    st.html(draw_list(finding.sentences, empty=""))
    if finding.alone is not None and study.indicator is not None:
        chart = draw_before_after(study, finding)
        st.plotly_chart(chart, config=CONFIG, theme=None, alt=describe_before_after(study))
        draw_reckoning(list_findings(finding))


def _draw_numbers(view: View) -> list[Frame]:
    st.header("De toolbox in cijfers", anchor=False)
    near = view if view.area.level == "region" else lift_view(view, "municipality")
    board = load_board(near, KEYS)
    if say_nothing_shown(near, board.now):
        return [board.now]
    st.subheader(f"{near.area_names[near.area.code]} in {near.year}", anchor=False)
    st.html(draw_cards(near, board))
    region = lift_view(view, "region")
    if near.area.level != "region":
        draw_note("Deelnemers, bereik en projecten zijn er alleen voor de hele regio.")
    left, right = st.columns(2, gap="large")
    with left:
        kinds = draw_group_panel(near, "interventions", title="Naar soort", first="Soort")
    with right:
        people = draw_group_panel(region, "intervention_participants", title="Deelnemers in de regio", first="Soort")
    return [board.now, kinds, people]
