"""Witnesses: whole-number tables under the same figures, and which value of which unsafe cell each of them shows.

As confidential as the counts: they are kept beside the true cells, never beside what is published.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from pipelines.protect.tables import Ints, Publication

TIMES = (1, -1, 2, -2, 3, -3)
TOGETHER = 2_000
OWED, TRUE = -1, -2  # nothing shows this value yet; it needs no witness


@dataclass(frozen=True, kw_only=True)
class Witness:
    """A whole-number move: of joint combinations, and what it makes of the cells."""

    base: Ints
    base_steps: Ints
    cells: Ints
    steps: Ints


@dataclass(kw_only=True)
class Proof:
    """Which witness, how many times, shows each value of each unsafe cell.

    number, times  shape (unsafe cells, threshold), by value; a number below 0 is OWED, or TRUE: the true count, or 0
    """

    publication: Publication
    least: Ints
    threshold: int
    witnesses: list[Witness] = field(default_factory=list)

    def __post_init__(self) -> None:
        true = self.publication.true
        self.unsafe = np.flatnonzero((true >= 1) & (true < self.threshold))
        self.row = np.full(len(true), -1, dtype=np.int64)
        self.row[self.unsafe] = np.arange(len(self.unsafe))
        self.number = np.full((len(self.unsafe), self.threshold), OWED, dtype=np.int64)
        self.times = np.zeros((len(self.unsafe), self.threshold), dtype=np.int64)
        self.number[:, 0] = self.number[np.arange(len(self.unsafe)), true[self.unsafe]] = TRUE

    def owed(self, cell: int) -> list[int]:
        """The values of an unsafe cell that nothing shows yet."""
        return np.flatnonzero(self.number[self.row[cell]] == OWED).tolist()

    def shows(self, cell: int, value: int) -> Witness:
        """The witness that shows this value."""
        return self.witnesses[int(self.number[self.row[cell], value])]

    @property
    def open(self) -> Ints:
        """Unsafe cells that are owed values."""
        return np.asarray(self.unsafe[(self.number == OWED).any(axis=1)])

    def enter(self, witness: Witness) -> bool:
        """Keep a witness if it, or a multiple of it, shows something new."""
        true, news = self.publication.true, False
        rows = self.row[witness.cells]
        small = np.flatnonzero(rows >= 0)
        for times in TIMES:
            values = true[witness.cells[small]] + times * witness.steps[small]
            inside = np.flatnonzero((values >= 1) & (values < self.threshold))
            at, values = rows[small[inside]], values[inside]
            fresh = self.number[at, values] == OWED
            if fresh.any() and self._possible(witness, times):
                self.number[at[fresh], values[fresh]] = len(self.witnesses)
                self.times[at[fresh], values[fresh]] = times
                news = True
        if news:
            self.witnesses.append(witness)
        return news

    def _possible(self, witness: Witness, times: int) -> bool:
        publication = self.publication
        enough = publication.base_true[witness.base] + times * witness.base_steps >= 0
        kept = publication.true[witness.cells] + times * witness.steps >= self.least[witness.cells]
        return bool(enough.all() and kept.all())

    def forget(self, numbers: Ints) -> Ints:
        """Drop what these witnesses show; returns the unsafe cells that are owed it again."""
        lost = np.isin(self.number, numbers)
        self.number[lost] = OWED
        return self.unsafe[lost.any(axis=1)]

    @property
    def used(self) -> Ints:
        """Numbers of the witnesses that something leans on."""
        return np.unique(self.number[self.number >= 0])

    def moved(self) -> NDArray[np.bool_]:
        """The cells that the witnesses in use move."""
        moved = np.zeros(len(self.publication.true), dtype=bool)
        for number in self.used.tolist():
            moved[self.witnesses[number].cells] = True
        return moved

    def holds(self, hidden: NDArray[np.bool_]) -> bool:
        """Exact, from the joint combinations alone: every value has a witness, none moves a shown cell."""
        if (self.number == OWED).any() or not hidden[self.unsafe].all():
            return False
        used = self.used
        return all(self._hold(used[at : at + TOGETHER], hidden) for at in range(0, len(used), TOGETHER))

    def write(self, file: Path) -> None:
        """The witnesses in use as a numpy archive: names, codes per dimension, base (places in codes), steps, ends."""
        some = [self.witnesses[number] for number in self.used.tolist()]
        base = np.concatenate([np.zeros(0, dtype=np.int64), *(one.base for one in some)])
        trees = self.publication.trees
        arrays = {f"codes{axis}": np.array(tree.codes, dtype=np.str_) for axis, tree in enumerate(trees)}
        file.touch(mode=0o600)
        file.chmod(0o600)
        with file.open("wb") as target:
            np.savez_compressed(
                target,
                names=np.array([tree.name for tree in trees], dtype=np.str_),
                base=self.publication.base[base].astype(np.int32),
                steps=np.concatenate([np.zeros(0, dtype=np.int64), *(one.base_steps for one in some)]).astype(np.int16),
                ends=np.cumsum([0, *(len(one.base) for one in some)]),
                allow_pickle=False,
                **arrays,
            )

    def _hold(self, used: Ints, hidden: NDArray[np.bool_]) -> bool:
        publication, some = self.publication, [self.witnesses[number] for number in used.tolist()]
        places, which = np.unique(np.concatenate([one.base for one in some]), return_inverse=True)
        ends = np.cumsum([0, *(len(one.base) for one in some)])
        steps = np.concatenate([one.base_steps for one in some])
        moves = csc_array((steps, which, ends), shape=(len(places), len(some)))
        sums = csc_array(publication.above(places).astype(np.int64) @ moves)
        if sums.data[~hidden[sums.indices]].any():
            return False
        row, value = np.nonzero(np.isin(self.number, used))
        column, times = np.searchsorted(used, self.number[row, value]), self.times[row, value]
        shows = publication.true[self.unsafe[row]] + times * sums[self.unsafe[row], column]
        return bool((shows == value).all()) and all(
            _stays(publication.base_true[places], moves, column[times == one], one)
            and _stays(publication.true, sums, column[times == one], one, self.least)
            for one in np.unique(times).tolist()
        )


def _stays(true: Ints, moves: csc_array, columns: Ints, times: int, least: Ints | int = 0) -> bool:
    chosen = moves[:, np.unique(columns)]
    floor = np.broadcast_to(least, true.shape)[chosen.indices]
    return bool((true[chosen.indices] + times * chosen.data >= floor).all())
