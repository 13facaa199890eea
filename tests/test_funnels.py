"""Funnel limits and overdispersion: worked numbers, scipy's own searches, and what may not flag an area."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from analysis.compare import (
    funnel_limits_count,
    funnel_limits_share,
    funnel_limits_small,
    funnel_limits_wide,
    overdispersion,
)

NAMES = ("low_998", "low_95", "high_95", "high_998")
areas = st.lists(st.tuples(st.integers(0, 400), st.floats(0.5, 400)), min_size=2, max_size=40)


def numbers(limits) -> np.ndarray:
    """All limits, lowest first."""
    return np.array([getattr(limits, name) for name in NAMES], dtype=float)


def test_a_share_has_the_limits_of_the_normal_approximation():
    """20 % of 400: error 2 points, so 16.08 to 23.92 and 13.82 to 26.18."""
    np.testing.assert_allclose(numbers(funnel_limits_share(400, 20)), [13.82, 16.08, 23.92, 26.18], atol=0.005)
    np.testing.assert_allclose(
        numbers(funnel_limits_share(400, 0.2, per=1)) * 100, numbers(funnel_limits_share(400, 20))
    )


@given(st.integers(1, 100_000), st.floats(0, 100))
def test_limits_of_a_share_stay_within_it_and_narrow_with_size(population, average):
    found, larger = (
        numbers(funnel_limits_share(population, average)),
        numbers(funnel_limits_share(4 * population, average)),
    )
    assert found.min() >= 0
    assert found.max() <= 100
    assert (np.diff(found) >= 0).all()
    assert larger[3] - larger[0] <= found[3] - found[0] + 1e-9


def test_an_empty_or_missing_population_has_no_limits():
    for population, average in ((0, 20), (np.nan, 20), (100, np.nan)):
        assert np.isnan(numbers(funnel_limits_share(population, average))).all()
    for average in (-1, 101):
        with pytest.raises(ValueError, match="between 0 and 100"):
            funnel_limits_share(100, average)


@given(st.integers(1, 3_000))
def test_at_a_limit_of_a_count_the_count_is_just_as_rare_as_the_tail(observed):
    found = funnel_limits_count(observed)
    for name, tail in (("95", 0.025), ("998", 0.001)):
        low, high = getattr(found, f"low_{name}"), getattr(found, f"high_{name}")
        assert stats.poisson.cdf(observed, observed / low) == pytest.approx(tail, rel=1e-8)
        assert stats.poisson.sf(observed - 1, observed / high) == pytest.approx(tail, rel=1e-8)
        assert low < 1 < high


def test_the_limits_of_a_count_are_the_ones_a_search_finds():
    for observed in (1, 5, 40):
        sought = optimize.brentq(
            lambda mu, seen=observed: stats.poisson.cdf(seen, mu) - 0.025, observed, 10 * observed + 9
        )
        assert funnel_limits_count(observed).low_95 == pytest.approx(observed / sought, rel=1e-9)


def test_no_events_have_a_lower_limit_of_zero_and_no_upper_one():
    found = funnel_limits_count([0, np.nan, 10])
    assert found.low_95[0] == 0
    assert np.isnan([found.high_95[0], found.high_998[0], found.low_95[1], found.high_95[1]]).all()
    assert found.low_95.shape == (3,)


def test_small_expected_counts_have_exact_limits():
    """Poisson with mean 5: 1 and 10 at 95 %, 0 and 13 at 99.8 %; as scipy finds them by summing."""
    assert list(numbers(funnel_limits_small(5))) == [0, 1, 10, 13]
    for mean, tau2 in ((0.5, 0.1), (8.0, 0.04), (19.5, 0.5)):
        chances = stats.nbinom.pmf(np.arange(5_000), 1 / tau2, 1 / (1 + tau2 * mean)).cumsum()
        sums = [int(np.searchsorted(chances, p)) for p in (0.001, 0.025, 0.975, 0.999)]
        assert list(numbers(funnel_limits_small(mean, tau2))) == sums


@given(st.floats(0, 200), st.floats(0, 2))
def test_exact_limits_are_whole_ordered_and_never_narrower_with_differences_between_areas(expected, tau2):
    plain, wide = numbers(funnel_limits_small(expected)), numbers(funnel_limits_small(expected, tau2))
    assert (wide % 1 == 0).all()
    assert (np.diff(wide) >= 0).all()
    assert wide[3] >= plain[3] - 1


def test_hardly_any_difference_between_areas_is_none():
    for tau2 in (1e-9, 1e-12, 1e-300):
        assert list(numbers(funnel_limits_small(12.3, tau2))) == list(numbers(funnel_limits_small(12.3)))


def test_nothing_expected_a_missing_and_a_huge_number_do_not_stop_the_process():
    assert list(numbers(funnel_limits_small(0, 0.1))) == [0, 0, 0, 0]
    for expected, tau2 in ((np.nan, 0.1), (5, np.nan), (1e35, 0.1), (1e308, 0.99), (np.inf, 0)):
        assert np.isnan(numbers(funnel_limits_small(expected, tau2))).all()
    assert funnel_limits_small(np.ones((3, 1)), [0, 0.1]).low_95.shape == (3, 2)
    with pytest.raises(ValueError, match="negative"):
        funnel_limits_small(5, -0.1)


def test_overdispersion_is_the_sum_done_by_hand():
    """Expected 100 each, sqrt scale: z = 20 (sqrt(o / 100) - 1) = 2, -2, 4, -4; phi 10; tau2 (40 - 3) / (1600 - 400)."""
    seen = 100 * (1 + np.array([2, -2, 4, -4]) / 20) ** 2
    found = overdispersion(seen, 100, kind="ratio", transform="sqrt", trim=0)
    assert (found.phi, found.tau2) == pytest.approx((10, 37 / 1_200))
    assert (found.n, found.target) == (4, 1)
    logs = overdispersion(100 * np.exp(np.array([2, -2, 4, -4]) / 10), 100, kind="ratio", transform="log", trim=0)
    assert (logs.phi, logs.tau2) == pytest.approx((10, 37 / 300))


def test_the_tails_are_pulled_in_on_the_square_root_and_left_out_on_the_log():
    z = np.arange(-5.0, 6.0)
    pulled = overdispersion(100 * (1 + z / 20) ** 2, 100, transform="sqrt")
    assert pulled.n == 11
    assert pulled.phi == pytest.approx((np.clip(z, -4, 4) ** 2).mean())
    cut = overdispersion(100 * np.exp(z / 10), 100, transform="log")
    assert cut.n == 9
    assert cut.phi == pytest.approx((np.arange(-4.0, 5.0) ** 2).mean())


def test_shares_and_counts_have_their_average_as_target():
    shares = overdispersion([10, 30, 20], 100, kind="share", trim=0)
    z = (np.arcsin(np.sqrt([0.1, 0.3, 0.2])) - np.arcsin(np.sqrt(0.2))) * 20
    assert (shares.phi, shares.target) == pytest.approx(((z**2).mean(), 0.2))
    counts = overdispersion([10, 30, 0], [20, 20, 40], kind="counts", trim=0)
    top, bottom = np.array([10, 30, 0]), np.array([20, 20, 40])
    error = np.sqrt(top / (top + 0.5) ** 2 + bottom / (bottom + 0.5) ** 2)
    z = (np.log((top + 0.5) / (bottom + 0.5)) - np.log(0.5)) / error
    assert (counts.phi, counts.target) == pytest.approx(((z**2).mean(), 0.5))


def test_the_names_of_the_literature_are_the_same_methods():
    rows = [5, 9, 30, 2, 11], [7, 8, 15, 6, 9]
    for ours, theirs in (
        (("ratio", "log"), ("SR", "SHMI")),
        (("ratio", "sqrt"), ("SR", "CQC")),
        (("counts", "log"), ("RC", "SHMI")),
    ):
        one, other = (overdispersion(*rows, kind=kind, transform=transform) for kind, transform in (ours, theirs))
        assert one == other
    for kind, transform in (("rate", "log"), ("ratio", "cube")):
        with pytest.raises(ValueError, match="kind is"):
            overdispersion(*rows, kind=kind, transform=transform)


def test_areas_that_differ_only_by_chance_are_hardly_overdispersed():
    rng = np.random.default_rng(5)
    expected = rng.uniform(20, 300, 400)
    chance = overdispersion(rng.poisson(expected), expected, trim=0)
    assert chance.phi == pytest.approx(1, abs=0.2)
    assert chance.tau2 < 0.0005
    truly = overdispersion(rng.poisson(expected * rng.lognormal(-0.02, 0.2, 400)), expected, transform="log", trim=0)
    assert np.sqrt(truly.tau2) == pytest.approx(0.2, abs=0.03)


@given(areas)
def test_the_order_of_areas_does_not_matter_and_tau2_is_never_negative(rows):
    seen, expected = np.array(rows, dtype=float).T
    one, other = overdispersion(seen, expected), overdispersion(seen[::-1], expected[::-1])
    assert (one.phi, one.tau2) == pytest.approx((other.phi, other.tau2), rel=1e-9, abs=1e-12)
    assert one.tau2 >= 0


def test_a_missing_area_takes_no_part_and_a_zero_on_the_log_gives_no_value():
    whole, holed = overdispersion([5, 9, 30], [7, 8, 15]), overdispersion([5, np.nan, 9, 30, 4], [7, 9, 8, 15, 0])
    assert whole == holed
    zero = overdispersion([0, 9, 30, 12], 15, transform="log", trim=0)
    assert np.isnan([zero.phi, zero.tau2]).all()
    cut = overdispersion([0, *range(10, 29)], 19, transform="log")
    assert np.isfinite(cut.phi)
    none = overdispersion([np.nan], [1])
    assert (none.n, np.isnan(none.phi), np.isnan(none.tau2)) == (0, True, True)


def test_wide_limits_are_the_published_formulas():
    """Expected 25: s = 0.2 on the log scale, 0.1 on the square root."""
    logs = funnel_limits_wide(25, 0.05, kind="ratio", transform="log")
    assert logs.high_95 == pytest.approx(np.exp(1.959964 * 0.3), rel=1e-12)
    assert logs.low_998 == pytest.approx(np.exp(-3.090232 * 0.3), rel=1e-12)
    roots = funnel_limits_wide(25, 0.03, kind="ratio", transform="sqrt")
    assert (roots.low_95, roots.high_95) == pytest.approx(((1 - 1.959964 * 0.2) ** 2, (1 + 1.959964 * 0.2) ** 2))
    share = funnel_limits_wide(100, 0.0, kind="share", target=0.2)
    assert share.high_95 == pytest.approx(np.sin(np.arcsin(np.sqrt(0.2)) + 1.959964 * 0.05) ** 2)
    counts = funnel_limits_wide(40, 0.01, kind="counts", target=0.5, numerator=30)
    error = np.sqrt(30 / 30.5**2 + 40 / 40.5**2 + 0.01)
    assert counts.low_95 == pytest.approx(0.5 * np.exp(-1.959964 * error))


@given(
    st.floats(0.05, 2_000),
    st.floats(0, 1),
    st.sampled_from(["log", "sqrt"]),
    st.sampled_from(["ratio", "share", "counts"]),
)
def test_more_difference_between_areas_only_widens_the_limits(expected, tau2, transform, kind):
    target = 1.0 if kind == "ratio" else 0.3
    plain, wide = (
        numbers(funnel_limits_wide(expected, between, kind=kind, transform=transform, target=target))
        for between in (0, tau2)
    )
    assert (np.diff(wide) >= 0).all()
    assert (wide[:2] <= plain[:2]).all()
    assert (wide[2:] >= plain[2:]).all()
    assert wide[0] >= 0
    assert wide[0] <= target <= wide[3]


def test_a_tiny_area_is_never_low_by_a_limit_that_turned_round():
    """On the square root a limit under 0 would rise again when squared."""
    assert list(funnel_limits_wide([0.1, 0.5, 0.9], 0.0).low_95) == [0, 0, 0]
    assert np.isnan(numbers(funnel_limits_wide([0, np.nan], 0.0))).all()


def test_a_target_of_nothing_has_no_limits_on_the_log():
    assert np.isnan(numbers(funnel_limits_wide(10, 0.1, kind="counts", target=0))).all()
    none = overdispersion([0, 0, 0], 5, kind="counts")
    assert np.isnan([none.phi, none.tau2]).all()


@pytest.mark.parametrize(("kind", "transform", "same"), [
    ("SR", "CQC", ("ratio", "sqrt")), ("sr", "shmi", ("ratio", "log")), ("PR", "arcsine", ("share", "sqrt")),
    ("proportion", "arcsine", ("share", "log")), ("RC", "log", ("counts", "log")),
])  # fmt: skip
def test_the_names_of_the_literature_mean_the_same(kind, transform, same):
    top, bottom = [4, 9, 12, 3, 8, 20, 7, 5, 6, 11], [10.0, 12, 14, 9, 11, 22, 9, 12, 16, 13]
    one = overdispersion(top, bottom, kind=kind, transform=transform)
    assert one == overdispersion(top, bottom, kind=same[0], transform=same[1])
