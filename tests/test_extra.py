"""One more count beside a publication: a yes is checked by the audit, and what gives somebody away is a no."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.audit import check_proof
from pipelines.protect import Protected, may_show
from tests.protection_tables import AREAS, MEASURES, cells, protected

TOWNS = """
    indicator      | area | sex | numerator
    suspects_12_17 | RG-X | all | 40
    suspects_12_17 | GM1  | all | 3
    suspects_12_17 | GM2  | all | 37
"""
PUBLISHED = protected(cells(TOWNS))


def asked(row: str) -> bool:
    return may_show(_row(row), cells(TOWNS), MEASURES, AREAS, PUBLISHED.proof)


def _row(line: str) -> pd.DataFrame:
    return cells(f"indicator | area | sex | numerator\n{line}")


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ("suspects_12_17 | GM2 | male | 30", True),
        ("suspects_12_17 | GM2 | male | 36", False),
        ("suspects_12_17 | GM2 | male | 4", False),
        ("suspects_12_17 | GM1 | male | 0", True),
        ("suspects_12_17 | RG-X | male | 39", True),
        ("suspects_by_offence | GM2 | all | 38", False),
        ("suspects_by_offence | GM2 | all | 60", True),
        ("first_time_suspects | RG-X | all | 12", True),
    ],
    ids=[
        "leaves room", "leaves too little room", "is small", "is zero", "is only a bound", "bounds too closely", "is far above",
        "is of another age",
    ],
)  # fmt: skip
def test_one_more_count_may_be_shown_only_when_every_value_stays_possible(row: str, answer: bool) -> None:
    assert asked(row) is answer


@settings(max_examples=6, deadline=None)
@given(
    indicator=st.sampled_from(["suspects_12_17", "suspects_by_offence", "first_time_suspects"]),
    area=st.sampled_from(["RG-X", "GM1", "GM2"]),
    sex=st.sampled_from(["male", "all"]),
    count=st.integers(0, 45),
)
def test_what_may_be_shown_passes_the_audit(indicator: str, area: str, sex: str, count: int) -> None:
    row = _row(f"{indicator} | {area} | {sex} | {count}")
    drawn = cells(TOWNS)
    if drawn.merge(row, on=["indicator", "area", "sex"]).empty and _agrees(row, drawn) and asked_of(row, drawn):
        figures = pd.concat([PUBLISHED.figures, row.drop(columns="state").assign(status="shown")], ignore_index=True)
        check_proof(figures, MEASURES, AREAS, pd.concat([drawn, row], ignore_index=True), _spoken(row))


def _agrees(row: pd.DataFrame, drawn: pd.DataFrame) -> bool:
    try:
        protected(pd.concat([drawn, row], ignore_index=True))
    except ValueError:
        return False
    return True


def asked_of(row: pd.DataFrame, drawn: pd.DataFrame) -> bool:
    return may_show(row, drawn, MEASURES, AREAS, PUBLISHED.proof)


def _spoken(row: pd.DataFrame):
    """The proof with one count more, that no witness moves."""
    import dataclasses

    from scipy.sparse import csc_array, vstack

    both: Protected = protected(pd.concat([cells(TOWNS), row], ignore_index=True))
    names = ["set", "area", "period", "age", "sex", "kind", "true"]
    old, every = PUBLISHED.proof.variables[names], both.proof.variables[names]
    new = every[~pd.MultiIndex.from_frame(every).isin(pd.MultiIndex.from_frame(old))]
    witnesses = csc_array(
        vstack([PUBLISHED.proof.witnesses, csc_array((len(new), PUBLISHED.proof.witnesses.shape[1]))])
    )
    variables = pd.concat([old, new], ignore_index=True)
    return dataclasses.replace(PUBLISHED.proof, variables=variables, witnesses=witnesses.astype("int64"))
