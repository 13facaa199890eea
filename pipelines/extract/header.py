"""Where the header is and what its columns are called: below titles, over two lines, under a known other name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipelines.contract import Column, Contract, match_columns, plain_header
from pipelines.errors import ContractError
from pipelines.extract.rows import name_columns, unreadable

SEARCH_LINES = 40  # a header stands within the first lines of a file


@dataclass(frozen=True, kw_only=True)
class Header:
    """A header that was found.

    names  one name per column, none twice; empty cells at the end are left out
    first  index of its first line
    last   index of its last line: rows begin after it
    notes  what had to be assumed, in Dutch
    """

    names: list[str]
    first: int
    last: int
    notes: tuple[str, ...]


def find_header(lines: Iterable[Sequence[str]], contract: Contract) -> int | None:
    """Index of the line that holds most columns of the contract (at least two thirds of the required ones)."""
    best, place = 0, None
    for index, cells in enumerate(lines):
        found = len(match_columns(contract, [str(cell) for cell in cells]))
        if found > best:
            best, place = found, index
    return place if _is_enough(best, contract) else None


def locate_header(lines: Sequence[Sequence[str]], contract: Contract) -> Header | None:
    """The header among the first lines: one line, or two of which the upper one names groups (merged cells)."""
    place = find_header(lines, contract)
    known = {plain_header(name) for column in contract.columns for name in _names(column)}
    pairs = [_join(upper, lower, known) for upper, lower in pairwise(lines)]
    pair = find_header(pairs, contract)
    alone = _count(lines[place], contract) if place is not None else 0
    if pair is not None and _count(pairs[pair], contract) > alone:
        return _make(pairs[pair], pair, pair + 1, contract, "kopregel over twee regels")
    if place is None:
        return None
    repeated = place + 1 < len(lines) and find_header([lines[place + 1]], contract) == 0
    note = "kopregel staat er twee keer" if repeated else ""
    return _make(lines[place], place, place + repeated, contract, note)


def no_header(file: Path, contract: Contract) -> ContractError:
    """The refusal of a file in which no header was found."""
    wanted = ", ".join(_agreed(column)[0] for column in contract.columns if column.required)
    return unreadable(file, contract, f"no header found in the first {SEARCH_LINES} lines; expected: {wanted}")


def tell_aliases(contract: Contract, names: list[str]) -> str:
    """Which columns came under another name than agreed, in Dutch; '' when none did."""
    told = []
    for name, delivered in match_columns(contract, names).items():
        agreed = _agreed(contract.column(name))
        if plain_header(delivered) not in {plain_header(one) for one in agreed}:
            told.append(f"'{delivered}' voor '{agreed[0]}'")
    return "andere kolomnaam: " + ", ".join(told) if told else ""


def _make(cells: Sequence[str], first: int, last: int, contract: Contract, note: str) -> Header:
    filled = [str(cell).strip() for cell in cells]
    while filled and not filled[-1]:
        filled.pop()
    names = name_columns(filled)
    notes = (note, tell_aliases(contract, names))
    return Header(names=names, first=first, last=last, notes=tuple(one for one in notes if one))


def _join(upper: Sequence[str], lower: Sequence[str], known: set[str]) -> list[str]:
    """Two lines as one: below a merged cell the group is repeated; the reading that the contract knows is taken."""
    joined, group = [], ""
    for n in range(max(len(upper), len(lower))):
        above, below = (str(line[n]).strip() if n < len(line) else "" for line in (upper, lower))
        group = above or (group if below else "")
        readings = (f"{group} {below}".strip(), group + below, below, group)
        joined.append(next((one for one in readings if one and plain_header(one) in known), readings[0]))
    return joined


def _names(column: Column) -> tuple[str, ...]:
    return (column.name, *column.headers, *column.aliases)


def _agreed(column: Column) -> tuple[str, ...]:
    return column.headers or (column.name,)


def _count(cells: Sequence[str], contract: Contract) -> int:
    return len(match_columns(contract, [str(cell) for cell in cells]))


def _is_enough(found: int, contract: Contract) -> bool:
    return found * 3 >= sum(column.required for column in contract.columns) * 2
