"""The target group: characteristics of risk youth beside those of all youth, by age; no cause and no prediction."""

import streamlit as st

from dashboard.blocks import Block, load_around, load_block, widen
from dashboard.charts import CONFIG, describe_bars, draw_bars
from dashboard.choose import View
from dashboard.explain import describe_soft
from dashboard.frame import draw_downloads, draw_end, draw_note, load_group_names
from dashboard.grid import name_kinds
from dashboard.keep import draw_once
from dashboard.pairs import Pair, describe_pairs, draw_pair_table, draw_pairs
from dashboard.profile import ALL, MEANING, NO_CAUSE, RISK, name_by, order_traits, pair_ages, pair_kinds
from dashboard.rows import Frame
from dashboard.series import name_rows
from dashboard.tables import draw_figures, draw_list


def draw(view: View) -> None:
    """The whole page."""
    figures = draw_once(view, "doelgroep", lambda: _draw_figures(view))
    if len(figures):
        draw_downloads(view, figures, name="doelgroep", chosen=())


def _draw_figures(view: View) -> Frame:
    draw_note(MEANING)
    st.subheader("Wat u moet weten", anchor=False)
    st.html(draw_list(NO_CAUSE, empty=""))
    parts = [
        _draw_size(view),
        _draw_profile(view, "risk_profile", "youth_profile", split="kind"),
        _draw_profile(view, "risk_profile_by_age", "youth_profile_by_age", split="age,kind"),
        _draw_any(view),
        _draw_domains(view),
        _draw_youngest(view),
    ]
    blocks = [block for part in parts for block in part]
    return draw_end(view, blocks)


def _draw_size(view: View) -> list[Block]:
    ages, total = load_block(view, "risk_youth", split="age"), load_block(view, "risk_youth")
    if total is None or not total.period:
        st.subheader(SIZE, anchor=False)
        _say_nothing(total)
        return []
    caption = f"{SIZE}: {total.period}, {total.indicator.unit}"
    st.subheader(caption, anchor=False)
    draw_note(total.note)
    around = load_around(view, total)
    st.html(draw_figures(name_rows(around), total.indicator, first="Gebied", caption=caption))
    draw_note(describe_soft(around))
    if ages is None or not ages.period:
        return [widen(total, around)]
    draw_note(ages.note)
    rows = name_by(ages.figures, "age", load_group_names(view.publication))
    _draw_bars(rows, ages, f"Naar leeftijd: {ages.area_name} in {ages.period}, {ages.indicator.unit}", first="Leeftijd")
    return [widen(total, around), ages]


SIZE = "Hoeveel jongeren zijn dit"


def _draw_bars(rows: Frame, block: Block, caption: str, *, first: str) -> None:
    chart = draw_bars(rows, block.indicator, benchmark=None, benchmark_name="")
    st.subheader(caption, anchor=False)
    st.plotly_chart(chart, config=CONFIG, theme=None, alt=describe_bars(rows, block.indicator))
    st.html(draw_figures(rows, block.indicator, first=first, caption=caption))
    draw_note(describe_soft(rows))


def _draw_profile(view: View, risk_key: str, youth_key: str, *, split: str) -> list[Block]:
    risk, youth = load_block(view, risk_key, split=split), load_block(view, youth_key, split=split)
    by_age = "age" in split
    title = "Kenmerken naar leeftijd" if by_age else "Kenmerken van risicojeugd naast alle jeugd"
    if risk is None or youth is None or not risk.period or risk.period != youth.period:
        st.subheader(title, anchor=False)
        _say_nothing(risk or youth)
        return []
    caption = f"{title}: {youth.area_name} in {risk.period}"
    st.subheader(caption, anchor=False)
    draw_note(risk.note)
    labels = load_group_names(view.publication)
    names = order_traits(name_kinds(labels, youth.figures["kind"]))
    pairs = pair_ages(risk, youth, names, labels) if by_age else pair_kinds(risk, youth, names)
    _draw_pairs(pairs, risk, youth, caption)
    return [risk, youth]


def _draw_pairs(pairs: list[Pair], risk: Block, youth: Block, caption: str) -> None:
    chart, alt = draw_pairs(pairs, first=RISK, second=ALL), describe_pairs(pairs, first=RISK, second=ALL)
    st.plotly_chart(chart, config=CONFIG, theme=None, alt=alt)
    draw_note("Elke stip is het deel van de groep met dit kenmerk. Zonder stip is er geen cijfer te tonen.")
    st.html(draw_pair_table(pairs, (risk.indicator, youth.indicator), groups=(RISK, ALL), caption=caption))
    draw_note(describe_soft(risk.figures))


def _draw_any(view: View) -> list[Block]:
    block = load_block(view, "risk_profile")
    if block is None or not block.period:
        return []
    caption = f"Risicojeugd met minstens één kenmerk: {block.period}"
    st.subheader(caption, anchor=False)
    draw_note(block.note)
    figures = load_around(view, block)
    st.html(draw_figures(name_rows(figures), block.indicator, first="Gebied", caption=caption))
    draw_note(describe_soft(figures))
    return [widen(block, figures)]


def _draw_domains(view: View) -> list[Block]:
    block = load_block(view, "domains", split="kind")
    if block is None or not block.period:
        st.subheader("In één of meer domeinen", anchor=False)
        _say_nothing(block)
        return []
    rows = name_by(block.figures, "kind", load_group_names(view.publication))
    caption = f"In één of meer domeinen: {block.area_name} in {block.period}, deel van alle leeftijdgenoten"
    _draw_bars(rows, block, caption, first="Aantal domeinen")
    draw_note(block.note)
    return [block]


def _draw_youngest(view: View) -> list[Block]:
    block = load_block(view, "domains_under_12")
    if block is None or not block.period:
        return []
    caption = f"{block.indicator.title}: {block.area_name} in {block.period}"
    st.subheader(caption, anchor=False)
    draw_note(block.note)
    st.html(draw_figures(name_rows(block.figures), block.indicator, first="Gebied", caption=caption))
    return [block]


def _say_nothing(block: Block | None) -> None:
    st.info(block.note if block else "Deze publicatie heeft hierover geen cijfers.")
