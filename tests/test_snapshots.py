"""The SQL of every indicator as it was read and approved: a change shows in the diff of tests/snapshots/.

Renew the files after a change that is meant: `make snapshots` (or JEUGDBEELD_SNAPSHOTS=renew with this test), read the
diff, and commit it with the change.
"""

import os
import re
from pathlib import Path

import pytest

from pipelines.aggregate import Slice, compile_slice, slices
from pipelines.indicators import CATALOGUE, Indicator

FOLDER = Path(__file__).parent / "snapshots"
LETTERS = {"municipality": "GM", "district": "WK", "neighbourhood": "BU"}
BY_ID = {indicator.id: indicator for indicator in CATALOGUE}


def _snapshot(indicator: Indicator) -> str:
    """The SQL of the first level's tables: the other levels differ in their name only (see the test below)."""
    first = next(iter(indicator.splits))
    texts = []
    for one in slices(indicator):
        if one.level == first:
            title = f"-- {indicator.id}: {one.level}, by {' and '.join(one.split) or 'nothing'}, per {one.period_kind}"
            texts.append(f"{title}\n{compile_slice(one)}\n")
    return "\n".join(texts)


@pytest.mark.parametrize("name", BY_ID)
def test_the_sql_of_an_indicator_is_the_one_that_was_approved(name: str) -> None:
    file, compiled = FOLDER / f"{name}.sql", _snapshot(BY_ID[name])
    if os.environ.get("JEUGDBEELD_SNAPSHOTS") == "renew":
        file.write_text(compiled, encoding="utf-8")
    assert file.is_file(), f"{file.name} is new: look at it with `make snapshots`"
    assert file.read_text(encoding="utf-8") == compiled


def test_no_snapshot_is_left_of_an_indicator_that_is_gone() -> None:
    left = [file for file in FOLDER.glob("*.sql") if file.stem not in BY_ID]
    if os.environ.get("JEUGDBEELD_SNAPSHOTS") == "renew":
        for file in left:
            file.unlink()
        left = []
    assert left == []


def test_the_levels_of_an_indicator_differ_in_their_area_only() -> None:
    for indicator in CATALOGUE:
        seen: dict[tuple[object, ...], Slice] = {}
        for one in slices(indicator):
            first = seen.setdefault((one.split, one.period_kind), one)
            assert _as_level(compile_slice(first), first.level, one.level) == compile_slice(one), (
                indicator.id,
                one.level,
            )


def _as_level(sql: str, level: str, other: str) -> str:
    if level in LETTERS and other in LETTERS:
        sql = sql.replace(f"'{LETTERS[level]}%'", f"'{LETTERS[other]}%'")
    return re.sub(rf"(?<=[_']){level}(?=[ ,'\n])", other, sql)
