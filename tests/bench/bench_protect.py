"""Protection of drawn tables by the commands: `make bench-protect`, or `.venv/bin/python -m tests.bench.bench_protect [NAME ...]`.

Writes the cells and hierarchies of each as files, runs `jeugdbeeld protect` on them, and attacks what came out with
`jeugdbeeld audit`: once as an outsider (who finds nothing, or this fails), once with the true cells. Prints unsafe, cover
and shown cells, hidden value, seconds by the clock and of the processor, and peak memory. ten: ten linked tables with
many small cells; easy: the same with five times the persons; cube: one table with everything in it, in five sizes. At the
end the exponent of processor time against cells over the large cubes. A bar that was missed stands beside its figure;
those on cover cells are of another draw (protection.md).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.protect.tables import Tree
from tests.bench.instances import TEN, draw_persons, make_tree, regional_trees

NAMES = ("area", "time", "age", "sex", "kind")
COMMAND = Path(sys.executable).with_name("jeugdbeeld")


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Drawn persons in the leaves of these trees, and the tables to publish (none: the whole cube).

    cover, seconds, audit, memory   bars: cover cells; seconds by the clock of protection and of an audit; bytes
    """

    trees: tuple[Tree, ...]
    persons: int
    tables: Sequence[dict[int, int]] = ()
    cover: float = np.inf
    seconds: float = np.inf
    audit: float = np.inf
    memory: float = np.inf


def cube(persons: int, *sizes: tuple[int, ...], **bars: float) -> Instance:
    """All margins of a table with so many codes per level of each dimension."""
    trees = tuple(make_tree(name, *levels) for name, levels in zip(NAMES, sizes, strict=False))
    return Instance(trees=trees, persons=persons, **bars)


AREAS, QUARTERS = (4, 20, 90), (3, 12)
INSTANCES: dict[str, Callable[[], Instance]] = {
    "ten": lambda: Instance(trees=regional_trees(), persons=2_250, tables=TEN, cover=533, seconds=120),
    "easy": lambda: Instance(trees=regional_trees(), persons=11_250, tables=TEN, cover=119, seconds=10),
    "cube": lambda: cube(3_000, (4, 20), (4,), (3,), (2,)),
    "cube 11,040": lambda: cube(560, AREAS, (3,), (3,), (5,)),
    "cube 44,160": lambda: cube(2_250, AREAS, QUARTERS, (3,), (5,)),
    "cube 176,640": lambda: cube(2_250, AREAS, QUARTERS, (3,), (3,), (5,), seconds=900, audit=120),
    "cube 1,059,840": lambda: cube(13_500, AREAS, QUARTERS, (3,), (3,), (35,), seconds=3_600, memory=8e9),
}


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a command took, with everything that it started: seconds by the clock, of the processor, peak bytes."""

    clock: float
    processor: float
    memory: float

    def describe(self, seconds: float = np.inf, memory: float = np.inf) -> str:
        """As words; a bar that was missed beside it."""
        over = self.clock > seconds or self.memory > memory
        size = f"{self.memory / 1e6:.0f} MB"
        return f"{self.clock:.1f} s ({self.processor:.1f} of the processor), {size}{' <-- over' if over else ''}"


def run(*arguments: str) -> Spent:
    """Run `jeugdbeeld` with these; what it says is for the eye only.

    raises  RuntimeError when it does not end with 0
    """
    start = time.monotonic()
    process = subprocess.Popen([str(COMMAND), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"jeugdbeeld {arguments[0]} ended with {process.returncode}: {said[-2_000:].decode()}")
    spent = used.ru_utime + used.ru_stime
    return Spent(clock=time.monotonic() - start, processor=spent, memory=1024 * used.ru_maxrss)


def write_files(instance: Instance, folder: Path) -> tuple[list[str], list[str]]:
    """cells.csv and a hierarchy per dimension; returns the options that name the hierarchies, and those of the tables."""
    rows, counts = draw_persons(instance.trees, instance.persons, 1)
    cells, hierarchies = dict[str, object](), list[str]()
    for axis, tree in enumerate(instance.trees):
        codes = np.array(tree.codes, dtype=object)
        cells[tree.name] = codes[rows[:, axis]]
        links = pd.DataFrame({"child": codes[1:], "parent": codes[tree.parent[1:]]})
        links.to_csv(folder / f"{tree.name}.csv", index=False)
        hierarchies += ["--hierarchy", f"{tree.name}={folder / tree.name}.csv"]
    pd.DataFrame({**cells, "persons": counts}).to_csv(folder / "cells.csv", index=False)
    tables = [",".join(f"{NAMES[axis]}={depth}" for axis, depth in table.items()) for table in instance.tables]
    return hierarchies, [word for table in tables for word in ("--publish", table)]


def count_cells(instance: Instance, published: Path) -> tuple[int, str]:
    """How many cells there are, and in words how many of each kind; the counts that are hidden are worked out here."""
    cells = pd.read_csv(published)
    names = [tree.name for tree in instance.trees]
    rows, counts = draw_persons(instance.trees, instance.persons, 1)
    true = cells[names].merge(_sum_up(instance.trees, rows, counts), on=names, how="left")["persons"].fillna(0)
    hidden, unsafe = cells["status"] == "hidden", true.between(1, 4)
    cover = int((hidden & ~unsafe).sum())
    assert not (unsafe & ~hidden).any()
    return len(cells), (
        f"{len(cells)} cells, {unsafe.sum()} unsafe, {cover} cover{' <-- over' if cover > instance.cover else ''},"
        f" {(~hidden).sum()} shown; hidden value {true[hidden].sum():.0f} of {true.sum():.0f}"
    )


def _sum_up(trees: Sequence[Tree], rows: np.ndarray, counts: np.ndarray) -> pd.DataFrame:
    """Every combination of codes at any level that holds somebody, with its persons: each row under all codes above it."""
    table = pd.DataFrame({"persons": counts} | {tree.name: rows[:, axis] for axis, tree in enumerate(trees)})
    for tree in trees:
        above = [(leaf, up) for leaf in tree.leaves.tolist() for up in _path(tree, leaf)]
        links = pd.DataFrame(above, columns=[tree.name, "up"])
        table = table.merge(links, on=tree.name).drop(columns=tree.name).rename(columns={"up": tree.name})
        table = table.groupby([name for name in table.columns if name != "persons"], as_index=False)["persons"].sum()
    return table.assign(**{tree.name: np.array(tree.codes, dtype=object)[table[tree.name]] for tree in trees})


def _path(tree: Tree, code: int) -> list[int]:
    path = []
    while code >= 0:
        path.append(code)
        code = int(tree.parent[code])
    return path


def measure(name: str, folder: Path) -> tuple[int, float]:
    """One instance: its cells, and seconds of the processor for protection."""
    instance = INSTANCES[name]()
    hierarchies, tables = write_files(instance, folder)
    cells, out = str(folder / "cells.csv"), str(folder / "out.csv")
    spent = run("protect", cells, "--count", "persons", *hierarchies, *tables, "-o", out)
    size, words = count_cells(instance, Path(out))
    print(f"{name}: {words}\n    protect {spent.describe(instance.seconds, instance.memory)}", flush=True)
    for who, truth in (("an outsider", ()), ("one with the true cells", ("--truth", cells, "--count", "persons"))):
        attack = run("audit", out, *hierarchies, *truth)
        print(f"    audit by {who}: {attack.describe(instance.audit, instance.memory)}", flush=True)
    return size, spent.processor


def main(chosen: Sequence[str]) -> None:
    """All of them, or those named."""
    large = []
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(name, Path(folder))
        if name.startswith("cube "):
            large.append(found)
    if len(large) > 1:
        cells, seconds = np.log(np.array(large)).T
        print(f"processor time grows as cells to the power {np.polyfit(cells, seconds, 1)[0]:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(INSTANCES))
