"""Small charts beside each other, one for each area or group, all on one scale. Pure HTML; gaps stay gaps."""

from collections.abc import Sequence
from html import escape
from typing import Final

import pandas as pd

from dashboard.charts import describe_trend
from dashboard.fit import SMALL_MOST
from dashboard.format import STATUS_WORDS, format_tick, format_value
from dashboard.indicator import Indicator
from dashboard.rows import list_rows
from dashboard.spark import draw_spark

WILD: Final = 1.5


def draw_multiples(figures: pd.DataFrame, indicator: Indicator) -> str:
    """A card for each `series`: its line, its first and last figure, and words for what is not shown.

    figures  series, period, value, status; all of one indicator
    """
    top, periods = find_scale(figures), sorted(figures["period"].unique())
    lines = list(figures.groupby("series", sort=False))[:SMALL_MOST]
    cards = "".join(_draw_card(str(name), rows, indicator, top, periods) for name, rows in lines)
    return f'<div class="jb-small">{cards}</div>'


def find_scale(figures: pd.DataFrame) -> float:
    """The value at the upper edge of every small chart: one wild line must not flatten all the others."""
    highest = figures[figures["status"] == "shown"].groupby("series")["value"].max().sort_values()
    if highest.empty:
        return 0.0
    usual, most = float(highest.quantile(0.9)), float(highest.iloc[-1])
    return most if most <= WILD * usual or usual == 0 else WILD * usual


def _draw_card(name: str, rows: pd.DataFrame, indicator: Indicator, top: float, periods: Sequence[str]) -> str:
    known = {row["period"]: float(row["value"]) for row in list_rows(rows) if row["status"] == "shown"}
    beyond = max(known.values(), default=0.0) > top
    drawn = [min(known[period], top) if period in known else None for period in periods]
    image = draw_spark(drawn, width=240, height=84, top=top or None)
    alt = escape(describe_trend(rows, indicator), quote=True)
    picture = f'<img src="{image}" alt="{alt}">' if image else '<p class="jb-none">geen cijfer te tonen</p>'
    ends = f'<p class="jb-ends">{_describe_ends(rows, indicator)}</p>'
    most = format_value(max(known.values(), default=None), indicator.unit, indicator.decimals)
    more = f'<p class="jb-ends">Loopt door buiten de grafiek, tot {most}</p>' if beyond else ""
    return f"<section><h4>{escape(name)}</h4>{picture}{ends}{more}</section>"


def _describe_ends(rows: pd.DataFrame, indicator: Indicator) -> str:
    ordered = list_rows(rows.sort_values("period"))
    ends = [ordered[0], ordered[-1]] if len(ordered) > 1 else ordered
    parts = [f"{format_tick(row['period'])}: <strong>{_say(row, indicator)}</strong>" for row in ends]
    return "<span>" + "</span><span>".join(parts) + "</span>"


def _say(row: dict[str, object], indicator: Indicator) -> str:
    if row["status"] != "shown":
        return STATUS_WORDS[str(row["status"])]
    return escape(format_value(float(row["value"]), indicator.unit, indicator.decimals))  # type: ignore[arg-type]


def describe_scale(figures: pd.DataFrame, indicator: Indicator) -> str:
    """That all small charts share one scale, what its top is, and that some are left out, when they are."""
    scale = find_scale(figures)
    if not scale:
        return ""
    top = format_value(scale, indicator.unit, indicator.decimals)
    count = figures["series"].nunique()
    rest = (
        f" U ziet de eerste {SMALL_MOST} van de {count}; in de tabel staan ze allemaal." if count > SMALL_MOST else ""
    )
    unit = "" if indicator.unit == "%" else f" {indicator.unit}"
    return f"Alle grafieken hebben dezelfde schaal: van nul tot {top}{unit}. Waar de lijn ontbreekt, is geen cijfer te zien.{rest}"
