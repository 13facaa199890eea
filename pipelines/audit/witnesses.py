"""Checks the proof that `jeugdbeeld protect` left beside the true cells: exact, and with no code of the protector.

A proof that does not fit these cells, or is not there, proves nothing: then the attacker has to search by himself.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

Ints = NDArray[np.int64]
Sizes = Sequence[int]
TOGETHER = 1_000
TIMES = (1, -1, 2, -2, 3, -3)


class Seen(NamedTuple):
    """What the witnesses show.

    small   per published row and value below the threshold whether some table has it; shape (rows, threshold)
    moving  rows that are different in some table
    """

    small: NDArray[np.bool_]
    moving: NDArray[np.bool_]


def read_moves(file: Path, places: Mapping[str, Mapping[str, int]], sizes: Sizes) -> csc_array | None:
    """The moves in a proof file, joint combinations x moves; None when there is none for these dimensions and codes.

    places  per dimension the joint code of each code that counts in one
    sizes   per dimension how many joint codes there are
    """
    try:
        with np.load(file, allow_pickle=False) as proof:
            names = [str(name) for name in proof["names"]]
            if names != list(places):
                return None
            axes = [
                np.array([places[name].get(str(code), -1) for code in proof[f"codes{axis}"]])[proof["base"][:, axis]]
                for axis, name in enumerate(names)
            ]
            rows = np.ravel_multi_index(axes, sizes)
            shape = (int(np.prod(sizes)), len(proof["ends"]) - 1)
            return csc_array((proof["steps"].astype(np.int64), rows, proof["ends"]), shape=shape)
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, IndexError):
        return None


def check_moves(
    moves: csc_array, sums: csr_array, base: Ints, hidden: NDArray[np.bool_], floor: int, most: int
) -> Seen:
    """The values that hidden rows have in tables that agree with all shown rows.

    sums  rows x joint combinations; base  the true count of each combination; most  the threshold
    """
    rows = sums.shape[0]
    seen = Seen(np.zeros((rows, most), dtype=bool), np.zeros(rows, dtype=bool))
    true = np.asarray(sums @ base).astype(np.int64)
    above = csc_array(sums)
    for start in range(0, moves.shape[1], TOGETHER):
        some = csc_array(moves[:, start : start + TOGETHER])
        used = np.unique(some.indices)
        part = csc_array(some.tocsr()[used])
        changes = csc_array(csc_array(above[:, used]).astype(np.int64) @ part)
        changes.eliminate_zeros()
        for times in TIMES:
            _note(seen, changes, part, times, (true, base[used]), hidden, floor)
    return seen


def _note(
    seen: Seen,
    changes: csc_array,
    part: csc_array,
    times: int,
    true: tuple[Ints, Ints],
    hidden: NDArray[np.bool_],
    floor: int,
) -> None:
    """Note the values in the tables that are possible."""
    rows, column = changes.indices, np.repeat(np.arange(changes.shape[1]), np.diff(changes.indptr))
    values = true[0][rows] + times * changes.data
    wrong = np.zeros(changes.shape[1], dtype=bool)
    wrong[column[~hidden[rows] | (values < floor)]] = True
    below = true[1][part.indices] + times * part.data < 0
    wrong[np.repeat(np.arange(part.shape[1]), np.diff(part.indptr))[below]] = True
    good = ~wrong[column]
    seen.moving[rows[good]] = True
    small = good & (values >= 0) & (values < seen.small.shape[1])
    seen.small[rows[small], values[small]] = True
