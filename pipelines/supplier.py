"""What a supplier runs before anything leaves the building: `jeugdbeeld pseudonymise FILE`.

The citizen service number (BSN) becomes HMAC-SHA256 with the project key, and so does a family number; of the other
columns only those that the contract names are kept, so names, addresses and free text stay behind. Nothing of the key or
of a person is printed.
"""

import csv
import hmac
import re
from collections.abc import Sequence
from pathlib import Path

from pipelines.contract import Contract, match_columns, plain_header
from pipelines.errors import ContractError
from pipelines.extract import extract
from pipelines.keys import read_key
from pipelines.sources import CONTRACTS

STAYS = ("home_postcode",)  # only its municipality is needed, and that is delivered beside it
BSN_HEADERS = ("bsn", "burgerservicenummer", "sofinummer", "person", "persoon")


def pseudonymise_file(file: Path, key_file: Path | None, output: Path | None) -> tuple[Path, int, list[str]]:
    """Write a copy with the agreed columns only, and a pseudonym for the BSN.

    file      CSV or XLSX of a source with person rows, with a column bsn (or persoon holding a BSN)
    returns   written file, rows kept, names of the columns left out
    raises    ContractError when there is no BSN column or a BSN fails the eleven test (lines, never the value);
              BadKey when there is no safe key
    """
    key = read_key(key_file, "JEUGDBEELD_PROJECT_KEY")
    if not file.is_file():
        raise ContractError(f"{file.name}: not found")
    contract = _contract_of(file)
    rows = extract(file, contract).rows
    names = [name for name in rows.column_names if name not in {"line", "cells_ok"}]
    person = _person_column(names)
    if person is None:
        raise ContractError(f"{file.name}: no column with the BSN; name it one of: {', '.join(BSN_HEADERS[:2])}")
    agreed = {header for name, header in match_columns(contract, names).items() if name not in {"person", *STAYS}}
    kept = [name for name in names if name in agreed and name != person]
    keyed = _key_persons(rows[person].to_pylist(), rows["line"].to_pylist(), key, file.name)
    written = output or file.with_name(f"{file.stem}_pseudoniem.csv")
    columns = {name: rows[name].to_pylist() for name in kept}
    for name in _family_headers(contract, kept):
        columns[name] = [key_family(cell, key) if cell and cell.strip() else "" for cell in columns[name]]
    _write(written, ["persoon", *columns], [keyed, *columns.values()])
    return written, rows.num_rows, [name for name in names if name != person and name not in kept]


def _person_column(names: list[str]) -> str | None:
    """The column with the BSN; one named `persoon` only when no other is."""
    return next((name for header in BSN_HEADERS for name in names if plain_header(name) == header), None)


def _write(file: Path, header: list[str], columns: Sequence[Sequence[str | None]]) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            writer.writerow(header)
            writer.writerows(zip(*columns, strict=True))
    except OSError as error:
        raise ContractError(
            f"{file.name}: cannot be written ({type(error).__name__}); choose another --output"
        ) from None


def passes_eleven_test(digits: str) -> bool:
    """Whether nine digits can be a citizen service number."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return digits != "000000000" and sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


def key_person(number: str, key: bytes) -> str:
    """The pseudonym of a BSN: 64 hexadecimal digits, the same for every supplier with the project key."""
    return hmac.digest(key, number.encode("ascii"), "sha256").hex()


def key_family(number: str, key: bytes) -> str:
    """The pseudonym of a family number, whatever its form; a number of digits may be written with points or spaces."""
    plain = re.sub(r"[ .\-]", "", number).lower()
    text = plain.zfill(9) if plain.isdigit() else plain
    return hmac.digest(key, f"family {text}".encode(), "sha256").hex()


def _family_headers(contract: Contract, names: list[str]) -> list[str]:
    matched = match_columns(contract, names)
    return [matched[one.name] for one in contract.columns if one.personal == "family" and one.name in matched]


def _key_persons(cells: list[str | None], lines: list[int], key: bytes, file: str) -> list[str]:
    keyed, bad = [], []
    for cell, line in zip(cells, lines, strict=True):
        digits = re.sub(r"[ .\-]", "", cell or "")
        if digits.isascii() and digits.isdigit() and len(digits) in (8, 9) and passes_eleven_test(digits.zfill(9)):
            keyed.append(key_person(digits.zfill(9), key))
        else:
            keyed.append("")
            bad += [line] if digits else []
    if bad:
        raise ContractError(
            f"{file}: {len(bad)} cells of the BSN column fail the eleven test, first at line {bad[0]}\nMend or empty them and run again"
        )
    return keyed


def _contract_of(file: Path) -> Contract:
    """The person source whose header this file has."""
    for contract in CONTRACTS.values():
        if contract.persons:
            try:
                extract(file, contract)
            except ContractError:
                continue
            return contract
    raise ContractError(
        f"{file.name}: the header of no person source was found; expected that of police_suspects or halt"
    )
