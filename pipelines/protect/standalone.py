"""`jeugdbeeld protect`: any frequency table in, a table that gives nobody away out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.errors import ContractError, UnsafeFigures
from pipelines.protect.argus import CheapestSearch
from pipelines.protect.cover import Cover, Task, dearest_first, extend, improve, prune, start_cover
from pipelines.protect.floors import count_stuck
from pipelines.protect.halves import search
from pipelines.protect.proof import Proof
from pipelines.protect.reading import read_cells, read_hierarchies, read_tables
from pipelines.protect.sums import Pool
from pipelines.protect.tables import Publication, publish
from pipelines.protect.walk import walk_all, walk_within
from pipelines.protect.windows import Near

MOST_SOLVED = 6_000  # cells; linear programmes over all of them take too long above
BUDGET, EACH = 1_000_000_000, 3_000  # units of work, about 100 million a second
COVERING = 2_000_000_000
MANY_UNSAFE = 100
MOST_NEAR, LAST_NEAR = 1_500, 300  # searches while cells are shown again

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
    unsafe = int(task.unsafe.sum())
    if wish.zeros == "known" and (stuck := count_stuck(publication, task.unsafe)):
        raise UnsafeFigures(
            f"protect: no pattern protects {stuck} unsafe cells: their parts are known to be 1 or more each\n"
            "Let zeros be hidden (--zeros cover), or publish fewer or coarser tables"
        )
    if len(task.true) > MOST_SOLVED:
        return _prove_by_walks(publication, task, tell)
    if unsafe > MANY_UNSAFE:
        return _prove(publication, task, _cover(task, tell), tell, near=MOST_NEAR)
    return _find_cheapest(publication, task, tell)


def _cover(task: Task, tell: Tell) -> Cover:
    """The unsafe cells, and what the cheapest moves touch: that leaves room for witnesses."""
    cover = start_cover(task)
    tell("covering")
    extend(cover, task.targets(), COVERING)
    return cover


def _find_cheapest(publication: Publication, task: Task, tell: Tell) -> Pattern:
    """The cheapest pattern in equations between published cells, if that can be proved; else one that comes near."""
    with CheapestSearch(task) as search:
        cover = _cover(task, tell)
        tell("showing again")
        prune(cover, dearest_first(cover))
        tell("searching for the cheapest pattern")
        cheapest = None if cover.stuck else search.wait(tell)
    if cheapest is None:
        tell("covering anew, here and there")
        improve(cover, min(BUDGET, EACH * len(task.true) * int(task.unsafe.sum())))
        return _prove(publication, task, cover, tell)
    first = _prove(publication, task, _hide_only(task, cheapest), tell)
    if (first.hidden == cheapest).all() or (cover.hidden == cheapest).all():
        return first
    other = _prove(publication, task, cover, tell)
    return min(
        (first, other, _mix(publication, task, cheapest, first.proof, other.proof)),
        key=lambda one: float(task.price[one.hidden].sum()),
    )


def _hide_only(task: Task, hidden: NDArray[np.bool_]) -> Cover:
    cover = start_cover(task)
    cover.hide(np.flatnonzero(hidden))
    return cover


def _mix(publication: Publication, task: Task, cheapest: NDArray[np.bool_], first: Proof, other: Proof) -> Pattern:
    """The cheapest pattern, with what its proof lacks taken from another one; then what is not needed is shown again."""
    proof, hidden = Proof(publication=publication, least=task.least, threshold=task.threshold), cheapest.copy()
    for witness in (*first.witnesses, *other.witnesses):
        if hidden[witness.cells].all():
            proof.enter(witness)
    while len(lacking := proof.open):
        offers = [other.shows(cell, value) for cell in lacking.tolist() for value in proof.owed(cell)]
        witness = min(offers, key=lambda one: float(task.price[one.cells[~hidden[one.cells]]].sum()))
        hidden[witness.cells] = True
        proof.enter(witness)
    return _finish(publication, task, _hide_only(task, hidden), proof, LAST_NEAR)


def _prove(publication: Publication, task: Task, cover: Cover, tell: Tell, near: int = 0) -> Pattern:
    """Witnesses for every value, within the pattern where it leaves room; what they need besides is hidden too.

    near  how many searches there may be to show hidden cells again
    """
    proof = Proof(publication=publication, least=task.least, threshold=task.threshold)
    tell("proving")
    walk_within(publication, task, cover.hidden, proof)
    search(publication, task, cover.hidden, proof)
    tell("hiding what the proof needs, showing what it does not")
    return _finish(publication, task, cover, proof, near)


def _finish(publication: Publication, task: Task, cover: Cover, proof: Proof, near: int) -> Pattern:
    pool = Pool(publication=publication, task=task, hidden=cover.hidden.copy())
    hidden = cover.hidden.copy()
    searches = Near(publication=publication, cover=cover, proof=proof, left=near) if near else None
    return _checked(walk_all(publication, task, hidden, proof, pool, searches), proof)


def _prove_by_walks(publication: Publication, task: Task, tell: Tell) -> Pattern:
    proof = Proof(publication=publication, least=task.least, threshold=task.threshold)
    tell("proving")
    return _checked(walk_all(publication, task, task.unsafe, proof), proof)


def _checked(hidden: NDArray[np.bool_], proof: Proof) -> Pattern:
    if not proof.holds(hidden):
        raise RuntimeError("protect: the proof does not hold")  # a bug: nothing is written
    return Pattern(hidden=hidden, proof=proof)


def write_pattern(publication: Publication, hidden: NDArray[np.bool_], file: Path) -> None:
    """The published table: codes, count (empty when hidden), status."""
    columns: dict[str, object] = {
        tree.name: np.array(tree.codes, dtype=object)[publication.cells[:, axis]]
        for axis, tree in enumerate(publication.trees)
    }
    columns["count"] = np.where(hidden, "", publication.true.astype(str))
    columns["status"] = np.where(hidden, "hidden", "shown")
    fresh = file.with_name(f"{file.name}.new")
    try:
        pd.DataFrame(columns).to_csv(fresh, index=False, lineterminator="\n")
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _check_output(output: Path, inputs: list[Path]) -> None:
    """Before the work, not after it."""
    if not output.parent.is_dir() or output.is_dir():
        raise ContractError(f"{output.name}: no file can be written there\nName a file in a folder that exists with -o")
    if output.resolve() in {file.resolve() for file in inputs}:
        raise ContractError(f"{output.name}: is read as well\nName another file with -o")


def protect_file(
    cells: Path, output: Path, *, count: str, hierarchies: list[str], tables: list[str], wish: Wish, tell: Tell
) -> tuple[int, int, int]:
    """Protect a file; returns how many cells are shown, unsafe and hidden, and hidden as cover.

    raises  ContractError when the input is not as agreed; UnsafeFigures when no pattern is safe
    """
    files = read_hierarchies(hierarchies)
    _check_output(output, [cells, *(file for some in files.values() for file in some)])
    read = read_cells(cells, count, files)
    publication = publish(read.trees, read.leaves, read.counts, read_tables(tables, read.trees))
    pattern = find_pattern(publication, wish, tell)
    write_pattern(publication, pattern.hidden, output)
    try:
        pattern.proof.write(cells.with_name(f"{cells.name}.proof"))
    except OSError:
        tell("no proof kept: its folder cannot be written")
    unsafe = int(((publication.true >= 1) & (publication.true < wish.threshold)).sum())
    hidden = int(pattern.hidden.sum())
    return len(publication.true) - hidden, unsafe, hidden - unsafe
