"""Drawn publications for the benchmark of protection: seeded, of the size that protection.md measured."""

import numpy as np

from pipelines.protect.tables import Tree

AREA, TIME, AGE, SEX, KIND = range(5)
TEN = (
    {AREA: 3, TIME: 1},
    {AREA: 3, AGE: 1},
    {AREA: 3, KIND: 1},
    {AREA: 2, TIME: 2},
    {AREA: 2, AGE: 1, SEX: 1},
    {AREA: 1, TIME: 2, KIND: 1},
    {AREA: 1, AGE: 1, SEX: 1, KIND: 1},
    {AREA: 2, TIME: 1, KIND: 1},
    {AREA: 1, TIME: 2, AGE: 1},
    {AREA: 1, TIME: 1, AGE: 1, SEX: 1},
)


def make_tree(name: str, *sizes: int) -> Tree:
    """A regular tree: each code of a level has so many parts, sizes per level; or levels of these total sizes."""
    codes, parent, depth, last = ["Total"], [-1], [0], [0]
    for level, size in enumerate(sizes, 1):
        ups = np.array_split(np.arange(size), len(last))
        fresh = []
        for up, members in zip(last, ups, strict=True):
            for _ in members:
                fresh.append(len(codes))
                codes.append(f"{name}{level}.{len(fresh)}")
                parent.append(up)
                depth.append(level)
        last = fresh
    return Tree(name=name, codes=tuple(codes), parent=np.array(parent), depth=np.array(depth))


def regional_trees() -> tuple[Tree, ...]:
    return (
        make_tree("area", 4, 20, 90),
        make_tree("time", 3, 12),
        make_tree("age", 3),
        make_tree("sex", 2),
        make_tree("kind", 5),
    )


def draw_persons(trees: tuple[Tree, ...], persons: int, seed: int, shape: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Leaf codes and counts of so many persons: areas of unequal size, skewed ages and kinds."""
    random = np.random.default_rng(seed)
    drawn = []
    for tree in trees:
        weight = random.gamma(shape, size=len(tree.leaves))
        drawn.append(tree.leaves[random.choice(len(weight), size=persons, p=weight / weight.sum())])
    rows, counts = np.unique(np.stack(drawn, axis=1), axis=0, return_counts=True)
    return rows.astype(np.int64), counts.astype(np.int64)
