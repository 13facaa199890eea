"""From a figure on the screen back to its deliveries: the addresses that lead there, and what stands there.

Every figure is at most two clicks from its definition, its SQL and its deliveries. The SQL names tables and columns;
it holds no count and nobody's value.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import pandas as pd

from dashboard.choose import View, list_family
from dashboard.figures import Area, Publication, load_figures, load_indicators, load_table
from dashboard.format import LEVEL_WORDS, PERIOD_KIND_WORDS, SPLIT_WORDS, capitalise, format_period
from dashboard.indicator import Indicator
from dashboard.links import page_address
from dashboard.rows import Row, list_rows

ORIGIN: Final = "herkomst"
TREND: Final = "ontwikkeling"


def trace_address(view: View, indicator: Indicator) -> str:
    """The page that traces an indicator, for the chosen year and the chosen area, or the nearest above it that has it."""
    area = find_home(view, indicator)
    return page_address(ORIGIN, cijfer=indicator.title, gebied=view.area_names[area.code], jaar=view.year)


def trend_address(view: View, indicator: Indicator) -> str:
    """The indicator over time, for the chosen area or the nearest one above it that has this figure."""
    area = find_home(view, indicator)
    return page_address(TREND, cijfer=indicator.title, gebied=view.area_names[area.code])


def find_home(view: View, indicator: Indicator) -> Area:
    """The chosen area, or the nearest one above it at whose level the indicator is counted."""
    return next((area for area in reversed(list_family(view)) if indicator.at_level(area.level)), view.area)


def load_traced(view: View) -> pd.DataFrame:
    """The figures of the chosen indicator, area and year: totals, or groups where there is no total; every kind of period."""
    kinds = view.indicator.periods.get(view.area.level, ())
    for split in ("", *view.indicator.splits.get(view.area.level, ())):
        parts = [_load_kind(view, kind, split) for kind in kinds]
        if found := [part for part in parts if len(part)]:
            return pd.concat(found, ignore_index=True)
    return load_figures(view.publication, indicators=(), areas=())


def _load_kind(view: View, kind: str, split: str) -> pd.DataFrame:
    figures = load_figures(
        view.publication, indicators=(view.indicator.id,), areas=(view.area.code,), period_kind=kind, split=split
    )
    mine = [year_of(period) == view.year and ("/" in period) == (kind == "school_year") for period in figures["period"]]
    return figures[pd.Series(mine, index=figures.index, dtype=bool)]


def name_traced(figures: pd.DataFrame, labels: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """The figures with their period, and their group when there is one, as the heading of the row; groups in their order.

    labels  Dutch words of groups by (dimension, code), in order
    """
    places = {pair: place for place, pair in enumerate(labels) if pair[1] != "all"}
    named = figures.assign(
        heading=[_name_traced(row, labels) for row in list_rows(figures)],
        place=[max(places.get((name, row[name]), -1) for name in SPLIT_WORDS) for row in list_rows(figures)],
    )
    return named.sort_values("place", kind="stable")


def _name_traced(row: Row, labels: Mapping[tuple[str, str], str]) -> str:
    groups = [labels.get((name, row[name]), row[name]) for name in SPLIT_WORDS if row[name] != "all"]
    return ", ".join([format_period(str(row["period"])), *groups])


def year_of(period: str | None) -> str:
    """'2025' for 2025, 2025H1, 2025M03 and 2024/25; '' for a delivery that is about no period of its own."""
    text = period or ""
    if match := re.fullmatch(r"(\d{4})/\d{2}", text):
        return str(int(match[1]) + 1)
    return text[:4]


def split_deliveries(
    deliveries: pd.DataFrame, sources: tuple[str, ...], year: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deliveries that a figure of that year was counted from, and the other ones of the same sources.

    A figure can need more years (who came back, who was known the year before): the other deliveries stand below.
    """
    mine = deliveries[deliveries["id"].isin(sources)]
    years = [year_of(period) for period in mine["period"]]
    counted = mine["state"].eq("used") & pd.Series([one in ("", year) for one in years], index=mine.index, dtype=bool)
    return mine[counted], mine[~counted]


def draw_sql(queries: pd.DataFrame, level: str) -> str:
    """The SQL of every level, split and kind of period; that of the chosen level is open, the others are folded."""
    if queries.empty:
        return "<p class='jb-text'>Bij dit cijfer staat geen SQL in de publicatie.</p>"
    rows = sorted(list_rows(queries), key=lambda row: row["level"] != level)
    return "".join(_draw_query(row, opened=place == 0) for place, row in enumerate(rows))


def _draw_query(row: Row, *, opened: bool) -> str:
    title = name_query(row)
    body = f'<pre class="jb-sql" tabindex="0" role="region" aria-label="SQL: {escape(title, quote=True)}">{escape(row["sql"])}</pre>'
    return f"<details class='jb-fold'{' open' if opened else ''}><summary>{escape(title)}</summary>{body}</details>"


def name_query(row: Row) -> str:
    """'Gemeente, per jaar, naar leeftijd'."""
    names = [] if row["split"] == "all" else [SPLIT_WORDS.get(name, name) for name in row["split"].split(",")]
    split = f", naar {' en '.join(names)}" if names else ""
    level = LEVEL_WORDS.get(row["level"], (row["level"],))[0]
    kind = PERIOD_KIND_WORDS.get(row["period_kind"], row["period_kind"])
    return f"{capitalise(level)}, per {kind}{split}"


def list_sources(publication: Publication, indicator: Indicator) -> tuple[str, ...]:
    """Every source that an indicator is counted from."""
    pairs = load_table(publication, "figure_source")
    return tuple(pairs.loc[pairs["indicator"] == indicator.id, "source"])


def find_leaning(publication: Publication) -> dict[str, list[Indicator]]:
    """The indicators that lean on each source."""
    indicators = load_indicators(publication)
    leaning: dict[str, list[Indicator]] = {}
    for row in list_rows(load_table(publication, "figure_source")):
        if row["indicator"] in indicators:
            leaning.setdefault(row["source"], []).append(indicators[row["indicator"]])
    return leaning


def count_leaning(leaning: Mapping[str, Sequence[Indicator]]) -> dict[str, int]:
    """How many indicators lean on each source."""
    return {source: len(found) for source, found in leaning.items()}


def trace_addresses(view: View) -> dict[str, str]:
    """The page that traces each indicator, by id."""
    return {key: trace_address(view, one) for key, one in load_indicators(view.publication).items()}
