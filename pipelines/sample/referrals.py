"""Referrals to Halt: part of them are young suspects of the police file, the same person with the same key.

The others come from the school attendance officer, an enforcement officer, or the police for a lesser fact.
"""

import numpy as np
import pandas as pd

from pipelines.sample.careers import (
    MONTHS,
    age_on,
    describe_persons,
    draw_days,
    kinds_of_classes,
    year_of,
)
from pipelines.sample.world import Floats, Integers, Texts, World

OTHERS = {"leerplichtambtenaar": 4.6, "boa": 1.1, "politie": 0.9}
"""Young people per 1,000 aged 12-17 and year, who are not in the police file of suspects, by referrer."""
GROUPS = {"property": "Vermogen", "public_order": "Vernieling en openbare orde", "violence": "Geweld"}
AT_MOST = 3  # referrals a person
RESULTS = np.array(["geslaagd", "mislukt", "niet gestart"])
RESULT_SHARES = (0.9, 0.07, 0.03)


def simulate_referrals(world: World, persons: pd.DataFrame, registrations: pd.DataFrame) -> pd.DataFrame:
    """One row a referral of somebody of 12-17 who lives in the region, in order of date.

    Columns: key, birth, sex, known, home, referrer, group, hearing (0 = none), referred, started, finished (days),
    hours, result, year
    """
    random = world.stream("referrals")
    rows = pd.concat(
        [_from_suspects(world, persons, registrations, random), *_from_others(world, random)], ignore_index=True
    )
    rows["hearing"] = rows["day"] + random.integers(0, 4, len(rows))
    rows["referred"] = rows["hearing"] + _draw_lag(5.6, 1.0, len(rows), random)
    rows.loc[rows["referrer"] == "leerplichtambtenaar", "hearing"] = 0
    rows["started"] = rows["referred"] + 1 + _draw_lag(22, 0.6, len(rows), random)
    rows["finished"] = rows["started"] + 20 + _draw_lag(45, 0.4, len(rows), random)
    rows["hours"] = random.choice([4, 6, 8, 10, 12, 16, 20], len(rows), p=[0.1, 0.2, 0.25, 0.2, 0.13, 0.08, 0.04])
    rows["result"] = random.choice(RESULTS, len(rows), p=RESULT_SHARES)
    rows["year"] = year_of(rows["referred"].to_numpy())
    age = age_on(rows["birth"].to_numpy(), rows["referred"].to_numpy())
    kept = rows["year"].isin(world.years).to_numpy() & (age >= 12) & (age <= 17)
    return rows[kept].sort_values(["referred", "key"], ignore_index=True)


def _from_suspects(
    world: World, persons: pd.DataFrame, registrations: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    inside = (world.places["code"] != "").to_numpy()
    chosen = registrations[(registrations["disposal"] == "Halt") & inside[persons["home"]][registrations["person"]]]
    chosen = chosen[chosen.groupby("person").cumcount() < AT_MOST]
    known = persons.loc[chosen["person"], ["key", "birth", "sex", "known", "home"]].reset_index(drop=True)
    kind = chosen["offence_class"].map(kinds_of_classes()).map(GROUPS).fillna("Overig")
    group = kind.where(chosen["offence_class"] != "M134", "Vuurwerk").to_numpy()
    return known.assign(day=chosen["registered"].to_numpy(), referrer="politie", group=group)


def _from_others(world: World, random: np.random.Generator) -> list[pd.DataFrame]:
    places = world.places[world.places["code"] != ""]
    youth = (places["youth_10_14"] + places["youth_15_22"]).to_numpy() * 3 * np.sqrt(places["risk"].to_numpy())
    return [_from_referrer(world, youth, referrer, random) for referrer in OTHERS]


def _from_referrer(world: World, youth: Floats, referrer: str, random: np.random.Generator) -> pd.DataFrame:
    years = np.array(world.years)
    level = np.array([world.growth(year) for year in world.years])
    home, year = np.nonzero(many := random.poisson(youth[:, None] * OTHERS[referrer] / 1000 * level))
    home, year = (np.repeat(values, many[home, year]) for values in (home, years[year]))
    day = draw_days(year, _season(referrer), random)
    birth = day - np.floor((12.5 + 5.4 * np.sqrt(random.random(len(day)))) * 365.2425).astype(np.int64)
    group = _draw_group(referrer, day, random)
    return describe_persons(home, birth, random).assign(day=day, referrer=referrer, group=group)


def _season(referrer: str) -> Floats:
    """Attendance officers rest in the summer holidays; fireworks fill December and January."""
    if referrer == "leerplichtambtenaar":
        return np.array([1.1, 1.1, 1.2, 1.0, 1.0, 1.0, 0.3, 0.2, 0.9, 1.1, 1.2, 0.9])
    return np.asarray(MONTHS + np.array([0.6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.0]))


def _draw_group(referrer: str, day: Integers, random: np.random.Generator) -> Texts:
    if referrer == "leerplichtambtenaar":
        return np.full(len(day), "Schoolverzuim")
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    fireworks = np.isin(month, [0, 11]) & (random.random(len(day)) < 0.7)
    usual = random.choice(["Vernieling en openbare orde", "Overig"], len(day), p=[0.4, 0.6])
    return np.where(fireworks, "Vuurwerk", usual)


def _draw_lag(median: float, spread: float, size: int, random: np.random.Generator) -> Integers:
    """Whole days, log-normal."""
    return np.asarray(np.floor(median * np.exp(random.normal(0, spread, size))).astype(np.int64))
