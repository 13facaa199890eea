"""What goes into a board pack: the figures, words and receipts of one area and year, once, for every format.

Nothing is counted or worded here that the screen does not have: cards, sentences and explanations come from the same
functions. A figure that is not shown is a word; its value is None, also in charts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.axis import find_top
from dashboard.board import Board, describe_margin, find_changes, list_words, load_board
from dashboard.change import Change
from dashboard.charts import describe_bars, describe_trend
from dashboard.choose import View, find_area, list_children, name_areas
from dashboard.explain import list_explanation
from dashboard.figures import Build, Publication, load_areas, load_figures, load_indicators, load_years
from dashboard.format import LABEL_WORDS, capitalise, format_number, format_status, format_tick, format_value, is_known
from dashboard.frame import load_source_names
from dashboard.indicator import Indicator
from dashboard.pack_words import SEE_PROTECTION, Accounts, load_accounts
from dashboard.receipt import figure_receipt
from dashboard.rows import Row, list_rows


class UnknownChoice(ValueError):  # noqa: N818 - what the caller asked for, not a fault of the program
    """The asked area or year is not in the publication; the message says which there are."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One figure of a chart or table. `value`, `low` and `high` are None unless shown; `number` is the figure or its word.

    margin  the margin in words, `span` only its ends
    """

    name: str
    state: str
    number: str
    margin: str
    span: str
    words: str
    soft: bool
    value: float | None
    low: float | None
    high: float | None
    receipt: str


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One key figure: its years (with gaps), its places in the chosen year, and its explanation.

    words  the sentences of its card, without the margin, which is in `now`
    """

    indicator: Indicator
    now: Point
    words: tuple[str, ...]
    years: tuple[Point, ...]
    years_alt: str
    places: tuple[Point, ...]
    places_alt: str
    explanation: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Everything that is printed, in the order in which it is read."""

    build: Build
    area: str
    place: str
    year: str
    topics: tuple[Topic, ...]
    accounts: Accounts


def make_view(publication: Publication, *, area: str = "", year: str = "") -> View:
    """The view that a visitor would have after choosing an area (code, or name as on the screen) and a year.

    area, year  '' for the region and the newest year
    raises      UnknownChoice
    """
    years = load_years(publication)
    if year and year not in years:
        raise UnknownChoice(f"year {year!r} has no figures; there are {', '.join(years) or 'none'}")
    if not years:
        raise UnknownChoice("this publication has no figures of whole years")
    chosen = year or years[0]
    areas = load_areas(publication, int(chosen))
    names = name_areas(areas)
    indicators = load_indicators(publication)
    return View(
        publication=publication,
        area=find_area(areas, _find_code(names, area)),
        year=chosen,
        indicator=next(iter(indicators.values())),
        areas=areas,
        area_names=names,
    )


def _find_code(names: Mapping[str, str], area: str) -> str:
    if not area:
        return next(iter(names))
    wanted = area.strip().lower()
    found = [code for code, name in names.items() if wanted in {code.lower(), name.lower()}]
    if not found:
        near = [name for name in names.values() if wanted in name.lower()][:5] or list(names.values())[:5]
        raise UnknownChoice(
            f"area {area!r} is not in this publication; write a code or a name as on the screen, such as {'; '.join(near)}"
        )
    return found[0]


def load_pack(view: View) -> Pack:
    """All figures and words of a pack for the chosen area and year."""
    board = load_board(view)
    indicators = load_indicators(view.publication)
    topics = tuple(
        _load_topic(view, board, indicators[key], change) for key, change in find_changes(board, indicators).items()
    )
    return Pack(
        build=view.publication.build,
        area=view.area.code,
        place=view.area_names[view.area.code],
        year=view.year,
        topics=topics,
        accounts=load_accounts(view, board, [topic.indicator for topic in topics]),
    )


def _load_topic(view: View, board: Board, indicator: Indicator, change: Change) -> Topic:
    history = fill_years(board.history[board.history["indicator"] == indicator.id], view.year)
    return make_topic(
        history.assign(series=view.area_names[view.area.code]),
        _load_places(view, indicator),
        indicator,
        change,
        build=view.publication.build.id,
        sources=load_source_names(view.publication),
    )


def make_topic(
    history: pd.DataFrame,
    places: pd.DataFrame,
    indicator: Indicator,
    change: Change,
    *,
    build: str,
    sources: Mapping[str, str],
) -> Topic:
    """One key figure as it is printed.

    history  figures of one area with its name as `series`, a row a year, the chosen year last
    places   figures of areas side by side in that year, with their `name`
    """
    now = list_rows(history)[-1]
    drawn = pd.concat([frame for frame in (history, places) if len(frame)], ignore_index=True)
    explanation = list_explanation(indicator, drawn, sources=sources, rule=SEE_PROTECTION)
    return Topic(
        indicator=indicator,
        now=make_point(now, indicator, build, name=format_tick(now["period"])),
        words=tuple(list_words(now, indicator, change)),
        years=tuple(make_point(row, indicator, build, name=format_tick(row["period"])) for row in list_rows(history)),
        years_alt=describe_trend(history, indicator),
        places=tuple(make_point(row, indicator, build, name=row["name"]) for row in list_rows(places)),
        places_alt=describe_bars(places, indicator) if len(places) else "",
        explanation=tuple(explanation),
    )


def fill_years(history: pd.DataFrame, last: str) -> pd.DataFrame:
    """The figures with a row for every year up to `last`; years without a figure are 'missing' and have `area` None."""
    periods = _list_periods(sorted(history["period"]), last)
    whole = history.set_index("period").reindex(pd.Index(periods, name="period")).reset_index()
    return whole.assign(status=whole["status"].where(whole["status"].notna(), "missing"))


def _list_periods(known: Sequence[str], last: str) -> list[str]:
    """Every year, or school year when the figures are of school years, from the first known one to the asked one."""
    school = "/" in known[0]
    years = range(int(known[0][:4]) + school, int(last) + 1)
    return [f"{year - 1}/{year % 100:02}" if school else str(year) for year in years]


def list_beside(view: View) -> list[str]:
    """Codes to hold side by side: the chosen area when it is part of a municipality, all municipalities, the region."""
    region = str(view.areas["code"].iloc[0])
    towns = list_children(view, region, level="municipality")
    first = () if view.area.code in {*towns, region} else (view.area.code,)
    return [*first, *towns, region]


def _load_places(view: View, indicator: Indicator) -> pd.DataFrame:
    """Figures of the chosen year side by side, in a fixed order: never by height."""
    codes = list_beside(view)
    figures = load_figures(view.publication, indicators=(indicator.id,), areas=tuple(codes), period=view.year)
    named = figures.assign(name=[view.area_names[code] for code in figures["area"]])
    return named.sort_values("area", key=lambda column: column.map(codes.index), kind="stable", ignore_index=True)


def make_point(row: Row, indicator: Indicator, build: str, *, name: str) -> Point:
    """One row of figures as it is printed; of what is not shown only the word, and the receipt of its keys."""
    shown = row["status"] == "shown"
    return Point(
        name=name,
        state=str(row["status"]),
        number=format_status(row["status"], row["value"], indicator.unit, indicator.decimals),
        margin=capitalise(describe_margin(row, indicator)),
        span=_describe_span(row, indicator),
        words=LABEL_WORDS.get(row["label"], "") if shown else "",
        soft=shown and row["provisional"] is True,
        value=_number(row, "value"),
        low=_number(row, "low"),
        high=_number(row, "high"),
        receipt=figure_receipt(build, row) if is_known(row["area"]) else "",
    )


def _describe_span(row: Row, indicator: Indicator) -> str:
    """The margin for a narrow table: '7,5 tot 15,7', or '88 tot 96 %'."""
    low, high = _number(row, "low"), _number(row, "high")
    if low is None or high is None:
        return ""
    return f"{format_number(low, indicator.decimals)} tot {format_value(high, indicator.unit, indicator.decimals)}"


def _number(row: Row, column: str) -> float | None:
    return float(row[column]) if row["status"] == "shown" and is_known(row[column]) else None


def find_end(points: Sequence[Point], indicator: Indicator) -> float:
    """Where the axis of these points ends."""
    values = [point.value for point in points if point.value is not None]
    highs = [point.high for point in points if point.high is not None]
    return find_top(values, highs, share=indicator.unit == "%")


def list_sentences(topic: Topic) -> tuple[str, ...]:
    """Everything that is said of a key figure, the margin first."""
    margin = topic.now.margin.removesuffix(".")
    return (f"{margin}.", *topic.words) if margin else topic.words
