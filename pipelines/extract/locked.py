"""Workbooks with a password. The password comes from the environment or a private file, and stands in no message."""

import io
from pathlib import Path
from typing import Any

import msoffcrypto
from msoffcrypto.exceptions import InvalidKeyError

from pipelines.contract import Contract
from pipelines.extract.rows import unreadable
from pipelines.keys import PASSWORD, read_password

_COMPOUND = b"\xd0\xcf\x11\xe0"


def is_locked(file: Path) -> bool:
    """Whether the file is a compound document: a workbook with a password, or an old one."""
    with file.open("rb") as stream:
        return stream.read(4) == _COMPOUND


def unlock(file: Path, contract: Contract) -> bytes:
    """The workbook without its password.

    raises  ContractError when it is an old workbook, no password is given, or the password does not fit;
            BadKey when the file with the password may be read by others
    """
    password = read_password()
    why = f"protected by a password; set {PASSWORD}, or {PASSWORD}_FILE to a private file that holds it"
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(file.read_bytes()))
        if not office.is_encrypted():
            why = "an old Excel workbook; save it as XLSX"
        elif password is not None:
            return _decrypt(office, password)
    except InvalidKeyError:
        why = f"the password does not fit; set {PASSWORD} to the one agreed with the supplier"
    except Exception:  # whatever the library meets in a damaged file is the same news for the reader
        why = "no readable XLSX (an old or damaged workbook); save it as XLSX"
    raise unreadable(file, contract, why)


def _decrypt(office: Any, password: str) -> bytes:
    plain = io.BytesIO()
    office.load_key(password=password, verify_password=True)
    office.decrypt(plain)
    return plain.getvalue()
