"""The cards of the overview: one key figure each, with its words, its line and its explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd

from dashboard.change import Change, describe_change
from dashboard.choose import View, list_children
from dashboard.division import keep_same_area, year_of
from dashboard.explain import draw_origin, name_sources
from dashboard.figures import load_breaks, load_figures, load_indicators
from dashboard.format import (
    STATUS_REASONS,
    describe_direction,
    format_status,
    format_value,
    is_known,
    lower_first,
)
from dashboard.frame import load_source_names
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows
from dashboard.spark import draw_spark
from dashboard.states import state_class
from dashboard.trace import trace_address, trend_address

MOST: Final = 7  # more is not a key figure
KEY_FIGURES: Final = (
    *("youth_nuisance", "vandalism", "suspects_12_17", "suspects_18_22", "halt_rate", "absence", "care_help"),
    # What an area shows that has not all of these; a neighbourhood has no figure about care.
    *("crimes", "first_time_suspects", "halt_succeeded", "early_leavers", "population"),
)
ARROWS: Final[Mapping[object, str]] = {"up": "↗", "down": "↘"}
BESIDE_WORDS: Final[Mapping[object, str]] = {
    "higher": "Hoger dan de rest van de regio",
    "possibly_higher": "Mogelijk hoger dan de rest van de regio",
    "similar": "Ongeveer als de rest van de regio",
    "possibly_lower": "Mogelijk lager dan de rest van de regio",
    "lower": "Lager dan de rest van de regio",
    "cannot_tell": "Het verschil met de rest van de regio kan toeval zijn",
}


MARGIN: Final = "De marge laat zien hoeveel toeval er in een cijfer zit: het werkelijke niveau ligt waarschijnlijk tussen die twee getallen."


@dataclass(frozen=True, kw_only=True)
class Board:
    """Figures behind the cards: `history` of the chosen area over the years, `now` its chosen year.

    around   all figures of that year of the area and the municipalities in it, for what stands out
    """

    history: pd.DataFrame
    now: pd.DataFrame
    around: pd.DataFrame
    year: str


def pick_keys(view: View) -> tuple[str, ...]:
    """The key figures of an area: at most seven of those that are counted at its level."""
    known = load_indicators(view.publication)
    return tuple(key for key in KEY_FIGURES if key in known and known[key].at_level(view.area.level))[:MOST]


def load_board(view: View, keys: Sequence[str] = ()) -> Board:
    """The key figures that this publication has, of the chosen area up to the chosen year."""
    asked = tuple(key for key in keys or pick_keys(view) if key in load_indicators(view.publication))
    history = load_figures(view.publication, indicators=asked, areas=(view.area.code,))
    years = history["period"].map(year_of)
    history = keep_same_area(
        history[years <= int(view.year)],
        load_breaks(view.publication, area=view.area.code),
        load_indicators(view.publication),
        year=int(view.year),
    )
    beside = (view.area.code, *list_children(view, level="municipality"))
    others = tuple(key for key in load_indicators(view.publication) if key not in asked) if not keys else ()
    around = load_figures(view.publication, indicators=(*asked, *others), areas=beside, period=view.year)
    now = history[history["period"].map(year_of) == int(view.year)]
    return Board(history=history, now=now, around=around, year=view.year)


def find_changes(board: Board, indicators: Mapping[str, Indicator]) -> dict[str, Change]:
    """The change against the year before, by indicator."""
    rows = {(row["indicator"], year_of(row["period"])): row for row in list_rows(board.history)}
    now = int(board.year)
    return {
        key: describe_change(rows.get((key, now)), rows.get((key, now - 1)), indicators[key])
        for key in dict.fromkeys(board.history["indicator"])
    }


def draw_cards(view: View, board: Board, *more: str) -> str:
    """All cards as HTML; `more` are cards of another kind that stand behind them."""
    indicators, sources = load_indicators(view.publication), load_source_names(view.publication)
    changes = find_changes(board, indicators)
    cards = [
        _draw_card(
            indicators[str(key)],
            lines,
            changes[str(key)],
            board.year,
            _draw_details(view, indicators[str(key)], sources),
        )
        for key, lines in board.history.groupby("indicator", sort=False)
    ]
    if not cards:
        return "<p>Voor dit gebied zijn er geen cijfers.</p>"
    return f'<div class="jb-cards">{"".join([*cards, *more])}</div>'


NOTHING: Final[Row] = {
    "status": "missing",
    "value": None,
    "numerator": None,
    "provisional": False,
    "trend": "",
    "label": "",
    "low": None,
    "benchmark": None,
}


def _draw_card(indicator: Indicator, history: pd.DataFrame, change: Change, year: str, details: str) -> str:
    row = next(iter(list_rows(history[history["period"].map(year_of) == int(year)])), NOTHING)
    title = escape(indicator.title)
    way = ARROWS.get(row["trend"]) if row["status"] == "shown" else None
    arrow = f'<span class="jb-arrow" aria-hidden="true">{way}</span> ' if way else ""
    words = [escape(text) for text in list_words(row, indicator, change)]
    said = "".join(f"<p>{arrow if at == len(words) else ''}{text}</p>" for at, text in enumerate(words, 1))
    summary = f'<summary>Uitleg en bron<span class="jb-unseen"> van {title}</span></summary>'
    top = f'<div class="jb-top">{_draw_level(row, indicator)}{_draw_line(history, indicator)}</div>'
    return (
        f'<article class="jb-card"><h3>{title}</h3>{top}{_draw_unit(row, indicator)}{said}'
        f"<details>{summary}{details}</details></article>"
    )


def _draw_level(row: Row, indicator: Indicator) -> str:
    number = escape(format_status(row["status"], row["value"], indicator.unit, indicator.decimals))
    look = "jb-big" if row["status"] == "shown" else f"jb-none {state_class(row['status'])}"
    soft = row["status"] == "shown" and row["provisional"] is True
    star = '<span aria-hidden="true">*</span><span class="jb-unseen"> voorlopig</span>' if soft else ""
    return f'<p class="jb-level"><span class="{look}">{number}{star}</span></p>'


def _draw_unit(row: Row, indicator: Indicator) -> str:
    unit = "" if indicator.unit == "%" else indicator.unit
    margin = describe_margin(row, indicator)
    words = ", ".join(text for text in (unit, margin) if text)
    return f'<p class="jb-unit">{escape(words)}</p>' if words and row["status"] == "shown" else ""


def list_words(row: Row, indicator: Indicator, change: Change) -> list[str]:
    """The sentences of a card: beside the region, since the year before, over the years; or why there is no figure."""
    if row["status"] != "shown":
        return [STATUS_REASONS[row["status"]]]
    direction = describe_direction(row["trend"], row["numerator"])
    return [text for text in (_describe_beside(row, indicator), change.words, direction) if text]


def _describe_beside(row: Row, indicator: Indicator) -> str:
    """'Hoger dan de rest van de regio (12,3).': the region without the area itself."""
    words = BESIDE_WORDS.get(row["label"], "")
    rest = format_value(row["benchmark"], indicator.unit, indicator.decimals) if is_known(row["benchmark"]) else ""
    return f"{words}{f' ({rest})' if rest else ''}." if words else ""


def describe_margin(row: Row, indicator: Indicator) -> str:
    """'marge 7,5 tot 15,7'; nothing for a figure without an interval."""
    if row["status"] != "shown" or not is_known(row["low"]):
        return ""
    low, high = (format_value(row[end], indicator.unit, indicator.decimals) for end in ("low", "high"))
    return f"marge {low} tot {high}"


def _draw_line(history: pd.DataFrame, indicator: Indicator) -> str:
    shown = history["status"] == "shown"
    places = history["period"].map(year_of)
    years = list(range(int(places.min()), int(places.max()) + 1))
    known = dict(zip(places[shown], history["value"][shown], strict=True))
    address = draw_spark([float(known[year]) if year in known else None for year in years], width=110, height=40)
    if not address or len(years) < 2:
        return ""
    gaps = len(years) - len(known)
    words = f"Lijn van {lower_first(indicator.title)} van {years[0]} tot en met {years[-1]}"
    alt = escape(f"{words}, {gaps} jaar zonder cijfer" if gaps else words, quote=True)
    ends = f'<div aria-hidden="true"><span>{years[0]}</span><span>{years[-1]}</span></div>'
    return f'<div class="jb-spark"><img src="{address}" alt="{alt}">{ends}</div>'


def _draw_details(view: View, indicator: Indicator, sources: Mapping[str, str]) -> str:
    texts = [indicator.definition, f"Bron: {name_sources(indicator, sources)}", *indicator.caveats]
    links = draw_origin(trend_address(view, indicator), f"({indicator.title})", words="Bekijk de ontwikkeling")
    links += draw_origin(trace_address(view, indicator), f"({indicator.title})")
    return "".join(f"<p>{escape(text)}</p>" for text in texts) + links
