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

Ints = NDArray[np.int64]
MOST_BASE = 6_000_000
MOST_KEPT = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Tree:
    """The codes of one dimension, root first, every parent before its children.

    parent  place of the parent, -1 for the root
    depth   0 for the root
    """

    name: str
    codes: tuple[str, ...]
    parent: Ints
    depth: Ints

    @property
    def height(self) -> int:
        return int(self.depth.max())

    @cached_property
    def place(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self.codes)}

    @cached_property
    def children(self) -> list[Ints]:
        order = np.argsort(self.parent, kind="stable")
        ends = np.searchsorted(self.parent[order], np.arange(len(self.codes) + 1))
        return [order[ends[at] : ends[at + 1]] for at in range(len(self.codes))]

    @cached_property
    def leaves(self) -> Ints:
        return np.array([at for at, below in enumerate(self.children) if not len(below)], dtype=np.int64)

    def down_to(self, depth: int) -> Ints:
        """The codes that a table of this depth shows."""
        return np.flatnonzero(self.depth <= depth)

    def cut(self, depth: int) -> Ints:
        """For every code itself, or the code around it at this depth; shape (codes,)."""
        up = np.arange(len(self.codes), dtype=np.int64)
        for at in np.flatnonzero(self.depth > depth):  # parents come first, so they are cut already
            up[at] = up[self.parent[at]]
        return up


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
    def cuts(self) -> list[list[Ints]]:
        """Per dimension and depth the code around each code."""
        return [[tree.cut(depth) for depth in range(tree.height + 1)] for tree in self.trees]

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
    depths = _undominated(tables)
    shown = [[tree.down_to(depth) for tree, depth in zip(trees, table, strict=True)] for table in depths]
    radix = np.array([len(tree.codes) for tree in trees], dtype=np.int64)
    if np.prod(radix.astype(float)) > 2**62:
        raise ContractError("the dimensions have too many codes together\nLeave dimensions out, or cut them short")
    keys = [_keys(nodes, radix) for nodes in shown]
    distinct, first = np.unique(np.concatenate([key.ravel() for key in keys]), return_index=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    places = [rank[np.searchsorted(distinct, key)] for key in keys]
    true = np.zeros(len(distinct), dtype=np.int64)
    for nodes, table, place in zip(shown, depths, places, strict=True):
        true[place] = _counts(trees, nodes, table, leaves, counts)
    base = _base(trees, depths, places, shown, leaves, counts)
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
        depths=tuple(sorted({up for table in depths for up in product(*(range(depth + 1) for depth in table))})),
    )


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


def _places_in(tree: Tree, nodes: Ints, depth: int) -> Ints:
    """For every code of the tree its place among the shown codes of this depth."""
    at = np.full(len(tree.codes), -1, dtype=np.int64)
    at[nodes] = np.arange(len(nodes))
    return np.asarray(at[tree.cut(depth)], dtype=np.int64)


def _counts(trees: Sequence[Tree], nodes: list[Ints], table: Sequence[int], leaves: Ints, counts: Ints) -> Ints:
    total = np.zeros([len(codes) for codes in nodes], dtype=np.int64)
    at = tuple(
        _places_in(tree, codes, depth)[leaves[:, axis]]
        for axis, (tree, codes, depth) in enumerate(zip(trees, nodes, table, strict=True))
    )
    np.add.at(total, at, counts)
    for axis, (tree, codes) in enumerate(zip(trees, nodes, strict=True)):
        place = _places_in(tree, codes, int(tree.depth[codes].max()))
        view = np.moveaxis(total, axis, 0)
        for child in range(len(codes) - 1, 0, -1):
            view[place[tree.parent[codes[child]]]] += view[child]
    return total


def _additive(trees: Sequence[Tree], shown: list[list[Ints]], places: list[Ints], size: int) -> csr_array:
    """One equation per table and cell whose parts it shows: the cell minus its parts in the first such dimension.

    Its parts in the other dimensions follow from these: within one table no equation is more than needed.
    """
    rows, columns, signs, seen, made = [], [], [], np.zeros((len(trees), size), dtype=bool), 0
    for nodes, place in zip(shown, places, strict=True):
        done = np.zeros(size, dtype=bool)
        for axis, tree in enumerate(trees):
            inside = np.moveaxis(place, axis, 0)
            at = _places_in(tree, nodes[axis], int(tree.depth[nodes[axis]].max()))
            for code in nodes[axis]:
                parts = [at[part] for part in tree.children[code] if at[part] != at[code]]
                whole = inside[at[code]].ravel()
                if not parts:
                    continue
                fresh = np.flatnonzero(~seen[axis, whole] & ~done[whole])
                done[whole] = True
                if not len(fresh):
                    continue
                seen[axis, whole[fresh]] = True
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


def _base(
    trees: Sequence[Tree],
    depths: list[tuple[int, ...]],
    places: list[Ints],
    shown: list[list[Ints]],
    leaves: Ints,
    counts: Ints,
) -> _Base:
    """The joint combinations, those in the same cell of every table as one."""
    deepest = [max(table[axis] for table in depths) for axis in range(len(trees))]
    cuts = [tree.cut(depth) for tree, depth in zip(trees, deepest, strict=True)]
    joint = [np.unique(cut[tree.leaves]) for tree, cut in zip(trees, cuts, strict=True)]
    if np.prod([float(len(codes)) for codes in joint]) > MOST_BASE:
        raise ContractError(
            f"the tables cross more than {MOST_BASE} joint combinations\nPublish fewer dimensions together, or less deep"
        )
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*joint, indexing="ij")], axis=1)
    under = np.stack(
        [
            place[tuple(_places_in(tree, nodes[axis], table[axis])[grid[:, axis]] for axis, tree in enumerate(trees))]
            for table, nodes, place in zip(depths, shown, places, strict=True)
        ],
        axis=1,
    )
    kinds, which = np.arange(len(grid)), np.arange(len(grid))
    if len(depths) > 1:
        _, kinds, which = np.unique(under, axis=0, return_index=True, return_inverse=True)
    at = tuple(np.searchsorted(joint[axis], cuts[axis][leaves[:, axis]]) for axis in range(len(trees)))
    flat = np.ravel_multi_index(at, [len(codes) for codes in joint])
    merged = np.zeros(len(kinds), dtype=np.int64)
    np.add.at(merged, which.ravel()[flat], counts)
    return _Base(codes=grid[kinds], counts=merged, finest=under[kinds], joint=tuple(joint), which=which.ravel())
