"""Areas that are like an area: by what they are, never by the figure that is compared. Pure, but for what it loads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.compare import peers
from dashboard.figures import Publication, load_figures
from dashboard.format import format_number, join_words
from dashboard.indicator import Indicator
from dashboard.sentences import say

TRAITS: Final = {
    "urbanity": "stedelijkheid",
    "income": "inkomen",
    "households_with_children": "huishoudens met kinderen",
    "young": "deel van de inwoners van 12 tot en met 22 jaar",
}
LEAST_AREAS: Final = 10
MOST_PEERS: Final = 15
KNOWN_FOR: Final = 0.9  # a trait that is not known for this part of the areas is left out for all


@dataclass(frozen=True, kw_only=True)
class Peerage:
    """Areas like one area, nearest first, by which traits; `kept` stay when `trait`, that matters most, is left out."""

    codes: list[str]
    distances: list[float]
    traits: list[str]
    kept: int
    trait: str


def load_traits(publication: Publication, areas: tuple[str, ...], year: str, outcome: Indicator) -> pd.DataFrame:
    """Traits by area code, without the outcome itself and without traits that too few areas have."""
    keys = tuple(key for key in TRAITS if key not in {"young", outcome.id})
    rows = _only_shown(load_figures(publication, indicators=keys, areas=areas, period=year))
    table = rows.pivot_table(index="area", columns="indicator", values="value").reindex(areas)
    if outcome.id != "population":
        table["young"] = _share_young(publication, areas, year)
    enough = [name for name in TRAITS if name in table and table[name].notna().mean() >= KNOWN_FOR]
    return table[enough]


def _share_young(publication: Publication, areas: tuple[str, ...], year: str) -> pd.Series:
    asked = {"indicators": ("population",), "areas": areas, "period": year}
    whole = _only_shown(load_figures(publication, **asked))  # type: ignore[arg-type]
    ages = _only_shown(load_figures(publication, **asked, split="age"))  # type: ignore[arg-type]
    bands = ages.pivot_table(index="area", columns="age", values="value")
    teens = bands["12-17"] if "12-17" in bands else pd.Series(dtype=float)
    youth = teens + bands["18-22"] if "18-22" in bands else teens
    return 100 * youth / whole.set_index("area")["value"]


def _only_shown(figures: pd.DataFrame) -> pd.DataFrame:
    return figures[figures["status"] == "shown"]


def find_peers(traits: pd.DataFrame, area: str) -> Peerage | None:
    """The areas most like `area`; None when that area misses a trait.

    traits  by area code, one column per trait
    raises  ValueError when there are too few areas or no traits; see `enough_areas`
    """
    known = traits.dropna()
    if area not in known.index:
        return None
    count = min(MOST_PEERS, max(3, len(known) // 5))
    codes, distances = _nearest(known, area, count)
    left_out = {
        name: _nearest(known.drop(columns=name), area, count)[0] for name in known.columns if known.shape[1] > 1
    }
    kept = {name: len(set(found) & set(codes)) for name, found in left_out.items()}
    trait = min(kept, key=lambda name: kept[name]) if kept else ""
    return Peerage(
        codes=codes, distances=distances, traits=list(known.columns), kept=kept.get(trait, len(codes)), trait=trait
    )


def enough_areas(traits: pd.DataFrame) -> bool:
    """Whether areas can be called like each other at all."""
    return traits.shape[1] >= 2 and len(traits.dropna()) >= LEAST_AREAS


def _nearest(table: pd.DataFrame, area: str, count: int) -> tuple[list[str], list[float]]:
    found = peers(table.to_numpy(dtype=float), count)
    row = table.index.get_loc(area)
    places = [int(place) for place in np.atleast_1d(found.index[row]) if place >= 0]
    return [str(table.index[place]) for place in places], [float(one) for one in found.distance[row][: len(places)]]


def describe_peers(peerage: Peerage, name: str) -> list[str]:
    """Which traits made them alike, the order, and how much hangs on one trait."""
    traits = join_words([TRAITS[key] for key in peerage.traits])
    sentences = [say("peers.lead", area=name, traits=traits), say("peers.order")]
    if peerage.trait:
        words = {"count": len(peerage.codes), "kept": peerage.kept, "trait": TRAITS[peerage.trait]}
        sentences.append(say("peers.stable", **words))
    return sentences


def name_peers(figures: pd.DataFrame, peerage: Peerage, names: Mapping[str, str], *, first: str) -> pd.DataFrame:
    """The figures of the area and its peers, nearest first, with the distance in the heading of the row."""
    order = {first: -1, **{code: place for place, code in enumerate(peerage.codes)}}
    rows = figures[figures["area"].isin(order)]
    rows = rows.assign(place=[order[code] for code in rows["area"]]).sort_values("place")
    heading = [
        names.get(code, code) if code == first else _head(names.get(code, code), peerage.distances[order[code]])
        for code in rows["area"]
    ]
    return rows.assign(heading=heading).drop(columns="place")


def _head(name: str, distance: float) -> str:
    return f"{name} (afstand {format_number(distance, 1)})"
