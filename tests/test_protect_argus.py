"""The search for the cheapest pattern in a process of its own: what it finds, and what happens when it cannot."""

import itertools

import numpy as np
import pytest

from pipelines.protect import argus
from pipelines.protect.argus import CheapestSearch
from pipelines.protect.standalone import Wish, find_pattern, make_task
from pipelines.protect.tables import publish
from tests.bench.bench_optimum import draw
from tests.bench.instances import make_tree
from tests.optimum import cost_of, find_optimum, pose


def two_way(*counts: int):
    trees = (make_tree("a", 3), make_tree("b", 3))
    combos = np.array(list(itertools.product(*(one.leaves.tolist() for one in trees))))
    return publish(trees, combos, np.array(counts), [[1, 1]])


@pytest.mark.parametrize("cost", ["cells", "value"])
@pytest.mark.parametrize(("shape", "zeros"), [("5x5", "cover"), ("linked trees", "cover"), ("4x4", "known")])
def test_it_finds_the_proved_optimum(shape, zeros, cost):
    publication = draw(shape, "many", 2)
    puzzle = pose(publication, zeros=zeros, cost=cost)
    best = find_optimum(puzzle)
    assert best is not None
    with CheapestSearch(make_task(publication, Wish(zeros=zeros, cost=cost))) as search:
        hidden = search.wait()
    assert hidden is not None
    assert round(cost_of(puzzle, hidden)) == round(cost_of(puzzle, best))
    assert all(puzzle.can_be(hidden, *target) is not None for target in puzzle.targets())


def test_of_large_counts_it_hides_the_least_value():
    publication = two_way(3, 7_000_000, 30, 4_000_000, 50, 60, 70, 80, 9_000_000)
    with CheapestSearch(make_task(publication, Wish(cost="value"))) as search:
        hidden = search.wait()
    assert hidden is not None
    best = find_optimum(pose(publication, cost="value"))
    assert best is not None
    assert publication.true[hidden].sum() == publication.true[best].sum() == 3 + 30 + 50 + 60 + 70 + 80


@pytest.mark.parametrize("programme", ["import os; os.abort()", "raise SystemExit(1)", "import time; time.sleep(60)"])
def test_without_it_a_pattern_is_found_all_the_same(monkeypatch, programme):
    monkeypatch.setattr(argus, "PROGRAMME", programme)
    monkeypatch.setattr(argus, "STOP_AFTER", 1.0)
    publication = two_way(3, 20, 30, 40, 50, 60, 70, 80, 90)
    with CheapestSearch(make_task(publication, Wish())) as search:
        assert search.wait() is None
    assert search.process.poll() is not None
    assert find_pattern(publication, Wish()).hidden.sum() == 4


def test_its_folder_is_for_this_account_only_and_goes():
    with CheapestSearch(make_task(two_way(3, 20, 30, 40, 50, 60, 70, 80, 90), Wish())) as search:
        folder = search.found.parent
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
