"""Exchanges: the simplest whole-number moves of joint combinations, many of them tried at once.

The dimensions that change are split in groups, and a group changes as one. One group: a person is counted elsewhere.
Two groups: two persons trade places in some dimensions. One group per dimension: the corners of a box. A published
cell notices an exchange only when every group differs at its depth, so the more groups, the less is noticed.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.tables import Ints, Publication

MOST_DENSE = 40_000_000


class Batch(NamedTuple):
    """Exchanges of one kind.

    near, far  codes of the two opposite corners, shape (exchanges, dimensions)
    group      of each dimension, same shape, 0 .. groups - 1
    groups     how many
    sign       what happens in the near corner: 1 or -1
    """

    near: Ints
    far: Ints
    group: Ints
    groups: int
    sign: int

    def take(self, at: Ints) -> "Batch":
        return self._replace(near=self.near[at], far=self.far[at], group=self.group[at])


@dataclass(frozen=True)
class Ground:
    """Where exchanges take place."""

    publication: Publication

    @cached_property
    def _strides(self) -> Ints:
        sizes = [len(tree.codes) for tree in self.publication.trees]
        return np.array([int(np.prod(sizes[axis + 1 :])) for axis in range(len(sizes))], dtype=np.int64)

    @cached_property
    def _parts(self) -> list[Ints]:
        """Per dimension what a code in each view adds to the key of a cell; shape (views, codes)."""
        return [np.stack(cuts) * stride for cuts, stride in zip(self.publication.cuts, self._strides, strict=True)]

    @cached_property
    def _depths(self) -> Ints:
        return np.array(self.publication.depths, dtype=np.int64)

    @cached_property
    def _keys(self) -> tuple[Ints, Ints]:
        keys = self.publication.cells @ self._strides
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    @cached_property
    def _place(self) -> NDArray[np.int32] | None:
        size = int(np.prod([float(len(tree.codes)) for tree in self.publication.trees]))
        if size > MOST_DENSE:
            return None
        place = np.full(size, -1, dtype=np.int32)
        keys, order = self._keys
        place[keys] = order
        return place

    @cached_property
    def _joint_places(self) -> list[Ints]:
        """Per dimension the place of a code among the joint codes times its stride."""
        found, stride = [], 1
        for tree, codes in zip(reversed(self.publication.trees), reversed(self.publication.joint), strict=True):
            places = np.zeros(len(tree.codes), dtype=np.int64)
            places[codes] = np.arange(len(codes)) * stride
            stride *= len(codes)
            found.append(places)
        return found[::-1]

    def cells_of(self, codes: Ints) -> Ints:
        """The published cells that joint codes count in, shape (depths, combinations)."""
        keys = np.zeros((len(self._depths), len(codes)), dtype=np.int64)
        for axis, parts in enumerate(self._parts):
            keys += parts[:, codes[:, axis]][self._depths[:, axis]]
        return self._lookup(keys)

    def _lookup(self, keys: Ints) -> Ints:
        if self._place is not None:
            return np.asarray(self._place[keys])
        ordered, order = self._keys
        return np.asarray(order[np.searchsorted(ordered, keys)])

    def base_of(self, codes: Ints) -> Ints:
        """The joint combination with these codes."""
        at = np.zeros(len(codes), dtype=np.int64)
        for axis, places in enumerate(self._joint_places):
            at += places[codes[:, axis]]
        return self.publication.base_of[at]

    def corners(self, batch: Batch) -> list[tuple[int, Ints]]:
        """Sign and codes of every corner."""
        found = []
        for bits in range(2**batch.groups):
            far = (bits >> batch.group) & 1 == 1
            found.append((batch.sign * (-1) ** bits.bit_count(), np.where(far, batch.far, batch.near)))
        return found

    def possible(self, batch: Batch, count: Ints) -> NDArray[np.bool_]:
        """Whether there is somebody in every corner that loses one; shape (exchanges,)."""
        fits = np.ones(len(batch.near), dtype=bool)
        for sign, codes in self.corners(batch):
            if sign < 0:
                fits &= count[self.base_of(codes)] > 0
        return fits

    def cost(self, batch: Batch, rise: NDArray[np.float64], fall: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the cells that notice these exchanges cost when they rise or fall; shape (exchanges,).

        A shallow leaf may count twice.
        """
        notices = np.ones((len(self._depths), len(batch.near)), dtype=bool)
        for group in range(batch.groups):
            differs = np.zeros_like(notices)
            for axis, parts in enumerate(self._parts):
                apart = (parts[:, batch.near[:, axis]] != parts[:, batch.far[:, axis]]) & (
                    batch.group[:, axis] == group
                )
                differs |= apart[self._depths[:, axis]]
            notices &= differs
        total = np.zeros(len(batch.near))
        for sign, codes in self.corners(batch):
            pay = rise if sign > 0 else fall
            total += np.where(notices, pay[self.cells_of(codes)], 0).sum(axis=0)
        return total

    def change(self, batch: Batch) -> tuple[Ints, Ints, Ints, Ints]:
        """One exchange in full: joint combinations and their steps, cells and their steps."""
        corners = self.corners(batch)
        base = self.base_of(np.concatenate([codes for _, codes in corners]))
        base, base_steps = add_up(base, np.array([sign for sign, _ in corners]))
        return base, base_steps, *self.change_of(base, base_steps)

    def change_of(self, base: Ints, steps: Ints) -> tuple[Ints, Ints]:
        """What steps of joint combinations make of the cells."""
        cells = np.sort(self.cells_of(self.publication.base[base]), axis=0).astype(np.int64)
        once = np.ones(cells.shape, dtype=bool)  # a shallow leaf is its own parent at every depth below it
        once[1:] = cells[1:] != cells[:-1]
        return add_up(cells[once], np.broadcast_to(steps, cells.shape)[once])


def add_up(places: Ints, steps: Ints) -> tuple[Ints, Ints]:
    """Each place once, with the sum of its steps; none of them 0."""
    distinct, which = np.unique(places, return_inverse=True)
    sums = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(sums, which, steps)
    return distinct[sums != 0], sums[sums != 0]
