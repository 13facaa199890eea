"""The search for the cheapest pattern in a process of its own: what it finds, and what happens when it cannot."""

import itertools
import os
import tempfile

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


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import os; os.abort()", "tau-ARGUS failed with code -6"),
        ("import no_such_library", "tau-ARGUS failed with code 1"),
        (f"raise SystemExit({argus.TOO_LONG})", "the cheapest pattern takes too long"),
        ("import time; time.sleep(60)", "the cheapest pattern takes too long"),
    ],
)
def test_without_it_a_pattern_is_found_all_the_same_and_that_is_told(monkeypatch, script, told):
    monkeypatch.setattr(argus, "SCRIPT", script)
    monkeypatch.setattr(argus, "STOP_AFTER", 1.0 if "sleep" in script else 60.0)
    publication, steps = two_way(3, 20, 30, 40, 50, 60, 70, 80, 90), list[str]()
    with CheapestSearch(make_task(publication, Wish())) as search:
        assert search.wait() is None
    assert search.process.poll() is not None
    assert find_pattern(publication, Wish(), steps.append).hidden.sum() == 4
    assert told in steps


def test_its_folder_is_for_this_account_only_and_goes_with_everything_the_library_wrote(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with CheapestSearch(make_task(two_way(3, 20, 30, 40, 50, 60, 70, 80, 90), Wish())) as search:
        folder = search.found.parent
        assert folder.stat().st_mode & 0o077 == 0
        assert search.wait() is not None
        assert len(list(folder.iterdir())) > 2  # its logs are here
    assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_search_left_behind_goes_with_the_next_one(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    outside = tmp_path / "outside"
    for name in ("jeugdbeeld-old", "jeugdbeeld-busy", "something-old", "outside"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "asked.jj").write_text("7", encoding="ascii")
    (tmp_path / "jeugdbeeld-link").symlink_to(outside)
    for name in ("jeugdbeeld-old", "something-old", "outside"):
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / "jeugdbeeld-link", (0, 0), follow_symlinks=False)
    argus.sweep()
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {"jeugdbeeld-busy", "jeugdbeeld-link", "something-old", "outside"}
    assert (outside / "asked.jj").exists()
