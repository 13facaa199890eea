"""The address of a page as its visitor's wish: what it asks in vain is said, what is chosen is kept in it.

Streamlit drops an unknown value in a link without a word and shows something else; here that is always said.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.format import safe_echo

AREA_KEY: Final = "gebied"
SHARED_KEYS: Final = ("cijfer", AREA_KEY, "jaar")
ASKED_KEY: Final = "gevraagd"
CHOSEN_KEY: Final = "gekozen"
MOVED_KEY: Final = "verplaatst"


def note_choice(key: str, *words: str) -> None:
    """Remember what a choice of this page is, also when it is the first option, which Streamlit leaves out of the address."""
    st.session_state.setdefault(CHOSEN_KEY, {})[key] = words


def fixed_query() -> str:
    """Everything chosen on this page as the query of an address: what it shows stays when a next publication opens otherwise."""
    return urlencode(st.session_state.get(CHOSEN_KEY, {}), doseq=True)


def find_unknown(key: str, known: Collection[str]) -> list[str]:
    """Values of `?key=` that are not among the choices. To be asked before the widget, which wipes them."""
    st.session_state.setdefault(ASKED_KEY, set()).add(key)
    return [value for value in st.query_params.get_all(key) if value not in known]


def count_values(key: str) -> int:
    """How often `?key=` stands in the link; of several only the last is kept. To be asked before the widget."""
    values = st.query_params.get_all(key)
    if len(values) > 1:
        rewrite(key, values[-1:])
    return len(values)


def rewrite(key: str, values: Sequence[str]) -> None:
    """Put in the address what is kept of a link, which Streamlit leaves as it was."""
    with suppress(StreamlitAPIException):  # a widget owns it by now, and has put it right
        st.query_params[key] = values


def say_unknown(strange: Sequence[str], noun: str, instead: str) -> None:
    """Warn that the link asks for something else; what is repeated is stripped to plain signs."""
    if strange:
        st.warning(f"In de link staat {noun} wij niet kennen: {echo(strange)}. U ziet nu: {instead}.")


def say_repeated(times: int, label: str, instead: str) -> None:
    """Warn that the link gives several values for a choice of one."""
    if times > 1:
        st.warning(f"In de link staat '{label}' {times} keer. U ziet nu: {instead}.")


def say_unused(notices: st.delta_generator.DeltaGenerator) -> None:
    """Warn about names in the link that are no choice of this page, and take them out of the address."""
    asked = {*SHARED_KEYS, *st.session_state.get(ASKED_KEY, ())}
    strange = [name for name in list(st.query_params) if name not in asked and forget(name)]
    if strange:
        notices.warning(f"In de link staat iets wat deze pagina niet kent: {echo(strange)}. Dat doet hier niets.")


def forget(name: str) -> bool:
    """Take a name out of the address; False when a widget of this page owns it."""
    try:
        del st.query_params[name]
    except StreamlitAPIException:
        return False
    return True


def echo(values: Sequence[str]) -> str:
    more = f" en nog {len(values) - 3}" if len(values) > 3 else ""
    return ", ".join(safe_echo(value) or "(leeg)" for value in values[:3]) + more


def keep_choices(page: str) -> None:
    """On a change of page, write every shared choice into the new address again; after Back, read the address again.

    Streamlit 1.67 forgets the others in the address when it restores one of them (its copy of the address is empty
    just then); setting a choice to what it is makes it write that choice too.
    """
    moved = st.session_state.get("page") not in (None, page)
    if moved and not _read_again():
        for key in SHARED_KEYS:
            if key in st.session_state:
                st.session_state[key] = st.session_state[key]
    st.session_state["page"] = page
    st.session_state[MOVED_KEY] = moved
    st.session_state[ASKED_KEY] = set()
    st.session_state[CHOSEN_KEY] = {}


def _read_again() -> bool:
    """After Back or Forward to another page, take its whole address; False when the visitor came in another way.

    Streamlit 1.67 throws out what the page that was left also asks (`onderwerp`, `cijfers`), as a left-over of that page.
    It has no public way to read an address again; these two calls are its own, for the same page.
    """
    run = get_script_run_ctx()
    if run is None or not run.is_history_navigation:
        return False
    with run.session_state.query_params() as asked:
        asked.set_initial_query_params(run.query_string)
        asked.populate_from_query_string(run.query_string)
    st.query_params.update()
    return True


def drop_other(key: str, options: Collection[str]) -> None:
    """On a change of page, forget what another page asks under the same name and is no choice here; else the address tells it."""
    kept = st.session_state.get(key) if st.session_state.get(MOVED_KEY) else None
    if isinstance(kept, list) and not set(kept) <= set(options):
        st.session_state[key] = [one for one in kept if one in options]
    elif isinstance(kept, str) and kept not in options:
        del st.session_state[key]
