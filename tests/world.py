"""A small IJmond drawn by hand: raw rows in, exact cells out, through the real SQL on a real engine."""

import zlib
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from pipelines.aggregate import aggregate
from pipelines.engine import DuckDBEngine
from pipelines.indicators import CATALOGUE
from pipelines.loading import connect, load_coverage, load_reference
from tests.drawn import table
from tests.suppliers import IJMOND

POPULATION = """
    area       | inhabitants | men  | women | age_0_14 | age_15_24 | age_25_44 | age_45_64 | age_65 | year
    GM0375     | 40000       | 20000| 20000 | 6000     | 5000      | 10000     | 10000     | 9000   | 2025
    GM0396     | 40000       | 20000| 20000 | 6000     | 5000      | 10000     | 10000     | 9000   | 2025
    GM0450     | 14000       | 7000 | 7000  | 3000     | 2000      | 3000      | 3000      | 3000   | 2025
    GM0453     | 60000       | 30000| 30000 | 9000     | 8000      | 15000     | 15000     | 13000  | 2025
    WK037500   | 6000        | 3000 | 3000  | 750      | 600       | 2000      | 1500      | 1150   | 2025
    BU03750000 | 700         | 350  | 350   | 50       | 50        | 200       | 200       | 200    | 2025
    BU03750001 | 1300        | 650  | 650   | 150      | 100       | 400       | 400       | 250    | 2025
    BU03960000 | 0           | 0    | 0     | 0        | 0         | 0         | 0         | 0      | 2025
"""
SUSPECT_DEFAULTS = {
    "age": "15", "sex": "female", "home_neighbourhood": "BU03750000", "home_municipality": "GM0375", "offence_class": "C50",
    "offence_date": "20250301", "registration_date": "20250401", "offence_neighbourhood": None, "offence_municipality": "GM0375",
    "disposal": None, "co_suspects": None,
}  # fmt: skip
HALT_DEFAULTS = {
    "age": "15", "sex": "male", "home_neighbourhood": "BU03750000", "home_municipality": "GM0375", "referrer": "politie",
    "offence_group": "violence", "first_hearing": "20250301", "referral_date": "20250305", "start_date": None,
    "finish_date": None, "hours": None, "result": None,
}  # fmt: skip
CARE_DEFAULTS = {
    "age": "15", "sex": "female", "home_municipality": "GM0375", "kind": "help", "form": "02", "referrer": "02",
    "begin_date": "20250301", "end_date": None, "end_reason": None, "family_key": None, "reported_until": "20251231",
}  # fmt: skip
ABSENCE_DEFAULTS = {
    "age": "15", "sex": "female", "home_neighbourhood": "BU03750000", "home_municipality": "GM0375", "school": "12AB00",
    "school_municipality": "GM0375", "education": "secondary", "kind": "V1", "begin_date": "20250110", "end_date": "20250115",
    "report_date": "20250112", "status": "R",
}  # fmt: skip
APPROACH_DEFAULTS = {
    "age": "15", "sex": "male", "home_municipality": "GM0375", "approach": "group", "group_key": None, "family_key": None,
    "begin_date": "20250110", "end_date": None, "phase": None, "informed_on": None, "series": "2025",
}  # fmt: skip
LEAVING_DEFAULTS = {
    "age": "17", "sex": "male", "home_neighbourhood": "BU03750000", "home_municipality": "GM0375", "school": "12AB00",
    "school_municipality": "GM0375", "education": "vocational_2", "school_year": "2024/25", "reason": None,
}  # fmt: skip


@dataclass(kw_only=True)
class Cells:
    """A drawn world on its engine: an indicator is counted when it is asked for."""

    engine: DuckDBEngine
    counted: dict[str, pd.DataFrame] = field(default_factory=dict)

    def of(self, indicator: str) -> pd.DataFrame:
        """Every cell of one indicator."""
        if indicator not in self.counted:
            self.counted[indicator] = aggregate(self.engine, [one for one in CATALOGUE if one.id == indicator])
        return self.counted[indicator]


def make_cells(
    *,
    suspects: str = "",
    halt: str = "",
    care: str = "",
    absence: str = "",
    leaving: str = "",
    approaches: str = "",
    incidents: str = "",
    years: dict[str, str] | None = None,
    population: str = POPULATION,
) -> Cells:
    """Exact cells of drawn rows.

    suspects, halt, care  drawn rows: person and the columns that differ from the defaults (care: age is that on
                    31 December of the year in which the spell began)
    absence, leaving, approaches  drawn rows about school and approaches: the same
    incidents       drawn rows: offence, area, period, count (`.` unknown), provisional, series
    years           period delivered per person source, 2025 when left out
    """
    years = {"police_suspects": "2025", "halt": "2025"} if years is None else years
    engine = DuckDBEngine()
    load_reference(engine, IJMOND, None)
    _load(engine, "raw.population", table(population).astype(str).astype({"year": "int32"}))
    _load(engine, "raw.police_suspects", _persons(suspects, SUSPECT_DEFAULTS))
    _load(engine, "raw.halt", _persons(halt, HALT_DEFAULTS))
    _load(engine, "raw.youth_care", _persons(care, CARE_DEFAULTS))
    _load(engine, "raw.school_absence", _persons(absence, ABSENCE_DEFAULTS))
    _load(engine, "raw.school_leaving", _persons(leaving, LEAVING_DEFAULTS))
    _load(engine, "raw.approaches", _persons(approaches, APPROACH_DEFAULTS))
    _load(engine, "raw.police_open", _incidents(incidents))
    load_coverage(engine, list(years.items()))
    connect(engine)
    return Cells(engine=engine)


def cell(cells: Cells, indicator: str, area: str, period: str = "2025", **split: str) -> "pd.Series[object]":
    """The one cell of an indicator, area, period and group."""
    wanted = {"area": area, "period": period, "age": "all", "sex": "all", "kind": "all"} | split
    cells_of = cells.of(indicator)
    found = cells_of[(cells_of[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    assert len(found) == 1, f"{len(found)} cells for {wanted}"
    return found.iloc[0]


def _load(engine: DuckDBEngine, name: str, rows: pd.DataFrame | None) -> None:
    if rows is not None:
        engine.load(name, pa.Table.from_pandas(rows, preserve_index=False))


def _persons(drawing: str, defaults: dict[str, str | None]) -> pd.DataFrame | None:
    if not drawing:
        return None
    drawn = table(drawing)
    families = drawn.get("family", pd.Series(None, index=drawn.index, dtype=object))
    rows = pd.DataFrame([defaults] * len(drawn)).astype(object)
    for column in drawn.columns.drop(["person", "family"], errors="ignore"):
        rows[column] = [None if pd.isna(value) else str(value) for value in drawn[column]]
    rows["person_key"] = drawn["person"].map(_key).astype("int64")
    if "family_key" in defaults:
        rows["family_key"] = families.map(_key, na_action="ignore").astype("Int64")
    return rows.assign(age=rows["age"].astype("int32"))


def _key(name: str) -> int:
    """The same key for the same name in every source."""
    return zlib.crc32(name.encode())


def _incidents(drawing: str) -> pd.DataFrame | None:
    if not drawing:
        return None
    drawn = table(drawing).astype(object)
    rows = pd.DataFrame(dict.fromkeys(("crime", "nuisance", "offence_label")), index=drawn.index, dtype=object)
    rows = rows.assign(**{name: drawn[name] for name in ("area", "period", "count")}).astype(object)
    rows["crime"] = drawn["offence"]
    rows["count"] = [None if pd.isna(value) else str(value) for value in drawn["count"]]
    rows["period"] = drawn["period"].astype(str)
    rows["provisional"] = drawn.get("provisional", "false")
    return rows.assign(series=drawn.get("series", "47013NED"), line=range(len(drawn)))
