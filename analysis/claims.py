"""Does a sentence about a rise or a fall hold? Imported from `analysis.trends`.

"Not shown" does not say that nothing changed, and a claim that holds says nothing about why. The first year of a
window was chosen by somebody: so the claim is tried from every later year too, and the first year is held against
the line through the others.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.counts import Numbers
from analysis.slopes import (
    FALL,
    LEAST_POWER,
    MOST_P,
    Trend,
    as_series,
    check_series,
    loglinear_trend,
    power_to_see,
    t_limit,
)

Claim = Literal["decrease", "increase", "stable"]
Says = Literal["supported", "partly", "not_shown", "contradicted", "cannot_tell"]

LEAST_POINTS = 3
FLAT = 1e-9  # a slope smaller than rounding
LEAST_MEAN = 20  # cases per period: under it not even a large change stands out from chance
LARGE_JUMPS = 2.0  # dispersion: the series jumps about twice as much as chance alone would make it


@dataclass(frozen=True, kw_only=True)
class ClaimWindow:
    """The slope from one first period to the end of the window."""

    start: float
    end: float
    trend: Trend


@dataclass(frozen=True, kw_only=True)
class ClaimVerdict:
    """What the figures say of a claim, why, and the slope of the whole window and of every later start.

    reasons     in this order, each at most once:
                fewer_than_three, gap, break, few_events    why nothing can be told
                significant, not_significant                the slope of the whole window, at 95 %
                within_margin, outside_margin, margin_unsure    of "stable": the change over the whole window and 30 %
                low_power                                   a steady fall of 30 % would probably have been missed
                same_from_every_start, later_start_turns    the direction from later first periods
                base_year_decides                           without the first period the slope is not significant
                base_year_high, base_year_low               it lies off the line through the later ones
                national_base_year_high, national_base_year_low, national_base_year_usual   the same, everywhere
                large_jumps, small_jumps                    dispersion of the whole window over 2, or not
    windows     whole window first; empty when nothing can be told
    """

    verdict: Says
    reasons: tuple[str, ...]
    windows: tuple[ClaimWindow, ...]


def check_claim(
    events: ArrayLike,
    population: ArrayLike,
    periods: ArrayLike,
    claim: Claim,
    *,
    national_events: ArrayLike | None = None,
    national_population: ArrayLike | None = None,
    breaks: Collection[float] = (),
) -> ClaimVerdict:
    """Whether the figures of a window carry the claim that something fell, rose or stayed the same.

    events, population, periods     the window that is claimed, one value per period, ascending and at equal steps;
                NaN where hidden or missing
    claim       decrease, increase, stable
    national_events, national_population    the country's figures for the same periods: was the first one odd there?
    breaks      first periods of a new definition, boundary or way of recording
    returns     decrease and increase: supported when the whole window has a significant slope (95 %) in that
                direction and every later start with at least three points has the same sign; partly when a later
                start turns; contradicted when the significant slope goes the other way; else not_shown.
                stable: supported when the interval of the change over the window stays within 30 % either way and
                no later start has a significant slope; partly when it stays within but there is a slope; contradicted
                by a significant slope that may be more; else cannot_tell, since a change could hide.
                cannot_tell also with fewer than three points, a gap, a break, or no slope to be seen under 20 cases
                a period.
    raises      ValueError on an unknown claim, a negative count or population, or periods that do not ascend
    """
    if claim not in ("decrease", "increase", "stable"):
        raise ValueError("a claim is decrease, increase or stable")
    counts, people, times = as_series(events, population, periods)
    check_series(counts, people)
    cannot = _what_is_missing(counts, people, times, breaks)
    windows = () if cannot else _windows(counts, people, times)
    if cannot or np.isnan(windows[0].trend.slope):
        return ClaimVerdict(verdict="cannot_tell", reasons=(cannot or "few_events",), windows=())
    verdict, found = _judge(claim, counts, windows)
    power = power_to_see(counts.sum(), people, times, phi=windows[0].trend.phi)
    low_power = ["low_power"] if windows[0].trend.p >= MOST_P and power < LEAST_POWER else []
    national = _national(national_events, national_population, times)
    jumps = "large_jumps" if windows[0].trend.phi > LARGE_JUMPS else "small_jumps"
    reasons = (*found, *low_power, *_from_later_starts(windows), *_base_year(counts, people, times), *national, jumps)
    return ClaimVerdict(verdict=verdict, reasons=reasons, windows=windows)


def _what_is_missing(counts: Numbers, people: Numbers, times: Numbers, breaks: Collection[float]) -> str:
    """Why nothing can be told, or an empty word."""
    steps = np.diff(times)
    if np.any(steps <= 0):
        raise ValueError("periods must ascend")
    known = np.isfinite(counts) & np.isfinite(people) & (people > 0) & np.isfinite(times)
    if known.sum() < LEAST_POINTS:
        return "fewer_than_three"
    if not known.all() or np.any(steps > steps.min() * 1.5):
        return "gap"
    return "break" if any(times[0] < first <= times[-1] for first in breaks) else ""


def _windows(counts: Numbers, people: Numbers, times: Numbers) -> tuple[ClaimWindow, ...]:
    """The whole window and every later start with at least three points."""
    starts = range(len(counts) - LEAST_POINTS + 1)
    return tuple(
        ClaimWindow(
            start=float(times[start]),
            end=float(times[-1]),
            trend=loglinear_trend(counts[start:], people[start:], times[start:]),
        )
        for start in starts
    )


def _judge(claim: Claim, counts: Numbers, windows: tuple[ClaimWindow, ...]) -> tuple[Says, list[str]]:
    whole = windows[0].trend
    significant = "significant" if whole.p < MOST_P else "not_significant"
    if claim == "stable":
        verdict, margin = _judge_stable(windows)
        return verdict, [significant, margin]
    if whole.p < MOST_P:
        if (whole.slope < 0) != (claim == "decrease"):
            return "contradicted", [significant]
        return ("partly" if _turns(windows) else "supported"), [significant]
    if counts.mean() < LEAST_MEAN:
        return "cannot_tell", ["few_events", significant]
    return "not_shown", [significant]


def _judge_stable(windows: tuple[ClaimWindow, ...]) -> tuple[Says, str]:
    """The change over the whole window beside 30 % either way."""
    whole, elapsed = windows[0].trend, windows[0].end - windows[0].start
    low, middle, high = (np.expm1(elapsed * np.log1p(one / 100)) for one in (whole.low, whole.change_pct, whole.high))
    within = low >= -FALL and high <= FALL
    margin = "within_margin" if within else "margin_unsure" if abs(middle) <= FALL else "outside_margin"
    if within:
        return ("partly" if any(one.trend.p < MOST_P for one in windows) else "supported"), margin
    return ("contradicted" if whole.p < MOST_P else "cannot_tell"), margin


def _turns(windows: tuple[ClaimWindow, ...]) -> bool:
    """Whether the slope from a later start has another sign, or is flat; a start without a slope tells nothing."""
    slopes = np.array([one.trend.slope for one in windows])
    signs = np.sign(np.where(np.abs(slopes) < FLAT, 0, slopes))
    return bool(np.any(signs[~np.isnan(signs)] != signs[0]))


def _from_later_starts(windows: tuple[ClaimWindow, ...]) -> list[str]:
    if len(windows) == 1:
        return []
    found = ["later_start_turns" if _turns(windows) else "same_from_every_start"]
    decides = windows[0].trend.p < MOST_P and not windows[1].trend.p < MOST_P
    return [*found, "base_year_decides"] if decides else found


def _base_year(counts: Numbers, people: Numbers, times: Numbers) -> list[str]:
    word = _first_beside_the_rest(counts, people, times)
    return [] if word == "usual" else [f"base_year_{word}"]


def _national(events: ArrayLike | None, population: ArrayLike | None, times: Numbers) -> list[str]:
    if events is None or population is None:
        return []
    counts, people, _ = as_series(events, population, times)
    check_series(counts, people)
    if not np.all(np.isfinite(counts) & (people > 0)):
        return []
    return [f"national_base_year_{_first_beside_the_rest(counts, people, times)}"]


def _first_beside_the_rest(counts: Numbers, people: Numbers, times: Numbers) -> Literal["high", "low", "usual"]:
    """The first count beside what the line through the later ones says of it, at 95 %; needs three later ones."""
    if len(counts) <= LEAST_POINTS:
        return "usual"
    trend = loglinear_trend(counts[1:], people[1:], times[1:])
    if np.isnan(trend.slope):
        return "usual"
    shape = people[1:] * np.exp(trend.slope * (times[1:] - times[0]))
    level = counts[1:].sum() / shape.sum()
    expected = level * people[0]
    middle = (shape * (times[1:] - times[0])).sum() / shape.sum()
    information = level * (shape * (times[1:] - times[0] - middle) ** 2).sum()
    variance = 1 / expected + 1 / counts[1:].sum() + middle**2 / information
    reach = t_limit(len(counts) - 3, 1 - MOST_P) * np.sqrt(max(trend.phi, 1.0) * variance)
    far = np.log(max(counts[0], 0.5) / expected)
    return "usual" if abs(far) <= reach else "high" if far > 0 else "low"
