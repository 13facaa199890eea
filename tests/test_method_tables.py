"""The numbers of docs/method.md are those of the functions: each table between its marks is made anew and compared.

Renew them after a change that is meant: `make snapshots`, read the diff, and commit it with the change.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis.compare import funnel_limits_small
from analysis.rates import count_interval, rounded_count_interval
from analysis.trends import power_to_see

FILE = Path(__file__).parents[1] / "docs" / "method.md"
Rows = list[list[str]]


def _round(number: float) -> str:
    return f"{number:.1f}" if 0 < number < 30 else f"{number:.0f}"


def _intervals() -> Rows:
    found = {cases: count_interval(cases) for cases in (0, 1, 3, 5, 10, 20, 50, 100, 250)}
    rows = [[str(cases), _round(float(one.low)), _round(float(one.high))] for cases, one in found.items()]
    return [["cases", "the interval runs from", "to"], *rows]


def _rounded() -> Rows:
    rows = []
    for published, base in ((5, 5), (10, 5), (10, 10), (20, 10), (50, 10)):
        one = rounded_count_interval(published, base)
        smallest, largest = np.ceil(published - base / 2), np.ceil(published + base / 2) - 1
        rows.append(
            [str(published), str(base), f"{smallest:.0f} to {largest:.0f}", f"{_round(one.low)} to {_round(one.high)}"]
        )
    return [["published", "rounded to", "may stand for", "interval"], *rows]


def _exceptional() -> Rows:
    expected = (1, 2, 5, 10, 20, 50, 100)
    limits = funnel_limits_small(expected)
    rows = [
        ['"possibly higher" from', *(f"{one + 1:.0f}" for one in limits.high_95)],
        ['"higher" from', *(f"{one + 1:.0f}" for one in limits.high_998)],
        ['"possibly lower" up to', *(f"{one - 1:.0f}" if one > 0 else "never" for one in limits.low_95)],
        ['"lower" up to', *(f"{one - 1:.0f}" if one > 0 else "never" for one in limits.low_998)],
    ]
    return [["cases expected", *map(str, expected)], *rows]


def _power() -> Rows:
    means = (20, 50, 100, 250, 600)
    rows = []
    for years, name in ((5, "five"), (10, "ten")):
        seen = power_to_see(np.multiply(means, years), np.ones((len(means), years)), range(years))
        rows.append([f"over {name} years", *(f"{100 * one:.0f} %" for one in seen)])
    return [["cases a year", *map(str, means)], *rows]


TABLES: dict[str, Callable[[], Rows]] = {
    "intervals": _intervals, "rounded": _rounded, "exceptional": _exceptional, "power": _power,
}  # fmt: skip


def _draw(rows: Rows) -> str:
    header, *rest = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([header, "|" + "---|" * len(rows[0]), *rest, ""])


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_method_is_what_the_functions_give(name: str) -> None:
    text, table = FILE.read_text(encoding="utf-8"), _draw(TABLES[name]())
    marks = re.compile(rf"(<!-- table {name}:[^>]*-->\n)((?:\|.*\n)*)(?=<!-- end -->)")
    assert len(marks.findall(text)) == 1
    if os.environ.get("JEUGDBEELD_SNAPSHOTS") == "renew":
        text = marks.sub(lambda found: found[1] + table, text)
        FILE.write_text(text, encoding="utf-8")
    assert marks.findall(text)[0][1] == table, "renew docs/method.md with `make snapshots`"


def test_every_mark_in_the_method_has_its_table() -> None:
    assert set(re.findall(r"<!-- table (\w+)", FILE.read_text(encoding="utf-8"))) == set(TABLES)
