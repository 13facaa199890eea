"""Dominance: one contributor makes up nearly all of a count, so that the count tells how much he brings (docs/adr/0008)."""

from collections.abc import Mapping
from math import ceil, floor

import numpy as np
import pandas as pd

from pipelines.protect.system import System

Span = tuple[int, int]


def find_dominated(cells: pd.DataFrame, measures: pd.DataFrame, system: System) -> dict[int, Span]:
    """The counts that one contributor dominates, with the low and the high value that must stay possible.

    cells     column largest: what the largest contributor brings (none when it is not there)
    measures  column dominance: the share from which he dominates, NaN where nobody asked
    """
    if "largest" not in cells or "dominance" not in measures:
        return {}
    asked = measures.set_index("id")["dominance"].dropna()
    rows = np.flatnonzero(system.rows.role == "open")
    named = cells.iloc[system.rows.position[rows]]
    share = named["indicator"].map(asked).to_numpy(dtype=float)
    largest = named["largest"].to_numpy(dtype=float)
    numerators = system.rows.numerator[rows]
    found: dict[int, Span] = {}
    for at in np.flatnonzero((largest > 0) & (largest >= share * system.true[numerators])).tolist():
        span = span_of(largest[at], share[at])
        found = widen(found, {int(numerators[at]): span})
    return found


def span_of(largest: float, share: float) -> Span:
    """Counts between which the contribution cannot be estimated closer than the share."""
    return max(1, floor(largest * share)), ceil(largest / share)


def widen(first: Mapping[int, Span], second: Mapping[int, Span]) -> dict[int, Span]:
    """Both together; of a count in both the widest."""
    both = {at: (min(first[at][0], span[0]), max(first[at][1], span[1])) for at, span in second.items() if at in first}
    return {**first, **second, **both}
