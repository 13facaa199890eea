"""The two secrets of pseudonymisation, from a key file (mode 0400) or the environment; never from settings.

The project key is shared by the suppliers and is needed only where they pseudonymise. The load key never leaves
the machine that builds: it is made at the first build, so that what suppliers know cannot be matched to what we hold.
"""

import os
import secrets
import stat
from pathlib import Path

from pipelines.errors import JeugdbeeldError

KEY_BYTES = 32
PASSWORD = "JEUGDBEELD_XLSX_PASSWORD"


class BadKey(JeugdbeeldError):  # noqa: N818 - reads as the sentence it is
    """A key is absent, too short, or may be read by others."""

    exit_code = 2


def read_key(file: Path | None, variable: str) -> bytes:
    """The key of at least 32 bytes, written as hexadecimal digits.

    raises  BadKey with what to do; the message never holds a part of the key
    """
    if file is not None:
        return _parse(_read_private(file), f"key file {file.name}")
    if variable in os.environ:
        return _parse(os.environ[variable], f"environment variable {variable}")
    raise BadKey(f"no key: give --key-file FILE (mode 0400) or set {variable} to 64 hexadecimal digits")


def load_key(folder: Path) -> bytes:
    """The build's own key: from JEUGDBEELD_LOAD_KEY, else `folder`/load.key, which is made when absent."""
    if "JEUGDBEELD_LOAD_KEY" in os.environ:
        return read_key(None, "JEUGDBEELD_LOAD_KEY")
    file = folder / "load.key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_key(file)
    return read_key(file, "JEUGDBEELD_LOAD_KEY")


def read_password() -> str | None:
    """The password of locked workbooks: from the file that JEUGDBEELD_XLSX_PASSWORD_FILE names, else the environment.

    raises  BadKey when others may read the file; None when there is no password
    """
    if f"{PASSWORD}_FILE" in os.environ:
        return _read_private(Path(os.environ[f"{PASSWORD}_FILE"])).strip("\r\n")
    return os.environ.get(PASSWORD)


def write_key(file: Path) -> None:
    """A new random key in a file that only its owner can read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(KEY_BYTES) + "\n")


def _read_private(file: Path) -> str:
    if not file.is_file():
        raise BadKey(f"key file {file.name}: not found")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise BadKey(f"key file {file.name}: others may read it\nMake it private: chmod 0400 {file.name}")
    return file.read_text(encoding="utf-8")


def _parse(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        raise BadKey(f"{where}: not hexadecimal; make a key with: openssl rand -hex 32") from None
    if len(key) < KEY_BYTES:
        raise BadKey(f"{where}: shorter than {KEY_BYTES} bytes; make a key with: openssl rand -hex 32")
    return key
