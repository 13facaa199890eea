"""Every relation between the counts, as an outsider knows them; what does not hold on the true values is refused."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.counts import Counts, Key, Relation
from pipelines.protect.links import Links
from pipelines.protect.nesting import nest_ages, nest_periods, period_year


def relate(
    counts: Counts,
    complements: dict[int, tuple[int, int]],
    links: Links,
    sums: dict[str, bool],
    parents: dict[int, dict[str, str]],
) -> Iterator[Relation]:
    """Every relation between these counts.

    complements  rest -> (superset, subset)
    sums         set -> whether everybody in it has one area
    parents      year -> area -> parent
    raises       ValueError naming the relation that does not hold
    """
    direct = {key: at for at, key in enumerate(counts.keys) if at not in complements}
    check = _Checked(counts)
    for rest, (superset, subset) in complements.items():
        yield check.fixed(counts.keys[rest].set, [(superset, 1), (subset, -1), (rest, -1)])
    yield from _by_area(direct, check, sums, parents)
    yield from _by_age(direct, check)
    yield from _by_sex(direct, check)
    yield from _by_kind(direct, check, links.adds_up)
    yield from _by_period(direct, check)
    yield from _by_bound(direct, check, links.bounds)
    yield from _by_flow(direct, check)


@dataclass(frozen=True)
class _Checked:
    """Makes relations and refuses what does not hold on the true values."""

    counts: Counts

    def fixed(self, name: str, terms: list[tuple[int, int]], *, outside: Key | None = None) -> Relation:
        """Parts that make the whole; `outside` names the slack where there may be any."""
        rest = total(terms, self.counts.true)
        if rest < 0 or (rest and outside is None):
            raise ValueError(f"this relation does not hold on the cells: {name}")
        if rest and outside is not None:
            terms = [*terms, (self.counts.put(outside, rest, name), -1)]
        return Relation(name, tuple(terms), True, 0)

    def floor(self, name: str, terms: list[tuple[int, int]], *, slack: bool = False) -> Relation:
        rest = total(terms, self.counts.true)
        if rest < 0 and not slack:
            raise ValueError(f"this relation does not hold on the cells: {name}")
        return Relation(name, tuple(terms), False, min(0, rest))

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


def total(terms: Iterable[tuple[int, int]], true: Sequence[int] | NDArray[np.int64]) -> int:
    """The sum of sign x count."""
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


def _by_kind(direct: dict[Key, int], check: _Checked, adds_up: set[str]) -> Iterator[Relation]:
    for key, members in _grouped(direct, "kind", lambda k: k._replace(kind="")).items():
        if "all" not in members:
            continue
        name = f"kinds, {key.set}, {key.period}"
        parts = [at for kind, at in sorted(members.items()) if kind != "all"]
        if key.set in adds_up:
            yield check.fixed(name, [(members["all"], 1), *((part, -1) for part in parts)])
        else:
            yield from check.unique(name, members["all"], parts, complete=True, slack=True)


def _by_period(direct: dict[Key, int], check: _Checked) -> Iterator[Relation]:
    for key, members in _grouped(direct, "period", lambda k: k._replace(period="")).items():
        for whole, parts, tiled in nest_periods(tuple(sorted(members))):
            inside = [members[part] for part in parts]
            yield from check.unique(
                f"periods inside {whole}, {key.set}", members[whole], inside, complete=tiled, slack=True, loose=True
            )


def _by_bound(direct: dict[Key, int], check: _Checked, bounds: list[dict[str, int]]) -> Iterator[Relation]:
    for bound in bounds:
        first, *others = bound
        for key in [key for key in direct if key.set == first]:
            keys = [key._replace(set=name) for name in (first, *others)]
            if all(one in direct for one in keys):
                terms = [(direct[one], bound[one.set]) for one in keys]
                yield check.floor(f"bound of {', '.join(bound)}, {key.period}", terms)


def _by_flow(direct: dict[Key, int], check: _Checked) -> Iterator[Relation]:
    """The stock at the end of a year is that of the year before, plus who came (`in:`), minus who went (`out:`)."""
    for key in [key for key in direct if len(key.period) == 4]:
        before = key._replace(period=str(int(key.period) - 1))
        came, went = (key._replace(set=f"{way}:{key.set}") for way in ("in", "out"))
        terms = ((before, 1), (came, 1), (went, -1), (key, -1))
        if all(one in direct for one, _ in terms):
            yield check.fixed(
                f"stock and flow of {key.set}, {key.period}", [(direct[one], sign) for one, sign in terms]
            )
