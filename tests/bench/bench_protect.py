"""Protection of drawn publications: `.venv/bin/python -m tests.bench.bench_protect [NAME ...]`.

Prints unsafe, cover and shown cells, hidden value, wall and CPU seconds and peak memory of each, every one in a process
of its own. ten: ten linked tables with many small cells; easy: the same with five times the persons; cube: one table
with everything in it, small. Each bar that protection.md names stands beside what it is about; none makes this fail,
because the instances are our own.
"""

import multiprocessing
import resource
import sys
import time

import numpy as np

from pipelines.protect.standalone import Wish, find_pattern
from pipelines.protect.tables import Publication, publish
from tests.bench.instances import draw_persons, make_tree, ten_tables


def small_cube() -> Publication:
    """Four dimensions, all margins."""
    trees = (make_tree("area", 4, 20), make_tree("time", 4), make_tree("age", 3), make_tree("sex", 2))
    rows, counts = draw_persons(trees, 3_000, 1)
    return publish(trees, rows, counts, [[tree.height for tree in trees]])


INSTANCES = {
    "ten": lambda: ten_tables(2_250, 1),  # protection.md, another draw: at most 533 cover cells in 120 s
    "easy": lambda: ten_tables(11_250, 1),  # its easier twin: 10 s
    "cube": small_cube,
}


def measure(name: str) -> None:
    """One instance."""
    start, cpu = time.perf_counter(), time.process_time()
    publication = INSTANCES[name]()
    pattern = find_pattern(publication, Wish())
    true, hidden = publication.true, pattern.hidden
    unsafe = (true >= 1) & (true < 5)
    print(
        f"{name}: {len(true)} cells, {unsafe.sum()} unsafe, {(hidden & ~unsafe).sum()} cover, {(~hidden).sum()} shown;"
        f" hidden value {int(true[hidden].sum())} of {int(np.sum(true))}; {len(pattern.proof.witnesses)} witnesses;"
        f" {time.perf_counter() - start:.0f} s wall, {time.process_time() - cpu:.0f} s CPU,"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    for chosen in sys.argv[1:] or INSTANCES:
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(chosen,))
        process.start()
        process.join()
