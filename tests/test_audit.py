"""The audit catches a protector that errs, and an outsider finds nothing in a safe publication."""

import dataclasses

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from pipelines.audit import attack, audit_file, check_derived, check_proof
from pipelines.errors import UnsafeFigures
from tests.protection_tables import AREAS, MEASURES, cells, protected, small_world


@pytest.fixture(scope="module")
def world():
    """A world of all indicators with its figures and proof; tests change copies."""
    drawn = small_world(11)
    return drawn, protected(drawn)


def refused(figures, drawn, proof) -> str:
    with pytest.raises(UnsafeFigures) as stopped:
        check_proof(figures, MEASURES, AREAS, drawn, proof)
    return str(stopped.value)


def shown_as(figures: pd.DataFrame, row: int, numerator: float | None, denominator: float | None) -> pd.DataFrame:
    changed = figures.copy()
    changed.loc[row, "status"] = "shown"
    changed.loc[row, "numerator"], changed.loc[row, "denominator"] = numerator, denominator
    return changed


@pytest.mark.parametrize("seed", [5, 6, 7])
@pytest.mark.parametrize("persons", [40, 160, 700])
def test_a_protected_world_passes_the_proof_and_the_outsider_finds_nothing(seed, persons):
    drawn = small_world(seed, persons)
    result = protected(drawn)
    check_proof(result.figures, MEASURES, AREAS, drawn, result.proof)
    check_derived(result.figures)
    assert attack(result.figures, MEASURES, AREAS).empty


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), persons=st.integers(5, 120), threshold=st.integers(3, 8))
def test_any_small_world_passes_at_any_threshold(seed, persons, threshold):
    drawn = small_world(seed, persons)
    result = protected(drawn, threshold)
    check_proof(result.figures, MEASURES, AREAS, drawn, result.proof, threshold=threshold)
    assert attack(result.figures, MEASURES, AREAS, threshold).empty


def test_showing_any_hidden_row_again_is_caught(world):
    drawn, result = world
    rows = np.flatnonzero(result.figures["status"] == "hidden")
    for row in rows[:: max(1, len(rows) // 25)]:
        cell = drawn.loc[row]
        open_row = shown_as(result.figures, row, cell["numerator"], cell["denominator"])
        message = refused(open_row, drawn, result.proof)
        assert "moves a count that is shown" in message or "no witness" in message


def test_a_value_without_a_witness_is_caught(world):
    drawn, result = world
    witnesses, targets = result.proof.witnesses.tocsc(), result.proof.targets
    for target in targets.iloc[:: max(1, len(targets) // 12)].itertuples():
        count = int(result.proof.variables.at[target.variable, "true"])
        reached = witnesses[[target.variable]].toarray().ravel() + count
        fewer = csc_array(witnesses[:, np.flatnonzero(reached != target.value)])
        if 1 <= target.value < 5:
            message = refused(result.figures, drawn, dataclasses.replace(result.proof, witnesses=fewer))
            assert "no witness for every small value" in message


@pytest.mark.parametrize(("change", "problem"), [(1, "breaks a relation"), (-1_000, "negative")])
def test_a_witness_that_does_not_add_up_is_caught(world, change, problem):
    drawn, result = world
    altered = result.proof.witnesses.tolil()
    names = result.proof.variables
    place = names.index[(names["set"] == "suspects") & (names["period"] == "2025") & names["area"].str.startswith("BU")]
    used = next((int(at), int(column)) for at in place for column in result.proof.witnesses.tocsr()[[at]].indices)
    altered[used] = altered[used] + change
    message = refused(result.figures, drawn, dataclasses.replace(result.proof, witnesses=altered.tocsc()))
    assert problem in message


def test_a_proof_of_other_counts_is_caught(world):
    drawn, result = world
    fewer = result.proof.variables.assign(set=result.proof.variables["set"].replace("halt", "halted"))
    assert "does not speak of" in refused(result.figures, drawn, dataclasses.replace(result.proof, variables=fewer))


def test_a_hidden_row_with_a_number_is_caught(world):
    drawn, result = world
    row = int(np.flatnonzero(result.figures["status"] == "hidden")[0])
    leaking = result.figures.copy()
    leaking.loc[row, "denominator"] = 1000.0
    assert "carries a number" in refused(leaking, drawn, result.proof)


def test_a_shown_row_that_is_not_its_cell_is_caught(world):
    drawn, result = world
    row = int(np.flatnonzero((result.figures["status"] == "shown") & (result.figures["numerator"] > 0))[0])
    wrong = result.figures.copy()
    wrong.loc[row, "numerator"] = 0.0
    assert "not its cell" in refused(wrong, drawn, result.proof)


def test_a_zero_that_stands_for_hidden_is_caught(world):
    drawn, result = world
    row = int(np.flatnonzero(result.figures["status"] == "hidden")[0])
    assert "not its cell" in refused(shown_as(result.figures, row, 0.0, 1000.0), drawn, result.proof)


def test_missing_rows_are_caught(world):
    drawn, result = world
    assert "not the same rows" in refused(result.figures.iloc[1:], drawn, result.proof)


def test_no_message_holds_a_count():
    drawn = cells("""
        indicator      | area  | numerator
        suspects_12_17 | WK12  | 987656
        suspects_12_17 | BU121 | 987653
        suspects_12_17 | BU122 | 3
        suspects_12_17 | BU123 | 0
    """)
    result = protected(drawn)
    nothing = dataclasses.replace(result.proof, witnesses=csc_array((len(result.proof.variables), 0), dtype=np.int64))
    message = refused(result.figures, drawn, nothing)
    assert message.startswith("suspects_12_17, neighbourhood, 2025:")
    assert "98765" not in message


ATTACKS = {
    "siblings": (
        """
        indicator      | area  | numerator | denominator
        suspects_12_17 | WK12  | 23 | 900
        suspects_12_17 | BU121 |    |
        suspects_12_17 | BU122 | 9  | 300
        suspects_12_17 | BU123 | 10 | 300
        suspects_12_17 | WK22  | 30 | 900
        suspects_12_17 | BU221 | 10 | 300
        suspects_12_17 | BU222 | 20 | 300
    """,
        "exactly known",
    ),
    "siblings, slack unknown": (
        """
        indicator      | area  | numerator | denominator
        suspects_12_17 | WK12  | 22 | 900
        suspects_12_17 | BU121 |    |
        suspects_12_17 | BU122 | 9  | 300
        suspects_12_17 | BU123 | 10 | 300
    """,
        "small values excluded",
    ),
    "nested ages": (
        """
        indicator           | area | numerator | denominator
        suspects_12_17      | GM1  |    |
        suspects_18_22      | GM1  | 30 | 900
        suspects_by_offence | GM1  | 33 | 900
    """,
        "exactly known",
    ),
    "sexes": (
        """
        indicator      | area | sex    | numerator | denominator
        suspects_12_17 | GM1  | all    | 40 | 900
        suspects_12_17 | GM1  | male   | 38 | 900
        suspects_12_17 | GM1  | female |    |
    """,
        "small values excluded",
    ),
    "quarters": (
        """
        indicator | area | period | numerator | denominator
        halt_rate | GM1  | 2025   |   |
        halt_rate | GM1  | 2025Q1 | 0 | 900
        halt_rate | GM1  | 2025Q2 | 0 | 900
        halt_rate | GM1  | 2025Q3 | 0 | 900
        halt_rate | GM1  | 2025Q4 | 0 | 900
        halt_rate | GM2  | 2025   | 40 | 900
        halt_rate | GM2  | 2025Q1 | 10 | 900
        halt_rate | GM2  | 2025Q2 | 10 | 900
        halt_rate | GM2  | 2025Q3 | 10 | 900
        halt_rate | GM2  | 2025Q4 | 10 | 900
    """,
        "exactly known",
    ),
    "rest of a set": (
        """
        indicator           | area | numerator | denominator
        suspects_by_offence | GM1  | 20 | 900
        first_time_suspects | GM1  | 18 | 900
    """,
        "rest is known",
    ),
    "everybody in it": (
        """
        indicator      | area | numerator | denominator
        halt_succeeded | GM1  | 9 | 9
    """,
        "rest is known",
    ),
    "shown": (
        """
        indicator | area | numerator | denominator
        halt_rate | GM1  | 2 | 900
    """,
        "small count shown",
    ),
    "shares": (
        """
        indicator      | area | numerator | denominator
        halt_succeeded | RG-X | 33 | 54
        halt_succeeded | GM1  |    |
        halt_succeeded | GM2  | 31 | 45
        halt_rate      | RG-X | 60 | 900
        halt_rate      | GM1  | 12 | 400
        halt_rate      | GM2  | 48 | 500
    """,
        "small values excluded",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_outsider_finds_what_is_left_open(name):
    drawn, expected = ATTACKS[name]
    figures = cells(drawn)
    figures["status"] = np.where(figures["numerator"].notna(), "shown", "hidden")
    findings = attack(figures, MEASURES, AREAS)
    assert expected in set(findings["finding"])
    assert not any(pd.api.types.is_numeric_dtype(findings[column]) for column in findings), "findings hold no counts"


def test_derived_numbers_on_a_hidden_row_stop_the_publication(world):
    _, result = world
    figures = result.figures.assign(value=np.nan, low=np.nan, label=None, trend=None)
    check_derived(figures)
    row = int(np.flatnonzero(figures["status"] == "hidden")[0])
    for column, leak in (("value", 3.3), ("low", 0.1), ("label", "higher"), ("trend", "up")):
        leaking = figures.astype({"label": object, "trend": object})
        leaking.loc[row, column] = leak
        with pytest.raises(UnsafeFigures, match=column):
            check_derived(leaking)


def test_a_published_file_is_attacked_without_its_cells(world, tmp_path):
    _, result = world
    unsafe = result.figures.copy()
    row = int(np.flatnonzero(unsafe["status"] == "hidden")[0])
    unsafe = unsafe.assign(value=np.where(np.arange(len(unsafe)) == row, 0.7, np.nan))
    for name, figures, found in (("safe", result.figures, 0), ("unsafe", unsafe, 1)):
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(path)) as file:
            file.register("given_figures", figures)
            file.execute("create table figure as select * from given_figures")
            for table, rows in (("indicator", MEASURES), ("area", AREAS), ("build", pd.DataFrame({"threshold": [5]}))):
                file.register("given_rows", rows)
                file.execute(f"create table {table} as select * from given_rows")
        findings = audit_file(path)
        assert len(findings) == found
