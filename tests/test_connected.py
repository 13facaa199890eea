"""Sources connected by person: who is known where, in which order, from which home; a drawn example for every indicator."""

import pandas as pd
import pytest

from pipelines.components import group_sizes
from tests.drawn import table
from tests.world import Cells, cell, make_cells

REGION = "RG-IJMOND"
ALL = {
    "police_suspects": "2023-2026", "halt": "2023-2026", "youth_care": "2023-2026", "school_absence": "2022-2026",
    "school_leaving": "2022-2026", "approaches": "2023-2026",
}  # fmt: skip


def _counts(found: "pd.Series[object]") -> tuple[object, object, object]:
    return found["numerator"], found["denominator"], found["state"]


def _kinds(cells: Cells, indicator: str, *kinds: str, area: str = REGION, **split: str) -> list[object]:
    return [cell(cells, indicator, area, kind=kind, **split)["numerator"] for kind in kinds]


def test_what_was_known_of_suspects_is_that_of_the_calendar_year_before() -> None:
    cells = make_cells(
        suspects="person\nann\nbob\ncas\neve\nfay",
        care="""
        person | begin_date | end_date | kind
        ann    | 20230101   | 20240101 | help
        bob    | 20250101   |          | help
        cas    | 20241201   | 20241202 | probation
    """,
        absence="""
        person | report_date | begin_date | status
        cas    | 20240112    | 20240110   | G
        eve    | 20240112    | 20240110   | I
        fay    | 20231231    | 20231220   | G
    """,
        years=ALL,
    )
    assert _counts(cell(cells, "suspects_care_before", "GM0375")) == (2, 5, "counted")
    assert _counts(cell(cells, "suspects_absence_before", "GM0375")) == (1, 5, "counted"), (
        "withdrawn reports do not count"
    )
    assert _counts(cell(cells, "suspects_both_before", REGION)) == (1, 5, "counted")
    assert _counts(cell(cells, "suspects_not_seen_before", REGION)) == (3, 5, "counted")


@pytest.mark.parametrize("missing", ["police_suspects", "youth_care", "school_absence"])
def test_one_source_that_did_not_come_makes_the_whole_not_delivered(missing: str) -> None:
    years = {source: period for source, period in ALL.items() if source != missing}
    found = cell(make_cells(suspects="person\nann", years=years), "suspects_care_before", "GM0375")
    assert found["state"] == "not_delivered"
    assert pd.isna(found["numerator"])
    assert pd.isna(found["denominator"])


def test_the_first_year_has_no_year_before_it() -> None:
    cells = make_cells(suspects="person\nann", years=ALL)
    assert cell(cells, "suspects_care_before", "GM0375", "2023")["state"] == "missing"
    assert cell(cells, "suspects_care_before", "GM0375", "2024")["state"] == "counted"


def test_police_contact_after_long_absence_lies_within_a_year_of_the_first_report() -> None:
    cells = make_cells(
        absence="""
        person | kind | begin_date | report_date
        ann    | LRV  | 20240901   | 20241001
        bob    | LRV  | 20240901   | 20241001
        cas    | LRV  | 20240901   | 20241001
        eve    | V1   | 20240901   | 20241001
    """,
        suspects="""
        person | offence_date | registration_date
        ann    | 20251001     | 20251005
        bob    | 20251002     | 20251005
        cas    | 20240930     | 20241005
        eve    | 20241002     | 20241005
    """,
        years=ALL,
    )
    assert _counts(cell(cells, "long_absentees_police", REGION, "2024/25")) == (1, 3, "counted")
    assert cell(cells, "long_absentees_police", REGION, "2025/26")["state"] == "missing"


def test_the_chain_has_steps_before_and_after_the_first_registration_of_the_cohort() -> None:
    cells = make_cells(
        suspects="""
        person | offence_date | registration_date | disposal
        ann    | 20240301     | 20240401          | halt
        ann    | 20240901     | 20241001          | dagvaarding
        bob    | 20240301     | 20240401          | dagvaarding
        cas    | 20240301     | 20240401          |
    """,
        halt="person | first_hearing | referral_date\nann | 20240405 | 20240410\ncas | 20230301 | 20230405",
        absence="""
        person | begin_date | report_date
        ann    | 20240101   | 20240331
        bob    | 20240101   | 20240401
    """,
        care="""
        person | kind      | form | begin_date
        bob    | probation | 41   | 20250401
        cas    | help      | 02   | 20250402
        ann    | help      | 02   | 20230101
    """,
        years=ALL,
    )
    steps = ("signal", "halt", "prosecution", "probation", "care")
    found = [cell(cells, "chain_flow", REGION, "2024", kind=step)["numerator"] for step in steps]
    assert found == [1, 1, 2, 1, 0], "a report on the same day, help that ran already and help after a year are no step"
    assert _counts(cell(cells, "chain_flow", "GM0375", "2024")) == (2, 3, "counted")
    assert cell(cells, "chain_flow", REGION, "2024", kind="care")["denominator"] == 3, "of the whole cohort"
    states = {year: cell(cells, "chain_flow", REGION, year)["state"] for year in ("2023", "2025", "2026")}
    assert states == {"2023": "missing", "2025": "counted", "2026": "missing"}


CONNECTED = {
    "suspects": """
        person | age | home_municipality | home_neighbourhood
        ann    | 15  | GM0375            | BU03750000
        bob    | 11  | GM0375            | BU03750000
        cas    | 22  | GM0375            | BU03750000
    """,
    "halt": "person | age\nann | 15\neve | 13",
    "care": """
        person | age | kind      | form | home_municipality
        ann    | 16  | help      | 11   | GM0396
        bob    | 11  | help      | 02   | GM0375
        cas    | 23  | probation | 41   | GM0375
        fay    | 10  | help      | 02   | GM0375
    """,
    "absence": """
        person | age | kind | report_date
        ann    | 15  | LRV  | 20250112
        gus    | 14  | V1   | 20250112
    """,
    "leaving": "person | age | school_year\ngus | 17 | 2024/25",
    "approaches": """
        person | approach | informed_on
        ann    | group    |
        gus    | person   |
        eve    | person   | 20250101
        hal    | place    |
    """,
}


def test_domains_are_counted_once_a_person_and_an_uninformed_person_approach_is_none() -> None:
    cells = make_cells(**CONNECTED, years=ALL)
    assert _kinds(cells, "domains", "domains_1", "domains_2", "domains_3") == [2, 1, 1]
    assert cell(cells, "domains", "GM0375")["numerator"] == 4, (
        "bob and fay are not yet 12; hal is in a place approach only"
    )
    assert cell(cells, "domains", "GM0396")["numerator"] == 0, "the home of ann is where the police know her"


def test_risk_youth_are_those_that_police_or_halt_know_and_children_stand_apart() -> None:
    cells = make_cells(**CONNECTED, years=ALL)
    assert cell(cells, "risk_youth", "GM0375")["numerator"] == 3
    bands = {age: cell(cells, "risk_youth", REGION, age=age)["numerator"] for age in ("12-15", "16-17", "18-22")}
    assert bands == {"12-15": 2, "16-17": 0, "18-22": 1}
    assert not (cells.of("risk_youth")["age"] == "0-11").any()


def test_the_profile_of_risk_youth_is_a_share_of_all_risk_youth_whatever_the_characteristic() -> None:
    cells = make_cells(**CONNECTED, years=ALL)
    traits = ("absence", "long_absence", "early_leaver", "help", "stay", "protection", "probation", "approach")
    assert _kinds(cells, "risk_profile", *traits) == [1, 1, 0, 1, 1, 0, 1, 2]
    assert {cell(cells, "risk_profile", REGION, kind=kind)["denominator"] for kind in traits} == {3}
    assert _counts(cell(cells, "risk_profile", REGION)) == (3, 3, "counted")
    assert _kinds(cells, "risk_profile_by_age", "absence", "help", age="12-15") == [1, 1]


def test_children_under_12_are_profiled_by_domains_for_the_region_only() -> None:
    cells = make_cells(**CONNECTED, years=ALL)
    assert _counts(cell(cells, "domains_under_12", REGION)) == (1, 2, "counted"), (
        "bob is known to police and care, fay to care"
    )
    assert set(cells.of("domains_under_12")["level"]) == {"region"}


def test_all_youth_are_counted_against_inhabitants_of_the_same_age() -> None:
    cells = make_cells(**CONNECTED, years=ALL)
    assert _kinds(cells, "youth_profile", "help", "early_leaver", "absence") == [1, 1, 2]
    assert _kinds(cells, "youth_profile_by_age", "help", age="0-11") == [2]
    under_12 = cell(cells, "youth_profile_by_age", REGION, kind="help", age="0-11")["denominator"]
    assert under_12 == (6000 + 6000 + 3000 + 9000) * 12 / 15
    years = ALL | {"approaches": "2023-2024"}
    assert cell(make_cells(**CONNECTED, years=years), "youth_profile", REGION)["state"] == "not_delivered"


def test_supra_local_is_an_offence_in_another_municipality_inside_or_outside_the_region() -> None:
    cells = make_cells(
        suspects="""
        person | offence_municipality
        ann    | GM0375
        ann    | GM0363
        bob    | GM0396
        cas    | GM0375
        eve    |
    """
    )
    assert _counts(cell(cells, "suspects_supra_local", "GM0375")) == (2, 4, "counted")


def test_homes_of_suspects_from_elsewhere_add_up_and_nobody_from_elsewhere_is_from_here() -> None:
    cells = make_cells(
        suspects="""
        person | home_municipality | home_neighbourhood | offence_municipality
        ann    | GM0375            | BU03750000         | GM0375
        bob    | GM0396            | BU03960000         | GM0375
        cas    | GM0363            |                    | GM0375
        cas    | GM0363            |                    | GM0396
    """
    )
    assert _kinds(cells, "suspects_home_elsewhere", "GM0396", "GM0450", "GM0453", "elsewhere", area="GM0375") == [
        1,
        0,
        0,
        1,
    ]
    assert _counts(cell(cells, "suspects_home_elsewhere", "GM0375")) == (2, 3, "counted")
    rows = cells.of("suspects_home_elsewhere").query("level == 'municipality' and kind == area")
    assert set(rows["state"]) == {"impossible"}
    assert _kinds(cells, "suspects_home_elsewhere", "GM0396", "elsewhere") == [1, 1], "in the region cas counts once"


def test_who_moved_within_the_year_has_one_home_in_every_municipality_of_his_offences() -> None:
    cells = make_cells(
        suspects="""
        person | home_municipality | home_neighbourhood | offence_municipality | registration_date
        ann    | GM0375            | BU03750000         | GM0375               | 20250110
        ann    | GM0396            | BU03960000         | GM0396               | 20250620
    """
    )
    assert _kinds(cells, "suspects_home_elsewhere", "GM0396", area="GM0375") == [1]
    assert cell(cells, "suspects_from_elsewhere", "GM0396")["numerator"] == 0


def test_home_and_school_municipality_of_absent_pupils_are_two_geographies() -> None:
    cells = make_cells(
        absence="""
        person | home_municipality | home_neighbourhood | school_municipality
        ann    | GM0375            | BU03750000         | GM0453
        bob    | GM0453            |                    | GM0453
        cas    | GM0363            |                    | GM0453
    """,
        years=ALL,
    )
    found = {"GM0375": 1, "GM0396": 0, "GM0450": 0, "elsewhere": 1}
    for kind, count in found.items():
        assert cell(cells, "absence_home_elsewhere", "GM0453", "2024/25", kind=kind)["numerator"] == count
    assert _counts(cell(cells, "absence_home_elsewhere", "GM0453", "2024/25")) == (2, 3, "counted")
    assert cell(cells, "absence", "GM0453", "2024/25")["numerator"] == 1, "by home it is bob only"


def test_the_school_of_a_suspect_is_known_from_absence_in_the_same_year_only() -> None:
    cells = make_cells(
        suspects="person\nann\nbob\ncas\neve",
        absence="""
        person | school_municipality | report_date | begin_date
        ann    | GM0453              | 20250112    | 20250110
        bob    | GM0375              | 20250112    | 20250110
        cas    | GM0363              | 20250112    | 20250110
        eve    | GM0453              | 20240112    | 20240110
    """,
        years=ALL,
    )
    assert _counts(cell(cells, "suspects_school_elsewhere", REGION)) == (2, 3, "counted")
    assert _kinds(cells, "suspects_school_elsewhere", "in_region", "elsewhere") == [1, 1]


def test_networks_follow_links_to_their_end_and_tell_sizes_only() -> None:
    cells = make_cells(
        suspects="""
        person | offence_date | offence_neighbourhood | offence_class | co_suspects
        ann    | 20250101     | BU03750000            | A50           | 1
        bob    | 20250101     | BU03750000            | A50           | 1
        bob    | 20250201     | BU03750001            | C50           | 1
        cas    | 20250201     | BU03750001            | C50           | 1
        eve    | 20250301     | BU03750000            | A50           | 1
        fay    | 20250301     | BU03750000            | A50           | 1
        gus    | 20250301     | BU03750000            | A50           | 0
        hal    | 20250401     |                       | A50           | 1
        ida    | 20250401     |                       | A50           | 1
    """
    )
    assert _kinds(cells, "suspect_networks", "size_2", "size_3") == [2, 3]
    assert _counts(cell(cells, "suspect_networks", REGION)) == (5, 8, "counted")
    assert set(cells.of("suspect_networks")["level"]) == {"region"}


def test_a_group_is_everybody_that_offences_link_directly_or_through_others() -> None:
    sizes = group_sizes(
        table("""
        person_key | offence
        1          | a
        2          | a
        2          | b
        3          | b
        4          | c
        5          | c
    """)
    )
    assert dict(zip(sizes["person_key"], sizes["size"], strict=True)) == {1: 3, 2: 3, 3: 3, 4: 2, 5: 2}


def test_families_count_once_where_their_youngest_lives_and_hold_those_of_youth_care() -> None:
    cells = make_cells(
        care="""
        person | family | age | home_municipality
        ann    | red    | 8   | GM0375
        bob    | red    | 16  | GM0396
        cas    | blue   | 14  | GM0375
        eve    | green  | 14  | GM0375
        gus    |        | 14  | GM0375
    """,
        approaches="person | family | approach | age\nfay | blue | system | 17\nhal | grey | system | 17",
        suspects="person | age\nfay | 17\neve | 14",
        years=ALL,
    )
    assert _counts(cell(cells, "families_two_or_more", REGION)) == (2, 3, "counted"), "grey is in no justice or care"
    assert _counts(cell(cells, "families_two_or_more", "GM0375")) == (2, 3, "counted")
    assert _counts(cell(cells, "families_with_justice", REGION)) == (1, 3, "counted")
    assert _counts(cell(cells, "care_families", REGION)) == (1, 3, "counted")
