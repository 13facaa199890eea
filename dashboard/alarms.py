"""Signals as questions on the screen: what was seen, what was expected, what a steward thought of it. Pure HTML."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Final

import pandas as pd

from dashboard.choose import View, list_children
from dashboard.figures import load_indicators
from dashboard.format import format_date, format_number, format_period, is_known, join_words, lower_first
from dashboard.links import draw_link
from dashboard.rows import Row, list_rows
from dashboard.sentences import STEWARD_WORDS, say
from dashboard.trace import trend_address
from dashboard.verdicts import Verdict

MOST_NAMES: Final = 6
LISTS: Final = {"bestuur": "voor het bestuur", "analist": "voor de analist"}


def pick_signals(rows: pd.DataFrame, view: View, *, which: str) -> pd.DataFrame:
    """The signals of the chosen year and area (with what lies in it), of the board's list or of the analyst's."""
    inside = {view.area.code, *(code for level in BELOW for code in list_children(view, level=level))}
    kept = [
        str(row["period"])[:4] == view.year
        and (which == "analist" or bool(row["board"]))
        and bool(inside & {str(row["area"]), *_members(row)})
        for row in list_rows(rows)
    ]
    return rows[pd.Series(kept, index=rows.index, dtype=bool)]


BELOW: Final = ("municipality", "district", "neighbourhood")


def _members(row: Row) -> list[str]:
    return [code for code in str(row["members"]).split(",") if code] if is_known(row["members"]) else []


def name_signal(row: Row, view: View) -> str:
    """Short name for a list: what, where, when."""
    indicator = load_indicators(view.publication)[str(row["indicator"])]
    place = view.area_names.get(str(row["area"]), str(row["area"]))
    around = " en omgeving" if len(_members(row)) > 1 else ""
    return f"{indicator.title}, {place}{around}, {format_period(str(row['period']))}"


def describe_signal(row: Row, view: View) -> list[str]:
    """What was seen and what was expected, in a sentence or three."""
    counts = {name: format_number(round(float(row[name]))) for name in ("observed", "expected")}
    if row["method"] != "cluster":
        return [say("signal.month", **counts)]
    names = [view.area_names.get(code, code) for code in _members(row)]
    listed = names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], f"nog {len(names) - MOST_NAMES} buurten"]
    again = say("signal.cluster.again" if row["seen_before"] else "signal.cluster.new")
    return [say("signal.cluster", areas=join_words(listed), **counts), again]


def draw_signals(rows: pd.DataFrame, view: View, verdicts: Mapping[str, Sequence[Verdict]]) -> str:
    """One block per signal, the latest period first, with what a steward thought of it."""
    drawn = [
        (bool(row["seen_before"]), _draw_signal(row, view, verdicts.get(str(row["id"]), ()))) for row in list_rows(rows)
    ]
    fresh, known = ("".join(block for seen, block in drawn if seen is again) for again in (False, True))
    if not known:
        return fresh
    count = sum(seen for seen, _ in drawn)
    summary = f"Groepjes buurten die er ook het jaar ervoor waren ({count})"
    return f'{fresh}<details class="jb-fold"><summary>{summary}</summary>{known}</details>'


def _draw_signal(row: Row, view: View, given: Sequence[Verdict]) -> str:
    indicator = load_indicators(view.publication)[str(row["indicator"])]
    title = escape(name_signal(row, view))
    said = "".join(f"<p>{escape(text)}</p>" for text in describe_signal(row, view))
    judged = "".join(f"<li>{escape(_describe_verdict(one))}</li>" for one in given)
    opinion = f"<ul>{judged}</ul>" if judged else f"<p>{escape(say('signal.not_judged'))}</p>"
    link = draw_link(
        trend_address(view, indicator), "Bekijk de ontwikkeling", about=f"van {lower_first(indicator.title)}"
    )
    return f'<article class="jb-signal"><h3>{title}</h3>{said}{opinion}<p>{link}</p></article>'


def _describe_verdict(one: Verdict) -> str:
    words = lower_first(STEWARD_WORDS[one.verdict])
    told = say("signal.judged", who=one.who, when=format_date(datetime.fromisoformat(one.when)), verdict=words)
    return f"{told} {one.note}".strip()


def describe_false(scope: pd.DataFrame, year: str, *, which: str) -> list[str]:
    """How many signals to expect when nothing is the matter; a sentence for months and quarters, one for clusters.

    scope   the published table signal_scope
    """
    rows = scope[scope["year"] == year]
    column = "false_board" if which == "bestuur" else "false_analyst"
    groups = [rows[rows["method"] != "cluster"], rows[rows["method"] == "cluster"]]
    return [_describe_group(group, year, column) for group in groups if len(group)]


def _describe_group(rows: pd.DataFrame, year: str, column: str) -> str:
    tests, number = int(rows["tests"].sum()), float(rows[column].sum())
    subject = say("signal.false.clusters" if rows["method"].iloc[0] == "cluster" else "signal.false.periods")
    words = {"year": year, "tests": format_number(tests), "subject": subject}
    if number < 0.5:
        return say("signal.false.few", years=format_number(max(2, round(1 / max(number, 1e-3)))), **words)
    name = "signal.false.board" if column == "false_board" else "signal.false"
    return say(name, number=format_number(number, 1), **words)


def list_rules() -> list[str]:
    """By which rule something becomes a signal, and what is not looked for."""
    names = ("signal.rule", "signal.many", "signal.least", "signal.persons", "signal.cluster.limits")
    return [say(name) for name in names]


def name_signals(rows: pd.DataFrame, view: View) -> dict[str, str]:
    """Short names by id."""
    return {str(row["id"]): name_signal(row, view) for row in list_rows(rows)}
