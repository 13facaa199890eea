"""Choices bound to the URL. Area, year and indicator are shared by the pages and kept when changing page."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.address import (
    AREA_KEY,
    count_values,
    drop_other,
    echo,
    find_unknown,
    forget,
    note_choice,
    rewrite,
    say_repeated,
    say_unknown,
)
from dashboard.figures import Area, Publication, load_areas, load_indicators, load_years
from dashboard.format import LEVEL_WORDS, PERIOD_KIND_WORDS, SPLIT_WORDS, capitalise, join_words
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows

FIRST_INDICATOR: Final = "crimes"
MOST_AREAS: Final = 6


@dataclass(frozen=True, kw_only=True)
class View:
    """Everything the visitor chose that pages share. `areas` is the division of the chosen year, region first."""

    publication: Publication
    area: Area
    year: str
    indicator: Indicator
    areas: pd.DataFrame
    area_names: Mapping[str, str]
    known: tuple[Area, ...] = ()

    @cached_property
    def places(self) -> tuple[Area, ...]:
        """The areas as plain values, in the same order."""
        return self.known or list_areas(self.areas)

    @cached_property
    def family(self) -> tuple[Area, ...]:
        """The chosen area and all above it, region first."""
        by_code, family = {place.code: place for place in self.places}, [self.area]
        while family[0].parent:
            family.insert(0, by_code[family[0].parent])
        return tuple(family)


def ask_shared(
    publication: Publication,
    wants: Collection[str],
    *,
    place: st.delta_generator.DeltaGenerator | None = None,
    notices: st.delta_generator.DeltaGenerator | None = None,
) -> View:
    """Draw the shared choices that a page wants ('area', 'indicator', 'year') and return them all.

    place    where the choices stand; notices: where it is said that a link asks for something else
    """
    years = {year: year for year in load_years(publication)}
    titles = _title_indicators(publication)
    places = (place or st.container()).columns(list(WIDTHS.values())) if wants else []
    columns = {name: column for name, column in zip(WIDTHS, places, strict=False) if name in wants}

    def ask(name: str, label: str, key: str, noun: str, options: Mapping[str, str]) -> str:
        if name not in columns:
            return adopt_choice(key, noun, options)
        return ask_one(label, key, noun, options, place=columns[name])

    with notices or st.container():
        year = ask("year", "Jaar", "jaar", "een jaar dat", years)  # first: the division of that year decides the areas
        areas = load_areas(publication, int(year) if "year" in wants else None)
        known = _load_places(publication, int(year) if "year" in wants else None)
        names = load_area_names(publication, int(year) if "year" in wants else None)
        asked = {
            "indicator": ask("indicator", "Cijfer", "cijfer", "een cijfer dat", titles),
            "area": ask("area", "Gebied", AREA_KEY, "een gebied dat", names),
        }
    return View(
        publication=publication,
        area=next(place for place in known if place.code == asked["area"]),
        year=year,
        indicator=load_indicators(publication)[asked["indicator"]],
        areas=areas,
        area_names=names,
        known=known,
    )


@lru_cache(maxsize=6)
def _title_indicators(publication: Publication) -> dict[str, str]:
    """Titles by id, the one that opens the pages first."""
    indicators = load_indicators(publication)
    return {key: indicators[key].title for key in sorted(indicators, key=lambda key: key != FIRST_INDICATOR)}


# A choice stands in the same column on every page, also where a column stays empty (not seen: style.css). A box that moves
# to another column is taken down after it was put up again, and its choices then never reach the address (Streamlit 1.67).
WIDTHS: Final = {"indicator": 4, "area": 4, "year": 2}


def ask_one(
    label: str, key: str, noun: str, options: Mapping[str, str], *, place: st.delta_generator.DeltaGenerator
) -> str:
    """One select box bound to `?key=`; says so when the link holds something else than these options."""
    strange, times = find_unknown(key, options.values()), count_values(key)
    drop_other(key, options)
    chosen = str(place.selectbox(label, list(options), format_func=_reader(options), key=key, bind="query-params"))
    note_choice(key, options[chosen])
    say_unknown(strange, noun, options[chosen])
    say_repeated(times, label, options[chosen])
    return chosen


def adopt_choice(key: str, noun: str, options: Mapping[str, str]) -> str:
    """A shared choice that this page does not ask: the link is checked and remembered for the next page.

    returns  the first option, which is what the page itself works with
    """
    strange = find_unknown(key, options.values())
    if strange:
        st.warning(f"In de link staat {noun} wij niet kennen: {echo(strange)}. Deze pagina heeft die keuze niet nodig.")
    words = st.query_params.get_all(key)
    asked = [option for option, name in options.items() if name in words] if words else []
    if asked and key not in st.session_state:
        st.session_state[key] = asked[-1]
    return next(iter(options))


def _reader(options: Mapping[str, str]) -> Callable[[object], str]:
    return lambda option: options.get(str(option), str(option))


@lru_cache(maxsize=64)
def _load_places(publication: Publication, year: int | None) -> tuple[Area, ...]:
    return list_areas(load_areas(publication, year))


@lru_cache(maxsize=64)
def load_area_names(publication: Publication, year: int | None) -> dict[str, str]:
    """Readable names of the areas of a year by code, made once; not to be changed."""
    return name_areas(load_areas(publication, year))


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
    return next(place for place in list_areas(areas[areas["code"] == code]))


def find_levels(view: View, codes: Collection[str]) -> set[str]:
    """The levels of these areas."""
    return {place.level for place in view.places if place.code in codes}


def list_areas(areas: pd.DataFrame) -> tuple[Area, ...]:
    """Every area as a plain value, in order."""
    columns = (areas[name].tolist() for name in ("code", "name", "level", "parent"))
    return tuple(
        Area(code=code, name=name, level=level, parent=parent if isinstance(parent, str) else None)
        for code, name, level, parent in zip(*columns, strict=True)
    )


def list_children(view: View, code: str | None = None, *, level: str | None = None) -> tuple[str, ...]:
    """Codes right under an area (default: the chosen one), or all below it of one `level`."""
    below, found = {code or view.area.code}, set[str]()
    for _ in LEVELS:
        below = {place.code for place in view.places if place.parent in below}
        found |= below
        if level is None:
            break
    return tuple(place.code for place in view.places if place.code in found and level in (None, place.level))


def list_family(view: View) -> tuple[Area, ...]:
    """The chosen area and all above it, region first."""
    return view.family


def ask_other_areas(view: View) -> tuple[str, ...]:
    """Up to five more areas to draw beside the chosen one; the chosen area comes first in the answer."""
    options = {code: name for code, name in view.area_names.items() if code != view.area.code}
    own = view.area_names[view.area.code]
    more = ask_several(
        "Vergelijk met (hoogstens vijf)",
        "met",
        "een gebied dat",
        options,
        most=MOST_AREAS - 1,
        hint="Kies andere gebieden",
        also=(own,),
    )
    return (view.area.code, *more)


def ask_several(
    label: str, key: str, noun: str, options: Mapping[str, str], *, most: int, hint: str, also: Collection[str] = ()
) -> tuple[str, ...]:
    """A choice of at most `most` options bound to `?key=`; what the link asks beyond that is said.

    also  words that may stand in the link without being an option: they are shown anyway
    """
    asked, strange = st.query_params.get_all(key), find_unknown(key, [*options.values(), *also])
    drop_other(key, options)
    if "" in strange:
        rewrite(key, [value for value in asked if value])
    chosen = st.multiselect(
        label,
        list(options),
        format_func=_reader(options),
        key=key,
        bind="query-params",
        max_selections=most,
        placeholder=hint,
    )
    codes = tuple(str(code) for code in chosen)
    note_choice(key, *(options[code] for code in codes))
    say_unknown(strange, noun, join_words([*also, *(options[code] for code in codes)]) or "geen")
    if len(set(asked) - set(strange) - set(also)) > most:
        st.warning(f"In de link staan meer dan {most} keuzes voor '{label}'. U ziet nu: {len(codes)}.")
    return codes


def ask_period_kind(view: View, areas: Sequence[str]) -> str:
    """Year, school year, half-year or quarter: what every chosen area has."""
    levels = find_levels(view, areas)
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
    strange, times = find_unknown(key, options.values()), count_values(key)
    drop_other(key, options)
    chosen = next(iter(options))
    if len(options) > 1:
        chosen = str(
            st.radio(label, list(options), format_func=_reader(options), key=key, bind="query-params", horizontal=True)
        )
    elif times:
        forget(key)  # no widget here that would take it out of the address
    if len(options) > 1:
        note_choice(key, options[chosen])
    say_unknown(strange, noun, f"{label.lower()} {options[chosen]}")
    say_repeated(times, label, options[chosen])
    return chosen


def list_siblings(view: View, level: str) -> tuple[str, ...]:
    """Codes of the areas to hold side by side: below the chosen area, or around a chosen neighbourhood."""
    if view.area.level == "neighbourhood":
        return list_children(view, view.area.parent)
    return list_children(view, level=level)
