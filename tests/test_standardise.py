"""Standardised rates and ratios: the arithmetic by hand, an independent sum, and what must never have a value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.rates import (
    count_interval,
    rate,
    repeat_standardised_rate,
    standardised_rate,
    standardised_ratio,
    standardised_ratio_rate,
)

EVENTS, POPULATION, STANDARD = [10, 20, 30], [1_000, 1_000, 2_000], [200, 300, 500]

strata = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 9_000), st.integers(1, 9_000)), min_size=1, max_size=9)
factors = st.sampled_from([0.5, 2.0, 100.0])


def numbers(estimate) -> list[float]:
    return [float(estimate.value), float(estimate.low), float(estimate.high)]


def test_a_standardised_rate_is_the_sum_done_by_hand():
    """0.2 * 10 + 0.3 * 20 + 0.5 * 15 = 15.5 per 1,000; variance 4e-7 + 1.8e-6 + 1.875e-6; 60 events."""
    found = standardised_rate(EVENTS, POPULATION, STANDARD)
    step = np.sqrt(4.075e-6 / 60) * 1_000
    around = count_interval(60)
    assert found.value == pytest.approx(15.5, rel=1e-14)
    assert found.low == pytest.approx(15.5 - step * (60 - around.low), rel=1e-13)
    assert found.high == pytest.approx(15.5 + step * (around.high - 60), rel=1e-13)


@given(st.integers(10, 5_000), st.integers(1, 100_000), st.integers(1, 100_000))
def test_with_one_stratum_the_standardised_rate_is_the_crude_one(events, population, standard):
    ours, crude = standardised_rate(events, population, standard), rate(events, population)
    np.testing.assert_allclose(numbers(ours), numbers(crude), rtol=1e-11)


def test_under_ten_events_in_all_there_is_no_value():
    for events, known in (([3, 3, 3], False), ([3, 3, 4], True), ([0, 0, 10], True), ([0, 0, 0], False)):
        assert np.isfinite(numbers(standardised_rate(events, POPULATION, STANDARD))).all() == known, events


@pytest.mark.parametrize("change", [{0: np.nan}, {1: np.nan}, {2: np.nan}, {1: 0}])
def test_a_missing_or_empty_stratum_leaves_no_value(change):
    parts = [list(EVENTS), list(POPULATION), list(STANDARD)]
    for which, value in change.items():
        parts[which][1] = value
    assert np.isnan(numbers(standardised_rate(*parts))).all()


@given(strata, factors)
def test_the_size_of_the_standard_and_the_order_of_strata_do_not_matter(rows, factor):
    events, population, standard = np.array(rows, dtype=float).T
    one = numbers(standardised_rate(events, population, standard))
    np.testing.assert_allclose(one, numbers(standardised_rate(events, population, standard * factor)), rtol=1e-10)
    turned = numbers(standardised_rate(events[::-1], population[::-1], standard[::-1]))
    np.testing.assert_allclose(one, turned, rtol=1e-10)
    assert np.isnan(one).all() or one[1] <= one[0] <= one[2], "low may fall under 0, as published"


@given(strata)
def test_a_standardised_rate_lies_between_the_lowest_and_highest_stratum(rows):
    events, population, standard = np.array(rows, dtype=float).T
    each, found = 1_000 * events / population, standardised_rate(events, population, standard).value
    assert np.isnan(found) or each.min() * (1 - 1e-12) <= found <= each.max() * (1 + 1e-12)


def test_many_areas_come_at_once_with_strata_on_the_last_axis():
    together = standardised_rate([EVENTS, [0, 1, 2], [30, 20, 10]], POPULATION, STANDARD)
    assert together.value.shape == (3,)
    assert np.isnan(together.low[1])
    assert together.high[2] == standardised_rate([30, 20, 10], POPULATION, STANDARD).high


def test_repeat_events_are_the_sum_done_by_hand():
    """Stratum a: 10 once, 5 twice (20 events); b: 4 three times (12). Half the standard each."""
    rows = {"persons": [10, 5, 4], "frequency": [1, 2, 3], "population": [100, 100, 200], "standard": [50, 50, 50]}
    found = repeat_standardised_rate(**rows, stratum=["a", "a", "b"], per=100)
    variance = (0.5 / 100) ** 2 * (10 * 1 + 5 * 4) + (0.5 / 200) ** 2 * 4 * 9
    around = count_interval(32)
    assert found.value == pytest.approx(100 * (0.5 * 0.2 + 0.5 * 0.06), rel=1e-14)
    assert found.low == pytest.approx(13 - 100 * np.sqrt(variance / 32) * (32 - around.low), rel=1e-13)
    assert found.high == pytest.approx(13 + 100 * np.sqrt(variance / 32) * (around.high - 32), rel=1e-13)


@given(strata)
def test_when_nobody_repeats_both_standardised_rates_agree(rows):
    events, population, standard = np.array(rows, dtype=float).T
    single = standardised_rate(events, population, standard)
    repeat = repeat_standardised_rate(events, 1, population, standard, np.arange(len(rows)))
    np.testing.assert_allclose(numbers(repeat), numbers(single), rtol=1e-12)


def test_repeat_events_widen_the_interval_and_not_the_value():
    apart = repeat_standardised_rate([10, 20], 1, 1_000, 500, ["a", "b"])
    bundled = repeat_standardised_rate([2, 4], 5, 1_000, 500, ["a", "b"])
    assert bundled.value == pytest.approx(apart.value)
    assert bundled.high - bundled.low == pytest.approx(np.sqrt(5) * (apart.high - apart.low))


def test_rows_of_one_stratum_that_disagree_are_refused():
    with pytest.raises(ValueError, match="one population"):
        repeat_standardised_rate([10, 5], [1, 2], [100, 101], 50, ["a", "a"])


def test_ten_events_count_and_not_ten_persons():
    assert np.isfinite(repeat_standardised_rate([2], [5], 100, 50, ["a"]).value)
    assert np.isnan(repeat_standardised_rate([2], [4], 100, 50, ["a"]).value)


def test_a_standardised_ratio_is_the_sum_done_by_hand():
    """Expected 1,000 * 0.02 + 2,000 * 0.01 = 40 against 50 seen; the reference rate is 30 / 2,000."""
    found = standardised_ratio([20, 30], [1_000, 2_000], [20, 10], [1_000, 1_000])
    around = count_interval(50)
    assert found.expected == pytest.approx(40)
    np.testing.assert_allclose(numbers(found), [1.25, around.low / 40, around.high / 40], rtol=1e-14)
    yearly = standardised_ratio_rate([20, 30], [1_000, 2_000], [20, 10], [1_000, 1_000])
    np.testing.assert_allclose(numbers(yearly), 15 * np.array(numbers(found)), rtol=1e-14)
    assert yearly.expected == found.expected


def test_a_ratio_may_have_one_total_for_all_strata():
    total = standardised_ratio(50, [1_000, 2_000], [20, 10], [1_000, 1_000])
    assert numbers(total) == numbers(standardised_ratio([20, 30], [1_000, 2_000], [20, 10], [1_000, 1_000]))


def test_a_missing_reference_count_is_nothing_expected_and_a_missing_count_is_no_value():
    assert standardised_ratio([20, 30], [1_000, 2_000], [20, np.nan], 1_000).expected == pytest.approx(20)
    assert np.isnan(numbers(standardised_ratio([20, np.nan], [1_000, 2_000], [20, 10], 1_000))).all()
    for reference in ([0, 0], [np.nan, np.nan]):
        none = standardised_ratio([20, 30], [1_000, 2_000], reference, 1_000)
        assert none.expected == 0
        assert np.isnan(numbers(none)).all()


def test_no_events_is_a_ratio_of_zero_with_an_upper_limit():
    none = standardised_ratio([0, 0], [1_000, 2_000], [20, 10], 1_000)
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(3.68888 / 40, abs=1e-6)


@given(strata)
def test_the_reference_beside_itself_is_one(rows):
    events, population, _ = np.array(rows, dtype=float).T
    found = standardised_ratio(events, population, events, population, per=100)
    if events.any():
        assert found.value == pytest.approx(100)
        assert found.low < 100 < found.high


@pytest.mark.parametrize("call", [
    lambda: standardised_rate([-1, 20], 10, 10), lambda: standardised_rate([1, 20], -10, 10),
    lambda: standardised_ratio([1, 2], 10, [-1, 2], 10), lambda: repeat_standardised_rate([1], [-1], 10, 10, ["a"]),
])  # fmt: skip
def test_an_impossible_argument_is_refused(call):
    with pytest.raises(ValueError, match="negative"):
        call()


def test_a_stratum_without_persons_needs_no_frequency():
    with_row = repeat_standardised_rate([10, 2, 0], [1, 2, np.nan], [100, 100, 50], [10, 10, 5], ["a", "a", "b"])
    as_zero = repeat_standardised_rate([10, 2, 0], [1, 2, 0], [100, 100, 50], [10, 10, 5], ["a", "a", "b"])
    assert (with_row.value, with_row.low, with_row.high) == (as_zero.value, as_zero.low, as_zero.high)
    assert np.isfinite(with_row.value)
