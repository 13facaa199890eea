"""Series in the newest division: through the real SQL, and a whole build with boundaries of two years."""

import json
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from pipelines.audit import audit_file, check_rebased
from pipelines.bridges import BREAK, Bridges, rebase
from pipelines.build import build
from pipelines.engine import DuckDBEngine
from pipelines.errors import UnsafeFigures
from pipelines.indicators import CATALOGUE
from pipelines.settings import Settings
from tests.drawn import arrow, table
from tests.suppliers import deliver

CORE = Path(__file__).parents[1] / "pipelines" / "core"
WEST, MIDDLE, EAST = "BU03750001", "BU03750002", "BU03750003"


def _figures(drawing: str) -> pd.DataFrame:
    rows = table("indicator | area | period | numerator | denominator | status\n" + drawing)
    rows = rows.assign(age="all", sex="all", kind="all", provisional=False, denominator_year=2021)
    rows["period"] = rows["period"].astype(str)
    return rows.astype({"numerator": float, "denominator": float})


BRIDGES = Bridges(
    bridge=table(f"""
        area    | year | counted | how       | was | shown_in | estimated
        {WEST}  | 2021 | lists   | estimated |     | 2021     | 0.08
        {WEST}  | 2021 | tables  | estimated |     | 2021     | 0.08
        {EAST}  | 2021 | tables  | merged    |     | 2021     | 0
    """).astype({"estimated": float}),
    breaks=pd.DataFrame(columns=BREAK),
    links=table(f"""
        from_code | from_year | to_code | to_year | weight
        {WEST}    | 2021      | {WEST}  | 2022    | 0.5
        {MIDDLE}  | 2021      | {WEST}  | 2022    | 1
        {MIDDLE}  | 2021      | {EAST}  | 2022    | 1
        {EAST}    | 2021      | {EAST}  | 2022    | 1
    """).astype({"weight": float}),
)  # fmt: skip


def test_open_counts_are_shared_out_and_added_up_with_their_inhabitants() -> None:
    figures = _figures(f"""
        crimes | {WEST}   | 2021 | 40 | 1000 | shown
        crimes | {MIDDLE} | 2021 | 10 | 500  | shown
        crimes | {EAST}   | 2021 | 5  | 300  | shown
    """)
    west, east = rebase(figures, BRIDGES, CATALOGUE).to_dict("records")
    assert (west["area"], west["numerator"], west["denominator"], west["value"]) == (WEST, 30, 1000, 30)
    assert west["low"] < 30 < west["high"]
    assert (west["status"], west["estimated"]) == ("shown", 0.08)
    assert (east["area"], east["numerator"], east["denominator"], east["estimated"]) == (EAST, 15, 800, 0)


@pytest.mark.parametrize(("status", "expected"), [("missing", "missing"), ("not_delivered", "missing")])
def test_a_part_without_a_figure_leaves_the_whole_without_one(status: str, expected: str) -> None:
    figures = _figures(f"crimes | {WEST} | 2021 | 40 | 1000 | shown\ncrimes | {MIDDLE} | 2021 | NULL | NULL | {status}")
    (west,) = rebase(figures, BRIDGES, CATALOGUE).query(f"area == '{WEST}'").to_dict("records")
    assert west["status"] == expected
    assert pd.isna([west[name] for name in ("numerator", "denominator", "value", "low", "high", "estimated")]).all()
    absent = rebase(figures.head(1), BRIDGES, CATALOGUE).query(f"area == '{WEST}'")
    assert list(absent["status"]) == ["missing"], "a part that is not in the list of figures counts as missing"


def test_persons_and_rounded_counts_are_never_brought_over() -> None:
    persons = [one.id for one in CATALOGUE if one.counts not in ("incidents", "inhabitants")]
    drawn = "\n".join(
        f"{name} | {code} | 2021 | 40 | 1000 | shown" for name in persons for code in (WEST, MIDDLE, EAST)
    )
    assert rebase(_figures(drawn), BRIDGES, CATALOGUE).empty


def test_a_publication_with_persons_in_another_division_is_stopped() -> None:
    measures = table("id | counts\ncrimes | incidents\nhalt_rate | persons")
    rows = _figures(f"crimes | {WEST} | 2021 | 40 | 1000 | shown").assign(value=40.0, low=1.0, high=2.0)
    check_rebased(rows, measures)
    with pytest.raises(UnsafeFigures, match="halt_rate"):
        check_rebased(rows.assign(indicator="halt_rate"), measures)
    with pytest.raises(UnsafeFigures, match="crimes"):
        check_rebased(rows.assign(status="missing"), measures)


def _presented(held: str) -> list[tuple[object, ...]]:
    """core.table_division, of two areas in 2021 (A, B) that became four in 2022 (A, C, D, E), the same in 2023."""
    codes = {"A": "BU03750001", "B": "BU03750002", "C": "BU03750003", "D": "BU03750004", "E": "BU03750005"}
    division = [(codes[one], 2021) for one in "AB"] + [(codes[one], year) for one in "ACDE" for year in (2022, 2023)]
    areas = pd.DataFrame(division, columns=["code", "year"]).assign(level="neighbourhood", origin="division")
    rows = [(codes[one], entry[:4]) for entry in held.split() for one in entry[5:]]
    with DuckDBEngine() as engine:
        engine.load("core.area", pa.Table.from_pandas(areas))
        engine.load("raw.police_open", pa.Table.from_pandas(pd.DataFrame(rows, columns=["area", "period"])))
        engine.create("core.table_division", (CORE / "table_division.sql").read_text(encoding="utf-8"))
        found = engine.fetch("select year, division_year, line_year from core.table_division order by year")
    return list(found.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2021:AB 2022:ACDE", [(2021, 2021, 2021), (2022, 2022, 2022)]),
     ("2021:ACDE 2022:ACDE", [(2021, 2022, 2023), (2022, 2022, 2023)]),
     ("2021:A 2022:ACD", [(2021, 2021, 2021), (2022, 2022, 2022)]),
     ("2021:AB 2022:AB", [(2021, 2021, 2021), (2022, 2021, 2021)]),
     ("2022:ACDE 2023:ACDE", [(2022, 2022, 2023), (2023, 2023, 2023)])],
    ids=["its own division each year", "all years in the newest", "a few codes only", "all years in the oldest",
         "the same codes: one division, though each year has its own inhabitants"],
)  # fmt: skip
def test_the_division_of_a_police_table_is_read_from_its_codes(held: str, expected: list[tuple[int, ...]]) -> None:
    assert _presented(held) == expected


def test_a_borrowed_name_is_no_evidence_and_a_name_of_the_year_is() -> None:
    with DuckDBEngine() as engine:
        engine.load(
            "core.area", arrow("code | year | origin\nA | 2021 | division\nA | 2022 | division\nZ | 2021 | table")
        )
        engine.load("raw.area_list", arrow("code | year | name\nA | 2022 | Wijk 00 Oranje"))
        engine.load("raw.boundary_name", arrow("code | year | name\nA | 2023 | Oranje"))
        engine.load("reference.area", arrow("code | first_year | last_year | name\nA | 2023 | 2024 | Oranje"))
        engine.load("reference.years", arrow("year\n2021\n2022"))
        told = pa.table({"area": ["A", "A"], "year": [2021, 2022], "change": [".", "3 "]})
        engine.load("raw.population", told)
        engine.create("core.area_own", (CORE / "area_own.sql").read_text(encoding="utf-8"))
        found = engine.fetch("select * from core.area_own order by year")
    assert found.astype(object).where(found.notna(), None).values.tolist() == [
        ["A", 2021, None, None],
        ["A", 2022, "Oranje", "3"],
    ]


POPULATION = (
    "Codering (code);Indelingswijziging wijken en buurten (code);Aantal inwoners (aantal);Mannen (aantal);Vrouwen (aantal);"
    "0 tot 15 jaar (aantal);15 tot 25 jaar (aantal);25 tot 45 jaar (aantal);45 tot 65 jaar (aantal);65 jaar of ouder (aantal)\n"
)
NEW = "BU03750004"
BORDERS = {2024: {WEST: (0, 1000), EAST: (1000, 2000)}, 2025: {WEST: (0, 920), NEW: (920, 2000)}}
"""Two neighbourhoods of a square kilometre: the border moves 80 metres, and the eastern one gets a new number."""


def _population(year: int) -> str:
    people = {2024: (1000, 1000), 2025: (920, 1080)}[year]
    rows = [
        ("GM0375", ".", 2000),
        ("WK037500", "1", 2000),
        (WEST, "3", people[0]),
        (list(BORDERS[year])[1], "3", people[1]),
    ]
    lines = [
        f"{code};{mark};{n};{n // 2};{n // 2};{n // 5};{n // 5};{n // 5};{n // 5};{n - 4 * (n // 5)}"
        for code, mark, n in rows
    ]
    return POPULATION + "\n".join(lines) + "\n"


def _deliver(folder: Path) -> Path:
    for year, areas in BORDERS.items():
        names = "".join(f"{code},Buurt {code[-1]}\n" for code in areas)
        deliver(
            folder, "areas", f"WijkenEnBuurten_{year}.csv", f"Key,Title\nGM0375,Beverwijk\nWK037500,Centrum\n{names}"
        )
        shapes = [shapely.box(104_000 + west, 499_000, 104_000 + east, 500_000) for west, east in areas.values()]
        rows = {"statcode": list(areas), "statnaam": list(areas), "jrstatcode": [f"{year}{code}" for code in areas]}
        drawn = gpd.GeoDataFrame(rows, geometry=shapes, crs=28992).to_crs(4326)
        deliver(folder, "areas", f"buurt_{year}.geojson", json.dumps(json.loads(drawn.to_json())))
        deliver(folder, "population", {2024: "85984NED.csv", 2025: "86165NED.csv"}[year], _population(year))
    counted = {(WEST, 2024): 100, (EAST, 2024): 50, (WEST, 2025): 90, (NEW, 2025): 60}
    lines = [
        f'"{n}";"0.0.0 ";"{code}";"{year}JJ00";"{count}"' for n, ((code, year), count) in enumerate(counted.items())
    ]
    header = "ID;SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1"
    deliver(folder, "police_open", "47018NED.csv", "\n".join([header, *lines]) + "\n")
    return folder


def test_a_border_that_moved_is_published_with_what_was_estimated(tmp_path: Path) -> None:
    settings = Settings(
        region="GM0375", deliveries=_deliver(tmp_path / "in"), published=tmp_path / "out", work=tmp_path / "work"
    )
    file = build(settings).file
    with duckdb.connect(str(file), read_only=True) as connection:
        rebased = connection.sql("from rebased where indicator = 'crimes' order by area").df().set_index("area")
        counted = connection.sql(
            "select distinct counts from rebased r join indicator i on i.id = r.indicator"
        ).fetchall()
        links = connection.sql("select from_code, to_code, weight from area_link order by all").fetchall()
        breaks = connection.sql("select distinct area, year from area_break order by all").fetchall()
        people = connection.sql("select sum(value) from rebased where indicator='population' and age='all'").fetchall()
    shared = {(old, new): round(weight, 3) for old, new, weight in links}
    assert shared == {(WEST, WEST): 0.92, (WEST, NEW): 0.08, (EAST, NEW): 1.0}
    assert rebased["numerator"].round(2).to_dict() == {WEST: 92.0, NEW: 58.0}, "150 crimes before and after"
    assert rebased["denominator"].round(1).to_dict() == {WEST: 920.0, NEW: 1080.0}
    assert rebased["estimated"].round(3).to_dict() == {WEST: 0.087, NEW: 0.074}
    assert people == [(pytest.approx(2000),)]
    assert set(counted) == {("incidents",), ("inhabitants",)}
    assert breaks == [(WEST, 2025)]
    assert audit_file(file).empty
