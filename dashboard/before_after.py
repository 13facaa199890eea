"""Before and after an intervention: what changed in the figure it aims at, beside areas without it. Pure, but for loading.

Never "by", always "after": a change after the start is not a change because of it. Only shown, definitive figures of
comparable periods go in; when one is missing nothing is reckoned. The period in which it started belongs to neither side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation, difference_in_differences, interrupted_series, synthetic_control
from analysis.gates import LEAST_BEFORE, LEAST_EVENTS
from analysis.sizes import USUAL, Sizes
from dashboard.direction import format_change
from dashboard.figures import Publication, load_figures, load_indicators, load_table
from dashboard.format import format_number, format_value, is_known, join_words
from dashboard.indicator import Indicator
from dashboard.rows import Row
from dashboard.sentences import say
from dashboard.toolbox import split_codes

SEASONS: Final = {"month": (12, 2), "quarter": (4, 1)}
FINEST: Final = ("month", "quarter", "half_year", "year", "school_year")
LEAST_AFTER: Final = 3
LEAST_IN_MIX: Final = 19  # areas; with fewer, chance cannot be told from a change
MOST_NAMED: Final = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """One intervention as numbers: areas by periods, which are treated, and when it started; or why there is none.

    gate      name of the sentence that says why nothing is reckoned; '' when all is there
    others  how many areas do not have the intervention, also those that miss a figure and are not in `areas`
    events, people  shape (areas, periods), treated areas first
    """

    indicator: Indicator | None = None
    areas: list[str] = field(default_factory=list)
    treated: int = 0
    others: int = 0
    periods: list[str] = field(default_factory=list)
    kind: str = "year"
    start: int = 0
    events: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    people: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    gate: str = ""


def load_study(publication: Publication, row: Row, areas: pd.DataFrame) -> Study:
    """The figures around one intervention of the toolbox.

    row     of the published table intervention; areas: code, level of the region
    """
    indicator = load_indicators(publication).get(str(row["indicator"])) if is_known(row["indicator"]) else None
    if indicator is None or not indicator.denominator or indicator.is_stock or indicator.rounding > 1:
        return Study(gate="no_figure")
    level, treated = _find_treated(row, areas)
    kinds = [kind for kind in FINEST if kind in indicator.periods.get(level, ())]
    if not kinds or level not in indicator.totals or not treated:
        return Study(indicator=indicator, gate="no_figure")
    others = [str(code) for code in areas.loc[areas["level"] == level, "code"] if code not in treated]
    periods = load_table(publication, "period")
    figures = load_figures(publication, indicators=(indicator.id,), areas=(*treated, *others), period_kind=kinds[0])
    return build_study(figures, indicator, periods, treated=treated, others=others, row=row, kind=kinds[0])


def _find_treated(row: Row, areas: pd.DataFrame) -> tuple[str, list[str]]:
    """The level at which it works, and its areas there."""
    level = "neighbourhood" if split_codes(row["neighbourhoods"]) else "municipality"
    named = split_codes(row["neighbourhoods"]) or split_codes(row["municipalities"])
    known = set(areas.loc[areas["level"] == level, "code"])
    return level, [code for code in named if code in known]


def build_study(
    figures: pd.DataFrame,
    indicator: Indicator,
    periods: pd.DataFrame,
    *,
    treated: Sequence[str],
    others: Sequence[str],
    row: Row,
    kind: str,
) -> Study:
    """The table of areas by periods, or the gate that closes it.

    figures     area, period, status, provisional, numerator, denominator; periods: id, start, finish
    """
    begun = pd.Timestamp(row["start_date"])
    ended = pd.Timestamp(row["end_date"]) if is_known(row["end_date"]) else pd.Timestamp.max
    firm = figures[~figures["provisional"].eq(True)]
    known = periods[periods["id"].isin(firm["period"])].sort_values("id")
    before = pd.to_datetime(known["finish"]) < begun
    during = pd.to_datetime(known["start"]).between(begun, ended)
    names, start = [str(name) for name in known["id"][before | during]], int(before.sum())
    if (gate := _find_gate(names, start, indicator)) or not names:
        return Study(indicator=indicator, periods=names, start=start, kind=kind, gate=gate or "few_before")
    counts, people = (_table(firm, name, [*treated, *others], names) for name in ("numerator", "denominator"))
    whole = np.isfinite(counts).all(axis=1) & (people > 0).all(axis=1)
    if not whole[: len(treated)].all():
        return Study(indicator=indicator, periods=names, start=start, kind=kind, gate="hidden")
    codes = [code for code, known in zip([*treated, *others], whole, strict=True) if known]
    return Study(
        indicator=indicator, areas=codes, treated=len(treated), others=len(others), periods=names, kind=kind, start=start,
        events=counts[whole], people=people[whole],
    )  # fmt: skip


def _find_gate(names: Sequence[str], start: int, indicator: Indicator) -> str:
    if start < 2:
        return "few_before"
    if len(names) - start < LEAST_AFTER:
        return "few_after"
    within = [first for first, _ in indicator.breaks if names[0][:4] < first[:4] <= names[-1][:4]]
    return "break" if within else ""


def _table(figures: pd.DataFrame, column: str, areas: Sequence[str], periods: Sequence[str]) -> np.ndarray:
    shown = figures[figures["status"] == "shown"]
    wide = shown.pivot_table(index="area", columns="period", values=column, aggfunc="first")
    return wide.reindex(index=list(areas), columns=list(periods)).to_numpy(dtype=float)


@dataclass(frozen=True, kw_only=True, eq=False)
class Finding:
    """What can be said of one study: sentences in order, and the treated areas' own series beside what was expected."""

    sentences: list[str]
    alone: Evaluation | None = None
    beside: Evaluation | None = None
    mix: Evaluation | None = None


def evaluate(study: Study, names: Mapping[str, str], sizes: Sizes = USUAL) -> Finding:
    """Before and after in the treated areas, then beside the others, with what could have been seen at all.

    names   of the areas by code
    """
    if study.gate or study.indicator is None:
        return Finding(sentences=[_describe_gate(study.gate, have=study.start)])
    own = slice(0, study.treated)
    times, start = np.arange(len(study.periods), dtype=float), float(study.start)
    season, harmonics = SEASONS.get(study.kind, (None, 2))
    events, people = study.events[own].sum(axis=0), study.people[own].sum(axis=0)
    alone = interrupted_series(events, people, times, start, season=season, harmonics=harmonics)
    closed = [gate for gate in alone.gates if gate in {"few_periods", "few_events", "no_estimate"}]
    if closed:
        said = [_describe_gate(gate, have=alone.periods_before) for gate in closed]
        return Finding(sentences=[*said, say("effect.regression")])
    treated = np.arange(len(study.areas)) < study.treated
    panel = (study.events, study.people, times, treated, start)
    beside = None if treated.all() else difference_in_differences(*panel)
    mixed = study.treated == 1 and len(study.areas) > LEAST_IN_MIX
    mix = synthetic_control(*panel, per=study.indicator.per) if mixed else None
    sentences = _describe(study, alone, beside, names, sizes)
    told = _describe_mix(study, mix, names) if mix else []
    return Finding(sentences=[*sentences, *told, say("effect.regression")], alone=alone, beside=beside, mix=mix)


def _describe_mix(study: Study, mix: Evaluation, names: Mapping[str, str]) -> list[str]:
    """Beside a mix of other areas that went the same way before; nothing when no such mix exists."""
    if mix.gates or "poor_fit" in mix.cautions or not np.isfinite(mix.p):
        return []
    area = names.get(study.areas[0], study.areas[0])
    if not mix.is_effect:
        return [say("effect.mix_not_seen", area=area)]
    return [say("effect.mix", area=area, direction="hoger" if mix.change_pct > 0 else "lager")]


def _describe_gate(gate: str, *, have: int) -> str:
    name = {"few_periods": "few_before", "no_estimate": "no_estimate"}.get(gate, gate)
    need = LEAST_EVENTS if name == "few_events" else LEAST_BEFORE
    return say(f"effect.gate.{name}", have=have, need=need)


def _describe(
    study: Study, alone: Evaluation, beside: Evaluation | None, names: Mapping[str, str], sizes: Sizes
) -> list[str]:
    sized = min(study.events[: study.treated, side].sum() for side in (slice(0, study.start), slice(study.start, None)))
    told = [
        _describe_levels(study, names),
        _describe_change("effect.changed", "effect.not_seen", alone, sized=sized >= sizes.percentage),
        _describe_power(alone),
    ]
    if beside is None:
        why = say("effect.gate.others_hidden" if study.others else "effect.gate.everywhere")
        return [*told, why, say("effect.alone")]
    others = _name_others(study, names)
    if "few_areas" in beside.gates or "no_estimate" in beside.gates:
        return [*told, say("effect.few_areas", others=others)]
    told.append(
        _describe_change(
            "effect.beside", "effect.beside_not_seen", beside, sized=sized >= sizes.percentage, others=others
        )
    )
    return [*told, _describe_power(beside)]


def _describe_levels(study: Study, names: Mapping[str, str]) -> str:
    indicator = study.indicator
    assert indicator
    rates = indicator.per * study.events[: study.treated].sum(axis=0) / study.people[: study.treated].sum(axis=0)
    before, after = (
        format_value(float(side.mean()), indicator.unit, indicator.decimals + (study.kind in SEASONS))
        for side in (rates[: study.start], rates[study.start :])
    )
    place = join_words([names.get(code, code) for code in study.areas[: study.treated]][:MOST_NAMED])
    kind = {"month": "maand", "quarter": "kwartaal", "half_year": "halfjaar"}.get(study.kind, "jaar")
    return say(
        "effect.level", title=indicator.title, area=place, before=before, after=after, unit=indicator.unit, kind=kind
    )


def _describe_change(name: str, unseen: str, found: Evaluation, *, sized: bool, **words: str) -> str:
    """The change with its interval; without numbers when the counts are too small for a percentage."""
    if not (np.isfinite(found.low) and np.isfinite(found.high)) or found.low <= 0 <= found.high:
        return say(unseen, **words)
    way = "more" if found.low > 0 else "less"
    if not sized:
        return say(f"{name}_{way}_only", **words)
    low, high = (format_number(one, 0) for one in sorted((abs(found.low), abs(found.high))))
    return say(f"{name}_{way}", low=f"{low}\u00a0%", high=f"{high}\u00a0%", **words)


def _describe_power(found: Evaluation) -> str:
    fall = found.smallest_visible_pct
    if not np.isfinite(fall):
        return ""
    if fall >= 50:
        return say("effect.power.none")
    return say("effect.power", number=f"{format_number(fall, 0)}\u00a0%")


def _name_others(study: Study, names: Mapping[str, str]) -> str:
    others = [names.get(code, code) for code in study.areas[study.treated :]]
    if len(others) > MOST_NAMED:
        return f"{len(others)} andere gebieden"
    return join_words(others)


def list_findings(finding: Finding) -> list[tuple[str, str]]:
    """For who wants to see the reckoning."""
    parts = {"Voor en na": finding.alone, "Naast andere gebieden": finding.beside, "Naast een mix": finding.mix}
    return [(name, _describe_numbers(one)) for name, one in parts.items() if one is not None]


def _describe_numbers(found: Evaluation) -> str:
    numbers = (found.change_pct, found.low, found.high)
    change, low, high = (format_change(one) if np.isfinite(one) else "niet te berekenen" for one in numbers)
    gates = ", ".join(found.gates) or "geen"
    p = format_number(found.p, 3) if np.isfinite(found.p) else "niet te berekenen"
    return say("technical.effect", change=change, low=low, high=high, p=p, gates=gates)
