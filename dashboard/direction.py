"""Up, down, or not to be seen: the verdict on a line of years in words, with its reason. Pure.

From shown figures only, by the same rule as the published verdict; an estimated year counts as a year without a figure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.rates import rate
from analysis.reading import judge_series
from analysis.sizes import USUAL, Sizes
from analysis.trends import Verdict, fingertips_trend, loglinear_trend
from dashboard.division import name_count
from dashboard.figures import Publication, load_breaks
from dashboard.format import format_number, format_period, format_value, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import Frame, list_rows
from dashboard.sentences import say

MARKERS = {"up": "omhoog", "down": "omlaag", "no_change": "geen richting", "cannot_tell": "niet te berekenen"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """The years of one line as numbers: NaN where nothing is shown."""

    name: str
    years: list[str]
    events: list[float]
    people: list[float]
    provisional: list[bool]


def list_lines(figures: pd.DataFrame) -> list[Line]:
    """One line per `series`, of figures per year or school year; other periods give none."""
    yearly = figures[figures["period"].str.fullmatch(r"\d{4}(/\d{2})?")]
    return [_read_line(str(name), rows) for name, rows in yearly.groupby("series", sort=False)]


def _read_line(name: str, rows: pd.DataFrame) -> Line:
    rows = rows.sort_values("period")
    usable = rows["status"].eq("shown")
    if "estimated" in rows:
        usable &= ~rows["estimated"].fillna(0).gt(0)
    return Line(
        name=name,
        years=list(rows["period"]),
        events=[float(one) for one in rows["numerator"].where(usable)],
        people=[float(one) for one in rows["denominator"].where(usable)],
        provisional=list(rows["provisional"].eq(True)),
    )


def load_all_breaks(publication: Publication, indicator: Indicator, *, area: str) -> list[float]:
    """First years of another definition, or of another area under the same code."""
    told = load_breaks(publication, area=area)
    moved = told.loc[told["counted"] == name_count(indicator), "year"]
    return [*(float(start[:4]) for start, _ in indicator.breaks), *(float(year) for year in moved)]


def judge_line(line: Line, breaks: Collection[float], sizes: Sizes = USUAL, *, rounding: int = 1) -> Verdict:
    """The verdict on one line; see `analysis.reading.judge_series`."""
    years = [float(year[:4]) for year in line.years]
    return judge_series(
        line.events,
        line.people,
        years,
        provisional=line.provisional,
        breaks=breaks,
        rounding=rounding,
        sizes=sizes,
    )


def describe_verdicts(
    lines: Sequence[Line], breaks: Mapping[str, Collection[float]], indicator: Indicator, sizes: Sizes = USUAL
) -> list[str]:
    """A sentence or two per line: the direction and why; nothing for a plain number of an area, or a single year.

    breaks  by the name of the line
    """
    if indicator.is_stock or not indicator.denominator:
        return []
    long = [line for line in lines if len(line.years) > 1]
    return [
        _describe_verdict(line, judge_line(line, breaks.get(line.name, ()), sizes, rounding=indicator.rounding), sizes)
        for line in long
    ]


def _describe_verdict(line: Line, verdict: Verdict, sizes: Sizes) -> str:
    shown = [count for count in line.events if np.isfinite(count)]
    noisy = verdict.reason == "low_power" and bool(shown) and shown[-1] >= sizes.arrow
    name = "trend.too_noisy" if noisy else f"trend.{verdict.direction}"
    firm = [year for year, soft in zip(line.years, line.provisional, strict=True) if not soft] or line.years
    told = say(name, area=line.name, first=format_period(firm[0]), last=format_period(firm[-1]))
    why = say(f"trend.why.{verdict.reason}", count=sizes.arrow)
    return f"{told} {_describe_size(verdict, shown, sizes)}{why}"


def _describe_size(verdict: Verdict, shown: Sequence[float], sizes: Sizes) -> str:
    """The change per year, only with a direction and enough cases for a percentage."""
    if verdict.direction not in {"up", "down"} or min(shown, default=0) < sizes.percentage:
        return ""
    low, high = (format_change(edge) for edge in sorted((verdict.low, verdict.high)))
    return f"{say('trend.size', low=low, high=high)} "


def format_change(percent: float) -> str:
    """'3,1 % meer' or '2,0 % minder'."""
    return f"{format_number(abs(percent), 1)}\u00a0% {'meer' if percent >= 0 else 'minder'}"


def describe_latest(figures: Frame, indicator: Indicator) -> str:
    """The latest shown figure of a single line with its margin; nothing for several lines or without a margin."""
    shown = figures[(figures["status"] == "shown") & figures["low"].notna()].sort_values("period")
    if shown.empty or figures["series"].nunique() > 1:
        return ""
    row = list_rows(shown)[-1]
    value, low, high = (
        format_value(float(row[name]), indicator.unit, indicator.decimals) for name in ("value", "low", "high")
    )
    unit = "" if indicator.unit == "%" else f" {indicator.unit}"
    period = format_period(str(row["period"]))
    name = "margin.zero" if row["numerator"] == 0 else "margin.range"
    return say(name, area=row["series"], year=period, level=value + unit, low=low, high=high + unit)


def describe_breaks(figures: Frame, indicator: Indicator) -> list[str]:
    """The breaks that lie within the periods drawn, in words."""
    periods = sorted(figures["period"])
    within = [
        (start, text) for start, text in indicator.breaks if periods and periods[0][:4] < start[:4] <= periods[-1]
    ]
    return [say("trend.break_words", year=format_period(start), text=lower_first(text)) for start, text in within]


def list_reckoning(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """For who wants to see the reckoning: per line, what both rules found on its shown years."""
    return [(line.name, _describe_reckoning(line)) for line in lines]


def _describe_reckoning(line: Line) -> str:
    years = [float(year[:4]) for year in line.years]
    yearly = rate(line.events, line.people)
    marker = fingertips_trend(yearly.value, yearly.low, yearly.high)
    trend = loglinear_trend(line.events, line.people, years)
    parts = []
    if np.isfinite(marker.chi2):
        parts.append(say("technical.fingertips", marker=MARKERS[marker.marker], chi2=format_number(marker.chi2, 2)))
    if np.isfinite(trend.p):
        change, low, high = (f"{format_number(one, 1)}\u00a0%" for one in (trend.change_pct, trend.low, trend.high))
        numbers = {"phi": format_number(trend.phi, 2), "p": format_number(trend.p, 3)}
        parts.append(say("technical.slope", change=change, low=low, high=high, **numbers))
    return " ".join(parts) or say("technical.none")
