"""Person -> person_key: keyed twice, once at the supplier and once here. Personal columns stop at this step.

At the supplier `pseudonymise_file` replaces a citizen service number (BSN) by HMAC-SHA256 with the project key and
leaves names and addresses out. At loading `pseudonymise` applies the load key, keeps 60 bits of it as `person_key`,
and turns the date of birth into the age at the event. With a million persons the chance that any two share a key
is below one in a million.
"""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from pipelines.contract import Contract, plain_header
from pipelines.errors import ContractError
from pipelines.sources import sql

NAMES_AND_ADDRESSES = (
    "naam", "voornaam", "voornamen", "achternaam", "roepnaam", "voorletters", "initialen", "tussenvoegsel", "geslachtsnaam",
    "adres", "straat", "straatnaam", "huisnummer", "huisnr", "huisletter", "toevoeging", "postcode", "woonplaats",
    "telefoon", "telefoonnummer", "mobiel", "email", "e-mail", "emailadres", "e-mailadres", "name", "firstname",
    "first name", "lastname", "last name", "surname", "address", "street", "phone", "bsn", "burgerservicenummer",
    "sofinummer", "geboorteplaats", "groepsnaam", "bijnaam", "alias", "nickname",
)  # fmt: skip

_BLOCK = 64
_DIGITS = "lpad(regexp_replace(cell, '[ .-]', '', 'g'), 9, '0')"
_DATE = (
    "(" + sql.FULL_DATE.replace("{c}", "cell") + " and substr(cell, 1, 2) in ('19', '20')"
    " or regexp_full_match(cell, '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}'))"
)
_ELEVEN = (
    "("
    + " + ".join(f"{9 - n} * cast(substr(d, {n + 1}, 1) as integer)" for n in range(8))
    + " - cast(substr(d, 9, 1) as integer)) % 11 = 0"
)


def names_persons(header: str) -> bool:
    """Whether a column is named like a name, an address or a citizen service number."""
    plain = plain_header(header).replace("_", " ")
    words = {plain, *plain.split(), plain.replace(" ", ""), plain.split(" van ")[0]}
    return bool(words & set(NAMES_AND_ADDRESSES))


def refuse_personal(rows: pa.Table, contract: Contract, declared: set[str], file: str) -> None:
    """Refuse a delivery that still holds what should never arrive.

    rows      as delivered; `declared` holds the headers that the contract knows
    raises    ContractError naming the column: one named like a name or address, or an undeclared one in which a
              number passes the eleven test of citizen service numbers; never the value
    """
    undeclared = [name for name in rows.column_names if name not in declared and name not in {"line", "cells_ok"}]
    named = [name for name in undeclared if contract.persons and names_persons(name)]
    if named:
        raise ContractError(
            f"{contract.source}: {file}: the column '{named[0]}' is named like a name, an address or a BSN\n"
            "Run `jeugdbeeld pseudonymise` at the supplier and deliver its result; remove this file"
        )
    found = find_bsn(rows, undeclared)
    if found is not None:
        raise ContractError(
            f"{contract.source}: {file}: the undeclared column '{found[0]}' holds a number that passes the BSN test,"
            f" first at line {found[1]}\nRun `jeugdbeeld pseudonymise` at the supplier, or declare the column in"
            f" pipelines/sources/{contract.source}.py when it can hold no BSN; remove this file"
        )


def find_bsn(rows: pa.Table, columns: Sequence[str]) -> tuple[str, int] | None:
    """Column and first line with 8 or 9 digits that pass the eleven test and are no date; None when there is none."""
    if not columns:
        return None
    cells = [
        f"select line, $name_{n} as name, trim({_quoted(name)}) as cell from delivered"
        for n, name in enumerate(columns)
    ]
    with duckdb.connect() as connection:
        connection.register("delivered", rows.select(["line", *columns]))
        found = connection.sql(
            f"""
            with cells as ({" union all ".join(cells)}),
            numbers as (select line, name, cell, {_DIGITS} as d from cells
                        where regexp_full_match(cell, '[0-9]([0-9 .-]{{6,10}})[0-9]') and not {_DATE})
            select name, line from numbers
            where regexp_full_match(d, '[0-9]{{9}}') and d <> '000000000' and {_ELEVEN}
            order by line limit 1""",
            params={f"name_{n}": name for n, name in enumerate(columns)},
        ).fetchall()
    return (str(found[0][0]), int(found[0][1])) if found else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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
