"""Attacks a file of `jeugdbeeld protect`: what can be worked out about its hidden cells?

Written apart from the protector: from the published rows, the hierarchies and nothing else. The attacker knows that one
table of whole numbers, none below zero, lies under all published cells; he looks for such tables. Each one found tells
a possible value of every hidden cell. Findings hold no counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, vstack

from pipelines.errors import ContractError

MOST = 10_000_000.0


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Published cells as sums of joint combinations.

    cells   codes, count (NaN when hidden), status
    sums    cells x joint combinations
    floor   what everybody knows hidden cells to be at least
    """

    cells: pd.DataFrame
    sums: csr_array
    floor: int

    @property
    def hidden(self) -> NDArray[np.int64]:
        return np.flatnonzero((self.cells["status"] == "hidden").to_numpy())


def audit_tables(
    published: Path,
    hierarchies: Mapping[str, Path],
    *,
    truth: pd.Series | None = None,
    threshold: int = 5,
    zeros_known: bool = False,
) -> pd.DataFrame:
    """One row per hidden cell that gives itself away: finding and its codes; empty when the file is safe.

    truth   counts by published row, where the auditor may know them; without it only what an outsider can be sure of
    raises  ContractError when the file or a hierarchy cannot be read
    """
    return find_leaks(read_attack(published, hierarchies, zeros_known=zeros_known), truth, threshold)


def read_attack(published: Path, hierarchies: Mapping[str, Path], *, zeros_known: bool) -> Attack:
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
    if cells.duplicated(names).any():
        raise ContractError(f"{published.name}: a combination is published twice")
    above = {name: _ancestors(name, cells[name], hierarchies.get(name)) for name in names}
    return Attack(
        cells=cells.assign(count=pd.to_numeric(cells["count"])),
        sums=_sums(cells[names], above, published),
        floor=int(zeros_known),
    )


def _read(file: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ContractError(f"{file.name}: not a CSV file in UTF-8 ({type(error).__name__})") from None


def _ancestors(name: str, published: pd.Series, hierarchy: Path | None) -> dict[str, list[str]]:
    """For each code at the bottom of what is published: itself and the codes above it."""
    codes = set(published)
    if hierarchy is None:
        return {code: [code, "Total"] for code in codes - {"Total"}} or {"Total": ["Total"]}
    table = _read(hierarchy)
    if list(table.columns) != ["child", "parent"]:
        raise ContractError(f"{hierarchy.name}: the header must be child,parent")
    parent = dict(zip(table["child"], table["parent"], strict=True))
    if strange := codes - set(parent) - set(parent.values()):
        raise ContractError(f"{hierarchy.name}: {len(strange)} published codes of {name} are not in it")
    lines = {code: _line(code, parent, hierarchy) for code in {*parent, *parent.values()}}
    deepest = max(len(lines[code]) for code in codes)
    inner = set(parent.values())
    return {
        code: line
        for code, line in lines.items()
        if len(line) == deepest or (len(line) < deepest and code not in inner)
    }


def _line(code: str, parent: Mapping[str, str], file: Path) -> list[str]:
    line = [code]
    while line[-1] in parent:
        line.append(parent[line[-1]])
        if len(line) > len(parent) + 1:
            raise ContractError(f"{file.name}: the hierarchy goes round in a circle")
    return line


def _sums(codes: pd.DataFrame, above: Mapping[str, dict[str, list[str]]], file: Path) -> csr_array:
    """Per dimension the bottom codes below each published code; a cell is their product."""
    widths = [len(lines) for lines in above.values()]
    if np.prod([float(width) for width in widths]) > MOST:
        raise ContractError(f"{file.name}: too many joint combinations to attack")
    below: list[dict[str, NDArray[np.int64]]] = []
    for lines in above.values():
        under: dict[str, list[int]] = {}
        for place, (_, line) in enumerate(sorted(lines.items())):
            for code in line:
                under.setdefault(code, []).append(place)
        below.append({code: np.array(places) for code, places in under.items()})
    starts, columns = [0], []
    for row in codes.itertuples(index=False):
        parts = np.zeros(1, dtype=np.int64)
        for code, under_code, width in zip(row, below, widths, strict=True):
            parts = (parts[:, None] * width + under_code[str(code)]).ravel()
        columns.append(parts)
        starts.append(starts[-1] + len(parts))
    flat = np.concatenate(columns)
    return csr_array((np.ones(len(flat)), flat, starts), shape=(len(codes), int(np.prod(widths))))


def find_leaks(attack: Attack, truth: pd.Series | None, threshold: int) -> pd.DataFrame:
    """See audit_tables."""
    found: list[tuple[str, int]] = []
    if truth is not None:
        small = truth.between(1, threshold - 1) & (attack.cells["status"] == "shown")
        differs = (attack.cells["status"] == "shown") & (attack.cells["count"] != truth)
        found += [("small count shown", at) for at in np.flatnonzero(small).tolist()]
        found += [("not the true count", at) for at in np.flatnonzero(differs & ~small).tolist()]
    if not len(attack.hidden) or (truth is not None and found):
        return _as_table(attack, found)
    search = _Search(attack)
    if not search.any_table():
        return _as_table(attack, [*found, ("contradiction", int(attack.hidden[0]))])
    for at in attack.hidden.tolist():
        unsafe = truth is not None and 1 <= truth.iloc[at] < threshold
        what = (
            search.unsafe_finding(at, threshold) if unsafe else search.finding(at, threshold, trusted=truth is not None)
        )
        found += [(what, at)] if what else []
    return _as_table(attack, found)


def _as_table(attack: Attack, found: list[tuple[str, int]]) -> pd.DataFrame:
    names = [name for name in attack.cells.columns if name not in {"count", "status"}]
    table = attack.cells.loc[[at for _, at in found], names].reset_index(drop=True)
    table.insert(0, "finding", [what for what, _ in found])
    return table


class _Search:
    """Whole-number tables that agree with everything published; the values they give hidden cells are remembered."""

    def __init__(self, attack: Attack) -> None:
        self.hidden = attack.hidden
        self.row = {int(at): place for place, at in enumerate(self.hidden)}
        shown = np.setdiff1d(np.arange(len(attack.cells)), self.hidden)
        counts = attack.cells["count"].to_numpy(dtype=float)
        zero = shown[counts[shown] == 0]
        living = np.flatnonzero(np.asarray(attack.sums[zero].sum(axis=0)).ravel() == 0)
        sums = csc_array(attack.sums[:, living])
        sums = sums[:, _distinct(sums)]
        known = np.setdiff1d(shown, zero)
        rows = csr_array(sums)
        self.parts = csr_array(rows[self.hidden])
        self.seen: list[set[int]] = [set() for _ in self.hidden]
        self._build(rows[known], counts[known], float(attack.floor))

    def _build(self, known: csr_array, counts: NDArray[np.float64], floor: float) -> None:
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        model = highspy.HighsLp()
        size, hidden = self.parts.shape[1], len(self.hidden)
        links = csr_array(
            (np.full(hidden, -1.0), (np.arange(hidden), size + np.arange(hidden))), shape=(hidden, size + hidden)
        )
        wide = csr_array((self.parts.data, self.parts.indices, self.parts.indptr), shape=(hidden, size + hidden))
        first = csr_array((known.data, known.indices, known.indptr), shape=(known.shape[0], size + hidden))
        matrix = csc_array(_stack(first, csr_array(wide + links)))
        model.num_col_, model.num_row_ = size + hidden, matrix.shape[0]
        model.col_cost_ = np.zeros(size + hidden)
        model.col_lower_ = np.concatenate([np.zeros(size), np.full(hidden, floor)])
        model.col_upper_ = np.full(size + hidden, highspy.kHighsInf)
        model.row_lower_ = model.row_upper_ = np.concatenate([counts, np.zeros(hidden)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            matrix.indptr,
            matrix.indices,
            matrix.data,
        )
        model.integrality_ = [highspy.HighsVarType.kInteger] * (size + hidden)
        self.solver.passModel(model)
        self.size, self.floor = size, floor

    def any_table(self) -> bool:
        """Find a first table."""
        return self._solve()

    def _solve(self) -> bool:
        self.solver.run()
        if self.solver.getInfo().primal_solution_status != 2:
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
                raise RuntimeError("audit: HiGHS gave no answer")
            return False
        values = np.rint(np.asarray(self.solver.getSolution().col_value)[: self.size])
        for place, value in enumerate(np.rint(self.parts @ values).astype(int).tolist()):
            self.seen[place].add(value)
        return True

    def _within(self, at: int, low: float, high: float) -> bool:
        """True when some table gives this cell a value from low to high."""
        place = self.row[at]
        if any(low <= value <= high for value in self.seen[place]):
            return True
        if high < max(low, self.floor):
            return False
        self.solver.changeColBounds(self.size + place, max(low, self.floor), high)
        fits = self._solve()
        self.solver.changeColBounds(self.size + place, self.floor, highspy.kHighsInf)
        return fits

    def _is_known(self, at: int) -> bool:
        """True when all tables give it one value."""
        value = next(iter(self.seen[self.row[at]]))
        return not (self._within(at, value + 1, highspy.kHighsInf) or self._within(at, 0, value - 1))

    def unsafe_finding(self, at: int, threshold: int) -> str | None:
        """An unsafe cell must be able to have every small value."""
        if all(self._within(at, value, value) for value in range(1, threshold)):
            return None
        return "exactly known" if self._is_known(at) else "small values excluded"

    def finding(self, at: int, threshold: int, *, trusted: bool) -> str | None:
        """What an outsider is sure of."""
        if self._is_known(at):
            return "exactly known"
        if trusted or self._within(at, threshold, highspy.kHighsInf):
            return None
        if not self._within(at, 0, 0):
            return "surely small"
        return None if self._within(at, threshold - 1, threshold - 1) else "small values excluded"


def _distinct(sums: csc_array) -> NDArray[np.int64]:
    """One of each kind of column."""
    seen: dict[bytes, int] = {}
    for column in range(sums.shape[1]):
        rows = np.sort(sums.indices[sums.indptr[column] : sums.indptr[column + 1]])
        seen.setdefault(rows.tobytes(), column)
    return np.array(list(seen.values()), dtype=np.int64)


def _stack(first: csr_array, second: csr_array) -> csr_array:
    return csr_array(vstack([first, second]))


def true_counts(attack: Attack, cells: Path, count: str, hierarchies: Mapping[str, Path]) -> pd.Series:
    """The true count of every published row, added up from the cells.

    raises  ContractError when the cells do not fit the publication
    """
    table = _read(cells)
    names = [name for name in attack.cells.columns if name not in {"count", "status"}]
    if set(table.columns) != {*names, count}:
        raise ContractError(f"{cells.name}: must have the columns {', '.join(names)} and {count}")
    if not table[count].str.fullmatch(r"\s*\d{1,12}\s*").all():
        raise ContractError(f"{cells.name}: {count}: rule: a whole number of 0 or more")
    lines = {}
    for name in names:
        parent = (
            {} if name not in hierarchies else dict(_read(hierarchies[name])[["child", "parent"]].to_numpy().tolist())
        )
        lines[name] = {
            code: _line(code, parent, hierarchies[name]) if parent else [code, "Total"] for code in table[name].unique()
        }
    totals: dict[tuple[str, ...], int] = dict.fromkeys(attack.cells[names].itertuples(index=False, name=None), 0)
    for row in table[[*names, count]].itertuples(index=False, name=None):
        for codes in pd.MultiIndex.from_product(
            [lines[name][code] for name, code in zip(names, row[:-1], strict=True)]
        ):
            if codes in totals:
                totals[codes] += int(row[-1])
    return pd.Series(list(totals.values()), dtype="int64")
