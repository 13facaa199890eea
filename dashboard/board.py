"""The cards of the overview: one key figure each, with its words, its line and its explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd

from dashboard.change import Change, describe_change
from dashboard.choose import View, list_children
from dashboard.division import keep_same_area
from dashboard.explain import draw_origin, name_sources
from dashboard.figures import load_breaks, load_figures, load_indicators
from dashboard.format import (
    LABEL_WORDS,
    STATUS_REASONS,
    capitalise,
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
from dashboard.trace import trace_address

# At most eight: more is not a key figure.
KEY_FIGURES: Final = (
    *("crimes", "youth_nuisance", "vandalism", "suspects_12_17"),
    *("suspects_18_22", "first_time_suspects", "halt_rate", "halt_succeeded"),
)


@dataclass(frozen=True, kw_only=True)
class Board:
    """Figures behind the cards: `history` of the chosen area over the years, `now` its chosen year, `around` for labels."""

    history: pd.DataFrame
    now: pd.DataFrame
    around: pd.DataFrame
    year: str


def load_board(view: View, keys: Sequence[str] = KEY_FIGURES) -> Board:
    """The key figures that this publication has, of the chosen area up to the chosen year."""
    keys = tuple(key for key in keys if key in load_indicators(view.publication))
    history = load_figures(view.publication, indicators=keys, areas=(view.area.code,))
    history = keep_same_area(
        history[history["period"] <= view.year],
        load_breaks(view.publication, area=view.area.code),
        load_indicators(view.publication),
        year=int(view.year),
    )
    beside = (view.area.code, *list_children(view, level="municipality"))
    around = load_figures(view.publication, indicators=keys, areas=beside, period=view.year)
    return Board(history=history, now=history[history["period"] == view.year], around=around, year=view.year)


def find_changes(board: Board, indicators: Mapping[str, Indicator]) -> dict[str, Change]:
    """The change against the year before, by indicator."""
    rows = {(row["indicator"], row["period"]): row for row in list_rows(board.history)}
    before = str(int(board.year) - 1)
    return {
        key: describe_change(rows.get((key, board.year)), rows.get((key, before)), indicators[key])
        for key in dict.fromkeys(board.history["indicator"])
    }


def draw_cards(view: View, board: Board) -> str:
    """All cards as HTML."""
    indicators, sources = load_indicators(view.publication), load_source_names(view.publication)
    changes = find_changes(board, indicators)
    cards = [
        _draw_card(
            indicators[str(key)],
            lines,
            changes[str(key)],
            board.year,
            _draw_details(indicators[str(key)], sources, trace_address(view, indicators[str(key)])),
        )
        for key, lines in board.history.groupby("indicator", sort=False)
    ]
    if not cards:
        return "<p>Voor dit gebied zijn er geen cijfers.</p>"
    return f'<div class="jb-cards">{"".join(cards)}</div>'


NOTHING: Final[Row] = {
    "status": "missing",
    "value": None,
    "numerator": None,
    "provisional": False,
    "trend": "",
    "label": "",
    "low": None,
}


def _draw_card(indicator: Indicator, history: pd.DataFrame, change: Change, year: str, details: str) -> str:
    row = next(iter(list_rows(history[history["period"] == year])), NOTHING)
    title = escape(indicator.title)
    words = [describe_margin(row, indicator), *list_words(row, indicator, change)]
    said = "".join(f"<p>{escape(text)}</p>" for text in words if text)
    summary = f'<summary>Uitleg en bron<span class="jb-unseen"> van {title}</span></summary>'
    return (
        f'<article class="jb-card"><h3>{title}</h3>{_draw_level(row, indicator)}{_draw_line(history, indicator)}{said}'
        f"<details>{summary}{details}</details></article>"
    )


def _draw_level(row: Row, indicator: Indicator) -> str:
    shown = row["status"] == "shown"
    number = escape(format_status(row["status"], row["value"], indicator.unit, indicator.decimals))
    unit = f"<span>{escape(indicator.unit)}</span>" if shown and indicator.unit != "%" else ""
    soft = '<span class="jb-soft">voorlopig</span>' if shown and row["provisional"] is True else ""
    beside = f'<span class="jb-unit">{unit} {soft}</span>' if unit or soft else ""
    return f'<p class="jb-level"><span class="{"jb-big" if shown else "jb-none"}">{number}</span> {beside}</p>'


def list_words(row: Row, indicator: Indicator, change: Change) -> list[str]:
    """The sentences of a card besides its margin: comparison, change and direction; or why there is no figure."""
    if row["status"] != "shown":
        return [STATUS_REASONS[row["status"]]]
    label = LABEL_WORDS.get(row["label"], "")
    compared = f"{capitalise(label)}." if label else ""
    direction = describe_direction(row["trend"], row["numerator"])
    return [text for text in (compared, change.words, direction) if text]


def describe_margin(row: Row, indicator: Indicator) -> str:
    """'Ligt waarschijnlijk tussen 7,5 en 15,7.'; nothing for a figure without an interval."""
    if row["status"] != "shown" or not is_known(row["low"]):
        return ""
    low, high = (format_value(row[end], indicator.unit, indicator.decimals) for end in ("low", "high"))
    return f"Ligt waarschijnlijk tussen {low} en {high}."


def _draw_line(history: pd.DataFrame, indicator: Indicator) -> str:
    shown = history["status"] == "shown"
    years = [str(year) for year in range(int(history["period"].min()), int(history["period"].max()) + 1)]
    known = dict(zip(history["period"][shown], history["value"][shown], strict=True))
    address = draw_spark([float(known[year]) if year in known else None for year in years])
    if not address or len(years) < 2:
        return ""
    gaps = len(years) - len(known)
    words = f"Lijn van {lower_first(indicator.title)} van {years[0]} tot en met {years[-1]}"
    alt = escape(f"{words}, {gaps} jaar zonder cijfer" if gaps else words, quote=True)
    ends = f'<div aria-hidden="true"><span>{years[0]}</span><span>{years[-1]}</span></div>'
    return f'<div class="jb-spark"><img src="{address}" alt="{alt}">{ends}</div>'


def _draw_details(indicator: Indicator, sources: Mapping[str, str], origin: str) -> str:
    texts = [indicator.definition, f"Bron: {name_sources(indicator, sources)}", *indicator.caveats]
    return "".join(f"<p>{escape(text)}</p>" for text in texts) + draw_origin(origin, f"({indicator.title})")
