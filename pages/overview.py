"""For a board: the key figures of one area, what stands out, and what we do not know."""

import streamlit as st

from dashboard.board import draw_cards, find_changes, load_board
from dashboard.choose import View, list_children
from dashboard.figures import count_states, load_indicators
from dashboard.frame import draw_downloads
from dashboard.insight import find_notable, list_unknowns
from dashboard.report import draw_pack
from dashboard.tables import draw_list


def draw(view: View) -> None:
    """The whole page."""
    indicators = load_indicators(view.publication)
    board = load_board(view)
    st.subheader(f"{view.area_names[view.area.code]} in {view.year}", anchor=False)
    st.html(draw_cards(view, board))
    left, right = st.columns(2, gap="large")
    notable = find_notable(
        board.around, find_changes(board, indicators), indicators, area=view.area.code, area_name=view.area.name
    )
    left.subheader("Wat valt op", anchor=False)
    left.html(draw_list(notable, empty="Geen cijfer springt er duidelijk uit. Verschillen kunnen toeval zijn."))
    below = (
        view.area.code,
        *(code for level in ("municipality", "district", "neighbourhood") for code in list_children(view, level=level)),
    )
    states = count_states(view.publication, areas=below, period=view.year)
    right.subheader("Wat weten we niet", anchor=False)
    right.html(draw_list(list_unknowns(states, indicators, year=view.year), empty="Alle gevraagde cijfers zijn er."))
    draw_pack(view)
    draw_downloads(view, board.now, name="overzicht")
