"""What every evaluation returns: the change, how sure, how large a change could have been seen, and the gates."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from analysis.counts import Numbers
from analysis.slopes import MOST_P

LEAST_BEFORE, BETTER_BEFORE = 8, 24  # periods before the start: fewer close the gate, fewer get a caution
LEAST_EVENTS = 50  # in the treated areas before the start
POWER = 0.80


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """One design's answer.

    change_pct, low, high   change in % of what was expected without the measure, with its interval
    p           two-sided; of the panel designs from placebos: the same sum with other areas as the treated ones
    phi         dispersion (1: chance alone); NaN where the design has none
    error       standard error of the log of the ratio; NaN where the design has none
    smallest_visible_pct, smallest_visible_rise_pct     a fall, a rise of at least this many % would have been seen with
                80 % chance at these numbers
    periods_before, events_before   of the treated areas, before the start
    gates       why "effect" may not be said: no_estimate, no_comparison, few_areas, few_periods, few_events
    cautions    what has to be said with it: picked_high (falls back by itself), under_24_periods, poor_fit
    observed, expected      per period: what was seen, and what the design expects without the measure; a count for
                interrupted_series and difference_in_differences, a rate for the synthetic designs
    weights     per area, what it adds to the synthetic area; empty for the other designs
    """

    change_pct: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    phi: float = np.nan
    error: float = np.nan
    smallest_visible_pct: float = np.nan
    smallest_visible_rise_pct: float = np.nan
    periods_before: int = 0
    events_before: float = 0.0
    gates: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    observed: Numbers
    expected: Numbers
    weights: Numbers

    @property
    def is_effect(self) -> bool:
        """Whether "effect" may be said: every gate open, and unlikely by chance."""
        return not self.gates and self.p < MOST_P


def start_study(periods_before: int, events_before: float, picked_high: bool, observed: Numbers) -> Evaluation:
    """An evaluation without an answer yet, with the gates and cautions that follow from the size of the study."""
    few = ("few_periods" if periods_before < LEAST_BEFORE else "", "few_events" if events_before < LEAST_EVENTS else "")
    said = ("picked_high" if picked_high else "", "under_24_periods" if periods_before < BETTER_BEFORE else "")
    return Evaluation(
        periods_before=periods_before,
        events_before=events_before,
        gates=tuple(gate for gate in few if gate),
        cautions=tuple(caution for caution in said if caution),
        observed=observed,
        expected=np.full(observed.shape, np.nan),
        weights=np.empty(0),
    )


def close_gate(study: Evaluation, gate: str) -> Evaluation:
    """The same with one more reason not to say "effect", in front."""
    return replace(study, gates=(gate, *study.gates))


def with_ratio(study: Evaluation, log_ratio: float, reach: float, error: float) -> Evaluation:
    """The same with its change, limits and what was visible, from a log ratio, its half-width and its error."""
    change_pct, low, high = (100 * float(np.expm1(one)) for one in (log_ratio, log_ratio - reach, log_ratio + reach))
    seen = reach + error * float(stats.norm.ppf(POWER))
    return replace(
        study,
        change_pct=change_pct,
        low=low,
        high=high,
        smallest_visible_pct=100 * float(-np.expm1(-seen)),
        smallest_visible_rise_pct=100 * float(np.expm1(seen)),
    )


def with_gap(study: Evaluation, gap: float, reach: float, error: float, level: float) -> Evaluation:
    """The same from a difference beside the expected level; a rate cannot fall by more than 100 %."""
    unit = 100 / level if level > 0 else np.nan
    seen = (reach + error * float(stats.norm.ppf(POWER))) * unit
    return replace(
        study,
        change_pct=gap * unit,
        low=float(np.maximum((gap - reach) * unit, -100.0)),
        high=(gap + reach) * unit,
        smallest_visible_pct=seen,
        smallest_visible_rise_pct=seen,
    )
