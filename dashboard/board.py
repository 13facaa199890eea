"""The cards of the overview: one key figure each, with its words, its line and its explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import pandas as pd

from dashboard.change import Change, describe_change
from dashboard.charts import draw_spark
from dashboard.choose import View, list_children
from dashboard.explain import name_sources
from dashboard.figures import load_figures, load_indicators
from dashboard.format import STATUS_REASONS, TREND_WORDS, format_status, format_value, lower_first
from dashboard.frame import name_all_sources
from dashboard.indicator import Indicator

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


def load_board(view: View) -> Board:
    """The key figures that this publication has, of the chosen area up to the chosen year."""
    keys = tuple(key for key in KEY_FIGURES if key in load_indicators(view.publication))
    history = load_figures(view.publication, indicators=keys, areas=(view.area.code,))
    history = history[history["period"] <= view.year]
    beside = (view.area.code, *list_children(view, level="municipality"))
    around = load_figures(view.publication, indicators=keys, areas=beside, period=view.year)
    return Board(history=history, now=history[history["period"] == view.year], around=around, year=view.year)


def find_changes(board: Board, indicators: Mapping[str, Indicator]) -> dict[str, Change]:
    """The change against the year before, by indicator."""
    rows = {(row["indicator"], row["period"]): row for row in board.history.to_dict("records")}
    before = str(int(board.year) - 1)
    return {
        key: describe_change(_named(rows.get((key, board.year))), _named(rows.get((key, before))), indicators[key])
        for key in dict.fromkeys(board.history["indicator"])
    }


def _named(row: Mapping[Any, Any] | None) -> dict[str, object] | None:
    return None if row is None else {str(name): value for name, value in row.items()}


def draw_cards(view: View, board: Board) -> str:
    """All cards as HTML."""
    indicators, sources = load_indicators(view.publication), name_all_sources(view.publication)
    changes = find_changes(board, indicators)
    cards = [
        _draw_card(indicators[str(key)], lines, changes[str(key)], board.year, sources)
        for key, lines in board.history.groupby("indicator", sort=False)
    ]
    if not cards:
        return "<p>Voor dit gebied zijn er geen cijfers.</p>"
    return f'<div class="jb-cards">{"".join(cards)}</div>'


def _draw_card(
    indicator: Indicator, history: pd.DataFrame, change: Change, year: str, sources: Mapping[str, str]
) -> str:
    rows = history[history["period"] == year].to_dict("records")
    row = (
        rows[0]
        if rows
        else {"status": "missing", "value": None, "provisional": False, "trend": None, "low": None, "high": None}
    )
    shown = row["status"] == "shown"
    number = format_status(row["status"], row["value"] if shown else None, indicator.unit, indicator.decimals)
    unit = "" if indicator.unit == "%" or not shown else f'<span class="jb-unit">{escape(indicator.unit)}</span>'
    soft = '<span class="jb-soft">voorlopig</span>' if row["provisional"] is True and shown else ""
    words = (
        [_describe_margin(row, indicator), change.words, TREND_WORDS.get(row["trend"] or "", "")]
        if shown
        else [STATUS_REASONS[row["status"]]]
    )
    said = "".join(f"<p>{escape(text)}</p>" for text in words if text)
    return (
        f'<article class="jb-card"><h3>{escape(indicator.title)}</h3>'
        f'<p class="jb-level"><span class="{"jb-big" if shown else "jb-none"}">{escape(number)}</span> {unit} {soft}</p>'
        f"{_draw_line(history, indicator)}{said}"
        f'<details><summary>Uitleg en bron<span class="jb-unseen"> van {escape(indicator.title)}</span></summary>{_draw_details(indicator, sources)}</details></article>'
    )


def _describe_margin(row: Mapping[Any, Any], indicator: Indicator) -> str:
    if row["low"] != row["low"] or row["low"] is None:
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
    alt = f"Lijn van {lower_first(indicator.title)} van {years[0]} tot en met {years[-1]}" + (
        f", {gaps} jaar zonder cijfer" if gaps else ""
    )
    ends = f"<span>{years[0]}</span><span>{years[-1]}</span>"
    return f'<div class="jb-spark"><img src="{address}" alt="{escape(alt, quote=True)}"><div aria-hidden="true">{ends}</div></div>'


def _draw_details(indicator: Indicator, sources: Mapping[str, str]) -> str:
    texts = [indicator.definition, f"Bron: {name_sources(indicator, sources)}", *indicator.caveats]
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
