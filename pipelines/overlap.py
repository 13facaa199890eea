"""Which part of an area lies in which other one, in metres. Pure geometry.

Boundaries are published with fewer points, other ones each year: borders that lie less than TOLERANCE_M apart are the
same border, and a strip that narrow is no overlap. Where the lists say that nothing changed, borders up to LISTED_M
apart are believed: CBS itself tells of smaller changes in its key figures.
"""

from typing import Any

import numpy as np
import pandas as pd
import shapely

TOLERANCE_M, LISTED_M = 50.0, 100.0


def is_same_place(one: Any, other: Any, tolerance_m: float = TOLERANCE_M) -> bool:
    """Whether two shapes differ by nothing wider than the tolerance."""
    return _is_strip(shapely.symmetric_difference(one, other), tolerance_m)


def share_out(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Links from old areas to the new ones they lie in: from_code, to_code, weight; the weights of an old area make 1.

    old, new  code, shape, and in `new` inhabitants. Where people live within an old area is read from the new ones: by
              their inhabitants per square metre, evenly within each. When these are not known, or nobody lives there,
              by surface alone
    """
    if old.empty or new.empty:
        return pd.DataFrame({"from_code": [], "to_code": [], "weight": []}).astype({"weight": float})
    pieces = _pieces(old, new)
    people = (new["inhabitants"].astype(float) / shapely.area(new["shape"].to_numpy())).set_axis(new["code"])
    pieces["mass"] = pieces["surface"] * pieces["to_code"].map(people)
    known = pieces.groupby("from_code")["mass"].transform(lambda mass: mass.sum(skipna=False)) > 0
    pieces["mass"] = pieces["mass"].where(known, pieces["surface"])
    pieces["weight"] = pieces["mass"] / pieces.groupby("from_code")["mass"].transform("sum")
    return pieces.loc[pieces["weight"] > 0, ["from_code", "to_code", "weight"]].reset_index(drop=True)


def _pieces(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Every overlap that is more than a strip, with its surface; the largest one of an old area always counts."""
    shapes_old, shapes_new = old["shape"].to_numpy(), new["shape"].to_numpy()
    ours, theirs = shapely.STRtree(shapes_new).query(shapes_old, predicate="intersects")
    overlaps = shapely.intersection(shapes_old[ours], shapes_new[theirs])
    pieces = pd.DataFrame({
        "from_code": old["code"].to_numpy()[ours], "to_code": new["code"].to_numpy()[theirs],
        "surface": shapely.area(overlaps), "strip": np.array([_is_strip(one) for one in overlaps], dtype=bool),
    })  # fmt: skip
    largest = pieces["surface"] == pieces.groupby("from_code")["surface"].transform("max")
    kept = pieces[(pieces["surface"] > 0) & (~pieces["strip"] | largest)]
    return kept.drop_duplicates(["from_code", "to_code"], ignore_index=True)


def _is_strip(shape: Any, tolerance_m: float = TOLERANCE_M) -> bool:
    return bool(shapely.is_empty(shapely.buffer(shape, -tolerance_m / 2)))
