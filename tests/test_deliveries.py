"""What came, which version counts, and what is not a delivery."""

from pathlib import Path

import pytest

from pipelines.deliveries import find_deliveries, period_in_name
from pipelines.errors import ContractError
from pipelines.periods import days_of, kind_of, months_of, years_of
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
    ("stem", "alone", "at_school"),
    [("verzuim_2024-2025_synthetisch", "2024-2025", "2024/25"), ("verzuim_sj2024-2025", "2024/25", "2024/25"),
     ("schooljaar 2024_25", "2024/25", "2024/25"), ("vsv_2024-25", "2024/25", "2024/25"), ("vsv_2019-2025", "2019-2025", "2019-2025"),
     ("vsv_2099-2100", "2099", "2099"), ("verzuim_2025", "2025", "2025"), ("halt_2026q1", "2026Q1", "2026Q1"),
     ("verwijzingen_2024-05", "2024", "2024")],
)  # fmt: skip
def test_two_years_in_a_name_are_a_school_year_where_the_source_delivers_by_school_year(
    stem: str, alone: str, at_school: str
) -> None:
    assert period_in_name(stem) == alone
    assert period_in_name(stem, school_years=True) == at_school


@pytest.mark.parametrize(
    ("period", "kind", "first_day", "last_day", "months", "years"),
    [
        ("2025", "year", "2025-01-01", "2025-12-31", 12, [2025]),
        ("2025H2", "half_year", "2025-07-01", "2025-12-31", 6, [2025]),
        ("2025Q3", "quarter", "2025-07-01", "2025-09-30", 3, [2025]),
        ("2024M02", "month", "2024-02-01", "2024-02-29", 1, [2024]),
        ("2024/25", "school_year", "2024-08-01", "2025-07-31", 12, [2025]),
        ("1999/00", "school_year", "1999-08-01", "2000-07-31", 12, [2000]),
    ],
)
def test_a_period_has_a_kind_its_days_and_the_year_it_belongs_to(
    period: str, kind: str, first_day: str, last_day: str, months: int, years: list[int]
) -> None:
    assert (kind_of(period), len(months_of(period)), years_of(period)) == (kind, months, years)
    assert [str(day) for day in days_of(period)] == [first_day, last_day]


def test_years_together_are_all_their_months_and_no_period_is_none() -> None:
    assert len(months_of("2019-2025")) == 84
    assert years_of("2019-2025") == list(range(2019, 2026))
    assert (list(months_of("")), years_of("")) == ([], [])


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
    with pytest.raises(ContractError, match=r"suspects_2025.csv and suspects_2025q1.csv both cover 2025M01"):
        find_deliveries(tmp_path)


def test_quarters_beside_each_other_and_parts_of_one_period_are_fine(tmp_path: Path) -> None:
    for name in ("suspects_2025q1.csv", "suspects_2025q2.csv", "suspects_2024_a.csv", "suspects_2024_b.csv"):
        deliver(tmp_path, "police_suspects", name, suspects(suspect(name)))
    assert {one.state for one in find_deliveries(tmp_path)} == {"used"}
