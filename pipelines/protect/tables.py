"""Linked tables over hierarchies: which cells are published, what they count, and the equations between them.

A table shows every combination of codes down to one depth per dimension, margins included. Cells of several tables
that hold the same codes are one cell. The equations are complete: where tables cross different dimensions the joint
combinations are variables too (the base), because an attacker knows that one whole-number table lies under all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from pipelines.errors import ContractError
from pipelines.protect.groupings import Grouping

Ints = NDArray[np.int64]
MOST_BASE = 6_000_000
MOST_KEPT = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Tree:
    """The codes of one dimension, root first, every parent before its children.

    parent     place of the parent, -1 for the root; of one of them when a code has several
    depth      0 for the root; the shortest when there are several
    groupings  all ways to group the codes, when there is more than one
    """

    name: str
    codes: tuple[str, ...]
    parent: Ints
    depth: Ints
    groupings: tuple[Grouping, ...] = ()

    @property
    def height(self) -> int:
        return int(self.depth.max())

    @cached_property
    def place(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self.codes)}

    @cached_property
    def ways(self) -> tuple[Grouping, ...]:
        """All ways to group, also when there is one."""
        return self.groupings or (Grouping(self.parent, self.depth, np.ones(len(self.codes), dtype=bool)),)

    @cached_property
    def children(self) -> list[list[Ints]]:
        """Per way to group the children of each code."""
        return [_children(way.parent) for way in self.ways]

    @cached_property
    def leaves(self) -> Ints:
        held = [at for below in self.children for at, some in enumerate(below) if len(some)]
        return np.setdiff1d(np.arange(len(self.codes)), held)

    @cached_property
    def _inside(self) -> dict[int, NDArray[np.bool_]]:
        return {}

    def inside(self, code: int) -> NDArray[np.bool_]:
        """Which codes are this one or below it."""
        if code not in self._inside:
            inside, waiting = np.zeros(len(self.codes), dtype=bool), [code]
            while waiting:
                at = waiting.pop()
                if not inside[at]:
                    inside[at] = True
                    waiting += [child for below in self.children for child in below[at].tolist()]
            self._inside[code] = inside
        return self._inside[code]

    def down_to(self, depth: int, way: int = 0) -> Ints:
        """The codes of a way to group that a table of this depth shows, every parent with its children."""
        grouping, shown = self.ways[way], self.depth <= depth
        for at in np.flatnonzero(shown[1:] & (grouping.depth[1:] >= 0)) + 1:
            shown[at] = shown[grouping.parent[at]]
        return np.flatnonzero(shown & (grouping.depth >= 0))

    def cut(self, shown: Ints, way: int = 0) -> Ints:
        """For every code itself, or the nearest of these codes above it; shape (codes,)."""
        up, parent = np.arange(len(self.codes), dtype=np.int64), np.maximum(self.ways[way].parent, 0)
        hidden = np.ones(len(self.codes), dtype=bool)
        hidden[shown] = False
        for at in np.flatnonzero(hidden):  # parents come first, so they are cut already
            up[at] = up[parent[at]]
        return up

    def views(self, shown: Ints, way: int = 0) -> list[Ints]:
        """For every code the one around it at each depth of what is shown, root first."""
        depth = self.ways[way].depth[shown]
        return [self.cut(shown[depth <= one], way) for one in range(int(depth.max()) + 1)]


def _children(parent: Ints) -> list[Ints]:
    order = np.argsort(parent, kind="stable")
    ends = np.searchsorted(parent[order], np.arange(len(parent) + 1))
    return [order[ends[at] : ends[at + 1]] for at in range(len(parent))]


class Shown(NamedTuple):
    """A table in one way to group each dimension.

    ways   which way
    codes  per dimension those that it shows
    """

    ways: tuple[int, ...]
    codes: list[Ints]


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Every published cell once, and what an attacker knows about how they hang together.

    cells      place of the code in each tree, shape (cells, dimensions)
    true       counts of the cells
    matrix     equations x cells: matrix @ true is 0
    base       joint combinations that no publication can tell apart further, as codes, shape (base, dimensions)
    base_true  their counts; every cell is the sum of those below it, and that is all there is to know
    joint      per dimension the codes that joint combinations are made of
    base_of    for every combination of joint codes (row-major) its place in base
    finest     the cell of each table that they count in, shape (base, tables); all other cells are sums of these
    depths     of the codes of a cell, every combination that occurs
    """

    trees: tuple[Tree, ...]
    cells: Ints
    true: Ints
    matrix: csr_array
    base: Ints
    base_true: Ints
    joint: tuple[Ints, ...]
    base_of: Ints
    finest: Ints
    cuts: list[list[Ints]]
    depths: tuple[tuple[int, ...], ...]

    @cached_property
    def _radix(self) -> Ints:
        return np.array([len(tree.codes) for tree in self.trees], dtype=np.int64)

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        keys = np.ravel_multi_index(tuple(self.cells.T), tuple(self._radix))
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    @cached_property
    def _all_above(self) -> csc_array:
        return csc_array(self._above(np.arange(len(self.base))))

    def above(self, base: Ints) -> csr_array:
        """The cells that each of these joint combinations counts in; shape (cells, these)."""
        small = len(self.base) * len(self.depths) <= MOST_KEPT
        return csr_array(self._all_above[:, base]) if small else self._above(base)

    def _above(self, base: Ints) -> csr_array:
        keys, order = self._sorted
        found = np.empty((len(self.depths), len(base)), dtype=np.int64)
        for line, depths in enumerate(self.depths):
            parts = zip(self.cuts, depths, strict=True)
            codes = [cuts[depth][self.base[base, axis]] for axis, (cuts, depth) in enumerate(parts)]
            found[line] = order[np.searchsorted(keys, np.ravel_multi_index(codes, tuple(self._radix)))]
        columns = np.tile(np.arange(len(base)), len(self.depths))
        matrix = csr_array((np.ones(found.size), (found.ravel(), columns)), shape=(len(self.cells), len(base)))
        matrix.data[:] = 1.0  # a leaf that is not deep is its own parent at every depth below it
        return matrix


def publish(trees: Sequence[Tree], leaves: Ints, counts: Ints, tables: Sequence[Sequence[int]]) -> Publication:
    """The publication of these tables.

    leaves  place of the code in each tree, shape (rows, dimensions); each combination at most once
    counts  shape (rows,)
    tables  depth per dimension of each table
    raises  ContractError when there are more joint combinations than fit in memory
    """
    shown = [one for table in _undominated(tables) for one in _in_all_ways(trees, table)]
    radix = np.array([len(tree.codes) for tree in trees], dtype=np.int64)
    if np.prod(radix.astype(float)) > 2**62:
        raise ContractError("the dimensions have too many codes together\nLeave dimensions out, or cut them short")
    keys = [_keys(one.codes, radix) for one in shown]
    distinct, first = np.unique(np.concatenate([key.ravel() for key in keys]), return_index=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    places = [rank[np.searchsorted(distinct, key)] for key in keys]
    true = np.zeros(len(distinct), dtype=np.int64)
    for one, place in zip(shown, places, strict=True):
        true[place] = _counts(trees, one, leaves, counts)
    base = _base(trees, shown, places, leaves, counts)
    cuts, depths = _views(trees, shown)
    return Publication(
        trees=tuple(trees),
        cells=np.stack(np.unravel_index(distinct[order], tuple(radix)), axis=1).astype(np.int64),
        true=true,
        matrix=_additive(trees, shown, places, len(distinct)),
        base=base.codes,
        base_true=base.counts,
        joint=base.joint,
        base_of=base.which,
        finest=base.finest,
        cuts=cuts,
        depths=depths,
    )


def _in_all_ways(trees: Sequence[Tree], table: Sequence[int]) -> list[Shown]:
    """A table shows every way to group each of its dimensions."""
    found: dict[bytes, Shown] = {}
    for ways in product(*(range(len(tree.ways)) for tree in trees)):
        codes = [tree.down_to(depth, way) for tree, depth, way in zip(trees, table, ways, strict=True)]
        cuts = [tree.cut(some, way) for tree, some, way in zip(trees, codes, ways, strict=True)]
        found.setdefault(np.concatenate(cuts).tobytes(), Shown(ways, codes))
    return list(found.values())


def _views(trees: Sequence[Tree], shown: list[Shown]) -> tuple[list[list[Ints]], tuple[tuple[int, ...], ...]]:
    """Per dimension the distinct views, and which of them go together."""
    numbers: list[dict[bytes, int]] = [{} for _ in trees]
    cuts: list[list[Ints]] = [[] for _ in trees]
    depths: set[tuple[int, ...]] = set()
    for one in shown:
        options = []
        for axis, (tree, codes, way) in enumerate(zip(trees, one.codes, one.ways, strict=True)):
            views = tree.views(codes, way)
            options.append([numbers[axis].setdefault(view.tobytes(), len(numbers[axis])) for view in views])
            cuts[axis] += [view for view, at in zip(views, options[-1], strict=True) if at >= len(cuts[axis])]
        depths |= set(product(*options))
    return cuts, tuple(sorted(depths))


def _undominated(tables: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The tables that no other table holds."""
    distinct = list(dict.fromkeys(tuple(table) for table in tables))
    return [
        table
        for table in distinct
        if not any(other != table and all(a <= b for a, b in zip(table, other, strict=True)) for other in distinct)
    ]


def _keys(nodes: list[Ints], radix: Ints) -> Ints:
    """One number per combination of codes; shape: one axis per dimension."""
    key = np.zeros((), dtype=np.int64)
    for codes, size in zip(nodes, radix, strict=True):
        key = key[..., None] * size + codes
    return np.asarray(key, dtype=np.int64)


def _places_in(tree: Tree, codes: Ints, way: int) -> Ints:
    """For every code of the tree its place among the shown codes, or that of the nearest above it."""
    at = np.full(len(tree.codes), -1, dtype=np.int64)
    at[codes] = np.arange(len(codes))
    return np.asarray(at[tree.cut(codes, way)], dtype=np.int64)


def _counts(trees: Sequence[Tree], shown: Shown, leaves: Ints, counts: Ints) -> Ints:
    total = np.zeros([len(codes) for codes in shown.codes], dtype=np.int64)
    places = [_places_in(*one) for one in zip(trees, shown.codes, shown.ways, strict=True)]
    np.add.at(total, tuple(place[leaves[:, axis]] for axis, place in enumerate(places)), counts)
    for axis, (tree, codes, way) in enumerate(zip(trees, shown.codes, shown.ways, strict=True)):
        view, parent = np.moveaxis(total, axis, 0), tree.ways[way].parent
        for child in range(len(codes) - 1, 0, -1):
            view[places[axis][parent[codes[child]]]] += view[child]
    return total


def _additive(trees: Sequence[Tree], shown: list[Shown], places: list[Ints], size: int) -> csr_array:
    """One equation per table and cell whose parts it shows: the cell minus its parts in the first such dimension.

    Its parts in the other dimensions follow from these: within one table no equation is more than needed.
    """
    rows, columns, signs, made = [], [], [], 0
    seen: dict[tuple[int, int], NDArray[np.bool_]] = {}
    for one, place in zip(shown, places, strict=True):
        done = np.zeros(size, dtype=bool)
        for axis, (tree, codes, way) in enumerate(zip(trees, one.codes, one.ways, strict=True)):
            inside, before = np.moveaxis(place, axis, 0), seen.setdefault((axis, way), np.zeros(size, dtype=bool))
            at, whole_of = _places_in(tree, codes, way), tree.ways[way].whole
            for code in codes:
                parts = [at[part] for part in tree.children[way][code] if at[part] != at[code]]
                whole = inside[at[code]].ravel()
                if not parts or not whole_of[code]:
                    continue
                fresh = np.flatnonzero(~before[whole] & ~done[whole])
                done[whole] = True
                if not len(fresh):
                    continue
                before[whole[fresh]] = True
                lines = np.concatenate([whole[fresh][None], inside[parts].reshape(len(parts), -1)[:, fresh]])
                rows.append(np.tile(np.arange(made, made + len(fresh)), len(lines)))
                columns.append(lines.ravel())
                signs.append(np.repeat([1.0] + [-1.0] * len(parts), len(fresh)))
                made += len(fresh)
    flat = [np.concatenate(part) if part else np.zeros(0) for part in (signs, rows, columns)]
    return csr_array((flat[0], (flat[1].astype(np.int64), flat[2].astype(np.int64))), shape=(made, size))


class _Base(NamedTuple):
    codes: Ints
    counts: Ints
    finest: Ints
    joint: tuple[Ints, ...]
    which: Ints


def _base(trees: Sequence[Tree], shown: list[Shown], places: list[Ints], leaves: Ints, counts: Ints) -> _Base:
    """The joint combinations, those in the same cell of every table as one."""
    cuts = [_joint_codes(tree, [(one.codes[axis], one.ways[axis]) for one in shown]) for axis, tree in enumerate(trees)]
    joint = [np.unique(cut[tree.leaves]) for tree, cut in zip(trees, cuts, strict=True)]
    if np.prod([float(len(codes)) for codes in joint]) > MOST_BASE:
        raise ContractError(
            f"the tables cross more than {MOST_BASE} joint combinations\nPublish fewer dimensions together, or less deep"
        )
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*joint, indexing="ij")], axis=1)
    under = np.stack(
        [
            place[
                tuple(
                    _places_in(tree, codes, way)[grid[:, axis]]
                    for axis, (tree, codes, way) in enumerate(zip(trees, one.codes, one.ways, strict=True))
                )
            ]
            for one, place in zip(shown, places, strict=True)
        ],
        axis=1,
    )
    kinds, which = np.arange(len(grid)), np.arange(len(grid))
    if len(shown) > 1:
        _, kinds, which = np.unique(under, axis=0, return_index=True, return_inverse=True)
    at = tuple(np.searchsorted(joint[axis], cuts[axis][leaves[:, axis]]) for axis in range(len(trees)))
    flat = np.ravel_multi_index(at, [len(codes) for codes in joint])
    merged = np.zeros(len(kinds), dtype=np.int64)
    np.add.at(merged, which.ravel()[flat], counts)
    return _Base(codes=grid[kinds], counts=merged, finest=under[kinds], joint=tuple(joint), which=which.ravel())


def _joint_codes(tree: Tree, shown: list[tuple[Ints, int]]) -> Ints:
    """For every code the one that stands for all leaves that no table tells apart from it."""
    if len(tree.ways) == 1:
        return tree.cut(max((codes for codes, _ in shown), key=len))
    around = np.stack([tree.cut(codes, way)[tree.leaves] for codes, way in shown], axis=1)
    _, first, which = np.unique(around, axis=0, return_index=True, return_inverse=True)
    stands = np.arange(len(tree.codes), dtype=np.int64)
    stands[tree.leaves] = tree.leaves[first[which.ravel()]]
    return stands
