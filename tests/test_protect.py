"""What may leave: each relation with the attack that it must stop."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import UnsafeFigures
from pipelines.protect import Rule, load_proof, save_proof
from tests.protection_tables import KEYS, cells, hidden, protected, small_world, status


def test_a_hidden_neighbourhood_cannot_be_had_by_subtracting_its_siblings():
    result = protected(
        cells("""
        indicator      | area  | numerator
        suspects_12_17 | WK11  | 29
        suspects_12_17 | BU111 | 2
        suspects_12_17 | BU112 | 9
        suspects_12_17 | BU113 | 18
        suspects_12_17 | BU114 | 0
    """)
    )
    assert status(result, "suspects_12_17", "BU111") == "hidden"
    assert len(hidden(result)) == 2, "one sibling is enough, and none is too few"
    assert status(result, "suspects_12_17", "WK11") == "shown"


def test_two_hidden_ones_do_not_give_each_other_away():
    result = protected(
        cells("""
        indicator      | area  | numerator
        suspects_12_17 | WK11  | 22
        suspects_12_17 | BU111 | 1
        suspects_12_17 | BU112 | 1
        suspects_12_17 | BU113 | 20
        suspects_12_17 | BU114 | 0
    """)
    )
    assert {row[1] for row in hidden(result)} > {"BU111", "BU112"}, "together they would be known to be two"


def test_nothing_small_means_nothing_hidden_and_zeros_are_shown():
    result = protected(
        cells("""
        indicator      | area  | numerator
        suspects_12_17 | WK11  | 25
        suspects_12_17 | BU111 | 0
        suspects_12_17 | BU112 | 7
        suspects_12_17 | BU113 | 18
        suspects_12_17 | BU114 | 0
    """)
    )
    assert not hidden(result)
    assert result.figures["numerator"].tolist() == [25, 0, 7, 18, 0]


def test_ages_that_make_up_a_band_cannot_be_subtracted_across_indicators():
    result = protected(
        cells("""
        indicator           | area | numerator
        suspects_12_17      | GM1  | 3
        suspects_18_22      | GM1  | 30
        suspects_by_offence | GM1  | 33
    """)
    )
    assert status(result, "suspects_12_17", "GM1") == "hidden"
    assert len(hidden(result)) == 2, "12-22 minus 18-22 would be the hidden count"


def test_one_sex_cannot_be_had_from_the_total_and_the_other():
    result = protected(
        cells("""
        indicator      | area | sex    | numerator
        suspects_12_17 | GM1  | all    | 40
        suspects_12_17 | GM1  | male   | 38
        suspects_12_17 | GM1  | female | 2
    """)
    )
    assert status(result, "suspects_12_17", "GM1", sex="female") == "hidden"
    assert len(hidden(result)) == 2


def test_a_small_kind_is_not_forced_up_by_a_total_that_the_other_kinds_cannot_fill():
    result = protected(
        cells("""
        indicator           | area | kind     | numerator
        suspects_by_offence | GM1  | all      | 13
        suspects_by_offence | GM1  | property | 10
        suspects_by_offence | GM1  | violence | 3
    """)
    )
    assert status(result, "suspects_by_offence", "GM1", kind="violence") == "hidden"
    assert len(hidden(result)) > 1, "13 persons and 10 in the other kind leave at least 3"


def test_a_small_kind_that_the_others_can_stand_in_for_needs_no_cover():
    result = protected(
        cells("""
        indicator           | area | kind     | numerator
        suspects_by_offence | GM1  | all      | 13
        suspects_by_offence | GM1  | property | 13
        suspects_by_offence | GM1  | violence | 3
    """)
    )
    assert {row[-1] for row in hidden(result)} == {"violence"}


def test_a_small_quarter_is_not_forced_up_by_the_year():
    result = protected(
        cells("""
        indicator | area | period | numerator
        halt_rate | GM1  | 2025   | 12
        halt_rate | GM1  | 2025Q1 | 9
        halt_rate | GM1  | 2025Q2 | 0
        halt_rate | GM1  | 2025Q3 | 0
        halt_rate | GM1  | 2025Q4 | 3
    """)
    )
    assert status(result, "halt_rate", "GM1", "2025Q4") == "hidden"
    assert len(hidden(result)) > 1, "three quarters with 9 leave at least 3 for the fourth"


def test_what_a_subset_leaves_over_is_protected_too():
    result = protected(
        cells("""
        indicator           | area | numerator
        suspects_by_offence | GM1  | 20
        first_time_suspects | GM1  | 18
    """)
    )
    assert len(hidden(result)) >= 1, "20 minus 18 is a small group: known again"


def test_the_same_count_in_two_indicators_is_hidden_in_both():
    result = protected(
        cells("""
        indicator       | area | numerator
        halt_rate       | GM1  | 3
        halt_by_offence | GM1  | 3
        halt_rate       | GM2  | 40
        halt_by_offence | GM2  | 40
        halt_rate       | RG-X | 43
        halt_by_offence | RG-X | 43
    """)
    )
    for area in ("GM1", "GM2", "RG-X"):
        assert status(result, "halt_rate", area) == status(result, "halt_by_offence", area)
    assert status(result, "halt_by_offence", "GM1") == "hidden"
    assert len(hidden(result)) == 4


def test_a_share_hides_both_its_counts():
    result = protected(
        cells("""
        indicator      | area | numerator | denominator
        halt_succeeded | GM1  | 3         | 9
        halt_succeeded | GM2  | 30        | 45
        halt_succeeded | RG-X | 33        | 54
    """)
    )
    figures = result.figures.set_index("area")
    assert figures.loc["GM1", "status"] == "hidden"
    assert figures.loc["GM1", ["numerator", "denominator", "denominator_year"]].isna().all()
    assert len(hidden(result)) == 2, "the region minus the other municipality would be the hidden one"


@pytest.mark.parametrize("succeeded", ["8", "7", "5"])
def test_everybody_or_nearly_everybody_in_it_is_hidden(succeeded):
    result = protected(
        cells(f"""
        indicator      | area | numerator   | denominator
        halt_succeeded | GM1  | {succeeded} | 8
    """)
    )
    assert status(result, "halt_succeeded", "GM1") == "hidden"


def test_nearly_the_whole_public_population_is_hidden_but_nobody_is_not():
    result = protected(
        cells("""
        indicator      | area  | numerator | denominator
        suspects_12_17 | BU111 | 8         | 10
        suspects_12_17 | BU112 | 60        | 600
        suspects_12_17 | BU113 | 0         | 3
    """)
    )
    assert status(result, "suspects_12_17", "BU111") == "hidden"
    assert status(result, "suspects_12_17", "BU113") == "shown"


def test_where_persons_may_be_in_several_areas_only_bounds_count():
    result = protected(
        cells("""
        indicator               | area | numerator | denominator
        suspects_from_elsewhere | RG-X | 20        | 40
        suspects_from_elsewhere | GM1  | 18        | 38
        suspects_from_elsewhere | GM2  | 3         | 9
    """)
    )
    assert status(result, "suspects_from_elsewhere", "GM2") == "hidden"
    assert len(hidden(result)) > 1, "20 in all and 18 in the other leave at least 2"


def test_a_share_of_nobody_is_impossible_and_public_not_hidden():
    result = protected(
        cells("""
        indicator      | area | numerator | denominator | state
        halt_succeeded | GM1  | 0         | 0           | counted
        halt_succeeded | GM2  | 30        | 45          | counted
        halt_in_time   | GM1  |           |             | not_delivered
        halt_rate      | GM1  |           | 800         | missing
        halt_rate      | BU111 | 0        | 0           | impossible
    """)
    )
    assert result.figures["status"].tolist() == ["impossible", "shown", "not_delivered", "missing", "impossible"]
    assert result.figures.loc[[0, 2, 3, 4], ["numerator", "denominator"]].isna().all(axis=None)


def test_persons_in_an_area_without_inhabitants_are_not_had_by_subtraction():
    result = protected(
        cells("""
        indicator      | area  | numerator | denominator | state
        suspects_12_17 | WK12  | 30        | 500         | counted
        suspects_12_17 | BU121 | 2         | 0           | impossible
        suspects_12_17 | BU122 | 8         | 200         | counted
        suspects_12_17 | BU123 | 20        | 300         | counted
    """)
    )
    assert status(result, "suspects_12_17", "BU121") == "impossible"
    assert len(hidden(result)) == 1, "one of the others must hide it"


def test_incidents_pass_as_they_are():
    result = protected(
        cells("""
        indicator | area  | numerator
        crimes    | BU111 | 2
        crimes    | BU112 | 1
    """)
    )
    assert not hidden(result)
    assert result.figures["numerator"].tolist() == [2, 1]


def test_persons_without_a_known_neighbourhood_are_no_cover_while_there_is_another():
    result = protected(
        cells("""
        indicator      | area  | numerator
        suspects_12_17 | WK12  | 23
        suspects_12_17 | BU121 | 2
        suspects_12_17 | BU122 | 9
        suspects_12_17 | BU123 | 10
    """)
    )
    assert len(hidden(result)) == 2, "who thinks that nobody is missing would subtract"


def test_persons_without_a_known_neighbourhood_do_not_break_a_build():
    result = protected(
        cells("""
        indicator | area | numerator
        halt_rate | GM1  | 3
        halt_rate | WK11 | 0
        halt_rate | WK12 | 0
        halt_rate | GM2  | 33
        halt_rate | WK21 | 20
        halt_rate | WK22 | 13
        halt_rate | RG-X | 36
    """)
    )
    assert status(result, "halt_rate", "GM1") == "hidden"


def test_a_count_that_no_pattern_can_protect_stops_the_run_with_exit_code_five_and_without_its_value():
    only_nobody_around = cells("""
        indicator      | area | kind     | numerator | denominator | state
        halt_succeeded | GM1  | all      | 2         | 3           | counted
        halt_succeeded | GM1  | violence | 0         | 0           | impossible
    """)
    with pytest.raises(UnsafeFigures, match="no pattern protects halt_finished") as stopped:
        protected(only_nobody_around)
    assert stopped.value.exit_code == 5
    assert not {"2", "3"} & set(str(stopped.value).replace("2025", "").replace("GM1", ""))


def test_a_share_of_nobody_may_be_hidden_as_cover_and_is_else_said_to_be_impossible():
    result = protected(
        cells("""
        indicator      | area | kind     | numerator | denominator
        halt_succeeded | GM1  | all      | 2         | 3
        halt_succeeded | GM1  | violence | 0         | 0
        halt_succeeded | GM2  | all      | 0         | 0
    """)
    )
    assert status(result, "halt_succeeded", "GM1", kind="violence") == "hidden"
    assert status(result, "halt_succeeded", "GM2") == "impossible"


CANARY = 987654


@pytest.mark.parametrize(
    "drawn",
    [
        f"""
        indicator      | area  | numerator
        suspects_12_17 | WK12  | 5
        suspects_12_17 | BU121 | {CANARY}
        suspects_12_17 | BU122 | 3
        suspects_12_17 | BU123 | 3
    """,
        f"""
        indicator       | area | numerator
        halt_rate       | GM1  | {CANARY}
        halt_by_offence | GM1  | 6
    """,
        f"""
        indicator           | area | numerator
        suspects_by_offence | GM1  | 20
        first_time_suspects | GM1  | {CANARY}
    """,
        f"""
        indicator           | area | numerator
        suspects_by_offence | GM1  | {CANARY}.5
    """,
    ],
)
def test_cells_that_contradict_themselves_are_refused_by_name_and_never_by_count(drawn):
    with pytest.raises(ValueError, match=r"suspects|halt") as refused:
        protected(cells(drawn))
    assert str(CANARY) not in str(refused.value)


def test_one_row_a_group_or_nothing():
    twice = cells("""
        indicator | area | numerator
        halt_rate | GM1  | 8
        halt_rate | GM1  | 8
    """)
    with pytest.raises(ValueError, match="more than one row"):
        protected(twice)


def test_a_threshold_that_leaves_one_value_is_refused():
    with pytest.raises(ValueError, match="threshold"):
        Rule(threshold=2)


def test_every_count_that_is_not_shown_carries_no_number():
    figures = protected(small_world(1)).figures
    closed = figures[figures["status"] != "shown"]
    assert len(closed) > 20
    assert closed[["numerator", "denominator", "denominator_year"]].isna().all(axis=None)


def test_the_answer_is_the_same_twice_and_in_any_row_order():
    world = small_world(2)
    mixed = world.sample(frac=1, random_state=1)
    first, second = protected(world).figures, protected(mixed).figures
    assert first["area"].tolist() == world["area"].tolist(), "rows stay in their order"
    same = first.merge(second, on=KEYS)
    assert len(same) == len(world)
    assert (same["status_x"] == same["status_y"]).all()


def test_most_of_a_world_is_still_shown():
    world = small_world(3, persons=900)
    figures = protected(world).figures
    persons = figures["indicator"] != "crimes"
    small = world["numerator"].between(1, 4) & persons
    cover = (figures["status"] == "hidden") & ~small
    assert cover.sum() <= small.sum() + 10, "cover costs no more than what it protects"


def test_a_proof_is_the_same_after_it_was_kept(tmp_path):
    proof = protected(small_world(4)).proof
    save_proof(proof, tmp_path / "proof")
    again = load_proof(tmp_path / "proof")
    pd.testing.assert_frame_equal(again.variables, proof.variables)
    pd.testing.assert_frame_equal(again.targets, proof.targets)
    assert (again.witnesses != proof.witnesses).nnz == 0


# Brute force: all whole-number tables that agree with the publication, with no code of ours.


def possible_tables(shown: dict[str, float], names: list[str], most: int) -> dict[str, np.ndarray]:
    """Every combination of values for these counts; a shown count has one value."""
    ranges = [[shown[name]] if name in shown else range(most + 1) for name in names]
    grid = np.meshgrid(*ranges, indexing="ij")
    return {name: axis.ravel() for name, axis in zip(names, grid, strict=True)}


def assert_every_small_value_possible(
    true: dict[str, int], shown: dict[str, float], tables: dict[str, np.ndarray], agrees: np.ndarray
) -> None:
    for name, count in true.items():
        if 1 <= count < 5:
            assert name not in shown, f"{name} is shown"
        if name not in shown and count < 5:
            values = set(tables[name][agrees].astype(int).tolist())
            assert {1, 2, 3, 4} <= values, f"{name} has too few values"
            assert values - {1, 2, 3, 4}, f"{name} is surely small"


def shown_by_name(result, names: list[str]) -> dict[str, float]:
    figures = result.figures.assign(name=names)
    return figures[figures["status"] == "shown"].set_index("name")["numerator"].to_dict()


COUNT = st.integers(0, 9) | st.integers(0, 3)


@settings(max_examples=40, deadline=None)
@given(districts=st.lists(COUNT, min_size=2, max_size=2), outside=st.integers(0, 2), women=st.integers(0, 20))
def test_areas_and_sexes_survive_an_attacker_who_tries_every_table(districts, outside, women):
    total = sum(districts) + outside
    women = min(women, total)
    names = ["whole", "a", "b", "men", "women"]
    true = dict(zip(names, [total, *districts, total - women, women], strict=True))
    drawn = cells(
        "indicator | area | sex | numerator\n"
        + "\n".join(
            f"halt_rate | {area} | {sex} | {true[name]}"
            for name, area, sex in zip(
                names, ["GM1", "WK11", "WK12", "GM1", "GM1"], ["all", "all", "all", "male", "female"], strict=True
            )
        )
    )
    shown = shown_by_name(protected(drawn), names)
    tables = possible_tables(shown, names[:4], 26)
    tables["women"] = tables["whole"] - tables["men"]
    slack = tables["whole"] - tables["a"] - tables["b"]
    agrees = (tables["women"] >= 0) & ((slack == 0) if outside == 0 else (slack >= 0))
    agrees &= tables["women"] == shown.get("women", tables["women"])
    assert_every_small_value_possible(true, shown, tables, agrees)


@settings(max_examples=40, deadline=None)
@given(kinds=st.tuples(COUNT, COUNT), double=st.integers(0, 9), first=st.integers(0, 18))
def test_kinds_and_subsets_survive_an_attacker_who_tries_every_table(kinds, double, first):
    total = max(*kinds, sum(kinds) - double)
    first = min(first, total)
    names = ["all", "property", "violence", "first"]
    true = dict(zip(names, [total, *kinds, first], strict=True))
    drawn = cells(
        "indicator | area | kind | numerator\n"
        + "\n".join(
            f"{'first_time_suspects' if name == 'first' else 'suspects_by_offence'} | GM1 | "
            f"{'all' if name == 'first' else name} | {true[name]}"
            for name in names
        )
    )
    shown = shown_by_name(protected(drawn), names)
    tables = possible_tables(shown, names, 24)
    tables["rest"] = tables["all"] - tables["first"]
    agrees = (
        (tables["property"] + tables["violence"] >= tables["all"])
        & (tables["property"] <= tables["all"])
        & (tables["violence"] <= tables["all"])
        & (tables["rest"] >= 0)
    )
    true["rest"] = total - first
    shown |= {"rest": total - first} if {"all", "first"} <= set(shown) else {}
    assert_every_small_value_possible(true, shown, tables, agrees)


@settings(max_examples=40, deadline=None)
@given(quarters=st.lists(COUNT, min_size=4, max_size=4), double=st.integers(0, 9))
def test_quarters_survive_an_attacker_who_tries_every_table(quarters, double):
    names = ["year", "q1", "q2", "q3", "q4"]
    true = dict(zip(names, [max(*quarters, sum(quarters) - double), *quarters], strict=True))
    drawn = cells(
        "indicator | area | period | numerator\n"
        + "\n".join(
            f"halt_rate | GM1 | 2025{name[:1].upper() + name[1:] if name != 'year' else ''} | {true[name]}"
            for name in names
        )
    )
    shown = shown_by_name(protected(drawn), names)
    tables = possible_tables(shown, names, 13)
    parts = [tables[name] for name in names[1:]]
    agrees = (sum(parts) >= tables["year"]) & np.all([part <= tables["year"] for part in parts], axis=0)
    assert_every_small_value_possible(true, shown, tables, agrees)


@settings(max_examples=40, deadline=None)
@given(shares=st.lists(st.tuples(COUNT, COUNT), min_size=2, max_size=2))
def test_shares_survive_an_attacker_who_tries_every_table(shares):
    rows = [(good, good + bad) for good, bad in shares]
    rows.append((rows[0][0] + rows[1][0], rows[0][1] + rows[1][1]))
    drawn = cells(
        "indicator | area | numerator | denominator\n"
        + "\n".join(
            f"halt_succeeded | {area} | {good} | {whole}"
            for area, (good, whole) in zip(["GM1", "GM2", "RG-X"], rows, strict=True)
        )
    )
    figures = protected(drawn).figures
    values: dict[str, np.ndarray] = {}
    shown: dict[str, float] = {}
    for name, (_, row) in zip("abr", figures.iterrows(), strict=True):
        if row["status"] != "hidden":
            good, whole = (row["numerator"], row["denominator"]) if row["status"] == "shown" else (0.0, 0.0)
            shown |= {f"good_{name}": good, f"bad_{name}": whole - good}
    tables = possible_tables(shown, ["good_a", "bad_a", "good_b", "bad_b"], 22)
    values = tables | {f"{part}_r": tables[f"{part}_a"] + tables[f"{part}_b"] for part in ("good", "bad")}
    values |= {f"whole_{name}": values[f"good_{name}"] + values[f"bad_{name}"] for name in "abr"}
    agrees = np.ones(len(values["good_a"]), dtype=bool)
    for name in {"good_r", "bad_r"} & set(shown):
        agrees &= values[name] == shown[name]
    true = {
        f"{part}_{name}": count
        for name, (good, whole) in zip("abr", rows, strict=True)
        for part, count in (("good", good), ("bad", whole - good), ("whole", whole))
    }
    shown |= {f"whole_{name}": 0.0 for name in "abr" if f"good_{name}" in shown}
    assert_every_small_value_possible(true, shown, values, agrees)
    for name, (good, whole) in zip("abr", rows, strict=True):
        if good == whole > 0:
            assert f"good_{name}" not in shown, "everybody is in it, and that is shown"
