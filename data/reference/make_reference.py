"""Make the area and offence lists of this folder from the open data named in README.md.

Only facts go in (codes, names, counts, one label point an area), never an outline. Run again when CBS publishes a
new division: `python data/reference/make_reference.py FOLDER_WITH_THE_OPEN_DATA`.
"""

import json
import re
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

HERE = Path(__file__).parent
REGIONS = {
    "ijmond": ("RG-IJMOND", "IJmond", "0375 0396 0450 0453"),
    "twente": ("RG-TWENTE", "Twente", "0141 0147 0153 0158 0163 0164 0168 0173 0183 0189 1700 1735 1742 1774"),
    "almere": ("RG-ALMERE", "Almere", "0034"),
}
WANTED = {number for _, _, numbers in REGIONS.values() for number in numbers.split()}
# Here the numbers below the municipality were dealt out anew between 2020 and 2024: equal codes are other places.
RENUMBERED = {"0034", "1700"}
AGES = {
    "inhabitants": "AantalInwoners_5",
    "age_0_14": "k_0Tot15Jaar_8",
    "age_15_24": "k_15Tot25Jaar_9",
    "age_25_44": "k_25Tot45Jaar_10",
    "age_45_64": "k_45Tot65Jaar_11",
    "age_65": "k_65JaarOfOuder_12",
}
COLUMNS = ["code", "name", "level", "parent", "first_year", "last_year", "lon", "lat", "point", *AGES]
UNINHABITED = re.compile("park|bos|bedrijv|kant|industri|vaart|overig|strand|water|plas|haven|sport|recreatie", re.I)
ONLY_YEARLY = {"1.4.1", "3.2.1", "3.2.2", "3.7.3"}
# What sample deliveries are calibrated on, and the areas outside the presets that they hold.
SAMPLED = {"0.0.0", "1.1.1", "1.4.1", "1.4.5", "2.2.1", "2.5.2", "E33", "E35", "E38"}
OUTSIDE = ["NL00", "GM0392", "GM0150", "GM0995"]
PHENOMENA = {
    "online": "F90 F617 F636 F637 F638 F5291 F5295 F5296",
    "money_mule": "F94 F614",
    "weapons": "F70 F71 F72 F73",
    "subversive": "F42 F43 F44 F45 F47",
    "exploitation": "F561 F562 F563 F564 F565 F5292 F5293",
}
KIND_OF_OFFENCE = {
    "property": "1.1.1 1.1.2 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.4.6 1.4.7 1.5.2 1.6.2 2.5.1 2.5.2 3.9.1 3.9.2 3.9.3",
    "public_order": "1.4.3 1.6.1 2.2.1 2.4.1 2.4.2 2.7.3 3.6.4",
    "violence": "1.4.1 1.4.2 1.4.4 1.4.5 1.6.3 3.1.2 3.2.1 3.2.2",
    "weapons": "3.1.3",
    "drugs": "2.1.1 3.1.1",
    "traffic": "1.3.1 3.4.2 3.5.2 3.5.5",
}


def read_population(folder: Path) -> pd.DataFrame:
    """Key figures 2020 of the presets: one row per code."""
    table = pd.read_parquet(folder / "population/84799NED_TypedDataSet.parquet")
    table.index = table["WijkenEnBuurten"].str.strip()
    return table.loc[table.index.str[2:6].isin(WANTED), list(AGES.values())].set_axis(list(AGES), axis=1)


def read_names(folder: Path) -> pd.Series:
    """Name per code in the police code list."""
    names = pd.read_csv(folder / "police/WijkenEnBuurten.csv")
    return pd.Series(names["Title"].to_numpy(), index=names["Key"].str.strip()).map(plain_name)


def plain_name(name: str) -> str:
    return re.sub(r"^Wijk \d\d | \(brt\)$", "", name).strip()


def read_shapes(folder: Path) -> gpd.GeoDataFrame:
    """Shapes in RD of the municipalities (2022), districts (2022, or joined from 2024) and neighbourhoods (2024)."""
    parts = []
    for file, code, name in (
        ("buurt_2024_approx_19gm_rd", "statcode", "statnaam"),
        ("wijk_2022_rd", "code", "name"),
        ("gemeente_2022_wgs84", "statcode", "statnaam"),
    ):
        shapes = gpd.read_file(folder / f"boundaries/{file}.geojson", columns=[code, name]).to_crs(28992)
        shapes = shapes.rename(columns={code: "code", name: "name"})
        parts.append(shapes[shapes["code"].str[2:6].isin(WANTED)])
    shapes = pd.concat(parts).set_index("code").assign(geometry=lambda rows: rows.geometry.make_valid())
    neighbourhoods = shapes[shapes.index.str.startswith("BU")]
    districts = neighbourhoods.dissolve(by="WK" + neighbourhoods.index.str[2:8].to_series(neighbourhoods.index))
    return pd.concat([shapes, districts[~districts.index.isin(shapes.index)]])


def read_counts_2024(folder: Path) -> pd.DataFrame:
    """Inhabitants 2024 per neighbourhood (IJmond, Twente); ages between 15 and 65 are not in this file."""
    areas = []
    for path in sorted((folder / "police/neighbourhood").glob("GM*.json")):
        areas += json.loads(path.read_text())["buurten"]
    return pd.DataFrame(
        {
            "code": [area["code"] for area in areas],
            "name": [area["name"] for area in areas],
            "inhabitants": [area["demografie"]["inwoners"] or 0 for area in areas],
            "age_0_14": [area["demografie"]["inwoners0tot15"] or 0 for area in areas],
            "age_65": [area["demografie"]["inwoners65plus"] or 0 for area in areas],
        }
    ).set_index("code")


def split_almere(folder: Path, shapes: gpd.GeoDataFrame, total: pd.Series) -> pd.DataFrame:
    """Inhabitants per neighbourhood 2024 of Almere: the districts of 2022, dealt out by area, to the total of 2020."""
    file = gpd.read_file(folder / "boundaries/wijk_2022_rd.geojson", ignore_geometry=True).set_index("code")
    districts = file.loc[file.index.str.startswith("WK0034")].fillna(0)
    places = shapes[shapes.index.str.startswith("BU0034")]
    weight = np.sqrt(places.area) * np.where(places["name"].str.contains(UNINHABITED), 0.0, 1.0)
    district = pd.Series("WK" + places.index.str[2:8], index=places.index)
    weight = weight.where(weight.groupby(district).transform("sum") > 0, 1.0)
    part = weight / weight.groupby(district).transform("sum")
    part *= district.map(districts["population"]).astype(float)
    counts = pd.DataFrame({"inhabitants": part * total["inhabitants"] / part.sum()})
    shares = ["pop_0_14", "pop_15_24", "pop_25_44", "pop_45_64", "pop_65plus"]
    for age, column in zip(list(AGES)[1:], shares, strict=True):
        ages = counts["inhabitants"] * district.map(districts[column]).astype(float)
        counts[age] = ages * total[age] / ages.sum()
    return counts.assign(inhabitants=counts[list(AGES)[1:]].sum(axis=1))


def fill_ages(counts: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Split who is neither under 15 nor over 64 as the municipality does in 2020."""
    middle = list(AGES)[2:5]
    ages = totals.loc["GM" + counts.index.str[2:6], middle]
    shares = ages.div(ages.sum(axis=1), axis=0)
    rest = (counts["inhabitants"] - counts["age_0_14"] - counts["age_65"]).clip(lower=0)
    filled = counts.join(shares.set_axis(counts.index).mul(rest, axis=0))
    return filled[list(AGES)]


def to_fives(counts: pd.DataFrame) -> pd.DataFrame:
    """Round to 5, as CBS does below the municipality."""
    return (counts / 5).round().astype(int) * 5


def same_place(old: pd.DataFrame, new: pd.DataFrame) -> set[str]:
    """Codes that mean the same area in both divisions: not renumbered, and not halved or doubled in inhabitants."""
    both = old.index.intersection(new.index)
    both = both[both.str.startswith("GM") | ~both.str[2:6].isin(RENUMBERED)]
    before, after = old.loc[both, "inhabitants"], new.loc[both, "inhabitants"]
    changed = (before > 0) & ((before - after).abs() > 150) & ((after > 2 * before) | (after < before / 2))
    return set(both[~changed])


def sum_districts(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.groupby("WK" + counts.index.str[2:8]).sum()


def spread_points(codes: pd.Index, shape: gpd.GeoSeries) -> dict[str, Point]:
    """One point a code inside `shape`: a grid walked in columns, evenly sampled in the order of the codes."""
    west, south, east, north = shape.bounds
    step = np.sqrt(shape.area / (12 * len(codes)))
    columns = np.arange(west, east, step)
    inside = [Point(x, y) for x in columns for y in np.arange(south, north, step) if shape.contains(Point(x, y))]
    chosen = np.linspace(0, len(inside) - 1, len(codes) + 2)[1:-1].round().astype(int)
    return {code: inside[index] for code, index in zip(sorted(codes), chosen, strict=True)}


def approximate_points(old: pd.Index, kept: set[str], shapes: gpd.GeoDataFrame) -> dict[str, Point]:
    """Label points of neighbourhoods that exist in 2020 only: in what the neighbourhoods that stayed leave free."""
    points: dict[str, Point] = {}
    stayed = shapes[shapes.index.isin(kept) & shapes.index.str.startswith("BU")]
    homes = ["WK" + code[2:8] if "WK" + code[2:8] in kept else "GM" + code[2:6] for code in old]
    for home in sorted(set(homes)):
        codes = old[np.array(homes) == home]
        whole = shapes.geometry[home]
        free = whole.difference(stayed[stayed.index.str.startswith("BU" + home[2:])].union_all())
        points |= spread_points(codes, free if free.area > 10_000 else whole)
    return points


def build_division(
    counts: pd.DataFrame, names: pd.Series, years: tuple[int, int], points: gpd.GeoSeries, kind: str
) -> pd.DataFrame:
    """The rows of areas.csv for one validity; points in RD, `kind` says how they were found."""
    levels = {"GM": "municipality", "WK": "district", "BU": "neighbourhood"}
    areas = counts.assign(code=counts.index, first_year=years[0], last_year=years[1], point=kind)
    areas["level"] = counts.index.str[:2].map(levels)
    areas["name"] = names.reindex(counts.index)
    areas["parent"] = ["" if c[:2] == "GM" else "GM" + c[2:6] if c[:2] == "WK" else "WK" + c[2:8] for c in counts.index]
    places = points.reindex(counts.index).to_crs(4326)
    areas["lon"], areas["lat"] = places.x.round(4), places.y.round(4)
    return areas


def old_names(codes: pd.Index, names: pd.Series) -> pd.Series:
    """The known name where the code kept its place, else a plain one: names of 2020 are not in the sources."""
    plain = {c: f"{'Wijk' if c[:2] == 'WK' else 'Buurt'} {c[6:]} (tot 2022)" for c in codes}
    known = {c: names[c] for c in codes if c in names.index and c[2:6] not in RENUMBERED}
    return pd.Series(plain | known)


def make_areas(folder: Path) -> pd.DataFrame:
    """Areas of the presets: both divisions, one row where an area kept its code and place."""
    old, names, shapes = read_population(folder), read_names(folder), read_shapes(folder)
    named_2024 = read_counts_2024(folder)
    new: pd.DataFrame = pd.concat(
        [fill_ages(named_2024.drop(columns="name"), old), split_almere(folder, shapes, old.T["GM0034"])]
    )
    new = to_fives(pd.concat([sum_districts(new), new]))
    new = pd.concat([old[old.index.str.startswith("GM")], new]).sort_index()
    kept = same_place(old, new)
    current = pd.concat([names, named_2024["name"], shapes["name"].dropna()])
    current = current[~current.index.duplicated()].map(plain_name)
    labels = shapes.geometry.representative_point()
    gone = [code for code in old.index if code not in kept]
    return join_divisions(old, new, kept, current, (labels, place_gone(gone, kept, shapes)))


def place_gone(gone: list[str], kept: set[str], shapes: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Label points of all areas of 2020 only; a district stands in the middle of its neighbourhoods."""
    neighbourhoods = pd.Index([code for code in gone if code.startswith("BU")])
    placed = gpd.GeoSeries(approximate_points(neighbourhoods, kept, shapes), crs=28992)
    middle = pd.DataFrame({"x": placed.x, "y": placed.y}).groupby("WK" + placed.index.str[2:8]).mean()
    districts = gpd.GeoSeries(gpd.points_from_xy(middle["x"], middle["y"]), index=middle.index, crs=28992)
    return pd.concat([placed, districts[districts.index.isin(gone)]])


def join_divisions(
    old: pd.DataFrame,
    new: pd.DataFrame,
    kept: set[str],
    names: pd.Series,
    points: tuple[gpd.GeoSeries, gpd.GeoSeries],
) -> pd.DataFrame:
    """One row where an area kept its place, else one row for each division."""
    labels, placed = points
    stays = old.index.isin(kept)
    titles = old_names(old.index[~stays], names)
    titles[[c for c in titles.index if c in new.index and not titles[c].endswith(")")]] += " (tot 2022)"
    parts = [
        build_division(old[stays], names, (2019, 2026), labels, "boundary"),
        build_division(old[~stays], titles, (2019, 2021), placed, "approximate"),
        build_division(new[~new.index.isin(kept)], names, (2022, 2026), labels, "boundary"),
    ]
    return pd.concat(parts)[COLUMNS].sort_values(["code", "first_year"])


def make_regions(names: pd.Series) -> pd.DataFrame:
    rows = [
        (region, code, name, "GM" + number)
        for region, (code, name, numbers) in REGIONS.items()
        for number in numbers.split()
    ]
    return pd.DataFrame(rows, columns=["region", "code", "name", "municipality"]).assign(
        municipality_name=lambda rows: rows["municipality"].map(names)
    )


def make_offences(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The police offence list (crimes and nuisance), and the BVH classes that its descriptions name."""
    crimes = pd.read_csv(folder / "police/SoortMisdrijf.csv", dtype=str)
    nuisance = pd.read_csv(folder / "police/Overlast.csv", dtype=str)
    offences = pd.concat([crimes.assign(family="crime"), nuisance.assign(family="nuisance")])
    offences = offences.assign(key=offences["Key"].str.strip(), title=offences["Title"].str.strip())
    offences["months_complete"] = (~offences["key"].isin(ONLY_YEARLY)).map({True: "true", False: "false"})
    kinds = {key: kind for kind, keys in KIND_OF_OFFENCE.items() for key in keys.split()}
    classes = [("C50", "Vandalisme en baldadigheid", "public_order", "")]
    for key, description in zip(crimes["Key"].str.strip(), crimes["Description"].fillna(""), strict=True):
        for code, title in re.findall(r"^\s*([A-Z]\d{2,4}) (.+?)\s*$", description, re.M):
            kind = "property" if code == "F94" else kinds.get(key, "other")
            classes.append((code, title, kind, key))
    table = pd.DataFrame(classes, columns=["code", "title", "kind", "offence"]).drop_duplicates("code")
    tags = {code: tag for tag, codes in PHENOMENA.items() for code in codes.split()}
    table["phenomenon"] = table["code"].map(tags).fillna("")
    return offences[["key", "title", "family", "months_complete"]], table.sort_values("code")


def make_calibration(folder: Path) -> pd.DataFrame:
    """Published totals that sample deliveries are calibrated on: measure, area, year, value, source."""
    rows: list[tuple[str, str, int, int, str]] = []
    for path in sorted((folder / "police/neighbourhood").glob("GM*.json")):
        area = json.loads(path.read_text())
        rows += [("crime/0.0.0", area["code"], int(y), n, "47022NED") for y, n in area["veiligheid"]["trend"].items()]
    for family, file, list_file in (("crime", "NL_Crime", "SoortMisdrijf"), ("nuisance", "NL_Disorder", "Overlast")):
        codes = pd.read_csv(folder / f"police/{list_file}.csv", dtype=str)
        key = dict(zip(codes["Title"].str.strip(), codes["Key"].str.strip(), strict=True))
        national = pd.read_csv(folder / f"police/{file}.csv")
        national = national[(national["year"] >= 2019) & national["incident_type_code"].isin(key)]
        for title, year, count in national.itertuples(index=False):
            if key[title] in SAMPLED:
                rows.append((f"{family}/{key[title]}", "NL00", year, count, file))
    table = pd.read_parquet(folder / "population/84799NED_TypedDataSet.parquet")
    table.index = table["WijkenEnBuurten"].str.strip()
    for area in OUTSIDE:
        rows += [(name, area, 2020, int(table.T[area][column]), "84799NED") for name, column in AGES.items()]
    return pd.DataFrame(rows, columns=["measure", "area", "year", "value", "source"])


def main() -> None:
    folder = Path(sys.argv[1])
    areas = make_areas(folder)
    offences, classes = make_offences(folder)
    for name, table in {
        "areas": areas,
        "regions": make_regions(read_names(folder)),
        "police_offences": offences,
        "offence_classes": classes,
        "calibration": make_calibration(folder),
    }.items():
        table.to_csv(HERE / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
