"""Bytes to text. An encoding is never guessed silently: what is not marked by the file itself is told in a note.

A file without a byte order mark that is no UTF-8 is read as cp1252. A file of which some lines are UTF-8 and others are
not came from two systems: it is refused with the lines to mend, unless the contract allows to read them as cp1252.
"""

from dataclasses import dataclass
from pathlib import Path

from pipelines.contract import Contract
from pipelines.extract.rows import unreadable

_BOM = b"\xef\xbb\xbf"
_TOLD = 5  # line numbers in a message


@dataclass(frozen=True, kw_only=True)
class Text:
    """A file's characters, the encoding they were read with, and what was assumed (Dutch)."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(content: bytes) -> tuple[str, str]:
    """Text and encoding: UTF-8 (with or without BOM) when it is valid, else cp1252.

    raises  UnicodeDecodeError when it is neither
    """
    for encoding in ("utf-8-sig" if content.startswith(_BOM) else "utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnicodeDecodeError("cp1252", content[:1], 0, 1, "neither UTF-8 nor cp1252")


def read_text(file: Path, contract: Contract) -> Text:
    """The characters of a file.

    raises  ContractError when no encoding fits, lines differ in encoding, or NUL characters show that it is damaged
    """
    content = file.read_bytes()
    read = _read_utf16(file, contract, content) or _read_utf8(content) or _read_lines(file, contract, content)
    if "\0" in read.text:
        line = read.text[: read.text.index("\0")].count("\n") + 1
        raise unreadable(file, contract, f"damaged: NUL characters, first at line {line}")
    return read


def _read_utf8(content: bytes) -> Text | None:
    encoding = "utf-8-sig" if content.startswith(_BOM) else "utf-8"
    try:
        return Text(text=content.decode(encoding), encoding=encoding)
    except UnicodeDecodeError:
        return None


def _read_utf16(file: Path, contract: Contract, content: bytes) -> Text | None:
    """UTF-16 by its mark, or by the zero beside every plain character; None when it is something else."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if marked else _zeros(content[:4000])
    if not encoding:
        return None
    note = () if marked else (f"tekens gelezen als {encoding}: aangenomen, het bestand zegt het niet",)
    try:
        return Text(text=content.decode(encoding), encoding=encoding, notes=note)
    except UnicodeDecodeError:
        raise unreadable(file, contract, "damaged: it begins as UTF-16 but is not; deliver it as UTF-8") from None


def _zeros(start: bytes) -> str:
    even, odd = start[::2].count(0), start[1::2].count(0)
    many = len(start) // 4
    if odd > many and not even:
        return "utf-16-le"
    return "utf-16-be" if even > many and not odd else ""


def _read_lines(file: Path, contract: Contract, content: bytes) -> Text:
    """A file that is no UTF-8 as a whole: cp1252, or a mixture of which the contract says whether it may be read."""
    lines = content.removeprefix(_BOM).split(b"\n")
    wrong = [number for number, line in enumerate(lines, 1) if not _is_utf8(line)]
    others = set(wrong)
    mixed = content.startswith(_BOM) or any(
        not line.isascii() and number not in others for number, line in enumerate(lines, 1)
    )
    if mixed and not contract.mixed_encoding:
        raise unreadable(file, contract, f"mixed encodings: UTF-8, but not at {tell_lines(wrong)}; deliver it as UTF-8")
    try:
        text = "\n".join(
            line.decode("cp1252" if n in others or not mixed else "utf-8") for n, line in enumerate(lines, 1)
        )
    except UnicodeDecodeError:
        raise unreadable(file, contract, "neither UTF-8 nor cp1252; deliver it as UTF-8") from None
    if not mixed:
        return Text(text=text, encoding="cp1252", notes=("tekens gelezen als cp1252: aangenomen, het is geen UTF-8",))
    note = f"{len(wrong)} regels zijn geen UTF-8 en gelezen als cp1252, de eerste op regel {wrong[0]}"
    return Text(text=text, encoding="utf-8 en cp1252", notes=(note,))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def tell_lines(numbers: list[int]) -> str:
    """`3 lines: 4, 8, 12`, the first few of them."""
    shown = ", ".join(str(number) for number in numbers[:_TOLD])
    return f"{len(numbers)} lines: {shown}{', ...' if len(numbers) > _TOLD else ''}"
