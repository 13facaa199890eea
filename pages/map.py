"""The map: click down from municipality to district to neighbourhood; the select box and the table do the same."""

import streamlit as st

from dashboard.charts import CONFIG, Chart
from dashboard.choose import View, ask_few, list_family, list_lenders, list_siblings
from dashboard.drill import draw_path, is_stylised, load_labels, open_clicked, shapes_address
from dashboard.figures import load_figures
from dashboard.format import LEVEL_WORDS, capitalise, join_words, lower_first
from dashboard.frame import draw_downloads, draw_explanation, draw_note
from dashboard.hatch import draw_stripes
from dashboard.keep import draw_once, keep
from dashboard.maps import describe_map, draw_map
from dashboard.neighbours import draw_profile_link
from dashboard.rows import Frame
from dashboard.series import name_rows
from dashboard.smooth import (
    describe_key,
    describe_smoothing,
    list_uncertain,
    load_geometry,
    load_smoothed,
    pick_areas,
)
from dashboard.tables import draw_figures, draw_smoothed

BELOW = {"region": "municipality", "municipality": "district"}
VALUES = {"geteld": "zoals geteld", "afgevlakt": "afgevlakt"}


def draw(view: View) -> None:
    """The whole page."""
    level = BELOW.get(view.area.level, "neighbourhood")
    draw_path(list_family(view))
    st.html(draw_profile_link(view))
    codes = list_siblings(view, level)
    figures = load_figures(view.publication, indicators=(view.indicator.id,), areas=codes, period=view.year)
    words = LEVEL_WORDS[level][1]
    if figures.empty:
        st.info(f"Dit cijfer is er niet voor {words} in {view.year}. Kies een groter gebied of een ander cijfer.")
        return
    asked = ask_few("Cijfers", "waarde", "een soort cijfer dat", VALUES)
    smoothed = _smooth(view, figures, level) if asked == "afgevlakt" else None
    caption = f"{capitalise(words)}: {lower_first(view.indicator.title)} in {view.year}, {view.indicator.unit}"
    st.subheader(caption if smoothed is None else f"{caption}, afgevlakt", anchor=False)
    _draw_map(view, figures if smoothed is None else smoothed, figures, level)
    draw_once(view, "below the map", lambda: _draw_below(view, figures, smoothed, asked, level, caption), level, asked)
    draw_downloads(view, figures, name="kaart", chosen=(level,))


def _draw_below(view: View, figures: Frame, smoothed: Frame | None, asked: str, level: str, caption: str) -> None:
    uncertain = list_uncertain(figures, view.indicator, view.publication.build.sizes)
    absent = _list_absent(view, figures, level)
    if len(absent) < len(figures):
        draw_note(describe_key(figures, uncertain, view.publication.build.sizes))
    if is_stylised(view, list(figures["area"])):
        draw_note("Gestileerde kaart: de grenzen zijn niet echt.")
    if absent:
        draw_note(f"Niet op de kaart, want zonder grens: {join_words(absent)}. In de tabel staan ze wel.")
    draw_note(describe_smoothing(asked == "afgevlakt", smoothed is not None, level))
    if smoothed is None:
        st.html(draw_figures(name_rows(figures), view.indicator, first="Gebied", caption=caption))
    else:
        st.html(draw_smoothed(name_rows(figures), smoothed, view.indicator, caption=caption))
    draw_explanation(view, view.indicator, figures)


def _list_absent(view: View, figures: Frame, level: str) -> list[str]:
    """Names of the areas without a shape."""
    labels = load_labels(view.publication, int(view.year), level)
    return [name for name, code in zip(figures["name"], figures["area"], strict=True) if code not in labels]


def _smooth(view: View, figures: Frame, level: str) -> Frame | None:
    """Smoothed figures of these areas, or nothing when too few are shown; more areas lend to them than are drawn."""
    smoothed = load_smoothed(
        view.publication, view.indicator, lenders=list_lenders(view, level), level=level, year=view.year
    )
    return None if smoothed is None else pick_areas(smoothed, list(figures["area"]))


def _draw_map(view: View, drawn: Frame, figures: Frame, level: str) -> None:
    if len(_list_absent(view, figures, level)) == len(figures):
        return
    key, smoothed = f"kaart-{view.area.code}-{view.year}-{view.indicator.id}", drawn is not figures
    st.plotly_chart(
        keep(view, "map", lambda: _make_map(view, drawn, figures, level), level, smoothed),
        config=CONFIG,
        theme=None,
        key=key,
        on_select=lambda: open_clicked(key),
        selection_mode="points",
        alt=keep(
            view,
            "map in words",
            lambda: describe_map(figures, view.indicator, view.year, smoothed=smoothed),
            level,
            smoothed,
        ),
    )


def _make_map(view: View, drawn: Frame, figures: Frame, level: str) -> Chart:
    shapes = load_geometry(view.publication, int(view.year), level)
    uncertain = list_uncertain(figures, view.indicator, view.publication.build.sizes)
    return draw_map(
        drawn,
        view.indicator,
        shapes_url=shapes_address(view, level),
        labels=load_labels(view.publication, int(view.year), level),
        chosen=view.area.code,
        stripes=draw_stripes(shapes, uncertain, list(figures["area"])),
    )
