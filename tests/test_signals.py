"""Signals: bounds as in the papers, and no bound, so no alarm, where the history tells nothing."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.signals import Farrington, cusum, discoveries, ears, farrington

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


@given(
    st.lists(st.floats(0, 1).map(lambda p: round(p, 3)), min_size=1, max_size=40),
    st.sampled_from([0.0371234, 0.1234567]),
)
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
    spread = np.std(counts[2:9], ddof=1)
    assert three.upper[11] == pytest.approx(max(0, 20 + spread * (1.959964 - surplus[9:11].sum())))
    assert three.alarm[11] == (surplus[9:11].sum() > 1.959964), "the published bound speaks of the two periods before"


def test_ears_without_spread_flags_a_first_case_only_without_a_smallest_spread():
    assert ears([0] * 8).alarm.tolist() == [False] * 8
    assert ears([0] * 7 + [1]).alarm[7]
    assert not ears([0] * 7 + [1], min_sigma=0.5).alarm[7]
    assert ears([0] * 7 + [2], min_sigma=0.5).alarm[7]
    flat = ears([0] * 12, method="C3")
    assert np.isnan(flat.upper).all() and not flat.alarm.any(), "without spread C3 says nothing"
    assert ears([0] * 12, method="C3", min_sigma=0.5).statistic[11] == 0


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
        upper = found.upper[place]
        if upper > 0:
            at, below = (
                cusum([*counts[:place], one], mean=mean, transform=transform).statistic[-1]
                for one in (upper, max(upper - 1, 0))
            )
            assert at >= 2.26 - 1e-6
            assert transform == "standard" or at == pytest.approx(2.26, abs=1e-6)
            assert upper < 1 or below < 2.26
        else:
            assert found.alarm[place]


def test_a_mean_of_zero_is_refused():
    with pytest.raises(ValueError, match="more than 0"):
        cusum([1], mean=0)


# Quarters; the same quarter of three earlier years has 4, 9 and 11 cases, the quarter asked has 20.
QUARTERS = [4, 90, 91, 92, 9, 93, 94, 95, 11, 96, 97, 98, 20]
PLAIN = {"years": 3, "half_window": 0, "trend": False, "reweight": False, "least_periods": 1}
LEVEL, PHI = 8, (16 + 1 + 9) / 8 / 2  # mean, and the Pearson sum over 2 degrees
MONTHS = [18, 22, 15, 20, 27, 24, 19, 21, 17, 25, 16, 23] * 6


def test_farrington_without_trend_by_hand():
    """The mean of three quarters, its error from 24 cases; delta on the 2/3 power."""
    found = farrington(QUARTERS, 4, config=Farrington(method="delta", alpha=0.025, **PLAIN), at=12)
    spread = np.sqrt(4 / 9 * 2 * (PHI + LEVEL * PHI / 24))
    assert (found.expected, found.phi) == (pytest.approx(LEVEL), pytest.approx(PHI))
    assert found.upper == pytest.approx((4 + 1.9599640 * spread) ** 1.5)
    assert found.p == pytest.approx(stats.norm.sf((20 ** (2 / 3) - 4) / spread))
    assert bool(found.alarm)


@pytest.mark.parametrize(("method", "raised"), [("nbPlugin", 0.0), ("muan", 2.3263479)])
def test_the_negative_binomial_bounds_by_hand(method, raised):
    mean = LEVEL * np.exp(raised * np.sqrt(PHI / 24))
    found = farrington(QUARTERS, 4, config=Farrington(method=method, **PLAIN), at=12)
    law = stats.nbinom(mean / (PHI - 1), 1 / PHI)
    assert law.cdf(found.upper) >= 0.99 > law.cdf(found.upper - 1)
    assert found.p == pytest.approx(law.pmf(np.arange(20, 400)).sum())


def test_a_steady_rise_is_extrapolated_only_within_what_was_seen():
    rise = [round(20 * 0.9**year) for year in range(6) for _ in range(4)]
    config = Farrington(half_window=1, method="delta")
    x, y = np.arange(24), np.array(rise)
    used = [place for place in range(2, 22) if place % 4 in (2, 3, 0)]
    fit = sm.GLM(y[used], sm.add_constant(x[used] - 23), family=sm.families.Poisson()).fit(scale="X2")
    assert farrington(rise, 4, config=config, at=23).expected == pytest.approx(np.exp(fit.params[0]), rel=1e-6)
    upside = farrington(rise[::-1], 4, config=config, at=23)
    assert upside.expected == pytest.approx(np.mean(np.array(rise[::-1])[used]), rel=0.02)


def test_an_old_outbreak_hardly_lifts_the_bound():
    outbreak = [*MONTHS]
    outbreak[34] = 200
    plain, lifted = (farrington(counts, 12, config=Farrington(half_window=2), at=70) for counts in (MONTHS, outbreak))
    unweighed = farrington(outbreak, 12, config=Farrington(half_window=2, reweight=False), at=70)
    assert plain.expected < lifted.expected < 0.5 * (plain.expected + unweighed.expected)
    assert plain.upper <= lifted.upper < 0.7 * unweighed.upper


def test_seasonal_groups_use_the_rest_of_the_year():
    seasonal = [*([10] * 3 + [50] * 5 + [30] * 4) * 5, 10, 10]
    windows = farrington(seasonal, 12, config=Farrington(trend=False), at=61)
    groups = farrington(seasonal, 12, config=Farrington(trend=False, blocks=3), at=61)
    assert windows.expected == pytest.approx(10)
    assert groups.expected == pytest.approx(10)
    assert farrington(seasonal, 12, config=Farrington(trend=False, blocks=3, skip=20), at=61).expected > 0


@pytest.mark.parametrize("counts", [
    [0] * 72, [0] * 71 + [9], [*MONTHS[:-1], NAN], [NAN] * 71 + [9], [0] * 70 + [2, 2], MONTHS[:40], [1e9] * 72,
])  # fmt: skip
def test_no_bound_and_no_alarm_where_the_history_tells_nothing(counts):
    for method in ("delta", "nbPlugin", "muan"):
        found = farrington(counts, 12, config=Farrington(method=method), at=len(counts) - 1)
        assert np.isnan([found.expected, found.upper, found.p, found.phi]).all()
        assert not found.alarm


def test_no_cases_is_never_an_alarm_and_a_missing_month_is_left_out():
    assert not farrington([*MONTHS[:-1], 0], 12, at=71).alarm
    holes = [NAN if place in (10, 23, 34) else count for place, count in enumerate(MONTHS)]
    found = farrington(holes, 12, at=[[70, 71]])
    assert found.upper.shape == (1, 2)
    assert np.isfinite(found.upper).all()


@pytest.mark.parametrize("at", [-1, 72])
def test_a_place_outside_the_series_is_refused(at):
    with pytest.raises(ValueError, match="within the series"):
        farrington(MONTHS, 12, at=at)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 3), st.just(0), st.integers(0, 500)), min_size=72, max_size=72),
    st.sampled_from(["delta", "nbPlugin", "muan"]),
    st.sampled_from([1, 4]),
)
def test_any_history_gives_a_bound_over_the_mean_or_none(counts, method, blocks):
    found = farrington(counts, 12, config=Farrington(method=method, blocks=blocks, alpha=0.001), at=71)
    again = farrington(counts, 12, config=Farrington(method=method, blocks=blocks, alpha=0.1), at=71)
    assert np.isnan(found.upper) or (found.phi >= 1 and 0 <= found.p <= 1 and found.upper >= again.upper)
    assert not found.alarm or (again.alarm and found.p <= 0.001 + 1e-9)


# Monthly counts with one outbreak, and what R's surveillance 1.20.3 (farringtonFlexible) gives for the last month with
# limit54 = (5, 4). One run of that program: its numbers, not its code.
OUTBREAK = [
    11, 48, 49, 28, 31, 26, 26, 20, 23, 17, 14, 15, 63, 63, 32, 73, 25, 44, 16, 19, 6, 30, 48, 50, 47, 24, 50, 76, 22, 17,
    46, 16, 22, 3, 38, 22, 36, 41, 19, 101, 44, 11, 12, 24, 33, 5, 11, 15, 27, 358, 16, 38, 27, 19, 28, 7, 10, 30, 20, 51,
    36, 27, 19, 36, 32, 21, 30, 21, 19, 13, 10, 15, 7, 22, 12, 14, 39, 23, 20, 30, 4, 25, 20, 17,
]  # fmt: skip


@pytest.mark.parametrize("drawn", """
    delta    0.025 2 1 yes yes -  = 74.9303904451  16.7076464878 0.4947109609 28.7631805976
    nbPlugin 0.010 1 1 yes yes -  = 42             12.7355761772 0.2744452794 6.4114301781
    muan     0.010 2 1 yes yes -  = 114            16.7076464878 0.4253133145 28.7631805976
    delta    0.050 1 4 yes yes -  = 45.6745965580  18.5915199756 0.5462038643 10.3747405215
    nbPlugin 0.001 2 1 yes no  -  = 187            27.7173883922 0.5570040720 27.0777646083
    muan     0.001 1 1 no  yes -  = 100            12.7355761772 0.9265802168 6.4114301781
    delta    0.010 2 1 no  no  -  = 283.4380094124 39.4400001592 0.6430785588 116.9942831920
    nbPlugin 0.010 1 5 yes yes 5  = 64             17.4074411830 0.4234618999 11.1993845847
""".strip().splitlines())  # fmt: skip
def test_farrington_is_that_of_the_published_software(drawn):
    settings_, numbers = (part.split() for part in drawn.split("="))
    method, alpha, window, blocks, reweight, trend, skip = settings_
    config = Farrington(
        method=method, alpha=float(alpha), half_window=int(window), blocks=int(blocks), reweight=reweight == "yes",
        trend=trend == "yes", skip=None if skip == "-" else int(skip), least_periods=4,
    )  # fmt: skip
    found = farrington(OUTBREAK, 12, config=config, at=len(OUTBREAK) - 1)
    upper, expected, p, phi = map(float, numbers)
    assert found.upper == pytest.approx(upper, rel=2e-4), "it stops its iterations earlier"
    assert [found.expected, found.p, found.phi] == pytest.approx([expected, p, phi], rel=2e-4)
