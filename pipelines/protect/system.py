"""From cells to one system: each person count that can be seen or computed once, and every relation between them.

Two rows may show the same count (ages 12-17 of one indicator inside 12-22 of another): they are one variable.
The rest of a set inside its superset (the complement) is a variable too, because an attacker subtracts.
Slack (persons whose neighbourhood or sex is unknown) is published nowhere: it is a variable that may move, at a
high price. Most witnesses leave it alone, and those also fool an attacker who knows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.protect.counts import ABSENT, Counts, Key, Relation, Rows, sensitive
from pipelines.protect.links import Links
from pipelines.protect.relations import relate, total

__all__ = ["ABSENT", "Key", "Relation", "Rows", "System", "build_system", "sensitive"]


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
    told: frozenset[int] = frozenset()  # shown by an earlier publication: nobody can be made to forget them
    wholes: dict[int, int] = field(default_factory=dict)  # counted before: the public population nearly all of is in it
    known: frozenset[int] = frozenset()  # everybody knows that these are at least 1 (see zeros.py)
    rounded: frozenset[int] = frozenset()  # shown, rounded to tens, by an earlier publication
    dominated: dict[int, tuple[int, int]] = field(default_factory=dict)  # values that must stay possible (dominance.py)
    still: frozenset[int] = frozenset()  # zeros that are always shown, and what is shown with them

    @cached_property
    def touching(self) -> list[list[tuple[int, int]]]:
        """For each variable its (relation, sign) pairs."""
        pairs: list[list[tuple[int, int]]] = [[] for _ in self.keys]
        for place, relation in enumerate(self.relations):
            for variable, sign in relation.terms:
                pairs[variable].append((place, sign))
        return pairs

    @cached_property
    def least(self) -> NDArray[np.int64]:
        """What everybody knows each count to be at least."""
        return np.array([int(at in self.known) for at in range(len(self.keys))], dtype=np.int64)

    @cached_property
    def room(self) -> list[int]:
        """For each relation how far its sum may still fall (0 where it is fixed)."""
        return [0 if r.fixed else total(r.terms, self.true) - r.floor for r in self.relations]


def build_system(cells: pd.DataFrame, measures: pd.DataFrame, areas: pd.DataFrame) -> System:
    """The system behind the rows that count persons.

    cells, measures, areas  see protect()
    raises  ValueError when one count has two values, a count is not whole, or a relation does not hold;
            it names indicators and relations, never a count
    """
    counts = Counts()
    rows = counts.read(cells, measures)
    parents = _parents(areas)
    links = Links.read(sensitive(measures).itertuples())
    complements, shares = _complements(counts, links)
    first_slack = len(counts.keys)
    relations = tuple(relate(counts, complements, links, _sums_over_areas(measures), parents))
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


def find_limits(system: System, measures: pd.DataFrame, threshold: int) -> NDArray[np.int64]:
    """The threshold of each variable: the highest of the indicators that count its set, for a rest of both its parts.

    measures  column threshold when an agreement asks for more than `threshold`
    """
    by_set = set_limits(measures)
    limits = np.array([max(threshold, by_set.get(key.set, 0)) for key in system.keys], dtype=np.int64)
    for rest, parts in system.complements.items():
        limits[rest] = max(limits[list(parts)])
    return limits


def set_limits(measures: pd.DataFrame) -> dict[str, int]:
    """The threshold that each set was given; empty when no indicator names one."""
    found: dict[str, int] = {}
    told = sensitive(measures)
    for column in ("numerator_set", "denominator_set") if "threshold" in told else ():
        for name, limit in zip(told[column], told["threshold"].tolist(), strict=True):
            if isinstance(name, str):
                found[name] = max(int(limit), found.get(name, 0))
    return found


def _parents(areas: pd.DataFrame) -> dict[int, dict[str, str]]:
    lower = areas[areas["parent"].notna()]
    parents: dict[int, dict[str, str]] = {int(year): {} for year in areas["year"].unique()}
    for year, code, parent in zip(lower["year"], lower["code"], lower["parent"], strict=True):
        parents[int(year)][str(code)] = str(parent)
    return parents


def _sums_over_areas(measures: pd.DataFrame) -> dict[str, bool]:
    """Per set whether each one counted has one area (home, place) or may have several (offence, school)."""
    geography: dict[str, str] = {}
    for row in sensitive(measures).itertuples():
        for name in (row.numerator_set, row.denominator_set):
            if isinstance(name, str) and geography.setdefault(name, str(row.geography)) != row.geography:
                raise ValueError(f"{row.id}: set {name} is counted by two geographies; give each its own name")
    return {name: place in {"home", "place"} for name, place in geography.items()}


def _complements(counts: Counts, links: Links) -> tuple[dict[int, tuple[int, int]], frozenset[int]]:
    complements: dict[int, tuple[int, int]] = {}
    shares = set()
    for subset, key in enumerate(list(counts.keys)):
        for outer, share in sorted(_supersets(key, counts, links).items()):
            superset = counts.index[outer]
            rest = counts.true[superset] - counts.true[subset]
            if rest < 0:
                raise ValueError(
                    f"{key.set} is larger than {outer.set} around it in {key.period} ({counts.source[subset]})"
                )
            at = counts.put(key._replace(set=_rest_name(outer, key)), rest, counts.source[subset])
            complements[at] = (superset, subset)
            shares |= {at} if share else set()
    return complements, frozenset(shares)


def _supersets(key: Key, counts: Counts, links: Links) -> dict[Key, bool]:
    """The nearest set around this one that is counted here, and the others that hold it; True for a share of it."""
    parts = key.set.split(".")
    around = [key._replace(set=".".join(parts[:size])) for size in range(len(parts) - 1, 0, -1)]
    nearest = dict.fromkeys([outer for outer in around if outer in counts.index][:1], False)
    for outer, share in _held(key, links):
        if outer in counts.index and outer != key:
            nearest[outer] = nearest.get(outer, False) or share
    return nearest


def _held(key: Key, links: Links) -> Iterator[tuple[Key, bool]]:
    for name, kind, area, share in links.held(key.set, key.kind):
        if not area:
            yield key._replace(set=name, kind=kind), share
        elif key.area.startswith("RG"):
            yield key._replace(set=name, kind=kind, area=area), share


def _rest_name(outer: Key, inner: Key) -> str:
    where = "" if (outer.kind, outer.area) == (inner.kind, inner.area) else f" ({outer.area}, {outer.kind})"
    return f"{outer.set}{where} minus {inner.set}"
