"""Choices bound to the URL. Area, year and indicator are shared by the pages and kept when changing page.

Streamlit drops an unknown value in a link without a word and shows something else; here that is always said.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.figures import Area, Publication, load_areas, load_indicators, load_years
from dashboard.format import LEVEL_WORDS, PERIOD_KIND_WORDS, SPLIT_WORDS, capitalise, join_words, safe_echo
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows

FIRST_INDICATOR: Final = "crimes"
MOST_AREAS: Final = 6
AREA_KEY: Final = "gebied"


@dataclass(frozen=True, kw_only=True)
class View:
    """Everything the visitor chose that pages share. `areas` is the division of the chosen year, region first."""

    publication: Publication
    area: Area
    year: str
    indicator: Indicator
    areas: pd.DataFrame
    area_names: Mapping[str, str]


def ask_shared(publication: Publication, wants: Collection[str]) -> View:
    """Draw the shared choices that a page wants ('area', 'indicator', 'year') and return them all."""
    years = {year: year for year in load_years(publication)}
    titles = _title_indicators(publication)
    wanted = [name for name in ("indicator", "area", "year") if name in wants]
    columns = dict(zip(wanted, st.columns([WIDTHS[name] for name in wanted]) if wanted else [], strict=True))

    def ask(name: str, label: str, key: str, noun: str, options: Mapping[str, str]) -> str:
        if name not in columns:
            return next(iter(options))
        return ask_one(label, key, noun, options, place=columns[name])

    year = ask("year", "Jaar", "jaar", "een jaar dat", years)  # first: the division of that year decides the areas
    areas = load_areas(publication, int(year) if "year" in wants else None)
    names = name_areas(areas)
    asked = {
        "indicator": ask("indicator", "Cijfer", "cijfer", "een cijfer dat", titles),
        "area": ask("area", "Gebied", AREA_KEY, "een gebied dat", names),
    }
    return View(
        publication=publication,
        area=find_area(areas, asked["area"]),
        year=year,
        indicator=load_indicators(publication)[asked["indicator"]],
        areas=areas,
        area_names=names,
    )


def _title_indicators(publication: Publication) -> dict[str, str]:
    """Titles by id, the one that opens the pages first."""
    indicators = load_indicators(publication)
    return {key: indicators[key].title for key in sorted(indicators, key=lambda key: key != FIRST_INDICATOR)}


WIDTHS: Final = {"indicator": 4, "area": 4, "year": 2}


def ask_one(
    label: str, key: str, noun: str, options: Mapping[str, str], *, place: st.delta_generator.DeltaGenerator
) -> str:
    """One select box bound to `?key=`; says so when the link holds something else than these options."""
    strange = find_unknown(key, options.values())
    chosen = str(place.selectbox(label, list(options), format_func=_reader(options), key=key, bind="query-params"))
    say_unknown(strange, noun, options[chosen])
    return chosen


def _reader(options: Mapping[str, str]) -> Callable[[object], str]:
    return lambda option: options.get(str(option), str(option))


def find_unknown(key: str, known: Collection[str]) -> list[str]:
    """Values of `?key=` that are not among the choices. To be asked before the widget, which wipes them."""
    return [value for value in st.query_params.get_all(key) if value not in known]


def say_unknown(strange: Sequence[str], noun: str, instead: str) -> None:
    """Warn that the link asks for something else; what is repeated is stripped to plain signs."""
    if strange:
        echoed = ", ".join(safe_echo(value) or "(leeg)" for value in strange[:3])
        st.warning(f"In de link staat {noun} wij niet kennen: {echoed}. U ziet nu: {instead}.")


def keep_choices(page: str) -> None:
    """On a change of page, write every shared choice into the new address again.

    Streamlit 1.67 forgets the others in the address when it restores one of them (its copy of the address is empty
    just then); setting a choice to what it is makes it write that choice too.
    """
    if st.session_state.get("page") not in (None, page):
        for key in ("cijfer", AREA_KEY, "jaar"):
            if key in st.session_state:
                st.session_state[key] = st.session_state[key]
    st.session_state["page"] = page


def name_areas(areas: pd.DataFrame) -> dict[str, str]:
    """Unique readable name per code: 'Regio IJmond', 'Velsen', 'Velsen: wijk ...', 'Velsen: buurt ...'."""
    names = dict(zip(areas["code"], areas["name"], strict=True))
    parents = dict(zip(areas["code"], areas["parent"], strict=True))
    entries = []
    for row in list_rows(areas):
        municipality = _municipality_of(row["code"], row["level"], parents)
        home = names.get(municipality, "")
        entries.append((row["level"] != "region", row["level"] != "municipality", home, LEVELS[row["level"]], row))
    entries.sort(key=lambda entry: (*entry[:4], entry[4]["name"].lower()))
    labels = {entry[4]["code"]: _name_area(entry[4], entry[2]) for entry in entries}
    times = Counter(labels.values())
    return {code: f"{label} ({code})" if times[label] > 1 else label for code, label in labels.items()}


LEVELS: Final = {"region": 0, "municipality": 1, "district": 2, "neighbourhood": 3}


def _municipality_of(code: str, level: str, parents: Mapping[str, str]) -> str:
    for _ in range(LEVELS[level] - 1):
        code = parents.get(code, code)
    return code


def _name_area(row: Row, home: str) -> str:
    level, name = str(row["level"]), str(row["name"])
    if level == "region":
        return f"Regio {name}"
    if level == "municipality":
        return name
    word = LEVEL_WORDS[level][0]
    return f"{home}: {name if name.lower().startswith(word) else f'{word} {name}'}"


def find_area(areas: pd.DataFrame, code: str) -> Area:
    """The area with that code."""
    row = areas[areas["code"] == code].iloc[0]
    parent = row["parent"] if isinstance(row["parent"], str) else None
    return Area(code=row["code"], name=row["name"], level=row["level"], parent=parent)


def list_children(view: View, code: str | None = None, *, level: str | None = None) -> tuple[str, ...]:
    """Codes right under an area (default: the chosen one), or all below it of one `level`."""
    below, found = {code or view.area.code}, set[str]()
    for _ in LEVELS:
        below = set(view.areas.loc[view.areas["parent"].isin(below), "code"])
        found |= below
        if level is None:
            break
    rows = view.areas[view.areas["code"].isin(found)]
    return tuple(rows["code"] if level is None else rows.loc[rows["level"] == level, "code"])


def list_family(view: View) -> tuple[Area, ...]:
    """The chosen area and all above it, region first."""
    family = [view.area]
    while family[0].parent:
        family.insert(0, find_area(view.areas, family[0].parent))
    return tuple(family)


def ask_other_areas(view: View) -> tuple[str, ...]:
    """Up to five more areas to draw beside the chosen one; the chosen area comes first in the answer."""
    options = {code: name for code, name in view.area_names.items() if code != view.area.code}
    strange = find_unknown("met", [*options.values(), view.area_names[view.area.code]])
    more = st.multiselect(
        "Vergelijk met (hoogstens vijf)",
        list(options),
        format_func=_reader(options),
        key="met",
        bind="query-params",
        max_selections=MOST_AREAS - 1,
        placeholder="Kies andere gebieden",
    )
    areas = (view.area.code, *(str(code) for code in more))
    say_unknown(strange, "een gebied dat", join_words([view.area_names[code] for code in areas]))
    return areas


def ask_period_kind(view: View, areas: Sequence[str]) -> str:
    """Year, school year, half-year or quarter: what every chosen area has."""
    levels = {find_area(view.areas, code).level for code in areas}
    kinds = [
        kind for kind in PERIOD_KIND_WORDS if all(kind in view.indicator.periods.get(level, ()) for level in levels)
    ]
    return ask_few("Per", "per", "een periode die", {kind: PERIOD_KIND_WORDS[kind] for kind in kinds or ["year"]})


def ask_split(view: View, areas: Sequence[str], period_kind: str) -> str:
    """'' or the dimension by which one area is split; never for several areas or for parts of a year.

    A figure without a total is always split.
    """
    whole = len(areas) == 1 and period_kind in ("year", "school_year")
    splits = view.indicator.splits.get(view.area.level, ()) if whole else ()
    total = {"": "niet"} if view.area.level in view.indicator.totals or not splits else {}
    options = {**total, **{name: SPLIT_WORDS[name] for name in splits}}
    return ask_few("Splits uit naar", "naar", "een uitsplitsing die", options)


def ask_child_level(view: View) -> str:
    """Which areas stand side by side: the municipalities, or the districts or neighbourhoods of a municipality."""
    if view.area.level != "municipality":
        return {"region": "municipality"}.get(view.area.level, "neighbourhood")
    levels = {level: capitalise(LEVEL_WORDS[level][1]) for level in ("district", "neighbourhood")}
    return ask_few("Vergelijk", "vergelijk", "een soort gebied dat", levels)


def ask_few(label: str, key: str, noun: str, options: Mapping[str, str]) -> str:
    """A choice of a few side by side; with a single option there is nothing to ask, but a link is still checked."""
    strange = find_unknown(key, options.values())
    chosen = next(iter(options))
    if len(options) > 1:
        chosen = str(
            st.radio(label, list(options), format_func=_reader(options), key=key, bind="query-params", horizontal=True)
        )
    say_unknown(strange, noun, f"{label.lower()} {options[chosen]}")
    return chosen


def list_siblings(view: View, level: str) -> tuple[str, ...]:
    """Codes of the areas to hold side by side: below the chosen area, or around a chosen neighbourhood."""
    if view.area.level == "neighbourhood":
        return list_children(view, view.area.parent)
    return list_children(view, level=level)


def list_lenders(view: View, level: str) -> tuple[str, ...]:
    """Codes of the areas that a smoothed figure borrows from: neighbourhoods of one municipality, else the whole region."""
    if level != "neighbourhood":
        return tuple(view.areas.loc[view.areas["level"] == level, "code"])
    towns = [area.code for area in list_family(view) if area.level == "municipality"]
    return list_children(view, towns[0], level=level) if towns else list_children(view, level=level)
