"""A tile map from label points, for when there is no boundary file: the places are right, the borders made up.

All neighbourhoods of all municipalities share one Voronoi division, so neighbours touch and nothing overlaps. The
outline is a rounded hull around the points; districts and municipalities are unions of their neighbourhoods. Real
borders, coast and water are not in it: the screen must say "Gestileerde kaart: de grenzen zijn niet echt".
"""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipelines.boundaries import RD_NEW, WGS84, round_shapes

Geometries = NDArray[Any]

LONELY_M = 1_500.0  # half the width of a municipality of which one point is known
MARGIN_M = (500.0, 2_500.0)  # least and most room around the outermost points
CLOSING_M = 3_000.0  # bays and gaps narrower than twice this are filled
HOLE_M2 = 25e6  # smaller holes are filled; a larger one may be another municipality
TWIN_M = 150.0  # points on one spot are set this far apart


def draw_stylised(points: pd.DataFrame) -> gpd.GeoDataFrame:
    """A made-up map in which every neighbourhood, its district and its municipality has an area.

    points      code (BU...), parent (the municipality, or a district of it), lon, lat; one row per neighbourhood
    returns     code, geometry (EPSG:4326, 5 decimals, clockwise): neighbourhoods, districts and municipalities, sorted
                by code; None where the point is missing. Same points, same map, whatever their order.
    """
    rows = points.sort_values("code").reset_index(drop=True)
    located = rows[rows["lon"].notna() & rows["lat"].notna()]
    cells = _cells(located) if len(located) else np.array([], dtype=object)
    shapes = pd.Series(cells, index=located.index, dtype=object).reindex(rows.index)
    return _to_map(_with_unions(rows["code"], shapes))


def _cells(located: pd.DataFrame) -> Geometries:
    """The Voronoi cell of each point in RD New, within the outline of its region."""
    spots = _spread(_metres(located))
    outline = _outline(spots, located["parent"].astype("str").str[2:6].to_numpy())
    if len(spots) == 1:
        return np.array([outline], dtype=object)
    room = outline.envelope.buffer(CLOSING_M)
    division = shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=room, ordered=True)
    return np.asarray(shapely.intersection(shapely.get_parts(division), outline), dtype=object)


def _metres(located: pd.DataFrame) -> NDArray[np.float64]:
    """RD New coordinates, shape (n, 2): true distances, where degrees would stretch the cells."""
    spots = gpd.GeoSeries(gpd.points_from_xy(located["lon"], located["lat"]), crs=WGS84).to_crs(RD_NEW)
    return np.column_stack([spots.x, spots.y])


def _spread(spots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on (nearly) one spot moved apart on a small spiral, since each needs a cell of its own."""
    frame = pd.DataFrame(np.round(spots / 10), columns=["x", "y"])
    turn = frame.groupby(["x", "y"]).cumcount().to_numpy()
    angle, distance = turn * np.pi * (3 - 5**0.5), TWIN_M * np.sqrt(turn)
    moved: NDArray[np.float64] = spots + distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return moved


def _outline(spots: NDArray[np.float64], municipality: NDArray[Any]) -> Any:
    """One rounded outline around all municipalities; narrow gaps between them and small holes are closed."""
    hulls = [_hull(spots[municipality == code]) for code in np.unique(municipality)]
    joined = shapely.union_all(hulls)
    closed = shapely.union_all([joined, joined.buffer(CLOSING_M).buffer(-CLOSING_M)])
    holes = shapely.polygons(shapely.get_rings(shapely.get_parts(closed)))
    return shapely.union_all([closed, *holes[shapely.area(holes) < HOLE_M2]])


def _hull(spots: NDArray[np.float64]) -> Any:
    points = shapely.multipoints(spots)
    if len(spots) == 1:
        return points.buffer(LONELY_M)
    between = shapely.distance(shapely.points(spots)[:, None], shapely.points(spots)[None, :])
    np.fill_diagonal(between, np.inf)
    margin = float(np.clip(np.median(between.min(axis=1)), *MARGIN_M))
    return shapely.concave_hull(points, ratio=0.4).buffer(margin)


def _with_unions(codes: "pd.Series[str]", shapes: "pd.Series[Any]") -> dict[str, Any]:
    """Neighbourhoods with the districts and municipalities that they form, by code."""
    parts: dict[str, list[Any]] = {}
    for code, shape in zip(codes, shapes, strict=True):
        for area in (code, f"WK{code[2:8]}", f"GM{code[2:6]}"):
            parts.setdefault(area, []).extend([shape] if isinstance(shape, shapely.Geometry) else [])
    return {code: shapely.union_all(parts[code]) if parts[code] else None for code in sorted(parts)}


def _to_map(shapes: dict[str, Any]) -> gpd.GeoDataFrame:
    """Lon/lat, rounded last: rounding the parts of a union first would leave hair-thin holes in it."""
    placed = gpd.GeoSeries(list(shapes.values()), crs=RD_NEW).to_crs(WGS84)
    return gpd.GeoDataFrame({"code": list(shapes)}, geometry=round_shapes(placed.to_numpy()), crs=WGS84)
