"""Real Dutch open data, loaded as deliveries: what is published equals what can be worked out by hand."""

import csv
import json
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.build import build
from pipelines.deliveries import find_deliveries
from pipelines.errors import ContractError
from pipelines.settings import Settings, find_region
from tests.suppliers import take

pytestmark = pytest.mark.xdist_group("realdata")  # one worker makes what they share

CODE_LISTS = ("47013NED_metadata", "SoortMisdrijf", "Overlast")
SERIES = ("NL_Disorder", "NL_Crime")
BOUNDARIES = ("gemeente_2022_wgs84", "wijk_2022_rd", "buurt_2024_approx_19gm_rd")


def _put(source: Path, folder: Path, name: str, day: str) -> None:
    target = folder / name / day
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target / source.name)


def _neighbourhood_crimes(realdata: Path, municipalities: tuple[str, ...], file: Path) -> int:
    """A 47018NED delivery (bulk CSV with codes) of the neighbourhood counts that a third party keeps as JSON."""
    rows = 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(["ID", "SoortMisdrijf", "WijkenEnBuurten", "Perioden", "GeregistreerdeMisdrijven_1"])
        for code in municipalities:
            record = json.loads((realdata / "police" / "neighbourhood" / f"{code}.json").read_text(encoding="utf-8"))
            for area in [record, *record["buurten"]]:
                for year, count in area.get("veiligheid", {}).get("trend", {}).items():
                    writer.writerow(
                        [rows, "0.0.0 ", area["code"].ljust(10), f"{year}JJ00", "" if count is None else f"{count:8d}"]
                    )
                    rows += 1
    return rows


def _deliver_everything(realdata: Path, folder: Path, municipalities: tuple[str, ...]) -> None:
    for file in sorted((realdata / "population").glob("*.parquet")):
        _put(file, folder, "population", "2021-06-01")
    for name in BOUNDARIES:
        _put(realdata / "boundaries" / f"{name}.geojson", folder, "areas", "2024-06-01")
    for name in ("WijkenEnBuurten", "RegioS"):
        _put(realdata / "police" / f"{name}.csv", folder, "areas", "2025-12-15")
    for name in (*CODE_LISTS, *SERIES):
        _put(realdata / "police" / f"{name}.csv", folder, "police_open", "2025-12-15")
    _neighbourhood_crimes(realdata, municipalities, folder / "police_open" / "2026-01-15" / "47018NED.csv")


@pytest.fixture(scope="module", params=["ijmond", "twente"])
def real_build(
    request: pytest.FixtureRequest, realdata: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Everything in the folder, delivered and built for one region."""
    folder = tmp_path_factory.mktemp(request.param)
    settings = Settings(region=request.param, deliveries=folder / "in", published=folder / "out", work=folder / "work")
    _deliver_everything(realdata, folder / "in", find_region(settings).municipalities)
    return request.param, build(settings).file


@pytest.mark.parametrize(
    ("indicator", "value"),
    [("households", 19072), ("urbanity", 2730), ("households_with_children", 100 * 6687 / 19072)],
)
def test_what_cbs_says_of_an_area_is_published_as_it_stands(
    real_build: tuple[str, Path], indicator: str, value: float
) -> None:
    region, file = real_build
    if region == "ijmond":
        figure = _figure(file, indicator, "GM0375", "2020")
        assert figure["status"] == "shown"
        assert pd.isna([figure["low"], figure["label"], figure["trend"]]).all(), "no chance in it, so no margin"
        assert figure["value"] == pytest.approx(value)
        assert _figure(file, "income", "GM0375", "2020")["status"] == "missing", "the table of 2020 has no income yet"


def _query(file: Path, sql: str) -> pd.DataFrame:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.sql(sql).df()


def _figure(file: Path, indicator: str, area: str, period: str, age: str = "all") -> "pd.Series[object]":
    return _query(
        file, f"from figure where indicator='{indicator}' and area='{area}' and period='{period}' and age='{age}'"
    ).iloc[0]


def test_crimes_per_1000_are_the_counts_over_the_population_of_key_figures_2020(
    realdata: Path, real_build: tuple[str, Path]
) -> None:
    region, file = real_build
    area, crimes, inhabitants = {"ijmond": ("GM0375", 1857, 41_626), "twente": ("GM0153", None, 159_640)}[region]
    if crimes is None:
        record = json.loads((realdata / "police" / "neighbourhood" / f"{area}.json").read_text(encoding="utf-8"))
        crimes = record["veiligheid"]["trend"]["2025"]
    figure = _figure(file, "crimes", area, "2025")
    assert (figure["numerator"], figure["denominator"], figure["denominator_year"]) == (crimes, inhabitants, 2020)
    assert figure["value"] == pytest.approx(1000 * crimes / inhabitants, abs=1e-12)
    assert figure["status"] == "shown"


def test_population_is_that_of_the_cbs_table(real_build: tuple[str, Path]) -> None:
    region, file = real_build
    area, young, everybody = {"ijmond": ("GM0375", 6_630, 41_626), "twente": ("GM0141", None, 73_107)}[region]
    if young is not None:
        assert _figure(file, "population", area, "2020", "0-14")["value"] == young
    assert _figure(file, "population", area, "2020")["value"] == everybody


def test_every_file_is_on_record_and_nothing_of_the_region_was_lost(
    realdata: Path, real_build: tuple[str, Path]
) -> None:
    region, file = real_build
    sources = _query(file, "select file, state, rows_in, rows_accepted, rows_refused from source").set_index("file")
    delivered = {path.name for path in realdata.rglob("*") if path.suffix in {".csv", ".parquet", ".geojson"}}
    assert delivered - set(sources.index) == {"NL_Disorder_monthly.csv"}
    assert sources["rows_refused"].sum() == 0
    assert sources.loc["47013NED_metadata.csv", "state"] == "code list"
    table = pd.read_parquet(realdata / "population" / "84799NED_TypedDataSet.parquet", columns=["WijkenEnBuurten"])
    wanted = {code[2:] for code in find_region(Settings(region=region)).municipalities}
    ours = table["WijkenEnBuurten"].str.match("GM|WK|BU") & table["WijkenEnBuurten"].str[2:6].isin(wanted)
    assert sources.loc["84799NED_TypedDataSet.parquet", "rows_accepted"] == ours.sum()


def test_neighbourhood_figures_equal_the_delivered_counts(realdata: Path, real_build: tuple[str, Path]) -> None:
    region, file = real_build
    municipality = {"ijmond": "GM0453", "twente": "GM0141"}[region]
    record = json.loads((realdata / "police" / "neighbourhood" / f"{municipality}.json").read_text(encoding="utf-8"))
    shown = _query(
        file, "select area, period, numerator from figure where indicator='crimes' and status='shown'"
    ).set_index(["area", "period"])
    checked = 0
    for area in record["buurten"]:
        for year, count in area.get("veiligheid", {}).get("trend", {}).items():
            if (area["code"], year) in shown.index:
                assert shown.loc[(area["code"], year), "numerator"] == count
                checked += 1
    assert checked > 100


def test_names_and_shapes_come_from_the_delivered_lists(real_build: tuple[str, Path]) -> None:
    region, file = real_build
    code, name = {"ijmond": ("BU03750000", "Wijkertoren"), "twente": ("GM0153", "Enschede")}[region]
    assert _query(file, f"select distinct name from area where code='{code}' and year=2025")["name"].tolist() == [name]
    drawn = _query(
        file,
        "select level, count(*) as areas, count(geometry) as shapes, sum(length(geometry)) as size, bool_or(stylised) as stylised from area where year = 2025 group by level",
    )
    assert not drawn["stylised"].any()
    assert (drawn["size"] <= 350_000).all()
    absent = _query(file, "select code from area where year = 2025 and geometry is null and level <> 'region'")["code"]
    told = _query(file, "select code from area_problem where year = 2025")["code"]
    assert set(absent) <= set(told)


def test_the_yearly_totals_stored_as_january_are_caught(realdata: Path, tmp_path: Path) -> None:
    _put(realdata / "police" / "NL_Disorder_monthly.csv", tmp_path, "police_open", "2025-12-15")
    with pytest.raises(
        ContractError, match=r"period: 108 contradictions, first at line 2; rule: January holds one month"
    ):
        take(tmp_path)


def test_national_series_read_as_published(realdata: Path, tmp_path: Path) -> None:
    _put(realdata / "police" / "NL_Disorder.csv", tmp_path, "police_open", "2025-12-15")
    rows = take(tmp_path).rows
    assert rows is not None
    youth = {row["period"]: row["count"] for row in rows.to_pylist() if row["offence_label"] == "nuisance/E35"}
    assert {year: youth[year] for year in ("2019", "2020", "2021")} == {
        "2019": "76546",
        "2020": "137946",
        "2021": "125487",
    }


def test_a_delivery_of_twente_is_refused_in_ijmond(realdata: Path, tmp_path: Path) -> None:
    _neighbourhood_crimes(realdata, ("GM0153",), tmp_path / "police_open" / "2026-01-15" / "47018NED.csv")
    with pytest.raises(ContractError, match="no row is about this region"):
        take(tmp_path)


def test_all_real_files_are_found_as_deliveries(realdata: Path, tmp_path: Path) -> None:
    _deliver_everything(realdata, tmp_path, ("GM0375",))
    assert len(find_deliveries(tmp_path)) == 13
