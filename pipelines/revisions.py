"""What changed since the previous publication: figures shown in both, before and after, and which delivery did it.

Only what was public stays public: a figure hidden in either is not listed. Of persons a change of 1 to threshold - 1 is
not listed either: the difference would be a count of a few persons.
"""

from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analysis.registry import MixedSeries, find_factor
from pipelines.periods import years_of

KEYS = ["indicator", "area", "period", "age", "sex", "kind"]
COLUMNS = [*KEYS, "before", "after", "reason"]
OTHER = "Geen nieuwe levering: een correctie, een instelling of het programma veranderde."
OPEN = ("incidents", "inhabitants", "published", "rounded", "projects")
"""What is counted without persons: its differences are as public as the counts."""
_NUMBERS = ["numerator", "denominator", "value"]


def list_revisions(
    figures: pd.DataFrame,
    measures: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    previous: Path | None,
    made: dict[str, object],
) -> pd.DataFrame:
    """COLUMNS: one row per figure whose value changed; before and after are values in the indicator's unit.

    figures   described figures of this build; `measures` and `sources` are the tables published with them
    previous  the publication to compare with; None, another region or one that cannot be read: nothing is listed.
              Is it this build itself, made again, then its own list is kept
    made      this build: id, region, threshold, synthetic
    """
    try:
        with duckdb.connect(str(previous), read_only=True) if previous else duckdb.connect() as connection:
            if previous is None or not _is_comparable(connection, made):
                return pd.DataFrame(columns=COLUMNS)
            if previous.stem == made["id"]:
                return pd.DataFrame(connection.sql("from revision").df()[COLUMNS])
            old_figures = connection.sql("from figure where status = 'shown'").df()[[*KEYS, *_NUMBERS]]
            old_measures = connection.sql("select id, unit, age from indicator").df()
            old_sources = connection.sql("from source").df()
    except (duckdb.Error, KeyError):
        return pd.DataFrame(columns=COLUMNS)
    changed = _changed(figures, _in_units_of_now(old_figures, old_measures, measures))
    changed = changed[~_is_small(changed, measures, int(str(made["threshold"])))]
    told = changed[KEYS].assign(before=changed["value_before"], after=changed["value"])
    reasons = _reasons(told, measures, _new_deliveries(sources, old_sources))
    return told.assign(reason=reasons).sort_values(KEYS, ignore_index=True)[COLUMNS]


def find_previous(folder: Path) -> Path | None:
    """The current publication of a folder; None when nothing is published there."""
    pointer = folder / "current"
    file = folder / f"{pointer.read_text(encoding='ascii').strip()}.duckdb" if pointer.is_file() else None
    return file if file is not None and file.is_file() else None


def _is_comparable(connection: duckdb.DuckDBPyConnection, made: dict[str, object]) -> bool:
    """Figures of another region or of synthetic rows are other figures, not earlier ones."""
    old = connection.sql("select region, synthetic from build").fetchall()
    return old == [(made["region"], made["synthetic"])]


def _in_units_of_now(old: pd.DataFrame, old_measures: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Old figures with their values in the unit that the indicator has now; those that are no longer the same are left out."""
    both = old_measures.merge(measures[["id", "unit", "age"]], on="id", suffixes=("", "_now"))
    factors = {}
    for row in both[both["age"] == both["age_now"]].itertuples():
        with suppress(MixedSeries):
            factors[row.id] = find_factor(str(row.unit), str(row.unit_now))
    factor = old["indicator"].map(factors)
    return old.assign(value=old["value"] * factor)[factor.notna()]


def _changed(figures: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Figures shown in both whose value differs, with the numbers of before as `<name>_before`."""
    shown = figures.loc[figures["status"] == "shown", [*KEYS, *_NUMBERS]]
    both = shown.merge(old, on=KEYS, suffixes=("", "_before"))
    same = np.isclose(both["value"], both["value_before"], rtol=1e-9, atol=0, equal_nan=True)
    return both[~same].reset_index(drop=True)


def _is_small(changed: pd.DataFrame, measures: pd.DataFrame, threshold: int) -> "pd.Series[bool]":
    """Whether numerator or denominator differs by a few persons."""
    counts = changed["indicator"].map(measures.set_index("id")["counts"])
    small = pd.Series(False, index=changed.index)
    for name in ("numerator", "denominator"):
        difference = (changed[name] - changed[f"{name}_before"]).abs()
        small |= difference.between(1, threshold - 1)
    return small & ~counts.isin(OPEN)


def _new_deliveries(sources: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Files that count now and did not, or not with this content; when there are none, those that count no longer."""
    keys = ["id", "file", "sha256"]
    now, before = (frame[frame["state"] == "used"] for frame in (sources, old))
    for frame, other, words in ((now, before, "Nieuwe levering"), (before, now, "Telt niet meer mee")):
        known = set(other[keys].itertuples(index=False, name=None))
        fresh = frame[[row not in known for row in frame[keys].itertuples(index=False, name=None)]]
        if len(fresh):
            return fresh.assign(words=words)
    return now.head(0).assign(words="")


def _reasons(told: pd.DataFrame, measures: pd.DataFrame, fresh: pd.DataFrame) -> list[str]:
    """Per revision the deliveries of its indicator's sources that are new, of its own year when there are such."""
    named = dict(zip(measures["id"], measures["sources"].astype(str), strict=True))
    memory: dict[tuple[str, str], str] = {}
    for key in told[["indicator", "period"]].drop_duplicates().itertuples(index=False, name=None):
        of_indicator = fresh[fresh["id"].isin(named.get(key[0], "").split(","))]
        years = set(years_of(key[1]))
        of_year = of_indicator[[bool(years & set(years_of(one or ""))) for one in of_indicator["period"]]]
        memory[key] = _tell(of_year if len(of_year) else of_indicator)
    return [memory[key] for key in told[["indicator", "period"]].itertuples(index=False, name=None)]


def _tell(deliveries: pd.DataFrame) -> str:
    if deliveries.empty:
        return OTHER
    days = pd.to_datetime(deliveries["delivered_on"]).dt.strftime("%d-%m-%Y")
    told = [f"{file} van {day}" for file, day in zip(deliveries["file"], days, strict=True)]
    rest = f" en {len(told) - 3} andere" if len(told) > 3 else ""
    return f"{deliveries['words'].iloc[0]}: {', '.join(told[:3])}{rest}"
