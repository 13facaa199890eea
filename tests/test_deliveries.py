"""What came, which version counts, and what is not a delivery."""

from pathlib import Path

import pytest

from pipelines.deliveries import find_deliveries, period_in_name, quarters_of
from pipelines.errors import ContractError
from tests.suppliers import deliver, suspect, suspects


def test_a_later_delivery_for_the_same_period_replaces_the_earlier_one_and_both_stay_on_record(tmp_path: Path) -> None:
    for day in ("2026-02-01", "2026-05-01"):
        deliver(tmp_path, "police_suspects", "suspects_2025.csv", suspects(suspect(1)), day=day)
    deliver(tmp_path, "police_suspects", "suspects_2024.csv", suspects(suspect(1)), day="2026-02-01")
    states = {(str(one.delivered_on), one.period): one.state for one in find_deliveries(tmp_path)}
    assert states == {
        ("2026-02-01", "2025"): "superseded",
        ("2026-02-01", "2024"): "used",
        ("2026-05-01", "2025"): "used",
    }


def test_the_order_in_which_files_are_found_plays_no_part(tmp_path: Path) -> None:
    for name in ("b_2025.csv", "a_2024.csv"):
        deliver(tmp_path, "police_suspects", name, suspects(suspect(1)))
    assert [one.file.name for one in find_deliveries(tmp_path)] == ["a_2024.csv", "b_2025.csv"]


@pytest.mark.parametrize(
    ("stem", "period"),
    [("halt_2026q1", "2026Q1"), ("halt_2026_kw02", "2026Q2"), ("suspects_2019-2025", "2019-2025"), ("groups_2025h2", "2025H2"),
     ("suspects_2025_synthetisch", "2025"), ("47018NED", ""), ("84799NED_2020", "2020"), ("overig", "")],
)  # fmt: skip
def test_the_period_is_read_from_the_name(stem: str, period: str) -> None:
    assert period_in_name(stem) == period


@pytest.mark.parametrize(
    ("period", "quarters"),
    [
        ("2025", ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]),
        ("2025Q3", ["2025Q3"]),
        ("2025H2", ["2025Q3", "2025Q4"]),
        ("", []),
    ],
)
def test_a_period_covers_its_quarters(period: str, quarters: list[str]) -> None:
    assert quarters_of(period) == quarters


def test_a_folder_that_is_no_source_is_named_with_the_ones_that_are(tmp_path: Path) -> None:
    deliver(tmp_path, "politie", "x.csv", "")
    with pytest.raises(ContractError, match=r"the folder 'politie' is no source\nUse one of: areas, population"):
        find_deliveries(tmp_path)


def test_a_file_outside_a_dated_folder_is_refused_not_overlooked(tmp_path: Path) -> None:
    (tmp_path / "halt").mkdir()
    (tmp_path / "halt" / "halt_2025.xlsx").write_bytes(b"")
    with pytest.raises(ContractError, match="not in a folder named by the date"):
        find_deliveries(tmp_path)


def test_nothing_delivered_is_said(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="nothing was delivered"):
        find_deliveries(tmp_path)
    with pytest.raises(ContractError, match="does not exist"):
        find_deliveries(tmp_path / "weg")


def test_two_deliveries_that_cover_the_same_quarter_are_refused_not_counted_twice(tmp_path: Path) -> None:
    for name in ("suspects_2025.csv", "suspects_2025q1.csv"):
        deliver(tmp_path, "police_suspects", name, suspects(suspect(1)))
    with pytest.raises(ContractError, match=r"suspects_2025.csv and suspects_2025q1.csv both cover 2025Q1"):
        find_deliveries(tmp_path)


def test_quarters_beside_each_other_and_parts_of_one_period_are_fine(tmp_path: Path) -> None:
    for name in ("suspects_2025q1.csv", "suspects_2025q2.csv", "suspects_2024_a.csv", "suspects_2024_b.csv"):
        deliver(tmp_path, "police_suspects", name, suspects(suspect(1)))
    assert {one.state for one in find_deliveries(tmp_path)} == {"used"}
