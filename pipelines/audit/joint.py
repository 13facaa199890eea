"""What lies under a published file: joint combinations of bottom codes, and the cells that each of them counts in.

A code may stand under several others (a neighbourhood in a district and in a police team): it counts all leaves below
it, each once. Leaves that nothing published tells apart are one joint code.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipelines.errors import ContractError

Ints = NDArray[np.int64]
MOST = 10_000_000.0
MOST_ENTRIES, TOGETHER = 400_000_000, 4_000_000
TOTAL = "Total"


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One dimension of a published file.

    place     of each code that counts in one joint code
    under     per published code the joint codes below it
    families  published codes that add up to another: (whole, parts)
    size      how many joint codes there are
    rest      the joint code of codes that nothing names, -1 when there is none
    """

    name: str
    place: Mapping[str, int]
    under: Mapping[str, Ints]
    families: tuple[tuple[str, tuple[str, ...]], ...]
    size: int
    rest: int = -1


def read_axis(published: pd.Series, links: pd.DataFrame | None) -> Axis:
    """The dimension of this column; links is its hierarchy, child and parent.

    raises  ContractError when the hierarchy lacks a published code or goes round
    """
    name, codes = str(published.name), set(published.unique())
    if links is None:
        return _flat(name, sorted(codes - {TOTAL}))
    strange = codes - set(links["child"]) - set(links["parent"])
    if strange:
        raise ContractError(f"hierarchy of {name}: {len(strange)} published codes are not in it")
    above = _above(links, name)
    inner = set(links["parent"])
    below: dict[str, set[str]] = {code: set() for code in above}
    for leaf in sorted(set(above) - inner):
        for code in above[leaf]:
            below[code].add(leaf)
    kind = _kinds(above, inner, codes)
    joint = {code: {kind[leaf] for leaf in leaves} for code, leaves in below.items()}
    return Axis(
        name=name,
        place={code: next(iter(places)) for code, places in joint.items() if len(places) == 1},
        under={code: np.array(sorted(joint[code]), dtype=np.int64) for code in codes},
        families=tuple(_families(links, below, codes)),
        size=len(set(kind.values())),
    )


def _flat(name: str, codes: list[str]) -> Axis:
    everything = np.arange(max(len(codes), 1))
    return Axis(
        name=name,
        place={code: at for at, code in enumerate(codes)},
        under={TOTAL: everything, **{code: everything[at : at + 1] for at, code in enumerate(codes)}},
        families=((TOTAL, tuple(codes)),) if codes else (),
        size=len(everything),
        rest=-1 if codes else 0,
    )


def _above(links: pd.DataFrame, name: str) -> dict[str, set[str]]:
    """Every code with itself and all codes above it."""
    parents: dict[str, list[str]] = {code: [] for code in links["parent"]}
    children: dict[str, list[str]] = {}
    for child, parent in zip(links["child"], links["parent"], strict=True):
        parents.setdefault(child, []).append(parent)
        children.setdefault(parent, []).append(child)
    open_parents = {code: len(ups) for code, ups in parents.items()}
    waiting = [code for code, number in open_parents.items() if not number]
    above: dict[str, set[str]] = {}
    while waiting:
        code = waiting.pop()
        above[code] = {code}.union(*(above[up] for up in parents[code]))
        for child in children.get(code, ()):
            open_parents[child] -= 1
            if not open_parents[child]:
                waiting.append(child)
    if len(above) < len(parents):
        raise ContractError(f"hierarchy of {name}: goes round in a circle\nEvery code leads up to the total")
    return above


def _kinds(above: Mapping[str, set[str]], inner: set[str], published: set[str]) -> dict[str, int]:
    """Leaves by the published codes above them."""
    seen: dict[frozenset[str], int] = {}
    leaves = sorted(set(above) - inner)
    return {leaf: seen.setdefault(frozenset(above[leaf] & published), len(seen)) for leaf in leaves}


def _families(
    links: pd.DataFrame, below: Mapping[str, set[str]], published: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Published children that share nothing and together hold all that their parent holds."""
    for parent, group in links.groupby("parent", sort=True):
        children = [code for code in group["child"] if code in published]
        found = set()
        for first in children if parent in published else []:
            family, held = [first], set(below[first])
            for other in children:
                if not held & below[other]:
                    family.append(other)
                    held |= below[other]
            if held == below[str(parent)]:
                found.add(tuple(sorted(family)))
        yield from ((str(parent), family) for family in sorted(found))


def build_sums(codes: pd.DataFrame, axes: tuple[Axis, ...], file: Path) -> csr_array:
    """Published cells x joint combinations: which of them each cell counts.

    raises  ContractError when that is more than fits in memory
    """
    if np.prod([float(axis.size) for axis in axes]) > MOST:
        raise ContractError(f"{file.name}: too many joint combinations to attack")
    lines = [_lines(codes[axis.name], axis) for axis in axes]
    widths = np.prod([ends[at + 1] - ends[at] for at, ends, _ in lines], axis=0)
    ends = np.concatenate([[0], np.cumsum(widths)])
    if ends[-1] > MOST_ENTRIES:
        raise ContractError(f"{file.name}: too many cells and joint combinations to attack")
    cuts = np.unique(np.searchsorted(ends, np.arange(0, ends[-1] + TOGETHER, TOGETHER)).clip(0, len(codes)))
    parts = [_columns(np.arange(start, stop), lines, axes) for start, stop in itertools.pairwise(cuts)]
    flat = np.concatenate([np.zeros(0, dtype=np.int32), *parts])
    size = int(np.prod([axis.size for axis in axes]))
    return csr_array((np.ones(len(flat), dtype=np.int8), flat, ends), shape=(len(codes), size))


def _lines(column: pd.Series, axis: Axis) -> tuple[Ints, Ints, Ints]:
    """Which code each row holds; where the joint codes of each code end; those joint codes."""
    at, names = pd.factorize(column)
    held = [axis.under[str(name)] for name in names]
    return at, np.cumsum([0, *(len(places) for places in held)]), np.concatenate([np.zeros(0, dtype=np.int64), *held])


def _columns(rows: Ints, lines: list[tuple[Ints, Ints, Ints]], axes: tuple[Axis, ...]) -> NDArray[np.int32]:
    """The joint combinations of these rows, one after another."""
    columns = np.zeros(len(rows), dtype=np.int64)
    for (at, ends, places), axis in zip(lines, axes, strict=True):
        start, held = ends[at[rows]], ends[at[rows] + 1] - ends[at[rows]]
        within = np.arange(int(held.sum())) - np.repeat(np.cumsum(held) - held, held)
        columns = np.repeat(columns, held) * axis.size + places[np.repeat(start, held) + within]
        rows = np.repeat(rows, held)
    return columns.astype(np.int32)
