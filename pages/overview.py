"""For a board, on one screen: what stands out, the key figures of one area, what we do not know, and the projects."""

import streamlit as st

from dashboard.board import MARGIN, draw_cards, find_changes, load_board
from dashboard.choose import View, list_children
from dashboard.figures import count_states, load_indicators, load_table
from dashboard.frame import draw_downloads, draw_note, draw_states
from dashboard.insight import find_notable, list_unknowns
from dashboard.keep import draw_once
from dashboard.links import draw_headline, page_address
from dashboard.progress import draw_progress
from dashboard.report import draw_pack
from dashboard.rows import Frame
from dashboard.tables import draw_list


def draw(view: View) -> None:
    """The whole page."""
    now = draw_once(view, "overview", lambda: _draw_figures(view))
    draw_pack(view)
    draw_downloads(view, now, name="overzicht", chosen=())


def _draw_figures(view: View) -> Frame:
    left, right = st.columns(2, gap="large")
    left.html(_draw_headline(view) + _draw_notable(view))
    unknown = draw_headline("Wat weten we niet", page_address("datakwaliteit"), "Alles over de leveringen")
    right.html(unknown + _draw_unknowns(view))
    st.html(f'<h2 class="jb-unseen">Kerncijfers</h2>{_draw_cards(view)}')
    board = load_board(view)
    draw_states(board.now)
    draw_note(MARGIN)
    return board.now


def _draw_notable(view: View) -> str:
    indicators, board = load_indicators(view.publication), load_board(view)
    changes = find_changes(board, indicators)
    notable = find_notable(board.around, changes, indicators, area=view.area.code, area_name=view.area.name)
    return draw_list(notable, empty="Geen cijfer springt er duidelijk uit. Verschillen kunnen toeval zijn.")


def _draw_cards(view: View) -> str:
    """The key figures, and behind them how far the projects are."""
    parts, projects, deliveries = (
        load_table(view.publication, name) for name in ("programme_part", "project", "source")
    )
    progress = draw_progress(parts, projects, deliveries, region=view.publication.build.region)
    return draw_cards(view, load_board(view), progress)


def _draw_headline(view: View) -> str:
    """What stands out, with the way to all figures: of one area, or of the municipalities side by side."""
    name, choices = view.area_names[view.area.code], {"gebied": view.area_names[view.area.code], "jaar": view.year}
    title = f"Wat valt op: {name} in {view.year}"
    if view.area.level == "region":
        return draw_headline(title, page_address("naast-elkaar", **choices), "Alle gemeenten naast elkaar")
    return draw_headline(title, page_address("gebiedsprofiel", **choices), f"Alle cijfers van {view.area.name}")


def _draw_unknowns(view: View) -> str:
    levels = ("municipality", "district", "neighbourhood")
    below = (view.area.code, *(code for level in levels for code in list_children(view, level=level)))
    states = count_states(view.publication, areas=below, period=view.year)
    unknown = list_unknowns(states, load_indicators(view.publication), year=view.year)
    return draw_list(unknown, empty="Alle gevraagde cijfers zijn er.")
