"""One contributor who makes up nearly all of a cell: hidden at any count, and not to be estimated from what is shown."""

import pandas as pd
import pytest

from pipelines.audit import Past, check_proof
from pipelines.dominance import add_largest, shares_asked
from pipelines.errors import ContractError, UnsafeFigures
from pipelines.indicators import CATALOGUE
from pipelines.protect import Protected, protect
from pipelines.rule import rule_sentence
from pipelines.settings import Dominance, Settings
from tests.protection_tables import AREAS, MEASURES, cells, hidden
from tests.world import make_cells

ASKED = MEASURES.assign(dominance=[0.8 if name == "halt_rate" else float("nan") for name in MEASURES["id"]])
TOWNS = cells("""
    indicator | area | numerator | largest
    halt_rate | RG-X | 80        | 10
    halt_rate | GM1  | 12        | 10
    halt_rate | GM2  | 68        | 5
""").assign(largest=[10.0, 10.0, 5.0])
GROUPS = {"approach_stock": Dominance(by="group", reason="Convenant groepsaanpak, artikel 3")}
REGISTRATIONS = [one for one in CATALOGUE if one.id == "registrations"]


def checked(drawn: pd.DataFrame, *earlier: Protected) -> Protected:
    result = protect(drawn, ASKED, AREAS, earlier=[one.release for one in earlier])
    check_proof(result.figures, ASKED, AREAS, result.cells, result.proof, past=[past(one) for one in earlier])
    return result


def past(one: Protected) -> Past:
    return Past(build_id="one", figures=one.figures, measures=ASKED, areas=AREAS, truth=one.release.variables)


def test_a_dominated_count_is_hidden_with_what_gives_it_away_and_its_contribution_goes_nowhere() -> None:
    result = checked(TOWNS)
    assert {row[1] for row in hidden(result)} >= {"GM1"}
    assert len(hidden(result)) == 2, "the region without the other municipality"
    assert "largest" not in result.figures
    assert not hidden(protect(TOWNS, MEASURES, AREAS)), "nobody asked"


def test_outside_the_count_may_be_so_low_and_so_high_that_nobody_knows_the_contribution() -> None:
    result = checked(TOWNS)
    town = result.proof.variables.index[(result.proof.variables["area"] == "GM1")][0]
    reached = set(result.proof.targets.loc[result.proof.targets["variable"] == town, "value"])
    assert reached == {8, 13}, "10 of 12: four fifths of 10, and what 10 is four fifths of"


def test_a_figure_that_shows_a_dominated_count_is_refused_and_so_is_a_proof_that_does_not_reach() -> None:
    open_one = protect(TOWNS, MEASURES, AREAS)
    with pytest.raises(UnsafeFigures, match="one contributor makes up nearly all") as stopped:
        check_proof(open_one.figures, ASKED, AREAS, TOWNS, open_one.proof)
    assert str(stopped.value).startswith("halt_rate, municipality, 2025: ")
    assert not any(number in str(stopped.value) for number in ("10", "12", "80"))
    safe = checked(TOWNS)
    wider = ASKED.assign(dominance=ASKED["dominance"] - 0.1)
    with pytest.raises(UnsafeFigures, match="one contributor makes up nearly all"):
        check_proof(safe.figures, wider, AREAS, TOWNS, safe.proof)


def test_just_below_the_share_nothing_is_hidden() -> None:
    assert not hidden(checked(TOWNS.assign(largest=[10.0, 9.0, 5.0])))


def test_what_was_dominated_keeps_its_promise_in_later_publications() -> None:
    first = checked(TOWNS)
    again = checked(TOWNS, first)
    assert hidden(again) == hidden(first)
    later = checked(TOWNS.assign(numerator=[90.0, 22.0, 68.0]), first)
    assert {row[1] for row in hidden(later)} >= {"GM2"} or {row[1] for row in hidden(later)} >= {"RG-X"}


def test_the_largest_contribution_is_counted_beside_the_cells() -> None:
    world = make_cells(
        suspects="""
        person | registration_date
        ann    | 20250101
        ann    | 20250201
        ann    | 20250301
        ben    | 20250401
    """
    )
    asked = Settings().dominance
    found = add_largest(world.engine, world.of("registrations"), REGISTRATIONS, asked)
    town = found[(found["area"] == "GM0375") & (found["period"] == "2025")].iloc[0]
    assert (town["numerator"], town["largest"]) == (4, 3)
    assert found["largest"].notna().sum() == 2, "its region too; nobody was counted elsewhere"


def test_what_cannot_be_told_is_refused() -> None:
    world = make_cells(suspects="person\nann")
    families = {"registrations": Dominance(by="family", reason="zomaar iets")}
    with pytest.raises(ContractError, match="registrations cannot be told by family"):
        add_largest(world.engine, world.of("registrations"), REGISTRATIONS, families)
    with pytest.raises(ContractError, match="crimes is no indicator about persons"):
        shares_asked(CATALOGUE, {"crimes": Dominance(reason="zomaar iets")})


def test_the_choice_is_told_and_registrations_are_looked_at_unless_switched_off() -> None:
    chosen = Settings(dominance=GROUPS)
    assert set(chosen.dominance) == {"registrations", "approach_stock"}
    assert "van één jeugdgroep komt (Convenant groepsaanpak, artikel 3)" in rule_sentence(chosen)
    off = Settings(dominance={"registrations": Dominance(share=1, reason="Besluit stuurgroep")})
    assert pd.isna(shares_asked(REGISTRATIONS, off.dominance)[0])
