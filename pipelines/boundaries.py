"""Boundaries as CBS publishes them: read, check, mend, and make small enough for a web page.

The crs member of a file is a claim, not a fact: GDAL calls every GeoJSON without one lon/lat, also when it holds
metres. Coordinates decide. A shape that is missing or was mended stays in the list and is reported in plain Dutch;
nothing is dropped silently.
"""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

WGS84, RD_NEW = 4326, 28992
DECIMALS = 5  # about a metre
NETHERLANDS = (2.5, 50.5, 7.6, 55.8)  # lon, lat, lon, lat; the North Sea areas included

CODE_FIELDS = ("statcode", "code", "gwb_code", "buurtcode", "bu_code", "wijkcode", "wk_code", "gemeentecode", "gm_code")
NAME_FIELDS = ("statnaam", "name", "naam", "buurtnaam", "bu_naam", "wijknaam", "wk_naam", "gemeentenaam", "gm_naam")
YEAR_FIELDS = ("jrstatcode", "jaar", "year")
CODE = re.compile(r"(?:GM\d{4}|WK\d{6}|BU\d{8})")
LEVELS = {"GM": "municipality", "WK": "district", "BU": "neighbourhood"}
LEVELS_NL = {"municipality": "gemeentegrens", "district": "wijken", "neighbourhood": "buurten"}

COLLAPSED = "De vorm is geen vlak en kan niet op de kaart."
MENDED = "De grens had een fout (de lijn raakt of kruist zichzelf) en is hersteld."
MISSING = "Het bestand heeft geen vorm voor dit gebied."
NOTE_RD = "Het bestand noemt het coördinatenstelsel niet of verkeerd; de coördinaten zijn RD New (EPSG:28992)."
NOTE_WGS84 = (
    "Het bestand noemt het coördinatenstelsel niet of verkeerd; de coördinaten zijn lengte/breedte (EPSG:4326)."
)

Geometries = NDArray[Any]


class BoundaryError(Exception):
    """The boundary file cannot be used; take the file as CBS or PDOK publishes it."""


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """What a file holds of the wanted municipalities.

    shapes      GeoDataFrame code, name, level, year (Int64, may be missing), geometry (EPSG:4326, may be None)
    problems    frame code, year, problem: one Dutch sentence per area and problem
    notes       Dutch sentences about the file as a whole
    """

    shapes: gpd.GeoDataFrame
    problems: pd.DataFrame
    notes: tuple[str, ...]


def read_boundaries(path: Path, *, municipalities: Collection[str]) -> Boundaries:
    """Read one GeoJSON or GeoPackage: every layer with CBS codes, only the areas of the wanted municipalities.

    municipalities  CBS codes such as GM0375; districts and neighbourhoods follow from their own codes
    returns         one shape per code and year; water parts are left out, parts of one code are joined
    raises          BoundaryError when the file cannot be read, holds no CBS codes or lies outside the Netherlands
    """
    layers = [layer for layer in _read_layers(path) if len(layer)]
    if not layers:
        raise BoundaryError(f"{path.name}: no layer with CBS area codes; looked for columns {', '.join(CODE_FIELDS)}")
    wanted = {code[-4:] for code in municipalities}
    mended, problems = zip(*(_mend(_select(layer, wanted)) for layer in layers), strict=True)
    placed, notes = zip(*(_place(rows, path) for rows in mended), strict=True)
    rows = gpd.GeoDataFrame(pd.concat(placed, ignore_index=True), crs=WGS84)
    found = pd.concat([*problems, _missing_levels(rows, municipalities)], ignore_index=True)
    return Boundaries(
        shapes=_join_parts(rows),
        problems=found.drop_duplicates(ignore_index=True),
        notes=tuple(dict.fromkeys([*_note_strange_codes(layers), *(note for note in notes if note)])),
    )


def _read_layers(path: Path) -> list[gpd.GeoDataFrame]:
    try:
        layers = pyogrio.list_layers(path)
        names = [name for name, kind in layers if kind and not re.search("Point|Line", kind)]
        return [_read_layer(path, name) for name in names]
    except pyogrio.errors.DataSourceError as error:
        raise BoundaryError(f"{path.name}: not a GeoJSON or GeoPackage that can be read") from error


def _read_layer(path: Path, layer: str) -> gpd.GeoDataFrame:
    """One layer as code, name, year, geometry: text stripped, water left out; empty when it has no code column."""
    fields = list(pyogrio.read_info(path, layer=layer)["fields"])
    code, name = _pick(fields, CODE_FIELDS), _pick(fields, NAME_FIELDS)
    year, water = _pick(fields, YEAR_FIELDS), _pick(fields, ("water", "h2o"))
    if code is None:
        return gpd.GeoDataFrame({"code": [], "name": [], "year": []}, geometry=[], crs=WGS84)
    columns = list(dict.fromkeys(column for column in (code, name, year, water) if column))
    rows = gpd.read_file(path, layer=layer, columns=columns, force_2d=True, on_invalid="ignore")
    land = _text(rows, water).str.upper() != "JA"
    return gpd.GeoDataFrame(
        {"code": _text(rows, code).str.upper(), "name": _text(rows, name), "year": _years(_text(rows, year), path)},
        geometry=rows.geometry,
    )[land]


def _pick(fields: list[str], aliases: tuple[str, ...]) -> str | None:
    known = {field.strip().lower(): field for field in fields}
    return next((known[alias] for alias in aliases if alias in known), None)


def _text(rows: pd.DataFrame, column: str | None) -> "pd.Series[str]":
    if column is None:
        return pd.Series("", index=rows.index, dtype="str")
    stripped: pd.Series[str] = rows[column].fillna("").astype("str").str.strip()
    return stripped


def _years(values: "pd.Series[str]", path: Path) -> "pd.Series[int]":
    in_name = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", path.stem)
    years = pd.to_numeric(values.str.extract(r"^((?:19|20)\d\d)")[0], errors="coerce").astype("Int64")
    return years.fillna(int(in_name[0])) if in_name else years


def _note_strange_codes(layers: list[gpd.GeoDataFrame]) -> list[str]:
    strange = sum(int((~layer["code"].str.fullmatch(CODE)).sum()) for layer in layers)
    return [f"Aantal rijen zonder geldige CBS-code, niet gebruikt: {strange}."] if strange else []


def _select(layer: gpd.GeoDataFrame, wanted: set[str]) -> gpd.GeoDataFrame:
    ours = layer["code"].str.fullmatch(CODE) & layer["code"].str[2:6].isin(wanted)
    rows = layer[ours].copy()
    rows.insert(2, "level", rows["code"].str[:2].map(LEVELS))
    return rows


def _place(rows: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, str | None]:
    """Rows in lon/lat, and a note when the coordinates contradict what the file says of itself."""
    if rows.geometry.is_empty.all() or rows.geometry.isna().all():
        return rows.set_crs(WGS84, allow_override=True), None
    for system, note in ((rows.crs, None), (RD_NEW, NOTE_RD), (WGS84, NOTE_WGS84)):
        if system is None:
            continue
        placed = rows.set_crs(system, allow_override=True).to_crs(WGS84)
        if _in_netherlands(placed.total_bounds):
            return placed, note
    raise BoundaryError(f"{path.name}: the coordinates are not in the Netherlands, in RD New nor in lon/lat")


def _in_netherlands(bounds: NDArray[np.float64]) -> bool:
    west, south, east, north = NETHERLANDS
    return bool(bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north)


def _mend(rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Rows with a valid area or None as geometry, and what was wrong; in the file's own coordinates, which are exact."""
    shapes: Geometries = rows.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    invalid = ~missing & ~shapely.is_valid(shapes)
    valid = np.where(invalid, shapely.make_valid(shapes, method="structure", keep_collapsed=False), shapes)
    areas = np.array([_areas_only(shape) for shape in valid], dtype=object)
    collapsed = ~missing & shapely.is_missing(areas)
    problem = np.select([missing, collapsed, invalid], [MISSING, COLLAPSED, MENDED], default="")
    problems = rows[["code", "year"]].assign(problem=problem)
    return rows.set_geometry(gpd.GeoSeries(areas, index=rows.index, crs=rows.crs)), problems[problem != ""]


def _areas_only(shape: Any) -> Any:
    if shape is None:
        return None
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    kept = [part for part in parts if not part.is_empty]
    return None if not kept else kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _join_parts(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row per code and year; parts of one area become one shape."""
    first = rows.drop_duplicates(["code", "year"]).set_index(["code", "year"])
    repeated = rows[rows.duplicated(["code", "year"], keep=False)]
    for key, parts in repeated.groupby(["code", "year"], dropna=False):
        known = [shape for shape in parts.geometry if shape is not None]
        first.loc[[key], "geometry"] = shapely.union_all(known) if known else None
    shapes = first.reset_index()[["code", "name", "level", "year", "geometry"]]
    return shapes.sort_values(["code", "year"]).reset_index(drop=True)


def _missing_levels(rows: gpd.GeoDataFrame, municipalities: Collection[str]) -> pd.DataFrame:
    """A wanted municipality without any area at a level that the file has for others."""
    present = set(zip(rows["level"], rows["code"].str[2:6], strict=True))
    levels = sorted(set(rows["level"])) or [""]
    gaps = [
        (code, pd.NA, f"Het bestand heeft geen {LEVELS_NL.get(level, 'gebieden')} van deze gemeente.")
        for code in sorted(municipalities)
        for level in levels
        if (level, code[-4:]) not in present
    ]
    return pd.DataFrame(gaps, columns=["code", "year", "problem"]).astype({"year": "Int64"})


def simplify(shapes: gpd.GeoDataFrame, *, max_bytes: int = 350_000) -> gpd.GeoDataFrame:
    """Fewer points, so that each level and year is at most `max_bytes` of GeoJSON (`level_geojson`).

    Neighbours keep the same border wherever the file gives them the same border. Coordinates have 5 decimals,
    outer rings run clockwise (as plotly and d3 expect), every shape stays valid. A level that is small enough
    keeps all its points.
    raises      BoundaryError when a level cannot be made small enough
    """
    levels = [_simplify_level(level, max_bytes) for _, level in shapes.groupby(["level", "year"], dropna=False)]
    return gpd.GeoDataFrame(pd.concat(levels).sort_index(), crs=WGS84) if levels else shapes


def _simplify_level(level: gpd.GeoDataFrame, max_bytes: int) -> gpd.GeoDataFrame:
    present = level.geometry.notna()
    metres: Geometries = level.geometry[present].to_crs(RD_NEW).to_numpy()
    simplified = _simplifier(metres)

    def draw(tolerance_m: float) -> gpd.GeoDataFrame:
        drawn = gpd.GeoSeries(simplified(tolerance_m), index=level.index[present], crs=RD_NEW).to_crs(WGS84)
        rounded = gpd.GeoSeries(round_shapes(drawn.to_numpy()), index=drawn.index, crs=WGS84)
        return level.set_geometry(rounded.reindex(level.index))

    return _smallest_tolerance(draw, lambda drawn: len(level_geojson(drawn).encode()) <= max_bytes)


def _simplifier(metres: Geometries) -> Callable[[float], Geometries]:
    """Simplify with shared borders kept when the shapes form a coverage, else one by one; no shape vanishes."""
    whole = bool(shapely.coverage_is_valid(metres))

    def simplified(tolerance_m: float) -> Geometries:
        if tolerance_m == 0:
            return metres
        make = shapely.coverage_simplify if whole else shapely.simplify
        fewer = make(metres, tolerance_m)
        return np.where(shapely.is_empty(fewer) | ~shapely.is_valid(fewer), metres, fewer)

    return simplified


def _smallest_tolerance(
    draw: Callable[[float], gpd.GeoDataFrame], fits: Callable[[gpd.GeoDataFrame], bool]
) -> gpd.GeoDataFrame:
    drawn, high = draw(0.0), 1.0
    if fits(drawn):
        return drawn
    while not fits(drawn := draw(high)):
        high *= 2
        if high > 10_000:
            raise BoundaryError("the areas of this level cannot be drawn small enough; allow more bytes or fewer areas")
    low = high / 2
    for _ in range(5):
        middle = (low + high) / 2
        closer = draw(middle)
        low, high, drawn = (low, middle, closer) if fits(closer) else (middle, high, drawn)
    return drawn


def round_shapes(shapes: Geometries) -> Geometries:
    """Lon/lat shapes with 5 decimals and clockwise outer rings, valid; too small to round: as it was."""
    sound = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes, method="structure"))
    rounded = shapely.set_precision(sound, 10.0**-DECIMALS)
    kept = np.where(shapely.is_empty(rounded) & ~shapely.is_missing(rounded), sound, rounded)
    exact = shapely.transform(kept, lambda points: np.round(points, DECIMALS))
    return np.asarray(shapely.orient_polygons(exact, exterior_cw=True), dtype=object)


def to_geojson_text(geometry: Any) -> str | None:
    """One geometry as compact GeoJSON text; None stays None. (GEOS itself writes 4.6014099999999996.)"""
    return None if geometry is None else json.dumps(shapely.geometry.mapping(geometry), separators=(",", ":"))


def level_geojson(shapes: gpd.GeoDataFrame) -> str:
    """The areas with a shape as one FeatureCollection: id and properties code and name."""
    features = [
        f'{{"type":"Feature","id":{json.dumps(code)},"properties":{{"code":{json.dumps(code)},'
        f'"name":{json.dumps(name)}}},"geometry":{to_geojson_text(geometry)}}}'
        for code, name, geometry in zip(shapes["code"], shapes["name"], shapes.geometry, strict=True)
        if geometry is not None
    ]
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
