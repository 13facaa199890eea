"""`jeugdbeeld protect`: any frequency table in, a table that gives nobody away out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.errors import ContractError, UnsafeFigures
from pipelines.protect.cover import Cover, Task, dearest_first, extend, improve, prune, start_cover
from pipelines.protect.reading import read_cells, read_hierarchies, read_tables
from pipelines.protect.tables import Publication, publish
from pipelines.protect.whole import Proof, enter, every_target, find_witness, prove

ROUNDS = 60  # enough for a few thousand cells: more cost seconds and save hardly a cell

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How to protect.

    zeros  'cover': a zero may be hidden; 'known': zeros are always shown, so that hidden cells are known to be 1 or more
    cost   what must be small: the number of hidden 'cells', or their 'value'
    """

    threshold: int = 5
    zeros: str = "cover"
    cost: str = "cells"

    def __post_init__(self) -> None:
        if self.threshold < 3:
            raise ContractError("--threshold must be 3 or more: below that a hidden count has one possible value")
        if self.zeros not in {"cover", "known"} or self.cost not in {"cells", "value"}:
            raise ContractError("--zeros is cover or known, --cost is cells or value")


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """What to hide, and the proof that it is enough (as confidential as the counts)."""

    hidden: NDArray[np.bool_]
    proof: Proof


def make_task(publication: Publication, wish: Wish) -> Task:
    """The search for a pattern, in equations between published cells."""
    true, known = publication.true, wish.zeros == "known"
    price = np.maximum(true, 0.1) if wish.cost == "value" else 1 + np.log1p(true) / 10_000
    return Task(
        matrix=publication.matrix,
        true=true,
        least=np.minimum(true, 1) if known else np.zeros_like(true),
        fixed=(true == 0) & known,
        price=price.astype(float),
        threshold=wish.threshold,
    )


def find_pattern(publication: Publication, wish: Wish, tell: Tell = lambda step: None) -> Pattern:
    """A pattern of low cost in which every unsafe cell may have every value from 1 to threshold - 1.

    raises  UnsafeFigures when there is none: hide zeros too, or publish less
    """
    task = make_task(publication, wish)
    cover = start_cover(task)
    tell("covering")
    extend(cover, task.targets())
    if cover.stuck:
        raise _no_pattern(len({one.cell for one in cover.stuck}), wish)
    tell("showing again")
    prune(cover, dearest_first(cover))
    tell("covering anew, here and there")
    improve(cover, ROUNDS)
    tell("proving")
    proof = _prove_or_extend(publication, cover, wish)
    return Pattern(hidden=task.unsafe | proof.moved(len(task.true)), proof=proof)


def _prove_or_extend(publication: Publication, cover: Cover, wish: Wish) -> Proof:
    """Witnesses for every value; where there is none, the cheapest cells that make room for one are hidden too."""
    proof = Proof()
    targets = every_target(np.flatnonzero(cover.task.unsafe), cover.task.true, wish.threshold)
    failed = prove(publication, cover, targets, proof)
    for target in failed:
        witness = find_witness(publication, cover, target, pay=True)
        if witness is None:
            raise _no_pattern(1, wish)
        cover.hide(witness.cells)
        enter(publication, cover, proof, witness, {target})
    return proof


def _no_pattern(count: int, wish: Wish) -> UnsafeFigures:
    mend = "Let zeros be hidden (--zeros cover), or publish" if wish.zeros == "known" else "Publish"
    return UnsafeFigures(f"protect: no pattern protects {count} unsafe cells or more\n{mend} fewer or coarser tables")


def write_pattern(publication: Publication, hidden: NDArray[np.bool_], file: Path) -> None:
    """The published table: codes, count (empty when hidden), status."""
    columns: dict[str, object] = {
        tree.name: np.array(tree.codes, dtype=object)[publication.cells[:, axis]]
        for axis, tree in enumerate(publication.trees)
    }
    columns["count"] = np.where(hidden, "", publication.true.astype(str))
    columns["status"] = np.where(hidden, "hidden", "shown")
    pd.DataFrame(columns).to_csv(file, index=False, lineterminator="\n")


def protect_file(
    cells: Path, output: Path, *, count: str, hierarchies: list[str], tables: list[str], wish: Wish, tell: Tell
) -> tuple[int, int, int]:
    """Protect a file; returns how many cells are shown, unsafe and hidden, and hidden as cover.

    raises  ContractError when the input is not as agreed; UnsafeFigures when no pattern is safe
    """
    read = read_cells(cells, count, read_hierarchies(hierarchies))
    publication = publish(read.trees, read.leaves, read.counts, read_tables(tables, read.trees))
    pattern = find_pattern(publication, wish, tell)
    write_pattern(publication, pattern.hidden, output)
    unsafe = int(((publication.true >= 1) & (publication.true < wish.threshold)).sum())
    hidden = int(pattern.hidden.sum())
    return len(publication.true) - hidden, unsafe, hidden - unsafe
