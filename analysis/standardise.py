"""Standardised rates and ratios: areas with different ages beside each other. Imported from `analysis.rates`.

Strata (age bands, often with sex) are on the last axis. One missing stratum leaves no value: what is missing is not
0. Under ten events in all a directly standardised rate says nothing, so it has no value either.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.counts import Estimate, Numbers, count_interval, not_negative

LEAST_EVENTS = 10  # fewer in all strata together: no directly standardised rate


@dataclass(frozen=True, kw_only=True, eq=False)
class StandardisedRatio(Estimate):
    """A ratio or rate with its limits, and the events expected at the reference rates."""

    expected: Numbers


def standardised_rate(
    events: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    per: float = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    """Directly standardised rate with Dobson's interval: the rate in a population built like the standard.

    events, population  one value per stratum, shape (..., strata); each event is another person's
    standard    the standard population per stratum, shape (strata,) or (..., strata)
    returns     value, low, high per `per` persons, shape (...); NaN under 10 events in all, when a stratum is missing
                or has no population. Where a few events of a small stratum weigh heavily low can fall under 0: it is
                not cut off, as in published figures
    raises      ValueError on a negative count or population
    source      Dobson, Kuulasmaa, Eberle & Scherer 1991
    """
    counts, persons, weights = _strata(events, population, standard)
    part = _weight_per_person(persons, weights)
    value, variance = (counts * part).sum(axis=-1), (counts * part**2).sum(axis=-1)
    return _dobson(value, variance, counts.sum(axis=-1), per, confidence)


def repeat_standardised_rate(
    persons: ArrayLike,
    frequency: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    stratum: ArrayLike,
    *,
    per: float = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    """Directly standardised rate of events that one person can have more than once.

    persons, frequency  one row per stratum and frequency, shape (rows,): how many persons had that many events
    population, standard, stratum   of the row's stratum, shape (rows,); a stratum without events is a row of 0 persons
    returns     value, low, high per `per` persons, each a number; wider than if every event were another person's
    raises      ValueError on a negative count or population, or when rows of one stratum differ in population
    source      Dobson et al. 1991 with the compound-Poisson variance: sum of frequency^2 * persons
    """
    counts, people, weights = _strata(persons, population, standard)
    often = np.broadcast_to(not_negative(frequency, "count"), counts.shape)
    times = np.where(counts == 0, 0, often)  # of nobody there is no frequency to miss
    names = np.broadcast_to(np.asarray(stratum), counts.shape)
    _, first, where = np.unique(names, return_index=True, return_inverse=True)
    for each in (people, weights):
        if not np.array_equal(each, each[first][where], equal_nan=True):
            raise ValueError("rows of one stratum have one population and one standard population")
    whole = weights[first].sum()
    part = weights / np.where(people > 0, people, np.nan) / (whole if whole > 0 else np.nan)
    value, variance = (times * counts * part).sum(), (times**2 * counts * part**2).sum()
    return _dobson(value, variance, (times * counts).sum(), per, confidence)


def standardised_ratio(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    *,
    per: float = 1,
    confidence: float = 0.95,
) -> StandardisedRatio:
    """Indirectly standardised ratio: events seen, divided by events expected at the reference rates.

    events      one value per stratum, shape (..., strata), or one number: the total
    population  shape (..., strata)
    reference_events, reference_population  of the reference, shape (strata,) or (..., strata); a reference count that
                is missing counts as 0
    returns     value, low, high times `per`, and expected in events, shape (...); NaN when nothing is expected
    raises      ValueError on a negative count or population
    source      Breslow & Day 1987, p. 69; Byar's limits from 10 events on, exact ones below
    """
    observed = not_negative(events, "count")
    reference = np.nan_to_num(not_negative(reference_events, "count"), nan=0.0, posinf=np.inf)
    persons, cases, base = np.broadcast_arrays(
        np.atleast_1d(not_negative(population, "population")),
        reference,
        not_negative(reference_population, "population"),
    )
    expected = (cases / np.where(base > 0, base, np.nan) * persons).sum(axis=-1)
    total = observed if observed.ndim == 0 else np.broadcast_arrays(observed, persons)[0].sum(axis=-1)
    limits = count_interval(total, confidence=confidence)
    scale = per / np.where(expected > 0, expected, np.nan)
    return StandardisedRatio(
        value=(total * scale)[()], low=(limits.low * scale)[()], high=(limits.high * scale)[()], expected=expected[()]
    )


def standardised_ratio_rate(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    *,
    per: float = 1_000,
    confidence: float = 0.95,
) -> StandardisedRatio:
    """Indirectly standardised rate: the standardised ratio times the crude rate of the reference.

    Arguments, shapes and errors as `standardised_ratio`; returns value, low, high per `per` persons.
    """
    cases, base = np.broadcast_arrays(
        np.nan_to_num(not_negative(reference_events, "count"), nan=0.0, posinf=np.inf),
        np.atleast_1d(not_negative(reference_population, "population")),
    )
    people = base.sum(axis=-1)
    crude = per * cases.sum(axis=-1) / np.where(people > 0, people, np.nan)
    ratio = standardised_ratio(events, population, reference_events, reference_population, confidence=confidence)
    return StandardisedRatio(
        value=ratio.value * crude, low=ratio.low * crude, high=ratio.high * crude, expected=ratio.expected
    )


def _strata(events: ArrayLike, population: ArrayLike, standard: ArrayLike) -> tuple[Numbers, Numbers, Numbers]:
    counts, persons, weights = np.broadcast_arrays(
        np.atleast_1d(not_negative(events, "count")),
        not_negative(population, "population"),
        not_negative(standard, "population"),
    )
    return counts, persons, weights


def _weight_per_person(persons: Numbers, weights: Numbers) -> Numbers:
    """Each stratum's part of the standard, divided by its population."""
    whole = weights.sum(axis=-1, keepdims=True)
    part: Numbers = weights / np.where(persons > 0, persons, np.nan) / np.where(whole > 0, whole, np.nan)
    return part


def _dobson(value: ArrayLike, variance: ArrayLike, events: ArrayLike, per: float, confidence: float) -> Estimate:
    total = np.asarray(events, dtype=np.float64)
    known = np.where(total >= LEAST_EVENTS, total, np.nan)
    limits = count_interval(known, confidence=confidence)
    reach = np.sqrt(np.asarray(variance) / known)
    middle = np.where(np.isnan(known), np.nan, value)
    low, high = middle + reach * (limits.low - known), middle + reach * (limits.high - known)
    return Estimate(value=(middle * per)[()], low=(low * per)[()], high=(high * per)[()])
