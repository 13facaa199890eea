"""From the areas of one year to those of another: which became which, and how much of that is an estimate.

Codes of districts and neighbourhoods change every 1 January, and a code may come back with another meaning. Evidence
goes in this order: CBS says that the area did not change; the boundaries of both years; nothing in the municipality
was renumbered; the same code with the same name. Without evidence an area is broken off: its series starts anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely

from pipelines.overlap import LISTED_M, TOLERANCE_M, is_same_place, share_out

AREA_COLUMNS = ("code", "name", "change", "inhabitants", "shape", "vintage")
LARGEST_ESTIMATE = 0.10
"""A figure of which a larger share of the inhabitants had to be estimated is not published, and its series refused."""
UNCHANGED, CHANGED = "1", "3"
"""What CBS says of an area in its key figures, against the year before (2: only its code changed)."""
GROWN, LEAST = 2.0, 150
"""The same code and name is another area when its inhabitants doubled or halved, by at least this many."""


@dataclass(frozen=True, kw_only=True)
class Links:
    """How the areas of one year lie in those of another.

    weights  from_code, to_code, weight: the share of the inhabitants of the one that lives in the other
    broken   codes of the other year of which the past is not known
    """

    weights: pd.DataFrame
    broken: frozenset[str]


def link(old: pd.DataFrame, new: pd.DataFrame) -> Links:
    """From the areas of a year to those of the next one, one level at a time.

    old, new  AREA_COLUMNS: name is NULL unless it is the name of that very year; change is what CBS says of it;
              shape is in metres, of the boundaries of the year `vintage`, or None
    """
    both = old.merge(new, on="code", suffixes=("", "_new"))
    same = set(both.loc[_is_same(both, _renumbered(old, new)), "code"])
    rest_old, rest_new = old[~old["code"].isin(same)], new[~new["code"].isin(same)]
    blind = _municipalities(rest_old[rest_old["shape"].isna()]) | _municipalities(rest_new[rest_new["shape"].isna()])
    drawn_old, drawn_new = (rest[~_municipality(rest).isin(blind)] for rest in (rest_old, rest_new))
    shared = share_out(drawn_old, drawn_new)
    kept = pd.DataFrame({"from_code": sorted(same), "to_code": sorted(same), "weight": 1.0})
    weights = pd.concat([kept, shared], ignore_index=True)
    return Links(weights=weights, broken=frozenset(set(new["code"]) - set(weights["to_code"])))


def _is_same(both: pd.DataFrame, renumbered: set[str]) -> "pd.Series[bool]":
    """Whether a code that both years have means the same place in both."""
    grown = (both["inhabitants_new"] / both["inhabitants"].where(both["inhabitants"] > 0)).fillna(1.0)
    jumped = ~grown.between(1 / GROWN, GROWN) & ((both["inhabitants_new"] - both["inhabitants"]).abs() >= LEAST)
    named = both["name"].notna() & (both["name"] == both["name_new"]) & ~jumped
    listed = (~_municipality(both).isin(renumbered) | named) & (both["change_new"] != CHANGED)
    drawn = both["shape"].notna() & both["shape_new"].notna() & (both["vintage"] != both["vintage_new"])
    places = [
        is_same_place(one, other, LISTED_M if is_listed else TOLERANCE_M) if is_drawn else is_listed
        for is_drawn, is_listed, one, other in zip(drawn, listed, both["shape"], both["shape_new"], strict=True)
    ]
    return (both["change_new"] == UNCHANGED) | pd.Series(places, index=both.index, dtype=bool)


def _renumbered(old: pd.DataFrame, new: pd.DataFrame) -> set[str]:
    """Municipalities in which a code began or ended."""
    return _municipalities(old[~old["code"].isin(new["code"])]) | _municipalities(new[~new["code"].isin(old["code"])])


def _municipality(areas: pd.DataFrame) -> "pd.Series[str]":
    return areas["code"].str[2:6]


def _municipalities(areas: pd.DataFrame) -> set[str]:
    return set(_municipality(areas))


def follow(first: Links, second: Links) -> Links:
    """Two steps as one: what is broken off halfway is broken off."""
    joined = first.weights.merge(second.weights, left_on="to_code", right_on="from_code", suffixes=("", "_then"))
    joined["weight"] *= joined["weight_then"]
    weights = joined.groupby(["from_code", "to_code_then"])["weight"].sum().reset_index()
    lost = second.weights.loc[second.weights["from_code"].isin(first.broken), "to_code"]
    return Links(weights=weights.rename(columns={"to_code_then": "to_code"}), broken=second.broken | frozenset(lost))


def link_steps(divisions: Mapping[int, pd.DataFrame]) -> dict[int, Links]:
    """From every year to the next one that there is; divisions are AREA_COLUMNS by year.

    What CBS says is about one year: where a year between lacks, only that an area changed is used.
    """
    steps = {}
    for year, after in pairwise(sorted(divisions)):
        new = divisions[after]
        told = new["change"] if after == year + 1 else new["change"].where(new["change"] == CHANGED)
        steps[year] = link(divisions[year], new.assign(change=told))
    return steps


def link_all(steps: Mapping[int, Links], codes: Sequence[str], to_year: int) -> dict[int, Links]:
    """From every year up to a chosen one to that year, of which these are the codes."""
    itself = pd.DataFrame({"from_code": sorted(codes), "to_code": sorted(codes), "weight": 1.0})
    links = {to_year: Links(weights=itself, broken=frozenset())}
    following = to_year
    for year in sorted((one for one in steps if one < to_year), reverse=True):
        links[year] = follow(steps[year], links[following])
        following = year
    return links


def judge(links: Links, inhabitants: "pd.Series[float]") -> pd.DataFrame:
    """What a series may do with each area of the new year: code, how, was, estimated.

    inhabitants  of the old areas, by code
    how          same: it is the old area `was`; merged: old areas as a whole; estimated: partly shared out;
                 broken: its past is not known, or more than LARGEST_ESTIMATE of it is an estimate
    estimated    share of the inhabitants whose place had to be estimated: of an area that was divided the smaller side
                 of each border, since the rest follows from it
    """
    rows = links.weights.assign(people=links.weights["from_code"].map(inhabitants).astype(float))
    parts = rows["weight"].clip(upper=1 - rows["weight"]).where(rows["weight"] < WHOLE, 0.0)
    rows = rows.assign(moved=rows["people"] * parts, people=rows["people"] * rows["weight"], partly=parts > 0)
    found = rows.groupby("to_code").agg(
        was=("from_code", "first"), parts=("from_code", "size"), partly=("partly", "any"),
        moved=("moved", lambda one: one.sum(skipna=False)), people=("people", lambda one: one.sum(skipna=False)),
    )  # fmt: skip
    share = (found["moved"] / found["people"].where(found["people"] > 0)).fillna(1.0).where(found["partly"], 0.0)
    how = np.select([found["partly"], found["parts"] > 1], ["estimated", "merged"], default="same")
    how = np.where((share > LARGEST_ESTIMATE) | found.index.isin(links.broken), "broken", how)
    judged = pd.DataFrame(
        {"code": found.index, "how": how, "was": found["was"].where(how == "same"), "estimated": share}
    )
    lost = sorted(links.broken - set(found.index))
    judged = pd.concat([judged, pd.DataFrame({"code": lost, "how": "broken"})], ignore_index=True)
    judged["estimated"] = judged["estimated"].astype(float).where(judged["how"] != "broken")
    return judged.sort_values("code", ignore_index=True)[["code", "how", "was", "estimated"]]


WHOLE = 1 - 1e-9


def find_vintage(codes: set[str], year: int, delivered: Mapping[int, set[str]]) -> int | None:
    """The boundaries that draw a municipality's areas of a year: of that year, else the nearest with the same codes.

    delivered  codes by vintage, of one municipality and level
    """
    if year in delivered:
        return year
    fitting: Sequence[int] = [vintage for vintage, drawn in delivered.items() if drawn == codes]
    return min(fitting, key=lambda vintage: (abs(vintage - year), vintage), default=None)


def draw_districts(shapes: pd.DataFrame) -> pd.DataFrame:
    """Shapes with districts added as the union of their neighbourhoods, for vintages that lack them: code, year, shape."""
    inside = shapes[shapes["code"].str.startswith("BU")].assign(code=lambda rows: "WK" + rows["code"].str[2:8])
    whole = inside.groupby(["code", "year"])["shape"].agg(lambda parts: shapely.union_all(list(parts))).reset_index()
    return pd.concat([shapes, whole], ignore_index=True).drop_duplicates(["code", "year"], ignore_index=True)
