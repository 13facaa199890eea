"""Signals: bounds as in the papers, and no bound, so no alarm, where the history tells nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.signals import cusum, discoveries, ears

NAN = float("nan")
SERIES = st.lists(st.integers(0, 400), min_size=12, max_size=30)

# Benjamini & Hochberg 1995, section 4: fifteen tests of a heart attack treatment; four findings at 0.05.
HEART = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
]  # fmt: skip


def test_the_example_of_benjamini_and_hochberg_has_four_findings():
    assert discoveries(HEART, 0.05).tolist() == [True] * 4 + [False] * 11


def test_a_missing_test_is_no_test():
    assert discoveries([NAN, 0.04, NAN], 0.05).tolist() == [False, True, False]
    assert not discoveries([NAN], 0.9).any()
    assert discoveries([], 0.1).shape == (0,)
    with pytest.raises(ValueError, match="between 0 and 1"):
        discoveries([1.2], 0.1)


@given(st.lists(st.floats(0, 1).map(lambda p: round(p, 3)), min_size=1, max_size=40), st.sampled_from([0.037, 0.123]))
def test_discoveries_are_those_of_statsmodels(p, q):
    assert discoveries(p, q).tolist() == multipletests(p, alpha=q, method="fdr_bh")[0].tolist()


def test_ears_by_hand():
    """Baseline 1..7: mean 4, sd 2.160247; 3.090232 sd is the 0.999 quantile."""
    counts = [1, 2, 3, 4, 5, 6, 7, 11, 10, 12]
    one, two = ears(counts), ears(counts, method="C2")
    assert np.isnan(one.upper[:7]).all() and np.isnan(two.upper[:9]).all()
    assert one.upper[7] == pytest.approx(4 + 3.0902323 * 2.1602469)
    assert one.alarm.tolist()[7] is True
    assert two.upper[9] == pytest.approx(one.upper[7])
    assert two.statistic[9] == pytest.approx(8 / 2.1602469)


def test_c3_adds_the_surplus_of_three_periods():
    counts = [1, 2, 3, 4, 5, 6, 7, 1, 2, 12, 2, 20, 1]
    two, three = ears(counts, method="C2"), ears(counts, method="C3")
    surplus = np.maximum(two.statistic - 1, 0)
    assert np.isnan(three.upper[:11]).all()
    np.testing.assert_allclose(three.statistic[11:], [surplus[9:12].sum(), surplus[10:13].sum()])
    mean, spread = np.mean(counts[2:9]), np.std(counts[2:9], ddof=1)
    assert three.upper[11] == pytest.approx(mean + spread * (1.959964 - surplus[9:11].sum()))


def test_ears_without_spread_flags_a_first_case_only_without_a_smallest_spread():
    assert ears([0] * 8).alarm.tolist() == [False] * 8
    assert ears([0] * 7 + [1]).alarm[7]
    assert not ears([0] * 7 + [1], min_sigma=0.5).alarm[7]
    assert ears([0] * 7 + [2], min_sigma=0.5).alarm[7]
    assert ears([0] * 11 + [0], method="C3").statistic[11] == 0


def test_ears_has_no_bound_beside_a_missing_period_or_in_a_short_series():
    found = ears([1, 2, NAN, 4, 5, 6, 7, 90, 1, 2, 90])
    assert np.isnan(found.upper[:10]).all() and not found.alarm[:10].any()
    assert np.isfinite(found.upper[10])
    assert np.isnan(ears([1, 2, 3]).upper).all()
    with pytest.raises(ValueError, match="negative"):
        ears([-1] * 9)


@given(SERIES, st.sampled_from(["C1", "C2"]))
def test_the_alarm_of_ears_is_its_statistic_over_the_limit(counts, method):
    found = ears(counts, method=method, min_sigma=0.5)
    known = np.isfinite(found.upper)
    assert (found.alarm[known] == (found.statistic > 3.090232306167813)[known]).all()


def test_cusum_by_hand():
    """Mean 4, so 2 is one standard deviation: surplus -1, 2, 1.5, -2 over k = 1."""
    found = cusum([4, 10, 9, 2], mean=4, k=1, h=3)
    assert found.statistic.tolist() == [0, 2, 3.5, 1.5]
    assert found.alarm.tolist() == [False, False, True, False]
    assert found.upper.tolist() == [12, 12, 8, 5]


def test_rossi_and_anscombe_by_hand():
    assert cusum([16], mean=4, k=0, h=9, transform="rossi").statistic[0] == (16 - 12 + 2 * 8) / 4
    assert cusum([27], mean=1, k=0, h=9, transform="anscombe").statistic[0] == pytest.approx(1.5 * 8)


def test_a_missing_period_leaves_the_sum_as_it_was():
    found = cusum([10, NAN, 9], mean=4, k=1, h=3)
    np.testing.assert_array_equal(found.statistic, [2, NAN, 3.5])
    np.testing.assert_array_equal(found.upper, [12, NAN, 8])
    assert found.alarm.tolist() == [False, False, True]


@given(SERIES, st.floats(0.1, 200), st.sampled_from(["standard", "rossi", "anscombe"]))
def test_a_count_at_its_upper_bound_just_reaches_the_alarm(counts, mean, transform):
    found = cusum(counts, mean=mean, transform=transform)
    for place in range(len(counts)):
        if found.upper[place] > 0:
            just = [*counts[:place], found.upper[place]]
            assert cusum(just, mean=mean, transform=transform).statistic[-1] == pytest.approx(2.26, abs=1e-6)
        else:
            assert found.alarm[place]


def test_a_mean_of_zero_is_refused():
    with pytest.raises(ValueError, match="more than 0"):
        cusum([1], mean=0)
