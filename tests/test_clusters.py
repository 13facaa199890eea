"""The scan: the circle where cases lie together, and one p for all circles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.clusters import false_clusters
from analysis.signals import scan

NAN = float("nan")
EAST, NORTH = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(6), np.arange(6)))
MAPS = st.lists(st.integers(0, 12), min_size=36, max_size=36)


def brute_force(cases, population, most):
    """The highest Poisson log likelihood ratio of all circles, straight from Kulldorff's definition."""
    best, total = 0.0, cases.sum()
    for east, north in zip(EAST, NORTH, strict=True):
        distances = np.hypot(EAST - east, NORTH - north)
        for radius in np.unique(distances.round(9)):
            inside = distances <= radius + 1e-6
            c, e = cases[inside].sum(), total * population[inside].sum() / population.sum()
            if population[inside].sum() <= most * population.sum() and c > e:
                rest = (total - c) * np.log((total - c) / (total - e)) if c < total else 0
                best = max(best, c * np.log(c / e) + rest)
    return best


def test_a_planted_cluster_is_found_with_its_ratio_by_hand():
    cases = np.full(36, 2)
    cases[[0, 1, 6]] = 10
    found = scan(EAST, NORTH, cases, 100, replicates=999)
    first = found[0]
    assert (first.members, first.centre, first.cases) == ((0, 1, 6), 0, 30)
    assert first.expected == pytest.approx(96 * 3 / 36)
    assert first.ratio == pytest.approx(30 / 8)
    assert first.llr == pytest.approx(30 * np.log(30 / 8) + 66 * np.log(66 / 88))
    assert first.p == 0.001


def test_a_map_without_clusters_is_not_one_and_no_cases_give_none():
    assert scan(EAST, NORTH, np.full(36, 3), 100, replicates=99) == []
    assert scan(EAST, NORTH, np.zeros(36), 100, replicates=99) == []
    assert scan([], [], [], [], replicates=99) == []


def test_the_first_circle_of_a_random_map_is_no_rarer_than_it_should_be():
    """Under chance alone p lies under 0.2 on about a fifth of the maps: at most 16 of 40 (binomial, 0.999)."""
    rng, low = np.random.default_rng(3), 0
    for seed in range(40):
        found = scan(EAST, NORTH, rng.multinomial(80, [1 / 36] * 36), 100, replicates=99, seed=seed)
        low += found[0].p <= 0.2
    assert 1 <= low <= 16


@settings(max_examples=25, deadline=None)
@given(MAPS, st.lists(st.integers(1, 900), min_size=36, max_size=36), st.sampled_from([0.1, 0.25, 0.5]))
def test_the_strongest_circle_is_the_one_of_the_definition(cases, population, most):
    found = scan(EAST, NORTH, cases, population, max_fraction=most, replicates=9)
    best = brute_force(np.array(cases), np.array(population), most)
    assert (found[0].llr if found else 0) == pytest.approx(best, abs=1e-9)
    members = [place for cluster in found for place in cluster.members]
    assert len(members) == len(set(members)), "clusters do not overlap"
    assert all(sum(population[place] for place in one.members) <= most * sum(population) for one in found)


@settings(max_examples=10, deadline=None)
@given(MAPS, st.permutations(range(36)), st.floats(0.1, 50))
def test_the_order_of_areas_and_the_unit_of_distance_do_not_matter(cases, order, scale):
    order = np.array(order)
    one = scan(EAST, NORTH, cases, 100, replicates=9)
    other = scan(EAST[order] * scale, NORTH[order] * scale, np.array(cases)[order], 100, replicates=9)
    assert [round(cluster.llr, 8) for cluster in one[:1]] == [round(cluster.llr, 8) for cluster in other[:1]]


def test_an_area_that_misses_a_value_is_left_out_and_places_stay_those_of_the_map():
    cases = np.full(36, 2.0)
    cases[[0, 34, 35, 29]] = [NAN, 10, 10, 10]
    population = np.full(36, 100.0)
    population[7] = NAN
    first = scan(EAST, NORTH, cases, population, replicates=99)[0]
    assert first.members == (29, 34, 35)
    assert first.expected == pytest.approx((31 * 2 + 30) * 3 / 34)


def test_areas_at_one_spot_go_together():
    found = scan([0, 0, 5, 9], [0, 0, 5, 9], [9, 1, 1, 1], [10, 10, 40, 40], replicates=9)
    assert found[0].members == (0, 1)


@pytest.mark.parametrize(("cases", "population", "most"), [([-1], [2], 0.2), ([1.5], [2], 0.2), ([1], [2], 0.6)])
def test_impossible_input_is_refused(cases, population, most):
    with pytest.raises(ValueError, match=r"negative|half"):
        scan([0], [0], cases, population, max_fraction=most)


def test_areas_that_vary_by_themselves_give_clusters_that_mean_nothing_and_even_areas_hardly_any() -> None:
    random = np.random.default_rng(2)
    x, y, people = *random.uniform(0, 1e4, (2, 30)), np.full(30, 1_000.0)
    cases = random.poisson(40, 30)
    even, uneven = (
        false_clusters(x, y, cases, people, variation=one, alphas=(0.01, 0.001), least_expected=3) for one in (0, 0.05)
    )
    assert even == pytest.approx([0.01, 0.001], rel=0.6)
    assert uneven[0] > 20 * even[0] and uneven[1] < uneven[0]
    assert false_clusters(x, y, cases * 0, people, variation=0.05, alphas=(0.01,)).tolist() == [0.0]


def test_what_is_found_on_drawn_maps_is_what_was_said_beforehand() -> None:
    random, found = np.random.default_rng(12), 0
    x, y, people = *random.uniform(0, 1e4, (2, 25)), np.full(25, 1_000.0)
    for _ in range(30):
        cases = random.poisson(50 * random.gamma(10, 0.1, 25))
        found += sum(one.p <= 0.01 for one in scan(x, y, cases, people, replicates=199))
    stated = false_clusters(x, y, np.full(25, 50), people, variation=0.1, alphas=(0.01,))[0]
    assert stated == pytest.approx(found / 30, rel=0.4)
