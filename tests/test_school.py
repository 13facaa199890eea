"""School: who is counted, in which school year, where, and against whom; and what the contracts refuse."""

from pathlib import Path

import pytest

from pipelines.errors import ContractError
from pipelines.indicators import CATALOGUE
from pipelines.sources.school_absence import KINDS, STATUSES
from pipelines.sources.schools import EDUCATION
from tests.suppliers import deliver, person, take
from tests.world import Cells, cell, make_cells

SCHOOL_YEARS = {"school_absence": "2024/25", "school_leaving": "2024/25", "halt": "2025"}
ABSENCE_HEADER = (
    "meldingsnummer;persoon;geboortedatum;geslacht;woonbuurt;woongemeente;brin en vestiging;schoolgemeente;onderwijssoort;"
    "verzuimsoort;begindatum;einddatum;meldingsdatum;status"
)
LEAVING_HEADER = "persoon;geboortedatum;geslacht;woonbuurt;woongemeente;brin en vestiging;schoolgemeente;onderwijssoort;schooljaar;reden"


def _cells(*, years: dict[str, str] | None = None, **drawn: str) -> Cells:
    return make_cells(years=years or SCHOOL_YEARS, **drawn)


def _found(cells: Cells, indicator: str, area: str = "GM0375", period: str = "2024/25", **split: str) -> object:
    return cell(cells, indicator, area, period, **split)["numerator"]


def _report(number: object, name: str = "ann", **changes: str) -> str:
    """One good line of an absence delivery; `changes` by our column names."""
    cells = {
        "report": f"M{number}", "person": person(name), "birth_date": "20090301", "sex": "V", "home_neighbourhood": "BU03750000",
        "home_municipality": "GM0375", "school": "12AB00", "school_municipality": "GM0375", "education": "vo", "kind": "V1",
        "begin_date": "20250110", "end_date": "20250115", "report_date": "20250112", "status": "R",
    }  # fmt: skip
    return ";".join((cells | changes).values())


def _leaver(name: str, **changes: str) -> str:
    cells = {
        "person": person(name), "birth_date": "20060301", "sex": "M", "home_neighbourhood": "BU03750000",
        "home_municipality": "GM0375", "school": "25LX01", "school_municipality": "GM0453", "education": "mbo-2",
        "school_year": "2024-2025", "reason": "werk",
    }  # fmt: skip
    return ";".join((cells | changes).values())


def _deliver_absence(folder: Path, *lines: str) -> None:
    deliver(folder, "school_absence", "verzuim_2024-2025.csv", "\n".join([ABSENCE_HEADER, *lines]) + "\n")


def _deliver_leavers(folder: Path, *lines: str) -> None:
    deliver(folder, "school_leaving", "vsv_2024-2025.csv", "\n".join([LEAVING_HEADER, *lines]) + "\n")


def test_a_pupil_counts_once_a_school_year_where_he_lived_at_the_last_report() -> None:
    cells = _cells(
        absence="""
        person | home_municipality | home_neighbourhood | report_date | age
        ann    | GM0375            | BU03750000         | 20240910    | 14
        ann    | GM0396            | BU03960000         | 20250620    | 15
        bob    | GM0375            | BU03750001         | 20250301    | 9
    """
    )
    assert [_found(cells, "absence", area) for area in ("GM0375", "GM0396", "RG-IJMOND")] == [1, 1, 2]
    assert [_found(cells, "absence", "RG-IJMOND", age=age) for age in ("5-11", "12-17")] == [1, 1]
    assert [_found(cells, "absence", "RG-IJMOND", sex=sex) for sex in ("female", "male")] == [2, 0]
    assert _found(cells, "absence", "WK037500") == 1


def test_a_school_year_runs_from_august_to_july_by_the_day_of_report() -> None:
    cells = _cells(
        absence="""
        person | begin_date | report_date
        ann    | 20240729   | 20240731
        bob    | 20240729   | 20240801
        cas    | 20250725   | 20250731
        eve    | 20250725   | 20250801
    """,
        years={"school_absence": "2023-2025"},
    )
    assert [_found(cells, "absence", period=year) for year in ("2023/24", "2024/25")] == [1, 2]
    assert cell(cells, "absence", "GM0375", "2022/23")["state"] == "not_delivered"


def test_withdrawn_reports_do_not_count_and_the_others_do() -> None:
    drawn = "person | status\n" + "\n".join(f"p{status} | {status}" for status in STATUSES)
    cells = _cells(absence=drawn)
    assert _found(cells, "absence") == len(STATUSES) - 1


@pytest.mark.parametrize(
    ("code", "indicator"),
    [("A", "absence_absolute"), ("V1", "absence_relative"), ("V2", "absence_relative"), ("V3", "absence_relative"),
     ("LRV", "absence_long_term"), ("L", "absence_luxury"), ("O", "absence_other")],
)  # fmt: skip
def test_every_code_counts_in_its_own_kind_and_in_the_total_only(code: str, indicator: str) -> None:
    cells = _cells(absence=f"person | kind\nann | {code}")
    kinds = [one.id for one in CATALOGUE if one.theme == "school" and one.kind in KINDS.values()]
    counted = {name: _found(cells, name) for name in kinds if name != "absence_three_months"}
    assert counted == {name: int(name == indicator) for name in counted}
    assert _found(cells, "absence") == 1


def test_who_is_absent_in_two_ways_counts_in_both_and_once_in_the_total() -> None:
    cells = _cells(absence="person | kind\nann | L\nann | V1\nann | V2")
    assert [_found(cells, name) for name in ("absence_luxury", "absence_relative", "absence")] == [1, 1, 1]


@pytest.mark.parametrize("code", ["V4", "RMC", "LRV", "O"])
def test_from_18_on_absence_is_for_the_regional_registration(code: str) -> None:
    cells = _cells(absence=f"person | kind | age\nann | {code} | 18\nbob | {code} | 23")
    assert _found(cells, "absence_18_22") == 1
    assert _found(cells, "absence") == 0


def test_the_denominator_is_the_population_of_the_age_band_on_1_january_of_the_school_year() -> None:
    cells = _cells(absence="person\nann", leaving="person\nann")
    found = {
        name: cell(cells, name, "GM0375", "2024/25")["denominator"]
        for name in ("absence", "absence_18_22", "early_leavers")
    }
    assert found == {"absence": 6000 * 10 / 15 + 5000 * 3 / 10, "absence_18_22": 2500, "early_leavers": 1200 + 4000}
    assert cell(cells, "absence", "GM0375", "2024/25", age="5-11")["denominator"] == 2800
    assert cell(cells, "absence", "GM0375", "2024/25")["denominator_year"] == 2025


def test_three_months_is_a_share_of_long_term_absence_and_open_absence_lasts_until_the_last_report() -> None:
    cells = _cells(
        absence="""
        person | kind | begin_date | end_date | report_date
        ann    | LRV  | 20240901   | 20241201 | 20241001
        bob    | LRV  | 20240901   | 20241130 | 20241001
        cas    | LRV  | 20240901   |          | 20241001
        eve    | LRV  | 20250401   |          | 20250501
        fay    | V1   | 20240901   | 20250601 | 20240910
        gus    | V1   | 20250420   |          | 20250430
        ivy    | V1   | 20250420   | 20250421 | 20250601
    """
    )
    found = cell(cells, "absence_three_months", "GM0375", "2024/25")
    assert (found["numerator"], found["denominator"]) == (2, 4)
    assert _found(cells, "absence_long_term") == 4


def test_a_report_is_followed_up_when_every_report_that_asks_for_it_was_taken_up() -> None:
    cells = _cells(
        absence="""
        person | status | report_date
        ann    | G      | 20250112
        ann    | R      | 20250212
        bob    | B      | 20250112
        bob    | K      | 20250212
        cas    | K      | 20250112
        eve    | I      | 20250112
        fay    | G      | 20250112
    """
    )
    found = cell(cells, "absence_followed_up", "GM0375", "2024/25")
    assert (found["numerator"], found["denominator"]) == (2, 3)


def test_by_school_a_pupil_counts_in_the_municipality_of_each_school() -> None:
    cells = _cells(
        absence="""
        person | home_municipality | home_neighbourhood | school_municipality | kind
        ann    | GM0375            | BU03750000         | GM0375              | V1
        ann    | GM0375            | BU03750000         | GM0453              | V1
        bob    | GM0396            | BU03960000         | GM0453              | V1
        cas    | GM0375            | BU03750000         |                     | A
        eve    | GM0363            |                    | GM0453              | V1
        fay    |                   |                    | GM0453              | V1
    """
    )
    found = {area: cell(cells, "absence_from_elsewhere", area, "2024/25") for area in ("GM0375", "GM0453", "RG-IJMOND")}
    assert {area: (one["numerator"], one["denominator"]) for area, one in found.items()} == {
        "GM0375": (0, 1), "GM0453": (3, 3), "RG-IJMOND": (3, 3),
    }  # fmt: skip
    assert [_found(cells, "absence", area) for area in ("GM0375", "GM0453", "RG-IJMOND")] == [2, 0, 3]


def test_an_unknown_neighbourhood_counts_in_its_municipality_and_never_in_a_guessed_one() -> None:
    cells = _cells(absence="person | home_neighbourhood\nann | \nbob | BU03759998")
    assert _found(cells, "absence") == 2
    assert _found(cells, "absence", "WK037500") == 0


def test_an_early_leaver_counts_in_his_school_year_with_his_age_on_1_october() -> None:
    cells = _cells(
        leaving="""
        person | school_year | age | education
        ann    | 2024/25     | 17  | secondary
        bob    | 2024/25     | 18  | vocational_2
        cas    | 2023/24     | 18  | vocational_2
        eve    | 2024/25     | 11  | secondary
    """
    )
    assert [_found(cells, "early_leavers", age=age) for age in ("12-17", "18-22", "all")] == [1, 1, 2]
    assert cell(cells, "early_leavers", "GM0375", "2023/24")["state"] == "not_delivered"
    found = cell(cells, "early_leavers_vocational", "GM0375", "2024/25")
    assert (found["numerator"], found["denominator"]) == (1, 2)


def test_referrals_to_halt_for_attendance_are_those_of_the_attendance_officer() -> None:
    cells = _cells(
        halt="""
        person | referrer            | offence_group | age
        ann    | leerplichtambtenaar | truancy       | 15
        ann    | leerplichtambtenaar | truancy       | 15
        bob    | politie             | property      | 15
        cas    | leerplichtambtenaar | truancy       | 18
    """
    )
    found = cell(cells, "halt_attendance", "GM0375")
    assert (found["numerator"], found["denominator"]) == (1, 2700)
    assert found["numerator"] == cell(cells, "halt_by_offence", "GM0375", kind="truancy")["numerator"]


def test_a_delivery_by_calendar_year_makes_no_whole_school_year_until_the_next_one_came() -> None:
    drawn = "person | report_date\nann | 20240910\nbob | 20250310"
    one, two = (_cells(absence=drawn, years={"school_absence": period}) for period in ("2024", "2024-2025"))
    assert cell(one, "absence", "GM0375", "2023/24")["state"] == "not_delivered"
    assert (_found(two, "absence"), cell(two, "absence", "GM0375", "2024/25")["state"]) == (2, "counted")


def test_the_last_school_year_is_provisional() -> None:
    cells = _cells(
        absence="person | report_date\nann | 20240110", years={"school_absence": "2022-2024", "halt": "2025"}
    )
    marks = {year: bool(cell(cells, "absence", "GM0375", year)["provisional"]) for year in ("2022/23", "2023/24")}
    assert marks == {"2022/23": False, "2023/24": True}


@pytest.mark.parametrize("code", sorted(KINDS))
@pytest.mark.parametrize("status", sorted(STATUSES))
def test_every_code_and_status_of_duo_is_accepted(tmp_path: Path, code: str, status: str) -> None:
    old = {"birth_date": "20061201"} if code in ("V4", "RMC") else {}
    absolute = {"school": "", "school_municipality": "", "education": ""} if code == "A" else {}
    _deliver_absence(tmp_path, _report(1, kind=code, status=status, **old, **absolute))
    assert take(tmp_path).receipt.rows_refused == 0


def test_a_birth_date_of_which_the_day_is_unknown_breaks_no_rule_about_18_years(tmp_path: Path) -> None:
    _deliver_absence(
        tmp_path, _report(1, kind="V4", birth_date="20070000"), _report(2, kind="V3", birth_date="20060700")
    )
    assert take(tmp_path).receipt.rows_refused == 0


@pytest.mark.parametrize("education", [*EDUCATION, "MBO 4", "VO"])
def test_every_type_of_education_is_accepted_as_duo_writes_it(tmp_path: Path, education: str) -> None:
    _deliver_leavers(tmp_path, _leaver("ann", education=education))
    taken = take(tmp_path)
    assert taken.receipt.rows_refused == 0
    assert taken.rows is not None
    assert taken.rows["education"][0].as_py() in set(EDUCATION.values())


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"kind": "V5"}, "kind", "one of DUO's kinds"),
        ({"kind": ""}, "kind", "filled"),
        ({"status": "X"}, "status", "R, B, G, K or I"),
        ({"school": "AB1200"}, "school", "a BRIN and branch"),
        ({"school": ""}, "school", "filled, except for absolute absence"),
        ({"kind": "A"}, "school", "filled, except for absolute absence"),
        ({"kind": "V4"}, "kind", "V4 and RMC from 18"),
        ({"kind": "RMC"}, "kind", "V4 and RMC from 18"),
        ({"kind": "V3", "birth_date": "20060301"}, "kind", "V4 and RMC from 18"),
        ({"birth_date": "20220301"}, "birth_date", "4 to 22 years old"),
        ({"end_date": "20250109"}, "end_date", "not before the first day"),
        ({"report_date": "20250109"}, "report_date", "not before the first day"),
        ({"begin_date": "20250230"}, "begin_date", "a date"),
        ({"education": "universiteit"}, "education", "one of DUO's types"),
        ({"home_neighbourhood": "BU03960000"}, "home_neighbourhood", "lies in the municipality"),
        ({"report": "M3"}, "report", "occurs once"),
    ],
)
def test_a_report_that_breaks_a_rule_is_kept_aside(
    tmp_path: Path, changes: dict[str, str], column: str, rule: str
) -> None:
    _deliver_absence(tmp_path, *(_report(n, f"p{n}") for n in range(40)), _report(99, "canary", **changes))
    taken = take(tmp_path)
    assert [one for one in taken.receipt.refusals if one[0] == column and rule in one[1]], taken.receipt.refusals
    assert (taken.receipt.rows_in, taken.receipt.rows_refused) == (41, 1)


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"school_year": "2024-2026"}, "school_year", "a school year"),
        ({"school_year": "2024"}, "school_year", "a school year"),
        ({"reason": "geen zin"}, "reason", "one of the reasons agreed"),
        ({"birth_date": "20150301"}, "birth_date", "11 to 22 years old"),
        ({"birth_date": "20011001"}, "birth_date", "11 to 22 years old"),
        ({"person": person("p3")}, "person", "occurs once"),
    ],
)
def test_an_early_leaver_that_breaks_a_rule_is_kept_aside(
    tmp_path: Path, changes: dict[str, str], column: str, rule: str
) -> None:
    _deliver_leavers(tmp_path, *(_leaver(f"p{n}") for n in range(40)), _leaver("canary", **changes))
    found = take(tmp_path).receipt.refusals
    assert [one for one in found if one[0] == column and rule in one[1]], found


@pytest.mark.parametrize("written", ["2024-2025", "2024/2025", "2024/25", "2024-25", "2024 - 2025"])
def test_every_way_to_write_a_school_year_is_understood(tmp_path: Path, written: str) -> None:
    _deliver_leavers(tmp_path, _leaver("ann", school_year=written))
    taken = take(tmp_path)
    assert taken.rows is not None
    assert taken.rows["school_year"].to_pylist() == ["2024/25"]
    assert taken.rows["age"].to_pylist() == [18]


def test_the_school_year_in_the_name_is_the_period_of_the_delivery(tmp_path: Path) -> None:
    _deliver_absence(tmp_path, _report(1))
    assert take(tmp_path).receipt.period == "2024/25"


def test_a_delivery_about_other_municipalities_is_refused_but_a_school_here_makes_it_ours(tmp_path: Path) -> None:
    away = {"home_municipality": "GM0363", "home_neighbourhood": ""}
    _deliver_absence(tmp_path / "here", _report(1, **away))
    assert take(tmp_path / "here").receipt.rows_in == 1
    _deliver_absence(tmp_path / "away", _report(1, **away, school_municipality="GM0363"))
    with pytest.raises(ContractError, match="no row is about this region"):
        take(tmp_path / "away")
