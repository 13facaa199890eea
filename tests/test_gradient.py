"""Quantiles and slope indices: small tables, numpy's own least squares, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.rates import quantile, slope_index

values = st.lists(st.integers(-50, 50), min_size=2, max_size=60)
groups = st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 9_000)), min_size=2, max_size=10)


def test_ten_areas_in_five_groups_are_two_by_two():
    assert list(quantile(np.arange(10.0), 5)) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert list(quantile(np.arange(10.0), 5, highest_first=True)) == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]


def test_seven_areas_in_three_groups_follow_the_formula():
    """rank 1 to 7: 4 - ceil((8 - rank) / (7 / 3)) = 4 - ceil(3, 2.57, 2.14, 1.71, 1.29, 0.86, 0.43)."""
    assert list(quantile([1, 2, 3, 4, 5, 6, 7], 3)) == [1, 1, 1, 2, 2, 3, 3]


def test_equal_values_share_the_lowest_group():
    assert list(quantile([1, 1, 1, 1, 2, 3], 3)) == [1, 1, 1, 1, 3, 3]
    assert list(quantile([5, 5, 5, 5], 2)) == [1, 1, 1, 1]


def test_a_missing_value_has_no_group_and_does_not_count():
    found = quantile([1, np.nan, 2, 3, 4], 2)
    np.testing.assert_array_equal(found, [1, np.nan, 1, 2, 2])
    assert np.isnan(quantile([1, np.nan, 2, np.nan], 3)).all()
    assert np.isnan(quantile([np.nan, np.nan], 1)).all()


def test_each_row_has_its_own_quantiles():
    np.testing.assert_array_equal(
        quantile([[1, 2, 3, 4], [4, 3, np.nan, np.nan]], 2), [[1, 1, 2, 2], [2, 1] + 2 * [np.nan]]
    )


@given(values, st.integers(1, 10))
def test_a_higher_value_is_never_in_a_lower_group(numbers, k):
    found = quantile(numbers, k)
    assert np.isnan(found).all() == (len(numbers) < k)
    if len(numbers) >= k:
        assert found.min() == 1
        assert found.max() <= k
        assert (np.diff(found[np.argsort(numbers)]) >= 0).all()


@given(values, st.integers(1, 10))
def test_the_order_of_areas_and_the_unit_do_not_matter(numbers, k):
    each = np.array(numbers, dtype=float)
    np.testing.assert_array_equal(quantile(each[::-1], k)[::-1], quantile(each, k))
    np.testing.assert_array_equal(quantile(4 * each + 1, k), quantile(each, k))
    np.testing.assert_array_equal(quantile(-each, k, highest_first=True), quantile(each, k))


def test_no_groups_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        quantile([1, 2], 0)


def test_a_straight_line_has_its_own_slope():
    """Equal groups: mid-ranks 0.1, 0.3 ... 0.9; value 30 - 20 b runs from 30 to 10."""
    found = slope_index(30 - 20 * np.array([0.1, 0.3, 0.5, 0.7, 0.9]), 100)
    assert (found.start, found.sii, found.rii) == pytest.approx((30, -20, 1 / 3))
    assert np.isnan([found.sii_low, found.rii_high]).all()
    turned = slope_index(30 - 20 * np.array([0.1, 0.3, 0.5, 0.7, 0.9]), 100, multiplier=-100)
    assert (turned.sii, turned.rii) == pytest.approx((2_000, 3))


@given(groups)
def test_the_slope_is_numpys_weighted_least_squares(rows):
    level, population = np.array(rows).T
    width = population / population.sum()
    middle = np.cumsum(width) - width / 2
    for transform, to, back in (
        ("none", lambda x: x, lambda x: x),
        ("log", np.log, np.exp),
        ("logit", lambda x: np.log(x / (1 - x)), lambda x: 1 / (1 + np.exp(-x))),
    ):
        slope, start = np.polyfit(middle, to(level), 1, w=np.sqrt(width))
        found = slope_index(level, population, transform=transform)
        assert found.start == pytest.approx(back(start), rel=1e-6, abs=1e-9)
        assert found.sii == pytest.approx(back(start + slope) - back(start), rel=1e-6, abs=1e-9)


def test_the_limits_are_those_of_redrawn_series_and_of_the_ratio_within_five_percent():
    rng = np.random.default_rng(3)
    level, error = np.array([30, 26, 25, 18, 15.0]), np.array([2, 1.5, 1, 1.5, 2.0])
    population = np.array([900, 1_100, 1_000, 1_200, 800])
    found = slope_index(level, population, low=level - 1.959964 * error, high=level + 1.959964 * error)
    redrawn = slope_index(rng.normal(level, error, (20_000, 5)), population)
    np.testing.assert_allclose([found.sii_low, found.sii_high], np.quantile(redrawn.sii, [0.025, 0.975]), rtol=0.03)
    np.testing.assert_allclose([found.rii_low, found.rii_high], np.quantile(redrawn.rii, [0.025, 0.975]), rtol=0.05)
    logs = slope_index(level, population, low=level / 1.1, high=level * 1.1, transform="log")
    redrawn = slope_index(
        level * np.exp(rng.normal(0, np.log(1.1) / 1.959964, (20_000, 5))), population, transform="log"
    )
    np.testing.assert_allclose([logs.sii_low, logs.sii_high], np.quantile(redrawn.sii, [0.025, 0.975]), rtol=0.03)
    np.testing.assert_allclose([logs.rii_low, logs.rii_high], np.quantile(redrawn.rii, [0.025, 0.975]), rtol=0.05)


@given(groups, st.sampled_from([0.5, 4.0]))
def test_a_larger_unit_scales_the_slope_and_keeps_the_ratio(rows, factor):
    level, population = np.array(rows).T
    one = slope_index(level, population, low=level * 0.9, high=level * 1.1)
    many = slope_index(level * factor, population * 8, low=level * 0.9 * factor, high=level * 1.1 * factor)
    assert many.sii_low == pytest.approx(factor * one.sii_low, rel=1e-9, abs=1e-12)
    assert many.rii == pytest.approx(one.rii, rel=1e-6)


def test_a_missing_group_a_single_group_and_an_empty_population_have_no_index():
    for level, population in (([3, np.nan, 1], 100), ([3], 100), ([3, 2], 0), ([3, 2], [100, 0])):
        found = slope_index(level, population)
        assert np.isnan([found.sii, found.rii, found.start]).all(), (level, population)
    with pytest.raises(ValueError, match="transform"):
        slope_index([1, 2], 10, transform="square")


def test_a_zero_on_the_log_or_a_whole_on_the_logit_has_no_index():
    for level, transform in (([0, 1, 2], "log"), ([0.2, 0.5, 1], "logit"), ([0, 0.5, 0.7], "logit")):
        found = slope_index(level, 10, transform=transform, low=0.1, high=0.9)
        assert np.isnan([found.sii, found.rii, found.sii_low, found.rii_high, found.start]).all(), (level, transform)
    open_ended = slope_index([0.2, 0.5, 0.7], 10, transform="logit", low=0, high=0.9)
    assert np.isfinite(open_ended.sii)
    assert np.isnan([open_ended.sii_low, open_ended.sii_high]).all()


def test_a_single_value_and_no_value_have_their_quantile_too():
    assert quantile(5, 1) == 1
    assert np.isnan(quantile(5, 2))
    assert quantile([], 3).shape == (0,)
