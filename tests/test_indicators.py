"""Who is counted, when, where, and against which denominator: one drawn example for every indicator."""

import pandas as pd
import pytest

from pipelines.engine import DuckDBEngine
from pipelines.loading import connect, load_coverage, load_reference
from tests.suppliers import IJMOND
from tests.world import cell, make_cells


def _counts(found: "pd.Series[object]") -> tuple[object, object, object]:
    return found["numerator"], found["denominator"], found["state"]


def test_a_suspect_counts_once_in_the_period_where_he_lived_last() -> None:
    cells = make_cells(
        suspects="""
        person | home_municipality | home_neighbourhood | registration_date
        ann    | GM0375            | BU03750000         | 20250110
        ann    | GM0396            | BU03960000         | 20250620
        bob    | GM0375            | BU03750001         | 20250301
    """
    )
    assert _counts(cell(cells, "suspects_12_17", "GM0375")) == (1, 2700, "counted")
    assert cell(cells, "suspects_12_17", "GM0396")["numerator"] == 1
    assert cell(cells, "suspects_12_17", "RG-IJMOND")["numerator"] == 2
    assert cell(cells, "suspects_12_17", "GM0375", "2025Q1")["numerator"] == 2
    assert cell(cells, "suspects_12_17", "GM0396", "2025Q2")["numerator"] == 1
    assert cell(cells, "suspects_12_22", "BU03750000")["numerator"] == 0


def test_no_suspects_is_a_real_zero_and_a_year_not_delivered_is_not() -> None:
    cells = make_cells(suspects="person\nann", years={"police_suspects": "2025"})
    assert _counts(cell(cells, "suspects_12_17", "GM0450")) == (0, 1200, "counted")
    assert cell(cells, "halt_rate", "GM0450")["state"] == "not_delivered"
    assert pd.isna(cell(cells, "halt_rate", "GM0450")["numerator"])


def test_a_year_of_which_one_quarter_came_is_not_delivered_as_a_year() -> None:
    cells = make_cells(suspects="person\nann", years={"police_suspects": "2025Q2"})
    assert cell(cells, "suspects_12_17", "GM0375", "2025Q2")["state"] == "counted"
    assert cell(cells, "suspects_12_17", "GM0375")["state"] == "not_delivered"


def test_the_denominator_is_the_band_of_the_indicator_estimated_from_the_cbs_bands() -> None:
    cells = make_cells(suspects="person | age\nann | 19")
    assert _counts(cell(cells, "suspects_18_22", "GM0375")) == (1, 2500, "counted")
    assert _counts(cell(cells, "suspects_12_17", "GM0375")) == (0, 6000 * 3 / 15 + 5000 * 3 / 10, "counted")
    assert cell(cells, "suspects_by_offence", "GM0375")["denominator"] == 6000 * 3 / 15 + 5000 * 8 / 10


def test_age_bands_and_sexes_add_up_to_the_whole() -> None:
    cells = make_cells(
        suspects="""
        person | age | sex
        ann    | 13  | female
        bob    | 16  | male
        cas    | 17  |
        eve    | 11  | female
    """
    )
    bands = [cell(cells, "suspects_12_17", "GM0375", age=age)["numerator"] for age in ("12-14", "15-17")]
    sexes = [cell(cells, "suspects_12_17", "GM0375", sex=sex)["numerator"] for sex in ("female", "male")]
    assert (bands, sexes, cell(cells, "suspects_12_17", "GM0375")["numerator"]) == ([1, 2], [1, 1], 3)


def test_an_unknown_neighbourhood_counts_in_its_municipality_and_never_in_a_guessed_one() -> None:
    cells = make_cells(
        suspects="""
        person | home_neighbourhood | home_municipality
        ann    |                    | GM0375
        bob    | BU03750000         |
    """
    )
    assert cell(cells, "suspects_12_17", "GM0375")["numerator"] == 2
    neighbourhoods = cells.of("suspects_12_22").query("level == 'neighbourhood'")
    assert neighbourhoods["numerator"].sum() == 1


def test_a_suspect_who_lives_outside_the_region_does_not_count_by_home() -> None:
    cells = make_cells(suspects="person | home_municipality | home_neighbourhood\nann | GM0363 |")
    assert cell(cells, "suspects_12_17", "RG-IJMOND")["numerator"] == 0
    assert _counts(cell(cells, "suspects_from_elsewhere", "GM0375")) == (1, 1, "counted")


def test_first_time_means_no_earlier_registration_and_the_first_two_years_say_nothing() -> None:
    cells = make_cells(
        suspects="""
        person | registration_date | age
        ann    | 20230501          | 14
        ann    | 20250501          | 16
        bob    | 20250501          | 19
    """,
        years={"police_suspects": "2023-2025"},
    )
    assert cell(cells, "first_time_suspects", "GM0375")["numerator"] == 1
    assert cell(cells, "first_time_suspects", "GM0375", age="18-22")["numerator"] == 1
    assert cell(cells, "first_time_suspects", "GM0375", age="12-17")["numerator"] == 0
    assert [cell(cells, "first_time_suspects", "GM0375", year)["state"] for year in ("2023", "2024")] == ["missing"] * 2
    assert pd.isna(cell(cells, "first_time_suspects", "GM0375", "2023")["numerator"])


def test_kinds_do_not_add_up_because_one_suspect_may_count_in_several() -> None:
    cells = make_cells(
        suspects="""
        person | offence_class
        ann    | C50
        ann    | F550
        ann    | F550
    """
    )
    found = {
        kind: cell(cells, "suspects_by_offence", "GM0375", kind=kind)["numerator"]
        for kind in ("public_order", "violence", "drugs")
    }
    assert found == {"public_order": 1, "violence": 1, "drugs": 0}
    assert cell(cells, "suspects_by_offence", "GM0375")["numerator"] == 1


def test_from_elsewhere_is_a_share_of_the_suspects_of_offences_here() -> None:
    cells = make_cells(
        suspects="""
        person | home_municipality | home_neighbourhood | offence_municipality
        ann    | GM0375            | BU03750000         | GM0375
        bob    | GM0396            | BU03960000         | GM0375
        cas    |                   |                    | GM0375
        eve    | GM0375            | BU03750000         | GM0396
    """
    )
    assert _counts(cell(cells, "suspects_from_elsewhere", "GM0375")) == (1, 2, "counted")
    assert _counts(cell(cells, "suspects_from_elsewhere", "GM0396")) == (1, 1, "counted")
    assert _counts(cell(cells, "suspects_from_elsewhere", "RG-IJMOND")) == (2, 3, "counted")


def test_halt_counts_a_young_person_once_and_only_from_12_to_17() -> None:
    cells = make_cells(
        halt="""
        person | age | referral_date | offence_group
        ann    | 13  | 20250105      | property
        ann    | 14  | 20250805      | truancy
        bob    | 18  | 20250805      | violence
    """
    )
    assert _counts(cell(cells, "halt_rate", "GM0375")) == (1, 2700, "counted")
    assert cell(cells, "halt_rate", "GM0375", age="12-14")["numerator"] == 1
    kinds = [
        cell(cells, "halt_by_offence", "GM0375", kind=kind)["numerator"] for kind in ("property", "truancy", "violence")
    ]
    assert kinds == [1, 1, 0]


def test_halt_in_time_looks_at_the_last_referral_and_leaves_unknown_hearings_out() -> None:
    cells = make_cells(
        halt="""
        person | first_hearing | referral_date
        ann    | 20250101      | 20250108
        bob    | 20250101      | 20250109
        cas    |               | 20250109
        eve    | 20250101      | 20250102
        eve    | 20250601      | 20250701
    """
    )
    assert _counts(cell(cells, "halt_in_time", "GM0375")) == (1, 3, "counted")


def test_halt_succeeded_is_about_what_ended_in_the_year() -> None:
    cells = make_cells(
        halt="""
        person | referral_date | finish_date | result
        ann    | 20250105      | 20250501    | geslaagd
        bob    | 20250105      | 20250501    | mislukt
        cas    | 20250105      | 20250501    | niet gestart
        eve    | 20251105      |             |
        fay    | 20250105      | 20260101    | geslaagd
    """,
        years={"halt": "2025-2026"},
    )
    assert _counts(cell(cells, "halt_succeeded", "GM0375")) == (1, 2, "counted")
    assert _counts(cell(cells, "halt_succeeded", "GM0375", "2026")) == (1, 1, "counted")


CRIMES = """
    offence     | area       | period  | count | provisional
    crime/0.0.0 | GM0375     | 2025    | 1857  | true
    crime/0.0.0 | GM0396     | 2025    | 1000  | true
    crime/0.0.0 | GM0450     | 2025    | 300   | true
    crime/0.0.0 | GM0453     | 2025    | .     | true
    crime/0.0.0 | BU03750000 | 2025    | 0     | true
    crime/0.0.0 | BU03750001 | 2025    |       | true
    crime/0.0.0 | BU03960000 | 2025    | 2     | true
    crime/0.0.0 | GM0375     | 2025M01 | 100   | true
    crime/0.0.0 | GM0375     | 2025M02 | 110   | true
    crime/0.0.0 | GM0375     | 2025M03 | 120   | true
    crime/0.0.0 | GM0375     | 2025M04 | 120   | true
"""


def test_crimes_are_shown_as_published_with_their_five_states() -> None:
    cells = make_cells(incidents=CRIMES)
    assert _counts(cell(cells, "crimes", "GM0375")) == (1857, 40000, "counted")
    assert cell(cells, "crimes", "GM0375")["provisional"]
    assert _counts(cell(cells, "crimes", "BU03750000")) == (0, 700, "counted")
    assert cell(cells, "crimes", "GM0453")["state"] == "missing"
    assert cell(cells, "crimes", "BU03750001")["state"] == "impossible"
    assert cell(cells, "crimes", "BU03960000")["state"] == "impossible"
    assert cell(cells, "vandalism", "GM0375")["state"] == "not_delivered"


def test_a_quarter_is_three_months_or_nothing_and_a_region_all_its_municipalities_or_nothing() -> None:
    cells = make_cells(incidents=CRIMES)
    assert cell(cells, "crimes", "GM0375", "2025Q1")["numerator"] == 330
    assert pd.isna(cell(cells, "crimes", "GM0375", "2025Q2")["numerator"])
    assert cell(cells, "crimes", "RG-IJMOND")["state"] == "missing"


def test_a_district_that_no_table_gives_is_the_sum_of_its_neighbourhoods() -> None:
    cells = make_cells(
        incidents="""
        offence      | area       | period | count
        nuisance/E35 | BU03750000 | 2025   | 3
        nuisance/E35 | BU03750001 | 2025   | 4
    """
    )
    assert cell(cells, "youth_nuisance", "WK037500")["numerator"] == 7


def test_an_older_population_is_used_and_said_when_the_year_has_none() -> None:
    cells = make_cells(incidents="offence | area | period | count\ncrime/2.2.1 | GM0375 | 2026 | 80")
    found = cell(cells, "vandalism", "GM0375", "2026")
    assert (found["denominator"], found["denominator_year"]) == (40000, 2025)


def test_population_is_shown_by_age_and_the_region_is_the_sum_of_its_municipalities() -> None:
    cells = make_cells()
    assert cell(cells, "population", "GM0375", age="0-14")["numerator"] == 6000
    assert cell(cells, "population", "RG-IJMOND")["numerator"] == 154000
    assert cell(cells, "population", "GM0375", age="12-17")["numerator"] == 2700


def test_numbers_about_an_area_are_those_of_cbs_and_unknown_is_not_zero() -> None:
    people = """
    area       | inhabitants | men | women | age_0_14 | age_15_24 | age_25_44 | age_45_64 | age_65 | year | households | with_children | income | address_density
    GM0375     | 100         | 50  | 50    | 20       | 20        | 20        | 20        | 20     | 2025 | 40         | 10            | 26.4   | 2730
    WK037500   | 50          | 25  | 25    | 10       | 10        | 10        | 10        | 10     | 2025 | 20         | 5             | .      | 900
    BU03750000 | 0           | 0   | 0     | 0        | 0         | 0         | 0         | 0      | 2025 | 0          | 0             | .      | .
    """
    cells = make_cells(population=people)
    values = {name: cell(cells, name, "GM0375")["numerator"] for name in ("households", "urbanity", "income")}
    assert values == {"households": 40, "urbanity": 2730, "income": 26.4}
    children = cell(cells, "households_with_children", "GM0375")
    assert (children["numerator"], children["denominator"]) == (10, 40)
    assert cell(cells, "income", "WK037500")["state"] == "missing"
    assert cell(cells, "households_with_children", "BU03750000")["state"] == "impossible"
    assert not (cells.of("income")["level"] == "region").any(), "a mean of means is no mean"


@pytest.mark.parametrize("name", ["core.suspect_period", "core.suspect_linked", "core.network", "core.care_police"])
def test_a_table_may_be_made_alone_with_all_that_it_reads_and_no_more(name: str) -> None:
    with DuckDBEngine() as engine:
        load_reference(engine, IJMOND, None)
        load_coverage(engine, [])
        connect(engine, {name})
        made = set(engine.fetch("select schema_name || '.' || table_name as name from duckdb_tables()")["name"])
    assert name in made
    assert "core.open_care" not in made
