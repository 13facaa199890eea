"""The heat table: figures down, areas across; each cell a number, the word of its verdict, and a colour for that word.

The colour says how an area compares with the region without itself, not how large a number is: units differ by row.
Zero is a number like any other; who is not shown has a word and no colour of the scale. No row is ordered by value.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import pandas as pd

from dashboard.choose import View, list_siblings
from dashboard.figures import load_figures, load_indicators
from dashboard.format import STATUS_WORDS, THEME_WORDS, format_value
from dashboard.indicator import Indicator
from dashboard.links import draw_short_link
from dashboard.rows import Row, list_rows
from dashboard.states import state_class

VERDICT_WORDS: Final[Mapping[object, str]] = {
    "higher": "hoger",
    "possibly_higher": "mogelijk hoger",
    "similar": "ongeveer als de regio",
    "possibly_lower": "mogelijk lager",
    "lower": "lager",
    "cannot_tell": "kan toeval zijn",
}
LOOKS: Final[Mapping[object, str]] = {
    "higher": "jb-h2",
    "possibly_higher": "jb-h1",
    "possibly_lower": "jb-l1",
    "lower": "jb-l2",
}
KEY: Final = (
    "Het woord en de kleur zeggen of een gebied hoger of lager is dan de rest van de regio. Zonder kleur is er geen duidelijk verschil te zien. "
    "Zonder woord is er niets vergeleken: er zijn te weinig gevallen, of er is geen cijfer van de regio."
)
POLARITY_WORDS: Final = {"good": "hoger is beter", "bad": "lager is beter"}
ORDERS: Final = {"": "onderwerp", "name": "naam"}
NO_ROW: Final = "–"


def list_default_areas(view: View) -> tuple[str, ...]:
    """The areas of the same level to hold side by side: municipalities, or the districts or neighbourhoods around."""
    if view.area.level in ("region", "municipality"):
        return tuple(place.code for place in view.places if place.level == "municipality")
    if view.area.level == "neighbourhood":
        return list_siblings(view, "neighbourhood")
    return tuple(place.code for place in view.places if place.parent == view.area.parent)


def order_areas(view: View, codes: Sequence[str]) -> tuple[str, ...]:
    """The chosen area first when it is among them, then the others by name."""
    names = view.area_names
    rest = sorted((code for code in codes if code != view.area.code), key=lambda code: names[code].lower())
    return (view.area.code, *rest) if view.area.code in codes else tuple(rest)


def load_heat(view: View, codes: Sequence[str]) -> pd.DataFrame:
    """Totals of the chosen year of these areas and the region, of every indicator that one of them has."""
    levels = set(view.areas.loc[view.areas["code"].isin(codes), "level"])
    known = load_indicators(view.publication)
    keys = tuple(key for key, one in known.items() if any(one.at_level(level) for level in levels))
    region = view.publication.build.region
    return load_figures(
        view.publication, indicators=keys, areas=tuple(dict.fromkeys([*codes, region])), period=view.year
    )


def order_rows(keys: Sequence[str], indicators: Mapping[str, Indicator], order: str) -> list[tuple[str, list[str]]]:
    """The indicators in groups: by theme, or by name in one group without a title."""
    if order == "name":
        return [("", sorted(keys, key=lambda key: indicators[key].title.lower()))]
    groups: dict[str, list[str]] = {theme: [] for theme in THEME_WORDS}
    for key in keys:
        groups.setdefault(indicators[key].theme, []).append(key)
    return [(THEME_WORDS.get(theme, theme), found) for theme, found in groups.items() if found]


def draw_heat(
    figures: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    *,
    areas: Mapping[str, str],
    region: str,
    own: str,
    order: str,
    caption: str,
    addresses: Mapping[str, str],
) -> str:
    """The table in HTML.

    figures    indicator, area, status, value, provisional, label; one row per indicator and area
    areas      names of the columns by code; region: its code, as the first column; own: the chosen area
    addresses  where the development of each indicator is, by id
    """
    cells = {(row["indicator"], row["area"]): row for row in list_rows(figures)}
    across = {region: "Hele regio", **{code: name for code, name in areas.items() if code != region}}
    heads = "".join(f'<th scope="col"{_own(code == own)}>{escape(name)}</th>' for code, name in across.items())
    body = []
    for title, keys in order_rows(list(dict.fromkeys(figures["indicator"])), indicators, order):
        if title:
            body.append(
                f'<tr class="jb-theme"><th scope="rowgroup" colspan="{len(across) + 1}">{escape(title)}</th></tr>'
            )
        body += [
            _draw_row(indicators[key], [cells.get((key, code)) for code in across], addresses[key]) for key in keys
        ]
    table = (
        f'<table><caption class="jb-unseen">{escape(caption)}</caption><thead><tr><th scope="col">Cijfer</th>{heads}</tr>'
        f"</thead><tbody>{''.join(body)}</tbody></table>"
    )
    label = escape(caption, quote=True)
    return f'<div class="jb-table jb-sticky jb-heat" role="region" tabindex="0" aria-label="{label}">{table}</div>'


def _own(chosen: bool) -> str:
    return ' class="jb-own"' if chosen else ""


def _draw_row(indicator: Indicator, rows: Sequence[Row | None], address: str) -> str:
    unit = "" if indicator.unit == "%" else indicator.unit
    about = "; ".join(words for words in (unit, POLARITY_WORDS.get(indicator.polarity, "")) if words)
    small = f"<small>{escape(about)}</small>" if about else ""
    head = f"{draw_short_link(address, indicator.title)}{small}"
    return f'<tr><th scope="row">{head}</th>{"".join(draw_heat_cell(row, indicator) for row in rows)}</tr>'


def draw_heat_cell(row: Row | None, indicator: Indicator) -> str:
    """One cell: the number with its verdict, the word for why there is none, or a dash where the figure does not exist."""
    if row is None:
        return f"<td>{NO_ROW}</td>"
    if row["status"] != "shown":
        return f'<td class="jb-state {state_class(str(row["status"]))}">{STATUS_WORDS[row["status"]]}</td>'
    star = "*" if row["provisional"] is True else ""
    number = escape(format_value(float(row["value"]), indicator.unit, indicator.decimals)) + star
    label = row["label"]
    if not isinstance(label, str):
        return f"<td>{number}</td>"
    look = f' class="{LOOKS[label]}"' if label in LOOKS else ""
    return f"<td{look}>{number}<small>{VERDICT_WORDS[label]}</small></td>"
