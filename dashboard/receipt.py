"""A short code on every exported figure, and on every set of figures: enough to ask later whether it still holds.

A code is made of the publication and the key of the figure, never of its value: it tells nothing about a hidden one.
Nine signs of 32 and a check sign; the check finds every single wrong sign and every two neighbours swapped.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from dashboard.format import is_known
from dashboard.rows import FIGURE_KEY, Row

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O or U to be misread
ALIKE: Final = str.maketrans("ILO", "110")
LENGTH: Final = 10
CARRIED: Final = "carried over"


def figure_receipt(build: str, row: Row) -> str:
    """'K7M4Q-2XW9D' for one figure of one publication.

    row  with the key of a figure; `was`: the code it was published under, when the area has another one now;
         `estimated` is known when it was carried over to the areas of now
    """
    return _write(receipt_number(build, row))


def make_receipt(build: str, indicator: str, area: str, period: str, age: str, sex: str, kind: str) -> str:
    """The same code from the parts of a key."""
    return figure_receipt(build, dict(zip(FIGURE_KEY, (indicator, area, period, age, sex, kind), strict=True)))


def receipt_number(build: str, row: Row) -> int:
    """The same code as a number below 2^45."""
    carried = CARRIED if is_known(row.get("estimated")) else ""
    area = row["was"] if is_known(row.get("was")) else row["area"]
    key = {**{name: str(row[name]) for name in FIGURE_KEY}, "area": str(area)}
    return _number("figure", build, *key.values(), carried)


def list_receipts(build: str, figures: pd.DataFrame) -> list[str]:
    """The code of every row."""
    names = [name for name in (*FIGURE_KEY, "estimated", "was") if name in figures]
    columns = (figures[name].tolist() for name in names)
    return [figure_receipt(build, dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def set_receipt(build: str, receipts: Iterable[str]) -> str:
    """One code for a set of figures, whatever their order."""
    return _write(_number("set", build, *sorted(set(receipts))))


def _number(*parts: str) -> int:
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=6).digest()
    return int.from_bytes(digest) >> 3


def _write(bits: int) -> str:
    places = [(bits >> (5 * place)) & 31 for place in reversed(range(LENGTH - 1))]
    code = "".join(SIGNS[place] for place in [*places, _check(places)])
    return f"{code[:5]}-{code[5:]}"


def _check(places: Sequence[int]) -> int:
    """A sum in the field of 32 elements, doubled at every sign: two neighbours swapped change it."""
    total = 0
    for place in places:
        total = (total ^ place) << 1
        total ^= 0x25 if total & 32 else 0
    return total


def read_receipt(typed: str) -> str | None:
    """The code as it is written, from what somebody typed; None when it cannot be a code of ours."""
    signs = [sign for sign in typed.upper().translate(ALIKE) if sign in SIGNS]
    junk = [sign for sign in typed.upper().translate(ALIKE) if sign not in SIGNS and sign not in " -–\t\n"]
    if len(signs) != LENGTH or junk:
        return None
    places = [SIGNS.index(sign) for sign in signs]
    return f"{''.join(signs[:5])}-{''.join(signs[5:])}" if _check(places[:-1]) == places[-1] else None


def number_of(code: str) -> int:
    """The number of a code as it is written (read_receipt)."""
    total = 0
    for sign in code.replace("-", "")[:-1]:
        total = (total << 5) | SIGNS.index(sign)
    return total
