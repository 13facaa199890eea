"""Searches tables for hidden rows: walks first, then the nearest table in fractions, then whole-number programmes.

One table tells something about every hidden row that it changes, so most rows need no search. Only a programme over all
combinations that could matter says that there is no table. Work is counted, never timed: the same file gives the same
answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from pipelines.audit.exchanges import Walker
from pipelines.audit.open_form import Ints, Open
from pipelines.audit.programmes import Answer, Nearest, find_whole
from pipelines.audit.seen import Tables, members

WORK = 60_000_000_000  # units of programmes, some 100 million a second
FARTHEST = 12  # a walk of more steps is left to a programme
LOCAL, LARGE = 1_200, 4_000  # combinations in a first programme, when there are more than so many
TOGETHER = 400  # rows asked in one programme
MOST_FIRST = 60_000  # combinations that hang together, of which an outsider looks for a first table
INFINITE = float("inf")
KNOWN, EXCLUDED, OPEN = "exactly known", "small values excluded", "not proved"
Tell = Callable[[str], None]


@dataclass(kw_only=True)
class Search:
    """What was asked about one publication, and how it was answered."""

    form: Open
    tables: Tables
    threshold: int
    work: int = 0
    answered: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("linear", "whole", "open"), 0))
    _nearest: tuple[bytes, Nearest] | None = None

    def __post_init__(self) -> None:
        self.walker = Walker(self.form, self.tables)

    def walk(self, place: int, low: float, high: float) -> bool:
        """Whether a walk, or a table found before, brings this row from low to high."""
        if self.tables.has(place, low, high):
            return True
        value = int(self.tables.value[place])
        steps = low - value if value < low else high - value
        if abs(steps) <= FARTHEST and high >= max(low, self.form.floor):
            self.walker.walk(place, 1 if steps > 0 else -1, int(abs(steps)))
        return self.tables.has(place, low, high)

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
        windows = [columns] if len(columns) <= LARGE else [self._local(place, columns), columns]
        for window in windows:
            answer = self._find_nearest(place, low, high, window)
            if answer.change is not None and self.tables.note(window, answer.change):
                self.answered["linear"] += 1
                return True
            if answer.none and window is columns:
                self.answered["linear"] += 1
                return False
        return self._find_whole(place, low, high, columns)

    def _find_nearest(self, place: int, low: float, high: float, columns: Ints) -> Answer:
        key = columns.tobytes()
        if self._nearest is None or self._nearest[0] != key or place not in self._nearest[1].row:
            asked = np.flatnonzero(np.diff(self.form.parts[:, columns].indptr))
            at = int(np.searchsorted(asked, place))
            some = np.union1d(asked[max(at - 5, 0) : at + TOGETHER], [place])
            nearest = Nearest(self.form, self.tables.first, self.tables.value, columns, some)
            self._nearest = (key, nearest)
        nearest, value = self._nearest[1], int(self.tables.value[place])
        before = nearest.work
        answer = nearest.find(place, low - value, high - value)
        self.work += nearest.work - before
        return answer

    def _find_whole(self, place: int, low: float, high: float, columns: Ints) -> bool | None:
        first = self.tables.first
        inside = self.form.parts[:, columns] @ first[columns]
        sums = self.form.known[:, columns] @ first[columns]
        answer, work = find_whole(self.form, columns, sums, (place, low, high), self.tables.value - inside)
        self.work += work
        self.answered["whole" if answer.none or answer.change is not None else "open"] += 1
        if answer.change is not None:
            return self.tables.note(columns, answer.change - first[columns]) or None
        return False if answer.none else None

    def _together(self, place: int) -> Ints:
        """All combinations that could matter for this row."""
        blocks = np.unique(self.form.block[members(self.form.parts, place)])
        return np.flatnonzero(np.isin(self.form.block, blocks))

    def _local(self, place: int, columns: Ints) -> Ints:
        """Combinations near the row: in shown rows with its own, small rows first."""
        within = members(self.form.parts, place)[: LOCAL // 4]
        chosen, known = within, self.form.known
        while len(chosen) < LOCAL:
            touched = np.unique(self.walker.above[:, chosen].indices)
            order = touched[np.argsort(np.diff(known.indptr)[touched], kind="stable")]
            found, fresh = np.unique(known[order].indices, return_index=True)
            fresh = found[np.argsort(fresh)]
            more = fresh[~np.isin(fresh, chosen)][: LOCAL - len(chosen)]
            if not len(more):
                break
            chosen = np.concatenate([chosen, more])
        return np.intersect1d(chosen, columns)

    def unsafe_finding(self, place: int) -> str | None:
        """An unsafe row must be able to have every small value."""
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


def first_table(form: Open) -> tuple[Ints | None, str]:
    """A whole-number table that an outsider finds; None when there is none, or, with a reason, when that is too much work."""
    counts = np.zeros(form.size, dtype=np.int64)
    sizes = np.bincount(form.block)
    if sizes.max(initial=0) > MOST_FIRST:
        return None, f"{int(sizes.max())} joint combinations hang together"
    groups = np.cumsum(sizes) // 2_000  # small blocks together
    for group in np.unique(groups):
        columns = np.flatnonzero(groups[form.block] == group)
        answer, _ = find_whole(form, columns, form.rest, None, form.sure)
        if answer.change is None:
            return None, "" if answer.none else "no first table was found"
        counts[columns] = answer.change
    return counts, ""


def walk_all(search: Search, asked: Iterable[int], unsafe: set[int], *, trusted: bool) -> None:
    """What walks tell about these rows, before any programme is asked."""
    for place in asked:
        value, most = int(search.tables.value[place]), search.threshold
        if place in unsafe:
            search.walk(place, most - 1, most - 1)
            search.walk(place, 1, 1)
        elif trusted or value >= most or value == 0:
            _ = search.walk(place, value + 1, INFINITE) or search.walk(place, 0, value - 1)
        else:
            _ = search.walk(place, most, INFINITE) or search.walk(place, 0, 0)
