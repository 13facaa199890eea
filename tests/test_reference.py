"""Reference lists: areas of the presets, offences, labels; facts that the sources hold too."""

import re

import geopandas as gpd
import pandas as pd
import pytest

from pipelines.sample.world import REFERENCE, read_reference


@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_area_has_one_row_a_year_and_a_parent(year):
    areas = read_reference("areas")
    valid = areas[(areas["first_year"] <= year) & (areas["last_year"] >= year)]
    assert valid["code"].is_unique
    assert set(valid.loc[valid["level"] != "municipality", "parent"]) <= set(valid["code"])
    assert not valid[valid["level"] == "neighbourhood"].duplicated(["lon", "lat"]).any()


def test_reference_counts_are_those_of_the_sources(realdata):
    areas = read_reference("areas")
    columns = ["WijkenEnBuurten", "AantalInwoners_5", "k_0Tot15Jaar_8"]
    table = pd.read_parquet(realdata / "population/84799NED_TypedDataSet.parquet", columns=columns)
    published = table.set_index(table["WijkenEnBuurten"].str.strip())
    old = areas[areas["first_year"] == 2019].set_index("code").sort_index()
    published = published[published.index.str[2:6].isin(old.index.str[2:6])].sort_index()
    assert list(old.index) == list(published.index)
    assert (old["age_0_14"] == published["k_0Tot15Jaar_8"]).all()
    assert (old["inhabitants"] == published["AantalInwoners_5"]).all()


def test_label_points_lie_in_their_municipality(realdata):
    shapes = gpd.read_file(realdata / "boundaries/gemeente_2022_wgs84.geojson").set_index("statcode")
    areas = read_reference("areas")
    towns = gpd.GeoSeries(shapes.geometry["GM" + areas["code"].str[2:6]].to_numpy(), crs=4326).to_crs(28992)
    points = gpd.GeoSeries(gpd.points_from_xy(areas["lon"], areas["lat"]), crs=4326).to_crs(28992)
    assert (points.distance(towns) < 500).all()  # metres: two generalised maps of different years


def test_only_facts_are_kept_no_outline():
    assert not any(
        re.search("geom|polygon|coordinates", file.read_text()[:300], re.I) for file in REFERENCE.glob("*.csv")
    )
    assert not [file for file in REFERENCE.iterdir() if file.suffix in {".geojson", ".gpkg", ".parquet"}]


def test_offence_classes_have_a_kind_with_a_label():
    classes, labels = read_reference("offence_classes"), read_reference("labels")
    assert classes["code"].is_unique
    assert set(classes["kind"]) <= set(labels.loc[labels["dimension"] == "kind", "label"].index.map(labels["code"]))
    assert classes.set_index("code")["kind"][["C50", "A50", "F550", "D21", "F42", "F72"]].tolist() == [
        "public_order", "property", "violence", "traffic", "drugs", "weapons",
    ]  # fmt: skip
