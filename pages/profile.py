"""Everything about one area on one page: each figure between those of the other areas, by theme."""

import streamlit as st

from dashboard.choose import View, ask_one, list_family
from dashboard.drill import draw_path
from dashboard.frame import draw_downloads, draw_note, draw_states
from dashboard.keep import draw_once, keep
from dashboard.links import draw_link, page_address
from dashboard.neighbours import draw_neighbours
from dashboard.rows import Frame
from dashboard.spine import Standing, list_themes, load_standings, name_others
from dashboard.spine_table import AGREED, KEY, draw_profile, frame_standings, list_absent
from dashboard.tables import draw_list
from dashboard.trace import trace_address, trend_address

ALL = "Alle onderwerpen"


def draw(view: View) -> None:
    """The whole page."""
    name = view.area_names[view.area.code]
    standings = keep(view, "standings", lambda: load_standings(view))
    themes = list_themes(standings)
    left, right = st.columns([5, 6], gap="large", vertical_alignment="bottom")
    with left:
        draw_path(list_family(view))
    options = {"": ALL, **{theme: theme for theme in themes}}
    theme = ask_one("Onderwerp", "onderwerp", "een onderwerp dat", options, place=right)
    if not standings:
        st.info(f"Over {name} zijn er in {view.year} geen cijfers. Kies een groter gebied of een ander jaar.")
        return
    figures = draw_once(view, "profile", lambda: _draw_figures(view, standings, theme), theme)
    draw_downloads(view, figures, name="gebiedsprofiel", chosen=())


def _draw_figures(view: View, standings: tuple[Standing, ...], chosen: str) -> Frame:
    name = view.area_names[view.area.code]
    st.subheader(f"{name} in {view.year}", anchor=False)
    _draw_ways(view, name)
    shown = [one for one in standings if one.is_shown]
    draw_note(KEY + (AGREED if any(one.indicator.polarity != "no_judgement" for one in shown) else ""))
    for title, rows in list_themes(standings).items():
        if chosen in ("", title):
            _draw_theme(view, title, rows, name)
    figures = frame_standings(standings)
    draw_states(figures)
    return figures


def _draw_ways(view: View, name: str) -> None:
    """To the map of this area, and to the areas around and below it."""
    choices = {"gebied": name, "jaar": view.year}
    to_map = draw_link(page_address("kaart", **choices), "Bekijk op de kaart")
    st.html(f'<p class="jb-ways">{to_map}</p>{draw_neighbours(view)}')


def _draw_theme(view: View, title: str, rows: tuple[Standing, ...], name: str) -> None:
    st.subheader(title, anchor=False)
    if any(one.is_shown for one in rows):
        st.html(_draw_table(view, title, rows, name))
    if absent := list_absent(rows):
        st.html(draw_list(absent, empty=""))


def _draw_table(view: View, title: str, rows: tuple[Standing, ...], name: str) -> str:
    addresses = {
        one.indicator.id: (trend_address(view, one.indicator), trace_address(view, one.indicator)) for one in rows
    }
    caption = f"{title}: {name} in {view.year}"
    return draw_profile(rows, caption=caption, others=name_others(view), addresses=addresses)
