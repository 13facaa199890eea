"""Searches tables for hidden rows: walks first, then the nearest table in fractions, then whole-number programmes.

One table tells something about every hidden row that it changes, so most rows need no search. Only a programme over all
combinations that could matter says that there is no table. Work is counted, never timed: the same file gives the same
answer.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from pipelines.audit.exchanges import Walker
from pipelines.audit.open_form import Ints, Open
from pipelines.audit.programmes import Nearest, NoTableError, find_whole
from pipelines.audit.seen import Tables, members

WORK = 60_000_000_000  # units of programmes, some 100 million a second
FARTHEST = 12  # a walk of more steps is left to a programme
WINDOWS = (300, 1_200)  # combinations in first programmes, before that with all that could matter
FAIR, HOPELESS = 60, 0.1  # after so many walks they are given up when fewer than this share get anywhere
LOCAL_NODES, NODES = 50, 20_000  # branches of a whole-number programme in the last of these windows, and over all
TOGETHER = 400  # rows asked in one programme
MOST_FIRST = 3_000  # combinations that hang together, of which an outsider looks for a first table in whole numbers
INFINITE = float("inf")
KNOWN, EXCLUDED, OPEN = "exactly known", "small values excluded", "not proved"


@dataclass(kw_only=True)
class Search:
    """What was asked about one publication, and how it was answered."""

    form: Open
    tables: Tables
    threshold: int
    work: int = 0
    answered: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("linear", "whole", "open"), 0))
    _near: Nearest | None = None
    _all: Nearest | None = None

    def __post_init__(self) -> None:
        self.walker = Walker(self.form, self.tables)
        self.walks, self.arrived, self._failed = 0, 0, set[tuple[int, int]]()

    def walk(self, place: int, low: float, high: float) -> bool:
        """Whether a walk, or a table found before, brings this row from low to high."""
        if self.tables.has(place, low, high):
            return True
        value = int(self.tables.value[place])
        steps = low - value if value < low else high - value
        way = (place, 1 if steps > 0 else -1)
        hopeless = self.walks >= FAIR and self.arrived < HOPELESS * self.walks
        if way in self._failed or hopeless or abs(steps) > FARTHEST or high < max(low, self.form.floor):
            return False
        self.walker.walk(*way, int(abs(steps)))
        self.walks += 1
        if not self.tables.has(place, low, high):
            self._failed.add(way)
            return False
        self.arrived += 1
        return True

    def within(self, place: int, low: float, high: float) -> bool | None:
        """Whether some table has this row from low to high; None when that was too much work."""
        if high < max(low, self.form.floor):
            return False
        if self.walk(place, low, high):
            return True
        columns = self._together(place)
        if not len(columns):
            return False
        if self.work > WORK:
            self.answered["open"] += 1
            return None
        return self._solve(place, low, high, columns)

    def _solve(self, place: int, low: float, high: float, columns: Ints) -> bool | None:
        within, last = members(self.form.parts, place), self._near
        holds = last is not None and place in last.row and bool(np.isin(within, last.columns).all())
        if last is not None and holds and self._try(last, place, low, high):
            return True
        for most in WINDOWS:
            if most < len(columns):
                self._near = self._model(place, self._local(within, most))
                if self._try(self._near, place, low, high):
                    return True
        local = self._local(within, WINDOWS[-1])
        if len(local) < len(columns) and self._find_whole(place, low, high, local, LOCAL_NODES):
            return True
        if self._all is None or place not in self._all.row or not np.array_equal(self._all.columns, columns):
            self._all = self._model(place, columns)
        found = self._try(self._all, place, low, high)
        return found if found is not None else self._find_whole(place, low, high, columns, NODES)

    def _try(self, model: Nearest, place: int, low: float, high: float) -> bool | None:
        """Whether the nearest table is whole; None when it is not, or there is none in these combinations."""
        value, before = int(self.tables.value[place]), model.work
        answer = model.find(place, low - value, high - value)
        self.work += model.work - before
        found = answer.change is not None and self.tables.note(model.columns, answer.change)
        sure = answer.none and len(model.columns) == len(self._together(place))
        self.answered["linear"] += found or sure
        return True if found else False if sure else None

    def _model(self, place: int, columns: Ints) -> Nearest:
        asked = np.flatnonzero(np.diff(csr_array(self.form.parts[:, columns]).indptr))
        at = int(np.searchsorted(asked, place))
        some = np.union1d(asked[max(at - 5, 0) : at + TOGETHER], [place])
        return Nearest(self.form, self.tables.first, self.tables.value, columns, some)

    def _find_whole(self, place: int, low: float, high: float, columns: Ints, nodes: int) -> bool | None:
        still, target = np.zeros(len(self.form.rest), dtype=np.int64), (place, low, high)
        answer, work = find_whole(
            self.form,
            columns,
            still,
            target,
            self.tables.value,
            lower=-self.tables.first[columns],
            nodes=nodes,
        )
        self.work += work
        if answer.change is not None and self.tables.note(columns, answer.change):
            self.answered["whole"] += 1
            return True
        if nodes == LOCAL_NODES:
            return None
        self.answered["whole" if answer.none else "open"] += 1
        return False if answer.none else None

    def _together(self, place: int) -> Ints:
        """All combinations that could matter for this row."""
        blocks = np.unique(self.form.block[members(self.form.parts, place)])
        return np.flatnonzero(np.isin(self.form.block, blocks))

    def _local(self, within: Ints, most: int) -> Ints:
        """Combinations near these: in shown rows with them, small rows first."""
        chosen: Ints = within[: most // 4]
        known = self.form.known
        while len(chosen) < most:
            touched = np.unique(self.walker.above[:, chosen].indices)
            order = touched[np.argsort(np.diff(known.indptr)[touched], kind="stable")]
            found, at = np.unique(known[order].indices, return_index=True)
            fresh = found[np.argsort(at)]
            more = fresh[~np.isin(fresh, chosen)][: most - len(chosen)]
            if not len(more):
                break
            chosen = np.concatenate([chosen, more.astype(np.int64)])
        return np.sort(chosen)

    def unsafe_finding(self, place: int) -> str | None:
        """An unsafe row must be able to have every small value."""
        for value in self._far_first(place)[:2]:
            self.walk(place, value, value)
        answers = [self.within(place, value, value) for value in self._far_first(place)]
        if False in answers:
            return KNOWN if self._is_known(place) else EXCLUDED
        return OPEN if None in answers else None

    def _far_first(self, place: int) -> list[int]:
        value = int(self.tables.value[place])
        return sorted(range(1, self.threshold), key=lambda one: -abs(one - value))

    def _is_known(self, place: int) -> bool | None:
        """True when all tables give it one value."""
        value = int(self.tables.value[place])
        others = [self.within(place, value + 1, INFINITE)]
        if others[0] is not True:
            others.append(self.within(place, 0, value - 1))
        return False if True in others else None if None in others else True

    def finding(self, place: int, *, trusted: bool) -> str | None:
        """What an outsider is sure of: a count, or that it is small and which small counts it is not."""
        known = self._is_known(place)
        if known or trusted:
            return KNOWN if known else OPEN if known is None else None
        answers = [self.within(place, self.threshold, INFINITE)]
        answers += [] if answers[0] else [self.within(place, 0, 0)]
        if True in answers or None in answers:
            return None if True in answers else OPEN
        small = [self.within(place, value, value) for value in range(1, self.threshold)]
        return EXCLUDED if False in small else OPEN if None in small else None


def first_table(form: Open) -> Ints | None:
    """A whole-number table that an outsider finds; None when that is too much work.

    raises  NoTableError when there is none
    """
    counts = np.zeros(form.size, dtype=np.int64)
    groups = np.cumsum(np.bincount(form.block)) // 2_000  # small blocks together
    for group in np.unique(groups):
        columns = np.flatnonzero(groups[form.block] == group)
        nothing = np.zeros(len(columns), dtype=np.int64)
        answer, _ = find_whole(form, columns, form.rest, None, form.sure, lower=nothing, nodes=NODES)
        if answer.none:
            raise NoTableError
        if answer.change is None:
            return None
        counts[columns] = answer.change
    return counts
