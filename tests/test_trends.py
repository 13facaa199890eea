"""Trends: an arrow only when two rules agree, and two different words for no arrow."""

import time
from dataclasses import asdict

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rates import rate
from analysis.trends import CHI2_998, check_claim, fingertips_trend, loglinear_trend, power_to_see, recent_trend

NAN = float("nan")

# Published English series 2020-2024 (2019-2023 for cancer) with 95 % limits: Fingertips, Office for Health
# Improvement and Disparities, Open Government Licence.
PUBLISHED = {
    "diabetic eye disease": (
        "up", (2.935, 2.7841, 3.0919), (1.93028, 1.8085, 2.058), (2.7567, 2.6113, 2.9082), (2.8701, 2.7225, 3.0237),
        (3.0121, 2.8616, 3.1683),
    ),
    "vaccination coverage": (
        "down", (92.6254, 92.4168, 92.8288), (92.3221, 92.1072, 92.5315), (90.8708, 90.6358, 91.1004),
        (90.017, 89.7694, 90.2594), (90.1013, 89.8578, 90.3396),
    ),
    "cancer mortality": (
        "down", (126.9341, 125.9343, 127.94), (125.829, 124.8371, 126.8268), (121.5234, 120.5533, 122.4993),
        (122.3782, 121.4012, 123.361), (120.7742, 119.8035, 121.7507),
    ),
    "readmissions, no width": (
        "cannot_tell", (14.3, 14.3, 14.3), (15.4, 15.4, 15.5), (14.3, 14.3, 14.4), (14.2, 14.1, 14.2),
        (14.8, 14.8, 14.8),
    ),
    "no intervals": ("cannot_tell", *((17.0 + year, NAN, NAN) for year in range(5))),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_marker_is_the_published_one(name):
    marker, *points = PUBLISHED[name]
    assert fingertips_trend(*np.transpose(points)).marker == marker


def test_slopes_and_chi_squared_are_those_of_weighted_least_squares():
    value, low, high = np.transpose(PUBLISHED["cancer mortality"][1:])
    weights, times = (3.92 / (high - low)) ** 2, sm.add_constant(np.arange(1, 6))
    kept = [np.arange(5) != left_out for left_out in (None, *range(5))]
    kept[0] = np.ones(5, dtype=bool)
    fits = [sm.WLS(value[rows], times[rows], weights=weights[rows]).fit(cov_type="fixed scale") for rows in kept]
    trend = fingertips_trend(value, low, high)
    np.testing.assert_allclose(trend.slopes, [fit.params[1] for fit in fits], rtol=1e-9)
    assert trend.chi2 == pytest.approx(fits[0].tvalues[1] ** 2, rel=1e-9)
    assert trend.chi2 > CHI2_998


def test_one_odd_year_makes_no_marker():
    trend = fingertips_trend([10, 10, 10, 10, 30], [9, 9, 9, 9, 29], [11, 11, 11, 11, 31])
    assert trend.chi2 > CHI2_998
    assert trend.marker == "up", "a flat line without the last year counts as positive"
    assert fingertips_trend([10, 9.9, 9.8, 9.7, 30], [9, 9, 9, 9, 29], [11, 11, 11, 11, 31]).marker == "no_change"


def test_only_the_five_most_recent_points_count():
    low, high = np.full(7, 9.0), np.full(7, 11.0)
    assert fingertips_trend([50, 40, 10, 10, 10, 10, 10], low, high).marker == "no_change"
    assert fingertips_trend([10, 10, 10, 10], low[:4], high[:4]).marker == "cannot_tell"
    assert fingertips_trend([NAN, 10, 10, 10, 10, 10, NAN], low, high).marker == "cannot_tell"


def quasi_poisson(events, population, periods):
    design = sm.add_constant(np.asarray(periods, dtype=float) - np.mean(periods))
    model = sm.GLM(np.asarray(events), design, family=sm.families.Poisson(), offset=np.log(population))
    return model.fit(scale="X2", tol=1e-12)


@pytest.mark.parametrize("events", [
    (120, 90, 140, 80, 60), (6, 0, 3, 9, 2), (620, 640, 500, 480, 470, 300, 310), (1_000, 1_002, 999, 1_001, 998),
])  # fmt: skip
def test_the_slope_is_the_quasi_poisson_one_of_statsmodels(events):
    population, years = np.linspace(9_000, 9_900, len(events)), np.arange(2019, 2019 + len(events))
    fit = quasi_poisson(events, population, years)
    trend = loglinear_trend(events, population, years)
    assert trend.slope == pytest.approx(fit.params[1], rel=1e-9)
    assert trend.phi == pytest.approx(fit.scale, rel=1e-7), "the raw dispersion, also when it is under 1"
    error = fit.bse[1] * np.sqrt(max(fit.scale, 1) / fit.scale)
    reach = error * {3: 3.1824463, 5: 2.5705818}[len(events) - 2]
    assert trend.low == pytest.approx(100 * np.expm1(fit.params[1] - reach), rel=1e-5)
    assert trend.high == pytest.approx(100 * np.expm1(fit.params[1] + reach), rel=1e-5)
    assert (trend.p < 0.05) == (trend.low * trend.high > 0)


def test_ten_percent_a_year_is_found_as_ten_percent_a_year():
    events = 1_000 * 0.9 ** np.arange(6)
    assert loglinear_trend(events, 5_000, np.arange(6)).change_pct == pytest.approx(-10, abs=1e-9)


@pytest.mark.parametrize("events", [(0,) * 5, (0, 0, 0, 0, 9), (9, 0, 0, 0, 0), (5, 6), (NAN, NAN, 3, 4, NAN)])
def test_a_series_without_a_slope_gives_no_value(events):
    trend = loglinear_trend(events, 100, np.arange(len(events)))
    assert np.isnan([trend.slope, trend.change_pct, trend.low, trend.high, trend.phi, trend.p]).all()


def test_a_constant_series_is_a_perfect_fit_without_a_trend_or_a_warning(recwarn):
    trend = loglinear_trend([50] * 6, 1_000, np.arange(6))
    assert trend.change_pct == pytest.approx(0, abs=1e-9)
    assert trend.p > 0.99
    assert not recwarn


def test_a_missing_year_is_left_out_of_the_slope_and_not_read_as_zero():
    with_gap = loglinear_trend([100, 110, NAN, 130, 140], 1_000, range(5))
    without = loglinear_trend([100, 110, 130, 140], 1_000, [0, 1, 3, 4])
    assert asdict(with_gap) == pytest.approx(asdict(without), rel=1e-9)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 500), min_size=5, max_size=10), st.integers(2, 50))
def test_a_slope_does_not_depend_on_the_unit_or_the_era(events, times):
    years = np.arange(len(events))
    one, other = loglinear_trend(events, 1_000, years), loglinear_trend(events, 1_000 * times, years + 2_000)
    assert one.slope == pytest.approx(other.slope, abs=1e-9)
    assert one.p == pytest.approx(other.p, abs=1e-7)
    assert one.low <= one.change_pct <= one.high


def series(text: str) -> tuple[list[float], list[int], list[bool], list[int]]:
    """Events per year from a drawn line: `x` hidden or missing, `*` provisional, `|` a break, `-` no such year."""
    events, years, provisional, breaks, year = [], [], [], [], 2_014
    for mark in text.split():
        if mark == "|":
            breaks.append(year)
            continue
        if mark != "-":
            events.append(NAN if mark == "x" else float(mark.rstrip("*")))
            years.append(year)
            provisional.append(mark.endswith("*"))
        year += 1
    return events, years, provisional, breaks


@pytest.mark.parametrize("drawn", """
    600 500 420 350 300                 = down           both_rules
    300 350 420 500 600                 = up             both_rules
    600 500 420 350 300 290*            = down           both_rules
    600 610 590 600 605                 = no_clear_trend no_rule
    660 630 600 580 560 600 640 680     = no_clear_trend rules_disagree
    120 118 121 119 120                 = too_few        low_power
    900 300 950 280 800                 = too_few        low_power
    20 18 16 14 12                      = too_few        low_power
    80 60 45 30 20                      = down           both_rules
    0 0 0 0 0                           = too_few        few_events
    600 500 420 350                     = not_comparable fewer_than_five
    600 500 x 420 350 300               = not_comparable gap
    600 500 420 350 300 x               = not_comparable gap
    600 - 500 420 350 300               = not_comparable gap
    600 500 420 | 350 300 280           = not_comparable break
    900 | 600 500 420 350 300           = down           both_rules
    x 600 500 420 350 300               = down           both_rules
    600 500* 420 350 300                = not_comparable provisional
    600* 500* 420* 350* 300*            = not_comparable provisional
""".strip().splitlines())  # fmt: skip
def test_the_verdict_is_the_drawn_one(drawn):
    line, expected = drawn.split("=")
    events, years, provisional, breaks = series(line)
    verdict = recent_trend(events, 10_000, years, provisional=provisional, breaks=breaks)
    assert [verdict.direction, verdict.reason] == expected.split()
    if verdict.direction == "not_comparable":
        assert np.isnan([verdict.change_pct, verdict.low, verdict.high]).all()


def test_many_series_at_once_get_the_verdicts_they_get_one_by_one():
    rng = np.random.default_rng(11)
    levels = rng.uniform(0, 400, (300, 1)) * np.exp(rng.normal(0, 0.08, (300, 1)) * np.arange(9))
    events = np.where(rng.random((300, 9)) < 0.03, NAN, rng.poisson(levels * rng.gamma(50, 1 / 50, (300, 9))))
    population, years = rng.uniform(5e3, 6e3, (300, 9)), np.arange(2015, 2024)
    early = np.arange(9) >= rng.integers(7, 10, (300, 1))
    many = recent_trend(events, population, years, provisional=early, breaks=[2017])
    ones = [
        recent_trend(*each, years, provisional=late, breaks=[2017])
        for *each, late in zip(events, population, early, strict=True)
    ]
    assert set(many.direction) == {"up", "down", "no_clear_trend", "too_few", "not_comparable"}
    for part in ("direction", "reason"):
        assert getattr(many, part).tolist() == [getattr(one, part) for one in ones]
    for part in ("change_pct", "low", "high"):
        np.testing.assert_allclose(getattr(many, part), [getattr(one, part) for one in ones], rtol=1e-9)
    slopes = loglinear_trend(events.reshape(3, 100, 9), population.reshape(3, 100, 9), years)
    assert slopes.p.shape == (3, 100)


def test_a_shrinking_population_alone_is_no_trend():
    verdict = recent_trend([600, 570, 540, 510, 480], [10_000, 9_500, 9_000, 8_500, 8_000], range(2019, 2024))
    assert verdict.direction == "no_clear_trend"
    assert verdict.change_pct == pytest.approx(0, abs=1e-6)


def test_a_verdict_says_how_fast_and_how_sure():
    verdict = recent_trend([600, 500, 420, 350, 300], 10_000, range(2019, 2024))
    assert verdict.change_pct == pytest.approx(-16, abs=0.5)
    assert verdict.low < verdict.change_pct < verdict.high < 0


def test_years_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        recent_trend([1, 2], 10, [2021, 2020])


def test_a_negative_count_is_refused():
    for trend in (loglinear_trend, recent_trend):
        with pytest.raises(ValueError, match="negative"):
            trend([5, -1, 5], 100, range(3))


@pytest.mark.parametrize(("years", "mean", "simulated"), [
    (5, 20, 0.012), (5, 50, 0.06), (5, 100, 0.20), (5, 250, 0.68), (10, 20, 0.16), (10, 50, 0.43), (10, 100, 0.78),
    (10, 250, 0.99),
])  # fmt: skip
def test_the_power_is_that_of_twenty_thousand_simulated_series(years, mean, simulated):
    assert power_to_see(mean * years, np.ones(years), np.arange(years)) == pytest.approx(simulated, abs=0.02)


def test_noise_between_years_makes_few_arrows_where_one_rule_alone_makes_many():
    rng = np.random.default_rng(7)
    events = rng.poisson(600 * rng.gamma(1 / 0.02, 0.02, (400, 5)))
    alone = [fingertips_trend(*(getattr(rate(one, 1e4), part) for part in ("value", "low", "high"))) for one in events]
    both = [recent_trend(one, 1e4, range(2019, 2024)) for one in events]
    assert np.mean([trend.marker in ("up", "down") for trend in alone]) > 0.2
    assert np.mean([verdict.direction in ("up", "down") for verdict in both]) < 0.10


@pytest.mark.parametrize("drawn", """
    1000 900 810 730 650 590      : decrease = supported    same_from_every_start
    1000 900 810 730 650 590      : increase = contradicted significant
    1000 900 810 730 650 590      : stable   = contradicted outside_margin
    590 650 730 810 900 1000      : increase = supported    significant
    1000 1010 990 1005 995 1000   : stable   = supported    within_margin
    1000 1010 990 1005 995 1000   : decrease = not_shown    not_significant
    1000 970 945 920 890 865      : stable   = partly       within_margin
    1500 800 600 500 550 600      : decrease = partly       later_start_turns
    1500 800 600 500 550 600      : decrease = partly       base_year_decides
    1500 1000 1010 990 1000 1005  : decrease = not_shown    base_year_high
    700 1000 1010 990 1000 1005   : increase = not_shown    base_year_low
    900 300 950 280 800           : decrease = not_shown    low_power
    900 300 950 280 800           : decrease = not_shown    large_jumps
    900 300 950 280 800           : stable   = cannot_tell  margin_unsure
    5 3 4 2 6                     : decrease = cannot_tell  few_events
    0 0 0 0 0                     : stable   = cannot_tell  few_events
    100 x 90 80                   : decrease = cannot_tell  gap
    100 - 90 80 70                : decrease = cannot_tell  gap
    100 95 | 90 80                : decrease = cannot_tell  break
    100 90                        : decrease = cannot_tell  fewer_than_three
    x 90 80 x                     : decrease = cannot_tell  fewer_than_three
""".strip().splitlines())  # fmt: skip
def test_a_claim_gets_the_drawn_verdict(drawn):
    line, rest = drawn.split(":")
    claim, _, verdict, reason = rest.split()
    events, years, _, breaks = series(line)
    found = check_claim(events, 10_000, years, claim, breaks=breaks)
    assert (found.verdict, reason in found.reasons) == (verdict, True), found.reasons


def test_the_windows_of_a_claim_are_every_start_with_three_points():
    found = check_claim([1000, 900, 810, 730, 650], 1e4, range(2020, 2025), "decrease")
    assert [(window.start, window.end) for window in found.windows] == [(2020, 2024), (2021, 2024), (2022, 2024)]
    assert found.windows[1].trend == loglinear_trend([900, 810, 730, 650], 1e4, range(2021, 2025))


@pytest.mark.parametrize(("national", "word"), [
    ((1500, 1000, 1010, 990, 1000, 1005), "high"), ((1000, 1003, 1010, 990, 1000, 1005), "usual"),
    ((500, 1000, 1010, 990, 1000, 1005), "low"),
])  # fmt: skip
def test_a_base_year_that_was_a_peak_everywhere_is_said(national, word):
    found = check_claim([800, 600, 590, 580, 560, 540], 1e4, range(6), "decrease",
                        national_events=np.multiply(national, 100), national_population=1.7e7)  # fmt: skip
    assert [one for one in found.reasons if one.startswith("national")] == [f"national_base_year_{word}"]


def test_a_missing_national_figure_says_nothing_of_the_base_year():
    found = check_claim([800, 600, 590, 580], 1e4, range(4), "decrease", national_events=[NAN, 1, 2, 3],
                        national_population=1e6)  # fmt: skip
    assert not any(one.startswith("national") for one in found.reasons)


def test_an_unknown_claim_is_refused():
    with pytest.raises(ValueError, match="decrease, increase or stable"):
        check_claim([1, 2, 3], 10, range(3), "better")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=3, max_size=8), st.sampled_from(["decrease", "increase", "stable"]))
def test_a_claim_and_its_opposite_are_never_both_carried(events, claim):
    verdicts = {
        each: check_claim(events, 1_000, range(len(events)), each).verdict
        for each in ("decrease", "increase", "stable")
    }
    assert sum(verdict == "supported" for verdict in verdicts.values()) <= 1
    turned = check_claim(events[::-1], 1_000, range(len(events)), "increase").verdict
    assert (verdicts["decrease"] in ("supported", "partly")) == (turned in ("supported", "partly"))
    assert verdicts[claim] == check_claim(np.array(events) * 1.0, 5_000, np.arange(len(events)) + 2_000, claim).verdict


def test_an_empty_series_is_not_comparable_and_has_no_slope():
    assert recent_trend([], [], []).direction == "not_comparable"
    assert np.isnan(loglinear_trend([], [], []).slope)
    assert check_claim([], [], [], "stable").verdict == "cannot_tell"


def test_trends_of_twenty_thousand_series_take_seconds():
    events = np.random.default_rng(3).poisson(80, (20_000, 10))
    start = time.process_time()
    found = recent_trend(events, 1e4, range(10))
    assert time.process_time() - start < 20
    assert found.direction.shape == (20_000,)


def test_a_falling_series_that_ended_at_nothing_carries_the_claim():
    found = check_claim([400, 180, 60, 0, 0, 0], 1_000, range(6), "decrease")
    assert found.verdict == "supported", "a start from which nothing happened any more tells nothing"
