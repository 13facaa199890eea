"""Areas beside the region in a funnel: how far off may an area of its size be? Pure: neither streamlit nor duckdb.

Only areas with a shown figure take part, in the points, in the limits and in the axes. The limits are widened by how much
areas differ anyway. The word for an area comes from the region without that area; the lines are drawn around the region.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from analysis.compare import (
    FunnelLimits,
    Overdispersion,
    funnel_limits_small,
    funnel_limits_wide,
    overdispersion,
)
from analysis.reading import find_size
from analysis.sizes import USUAL, Sizes
from dashboard.charts import frame_chart
from dashboard.format import format_number, format_value, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import list_rows
from dashboard.sentences import FUNNEL_WORDS, say
from dashboard.theme import BAR, GRID, MUTED, PAPER, PRIMARY

LEAST_AREAS: Final = 8
SMALL: Final = 20.0  # expected cases; below it the limits are whole numbers of cases
STEPS: Final = 80
LOOKS: Final = {
    "above": ("triangle-up", PRIMARY),
    "possibly_above": ("triangle-up-open", PRIMARY),
    "inside": ("circle", BAR),
    "possibly_below": ("triangle-down-open", PRIMARY),
    "below": ("triangle-down", PRIMARY),
    "few": ("circle-open", MUTED),
}
Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Funnel:
    """areas: shown ones with `place`, a key of FUNNEL_WORDS; target: of the region, as a part; spread: see analysis."""

    areas: pd.DataFrame
    target: float
    spread: Overdispersion
    is_share: bool


def build_funnel(
    figures: pd.DataFrame, indicator: Indicator, region: pd.DataFrame, sizes: Sizes = USUAL
) -> Funnel | None:
    """The funnel of these areas; None with too few shown areas, or when the region has no figure to hold them against.

    figures  one row per area: name, numerator, denominator, value, benchmark, status
    region   the region's own figure of the same period
    """
    shown = figures[(figures["status"] == "shown") & (figures["denominator"] > 0)]
    level = region[(region["status"] == "shown") & (region["denominator"] > 0)]
    if len(shown) < LEAST_AREAS or level.empty or indicator.rounding > 1:
        return None
    target = float(level["numerator"].iloc[0] / level["denominator"].iloc[0])
    if not target > 0:
        return None
    rest = (shown["benchmark"] / indicator.per).fillna(target).to_numpy(dtype=float)
    events, people = (shown[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    spread = _spread(events, people, rest, is_share=indicator.is_share)
    limits = _limits(people, np.maximum(rest, 1e-9), spread, is_share=indicator.is_share)
    size = find_size(events, people, is_share=indicator.is_share)
    places = _place(events / people, limits, size, sizes)
    return Funnel(areas=shown.assign(place=places), target=target, spread=spread, is_share=indicator.is_share)


def _spread(events: Numbers, people: Numbers, rest: Numbers, *, is_share: bool) -> Overdispersion:
    if is_share:
        return overdispersion(events, people, kind="share")
    return overdispersion(events, people * rest, kind="ratio")


def _limits(people: Numbers, level: Numbers | float, spread: Overdispersion, *, is_share: bool) -> FunnelLimits:
    """Limits as parts of the population, for areas of this many people around this level."""
    tau2 = spread.tau2 if np.isfinite(spread.tau2) else 0.0
    if is_share:
        return funnel_limits_wide(people, tau2, kind="share", target=level)
    expected = people * level
    wide = funnel_limits_wide(expected, tau2, kind="ratio")
    few = funnel_limits_small(expected, 4 * tau2)  # a variance of roots is a quarter of that of logarithms
    ends = ("low_95", "high_95", "low_998", "high_998")
    found = (np.where(expected < SMALL, getattr(few, end) / people, getattr(wide, end) * level) for end in ends)
    return FunnelLimits(**dict(zip(ends, found, strict=True)))


def _place(value: Numbers, limits: FunnelLimits, size: Numbers, sizes: Sizes) -> NDArray[np.str_]:
    unsure = size >= sizes.possibly
    return np.select(
        [
            size < sizes.label,
            value > limits.high_998,
            value < limits.low_998,
            (value > limits.high_95) & unsure,
            (value < limits.low_95) & unsure,
        ],
        ["few", "above", "below", "possibly_above", "possibly_below"],
        default="inside",
    )


def draw_funnel(funnel: Funnel, indicator: Indicator, *, region_name: str) -> go.Figure:
    """A point per shown area by its size, with the limits as lines around the level of the region."""
    chart = go.Figure()
    people, value = funnel.areas["denominator"], funnel.areas["value"]
    _add_limits(chart, funnel, indicator, low=float(people.min()), high=float(people.max()))
    for place, (marker, colour) in LOOKS.items():
        rows = funnel.areas[funnel.areas["place"] == place]
        if len(rows):
            chart.add_scatter(
                x=[float(one) for one in rows["denominator"]],
                y=[round(float(one), 6) for one in rows["value"]],
                mode="markers",
                marker={"symbol": marker, "size": 11, "color": colour, "line": {"width": 1.5, "color": colour}},
                name=FUNNEL_WORDS[place],
                text=[_hover(row, indicator) for row in list_rows(rows)],
                hovertemplate="%{text}<extra></extra>",
            )
    top = 1.25 * max(float(value.max()), 1.6 * funnel.target * indicator.per)
    level = format_value(funnel.target * indicator.per, indicator.unit, indicator.decimals)
    chart.add_annotation(
        xref="paper", x=1, y=funnel.target * indicator.per, xanchor="right", yanchor="bottom",
        text=f"{region_name}: {level}", showarrow=False, font={"color": PRIMARY, "size": 14}, bgcolor=PAPER,
    )  # fmt: skip
    axis = {"gridcolor": GRID, "zerolinecolor": MUTED, "automargin": True, "fixedrange": True, "tickformat": ","}
    chart.update_xaxes(**axis, rangemode="tozero", title=indicator.denominator)
    chart.update_yaxes(**axis, range=[0, top])
    return frame_chart(chart, height=460)


def _add_limits(chart: go.Figure, funnel: Funnel, indicator: Indicator, *, low: float, high: float) -> None:
    people = np.linspace(max(low * 0.9, 1.0), high * 1.05, STEPS)
    limits = _limits(people, funnel.target, funnel.spread, is_share=funnel.is_share)
    lines = {
        "99,8 %": (("low_998", "high_998"), "solid"),
        "95 %": (("low_95", "high_95"), "dot"),
    }
    for name, (ends, dash) in lines.items():
        for number, end in enumerate(ends):
            chart.add_scatter(
                x=[round(float(one), 1) for one in people],
                y=[round(float(one) * indicator.per, 6) for one in getattr(limits, end)],
                mode="lines", line={"color": MUTED, "width": 1.5, "dash": dash}, hoverinfo="skip",
                name="grens van gewoon" if dash == "dot" else "grens van bijzonder", legendgroup=name, showlegend=number == 0,
            )  # fmt: skip
    ends_at = [float(people[0]), float(people[-1])]
    chart.add_scatter(
        x=ends_at, y=[funnel.target * indicator.per] * 2, mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": PRIMARY, "width": 2, "dash": "dash"}, name="regio",
    )  # fmt: skip


def _hover(row: dict[str, object], indicator: Indicator) -> str:
    number = format_value(float(str(row["value"])), indicator.unit, indicator.decimals)
    return f"{row['name']}: {number}<br>{FUNNEL_WORDS[str(row['place'])]}"


def describe_funnel(funnel: Funnel, indicator: Indicator) -> str:
    """What the funnel shows, for who cannot see it."""
    counts = funnel.areas["place"].value_counts()
    parts = [f"{int(counts[place])} {words}" for place, words in FUNNEL_WORDS.items() if place in counts]
    return (
        f"Trechter van {lower_first(indicator.title)}, {indicator.unit}, voor {len(funnel.areas)} gebieden: "
        f"{', '.join(parts)}. De tabel geeft het woord per gebied."
    )


def list_funnel_notes(funnel: Funnel, *, hidden: int) -> list[str]:
    """How to read it, and who is not in it."""
    wide = say("funnel.wide") if funnel.spread.tau2 > 0 else say("funnel.plain")
    return [say("funnel.key"), wide, *([say("funnel.hidden")] if hidden else [])]


def describe_spread(funnel: Funnel) -> str:
    """For who wants to see the reckoning."""
    phi, tau2 = (format_number(one, 3) for one in (funnel.spread.phi, funnel.spread.tau2))
    return say("technical.funnel", phi=phi, tau2=tau2, count=len(funnel.areas))
