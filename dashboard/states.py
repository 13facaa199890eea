"""The states a figure can be in, once: the word, the look and the meaning of each, and the legend. Pure.

Zero is a figure: it is drawn as any other number. The other states have no number, and each its own look and word,
so that what is hidden is never taken for nothing, and what did not come is never taken for hidden.
"""

from collections.abc import Collection, Mapping
from html import escape
from typing import Final

import pandas as pd

from dashboard.format import STATUS_WORDS

MEANINGS: Final[Mapping[str, str]] = {
    "zero": "er is geteld, en het was niets",
    "hidden": "anders kan iemand iets over één jongere te weten komen; ook een nul of een groter getal kan afgeschermd zijn",
    "missing": "de bron geeft hier geen bruikbaar cijfer",
    "not_delivered": "de bron heeft niets aangeleverd",
    "impossible": "er is hier niemand of niets om te tellen",
    "provisional": "dit cijfer kan nog iets veranderen",
}
WORDS: Final[Mapping[str, str]] = {**STATUS_WORDS, "zero": "0", "provisional": "12*"}
NAMES: Final[Mapping[str, str]] = {"zero": "Nul", "provisional": "Voorlopig (*)"}


def state_class(status: str) -> str:
    """The class of the style sheet that gives a state its look; '' for a shown figure."""
    return "" if status == "shown" else f"jb-is-{status.replace('_', '-')}"


def find_states(figures: pd.DataFrame) -> list[str]:
    """Which states occur, in the order of the legend: 'zero' and 'provisional' only of shown figures.

    figures  status, value, provisional
    """
    shown = figures["status"] == "shown"
    found = set(figures["status"]) - {"shown"}
    if (shown & figures["value"].eq(0)).any():
        found.add("zero")
    if "provisional" in figures and (shown & figures["provisional"].eq(True)).any():
        found.add("provisional")
    return [state for state in MEANINGS if state in found]


def draw_legend(states: Collection[str]) -> str:
    """The legend in HTML for the states that occur; nothing when all figures are plain numbers."""
    if not states:
        return ""
    entries = "".join(_draw_entry(state) for state in MEANINGS if state in states)
    return f'<dl class="jb-legend" aria-label="Zo leest u de cijfers">{entries}</dl>'


def _draw_entry(state: str) -> str:
    if state in NAMES:
        sample = f'<span class="jb-sample" aria-hidden="true">{escape(WORDS[state])}</span> {NAMES[state]}'
    else:
        sample = f'<span class="jb-sample {state_class(state)}">{escape(WORDS[state])}</span>'
    return f"<div><dt>{sample}</dt><dd>{escape(MEANINGS[state])}</dd></div>"
