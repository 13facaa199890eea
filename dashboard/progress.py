"""How far the projects of the region's programmes are, counted: the last card of the overview. Pure HTML.

Only what was delivered: a planned day that has passed is told as such, and is not called late or done.
"""

from html import escape
from typing import Final

import pandas as pd

from dashboard.format import format_date, join_words
from dashboard.links import draw_link, page_address
from dashboard.rows import list_rows
from dashboard.steering import find_as_of, list_programmes

MOST: Final = 3
WORDS: Final = {"done": "klaar", "late": "vertraagd", "planned": "gepland"}


def count_milestones(projects: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Milestones by programme and state; a running one stands with what is planned, a stopped one nowhere.

    projects  programme, milestone, status
    """
    counted: dict[str, dict[str, int]] = {}
    for row in list_rows(projects[projects["milestone"].notna()]):
        states = counted.setdefault(row["programme"], dict.fromkeys(WORDS, 0))
        state = "planned" if row["status"] == "running" else str(row["status"])
        if state in states:
            states[state] += 1
    return counted


def draw_progress(parts: pd.DataFrame, projects: pd.DataFrame, deliveries: pd.DataFrame, *, region: str) -> str:
    """The card: milestones of at most three programmes, the region's own first; or that nothing was delivered."""
    title = "<h3>Voortgang van de projecten</h3>"
    link = f'<p class="jb-origin">{draw_link(page_address("programma"), "Bekijk de projecten")}</p>'
    counted = count_milestones(projects)
    programmes = {
        code: name for code, name in list_programmes(parts, projects, region=region).items() if code in counted
    }
    if not programmes:
        body = "<p>Over de voortgang van projecten is nog niets geleverd.</p>"
        return f'<article class="jb-card jb-other">{title}{body}{link}</article>'
    body = _draw_counts(programmes, counted)
    when = f'<p class="jb-unit">Mijlpalen, stand van {escape(format_date(find_as_of(deliveries)))}</p>'
    return f'<article class="jb-card jb-other">{title}{when}{body}{link}</article>'


def _draw_counts(programmes: dict[str, str], counted: dict[str, dict[str, int]]) -> str:
    entries = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(describe_counts(counted[code]))}</dd></div>"
        for code, name in list(programmes.items())[:MOST]
    )
    return f'<dl class="jb-progress">{entries}</dl>'


def describe_counts(states: dict[str, int]) -> str:
    """'1 klaar, 2 vertraagd en 3 gepland'; a state without milestones is left out."""
    told = [f"{number} {WORDS[state]}" for state, number in states.items() if number]
    return join_words(told) or "geen mijlpalen"
