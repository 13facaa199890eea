"""The names, places and arguments of the statistics are a contract: reference values are run against them."""

import importlib
import inspect

import numpy as np
import pytest

# module | name | arguments in order; those after * only by name
CONTRACT = """
    rates      | count_interval           | events, *, confidence=0.95
    rates      | rate                     | events, population, *, per=1000, confidence=0.95
    rates      | share                    | events, population, *, per=100, confidence=0.95
    rates      | standardised_rate        | events, population, standard, *, per=1000, confidence=0.95
    rates      | repeat_standardised_rate | persons, frequency, population, standard, stratum, *, per=1000, confidence=0.95
    rates      | standardised_ratio       | events, population, reference_events, reference_population, *, per=1, confidence=0.95
    rates      | standardised_ratio_rate  | events, population, reference_events, reference_population, *, per=1000, confidence=0.95
    rates      | rate_ratio               | events_a, population_a, events_b, population_b, *, confidence=0.95
    rates      | rounded_count_interval   | rounded, base, *, confidence=0.95
    rates      | quantile                 | values, k, *, highest_first=False
    rates      | slope_index              | values, population
    compare    | funnel_limits_share      | population, average
    compare    | funnel_limits_count      | observed
    compare    | funnel_limits_small      | expected, tau2=0.0
    compare    | overdispersion           | numerator, denominator, *, kind, transform, trim=0.1
    compare    | funnel_limits_wide       | denominator, tau2
    compare    | label                    | estimate_95, estimate_998, benchmark, polarity
    compare    | benchmark_without        | area, events, population
    compare    | peers                    | characteristics, k
    compare    | rank_probability         | events, expected
    trends     | fingertips_trend         | value, low, high
    trends     | loglinear_trend          | events, population, periods
    trends     | recent_trend             | events, population, periods
    trends     | check_claim              | events, population, periods, claim
    signals    | farrington               | counts, frequency, *, config, at
    signals    | ears                     | counts
    signals    | cusum                    | counts, *, mean
    signals    | glr                      | counts, *, mean
    signals    | scan                     | x, y, cases, population, *, max_fraction, replicates, seed
    signals    | discoveries              | p, q
    smoothing  | marshall                 | events, population
    smoothing  | marshall_local           | events, population, neighbours
    smoothing  | poisson_gamma            | events, expected
    smoothing  | markov_field             | events, expected, neighbours
    evaluation | interrupted_series       | events, population, periods, start
    evaluation | difference_in_differences | events, population, periods, treated, start
    evaluation | synthetic_control        | events, population, periods, treated, start
    evaluation | synthetic_difference     | events, population, periods, treated, start
"""
ROWS = [[part.strip() for part in line.split("|")] for line in CONTRACT.strip().splitlines()]


@pytest.mark.parametrize(("module", "name", "arguments"), ROWS)
def test_a_function_stands_where_the_contract_says_with_its_arguments(module, name, arguments):
    found = list(inspect.signature(getattr(importlib.import_module(f"analysis.{module}"), name)).parameters.values())
    positional, _, by_name = (part.strip(", ") for part in arguments.partition("*"))
    names = [one.split("=")[0].strip() for one in positional.split(",") if one]
    assert [one.name for one in found[: len(names)]] == names
    keywords = {one.name: one for one in found if one.kind is one.KEYWORD_ONLY}
    for one in filter(None, by_name.split(",")):
        assert one.split("=")[0].strip() in keywords
    for one in filter(lambda each: "=" in each, arguments.replace("*,", "").split(",")):
        argument, default = one.strip().split("=")
        assert str(inspect.signature(_function(module, name)).parameters[argument].default) in (default, f"{default}.0")
    assert all(one.default is not one.empty for one in found if one.name not in arguments), "the rest is optional"


def _function(module, name):
    return getattr(importlib.import_module(f"analysis.{module}"), name)


SHAPES = {
    "count_interval": [("low", "high"), (5,)],
    "rate": [("value", "low", "high"), (5, 100)],
    "share": [("value", "low", "high"), (5, 100)],
    "rate_ratio": [("value", "low", "high", "p"), (5, 100, 4, 90)],
    "rounded_count_interval": [("low", "high"), (10, 10)],
    "funnel_limits_share": [("low_95", "high_95", "low_998", "high_998"), (100, 20)],
    "funnel_limits_count": [("low_95", "high_95", "low_998", "high_998"), (5,)],
    "funnel_limits_small": [("low_95", "high_95", "low_998", "high_998"), (5, 0.1)],
}


@pytest.mark.parametrize("name", SHAPES)
def test_results_have_the_broadcast_shape_of_their_arguments(name):
    parts, arguments = SHAPES[name]
    module = "compare" if name.startswith("funnel") else "rates"
    plain = _function(module, name)(*arguments)
    wide = _function(module, name)(np.full((3, 1), arguments[0]), *(np.full(4, one) for one in arguments[1:]))
    listed = _function(module, name)([arguments[0]] * 2, *arguments[1:])
    for part in parts:
        assert np.ndim(getattr(plain, part)) == 0
        assert np.shape(getattr(wide, part)) == ((3, 1) if len(arguments) == 1 else (3, 4))
        np.testing.assert_array_equal(getattr(listed, part), [getattr(plain, part)] * 2)
        np.testing.assert_array_equal(np.unique(getattr(wide, part)), [getattr(plain, part)])
