"""The choices of Verkennen: any figures, areas, periods and groups, each bound to the URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard.address import AREA_KEY, drop_other, find_unknown, note_choice, say_unknown
from dashboard.choose import (
    FIRST_INDICATOR,
    LEVELS,
    View,
    ask_few,
    ask_one,
    find_levels,
    list_children,
)
from dashboard.figures import load_indicators, load_years
from dashboard.fit import CHARTS
from dashboard.format import LEVEL_WORDS, PERIOD_KIND_WORDS, capitalise, join_words
from dashboard.pivot import DIMENSIONS, MEASURES, Layout, lay_out, list_varying, name_subject
from dashboard.selection import MOST_INDICATORS, SPLITS, Selection, list_groups, list_splits

PAGE: Final = "verkennen"
YES: Final = "ja"
AUTOMATIC: Final = "automatisch"
BEST_CHART: Final = "Wat het best past"
STANDARD: Final = (AUTOMATIC, BEST_CHART, "niet", "nee")
MOST_NAMES: Final = 4


@dataclass(kw_only=True)
class Choices:
    """What the address must say to show the same again: key and value as the screen says them."""

    pairs: list[tuple[str, str]] = field(default_factory=list)

    def add(self, key: str, *values: str) -> None:
        """Remember the values of one key."""
        self.pairs += [(key, value) for value in values]

    @property
    def query(self) -> str:
        """'gebied=Velsen&cijfers=Inwoners'."""
        return urlencode([pair for pair in self.pairs if pair[1] not in STANDARD])


def ask_selection(view: View, choices: Choices) -> Selection:
    """Ask what, where and when; groups are asked later, when it is known which occur."""
    choices.add(AREA_KEY, view.area_names[view.area.code])
    with st.container():  # a notice here must not draw the choices below anew
        indicators = _ask_indicators(view, choices)
    areas = _ask_areas(view, choices)
    left, middle, right, last = st.columns(4)
    with left:
        kind = _ask_period_kind(view, indicators, areas, choices)
    years = {year: year for year in reversed(load_years(view.publication))}
    start = ask_one("Van", "van", "een jaar dat", years, place=middle)
    later = {year: year for year in reversed(years) if year >= start}
    finish = ask_one("Tot en met", "tot", "een jaar dat", later, place=right)
    with last:
        split = _ask_split(view, indicators, choices)
    choices.add("van", start)
    choices.add("tot", finish)
    return Selection(
        indicators=indicators, areas=areas, period_kind=kind, start=start, finish=finish, split=split
    )  # fmt: skip


def _ask_indicators(view: View, choices: Choices) -> tuple[str, ...]:
    indicators = load_indicators(view.publication)
    titles = {key: one.title for key, one in indicators.items()}
    first = FIRST_INDICATOR if FIRST_INDICATOR in titles else next(iter(titles))
    label = f"Cijfers (hoogstens {MOST_INDICATORS})"
    chosen = _ask_several(label, "cijfers", "een cijfer dat", titles, most=MOST_INDICATORS, default=first)
    if not chosen:
        st.info(f"Kies eerst een cijfer. U ziet nu: {titles[first]}.")
    found = chosen or (first,)
    choices.add("cijfers", *(titles[key] for key in found))
    return found


def _ask_several(
    label: str, key: str, noun: str, options: Mapping[str, str], *, most: int | None = None, default: str = ""
) -> tuple[str, ...]:
    """A choice of several, bound to the URL; what the link asks beyond the options is said."""
    strange = find_unknown(key, options.values())
    drop_other(key, options)
    chosen = st.multiselect(
        label,
        list(options),
        default=[default] if default and key not in st.session_state else None,
        format_func=_reader(options),
        key=key,
        bind="query-params",
        max_selections=most,
        placeholder="Kies",
    )
    found = tuple(str(one) for one in chosen if one in options)
    note_choice(key, *(options[one] for one in found))
    say_unknown(strange, noun, join_words([options[one] for one in found]) or "geen keuze")
    return found


def _reader(options: Mapping[str, str]) -> Callable[[object], str]:
    return lambda option: options.get(str(option), str(option))


def _ask_areas(view: View, choices: Choices) -> tuple[str, ...]:
    below = [level for level in LEVELS if LEVELS[level] > LEVELS[view.area.level]]
    options = {"": "Alleen dit gebied"} | {level: f"De {LEVEL_WORDS[level][1]} erin" for level in below}
    left, right = st.columns(2)
    with left:
        level = ask_few("Welke gebieden", "welke", "een soort gebied dat", options)
    parts = list_children(view, level=level) if level else (view.area.code,)
    others = {code: name for code, name in view.area_names.items() if code not in parts}
    with right:
        more = _ask_several("Ook deze gebieden", "ook", "een gebied dat", others, most=10)
    choices.add("welke", options[level])
    choices.add("ook", *(others[code] for code in more))
    return (*parts, *more)


def _ask_period_kind(view: View, indicators: tuple[str, ...], areas: tuple[str, ...], choices: Choices) -> str:
    """Years (and school years), half-years or quarters: what at least one of the figures has for these areas."""
    known, levels = load_indicators(view.publication), find_levels(view, areas)
    found = {kind for key in indicators for level in levels for kind in known[key].periods.get(level, ())}
    kinds = [kind for kind in PERIOD_KIND_WORDS if kind in found and kind not in ("year", "school_year")]
    options = {"year": "jaar of schooljaar"} | {kind: PERIOD_KIND_WORDS[kind] for kind in kinds}
    kind = ask_one("Per", "per", "een periode die", options, place=st.container())
    choices.add("per", options[kind])
    return kind


def _ask_split(view: View, indicators: tuple[str, ...], choices: Choices) -> str:
    known = load_indicators(view.publication)
    found = {split for key in indicators for split in list_splits(known[key])}
    options = {"": "niet"} | {split: words for split, words in SPLITS.items() if split in found}
    split = ask_one("Splits uit naar", "naar", "een uitsplitsing die", options, place=st.container())
    choices.add("naar", options[split])
    return split


def ask_groups(
    view: View, figures: pd.DataFrame, selection: Selection, labels: Mapping[tuple[str, str], str], choices: Choices
) -> Selection:
    """Which groups of the split to keep, and whether their published totals come with them."""
    if not selection.split:
        return selection
    options = list_groups(figures, labels)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        groups = _ask_several("Alleen deze groepen", "groep", "een groep die", options)
    with right:
        totals = ask_few("Met de totalen", "totalen", "een keuze die", {"": "nee", YES: "ja"}) == YES
    choices.add("groep", *(options[one] for one in groups))
    choices.add("totalen", "ja" if totals else "nee")
    return replace(selection, groups=groups, totals=totals)


def ask_layout(figures: pd.DataFrame, choices: Choices) -> Layout:
    """What stands in the rows and columns, and what a cell says; only what varies can be chosen.

    The first option is always that we choose: an option that is the standard for one choice and not for another would
    stay when the choice changes, and the address would not say so.
    """
    varying = list_varying(figures)
    left, middle, right = st.columns(3)
    measure = ask_one("In de tabel", "maat", "een keuze die", MEASURES, place=left)
    rows = {"": AUTOMATIC} | {name: DIMENSIONS[name] for name in varying}
    row = ask_one("Rijen beginnen met", "rijen", "een keuze die", rows, place=middle)
    across = {"": AUTOMATIC} | {name: DIMENSIONS[name] for name in varying if name != row and len(varying) > 1}
    column = ask_one("Kolommen", "kolommen", "een keuze die", across, place=right)
    choices.add("maat", MEASURES[measure])
    choices.add("rijen", rows[row])
    choices.add("kolommen", across[column])
    return lay_out(figures, row=row, column=column, measure=measure)


def ask_chart(fitting: list[str], choices: Choices) -> str:
    """Which of the charts that fit; the first option is the one that fits best, whichever that is."""
    options = {"": BEST_CHART} | {name: CHARTS[name] for name in fitting[1:]}
    chart = ask_few("Grafiek", "grafiek", "een grafiek die", options)
    choices.add("grafiek", options[chart])
    return chart or fitting[0]


def describe_choice(view: View, selection: Selection) -> str:
    """What was chosen, as a heading: 'Meldingen van overlast door jongeren, de buurten in Velsen, 2019 tot en met 2025'."""
    known = load_indicators(view.publication)
    several = [known[key].title for key in selection.indicators]
    titles = join_words(several) if len(several) > 1 else name_subject(known[selection.indicators[0]])
    when = (
        selection.start if selection.start == selection.finish else f"{selection.start} tot en met {selection.finish}"
    )
    return f"{capitalise(titles)}, {_describe_areas(view, selection)}, {when}"


def _describe_areas(view: View, selection: Selection) -> str:
    levels = find_levels(view, selection.areas)
    level = next(iter(levels))
    if len(levels) == 1 and selection.areas == list_children(view, level=level):
        return f"de {LEVEL_WORDS[level][1]} in {view.area_names[view.area.code]}"
    names = [view.area_names[code] for code in selection.areas]
    return join_words(names) if len(names) <= MOST_NAMES else f"{len(names)} gebieden"
