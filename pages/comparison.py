"""Areas side by side in one year: bars or a funnel, the table with its intervals, and areas that are alike."""

from collections.abc import Mapping

import streamlit as st

from dashboard.charts import CONFIG, describe_bars, describe_cut, draw_bars
from dashboard.choose import View, ask_child_level, ask_few, ask_one, list_siblings
from dashboard.figures import load_figures
from dashboard.format import LEVEL_WORDS, capitalise, lower_first
from dashboard.frame import draw_downloads, draw_explanation, draw_note
from dashboard.funnel import (
    LEAST_AREAS,
    Funnel,
    build_funnel,
    describe_funnel,
    describe_spread,
    draw_funnel,
    list_funnel_notes,
)
from dashboard.keep import draw_once, keep
from dashboard.likeness import LEAST_AREAS as LEAST_ALIKE
from dashboard.likeness import describe_peers, enough_areas, find_peers, load_traits, name_peers
from dashboard.reckoning import draw_reckoning
from dashboard.rows import Frame
from dashboard.sentences import say
from dashboard.series import add_region, count_not_shown, name_rows, pick_benchmark
from dashboard.tables import draw_figures, draw_list

CHARTS = {"staven": "Staven met marge", "trechter": "Trechter"}


def draw(view: View) -> None:
    """The whole page."""
    level = ask_child_level(view)
    codes = list_siblings(view, level)
    figures = load_figures(view.publication, indicators=(view.indicator.id,), areas=codes, period=view.year)
    words = capitalise(LEVEL_WORDS[level][1])
    if figures.empty:
        st.info(
            f"Dit cijfer is er niet voor {LEVEL_WORDS[level][1]} in {view.year}. Kies een groter gebied of een ander cijfer."
        )
        return
    chart = ask_few("Grafiek", "grafiek", "een grafiek die", CHARTS)
    caption = f"{words}: {lower_first(view.indicator.title)} in {view.year}, {view.indicator.unit}"
    drawn = draw_once(view, "comparison", lambda: _draw_figures(view, figures, caption, chart), level, chart)
    draw_downloads(view, drawn, name="vergelijken", chosen=(level,))
    _draw_alike(view, figures, level)
    draw_once(view, "compared", lambda: draw_explanation(view, view.indicator, figures), level)


def _draw_figures(view: View, figures: Frame, caption: str, chart: str) -> Frame:
    region = load_figures(
        view.publication, indicators=(view.indicator.id,), areas=(view.publication.build.region,), period=view.year
    )
    benchmark, name = pick_benchmark(region, view.indicator)
    st.subheader(caption, anchor=False)
    funnel = (
        build_funnel(figures, view.indicator, region, view.publication.build.sizes) if chart == "trechter" else None
    )
    if funnel:
        _draw_funnel(view, funnel, figures, name)
    else:
        if chart == "trechter":
            draw_note(say("funnel.too_few", count=LEAST_AREAS))
        bars = draw_bars(figures, view.indicator, benchmark=benchmark, benchmark_name=name)
        st.plotly_chart(bars, config=CONFIG, theme=None, alt=describe_bars(figures, view.indicator))
        draw_note(describe_cut(figures, benchmark))
    both = add_region(figures, region) if benchmark is not None else figures
    table = draw_figures(
        name_rows(both), view.indicator, first="Gebied", caption=caption, bars=True, sizes=view.publication.build.sizes
    )
    st.html(table)
    draw_note(say("compare.order"))
    return both


def _draw_funnel(view: View, funnel: Funnel, figures: Frame, name: str) -> None:
    chart = draw_funnel(funnel, view.indicator, region_name=name or "Regio")
    st.plotly_chart(chart, config=CONFIG, theme=None, alt=describe_funnel(funnel, view.indicator))
    draw_note(" ".join(list_funnel_notes(funnel, hidden=count_not_shown(figures))))
    draw_reckoning([("Trechter", describe_spread(funnel))])


def _draw_alike(view: View, figures: Frame, level: str) -> None:
    """Areas of the whole region that are like one of these areas, whatever their figure is."""
    st.subheader("Vergelijkbare gebieden", anchor=False)
    if not keep(view, "enough alike", lambda: enough_areas(_load_traits(view, level)), level):
        draw_note(say("peers.too_few", count=LEAST_ALIKE))
        return
    options = {code: view.area_names[code] for code in figures["area"] if code in view.area_names}
    area = ask_one("Lijkt op", "lijkt", "een gebied dat", options, place=st.container())
    draw_once(view, "alike", lambda: _draw_peers(view, level, area, options), level, area)


def _load_traits(view: View, level: str) -> Frame:
    everywhere = tuple(view.areas.loc[view.areas["level"] == level, "code"])
    return load_traits(view.publication, everywhere, view.year, view.indicator)


def _draw_peers(view: View, level: str, area: str, options: Mapping[str, str]) -> None:
    peerage = find_peers(_load_traits(view, level), area)
    if peerage is None:
        draw_note(say("peers.unknown", area=options[area]))
        return
    st.html(draw_list(describe_peers(peerage, options[area]), empty=""))
    own = (area, *peerage.codes)
    alike = load_figures(view.publication, indicators=(view.indicator.id,), areas=own, period=view.year)
    named = name_peers(alike, peerage, view.area_names, first=area)
    caption = f"Gebieden die lijken op {options[area]} in {view.year}, {view.indicator.unit}"
    st.html(
        draw_figures(
            named, view.indicator, first="Gebied", caption=caption, bars=True, sizes=view.publication.build.sizes
        )
    )
