"""Did something change after a measure? Four designs, and the gates before anybody says "effect".

A change after a measure is not yet a change because of it. Without areas that did not take part there is only "changed
after"; and where the numbers are small only a large change could have been seen, which each result says in a number.
An area that was picked because it was high falls back by itself.
"""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from analysis.counts import Numbers, tail_of
from analysis.differences import Flags, difference_in_differences
from analysis.gates import Evaluation, close_gate, start_study, with_ratio
from analysis.slopes import as_series, check_series
from analysis.synthetic import synthetic_control, synthetic_difference

__all__ = [
    "Evaluation",
    "difference_in_differences",
    "interrupted_series",
    "synthetic_control",
    "synthetic_difference",
]


def interrupted_series(
    events: ArrayLike,
    population: ArrayLike,
    periods: ArrayLike,
    start: float,
    *,
    season: float | None = None,
    harmonics: int = 2,
    lags: int | None = None,
    picked_high: bool = False,
    confidence: float = 0.95,
) -> Evaluation:
    """One area before and after: the step at the start, beside its own trend and season.

    events, population, periods     one value per period, shape (periods,); a missing one is left out
    start       the first period after the measure
    season      length of a year in the unit of `periods` (12 for months numbered 1, 2, ..) gives `harmonics` pairs of
                sine and cosine; None: no season
    lags        allow for correlation over this many periods (Newey-West); None: errors by the dispersion, at least 1
    picked_high the area was chosen because it was high
    returns     the step in % of what trend and season expect, t limits; never an effect (gate no_comparison). NaN and
                gate no_estimate without events before and after, or without a degree of freedom
    raises      ValueError on a negative count or population
    source      Lopez Bernal, Cummins & Gasparrini 2017, with the correction of 2020; Newey & West 1987
    """
    counts, people, times = as_series(events, population, periods)
    check_series(counts, people)
    known = np.isfinite(counts) & np.isfinite(times) & (people > 0) & np.isfinite(people)
    after = times >= start
    study = start_study(int((known & ~after).sum()), float(counts[known & ~after].sum()), picked_high, counts)
    study = close_gate(study, "no_comparison")
    design = _terms(times, after, season, harmonics)
    if not _can_fit(design[known], counts[known], after[known]):
        return close_gate(study, "no_estimate")
    step, error, phi, fitted = _step(counts[known], people[known], design[known], lags)
    expected = np.full_like(counts, np.nan)
    expected[known] = fitted * np.exp(-step * after[known])
    degrees = len(fitted) - design.shape[1]
    p = 2 * float(special.stdtr(degrees, -abs(step) / error))
    study = with_ratio(study, step, float(stats.t.isf(tail_of(confidence), degrees)) * error, error)
    return replace(study, expected=expected, p=p, phi=phi, error=error)


def _terms(times: Numbers, after: Flags, season: float | None, harmonics: int) -> Numbers:
    """Columns step, one, trend, and the season."""
    trend = (times - times.mean()) / max(float(np.ptp(times)), 1.0)
    columns = [after.astype(np.float64), np.ones_like(times), trend]
    if season is not None:
        angle = 2 * np.pi * times / season
        columns += [wave(number * angle) for number in range(1, harmonics + 1) for wave in (np.sin, np.cos)]
    return np.column_stack(columns)


def _can_fit(design: Numbers, counts: Numbers, after: Flags) -> bool:
    enough = len(counts) > design.shape[1] and np.linalg.matrix_rank(design) == design.shape[1]
    return bool(enough and counts[after].any() and counts[~after].any())


def _step(counts: Numbers, people: Numbers, design: Numbers, lags: int | None) -> tuple[float, float, float, Numbers]:
    """Log of the step, its error, the dispersion as found, and the fitted counts."""
    model = GLM(counts, design, family=Poisson(), offset=np.log(people))
    kind: dict[str, Any] = {} if lags is None else {"cov_type": "HAC", "cov_kwds": {"maxlags": lags}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # a series without noise is a perfect fit, no fault
        fit = model.fit(tol=1e-10, maxiter=100, **kind)
    fitted = np.asarray(fit.mu, dtype=np.float64)
    phi = float(((counts - fitted) ** 2 / fitted).sum() / (len(counts) - design.shape[1]))
    spread = 1.0 if lags is not None else np.sqrt(max(phi, 1.0))
    return float(fit.params[0]), float(fit.bse[0]) * spread, phi, fitted
