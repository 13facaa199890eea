"""Earlier publications join the system: what was ever published stays known (docs/adr/0006).

A count that has the same value in two publications is one variable: whoever saw it once knows it in both. A count that
was revised is two variables, each with the relations of its own publication.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.protect.counts import Key, Relation
from pipelines.protect.dominance import widen
from pipelines.protect.system import System

KEYS = ["indicator", "area", "period", "age", "sex", "kind"]
NONE = -1


@dataclass(frozen=True, kw_only=True)
class Release:
    """What an earlier publication was made of and what it showed; as confidential as its cells.

    variables  set, area, period, age, sex, kind, true, told (was it shown), whole (the small public population that nearly
               all of are in it, else -1), superset, subset (places, else -1), rounded (was it shown in tens), share, slack, low and high (where one contributor dominates, else -1), least (1 where everybody knows that it
               is not 0): one row a count
    relations  relation, variable, sign, fixed, floor, name: one row a term
    hidden     indicator, area, period, age, sex, kind of the rows that were hidden
    """

    variables: pd.DataFrame
    relations: pd.DataFrame
    hidden: pd.DataFrame

    @cached_property
    def keys(self) -> list[Key]:
        """What each variable is about."""
        return [Key(*row) for row in self.variables[list(Key._fields)].itertuples(index=False, name=None)]

    @cached_property
    def linked(self) -> list[Relation]:
        """The relations again."""
        found: dict[int, Relation] = {}
        for at, variable, sign, fixed, floor, name in self.relations.itertuples(index=False, name=None):
            before = found[at].terms if at in found else ()
            found[at] = Relation(name, (*before, (variable, sign)), fixed, floor)
        return list(found.values())


def stack(system: System, earlier: Sequence[Release]) -> System:
    """The system together with those of earlier publications.

    returns  the same variables first, then those of earlier publications that had another value or are counted no more
    """
    pile = _Pile(system)
    for release in earlier:
        pile.add(release)
    return pile.system()


class _Pile:
    def __init__(self, system: System) -> None:
        self.first = system
        self.keys, self.true = list(system.keys), system.true.tolist()
        self.relations = list(system.relations)
        self.known = {_mark(relation.terms, relation) for relation in system.relations}
        self.place = {pair: at for at, pair in enumerate(zip(self.keys, self.true, strict=True))}
        self.complements, self.shares, self.slacks = dict(system.complements), set(system.shares), set(system.slacks)
        self.told: set[int] = set()
        self.wholes: dict[int, int] = {}
        self.at_least = set(system.known)
        self.dominated = dict(system.dominated)
        self.rounded: set[int] = set()

    def add(self, release: Release) -> None:
        places = [self._put(key, int(true)) for key, true in zip(release.keys, release.variables["true"], strict=True)]
        for at, row in zip(places, release.variables.itertuples(index=False), strict=True):
            self._describe(at, row, places)
        for relation in release.linked:
            terms = tuple((places[at], sign) for at, sign in relation.terms)
            mark = _mark(terms, relation)
            if mark not in self.known:
                self.known.add(mark)
                self.relations.append(relation._replace(terms=terms))

    def _put(self, key: Key, true: int) -> int:
        at = self.place.setdefault((key, true), len(self.keys))
        if at == len(self.keys):
            self.keys.append(key)
            self.true.append(true)
        return at

    def _describe(self, at: int, row: tuple[int, ...] | object, places: list[int]) -> None:
        superset, subset, whole = (int(getattr(row, name)) for name in ("superset", "subset", "whole"))
        self.told |= {at} if getattr(row, "told", False) else set()
        self.at_least |= {at} if getattr(row, "least", 0) else set()
        self.rounded |= {at} if getattr(row, "rounded", False) else set()
        low, high = int(getattr(row, "low", NONE)), int(getattr(row, "high", NONE))
        self.dominated = widen(self.dominated, {at: (low, high)} if high != NONE else {})
        if at < len(self.first.keys):
            return
        self.slacks |= {at} if getattr(row, "slack", False) else set()
        self.shares |= {at} if getattr(row, "share", False) else set()
        if superset != NONE:
            self.complements[at] = (places[superset], places[subset])
        if whole != NONE:
            self.wholes[at] = whole

    def system(self) -> System:
        told = self.told | {rest for rest, parts in self.complements.items() if set(parts) <= self.told}
        return replace(
            self.first,
            keys=tuple(self.keys),
            true=np.array(self.true, dtype=np.int64),
            relations=tuple(self.relations),
            complements=self.complements,
            shares=frozenset(self.shares),
            slacks=frozenset(self.slacks),
            told=frozenset(told),
            wholes=self.wholes,
            known=frozenset(self.at_least),
            dominated=self.dominated,
            rounded=frozenset(self.rounded),
        )


def _mark(terms: Iterable[tuple[int, int]], relation: Relation) -> tuple[frozenset[tuple[int, int]], bool, int]:
    return frozenset(terms), relation.fixed, relation.floor


def make_release(
    system: System,
    shown: Iterable[int],
    everybody: dict[int, int],
    hidden: pd.DataFrame,
    *,
    in_tens: frozenset[int] = frozenset(),
) -> Release:
    """What must be kept of a publication; `system` is its own, without earlier ones.

    shown    counts that it told; in_tens: counts that it showed rounded to tens
    """
    size = len(system.keys)
    told, rests = set(shown), [system.complements.get(at, (NONE, NONE)) for at in range(size)]
    told |= {at for at, parts in enumerate(rests) if set(parts) <= told}
    variables = pd.DataFrame(list(system.keys), columns=list(Key._fields)).assign(
        true=system.true,
        told=[at in told for at in range(size)],
        rounded=[at in in_tens for at in range(size)],
        whole=np.array([everybody.get(at, NONE) for at in range(size)], dtype=np.int64),
        superset=np.array([superset for superset, _ in rests], dtype=np.int64),
        subset=np.array([subset for _, subset in rests], dtype=np.int64),
        share=[at in system.shares for at in range(size)],
        slack=[at in system.slacks for at in range(size)],
        least=system.least,
        low=np.array([system.dominated.get(at, (NONE, NONE))[0] for at in range(size)], dtype=np.int64),
        high=np.array([system.dominated.get(at, (NONE, NONE))[1] for at in range(size)], dtype=np.int64),
    )
    return Release(variables=variables, relations=_terms(system.relations), hidden=hidden[KEYS].reset_index(drop=True))


def _terms(relations: Sequence[Relation]) -> pd.DataFrame:
    rows = [
        (at, variable, sign, relation.fixed, relation.floor, relation.name)
        for at, relation in enumerate(relations)
        for variable, sign in relation.terms
    ]
    return pd.DataFrame(rows, columns=["relation", "variable", "sign", "fixed", "floor", "name"])


def save_release(release: Release, folder: Path) -> None:
    """Keep it beside the cells, as three parquet files; the folder must stay as closed as the cells."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("variables", "relations", "hidden"):
        getattr(release, name).to_parquet(folder / f"release_{name}.parquet")


def load_release(folder: Path) -> Release | None:
    """Read what save_release wrote; None when it is not there."""
    names = ("variables", "relations", "hidden")
    if not all((folder / f"release_{name}.parquet").is_file() for name in names):
        return None
    return Release(**{name: pd.read_parquet(folder / f"release_{name}.parquet") for name in names})
