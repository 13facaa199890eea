"""The small world that sample deliveries describe: areas, inhabitants, and how places differ.

Codes and inhabitants are real (data/reference/areas.csv); what makes one place busier than another is drawn by lot.
A place is where somebody lives or offends: a neighbourhood of today, with the code that it had before 2022 beside it.
"""

import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
AGES = ["age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65"]
COUNTS = ["inhabitants", *AGES]
GROWTH = 1.005  # a year; the counts in areas.csv are of 1 January 2020
FIRST_YEAR, LAST_YEAR = 2019, 2025  # key figure tables and area divisions are known for these years
NEW_DIVISION = 2022
OUTSIDE = {
    "ijmond": ["GM0392", "GM0363", "GM0361", "GM0383"],
    "twente": ["GM0150", "GM0160", "GM0175", "GM0180"],
    "almere": ["GM0995", "GM0363", "GM0050", "GM0406"],
}
"""Municipalities around a region where its young people go, or come from; the first also stands in the key figures."""
OUTSIDE_NAMES = {"GM0392": "Haarlem", "GM0150": "Deventer", "GM0995": "Lelystad"}
FROM_OUTSIDE = 0.16  # share of suspects in the region who live elsewhere

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class World:
    """One region, a span of years, a scale (1 = real size) and the seed that decides the rest.

    areas   rows of areas.csv of the region, both divisions, in the order of CBS: each area before its parts
    """

    region: str
    years: range
    scale: float
    seed: int
    areas: pd.DataFrame

    def stream(self, name: str) -> np.random.Generator:
        """Random numbers of one part of the world: other parts do not change them."""
        return np.random.default_rng([self.seed, zlib.crc32(f"{self.region}/{name}".encode())])

    def growth(self, year: int) -> float:
        """Inhabitants in a year for each inhabitant of 2020 in areas.csv."""
        return self.scale * GROWTH ** (year - 2020)

    def areas_in(self, year: int) -> pd.DataFrame:
        """Areas of the division of a year; the index is that of `areas`."""
        return self.areas[(self.areas["first_year"] <= year) & (self.areas["last_year"] >= year)]

    @cached_property
    def municipalities(self) -> pd.DataFrame:
        """The region's municipalities, in order of code."""
        return self.areas[self.areas["level"] == "municipality"].reset_index(drop=True)

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row a place: code, code_before, municipality, number (of it), youth by single year, weights.

        Neighbourhoods of today in order of code, then the municipalities around (code empty, number from M on).
        """
        return pd.concat([_inside_places(self), _outside_places(self)], ignore_index=True).pipe(_share_outside)


def load_world(*, region: str, years: range, scale: float, seed: int) -> World:
    """Read the reference lists of a preset.

    raises  ValueError for a region that is no preset, years outside 2019-2025, or a scale that is not positive
    """
    presets = read_reference("regions")
    codes = presets.loc[presets["region"] == region, "municipality"].str[2:]
    if codes.empty:
        raise ValueError(f"sample deliveries exist for {sorted(set(presets['region']))}, not for '{region}'")
    if not years or years[0] < FIRST_YEAR or years[-1] > LAST_YEAR or years.step != 1:
        raise ValueError(f"sample deliveries exist for {FIRST_YEAR}-{LAST_YEAR}, in consecutive years")
    if not scale > 0:
        raise ValueError("scale must be more than 0")
    areas = read_reference("areas")
    areas = areas[areas["code"].str[2:6].isin(codes)]
    areas = areas.sort_values("code", key=lambda code: code.str[2:], kind="stable").reset_index(drop=True)
    return World(region=region, years=years, scale=scale, seed=seed, areas=areas)


def read_reference(name: str) -> pd.DataFrame:
    """A list of data/reference; empty cells stay empty texts."""
    return pd.read_csv(REFERENCE / f"{name}.csv", keep_default_na=False)


def count_inhabitants(world: World, year: int) -> pd.DataFrame:
    """Inhabitants on 1 January of every area of that year, as CBS publishes them.

    Municipalities are exact and add up; districts and neighbourhoods are rounded at random to multiples of 5.
    Columns: code, name, level, men, women and those of COUNTS.
    """
    areas = world.areas_in(year)
    random = world.stream(f"inhabitants {year}")
    whole = areas["level"].to_numpy() == "municipality"
    exact = _districts_hold_neighbourhoods(areas)[AGES] * world.growth(year)
    exact["inhabitants"] = exact.sum(axis=1)
    rounded = pd.DataFrame({name: _round_to_fives(exact[name].to_numpy(), random) for name in COUNTS}, exact.index)
    ages = exact[AGES].round().astype(np.int64)
    exact = ages.assign(inhabitants=ages.sum(axis=1))
    counts = rounded.where(np.repeat(~whole[:, None], len(COUNTS), 1), exact)
    men = counts["inhabitants"] * random.normal(0.497, 0.004, len(counts)).clip(0.48, 0.51)
    unit = np.where(whole, 1, 5)
    counts["men"] = (men / unit).round().astype(np.int64) * unit
    counts["women"] = counts["inhabitants"] - counts["men"]
    return areas[["code", "name", "level"]].join(counts)


def _districts_hold_neighbourhoods(areas: pd.DataFrame) -> pd.DataFrame:
    """Of a district the sum of its neighbourhoods of this year: the reference list has the district of another year."""
    homes = areas[areas["level"] == "neighbourhood"]
    sums = homes.groupby("WK" + homes["code"].str[2:8])[AGES].sum()
    held = areas["code"].isin(sums.index)
    filled = areas[AGES].astype(float)
    filled.loc[held] = sums.loc[areas.loc[held, "code"]].to_numpy(dtype=float)
    return areas.assign(**filled)


def _round_to_fives(exact: Floats, random: np.random.Generator) -> Integers:
    return (np.floor(exact / 5 + random.random(len(exact))) * 5).astype(np.int64)


def _inside_places(world: World) -> pd.DataFrame:
    """Neighbourhoods of today; youth is brought to the municipality's exact total."""
    today = world.areas_in(LAST_YEAR)
    homes = today[today["level"] == "neighbourhood"]
    random = world.stream("places")
    code = homes["code"].reset_index(drop=True)
    places = pd.DataFrame({"code": code, "code_before": _codes_before(world, homes, random)})
    places["municipality"] = "GM" + code.str[2:6]
    places["number"] = world.municipalities["code"].searchsorted(places["municipality"])
    for name, ages, years in (("youth_10_14", "age_0_14", 15), ("youth_15_22", "age_15_24", 10)):
        counts = homes[ages].reset_index(drop=True).astype(float)
        total = world.municipalities[ages].to_numpy()[places["number"]]
        places[name] = counts / counts.groupby(places["number"]).transform("sum") * total / years
    places["risk"] = _draw_risk(places, random)
    places["pull"] = (homes["inhabitants"].to_numpy() + 60) * np.exp(random.normal(0, 0.55, len(places)))
    places.loc[homes["name"].str.contains("entrum|City|Binnenstad").to_numpy(), "pull"] *= 2.5
    return places


def _draw_risk(places: pd.DataFrame, random: np.random.Generator) -> Floats:
    """How many times the regional rate a place has: municipality, district and neighbourhood each differ."""
    risk = np.zeros(len(places))
    for codes, spread in ((places["municipality"], 0.12), (places["code"].str[2:8], 0.3), (places["code"], 0.3)):
        numbers, names = pd.factorize(codes)
        risk += random.normal(0, spread, len(names))[numbers]
    youth = places["youth_15_22"].to_numpy()
    return np.asarray(np.exp(risk) * youth.sum() / (np.exp(risk) * youth).sum())


def _codes_before(world: World, homes: pd.DataFrame, random: np.random.Generator) -> list[str]:
    """Code before 2022: its own, or a neighbourhood that ended, in the same district if one ended there."""
    before = world.areas_in(NEW_DIVISION - 1)
    before = before[before["level"] == "neighbourhood"]
    ended = before[before["last_year"] < NEW_DIVISION]
    return [
        code if first < NEW_DIVISION else _draw_code(code, parent, ended if len(ended) else before, random)
        for code, parent, first in zip(homes["code"], homes["parent"], homes["first_year"], strict=True)
    ]


def _draw_code(code: str, parent: str, ended: pd.DataFrame, random: np.random.Generator) -> str:
    near = ended[ended["parent"] == parent]
    near = near if len(near) else ended[ended["code"].str[2:6] == code[2:6]]
    weight = near["inhabitants"].to_numpy() + 1.0
    return str(random.choice(near["code"].to_numpy(dtype=object), p=weight / weight.sum()))


def _outside_places(world: World) -> pd.DataFrame:
    codes = OUTSIDE[world.region]
    numbers = range(len(world.municipalities), len(world.municipalities) + len(codes))
    places = pd.DataFrame({"municipality": codes, "number": numbers})
    return places.assign(code="", code_before="", youth_10_14=np.nan, youth_15_22=np.nan, risk=1.0, pull=1.0)


def _share_outside(places: pd.DataFrame) -> pd.DataFrame:
    """Give the municipalities around so many young visitors that they are FROM_OUTSIDE of the suspects here."""
    outside = places["code"] == ""
    for name in ("youth_10_14", "youth_15_22"):
        inside = float(places.loc[~outside, name].sum())
        places.loc[outside, name] = inside * FROM_OUTSIDE / (1 - FROM_OUTSIDE) / outside.sum()
    return places
