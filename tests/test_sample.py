"""Sample deliveries: the suppliers' layouts, agreement between tables, calibration, and marks that say synthetic."""

import ast
import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

import pipelines.sample
from pipelines.sample import write_sample
from pipelines.sample.careers import simulate_persons, simulate_registrations
from pipelines.sample.world import load_world, read_reference

pytestmark = pytest.mark.xdist_group("sample")  # one worker makes what they share

YEARS = range(2019, 2026)
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


@pytest.fixture(scope="module")
def ijmond(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ijmond")
    write_sample(folder, region="ijmond", years=YEARS, scale=1, seed=1)
    return folder


def one(folder: Path, pattern: str) -> Path:
    (file,) = folder.glob(pattern)
    return file


def digests(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def odata(file: Path) -> pd.DataFrame:
    return pd.DataFrame(json.loads(file.read_text(encoding="utf-8"))["value"])


def suspects(folder: Path, year: int) -> pd.DataFrame:
    content = one(folder, f"police_suspects/*/suspects_{year}_*.csv").read_bytes()
    text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252")
    skip = int(text.startswith("SYNTHETISCH"))
    return pd.read_csv(io.StringIO(text), sep=";", dtype=str, keep_default_na=False, skiprows=skip)


def halt(file: Path) -> pd.DataFrame:
    rows = CalamineWorkbook.from_path(file).get_sheet_by_name("Verwijzingen").to_python()
    return pd.DataFrame(rows[3:], columns=rows[2])


def yearly_halt(folder: Path) -> dict[int, pd.DataFrame]:
    return {year: halt(sorted(folder.glob(f"halt/*/halt_{year}_*.xlsx"))[-1]) for year in YEARS}


def known_codes(year: int) -> set[str]:
    areas = read_reference("areas")
    return set(areas.loc[(areas["first_year"] <= year) & (areas["last_year"] >= year), "code"])


def age(birth: pd.Series, event: pd.Series) -> pd.Series:
    return (pd.to_numeric(event) - pd.to_numeric(birth)) // 10_000


def youth(year: int) -> tuple[float, float]:
    """Inhabitants of 12-17 and of 18-22 of the region, as the key figures' age bands tell."""
    towns = load_world(region="ijmond", years=YEARS, scale=1, seed=1).municipalities
    growth = 1.005 ** (year - 2020)
    return (towns["age_0_14"].sum() / 5 + towns["age_15_24"].sum() * 0.3) * growth, towns[
        "age_15_24"
    ].sum() / 2 * growth


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("first", 7), ("second", 7), ("other", 8)):
        write_sample(tmp_path / name, region="ijmond", years=range(2020, 2022), scale=0.2, seed=seed)
    first, second, other = (digests(tmp_path / name) for name in ("first", "second", "other"))
    assert first == second
    same = {path for path in first if first[path] == other[path]}
    assert all(path.startswith("areas/") for path in same)


def test_every_file_carries_the_synthetic_mark(ijmond):
    files = [file for file in ijmond.rglob("*") if file.is_file() and file.name != "SYNTHETIC.txt"]
    assert len(files) > 34
    assert all(file.stem.endswith("_synthetisch") for file in files)
    assert "SYNTHETISCH" in (ijmond / "SYNTHETIC.txt").read_text(encoding="utf-8")
    for file in files:
        if file.suffix == ".json":
            assert "SYNTHETISCH" in json.loads(file.read_text(encoding="utf-8"))["synthetisch"]
        elif file.suffix == ".xlsx":
            assert "SYNTHETISCH" in CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1][0]
        elif file.suffix == ".parquet":
            assert pq.read_schema(file).metadata[b"synthetisch"] == b"SYNTHETISCH"
        elif file.parts[-3] in ("police_suspects", "school_absence"):
            assert re.search(rb"^SYN20\d\d-", file.read_bytes(), re.M)
        elif "47018NED" not in file.name:  # bulk: the name only
            assert "SYNTHETISCH" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "start", "holds", "end"),
    [
        ("areas/2024*/*", b'"Key","Title","Description","Municipality","DetailRegionCode"\n', b'"GM0375    ","Beverwijk"', b'"\n'),
        ("areas/2024*/*", b'"Key"', b".\n\nDe grens", b'"\n'),
        ("population/2021*/85039NED*.csv", b"\xef\xbb\xbf\"Kerncijfers wijken en buurten 2021", b'"Codering (code)";"Aantal inwoners (aantal)"', b'"Bron: CBS"\r\n'),
        ("population/2019*/84583NED*.json", b'{"odata.metadata"', b'"WijkenEnBuurten":"WK037500  "', b"]}"),
        ("population/2019*/84583NED*.json", b"{", b'"SoortRegio_2":"Buurt     ","Codering_3":"BU03750000"', b"]}"),
        ("police_open/*/47013*", b'{"odata.metadata"', b'"SoortMisdrijf":"2.2.1 ","RegioS":"GM0375","Perioden":"2025MM01"', b"]}"),
        ("police_open/*/47018*", b'"ID";"SoortMisdrijf";"WijkenEnBuurten";"Perioden"', b';"0.0.0 ";"WK037500  ";"2019JJ00";', b"\r\n"),
        ("police_open/*/47018*", b'"ID"', b';"."\r\n', b"\r\n"),
        ("police_open/*/47021*", b"\xef\xbb\xbf\"Geregistreerde overlast", b'"Melding overlast jeugd";"Beverwijk";"2025 januari*"', b'"Bron: Politie"\r\n'),
        ("police_open/*/47021*", b"\xef\xbb\xbf", b'"Beverwijk";"2024 januari"', b"\r\n"),
        ("police_open/*/47022*", b'{"odata.metadata"', b'{"ID":"0","SoortMisdrijf":"0.0.0 ",', b"]}"),
        ("police_open/*/47022*", b"{", b'"GeregistreerdeMisdrijven_1":"       3"', b"]}"),
        ("police_open/*/47022*", b"{", b'"GeregistreerdeMisdrijven_1":"       ."', b"]}"),
        ("police_open/*/47024*", b"{", b'"Overlast":"E35   ","WijkenEnBuurten":"GM0375    "', b"]}"),
        ("police_suspects/*/suspects_2019*", b"registratienummer;persoon;geboortedatum;geslacht;woonbuurt;woongemeente;delict;", b";M;BU", b"\r\n"),
        ("police_suspects/*/suspects_2020*", "SYNTHETISCHE LEVERING verdachten 2020 –".encode("cp1252"), b"registratienummer;", b"\r\n"),
        ("police_suspects/*/suspects_2021*", b"\xef\xbb\xbfregistratienummer;", b";GM0375;", b"\r\n"),
    ],
)  # fmt: skip
def test_files_look_as_the_supplier_writes_them(ijmond, pattern, start, holds, end):
    content = one(ijmond, pattern).read_bytes()
    assert content.startswith(start)
    assert holds in content
    assert content.endswith(end)


def test_key_figures_of_2020_are_those_of_cbs_and_add_up_in_municipalities(ijmond):
    rows = pd.read_parquet(one(ijmond, "population/2020*/84799NED*.parquet"))
    assert set(rows["Gemeentenaam_1"].str.len()) == {40}
    beverwijk = rows[rows["WijkenEnBuurten"] == "GM0375    "].iloc[0]
    assert (beverwijk["AantalInwoners_5"], beverwijk["k_0Tot15Jaar_8"]) == (41_626, 6_630)
    ages = rows.filter(regex="^k_").sum(axis=1)
    whole = rows["SoortRegio_2"].str.strip().isin(["Gemeente", "Land"])
    assert (ages == rows["AantalInwoners_5"])[whole].all()
    assert (rows.loc[~whole, "AantalInwoners_5"] % 5 == 0).all()
    assert {"NL00      ", "GM0392    "} <= set(rows["WijkenEnBuurten"])


def months_and_years(rows: pd.DataFrame, keys: list[str], count: str) -> pd.DataFrame:
    """One row per key and year: the sum of its months beside its year; NaN where anything is unknown."""
    counts = pd.to_numeric(rows[count], errors="coerce")
    year = rows["Perioden"].str[:4]
    kind = rows["Perioden"].str.slice(4, 6).eq("JJ").map({True: "year", False: "months"})
    grouped = counts.groupby([*(rows[key] for key in keys), year, kind]).agg(lambda part: part.sum(skipna=False))
    return grouped.unstack()


@pytest.mark.parametrize(
    ("table", "keys", "count"),
    [
        ("47013", ["SoortMisdrijf", "RegioS"], "GeregistreerdeMisdrijven_1"),
        ("47022", ["SoortMisdrijf", "WijkenEnBuurten"], "GeregistreerdeMisdrijven_1"),
        ("47024", ["Overlast", "WijkenEnBuurten"], "GeregistreerdeOverlast_1"),
    ],
)
def test_twelve_months_make_the_year(ijmond, table, keys, count):
    sums = months_and_years(odata(one(ijmond, f"police_open/*/{table}*")), keys, count)
    known = sums.dropna()
    assert len(known) > 0.8 * len(sums)
    assert (known["months"] == known["year"]).all()


def test_months_make_the_year_in_the_labelled_download(ijmond):
    lines = one(ijmond, "police_open/*/47021*").read_text(encoding="utf-8-sig").splitlines()[1:-1]
    rows = pd.DataFrame(csv.DictReader(lines, delimiter=";"))
    period = rows["Perioden"].str.rstrip("*")
    count = rows["Geregistreerde overlast (aantal)"].astype(int)
    keys = [rows["Soort overlast"], rows["Regio's"], period.str[:4]]
    assert set(period.str[5:]) == {"", *MONTHS}
    assert (count[period.str[5:] == ""].groupby(keys).sum() == count[period.str[5:] != ""].groupby(keys).sum()).all()
    assert set(rows.loc[rows["Perioden"].str.endswith("*"), "Perioden"].str[:4]) == {"2025"}


def test_sexual_offences_have_years_only(ijmond):
    rows = odata(one(ijmond, "police_open/*/47013*")).query("SoortMisdrijf == '1.4.1 '")
    yearly = rows["Perioden"].str.endswith("JJ00")
    assert rows.loc[yearly, "GeregistreerdeMisdrijven_1"].notna().all()
    assert rows.loc[~yearly, "GeregistreerdeMisdrijven_1"].isna().all()


def test_tables_of_crimes_agree_and_parts_stay_within_their_whole(ijmond):
    yearly = pd.read_csv(one(ijmond, "police_open/*/47018*"), sep=";", dtype=str).apply(
        lambda column: column.str.strip()
    )
    yearly = yearly.set_index(["SoortMisdrijf", "Perioden", "WijkenEnBuurten"])["GeregistreerdeMisdrijven_1"]
    towns = odata(one(ijmond, "police_open/*/47013*")).query("Perioden.str.endswith('JJ00')")
    for offence, area, period, count in zip(*(towns[c] for c in towns.columns[1:5]), strict=True):
        assert int(yearly[offence.strip(), period, area]) == count
    numbers = pd.to_numeric(yearly, errors="coerce").reset_index(name="n")
    numbers["town"] = "GM" + numbers["WijkenEnBuurten"].str[2:6]
    total = numbers[numbers["SoortMisdrijf"] == "0.0.0"]
    parts = total[total["WijkenEnBuurten"].str.startswith("BU")].groupby(["Perioden", "town"])["n"].sum()
    whole = total[total["WijkenEnBuurten"].str.startswith("GM")].set_index(["Perioden", "town"])["n"]
    located = parts / whole
    assert ((located > 0.9) & (located <= 1)).all()
    districts = total[total["WijkenEnBuurten"].str.startswith("WK")].groupby(["Perioden", "town"])["n"].sum()
    assert districts.equals(parts)
    months = odata(one(ijmond, "police_open/*/47022*")).query("Perioden.str.endswith('JJ00')")
    untyped = months.set_index(["SoortMisdrijf", "Perioden", "WijkenEnBuurten"])[
        "GeregistreerdeMisdrijven_1"
    ].str.strip()
    assert all(yearly[key[0].strip(), key[1], key[2].strip()] == count for key, count in untyped.items())


@pytest.mark.parametrize("region", ["twente", "almere"])
def test_codes_are_those_of_the_division_of_their_year(region, tmp_path):
    years = range(2021, 2023)
    write_sample(tmp_path, region=region, years=years, scale=0.1, seed=3)
    tables = [(one(tmp_path, f"police_open/*/{t}*"), "WijkenEnBuurten") for t in ("47022", "47024")]
    for year in years:
        known = known_codes(year)
        listed = pd.read_csv(one(tmp_path, f"areas/{year}*/*"), dtype=str)["Key"].str.strip()
        assert set(listed) - {"NL00"} <= known
        homes = suspects(tmp_path, year)
        used = set(homes["woonbuurt"]) | set(homes["pleegbuurt"]) - {""}
        assert {code for code in used if code and not code.endswith("9999")} <= known
        sent = halt(sorted(tmp_path.glob(f"halt/*/halt_{year}*"))[0])["woonbuurt"]
        assert {code for code in sent if code and not code.endswith("9999")} <= known
        for file, column in tables:
            rows = odata(file)
            assert set(rows.loc[rows["Perioden"].str.startswith(str(year)), column].str.strip()) <= known


def test_persons_come_back_and_are_the_same_in_both_files(ijmond):
    rows = pd.concat([suspects(ijmond, year) for year in YEARS])
    referrals = pd.concat(yearly_halt(ijmond).values())
    assert rows["persoon"].str.fullmatch("[0-9a-f]{64}").all()
    assert referrals["persoon"].str.fullmatch("[0-9a-f]{64}").all()
    sent = set(rows.loc[rows["afdoening"] == "Halt", "persoon"])
    assert referrals["persoon"].isin(sent).mean() > 0.4
    assert not set(referrals.loc[referrals["verwijzer"] == "leerplichtambtenaar", "persoon"]) & sent
    assert referrals.groupby("persoon").size().max() <= 3
    per_person = rows.groupby("persoon").size()
    assert per_person.max() > 10
    assert rows["medeverdachten"].astype(int).gt(0).mean() > 0.2
    elsewhere = (rows["woongemeente"] != rows["pleeggemeente"]).mean()
    assert 0.2 < elsewhere < 0.5


def test_no_column_could_hold_a_name_an_address_or_a_citizen_number(ijmond):
    for file in [*ijmond.glob("police_suspects/*/*.csv"), *ijmond.glob("halt/*/*.xlsx")]:
        rows = suspects(ijmond, int(file.name[9:13])) if file.suffix == ".csv" else halt(file)
        assert not any(re.search("naam|adres|straat|postcode|bsn", column) for column in rows.columns)
        others = rows.drop(columns="persoon").astype(str)
        assert not others.apply(lambda column: column.str.contains(r"\b\d{9}\b")).any(axis=None)


def test_a_few_rows_are_faulty_each_in_one_way(ijmond):
    rows = suspects(ijmond, 2022)
    classes = set(read_reference("offence_classes")["code"])
    faults = {
        "number": rows["registratienummer"].duplicated(),
        "date": pd.to_datetime(rows["pleegdatum"], format="%Y%m%d", errors="coerce").isna(),
        "place": ~rows["woonbuurt"].isin(known_codes(2022) | {""}),
        "class": ~rows["delict"].isin(classes),
        "age": ~age(rows["geboortedatum"], rows["registratiedatum"]).between(10, 23),
    }
    found = pd.DataFrame(faults).sum(axis=1)
    assert found.max() == 1
    assert 0.003 < found.gt(0).mean() < 0.008


def test_halt_of_the_last_year_but_one_came_again_with_more_cases_finished(ijmond):
    first, second = (halt(file) for file in sorted(ijmond.glob("halt/*/halt_2024*")))
    assert list(first["verwijsnummer"]) == list(second["verwijsnummer"])
    assert (first["resultaat"] == "").sum() > (second["resultaat"] == "").sum()
    assert len(list(ijmond.glob("halt/*/halt_2023*"))) == 1


def test_suspects_and_halt_are_within_the_published_bands(ijmond):
    rates, young, in_time, succeeded = [], [], [], []
    for year, referrals in yearly_halt(ijmond).items():
        rows = suspects(ijmond, year)
        rows = rows[rows["woongemeente"].isin(["GM0375", "GM0396", "GM0450", "GM0453"])]
        ages = age(rows["geboortedatum"], rows["pleegdatum"])
        teens, adults = youth(year)
        rates.append(
            [
                rows.loc[ages.between(12, 17), "persoon"].nunique() / teens * 10_000,
                rows.loc[ages.between(18, 22), "persoon"].nunique() / adults * 10_000,
            ]
        )
        young.append(referrals["persoon"].nunique() / teens * 1_000)
        heard, sent = (pd.to_datetime(referrals[c], format="%d-%m-%Y") for c in ("eerste verhoor", "verwijzing"))
        in_time.append(((sent - heard).dt.days <= 7)[heard.notna()].mean())
        done = referrals[referrals["resultaat"] != ""]
        succeeded.append((done["resultaat"] == "geslaagd").mean())
    mean = [sum(values) / len(values) for values in (*zip(*rates, strict=True), young, in_time, succeeded)]
    for value, (low, high) in zip(mean, [(150, 190), (300, 350), (14, 16), (0.6, 0.7), (0.87, 0.93)], strict=True):
        assert low <= value <= high
    assert sum(map(sum, rates[:3])) > sum(map(sum, rates[-3:]))


def test_about_six_in_ten_suspects_of_a_year_are_new():
    world = load_world(region="ijmond", years=YEARS, scale=5, seed=1)
    persons = simulate_persons(world)
    rows = simulate_registrations(world, persons)
    assert 0.57 < rows.groupby(["year", "person"])["order"].min().eq(0).mean() < 0.65
    assert 0.2 < rows.groupby(["year", "person"]).size().ge(2).mean() < 0.3


def test_crimes_and_youth_nuisance_follow_the_published_totals(ijmond):
    published = read_reference("calibration").set_index(["measure", "area", "year"])["value"]
    crimes = odata(one(ijmond, "police_open/*/47013*")).set_index(["SoortMisdrijf", "RegioS", "Perioden"])
    for code in ("GM0375", "GM0396", "GM0450", "GM0453"):
        for year in range(2021, 2026):
            count = crimes.loc[("0.0.0 ", code, f"{year}JJ00"), "GeregistreerdeMisdrijven_1"]
            expected = published["crime/0.0.0", code, year]
            assert abs(count - expected) < 4 * expected**0.5
    nuisance = odata(one(ijmond, "police_open/*/47024*"))
    chosen = (nuisance["Overlast"] == "E35   ") & nuisance["WijkenEnBuurten"].str.startswith("GM")
    counts = nuisance[chosen].groupby("Perioden")["GeregistreerdeOverlast_1"].sum()
    region = load_world(region="ijmond", years=YEARS, scale=1, seed=1).municipalities["inhabitants"].sum()
    for year in range(2019, 2024):
        share = region / published["inhabitants", "NL00", 2020]
        assert counts[f"{year}JJ00"] == pytest.approx(published["nuisance/E35", "NL00", year] * share, rel=0.15)
    assert counts["2020JJ00"] > 1.5 * counts["2019JJ00"]


def test_scale_multiplies_inhabitants_persons_and_incidents(tmp_path):
    for scale in (1, 4):
        write_sample(tmp_path / str(scale), region="ijmond", years=range(2020, 2021), scale=scale, seed=5)
    people = [
        pd.read_parquet(one(tmp_path / s, "population/*/*.parquet"))["AantalInwoners_5"].iloc[2:].sum() for s in "14"
    ]
    rows = [len(suspects(tmp_path / s, 2020)) for s in "14"]
    crimes = [odata(one(tmp_path / s, "police_open/*/47013*"))["GeregistreerdeMisdrijven_1"].sum() for s in "14"]
    for small, large in (people, rows, crimes):
        assert large / small == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"region": "drenthe"}, "not for 'drenthe'"),
        ({"years": range(2018, 2021)}, "2019-2025"),
        ({"years": range(2019, 2026, 2)}, "consecutive"),
        ({"scale": 0}, "more than 0"),
    ],
)
def test_impossible_choices_are_refused_before_anything_is_written(tmp_path, choice, words):
    choices = {"region": "ijmond", "years": range(2020, 2021), "scale": 1, "seed": 1} | choice
    with pytest.raises(ValueError, match=words):
        write_sample(tmp_path / "new", **choices)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_real_deliveries_is_left_alone(tmp_path):
    (tmp_path / "halt_2025.xlsx").write_bytes(b"real")
    with pytest.raises(FileExistsError, match="empty folder"):
        write_sample(tmp_path, region="ijmond", years=range(2020, 2021), scale=1, seed=1)
    assert [file.name for file in tmp_path.iterdir()] == ["halt_2025.xlsx"]


def test_progress_is_told_before_each_file(tmp_path):
    told: list[tuple[str, int, int]] = []
    write_sample(
        tmp_path, region="ijmond", years=range(2020, 2021), scale=0.1, seed=1, report=lambda *step: told.append(step)
    )
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert {whole for _, _, whole in told} == {len(told)}


def test_the_generator_knows_the_layouts_from_nobody_else():
    for file in Path(pipelines.sample.__file__).parent.glob("*.py"):
        names = [
            node.module or "" for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)
        ]
        assert not any(name.startswith("pipelines.") and not name.startswith("pipelines.sample") for name in names)


def test_part_of_those_who_were_not_alone_share_an_offence_with_somebody_in_the_file():
    world = load_world(region="ijmond", years=range(2024, 2026), scale=1, seed=1)
    rows = simulate_registrations(world, simulate_persons(world))
    offence = ["offence_day", "place", "offence_class"]
    shared = rows[rows["co_suspects"] > 0].groupby(offence)["person"].transform("nunique") > 1
    assert 0.4 < shared.mean() < 0.7
    assert (rows["registered"] >= rows["offence_day"]).all()
    assert rows["age"].between(10, 22).all()
