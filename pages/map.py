"""The map: click down from municipality to district to neighbourhood; the select box and the table do the same."""

import streamlit as st

from dashboard.charts import CONFIG
from dashboard.choose import View, list_family, list_siblings
from dashboard.drill import draw_path, is_stylised, load_labels, open_clicked, shapes_address
from dashboard.figures import load_figures
from dashboard.format import LEVEL_WORDS, capitalise, join_words, lower_first
from dashboard.frame import draw_downloads, draw_explanation, draw_note
from dashboard.maps import describe_map, draw_map
from dashboard.neighbours import draw_profile_link
from dashboard.rows import Frame
from dashboard.series import name_rows
from dashboard.tables import draw_figures

BELOW = {"region": "municipality", "municipality": "district"}


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
    caption = f"{capitalise(words)}: {lower_first(view.indicator.title)} in {view.year}, {view.indicator.unit}"
    st.subheader(caption, anchor=False)
    _draw_map(view, figures, level)
    st.html(draw_figures(name_rows(figures), view.indicator, first="Gebied", caption=caption))
    draw_explanation(view, view.indicator, figures)
    draw_downloads(view, figures, name="kaart")


def _draw_map(view: View, figures: Frame, level: str) -> None:
    labels = load_labels(view.publication, int(view.year), level)
    absent = [name for name, code in zip(figures["name"], figures["area"], strict=True) if code not in labels]
    if len(absent) < len(figures):
        key = f"kaart-{view.area.code}-{view.year}-{view.indicator.id}"
        st.plotly_chart(
            draw_map(
                figures, view.indicator, shapes_url=shapes_address(view, level), labels=labels, chosen=view.area.code
            ),
            config=CONFIG,
            theme=None,
            key=key,
            on_select=lambda: open_clicked(key),
            selection_mode="points",
            alt=describe_map(figures, view.indicator, view.year),
        )
        draw_note(_describe_key(figures))
    if is_stylised(view, list(figures["area"])):
        draw_note("Gestileerde kaart: de grenzen zijn niet echt.")
    if absent:
        draw_note(f"Niet op de kaart, want zonder grens: {join_words(absent)}. In de tabel staan ze wel.")


def _describe_key(figures: Frame) -> str:
    key = "Hoe donkerder blauw, hoe hoger het cijfer. Het lichtste blauw is nul."
    grey = (
        " Grijs: daar is geen cijfer te tonen, het is bijvoorbeeld afgeschermd."
        if (figures["status"] != "shown").any()
        else ""
    )
    return key + grey
