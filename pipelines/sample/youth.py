"""All young people of a region, one row each: those who ever become a suspect first, then all others.

Suppliers know the same young person under the same key. Whoever draws rows about young people (school, care,
approaches) draws them from this list, and lets `strain` say who is likelier: then the sources overlap as they do in life.
"""

import numpy as np
import pandas as pd

from pipelines.sample.careers import describe_persons
from pipelines.sample.world import World

OLDEST = 23
STRAIN = {"suspect": (1.4, 4.0), "other": (0.55, 0.85)}
"""Shape and mean of the strain on suspects and on others; over all young people the mean is about 1."""


def simulate_youth(world: World, suspects: pd.DataFrame) -> pd.DataFrame:
    """Everybody of 0 to 22 who lives in the region in one of the years.

    suspects  of careers.simulate_persons; those who live elsewhere are left out
    returns   key (64 hex), birth (days), sex (M, V, O), known, home (row of `world.places`), start (day of the first
              offence, -1: never), strain (mean about 1: how likely trouble is)
    """
    random = world.stream("youth")
    inside = (world.places["code"] != "").to_numpy()
    ours = suspects[inside[suspects["home"]]]
    others = _draw_others(world, random).assign(start=-1)
    young = pd.concat([ours, others], ignore_index=True)
    kind = np.where(young["start"] >= 0, "suspect", "other")
    shape, mean = (np.where(kind == "suspect", *pair) for pair in zip(*STRAIN.values(), strict=True))
    around = np.sqrt(world.places["risk"].to_numpy()[young["home"]])
    return young.assign(strain=random.gamma(shape, 1 / shape) * mean * around)


def _draw_others(world: World, random: np.random.Generator) -> pd.DataFrame:
    """Young people who never become a suspect, by place and year of birth."""
    places = world.places[world.places["code"] != ""]
    born = np.arange(world.years[0] - OLDEST, world.years[-1] + 1)
    middle = (world.years[0] + world.years[-1]) // 2
    youth = np.where(middle - born < 15, places[["youth_10_14"]].to_numpy(), places[["youth_15_22"]].to_numpy())
    home, cohort = np.nonzero(many := random.poisson(youth * world.growth(middle)))
    home, cohort = (np.repeat(values, many[home, cohort]) for values in (home, cohort))
    first = (born[cohort] - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    young = describe_persons(home, first + random.integers(0, 365, len(first)), random)
    return young.assign(sex=random.choice(np.array(["M", "V", "O"]), len(young), p=[0.485, 0.512, 0.003]))
