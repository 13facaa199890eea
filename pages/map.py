"""The map: click down from municipality to district to neighbourhood; the select box and the table do the same."""

import streamlit as st

from dashboard.charts import CONFIG, Chart
from dashboard.choose import View, ask_few, list_family, list_siblings
from dashboard.drill import draw_path, is_stylised, load_labels, open_clicked, shapes_address
from dashboard.figures import load_figures
from dashboard.format import LEVEL_WORDS, join_words
from dashboard.frame import draw_downloads, draw_explanation, draw_note
from dashboard.hatch import draw_stripes
from dashboard.keep import draw_once, keep
from dashboard.maps import describe_map, draw_map
from dashboard.neighbours import draw_profile_link, list_lenders
from dashboard.rows import Frame, join_figures
from dashboard.second_map import APART, SAME, Sheet, ask_second, find_top
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
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        asked = ask_few("Cijfers", "waarde", "een soort cijfer dat", VALUES)
    second = ask_second(view, level, place=right)
    sheets = [_load_sheet(one, level, asked) for one in (view, second) if one]
    sheets = [sheet for sheet in sheets if not _is_empty(sheet)]
    if not sheets:
        return
    same = len({sheet.view.indicator.id for sheet in sheets}) == 1
    top = find_top([sheet.drawn for sheet in sheets]) if same else 0
    for place, sheet in zip(st.columns(len(sheets), gap="large"), sheets, strict=True):
        with place:
            _draw_sheet(sheet, asked, top)
    if len(sheets) > 1:
        draw_note(SAME if same else APART)
    _draw_tables(view, sheets, asked)


def _load_sheet(view: View, level: str, asked: str) -> Sheet:
    codes = list_siblings(view, level)
    figures = load_figures(view.publication, indicators=(view.indicator.id,), areas=codes, period=view.year)
    smoothed = _smooth(view, figures, level) if asked == "afgevlakt" and len(figures) else None
    return Sheet(view=view, level=level, figures=figures, smoothed=smoothed)


def _is_empty(sheet: Sheet) -> bool:
    if sheet.figures.empty:
        words = f"{LEVEL_WORDS[sheet.level][1]} in {sheet.view.year}"
        st.info(
            f"{sheet.view.indicator.title}: dit cijfer is er niet voor {words}. "
            "Kies een groter gebied of een ander cijfer."
        )
    return sheet.figures.empty


def _smooth(view: View, figures: Frame, level: str) -> Frame | None:
    """Smoothed figures of these areas, or nothing when too few are shown; more areas lend to them than are drawn."""
    smoothed = load_smoothed(
        view.publication, view.indicator, lenders=list_lenders(view, level), level=level, year=view.year
    )
    return None if smoothed is None else pick_areas(smoothed, list(figures["area"]))


def _draw_sheet(sheet: Sheet, asked: str, top: float) -> None:
    st.subheader(sheet.caption if sheet.smoothed is None else f"{sheet.caption}, afgevlakt", anchor=False)
    _draw_map(sheet, top)
    draw_note(describe_smoothing(asked == "afgevlakt", sheet.smoothed is not None, sheet.level))


def _draw_map(sheet: Sheet, top: float) -> None:
    view, figures, smoothed = sheet.view, sheet.figures, sheet.smoothed is not None
    if len(_list_absent(sheet)) < len(figures):
        key = f"kaart-{view.area.code}-{view.year}-{view.indicator.id}"
        st.plotly_chart(
            keep(view, "map", lambda: _make_map(sheet, top), sheet.level, smoothed, top),
            config=CONFIG,
            theme=None,
            key=key,
            on_select=lambda: open_clicked(key),
            selection_mode="points",
            alt=keep(
                view,
                "map in words",
                lambda: describe_map(figures, view.indicator, view.year, smoothed=smoothed),
                sheet.level,
                smoothed,
            ),
        )
    draw_once(view, "below a map", lambda: _draw_below(sheet), sheet.level, smoothed)


def _make_map(sheet: Sheet, top: float) -> Chart:
    view, figures, year = sheet.view, sheet.figures, int(sheet.view.year)
    uncertain = list_uncertain(figures, view.indicator, view.publication.build.sizes)
    return draw_map(
        sheet.drawn,
        view.indicator,
        shapes_url=shapes_address(view, sheet.level),
        labels=load_labels(view.publication, year, sheet.level),
        chosen=view.area.code,
        stripes=draw_stripes(load_geometry(view.publication, year, sheet.level), uncertain, list(figures["area"])),
        top=top,
    )


def _list_absent(sheet: Sheet) -> list[str]:
    """Names of the areas without a shape."""
    labels = load_labels(sheet.view.publication, int(sheet.view.year), sheet.level)
    pairs = zip(sheet.figures["name"], sheet.figures["area"], strict=True)
    return [name for name, code in pairs if code not in labels]


def _draw_below(sheet: Sheet) -> None:
    view, figures, absent = sheet.view, sheet.figures, _list_absent(sheet)
    if len(absent) < len(figures):
        uncertain = list_uncertain(figures, view.indicator, view.publication.build.sizes)
        draw_note(describe_key(figures, uncertain, view.publication.build.sizes))
    if is_stylised(view, list(figures["area"])):
        draw_note("Gestileerde kaart: de grenzen zijn niet echt.")
    if absent:
        draw_note(f"Niet op de kaart, want zonder grens: {join_words(absent)}. In de tabel staan ze wel.")


def _draw_tables(view: View, sheets: list[Sheet], asked: str) -> None:
    chosen = (asked, *((sheet.level, sheet.view.year, sheet.view.indicator.id) for sheet in sheets))
    draw_once(view, "map tables", lambda: _draw_all(sheets), *chosen)
    draw_downloads(view, join_figures([sheet.figures for sheet in sheets]), name="kaart", chosen=chosen)


def _draw_all(sheets: list[Sheet]) -> None:
    for sheet in sheets:
        draw_note(sheet.caption if len(sheets) > 1 else "")
        st.html(_draw_table(sheet))
    for sheet in sheets if sheets[-1].view.indicator.id != sheets[0].view.indicator.id else sheets[:1]:
        draw_explanation(sheet.view, sheet.view.indicator, sheet.figures)


def _draw_table(sheet: Sheet) -> str:
    rows, indicator = name_rows(sheet.figures), sheet.view.indicator
    if sheet.smoothed is None:
        return draw_figures(rows, indicator, first="Gebied", caption=sheet.caption)
    return draw_smoothed(rows, sheet.smoothed, indicator, caption=sheet.caption)
