"""Is it true? Pick a figure, an area, a window and a claim; read the verdict, the sentence, the reasons and the chart."""

import streamlit as st

from dashboard.charts import CONFIG, describe_trend, draw_trend
from dashboard.choose import View, ask_few, ask_one
from dashboard.claims import LEAST_YEARS, Answer, answer_claim, fit_window, has_provisional, list_years, pick_window
from dashboard.direction import load_all_breaks
from dashboard.division import describe_bridge, load_series
from dashboard.frame import draw_downloads, draw_explanation, draw_note
from dashboard.keep import draw_once, load_once
from dashboard.reckoning import draw_reckoning, draw_saying
from dashboard.rows import Frame
from dashboard.sentences import CLAIM_WORDS, say
from dashboard.series import name_areas, name_periods
from dashboard.tables import draw_figures, draw_list


def draw(view: View) -> None:
    """The whole page."""
    claim = ask_few("De bewering: het cijfer is", "bewering", "een bewering die", CLAIM_WORDS)
    figures, bridge = load_once(view, "claim series", lambda: _load_series(view))
    years = list_years(figures)
    if len(years) < LEAST_YEARS or not view.indicator.denominator or view.indicator.is_stock:
        st.info(say("claim.too_short"))
        return
    left, right = st.columns(2)
    chosen = ask_one("Van", "van", "een jaar dat", dict(zip(years, years, strict=True)), place=left)
    newest = years[::-1]
    until = ask_one("Tot en met", "tot", "een jaar dat", dict(zip(newest, newest, strict=True)), place=right)
    first, last = fit_window(years, chosen, until)
    if (first, last) != (chosen, until):
        st.warning(say("claim.order", first=first, last=last))
    if has_provisional(figures):
        draw_note(say("claim.provisional"))
    window = pick_window(figures, first, last)
    draw_once(view, "claim", lambda: _draw_window(view, window, bridge, claim), claim, first, last)
    draw_downloads(view, window, name="klopt-het", chosen=(first, last))


def _load_series(view: View) -> tuple[Frame, Frame]:
    return load_series(view.publication, view.indicator, areas=(view.area.code,), period_kind="year", split="")


def _draw_window(view: View, window: Frame, bridge: Frame, claim: str) -> None:
    _draw_answer(view, window, claim)
    for sentence in describe_bridge(bridge, view.indicator, view.area_names):
        draw_note(sentence)
    draw_explanation(view, view.indicator, window)


def _draw_answer(view: View, window: Frame, claim: str) -> None:
    answer: Answer = answer_claim(
        window,
        claim,
        view.indicator,
        area_name=view.area_names[view.area.code],
        breaks=load_all_breaks(view.publication, view.indicator, area=view.area.code),
        sizes=view.publication.build.sizes,
    )
    st.subheader(answer.short, anchor=False)
    st.html(draw_saying(answer.sentence))
    st.html(draw_list([*answer.reasons, say("claim.no_cause")], empty=""))
    lines = name_areas(window, view.area_names, first=view.area.code)
    alt = describe_trend(lines, view.indicator)
    st.plotly_chart(draw_trend(lines, view.indicator), config=CONFIG, theme=None, alt=alt)
    caption = f"{view.indicator.title}, {view.indicator.unit}"
    st.html(draw_figures(name_periods(lines), view.indicator, first="Periode", caption=caption))
    if answer.reckoning:
        draw_reckoning(answer.reckoning)
