"""How many alarms to expect while nothing is the matter: reckoned as the product judges, and borne out by drawn figures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.false_alarms import Variation, false_rates, measure_noise, measure_variation, rank_chances, window_fits
from analysis.signals import discoveries, farrington
from pipelines.false_alarms import configure, expect_false, whole_years
from pipelines.indicators import CATALOGUE
from pipelines.signals import add_means, judge_periods

NUISANCE = {one.id: one for one in CATALOGUE}["youth_nuisance"]
EVEN = Variation(season=np.ones(12), within=0.0, between=0.0)


def _times(parts: int, years: int, window: int) -> np.ndarray:
    return (-parts * np.arange(1, years + 1)[:, None] + np.arange(-window, window + 1)).ravel()


@pytest.mark.parametrize(("parts", "years"), [(12, 5), (12, 3), (4, 5), (4, 3)])
def test_many_histories_at_once_get_the_mean_and_dispersion_that_each_gets_alone(parts: int, years: int) -> None:
    random, config = np.random.default_rng(parts + years), configure(years, parts, 0.01)
    last = years * parts + config.half_window
    drift = np.exp(random.normal(0, 0.02, (40, 1)) * np.arange(last + 1))
    counts = random.poisson(random.choice([4, 12, 90], (40, 1)) * random.gamma(20, 1 / 20, (40, last + 1)) * drift)
    times = _times(parts, years, config.half_window)
    means, phis = window_fits(counts[:, last + times], times, config)
    alone = [farrington(one, parts, config=config, at=last) for one in counts]
    judged = [place for place, one in enumerate(alone) if np.isfinite(one.p)]
    assert len(judged) > 20
    np.testing.assert_allclose(means[judged], [alone[place].expected for place in judged], rtol=1e-6)
    np.testing.assert_allclose(phis[judged], [alone[place].phi for place in judged], rtol=1e-6)


@pytest.mark.parametrize(("within", "between"), [(0.0, 0.0), (0.05, 0.0), (0.0, 0.05), (0.02, 0.03)])
def test_months_and_years_that_vary_are_told_apart_and_a_steady_fall_is_no_variation(
    within: float, between: float
) -> None:
    random, season = np.random.default_rng(8), 1 + 0.3 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    gamma = [
        random.gamma(1 / max(one, 1e-9), max(one, 1e-9), size)
        for one, size in ((within, (300, 7, 12)), (between, (300, 7, 1)))
    ]
    fall = np.linspace(1.2, 0.8, 7)[:, None]
    found = measure_variation(list(random.poisson(20 * season * fall * gamma[0] * gamma[1])), 12)
    assert found.within == pytest.approx(within, abs=0.006)
    assert found.between == pytest.approx(between, abs=0.006)
    np.testing.assert_allclose(found.season, season, rtol=0.05)


def test_without_three_whole_years_there_is_no_variation_to_see() -> None:
    found = measure_variation([np.full((2, 4), 9.0), np.zeros((5, 4))], 4)
    assert (found.within, found.between, list(found.season)) == (0.0, 0.0, [1.0] * 4)
    assert whole_years([1, 2, 3, np.nan, 5, 6, 7, 8, 9], 4).tolist() == [[6, 7, 8, 9]]


def test_what_neighbourhoods_have_every_year_is_no_noise_and_what_jumps_is() -> None:
    random = np.random.default_rng(6)
    steady = random.uniform(5, 60, 200) * np.linspace(1.3, 0.8, 5)[:, None]
    assert measure_noise(random.poisson(steady)) == pytest.approx(0, abs=0.004)
    assert measure_noise(random.poisson(steady * random.gamma(20, 1 / 20, (5, 200)))) == pytest.approx(0.05, rel=0.2)
    assert measure_noise(np.full((1, 40), 7)) == measure_noise(np.zeros((5, 40))) == 0


@pytest.mark.parametrize(("mean", "within"), [(8.0, 0.0), (30.0, 0.05)])
def test_the_rate_is_that_of_alarms_on_drawn_counts(mean: float, within: float) -> None:
    random, config, times = np.random.default_rng(404), configure(5, 12, 0.01), _times(12, 5, 1)
    factor = random.gamma(1 / within, within, (20_000, 16)) if within else np.ones((20_000, 16))
    counts = random.poisson(mean * factor)
    fitted, phi = window_fits(counts[:, :15], times, config)
    size = fitted / np.maximum(phi - 1, 1e-9)
    p = stats.nbinom.sf(counts[:, 15] - 1, size, 1 / np.maximum(phi, 1 + 1e-9))
    stated = false_rates(mean, replace(EVEN, within=within), (0.01, 0.001), config, draws=4_000)
    assert stated[0] == pytest.approx((p <= 0.01).mean(), rel=0.2)
    assert stated[1] < stated[0] / 2


def test_figures_that_vary_more_give_more_alarms_and_whole_years_most() -> None:
    config = configure(5, 12, 0.01)
    kinds = (EVEN, replace(EVEN, within=0.05), replace(EVEN, between=0.05))
    chance, months, years = (float(false_rates(50.0, one, [0.01], config)[0]) for one in kinds)
    assert chance * 1.5 < months < years / 1.2
    assert false_rates(1.0, EVEN, [0.01], config, least_expected=50).tolist() == [0.0]


def test_the_false_discovery_rule_finds_as_many_as_it_does_on_drawn_p_values() -> None:
    random, many = np.random.default_rng(3), 14
    p = random.random((4_000, many)) ** 1.3
    p[:, 0] = 0
    found = np.array([discoveries(one, 0.10).sum() for one in p])
    chances = rank_chances((0.10 * np.arange(1, many + 1) / many) ** (1 / 1.3))
    assert chances.sum() == pytest.approx(1)
    np.testing.assert_allclose(chances[:3], [(found == rank).mean() for rank in (1, 2, 3)], atol=0.025)
    assert rank_chances([0.03]).tolist() == [1.0]


def _tests(areas: int) -> pd.DataFrame:
    return pd.DataFrame([
        (20.0, 5, f"2025M{month:02d}") for month in range(1, 13) for _ in range(areas)
    ], columns=["mean", "years", "period"])  # fmt: skip


def test_more_areas_together_ask_more_of_each_once_there_are_more_than_ten() -> None:
    one, ten, forty = (expect_false(_tests(areas), EVEN, (0.01, 0.001))[0] / areas for areas in (1, 10, 40))
    assert one == pytest.approx(ten)
    assert 0.3 * one < forty < 0.8 * one


def test_what_is_hidden_changes_nothing_of_the_number_stated() -> None:
    random = np.random.default_rng(5)
    periods = [f"{year}M{month:02d}" for year in range(2019, 2026) for month in range(1, 13)]
    rows = pd.DataFrame([(f"GM000{town}", period) for town in (1, 2, 3) for period in periods],
                        columns=["area", "period"])  # fmt: skip
    hidden = (rows["area"] == "GM0003") & (rows["period"] == "2023M04")
    rows = rows.assign(
        numerator=random.poisson(20, len(rows)).astype(float), status=np.where(hidden, "hidden", "shown")
    )
    stated = []
    for secret in (0.0, 4_000.0):
        figures = rows.assign(numerator=rows["numerator"].mask(hidden, secret))
        tests, variation = add_means(judge_periods(figures, NUISANCE), figures, NUISANCE)
        stated.append(expect_false(tests, variation, (0.01, 0.001)))
    assert stated[0] == stated[1]
    assert 0 < stated[0][1] < stated[0][0] < 1.5
