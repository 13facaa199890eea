"""Many figures and a few areas in one table: words beside colour, the region beside them."""

import streamlit as st

from dashboard.choose import View, ask_few, ask_one, ask_several
from dashboard.figures import load_indicators
from dashboard.format import THEME_WORDS
from dashboard.frame import draw_downloads, draw_note, draw_states
from dashboard.heat import KEY, ORDERS, draw_heat, list_default_areas, load_heat, order_areas
from dashboard.keep import draw_once, load_once
from dashboard.rows import Frame
from dashboard.trace import trend_address

ALL = "Alle onderwerpen"
MOST_AREAS = 6
MOST_FIGURES = 10


def draw(view: View) -> None:
    """The whole page."""
    codes = order_areas(view, _ask_areas(view))
    figures = load_once(view, "heat figures", lambda: load_heat(view, codes), codes)
    left, middle, right = st.columns([3, 6, 3], vertical_alignment="bottom")
    figures = _ask_figures(view, figures, left, middle)
    with right:
        order = ask_few("Volgorde", "volgorde", "een volgorde die", ORDERS)
    if figures.empty:
        st.info(f"Over deze gebieden zijn er in {view.year} geen cijfers. Kies andere gebieden of een ander jaar.")
        return
    drawn = tuple(dict.fromkeys(figures["indicator"]))
    draw_once(view, "heat", lambda: _draw_figures(view, figures, codes, order), codes, order, drawn)
    draw_downloads(view, figures, name="naast-elkaar", chosen=(codes, drawn))


def _draw_figures(view: View, figures: Frame, codes: tuple[str, ...], order: str) -> None:
    st.html(_draw_table(view, figures, codes, order))
    draw_note(KEY)
    draw_states(figures)


def _draw_table(view: View, figures: Frame, codes: tuple[str, ...], order: str) -> str:
    indicators = load_indicators(view.publication)
    return draw_heat(
        figures,
        indicators,
        areas={code: view.area_names[code] for code in codes},
        region=view.publication.build.region,
        own=view.area.code,
        order=order,
        caption=f"Cijfers van {view.year}, gebieden naast elkaar",
        addresses={key: trend_address(view, indicators[key]) for key in dict.fromkeys(figures["indicator"])},
    )


def _ask_areas(view: View) -> tuple[str, ...]:
    """The chosen set, else the areas that go with the chosen one."""
    chosen = ask_several(
        f"Andere gebieden (hoogstens {MOST_AREAS})",
        "gebieden",
        "een gebied dat",
        view.area_names,
        most=MOST_AREAS,
        hint="De gebieden die bij het gekozen gebied horen",
    )
    return chosen or list_default_areas(view)


def _ask_figures(
    view: View, figures: Frame, left: st.delta_generator.DeltaGenerator, middle: st.delta_generator.DeltaGenerator
) -> Frame:
    """The figures of one theme, or the chosen ones, or all."""
    indicators = load_indicators(view.publication)
    known = [indicators[key] for key in dict.fromkeys(figures["indicator"])]
    themes = {theme: words for theme, words in THEME_WORDS.items() if any(one.theme == theme for one in known)}
    theme = ask_one("Onderwerp", "onderwerp", "een onderwerp dat", {"": ALL, **themes}, place=left)
    with middle:
        picked = ask_several(
            f"Alleen deze cijfers (hoogstens {MOST_FIGURES})",
            "cijfers",
            "een cijfer dat",
            {one.id: one.title for one in known},
            most=MOST_FIGURES,
            hint="Alle cijfers van het onderwerp",
        )
    kept = picked or [one.id for one in known if theme in ("", one.theme)]
    return figures[figures["indicator"].isin(kept)]
