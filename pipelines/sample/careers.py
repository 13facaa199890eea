"""Young suspects and their registrations: who starts when, how often they come back, where and what.

A small part of the young people makes a large part of the registrations (a long tail), and a career starts before the
first year delivered, so that not everybody in it is new. All arrays at once: a million rows take seconds.
"""

import numpy as np
import pandas as pd

from pipelines.sample.world import Floats, Integers, Texts, World, read_reference

WARM_UP = 7  # years simulated before the first one delivered
AGES = np.arange(10, 23)
STARTS = np.array([5, 9, 46, 90, 133, 153, 157, 151, 192, 192, 183, 170, 160], dtype=float)
"""Young people per 10,000 of that age who become a suspect for the first time, by age (see docs/sample.md)."""
TREND = -0.022  # yearly change of the logarithm of STARTS around 2022
MONTHS = np.array([1.0, 0.95, 1.0, 1.0, 1.08, 1.06, 0.95, 0.92, 1.02, 1.06, 1.0, 0.96])
RETURNS = ((0.44, 0.0, 1.0), (0.44, 2.3, 1.5), (0.12, 11.0, 0.35))
"""Kinds of careers: share of starters, mean of the further registrations, mean years between two of them."""
CLASSES: dict[str, tuple[float, float]] = {
    "A50": (20, 8), "A90": (8, 7), "A72": (3, 2), "A20": (3, 3), "A81": (3, 4), "B70": (3, 2), "C40": (12, 5),
    "C50": (4, 1), "F11": (4, 2), "F12": (5, 4), "F13": (2, 1), "F18": (2, 4), "F530": (6, 7), "F550": (15, 17),
    "F523": (1, 1), "F5295": (1, 0.3), "F72": (4, 3), "F70": (0.5, 1), "F40": (0.7, 4), "F42": (0.8, 4),
    "F43": (0.5, 2), "D21": (0.2, 9), "D20": (0.1, 5), "D13": (0.3, 3), "D44": (0, 2), "F614": (1, 2),
    "F90": (0.5, 0.7), "M134": (1, 0.6), "F94": (0.5, 1.2), "F636": (0.6, 0.8), "F563": (0.1, 0.1),
}  # fmt: skip
"""Classes and how often they occur under 18 and from 18 on (relative)."""
LIGHT = {"A50", "A90", "A72", "C40", "C50", "F11", "M134", "F550", "F530", "F12", "A81"}
DISPOSALS = np.array(["STOP", "Halt", "reprimande", "dagvaarding", "sepot"])
DISPOSAL_SHARES = {
    "child": (0.7, 0.0, 0.0, 0.0, 0.3),
    "light": (0.0, 0.6, 0.13, 0.17, 0.1),
    "heavy": (0.0, 0.12, 0.08, 0.62, 0.18),
    "adult": (0.0, 0.0, 0.06, 0.69, 0.25),
}
LINKED = 0.6  # of those with co-suspects: how many share their offence with somebody in the file
OWN, OTHER, BEYOND = 0.68, 0.2, 0.12  # offences in the own, another, and no municipality of the region


def simulate_persons(world: World) -> pd.DataFrame:
    """Everybody who ever becomes a suspect: key (64 hex), birth, sex, home (row of `world.places`), start (days)."""
    random = world.stream("persons")
    places, years = world.places, range(world.years[0] - WARM_UP, world.years[-1] + 1)
    youth = np.where(AGES < 15, places[["youth_10_14"]].to_numpy(), places[["youth_15_22"]].to_numpy())
    level = np.array([world.growth(year) * np.exp(TREND * (year - 2022)) for year in years])
    expected = (youth * STARTS / 10_000 * places[["risk"]].to_numpy())[:, :, None] * level
    home, age, year = np.nonzero(starters := random.poisson(expected))
    many = starters[home, age, year]
    home, age, year = np.repeat(home, many), np.repeat(AGES[age], many), np.repeat(np.array(years)[year], many)
    start = draw_days(year, MONTHS, random)
    birth = start - np.floor((age + random.random(len(age))) * 365.2425).astype(np.int64)
    return describe_persons(home, birth, random).assign(start=start)


def describe_persons(home: Integers, birth: Integers, random: np.random.Generator) -> pd.DataFrame:
    """Key, sex and how much of the birth date is known, for persons with a home and a birth day."""
    keys = np.frombuffer(random.bytes(32 * len(home)).hex().encode(), dtype="S64")
    sex = random.choice(np.array(["M", "V", "O"]), len(home), p=[0.797, 0.2, 0.003])
    known = random.choice(np.array(["day", "month", "year"]), len(home), p=[0.994, 0.004, 0.002])
    return pd.DataFrame({"key": keys, "birth": birth, "sex": sex, "known": known, "home": home})


def simulate_registrations(world: World, persons: pd.DataFrame) -> pd.DataFrame:
    """One row a registration in the years delivered, in order of date.

    Columns: person (row of `persons`), order (0 = first ever), offence_day, registered (days), year, age, place
    (row of `world.places`), located (neighbourhood known), offence_class, disposal, co_suspects
    """
    random = world.stream("registrations")
    person, order, day = _repeat_offences(persons, random)
    registered = day + random.exponential(11, len(day)).astype(np.int64)
    year, age = year_of(registered), age_on(persons["birth"].to_numpy()[person], day)
    inside = (year >= world.years[0]) & (year <= world.years[-1]) & (age >= AGES[0]) & (age <= AGES[-1])
    drawn = pd.DataFrame({"person": person, "order": order, "offence_day": day, "registered": registered})
    rows: pd.DataFrame = drawn.assign(year=year, age=age).loc[inside]
    rows = rows.sort_values(["registered", "person", "order"], ignore_index=True)
    rows["place"] = _draw_place(world, persons["home"].to_numpy()[rows["person"]], random)
    rows["located"] = random.random(len(rows)) > 0.03
    rows["offence_class"] = _draw_class(rows["age"].to_numpy(), random)
    together = random.random(len(rows)) < np.where(rows["age"] < 18, 0.45, 0.25)
    rows["co_suspects"] = np.where(together, random.geometric(0.55, len(rows)), 0)
    _join_offences(rows, persons, world.places["number"].to_numpy(), world.stream("together"))
    rows["disposal"] = _draw_disposal(rows, random)
    return rows


def _join_offences(rows: pd.DataFrame, persons: pd.DataFrame, number: Integers, random: np.random.Generator) -> None:
    """Let part of those who were not alone share an offence: the day, place and class of the first of them registered."""
    chosen = rows.index[(rows["co_suspects"] > 0) & (random.random(len(rows)) < LINKED)].to_numpy()
    town = number[rows["place"].to_numpy()[chosen]]
    chosen = chosen[np.argsort(town, kind="stable")]
    sizes = 1 + random.geometric(0.7, len(chosen))
    group = np.repeat(np.arange(len(sizes)), sizes)[: len(chosen)] * len(number) + np.sort(town)
    first = np.concatenate([[True], group[1:] != group[:-1]])[: len(group)]
    leader = chosen[np.flatnonzero(first)[np.cumsum(first) - 1]]
    age = age_on(persons["birth"].to_numpy()[rows["person"].to_numpy()[chosen]], rows["offence_day"].to_numpy()[leader])
    fits = (age >= AGES[0]) & (rows["year"].to_numpy()[leader] == rows["year"].to_numpy()[chosen])
    for name in ("offence_day", "place", "located", "offence_class"):
        rows.loc[chosen[fits], name] = rows[name].to_numpy()[leader[fits]]
    rows.loc[chosen[fits], "age"] = age[fits]


def _repeat_offences(persons: pd.DataFrame, random: np.random.Generator) -> tuple[Integers, Integers, Integers]:
    """Person, order and day of every offence of every career."""
    share, mean, gap = (np.array(values) for values in zip(*RETURNS, strict=True))
    kind = random.choice(len(share), len(persons), p=share)
    further = random.poisson(mean[kind] * random.gamma(0.8, 1 / 0.8, len(persons)))
    person = np.repeat(np.arange(len(persons)), further + 1)
    first = np.cumsum(further + 1) - (further + 1)
    order = np.arange(len(person)) - first[person]
    waited = np.where(order > 0, random.exponential(gap[kind[person]] * 365.25), 0.0)
    total = np.cumsum(waited)
    day = persons["start"].to_numpy()[person] + (total - total[first[person]]).astype(np.int64)
    return person, order, day


def _draw_class(age: Integers, random: np.random.Generator) -> Texts:
    codes = np.array(list(CLASSES))
    drawn = [random.choice(codes, len(age), p=_shares(weights)) for weights in zip(*CLASSES.values(), strict=True)]
    return np.where(age < 18, drawn[0], drawn[1])


def _draw_disposal(rows: pd.DataFrame, random: np.random.Generator) -> Texts:
    light = rows["offence_class"].isin(LIGHT).to_numpy() & (rows["order"].to_numpy() < 3)
    age = rows["age"].to_numpy()
    kinds = np.select([age < 12, age >= 18, light], ["child", "adult", "light"], "heavy")
    drawn = np.empty(len(rows), dtype=DISPOSALS.dtype)
    for kind, shares in DISPOSAL_SHARES.items():
        drawn[kinds == kind] = random.choice(DISPOSALS, int((kinds == kind).sum()), p=shares)
    return drawn


def _shares(weights: object) -> Floats:
    values = np.asarray(weights, dtype=float)
    return np.asarray(values / values.sum())


def _draw_place(world: World, home: Integers, random: np.random.Generator) -> Integers:
    """Where the offence was: near home, at a busy place of some municipality, or beyond the region."""
    places = world.places
    number, pull = places["number"].to_numpy(), places["pull"].to_numpy()
    reach = np.cumsum(_travel(places), axis=1)
    target = (random.random(len(home))[:, None] > reach[number[home]]).sum(axis=1)
    upto = np.concatenate([[0.0], np.cumsum(pull)])
    first = np.searchsorted(number, np.arange(number[-1] + 2))
    low, high = upto[first[target]], upto[first[target + 1]]
    place = np.searchsorted(upto, low + random.random(len(home)) * (high - low), side="right") - 1
    near = (target == number[home]) & (random.random(len(home)) < 0.35)
    return np.where(near, home, place)


def _travel(places: pd.DataFrame) -> Floats:
    """Share of the offences of people of a municipality (row) in each municipality (column)."""
    outside = (places["code"] == "").groupby(places["number"]).all().to_numpy()
    pull = places["pull"].groupby(places["number"]).sum().to_numpy()
    size = len(outside)
    others = np.where(outside, 0.0, pull) * (1 - np.eye(size))
    elsewhere = others.sum(axis=1, keepdims=True)
    share = np.divide(others, elsewhere, out=np.zeros((size, size)), where=elsewhere > 0)
    beyond = np.where(outside, 1.0, 0.0) / outside.sum()
    inside = OWN * np.eye(size) + OTHER * share + BEYOND * beyond
    travel = np.where(outside[:, None], share, inside)
    return np.asarray(travel / travel.sum(axis=1, keepdims=True))


def draw_days(years: Integers, months: Floats, random: np.random.Generator) -> Integers:
    """A day (since 1970) in each year, by the season's weights."""
    month = random.choice(12, len(years), p=_shares(months))
    first = (years - 1970) * 12 + month
    start, end = (first + step for step in (0, 1))
    low, high = (value.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for value in (start, end))
    return np.asarray(low + (random.random(len(years)) * (high - low)).astype(np.int64))


def year_of(days: Integers) -> Integers:
    """Calendar year of days since 1970."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970)


def date_number(days: Integers) -> Integers:
    """JJJJMMDD as a number, of days since 1970."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    first = (dates - month.astype("datetime64[D]")).astype(np.int64) + 1
    months = month.astype(np.int64)
    return np.asarray((months // 12 + 1970) * 10_000 + (months % 12 + 1) * 100 + first)


def age_on(birth: Integers, days: Integers) -> Integers:
    """Whole years of age."""
    return np.asarray((date_number(days) - date_number(birth)) // 10_000)


def kinds_of_classes() -> pd.Series:
    """Offence group of each class."""
    return read_reference("offence_classes").set_index("code")["kind"]
