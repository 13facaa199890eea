"""Attacks a file of `jeugdbeeld protect`: what can be worked out about its hidden cells?

Written apart from the protector: from the published rows, the hierarchies and nothing else. The attacker knows that one
table of whole numbers, none below zero, lies under all published cells; he looks for such tables. Each one found tells
a possible value of every hidden cell. Findings hold no counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipelines.audit.fractions import attack_in_fractions
from pipelines.audit.joint import Axis, build_sums, read_axis
from pipelines.audit.open_form import Open, open_up
from pipelines.audit.programmes import NoTableError
from pipelines.audit.ranges import findings, read_sums, tighten
from pipelines.audit.search import MOST_FIRST, OPEN, Search, first_table
from pipelines.audit.seen import Tables
from pipelines.audit.witnesses import Seen, check_moves, read_moves
from pipelines.errors import ContractError

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Published cells as sums of joint combinations.

    cells  codes, count (NaN when hidden), status
    axes   the dimensions
    sums   cells x joint combinations
    floor  what everybody knows hidden cells to be at least
    """

    cells: pd.DataFrame
    axes: tuple[Axis, ...]
    sums: csr_array
    floor: int

    @property
    def is_hidden(self) -> NDArray[np.bool_]:
        return (self.cells["status"] == "hidden").to_numpy()

    @property
    def hidden(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.is_hidden)


def audit_csv(
    published: Path,
    hierarchies: Mapping[str, Path | Sequence[Path]],
    *,
    truth: tuple[Path, str] | None = None,
    threshold: int = 5,
    zeros_known: bool = False,
    tell: Tell = lambda words: None,
) -> pd.DataFrame:
    """One row per hidden cell that gives itself away: finding and its codes; empty when the file is safe.

    hierarchies  per dimension its file of child and parent, or several when it is grouped in several ways
    truth   the cells that the file was made from and their column of counts; without it only what an outsider is sure of
    tell    hears in plain words what was attacked how
    raises  ContractError when a file cannot be read, or the cells do not fit the publication
    """
    attack = read_attack(published, hierarchies, zeros_known=zeros_known)
    if truth is None:
        return find_leaks(attack, None, threshold, tell=tell)
    base = true_base(attack, *truth)
    places = {axis.name: axis.place for axis in attack.axes}
    sizes = [axis.size for axis in attack.axes]
    moves = read_moves(truth[0].with_name(f"{truth[0].name}.proof"), places, sizes)
    seen = None if moves is None else check_moves(moves, attack.sums, base, attack.is_hidden, attack.floor, threshold)
    return find_leaks(attack, base, threshold, seen, tell=tell)


def read_attack(published: Path, hierarchies: Mapping[str, Path | Sequence[Path]], *, zeros_known: bool) -> Attack:
    """What the attacker holds."""
    cells = _read(published)
    if not {"count", "status"} < set(cells.columns) or not cells["status"].isin(["shown", "hidden"]).all():
        raise ContractError(f"{published.name}: not a file of jeugdbeeld protect (dimensions, count, status)")
    shown = cells["status"] == "shown"
    wrong = (shown & ~cells["count"].str.fullmatch(r"\d{1,12}")) | (~shown & (cells["count"] != ""))
    if wrong.any():
        raise ContractError(
            f"{published.name}: count: {int(wrong.sum())} rows, first at line {int(np.argmax(wrong)) + 2}; rule: whole, and empty when hidden"
        )
    names = [name for name in cells.columns if name not in {"count", "status"}]
    if strange := sorted(set(hierarchies) - set(names)):
        raise ContractError(f"--hierarchy: {published.name} has no column {', '.join(strange)}")
    if cells.duplicated(names).any():
        raise ContractError(f"{published.name}: a combination is published twice")
    given = {name: [files] if isinstance(files, Path) else list(files) for name, files in hierarchies.items()}
    axes = tuple(read_axis(cells[name], _links(given[name]) if name in given else None) for name in names)
    return Attack(
        cells=cells.assign(count=pd.to_numeric(cells["count"])),
        axes=axes,
        sums=build_sums(cells[names], axes, published),
        floor=int(zeros_known),
    )


def _read(file: Path) -> pd.DataFrame:
    try:
        with file.open(encoding="utf-8-sig") as lines:
            header = lines.readline()
        separator = ";" if ";" in header and "," not in header else ","
        table = pd.read_csv(file, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ContractError(f"{file.name}: not a CSV file in UTF-8 ({type(error).__name__})") from None
    if not isinstance(table.index, pd.RangeIndex):
        raise ContractError(f"{file.name}: rows do not have as many columns as the header")
    return pd.DataFrame({name: table[name].str.strip() for name in table.columns})


def _links(hierarchies: list[Path]) -> pd.DataFrame:
    """Child and parent, from all files of a dimension."""
    tables = [_read(file) for file in hierarchies]
    for file, table in zip(hierarchies, tables, strict=True):
        if list(table.columns) != ["child", "parent"]:
            raise ContractError(f"{file.name}: the header must be child,parent")
    return pd.concat(tables, ignore_index=True).drop_duplicates()


def find_leaks(
    attack: Attack,
    base: NDArray[np.int64] | None,
    threshold: int,
    seen: Seen | None = None,
    *,
    tell: Tell = lambda words: None,
) -> pd.DataFrame:
    """See audit_csv; base is the true joint table, seen is what the witnesses of the protector show."""
    found: list[tuple[str, int]] = []
    if base is not None:
        true, shown, counts = attack.sums @ base, ~attack.is_hidden, attack.cells["count"].to_numpy()
        small = (true >= 1) & (true < threshold) & shown
        found += [("small count shown", at) for at in np.flatnonzero(small).tolist()]
        found += [("not the true count", at) for at in np.flatnonzero(shown & (counts != true) & ~small).tolist()]
    if not len(attack.hidden) or found:
        return _as_table(attack, found)
    asked = attack.hidden if base is None else _unproved(attack, base, threshold, seen)
    if base is not None:
        tell(f"{len(attack.hidden) - len(asked)} of {len(attack.hidden)} hidden cells: their proof was checked")
    return _as_table(attack, _search(attack, base, threshold, asked, tell) if len(asked) else [])


def bounds(attack: Attack) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and highest count of each row that sums alone allow."""
    terms, wholes = read_sums(attack.cells, attack.axes)
    counts = attack.cells["count"].to_numpy(dtype=float)
    unknown = np.isnan(counts)
    low, high = np.where(unknown, attack.floor, counts), np.where(unknown, np.inf, counts)
    return tighten(low, high, terms, wholes)


def _unproved(attack: Attack, base: NDArray[np.int64], threshold: int, seen: Seen | None) -> NDArray[np.int64]:
    """Hidden rows whose witnesses do not show all that they must."""
    if seen is None:
        return attack.hidden
    counts, small = attack.sums @ base, seen.small.copy()
    unsafe = (counts >= 1) & (counts < threshold)
    small[unsafe, counts[unsafe]] = True
    proved = np.where(unsafe, small[:, 1:].all(axis=1), seen.moving)
    return attack.hidden[~proved[attack.hidden]]


def _search(
    attack: Attack, base: NDArray[np.int64] | None, threshold: int, asked: NDArray[np.int64], tell: Tell
) -> list[tuple[str, int]]:
    if base is None:
        low, high = bounds(attack)
        if (low > high).any():
            return [("contradiction", int(attack.hidden[0]))]
        if sure := findings(low, high, attack.hidden, threshold):
            tell(f"{len(attack.hidden)} hidden cells: attacked by subtraction, which was enough")
            return sure
    counts = attack.cells["count"].fillna(0).to_numpy(dtype=np.int64)
    form = open_up(attack.sums, counts, attack.is_hidden, attack.floor)
    if form is None:
        return [("contradiction", int(attack.hidden[0]))]
    first = form.merge(base) if base is not None else None
    try:
        if base is None and np.bincount(form.block).max(initial=0) <= MOST_FIRST:
            first = first_table(form)
        if base is None and first is None:
            return _in_fractions(form, threshold, tell)
    except NoTableError:
        tell("no table fits")
    if first is None:
        return [("contradiction", int(attack.hidden[0]))]
    return _ask(
        Search(form=form, tables=Tables(form=form, first=first, threshold=threshold), threshold=threshold),
        base is not None,
        form.row_of[asked],
        tell,
    )


def _in_fractions(form: Open, threshold: int, tell: Tell) -> list[tuple[str, int]]:
    """What an outsider is sure of without whole-number tables.

    raises  NoTableError when nothing fits what is shown
    """
    seen, found = attack_in_fractions(form, threshold)
    tell(
        f"{len(form.rows)} hidden cells: attacked in fractions; {int(np.bincount(form.block).max(initial=0))} of"
        f" {form.size} joint combinations hang together, {seen.programmes} linear programmes"
    )
    if seen.left.any():
        tell(f"{int(seen.left.sum())} hidden cells: attacked by subtraction only, more would take too long")
    return [(words, int(form.rows[place])) for words, place in found]


def _ask(search: Search, trusted: bool, places: NDArray[np.int64], tell: Tell) -> list[tuple[str, int]]:
    """What is found about these hidden rows."""
    value = search.tables.value[places]
    unsafe = set(places[(value >= 1) & (value < search.threshold)].tolist()) if trusted else set()
    what = {place: search.unsafe_finding(place) for place in places.tolist() if place in unsafe}
    what |= {place: search.finding(place, trusted=trusted) for place in places.tolist() if place not in unsafe}
    found = [(words, int(search.form.rows[place])) for place, words in sorted(what.items()) if words]
    unsolved = sum(words == OPEN for words, _ in found)
    tell(
        f"{len(places)} hidden cells: attacked in {search.form.size} joint combinations, {search.arrived} by exchanging persons;"
        f" {search.answered['linear']} questions needed a linear programme, {search.answered['whole']} a whole-number one"
    )
    if unsolved:
        tell(
            f"{unsolved} hidden cells: {'not proved' if trusted else 'attacked by subtraction only'}, more would take too long"
        )
    return found if trusted else [(words, at) for words, at in found if words != OPEN]


def _as_table(attack: Attack, found: list[tuple[str, int]]) -> pd.DataFrame:
    table = attack.cells.loc[[at for _, at in found], [axis.name for axis in attack.axes]].reset_index(drop=True)
    table.insert(0, "finding", [what for what, _ in found])
    return table


def true_base(attack: Attack, cells: Path, count: str) -> NDArray[np.int64]:
    """The true count of every joint combination, from the cells.

    raises  ContractError when the cells do not fit the publication
    """
    table = _read(cells)
    if set(table.columns) != {*(axis.name for axis in attack.axes), count}:
        names = ", ".join(axis.name for axis in attack.axes)
        raise ContractError(f"{cells.name}: must have the columns {names} and {count}")
    if not table[count].str.fullmatch(r"\d{1,12}").all():
        raise ContractError(f"{cells.name}: {count}: rule: a whole number of 0 or more")
    at = np.zeros(len(table), dtype=np.int64)
    for axis in attack.axes:
        found = table[axis.name].map(axis.place).fillna(axis.rest).to_numpy(dtype=np.int64)
        if (found < 0).any():
            raise ContractError(f"{cells.name}: {axis.name}: a code that the publication does not have")
        at = at * axis.size + found
    base = np.zeros(attack.sums.shape[1], dtype=np.int64)
    np.add.at(base, at, table[count].astype("int64").to_numpy())
    return base
