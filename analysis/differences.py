"""Areas with a measure beside areas without, before and after. Imported from `analysis.evaluation`.

With few treated areas the usual standard error is far too small, so what is sure comes from placebos: the same sum
with every other choice of areas as "the treated ones".
"""

import warnings
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from analysis.counts import Numbers, not_negative, tail_of
from analysis.gates import Evaluation, close_gate, start_study, with_ratio

Flags = NDArray[np.bool_]

MOST_PLACEBOS = 499
CLOSE, MOST_ROUNDS = 1e-10, 2_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """Areas by periods: counts and population (0 where anything is missing), who is treated, and what is after."""

    counts: Numbers
    people: Numbers
    treated: Flags
    after: Flags


def read_panel(events: ArrayLike, population: ArrayLike, periods: ArrayLike, treated: ArrayLike, start: float) -> Panel:
    """Checked arrays of one panel; ValueError on negative numbers or on anything but areas by periods."""
    counts, people = np.broadcast_arrays(not_negative(events, "count"), not_negative(population, "population"))
    times, chosen = np.asarray(periods, dtype=np.float64), np.asarray(treated, dtype=np.bool_)
    if counts.ndim != 2 or counts.shape != (len(chosen), len(times)):
        raise ValueError(
            "a panel has one row per area and one column per period, and says of each area if it took part"
        )
    if np.any(np.diff(times) <= 0):
        raise ValueError("periods must ascend")
    known = np.isfinite(counts) & np.isfinite(people) & (people > 0)
    return Panel(
        counts=np.where(known, counts, 0.0), people=np.where(known, people, 0.0), treated=chosen, after=times >= start
    )


def difference_in_differences(
    events: ArrayLike,
    population: ArrayLike,
    periods: ArrayLike,
    treated: ArrayLike,
    start: float,
    *,
    picked_high: bool = False,
    confidence: float = 0.95,
    seed: int = 0,
) -> Evaluation:
    """The change in areas with the measure beside the change in areas without: Poisson, area and period effects.

    events, population      shape (areas, periods); a missing cell is left out
    periods, treated        shape (periods,), and true per area with the measure, shape (areas,)
    start       the first period after the measure, the same for all
    seed        of the placebos, when there are more than 499 choices
    returns     change in % beside the comparison areas. p, limits and phi come from placebos: as many of the
                comparison areas taken for the treated ones, each in units of its Poisson error and of what areas differ
                beyond that. Choices of few areas resemble each other, so neither is surer than Student's t with a
                degree for each comparison area but one. Limits NaN and gate few_areas with fewer than 19. error is the cluster-robust one by area
                (HC0), for comparison only. Gate no_estimate without events on all four sides.
    raises      ValueError on a negative number, or anything but a table of areas by periods
    source      Wooldridge 2023 (Poisson); Conley & Taber 2011 and Ferman & Pinto 2019 (placebos of unequal size)
    """
    panel = read_panel(events, population, periods, treated, start)
    study = start_panel(panel, panel.counts[panel.treated].sum(axis=0), picked_high)
    effect, noise = (float(one[0]) for one in _log_ratios(panel, panel.treated[None]))
    if not np.isfinite(effect):
        return close_gate(study, "no_comparison" if panel.treated.all() else "no_estimate")
    error, fitted = _robust(panel)
    expected = fitted[panel.treated].sum(axis=0) * np.exp(-effect * panel.after)
    ratios, errors = _placebos(panel, np.random.default_rng(seed))
    phi = float(((ratios / errors) ** 2).mean()) if len(ratios) else np.nan
    between = _between(ratios, errors)
    spread, own = np.sqrt(errors**2 + between), float(np.sqrt(noise**2 + between))
    placebos, degrees = np.abs(ratios) / spread, max(int((~panel.treated).sum()) - 1, 1)
    usual = float(np.sqrt((placebos**2).mean())) if len(placebos) else np.nan
    least = usual * float(special.stdtrit(degrees, (1 + confidence) / 2))
    limit = float(np.maximum(find_limit(placebos, 2 * tail_of(confidence)), least))
    study = close_gate(study, "few_areas") if np.isnan(limit) else study
    study = with_ratio(study, effect, limit * own, own * usual)
    rank = (1 + int((placebos >= abs(effect) / own).sum())) / (1 + len(placebos))
    p = float(np.fmax(rank, 2 * special.stdtr(degrees, -abs(effect) / own / usual)))
    return replace(study, expected=expected, p=p, phi=phi, error=error)


def start_panel(panel: Panel, observed: Numbers, picked_high: bool) -> Evaluation:
    """An evaluation without an answer yet."""
    before = panel.people[panel.treated][:, ~panel.after] > 0
    events = float(panel.counts[panel.treated][:, ~panel.after].sum())
    return start_study(int(before.any(axis=0).sum()), events, picked_high, observed)


def find_limit(placebos: Numbers, alpha: float) -> float:
    """The placebo statistic that the real one must pass for p to be at most alpha; NaN with too few of them."""
    place = int(np.floor(alpha * (1 + len(placebos)) + 1e-9))
    return float(np.sort(placebos)[-place]) if place else np.nan


def _placebos(panel: Panel, random: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Log ratios and their Poisson errors when as many of the other areas are taken for the treated ones.

    The treated areas have no part in it, so a real effect does not widen it.
    """
    others, size = ~panel.treated, int(panel.treated.sum())
    if others.sum() <= size:
        return np.empty(0), np.empty(0)
    rest = replace(panel, counts=panel.counts[others], people=panel.people[others], treated=panel.treated[others])
    ratios, errors = _log_ratios(rest, _choices(int(others.sum()), size, random))
    known = np.isfinite(ratios)
    return ratios[known], errors[known]


def _between(ratios: Numbers, errors: Numbers) -> float:
    """Variance of placebo ratios beyond their Poisson errors, by the method of moments: large areas have it too."""
    if not len(ratios):
        return 0.0
    return float(max(0.0, ((ratios / errors) ** 2 - 1).sum() / (1 / errors**2).sum()))


def _choices(areas: int, size: int, random: np.random.Generator) -> Flags:
    """Choices of `size` areas, shape (choices, areas): all of them, or 499 drawn."""
    if comb(areas, size) <= MOST_PLACEBOS:
        places = np.array(list(combinations(range(areas), size)))
    else:
        places = random.permuted(np.tile(np.arange(areas), (MOST_PLACEBOS, 1)), axis=1)[:, :size]
    chosen = np.zeros((len(places), areas), dtype=np.bool_)
    np.put_along_axis(chosen, places, True, axis=1)
    return chosen


def _log_ratios(panel: Panel, chosen: Flags) -> tuple[Numbers, Numbers]:
    """Log of the ratio of ratios for each choice of areas, and its Poisson error, both shape (choices,).

    Proportional fitting of area, period and ratio in turn, which is the Poisson likelihood's maximum. NaN without
    events on all four sides.
    """
    y, n, late = panel.counts, panel.people, panel.after
    y_late, y_early = y[:, late].sum(axis=1), y[:, ~late].sum(axis=1)
    sides = np.stack([chosen @ y_late, chosen @ y_early, ~chosen @ y_late, ~chosen @ y_early])
    known = (sides > 0).all(axis=0)
    found, noise = np.full((2, len(chosen)), np.nan)
    noise[known] = np.sqrt((1 / sides[:, known]).sum(axis=0))
    if known.any():
        found[known] = _fit_ratios(y, n, late, chosen[known].astype(np.float64))
    return found, noise


def _fit_ratios(y: Numbers, n: Numbers, late: Flags, chosen: Numbers) -> Numbers:
    hits, early = chosen @ y[:, late].sum(axis=1), ~late
    ratio, period = np.ones(len(chosen)), np.ones((len(chosen), len(late)))
    for _ in range(MOST_ROUNDS):
        grown = 1 + chosen * (ratio - 1)[:, None]
        area = y.sum(axis=1) / _some(period[:, early] @ n[:, early].T + grown * (period[:, late] @ n[:, late].T))
        period[:, early] = y[:, early].sum(axis=0) / _some(area @ n[:, early])
        period[:, late] = y[:, late].sum(axis=0) / _some((area * grown) @ n[:, late])
        before, ratio = ratio, hits / (((area * chosen) @ n[:, late]) * period[:, late]).sum(axis=1)
        if np.abs(ratio / before - 1).max() < CLOSE:
            break
    return np.log(ratio)


def _some(numbers: Numbers) -> Numbers:
    """Nothing to divide by means nothing to divide: an area or period without population has no events."""
    return np.where(numbers > 0, numbers, 1.0)


def _robust(panel: Panel) -> tuple[float, Numbers]:
    """Cluster-robust error of the log ratio, by area, and the fitted counts of all cells."""
    used = (panel.people > 0) & panel.counts.any(axis=1, keepdims=True) & panel.counts.any(axis=0, keepdims=True)
    area, period = np.nonzero(used)
    areas, periods = (np.eye(size)[place] for size, place in zip(used.shape, (area, period), strict=True))
    both = (panel.treated[area] & panel.after[period]).astype(np.float64)
    columns = np.column_stack([both, areas[:, areas.any(axis=0)], periods[:, periods.any(axis=0)][:, 1:]])
    model = GLM(panel.counts[used], columns, family=Poisson(), offset=np.log(panel.people[used]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # cells without noise are a perfect fit, no fault
        fit = model.fit(tol=1e-10, maxiter=100, cov_type="cluster", cov_kwds={"groups": area, "use_correction": False})
    fitted = np.zeros(used.shape)
    fitted[used] = fit.mu
    return float(fit.bse[0]), fitted
