"""Rule round10: every count in tens, nothing hidden for being small, and no small count that can be told from another."""

import itertools
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.audit import Past, attack_rounded, audit_file, check_rounded
from pipelines.build import build
from pipelines.errors import UnsafeFigures
from pipelines.protect import Proof, Protected, Rule, protect
from pipelines.publish import current_file
from pipelines.settings import Settings, UnsafeChoice
from tests.protection_tables import AREAS, MEASURES, cells, hidden, protected, small_world, status
from tests.test_build import small_region

TENS = Rule(rounded=True)


def rounded(drawn: pd.DataFrame, *earlier: Protected) -> Protected:
    return protect(drawn, MEASURES, AREAS, TENS, [one.release for one in earlier])


def test_counts_and_wholes_are_shown_in_tens_and_population_as_it_is() -> None:
    result = rounded(
        cells("""
        indicator      | area | numerator | denominator
        halt_rate      | GM1  | 3         | 1004
        halt_rate      | GM2  | 25        | 1004
        halt_succeeded | GM1  | 14        | 16
        halt_succeeded | GM2  | 2         | 4
        crimes         | GM1  | 7         | 1004
    """)
    )
    shown = result.figures[["numerator", "denominator"]].astype(float).to_numpy()
    np.testing.assert_array_equal(shown, [[0, 1004], [30, 1004], [10, 20], [np.nan, np.nan], [7, 1004]])
    assert status(result, "halt_succeeded", "GM2") == "hidden", "a share of a whole that is shown as 0"


def past(one: Protected, name: str = "before") -> Past:
    variables = one.release.variables
    return Past(build_id=name, figures=one.figures, measures=MEASURES, areas=AREAS, truth=variables, rounding=10)


def checked(drawn: pd.DataFrame, *earlier: Protected) -> Protected:
    """Rounded, checked with the cells at hand, and attacked without them."""
    result, before = rounded(drawn, *earlier), [past(one) for one in earlier]
    check_rounded(result.figures, MEASURES, AREAS, result.cells, result.proof, past=before)
    assert attack_rounded(result.figures, MEASURES, AREAS, before).empty
    return result


@pytest.mark.parametrize("seed", [61, 62])
def test_a_world_in_tens_is_safe_and_hides_hardly_anything(seed: int) -> None:
    drawn = small_world(seed, persons=300)
    result = checked(drawn)
    rate = drawn["denominator"].eq(1000) & drawn["indicator"].ne("crimes")
    assert (result.figures.loc[rate, "status"] == "hidden").mean() < 0.05
    assert (result.figures.loc[rate, "numerator"].dropna().astype(float) % 10 == 0).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 16), min_size=4, max_size=4))
def test_any_district_in_tens_is_safe(counts: list[int]) -> None:
    names = ["BU111", "BU112", "BU113", "BU114", "WK11"]
    lines = [f"suspects_12_17 | {area} | {count}" for area, count in zip(names, [*counts, sum(counts)], strict=True)]
    drawn = cells("\n".join(["indicator | area | numerator", *lines]))
    shown = [(count + 5) // 10 * 10 for count in (*counts, sum(counts))]
    possible = [
        table
        for table in itertools.product(*(range(max(0, one - 5), one + 5) for one in shown[:4]))
        if (sum(table) + 5) // 10 * 10 == shown[4]
    ]
    small = [at for at, one in enumerate(shown[:4]) if one == 0]
    safe = all({1, 2, 3, 4} <= {table[at] for table in possible} for at in small)
    safe &= (
        all(len({table[at] for table in possible}) > 1 for at in range(4))
        and len({sum(table) for table in possible}) > 1
    )
    assert bool(hidden(checked(drawn))) != safe, "hidden besides where tens together give away, and only there"


FORCED = cells("""
    indicator      | area  | numerator
    suspects_12_17 | WK12  | 5
    suspects_12_17 | BU121 | 4
    suspects_12_17 | BU122 | 1
    suspects_12_17 | BU123 | 0
    halt_rate      | GM1   | 60
""")


def test_what_tens_give_away_together_is_hidden_besides_and_found_when_it_is_not() -> None:
    checked(FORCED)
    worse = MEASURES.assign(
        links=['{"bounds": [{"halt": 1, "suspects": -10}]}' if one == "halt_rate" else None for one in MEASURES["id"]]
    )
    drawn = cells("""
        indicator      | area | numerator
        suspects_12_17 | GM1  | 3
        halt_rate      | GM1  | 34
    """)
    mended = protect(drawn, worse, AREAS, TENS)
    assert hidden(mended) == {("halt_rate", "GM1", "2025", "all", "all", "all")}
    check_rounded(mended.figures, worse, AREAS, drawn, mended.proof)
    assert attack_rounded(mended.figures, worse, AREAS).empty
    shown = rounded(drawn)
    assert set(attack_rounded(shown.figures, worse, AREAS)["finding"]) == {"small values excluded"}
    with pytest.raises(UnsafeFigures, match=r"breaks a relation|too little open"):
        check_rounded(shown.figures, worse, AREAS, drawn, shown.proof)


def test_what_is_left_of_a_group_is_not_surely_a_few() -> None:
    told = '{"bounds": [{"halt": 1, "suspects": -1, "suspects.first_time": 1}]}'
    measures = MEASURES.assign(links=[told if one == "halt_rate" else None for one in MEASURES["id"]])
    drawn = cells("""
        indicator           | area | age   | numerator
        suspects_12_17      | GM1  | all   | 15
        first_time_suspects | GM1  | 12-17 | 14
        halt_rate           | GM1  | all   | 3
    """)
    loose = rounded(drawn)
    assert set(attack_rounded(loose.figures, measures, AREAS)["finding"]) == {"surely small"}, "1 to 4, as halt is"
    safe = protect(drawn, measures, AREAS, TENS)
    assert len(hidden(safe)) == 1
    check_rounded(safe.figures, measures, AREAS, drawn, safe.proof)
    assert attack_rounded(safe.figures, measures, AREAS).empty


def test_a_tampered_figure_or_witness_is_refused() -> None:
    result = checked(FORCED)
    exact = result.figures.assign(numerator=FORCED["numerator"])
    with pytest.raises(UnsafeFigures, match="not its cell in tens") as stopped:
        check_rounded(exact, MEASURES, AREAS, FORCED, result.proof)
    assert not any(number in str(stopped.value) for number in ("4", "60"))
    twice = Proof(variables=result.proof.variables, witnesses=result.proof.witnesses * 3, targets=result.proof.targets)
    with pytest.raises(UnsafeFigures, match=r"seen in a rounded count|less than everybody"):
        check_rounded(result.figures, MEASURES, AREAS, FORCED, twice)


def test_few_inhabitants_have_no_rate_whatever_is_counted_and_nearly_everybody_is_refused() -> None:
    few = cells("""
        indicator | area | numerator | denominator
        halt_rate | GM1  | 0         | 12
        halt_rate | GM2  | 11        | 12
    """)
    assert len(hidden(checked(few))) == 2
    nearly = cells("""
        indicator | area | numerator | denominator
        halt_rate | GM1  | 28        | 30
    """)
    with pytest.raises(UnsafeFigures, match="nearly everybody"):
        rounded(nearly)


def test_publications_in_tens_are_stacked_and_never_mixed_with_exact_ones() -> None:
    first = checked(small_world(21, persons=300))
    again = checked(small_world(21, persons=300), first)
    pd.testing.assert_frame_equal(again.figures, first.figures)
    checked(FORCED.assign(numerator=FORCED["numerator"] + [1, 0, 1, 0, 3]), checked(FORCED))
    exact = protected(FORCED)
    with pytest.raises(UnsafeFigures, match="show these counts exactly"):
        rounded(FORCED, exact)
    with pytest.raises(UnsafeFigures, match="show these counts rounded"):
        protect(FORCED, MEASURES, AREAS, Rule(), [rounded(FORCED).release])
    with pytest.raises(UnsafeFigures, match="an earlier one shows exact counts"):
        check_rounded(first.figures, MEASURES, AREAS, first.cells, first.proof, past=[replace(past(first), rounding=1)])


def test_one_contributor_behind_nearly_all_is_not_protected_by_tens() -> None:
    asked = MEASURES.assign(dominance=[0.8 if name == "halt_rate" else float("nan") for name in MEASURES["id"]])
    drawn = FORCED.assign(largest=[np.nan, np.nan, np.nan, np.nan, 55.0])
    with pytest.raises(UnsafeFigures, match="one contributor makes up nearly all"):
        protect(drawn, asked, AREAS, TENS)
    loose = checked(FORCED)
    with pytest.raises(UnsafeFigures, match="one contributor makes up nearly all"):
        check_rounded(loose.figures, asked, AREAS, drawn, loose.proof)


CHOSEN: dict[str, object] = {"rule": "round10", "rule_reason": "Besluit stuurgroep 12 mei", "insiders": False}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rule_reason": ""}, "needs rule_reason"),
        ({"insiders": True}, "a municipality that knows its own counts"),
        ({"zeros_known": {"reason": "zo besloten"}}, "where zeros are known"),
        ({"threshold": 10}, "no threshold above 5"),
        ({"stricter": {"halt": {"threshold": 10, "reason": "convenant"}}}, "no threshold above 5"),
    ],
)
def test_what_tens_cannot_promise_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(UnsafeChoice, match=words):
        Settings(**(CHOSEN | changes))  # type: ignore[arg-type]


def test_a_region_in_tens_is_built_attacked_and_says_so(tmp_path: Path) -> None:
    folders = {"deliveries": small_region(tmp_path / "in"), "published": tmp_path / "out", "work": tmp_path / "work"}
    chosen = Settings(region="GM0375", **folders, **CHOSEN)  # type: ignore[arg-type]
    file = build(chosen).file
    assert audit_file(file).empty
    with duckdb.connect(str(file), read_only=True) as published:
        counted = published.sql(
            "select figure.numerator, value from figure join indicator i on i.id = indicator where i.counts = 'persons' and status = 'shown'"
        ).df()
        rule, rounding = published.sql("select rule, rounding from build").fetchall()[0]
        told = published.sql("select caveats, rounding from indicator where id = 'suspects_12_17'").fetchall()[0]
        attacked = published.sql("select sum(figures), sum(attacked) from audit").fetchall()[0]
    assert (counted["numerator"] % 10 == 0).all()
    assert counted["numerator"].max() == 30
    assert "afgerond op tientallen" in rule
    assert "(Besluit stuurgroep 12 mei)" in rule
    assert "afgerond op tientallen" in told[0]
    assert (rounding, told[1]) == (10, 10)
    assert attacked[0] == attacked[1] > 0
    with pytest.raises(UnsafeFigures, match="earlier publications of this region show persons in tens"):
        build(Settings(region="GM0375", **folders))
    assert current_file(tmp_path / "out") == file
