"""What rows about persons have in common, whoever delivers them: numbers, dates, area codes, and what goes wrong in them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.sample.careers import date_number
from pipelines.sample.world import NEW_DIVISION, Integers, World

FAULTY = 0.005
Write = Callable[[Path], None]
Fault = Callable[[pd.DataFrame, pd.Index], None]


def codes_in(world: World, year: int) -> np.ndarray:
    """Neighbourhood code of every place in the division of the year; empty outside the region."""
    column = "code" if year >= NEW_DIVISION else "code_before"
    return world.places[column].to_numpy(dtype=object)


def number_rows(prefix: str, many: int) -> pd.Series:
    """Numbers of reports, registrations and the like, in order."""
    return prefix + pd.Series(np.arange(1, many + 1)).astype(str).str.zfill(7)


def birth_dates(persons: pd.DataFrame) -> Integers:
    """JJJJMMDD; an unknown day or month is 00."""
    dates = date_number(persons["birth"].to_numpy())
    known = persons["known"].to_numpy()
    return np.select([known == "day", known == "month"], [dates, dates // 100 * 100], dates // 10_000 * 10_000)


def dutch_dates(dates: Integers) -> pd.Series:
    """`d-m-jjjj`, of JJJJMMDD numbers."""
    day, month, year = (pd.Series(part).astype(str) for part in (dates % 100, dates // 100 % 100, dates // 10_000))
    return day + "-" + month + "-" + year


def dates_or_empty(days: pd.Series, known: pd.Series) -> pd.Series:
    """`d-m-jjjj` of days since 1970 where known, else empty."""
    return dutch_dates(date_number(days.to_numpy())).where(known.to_numpy(), "")


def usual_faults(world: World) -> list[Fault]:
    """What goes wrong in every file: an unknown neighbourhood, an age not agreed, a number used twice."""
    unknown = "BU" + world.municipalities["code"][0][2:] + "9999"
    return [set_cell("woonbuurt", unknown), make_old, repeat_number]


def spoil_rows(rows: pd.DataFrame, faults: list[Fault], world: World, year: int) -> None:
    """Make about FAULTY of the rows wrong, each in one way, at least one row in a file of some size."""
    random = world.stream(f"faulty {rows.columns[0]} {year}")
    faults = faults[year % len(faults) :] + faults[: year % len(faults)]
    many = max(round(FAULTY * len(rows)), int(len(rows) >= 60))
    lines = random.choice(np.arange(1, max(len(rows), 2)), many, replace=False)
    for place, fault in enumerate(faults):
        fault(rows, pd.Index(lines[place :: len(faults)]))


def set_cell(column: str, value: str) -> Fault:
    """A fault: this value in this column."""

    def spoil(rows: pd.DataFrame, lines: pd.Index) -> None:
        rows.loc[lines, column] = value

    return spoil


def make_old(rows: pd.DataFrame, lines: pd.Index) -> None:
    """Born 30 years earlier: outside the ages agreed."""
    dates = rows.loc[lines, "geboortedatum"]
    dutch = dates.str.contains("-")
    year = dates.str[-4:].where(dutch, dates.str[:4]).astype(int).sub(30).astype(str)
    rows.loc[lines, "geboortedatum"] = (dates.str[:-4] + year).where(dutch, year + dates.str[4:])


def repeat_number(rows: pd.DataFrame, lines: pd.Index) -> None:
    """The number of the row before."""
    number = rows.columns[0]
    rows.loc[lines, number] = rows[number].shift().loc[lines]
