"""The audit of a CSV file against every whole-number table: it finds all there is to find, and nothing else."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from pipelines.audit import fractions, search
from pipelines.audit import tables as audit_tables
from pipelines.audit.joint import read_axis
from pipelines.audit.open_form import open_up
from pipelines.audit.seen import Tables
from pipelines.audit.tables import audit_csv
from pipelines.protect.tables import Publication, Tree, publish
from tests.test_protect_tables import can_be, sums_of, tree, written

SHAPES: list[tuple[tuple[Tree, ...], list[list[int]]]] = [
    ((tree("a", 0, 0, 1, 1, 2, 2), tree("b", 0, 0)), [[2, 1]]),
    ((tree("a", 0, 0, 0), tree("b", 0, 0), tree("c", 0, 0)), [[1, 1, 0], [1, 0, 1], [0, 1, 1]]),
]


def drawn(seed: int) -> tuple[Publication, np.ndarray, int]:
    """A publication with some cells hidden beside the unsafe ones, enough or not; and what is known of hidden cells."""
    random = np.random.default_rng(seed)
    trees, tables = SHAPES[seed % len(SHAPES)]
    combos = np.array(list(itertools.product(*(one.leaves.tolist() for one in trees))))
    publication = publish(trees, combos, random.choice([0, 0, 0, 1, 1, 2, 3, 4, 5, 7, 9, 20], len(combos)), tables)
    true, floor = publication.true, int(random.integers(2))
    some = (random.random(len(true)) < random.choice([0.15, 0.35, 0.6])) & ((true > 0) | (floor == 0))
    return publication, some | ((true >= 1) & (true < 5)), floor


def broken(publication: Publication, hidden: np.ndarray, floor: int, *, insider: bool) -> set[int]:
    """Hidden cells of which too much is known, by scipy: with the true counts at hand, or for an outsider."""
    (sums, _), true, found = sums_of(publication), publication.true, set()
    for cell in np.flatnonzero(hidden).tolist():

        def fits(low: int, high: int, cell: int = cell) -> bool:
            return can_be(sums, true, hidden, cell, low, high, floor)

        count = int(true[cell])
        small = [fits(value, value) for value in range(1, 5)]
        known = not (fits(count + 1, 10**6) or fits(0, count - 1))
        sure = not (insider or fits(5, 10**6) or fits(0, 0))
        if known or (((insider and 1 <= count < 5) or sure) and not all(small)):
            found.add(cell)
    return found


def audited(publication: Publication, hidden: np.ndarray, floor: int, folder: Path, *, insider: bool) -> set[int]:
    hierarchies = written(publication, hidden, folder)
    truth = (folder / "cells.csv", "n") if insider else None
    found = audit_csv(folder / "out.csv", hierarchies, truth=truth, zeros_known=bool(floor))
    codes = [
        tuple(one.codes[at] for one, at in zip(publication.trees, cell, strict=True)) for cell in publication.cells
    ]
    return {codes.index(tuple(row)) for row in found.drop(columns="finding").itertuples(index=False)}


@pytest.mark.parametrize("seed", range(6))
def test_the_audit_finds_what_trying_every_table_finds_and_nothing_else(tmp_path, seed):
    publication, hidden, floor = drawn(seed)
    wanted = broken(publication, hidden, floor, insider=True)
    assert audited(publication, hidden, floor, tmp_path, insider=True) == wanted
    sure = broken(publication, hidden, floor, insider=False)
    found = audited(publication, hidden, floor, tmp_path, insider=False)
    assert found <= sure  # when subtraction finds something it goes no further
    assert bool(found) == bool(sure)


def odd() -> tuple[Publication, np.ndarray]:
    """Three combinations; of two of them each sum with the third is shown, so that their own sum can only be odd."""
    trees = tuple(tree(name, 0, 0) for name in "bcd")
    combos = np.array([[1, 2, 2], [2, 1, 2], [1, 1, 1]])
    publication = publish(trees, combos, np.array([1, 2, 6]), [[1, 1, 1]])
    shown = [(1, 0, 0), (0, 1, 0)]
    hidden = (publication.true > 0) & ~np.array([tuple(cell) in shown for cell in publication.cells.tolist()])
    return publication, hidden


def test_only_whole_numbers_show_that_a_cell_can_never_be_two(tmp_path):
    publication, hidden = odd()
    both = [tuple(cell) for cell in publication.cells.tolist()].index((0, 0, 2))
    sums, _ = sums_of(publication)
    assert publication.true[both] == 3
    assert not can_be(sums, publication.true, hidden, both, 2, 2)
    assert can_be(sums, publication.true, hidden, both, 1, 1)  # and 3, so that in fractions 2 is possible
    assert both in audited(publication, hidden, 0, tmp_path, insider=True)


def test_a_walk_or_a_nearest_table_that_fails_never_decides(tmp_path, monkeypatch):
    """Without walks, and with the smallest windows, the findings are the same."""
    monkeypatch.setattr(search.Search, "walk", lambda self, place, low, high: self.tables.has(place, low, high))
    monkeypatch.setattr(search, "WINDOWS", (2, 4))
    for seed in (1, 3):
        publication, hidden, floor = drawn(seed)
        wanted = broken(publication, hidden, floor, insider=True)
        assert audited(publication, hidden, floor, tmp_path, insider=True) == wanted


def test_what_takes_too_long_is_a_finding_for_who_knows_the_truth_and_said_to_who_does_not(tmp_path, monkeypatch):
    publication, hidden = odd()
    monkeypatch.setattr(search, "WORK", -1)
    hierarchies, said = written(publication, hidden, tmp_path), []
    found = audit_csv(tmp_path / "out.csv", hierarchies, truth=(tmp_path / "cells.csv", "n"), tell=said.append)
    assert "not proved" in set(found["finding"])
    assert "not proved" in said[-1]
    assert audit_csv(tmp_path / "out.csv", hierarchies, tell=said.append).empty
    assert "subtraction only" in said[-1]
    monkeypatch.setattr(audit_tables, "MOST_FIRST", 0)
    assert audit_csv(tmp_path / "out.csv", hierarchies, tell=said.append).empty
    assert "hang together" in said[-1]
    monkeypatch.setattr(fractions, "WORK", -1)
    assert audit_csv(tmp_path / "out.csv", hierarchies, tell=said.append).empty
    assert "subtraction only" in said[-1]


def linear_leaks(publication: Publication, hidden: np.ndarray, floor: int) -> set[int]:
    """Hidden cells of which fractions tell an outsider too much, by scipy."""
    sums, _ = sums_of(publication)
    least, most = np.where(hidden, floor, publication.true), np.where(hidden, np.inf, publication.true)
    found = set()
    for cell in np.flatnonzero(hidden).tolist():
        ends = []
        for sign in (1, -1):
            rows = LinearConstraint(sums, least, most)
            answer = milp(sign * sums[cell], integrality=np.zeros(sums.shape[1]), constraints=rows)
            assert answer.status in {0, 3}  # solved, or no end
            ends.append(sign * answer.fun if answer.status == 0 else np.inf)
        low, high = np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)
        if low == high or (low >= 1 and high < 5 and (low > 1 or high < 4)):
            found.add(cell)
    return found


@pytest.mark.parametrize("seed", range(16))
def test_where_too_much_hangs_together_an_outsider_finds_what_fractions_tell(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(audit_tables, "MOST_FIRST", -1)
    monkeypatch.setattr(audit_tables, "findings", lambda low, high, hidden, threshold: [])  # no subtraction before it
    publication, hidden, floor = drawn(seed)
    found = audited(publication, hidden, floor, tmp_path, insider=False)
    assert found == linear_leaks(publication, hidden, floor)
    assert found <= broken(publication, hidden, floor, insider=False)


def test_a_programme_that_fails_is_no_finding(tmp_path, monkeypatch):
    monkeypatch.setattr(audit_tables, "MOST_FIRST", -1)
    monkeypatch.setattr(fractions, "OPTIMAL", object())
    publication, hidden = odd()
    hierarchies, said = written(publication, hidden, tmp_path), []
    monkeypatch.setattr(audit_tables, "findings", lambda low, high, hidden, threshold: [])
    assert audit_csv(tmp_path / "out.csv", hierarchies, tell=said.append).empty
    assert "subtraction only" in said[-1]


def test_a_table_that_no_counts_can_fill_is_a_contradiction(tmp_path):
    (tmp_path / "out.csv").write_text(
        "a,b,count,status\nTotal,Total,9,shown\nx,Total,5,shown\ny,Total,,hidden\nTotal,m,,hidden\nTotal,v,3,shown\n"
        "x,m,,hidden\nx,v,4,shown\ny,m,0,shown\ny,v,0,shown\n",
        encoding="utf-8",
    )
    assert audit_csv(tmp_path / "out.csv", {})["finding"].tolist() == ["contradiction"]


def test_leaves_that_nothing_published_tells_apart_are_one(tmp_path):
    (tmp_path / "a.csv").write_text("child,parent\nA,T\nB,T\na1,A\na2,A\nb1,B\na1,P\nb1,P\nP,T\n", encoding="utf-8")
    links = pd.read_csv(tmp_path / "a.csv")
    axis = read_axis(pd.Series(["T", "A", "B"], name="a"), links)
    assert axis.size == 2
    assert axis.place["a1"] == axis.place["a2"] == axis.place["A"]
    axis = read_axis(pd.Series(["T", "A", "B", "P"], name="a"), links)
    assert axis.size == 3
    assert axis.families == (("T", ("A", "B")),)


def test_who_knows_that_zeros_stay_knows_that_hidden_cells_are_one_or_more(tmp_path):
    """Three hidden parts of 5 together: none can be 4 when each is at least 1."""
    one = tree("a", 0, 0, 0)
    publication = publish((one,), one.leaves[:, None], np.array([1, 1, 3]), [[1]])
    hidden = publication.true < 5
    for insider in (True, False):
        assert audited(publication, hidden, 0, tmp_path, insider=insider) == set()
        assert audited(publication, hidden, 1, tmp_path, insider=insider) == {1, 2, 3}


def test_a_table_that_moves_a_shown_row_or_falls_below_zero_is_none():
    publication, hidden = odd()
    sums, leaves = sums_of(publication)
    form = open_up(csr_array(sums.astype(np.int64)), np.where(hidden, 0, publication.true), hidden, 0)
    assert form is not None
    assert form.merge(np.zeros(len(leaves), dtype=np.int64)) is None
    counts = {(1, 2, 2): 1, (2, 1, 2): 2, (1, 1, 1): 6}
    first = form.merge(np.array([counts.get(leaf, 0) for leaf in leaves]))
    assert first is not None
    tables = Tables(form=form, first=first, threshold=5)
    before = tables.small.copy()
    for change in ([1, 0, 0], [-1, -1, -1], [1, 1, 1]):
        assert not tables.note(np.arange(3), np.array(change))
    assert (tables.small == before).all()
    way = np.where(first == 6, -1, 1)  # the one with six less, the others more
    assert tables.note(np.arange(3), way)
    assert not (tables.small == before).all()
    assert not tables.note(np.arange(3), -7 * way), "below zero"
