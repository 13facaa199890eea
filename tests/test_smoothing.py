"""Smoothing: small areas move towards the rest, large ones stay, and an unknown area stays unknown."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from analysis.smoothing import markov_field, marshall, marshall_local, poisson_gamma

NAN = float("nan")
COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4_000)), min_size=2, max_size=12)

# Lip cancer in Scotland, 1975-1980: observed and expected per district (Clayton & Kaldor 1987, table 1).
LIPS = np.array([
    9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16, 11, 5, 3, 7,
    8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0,
])  # fmt: skip
EXPECTED = np.array([
    1.4, 8.7, 3.0, 2.5, 4.3, 2.4, 8.1, 2.3, 2.0, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5, 22.7,
    8.8, 5.6, 15.5, 12.5, 6.0, 9.0, 14.4, 10.2, 4.8, 2.9, 7.0, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3, 18.8, 15.8, 4.3,
    14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7.0, 4.2, 1.8,
])  # fmt: skip


def test_marshall_by_hand():
    """Rates .1 and .3 of 100 each: b = .2, spread .01, chance .002, so a = .008 and a weight of .8."""
    np.testing.assert_allclose(marshall([10, 30], [100, 100]).value, [0.12, 0.28], rtol=1e-14)
    np.testing.assert_allclose(marshall([10, 30], 100, per=1_000).value, [120, 280], rtol=1e-14)


def test_areas_that_differ_by_chance_alone_are_alike_also_without_a_case():
    np.testing.assert_allclose(marshall([0, 1, 1], [200, 250, 300]).value, [2 / 750] * 3)
    assert marshall([0, 0], [10, 20]).value.tolist() == [0, 0]


def test_an_unknown_area_stays_unknown_and_does_not_touch_the_others():
    found = marshall([10, NAN, 30, 5, 3], [100, 50, 100, 0, NAN])
    np.testing.assert_allclose(found.value, [0.12, NAN, 0.28, NAN, NAN])
    assert np.isnan([found.low, found.high, found.p_above]).all()
    assert np.isnan(marshall([NAN], [1]).value).all()


@given(COUNTS)
def test_marshall_stays_between_the_raw_rate_and_the_overall_rate(areas):
    events, people = np.transpose(areas).astype(float)
    raw, mean, value = events / people, events.sum() / people.sum(), marshall(events, people).value
    assert np.all(value >= np.minimum(raw, mean) - 1e-12)
    assert np.all(value <= np.maximum(raw, mean) + 1e-12)
    np.testing.assert_allclose(marshall(events[::-1], people[::-1]).value, value[::-1], rtol=1e-9, atol=1e-15)


def test_poisson_gamma_is_the_negative_binomial_of_statsmodels():
    fit = sm.NegativeBinomial(LIPS, np.ones(56), exposure=EXPECTED).fit(disp=0, method="bfgs", gtol=1e-9, maxiter=500)
    mean, shape = np.exp(fit.params[0]), 1 / fit.params[1]
    posterior = stats.gamma(LIPS + shape, scale=1 / (EXPECTED + shape / mean))
    found = poisson_gamma(LIPS, EXPECTED, above=1.2)
    np.testing.assert_allclose(found.value, (LIPS + shape) / (EXPECTED * mean + shape) * mean, rtol=1e-6)
    np.testing.assert_allclose([found.low, found.high], [posterior.ppf(0.025), posterior.ppf(0.975)], rtol=1e-6)
    np.testing.assert_allclose(found.p_above, posterior.sf(1.2), rtol=1e-5, atol=1e-12)


def test_poisson_gamma_gives_the_published_prior_of_the_lip_cancer_map():
    """Clayton & Kaldor 1987: prior shape 1.88 and rate 1.32; area 1 falls from 6.4 to about 4."""
    value = poisson_gamma(LIPS, EXPECTED).value
    assert value[0] == pytest.approx((9 + 1.88) / (1.4 + 1.32), rel=0.01)
    assert value[55] == pytest.approx(1.88 / (1.8 + 1.32), rel=0.01)


def test_areas_without_extra_variation_share_one_risk():
    found = poisson_gamma([10, 20, 30], [5, 10, 15])
    np.testing.assert_allclose([found.value, found.low, found.high], 2)
    assert found.p_above.tolist() == [1, 1, 1]


def test_no_events_or_one_area_gives_no_risk_and_a_missing_one_is_left_out():
    assert np.isnan(poisson_gamma([0, 0, 0], [1, 2, 3]).value).all()
    assert np.isnan(poisson_gamma([4], [2]).value).all()
    with_gap = poisson_gamma([9, NAN, 39, 1, 4], [1.4, 5, 8.7, 4, 0]).value
    np.testing.assert_allclose(with_gap[[0, 2, 3]], poisson_gamma([9, 39, 1], [1.4, 8.7, 4]).value)
    assert np.isnan(with_gap[[1, 4]]).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=2, max_size=10), st.floats(0.01, 50))
def test_limits_hold_the_value_and_more_cases_never_give_a_lower_risk(events, size):
    found = poisson_gamma(events, size)
    if any(events):
        order = np.argsort(events)
        assert np.all(np.diff(found.value[order]) >= -1e-9 * found.value.max())
        assert np.all((found.low <= found.high) & (found.p_above >= 0) & (found.p_above <= 1))
    else:
        assert np.isnan(found.value).all()


@pytest.mark.parametrize("method", [marshall, poisson_gamma])
def test_a_negative_number_is_refused(method):
    with pytest.raises(ValueError, match="negative"):
        method([-1, 2], [3, 4])


def test_marshall_local_by_hand():
    """Three areas in a row, 100 persons each; local means 10/100 -> .2, .3, .4 and the spread around each own mean."""
    found = marshall_local([10, 30, 50], 100, [[1], [0, 2], [1]]).value
    own = np.array([0.1 - 0.2, 0.3 - 0.3, 0.5 - 0.4]) ** 2
    between = np.array([own[:2].mean() - 0.002, own.mean() - 0.003, own[1:].mean() - 0.004])
    mean, raw = np.array([0.2, 0.3, 0.4]), np.array([0.1, 0.3, 0.5])
    np.testing.assert_allclose(found, mean + between * (raw - mean) / (between + mean / 100), rtol=1e-12)


def test_an_area_without_neighbours_keeps_its_own_rate_and_unknown_neighbours_are_left_out():
    assert marshall_local([10, 30], 100, [[], []]).value.tolist() == [0.1, 0.3]
    with_gap = marshall_local([10, NAN, 30, 4], [100, 50, 100, 0], [[1, 2], [0], [0, 3], [2]]).value
    np.testing.assert_allclose(with_gap[[0, 2]], marshall_local([10, 30], 100, [[1], [0]]).value)
    assert np.isnan(with_gap[[1, 3]]).all()


def test_a_neighbourhood_without_a_case_is_shrunk_to_the_rate_of_all():
    events, people = [0, 0, 30, 50], [100, 50, 100, 100]
    found = marshall_local(events, people, [[1], [0], [3], [2]]).value
    np.testing.assert_allclose(found[:2], marshall(events, people).value[:2])
    assert marshall_local([0, 0], 9, [[1], [0]]).value.tolist() == [0, 0]


@given(COUNTS)
def test_local_and_global_shrink_to_the_same_rate_when_all_are_neighbours(areas):
    events, people = np.transpose(areas).astype(float)
    everyone = [[other for other in range(len(events)) if other != area] for area in range(len(events))]
    local = marshall_local(events, people, everyone).value
    np.testing.assert_allclose(local, marshall(events, people).value, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("neighbours", [[[1]], [[1], [2]], [[-1], [0]]])
def test_neighbours_that_do_not_fit_are_refused(neighbours):
    with pytest.raises(ValueError, match="neighbour"):
        marshall_local([1, 2], 9, neighbours)


ROW = [[place for place in (area - 1, area + 1) if 0 <= place < 12] for area in range(12)]
HILL = [2, 3, 5, 9, 14, 18, 19, 13, 8, 6, 2, 1]


def test_a_field_lies_between_the_raw_risk_and_one_risk_and_keeps_the_total():
    found = markov_field(HILL, 8, ROW, above=1.2)
    raw = np.array(HILL) / 8
    assert found.value.sum() == pytest.approx(raw.sum(), rel=1e-6), "the field has its own level"
    assert 0 < found.value.std() < raw.std()
    assert np.all((found.low < found.value) & (found.value < found.high))
    assert (found.p_above > 0.5).tolist() == (found.value > 1.2).tolist()


def test_a_field_has_its_restricted_likelihood_at_a_maximum():
    """The same likelihood by integrating the normal approximation, on a grid of penalties."""
    y, sizes = np.array(HILL, dtype=float), np.full(12, 8.0)
    laplacian = np.diag([len(near) for near in ROW]) - np.array(
        [[float(a in ROW[b]) for a in range(12)] for b in range(12)]
    )
    costs, fits = [], []
    for penalty in np.exp(np.linspace(-1, 3, 121)):
        logs = optimize.minimize(
            lambda u, p=penalty: sizes @ np.exp(u) - y @ u + p / 2 * u @ laplacian @ u,
            np.zeros(12),
            jac=lambda u, p=penalty: sizes * np.exp(u) - y + p * laplacian @ u,
            method="BFGS",
        ).x
        hessian = np.diag(sizes * np.exp(logs)) + penalty * laplacian
        rough = penalty / 2 * logs @ laplacian @ logs
        fits.append(logs)
        costs.append(
            sizes @ np.exp(logs) - y @ logs + rough + np.linalg.slogdet(hessian)[1] / 2 - 5.5 * np.log(penalty)
        )
    np.testing.assert_allclose(markov_field(y, sizes, ROW).value, np.exp(fits[np.argmin(costs)]), rtol=0.01)


def test_a_field_without_differences_is_one_risk_and_an_unknown_part_stays_unknown():
    np.testing.assert_allclose(markov_field([8] * 12, 4, ROW).value, 2, rtol=1e-6)
    islands = markov_field([4, 6, 0, 0, NAN], [5, 5, 5, 5, 5], [[1], [0], [3], [2], [0]])
    assert np.isfinite(islands.value[:2]).all()
    assert np.isnan(islands.value[2:]).all()
