"""Signals: months that are higher than before and neighbourhoods with more cases together, each a question for a person."""

import streamlit as st

from dashboard.alarms import LISTS, describe_false, draw_signals, list_rules, name_signals, pick_signals
from dashboard.choose import View, ask_few
from dashboard.figures import load_table
from dashboard.frame import draw_note
from dashboard.keep import draw_once, load_once
from dashboard.rows import Frame
from dashboard.sentences import STEWARD_WORDS, say
from dashboard.tables import draw_list
from dashboard.verdicts import MOST_NAME, MOST_NOTE, VerdictNotSaved, load_verdicts, save_verdict


def draw(view: View) -> None:
    """The whole page."""
    which = ask_few("Lijst", "lijst", "een lijst die", LISTS)
    draw_note(say("signal.lead"))
    rows = load_once(
        view, "signals", lambda: pick_signals(load_table(view.publication, "signal"), view, which=which), which
    )
    verdicts, readable = load_verdicts()
    if not readable:
        st.warning(say("signal.unreadable"))
    if st.session_state.pop("oordeel-bewaard", False):
        st.success(say("signal.saved"))
    place = view.area_names[view.area.code]
    st.subheader(f"Signalen in {place} in {view.year}", anchor=False)
    if rows.empty:
        draw_note(say("signal.none"))
    else:
        st.html(draw_signals(rows, view, verdicts))
        _ask_verdict(view, rows)
    draw_once(view, "signal rules", lambda: _draw_rules(view, which), which)


def _draw_rules(view: View, which: str) -> None:
    st.subheader("Hoe vaak is een signaal loos?", anchor=False)
    scope = describe_false(load_table(view.publication, "signal_scope"), view.year, which=which)
    st.html(draw_list(scope, empty=say("signal.no_scope", year=view.year)))
    st.subheader("Zo komt een signaal op de lijst", anchor=False)
    st.html(draw_list(list_rules(), empty=""))


def _ask_verdict(view: View, rows: Frame) -> None:
    """The form for a steward: which signal, what it was, a note, and who says so."""
    names = name_signals(rows, view)
    st.subheader("Oordeel geven", anchor=False)
    with st.form("oordeel", clear_on_submit=True):
        signal = str(st.selectbox("Signaal", list(names), format_func=lambda key: names.get(str(key), "")))
        verdict = str(
            st.radio("Wat is het?", list(STEWARD_WORDS), format_func=lambda key: STEWARD_WORDS.get(str(key), ""))
        )
        note = st.text_area("Toelichting", max_chars=MOST_NOTE, help=say("signal.no_names"))
        draw_note(say("signal.no_names"))
        who = st.text_input("Uw naam of functie", max_chars=MOST_NAME)
        sent = st.form_submit_button("Bewaar oordeel")
    if sent:
        _save(view, signal=signal, verdict=verdict, note=note, who=who)


def _save(view: View, *, signal: str, verdict: str, note: str, who: str) -> None:
    if not who.strip():
        st.warning(say("signal.no_name"))
        return
    try:
        save_verdict(signal=signal, verdict=verdict, note=note, who=who, build=view.publication.build.id)
    except VerdictNotSaved:
        st.error(say("signal.not_saved"))
        return
    st.session_state["oordeel-bewaard"] = True
    st.rerun()
