"""Periods by their names: 2025, 2025H1, 2025Q1, 2025M01, 2024/25 (a school year), 2019-2025 (years together).

A school year runs from 1 August to 31 July and belongs to the year of its 1 January: 2024/25 to 2025. That year's
division of areas and that year's inhabitants are used for it. Months are counted from the year 0.
"""

import datetime as dt
import re

YEARLY = ("year", "school_year")
"""Kinds of periods that last a year: splits and trends are made for these only."""
_LENGTHS = {"H": ("half_year", 6), "Q": ("quarter", 3), "M": ("month", 1)}
_SCHOOL_YEAR_STARTS = 7  # August, counted from 0


def kind_of(period: str) -> str:
    """year, half_year, quarter, month or school_year."""
    if "/" in period:
        return "school_year"
    return _LENGTHS[period[4]][0] if period[4:] else "year"


def years_of(period: str) -> list[int]:
    """The years a period belongs to, in order; none for ''."""
    if not period:
        return []
    first = int(period[:4])
    if "-" in period:
        return list(range(first, int(period[5:9]) + 1))
    return [first + 1] if "/" in period else [first]


def months_of(period: str) -> range:
    """The months of a period; none for ''."""
    if not period:
        return range(0)
    first = int(period[:4]) * 12
    if "-" in period:
        return range(first, (int(period[5:9]) + 1) * 12)
    if "/" in period:
        return range(first + _SCHOOL_YEAR_STARTS, first + _SCHOOL_YEAR_STARTS + 12)
    if not period[4:]:
        return range(first, first + 12)
    length = _LENGTHS[period[4]][1]
    start = first + (int(period[5:]) - 1) * length
    return range(start, start + length)


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period."""
    months = months_of(period)
    start, after = (dt.date(month // 12, month % 12 + 1, 1) for month in (months[0], months[-1] + 1))
    return start, after - dt.timedelta(days=1)


def is_yearly(period: str) -> bool:
    """Whether a period lasts a year: a calendar year or a school year."""
    return kind_of(period) in YEARLY


def school_year(first: int) -> str:
    """The school year that starts in August of a year: 2024 -> 2024/25."""
    return f"{first}/{(first + 1) % 100:02d}"


def find_school_year(text: str, *, whole_years: bool) -> str:
    """The school year that a file name tells: `2024-25`, `sj2024_2025`; '' when it tells none.

    whole_years  whether `2024-2025` alone is a school year too (else it is two calendar years)
    """
    found = re.search(r"(schooljaar|sj)?[-_ ]?(?<!\d)(20\d\d)[-_ ](20)?(\d\d)(?!\d)", text, re.IGNORECASE)
    if found is None or int(found[4]) != (int(found[2]) + 1) % 100:
        return ""
    clear = found[1] is not None or found[3] is None
    return school_year(int(found[2])) if clear or whole_years else ""
