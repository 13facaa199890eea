"""One more count beside what is published: may it be shown too?

Nothing is solved again: the count may be shown when every value that an outsider must hold possible keeps a witness that
the new count does not notice. A no may be a yes after a whole new build; a yes is a yes.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from pipelines.protect.counts import Key
from pipelines.protect.nesting import period_interval
from pipelines.protect.system import System, build_system, find_limits

Moves = NDArray[np.int64]


class Witnessed(Protocol):
    """What is needed of a proof (see pipelines.protect.Proof)."""

    @property
    def variables(self) -> pd.DataFrame: ...

    @property
    def witnesses(self) -> csc_array: ...

    @property
    def targets(self) -> pd.DataFrame: ...


def may_show(
    row: pd.DataFrame,
    cells: pd.DataFrame,
    measures: pd.DataFrame,
    areas: pd.DataFrame,
    proof: Witnessed,
    threshold: int = 5,
) -> bool:
    """Whether one more row may be shown beside a publication.

    row       one cell as in `cells`: numerator and denominator counted, not published yet
    cells     what was published from; measures, areas: as in protect()
    proof     of the publication
    raises    ValueError when the row contradicts the cells
    """
    system = build_system(pd.concat([_near(row, cells), row], ignore_index=True), measures, areas)
    place = {pair: at for at, pair in enumerate(_named(proof.variables))}
    known = [place.get((key, true), -1) for key, true in zip(system.keys, system.true.tolist(), strict=True)]
    limits = find_limits(system, measures, threshold)
    shown = set(system.rows.numerator[-1:].tolist()) | set(system.rows.denominator[-1:].tolist()) - {-1}
    if any(1 <= system.true[at] < limits[at] for at in shown) or _is_everybody(row, limits[min(shown)]):
        return False
    moves = _moves(system, known, csr_array(proof.witnesses))
    alive = _unnoticed(system, known, moves, shown)
    return _all_served(proof.targets, alive) and all(
        _can_be_small(system, at, moves[at][alive], int(limits[at])) for at in _new_rests(system, known, shown)
    )


def _near(row: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """The cells whose period lies around or within that of the row: no others have a relation with it."""
    first, last = period_interval(str(row["period"].iloc[0]))
    spans = {period: period_interval(period) for period in cells["period"].unique()}
    near = [period for period, (start, end) in spans.items() if start <= last and first <= end]
    return cells[cells["period"].isin(near)]


def _named(variables: pd.DataFrame) -> Iterator[tuple[Key, int]]:
    for row in variables[[*Key._fields, "true"]].itertuples(index=False, name=None):
        yield Key(*row[:-1]), int(row[-1])


def _is_everybody(row: pd.DataFrame, limit: int) -> bool:
    count, population = float(row["numerator"].iloc[0]), float(row["denominator"].iloc[0])
    return bool(population > 0 and count > 0 and count >= population - (limit - 1))


def _moves(system: System, known: list[int], witnesses: csr_array) -> Moves:
    """How each witness moves each count here: new counts stay, what is left of a group follows from its parts."""
    moves = np.zeros((len(known), witnesses.shape[1]), dtype=np.int64)
    old = [at for at, before in enumerate(known) if before >= 0]
    moves[old] = witnesses[[known[at] for at in old]].toarray()
    for rest, (superset, subset) in system.complements.items():
        if known[rest] < 0:
            moves[rest] = moves[superset] - moves[subset]
    return moves


def _unnoticed(system: System, known: list[int], moves: Moves, shown: set[int]) -> NDArray[np.bool_]:
    """The witnesses that keep every relation that the new row brings, and move nothing that it shows."""
    alive = np.all(moves[sorted(shown)] == 0, axis=0)
    new = {at for at, before in enumerate(known) if before < 0} | shown
    alive &= np.all(moves[sorted(new)] + system.true[sorted(new), None] >= 0, axis=0)
    for at, relation in enumerate(system.relations):
        if any(variable in new for variable, _ in relation.terms):
            change = sum(sign * moves[variable] for variable, sign in relation.terms)
            alive &= (change == 0) if relation.fixed else (change + system.room[at] >= 0)
    return np.asarray(alive, dtype=bool)


def _all_served(targets: pd.DataFrame, alive: NDArray[np.bool_]) -> bool:
    """Whether every witness that was needed, for outsiders and insiders, is still one."""
    return bool(alive[targets["witness"].to_numpy(dtype=int)].all())


def _new_rests(system: System, known: list[int], shown: set[int]) -> list[int]:
    return [rest for rest, parts in system.complements.items() if known[rest] < 0 or shown & set(parts)]


def _can_be_small(system: System, rest: int, moves: Moves, limit: int) -> bool:
    """Whether what is left of a group is large, or can be anything small and something else."""
    true = int(system.true[rest])
    if true >= limit or (true == 0 and not moves.any()):
        return rest not in system.shares or true > 0
    reached = {true, *(true + moves).tolist()}
    return set(range(1, limit)) < reached
