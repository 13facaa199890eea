"""Sample deliveries of DUO: their layout, whom they are about, and whether they lie near the published totals."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pipelines.sample import write_sample
from pipelines.sample.careers import simulate_persons, simulate_registrations
from pipelines.sample.pupils import KINDS, STATUSES, school_years, simulate_absence, simulate_leaving
from pipelines.sample.referrals import simulate_referrals
from pipelines.sample.world import World, load_world
from pipelines.sample.youth import simulate_youth

pytestmark = pytest.mark.xdist_group("sample_school")  # one worker makes what they share


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(region="ijmond", years=range(2019, 2026), scale=2, seed=1)


@pytest.fixture(scope="module")
def drawn(world: World) -> dict[str, pd.DataFrame]:
    suspects = simulate_persons(world)
    registrations = simulate_registrations(world, suspects)
    referrals = simulate_referrals(world, suspects, registrations)
    youth = simulate_youth(world, suspects)
    absence = simulate_absence(world, youth, referrals)
    leaving = simulate_leaving(world, youth, absence)
    return {"suspects": suspects, "referrals": referrals, "youth": youth, "absence": absence, "leaving": leaving}


def _rows(file: Path) -> tuple[list[str], pd.DataFrame]:
    """The lines above the header, and the rows."""
    if file.suffix == ".xlsx":
        lines = [
            [str(cell) for cell in row] for row in CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        ]
    else:
        content = file.read_bytes()
        text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252")
        lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    at = next(place for place, line in enumerate(lines) if "persoon" in line)
    return [line[0] for line in lines[:at] if line], pd.DataFrame(lines[at + 1 :], columns=lines[at])


def _share(rows: pd.DataFrame, low: int, high: int, of: float) -> float:
    """Persons per 1,000 of an age in a mean school year."""
    chosen = rows[rows["age"].between(low, high)]
    return float(chosen.groupby("year")["key"].nunique().mean() / of * 1_000)


def _young(world: World, low: int, high: int) -> float:
    places = world.places[world.places["code"] != ""]
    first, second = (float(places[name].sum()) for name in ("youth_10_14", "youth_15_22"))
    years = range(low, high + 1)
    return sum(first if age < 15 else second for age in years) * world.growth(2022)


def test_absence_lies_in_the_order_of_the_published_totals(world: World, drawn: dict[str, pd.DataFrame]) -> None:
    counted = drawn["absence"].query("status != 'I' and year >= 2021")
    pupils = _young(world, 5, 17)
    bands = {("V1", "V2", "V3"): (28, 40), ("A",): (2, 4), ("LRV",): (4, 7), ("L",): (3, 6), ("O",): (2.5, 6)}
    found = {codes: _share(counted[counted["code"].isin(codes)], 5, 17, pupils) for codes in bands}
    assert all(low < found[codes] < high for codes, (low, high) in bands.items()), found
    assert 40 < _share(counted, 18, 22, _young(world, 18, 22)) < 75
    leavers = _share(drawn["leaving"].query("year >= 2021"), 12, 22, _young(world, 12, 22))
    assert 9 < leavers < 15


def test_schools_were_closed_in_the_spring_of_2020(drawn: dict[str, pd.DataFrame]) -> None:
    many = drawn["absence"].groupby("year").size()
    assert many[2019] < 0.7 * many[2018] < many[2022]


def test_the_same_young_people_stand_in_the_files_of_police_halt_and_school(drawn: dict[str, pd.DataFrame]) -> None:
    absence, youth = drawn["absence"], drawn["youth"]
    assert youth["key"].is_unique
    assert set(drawn["leaving"]["key"]) <= set(youth["key"])
    teens = absence[absence["age"].between(12, 17)].drop_duplicates("key")["key"]
    assert 0.1 < teens.isin(set(drawn["suspects"]["key"])).mean() < 0.35
    sent = drawn["referrals"].query("referrer == 'leerplichtambtenaar' and year < 2025")["key"]
    assert sent.isin(set(absence["key"])).mean() > 0.95
    assert drawn["leaving"]["key"].isin(set(absence["key"])).mean() > 0.3


def test_codes_fit_the_age_and_a_child_without_a_school_has_none(drawn: dict[str, pd.DataFrame]) -> None:
    rows = drawn["absence"]
    assert set(rows["code"]) == {*KINDS, "V4"}
    assert set(rows["status"]) == set(STATUSES)
    assert (rows.loc[rows["code"].isin(["V4", "RMC"]), "age"] >= 18).all()
    assert (rows.loc[rows["code"].isin(["V3", "A"]), "age"] < 18).all()
    assert ((rows["school"] == "") == (rows["code"] == "A")).all()
    assert rows.loc[rows["school"] != "", "school"].str.fullmatch("[0-9]{2}[A-Z]{2}[0-9]{2}").all()
    assert (rows["ended"] >= rows["begun"]).all()


def test_files_come_in_the_layouts_and_encodings_of_real_life(sample_deliveries: Path, world: World) -> None:
    absence = sorted(sample_deliveries.glob("school_absence/*/*"))
    leaving = sorted(sample_deliveries.glob("school_leaving/*/*"))
    assert (len(absence), len(leaving)) == (len(school_years(world)) + 1, len(school_years(world)))
    assert {file.suffix for file in absence} == {file.suffix for file in leaving} == {".csv", ".xlsx"}
    starts = {file.read_bytes()[:3] for file in absence if file.suffix == ".csv"}
    assert {b"\xef\xbb\xbf", b"SYN"} == starts
    titles, rows = _rows(next(file for file in absence if "2019-2020" in file.name))
    assert [titles[0], len(titles)] == ["SYNTHETISCHE LEVERING – verzuimmeldingen", 2]
    assert rows["meldingsnummer"].str.startswith("SYN2019-").mean() > 0.99
    sheet, dated = _rows(next(file for file in absence if file.suffix == ".xlsx"))
    assert "SYNTHETISCH" in sheet[1]
    assert dated["begindatum"].str.fullmatch(r"\d{1,2}-\d{1,2}-\d{4}").all()
    assert (rows["woongemeente"] != rows["schoolgemeente"]).mean() > 0.1


def test_the_last_year_but_one_came_again_with_more_reports_closed(sample_deliveries: Path) -> None:
    first, second = (_rows(file)[1] for file in sorted(sample_deliveries.glob("school_absence/*/verzuim_2023-2024_*")))
    assert list(first["meldingsnummer"]) == list(second["meldingsnummer"])
    assert (first["status"] == "G").sum() < (second["status"] == "G").sum()


def test_a_single_year_makes_a_single_school_year(tmp_path: Path) -> None:
    write_sample(tmp_path, region="almere", years=range(2022, 2023), scale=0.05, seed=1)
    assert [file.name for file in tmp_path.glob("school_absence/*/*")] == ["verzuim_2021-2022_synthetisch.csv"]
