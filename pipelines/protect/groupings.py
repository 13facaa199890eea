"""Codes that stand under several others: the same leaves grouped in more than one way.

A neighbourhood may lie in a district and in a police team. Each way to group is a tree over the same codes; a code counts
all leaves below it, each once. Children of one code are split in families that share no leaf; a family that holds all
leaves of the code adds up to it. Every family is in at least one tree.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import ContractError

Ints = NDArray[np.int64]
MOST_TREES, MOST_STEPS = 50, 20_000


class Grouping(NamedTuple):
    """One tree over the codes of a dimension.

    parent  place of the parent; -1 for the root and for codes that are not in this tree
    depth   0 for the root, -1 for codes that are not in this tree
    whole   codes whose children in this tree add up to them
    """

    parent: Ints
    depth: Ints
    whole: NDArray[np.bool_]


class Family(NamedTuple):
    """Children of one code that share no leaf."""

    members: tuple[int, ...]
    whole: bool


def find_groupings(name: str, parents: Sequence[Sequence[int]]) -> tuple[Grouping, ...]:
    """All ways to group, as few trees as hold every family.

    parents  of each code, which come before it; the first code is the root
    raises   ContractError when there are too many
    """
    children: list[list[int]] = [[] for _ in parents]
    for code, ups in enumerate(parents):
        for up in ups:
            children[up].append(code)
    masks = _masks(children)
    families = [list(_families(masks, masks[code], below)) for code, below in enumerate(children)]
    unused = {(code, at) for code, some in enumerate(families) for at in range(len(some))}
    found: list[Grouping] = []
    while unused or not found:
        if len(found) == MOST_TREES:
            raise ContractError(
                f"hierarchy of {name}: more than {MOST_TREES} ways to group the same codes\nLeave some out"
            )
        grouping, used = _grow(families, _gains(families, unused))
        found.append(grouping)
        unused -= used
    return tuple(found)


def _masks(children: list[list[int]]) -> list[int]:
    """The leaves under each code, as bits."""
    masks, bit = [0] * len(children), 1
    for code in reversed(range(len(children))):
        for child in children[code]:
            masks[code] |= masks[child]
        if not children[code]:
            masks[code], bit = bit, bit << 1
    return masks


def _families(masks: list[int], whole: int, children: list[int]) -> Iterator[Family]:
    """Every child in at least one family; those that hold everything where there are such."""
    done: set[int] = set()
    if children and sum(masks[child].bit_count() for child in children) == whole.bit_count():
        yield Family(tuple(children), whole=True)  # one way to group, as nearly always
        return
    for child in children:
        if child in done:
            continue
        members = _cover(masks, whole, children, child)
        if members is None:
            members, held = [child], masks[child]
            for other in children:
                if other not in done and not masks[other] & held:
                    members.append(other)
                    held |= masks[other]
            yield Family(tuple(sorted(members)), whole=held == whole)
        else:
            yield Family(tuple(sorted(members)), whole=True)
        done |= set(members)


def _cover(masks: list[int], whole: int, children: list[int], first: int) -> list[int] | None:
    """Children, this one among them, that share nothing and hold everything; None when none are found."""
    waiting = [([first], masks[first])]
    for _ in range(MOST_STEPS):
        if not waiting:
            return None
        members, held = waiting.pop()
        if held == whole:
            return members
        missing = whole & ~held
        lowest = missing & -missing
        fits = [child for child in children if masks[child] & lowest and not masks[child] & held]
        waiting += [([*members, child], held | masks[child]) for child in reversed(fits)]
    return None


def _gains(families: list[list[Family]], unused: set[tuple[int, int]]) -> list[list[int]]:
    """Per code and family how many unused families a tree can hold from there down."""
    gains: list[list[int]] = [[] for _ in families]
    for code in reversed(range(len(families))):
        gains[code] = [
            ((code, at) in unused) + sum(max(gains[child], default=0) for child in family.members)
            for at, family in enumerate(families[code])
        ]
    return gains


def _grow(families: list[list[Family]], gains: list[list[int]]) -> tuple[Grouping, set[tuple[int, int]]]:
    """The tree that holds most unused families."""
    size = len(families)
    parent, depth = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    whole, used = np.zeros(size, dtype=bool), set()
    depth[0] = 0
    for code in range(size):
        if depth[code] >= 0 and families[code]:
            at = gains[code].index(max(gains[code]))
            family = families[code][at]
            used.add((code, at))
            whole[code] = family.whole
            parent[list(family.members)], depth[list(family.members)] = code, depth[code] + 1
    return Grouping(parent, depth, whole), used
