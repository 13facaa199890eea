"""A change of level: the statistic straight from its likelihood, and a bound that just reaches the alarm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from analysis.signals import glr

NAN = float("nan")
SERIES = st.lists(st.integers(0, 30), min_size=1, max_size=6)


def likelihood(y, means, dispersion):
    law = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * means)) if dispersion else stats.poisson(means)
    return law.logpmf(y).sum()


def from_the_definition(y, means, dispersion):
    """Without an alarm before: the highest log likelihood ratio over all starts and all rises."""
    best = 0.0
    for start in range(len(y)):
        part, level = y[start:], means[start:]

        def worse(rise, part=part, level=level):
            return likelihood(part, level, dispersion) - likelihood(part, level * np.exp(rise), dispersion)

        best = max(best, -optimize.minimize_scalar(worse, bounds=(0, 6), method="bounded").fun)
    return best


def test_poisson_by_hand():
    """Mean 2: 8 alone gives 8 log 4 - 6; 2 tells nothing; a third start never beats it before the alarm."""
    found = glr([2, 8], mean=2, threshold=5)
    np.testing.assert_allclose(found.statistic, [0, 8 * np.log(4) - 6])
    assert found.alarm.tolist() == [False, True]


def test_the_series_starts_anew_after_an_alarm():
    found = glr([8, 3, 8], mean=2)
    np.testing.assert_allclose(found.statistic[1], 3 * np.log(1.5) - 1)
    assert found.alarm.tolist() == [True, False, True]


def test_a_known_rise_is_the_cumulative_sum_of_log_likelihood_ratios():
    counts, mean, rise, total = [3, 1, 6, 5, 0], 2.5, np.log(1.5), 0.0
    for count, value in zip(counts, glr(counts, mean=mean, change=rise, threshold=50).statistic, strict=True):
        total = max(0, total + stats.poisson.logpmf(count, mean * 1.5) - stats.poisson.logpmf(count, mean))
        assert value == pytest.approx(total, abs=1e-12)


@settings(max_examples=8, deadline=None)
@given(SERIES, st.sampled_from([0.0, 0.2, 1.5]), st.booleans())
def test_the_statistic_is_the_one_of_the_definition(counts, dispersion, seasonal):
    y, means = np.array(counts), np.array([4.0, 5.0, 9.0, 2.0, 4.0, 7.0])[: len(counts)]
    means = means if seasonal else np.full(len(counts), 4.0)
    found = glr(y, mean=means, dispersion=dispersion, threshold=1e6).statistic[-1]
    assert found == pytest.approx(from_the_definition(y, means, dispersion), abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(SERIES, st.sampled_from([0.0, 0.3]))
def test_a_count_at_its_bound_just_reaches_the_alarm(counts, dispersion):
    found = glr(counts, mean=6, dispersion=dispersion)
    for place, upper in enumerate(found.upper):
        just = glr([*counts[:place], upper + 1e-6], mean=6, dispersion=dispersion)
        under = glr([*counts[:place], max(upper - 1e-6, 0)], mean=6, dispersion=dispersion)
        assert just.alarm[-1]
        assert upper == 0 or not under.alarm[-1]


def test_a_window_a_least_length_and_a_missing_period():
    counts = [9, 1, NAN, 9]
    assert glr(counts, mean=4, threshold=50, back=0).statistic[3] == pytest.approx(9 * np.log(9 / 4) - 5)
    least = glr(counts, mean=4, threshold=50, least=2)
    assert least.statistic[0] == 0
    assert least.statistic[3] == pytest.approx(19 * np.log(19 / 12) - 7), "all three known periods"
    assert np.isnan([least.statistic[2], least.upper[2]]).all()
    assert not least.alarm[2]
    assert np.isnan(least.upper[0]), "one period can never be two"


@pytest.mark.parametrize(("counts", "mean"), [([-1], 2), ([1], 0)])
def test_impossible_input_is_refused(counts, mean):
    with pytest.raises(ValueError, match="negative"):
        glr(counts, mean=mean)
