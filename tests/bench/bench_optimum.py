"""How far `jeugdbeeld protect` is from the proved optimum: `.venv/bin/python -m tests.bench.bench_optimum [DRAWS [FIRST [SHAPE ...]]]`.

Draws small tables (two to four dimensions, hierarchies, linked tables), protects each with both costs and both ways to
treat zeros, and asks the oracle of tests/optimum.py for the cheapest pattern. Prints each miss and the sums.
"""

import itertools
import sys
import time
from collections import defaultdict

import numpy as np

from pipelines.errors import UnsafeFigures
from pipelines.protect.standalone import Wish, find_pattern
from pipelines.protect.tables import Publication, publish
from tests.bench.instances import make_tree
from tests.optimum import cost_of, find_optimum, pose

SHAPES = {
    "4x4": ([(4,), (4,)], [[1, 1]]),
    "5x5": ([(5,), (5,)], [[1, 1]]),
    "6x6": ([(6,), (6,)], [[1, 1]]),
    "tree 2-6 x 3": ([(2, 6), (3,)], [[2, 1]]),
    "tree 2-5 x 2 x 2": ([(2, 5), (2,), (2,)], [[2, 1, 1]]),
    "deep 2-4-8 x 2": ([(2, 4, 8), (2,)], [[3, 1]]),
    "linked 3x3x3": ([(3,), (3,), (3,)], [[1, 1, 0], [1, 0, 1], [0, 1, 1]]),
    "linked trees": ([(2, 6), (3,), (2,)], [[2, 1, 0], [1, 1, 1]]),
}
COUNTS = {
    "few": (0, 0, 0, 0, 1, 1, 2, 3, 4, 6, 9, 20),
    "many": (0, 1, 3, 5, 6, 8, 12, 15, 20, 30, 50, 80),
}
WORDS = ("tables", "missed", "ours", "optimum", "refused", "unproved")


def draw(shape: str, counts: str, seed: int) -> Publication:
    """One small publication."""
    levels, tables = SHAPES[shape]
    trees = tuple(make_tree("abcd"[at], *sizes) for at, sizes in enumerate(levels))
    combos = np.array(list(itertools.product(*(one.leaves.tolist() for one in trees))))
    random = np.random.default_rng([seed, len(shape), len(counts)])
    return publish(trees, combos, random.choice(COUNTS[counts], len(combos)), tables)


def main(draws: int, first: int, *, shapes: list[str]) -> None:
    """Draws of these shapes, one after another."""
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    plan = itertools.product(range(first, first + draws), shapes, COUNTS)
    for seed, shape, counts in plan:
        publication = draw(shape, counts, seed)
        for zeros, cost in itertools.product(("cover", "known"), ("cells", "value")):
            start = time.process_time()
            try:
                hidden = find_pattern(publication, Wish(zeros=zeros, cost=cost)).hidden
            except UnsafeFigures:
                total[zeros, cost, "refused"] += 1
                continue
            middle = time.process_time()
            puzzle = pose(publication, zeros=zeros, cost=cost)
            best = find_optimum(puzzle)
            spent = time.process_time() - middle
            if best is None:
                total[zeros, cost, "unproved"] += 1
                continue
            ours, least = cost_of(puzzle, hidden), cost_of(puzzle, best)
            total[zeros, cost, "tables"] += 1
            total[zeros, cost, "missed"] += ours > least + 1e-6
            total[zeros, cost, "ours"] += ours
            total[zeros, cost, "optimum"] += least
            if ours > least + 1e-6 or spent > 20:
                print(
                    f"{shape}, {counts}, seed {seed}, zeros {zeros}, cost {cost}: {ours:g} against {least:g};"
                    f" protect {middle - start:.1f} s, oracle {spent:.1f} s",
                    flush=True,
                )
    for zeros, cost in itertools.product(("cover", "known"), ("cells", "value")):
        words = [f"{what} {round(total[zeros, cost, what], 1):g}" for what in WORDS]
        print(f"zeros {zeros}, cost {cost}: {', '.join(words)}")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    main(*numbers, *(2, 1)[len(numbers) :], shapes=sys.argv[3:] or list(SHAPES))
