"""Boundaries as CBS publishes them, and the stylised map for who has none."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from pipelines.boundaries import (
    COLLAPSED,
    MENDED,
    MISSING,
    NOTE_RD,
    NOTE_WGS84,
    BoundaryError,
    level_geojson,
    read_boundaries,
    simplify,
    to_geojson_text,
)
from pipelines.stylised import draw_stylised

IJMOND = ("GM0375", "GM0396", "GM0450", "GM0453")
TWENTE = ("GM0141", "GM0147", "GM0153", "GM0158", "GM0163", "GM0164", "GM0168", "GM0173", "GM0183", "GM0189",
          "GM1700", "GM1735", "GM1742", "GM1774")  # fmt: skip
ALMERE = ("GM0034",)
MUNICIPALITIES, DISTRICTS = "gemeente_2022_wgs84.geojson", "wijk_2022_rd.geojson"
NEIGHBOURHOODS = "buurt_2024_approx_19gm_rd.geojson"

SQUARE = "0 0, 0 1000, 1000 1000, 1000 0, 0 0"
BESIDE = "1000 0, 1000 1000, 2000 1000, 2000 0, 1000 0"
BOW_TIE = "0 0, 1000 1000, 1000 0, 0 1000, 0 0"


@pytest.fixture(scope="session")
def boundaries_folder(realdata) -> Path:
    return realdata / "boundaries"


def polygon(corners: str, *, east: float = 104_000, north: float = 499_000):
    """A polygon near Beverwijk, drawn in metres from its south-west corner."""
    points = [tuple(map(float, corner.split())) for corner in corners.split(",")]
    return shapely.Polygon([(east + x, north + y) for x, y in points])


def areas(
    rows: list[tuple], columns: str = "statcode statnaam jrstatcode", crs: int | None = 28992
) -> gpd.GeoDataFrame:
    *values, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame(dict(zip(columns.split(), values, strict=True)), geometry=list(shapes), crs=crs)


def write(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path)
    return path


def without_crs(source: Path, target: Path, crs: dict | None = None) -> Path:
    """The same GeoJSON with its crs member taken out, or replaced by another claim."""
    content = json.loads(source.read_text())
    content.pop("crs", None)
    target.write_text(json.dumps(content | ({"crs": crs} if crs else {})))
    return target


@pytest.mark.parametrize(("name", "level", "year", "ijmond", "twente"), [
    (MUNICIPALITIES, "municipality", 2022, 4, 14),
    (DISTRICTS, "district", 2022, 33, 120),
    (NEIGHBOURHOODS, "neighbourhood", 2024, 143, 537),
])  # fmt: skip
def test_the_published_files_are_read_for_a_region(boundaries_folder, name, level, year, ijmond, twente):
    for municipalities, count in ((IJMOND, ijmond), (TWENTE, twente)):
        found = read_boundaries(boundaries_folder / name, municipalities=municipalities)
        assert found.shapes["code"].nunique() == len(found.shapes) == count
        assert set(found.shapes["code"].str[2:6]) == {code[2:] for code in municipalities}
        assert set(found.shapes["level"]) == {level}
        assert set(found.shapes["year"]) == {year}
        assert found.shapes["name"].str.len().min() > 0
        assert found.shapes.crs.to_epsg() == 4326
        assert found.shapes.geometry.is_valid.all()
        assert found.notes == ()


def test_names_come_with_the_codes(boundaries_folder):
    shapes = read_boundaries(boundaries_folder / MUNICIPALITIES, municipalities=IJMOND).shapes
    assert list(shapes["name"]) == ["Beverwijk", "Heemskerk", "Uitgeest", "Velsen"]


def test_rd_new_is_recognised_without_a_crs_member_and_said(boundaries_folder, tmp_path):
    stated = read_boundaries(boundaries_folder / DISTRICTS, municipalities=IJMOND)
    silent = without_crs(boundaries_folder / DISTRICTS, tmp_path / "wijk_2022.geojson")
    found = read_boundaries(silent, municipalities=IJMOND)
    assert found.notes == (NOTE_RD,)
    assert shapely.equals_exact(found.shapes.geometry.values, stated.shapes.geometry.values, 1e-9).all()


def test_coordinates_win_from_a_crs_member_that_contradicts_them(boundaries_folder, tmp_path):
    claim = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    wrong = without_crs(boundaries_folder / MUNICIPALITIES, tmp_path / "gemeente_2022.geojson", claim)
    found = read_boundaries(wrong, municipalities=IJMOND)
    assert found.notes == (NOTE_WGS84,)
    assert found.shapes.total_bounds == pytest.approx([4.5, 52.4, 4.75, 52.6], abs=0.1)


def test_coordinates_outside_the_netherlands_are_refused(tmp_path):
    frame = areas([("GM0375", "Beverwijk", "2022GM0375", shapely.box(10, 10, 11, 11))], crs=4326)
    with pytest.raises(BoundaryError, match="not in the Netherlands"):
        read_boundaries(write(frame, tmp_path / "elsewhere.geojson"), municipalities=IJMOND)


@pytest.mark.parametrize("crs", [28992, 7415, 4326, 4258, 3857, 32631])
def test_a_stated_system_is_followed(tmp_path, crs):
    frame = areas([("GM0375", "Beverwijk", "2022GM0375", polygon(SQUARE))]).to_crs(crs)
    found = read_boundaries(write(frame, tmp_path / "g.gpkg"), municipalities=IJMOND)
    assert found.notes == ()
    assert found.shapes.to_crs(28992).area.iloc[0] == pytest.approx(1e6, rel=1e-3)


def test_a_geopackage_gives_every_layer_that_holds_codes(boundaries_folder, tmp_path):
    package = tmp_path / "wijkenbuurten_2024_v1.gpkg"
    for name, layer in ((NEIGHBOURHOODS, "buurten"), (DISTRICTS, "wijken"), (MUNICIPALITIES, "gemeenten")):
        shapes = read_boundaries(boundaries_folder / name, municipalities=IJMOND).shapes
        column = {"buurten": "buurtcode", "wijken": "WK_CODE", "gemeenten": "gemeentecode"}[layer]
        named = shapes.rename(columns={"code": column}).drop(columns=["year", "level"]).to_crs(28992)
        parents = {"gemeentecode": "GM0375"} if layer == "buurten" else {}
        named.assign(**parents).to_file(package, layer=layer, driver="GPKG")
    labels = gpd.GeoDataFrame({"code": ["GM0375"]}, geometry=[shapely.Point(104_000, 499_000)], crs=28992)
    labels.to_file(package, layer="labels", driver="GPKG")
    found = read_boundaries(package, municipalities=IJMOND)
    assert found.shapes["level"].value_counts().to_dict() == {"neighbourhood": 143, "district": 33, "municipality": 4}
    assert set(found.shapes["year"]) == {2024}, "the year of the file name"
    assert found.problems.empty


@pytest.mark.parametrize("columns", [
    "statcode statnaam", "CODE name", "gemeentecode gemeentenaam", "GM_CODE GM_NAAM", "gwb_code naam",
])  # fmt: skip
def test_code_columns_are_known_by_many_names_and_stripped(tmp_path, columns):
    frame = areas([("GM0375    ", "Beverwijk  ", polygon(SQUARE))], columns)
    shapes = read_boundaries(write(frame, tmp_path / "kaart.geojson"), municipalities=IJMOND).shapes
    assert list(shapes[["code", "name"]].iloc[0]) == ["GM0375", "Beverwijk"]
    assert shapes["year"].isna().all()


def test_a_year_column_comes_before_the_file_name(tmp_path):
    frame = areas([("GM0375", "Beverwijk", 2023, polygon(SQUARE))], "gemeentecode gemeentenaam jaar")
    assert set(read_boundaries(write(frame, tmp_path / "map_2025.gpkg"), municipalities=IJMOND).shapes["year"]) == {
        2023
    }


def test_water_is_left_out_and_parts_of_one_code_are_joined(tmp_path):
    rows = [
        ("GM0375", "Beverwijk", "NEE", polygon(SQUARE)), ("GM0375", "Beverwijk", "NEE", polygon(BESIDE)),
        ("GM0375", "Beverwijk", "JA", polygon(SQUARE, east=90_000)), ("GM0396", "Heemskerk", "NEE", polygon(SQUARE, north=503_000)),
    ]  # fmt: skip
    found = read_boundaries(write(areas(rows, "GM_CODE GM_NAAM WATER"), tmp_path / "g.gpkg"), municipalities=IJMOND[:2])
    assert list(found.shapes["code"]) == ["GM0375", "GM0396"]
    assert found.shapes.to_crs(28992).area.round(-3).tolist() == [2e6, 1e6]
    assert found.problems.empty


def test_a_bow_tie_is_mended_and_reported(tmp_path):
    rows = [("GM0375", "Beverwijk", "2022GM0375", polygon(BOW_TIE)), ("GM0396", "Heemskerk", "2022", polygon(BESIDE))]
    found = read_boundaries(write(areas(rows), tmp_path / "g.gpkg"), municipalities=IJMOND[:2])
    assert found.shapes.geometry.is_valid.all()
    assert found.shapes.to_crs(28992).area.iloc[0] == pytest.approx(5e5, rel=1e-3), "both halves are kept"
    assert found.problems.to_dict("records") == [{"code": "GM0375", "year": 2022, "problem": MENDED}]


@pytest.mark.parametrize(("given_shape", "problem"), [
    (None, MISSING), (shapely.Polygon(), MISSING), (polygon("0 0, 10 10, 20 20, 0 0"), COLLAPSED),
])  # fmt: skip
def test_an_area_without_a_shape_stays_in_the_list_and_is_reported(tmp_path, given_shape, problem):
    rows = [("GM0375", "Beverwijk", "2022GM0375", given_shape), ("GM0396", "Heemskerk", "2022GM", polygon(SQUARE))]
    found = read_boundaries(write(areas(rows), tmp_path / "g.gpkg"), municipalities=IJMOND[:2])
    assert list(found.shapes["code"]) == ["GM0375", "GM0396"]
    assert found.shapes.geometry.iloc[0] is None
    assert found.problems.to_dict("records") == [{"code": "GM0375", "year": 2022, "problem": problem}]
    assert simplify(found.shapes).geometry.iloc[0] is None
    assert to_geojson_text(None) is None
    assert "GM0375" not in level_geojson(found.shapes)


def test_a_wanted_municipality_that_the_file_lacks_is_reported(tmp_path):
    rows = [("GM0375", "Beverwijk", "2022GM0375", polygon(SQUARE))]
    problems = read_boundaries(write(areas(rows), tmp_path / "g.gpkg"), municipalities=IJMOND).problems
    assert list(problems["code"]) == ["GM0396", "GM0450", "GM0453"]


def test_a_row_without_a_cbs_code_is_counted_and_not_used(tmp_path):
    rows = [("GM0375", "Beverwijk", "2022", polygon(SQUARE)), ("Totaal", "", "2022", polygon(BESIDE))]
    found = read_boundaries(write(areas(rows), tmp_path / "g.gpkg"), municipalities=IJMOND[:1])
    assert list(found.shapes["code"]) == ["GM0375"]
    assert found.notes == ("Aantal rijen zonder geldige CBS-code, niet gebruikt: 1.",)


@pytest.mark.parametrize("content", ["", "not a map", '{"type":"FeatureCollection","features":[]}'])
def test_a_file_that_is_no_map_is_refused_without_a_traceback_of_gdal(tmp_path, content):
    path = tmp_path / "map.geojson"
    path.write_text(content)
    with pytest.raises(BoundaryError, match=r"map\.geojson"):
        read_boundaries(path, municipalities=IJMOND)


def clockwise(geometry) -> bool:
    return not any(part.exterior.is_ccw for part in shapely.get_parts(geometry))


def test_a_level_of_918_neighbourhoods_fits_350_kb_and_stays_valid(boundaries_folder):
    everywhere = (*IJMOND, *TWENTE, *ALMERE)
    shapes = read_boundaries(boundaries_folder / NEIGHBOURHOODS, municipalities=everywhere).shapes
    simple = simplify(shapes)
    drawn = json.loads(level_geojson(simple))["features"]
    assert len(shapes) == len(drawn) == 918
    assert 200_000 < len(level_geojson(simple).encode()) <= 350_000 < len(level_geojson(shapes).encode())
    for feature in drawn:
        geometry = shape(feature["geometry"])
        assert geometry.is_valid
        assert not geometry.is_empty
        assert clockwise(geometry)
    assert simple.to_crs(28992).area.sum() == pytest.approx(shapes.to_crs(28992).area.sum(), rel=1e-3)


def test_shared_borders_stay_shared(boundaries_folder):
    shapes = read_boundaries(boundaries_folder / DISTRICTS, municipalities=TWENTE).shapes
    simple = simplify(shapes, max_bytes=60_000)
    assert len(level_geojson(simple).encode()) <= 60_000
    metres = simple.to_crs(28992)
    overlap = metres.area.sum() - shapely.union_all(metres.geometry.values).area
    assert abs(overlap) < 1e-4 * metres.area.sum(), "only rounding to a metre is left between neighbours"


def test_what_is_small_enough_keeps_all_its_points(boundaries_folder):
    shapes = read_boundaries(boundaries_folder / MUNICIPALITIES, municipalities=IJMOND).shapes
    counts = [shapely.get_num_coordinates(frame.geometry.values).sum() for frame in (shapes, simplify(shapes))]
    assert counts[1] == pytest.approx(counts[0], rel=0.01)


def test_coordinates_have_at_most_five_decimals(boundaries_folder):
    simple = simplify(read_boundaries(boundaries_folder / DISTRICTS, municipalities=IJMOND).shapes)
    text = "".join(to_geojson_text(geometry) for geometry in simple.geometry)
    decimals = [
        len(number.split(".")[1]) for number in text.replace("]", ",").replace("[", ",").split(",") if "." in number
    ]
    assert max(decimals) == 5


def test_a_bound_that_cannot_be_met_is_said(boundaries_folder):
    shapes = read_boundaries(boundaries_folder / DISTRICTS, municipalities=IJMOND).shapes
    with pytest.raises(BoundaryError, match="small enough"):
        simplify(shapes, max_bytes=500)


def points(text: str) -> pd.DataFrame:
    header, *lines = (line.split() for line in text.strip().splitlines())
    frame = pd.DataFrame(lines, columns=header)
    return frame.assign(lon=frame["lon"].astype(float), lat=frame["lat"].astype(float))


def label_points(boundaries_folder: Path, municipalities: tuple[str, ...]) -> pd.DataFrame:
    shapes = read_boundaries(boundaries_folder / NEIGHBOURHOODS, municipalities=municipalities).shapes
    spots = shapes.geometry.representative_point()
    return pd.DataFrame(
        {"code": shapes["code"], "parent": "GM" + shapes["code"].str[2:6], "lon": spots.x, "lat": spots.y}
    )


@pytest.mark.parametrize("municipalities", [IJMOND, TWENTE, ALMERE])
def test_the_stylised_map_gives_every_area_a_place_and_no_two_the_same(boundaries_folder, municipalities):
    rows = label_points(boundaries_folder, municipalities)
    drawn = draw_stylised(rows).set_index("code")
    expected = {*rows["code"], *("WK" + rows["code"].str[2:8]), *municipalities}
    assert set(drawn.index) == expected
    assert drawn.geometry.is_valid.all()
    metres = drawn.to_crs(28992).geometry
    kinds = {kind: metres[metres.index.str.startswith(kind)] for kind in ("BU", "WK", "GM")}
    whole = shapely.union_all(kinds["GM"].values)
    for shapes in kinds.values():
        assert shapes.area.sum() == pytest.approx(whole.area, rel=1e-3), "nothing overlaps, nothing is left over"
    assert shapely.get_num_geometries(whole) == 1, "neighbouring municipalities touch"
    spots = gpd.points_from_xy(rows["lon"], rows["lat"])
    assert shapely.contains(drawn.geometry[rows["code"]].values, spots).all()


def test_the_stylised_map_does_not_depend_on_the_order_of_its_points(boundaries_folder):
    rows = label_points(boundaries_folder, IJMOND)
    one, other = draw_stylised(rows), draw_stylised(rows.sample(frac=1, random_state=1))
    assert [to_geojson_text(g) for g in one.geometry] == [to_geojson_text(g) for g in other.geometry]


def test_points_on_one_spot_each_get_an_area():
    drawn = draw_stylised(
        points("""
        code       parent lon  lat
        BU03750001 GM0375 4.65 52.49
        BU03750002 GM0375 4.65 52.49
        BU03750003 GM0375 4.65 52.49
    """)
    )
    assert drawn.to_crs(28992).area.min() > 1e5
    assert not drawn.geometry.is_empty.any()


def test_a_municipality_of_one_point_and_an_area_without_a_point_are_both_in_the_list():
    drawn = draw_stylised(
        points("""
        code       parent   lon  lat
        BU03750001 WK037500 4.65 52.49
        BU03960001 WK039600 nan  nan
    """)
    ).set_index("code")
    assert list(drawn.index) == ["BU03750001", "BU03960001", "GM0375", "GM0396", "WK037500", "WK039600"]
    assert drawn.to_crs(28992).geometry["GM0375"].area > 1e6
    assert drawn.geometry["BU03960001"] is drawn.geometry["GM0396"] is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(4.5, 4.8), st.floats(52.4, 52.6), st.integers(0, 2)), min_size=1, max_size=25))
def test_any_points_give_valid_areas_that_do_not_overlap(spots):
    rows = pd.DataFrame([
        {"code": f"BU{375 + gm:04}{n:04}", "parent": f"GM{375 + gm:04}", "lon": lon, "lat": lat}
        for n, (lon, lat, gm) in enumerate(spots)
    ])  # fmt: skip
    drawn = draw_stylised(rows).to_crs(28992)
    cells = drawn[drawn["code"].str.startswith("BU")]
    assert cells.geometry.is_valid.all()
    assert np.all(cells.area > 0)
    assert cells.area.sum() == pytest.approx(shapely.union_all(cells.geometry.values).area, rel=1e-2)
