"""Publications one after the other: what was shown stays known, and a revision of a few is never seen."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.audit import Past, attack, check_held, check_proof
from pipelines.errors import UnsafeFigures
from pipelines.protect import Protected, Release, Rule, load_release, protect, save_release, told_release
from tests.protection_tables import AREAS, MEASURES, cells, hidden, protected, small_world, status


def next_one(drawn: pd.DataFrame, *earlier: Protected) -> Protected:
    """Protected after these publications, and checked on the whole stack by the audit."""
    result = protect(drawn, MEASURES, AREAS, Rule(), earlier=[one.release for one in earlier])
    check_proof(result.figures, MEASURES, AREAS, result.cells, result.proof, past=[past(one) for one in earlier])
    assert attack(result.figures, MEASURES, AREAS).empty
    return result


def past(one: Protected, name: str = "before") -> Past:
    variables = one.release.variables
    return Past(build_id=name, figures=one.figures, measures=MEASURES, areas=AREAS, truth=variables)


def number(result: Protected, area: str, indicator: str = "suspects_12_17") -> float:
    figures = result.figures
    return float(figures.loc[(figures["indicator"] == indicator) & (figures["area"] == area), "numerator"].item())


DISTRICT = """
    indicator      | area  | numerator
    suspects_12_17 | WK12  | {0}
    suspects_12_17 | BU121 | {1}
    suspects_12_17 | BU122 | {2}
    suspects_12_17 | BU123 | {3}
"""


def district(*counts: int) -> pd.DataFrame:
    return cells(DISTRICT.format(*counts))


def test_the_same_cells_published_again_keep_their_pattern_to_the_row() -> None:
    first = protected(small_world(21))
    again = next_one(small_world(21), first)
    pd.testing.assert_frame_equal(again.figures, first.figures)
    assert again.held.empty


def test_a_figure_shown_before_is_no_cover_now() -> None:
    first = protected(district(60, 20, 20, 20))
    assert not hidden(first)
    second = next_one(district(44, 4, 20, 20), first)
    assert status(second, "suspects_12_17", "BU121") == "hidden"
    assert status(second, "suspects_12_17", "WK12") == "hidden", "the other two are known from before"
    assert status(second, "suspects_12_17", "BU122") == "shown"


def test_what_hid_a_small_count_before_is_not_shown_later() -> None:
    first = protected(district(33, 3, 9, 21))
    assert hidden(first) == {("suspects_12_17", area, "2025", "all", "all", "all") for area in ("BU121", "BU122")}
    second = next_one(district(40, 10, 9, 21), first)
    assert status(second, "suspects_12_17", "BU122") == "hidden", "33 - 21 - 9 was the small count of then"
    forgetful = protected(district(40, 10, 9, 21))
    assert not hidden(forgetful)
    with pytest.raises(UnsafeFigures, match="suspects_12_17, "):
        check_proof(forgetful.figures, MEASURES, AREAS, forgetful.cells, forgetful.proof, past=[past(first)])


def test_a_revision_of_a_few_is_held_back_until_it_is_large() -> None:
    first = protected(district(60, 20, 20, 20))
    second = next_one(district(63, 23, 20, 20), first)
    assert [number(second, area) for area in ("WK12", "BU121", "BU122", "BU123")] == [60, 20, 20, 20]
    assert second.held.to_dict("records") == [
        {"indicator": "suspects_12_17", "period": "2025", "level": level} for level in ("neighbourhood", "district")
    ]
    third = next_one(district(66, 26, 20, 20), first, second)
    assert [number(third, area) for area in ("WK12", "BU121", "BU122", "BU123")] == [66, 26, 20, 20]
    assert third.held.empty


def test_a_small_revision_hidden_in_large_ones_holds_back_all_that_hangs_together() -> None:
    first = protected(district(60, 20, 20, 20))
    second = next_one(district(72, 30, 22, 20), first)
    assert [number(second, area) for area in ("WK12", "BU121", "BU122", "BU123")] == [60, 20, 20, 20]


def test_what_is_left_of_two_large_revisions_counts_too() -> None:
    drawn = """
        indicator           | area | numerator
        suspects_by_offence | GM1  | {0}
        first_time_suspects | GM1  | {1}
    """
    first = protected(cells(drawn.format(40, 20)))
    second = next_one(cells(drawn.format(50, 28)), first)
    assert number(second, "GM1", "suspects_by_offence") == 40, "two more who were suspects before would be seen"


def test_the_audit_sees_a_revision_of_a_few() -> None:
    first, second = protected(district(60, 20, 20, 20)), protected(district(63, 23, 20, 20))
    with pytest.raises(UnsafeFigures, match="differencing of publications") as stopped:
        check_proof(second.figures, MEASURES, AREAS, second.cells, second.proof, past=[past(first)])
    assert str(stopped.value).startswith("suspects_12_17, ")
    assert not any(number in str(stopped.value) for number in ("60", "63", "23"))
    assert set(attack(second.figures, MEASURES, AREAS, past=[past(first)])["finding"]) == {"small revision shown"}


def test_another_number_than_the_cells_of_now_or_of_the_last_publication_is_refused() -> None:
    first = protected(district(60, 20, 20, 20))
    second = next_one(district(63, 23, 20, 20), first)
    check_held(second.cells, district(63, 23, 20, 20), MEASURES, [past(first)])
    wrong = second.cells.assign(numerator=second.cells["numerator"] + 7)
    with pytest.raises(UnsafeFigures, match="suspects_12_17"):
        check_held(wrong, district(63, 23, 20, 20), MEASURES, [past(first)])


def test_the_outsider_fills_in_what_is_hidden_now_from_an_earlier_publication() -> None:
    shown = cells(DISTRICT.format(20, 2, 9, 9)).assign(status="shown")
    before, now = (_without(shown, *areas) for areas in (("BU121", "BU123"), ("BU121", "BU122")))
    assert attack(before, MEASURES, AREAS).empty
    assert attack(now, MEASURES, AREAS).empty
    kept = Past(build_id="x", figures=before, measures=MEASURES, areas=AREAS, truth=pd.DataFrame())
    assert {"exactly known", "small values excluded"} & set(attack(now, MEASURES, AREAS, past=[kept])["finding"])
    revised = dataclasses.replace(kept, figures=before.replace({"numerator": {20.0: 90.0}}))
    assert attack(now, MEASURES, AREAS, past=[revised]).empty, "he sees that it was revised, and cannot mix the two"


def _without(figures: pd.DataFrame, *areas: str) -> pd.DataFrame:
    closed = figures.copy()
    closed.loc[closed["area"].isin(areas), "status"] = "hidden"
    closed.loc[closed["area"].isin(areas), ["numerator", "denominator"]] = np.nan
    return closed


def test_without_the_exact_counts_of_then_what_was_shown_still_counts_and_a_small_revision_stops() -> None:
    first = protected(district(60, 20, 20, 20))
    only_shown = told_release(first.figures, MEASURES)
    second = protect(district(44, 4, 20, 20), MEASURES, AREAS, Rule(), earlier=[only_shown])
    assert status(second, "suspects_12_17", "WK12") == "hidden"
    with pytest.raises(UnsafeFigures, match="differencing of publications"):
        protect(district(63, 23, 20, 20), MEASURES, AREAS, Rule(), earlier=[only_shown])


def test_a_release_is_the_same_after_it_was_kept(tmp_path) -> None:
    release = protected(small_world(22)).release
    save_release(release, tmp_path / "one")
    again = load_release(tmp_path / "one")
    assert isinstance(again, Release)
    for name in ("variables", "relations", "hidden"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(release, name))
    assert load_release(tmp_path / "none") is None


def test_a_world_is_published_three_times_with_a_revision_and_a_replaced_delivery() -> None:
    made: list[Protected] = []
    for size in (40, 50, 40):
        result = next_one(small_world(23, size), *made)
        assert attack(result.figures, MEASURES, AREAS, past=[past(one) for one in made]).empty
        made.append(result)


COUNT = st.integers(0, 9) | st.integers(0, 3) | st.integers(12, 30)


@settings(max_examples=4, deadline=None)
@given(tables=st.lists(st.tuples(COUNT, COUNT, COUNT), min_size=5, max_size=5))
def test_five_publications_of_any_counts_keep_the_promise_on_the_whole_stack(
    tables: list[tuple[int, int, int]],
) -> None:
    made: list[Protected] = []
    for counts in tables:
        result = protect(district(sum(counts), *counts), MEASURES, AREAS, Rule(), earlier=[one.release for one in made])
        before = [past(one) for one in made]
        check_held(result.cells, district(sum(counts), *counts), MEASURES, before)
        check_proof(result.figures, MEASURES, AREAS, result.cells, result.proof, past=before)
        made.append(result)


@settings(max_examples=15, deadline=None)
@given(leaves=st.tuples(COUNT, COUNT, COUNT), later=COUNT)
def test_two_publications_survive_an_attacker_who_tries_every_pair_of_tables(
    leaves: tuple[int, int, int], later: int
) -> None:
    first = protected(district(sum(leaves), *leaves))
    second = protect(
        district(later + sum(leaves[1:]), later, *leaves[1:]), MEASURES, AREAS, Rule(), earlier=[first.release]
    )
    names = ["old", "b", "c", "new"]
    now = second.cells["numerator"].astype(int).tolist()  # what was held back is as it was
    true = dict(zip(names, [leaves[0], now[2], now[3], now[1]], strict=True))
    top = max(true.values()) + 6
    grid = dict(zip(names, np.meshgrid(*[np.arange(top)] * 4, indexing="ij"), strict=True))
    grid["old total"], grid["new total"] = (grid[name] + grid["b"] + grid["c"] for name in ("old", "new"))
    agrees = np.ones_like(grid["old"], dtype=bool)
    if now[1] == leaves[0]:
        agrees &= grid["old"] == grid["new"]
    for figures, order in ((first.figures, ["old total", "old"]), (second.figures, ["new total", "new"])):
        for name, value, seen in zip([*order, "b", "c"], figures["numerator"], figures["status"], strict=True):
            if seen == "shown":
                agrees &= grid[name] == value
    for name, count in true.items():
        values = set(grid[name][agrees].tolist())
        if 1 <= count < 5:
            assert {1, 2, 3, 4} < values, name


def test_rows_of_an_earlier_publication_that_are_counted_no_more_still_bind() -> None:
    both = """
        indicator      | area  | sex    | numerator
        suspects_12_17 | GM1   | all    | 30
        suspects_12_17 | GM1   | male   | 26
        suspects_12_17 | GM1   | female | 4
    """
    first = protected(cells(both))
    assert len(hidden(first)) == 2
    second = next_one(cells(both).iloc[:1], first)
    assert hidden(second) <= hidden(first), "the total, shown before, is still shown or was hidden before"
    assert status(first, "suspects_12_17", "GM1") == status(second, "suspects_12_17", "GM1")
