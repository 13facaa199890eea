"""What is sure between sets: whole denominators, kinds that add up, larger groups, numbers that bound each other."""

import json

import pandas as pd
import pytest

from pipelines.audit import attack, check_proof
from pipelines.protect import Protected, protect
from tests.drawn import table
from tests.protection_tables import AREAS, cells, hidden, status


def _measures(text: str, **links: object) -> pd.DataFrame:
    """Drawn measures; the links of each by its id."""
    drawn = table(text).assign(counts="persons", age="12-22")
    return drawn.assign(links=[json.dumps(links.get(name, {})) for name in drawn["id"]])


def _safe(drawn: pd.DataFrame, measures: pd.DataFrame) -> Protected:
    """Protected, and both the proof's checker and the outsider agree."""
    result = protect(drawn, measures, AREAS)
    check_proof(result.figures, measures, AREAS, drawn, result.proof)
    assert len(attack(result.figures, measures, AREAS)) == 0
    return result


SHARES = """
    id    | geography | numerator_set  | denominator_set
    all   | home      | suspects       |
    chain | home      | suspects.chain | suspects
"""
CHAIN = """
    indicator | area | kind | numerator | denominator
    all       | RG-X | all  | 40        | 1000
    chain     | RG-X | halt | 38        | 40
    chain     | RG-X | care | 12        | 40
"""


def test_a_share_of_the_whole_group_gives_away_who_did_not_take_the_step() -> None:
    measures = _measures(SHARES, chain={"whole": True})
    result = _safe(cells(CHAIN), measures)
    assert status(result, "chain", "RG-X", kind="halt") == "hidden", "2 of 40 did not go to Halt"
    assert status(result, "all", "RG-X") == "shown"
    assert status(result, "chain", "RG-X", kind="care") == "shown"


def test_the_auditor_subtracts_from_the_whole_group_too() -> None:
    measures = _measures(SHARES, chain={"whole": True})
    figures = cells(CHAIN).rename(columns={"state": "status"}).replace({"status": {"counted": "shown"}})
    assert "rest is known" in set(attack(figures, measures, AREAS)["finding"])


KINDS = """
    indicator | area | kind | numerator
    known     | RG-X | all  | 60
    known     | RG-X | one  | 40
    known     | RG-X | two  | 17
    known     | RG-X | more | 3
"""
KNOWN = """
    id    | geography | numerator_set | denominator_set
    known | home      | known         |
"""


def test_where_kinds_add_up_one_hidden_kind_is_never_alone() -> None:
    result = _safe(cells(KINDS), _measures(KNOWN, known={"adds_up": True}))
    assert len(hidden(result)) >= 2


def test_kinds_that_overlap_do_not_give_each_other_away() -> None:
    result = _safe(cells(KINDS.replace("| 40", "| 50")), _measures(KNOWN))
    assert {row[-1] for row in hidden(result)} == {"more"}


def test_kinds_that_do_not_add_up_are_refused_where_they_should() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        protect(cells(KINDS.replace("| 3", "| 9")), _measures(KNOWN, known={"adds_up": True}), AREAS)


REGISTRATIONS = """
    id            | geography | numerator_set   | denominator_set
    registrations | home      | registrations   | suspects
    repeat        | home      | suspects.repeat | suspects
"""


@pytest.mark.parametrize(("registrations", "repeat"), [(33, 2), (30, 0), (36, 5)])
def test_registrations_bound_how_many_came_back(registrations: int, repeat: int) -> None:
    measures = _measures(
        REGISTRATIONS,
        registrations={"ratio": True, "bounds": [{"registrations": 1, "suspects": -1, "suspects.repeat": -1}]},
    )
    result = _safe(
        cells(f"""
        indicator     | area | numerator       | denominator
        registrations | RG-X | {registrations} | 30
        repeat        | RG-X | {repeat}        | 30
    """),
        measures,
    )
    shown = {name: status(result, name, "RG-X") == "shown" for name in ("registrations", "repeat")}
    if repeat == 2:
        assert shown == {"registrations": False, "repeat": False}, "three registrations more leave no room for a 4"
    else:
        assert shown == {"registrations": True, "repeat": True}


def test_a_kind_that_is_an_area_lies_within_what_that_area_counts() -> None:
    holder = {"set": "away", "kind": "all", "of": "", "inner": "", "area": "kind"}
    measures = _measures(
        """
        id    | geography | numerator_set | denominator_set
        homes | offence   | here.from     |
        away  | home      | away          |
    """,
        homes={"holders": [holder]},
    )
    result = _safe(
        cells("""
        indicator | area | kind | numerator
        homes     | RG-X | GM1  | 20
        homes     | RG-X | GM2  | 9
        away      | GM1  | all  | 22
        away      | GM2  | all  | 30
    """),
        measures,
    )
    assert {("homes", "RG-X", "GM1"), ("away", "GM1", "all")} & {(row[0], row[1], row[-1]) for row in hidden(result)}
    assert status(result, "away", "GM2") == "shown"


def test_a_group_held_by_another_set_may_not_leave_a_small_rest() -> None:
    holder = {"set": "weapons", "kind": "all", "of": "", "inner": "", "area": "same"}
    measures = _measures(
        """
        id    | geography | numerator_set | denominator_set
        knife | home      | knife         |
        arms  | home      | weapons       |
    """,
        knife={"holders": [holder]},
    )
    drawn = cells("indicator | area | numerator\nknife | RG-X | 18\narms | RG-X | 20")
    assert len(hidden(_safe(drawn, measures))) == 1
