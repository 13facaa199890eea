"""Person -> person_key: keyed twice, once at the supplier and once here. Personal columns stop at this step.

At the supplier `pseudonymise_file` replaces a citizen service number (BSN) by HMAC-SHA256 with the project key and
leaves names and addresses out. At loading `pseudonymise` applies the load key, keeps 60 bits of it as `person_key`,
and turns the date of birth into the age at the event. With a million persons the chance that any two share a key
is below one in a million.
"""

import re
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from pipelines.contract import Contract
from pipelines.errors import ContractError
from pipelines.sources import sql

_PERSONAL_PARTS = (
    "naam", "adres", "straat", "huisn", "huisletter", "postcode", "woonplaats", "telefoon", "mobiel", "email",
    "bsn", "burgerservice", "sofi", "voorletter", "initial", "tussenvoegsel", "geboorteplaats", "surname", "address", "phone",
    "alias", "nickname",
)  # fmt: skip
"""In any part of a header; names of places are taken out first."""
_PERSONAL_WORDS = ("name", "firstname", "lastname", "fullname", "street", "toevoeging", "contact")
_PLACE_NAMES = re.compile("(gemeente|wijk|buurt|regio|gebieds?|school|bestands?|bron|tabel)[ _-]?naam")

_BLOCK = 64
_NUMBER = "[0-9]{8,10}|[0-9]{2,4}[ .-][0-9]{2,3}[ .-][0-9]{2,3}([ .-][0-9]{1,3})?"
_DAY = "[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DATE = "(" + sql.FULL_DATE.replace("{c}", "found") + " and substr(found, 1, 2) in ('19', '20'))"
_ELEVEN = (
    "("
    + " + ".join(f"{9 - n} * cast(substr(d, {n + 1}, 1) as integer)" for n in range(8))
    + " - cast(substr(d, 9, 1) as integer)) % 11 = 0"
)


def names_persons(header: str) -> bool:
    """Whether a column is named like a name, an address or a citizen service number, also inside a longer word."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    plain = _PLACE_NAMES.sub("", re.sub(r"[^a-z]+", " ", apart.casefold().replace("e-mail", "email")))
    joined = plain.replace(" ", "")
    return any(part in joined for part in _PERSONAL_PARTS) or bool(set(plain.split()) & set(_PERSONAL_WORDS))


def refuse_personal(rows: pa.Table, contract: Contract, declared: set[str], file: str) -> None:
    """Refuse a delivery that still holds what should never arrive.

    rows      as delivered; `declared` holds the headers that the contract knows
    raises    ContractError naming the column: one named like a name or address, or an undeclared one in which a
              number passes the eleven test of citizen service numbers; never the value
    """
    undeclared = [name for name in rows.column_names if name not in declared and name not in {"line", "cells_ok"}]
    places = {name: f"column {rows.column_names.index(name) + 1}" for name in undeclared}
    if contract.persons:
        named = [name for name in undeclared if names_persons(name) or holds_bsn(name)]
        if named:
            raise ContractError(
                f"{contract.source}: {file}: {places[named[0]]} is named like a name, an address or a BSN\n"
                "Run `jeugdbeeld pseudonymise` at the supplier and deliver its result; remove this file"
            )
    found = find_bsn(rows, undeclared)
    if found is not None:
        raise ContractError(
            f"{contract.source}: {file}: {places[found[0]]}, which is not declared, holds a number that passes the BSN"
            f" test, first at line {found[1]}\nRun `jeugdbeeld pseudonymise` at the supplier, or declare the column in"
            f" pipelines/sources/{contract.source}.py when it can hold no BSN; remove this file"
        )


def holds_bsn(text: str) -> bool:
    """Whether a text holds a number that passes the eleven test."""
    return find_bsn(pa.table({"line": [1], "cell": [text]}), ["cell"]) is not None


def find_bsn(rows: pa.Table, columns: Sequence[str]) -> tuple[str, int] | None:
    """Column and first line with a number of 8 or 9 digits, alone or inside text, that passes the eleven test.

    Dates are no such numbers, nor are digits behind a decimal sign; None when there is none.
    """
    if not columns:
        return None
    numbered = rows.select(["line", *columns]).rename_columns(["line", *(f"c{n}" for n in range(len(columns)))])
    cells = [f"select line, {n} as place, trim(c{n}) as cell from delivered" for n in range(len(columns))]
    with duckdb.connect() as connection:
        connection.register("delivered", numbered)
        found = connection.sql(
            f"""
            with cells as ({" union all ".join(cells)}),
            plain as (
                select line, place, case when regexp_full_match(cell, '[0-9][.,][0-9]+[eE][+]?[0-9]+')
                    then cast(try_cast(replace(cell, ',', '.') as double) as decimal(18, 0))::varchar
                    else regexp_replace(regexp_replace(cell, '{_DAY}|(GM|WK|BU)[0-9]{{4,8}}', ' ', 'g'), '(^|[^0-9.,])[0-9]{{1,3}}[.,][0-9]{{4,}}', ' ', 'g')
                    end as cell
                from cells where regexp_matches(cell, '[0-9].{{6,}}[0-9]')),
            numbers as (select line, place, unnest(regexp_extract_all(cell, '{_NUMBER}')) as found from plain),
            digits as (
                select line, place, lpad(ltrim(regexp_replace(found, '[ .-]', '', 'g'), '0'), 9, '0') as d,
                       length(regexp_replace(found, '[ .-]', '', 'g')) as size
                from numbers where not coalesce({_DATE}, false))
            select place, line from digits
            where size between 8 and 10 and regexp_full_match(d, '[0-9]{{9}}') and d > '009999999' and {_ELEVEN}
            order by line limit 1"""
        ).fetchall()
    return (columns[int(found[0][0])], int(found[0][1])) if found else None


def hmac_sql(text: str) -> str:
    """SQL for HMAC-SHA256 (hexadecimal) of a text, with the key's pads as $inner and $outer."""
    return f"sha256($outer::blob || unhex(sha256($inner::blob || encode({text}))))"


def pads(key: bytes) -> dict[str, bytes]:
    """The inner and outer pad of a key of at most 64 bytes (RFC 2104)."""
    block = key.ljust(_BLOCK, b"\0")
    return {"inner": bytes(byte ^ 0x36 for byte in block), "outer": bytes(byte ^ 0x5C for byte in block)}


def pseudonymise(rows: pa.Table, contract: Contract, key: bytes) -> pa.Table:
    """Accepted rows without personal columns: `person_key`, `family_key`, `group_key` (int64, 60 bits; NULL for an
    unknown family or group) and `age` (whole years at the event).
    """
    if not contract.persons:
        return rows
    parts = []
    for column in contract.columns:
        if column.personal in {"person", "family", "group"}:
            parts.append(f"cast('0x' || substr({hmac_sql(column.name)}, 1, 15) as bigint) as {column.personal}_key")
        elif column.personal == "birth_date":
            parts.append(f"cast({sql.age_at(column.name, contract.event)} as integer) as age")
        elif not column.personal:
            parts.append(f'"{column.name}"')
    with duckdb.connect() as connection:
        connection.register("accepted", rows)
        return connection.sql(f"select {', '.join(parts)} from accepted", params=pads(key)).to_arrow_table()
