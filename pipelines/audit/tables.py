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

from pipelines.audit.ranges import findings, read_sums, tighten
from pipelines.audit.witnesses import Seen, check_moves, read_moves
from pipelines.errors import ContractError

MOST = 10_000_000.0
MOST_EXACT = (
    5_000_000  # hidden cells x joint combinations that an outsider's search by whole-number programmes may take
)


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Published cells as sums of joint combinations.

    cells   codes, count (NaN when hidden), status
    parents  per dimension code -> the code above it; None for a flat dimension
    lines   per dimension the codes that joint combinations are made of, each with the codes above it
    sums    cells x joint combinations
    floor   what everybody knows hidden cells to be at least
    """

    cells: pd.DataFrame
    parents: Mapping[str, dict[str, str] | None]
    lines: Mapping[str, dict[str, list[str]]]
    sums: csr_array
    floor: int

    @property
    def hidden(self) -> NDArray[np.int64]:
        return np.flatnonzero((self.cells["status"] == "hidden").to_numpy())


def audit_csv(
    published: Path,
    hierarchies: Mapping[str, Path],
    *,
    truth: tuple[Path, str] | None = None,
    threshold: int = 5,
    zeros_known: bool = False,
) -> pd.DataFrame:
    """One row per hidden cell that gives itself away: finding and its codes; empty when the file is safe.

    truth   the cells that the file was made from and their column of counts; without it only what an outsider is sure of
    raises  ContractError when a file cannot be read, or the cells do not fit the publication
    """
    attack = read_attack(published, hierarchies, zeros_known=zeros_known)
    if truth is None:
        return find_leaks(attack, None, threshold)
    base = true_base(attack, *truth)
    places = {name: {code: at for at, code in enumerate(lines)} for name, lines in attack.lines.items()}
    moves = read_moves(truth[0].with_name(f"{truth[0].name}.proof"), places)
    hidden = (attack.cells["status"] == "hidden").to_numpy()
    seen = None if moves is None else check_moves(moves, attack.sums, base, hidden, attack.floor, threshold)
    return find_leaks(attack, pd.Series(np.asarray(attack.sums @ base).astype(np.int64)), threshold, seen)


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
    parents = {name: _parents(hierarchies.get(name)) for name in names}
    above = {name: _ancestors(name, cells[name], hierarchies.get(name), parents[name]) for name in names}
    return Attack(
        cells=cells.assign(count=pd.to_numeric(cells["count"])),
        parents=parents,
        lines={name: dict(sorted(lines.items())) for name, lines in above.items()},
        sums=_sums(cells[names], above, published),
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


def _parents(hierarchy: Path | None) -> dict[str, str] | None:
    if hierarchy is None:
        return None
    table = _read(hierarchy)
    if list(table.columns) != ["child", "parent"]:
        raise ContractError(f"{hierarchy.name}: the header must be child,parent")
    return dict(zip(table["child"], table["parent"], strict=True))


def _ancestors(
    name: str, published: pd.Series, hierarchy: Path | None, parent: Mapping[str, str] | None
) -> dict[str, list[str]]:
    """For each code at the bottom of what is published: itself and the codes above it."""
    codes = set(published)
    if hierarchy is None or parent is None:
        return {code: [code, "Total"] for code in codes - {"Total"}} or {"Total": ["Total"]}
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


def find_leaks(attack: Attack, truth: pd.Series | None, threshold: int, seen: Seen | None = None) -> pd.DataFrame:
    """See audit_csv; seen is what the witnesses of the protector show."""
    found: list[tuple[str, int]] = []
    if truth is not None:
        small = truth.between(1, threshold - 1) & (attack.cells["status"] == "shown")
        differs = (attack.cells["status"] == "shown") & (attack.cells["count"] != truth)
        found += [("small count shown", at) for at in np.flatnonzero(small).tolist()]
        found += [("not the true count", at) for at in np.flatnonzero(differs & ~small).tolist()]
    if not len(attack.hidden) or (truth is not None and found):
        return _as_table(attack, found)
    asked = attack.hidden if truth is None else _unproved(attack, truth, threshold, seen)
    return _as_table(attack, _search(attack, truth, threshold, asked) if len(asked) else [])


def bounds(attack: Attack) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and highest count of each row that sums alone allow."""
    terms, wholes = read_sums(attack.cells[list(attack.lines)], attack.parents)
    counts = attack.cells["count"].to_numpy(dtype=float)
    unknown = np.isnan(counts)
    low, high = np.where(unknown, attack.floor, counts), np.where(unknown, np.inf, counts)
    return tighten(low, high, terms, wholes)


def _unproved(attack: Attack, truth: pd.Series, threshold: int, seen: Seen | None) -> NDArray[np.int64]:
    """Hidden rows whose witnesses do not show all that they must."""
    if seen is None:
        return attack.hidden
    counts = truth.to_numpy()
    small = seen.small.copy()
    unsafe = (counts >= 1) & (counts < threshold)
    small[unsafe, counts[unsafe]] = True
    proved = np.where(unsafe, small[:, 1:].all(axis=1), seen.moving)
    return attack.hidden[~proved[attack.hidden]]


def _search(attack: Attack, truth: pd.Series | None, threshold: int, asked: NDArray[np.int64]) -> list[tuple[str, int]]:
    if truth is None:
        sure = findings(*bounds(attack), attack.hidden, threshold)
        if sure or len(attack.hidden) * attack.sums.shape[1] > MOST_EXACT:
            return sure
    search, found = _Search(attack), []
    if not search.any_table():
        return [("contradiction", int(attack.hidden[0]))]
    for at in asked.tolist():
        unsafe = truth is not None and 1 <= truth.iloc[at] < threshold
        what = search.unsafe_finding(at, threshold) if unsafe else search.finding(at, threshold, truth is not None)
        found += [(what, at)] if what else []
    return found


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

    def finding(self, at: int, threshold: int, trusted: bool) -> str | None:
        """What an outsider is sure of: a count, or that it is small and which small counts it is not."""
        if self._is_known(at):
            return "exactly known"
        if trusted or self._within(at, threshold, highspy.kHighsInf) or self._within(at, 0, 0):
            return None
        return None if all(self._within(at, value, value) for value in range(1, threshold)) else "small values excluded"


def _distinct(sums: csc_array) -> NDArray[np.int64]:
    """One of each kind of column."""
    seen: dict[bytes, int] = {}
    for column in range(sums.shape[1]):
        rows = np.sort(sums.indices[sums.indptr[column] : sums.indptr[column + 1]])
        seen.setdefault(rows.tobytes(), column)
    return np.array(list(seen.values()), dtype=np.int64)


def _stack(first: csr_array, second: csr_array) -> csr_array:
    return csr_array(vstack([first, second]))


def true_base(attack: Attack, cells: Path, count: str) -> NDArray[np.int64]:
    """The true count of every joint combination, from the cells.

    raises  ContractError when the cells do not fit the publication
    """
    table = _read(cells)
    if set(table.columns) != {*attack.lines, count}:
        raise ContractError(f"{cells.name}: must have the columns {', '.join(attack.lines)} and {count}")
    if not table[count].str.fullmatch(r"\s*\d{1,12}\s*").all():
        raise ContractError(f"{cells.name}: {count}: rule: a whole number of 0 or more")
    at = np.zeros(len(table), dtype=np.int64)
    for name, lines in attack.lines.items():
        places = {code: place for place, code in enumerate(lines)}
        up = attack.parents[name]
        found = {code: _place(code, places, up) for code in table[name].unique()}
        if -1 in found.values():
            raise ContractError(f"{cells.name}: {name}: a code that the publication does not have")
        at = at * len(lines) + table[name].map(found).to_numpy(dtype=np.int64)
    base = np.zeros(attack.sums.shape[1], dtype=np.int64)
    np.add.at(base, at, table[count].str.strip().astype("int64").to_numpy())
    return base


def _place(code: str, places: Mapping[str, int], up: Mapping[str, str] | None) -> int:
    """The place of a code, or of the first one above it that joint combinations are made of."""
    if up is None:
        return places.get(code, places.get("Total", -1))
    while code not in places and code in up:
        code = up[code]
    return places.get(code, -1)
