"""Sentences that the overview generates: what stands out, and what is not known. Pure.

Only from the verdicts on shown figures. No causes, no neighbourhoods, no order of best and worst. All sentence forms
are in this file.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from dashboard.change import Change
from dashboard.format import LEVEL_WORDS, format_number, join_words, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import list_rows

MOST: Final = 5
MOST_TITLES: Final = 2  # a longer list is not read; Datakwaliteit has them all
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
    """At most five sentences: trends and changes of the chosen area, then municipalities that differ from the rest.

    figures  indicator, area, name, level, status, label, trend of one year; totals only, the key figures first
    changes  by indicator, of the chosen area: the key figures
    """
    own = figures[(figures["area"] == area) & (figures["status"] == "shown")]
    trends = [
        f"{indicators[row['indicator']].title} in {area_name}: over meer jaren gezien {TRENDS[row['trend']]}."
        for row in list_rows(own)
        if row["trend"] in TRENDS
    ]
    said = trends + _describe_changes(changes, indicators, area_name) + _describe_labels(figures, indicators)
    if len(said) <= MOST:
        return said
    return [*said[: MOST - 1], f"En nog {len(said) - MOST + 1} andere verschillen."]


def _describe_changes(changes: Mapping[str, Change], indicators: Mapping[str, Indicator], area_name: str) -> list[str]:
    """The clear changes against the year before; or, when there is none to tell, that there is none."""
    moves = [
        f"{indicators[key].title} in {area_name}: {CLEAR_LABELS[change.direction]} dan het jaar ervoor, waarschijnlijk geen toeval."
        for key, change in changes.items()
        if change.direction
    ]
    compared = sum(bool(change.words) for change in changes.values())
    if moves or not compared:
        return moves
    if compared == 1:
        return ["Het kerncijfer veranderde niet duidelijk: het verschil met het jaar ervoor kan toeval zijn."]
    return [
        f"Geen van de {compared} kerncijfers veranderde duidelijk: verschillen met het jaar ervoor kunnen toeval zijn."
    ]


def _describe_labels(figures: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    clear = figures[
        (figures["level"] == "municipality")
        & (figures["status"] == "shown")
        & figures["label"].isin(list(CLEAR_LABELS))
    ]
    alone = figures.loc[figures["level"] == "municipality", "area"].nunique() == 1
    sentences = []
    for key, group in clear.groupby("indicator", sort=False):
        parts = [
            f"{CLEAR_LABELS[str(label)]} dan de rest van de regio{'' if alone else f' in {join_words(sorted(names))}'}"
            for label, names in group.groupby("label", sort=True)["name"]
        ]
        sentences.append(f"{indicators[str(key)].title}: {join_words(parts)}.")
    return sentences


def list_unknowns(states: pd.DataFrame, indicators: Mapping[str, Indicator], *, year: str) -> list[str]:
    """What the figures of a year do not tell: hidden shares by level, absent deliveries, provisional indicators.

    states  indicator, level, status, provisional, rows (how many figures)
    """
    absent = _titles(states[states["status"] == "not_delivered"], indicators)
    unknown = _titles(states[states["status"] == "missing"], indicators)
    sentences = [
        _describe_hidden(states, indicators),
        f"Niet overal geleverd: {absent}." if absent else "",
        f"Niet overal bekend: {unknown}." if unknown else "",
        _describe_provisional(states, indicators, year),
    ]
    return [sentence for sentence in sentences if sentence]


def _describe_hidden(states: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    protected = [key for key, one in indicators.items() if one.counts in ("persons", "families", "groups")]
    asked = states[states["indicator"].isin(protected) & states["status"].isin(["shown", "hidden"])]
    shares = [_share_hidden(asked[asked["level"] == level], words[0]) for level, words in LEVEL_WORDS.items()]
    told = [share for share in shares if share]
    return f"Afgeschermd van de cijfers over personen: {join_words(told)}." if told else ""


def _share_hidden(states: pd.DataFrame, word: str) -> str:
    hidden, asked = int(states.loc[states["status"] == "hidden", "rows"].sum()), int(states["rows"].sum())
    return f"{max(1, round(100 * hidden / asked))}\u00a0% per {word}" if hidden else ""


def _describe_provisional(states: pd.DataFrame, indicators: Mapping[str, Indicator], year: str) -> str:
    soft = states.loc[states["provisional"].eq(True), "indicator"].nunique()
    known = states.loc[states["status"] == "shown", "indicator"].nunique()
    if not soft:
        return ""
    if soft == 1:
        return (
            f"Voorlopig over {year}, dus nog niet zeker: {_titles(states[states['provisional'].eq(True)], indicators)}."
        )
    return f"Voorlopig over {year}, dus nog niet zeker (*): {format_number(soft)} van de {format_number(max(soft, known))} cijfers."


def _titles(states: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    keys: Sequence[str] = list(dict.fromkeys(states["indicator"]))
    titles = [lower_first(indicators[key].title) for key in indicators if key in keys]
    more = len(titles) - MOST_TITLES
    return join_words(titles if more < 2 else [*titles[:MOST_TITLES], f"nog {more} andere cijfers"])
