"""Open tables over HTTP, replayed from real data: what lands equals the file dropped in by hand, whatever the server does."""

import csv
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipelines.boundaries import read_boundaries
from pipelines.code_lists import read_code_lists
from pipelines.deliveries import find_deliveries
from pipelines.extract import extract
from pipelines.intake import reference_tables, take_in
from pipelines.pull import Pulled, Wanted, over_v4, pull
from pipelines.pull.catalogue import TABLES, Table, choose_tables
from pipelines.pull.fetch import Fetcher, Patience, PullFailed
from pipelines.pull.odata3 import LONGEST_URL
from pipelines.pull.odata4 import name_column
from pipelines.settings import Region, Settings, find_region
from pipelines.sources import CONTRACTS
from tests.conftest import run_command
from tests.open_data_server import Supplied, Supplier, serving
from tests.suppliers import IJMOND
from tests.test_architecture import ROOT, imports_of

pytestmark = pytest.mark.xdist_group("pull")  # one worker makes what they share

KEY_FIGURES = ["AantalInwoners_5", "Mannen_6", "Vrouwen_7", "k_0Tot15Jaar_8", "k_15Tot25Jaar_9", "k_25Tot45Jaar_10",
               "k_45Tot65Jaar_11", "k_65JaarOfOuder_12",
               "HuishoudensTotaal_28", "HuishoudensMetKinderen_31", "GemiddeldInkomenPerInwoner_72",
               "Omgevingsadressendichtheid_116"]  # fmt: skip
TODAY = dt.date(2026, 3, 1)


def _listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def key_figures(realdata: Path) -> Supplied:
    """84799NED as untyped rows: text, counts right in a width of 8, unknown a point."""
    columns = ["WijkenEnBuurten", "Gemeentenaam_1", "Codering_3", "IndelingswijzigingWijkenEnBuurten_4", *KEY_FIGURES]
    table = pd.read_parquet(realdata / "population/84799NED_TypedDataSet.parquet", columns=columns)
    properties = pd.read_parquet(realdata / "population/84799NED_DataProperties.parquet").set_index("Key")["Title"]
    counts = table[KEY_FIGURES].astype("Int64").astype("string").fillna(".").apply(lambda column: column.str.rjust(8))
    rows = table.assign(**counts).to_dict("records")
    codes = [{"Key": row["WijkenEnBuurten"], "Title": row["Gemeentenaam_1"].strip()} for row in rows]
    titles = {column: str(properties[column]) for column in KEY_FIGURES}
    return Supplied(lists={"WijkenEnBuurten": codes}, rows=rows, titles=titles)


@pytest.fixture(scope="module")
def crimes(realdata: Path) -> Supplied:
    """47018NED from the neighbourhood files: real code lists, real counts, total of crimes."""
    police = realdata / "police"
    periods = [{"Key": f"{year}JJ00", "Title": str(year), "Status": "Definitief"} for year in range(2018, 2025)]
    periods += [
        {"Key": "2025JJ00", "Title": "2025", "Status": "Voorlopig"},
        {"Key": "2025MM01", "Title": "2025 januari", "Status": "Voorlopig"},
    ]
    lists = {"SoortMisdrijf": _listed(police / "SoortMisdrijf.csv"), "WijkenEnBuurten": _listed(police / "WijkenEnBuurten.csv"),
             "Perioden": periods}  # fmt: skip
    rows = []
    for file in sorted((police / "neighbourhood").glob("GM*.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        for area in [record, *record["buurten"]]:
            for year, count in area.get("veiligheid", {}).get("trend", {}).items():
                text = "" if count is None else f"{count:8d}"
                keys = {"SoortMisdrijf": "0.0.0 ", "WijkenEnBuurten": area["code"].ljust(10), "Perioden": f"{year}JJ00"}
                rows.append({"ID": len(rows), **keys, "GeregistreerdeMisdrijven_1": text})
    return Supplied(lists=lists, rows=rows, titles={"GeregistreerdeMisdrijven_1": "Geregistreerde misdrijven"})


@pytest.fixture
def supplier(key_figures: Supplied, crimes: Supplied, realdata: Path, monkeypatch: pytest.MonkeyPatch):
    """A quiet supplier with both tables and the municipal boundaries of 2022."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    shapes = json.loads((realdata / "boundaries/gemeente_2022_wgs84.geojson").read_text(encoding="utf-8"))["features"]
    tables = {"84799NED": replace(key_figures), "47018NED": replace(crimes)}
    with serving(Supplier(tables=tables, shapes={"gemeente": shapes})) as running:
        yield running


def _tables(*names: str) -> list[Table]:
    return choose_tables(list(names))


class _Run:
    """A pull into a folder that remembers how long it was told to wait."""

    def __init__(self, supplier: Supplier, folder: Path, tries: int = 4) -> None:
        self.supplier, self.folder, self.tries, self.waits = supplier, folder, tries, list[float]()

    def __call__(
        self, *tables: Table, region: Region = IJMOND, day: dt.date = TODAY, again: bool = False
    ) -> list[Pulled]:
        wanted = Wanted(municipalities=region.municipalities, deliveries=self.folder, today=day, again=again)
        patience = Patience(tries=self.tries, sleep=self.waits.append, read_s=5)
        return pull(tables, wanted, Fetcher(base_url=self.supplier.url, patience=patience))

    def file(self, pattern: str) -> Path:
        (found,) = self.folder.glob(pattern)
        return found


@pytest.fixture
def run(supplier: Supplier, tmp_path: Path) -> _Run:
    return _Run(supplier, tmp_path / "deliveries")


def _accepted(file: Path, folder: Path, source: str) -> pd.DataFrame:
    """What the contract accepts of one landed file, without line numbers."""
    (delivery,) = (one for one in find_deliveries(folder) if one.file == file)
    taken = take_in(delivery, reference_tables(IJMOND), key=b"k" * 32, refused_max=0.05)
    assert taken.rows is not None
    assert taken.receipt.rows_refused == 0
    rows: pd.DataFrame = taken.rows.drop_columns(["line"]).to_pandas()
    return rows.sort_values(list(rows.columns), ignore_index=True)


def test_a_pulled_table_equals_the_file_dropped_in_by_hand(run: _Run, realdata: Path) -> None:
    (pulled,) = run(*_tables("84799NED"))
    assert (pulled.state, pulled.file) == ("landed", "84799NED.json")
    landed = _accepted(run.file("population/2026-03-01/84799NED.json"), run.folder, "population")
    by_hand = run.folder.parent / "hand" / "population" / "2021-06-01"
    by_hand.mkdir(parents=True)
    (by_hand / "84799NED.parquet").write_bytes((realdata / "population/84799NED_TypedDataSet.parquet").read_bytes())
    hand = _accepted(by_hand / "84799NED.parquet", by_hand.parents[1], "population")
    pd.testing.assert_frame_equal(landed, hand)
    assert pulled.rows == len(hand) > 100


def test_filters_are_enumerated_with_padded_keys_and_never_compared(run: _Run, supplier: Supplier) -> None:
    run(*_tables("47018NED"))
    asked = " ".join(supplier.data_requests)
    assert "WijkenEnBuurten eq 'GM0375    '" in asked
    assert "Perioden eq '2021JJ00'" in asked
    assert "2018JJ00" not in asked
    assert "GM0153" not in asked
    for comparison in (" ge ", " gt ", " le ", " lt ", "substringof", "startswith"):
        assert comparison not in asked


def test_no_request_is_longer_than_a_server_reads(run: _Run, supplier: Supplier) -> None:
    twente = find_region(Settings(region="twente"))
    (pulled,) = run(*_tables("47018NED"), region=twente)
    table = supplier.tables["47018NED"]
    codes = {one["Key"] for one in table.lists["WijkenEnBuurten"] if f"GM{one['Key'][2:6]}" in twente.municipalities}
    rows = [row for row in table.rows if row["WijkenEnBuurten"] in codes]
    assert pulled.rows == len(rows) > 1000
    assert max(len(one) for one in supplier.asked) <= LONGEST_URL
    assert len(supplier.data_requests) > 10


def test_pages_are_followed_to_the_end_and_every_row_comes_once(run: _Run, supplier: Supplier) -> None:
    supplier.page = 7
    (pulled,) = run(*_tables("84799NED"))
    rows = json.loads(run.file("population/*/84799NED.json").read_text(encoding="utf-8"))["value"]
    codes = [row["WijkenEnBuurten"] for row in rows]
    assert len(codes) == len(set(codes)) == pulled.rows
    assert any("$skip=7" in one for one in supplier.data_requests)


def test_a_question_that_gives_too_many_rows_is_asked_in_smaller_parts(run: _Run, supplier: Supplier) -> None:
    (table,) = _tables("84799NED")
    supplier.most = 20
    (pulled,) = run(replace(table, service="ODataApi"))
    assert pulled.state == "landed"
    expected = run.folder.parent / "whole"
    supplier.most = 10_000
    (whole,) = _Run(supplier, expected)(table)
    assert pulled.rows == whole.rows
    assert run.waits == []


def test_a_server_that_fails_on_one_question_for_good_is_asked_for_less(run: _Run, supplier: Supplier) -> None:
    supplier.troubles = ["500"] * 4
    (pulled,) = run(*_tables("84799NED"))
    assert pulled.state == "landed"
    assert run.waits == [1, 2, 4]


def test_a_busy_server_is_waited_for_as_long_as_it_says(run: _Run, supplier: Supplier) -> None:
    supplier.troubles = ["429", "503", "html", "cut"]
    run.tries = 5
    (pulled,) = run(*_tables("84799NED"))
    assert pulled.state == "landed"
    assert run.waits == [7, 0, 4, 8]


def test_a_connection_cut_half_way_leaves_nothing_half(run: _Run, supplier: Supplier) -> None:
    supplier.troubles = ["cut"] * 4
    (pulled,) = run(*_tables("84799NED"))
    assert pulled.state == "failed"
    assert "connection broken" in pulled.why
    assert not list(run.folder.glob("population/*/*"))
    assert not list(run.folder.rglob("*.part"))


def test_a_pull_that_was_cut_off_goes_on_where_it_stopped(run: _Run, supplier: Supplier) -> None:
    supplier.page, supplier.troubles = 10, ["ok"] * 5 + ["cut"] * 4
    (broken,) = run(*_tables("84799NED"))
    assert broken.state == "failed"
    first = supplier.data_requests[:5]
    supplier.asked.clear()
    (pulled,) = run(*_tables("84799NED"))
    assert pulled.state == "landed"
    assert not set(first) & set(supplier.data_requests)
    kept = pulled.rows
    (anew,) = _Run(supplier, run.folder.parent / "anew")(*_tables("84799NED"))
    assert kept == anew.rows
    assert not (run.folder / ".pull" / "84799NED").exists()


def test_kept_parts_of_an_older_version_are_not_mixed_with_a_newer_one(run: _Run, supplier: Supplier) -> None:
    supplier.page, supplier.troubles = 10, ["ok"] * 3 + ["cut"] * 4
    run(*_tables("84799NED"))
    table = supplier.tables["84799NED"]
    table.modified = "2026-01-01T02:00:00"
    table.rows = [row | {"AantalInwoners_5": "       1"} for row in table.rows]
    run(*_tables("84799NED"))
    rows = json.loads(run.file("population/*/84799NED.json").read_text(encoding="utf-8"))["value"]
    assert {row["AantalInwoners_5"] for row in rows} == {"       1"}


def test_an_unchanged_table_is_not_fetched_again(run: _Run, supplier: Supplier) -> None:
    run(*_tables("84799NED"))
    before = run.file("population/*/84799NED.json").read_bytes()
    supplier.asked.clear()
    (again,) = run(*_tables("84799NED"), day=TODAY + dt.timedelta(days=30))
    assert (again.state, again.requests, supplier.data_requests) == ("unchanged", 1, [])
    (changed,) = run(*_tables("84799NED"), region=Region("RG-X", "X", ("GM0034",)), day=TODAY + dt.timedelta(days=31))
    assert changed.state == "landed"
    run(*_tables("84799NED"), day=TODAY + dt.timedelta(days=32))
    assert run.file("population/2026-04-02/84799NED.json").read_bytes() == before


@pytest.mark.parametrize("reason", ["modified", "again", "removed"])
def test_a_table_comes_again_when_it_changed_or_is_asked_for_or_is_gone(
    run: _Run, supplier: Supplier, reason: str
) -> None:
    run(*_tables("84799NED"))
    supplier.tables["84799NED"].modified += "1" * (reason == "modified")
    if reason == "removed":
        run.file("population/*/84799NED.json").unlink()
    (pulled,) = run(*_tables("84799NED"), again=reason == "again")
    assert pulled.state == "landed"


def test_a_table_that_changes_while_it_comes_in_does_not_land(
    run: _Run, supplier: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.pull import odata3

    dates = iter(["2025-01-01", "2025-01-02"])
    monkeypatch.setattr(odata3, "read_modified", lambda *_: (next(dates), {}))
    (pulled,) = run(*_tables("84799NED"))
    assert pulled.state == "failed"
    assert "changed the table while it came in" in pulled.why
    assert not list(run.folder.glob("population/*/*"))


def test_version_4_gives_the_rows_of_version_3(run: _Run, supplier: Supplier) -> None:
    supplier.page = 50
    third = _Run(supplier, run.folder.parent / "v3")
    third(*_tables("84799NED"))
    (pulled,) = run(*over_v4(_tables("84799NED")))
    assert pulled.state == "landed"
    columns = ["area", "inhabitants", "men", "women", "age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65"]
    four, three = (_accepted(one.file("population/*/84799NED.json"), one.folder, "population") for one in (run, third))
    pd.testing.assert_frame_equal(four[columns], three[columns])
    assert any("$skip=50" in one for one in supplier.data_requests)


def test_columns_of_version_4_are_named_as_version_3_names_them(realdata: Path) -> None:
    properties = pd.read_parquet(realdata / "population/84799NED_DataProperties.parquet")
    known = properties[properties["Key"].str.contains(r"_\d+$", na=False)]
    numbers = known["Key"].str.rsplit("_", n=1).str[1].astype(int)
    named = [name_column(title, number) for title, number in zip(known["Title"], numbers, strict=True)]
    assert (pd.Series(named) == known["Key"].reset_index(drop=True)).mean() > 0.5
    wanted = {column for contract in CONTRACTS.values() for one in contract.columns for column in one.headers}
    ours = known["Key"].isin(wanted).to_numpy()
    assert list(pd.Series(named)[ours]) == list(known["Key"][ours])
    assert ours.sum() >= 8


def test_boundaries_come_in_pages_and_equal_the_map_of_pdok(run: _Run, supplier: Supplier, realdata: Path) -> None:
    supplier.shapes_a_page = 100
    (pulled,) = run(*_tables("gemeente_2022"))
    assert (pulled.rows, len(supplier.data_requests)) == (345, 4)
    landed = read_boundaries(run.file("areas/2026-03-01/gemeente_2022.geojson"), municipalities=IJMOND.municipalities)
    real = read_boundaries(realdata / "boundaries/gemeente_2022_wgs84.geojson", municipalities=IJMOND.municipalities)
    pd.testing.assert_frame_equal(landed.shapes, real.shapes)
    assert run(*_tables("gemeente_2022"))[0].state == "unchanged"


def test_a_map_server_that_does_not_page_is_found_out(run: _Run, supplier: Supplier) -> None:
    supplier.shapes_a_page, supplier.pages_shapes = 100, False
    (pulled,) = run(*_tables("gemeente_2022"))
    assert "does not page" in pulled.why


def test_so_many_shapes_that_the_server_fails_are_asked_for_in_smaller_numbers(run: _Run, supplier: Supplier) -> None:
    supplier.troubles = ["500"] * 4
    (pulled,) = run(*_tables("gemeente_2022"))
    assert (pulled.state, pulled.rows) == ("landed", 345)
    assert "count=500" in supplier.data_requests[-1]


def test_statuses_of_periods_land_as_the_suppliers_own_metadata(run: _Run) -> None:
    run(*_tables("47018NED"))
    lists = read_code_lists(run.file("police_open/*/47018NED_metadata.csv"))
    assert lists is not None
    assert {one["Key"]: one["Status"] for one in lists["Perioden"]}["2025JJ00"] == "Voorlopig"
    assert {one.state for one in find_deliveries(run.folder)} == {"used"}


def test_a_yearly_table_brings_the_division_of_its_year(run: _Run) -> None:
    run(*_tables("84799NED"))
    file = run.file("areas/*/WijkenEnBuurten_2020.json")
    (delivery,) = (one for one in find_deliveries(run.folder) if one.file == file)
    assert delivery.year == 2020
    assert extract(file, CONTRACTS["areas"]).rows.num_rows == 17_341


def test_titles_stand_beside_codes_that_only_their_own_table_explains(run: _Run, supplier: Supplier) -> None:
    ages = [{"Key": "53105", "Title": "12 tot 18 jaar"}, {"Key": "10000", "Title": "Totaal"}]
    rows = [{"ID": n, "RegioS": "GM0375", "Perioden": "2024JJ00", "Leeftijd": age["Key"], "UniekGeregistreerdeVerdachten_1": "      40"}
            for n, age in enumerate(ages)]  # fmt: skip
    lists = {
        "RegioS": [{"Key": "GM0375", "Title": "Beverwijk"}],
        "Perioden": [{"Key": "2024JJ00", "Title": "2024*"}],
        "Leeftijd": ages,
    }
    supplier.tables["85655NED"] = Supplied(lists=lists, rows=rows)
    run(*_tables("85655NED"))
    file = run.file("open_suspects/*/85655NED.json")
    assert json.loads(file.read_text(encoding="utf-8"))["value"][0] == rows[0] | {"Leeftijd_titel": "12 tot 18 jaar"}
    accepted = _accepted(file, run.folder, "open_suspects")
    assert list(accepted["age"]) == ["12-17", "all"]


def test_a_table_that_fails_does_not_stop_the_others(run: _Run) -> None:
    states = {one.table: one.state for one in run(*_tables("47013NED", "84799NED"))}
    assert states == {"47013NED": "failed", "84799NED": "landed"}


def test_the_command_pulls_and_the_same_road_takes_it_in(supplier: Supplier, tmp_path: Path) -> None:
    arguments = ("--deliveries", tmp_path / "in", "--region", "ijmond")
    finished = run_command("pull", "84799NED", "47018NED", "gemeente_2022", *arguments, "--base-url", supplier.url)
    assert finished.returncode == 0, finished.stderr
    assert "84799NED: landed" in finished.stdout
    checked = run_command("check", *arguments)
    assert checked.returncode == 0, checked.stderr
    built = run_command("build", *arguments, "--published", tmp_path / "out", "--work", tmp_path / "work")
    assert built.returncode == 0, built.stderr


def test_the_command_says_what_it_cannot_fetch_and_how_to_mend_it(supplier: Supplier, tmp_path: Path) -> None:
    arguments = ("--deliveries", tmp_path, "--base-url", supplier.url)
    for name, words in (("12345NED", "is no table"), ("open_leaving", "duo.nl"), ("47013NED", "answer 404")):
        finished = run_command("pull", name, *arguments)
        assert finished.returncode == 7, finished.stderr
        assert words in " ".join(finished.stderr.split())
        assert "Traceback" not in finished.stderr


def test_every_source_of_the_catalogue_exists_and_every_name_is_one_table() -> None:
    assert {one.source for one in TABLES} <= set(CONTRACTS)
    assert len({one.name for one in TABLES}) == len(TABLES)
    assert [one.name for one in _tables("boundaries_2024")] == ["gemeente_2024", "wijk_2024", "buurt_2024"]
    with pytest.raises(KeyError):
        choose_tables(["nothing"])


def test_nothing_else_in_the_house_goes_online() -> None:
    network = {"urllib3", "requests", "httpx", "http", "socket"}
    for package in ("pipelines", "analysis", "dashboard", "pages"):
        for file in (ROOT / package).rglob("*.py"):
            names = imports_of(file)
            if "pull" not in file.relative_to(ROOT).parts:
                assert not {name.split(".")[0] for name in names} & network, file
                assert file.name == "cli.py" or not any(name.startswith("pipelines.pull") for name in names), file


def test_an_address_that_moved_is_told_at_once(supplier: Supplier) -> None:
    waits: list[float] = []
    fetcher = Fetcher(base_url=supplier.url, patience=Patience(sleep=waits.append))
    with pytest.raises(PullFailed, match="answer 404"):
        fetcher.get("https://opendata.cbs.nl/ODataApi/odata/00000NED/TableInfos")
    assert waits == []
