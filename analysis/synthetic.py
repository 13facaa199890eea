"""Treated areas beside a weighted mix of others that went the same way before. Imported from `analysis.evaluation`.

Both designs are diff-diff's, which is slow to import and is imported when used. What is sure comes from placebos: other
areas in turn as if they were the treated ones.
"""

import warnings
from dataclasses import replace
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.counts import Numbers
from analysis.differences import Flags, Panel, find_limit, read_panel, start_panel
from analysis.gates import Evaluation, close_gate, with_gap
from analysis.slopes import MOST_P

DRAWS = 200  # placebos of the synthetic difference
LEAST_PLACEBOS = 19  # with fewer a p-value cannot reach 0.05
POOR_FIT = 0.10  # misfit before the start, as part of the level


def synthetic_control(
    events: ArrayLike,
    population: ArrayLike,
    periods: ArrayLike,
    treated: ArrayLike,
    start: float,
    *,
    per: float = 1_000,
    picked_high: bool = False,
) -> Evaluation:
    """One treated area beside the mix of other areas that was nearest to it in every period before.

    events, population      shape (areas, periods); a comparison area with a missing cell is left out
    periods, treated        shape (periods,), and true for the one treated area, shape (areas,)
    start       the first period after the measure
    per         unit of `observed` and `expected`
    returns     change in % of the mix after the start, with 95 % limits. p is the rank of the area's ratio of misfit
                after to misfit before among all areas, and the limits are the gap at which it would be 0.05; NaN and
                gate few_areas with fewer than 19 comparison areas. Caution poor_fit when the mix missed the area by
                more than 10 % before. Gate no_estimate with fewer than two comparison areas or periods before, or
                when the treated area misses a cell.
    raises      ValueError on a negative number, anything but a table, or not exactly one treated area
    source      Abadie, Diamond & Hainmueller 2010, all earlier outcomes of equal weight; diff-diff SyntheticControl
    """
    panel = read_panel(events, population, periods, treated, start)
    if panel.treated.sum() != 1:
        raise ValueError("a synthetic control has one treated area")
    rates, whole = _rates(panel, per), _whole(panel)
    study = start_panel(panel, _mean_rate(panel, rates), picked_high)
    if not _is_enough(panel, whole, comparisons=2):
        return close_gate(study, "no_estimate")
    fit, placebos = _fit_control(_long(panel, whole, rates), panel.after)
    weights = _spread_out(fit.donor_weights, len(whole))
    expected = weights @ np.where(whole[:, None], rates, 0)
    if fit.pre_rmspe > POOR_FIT * study.observed[~panel.after].mean():
        study = replace(study, cautions=(*study.cautions, "poor_fit"))
    limit, noise = find_limit(placebos, MOST_P), float(np.sqrt((placebos**2).mean()))
    study = close_gate(study, "few_areas") if np.isnan(limit) else study
    level = float(expected[panel.after].mean())
    study = with_gap(study, fit.att, limit * fit.pre_rmspe, noise * fit.pre_rmspe, level)
    p = (1 + int((placebos >= fit.rmspe_ratio).sum())) / (1 + len(placebos))
    return replace(study, p=p, expected=expected, weights=weights)


def synthetic_difference(
    events: ArrayLike,
    population: ArrayLike,
    periods: ArrayLike,
    treated: ArrayLike,
    start: float,
    *,
    per: float = 1_000,
    picked_high: bool = False,
    seed: int = 0,
) -> Evaluation:
    """The change of the treated areas beside that of a mix of others, with the periods before weighed as well.

    Arguments, shapes and gates as `synthetic_control`, but of any number of treated areas, fewer than half.
    seed        of the placebos
    returns     change in % of what the mix would have given, with 95 % limits; p and limits from placebos
    raises      ValueError on a negative number, or anything but a table
    source      Arkhangelsky, Athey, Hirshberg, Imbens & Wager 2021; diff-diff SyntheticDiD
    """
    panel = read_panel(events, population, periods, treated, start)
    rates, whole, size = _rates(panel, per), _whole(panel), int(panel.treated.sum())
    study = start_panel(panel, _mean_rate(panel, rates), picked_high)
    if not size or not _is_enough(panel, whole, comparisons=size + 1):
        return close_gate(study, "no_estimate")
    fit = _fit_difference(_long(panel, whole, rates), panel.after, seed)
    weights, times = _spread_out(fit.unit_weights, len(whole)), _spread_out(fit.time_weights, len(panel.after))
    mix = weights @ np.where(whole[:, None], rates, 0)
    expected = mix + times @ (study.observed - mix)
    placebos, choices = np.abs(fit.variance_effects), comb(int((whole & ~panel.treated).sum()), size)
    different = min(choices, len(placebos))  # drawn anew from few choices, placebos repeat themselves
    enough = different >= LEAST_PLACEBOS
    limit = float(np.quantile(placebos, 1 - MOST_P, method="higher")) if enough else np.nan
    study = study if enough else close_gate(study, "few_areas")
    noise, level = float(np.sqrt((placebos**2).mean())), float(expected[panel.after].mean())
    share = float((placebos >= abs(fit.att) * (1 - 1e-9)).mean())
    study = with_gap(study, fit.att, limit, noise, level)
    return replace(study, p=(1 + different * share) / (1 + different), expected=expected, weights=weights)


def _rates(panel: Panel, per: float) -> Numbers:
    return np.asarray(per * panel.counts / np.where(panel.people > 0, panel.people, np.nan))


def _whole(panel: Panel) -> Flags:
    """Areas without a missing cell."""
    return np.asarray((panel.people > 0).all(axis=1))


def _mean_rate(panel: Panel, rates: Numbers) -> Numbers:
    if not panel.treated.any():
        return np.full(len(panel.after), np.nan)
    return np.asarray(rates[panel.treated].mean(axis=0))


def _spread_out(weights: dict[int, float], size: int) -> Numbers:
    """Weights by place; 0 for a place without one."""
    found = np.zeros(size)
    found[list(weights)] = list(weights.values())
    return found


def _is_enough(panel: Panel, whole: Flags, *, comparisons: int) -> bool:
    others, before = int((whole & ~panel.treated).sum()), int((~panel.after).sum())
    return bool(whole[panel.treated].all() and others >= comparisons and before >= 2 and panel.after.any())


def _long(panel: Panel, whole: Flags, rates: Numbers) -> pd.DataFrame:
    """One row per area and period, both by their place."""
    area, period = (one.ravel() for one in np.indices(rates.shape))
    took_part = panel.treated[area].astype(int)
    rows = pd.DataFrame({"area": area, "period": period, "rate": rates.ravel(), "treated": took_part})
    rows["begun"] = took_part * panel.after[period]
    return rows[whole[area]]


def _fit_control(rows: pd.DataFrame, after: Flags) -> tuple[Any, Numbers]:
    """The fit, and of each comparison area its ratio of misfit after to misfit before."""
    from diff_diff import SyntheticControl  # noqa: PLC0415 - takes seconds to import

    late, equal = np.flatnonzero(after).tolist(), np.ones(int((~after).sum()))
    model = SyntheticControl(v_method="custom", custom_v=equal, standardize="none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        fit = model.fit(rows, "rate", "begun", "area", "period", post_periods=late, pre_period_outcomes="all")
        table = fit.in_space_placebo()
    return fit, table[table["status"] == "placebo"]["rmspe_ratio"].to_numpy(dtype=np.float64)


def _fit_difference(rows: pd.DataFrame, after: Flags, seed: int) -> Any:
    from diff_diff import SyntheticDiD  # noqa: PLC0415 - takes seconds to import

    model = SyntheticDiD(variance_method="placebo", n_bootstrap=DRAWS, seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        late = np.flatnonzero(after).tolist()
        return model.fit(rows, "rate", "treated", "area", "period", post_periods=late)
