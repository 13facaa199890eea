"""`jeugdbeeld protect` for any frequency table: the promise, attacked by trying every table or by whole-number programmes."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from typer.testing import CliRunner

from pipelines.audit.tables import audit_csv
from pipelines.cli import app
from pipelines.errors import ContractError, UnsafeFigures
from pipelines.protect import cover, standalone
from pipelines.protect.proof import Proof
from pipelines.protect.standalone import Wish, find_pattern, protect_file
from pipelines.protect.tables import Publication, Tree, publish
from tests.optimum import sums_of

# The attacker, with no code of ours: sums by walking up the parents, tables by trying them all or by scipy.


def tree(name: str, *parents: int) -> Tree:
    """Codes 0 (the root), 1, 2, ...; each with the place of its parent."""
    up = [-1, *parents]
    depth = [0]
    for parent in parents:
        depth.append(depth[parent] + 1)
    return Tree(
        name=name, codes=tuple(f"{name}{at}" for at in range(len(up))), parent=np.array(up), depth=np.array(depth)
    )


def can_be(
    sums: np.ndarray, true: np.ndarray, hidden: np.ndarray, cell: int, low: int, high: int, floor: int = 0
) -> bool:
    """Is there a whole-number table that agrees with what is shown, with this cell from low to high?"""
    least = np.where(hidden, floor, true).astype(float)
    most = np.where(hidden, np.inf, true)
    least[cell], most[cell] = max(least[cell], low), min(most[cell], high)
    if least[cell] > most[cell]:
        return False
    found = milp(
        np.zeros(sums.shape[1]),
        integrality=np.ones(sums.shape[1]),
        bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(sums, least, most),
    )
    assert found.status in {0, 2}
    return bool(found.status == 0)


def leaks(publication: Publication, hidden: np.ndarray, threshold: int = 5, floor: int = 0) -> list[str]:
    sums, _ = sums_of(publication)
    true = publication.true
    found = []
    for cell in range(len(true)):
        small = 1 <= true[cell] < threshold
        if small and not hidden[cell]:
            found.append(f"{cell} is shown")
        elif small:
            found += [
                f"{cell} cannot be {value}"
                for value in range(1, threshold)
                if value != true[cell] and not can_be(sums, true, hidden, cell, value, value, floor)
            ]
        elif hidden[cell]:
            other = can_be(sums, true, hidden, cell, true[cell] + 1, 10**6, floor)
            if not (other or can_be(sums, true, hidden, cell, 0, true[cell] - 1, floor)):
                found.append(f"{cell} is known")
    return found


TREES = st.sampled_from(
    [
        (tree("a", 0, 0, 1, 1, 2, 2), tree("b", 0, 0)),
        (tree("a", 0, 0, 1, 1), tree("b", 0, 0, 0)),
        (tree("a", 0, 0, 0), tree("b", 0, 0), tree("c", 0, 0)),
        (tree("a", 0, 0, 2, 2), tree("b", 0, 0), tree("c", 0, 0), tree("d", 0, 0)),
        (tree("a", 0, 0, 0, 0, 0),),
    ]
)
COUNT = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 7, 7, 20])


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    trees = draw(TREES)
    combos = np.array(list(itertools.product(*(one.leaves.tolist() for one in trees))))
    counts = np.array(draw(st.lists(COUNT, min_size=len(combos), max_size=len(combos))))
    depths = st.tuples(*(st.integers(0, one.height) for one in trees))
    tables = draw(st.lists(depths, min_size=1, max_size=2))
    return publish(trees, combos, counts, tables)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(publications(), st.sampled_from(["cells", "value"]))
def test_every_small_value_stays_possible_in_linked_tables(publication, cost):
    pattern = find_pattern(publication, Wish(cost=cost))
    assert leaks(publication, pattern.hidden) == []


@settings(max_examples=20, deadline=None, derandomize=True)
@given(publications())
def test_with_known_zeros_no_zero_is_hidden_and_hidden_cells_may_be_believed_to_be_one_or_more(publication):
    try:
        pattern = find_pattern(publication, Wish(zeros="known"))
    except UnsafeFigures as stopped:
        everything = publication.true > 0
        assert leaks(publication, everything, floor=1), "hiding all but zeros would have been safe"
        assert "cover" in str(stopped)
        return
    assert not pattern.hidden[publication.true == 0].any()
    assert leaks(publication, pattern.hidden, floor=1) == []


@settings(max_examples=20, deadline=None, derandomize=True)
@given(publications())
def test_cells_are_the_sums_of_their_leaves_and_no_equation_is_missing(publication):
    sums, _ = sums_of(publication)
    above = publication.above(np.arange(len(publication.base))).toarray()
    assert {tuple(column) for column in sums.T} == {tuple(column) for column in above.T}
    assert (above @ publication.base_true == publication.true).all()
    assert not (publication.matrix @ publication.true).any()
    assert not (publication.matrix @ sums).any(), "an equation that some tables break"


def small(counts: list[int], *, zeros: str = "cover", parents: tuple[int, ...] = ()) -> tuple[Publication, np.ndarray]:
    """One dimension."""
    one = tree("a", *(parents or (0,) * len(counts)))
    publication = publish((one,), one.leaves[:, None], np.array(counts), [[one.height]])
    return publication, find_pattern(publication, Wish(zeros=zeros)).hidden


def test_one_dear_sibling_covers_one_small_cell():
    publication, hidden = small([3, 40, 60, 0])
    shown = publication.true[~hidden]
    assert hidden.sum() == 2
    assert 103 in shown


def test_two_ones_and_nothing_else_are_not_left_to_give_each_other_away():
    publication, hidden = small([1, 1, 20])
    assert leaks(publication, hidden) == []
    assert hidden.sum() > 2


def test_nothing_small_means_nothing_hidden():
    _, hidden = small([0, 5, 7])
    assert not hidden.any()


def test_nobody_at_all_is_shown_as_zero():
    _, hidden = small([0, 0])
    assert not hidden.any()


def test_what_a_joint_table_forbids_is_seen_though_no_published_margin_does():
    trees = (tree("a", 0, 0), tree("b", 0, 0), tree("c", 0, 0))
    combos = np.array(list(itertools.product([1, 2], repeat=3)))
    counts = np.array([3, 9, 0, 8, 0, 7, 6, 0])
    publication = publish(trees, combos, counts, [[1, 1, 0], [1, 0, 1], [0, 1, 1]])
    pattern = find_pattern(publication, Wish())
    assert leaks(publication, pattern.hidden) == []


def test_the_same_table_gives_the_same_pattern():
    first, second = (small([1, 2, 0, 9, 9, 30])[1] for _ in range(2))
    assert (first == second).all()


# What breaks when the protector is broken: each of these must be seen by the attacker above.


def drawn_linked() -> Publication:
    trees = (tree("a", 0, 0, 1, 1, 2, 2), tree("b", 0, 0, 0), tree("c", 0, 0))
    random = np.random.default_rng(3)
    combos = np.array(list(itertools.product(*(one.leaves.tolist() for one in trees))))
    return publish(trees, combos, random.poisson(3, len(combos)), [[2, 1, 0], [1, 1, 1]])


def test_pruning_without_its_check_would_be_seen():
    publication = drawn_linked()
    start = cover.start_cover(standalone.make_task(publication, Wish()))
    cover.extend(start, start.task.targets())
    start.show(start.covers)
    assert leaks(publication, start.hidden)


def test_covering_anew_keeps_the_promise_and_costs_no_more():
    publication = drawn_linked()
    start = cover.start_cover(standalone.make_task(publication, Wish()))
    cover.extend(start, start.task.targets())
    cost = start.cost
    cover.improve(start, 20_000_000)
    assert start.cost <= cost
    assert all(start.hidden[move.cells].all() for move in start.served.values())


def test_a_forgotten_equation_would_be_seen():
    publication = drawn_linked()
    task = standalone.make_task(publication, Wish())
    kept = np.arange(task.matrix.shape[0])[::2]
    start = cover.start_cover(cover.Task(**{**vars(task), "matrix": task.matrix[kept]}))
    cover.extend(start, start.task.targets())
    assert leaks(publication, start.hidden)


def test_taking_zeros_for_hidden_ones_would_be_seen():
    publication = drawn_linked()
    unsafe = (publication.true >= 1) & (publication.true < 5)
    assert leaks(publication, unsafe | (publication.true == 0))


# The audit must see the same, from files alone.


def written(publication: Publication, hidden: np.ndarray, folder: Path) -> dict[str, Path]:
    """Files as the command reads and writes them; returns the hierarchies."""
    for one in publication.trees:
        rows = [(one.codes[at], one.codes[up]) for at, up in enumerate(one.parent.tolist()) if up >= 0]
        pd.DataFrame(rows, columns=["child", "parent"]).to_csv(folder / f"{one.name}.csv", index=False)
    names = {one.name: np.array(one.codes)[publication.base[:, at]] for at, one in enumerate(publication.trees)}
    pd.DataFrame({**names, "n": publication.base_true}).to_csv(folder / "cells.csv", index=False)
    standalone.write_pattern(publication, hidden, folder / "out.csv")
    return {one.name: folder / f"{one.name}.csv" for one in publication.trees}


def audited(publication: Publication, hidden: np.ndarray, folder: Path, *, truth: bool = True) -> pd.DataFrame:
    hierarchies = written(publication, hidden, folder)
    return audit_csv(folder / "out.csv", hierarchies, truth=(folder / "cells.csv", "n") if truth else None)


def broken_patterns(publication: Publication) -> dict[str, np.ndarray]:
    """What a protector would hide that skips a step."""
    pattern = find_pattern(publication, Wish()).hidden
    unsafe = (publication.true >= 1) & (publication.true < 5)
    forgotten = pattern.copy()
    forgotten[np.flatnonzero(unsafe)[0]] = False
    return {
        "nothing but unsafe cells hidden": unsafe,
        "zeros taken for hidden ones": unsafe | (publication.true == 0),
        "an unsafe cell forgotten": forgotten,
    }


def test_the_audit_finds_what_a_broken_protector_leaves_and_nothing_in_a_whole_one(tmp_path):
    publication = drawn_linked()
    pattern = find_pattern(publication, Wish())
    assert audited(publication, pattern.hidden, tmp_path).empty
    for name, hidden in broken_patterns(publication).items():
        assert not audited(publication, hidden, tmp_path).empty, name


def test_a_proof_beside_the_cells_saves_the_audit_its_search_but_never_hides_a_leak(tmp_path, monkeypatch):
    publication = drawn_linked()
    pattern = find_pattern(publication, Wish())
    pattern.proof.write(tmp_path / "cells.csv.proof")
    for name, hidden in broken_patterns(publication).items():
        assert not audited(publication, hidden, tmp_path).empty, name
    monkeypatch.setattr("pipelines.audit.tables._search", lambda *given: pytest.fail("searched"))
    assert audited(publication, pattern.hidden, tmp_path).empty


def test_a_proof_holds_only_whole_and_only_for_its_own_pattern():
    publication = drawn_linked()
    empty = Proof(publication=publication, least=np.zeros_like(publication.true), threshold=5)
    assert not empty.holds(np.ones(len(publication.true), dtype=bool))
    pattern = find_pattern(publication, Wish())
    assert pattern.proof.holds(pattern.hidden)
    for cell in np.flatnonzero(pattern.hidden).tolist():
        shown = pattern.hidden.copy()
        shown[cell] = False
        assert not pattern.proof.holds(shown), "a cell that a witness moves is shown"
    pattern.proof.witnesses[int(pattern.proof.used[0])].base_steps[0] += 1
    assert not pattern.proof.holds(pattern.hidden)


@pytest.mark.parametrize("garbage", [b"", b"no proof", b"PK\x03\x04"])
def test_a_file_that_is_no_proof_proves_nothing(tmp_path, garbage):
    publication = drawn_linked()
    (tmp_path / "cells.csv.proof").write_bytes(garbage)
    assert audited(publication, find_pattern(publication, Wish()).hidden, tmp_path).empty
    unsafe = (publication.true >= 1) & (publication.true < 5)
    assert not audited(publication, unsafe, tmp_path).empty


def test_an_outsider_finds_by_subtraction_what_one_hidden_part_was(tmp_path):
    one = tree("a", 0, 0, 1, 1, 2, 2)
    publication = publish((one,), one.leaves[:, None], np.array([9, 3, 8, 7]), [[2]])
    hidden = publication.true == 3
    assert audited(publication, hidden, tmp_path, truth=False)["finding"].tolist() == ["exactly known"]


def test_a_walk_alone_proves_a_pattern_for_tables_too_large_for_programmes(monkeypatch):
    monkeypatch.setattr(standalone, "MOST_SOLVED", 0)
    publication = drawn_linked()
    assert leaks(publication, find_pattern(publication, Wish()).hidden) == []


@pytest.mark.parametrize(
    ("parents", "counts"),
    [
        ((0, 1, 2), [3]),  # a chain: every level holds one part
        ((0, 0, 1, 1, 3), [2, 60, 4]),  # leaves at three depths
        ((0, 0), [10**11, 1]),  # huge beside small
        ((0,), [1]),  # one person in all
        ((0, 0, 0, 0), [4, 4, 4, 4]),  # equals
        ((0, 0, 0, 0), [0, 0, 0, 2]),  # one group among zeros
    ],
)
def test_odd_shapes_keep_the_promise(parents, counts):
    publication, hidden = small(counts, parents=parents)
    assert leaks(publication, hidden) == []


def test_parts_that_are_known_to_be_there_stop_a_table_with_known_zeros():
    with pytest.raises(UnsafeFigures, match="1 unsafe cells"):
        small([1, 1, 40, 60], zeros="known", parents=(0, 0, 1, 1, 2, 2))


# The command.

CELLS = "wijk,geslacht,n\na1,m,3\na1,v,9\na2,m,1\na2,v,12\nb1,m,20\n"
HIERARCHY = "child,parent\nA,NL\nB,NL\na1,A\na2,A\nb1,B\nb2,B\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "cells.csv").write_text(CELLS, encoding="utf-8")
    (tmp_path / "wijk.csv").write_text(HIERARCHY, encoding="utf-8")
    return tmp_path


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_file_goes_round_and_its_audit_finds_nothing(files):
    wijk, out = f"wijk={files / 'wijk.csv'}", files / "out.csv"
    made = run(
        "protect", files / "cells.csv", "--count", "n", "--hierarchy", wijk, "--publish", "wijk=2,geslacht=1", "-o", out
    )
    assert made.exit_code == 0, made.output
    table = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert list(table.columns) == ["wijk", "geslacht", "count", "status"]
    assert len(table) == 7 * 3
    assert not table.duplicated(["wijk", "geslacht"]).any()
    assert ((table["count"] == "") == (table["status"] == "hidden")).all()
    assert table.set_index(["wijk", "geslacht"]).loc[("b2", "m"), "count"] == "0"
    for truth in ((), ("--truth", files / "cells.csv", "--count", "n")):
        audited = run("audit", out, "--hierarchy", wijk, *truth)
        assert audited.exit_code == 0, audited.output


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        ("wijk,n\n", "Total,0,shown"),  # nobody, and no code
        ("wijk,n\na,0\nb,0\n", "b,0,shown"),
        ("\ufeffwijk;n\r\na;12\r\nb;0\r\n", "a,12,shown"),  # as a spreadsheet writes it
    ],
)
def test_nobody_at_all_and_spreadsheet_files_go_round_too(tmp_path, cells, rows):
    (tmp_path / "cells.csv").write_bytes(cells.encode())
    made = run("protect", tmp_path / "cells.csv", "--count", "n", "-o", tmp_path / "out.csv")
    assert made.exit_code == 0, made.output
    assert rows in (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert run("audit", tmp_path / "out.csv", "--truth", tmp_path / "cells.csv", "--count", "n").exit_code == 0


@pytest.mark.parametrize("truth", [False, True])
def test_a_file_that_shows_too_much_is_found_out_without_a_count(files, truth):
    out = files / "out.csv"
    out.write_text(
        "wijk,geslacht,count,status\nNL,Total,45,shown\nA,Total,25,shown\nB,Total,20,shown\n"
        "a1,Total,12,shown\na2,Total,,hidden\nb1,Total,20,shown\nb2,Total,0,shown\n",
        encoding="utf-8",
    )
    given = ("--truth", files / "cells.csv", "--count", "n") if truth else ()
    found = run("audit", out, "--hierarchy", f"wijk={files / 'wijk.csv'}", *given)
    assert isinstance(found.exception, UnsafeFigures)
    assert "exactly known" in found.output
    assert "13" not in found.output


@pytest.mark.parametrize(
    ("cells", "hierarchy", "options", "words"),
    [
        (CELLS.replace(",n\n", ",aantal\n"), HIERARCHY, (), "no column n"),
        (CELLS.replace("a1,m,3", "a9,m,3"), HIERARCHY, (), "line 2; rule: a code of the hierarchy"),
        (CELLS.replace("a1,m,3", "A,m,3"), HIERARCHY, (), "a leaf of the hierarchy"),
        (CELLS.replace("a1,v", "a1,m"), HIERARCHY, (), "first at line 3"),
        (CELLS.replace("m,3", "m,-3"), HIERARCHY, (), "whole number"),
        (CELLS.replace("m,3", "m,3.5"), HIERARCHY, (), "whole number"),
        (CELLS.replace("m,3", "m,"), HIERARCHY, (), "whole number"),
        (CELLS.replace("m,3", "Total,3"), HIERARCHY, (), "name of the total"),
        (CELLS.replace("m,3", "m,3,8"), HIERARCHY, (), "columns"),
        (CELLS, HIERARCHY.replace("A,NL", "A,B").replace("B,NL", "B,A"), (), "circle"),
        (CELLS, HIERARCHY.replace("A,NL", "A,a1"), (), "circle"),
        (CELLS, HIERARCHY.replace("B,NL", "B,BE"), (), "2 roots"),
        (CELLS, HIERARCHY + "a1,A\n", (), "each child and parent once"),
        (CELLS, HIERARCHY + "NL,a1\n", (), "circle"),
        (CELLS, HIERARCHY.replace("child", "kind"), (), "child,parent"),
        (CELLS, HIERARCHY, ("--publish", "leeftijd=1"), "no dimension"),
        (CELLS, HIERARCHY, ("--publish", "wijk=3"), "0 to 2"),
        (CELLS, HIERARCHY, ("--publish", "wijk=1,wijk=2"), "twice"),
        (CELLS, HIERARCHY, ("--threshold", "2"), "threshold"),
        (CELLS, HIERARCHY, ("--zeros", "never"), "zeros"),
        ("", HIERARCHY, (), "CSV"),
        ("n\n3\n", HIERARCHY, (), "no dimensions"),
    ],
)
def test_input_that_is_not_as_agreed_is_refused_in_words(files, cells, hierarchy, options, words):
    (files / "cells.csv").write_text(cells, encoding="utf-8")
    (files / "wijk.csv").write_text(hierarchy, encoding="utf-8")
    made = run(
        "protect",
        files / "cells.csv",
        "--count",
        "n",
        "--hierarchy",
        f"wijk={files / 'wijk.csv'}",
        "-o",
        files / "o.csv",
        *options,
    )
    assert isinstance(made.exception, ContractError), made.output
    assert words in str(made.exception)
    assert not (files / "o.csv").exists()


def test_a_message_never_holds_a_count(files):
    (files / "cells.csv").write_text(CELLS.replace("m,3", "m,98765.5"), encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        protect_file(
            files / "cells.csv",
            files / "o.csv",
            count="n",
            hierarchies=[],
            tables=[],
            wish=Wish(),
            tell=lambda step: None,
        )
    assert "98765" not in str(refused.value)
