"""Protection of drawn publications: `.venv/bin/python -m tests.bench.bench_protect [NAME ...]`, or `make bench-protect`.

Prints unsafe, cover and shown cells, hidden value, wall and CPU seconds and peak memory of each, every one in a process
of its own. ten: ten linked tables with many small cells; easy: the same with five times the persons; cube: one table
with everything in it, in four sizes. Each bar that protection.md names stands beside what it is about; none makes this
fail, because the instances are our own. At the end the exponent of CPU time against cells over the large cubes.
"""

import multiprocessing
import resource
import sys
import time
from multiprocessing.queues import SimpleQueue

import numpy as np

from pipelines.protect.standalone import Wish, find_pattern
from pipelines.protect.tables import Publication, publish
from tests.bench.instances import draw_persons, make_tree, ten_tables

NAMES = ("area", "time", "age", "sex", "kind")


def cube(persons: int, *sizes: tuple[int, ...]) -> Publication:
    """All margins of a table with so many codes per level of each dimension."""
    trees = tuple(make_tree(name, *levels) for name, levels in zip(NAMES, sizes, strict=False))
    rows, counts = draw_persons(trees, persons, 1)
    return publish(trees, rows, counts, [[tree.height for tree in trees]])


INSTANCES = {
    "ten": lambda: ten_tables(2_250, 1),  # protection.md, another draw: at most 533 cover cells in 120 s
    "easy": lambda: ten_tables(11_250, 1),  # its easier twin: 10 s
    "cube": lambda: cube(3_000, (4, 20), (4,), (3,), (2,)),
    "cube 44,160": lambda: cube(2_250, (4, 20, 90), (3, 12), (3,), (5,)),
    "cube 176,640": lambda: cube(2_250, (4, 20, 90), (3, 12), (3,), (3,), (5,)),  # 15 minutes
    "cube 1,059,840": lambda: cube(13_500, (4, 20, 90), (3, 12), (3,), (3,), (35,)),  # 60 minutes and 8 GB
}


def measure(name: str, results: "SimpleQueue[tuple[int, float]]") -> None:
    """One instance."""
    start, cpu = time.perf_counter(), time.process_time()
    publication = INSTANCES[name]()
    pattern = find_pattern(publication, Wish())
    true, hidden = publication.true, pattern.hidden
    unsafe = (true >= 1) & (true < 5)
    spent = time.process_time() - cpu
    print(
        f"{name}: {len(true)} cells, {unsafe.sum()} unsafe, {(hidden & ~unsafe).sum()} cover, {(~hidden).sum()} shown;"
        f" hidden value {int(true[hidden].sum())} of {int(np.sum(true))}; {len(pattern.proof.used)} witnesses;"
        f" {time.perf_counter() - start:.0f} s wall, {spent:.0f} s CPU,"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
        flush=True,
    )
    results.put((len(true), spent))


def main(chosen: list[str]) -> None:
    """All of them, or those named."""
    context = multiprocessing.get_context("spawn")
    large = []
    for name in chosen:
        results = context.SimpleQueue()
        process = context.Process(target=measure, args=(name, results))
        process.start()
        process.join()
        if name.startswith("cube ") and not results.empty():
            large.append(results.get())
    if len(large) > 1:
        cells, seconds = np.log(np.array(large)).T
        print(f"CPU time grows as cells to the power {np.polyfit(cells, seconds, 1)[0]:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(INSTANCES))
