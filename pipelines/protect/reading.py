"""Reads a frequency table and its hierarchies; refuses what it cannot be sure of.

A message names file, line, column and rule; never a count.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.errors import ContractError
from pipelines.protect.groupings import find_groupings
from pipelines.protect.tables import Ints, Tree

FLAT_ROOT = "Total"
RESERVED = {"count", "status"}


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A frequency table; leaves are places in the trees, each combination once."""

    trees: tuple[Tree, ...]
    leaves: Ints
    counts: Ints


def read_cells(file: Path, count: str, hierarchies: Mapping[str, Sequence[Path]]) -> Cells:
    """The table in a CSV file: one column per dimension with leaf codes, and the column of counts.

    raises  ContractError on an unknown column or code, a repeated combination, a count that is not whole
    """
    table = _read_csv(file)
    if count not in table:
        raise ContractError(f"{file.name}: no column {count}\nName the column of counts with --count")
    names = [name for name in table.columns if name != count]
    _check_names(file, names, hierarchies)
    counts = _whole_counts(file, table[count])
    trees = [
        read_tree(name, *hierarchies[name]) if name in hierarchies else _flat(file, name, table[name]) for name in names
    ]
    leaves = np.stack([_leaf_places(file, tree, table[tree.name]) for tree in trees], axis=1)
    _refuse_repeats(file, table[names])
    return Cells(trees=tuple(trees), leaves=leaves, counts=counts)


def read_tree(name: str, file: Path, *more: Path) -> Tree:
    """The hierarchy of one dimension: a CSV file with columns child and parent, or one for each way to group."""
    table = pd.concat([_read_links(one) for one in (file, *more)], ignore_index=True).drop_duplicates()
    if table.empty:
        raise ContractError(f"{file.name}: no rows\nGive each code below the root its parent")
    parents: dict[str, list[str]] = {}
    for child, parent in zip(table["child"], table["parent"], strict=True):
        parents.setdefault(child, []).append(parent)
    roots = sorted(set(table["parent"]) - set(parents))
    if len(roots) != 1:
        what = "goes round in a circle" if not roots else f"has {len(roots)} roots"
        raise ContractError(f"{file.name}: the hierarchy of {name} {what}\nOne code, the total, is nobody's child")
    return _grow(name, roots[0], parents, file)


def _read_links(file: Path) -> pd.DataFrame:
    table = _read_csv(file)
    if list(table.columns) != ["child", "parent"]:
        raise ContractError(f"{file.name}: the header must be child,parent")
    for column in table:
        _refuse(file, str(column), table[column] == "", "a code")
    _refuse(file, "child", table.duplicated(), "each child and parent once")
    return table


def _grow(name: str, root: str, parents: Mapping[str, list[str]], file: Path) -> Tree:
    """Codes in an order in which all parents of a code come before it."""
    below: dict[str, list[str]] = {}
    for child, ups in parents.items():
        for up in ups:
            below.setdefault(up, []).append(child)
    missing = {child: len(ups) for child, ups in parents.items()}
    codes: list[str] = []
    waiting = [root]
    while waiting:
        codes.append(waiting.pop())
        for child in reversed(below.get(codes[-1], [])):
            missing[child] -= 1
            if not missing[child]:
                waiting.append(child)
    if len(codes) != len(parents) + 1:
        raise ContractError(
            f"{file.name}: the hierarchy of {name} goes round in a circle\nEvery code leads up to the total"
        )
    place = {code: at for at, code in enumerate(codes)}
    ups_of = [[], *([place[up] for up in parents[code]] for code in codes[1:])]
    ways = find_groupings(name, ups_of)
    depths = np.stack([np.where(way.depth < 0, len(codes), way.depth) for way in ways])
    return Tree(
        name=name,
        codes=tuple(codes),
        parent=np.array([-1, *(ups[0] for ups in ups_of[1:])]),
        depth=depths.min(axis=0),
        groupings=ways if len(ways) > 1 else (),
    )


def read_tables(plans: Sequence[str], trees: Sequence[Tree]) -> list[list[int]]:
    """The depth per dimension of each published table; without any, one table with everything.

    raises  ContractError on an unknown dimension, or a depth that its hierarchy does not have
    """
    if not plans:
        return [[tree.height for tree in trees]]
    return [_read_plan(plan, {tree.name: tree.height for tree in trees}) for plan in plans]


def _read_plan(plan: str, heights: Mapping[str, int]) -> list[int]:
    depths = dict.fromkeys(heights, 0)
    seen: set[str] = set()
    for part in filter(None, (part.strip() for part in plan.split(","))):
        name, _, depth = (word.strip() for word in part.partition("="))
        if name not in heights or name in seen:
            raise ContractError(f'--publish "{plan}": {name} is {"named twice" if name in seen else "no dimension"}')
        if not depth.isdecimal() or int(depth) > heights[name]:
            raise ContractError(f'--publish "{plan}": the depth of {name} must be 0 to {heights[name]}')
        seen.add(name)
        depths[name] = int(depth)
    return list(depths.values())


def read_hierarchies(given: Sequence[str]) -> dict[str, list[Path]]:
    """DIM=FILE; a dimension that is grouped in several ways may have a file for each."""
    found: dict[str, list[Path]] = {}
    for one in given:
        name, sign, file = one.partition("=")
        if not sign or not name or not file or Path(file) in found.get(name, []):
            raise ContractError(f"--hierarchy {one}: write DIM=FILE, each file once")
        found.setdefault(name, []).append(Path(file))
    return found


def _read_csv(file: Path) -> pd.DataFrame:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = lines.readline()
        separator = ";" if ";" in header and "," not in header else ","
        names = [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
        table = pd.read_csv(
            file, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
    except FileNotFoundError:
        raise ContractError(f"{file.name}: no such file") from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, OSError, csv.Error) as error:
        raise ContractError(f"{file.name}: not a CSV file in UTF-8 ({type(error).__name__})") from None
    if "" in names or len(set(names)) < len(names):
        what = "a column has no name" if "" in names else "two columns have the same name"
        raise ContractError(f"{file.name}: line 1: {what}\nGive each column a name of its own")
    while len(table) and not table.iloc[-1].fillna("").str.strip().any():
        table = table.iloc[:-1]  # empty lines at the end
    if not isinstance(table.index, pd.RangeIndex) or table.isna().any(axis=None):
        raise ContractError(f"{file.name}: rows do not have as many columns as the header")
    return pd.DataFrame({name: table[column].str.strip() for name, column in zip(names, table.columns, strict=True)})


def _check_names(file: Path, names: list[str], hierarchies: Mapping[str, Sequence[Path]]) -> None:
    if not names:
        raise ContractError(f"{file.name}: no dimensions\nGive one column per dimension beside the counts")
    if taken := sorted(RESERVED & set(names)):
        raise ContractError(f"{file.name}: a dimension cannot be called {', '.join(taken)}; rename the column")
    if unknown := sorted(set(hierarchies) - set(names)):
        raise ContractError(f"--hierarchy: {file.name} has no column {', '.join(unknown)}")


def _whole_counts(file: Path, column: pd.Series) -> Ints:
    _refuse(
        file, str(column.name), ~column.str.fullmatch(r"\d{1,12}"), "a whole number of 0 or more, in at most 12 digits"
    )
    return np.asarray(column.astype("int64"), dtype=np.int64)


def _flat(file: Path, name: str, column: pd.Series) -> Tree:
    _refuse(file, name, column == "", "a code")
    _refuse(file, name, column == FLAT_ROOT, f"a leaf; {FLAT_ROOT} is the name of the total")
    codes = sorted(column.unique())
    return Tree(
        name=name,
        codes=(FLAT_ROOT, *codes),
        parent=np.array([-1] + [0] * len(codes)),
        depth=np.array([0] + [1] * len(codes)),
    )


def _leaf_places(file: Path, tree: Tree, column: pd.Series) -> Ints:
    places = column.map(tree.place)
    _refuse(file, tree.name, places.isna(), "a code of the hierarchy")
    found = np.asarray(places, dtype=np.int64)
    _refuse(file, tree.name, ~np.isin(found, tree.leaves), "a leaf of the hierarchy, no code with codes below it")
    return found


def _refuse_repeats(file: Path, names: pd.DataFrame) -> None:
    repeated = names.duplicated()
    if repeated.any():
        raise ContractError(
            f"{file.name}: {int(repeated.sum())} rows repeat an earlier combination, first at line"
            f" {int(np.argmax(repeated)) + 2}\nAdd them up, or give each combination once"
        )


def _refuse(file: Path, column: str, wrong: pd.Series | NDArray[np.bool_], rule: str) -> None:
    bad = np.asarray(wrong, dtype=bool)
    if bad.any():
        raise ContractError(
            f"{file.name}: {column}: {int(bad.sum())} rows, first at line {int(bad.argmax()) + 2}; rule: {rule}"
        )
