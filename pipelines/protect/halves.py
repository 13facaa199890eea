"""The search for witnesses under a pattern, in two halves at once when there is much to do.

The halves are the same on every machine, so that the same table gives the same pattern.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.cover import Cover, Moves, Task
from pipelines.protect.proof import Proof, Witness
from pipelines.protect.sums import Pool
from pipelines.protect.tables import Publication
from pipelines.protect.whole import solve_open
from pipelines.protect.windows import NARROW, WIDE, solve_near

FEW = 100  # unsafe cells, up to where wide searches come last: with more they would find what the whole search lacks time for
MANY = 60  # cells that owe something, from where a second process is worth its start
WORK = 3_000_000_000  # of each half


def search(publication: Publication, task: Task, hidden: NDArray[np.bool_], proof: Proof) -> None:
    """Enter the witnesses that are found within this pattern."""
    cells = proof.open.tolist()
    if len(cells) < MANY:
        _search_half(publication, task, hidden, proof, cells)
        return
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        halves = [workers.submit(_search_half, publication, task, hidden, proof, cells[first::2]) for first in range(2)]
        for half in halves:
            for witness in half.result():
                proof.enter(witness)


def _search_half(
    publication: Publication, task: Task, hidden: NDArray[np.bool_], proof: Proof, cells: list[int]
) -> list[Witness]:
    known = len(proof.witnesses)
    cover = Cover(task=task, moves=Moves(task), hidden=np.zeros(len(task.true), dtype=bool))
    cover.hide(np.flatnonzero(hidden))
    pool = Pool(publication=publication, task=task, hidden=hidden)
    if len(proof.unsafe) > FEW:
        solve_near(publication, cover, None, proof, cells, 0, WIDE)
        solve_open(publication, pool, proof, cells, WORK)
    else:
        solve_near(publication, cover, pool, proof, cells, 0, NARROW)
        solve_open(publication, pool, proof, cells, WORK)
        solve_near(publication, cover, pool, proof, cells, NARROW, WIDE)
    return proof.witnesses[known:]
