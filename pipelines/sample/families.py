"""Families of all young people: the same in every source that names a family.

A family is 64 hexadecimal digits by lot, as the supplier's pseudonym of a family number is.
"""

import numpy as np
import pandas as pd

from pipelines.sample.world import World

SIZES = np.array([1, 2, 3, 4])
SIZE_SHARES = (0.3, 0.45, 0.19, 0.06)
APART = 4 * 365.25  # spread of the days between brothers and sisters
LIKENESS = 0.7  # shape of what a family shares: the lower, the more trouble comes together


def draw_families(world: World, youth: pd.DataFrame) -> pd.DataFrame:
    """The family of everybody in `simulate_youth`, in its order.

    returns  family (64 hex), shared (mean 1: how likely trouble is in this family)
    """
    random = world.stream("families")
    order = np.lexsort((youth["birth"].to_numpy() + random.normal(0, APART, len(youth)), youth["home"].to_numpy()))
    sizes = random.choice(SIZES, len(youth), p=SIZE_SHARES)
    number = np.searchsorted(np.cumsum(sizes), np.arange(len(youth)), side="right")
    home = youth["home"].to_numpy()[order]
    moved = np.concatenate([[False], home[1:] != home[:-1]])
    number = np.cumsum(moved | np.concatenate([[True], number[1:] != number[:-1]])) - 1
    many = int(number[-1]) + 1 if len(number) else 0
    keys = np.frombuffer(random.bytes(32 * many).hex().encode(), dtype="S64")
    shared = random.gamma(LIKENESS, 1 / LIKENESS, many)
    place = np.empty(len(youth), dtype=np.int64)
    place[order] = number
    return pd.DataFrame({"family": keys[place], "shared": shared[place]}, index=youth.index)
