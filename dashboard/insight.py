"""Sentences that the overview generates: what stands out, and what is not known. Pure.

Only from shown figures. No causes, no neighbourhoods, no order of best and worst. All sentence forms are in this file.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from dashboard.change import Change
from dashboard.format import LEVEL_WORDS, format_number, join_words, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import list_rows

MOST: Final = 5
MOST_TITLES: Final = 6  # a longer list is not read; Cijfers en bronnen has them all
CLEAR_LABELS: Final = {"higher": "hoger", "lower": "lager"}
TRENDS: Final = {"up": "omhoog", "down": "omlaag"}


def find_notable(
    figures: pd.DataFrame,
    changes: Mapping[str, Change],
    indicators: Mapping[str, Indicator],
    *,
    area: str,
    area_name: str,
) -> list[str]:
    """At most five sentences: trends and changes of the chosen area, then municipalities that differ from the region.

    figures  indicator, area, name, level, status, label, trend of one year; totals only
    changes  by indicator, of the chosen area
    """
    own = figures[(figures["area"] == area) & (figures["status"] == "shown")]
    trends = [
        f"{indicators[row['indicator']].title} in {area_name}: over meer jaren gezien {TRENDS[row['trend']]}."
        for row in list_rows(own)
        if row["trend"] in TRENDS
    ]
    moves = [
        f"{indicators[key].title} in {area_name}: {'hoger' if change.direction == 'higher' else 'lager'} dan het jaar ervoor, waarschijnlijk geen toeval."
        for key, change in changes.items()
        if change.direction
    ]
    return (trends + moves + _describe_labels(figures, indicators))[:MOST]


def _describe_labels(figures: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    clear = figures[
        (figures["level"] == "municipality")
        & (figures["status"] == "shown")
        & figures["label"].isin(list(CLEAR_LABELS))
    ]
    sentences = []
    for key, group in clear.groupby("indicator", sort=False):
        parts = [
            f"{CLEAR_LABELS[str(label)]} dan de regio in {join_words(sorted(rows['name']))}"
            for label, rows in group.groupby("label", sort=True)
        ]
        sentences.append(f"{indicators[str(key)].title}: {join_words(parts)}.")
    return sentences


def list_unknowns(states: pd.DataFrame, indicators: Mapping[str, Indicator], *, year: str) -> list[str]:
    """What the figures of a year do not tell: hidden shares by level, absent deliveries, provisional indicators.

    states  indicator, level, status, provisional, rows (how many figures)
    """
    protected = ("persons", "families", "groups")
    persons = [key for key, indicator in indicators.items() if indicator.counts in protected]
    about_persons = states[states["indicator"].isin(persons)]
    sentences = [_describe_hidden(about_persons[about_persons["level"] == level], level) for level in LEVEL_WORDS]
    absent = _titles(states[states["status"] == "not_delivered"], indicators)
    unknown = _titles(states[states["status"] == "missing"], indicators)
    provisional = _titles(states[states["provisional"].eq(True)], indicators)
    if absent:
        sentences.append(f"Voor een deel van de gebieden niet geleverd: {join_words(absent)}.")
    if unknown:
        sentences.append(f"Voor een deel van de gebieden onbekend: {join_words(unknown)}.")
    if provisional:
        sentences.append(f"Voorlopig over {year}, dus nog niet zeker: {join_words(provisional)}.")
    return [sentence for sentence in sentences if sentence]


def _describe_hidden(states: pd.DataFrame, level: str) -> str:
    asked = states[states["status"].isin(["shown", "hidden"])]["rows"].sum()
    hidden = states[states["status"] == "hidden"]["rows"].sum()
    if not hidden:
        return ""
    share = max(1, round(100 * int(hidden) / int(asked)))
    words = LEVEL_WORDS[level][0]
    return f"Van de cijfers over personen per {words} is {share}\u00a0% afgeschermd ({format_number(int(hidden))} van {format_number(int(asked))})."


def _titles(states: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    keys: Sequence[str] = list(dict.fromkeys(states["indicator"]))
    titles = [lower_first(indicators[key].title) for key in indicators if key in keys]
    more = len(titles) - MOST_TITLES
    return titles if more < 2 else [*titles[:MOST_TITLES], f"nog {more} andere cijfers"]
