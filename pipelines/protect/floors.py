"""What known zeros do: every hidden cell is known to be 1 or more, so a cell is at least as large as its parts need.

With everything hidden that may be, an unsafe cell can be 1 exactly when one joint combination lies in all its parts:
any count can rise, and others can make up for what a combination outside the cell shares with it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from pipelines.protect.tables import Ints, Publication

TOGETHER = 100_000


def count_stuck(publication: Publication, unsafe: NDArray[np.bool_]) -> int:
    """How many unsafe cells cannot be 1 in any pattern that shows all zeros."""
    living = _living(publication)
    above = csc_array(publication.above(living))
    size = np.bincount(above.indices, minlength=len(publication.true))
    by_cell = above.tocsr()
    return sum(
        not _cores(above, by_cell, size, cell).any()
        for cell in np.flatnonzero(unsafe & (publication.true > 1)).tolist()
    )


def _living(publication: Publication) -> Ints:
    """Joint combinations under no zero."""
    everything = np.arange(len(publication.base))
    zeros = np.zeros(len(everything))
    for at in range(0, len(everything), TOGETHER):
        some = everything[at : at + TOGETHER]
        zeros[some] = (publication.true == 0).astype(float) @ publication.above(some)
    return np.flatnonzero(zeros == 0)


def _cores(above: csc_array, by_cell: csr_array, size: Ints, cell: int) -> NDArray[np.bool_]:
    """Which of the combinations in a cell lie in all its parts."""
    inside = by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]]
    lines = [above.indices[above.indptr[at] : above.indptr[at + 1]] for at in inside]
    cells, held = np.unique(np.concatenate(lines), return_counts=True)
    parts = cells[held == size[cells]]
    return np.array([np.isin(parts, line).all() for line in lines])


def empty_to(publication: Publication, least: Ints, cell: int, value: int) -> Ints:
    """Steps of joint combinations after which the cell holds this value and no count is below what everybody knows."""
    living = _living(publication) if least.any() else np.arange(len(publication.base))
    above = csc_array(publication.above(living))
    by_cell = above.tocsr()
    inside = by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]]
    count = publication.base_true[living].copy()
    cores = _cores(above, by_cell, np.bincount(above.indices, minlength=len(least)), cell)
    count[inside] = 0
    count[inside[int(np.argmax(cores))]] = value
    short = np.flatnonzero(np.asarray(above @ count) < least)
    outside = np.setdiff1d(np.arange(len(living)), inside)
    for one in short.tolist():
        partners = np.intersect1d(by_cell.indices[by_cell.indptr[one] : by_cell.indptr[one + 1]], outside)
        count[partners[:1]] += 1
    steps = np.zeros(len(publication.base), dtype=np.int64)
    steps[living] = count - publication.base_true[living]
    return steps
