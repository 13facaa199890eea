"""Families and groups are made of persons: they are protected and attacked as persons are, whatever the unit is called."""

import pandas as pd
import pytest

from pipelines.audit import attack, check_proof
from pipelines.errors import UnsafeFigures
from pipelines.protect import Protected, protect
from tests.drawn import table
from tests.protection_tables import AREAS, cells

UNITS = ("persons", "families", "groups")
DRAWN = """
    indicator | area | numerator | denominator
    count     | RG-X | 43        | 1000
    count     | GM1  | 3         | 400
    count     | GM2  | 40        | 600
    share     | RG-X | 12        | 43
    share     | GM1  | 0         | 3
    share     | GM2  | 12        | 40
"""


def _measures(unit: str) -> pd.DataFrame:
    return table(f"""
        id    | counts | geography | age | numerator_set | denominator_set
        count | {unit} | home      | all | care          |
        share | {unit} | home      | all | care.two      | care
    """)


def _shown_again(result: Protected, drawn: pd.DataFrame) -> pd.DataFrame:
    return result.figures.assign(status="shown", numerator=drawn["numerator"], denominator=drawn["denominator"])


@pytest.mark.parametrize("unit", UNITS)
def test_a_small_count_is_hidden_with_what_gives_it_away(unit: str) -> None:
    drawn = cells(DRAWN)
    result = protect(drawn, _measures(unit), AREAS)
    states = result.figures.set_index(["indicator", "area"])["status"]
    assert states["count", "GM1"] == states["share", "GM1"] == "hidden"
    assert (states == "hidden").sum() >= 4, "without cover it is the region without the other municipality"
    assert result.figures.loc[result.figures["status"] == "hidden", "numerator"].isna().all()
    check_proof(result.figures, _measures(unit), AREAS, drawn, result.proof)
    assert attack(result.figures, _measures(unit), AREAS).empty


@pytest.mark.parametrize("unit", UNITS)
def test_the_audit_stops_and_the_outsider_finds_a_small_count_that_is_shown(unit: str) -> None:
    drawn = cells(DRAWN)
    result = protect(drawn, _measures(unit), AREAS)
    shown = _shown_again(result, drawn)
    with pytest.raises(UnsafeFigures):
        check_proof(shown, _measures(unit), AREAS, drawn, result.proof)
    assert "small count shown" in set(attack(shown, _measures(unit), AREAS)["finding"])


@pytest.mark.parametrize("unit", ["incidents", "inhabitants", "projects", "rounded"])
def test_open_units_pass_as_they_are(unit: str) -> None:
    drawn = cells(DRAWN)
    figures = protect(drawn, _measures(unit), AREAS).figures
    assert not (figures["status"] == "hidden").any()
    assert attack(figures, _measures(unit), AREAS).empty


def test_a_unit_that_nobody_knows_never_passes() -> None:
    drawn = cells(DRAWN)
    with pytest.raises(ValueError, match="nobody decided whether counts of households are sensitive"):
        protect(drawn, _measures("households"), AREAS)
    shown = drawn.assign(status="shown")
    assert not attack(shown, _measures("households"), AREAS).empty


def test_a_sensitive_measure_must_name_its_set() -> None:
    nameless = _measures("families").assign(numerator_set=None)
    with pytest.raises(ValueError, match="count, share must name the set counted"):
        protect(cells(DRAWN), nameless, AREAS)
