"""Who is in an approach, and which youth groups are in view: the same persons as in the police file of suspects.

A spell in an approach starts some time after a registration. Groups are codes; nobody in them is told apart.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.sample.careers import date_number
from pipelines.sample.formats import MARK, write_person_csv, write_workbook
from pipelines.sample.rows import Write, codes_in, dates_or_empty, set_cell, spoil_rows
from pipelines.sample.world import Integers, World


@dataclass(frozen=True, kw_only=True)
class Approach:
    """One of the four: how often a registration leads to it, and how long it takes.

    share      of the registrations of people of the region; `repeat`: only of who was registered before
    median     days, log-normal
    informed   share of whom the day of informing is filled
    """

    name: str
    share: float
    median: float
    informed: float
    repeat: bool = False


APPROACHES = (
    Approach(name="groepsaanpak", share=0.10, median=320, informed=0.93),
    Approach(name="persoonsgebonden aanpak", share=0.11, median=420, informed=0.86, repeat=True),
    Approach(name="systeemaanpak", share=0.06, median=380, informed=0.9),
    Approach(name="locatie", share=0.05, median=200, informed=0.8),
)
INHABITANTS_A_GROUP = 7_000
HALF_YEARS_IN_VIEW = 5.0  # mean
LEAST_FOR_A_FAULT = 40  # one faulty group in fewer would refuse the delivery whole
PHASES = np.array(["aanmelding", "plan", "uitvoering", "nazorg"])


def simulate_groups(world: World) -> pd.DataFrame:
    """One row a youth group and half-year in which it is in view, in order of half-year.

    Columns: code, municipality, place (row of `world.places`), half (half-years since the first), size, step
    """
    random = world.stream("youth groups")
    inside = np.flatnonzero((world.places["code"] != "").to_numpy())
    people = float(world.municipalities["inhabitants"].sum()) * world.scale
    halves = 2 * len(world.years)
    starts = random.poisson(people / INHABITANTS_A_GROUP / HALF_YEARS_IN_VIEW, halves + 8)
    first = np.repeat(np.arange(-8, halves), starts)
    lasting = 1 + random.geometric(1 / HALF_YEARS_IN_VIEW, len(first))
    pull = world.places["pull"].to_numpy()[inside]
    groups = pd.DataFrame(
        {"first": first, "lasting": lasting, "place": random.choice(inside, len(first), p=pull / pull.sum())}
    )
    groups["code"] = "JG-" + pd.Series(np.arange(1, len(groups) + 1)).astype(str).str.zfill(4)
    groups["municipality"] = world.places["municipality"].to_numpy(dtype=object)[groups["place"]]
    rows = groups.loc[groups.index.repeat(groups["lasting"])].reset_index(drop=True)
    age = rows.groupby("code").cumcount().to_numpy()
    rows["half"] = rows["first"] + age
    rows["step"] = np.minimum(1 + age + random.integers(0, 3, len(rows)), 7)
    rows["size"] = random.poisson(12, len(rows)) + 3
    return rows[(rows["half"] >= 0) & (rows["half"] < halves)].sort_values(["half", "code"], ignore_index=True)


def simulate_approaches(
    world: World, persons: pd.DataFrame, registrations: pd.DataFrame, groups: pd.DataFrame, families: pd.Series
) -> pd.DataFrame:
    """One row a spell of a young person of the region in an approach, in order of begin.

    families  the family of everybody who lives in the region, by key
    returns   key, family, home, approach, group, begin, end, informed (days; 0 = never told)
    """
    random = world.stream("approaches")
    inside = (world.places["code"] != "").to_numpy()[persons["home"]]
    own = registrations[inside[registrations["person"]]]
    rows = pd.concat([_draw_spells(one, own, random) for one in APPROACHES], ignore_index=True)
    rows = _without_overlap(rows)
    known = persons.loc[rows["person"]].reset_index(drop=True)
    known["family"] = known["key"].map(families)
    rows["home"] = known["home"]
    rows["key"], rows["family"] = (known[name].str.decode("ascii") for name in ("key", "family"))
    rows["group"] = _draw_groups(world, rows, groups, random)
    return rows.sort_values(["begin", "key", "approach"], ignore_index=True)


def _draw_spells(approach: Approach, registrations: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    able = registrations[registrations["order"] > 0] if approach.repeat else registrations
    chosen = able[random.random(len(able)) < approach.share]
    begin = chosen["registered"].to_numpy() + random.integers(20, 150, len(chosen))
    lasting = np.floor(approach.median * np.exp(random.normal(0, 0.6, len(chosen)))).astype(np.int64) + 14
    told = random.random(len(chosen)) < approach.informed
    return pd.DataFrame(
        {
            "person": chosen["person"].to_numpy(), "approach": approach.name, "begin": begin, "end": begin + lasting,
            "informed": np.where(told, begin + random.integers(3, 40, len(chosen)), 0),
        }
    )  # fmt: skip


def _without_overlap(rows: pd.DataFrame) -> pd.DataFrame:
    """Nobody is twice in one approach at a time: the later spell is left out."""
    rows = rows.sort_values(["person", "approach", "begin", "end"], ignore_index=True)
    latest = rows.groupby(["person", "approach"])["end"].cummax()
    before = latest.groupby([rows["person"], rows["approach"]]).shift(fill_value=0)
    return rows[rows["begin"] > before].reset_index(drop=True)


def _draw_groups(world: World, rows: pd.DataFrame, groups: pd.DataFrame, random: np.random.Generator) -> pd.Series:
    """For the group approach a group of the same municipality; empty where there is none, or for another approach."""
    listed = groups.drop_duplicates("code").groupby("municipality")["code"].apply(list).to_dict()
    towns = world.places["municipality"].to_numpy(dtype=object)[rows["home"]]
    draws = random.random(len(rows))
    codes = [
        listed[town][int(draw * len(listed[town]))] if kind == "groepsaanpak" and town in listed else ""
        for town, kind, draw in zip(towns, rows["approach"], draws, strict=True)
    ]
    return pd.Series(codes, dtype=object)


def approaches_file(world: World, spells: pd.DataFrame, year: int, *, as_of: int) -> Write:
    """The delivery of one year: everybody in an approach on some day of it; what lies after day `as_of` is empty."""
    first, last = (int(np.datetime64(day, "D").astype(np.int64)) for day in (f"{year}-01-01", f"{year}-12-31"))
    chosen = spells[(spells["begin"] <= last) & (spells["end"] >= first)].reset_index(drop=True)
    rows = _approach_rows(world, chosen, year, as_of)
    spoil_rows(
        rows,
        [set_cell("einde", "20010101"), set_cell("aanpak", "overleg"), set_cell("groep", "Groep van het plein")],
        world,
        year,
    )
    title = f"{MARK}E LEVERING personen in een aanpak {year}"
    return lambda file: write_person_csv(file, rows, encoding="utf-8-sig", title=title)


def _approach_rows(world: World, rows: pd.DataFrame, year: int, as_of: int) -> pd.DataFrame:
    dutch = year % 2 == 0
    ended = rows["end"] <= as_of
    told = "geïnformeerd op" if dutch else "geinformeerd op"
    return pd.DataFrame(
        {
            "persoon": rows["key"],
            "gezin": rows["family"],
            "aanpak": rows["approach"],
            "groep": rows["group"],
            "gemeente": world.places["municipality"].to_numpy(dtype=object)[rows["home"]],
            "begin": _written(rows["begin"], rows["begin"] > 0, dutch=dutch),
            "einde": _written(rows["end"], ended, dutch=dutch),
            "fase": np.where(ended, "afgesloten", PHASES[np.clip((as_of - rows["begin"]) // 120, 0, 3)]),
            told: _written(rows["informed"], (rows["informed"] > 0) & (rows["informed"] <= as_of), dutch=dutch),
        }
    )


def _written(days: pd.Series, known: pd.Series, *, dutch: bool) -> pd.Series:
    """`d-m-jjjj` or `JJJJMMDD`; empty where not known."""
    if dutch:
        return dates_or_empty(days, known)
    return pd.Series(date_number(days.to_numpy()).astype(str)).where(known.to_numpy(), "")


def groups_file(world: World, groups: pd.DataFrame, half: int) -> Write:
    """The delivery of one half-year; the first two still carry the judgement that was dropped in 2015."""
    year, number = world.years[0] + half // 2, half % 2 + 1
    chosen = groups[groups["half"] == half].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "groep": chosen["code"],
            "halfjaar": f"{number}e halfjaar {year}" if half % 4 == 1 else f"{year}H{number}",
            "gemeente": chosen["municipality"],
            "buurt": codes_in(world, year)[chosen["place"]],
            "omvang": _whole(chosen["size"].to_numpy()),
            "stap": "stap " + chosen["step"].astype(str),
        }
    )
    if half in {0, 1}:
        rows["beoordeling"] = "hinderlijk"
    if len(rows) >= LEAST_FOR_A_FAULT:
        rows.loc[len(rows) // 2, "groep"] = "De boys van het plein"
    titles = ["Jeugdgroepen in beeld, 7-stappenmodel", f"{MARK}: geen echte groepen. {number}e halfjaar {year}"]
    return lambda file: write_workbook(file, rows, sheet="Groepen", titles=titles)


def _whole(numbers: Integers) -> pd.Series:
    """Whole numbers that a sheet can hold."""
    return pd.Series([int(number) for number in numbers], dtype=object)
