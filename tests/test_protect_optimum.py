"""`jeugdbeeld protect` against proved optima of small tables, found by an oracle with no code of the protector."""

import itertools

import numpy as np
import pytest

from pipelines.protect.standalone import Wish, find_pattern
from pipelines.protect.tables import publish
from tests.bench.bench_optimum import draw
from tests.bench.instances import make_tree
from tests.optimum import Puzzle, cost_of, find_optimum, pose


def test_the_oracle_finds_what_trying_every_pattern_finds():
    sums = np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
    puzzle = Puzzle(sums=sums, true=np.array([34, 3, 11, 20]), price=np.array([9.0, 3.0, 2.0, 1.0]))
    best = find_optimum(puzzle)
    patterns = [puzzle.unsafe | np.array(extra) for extra in itertools.product([False, True], repeat=4)]
    safe = [one for one in patterns if all(puzzle.can_be(one, *target) is not None for target in puzzle.targets())]
    assert best is not None
    assert cost_of(puzzle, best) == min(cost_of(puzzle, one) for one in safe) == 1
    none = Puzzle(sums=sums[:1], true=np.array([3]), price=np.ones(1), floor=4)
    assert find_optimum(none) is None


@pytest.mark.parametrize(
    ("shape", "counts", "seed", "zeros", "cost"),
    [
        ("4x4", "few", 1, "cover", "cells"),
        ("4x4", "many", 1, "cover", "value"),
        ("4x4", "many", 2, "known", "cells"),
        ("tree 2-6 x 3", "many", 1, "cover", "cells"),
    ],
)
def test_a_small_table_costs_no_more_than_the_proved_optimum(shape, counts, seed, zeros, cost):
    publication = draw(shape, counts, seed)
    puzzle = pose(publication, zeros=zeros, cost=cost)
    best = find_optimum(puzzle)
    assert best is not None
    ours = find_pattern(publication, Wish(zeros=zeros, cost=cost)).hidden
    assert cost_of(puzzle, ours) == pytest.approx(cost_of(puzzle, best))


def test_a_known_table_needs_three_covers_and_no_fewer():
    """One unsafe cell in a two-way table: the corners of a box are the least there is."""
    trees = (make_tree("a", 3), make_tree("b", 3))
    combos = np.array(list(itertools.product(*(one.leaves.tolist() for one in trees))))
    publication = publish(trees, combos, np.array([3, 20, 30, 40, 50, 60, 70, 80, 90]), [[1, 1]])
    best = find_optimum(pose(publication))
    assert best is not None
    assert best.sum() == find_pattern(publication, Wish()).hidden.sum() == 4
