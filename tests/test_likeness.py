"""Peers and the chance to be among the highest: small tables, simulation as the independent witness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare import peers, rank_probability
from analysis.smoothing import fit_gamma

areas = st.lists(st.tuples(st.integers(0, 60), st.floats(0.5, 60)), min_size=4, max_size=12)


def test_the_nearest_areas_are_the_ones_a_reader_would_choose():
    """One variable 0, 1, 3, 7: standard deviation sqrt(28.75 / 3)."""
    found = peers([[0], [1], [3], [7]], 2)
    assert found.index.tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
    np.testing.assert_allclose(found.distance[0] * np.sqrt(28.75 / 3), [1, 3])


def test_an_area_is_not_its_own_peer_even_when_another_is_the_same():
    found = peers([[1, 5], [1, 5], [2, 9]], 1)
    assert found.index[:2].tolist() == [[1], [0]]
    assert found.distance[0, 0] == 0


def test_an_area_with_a_missing_characteristic_has_no_peers_and_is_nobodys():
    found = peers([[0, 1], [1, np.nan], [3, 2], [7, 1]], 3)
    assert found.index[1].tolist() == [-1, -1, -1]
    assert 1 not in found.index
    assert np.isnan(found.distance[:, 2]).all()
    assert peers([[1.0]], 2).index.tolist() == [[-1, -1]]


def test_a_characteristic_that_is_the_same_everywhere_weighs_nothing():
    with_it, without = peers([[0, 0.1], [1, 0.1], [3, 0.1]], 2), peers([[0], [1], [3]], 2)
    np.testing.assert_array_equal(with_it.distance, without.distance)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=20), st.integers(1, 5))
def test_units_do_not_matter_and_the_nearest_come_first(rows, k):
    table = np.array(rows, dtype=float)
    one, other = peers(table, k), peers(table * [8, 1024] + [3, 0], k)
    np.testing.assert_allclose(one.distance, other.distance, atol=1e-9)
    assert one.index.shape == (len(rows), k)
    kept = one.distance[:, : min(k, len(rows) - 1)]
    assert (np.diff(kept, axis=1) >= 0).all()


@pytest.mark.parametrize("call", [lambda: peers([1, 2, 3], 2), lambda: peers([[1], [2]], 0)])
def test_peers_need_a_table_and_a_number(call):
    with pytest.raises(ValueError, match="peer"):
        call()


def test_the_chance_to_be_among_the_highest_is_the_one_simulation_finds():
    rng = np.random.default_rng(2)
    events, expected = np.array([0, 4, 9, 14, 30, 3, 22]), np.array([3.0, 5, 8, 9, 31, 1, 14])
    drawn = rng.gamma(events + 6.0, 1.1 / (1.1 * expected + 6.0), (200_000, 7))
    among = (drawn.argsort(axis=1).argsort(axis=1) >= 4).mean(axis=0)
    np.testing.assert_allclose(rank_probability(events, expected, alpha=6, mean=1.1), among, atol=0.004)


def test_areas_that_are_the_same_share_the_chance():
    np.testing.assert_allclose(rank_probability([5] * 8, 4.0, alpha=3), 3 / 8, atol=1e-4)
    np.testing.assert_allclose(rank_probability([5, 50, 1, 9], [4, 4, 4, 4], alpha=1e9), 3 / 4, atol=1e-2)


@settings(max_examples=40, deadline=None)
@given(areas, st.integers(1, 3), st.floats(0.5, 50))
def test_the_chances_add_up_and_do_not_depend_on_the_order(rows, highest, alpha):
    events, expected = np.array(rows, dtype=float).T
    found = rank_probability(events, expected, alpha=alpha, highest=highest)
    assert found.sum() == pytest.approx(highest, abs=0.01)
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-9
    turned = rank_probability(events[::-1], expected[::-1], alpha=alpha, highest=highest)
    np.testing.assert_allclose(turned[::-1], found, atol=1e-9)


def test_more_cases_make_the_chance_larger_and_a_tiny_area_stays_unsure():
    chances = rank_probability([8, 12, 16, 20, 24], 15.0, alpha=10, highest=1)
    assert (np.diff(chances) > 0).all()
    tiny = rank_probability([1, 30, 10, 10, 10], [0.2, 10, 10, 10, 10], alpha=10, highest=1)
    assert tiny[0] < tiny[1], "five times the expected 0.2 says less than three times the expected 10"


def test_a_missing_area_takes_no_part():
    holed = rank_probability([5, np.nan, 9, 2, 7], 5.0, alpha=3)
    np.testing.assert_allclose(holed[[0, 2, 3, 4]], rank_probability([5, 9, 2, 7], 5.0, alpha=3))
    assert np.isnan(holed[1])
    assert list(rank_probability([5, 9], 5.0, alpha=3)) == [1, 1]
    with pytest.raises(ValueError, match="more than 0"):
        rank_probability([5, 9], 5.0, alpha=0)


def test_without_a_shape_the_chance_is_that_of_the_fitted_one():
    random = np.random.default_rng(2)
    expected = random.uniform(5, 40, 30)
    events = random.poisson(expected * random.gamma(4, 1 / 4, 30))
    mean, alpha = fit_gamma(events.astype(float), expected)
    np.testing.assert_allclose(
        rank_probability(events, expected), rank_probability(events, expected, alpha=alpha, mean=mean)
    )
    np.testing.assert_allclose(rank_probability([5, 5, 5, 5], 5.0), 3 / 4)
    assert rank_probability([], []).shape == (0,)
