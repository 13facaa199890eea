"""The receipt of a figure: a short code that names one figure of one publication, to be checked later. Pure.

A code says nothing about a value: it is made of the keys only, so a hidden figure has one too.
"""

import hashlib
from typing import Final

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U
LENGTH: Final = 10


def make_receipt(build_id: str, indicator: str, area: str, period: str, age: str, sex: str, kind: str) -> str:
    """Nine signs of a fingerprint of the keys and a check sign: 'A4K7-0QZ2-8M' without its dashes.

    source  Crockford, Base 32; check sign: Luhn's algorithm mod 32
    """
    parts = "\x1f".join((build_id, indicator, area, period, age, sex, kind))
    number = int.from_bytes(hashlib.sha256(parts.encode()).digest()[:6], "big") >> 3
    body = "".join(SIGNS[number >> shift & 31] for shift in range(40, -1, -5))
    return body + find_check(body)


def find_check(body: str) -> str:
    """The check sign that belongs to the signs before it: one wrong sign, or most swaps of two, do not fit."""
    total = 0
    for place, sign in enumerate(reversed(body)):
        value = SIGNS.index(sign) * (2 - place % 2)
        total += value // 32 + value % 32
    return SIGNS[-total % 32]
