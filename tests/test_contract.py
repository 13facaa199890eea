"""What is refused, row by row and whole, and that a refusal never repeats what a cell held."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import ContractError
from pipelines.sources import CONTRACTS
from pipelines.sources.words import DUTCH
from tests.suppliers import deliver, suspect, suspects, take

CRIMES = "SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1"
NUISANCE = "Overlast;WijkenEnBuurten;Perioden;GeregistreerdeOverlast_1"


def _crimes(*rows: str) -> str:
    return "\n".join([CRIMES, *rows]) + "\n"


def _good(count: int = 40) -> list[str]:
    return [suspect(n, f"person {n}") for n in range(count)]


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"birth_date": "20103101"}, "birth_date", "a date JJJJMMDD or d-m-jjjj"),
        ({"birth_date": "20160301"}, "birth_date", "10 to 22 years old"),
        ({"sex": "X"}, "sex", "M, V or O"),
        ({"home_neighbourhood": "BU03759999"}, "home_neighbourhood", "a CBS neighbourhood code"),
        ({"home_neighbourhood": "BU03960000"}, "home_neighbourhood", "lies in the municipality"),
        ({"home_municipality": "Beverwijk"}, "home_municipality", "GM + 4 digits"),
        ({"offence_class": "Z99"}, "offence_class", "offence_classes.csv"),
        ({"offence_date": "20250400"}, "offence_date", "a date"),
        ({"offence_date": "20250501"}, "registration_date", "not before the offence"),
        ({"disposal": "ontslagen"}, "disposal", "Halt, STOP"),
        ({"co_suspects": "veel"}, "co_suspects", "a whole number"),
        ({"registration": "PL3"}, "registration", "occurs once"),
        ({"registration": ""}, "registration", "filled"),
    ],
)
def test_a_row_that_breaks_a_rule_is_kept_aside_with_its_line(
    tmp_path: Path, changes: dict[str, str], column: str, rule: str
) -> None:
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*_good(), suspect(99, "canary", **changes)))
    taken = take(tmp_path)
    found = [refusal for refusal in taken.receipt.refusals if refusal[0] == column and rule in refusal[1]]
    assert found, taken.receipt.refusals
    assert found[0][2:] == (1, 42)
    assert (taken.receipt.rows_in, taken.receipt.rows_refused) == (41, 1)
    assert taken.refused is not None
    assert set(taken.refused.column_names) == {"line", "column_name", "rule"}


def test_a_good_row_in_every_allowed_way_of_writing_is_accepted(tmp_path: Path) -> None:
    rows = [
        suspect(1, "a", birth_date="20100000", home_neighbourhood="", sex="O"),
        suspect(2, "b", birth_date="1-3-2010", offence_date="9-3-2025", disposal="", co_suspects=""),
        suspect(3, "c", home_neighbourhood="BU03630000", home_municipality="GM0363", offence_class="c50"),
    ]
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*rows))
    assert take(tmp_path).receipt.rows_refused == 0


def test_a_missing_column_refuses_the_delivery_whole(tmp_path: Path) -> None:
    content = suspects(*_good()).replace(";delict;", ";soort;")
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", content)
    with pytest.raises(
        ContractError, match=r"1 of 13 columns missing\n  offence_class: missing; expected the header 'delict'"
    ):
        take(tmp_path)


def test_a_delivery_about_another_region_is_refused_whole(tmp_path: Path) -> None:
    elsewhere = {
        "home_municipality": "GM0153",
        "offence_municipality": "GM0153",
        "home_neighbourhood": "",
        "offence_neighbourhood": "",
    }
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*(suspect(n, **elsewhere) for n in range(9))))
    with pytest.raises(ContractError, match=r"no row is about this region \(9 rows about other regions\)"):
        take(tmp_path)


def test_more_than_five_in_a_hundred_refused_rows_refuse_the_delivery_whole(tmp_path: Path) -> None:
    bad = [suspect(100 + n, f"canary{n}", offence_class="GEHEIM") for n in range(3)]
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(*_good(), *bad))
    with pytest.raises(ContractError) as refusal:
        take(tmp_path)
    message = str(refusal.value)
    assert "3 of 43 rows refused, more than 5%" in message
    assert "offence_class: 3 rows, first at line 42; rule: a class of data/reference/offence_classes.csv" in message
    assert "Ask the police data desk for a corrected delivery" in message
    assert "GEHEIM" not in message


def test_exactly_five_in_a_hundred_is_still_accepted(tmp_path: Path) -> None:
    deliver(
        tmp_path,
        "police_suspects",
        "suspects_2025.csv",
        suspects(*_good(38), suspect(99, sex="X"), suspect(98, sex="X")),
    )
    assert take(tmp_path).receipt.rows_refused == 2


def test_the_same_column_in_another_order_is_the_same_delivery(tmp_path: Path) -> None:
    lines = [line.split(";")[::-1] for line in suspects(*_good()).strip().split("\n")]
    deliver(tmp_path, "police_suspects", "suspects_2025.csv", "\n".join(";".join(line) for line in lines))
    assert take(tmp_path).receipt.rows_accepted == 40


def test_counts_are_read_through_padding_marks_points_and_decimal_comma(tmp_path: Path) -> None:
    rows = ["0.0.0 ;GM0375  ;2025JJ00;    1857", "0.0.0 ;GM0375;2024JJ00;2085,0", "0.0.0 ;GM0375;2023JJ00;       .",
            "0.0.0 ;GM0375;2022JJ00;", "0.0.0 ;GM0375;2021JJ00;1796*"]  # fmt: skip
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes(*rows))
    taken = take(tmp_path)
    assert taken.rows is not None
    assert taken.rows["count"].to_pylist() == ["1857", "2085.0", ".", None, "1796"]
    assert taken.rows["area"].to_pylist() == ["GM0375"] * 5


@pytest.mark.parametrize(
    ("delivered", "period", "provisional"),
    [
        ("2025JJ00", "2025", "false"), ("2025KW03", "2025Q3", "false"), ("2025MM11", "2025M11", "false"), ("2025", "2025", "false"),
        ("2025*", "2025", "true"), ("2025**", "2025", "true"), ("2025 januari*", "2025M01", "true"),
        ("2025 4e kwartaal", "2025Q4", "false"), ("2025-02-01", "2025M02", "false"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_period_is_understood(
    tmp_path: Path, delivered: str, period: str, provisional: str
) -> None:
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes(f"0.0.0;GM0375;{delivered};5"))
    taken = take(tmp_path)
    assert taken.rows is not None
    assert (taken.rows["period"][0].as_py(), taken.rows["provisional"][0].as_py()) == (period, provisional)


@pytest.mark.parametrize("delivered", ["2025MM13", "2025 brumaire", "half 2025", ""])
def test_a_period_that_does_not_exist_is_refused(tmp_path: Path, delivered: str) -> None:
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes(f"0.0.0;GM0375;{delivered};5"))
    with pytest.raises(ContractError, match="period: 1 rows"):
        take(tmp_path)


def test_labels_are_turned_into_codes(tmp_path: Path) -> None:
    content = "Titel\nSoort overlast;Regio's;Perioden;Geregistreerde overlast (aantal)\nMelding overlast jeugd;Beverwijk;2025;7\n"
    deliver(tmp_path, "police_open", "47021NED.csv", content)
    taken = take(tmp_path)
    assert taken.rows is not None
    row = taken.rows.to_pylist()[0]
    assert (row["nuisance"], row["area"], row["crime"]) == ("nuisance/E35", "GM0375", None)


def _months(year_total: int, months: list[int], area: str = "GM0375", offence: str = "2.2.1") -> list[str]:
    return [f"{offence};{area};2025JJ00;{year_total}"] + [
        f"{offence};{area};2025MM{n:02d};{count}" for n, count in enumerate(months, 1)
    ]


def test_months_that_do_not_add_up_to_their_year_refuse_the_delivery(tmp_path: Path) -> None:
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes(*_months(121, [10] * 12)))
    with pytest.raises(
        ContractError, match="contradicts itself\n  period: 1 contradictions, first at line 3; rule: twelve months"
    ):
        take(tmp_path)


def test_an_offence_of_which_only_years_are_published_may_have_incomplete_months(tmp_path: Path) -> None:
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes(*_months(500, [10] * 12, offence="1.4.1")))
    assert take(tmp_path).receipt.rows_refused == 0


@pytest.mark.parametrize("months", [[960, *[80] * 11], [80, *[80] * 11]])
def test_a_yearly_total_stored_as_january_is_caught(tmp_path: Path, months: list[int]) -> None:
    rows = _months(0, months)[1:]
    doubled = [] if months[0] > 80 else ["2.2.1;GM0375;2025-01-01;960"]
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes(*rows, *doubled))
    with pytest.raises(ContractError, match="rule: January holds one month, not the total of the year"):
        take(tmp_path)


def test_a_busy_january_in_a_quiet_neighbourhood_is_no_mistake(tmp_path: Path) -> None:
    rows = [f"2.2.1;GM0375;2025MM{n:02d};{count}" for n, count in enumerate([9, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0], 1)]
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes(*rows))
    assert take(tmp_path).receipt.rows_refused == 0


def test_neighbourhoods_that_hold_more_than_their_municipality_refuse_the_delivery(tmp_path: Path) -> None:
    rows = ["E35;GM0375;2025JJ00;10", "E35;BU03750000;2025JJ00;8", "E35;BU03750001;2025JJ00;3"]
    deliver(tmp_path, "police_open", "47024NED.csv", "\n".join([NUISANCE, *rows]))
    with pytest.raises(ContractError, match="neighbourhoods and districts together are not more"):
        take(tmp_path)


def test_one_offence_that_exceeds_the_total_refuses_the_delivery(tmp_path: Path) -> None:
    deliver(tmp_path, "police_open", "47013NED.csv", _crimes("0.0.0;GM0375;2025JJ00;10", "2.2.1;GM0375;2025JJ00;11"))
    with pytest.raises(ContractError, match="one offence is not more than the total"):
        take(tmp_path)


def _key_figures(change: Callable[[dict[str, object]], None]) -> str:
    row: dict[str, object] = {
        "WijkenEnBuurten": "GM0375    ", "AantalInwoners_5": 100, "Mannen_6": 50, "Vrouwen_7": 50, "k_0Tot15Jaar_8": 20,
        "k_15Tot25Jaar_9": 20, "k_25Tot45Jaar_10": 20, "k_45Tot65Jaar_11": 20, "k_65JaarOfOuder_12": 20,
    }  # fmt: skip
    change(row)
    return json.dumps({"value": [row]})


def test_ages_that_do_not_add_up_in_a_municipality_refuse_the_key_figures(tmp_path: Path) -> None:
    deliver(tmp_path, "population", "84799NED.json", _key_figures(lambda row: row.update({"k_0Tot15Jaar_8": 21})))
    with pytest.raises(ContractError, match="age groups add up to the inhabitants"):
        take(tmp_path)


def test_a_rounded_neighbourhood_need_not_add_up(tmp_path: Path) -> None:
    change = {"k_0Tot15Jaar_8": 25, "WijkenEnBuurten": "BU03750000"}
    deliver(tmp_path, "population", "84799NED.json", _key_figures(lambda row: row.update(change)))
    assert take(tmp_path).receipt.rows_accepted == 1


def test_every_rule_has_words_for_the_screen() -> None:
    rules = {column.rule for contract in CONTRACTS.values() for column in contract.columns if column.check != "true"}
    rules |= {rule.rule for contract in CONTRACTS.values() for rule in contract.rows}
    assert rules <= set(DUTCH)
