"""Youth care: which spells count, in which years, in whose municipality; one drawn example for every indicator."""

import pandas as pd
import pytest

from pipelines.sources.youth_care import END_REASONS, FORMS, REFERRERS
from tests.drawn import table
from tests.world import Cells, cell, make_cells

SEVERAL = {"youth_care": "2023-2025", "police_suspects": "2023-2025"}


def _counts(found: "pd.Series[object]") -> tuple[object, object, object]:
    return found["numerator"], found["denominator"], found["state"]


def _care(drawing: str, **others: str) -> Cells:
    return make_cells(care=drawing, years=SEVERAL, **others)


def test_a_spell_counts_in_every_year_it_touches_also_when_it_began_before_and_ends_after() -> None:
    cells = _care("""
        person | age | begin_date | end_date
        ann    | 8   | 20220601   | 20250101
        bob    | 8   | 20230601   |
        cas    | 8   | 20241231   | 20241231
        eve    | 8   | 20210101   | 20221231
    """)
    found = [cell(cells, "care_help", "GM0375", year)["numerator"] for year in ("2023", "2024", "2025")]
    assert found == [2, 3, 2]


def test_the_same_spell_in_the_deliveries_of_several_years_is_one_spell_and_the_latest_tells_its_end() -> None:
    cells = _care("""
        person | begin_date | end_date | end_reason | reported_until
        ann    | 20230601   |          |            | 20231231
        ann    | 20230601   | 20240301 | 01         | 20241231
        bob    | 20230601   | 20230901 | 01         | 20231231
        bob    | 20230601   |          |            | 20251231
    """)
    found = [cell(cells, "care_help", "GM0375", year)["numerator"] for year in ("2023", "2024", "2025")]
    assert found == [2, 2, 1]
    assert _counts(cell(cells, "care_early_endings", "GM0375", "2024")) == (0, 1, "counted")


def test_an_open_spell_that_does_not_come_back_ended_with_the_last_delivery_that_knew_it() -> None:
    cells = _care("""
        person | begin_date | end_date | reported_until
        ann    | 20230601   |          | 20231231
        bob    | 20230601   |          | 20251231
    """)
    assert [cell(cells, "care_help", "GM0375", year)["numerator"] for year in ("2023", "2024", "2025")] == [2, 1, 1]
    assert cell(cells, "care_early_endings", "GM0375", "2023")["denominator"] == 0, "why it ended is not known"


def test_a_year_without_a_delivery_is_no_zero_and_an_open_spell_does_not_fill_it() -> None:
    cells = make_cells(
        care="person | begin_date | reported_until\nann | 20240101 | 20241231",
        years={"youth_care": "2024", "police_suspects": "2025"},
    )
    assert cell(cells, "care_help", "GM0375", "2024")["numerator"] == 1
    assert cell(cells, "care_help", "GM0375", "2025")["state"] == "not_delivered"
    assert cell(cells, "care_under_12_police", "RG-IJMOND", "2024")["state"] == "not_delivered", (
        "the police are missing"
    )


def test_a_file_without_a_period_covers_the_years_in_which_its_spells_ended() -> None:
    cells = make_cells(
        care="""
        person | age | begin_date | end_date | reported_until
        ann    | 8   | 20190101   | 20240301 |
        bob    | 8   | 20240101   |          |
    """,
        years={"youth_care": ""},
    )
    assert set(cells.of("care_help")["period"]) == {"2024", "2025"}, "2025 has inhabitants"
    assert _counts(cell(cells, "care_help", "GM0375", "2024")) == (2, 6000 + 1500, "counted")
    assert cell(cells, "care_help", "GM0375", "2025")["state"] == "not_delivered"


def test_age_is_that_on_31_december_and_grows_with_the_years() -> None:
    cells = _care("""
        person | begin_date | age
        ann    | 20230601   | 11
        bob    | 20230601   | 16
        cas    | 20250601   | 23
    """)
    ages = {year: [cell(cells, "care_help", "GM0375", year, age=age)["numerator"] for age in ("0-11", "12-17")]
            for year in ("2023", "2024", "2025")}  # fmt: skip
    assert ages == {"2023": [1, 1], "2024": [0, 2], "2025": [0, 1]}
    assert _counts(cell(cells, "care_help_18_22", "GM0375", "2025")) == (1, 2500, "counted")


def test_sexes_and_municipalities_add_up_and_home_is_that_of_the_spell_that_ran_last() -> None:
    cells = _care("""
        person | begin_date | end_date | home_municipality | sex
        ann    | 20250101   | 20250601 | GM0375            | female
        ann    | 20250301   | 20250901 | GM0396            | female
        bob    | 20250101   |          | GM0375            | male
        bob    | 20250301   | 20250501 | GM0453            | male
        eve    | 20250101   |          | GM0363            | female
    """)
    found = {area: cell(cells, "care_help", area)["numerator"] for area in ("GM0375", "GM0396", "GM0453", "RG-IJMOND")}
    assert found == {"GM0375": 1, "GM0396": 1, "GM0453": 0, "RG-IJMOND": 2}
    assert [cell(cells, "care_help", "RG-IJMOND", sex=sex)["numerator"] for sex in ("female", "male")] == [1, 1]


@pytest.mark.parametrize("form", FORMS["help"])
def test_every_form_of_help_is_with_or_without_stay(form: str) -> None:
    cells = _care(f"person | form\nann | {form}")
    found = [
        cell(cells, "care_help_by_stay", "GM0375", kind=kind)["numerator"] for kind in ("without_stay", "with_stay")
    ]
    assert found == ([1, 0] if form < "11" else [0, 1])
    assert _counts(cell(cells, "care_help", "GM0375")) == (1, 7500, "counted")
    assert cell(cells, "care_protection", "GM0375")["numerator"] == 0, "11 and 12 are also codes of protection"


def test_who_had_help_with_and_without_stay_counts_in_both_and_once_in_the_total() -> None:
    cells = _care("""
        person | form
        ann    | 02
        ann    | 11
        ann    | 13
        bob    | 04
    """)
    found = {kind: cell(cells, "care_help_by_stay", "GM0375", kind=kind)["numerator"] for kind in ("without_stay", "with_stay", "all")}  # fmt: skip
    assert found == {"without_stay": 2, "with_stay": 1, "all": 2}


@pytest.mark.parametrize("form", FORMS["protection"])
def test_every_measure_of_protection_is_supervision_or_guardianship(form: str) -> None:
    cells = _care(f"person | kind | form\nann | protection | {form}")
    kinds = ("supervision_order", "guardianship")
    found = [cell(cells, "care_protection", "GM0375", kind=kind)["numerator"] for kind in kinds]
    assert found == ([1, 0] if form in ("11", "12") else [0, 1])
    assert _counts(cell(cells, "care_protection", "GM0375")) == (1, 7500, "counted")
    assert cell(cells, "care_help", "GM0375")["numerator"] == 0


@pytest.mark.parametrize("form", FORMS["probation"])
def test_every_form_of_probation_counts_from_12_to_22(form: str) -> None:
    cells = _care(f"""
        person | kind      | form   | age
        ann    | probation | {form} | 12
        bob    | probation | {form} | 22
        cas    | probation | {form} | 11
        eve    | probation | {form} | 23
    """)
    assert _counts(cell(cells, "care_probation", "GM0375")) == (2, 6000 * 3 / 15 + 5000 * 8 / 10, "counted")
    assert [cell(cells, "care_probation", "RG-IJMOND", age=age)["numerator"] for age in ("12-17", "18-22")] == [1, 1]


def test_every_referrer_has_its_own_kind_and_an_empty_one_is_unknown() -> None:
    rows = "\n".join(f"p{code} | {code} | 2025030{int(code)}" for code in REFERRERS)
    cells = _care(f"person | referrer | begin_date\n{rows}\nnobody | | 20250301")
    found = {kind: cell(cells, "care_referrers", "GM0375", kind=kind)["numerator"] for kind in REFERRERS.values()}
    assert found == {**dict.fromkeys(REFERRERS.values(), 1), "unknown": 2}
    assert _counts(cell(cells, "care_referrers", "GM0375")) == (8, 7500, "counted")


def test_going_on_in_another_form_is_no_new_beginning() -> None:
    cells = _care("""
        person | form | referrer | begin_date | end_date
        ann    | 02   | 02       | 20250101   | 20250301
        ann    | 11   | 04       | 20250302   |
        bob    | 02   | 02       | 20241201   |
        bob    | 03   | 01       | 20250301   |
        cas    | 02   | 02       | 20250101   | 20250301
        cas    | 02   | 01       | 20250303   |
    """)
    found = {kind: cell(cells, "care_referrers", "GM0375", kind=kind)["numerator"] for kind in ("gp", "certified", "municipality")}  # fmt: skip
    assert found == {"gp": 2, "certified": 0, "municipality": 1}
    assert cell(cells, "care_referrers", "GM0375")["numerator"] == 2


@pytest.mark.parametrize("reason", END_REASONS)
def test_every_reason_but_as_planned_is_early(reason: str) -> None:
    cells = _care(f"person | end_date | end_reason\nann | 20250901 | {reason}")
    assert _counts(cell(cells, "care_early_endings", "GM0375")) == (int(reason != "01"), 1, "counted")


def test_endings_are_about_the_last_help_that_ended_in_the_year_for_a_known_reason() -> None:
    cells = _care("""
        person | kind       | form | begin_date | end_date | end_reason
        ann    | help       | 02   | 20240101   | 20250201 | 03
        ann    | help       | 03   | 20240101   | 20250701 | 01
        bob    | help       | 02   | 20240101   | 20250201 | 01
        bob    | help       | 03   | 20240101   | 20250701 | 04
        cas    | help       | 02   | 20240101   | 20250201 |
        eve    | help       | 02   | 20240101   |          |
        fay    | protection | 11   | 20240101   | 20250201 | 03
    """)
    assert _counts(cell(cells, "care_early_endings", "GM0375")) == (1, 2, "counted")
    assert _counts(cell(cells, "care_early_endings", "GM0375", "2024")) == (0, 0, "counted")


def test_a_return_is_help_that_begins_within_a_year_after_help_ended() -> None:
    cells = _care("""
        person | kind       | form | begin_date | end_date
        ann    | help       | 02   | 20240101   | 20240601
        ann    | help       | 02   | 20250601   |
        bob    | help       | 02   | 20240101   | 20240531
        bob    | help       | 02   | 20250601   |
        cas    | help       | 02   | 20250101   | 20250201
        cas    | help       | 02   | 20250301   |
        eve    | protection | 11   | 20240101   | 20250101
        eve    | help       | 02   | 20250201   |
    """)
    assert _counts(cell(cells, "care_return", "GM0375")) == (2, 4, "counted"), "ann after 365 days, bob after 366"
    assert cell(cells, "care_return", "GM0375", "2024")["state"] == "counted"
    assert cell(cells, "care_return", "GM0375", "2023")["state"] == "missing", "nothing is known of the year before"


def test_children_under_12_with_care_and_police_contact_are_counted_for_the_region_only() -> None:
    cells = _care(
        """
        person | age | kind       | form
        ann    | 10  | help       | 02
        bob    | 11  | protection | 11
        cas    | 14  | help       | 02
        eve    | 9   | help       | 02
    """,
        suspects="""
        person | age | home_municipality
        ann    | 10  | GM0375
        bob    | 11  | GM0375
        cas    | 14  | GM0375
        fay    | 11  | GM0375
    """,
    )
    under = cells.of("care_under_12_police")
    assert set(under["level"]) == {"region"}
    young = 0.8 * (6000 + 6000 + 3000 + 9000)
    assert _counts(cell(cells, "care_under_12_police", "RG-IJMOND")) == (2, young, "counted")


def test_families_count_once_in_the_municipality_of_their_youngest_and_only_when_known() -> None:
    cells = _care("""
        person | family | age | home_municipality | begin_date | end_date
        ann    | smit   | 15  | GM0375            | 20250101   |
        bob    | smit   | 8   | GM0396            | 20250101   |
        bob    | smit   | 8   | GM0396            | 20250201   |
        cas    | bos    | 8   | GM0375            | 20250101   |
        cas    | bos    | 8   | GM0375            | 20250301   |
        dik    | kok    | 8   | GM0375            | 20240101   | 20240601
        eve    | kok    | 9   | GM0375            | 20250101   |
        fay    |        | 9   | GM0375            | 20250101   |
        gus    |        | 9   | GM0375            | 20250101   |
        hal    | vis    | 22  | GM0375            | 20250101   |
        ina    | vis    | 23  | GM0375            | 20250101   |
    """)
    assert _counts(cell(cells, "care_families", "GM0396")) == (1, 1, "counted")
    assert _counts(cell(cells, "care_families", "GM0375")) == (0, 3, "counted")
    assert _counts(cell(cells, "care_families", "RG-IJMOND")) == (1, 4, "counted")


def test_every_table_of_a_code_list_is_complete() -> None:
    listed = table("""
        kind       | codes
        help       | 01 02 03 04 11 12 13 14
        protection | 11 12 21 22 23
        probation  | 41 42 50 51 61 62 63
    """)
    assert {row.kind: row.codes.split() for row in listed.itertuples()} == {k: list(v) for k, v in FORMS.items()}
    assert list(REFERRERS) == [f"0{n}" for n in range(1, 8)]
    assert list(END_REASONS) == [f"0{n}" for n in range(1, 6)]
