"""Evaluations: a change found where there is one, and the gates before anybody says "effect"."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize

from analysis.evaluation import difference_in_differences, interrupted_series, synthetic_control, synthetic_difference

NAN = float("nan")

# Acute coronary events in Sicily per month, January 2002 to November 2006, and the standard population; smoking ban in
# January 2005: Lopez Bernal, Cummins & Gasparrini 2017, International Journal of Epidemiology 46(1).
SICILY = [
    728, 659, 791, 734, 757, 726, 760, 740, 720, 814, 795, 858, 887, 766, 851, 769, 781, 756, 766, 752, 765, 831, 879,
    928, 914, 808, 937, 840, 916, 828, 845, 818, 860, 839, 887, 886, 831, 796, 833, 820, 877, 758, 767, 738, 781, 843,
    850, 908, 1021, 859, 976, 888, 962, 838, 810, 876, 843, 936, 912,
]  # fmt: skip
STANDARD = [
    379875.3, 376495.5, 377040.8, 377116.4, 377383.4, 374113.1, 379513.3, 376295.5, 374653.2, 378485.6, 375955.5,
    378349.7, 376762.4, 379032.3, 379360.4, 376162, 377972.4, 381830.7, 379888.6, 380872.2, 380966.9, 381240.4,
    382104.9, 381802.7, 381656.3, 383680, 383504.2, 386462.9, 383783.1, 380836.8, 383483, 380906.2, 382926.8,
    384052.4, 384449.6, 383428.4, 388153.2, 388373.2, 386470.1, 386033.2, 383686.4, 385509.3, 385901.9, 386516.6,
    388436.5, 383255.2, 390148.7, 385874.9, 391613.6, 391750.4, 394005.6, 391364.9, 391664.6, 389022.3, 391878.5,
    388575.3, 392989, 390018.8, 390712.3,
]  # fmt: skip
MONTHS = np.arange(1, 60)


def test_the_smoking_ban_of_sicily_is_the_published_step():
    found = interrupted_series(SICILY, STANDARD, MONTHS, 37, season=12)
    assert 1 + found.change_pct / 100 == pytest.approx(0.885, abs=0.0005)
    by_hand = np.exp(np.log1p(found.change_pct / 100) + np.array([-1.96, 1.96]) * found.error)
    assert by_hand == pytest.approx([0.839, 0.933], abs=0.0005), "the tutorial has normal limits, ours are a t's"
    assert found.low < 100 * (0.839 - 1) and found.high > 100 * (0.933 - 1)
    assert (found.periods_before, found.events_before) == (36, sum(SICILY[:36]))


def test_correlation_between_periods_changes_the_error_and_not_the_step():
    plain, lagged = (interrupted_series(SICILY, STANDARD, MONTHS, 37, season=12, lags=lags) for lags in (None, 6))
    assert lagged.change_pct == pytest.approx(plain.change_pct, rel=1e-9)
    angle = 2 * np.pi * MONTHS / 12
    waves = [wave(k * angle) for k in (1, 2) for wave in (np.sin, np.cos)]
    design = np.column_stack([MONTHS >= 37, np.ones(59), MONTHS, *waves]).astype(float)
    model = sm.GLM(SICILY, design, family=sm.families.Poisson(), offset=np.log(STANDARD))
    assert plain.error == pytest.approx(model.fit(scale="X2").bse[0], rel=1e-6)
    assert lagged.error == pytest.approx(model.fit(cov_type="HAC", cov_kwds={"maxlags": 6}).bse[0], rel=1e-6)


def test_before_and_after_in_one_area_is_never_an_effect():
    events = [100] * 12 + [40] * 12
    found = interrupted_series(events, 1_000, range(24), 12)
    assert found.change_pct == pytest.approx(-60, abs=1) and found.p < 0.001
    assert found.gates == ("no_comparison",) and not found.is_effect
    np.testing.assert_allclose(found.expected[12:], 100, rtol=0.05)


@pytest.mark.parametrize(("events", "start", "gates"), [
    ([50] * 5 + [40] * 5, 5, ("no_comparison", "few_periods")),
    ([3, 5, 4, 4, 5, 3, 4, 5] + [2] * 6, 8, ("no_comparison", "few_events")),
    ([50] * 8 + [0] * 8, 8, ("no_estimate", "no_comparison")),
    ([50] * 8, 3, ("no_comparison", "few_periods")),
    ([50] * 3, 2, ("no_estimate", "no_comparison", "few_periods")),
    ([50] * 16, 99, ("no_estimate", "no_comparison")),
])  # fmt: skip
def test_a_series_that_is_too_small_closes_its_gates(events, start, gates):
    found = interrupted_series(events, 1_000, range(len(events)), start)
    assert found.gates == gates
    assert np.isnan(found.change_pct) == ("no_estimate" in gates)
    assert "under_24_periods" in found.cautions


def test_a_missing_month_is_left_out_and_the_area_that_was_high_gets_its_caution():
    events = [60.0, 55, 62, NAN, 58, 61, 57, 59, 63, 60, 45, 44, 47, 43, 46]
    found = interrupted_series(events, 1_000, range(15), 10, picked_high=True)
    kept = [place for place in range(15) if place != 3]
    again = interrupted_series(np.array(events)[kept], 1_000, kept, 10, picked_high=True)
    assert found.change_pct == pytest.approx(again.change_pct, rel=1e-9)
    assert found.cautions[0] == "picked_high" and found.periods_before == 9
    assert np.isnan(found.expected[3])


@pytest.mark.parametrize("size", [20, 80, 320])
def test_the_smallest_visible_fall_is_seen_four_times_in_five(size):
    random, before = np.random.default_rng(size), 24
    steady = np.full(36, float(size))
    visible = interrupted_series(steady, 1_000, range(36), before).smallest_visible_pct
    fallen = np.where(np.arange(36) >= before, steady * (1 - visible / 100), steady)
    seen = [interrupted_series(random.poisson(fallen), 1_000, range(36), before).p < 0.05 for _ in range(120)]
    assert np.mean(seen) == pytest.approx(0.8, abs=0.13)
    if size > 20:
        assert visible < interrupted_series(steady / 4, 1_000, range(36), before).smallest_visible_pct


AREAS, PERIODS, START = 24, 14, 9


def panel(effect: float = 0.6, seed: int = 1, treated: int = 2):
    """Counts, population, periods and who took part: areas by periods, with their own levels and a common path."""
    random = np.random.default_rng(seed)
    people = random.integers(2_000, 9_000, (AREAS, 1)) * np.linspace(1, 1.1, PERIODS)
    levels = 0.03 * people * np.exp(random.normal(0, 0.3, (AREAS, 1)) - 0.02 * np.arange(PERIODS))
    took_part = np.arange(AREAS) < treated
    levels = np.where(took_part[:, None] & (np.arange(PERIODS) >= START), levels * effect, levels)
    return random.poisson(levels).astype(float), people, np.arange(PERIODS), took_part


def test_a_difference_in_differences_is_the_poisson_one_of_statsmodels():
    counts, people, periods, treated = panel()
    people[3:6, 4:] *= 1.5
    found = difference_in_differences(counts, people, periods, treated, START)
    area, period = (one.ravel() for one in np.indices(counts.shape))
    design = np.column_stack([treated[area] & (period >= START), np.eye(AREAS)[area], np.eye(PERIODS)[period][:, 1:]])
    model = sm.GLM(counts.ravel(), design.astype(float), family=sm.families.Poisson(), offset=np.log(people.ravel()))
    fit = model.fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": area, "use_correction": False})
    assert np.log1p(found.change_pct / 100) == pytest.approx(fit.params[0], rel=1e-7)
    assert found.error == pytest.approx(fit.bse[0], rel=1e-7)
    assert found.expected[:START].sum() == pytest.approx(counts[treated][:, :START].sum())


def test_with_a_steady_population_it_is_the_ratio_of_ratios():
    counts, _, periods, treated = panel()
    sides = [counts[who][:, when].sum() for who in (treated, ~treated) for when in (periods >= START, periods < START)]
    found = difference_in_differences(counts, 1_000, periods, treated, START)
    assert 1 + found.change_pct / 100 == pytest.approx(sides[0] / sides[1] / (sides[2] / sides[3]), rel=1e-7)


@pytest.mark.parametrize("design", [difference_in_differences, synthetic_difference])
def test_a_measure_that_works_is_found_and_one_that_does_nothing_is_not(design):
    works, nothing = (design(*panel(effect), START) for effect in (0.6, 1.0))
    assert works.change_pct == pytest.approx(-40, abs=8)
    assert works.is_effect and works.high < 0 and works.gates == ()
    assert not nothing.is_effect and nothing.low < 0 < nothing.high
    assert abs(works.change_pct) > works.smallest_visible_pct > 0


def test_the_answer_does_not_depend_on_the_unit_or_the_order_of_the_areas():
    counts, people, periods, treated = panel()
    turned = (counts[::-1], 5 * people[::-1], periods + 2_000, treated[::-1])
    for design in (difference_in_differences, synthetic_difference):
        one, other = design(counts, people, periods, treated, START), design(*turned, START + 2_000)
        assert one.change_pct == pytest.approx(other.change_pct, rel=1e-5)
        assert one.smallest_visible_pct == pytest.approx(other.smallest_visible_pct, rel=0.35), "placebos are drawn"


@pytest.mark.parametrize(("change", "gates"), [
    (lambda panel: {"treated": np.ones(AREAS, bool)}, ("no_comparison",)),
    (lambda panel: {"treated": np.zeros(AREAS, bool)}, ("no_estimate", "few_periods", "few_events")),
    (lambda panel: {"start": 99}, ("no_estimate",)),
    (lambda panel: {"start": 3}, ("few_periods",)),
    (lambda panel: {"events": panel[0][:6], "population": panel[1][:6], "treated": np.arange(6) < 1}, ("few_areas",)),
    (lambda panel: {"events": np.minimum(panel[0], 1)}, ("few_events",)),
])  # fmt: skip
def test_a_panel_that_is_too_small_closes_its_gates(change, gates):
    drawn = panel()
    arguments = dict(zip(("events", "population", "periods", "treated"), drawn, strict=True)) | {"start": START}
    found = difference_in_differences(**arguments | change(drawn))
    assert found.gates == gates
    assert not found.is_effect
    assert np.isnan(found.low) == (gates[0] in {"no_comparison", "no_estimate", "few_areas"})


def test_a_missing_cell_is_left_out_and_an_area_without_cases_tells_nothing():
    counts, people, periods, treated = panel()
    counts[5, 3], counts[7] = NAN, 0
    found = difference_in_differences(counts, people, periods, treated, START)
    without = np.arange(AREAS) != 7
    again = difference_in_differences(counts[without], people[without], periods, treated[without], START)
    assert found.change_pct == pytest.approx(again.change_pct, rel=1e-7)
    assert np.isfinite([found.low, found.high, found.error]).all()


def test_a_synthetic_control_has_the_weights_of_least_squares():
    counts, people, periods, treated = panel(effect=0.5, treated=1)
    people = 10 * people
    rates = 1_000 * counts / people
    found = synthetic_control(counts, people, periods, treated, START)

    def misfit(weights):
        return ((rates[0, :START] - weights @ rates[1:, :START]) ** 2).sum()

    limits = {"bounds": [(0, 1)] * (AREAS - 1), "constraints": {"type": "eq", "fun": lambda one: one.sum() - 1}}
    best = optimize.minimize(misfit, np.full(AREAS - 1, 1 / (AREAS - 1)), method="SLSQP", tol=1e-14, **limits).x
    np.testing.assert_allclose(found.weights[1:], best, atol=2e-3)
    assert found.weights.sum() == pytest.approx(1) and found.weights[0] == 0
    gap = (rates[0] - found.weights @ rates)[START:].mean()
    assert found.change_pct == pytest.approx(100 * gap / found.expected[START:].mean())
    assert found.change_pct == pytest.approx(-50, abs=12)


def test_an_exact_mix_is_found_exactly():
    counts, people, periods, treated = panel(treated=1, seed=4)
    counts[0], people[0] = (counts[3] / people[3] + counts[8] / people[8]) / 2 * people[0], people[0]
    counts[0, START:] *= 0.8
    for design, tolerance in ((synthetic_control, 1e-6), (synthetic_difference, 4)):
        assert design(counts, people, periods, treated, START).change_pct == pytest.approx(-20, abs=tolerance)


@pytest.mark.parametrize("design", [synthetic_control, synthetic_difference])
def test_a_mix_of_too_few_or_broken_areas_says_so(design):
    counts, people, periods, treated = panel(treated=1)
    few = design(counts[:8], people[:8], periods, treated[:8], START)
    assert few.gates == ("few_areas",) and np.isfinite(few.change_pct) and np.isnan(few.low) and few.p >= 1 / 8
    broken = counts.copy()
    broken[0, 2], broken[5, 5] = NAN, NAN
    assert design(broken, people, periods, treated, START).gates[0] == "no_estimate"
    broken[0, 2] = counts[0, 2]
    left_out = design(broken, people, periods, treated, START)
    assert np.isfinite(left_out.change_pct) and left_out.weights[5] == 0


@pytest.mark.parametrize("design", [difference_in_differences, synthetic_control, synthetic_difference])
def test_a_panel_that_cannot_be_is_refused(design):
    counts, people, periods, treated = panel(treated=1)
    for wrong in ((-counts, people, periods, treated), (counts[0], people[0], periods, treated),
                  (counts, people, periods[::-1], treated), (counts, people, periods, treated[:4])):  # fmt: skip
        with pytest.raises(ValueError):
            design(*wrong, START)
    with pytest.raises(ValueError, match="one treated area"):
        synthetic_control(counts, people, periods, np.arange(AREAS) < 2, START)


def test_placebos_find_few_effects_where_nothing_happened_and_the_limits_hold_the_truth():
    found = [difference_in_differences(*panel(1.0, seed, 2), START) for seed in range(100, 124)]
    assert np.mean([one.p < 0.05 for one in found]) < 0.2
    assert np.mean([one.low < 0 < one.high for one in found]) > 0.8
