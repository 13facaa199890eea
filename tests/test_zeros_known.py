"""A region that always shows zeros: what is hidden is known to be at least 1, and the promise holds all the same."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.audit import Past, attack, check_proof
from pipelines.build import make_build_id
from pipelines.errors import UnsafeFigures
from pipelines.protect import Proof, Protected, Rule, protect
from pipelines.rule import rule_sentence
from pipelines.settings import Settings
from tests.protection_tables import AREAS, MEASURES, cells, hidden, protected, small_world, status

ZEROS = Settings(zeros_known={"reason": "Besluit stuurgroep 12 mei"})
DISTRICT = cells("""
    indicator      | area  | numerator
    suspects_12_17 | WK11  | 6
    suspects_12_17 | BU111 | 1
    suspects_12_17 | BU112 | 5
    suspects_12_17 | BU113 | 0
    suspects_12_17 | BU114 | 0
""")


def known(drawn: pd.DataFrame, *earlier: Protected) -> Protected:
    """Protected and checked by the rule of a region that always shows zeros."""
    result = protect(drawn, MEASURES, AREAS, Rule(zeros_known=True), [one.release for one in earlier])
    before = [past(one) for one in earlier]
    check_proof(result.figures, MEASURES, AREAS, result.cells, result.proof, past=before, zeros_known=True)
    assert attack(result.figures, MEASURES, AREAS, past=before, zeros_known=True).empty
    return result


def past(one: Protected) -> Past:
    return Past(
        build_id="one",
        figures=one.figures,
        measures=MEASURES,
        areas=AREAS,
        truth=one.release.variables,
        zeros_known=True,
    )


def test_two_hidden_ones_that_must_both_be_one_or_more_give_each_other_away() -> None:
    loose = protected(DISTRICT)
    assert hidden(loose) == {("suspects_12_17", area, "2025", "all", "all", "all") for area in ("BU111", "BU112")}
    assert attack(loose.figures, MEASURES, AREAS).empty
    pair = DISTRICT.assign(numerator=[5, 1, 4, 0, 0])
    assert "WK11" in {row[1] for row in hidden(known(pair))}, "1 and 4 of 5, and the 4 cannot be 5 without a zero"


def test_zeros_are_shown_and_never_cover() -> None:
    alone = cells("""
        indicator      | area  | numerator
        suspects_12_17 | WK11  | 3
        suspects_12_17 | BU111 | 3
        suspects_12_17 | BU112 | 0
        suspects_12_17 | BU113 | 0
        suspects_12_17 | BU114 | 0
    """)
    result = known(alone)
    assert hidden(result) == {("suspects_12_17", area, "2025", "all", "all", "all") for area in ("WK11", "BU111")}
    assert (result.figures.loc[result.figures["area"].isin(["BU112", "BU113", "BU114"]), "status"] == "shown").all()


def test_nobody_of_a_few_stays_hidden_and_nobody_of_many_is_shown() -> None:
    drawn = cells("""
        indicator      | area | numerator | denominator
        halt_succeeded | GM1  | 0         | 3
        halt_succeeded | GM2  | 0         | 12
        halt_in_time   | GM1  | 0         | 0
    """)
    result = known(drawn)
    assert status(result, "halt_succeeded", "GM1") == "hidden"
    assert status(result, "halt_succeeded", "GM2") == "shown"
    assert status(result, "halt_in_time", "GM1") == "impossible"


@pytest.mark.parametrize("seed", [51, 52])
def test_a_world_with_known_zeros_keeps_the_promise(seed: int) -> None:
    world = small_world(seed, persons=120)
    drawn = world[world["level"].isin(["region", "municipality"]) & (world[["age", "sex"]] == "all").all(axis=1)]
    drawn = drawn.reset_index(drop=True)
    result = known(drawn)
    zeros = result.figures["indicator"].ne("crimes") & drawn["numerator"].eq(0) & drawn["denominator"].eq(1000)
    assert not (zeros & result.figures["status"].eq("hidden")).any()
    assert len(hidden(result)) >= len(hidden(protected(drawn)))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_a_district_with_known_zeros_keeps_the_promise_or_is_refused(counts: list[int]) -> None:
    names = ["BU111", "BU112", "BU113", "BU114", "WK11"]
    lines = [f"suspects_12_17 | {area} | {count}" for area, count in zip(names, [*counts, sum(counts)], strict=True)]
    drawn = cells("\n".join(["indicator | area | numerator", *lines]))
    if sum(counts) < 5 and sum(count > 0 for count in counts) > 1:
        with pytest.raises(UnsafeFigures, match="take zeros_known out of the settings"):
            known(drawn)
        return
    result = known(drawn)
    assert not ((result.figures["status"] == "hidden") & drawn["numerator"].eq(0)).any()


def test_a_zero_hidden_by_the_usual_rule_is_refused_and_so_is_a_witness_that_needs_one() -> None:
    pair = DISTRICT.assign(numerator=[5, 1, 4, 0, 0])
    loose = protected(pair)
    assert "WK11" not in {row[1] for row in hidden(loose)}
    with pytest.raises(UnsafeFigures, match="less than everybody knows it to be"):
        check_proof(loose.figures, MEASURES, AREAS, pair, loose.proof, zeros_known=True)


def test_a_witness_that_hides_a_zero_share_of_many_is_refused() -> None:
    drawn = cells("""
        indicator      | area | numerator | denominator
        halt_succeeded | GM1  | 0         | 3
    """)
    honest = known(drawn)
    loose = protected(drawn)
    assert check_proof(honest.figures, MEASURES, AREAS, drawn, honest.proof, zeros_known=True) is None  # type: ignore[func-returns-value]
    with pytest.raises(UnsafeFigures, match="a witness hides a zero"):
        check_proof(loose.figures, MEASURES, AREAS, drawn, _only_whole(loose), zeros_known=True)


def _only_whole(result: Protected) -> Proof:
    """The same proof with one more witness: seven persons, none of them in the part."""
    proof = result.proof
    at = proof.variables.index[(proof.variables["set"] == "halt_finished")][0]
    moves = proof.witnesses.tolil()
    moves[:, 0] = 0
    moves[at, 0] = 4
    return Proof(variables=proof.variables, witnesses=moves.tocsc(), targets=proof.targets)


def test_known_zeros_stay_known_in_later_publications() -> None:
    first = known(DISTRICT)
    again = known(DISTRICT, first)
    pd.testing.assert_frame_equal(again.figures, first.figures)
    assert first.release.variables["least"].sum() > 0


def test_where_no_pattern_exists_the_build_says_what_to_do() -> None:
    parts = cells("""
        indicator      | area | sex    | numerator
        suspects_12_17 | GM1  | all    | 3
        suspects_12_17 | GM1  | male   | 2
        suspects_12_17 | GM1  | female | 1
    """)
    with pytest.raises(UnsafeFigures, match=r"suspects in 2025 .*take zeros_known out of the settings"):
        known(parts)
    assert hidden(protected(parts))


def test_the_choice_and_its_reason_are_published() -> None:
    assert "Een nul laat deze regio altijd zien (Besluit stuurgroep 12 mei)." in rule_sentence(ZEROS)
    assert "een nul of een groter aantal" in rule_sentence(Settings())
    assert make_build_id(ZEROS, []) != make_build_id(Settings(), [])
