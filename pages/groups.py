"""Youth groups in view and people in an approach: how many, coming, going, told, and for how long."""

import streamlit as st

from dashboard.approaches import (
    GROUP_TRACK,
    PERSON_TRACK,
    Track,
    describe_latest,
    describe_steps,
    draw_flows,
    load_groups,
    name_flows,
)
from dashboard.board import draw_cards, load_board
from dashboard.choose import View
from dashboard.figures import load_indicators
from dashboard.frame import draw_downloads, draw_note, load_group_names
from dashboard.keep import draw_once
from dashboard.panel import (
    draw_folded_explanation,
    draw_group_panel,
    draw_series,
    draw_total_panel,
    find_indicator,
    join_figures,
    lift_view,
    no_figures,
    nothing_delivered,
    say_nothing_shown,
)
from dashboard.rows import Frame
from dashboard.tables import draw_list

ONLY_REGION = "Dit is er alleen voor de hele regio: in één gemeente gaat het om te weinig mensen."


def draw(view: View) -> None:
    """The whole page."""
    figures = draw_once(view, "groepen-en-aanpakken", lambda: _draw_figures(view))
    draw_downloads(view, figures, name="groepen-en-aanpakken", chosen=())


def _draw_figures(view: View) -> Frame:
    if view.area.level in ("district", "neighbourhood"):
        view = lift_view(view, "municipality")
        draw_note(
            f"Over groepen en aanpakken is er nooit een cijfer over een wijk of buurt. Hieronder staat {view.area.name}."
        )
    return join_figures([_draw_groups(view), *_draw_track(view, GROUP_TRACK), *_draw_track(view, PERSON_TRACK)])


def _draw_groups(view: View) -> Frame:
    st.header("Jeugdgroepen in beeld", anchor=False)
    if (indicator := find_indicator(view, "youth_groups")) is None:
        return no_figures(view)
    figures = load_groups(view)
    if say_nothing_shown(view, figures):
        return figures
    st.html(draw_list([], empty=describe_latest(figures, view.area_names[view.area.code])))
    draw_series(figures, indicator, caption="Jeugdgroepen in beeld, per halfjaar")
    steps = describe_steps(figures, load_group_names(view.publication))
    st.html(draw_list(steps, empty="Per stap van het 7-stappenmodel is er alleen een cijfer voor de hele regio."))
    draw_folded_explanation(view, indicator, figures)
    return figures


def _draw_track(view: View, track: Track) -> list[Frame]:
    st.header(track.title, anchor=False)
    draw_note(track.words)
    flows = _draw_flows(view, track)
    if nothing_delivered(flows):
        return [flows]
    region = lift_view(view, "region")
    if view.area.level != "region":
        draw_note(f"{ONLY_REGION} Hieronder staat daarom {region.area_names[region.area.code]}.")
    left, right = st.columns(2, gap="large")
    with left:
        duration = draw_group_panel(region, track.duration, title=track.duration_title, first="Duur")
    with right:
        told = draw_total_panel(region, track.told, title=track.told_title)
    if not track.kind:
        return [flows, duration, told]
    with left:
        return [flows, duration, told, draw_group_panel(region, track.kind, title="In welke aanpak", first="Aanpak")]


def _draw_flows(view: View, track: Track) -> Frame:
    if (indicator := find_indicator(view, track.stock)) is None:
        return no_figures(view)
    board = load_board(view, track.flows)
    if say_nothing_shown(view, board.history):
        return board.history
    st.html(draw_cards(view, board))
    caption = f"{track.title}: {view.area_names[view.area.code]}, {view.year}"
    st.html(draw_flows(board.now, load_indicators(view.publication), caption=caption))
    draw_series(name_flows(board.history), indicator, caption=f"{track.title}, {indicator.unit}")
    return board.history
