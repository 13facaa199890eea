"""Refuses what would harm or mislead before it is opened: too large, a zip bomb, another format than its name says."""

import re
import zipfile
from pathlib import Path
from typing import IO

from pipelines.contract import Contract
from pipelines.extract.rows import unreadable

LARGEST_FILE = 1_000_000_000  # bytes
LARGEST_UNPACKED = 500_000_000  # bytes of all parts of a workbook together
LARGEST_RATIO = 200  # times its packed size; a sheet of real rows stays below 50
RATIO_COUNTS_FROM = 10_000_000  # bytes; below it a high ratio does no harm
LARGEST_SHEET = 50_000_000  # cells between the first and the last one
_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_CHUNK = 4 << 20

_HTML = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<table", b"<body", b"<script")
_FORMATS = {
    b"PK\x03\x04": ((".xlsx",), "an Excel workbook (XLSX) or another zip file"),
    b"\xd0\xcf\x11\xe0": ((".xlsx",), "an old Excel workbook (XLS) or one with a password"),
    b"PAR1": ((".parquet",), "a Parquet file"),
    b"%PDF": ((), "a PDF"),
}


def refuse_size(file: Path, contract: Contract) -> None:
    """Refuse a file that is too large to hold."""
    if file.stat().st_size > LARGEST_FILE:
        raise unreadable(file, contract, "larger than 1 GB; deliver it in parts, a file per period")


def refuse_disguise(file: Path, contract: Contract) -> None:
    """Refuse a file whose first bytes are of another format than its name says."""
    with file.open("rb") as stream:
        start = stream.read(4096)
    if is_html(start):
        raise unreadable(file, contract, "a web page (HTML) with another name; open it in Excel and save it as XLSX")
    for magic, (suffixes, what) in _FORMATS.items():
        if start.startswith(magic) and file.suffix.lower() not in suffixes:
            advice = f"name it {suffixes[0]} if it is one" if suffixes else "deliver the rows as CSV or XLSX"
            raise unreadable(file, contract, f"{what}, not what '{file.suffix}' says; {advice}")


def is_html(start: bytes) -> bool:
    """Whether the first bytes are those of a web page, or of the XML that Excel 2003 saved."""
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    is_old_xml = plain.startswith(b"<?xml") and any(mark in plain for mark in (b"<html", b"office:spreadsheet"))
    return plain.startswith(_HTML) or is_old_xml


def refuse_bomb(file: Path, contract: Contract, stream: IO[bytes]) -> None:
    """Refuse a workbook that unpacks to far more than it weighs; only then is it read through, to test that it is whole.

    raises  zipfile.BadZipFile and the like when it is damaged
    """
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise unreadable(file, contract, "unpacks to more than 500 MB; deliver it as csv")
        for part in parts:
            if part.file_size > max(RATIO_COUNTS_FROM, LARGEST_RATIO * part.compress_size):
                raise unreadable(
                    file, contract, f"unpacks to more than {LARGEST_RATIO} times its size; deliver it as csv"
                )
        for part in parts:
            if _count_cells(archive, part) > LARGEST_SHEET:
                raise unreadable(file, contract, "a sheet with cells far apart; remove what stands outside the table")


def _count_cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Cells from the first to the last one of a sheet: a reader keeps the empty ones in between too."""
    columns, last_row, tail = {b"A"}, 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if part.filename.startswith("xl/worksheets/"):
                found = _CELL.findall(tail + chunk)
                columns |= {name for name, _ in found}
                last_row = max([last_row, *(int(row) for _, row in found)])
                tail = chunk[-64:]
    return last_row * max(_place(name) for name in columns)


def _place(name: bytes) -> int:
    place = 0
    for letter in name:
        place = place * 26 + letter - 64
    return place
