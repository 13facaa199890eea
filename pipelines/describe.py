"""From figures to described figures: value, interval, label and trend; computed from shown figures only.

What a small number may carry follows its size (`analysis.reading`: a label from 10 events, at 99.8 % only below 20; an
arrow from 50, and only when the run of years can carry one). A hidden row gets nothing, and a hidden year breaks the run.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from analysis.compare import label
from analysis.rates import Estimate, rate, rounded_count_interval, share
from analysis.reading import find_size, judge_series, limit_labels
from analysis.registry import check_measure
from analysis.sizes import USUAL, Sizes
from pipelines.indicators.model import Indicator
from pipelines.periods import YEARLY, kind_of
from pipelines.purposes import explain_purpose

SERIES = ["indicator", "area", "age", "sex", "kind"]
AreaBreaks = dict[tuple[str, str], list[float]]


def describe(
    figures: pd.DataFrame,
    catalogue: Sequence[Indicator],
    region: str,
    breaks: pd.DataFrame | None = None,
    sizes: Sizes = USUAL,
) -> pd.DataFrame:
    """Add value, low, high, benchmark, label, trend to figures.

    figures  after `protect`: numbers only where status is shown
    region   code of the region: the benchmark of an area is the region without that area
    breaks   area, year, counted: from that year on the code is another area (see bridges.py); it ends a run of years
    sizes    from how many events a figure carries a label or an arrow
    """
    told = _area_breaks(breaks)
    parts = [
        _describe_one(rows.copy(), indicator, region, told, sizes)
        for indicator, rows in _per_indicator(figures, catalogue)
    ]
    described = pd.concat(parts).sort_index()
    numbers = ["numerator", "denominator", "value", "low", "high", "benchmark"]
    described[numbers] = described[numbers].astype(float)
    return described


def _per_indicator(figures: pd.DataFrame, catalogue: Sequence[Indicator]) -> list[tuple[Indicator, pd.DataFrame]]:
    rows = dict(iter(figures.groupby("indicator", sort=False)))
    return [(indicator, rows.get(indicator.id, figures.iloc[:0])) for indicator in catalogue]


def _area_breaks(breaks: pd.DataFrame | None) -> AreaBreaks:
    found: AreaBreaks = {}
    for area, year, counted in () if breaks is None else breaks.itertuples(index=False, name=None):
        found.setdefault((counted, area), []).append(float(year))
    return found


def _describe_one(
    rows: pd.DataFrame, indicator: Indicator, region: str, told: AreaBreaks, sizes: Sizes
) -> pd.DataFrame:
    shown = rows["status"] == "shown"
    events = rows["numerator"].where(shown).astype(float)
    people = rows["denominator"].where(shown).astype(float)
    rows[["value", "low", "high", "benchmark"]] = np.nan
    rows[["label", "trend"]] = None
    if indicator.denominator is None or not shown.any():
        rows["value"] = events
        return rows
    if indicator.counts == "published":
        rows["value"] = indicator.per * events / people.where(people > 0)
        return rows
    usual = estimate(events, people, indicator, 0.95)
    wide = estimate(events, people, indicator, 0.998)
    rows["value"], rows["low"], rows["high"] = usual.value, usual.low, usual.high
    if indicator.rounding == 1:
        rows["benchmark"] = _benchmark(rows, events, people, region) * indicator.per
    size = find_size(events, people, is_share=indicator.is_share, rounding=indicator.rounding)
    words = limit_labels(label(usual, wide, rows["benchmark"].to_numpy()), size, sizes)
    rows["label"] = pd.Series(words, index=rows.index).where(rows["benchmark"].notna(), None)
    rows["trend"] = _trends(rows, events, people, indicator, told, sizes)
    return rows


def estimate(
    events: "pd.Series[float]", people: "pd.Series[float]", indicator: Indicator, confidence: float
) -> Estimate:
    """Shares by Wilson, rates by the interval of their count; NaN where nothing is shown."""
    if indicator.rounding > 1:
        return _estimate_rounded(events, people, indicator, confidence)
    method = share if indicator.is_share else rate
    return method(events.to_numpy(), people.to_numpy(), per=indicator.per, confidence=confidence)


def _estimate_rounded(
    events: "pd.Series[float]", people: "pd.Series[float]", indicator: Indicator, confidence: float
) -> Estimate:
    """A rate of a count that was published rounded: wide enough for every count that it may stand for."""
    limits = rounded_count_interval(events.to_numpy(), indicator.rounding, confidence=confidence)
    scale = indicator.per / people.where(people > 0).to_numpy()
    return Estimate(value=events.to_numpy() * scale, low=limits.low * scale, high=limits.high * scale)


def _benchmark(
    rows: pd.DataFrame, events: "pd.Series[float]", people: "pd.Series[float]", region: str
) -> "pd.Series[float]":
    """Rate of the region without the area, where both are shown and the rest is not empty; rounded counts are not subtracted."""
    keys = ["period", "age", "sex", "kind"]
    whole = pd.DataFrame({**{key: rows[key] for key in keys}, "events": events, "people": people})[
        rows["area"] == region
    ]
    joined = rows[keys].merge(whole, on=keys, how="left").set_index(rows.index)
    rest_people = joined["people"] - people
    rest = (joined["events"] - events) / rest_people.where(rest_people > 0)
    return rest.where((rows["area"] != region) & (rest >= 0))


def _trends(
    rows: pd.DataFrame,
    events: "pd.Series[float]",
    people: "pd.Series[float]",
    indicator: Indicator,
    told: AreaBreaks,
    sizes: Sizes,
) -> "pd.Series[str]":
    """The verdict of each series of years or of school years, on its latest shown one."""
    kinds = rows["period"].map(kind_of)
    yearly = rows.assign(events=events, people=people, period_kind=kinds)[kinds.isin(YEARLY)]
    breaks = [float(one.period[:4]) for one in indicator.breaks]
    found = pd.Series([None] * len(rows), index=rows.index, dtype=object)
    counted = "tables" if indicator.counts == "incidents" else "lists"
    for key, series in yearly.sort_values("period").groupby([*SERIES, "period_kind"]):
        shown = series.index[series["status"] == "shown"]
        if len(shown):
            ends = [*breaks, *told.get((counted, str(key[1])), [])]
            found[shown[-1]] = judge_series(
                series["events"],
                series["people"],
                series["period"].str[:4].astype(float),
                provisional=series["provisional"],
                breaks=ends,
                rounding=indicator.rounding,
                sizes=sizes,
            ).direction
    return found


def describe_indicators(catalogue: Sequence[Indicator], purposes: Sequence[str]) -> pd.DataFrame:
    """The catalogue as published text: one row per indicator, also of those that no allowed purpose computes.

    raises  MixedSeries when an indicator has a unit or an age band that is not registered
    """
    for one in catalogue:
        check_measure(one.unit, one.per, [one.age, *one.bands])
    return pd.DataFrame([
        {
            "id": one.id, "title": one.title, "definition": one.definition, "numerator": one.numerator.words,
            "denominator": one.denominator.words if one.denominator else None, "unit": one.unit, "per": float(one.per),
            "decimals": one.decimals, "counts": one.counts, "rounding": one.rounding, "geography": one.geography, "polarity": one.polarity,
            "theme": one.theme, "purpose": one.purpose, "legal_basis": one.legal_basis, "sources": ",".join(one.sources),
            "caveats": "\n".join(one.caveats), "programmes": ",".join(one.programmes),
            "breaks": json.dumps([[b.period, b.text] for b in one.breaks], ensure_ascii=False),
            "splits": json.dumps(one.splits), "periods": json.dumps(one.periods), "age": one.age,
            "kind": one.kind, "links": json.dumps(asdict(one.links) | {"ratio": one.is_ratio}),
            "numerator_set": one.numerator.set, "denominator_set": one.denominator.set if one.denominator else None,
            "allowed": one.purpose in purposes, "not_allowed": explain_purpose(one, purposes),
        }
        for one in catalogue
    ])  # fmt: skip
