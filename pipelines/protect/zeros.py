"""A region where zeros are always shown: then everybody knows that whatever is hidden is at least 1.

No witness may take a count to 0, and no zero is cover. A share of nobody is the exception: 0 of 3 stays hidden, because
its whole is a few persons; everybody knows that too, so where such a numerator is 0 the whole must stay small.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.counts import ABSENT, Relation
from pipelines.protect.system import System

MANY = 1_000  # a whole of more than this many times its part is not among the tables tried


def know_zeros(system: System, limits: NDArray[np.int64]) -> System:
    """The system as the attacker of such a region knows it.

    limits  the threshold of each variable, shape (variables,)
    """
    known: set[int] = set()
    still: set[int] = set()
    relations = list(system.relations)
    rows = system.rows
    for row in np.flatnonzero(rows.role == "open").tolist():
        part, whole = int(rows.numerator[row]), int(rows.denominator[row])
        seen = {part} if whole == ABSENT else {part, whole}
        known |= {at for at in seen if system.true[at] > 0}
        if system.true[part] > 0:
            continue
        if whole == ABSENT or not 1 <= system.true[whole] < limits[whole]:
            still |= seen
        else:
            terms = ((part, MANY), (whole, -1))
            relations.append(
                Relation("a share of nobody is shown, unless its whole is small", terms, False, 1 - int(limits[whole]))
            )
    return replace(system, relations=tuple(relations), known=frozenset(known), still=frozenset(still))


def shows_zero(system: System) -> NDArray[np.bool_]:
    """The rows of the system that must stay open, shape (rows,)."""
    pairs = zip(system.rows.numerator.tolist(), system.rows.denominator.tolist(), strict=True)
    return np.array(
        [system.true[part] == 0 and {part, whole} - {ABSENT} <= system.still for part, whole in pairs], dtype=bool
    )
