"""What came, from whom, for which period, and which version counts.

A delivery is `<deliveries>/<source>/<date>/<file>`. Files with the same source and series (an open table's number, or
the period in the file name) replace each other: the latest date counts, the others stay on record as superseded.
"""

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.errors import ContractError
from pipelines.periods import days_of, find_school_year, months_of
from pipelines.settings import REFERENCE
from pipelines.sources import CONTRACTS

BOUNDARY_SUFFIXES = (".geojson", ".gpkg")
_TABLE = re.compile(r"\d{5}NED", re.IGNORECASE)
_PERIODS = (
    (re.compile(r"(?<!\d)(20\d\d)-(20\d\d)(?!\d)"), "{0}-{1}"),
    (re.compile(r"(?<!\d)(20\d\d)[-_ ]?(?:q|kw0?|k)([1-4])(?!\d)", re.IGNORECASE), "{0}Q{1}"),
    (re.compile(r"(?<!\d)(20\d\d)[-_ ]?h([12])(?!\d)", re.IGNORECASE), "{0}H{1}"),
    (re.compile(r"(?<!\d)(20\d\d)(?!\d)"), "{0}"),
)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One delivered file.

    series  what it replaces: earlier files with the same source and series
    period  period in its name (`2025`, `2025Q1`, `2019-2025`), '' when it names none
    state   used | superseded
    """

    source: str
    file: Path
    delivered_on: date
    series: str
    period: str
    sha256: str
    state: str = "used"

    @property
    def is_boundary(self) -> bool:
        """Whether the file holds shapes instead of rows."""
        return self.file.suffix.lower() in BOUNDARY_SUFFIXES

    @property
    def year(self) -> int | None:
        """The year of a yearly table: by its CBS number, else from its name or its date."""
        table = _TABLE.search(self.file.stem)
        if table and table.group().upper() in key_figure_years():
            return key_figure_years()[table.group().upper()]
        return int(self.period[:4]) if self.period else None


def find_deliveries(folder: Path) -> list[Delivery]:
    """Every delivered file, oldest first, with which ones count.

    raises  ContractError for a folder that is no source, a file that is not in a folder named by its date, or two
            deliveries of persons that cover the same month
    """
    if not folder.is_dir():
        raise ContractError(
            f"deliveries: the folder {folder.name} does not exist\nMake one with: jeugdbeeld sample {folder.name}"
        )
    found = []
    for source in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        if source.name not in CONTRACTS:
            known = ", ".join(CONTRACTS)
            raise ContractError(f"deliveries: the folder '{source.name}' is no source\nUse one of: {known}")
        found += [_register(source.name, file) for file in _files(source)]
    if not found:
        raise ContractError(
            f"deliveries: nothing was delivered in {folder.name}\nPut files in <source>/<date>/, e.g. halt/2026-04-01/"
        )
    marked = mark_superseded(sorted(found, key=lambda one: (one.delivered_on, one.source, one.file.name)))
    refuse_overlap(marked)
    return marked


def mark_superseded(deliveries: list[Delivery]) -> list[Delivery]:
    """Only the latest date of each source and series counts, and of files with the same content only one."""
    latest: dict[tuple[str, str], date] = {}
    for one in deliveries:
        key = (one.source, one.series)
        latest[key] = max(latest.get(key, one.delivered_on), one.delivered_on)
    seen: set[tuple[str, str, str]] = set()
    marked = []
    for one in deliveries:
        content = (one.source, one.series, one.sha256)
        counts = latest[one.source, one.series] == one.delivered_on and content not in seen
        marked.append(one if counts else _replace_state(one, "superseded"))
        seen |= {content} if counts else set()
    return marked


def key_figure_years() -> dict[str, int]:
    """CBS table number of the key figures -> their year."""
    with (REFERENCE / "key_figure_tables.csv").open(encoding="utf-8", newline="") as file:
        return {row["table"]: int(row["year"]) for row in csv.DictReader(file)}


def period_in_name(stem: str, *, school_years: bool = False) -> str:
    """The period a file name tells: `halt_2026q1` -> 2026Q1; '' when it tells none.

    school_years  whether the source delivers by school year: then `2024-2025` is 2024/25
    """
    plain = _TABLE.sub("", stem)
    found = find_school_year(plain, whole_years=school_years)
    if found:
        return found
    for pattern, form in _PERIODS:
        match = pattern.search(plain)
        if match:
            return form.format(*match.groups())
    return ""


def expected_days(delivery: Delivery) -> tuple[str, str]:
    """First and last day (JJJJMMDD) its rows may have: the period in its name, and nothing after the day it came."""
    came = f"{delivery.delivered_on:%Y%m%d}"
    if not delivery.period:
        return "19900101", came
    first, last = days_of(delivery.period)
    return f"{first:%Y%m%d}", min(f"{last:%Y%m%d}", came)


def refuse_overlap(deliveries: Sequence[Delivery]) -> None:
    """Refuse two person deliveries that count and cover the same month under different names of a period.

    raises  ContractError naming both files: which of them holds cannot be guessed
    """
    holders: dict[tuple[str, int], Delivery] = {}
    for one in deliveries:
        if one.state == "used" and CONTRACTS[one.source].persons:
            for month in months_of(one.period):
                other = holders.setdefault((one.source, month), one)
                if other.series != one.series:
                    raise ContractError(
                        f"{one.source}: {other.file.name} and {one.file.name} both cover {month // 12}M{month % 12 + 1:02d}\n"
                        "Keep one of them; a corrected delivery replaces the earlier one when its name tells the same period"
                    )


LEFT_OVERS = ("~$", "thumbs.db", "desktop.ini")


def _files(source: Path) -> list[Path]:
    files = []
    for day in sorted(path for path in source.iterdir() if not path.name.startswith(".")):
        if not day.is_dir() or _as_date(day.name) is None:
            raise ContractError(
                f"{source.name}: '{day.name}' is not in a folder named by the date of delivery\n"
                f"Put it in {source.name}/JJJJ-MM-DD/"
            )
        files += sorted(path for path in day.rglob("*") if path.is_file() and not _is_left_over(path.name))
    return files


def _is_left_over(name: str) -> bool:
    """Hidden files, and what Excel and Windows leave behind."""
    return name.startswith(".") or name.casefold().startswith(LEFT_OVERS)


def _register(source: str, file: Path) -> Delivery:
    day = next(day for day in map(_as_date, reversed(file.parts)) if day is not None)
    table, period = _TABLE.search(file.stem), period_in_name(file.stem, school_years=CONTRACTS[source].school_years)
    series = table.group().upper() if table else period or file.stem.casefold()
    if source == "areas":
        series = f"{file.suffix.lower()} {file.stem.casefold()}"
    if source == "population" and table and table.group().upper() in key_figure_years():
        series = str(key_figure_years()[table.group().upper()])  # one population a year, whatever its table is called
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Delivery(source=source, file=file, delivered_on=day, series=series, period=period, sha256=digest)


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _replace_state(one: Delivery, state: str) -> Delivery:
    return Delivery(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, "state": state})
