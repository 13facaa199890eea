"""Labels and benchmarks: the table is the law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.compare import benchmark_without, label
from analysis.rates import Interval, rate


def interval(low: float, high: float) -> Interval:
    return Interval(low=np.asarray(low), high=np.asarray(high))


def drawn(text: str) -> list[list[str]]:
    _, *lines = text.strip().splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def test_the_word_follows_from_two_intervals_and_the_benchmark():
    for low_998, low, high, high_998, benchmark, word in drawn("""
        low_998 | low  | high | high_998 | benchmark | word
        11      | 12   | 20   | 22       | 10        | higher
        9       | 11   | 20   | 22       | 10        | possibly_higher
        8       | 9    | 12   | 13       | 10        | similar
        5       | 7    | 13   | 15       | 10        | similar
        5       | 6.9  | 12   | 15       | 10        | cannot_tell
        5       | 8    | 13.1 | 15       | 10        | cannot_tell
        4       | 5    | 9    | 11       | 10        | possibly_lower
        4       | 5    | 8    | 9        | 10        | lower
        10      | 10   | 12   | 13       | 10        | similar
        0       | 0    | 4    | 5        | 0         | cannot_tell
        nan     | nan  | nan  | nan      | 10        | cannot_tell
        11      | 12   | 20   | 22       | nan       | cannot_tell
    """):
        both = interval(low, high), interval(low_998, high_998)
        found = label(*(Interval(low=np.float64(one.low), high=np.float64(one.high)) for one in both), float(benchmark))
        assert found == word, (low, high, benchmark)


def test_the_published_thresholds_for_higher_and_lower_hold():
    """Where 95 % and 99.8 % start at an expected count (the cautions for funnel plots)."""
    for expected, possibly, sure in ((5, 11, 14), (10, 18, 22), (20, 30, 36), (50, 65, 74), (100, 121, 133)):
        events = np.arange(0, 200)
        words = label(rate(events, 1, per=1), rate(events, 1, per=1, confidence=0.998), expected)
        assert events[words == "possibly_higher"].min() == pytest.approx(possibly, abs=1)
        assert events[words == "higher"].min() == pytest.approx(sure, abs=1)
    few = label(rate(0, 1, per=1), rate(0, 1, per=1, confidence=0.998), [3.6, 3.8, 6.8, 7.0])
    assert list(few) == ["cannot_tell", "possibly_lower", "possibly_lower", "lower"]


def test_few_cases_are_never_called_similar():
    words = label(rate(np.arange(10), 100), rate(np.arange(10), 100, confidence=0.998), 45.0)
    assert "similar" not in words


def test_better_and_worse_exist_only_where_a_polarity_is_agreed():
    high, sure = interval(11, 20), interval(9, 22)
    assert label(high, sure, 10) == "possibly_higher"
    assert label(high, sure, 10, "good") == "possibly_better"
    assert label(high, sure, 10, "bad") == "possibly_worse"
    with pytest.raises(ValueError, match="polarity"):
        label(high, sure, 10, "neutral")


def test_a_smaller_difference_that_matters_makes_similar_harder():
    assert label(interval(8, 12), interval(7, 13), 10) == "similar"
    assert label(interval(8, 12), interval(7, 13), 10, matters=0.1) == "cannot_tell"


@given(st.integers(0, 3_000), st.integers(1, 100_000), st.floats(0.01, 2_000))
def test_a_label_does_not_depend_on_the_unit(events, population, benchmark):
    words = [
        label(rate(events, population, per=per), rate(events, population, per=per, confidence=0.998), benchmark * per)
        for per in (1.0, 1024.0)
    ]
    assert words[0] == words[1]


def test_the_benchmark_leaves_the_area_itself_out():
    rest = benchmark_without(range(3), [10, 20, 30], [1_000, 1_000, 2_000])
    np.testing.assert_allclose(rest, [50 / 3, 40 / 3, 15])
    assert benchmark_without(2, [10, 20, 30], [1_000, 1_000, 2_000]) == 15


def test_a_missing_part_makes_no_benchmark_from_the_visible_parts():
    assert np.isnan(benchmark_without([0, 1, 2], [10, np.nan, 30], [1_000, 1_000, 2_000])).all()


def test_with_the_regions_own_total_only_the_missing_area_has_no_benchmark():
    events, population = [10, np.nan, 30], [1_000, 1_000, 2_000]
    rest = benchmark_without(range(3), events, population, total_events=60, total_population=4_000)
    np.testing.assert_allclose(rest, [50 / 3, np.nan, 15])
    assert benchmark_without(0, 10, 1_000, total_events=60, total_population=4_000) == pytest.approx(50 / 3)


def test_an_area_that_is_the_whole_region_has_no_benchmark():
    assert np.isnan(benchmark_without(0, [10], [1_000]))
    assert np.isnan(benchmark_without(0, 10, 1_000))


def test_benchmarks_of_many_periods_come_at_once():
    events, population = [[10, 20], [1, 3]], [[1_000, 1_000], [1_000, 1_000]]
    np.testing.assert_allclose(benchmark_without([0, 1], events, population, per=100), [[2, 1], [0.3, 0.1]])
    np.testing.assert_allclose(benchmark_without(0, events, population, per=100), [2, 0.3])


def test_a_negative_count_or_an_unknown_area_has_no_benchmark():
    with pytest.raises(ValueError, match="negative"):
        benchmark_without(0, [1, -2], [10, 10])
    with pytest.raises(IndexError):
        benchmark_without(2, [1, 2], [10, 10])


def test_a_missing_wide_interval_cannot_tell_either():
    assert label(interval(12, 20), interval(np.nan, 22), 10) == "cannot_tell"
