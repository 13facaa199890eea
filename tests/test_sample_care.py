"""Sample deliveries of youth care: layout and quirks by year, the same persons and families as elsewhere, calibration."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pipelines.sample.care import simulate_care
from pipelines.sample.careers import simulate_persons, simulate_registrations, year_of
from pipelines.sample.families import draw_families
from pipelines.sample.world import World, load_world
from pipelines.sample.youth import simulate_youth

pytestmark = pytest.mark.xdist_group("sample_care")  # one worker makes what they share

YEARS = range(2019, 2026)


def _care(folder: Path, year: int) -> pd.DataFrame:
    (file,) = folder.glob(f"youth_care/*/jeugdhulp_{year}_*")
    if file.suffix == ".xlsx":
        lines = CalamineWorkbook.from_path(file).get_sheet_by_name("Trajecten").to_python()
        rows = pd.DataFrame(lines[3:], columns=lines[2], dtype=str)
        return rows
    return pd.read_csv(file, sep=";", dtype=str, keep_default_na=False, skiprows=1, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def files(sample_deliveries: Path) -> dict[int, pd.DataFrame]:
    return {year: _care(sample_deliveries, year) for year in YEARS}


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(region="ijmond", years=YEARS, scale=1, seed=1)


@pytest.fixture(scope="module")
def drawn(world: World) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    persons = simulate_persons(world)
    registrations = simulate_registrations(world, persons)
    youth = simulate_youth(world, persons)
    youth = youth.join(draw_families(world, youth))
    return simulate_care(world, youth, persons, registrations), youth, persons


def test_each_year_has_its_own_quirk(sample_deliveries: Path, files: dict[int, pd.DataFrame]) -> None:
    names = {year: next(sample_deliveries.glob(f"youth_care/*/jeugdhulp_{year}_*")) for year in YEARS}
    assert [names[year].suffix for year in YEARS] == [".csv", ".xlsx", *[".csv"] * 5]
    starts = {year: names[year].read_bytes().startswith(b"\xef\xbb\xbfSYNTHETISCH") for year in YEARS}
    assert [year for year in YEARS if starts[year]] == [2021]
    lost = {year: set(files[year]["vorm"]) for year in YEARS}
    assert "2" in lost[2022]
    assert "02" not in lost[2022]
    assert all("02" in lost[year] and "2" not in lost[year] for year in YEARS if year != 2022)
    assert [year for year in YEARS if "postcode" in files[year]] == [2022]


def test_a_spell_is_in_the_file_of_every_year_it_touches_and_ends_in_the_last(files: dict[int, pd.DataFrame]) -> None:
    spell = ["persoon", "soort", "vorm", "begin"]
    before, after = (files[year].drop_duplicates(spell) for year in (2023, 2024))
    opened = before[(before["einde"] == "") & (before["begin"] < "20230101")]
    both = opened.merge(after, on=spell, suffixes=("", "_later"))
    assert len(both) > 200
    assert 0.95 < len(both) / len(opened) < 1, "a few are faulty and do not come back"
    assert (both["einde_later"] != "").any()
    assert (both["einde_later"] == "").any()
    years = after["einde"].str[:4]
    assert set(years) <= {"", "2024", "1999"}, "an end is known from the file of its year on; 1999 is a faulty row"


def test_the_first_year_holds_spells_that_began_before_it(files: dict[int, pd.DataFrame]) -> None:
    assert (files[2019]["begin"].str[:4] < "2019").mean() > 0.3


def test_persons_and_families_are_those_of_the_other_files(
    drawn: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> None:
    spells, youth, persons = drawn
    family = youth.set_index("key")["family"]
    known = spells[spells["family"] != b""]
    assert set(spells["key"]) <= set(youth["key"])
    assert (known["key"].map(family) == known["family"]).all()
    assert 0.9 < len(known) / len(spells) < 0.96
    assert spells["key"].isin(persons["key"]).mean() > 0.05
    assert (youth.groupby("family")["home"].nunique() == 1).all(), "a family lives in one place"
    assert 1.5 < youth.groupby("family").size().mean() < 2.5


def test_the_calibrated_shares_are_within_their_bands(world: World, drawn: tuple[pd.DataFrame, ...]) -> None:
    spells, towns = drawn[0], world.municipalities
    found = []
    for year in YEARS:
        first, last = (int(np.datetime64(f"{year}-{day}").astype(int)) for day in ("01-01", "12-31"))
        rows = spells[(spells["begin"] <= last) & (spells["end"] >= first)]
        age = year - year_of(rows["birth"].to_numpy())
        young, wide = (float((towns["age_0_14"] * a + towns["age_15_24"] * b).sum()) * world.growth(year) / 100
                       for a, b in ((1, 0.3), (0.2, 0.8)))  # fmt: skip
        minor = rows[age <= 17]
        found.append({
            "help": minor.loc[minor["kind"] == "jeugdhulp", "key"].nunique() / young,
            "stay": minor.loc[minor["care"] == "with_stay", "key"].nunique() / young,
            "protection": minor.loc[minor["care"] == "protection", "key"].nunique() / young,
            "probation": rows.loc[(rows["care"] == "probation") & (age >= 12) & (age <= 22), "key"].nunique() / wide,
        })  # fmt: skip
    shares = pd.DataFrame(found, index=list(YEARS))
    assert shares["help"].between(9.5, 11).all()
    assert shares["stay"].between(0.8, 1.2).all()
    assert shares["protection"].between(0.9, 1.3).all()
    assert shares["probation"].iloc[1:].between(0.25, 0.45).all(), (
        "probation has no registrations before the first year"
    )


def test_a_part_of_the_families_has_two_or_more_in_care(drawn: tuple[pd.DataFrame, ...]) -> None:
    spells = drawn[0]
    people = spells[spells["family"] != b""].drop_duplicates("key")
    assert 0.15 < (people["family"].value_counts() >= 2).mean() < 0.5
