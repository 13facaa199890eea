"""The counts that can be seen, each once: two rows that show the same persons are one variable."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.protect.links import told

ABSENT = -1
SENSITIVE = frozenset({"persons", "families", "groups"})
OPEN = frozenset({"incidents", "inhabitants", "published", "projects", "rounded"})


class Key(NamedTuple):
    """What a person count is about; `set` is a dotted name, nested in its prefix."""

    set: str
    area: str
    period: str
    age: str
    sex: str
    kind: str


class Relation(NamedTuple):
    """sum(sign * variable) is fixed at its true value, or stays at or above `floor`."""

    name: str
    terms: tuple[tuple[int, int], ...]
    fixed: bool
    floor: int


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows that count persons, by their position in the cells.

    position     place in the cells, shape (n,)
    numerator    variable, shape (n,)
    denominator  variable or ABSENT (population), shape (n,)
    role         'open' (may be shown), 'never' (shown by nobody), 'zero' (cannot occur, and everybody knows)
    population   public denominator, NaN where there is none
    """

    position: NDArray[np.int64]
    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    role: NDArray[np.object_]
    population: NDArray[np.float64]


def sensitive(measures: pd.DataFrame) -> pd.DataFrame:
    """The measures that count persons, or families or groups of them: all are protected alike.

    raises  ValueError for a counting unit that is neither sensitive nor open, and for a sensitive measure that does
            not name the set it counts: nothing unknown passes
    """
    unknown = sorted(set(measures["counts"]) - SENSITIVE - OPEN)
    if unknown:
        raise ValueError(f"measures: nobody decided whether counts of {', '.join(unknown)} are sensitive")
    found = measures[measures["counts"].isin(SENSITIVE)]
    nameless = sorted(found.loc[found["numerator_set"].isna(), "id"])
    if nameless:
        raise ValueError(f"measures: {', '.join(nameless)} must name the set counted")
    return found


class Counts:
    """Collects variables; the first indicator that brings a count is remembered for the message."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.true: list[int] = []
        self.index: dict[Key, int] = {}
        self.source: list[str] = []
        self.guessed: set[int] = set()
        self.whole: set[str] = set()

    def read(self, cells: pd.DataFrame, measures: pd.DataFrame) -> Rows:
        """Take every row that counts persons, and what it can tell."""
        persons: dict[Any, Any] = {row.id: row for row in sensitive(measures).itertuples()}
        self.whole = {name for name, row in persons.items() if told(row).get("whole")}
        found = []
        for position, cell in enumerate(cells.itertuples()):
            if cell.indicator in persons:
                found.append(self._read_row(position, cell, persons[cell.indicator]))
        kept = [row for row in found if row is not None]
        columns: list[tuple[Any, ...]] = list(zip(*kept, strict=True)) if kept else [()] * 5
        return Rows(
            position=np.array(columns[0], dtype=np.int64),
            numerator=np.array(columns[1], dtype=np.int64),
            denominator=np.array(columns[2], dtype=np.int64),
            role=np.array(columns[3], dtype=object),
            population=np.array(columns[4], dtype=float),
        )

    def _read_row(self, position: int, cell: Any, measure: Any) -> tuple[Any, ...] | None:
        share = isinstance(measure.denominator_set, str)
        role = row_role(cell, share=share)
        if role is None:
            return None
        numerator = self._add(measure.numerator_set, cell, measure, cell.numerator, role)
        if not share:
            return position, numerator, ABSENT, role, cell.denominator
        whole = measure.id in self.whole
        if whole and cell.kind != "all" and cell.state == "impossible":  # of the kind alone: the whole may have persons
            return position, numerator, ABSENT, role, np.nan
        denominator = self._add(measure.denominator_set, cell, measure, cell.denominator, role, whole=whole)
        return position, numerator, denominator, role, np.nan

    def _add(self, name: str, cell: Any, measure: Any, count: float, role: str, *, whole: bool = False) -> int:
        age = measure.age if cell.age == "all" else cell.age
        kind = getattr(measure, "kind", "all") if cell.kind == "all" else "all" if whole else cell.kind
        key = Key(name, cell.area, cell.period, age, cell.sex, kind)
        guessed = role == "zero" and not np.isfinite(count)
        return self.put(key, 0 if guessed else count, measure.id, guessed=guessed)

    def put(self, key: Key, count: float, indicator: str, *, guessed: bool = False) -> int:
        """The place of a count; a new one is added, an old one must agree."""
        if not np.isfinite(count) or count < 0 or count != int(count):
            raise ValueError(f"{indicator}: a count of {key.set} in {key.period} is not a whole number of 0 or more")
        at = self.index.setdefault(key, len(self.keys))
        if at == len(self.keys):
            self.keys.append(key)
            self.true.append(int(count))
            self.source.append(indicator)
            self.guessed |= {at} if guessed else set()
        elif self.true[at] != int(count) and not guessed:
            self._mend_or_refuse(at, int(count), indicator)
        return at

    def _mend_or_refuse(self, at: int, count: int, indicator: str) -> None:
        if at not in self.guessed:
            key = self.keys[at]
            raise ValueError(
                f"{self.source[at]} and {indicator} show the same count ({key.set}, {key.age}, "
                f"{key.period}) but do not agree; mend the catalogue or its SQL"
            )
        self.guessed.discard(at)
        self.true[at] = count


def row_role(cell: Any, *, share: bool) -> str | None:
    """What a row can tell: 'open', 'never', 'zero', or None where there is no count at all.

    raises  ValueError when a row says that it was counted and holds no count
    """
    state, numerator, denominator = cell.state, cell.numerator, cell.denominator
    known = bool(np.isfinite(numerator)) and (not share or bool(np.isfinite(denominator)))
    if state == "counted" and not known:
        raise ValueError(f"{cell.indicator}: a row of {cell.period} is counted but holds no count")
    if state == "impossible":
        return "zero" if share or not known or numerator == 0 else "never"
    if not known:
        return None
    return "open" if state == "counted" else "never"
