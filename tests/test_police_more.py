"""Suspects and Halt more closely: who comes back, with whom, what follows; a drawn example for every indicator."""

import pandas as pd
import pytest

from pipelines.sample.world import read_reference
from tests.world import cell, make_cells

YEARS = {"police_suspects": "2023-2026", "halt": "2023-2026"}
REGION = "RG-IJMOND"


def _counts(found: "pd.Series[object]") -> tuple[object, object, object]:
    return found["numerator"], found["denominator"], found["state"]


def test_each_tag_but_online_lies_within_one_kind_and_weapons_are_the_kind_itself() -> None:
    """The protection relies on it: a tag outside its kind would make a false relation."""
    classes = read_reference("offence_classes")
    kinds = {tag: set(rows["kind"]) for tag, rows in classes[classes["phenomenon"] != ""].groupby("phenomenon")}
    assert {tag: kinds[tag] for tag in ("money_mule", "subversive", "exploitation", "weapons")} == {
        "money_mule": {"property"}, "subversive": {"drugs"}, "exploitation": {"violence"}, "weapons": {"weapons"},
    }  # fmt: skip
    assert set(classes.loc[classes["kind"] == "weapons", "phenomenon"]) == {"weapons"}
    assert len(kinds["online"]) > 1


def test_phenomena_are_tags_of_offences_and_possession_of_drugs_has_none() -> None:
    cells = make_cells(
        suspects="""
        person | offence_class | age
        ann    | F90           | 15
        ann    | F94           | 15
        bob    | F42           | 19
        cas    | F40           | 19
        eve    | F563          | 17
        fay    | F72           | 17
        gus    | F90           | 11
    """
    )
    kinds = ("online", "money_mule", "subversive", "exploitation")
    found = [cell(cells, "suspects_by_phenomenon", REGION, kind=kind)["numerator"] for kind in kinds]
    assert found == [1, 1, 1, 1]
    assert cell(cells, "suspects_by_phenomenon", "GM0375")["numerator"] == 3, "ann counts once in the total"
    assert cell(cells, "suspects_weapons", REGION)["numerator"] == 1


def test_repeat_and_frequent_suspects_are_counted_by_registrations_in_the_year() -> None:
    cells = make_cells(
        suspects="""
        person | registration_date
        ann    | 20250110
        ann    | 20250620
        bob    | 20241231
        bob    | 20250301
        cas    | 20250101
        cas    | 20250201
        cas    | 20250301
        cas    | 20250401
        cas    | 20250501
        cas    | 20250601
    """,
        years={"police_suspects": "2024-2025"},
    )
    assert _counts(cell(cells, "repeat_suspects", "GM0375")) == (2, 3, "counted")
    assert _counts(cell(cells, "frequent_suspects", REGION)) == (1, 3, "counted"), "six is more than five"
    assert _counts(cell(cells, "registrations", "GM0375")) == (9, 3, "counted")
    assert cell(cells, "registrations", "GM0375", "2024")["numerator"] == 1


def test_registrations_follow_the_person_to_his_last_home_of_the_year() -> None:
    cells = make_cells(
        suspects="""
        person | home_municipality | home_neighbourhood | registration_date
        ann    | GM0375            | BU03750000         | 20250110
        ann    | GM0396            | BU03960000         | 20250620
    """
    )
    assert [cell(cells, "registrations", area)["numerator"] for area in ("GM0375", "GM0396", REGION)] == [0, 2, 2]


def test_children_under_12_are_counted_for_the_region_only() -> None:
    cells = make_cells(suspects="person | age\nann | 11\nbob | 12")
    rows = cells.of("suspects_under_12")
    assert set(rows["level"]) == {"region"}
    assert cell(cells, "suspects_under_12", REGION)["numerator"] == 1
    assert cell(cells, "repeat_suspects", "GM0375")["denominator"] == 1


def test_in_a_group_means_other_suspects_of_the_same_offence_at_least_once() -> None:
    cells = make_cells(
        suspects="""
        person | co_suspects
        ann    | 0
        ann    | 2
        bob    | 0
        cas    |
    """
    )
    assert _counts(cell(cells, "suspects_in_group", "GM0375")) == (1, 3, "counted")


@pytest.mark.parametrize(
    ("offence", "registered", "soon", "later"),
    [("20240601", "20240610", 1, 1), ("20250301", "20250302", 1, 1), ("20250302", "20250303", 0, 1),
     ("20260228", "20260301", 0, 1), ("20260302", "20260303", 0, 0), ("20240228", "20240610", 0, 0)],
)  # fmt: skip
def test_again_is_a_new_offence_after_the_first_registration_within_one_or_two_years(
    offence: str, registered: str, soon: int, later: int
) -> None:
    cells = make_cells(
        suspects=f"""
        person | offence_date | registration_date
        ann    | 20240220     | 20240301
        ann    | {offence}    | {registered}
    """,
        years=YEARS,
    )
    assert _counts(cell(cells, "again_within_1_year", "GM0375", "2024")) == (soon, 1, "counted")
    assert _counts(cell(cells, "again_within_2_years", "GM0375", "2024")) == (later, 1, "counted")


def test_again_has_no_figure_before_the_years_after_it_came() -> None:
    cells = make_cells(suspects="person\nann", years=YEARS)
    states = {year: [cell(cells, f"again_within_{text}", REGION, year)["state"] for text in ("1_year", "2_years")]
              for year in ("2024", "2025", "2026")}  # fmt: skip
    assert states == {"2024": ["counted"] * 2, "2025": ["counted", "missing"], "2026": ["missing"] * 2}
    assert pd.isna(cell(cells, "again_within_1_year", REGION, "2026")["numerator"])


def test_disposals_overlap_and_an_unknown_one_is_not_guessed() -> None:
    cells = make_cells(
        suspects="""
        person | disposal
        ann    | halt
        ann    | dagvaarding
        bob    | sepot
        cas    |
    """
    )
    kinds = ("halt", "stop", "reprimand", "prosecution", "dismissal")
    assert [cell(cells, "suspects_by_disposal", "GM0375", kind=kind)["numerator"] for kind in kinds] == [1, 0, 0, 1, 1]
    assert cell(cells, "suspects_by_disposal", "GM0375")["numerator"] == 2


def test_a_referrer_is_known_by_name_and_an_attendance_officer_refers_for_truancy() -> None:
    cells = make_cells(
        halt="""
        person | referrer          | offence_group
        ann    | politie           | property
        ann    | leerplichtambtenaar | truancy
        bob    | boa               | fireworks
        cas    |                   | property
        eve    | leerplichtambtenaar | property
    """
    )
    kinds = ("police", "attendance", "enforcement")
    assert [cell(cells, "halt_by_referrer", REGION, kind=kind)["numerator"] for kind in kinds] == [1, 1, 1]
    assert cell(cells, "halt_by_referrer", "GM0375")["numerator"] == 2
    assert cell(cells, "halt_rate", "GM0375")["numerator"] == 4


def test_the_first_talk_is_in_time_within_30_days_and_no_talk_is_not_in_time() -> None:
    cells = make_cells(
        halt="""
        person | referral_date | start_date
        ann    | 20250301      | 20250331
        bob    | 20250301      | 20250401
        cas    | 20250301      |
    """
    )
    assert _counts(cell(cells, "halt_talk_in_time", "GM0375")) == (1, 3, "counted")


def test_all_steps_in_time_needs_the_hearing_too() -> None:
    cells = make_cells(
        halt="""
        person | first_hearing | referral_date | start_date
        ann    | 20250225      | 20250301      | 20250331
        bob    | 20250201      | 20250301      | 20250302
        cas    |               | 20250301      | 20250302
        eve    | 20250225      | 20250301      |
    """
    )
    assert _counts(cell(cells, "chain_in_norm", REGION)) == (1, 3, "counted")


def test_a_fourth_referral_is_over_three_and_earlier_years_count_towards_it() -> None:
    cells = make_cells(
        halt="""
        person | referral_date
        ann    | 20230101
        ann    | 20240101
        ann    | 20240601
        ann    | 20250101
        bob    | 20250101
        bob    | 20250201
        bob    | 20250301
    """,
        years=YEARS,
    )
    assert _counts(cell(cells, "halt_over_three", REGION)) == (1, 2, "counted")
    assert _counts(cell(cells, "halt_over_three", REGION, "2024")) == (0, 1, "counted")


def test_contact_after_halt_is_split_by_how_it_ended_and_lies_after_that_end() -> None:
    cells = make_cells(
        halt="""
        person | referral_date | finish_date | result
        ann    | 20240105      | 20240501    | geslaagd
        bob    | 20240105      | 20240501    | geslaagd
        cas    | 20240105      | 20240501    | mislukt
        eve    | 20240105      | 20240501    | mislukt
    """,
        suspects="""
        person | offence_date | registration_date
        ann    | 20240430     | 20240601
        bob    | 20250501     | 20250601
        cas    | 20250502     | 20250601
        eve    | 20240502     | 20240503
    """,
        years=YEARS,
    )
    assert _counts(cell(cells, "halt_succeeded_again", REGION, "2024")) == (1, 2, "counted")
    assert _counts(cell(cells, "halt_failed_again", REGION, "2024")) == (1, 2, "counted")
    assert _counts(cell(cells, "halt_failed", REGION, "2024")) == (2, 4, "counted")


def test_contact_after_halt_needs_both_sources_and_the_year_after() -> None:
    drawn = "person | referral_date | finish_date | result\nann | 20240105 | 20240501 | geslaagd"
    alone = make_cells(halt=drawn, years={"halt": "2023-2026", "police_suspects": "2023"})
    assert cell(alone, "halt_succeeded_again", REGION, "2024")["state"] == "not_delivered"
    early = make_cells(halt=drawn, years={"halt": "2024", "police_suspects": "2024"})
    assert cell(early, "halt_succeeded_again", REGION, "2024")["state"] == "missing"
