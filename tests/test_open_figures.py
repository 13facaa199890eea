"""Rounded open tables and the population by age: read as published, never summed, and honest about what they stand for."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipelines.aggregate import aggregate
from pipelines.deliveries import find_deliveries
from pipelines.describe import describe
from pipelines.engine import DuckDBEngine
from pipelines.errors import ContractError
from pipelines.indicators import CATALOGUE
from pipelines.indicators.context import INDICATORS as CONTEXT
from pipelines.indicators.open_figures import INDICATORS
from pipelines.indicators.police import INDICATORS as POLICE
from pipelines.loading import connect, load
from tests.suppliers import IJMOND, deliver, take

SUSPECTS = "RegioS;Perioden;Leeftijd_titel;Geslacht_titel;SoortMisdrijf_titel;UniekGeregistreerdeVerdachten_1"
AGES = "RegioS;Perioden;Leeftijd;Geslacht;BurgerlijkeStaat;BevolkingOp1Januari_1"
OURS = INDICATORS + CONTEXT + tuple(one for one in POLICE if one.id.startswith("suspects_1"))


def _csv(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _key_figures(*areas: tuple[str, int, int]) -> str:
    """84799NED of drawn areas: code, 0 to 14 and 15 to 24 years; nobody is older."""
    names = ("WijkenEnBuurten", "AantalInwoners_5", "Mannen_6", "Vrouwen_7", "k_0Tot15Jaar_8", "k_15Tot25Jaar_9",
             "k_25Tot45Jaar_10", "k_45Tot65Jaar_11", "k_65JaarOfOuder_12")  # fmt: skip
    rows = [(code, a + b, (a + b) // 2, (a + b) - (a + b) // 2, a, b, 0, 0, 0) for code, a, b in areas]
    return json.dumps({"value": [dict(zip(names, row, strict=True)) for row in rows]})


def _all_ages(code: str, year: int, counts: dict[int, int], *, boys: int = 1, girls: int = 1) -> list[str]:
    """03759ned of one municipality: the drawn ages, 10 at every other age under 25; boys and girls in this proportion."""
    lines, total = [], 0
    for age in range(25):
        every = counts.get(age, 10)
        total += every
        male = every * boys // (boys + girls)
        key = "10010" if age == 0 else str(10_000 + 100 * age)
        for sex, count in (("T001038", every), ("3000   ", male), ("4000   ", every - male)):
            lines.append(f"{code};{year}JJ00;{key};{sex};T001019;{count}")
    return [*lines, f"{code};{year}JJ00;10000;T001038;T001019;{total}"]


def _cells(folder: Path) -> pd.DataFrame:
    with DuckDBEngine() as engine:
        load(find_deliveries(folder), engine, IJMOND, key=b"k" * 32, refused_max=0.05, tell=lambda _: None)
        connect(engine)
        return aggregate(engine, OURS)


def _inhabitants(folder: Path) -> pd.DataFrame:
    with DuckDBEngine() as engine:
        load(find_deliveries(folder), engine, IJMOND, key=b"k" * 32, refused_max=0.05, tell=lambda _: None)
        connect(engine)
        return engine.fetch("select * from core.population").set_index(["area", "year", "age", "sex"]).sort_index()


def _cell(cells: pd.DataFrame, indicator: str, area: str, period: str = "2020", **split: str) -> "pd.Series[object]":
    wanted = {"indicator": indicator, "area": area, "period": period, "age": "all", "sex": "all", "kind": "all"} | split
    found = cells[(cells[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Key figures 2020 of two municipalities, one district and one neighbourhood."""
    areas = (("GM0375", 1500, 1000), ("GM0396", 1500, 1000), ("WK037500", 300, 100), ("BU03750000", 75, 50))
    deliver(tmp_path, "population", "84799NED.json", _key_figures(*areas))
    return tmp_path


def test_a_municipality_has_exactly_the_young_people_of_the_table_by_age(folder: Path) -> None:
    ages = dict.fromkeys(range(12, 18), 50) | {18: 7}
    deliver(folder, "population_age", "03759ned.csv", _csv(AGES, *_all_ages("GM0375", 2020, ages, boys=3, girls=2)))
    population = _inhabitants(folder)
    assert population.loc[("GM0375", 2020, "12-17", "all"), ["inhabitants", "estimated"]].tolist() == [300, False]
    assert population.loc[("GM0375", 2020, "12-17", "male"), ["inhabitants", "estimated"]].tolist() == [180, False]
    assert population.loc[("GM0375", 2020, "12-17", "female"), "inhabitants"] == 120
    assert population.loc[("GM0375", 2020, "18-22", "all"), "inhabitants"] == 47
    assert population.loc[("GM0375", 2020, "0-14", "all"), "inhabitants"] == 1500


def test_districts_take_the_shares_of_their_municipality_and_others_stay_estimated(folder: Path) -> None:
    ages = {**dict.fromkeys(range(15), 10), 12: 30, 13: 30, 14: 30, 15: 40, 16: 40, 17: 40}
    deliver(folder, "population_age", "03759ned.csv", _csv(AGES, *_all_ages("GM0375", 2020, ages)))
    population = _inhabitants(folder)
    young, older = 90 / 210, 120 / 190
    expected = round(300 * young + 100 * older)
    assert population.loc[("WK037500", 2020, "12-17", "all"), ["inhabitants", "estimated"]].tolist() == [expected, True]
    assert population.loc[("BU03750000", 2020, "12-17", "all"), "inhabitants"] == round(75 * young + 50 * older)
    assert population.loc[("GM0396", 2020, "12-17", "all"), ["inhabitants", "estimated"]].tolist() == [600, True]
    both = population.xs("12-17", level="age")["inhabitants"].unstack("sex")
    assert (both["male"] + both["female"] == both["all"]).all()


def test_a_table_with_a_year_of_age_missing_is_not_called_exact(folder: Path) -> None:
    lines = [line for line in _all_ages("GM0375", 2020, {}) if ";11600;" not in line]
    deliver(folder, "population_age", "03759ned.csv", _csv(AGES, *lines))
    assert _inhabitants(folder).loc[("GM0375", 2020, "12-17", "all"), ["inhabitants", "estimated"]].tolist() == [
        600,
        True,
    ]


def test_married_people_and_age_groups_are_not_counted_twice(folder: Path) -> None:
    lines = _all_ages("GM0375", 2020, {})
    more = ["GM0375;2020JJ00;11200;T001038;1010   ;4", "GM0375;2020JJ00;70200;T001038;T001019;50"]
    labelled = ["GM0375;2020JJ00;95 jaar of ouder;T001038;T001019;3"]
    deliver(folder, "population_age", "03759ned.csv", _csv(AGES, *more, *lines, *labelled))
    assert _inhabitants(folder).loc[("GM0375", 2020, "12-17", "all"), "inhabitants"] == 60


def test_men_and_women_that_do_not_add_up_refuse_the_population_by_age(tmp_path: Path) -> None:
    rows = [
        "GM0375;2020JJ00;11200;T001038;T001019;100",
        "GM0375;2020JJ00;11200;3000;T001019;60",
        "GM0375;2020JJ00;11200;4000;T001019;60",
    ]
    deliver(tmp_path, "population_age", "03759ned.csv", _csv(AGES, *rows))
    with pytest.raises(ContractError, match="men and women add up to the inhabitants"):
        take(tmp_path)


def test_suspects_stand_as_cbs_publishes_them_and_the_region_has_no_sum(folder: Path) -> None:
    rows = ["GM0375;2020JJ00;12 tot 18 jaar;Totaal mannen en vrouwen;Misdrijven, totaal;40",
            "GM0375;2020JJ00;12 tot 18 jaar;Mannen;Misdrijven, totaal;30",
            "GM0375;2020JJ00;12 tot 18 jaar;Totaal mannen en vrouwen;1 Vermogensmisdrijven;20",
            "GM0375;2020JJ00;12 tot 18 jaar;Totaal mannen en vrouwen;1.1 Diefstal;20",
            "GM0396;2020JJ00;12 tot 18 jaar;Totaal mannen en vrouwen;Misdrijven, totaal;."]  # fmt: skip
    deliver(folder, "open_suspects", "85655NED.csv", _csv(SUSPECTS, *rows))
    cells = _cells(folder)
    found = _cell(cells, "open_suspects_12_17", "GM0375")
    assert (found["numerator"], found["denominator"], found["state"]) == (40, 600, "counted")
    assert _cell(cells, "open_suspects_12_17", "GM0375", sex="male")["numerator"] == 30
    assert _cell(cells, "open_suspects_12_17", "GM0375", sex="female")["state"] == "missing"
    assert _cell(cells, "open_suspects_12_17", "GM0396")["state"] == "missing"
    assert _cell(cells, "open_suspects_18_22", "GM0375")["state"] == "not_delivered"
    assert not (cells[cells["indicator"].str.startswith("open_")]["area"] == "RG-IJMOND").any()


def test_the_interval_of_a_rounded_count_covers_all_that_it_may_stand_for(folder: Path) -> None:
    deliver(folder, "open_suspects", "85655NED.csv", _csv(SUSPECTS, "GM0375;2020JJ00;12 tot 18 jaar;Totaal;Totaal;10"))
    cells = _cells(folder).rename(columns={"state": "status"}).replace({"status": {"counted": "shown"}})
    figures = describe(cells, OURS, "RG-IJMOND")
    figure = _cell(figures, "open_suspects_12_17", "GM0375")
    assert figure["value"] == pytest.approx(10_000 * 10 / 600)
    assert [figure["low"], figure["high"]] == pytest.approx([10_000 * 1.6235 / 600, 10_000 * 23.491 / 600], rel=1e-4)
    assert pd.isna(figure["label"])


def test_halt_counts_the_national_table_apart_and_only_the_total_of_origin(folder: Path) -> None:
    header = "RegioS;Perioden;Leeftijd;Geslacht;Herkomstgroeperingen_titel;TotaalAantalHaltJongeren_1"
    rows = ["GM0375;2020JJ00;12 tot 18 jaar;T001038;Totaal;20", "GM0375;2020JJ00;12 tot 18 jaar;T001038;Nederlands;10"]
    deliver(folder, "open_halt", "71930ned.csv", _csv(header, *rows))
    national = "Perioden;Leeftijd;Geslacht;TotaalAantalHaltJongeren_1"
    deliver(folder, "open_halt", "85993NED.csv", _csv(national, "2020JJ00;Totaal;Totaal;12340"))
    assert _cell(_cells(folder), "open_halt", "GM0375")["numerator"] == 20


def test_youth_care_of_three_kinds_comes_from_the_tables_that_have_them(folder: Path) -> None:
    header = (
        "RegioS;Perioden;JongerenMetJeugdhulpInNatura_1;JongerenMetJeugdbescherming_3;JongerenMetJeugdreclassering_5"
    )
    deliver(folder, "open_care", "82972NED.csv", _csv(header, "GM0375;2020JJ00;     125;      25;       ."))
    deliver(
        folder,
        "open_care",
        "82966NED.csv",
        _csv("WijkenEnBuurten;Perioden;JongerenMetJeugdhulp_1", "WK037500  ;2020JJ00;15"),
    )
    cells = _cells(folder)
    found = {kind: _cell(cells, f"open_{kind}", "GM0375") for kind in ("youth_help", "protection", "probation")}
    assert {kind: one["state"] for kind, one in found.items()} == {
        "youth_help": "counted",
        "protection": "counted",
        "probation": "missing",
    }
    assert (found["youth_help"]["numerator"], found["youth_help"]["denominator"]) == (125, 1500 + 800)
    assert found["protection"]["denominator"] == 1500 + 300
    with_probation = "GM0396;2020JJ00;      90;      20;      15"
    deliver(folder, "open_care", "82972NED.csv", _csv(header, with_probation), day="2026-03-01")
    probation = _cell(_cells(folder), "open_probation", "GM0396")
    assert (probation["numerator"], probation["denominator"]) == (15, 300 + 800), (
        "three of the fifteen ages 0-14, eight of the ten 15-24"
    )
    assert _cell(cells, "open_youth_help", "WK037500")["numerator"] == 15
    assert _cell(cells, "open_protection", "WK037500")["state"] == "not_delivered"


def test_early_leaving_is_a_share_of_the_pupils_and_a_small_count_is_unknown(folder: Path) -> None:
    header = "Schooljaar;Gemeentenummer;Gemeentenaam;Aantal leerlingen;Aantal vsv'ers"
    rows = ["2019-2020;375;Beverwijk;3000;60", "2019-2020;0396;Heemskerk;2500;<5", "2019-2020;363;Amsterdam;60000;2000"]
    deliver(folder, "open_leaving", "vsv_gemeenten_2019-2020.csv", _csv(header, *rows))
    cells = _cells(folder)
    found = _cell(cells, "open_early_leaving", "GM0375", "2019/20")
    assert (found["numerator"], found["denominator"], found["state"]) == (60, 3000, "counted")
    assert _cell(cells, "open_early_leaving", "GM0396", "2019/20")["state"] == "missing"
    assert not (cells["area"] == "GM0363").any()


def test_more_leavers_than_pupils_is_refused(tmp_path: Path) -> None:
    header = "Schooljaar;Gemeentenummer;Aantal leerlingen;Aantal vsv'ers"
    good = [f"{year}-{year + 1};375;3000;60" for year in range(2000, 2020)]
    deliver(tmp_path, "open_leaving", "vsv.csv", _csv(header, *good, "2023-2024;375;10;60"))
    taken = take(tmp_path)
    assert [(column, rule, count) for column, rule, count, _ in taken.receipt.refusals] == [
        ("leavers", "not more than the pupils", 1)
    ]


@pytest.mark.parametrize(
    ("delivered", "period"),
    [("2024JJ00", "2024"), ("2024*", "2024"), ("2024HJ01", "2024H1"), ("2024 2e halfjaar", "2024H2"), ("2024KW03", "2024Q3"),
     ("2024SJ00", "2024/25"), ("2024/'25", "2024/25"), ("2024-2025", "2024/25"), ("2024/25", "2024/25")],
)  # fmt: skip
def test_every_way_to_write_a_period_of_an_open_table_is_understood(
    tmp_path: Path, delivered: str, period: str
) -> None:
    deliver(
        tmp_path, "open_care", "85075NED.csv", _csv("RegioS;Perioden;JongerenMetJeugdhulp_1", f"GM0375;{delivered};15")
    )
    taken = take(tmp_path)
    assert taken.rows is not None
    assert taken.rows["period"].to_pylist() == [period]
    assert taken.rows["provisional"].to_pylist() == ["true" if delivered.endswith("*") else "false"]


@pytest.mark.parametrize("delivered", ["2024MM13", "ooit", ""])
def test_a_period_that_no_open_table_has_is_refused(tmp_path: Path, delivered: str) -> None:
    deliver(
        tmp_path, "open_care", "85075NED.csv", _csv("RegioS;Perioden;JongerenMetJeugdhulp_1", f"GM0375;{delivered};15")
    )
    with pytest.raises(ContractError, match="period: 1 rows"):
        take(tmp_path)


@pytest.mark.parametrize(
    ("delivered", "age"),
    [("10000", "all"), ("Totaal", "all"), ("10010", "0"), ("11200", "12"), ("12 jaar", "12"), ("12 tot 18 jaar", "12-17"),
     ("18 tot en met 22 jaar", "18-22"), ("65 jaar of ouder", "65+")],
)  # fmt: skip
def test_every_way_to_write_an_age_is_understood(tmp_path: Path, delivered: str, age: str) -> None:
    header = "RegioS;Perioden;Leeftijd;TotaalAantalHaltJongeren_1"
    deliver(tmp_path, "open_halt", "71930ned.csv", _csv(header, f"GM0375;2020JJ00;{delivered};20"))
    taken = take(tmp_path)
    assert taken.rows is not None
    assert taken.rows["age"].to_pylist() == [age]


def test_a_provisional_status_of_one_table_says_nothing_about_another(folder: Path) -> None:
    statuses = _csv(
        "TableInfos;",
        "Identifier;Title",
        "85655NED;Verdachten",
        "Perioden;",
        "Key;Title;Status",
        "2020JJ00;2020;Voorlopig",
    )
    row = "GM0375;2020JJ00;12 tot 18 jaar;Totaal;Totaal;40"
    deliver(folder, "open_suspects", "85655NED.csv", _csv(SUSPECTS, row))
    deliver(folder, "open_suspects", "85655NED_metadata.csv", statuses)
    crimes = "SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1"
    deliver(folder, "police_open", "47013NED.csv", _csv(crimes, "0.0.0;GM0375;2020JJ00;100"))
    with DuckDBEngine() as engine:
        load(find_deliveries(folder), engine, IJMOND, key=b"k" * 32, refused_max=0.05, tell=lambda _: None)
        connect(engine)
        marks = [
            engine.fetch(f"select provisional from core.{name}")["provisional"].tolist()
            for name in ("open_suspects", "police_open")
        ]
    assert marks == [[True], [False]]


def test_every_rounded_indicator_says_so_and_is_never_of_the_region() -> None:
    rounded = [one for one in CATALOGUE if one.counts == "rounded"]
    assert {one.rounding for one in rounded} == {1, 5, 10}
    for one in rounded:
        assert "region" not in one.splits
        words = {10: "tientallen", 5: "vijftallen", 1: ""}[one.rounding]
        assert any(words in caveat for caveat in one.caveats)
        assert one.numerator.set is None
