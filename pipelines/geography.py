"""The areas of every year with their shape: from delivered boundaries, else a stylised map of the label points.

A shape belongs to a code of one vintage. A year takes the nearest vintage that has the code; what has no shape is
listed as a problem and stays in the list of areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from pipelines.boundaries import BoundaryError, read_boundaries, simplify, to_geojson_text
from pipelines.errors import ContractError
from pipelines.stylised import draw_stylised

NO_SHAPE = "Voor dit gebied is geen grens geleverd; het staat niet op de kaart."
LARGEST_LEVEL = 350_000  # bytes of GeoJSON


@dataclass(frozen=True, kw_only=True)
class Geography:
    """areas: code, name, level, parent, year, geometry (GeoJSON text or None), stylised; problems: code, year, problem."""

    areas: pd.DataFrame
    problems: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """Delivered shapes, small enough to draw: code, name, year, geometry; problems; shapes and notes per file.

    exact  the same with all their points, to measure with
    """

    shapes: gpd.GeoDataFrame
    exact: gpd.GeoDataFrame
    problems: pd.DataFrame
    counts: dict[Path, int]
    notes: dict[Path, str]


def read_shapes(files: Sequence[Path], municipalities: Sequence[str]) -> Shapes:
    """All delivered boundary files.

    raises  ContractError when a file cannot be read as boundaries
    """
    try:
        read = [read_boundaries(file, municipalities=municipalities) for file in files]
        for file, one in zip(files, read, strict=True):
            if one.shapes.geometry.notna().sum() == 0:
                raise BoundaryError(f"{file.name}: no shape of this region's areas")
        shapes = pd.concat([one.shapes for one in read], ignore_index=True)
        shapes = shapes.drop_duplicates(["code", "year"], keep="last", ignore_index=True)
        exact = gpd.GeoDataFrame(shapes)
        small = simplify(exact, max_bytes=LARGEST_LEVEL)
    except BoundaryError as error:
        raise ContractError(f"areas: {error}\nTake the file as CBS or PDOK publishes it") from error
    problems = pd.concat([one.problems for one in read], ignore_index=True)
    counts = {file: len(one.shapes) for file, one in zip(files, read, strict=True)}
    notes = {file: " ".join(one.notes) for file, one in zip(files, read, strict=True)}
    return Shapes(shapes=small, exact=exact, problems=problems, counts=counts, notes=notes)


def attach_shapes(areas: pd.DataFrame, shapes: Shapes | None, points: pd.DataFrame) -> Geography:
    """Give every area of every year its shape.

    areas   code, name, level, parent, year
    shapes  None when no boundaries were delivered: then a stylised map is drawn
    points  reference label points: code, level, parent, first_year, last_year, lon, lat
    """
    parts = []
    for year, of_year in areas.groupby("year"):
        vintage = int(str(year))
        found = _nearest(of_year, shapes.shapes, vintage) if shapes else _stylised(of_year, points, vintage)
        drawn = pd.Series([found.get(code) for code in of_year["code"]], index=of_year.index, dtype=object)
        parts.append(of_year.assign(geometry=drawn, stylised=shapes is None))
    whole = pd.concat(parts, ignore_index=True)
    absent = whole[whole["geometry"].isna() & (whole["level"] != "region")][["code", "year"]].assign(problem=NO_SHAPE)
    told = [shapes.problems, absent] if shapes else [absent]
    problems = pd.concat(told, ignore_index=True).drop_duplicates(["code", "year", "problem"], ignore_index=True)
    whole["geometry"] = [to_geojson_text(shape) for shape in whole["geometry"]]
    return Geography(areas=whole, problems=problems)


def _nearest(areas: pd.DataFrame, shapes: gpd.GeoDataFrame, year: int) -> dict[str, shapely.Geometry]:
    """Code -> shape of the nearest vintage; a level that was not delivered is the union of what lies in it."""
    present = shapes[shapes.geometry.notna()]
    distance = (present["year"].fillna(year).astype(int) - year).abs()
    nearest = present.assign(distance=distance).sort_values(["code", "distance", "year"]).drop_duplicates("code")
    known = set(areas["code"])
    found = {code: shape for code, shape in zip(nearest["code"], nearest.geometry, strict=True) if code in known}
    for level in ("district", "municipality", "region"):
        for code in areas.loc[areas["level"] == level, "code"]:
            children = areas.loc[areas["parent"] == code, "code"]
            if code not in found and len(children) and all(child in found for child in children):
                found[code] = shapely.union_all([found[child] for child in children])
    return found


def _stylised(areas: pd.DataFrame, points: pd.DataFrame, year: int) -> dict[str, shapely.Geometry]:
    of_year = points[
        (points["level"] == "neighbourhood") & (points["first_year"] <= year) & (points["last_year"] >= year)
    ]
    wanted = of_year[of_year["code"].isin(areas["code"])]
    if wanted.empty:
        return {}
    drawn = draw_stylised(wanted[["code", "parent", "lon", "lat"]])
    found = {code: shape for code, shape in zip(drawn["code"], drawn.geometry, strict=True) if shape is not None}
    for code in areas.loc[areas["level"] == "region", "code"]:
        parts = [found[child] for child in areas.loc[areas["parent"] == code, "code"] if child in found]
        found[code] = shapely.union_all(parts)
    return found
