"""Who else looks: a municipality that knows its own cells, and an agreement that asks for a higher threshold."""

import pandas as pd
import pytest

from pipelines.audit import attack, check_proof
from pipelines.build import make_build_id
from pipelines.errors import UnsafeFigures
from pipelines.protect import Protected, Rule, protect
from pipelines.settings import Settings
from tests.protection_tables import AREAS, MEASURES, cells, hidden, protected, small_world, status

TOWNS = cells("""
    indicator      | area | numerator
    suspects_12_17 | RG-X | 40
    suspects_12_17 | GM1  | 3
    suspects_12_17 | GM2  | 37
""")


def inside(drawn: pd.DataFrame) -> Protected:
    return protect(drawn, MEASURES, AREAS, Rule(insiders=True))


def test_with_two_hidden_municipalities_each_computes_the_other_unless_the_region_is_hidden_too() -> None:
    assert len(hidden(protected(TOWNS))) == 2
    with pytest.raises(UnsafeFigures, match="from municipality GM2") as stopped:
        check_proof((open_one := protected(TOWNS)).figures, MEASURES, AREAS, TOWNS, open_one.proof, insiders=True)
    assert str(stopped.value).startswith("suspects_12_17, municipality, 2025: ")
    safe = inside(TOWNS)
    assert status(safe, "suspects_12_17", "RG-X") == "hidden"
    check_proof(safe.figures, MEASURES, AREAS, TOWNS, safe.proof, insiders=True)


def test_what_stays_within_a_municipality_costs_nothing_more() -> None:
    drawn = cells("""
        indicator      | area  | numerator
        suspects_12_17 | GM1   | 40
        suspects_12_17 | WK11  | 3
        suspects_12_17 | WK12  | 37
    """)
    assert hidden(inside(drawn)) == hidden(protected(drawn))


@pytest.mark.parametrize("seed", [41, 42])
def test_a_world_is_safe_from_every_municipality_in_it(seed: int) -> None:
    drawn = small_world(seed, persons=120)
    result = inside(drawn)
    check_proof(result.figures, MEASURES, AREAS, drawn, result.proof, insiders=True)
    assert attack(result.figures, MEASURES, AREAS).empty
    assert len(hidden(result)) >= len(hidden(protected(drawn)))


STRICT = MEASURES.assign(threshold=[10 if name.startswith("halt") else 5 for name in MEASURES["id"]])
SEVEN = cells("""
    indicator      | area | numerator
    suspects_12_17 | GM1  | 7
    suspects_12_17 | GM2  | 30
    suspects_12_17 | RG-X | 37
    halt_rate      | GM1  | 7
    halt_rate      | GM2  | 30
    halt_rate      | RG-X | 37
""")


def test_an_indicator_with_a_higher_threshold_hides_more_and_another_does_not() -> None:
    result = protect(SEVEN, STRICT, AREAS, Rule())
    assert {row[0] for row in hidden(result)} == {"halt_rate"}
    check_proof(result.figures, STRICT, AREAS, SEVEN, result.proof)
    assert attack(result.figures, STRICT, AREAS).empty


def test_the_audit_keeps_to_the_higher_threshold_by_itself() -> None:
    lenient = protected(SEVEN)
    with pytest.raises(UnsafeFigures, match="halt_rate, municipality, 2025"):
        check_proof(lenient.figures, STRICT, AREAS, SEVEN, lenient.proof)
    assert set(attack(lenient.figures, STRICT, AREAS)["indicator"]) == {"halt_rate"}


def test_a_stricter_rule_names_its_reason_and_changes_the_build() -> None:
    asked = {"halt": {"threshold": 10, "reason": "Convenant Halt 2024, artikel 5"}}
    strict = Settings(stricter=asked)  # type: ignore[arg-type]
    assert strict.threshold_of("halt_rate", ["halt", "population"]) == 10
    assert strict.threshold_of("crimes", ["police_open"]) == 5
    assert make_build_id(strict, []) != make_build_id(Settings(), [])
    with pytest.raises(ValueError, match="reason"):
        Settings(stricter={"halt": {"threshold": 10}})  # type: ignore[dict-item]
