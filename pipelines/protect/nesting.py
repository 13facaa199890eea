"""Which age bands and periods lie inside which: intervals of years and of months."""

from functools import lru_cache
from itertools import pairwise

Interval = tuple[int, int]
OLDEST = 150


def age_interval(age: str) -> Interval:
    """First and last year of an age band: '12-17', '65+', 'all'."""
    if age == "all":
        return 0, OLDEST
    if age.endswith("+"):
        return int(age[:-1]), OLDEST
    first, last = age.split("-")
    return int(first), int(last)


def period_interval(period: str) -> Interval:
    """First and last month since the year 0: '2025', '2025H1', '2025Q1', '2025M01', '2024/25' (August to July)."""
    first = int(period[:4]) * 12
    rest = period[4:]
    if not rest:
        return first, first + 11
    if rest.startswith("/"):
        return first + 7, first + 18
    length = {"H": 6, "Q": 3, "M": 1}[rest[0]]
    start = first + (int(rest[1:]) - 1) * length
    return start, start + length - 1


def period_year(period: str) -> int:
    """The year whose area division holds for this period: of a school year that of its 1 January."""
    return int(period[:4]) + ("/" in period)


@lru_cache(maxsize=4096)
def nest_ages(ages: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...], bool, bool], ...]:
    """(band, largest bands inside it, do they tile it, are they disjoint) for each band that holds another."""
    nested = _nest(tuple((age, age_interval(age)) for age in ages))
    return tuple((whole, parts, tiled, apart) for whole, parts, tiled, apart in nested)


@lru_cache(maxsize=4096)
def nest_periods(periods: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """(period, largest periods inside it, do they tile it) for each period that holds another."""
    nested = _nest(tuple((period, period_interval(period)) for period in periods))
    return tuple((whole, parts, tiled) for whole, parts, tiled, _ in nested)


def _nest(named: tuple[tuple[str, Interval], ...]) -> list[tuple[str, tuple[str, ...], bool, bool]]:
    found = []
    for name, outer in named:
        inner = [(other, span) for other, span in named if other != name and _inside(span, outer)]
        largest = sorted(
            (pair for pair in inner if not any(_inside(pair[1], o) for n, o in inner if n != pair[0])),
            key=lambda pair: pair[1],
        )
        if largest:
            apart = all(a[1][1] < b[1][0] for a, b in pairwise(largest))
            filled = sum(last - first + 1 for _, (first, last) in largest) == outer[1] - outer[0] + 1
            found.append((name, tuple(other for other, _ in largest), apart and filled, apart))
    return found


def _inside(span: Interval, outer: Interval) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1] and span != outer
