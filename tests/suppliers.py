"""Deliveries drawn by hand, in the suppliers' formats, and a small region to load them for."""

import hashlib
from pathlib import Path

import pyarrow as pa

from pipelines.deliveries import find_deliveries
from pipelines.intake import Taken, reference_tables, take_in
from pipelines.settings import Region

IJMOND = Region("RG-IJMOND", "IJmond", ("GM0375", "GM0396", "GM0450", "GM0453"))
KEY = b"k" * 32
SUSPECT_HEADER = (
    "registratienummer;persoon;geboortedatum;geslacht;woonbuurt;woongemeente;delict;pleegdatum;"
    "registratiedatum;pleegbuurt;pleeggemeente;afdoening;medeverdachten"
)


def person(name: str) -> str:
    """The pseudonym that a supplier would deliver for a person."""
    return hashlib.sha256(name.encode()).hexdigest()


def suspect(number: object, name: str = "ann", **changes: str) -> str:
    """One good line of a suspects delivery; `changes` by our column names."""
    cells = {
        "registration": f"PL{number}", "person": person(name), "birth_date": "20100301", "sex": "V",
        "home_neighbourhood": "BU03750000", "home_municipality": "GM0375", "offence_class": "C50",
        "offence_date": "20250310", "registration_date": "20250401", "offence_neighbourhood": "BU03750001",
        "offence_municipality": "GM0375", "disposal": "Halt", "co_suspects": "0",
    }  # fmt: skip
    return ";".join((cells | changes).values())


def suspects(*lines: str) -> str:
    """A whole suspects delivery."""
    return "\n".join([SUSPECT_HEADER, *lines]) + "\n"


def deliver(folder: Path, source: str, name: str, content: str | bytes, day: str = "2026-02-01") -> Path:
    """Put a file where a supplier's delivery belongs."""
    file = folder / source / day / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return file


def take(folder: Path, *, region: Region = IJMOND, key: bytes | None = KEY, refused_max: float = 0.05) -> Taken:
    """Take the only delivery of a folder in."""
    reference: dict[str, pa.Table] = reference_tables(region)
    (delivery,) = find_deliveries(folder)
    return take_in(delivery, reference, key=key, refused_max=refused_max)
