"""From cells to one system: each person count that can be seen or computed once, and every relation between them.

Two rows may show the same count (ages 12-17 of one indicator inside 12-22 of another): they are one variable.
The rest of a set inside its superset (the complement) is a variable too, because an attacker subtracts.
Slack (persons whose neighbourhood or sex is unknown) is published nowhere: it is a variable that may move, at a
high price. Most witnesses leave it alone, and those also fool an attacker who knows it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.protect.nesting import nest_ages, nest_periods, period_year

ABSENT = -1


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
    role         'open' (may be shown), 'never' (shown by nobody), 'zero' (its status says that it is 0)
    population   public denominator, NaN where there is none
    """

    position: NDArray[np.int64]
    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    role: NDArray[np.object_]
    population: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class System:
    """All variables with their true values and all relations; as confidential as the cells."""

    keys: tuple[Key, ...]
    true: NDArray[np.int64]
    rows: Rows
    relations: tuple[Relation, ...]
    complements: dict[int, tuple[int, int]]  # variable -> (superset, subset)
    shares: frozenset[int]  # complements of an indicator that shows a share
    slacks: frozenset[int]  # persons outside the parts of a relation: published nowhere
    parents: dict[int, dict[str, str]]  # year -> area -> parent

    @cached_property
    def touching(self) -> list[list[tuple[int, int]]]:
        """For each variable its (relation, sign) pairs."""
        pairs: list[list[tuple[int, int]]] = [[] for _ in self.keys]
        for place, relation in enumerate(self.relations):
            for variable, sign in relation.terms:
                pairs[variable].append((place, sign))
        return pairs

    @cached_property
    def room(self) -> list[int]:
        """For each relation how far its sum may still fall (0 where it is fixed)."""
        return [0 if r.fixed else _total(r.terms, self.true) - r.floor for r in self.relations]


def build_system(cells: pd.DataFrame, measures: pd.DataFrame, areas: pd.DataFrame) -> System:
    """The system behind the rows that count persons.

    cells, measures, areas  see protect()
    raises  ValueError when one count has two values, a count is not whole, or a relation does not hold;
            it names indicators and relations, never a count
    """
    counts = _Counts()
    rows = counts.read(cells, measures)
    parents = _parents(areas)
    complements, shares = _complements(counts, measures)
    first_slack = len(counts.keys)
    relations = tuple(_relations(counts, complements, _sums_over_areas(measures), parents))
    return System(
        keys=tuple(counts.keys),
        true=np.array(counts.true, dtype=np.int64),
        rows=rows,
        relations=relations,
        complements=complements,
        shares=shares,
        parents=parents,
        slacks=frozenset(range(first_slack, len(counts.keys))),
    )


class _Counts:
    """Collects variables; the first indicator that brings a count is remembered for the message."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.true: list[int] = []
        self.index: dict[Key, int] = {}
        self.source: list[str] = []
        self.guessed: set[int] = set()

    def read(self, cells: pd.DataFrame, measures: pd.DataFrame) -> Rows:
        persons = {row.id: row for row in measures.itertuples() if row.counts == "persons"}
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
        denominator = self._add(measure.denominator_set, cell, measure, cell.denominator, role)
        return position, numerator, denominator, role, np.nan

    def _add(self, name: str, cell: Any, measure: Any, count: float, role: str) -> int:
        age = measure.age if cell.age == "all" else cell.age
        key = Key(name, cell.area, cell.period, age, cell.sex, cell.kind)
        guessed = role == "zero" and not np.isfinite(count)
        return self.put(key, 0 if guessed else count, measure.id, guessed=guessed)

    def put(self, key: Key, count: float, indicator: str, *, guessed: bool = False) -> int:
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
    if state == "impossible" or (state == "counted" and share and denominator == 0):
        return "zero" if share or not known or numerator == 0 else "never"
    if not known:
        return None
    return "open" if state == "counted" else "never"


def _parents(areas: pd.DataFrame) -> dict[int, dict[str, str]]:
    lower = areas[areas["parent"].notna()]
    parents: dict[int, dict[str, str]] = {int(year): {} for year in areas["year"].unique()}
    for year, code, parent in zip(lower["year"], lower["code"], lower["parent"], strict=True):
        parents[int(year)][str(code)] = str(parent)
    return parents


def _sums_over_areas(measures: pd.DataFrame) -> dict[str, bool]:
    """Per set whether each person has one area (home) or may have several (offence, place)."""
    geography: dict[str, str] = {}
    for row in measures[measures["counts"] == "persons"].itertuples():
        for name in (row.numerator_set, row.denominator_set):
            if isinstance(name, str) and geography.setdefault(name, str(row.geography)) != row.geography:
                raise ValueError(f"{row.id}: set {name} is counted by two geographies; give each its own name")
    return {name: place == "home" for name, place in geography.items()}


def _complements(counts: _Counts, measures: pd.DataFrame) -> tuple[dict[int, tuple[int, int]], frozenset[int]]:
    share_pairs = {
        (str(row.denominator_set), str(row.numerator_set))
        for row in measures.itertuples()
        if row.counts == "persons" and isinstance(row.denominator_set, str)
    }
    complements: dict[int, tuple[int, int]] = {}
    shares = set()
    for subset, key in enumerate(list(counts.keys)):
        for name in _supersets(key, counts.index, share_pairs):
            superset = counts.index[key._replace(set=name)]
            rest = counts.true[superset] - counts.true[subset]
            if rest < 0:
                raise ValueError(f"{key.set} is larger than {name} around it in {key.period} ({counts.source[subset]})")
            at = counts.put(key._replace(set=f"{name} minus {key.set}"), rest, counts.source[subset])
            complements[at] = (superset, subset)
            shares |= {at} if (name, key.set) in share_pairs else set()
    return complements, frozenset(shares)


def _supersets(key: Key, index: dict[Key, int], share_pairs: set[tuple[str, str]]) -> list[str]:
    """The nearest set around this one that is counted here, and the ones it is a share of."""
    parts = key.set.split(".")
    around = [".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1)]
    nearest = next((name for name in around if key._replace(set=name) in index), None)
    names = {name for name, inner in share_pairs if inner == key.set and key._replace(set=name) in index}
    return sorted(names | ({nearest} if nearest else set()))


def _relations(
    counts: _Counts, complements: dict[int, tuple[int, int]], sums: dict[str, bool], parents: dict[int, dict[str, str]]
) -> Iterator[Relation]:
    direct = {key: at for at, key in enumerate(counts.keys) if at not in complements}
    check = _Checked(counts)
    for rest, (superset, subset) in complements.items():
        yield check.fixed(counts.keys[rest].set, [(superset, 1), (subset, -1), (rest, -1)])
    yield from _by_area(direct, check, sums, parents)
    yield from _by_age(direct, check)
    yield from _by_sex(direct, check)
    yield from _by_kind(direct, check)
    yield from _by_period(direct, check)


@dataclass(frozen=True)
class _Checked:
    """Makes relations and refuses what does not hold on the true values."""

    counts: _Counts

    def fixed(self, name: str, terms: list[tuple[int, int]], *, outside: Key | None = None) -> Relation:
        """Parts that make the whole; `outside` names the slack where there may be any."""
        total = _total(terms, self.counts.true)
        if total < 0 or (total and outside is None):
            raise ValueError(f"this relation does not hold on the cells: {name}")
        if total and outside is not None:
            terms = [*terms, (self.counts.put(outside, total, name), -1)]
        return Relation(name, tuple(terms), True, 0)

    def floor(self, name: str, terms: list[tuple[int, int]], *, slack: bool = False) -> Relation:
        total = _total(terms, self.counts.true)
        if total < 0 and not slack:
            raise ValueError(f"this relation does not hold on the cells: {name}")
        return Relation(name, tuple(terms), False, min(0, total))

    def unique(
        self, name: str, whole: int, parts: list[int], *, complete: bool, slack: bool, loose: bool = False
    ) -> Iterator[Relation]:
        """Persons who may be in several parts: whole >= each part, and <= their sum when no part is missing.

        loose   a part may hold persons whom the whole does not: who moved or had a birthday between quarter and year
        """
        for part in parts:
            yield self.floor(f"{name}: the whole holds each part", [(whole, 1), (part, -1)], slack=loose)
        if complete and parts:
            terms = [(whole, -1), *((part, 1) for part in parts)]
            yield self.floor(f"{name}: the parts hold the whole", terms, slack=slack)


def _total(terms: Iterable[tuple[int, int]], true: Sequence[int] | NDArray[np.int64]) -> int:
    return int(sum(sign * int(true[at]) for at, sign in terms))


def _grouped(direct: dict[Key, int], field: str, rest: Callable[[Key], Key]) -> dict[Key, dict[str, int]]:
    groups: dict[Key, dict[str, int]] = {}
    for key, at in direct.items():
        groups.setdefault(rest(key), {})[getattr(key, field)] = at
    return {key: members for key, members in groups.items() if len(members) > 1}


def _by_area(
    direct: dict[Key, int], check: _Checked, sums: dict[str, bool], parents: dict[int, dict[str, str]]
) -> Iterator[Relation]:
    below = {year: _children(codes) for year, codes in parents.items()}
    for key, members in _grouped(direct, "area", lambda k: k._replace(area="")).items():
        tree = below.get(period_year(key.period))
        if tree is None:
            raise ValueError(f"areas: no division of {period_year(key.period)}, and {key.set} is counted then")
        for area, whole in members.items():
            parts, complete = _counted_below(area, tree, members)
            if parts:
                around = key._replace(area=area)
                yield from _area_relations(check, around, whole, parts, complete=complete, one_area=sums[key.set])


def _area_relations(
    check: _Checked, key: Key, whole: int, parts: list[int], *, complete: bool, one_area: bool
) -> Iterator[Relation]:
    name = f"areas below {key.area}, {key.set}, {key.period}"
    terms = [(whole, 1), *((part, -1) for part in parts)]
    if not one_area:
        yield from check.unique(name, whole, parts, complete=complete, slack=False)
    elif complete:
        yield check.fixed(name, terms, outside=key._replace(set=f"{key.set} outside the areas"))
    else:
        yield check.floor(name, terms)


def _children(codes: dict[str, str]) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for code, parent in sorted(codes.items()):
        below.setdefault(parent, []).append(code)
    return below


def _counted_below(area: str, tree: dict[str, list[str]], members: dict[str, int]) -> tuple[list[int], bool]:
    """The nearest counted areas below this one, and whether they cover it."""
    parts: list[int] = []
    complete = area in tree
    for child in tree.get(area, []):
        if child in members:
            parts.append(members[child])
        else:
            deeper, covered = _counted_below(child, tree, members)
            parts, complete = parts + deeper, complete and covered
    return parts, complete


def _by_age(direct: dict[Key, int], check: _Checked) -> Iterator[Relation]:
    for key, members in _grouped(direct, "age", lambda k: k._replace(age="")).items():
        for whole, parts, tiled, apart in nest_ages(tuple(sorted(members))):
            name = f"ages inside {whole}, {key.set}, {key.period}"
            inside = [(members[part], -1) for part in parts]
            if tiled:
                yield check.fixed(name, [(members[whole], 1), *inside])
            for terms in [] if tiled else [inside] if apart else [[term] for term in inside]:
                yield check.floor(name, [(members[whole], 1), *terms])


def _by_sex(direct: dict[Key, int], check: _Checked) -> Iterator[Relation]:
    for key, members in _grouped(direct, "sex", lambda k: k._replace(sex="")).items():
        if "all" not in members:
            continue
        name = f"sexes, {key.set}, {key.period}"
        terms = [(members["all"], 1), *((at, -1) for sex, at in sorted(members.items()) if sex != "all")]
        both = {"male", "female"} <= set(members)
        outside = key._replace(set=f"{key.set} outside the sexes", sex="all")
        yield check.fixed(name, terms, outside=outside) if both else check.floor(name, terms)


def _by_kind(direct: dict[Key, int], check: _Checked) -> Iterator[Relation]:
    for key, members in _grouped(direct, "kind", lambda k: k._replace(kind="")).items():
        if "all" in members:
            parts = [at for kind, at in sorted(members.items()) if kind != "all"]
            yield from check.unique(f"kinds, {key.set}, {key.period}", members["all"], parts, complete=True, slack=True)


def _by_period(direct: dict[Key, int], check: _Checked) -> Iterator[Relation]:
    for key, members in _grouped(direct, "period", lambda k: k._replace(period="")).items():
        for whole, parts, tiled in nest_periods(tuple(sorted(members))):
            inside = [members[part] for part in parts]
            yield from check.unique(
                f"periods inside {whole}, {key.set}", members[whole], inside, complete=tiled, slack=True, loose=True
            )
