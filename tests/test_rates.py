"""Intervals, rates, shares and rate ratios: worked numbers, independent libraries, and what must never happen."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson, test_poisson_2indep

from analysis.rates import count_interval, rate, rate_ratio, rounded_count_interval, share

test_poisson_2indep.__test__ = False  # a library function, not a test

counts = st.integers(0, 5_000)
populations = st.integers(1, 1_000_000)


def drawn(text: str) -> list[list[float]]:
    """The rows of a drawn table, without its header."""
    _, *lines = text.strip().splitlines()
    return [[float(cell) for cell in line.split("|")] for line in lines]


def test_an_interval_has_the_published_limits():
    for events, low, high in drawn("""
        events | low      | high
        0      | 0        | 3.689
        1      | 0.0253   | 5.572
        3      | 0.6187   | 8.767
        5      | 1.6235   | 11.668
        9      | 4.1154   | 17.085
        10     | 4.787    | 18.391
        20     | 12.211   | 30.890
        50     | 37.108   | 65.920
        100    | 81.362   | 121.628
    """):
        interval = count_interval(events)
        assert interval.low == pytest.approx(low, abs=6e-4)
        assert interval.high == pytest.approx(high, abs=6e-4)


def test_below_ten_events_the_interval_is_the_exact_one_of_statsmodels():
    events = np.arange(1, 10)
    for confidence in (0.90, 0.95, 0.998):
        low, high = confint_poisson(events, 1, method="exact-c", alpha=1 - confidence)
        interval = count_interval(events, confidence=confidence)
        np.testing.assert_allclose(interval.low, low, rtol=1e-12)
        np.testing.assert_allclose(interval.high, high, rtol=1e-12)


def test_from_ten_events_byar_stays_within_two_per_mille_of_the_exact_interval():
    events = np.arange(10, 500)
    low, high = confint_poisson(events, 1, method="exact-c")
    interval = count_interval(events)
    np.testing.assert_allclose(interval.low, low, rtol=0.0018)
    np.testing.assert_allclose(interval.high, high, rtol=0.0018)
    assert not np.isclose(interval.low[0], low[0], rtol=1e-6), "the switch at 10 is kept, not improved"


def test_a_missing_count_or_population_gives_no_value_and_never_zero():
    for events, population in ((np.nan, 100), (3, np.nan), (3, 0), (0, 0)):
        estimate = rate(events, population)
        assert np.isnan([estimate.value, estimate.low, estimate.high]).all()
    assert np.isnan(share(np.nan, 10).low)
    assert np.isnan(share(0, 0).value)
    assert np.isnan(rate_ratio(0, 10, 0, 10).p)
    assert np.isnan(rate_ratio(3, 0, 4, 10).value)


def test_no_events_is_a_real_zero_with_an_upper_limit():
    estimate = rate(0, 1_000)
    assert (estimate.value, estimate.low) == (0, 0)
    assert estimate.high == pytest.approx(3.68888, abs=1e-5)


@pytest.mark.parametrize("call", [
    lambda: count_interval([1, -1]), lambda: rate(-1, 10), lambda: rate(1, -10), lambda: share(-1, 10),
    lambda: share(11, 10), lambda: rate_ratio(-1, 1, 1, 1), lambda: rate_ratio(1.5, 1, 1, 1),
    lambda: count_interval(3, confidence=95),
])  # fmt: skip
def test_an_impossible_argument_is_refused(call):
    with pytest.raises(ValueError):
        call()


def test_a_share_has_wilsons_limits_as_statsmodels_computes_them():
    rng = np.random.default_rng(1)
    whole = rng.integers(1, 5_000, 300)
    part = rng.binomial(whole, rng.uniform(0, 1, 300))
    low, high = proportion_confint(part, whole, method="wilson")
    estimate = share(part, whole)
    np.testing.assert_allclose(estimate.low, 100 * low, atol=1e-11)
    np.testing.assert_allclose(estimate.high, 100 * high, atol=1e-11)


def test_a_share_of_nothing_or_everything_touches_the_end_and_never_passes_it():
    nobody, everybody = share(0, 7), share(7, 7)
    assert (nobody.value, nobody.low) == (0, 0)
    assert (everybody.value, everybody.high) == (100, 100)
    assert 0 < nobody.high < 100
    assert 0 < everybody.low < 100


def test_a_rate_ratio_is_the_conditional_exact_one_of_scipy():
    for a, people_a, b, people_b in drawn("""
        a    | people_a | b    | people_b
        30   | 1000     | 20   | 1000
        0    | 500      | 7    | 900
        7    | 900      | 0    | 500
        1    | 100      | 1    | 100000
        3    | 1000     | 3    | 1000
        412  | 9000     | 518  | 9100
        60   | 51477.5  | 30   | 54308.7
        90000| 1e7      | 91000| 1e7
    """):
        ratio = rate_ratio(a, people_a, b, people_b)
        test = stats.binomtest(int(a), int(a + b), people_a / (people_a + people_b))
        limits = test.proportion_ci(0.95, "exact")
        low, high = (one / (1 - one) * people_b / people_a if one < 1 else np.inf for one in limits)
        assert ratio.p == pytest.approx(test.pvalue, rel=1e-9, abs=1e-15)
        assert ratio.low == pytest.approx(low, rel=1e-7)
        assert ratio.high == pytest.approx(high, rel=1e-7)


def test_a_rate_ratio_has_the_p_value_of_statsmodels():
    ours = rate_ratio(60, 51477.5, 30, 54308.7)
    theirs = test_poisson_2indep(60, 51477.5, 30, 54308.7, method="exact-cond")
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-12)


def test_without_events_in_the_second_the_ratio_has_no_upper_limit():
    ratio = rate_ratio(4, 100, 0, 100)
    assert np.isinf(ratio.value)
    assert np.isinf(ratio.high)
    assert 0 < ratio.low < 1


@given(counts, populations)
def test_a_value_lies_within_its_limits_and_wider_confidence_is_wider(events, population):
    narrow, wide = rate(events, population), rate(events, population, confidence=0.998)
    assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high
    assert narrow.low >= 0


@given(counts, populations, st.sampled_from([1, 100, 1_000, 10_000]))
def test_a_rate_scales_with_its_unit(events, population, per):
    one, many = rate(events, population, per=1), rate(events, population, per=per)
    assert many.high == pytest.approx(per * one.high, rel=1e-12)


@given(counts)
def test_one_event_more_raises_both_limits(events):
    interval = count_interval([events, events + 1])
    assert interval.low[0] < interval.low[1]
    assert interval.high[0] < interval.high[1]


@given(st.integers(0, 400), populations, st.integers(1, 400), populations)
def test_turning_a_ratio_round_turns_its_limits_and_keeps_its_p(a, people_a, b, people_b):
    one, other = rate_ratio(a, people_a, b, people_b), rate_ratio(b, people_b, a, people_a)
    assert one.p == pytest.approx(other.p, rel=1e-6, abs=1e-14)
    if a:
        assert one.low == pytest.approx(1 / other.high, rel=1e-8)
        assert one.low <= one.value <= one.high


@given(st.lists(counts, min_size=1, max_size=30))
def test_figures_do_not_depend_on_their_neighbours_in_the_array(events):
    together = count_interval(events)
    alone = [float(count_interval(one).low) for one in events]
    np.testing.assert_allclose(together.low, alone, rtol=1e-14)


def test_results_have_the_broadcast_shape_and_a_number_gives_a_number():
    assert rate(np.ones((3, 1)), np.ones(4)).low.shape == (3, 4)
    assert rate_ratio([[1], [2]], 10, [1, 2, 3], 10).p.shape == (2, 3)
    assert isinstance(rate(3, 10).value, float)


def test_a_million_figures_take_seconds():
    rng = np.random.default_rng(1)
    events, population = rng.poisson(20, 1_000_000), rng.integers(100, 9_000, 1_000_000)
    start = time.perf_counter()
    rate(events, population)
    assert time.perf_counter() - start < 5


def test_a_rounded_count_has_the_interval_of_all_that_it_may_stand_for():
    for rounded, base, smallest, largest in drawn("""
        published | base | from | to
        0         | 10   | 0    | 4
        10        | 10   | 5    | 14
        20        | 10   | 15   | 24
        0         | 5    | 0    | 2
        5         | 5    | 3    | 7
        10        | 5    | 8    | 12
        7         | 1    | 7    | 7
    """):
        interval = rounded_count_interval(rounded, base)
        assert interval.low == count_interval(smallest).low
        assert interval.high == count_interval(largest).high
    ten = rounded_count_interval(10, 10)
    assert (ten.low, ten.high) == pytest.approx((1.6235, 23.491), abs=1e-3)


def test_a_missing_rounded_count_stays_missing_and_a_wrong_one_is_refused():
    interval = rounded_count_interval([np.nan, 10], 10)
    assert np.isnan([interval.low[0], interval.high[0]]).all()
    assert interval.low.shape == (2,)
    for rounded, base in ((-10, 10), (10, 0), (10, -5)):
        with pytest.raises(ValueError, match=r"negative|more than 0"):
            rounded_count_interval(rounded, base)


@given(st.integers(0, 500), st.sampled_from([5, 10]))
def test_rounding_only_ever_widens_an_interval(multiple, base):
    wide, narrow = rounded_count_interval(multiple * base, base), count_interval(multiple * base)
    assert wide.low <= narrow.low
    assert wide.high >= narrow.high
