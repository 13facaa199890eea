"""'Klopt het?': a claim about one figure, area and window, held against the shown figures of definitive years. Pure.

The verdict is that of `analysis.trends.check_claim`. A count that is too small to carry a direction carries no claim.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np
import pandas as pd

from analysis.claims import Claim
from analysis.sizes import USUAL, Sizes
from analysis.trends import ClaimVerdict, ClaimWindow, check_claim
from dashboard.direction import format_change
from dashboard.format import format_number, format_period, format_value
from dashboard.indicator import Indicator
from dashboard.rows import list_rows
from dashboard.sentences import CLAIM_WORDS, VERDICT_WORDS, say

LEAST_YEARS: Final = 3
CORONA: Final = ("2020", "2021")
ONLY_WHEN_SIGNIFICANT: Final = ("same_from_every_start", "base_year_decides")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The short answer, the sentence to read out, the reasons, and the reckoning by window."""

    verdict: str
    short: str
    sentence: str
    reasons: list[str]
    reckoning: list[tuple[str, str]]


def list_years(figures: pd.DataFrame) -> list[str]:
    """The definitive years of a series, also those without a shown figure; oldest first."""
    firm = figures[figures["period"].str.fullmatch(r"\d{4}(/\d{2})?") & ~figures["provisional"].eq(True)]
    return sorted(firm["period"].unique())


def has_provisional(figures: pd.DataFrame) -> bool:
    """Whether years were left out because they are not definitive."""
    return bool(figures["provisional"].eq(True).any())


def pick_window(figures: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """The years from the first to the last."""
    return figures[figures["period"].between(first, last)].sort_values("period")


def answer_claim(
    window: pd.DataFrame,
    claim: str,
    indicator: Indicator,
    *,
    area_name: str,
    breaks: Collection[float] = (),
    sizes: Sizes = USUAL,
) -> Answer:
    """The answer for one window of figures of one area.

    window  period, status, numerator, denominator, value; one row per year, oldest first
    claim   decrease, increase or stable
    raises  ValueError on another claim
    """
    if claim not in get_args(Claim):
        raise ValueError("a claim is decrease, increase or stable")
    found = _check(window, claim, breaks, sizes)
    periods = list(window["period"])
    words = {
        "title": f"‘{indicator.title}’",
        "area": area_name,
        "claim": CLAIM_WORDS[claim],
        "first": format_period(periods[0]),
        "last": format_period(periods[-1]),
    }
    name = f"claim.{found.verdict}"
    stable = claim == "stable" and found.verdict in {"supported", "partly", "contradicted"}
    sentence = say(f"{name}.stable" if stable else name, **words)
    level = _describe_level(window, indicator) if found.verdict != "cannot_tell" else ""
    reasons = [_describe_reason(one, sizes) for one in _choose(found.reasons)]
    if indicator.theme == "nuisance" and periods[0] in CORONA:
        reasons.append(say("claim.why.corona"))
    return Answer(
        verdict=found.verdict,
        short=VERDICT_WORDS[found.verdict],
        sentence=f"{sentence} {level}".strip(),
        reasons=[*_describe_size(found, window, sizes), *reasons],
        reckoning=_list_windows(found),
    )


def _check(window: pd.DataFrame, claim: str, breaks: Collection[float], sizes: Sizes) -> ClaimVerdict:
    usable = window["status"].eq("shown")
    if "estimated" in window:
        usable &= ~window["estimated"].fillna(0).gt(0)
    events, people = (window[name].where(usable).to_numpy(dtype=float) for name in ("numerator", "denominator"))
    years = [float(period[:4]) for period in window["period"]]
    found = check_claim(events, people, years, claim, breaks=breaks)  # type: ignore[arg-type]
    shown = events[np.isfinite(events)]
    few = not len(shown) or shown.mean() < sizes.possibly or shown[-1] < sizes.possibly
    if few and found.verdict != "cannot_tell":
        return ClaimVerdict(verdict="cannot_tell", reasons=("few_events",), windows=())
    return found


def _choose(reasons: Sequence[str]) -> list[str]:
    """Reasons in their order; what follows from a clear slope only when there is one."""
    clear = "significant" in reasons
    return [one for one in reasons if one != "small_jumps" and (clear or one not in ONLY_WHEN_SIGNIFICANT)]


def _describe_reason(reason: str, sizes: Sizes) -> str:
    return say(f"claim.why.{reason}", count=sizes.possibly)


def _describe_level(window: pd.DataFrame, indicator: Indicator) -> str:
    rows = list_rows(window)
    before, after = (
        format_value(float(row["value"]), indicator.unit, indicator.decimals) for row in (rows[0], rows[-1])
    )
    unit = "" if indicator.unit == "%" else f" {indicator.unit}"
    return say("claim.level", before=before, after=f"{after}{unit}")


def _describe_size(found: ClaimVerdict, window: pd.DataFrame, sizes: Sizes) -> list[str]:
    """The change over the whole window; only a clear one, of enough cases for a percentage."""
    if "significant" not in found.reasons or window["numerator"].min() < sizes.percentage:
        return []
    whole = found.windows[0]
    low, high = sorted(_over_all(edge, whole.end - whole.start) for edge in (whole.trend.low, whole.trend.high))
    return [say("claim.size", low=format_change(low), high=format_change(high))]


def _over_all(yearly: float, elapsed: float) -> float:
    return 100 * float(np.expm1(elapsed * np.log1p(yearly / 100)))


def _list_windows(found: ClaimVerdict) -> list[tuple[str, str]]:
    return [(f"Vanaf {one.start:.0f}", _describe_window(one)) for one in found.windows]


def _describe_window(one: ClaimWindow) -> str:
    trend = one.trend
    if not np.isfinite(trend.p):
        return say("technical.none")
    change, low, high = (f"{format_number(one, 1)}\u00a0%" for one in (trend.change_pct, trend.low, trend.high))
    numbers = {"change": change, "low": low, "high": high, "p": format_number(trend.p, 3)}
    return say("technical.claim", first=f"{one.start:.0f}", last=f"{one.end:.0f}", **numbers)


def fit_window(years: Sequence[str], first: str, last: str) -> tuple[str, str]:
    """The window asked for, or the whole series when it is too short or the wrong way round."""
    apart = years.index(last) - years.index(first)
    return (first, last) if apart >= LEAST_YEARS - 1 else (years[0], years[-1])
