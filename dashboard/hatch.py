"""Stripes over an area on the map, cut off at its border: plotly has no patterns for areas. Pure: public shapes only."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import shapely

STRIPES: Final = 42  # over the whole height of the map
Points = tuple[Sequence[float | None], Sequence[float | None]]
NO_STRIPES: Final[Points] = ((), ())


def read_shapes(geojson: str) -> dict[str, shapely.Geometry]:
    """Shapes by area code, of a FeatureCollection as text."""
    features = json.loads(geojson)["features"]
    return {str(one["id"]): shapely.make_valid(shapely.geometry.shape(one["geometry"])) for one in features}


def draw_stripes(shapes: Mapping[str, shapely.Geometry], striped: Iterable[str], drawn: Iterable[str]) -> Points:
    """Longitudes and latitudes of slanting lines over the areas `striped`; None lifts the pen.

    drawn  all areas on the map: their height decides how far the lines lie apart
    """
    bounds = [shapes[code].bounds for code in drawn if code in shapes]
    if not bounds:
        return NO_STRIPES
    south, north = min(one[1] for one in bounds), max(one[3] for one in bounds)
    step = (north - south) / STRIPES
    longitudes: list[float | None] = []
    latitudes: list[float | None] = []
    for code in striped:
        for line in _stripes(shapes[code], step) if code in shapes else ():
            points = np.round(shapely.get_coordinates(line), 5)
            longitudes += [*(float(one) for one in points[:, 0]), None]
            latitudes += [*(float(one) for one in points[:, 1]), None]
    return longitudes, latitudes


def _stripes(shape: shapely.Geometry, step: float) -> list[shapely.Geometry]:
    """Lines at a slant through one shape, on one raster for the whole map; a small shape has at least one."""
    west, south, east, north = shape.bounds
    slant = (north - south) * 0.6 or step
    first, last = int(np.floor((west - slant) / step)), int(np.ceil(east / step))
    lines = [
        shapely.LineString([(place * step, south), (place * step + slant, north)]) for place in range(first, last + 1)
    ]
    if not any(line.intersects(shape) for line in lines):
        middle = shape.representative_point()
        half = slant / 2
        lines = [shapely.LineString([(middle.x - half, south), (middle.x + half, north)])]
    cut = shapely.intersection(lines, shape)
    return [part for part in shapely.get_parts(cut) if part.geom_type == "LineString" and part.length > 0]
