"""The only module that opens the published file: read-only, hardened, one cursor per call.

A connection is never used by two calls at once: DuckDB would hand one visitor the rows of another. Results are kept
per build, so a new publication is seen at the next run of a page and never half-way through one.
"""

import contextlib
import os
import pickle
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Final, ParamSpec

import duckdb
import pandas as pd

from analysis.sizes import USUAL, Sizes
from dashboard.indicator import Indicator, read_indicator
from dashboard.rows import list_rows

DEFAULT_FOLDER: Final = Path(__file__).parents[1] / "data" / "published"
REQUIRED: Final = {
    "figure": {"indicator", "area", "period", "age", "sex", "kind", "value", "status", "provisional", "label", "trend"},
    "indicator": {"id", "title", "definition", "unit", "per", "decimals", "sources"},
    "area": {"code", "name", "level", "parent", "year", "geometry"},
    "bridge": {"area", "year", "counted", "how", "was", "estimated"},
    "area_break": {"area", "year", "counted"},
    "rebased": {"indicator", "area", "period", "value", "status", "estimated"},
    "signal": {
        "id",
        "method",
        "indicator",
        "area",
        "period",
        "members",
        "observed",
        "expected",
        "board",
        "seen_before",
    },
    "signal_scope": {"method", "indicator", "year", "tests", "false_analyst", "false_board"},
    "build": {"id", "made_on", "version", "rule", "region", "synthetic"},
}
HARDENING: Final = (
    "set threads = 2",
    "set memory_limit = '1GB'",
    "set max_temp_directory_size = '0MB'",
    "set autoload_known_extensions = false",
    "set autoinstall_known_extensions = false",
    "set allow_community_extensions = false",
    "set allow_persistent_secrets = false",
    "set python_enable_replacements = false",
    "set max_execution_time = 10000",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
MOST_PUBLICATIONS: Final = 12
P = ParamSpec("P")
_opening = threading.Lock()


class PublicationError(Exception):
    """There is no publication to show; the message says so in Dutch, for the screen."""


@dataclass(frozen=True, kw_only=True)
class Build:
    """Which publication this is and by which rule it is protected."""

    id: str
    made_on: datetime
    version: str
    rule: str
    threshold: int
    region: str
    region_name: str
    synthetic: bool
    sizes: Sizes = USUAL
    zeros_known: bool = False
    rounding: int = 1


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One published file, open for reading. Everything drawn in one run of a page comes from one of these."""

    path: str
    build: Build


@dataclass(frozen=True, kw_only=True)
class Area:
    """One area as it is named in the newest division."""

    code: str
    name: str
    level: str
    parent: str | None


def published_folder() -> Path:
    """Where the publications are: JEUGDBEELD_PUBLISHED, else data/published."""
    return Path(os.environ.get("JEUGDBEELD_PUBLISHED") or DEFAULT_FOLDER)


def open_publication() -> Publication:
    """The publication that the pointer `current` names.

    raises  PublicationError when there is none, or when the file is damaged or not one of ours
    """
    return _open(str(_current_file(published_folder())))


def open_publications() -> list[Publication]:
    """Every publication in the folder that can be opened, the newest first; damaged ones are left out."""
    found = []
    for path in published_folder().glob("*.duckdb"):
        with contextlib.suppress(PublicationError):
            found.append(_open(str(path)))
    return sorted(found, key=lambda one: one.build.made_on, reverse=True)[:MOST_PUBLICATIONS]


def _current_file(folder: Path) -> Path:
    try:
        build_id = (folder / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise PublicationError("Er zijn nog geen cijfers gepubliceerd.") from problem
    path = folder / f"{build_id}.duckdb"
    if not re.fullmatch(r"[\w.+:-]+", build_id) or not path.is_file():
        raise PublicationError("De laatste publicatie is niet gevonden.")
    return path


@lru_cache(maxsize=MOST_PUBLICATIONS + 1)
def _open(path: str) -> Publication:
    try:
        with _opening:
            connection = _connect(path)
        _check_tables(connection.cursor())
        row = list_rows(connection.cursor().execute("select * from published.build").df())[0]
    except (duckdb.Error, IndexError) as problem:
        raise PublicationError("De laatste publicatie is beschadigd of onvolledig.") from problem
    return Publication(path=path, build=_read_build(row))


@lru_cache(maxsize=MOST_PUBLICATIONS + 1)
def _connect(path: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    quoted = path.replace("'", "''")
    connection.execute(f"attach '{quoted}' as published (read_only)")
    for setting in HARDENING:
        connection.execute(setting)
    return connection


def _check_tables(cursor: duckdb.DuckDBPyConnection) -> None:
    columns = cursor.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'published'"
    ).df()
    for table, required in REQUIRED.items():
        if not required <= set(columns.loc[columns["table_name"] == table, "column_name"]):
            raise PublicationError("De laatste publicatie past niet bij dit programma.")


def _read_build(row: Mapping[str, Any]) -> Build:
    return Build(
        id=row["id"],
        made_on=pd.Timestamp(row["made_on"]).to_pydatetime(),
        version=row["version"],
        rule=row["rule"],
        threshold=int(row.get("threshold", 5)),
        region=row["region"],
        region_name=row.get("region_name") or row["region"],
        synthetic=bool(row["synthetic"]),
        sizes=Sizes(**{name: int(row.get(f"{name}_from") or least) for name, least in asdict(USUAL).items()}),
        zeros_known=bool(row.get("zeros_known")),
        rounding=int(row.get("rounding") or 1),
    )


def _fetch(publication: Publication, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Rows of one query. The only place that touches the connection, always through a cursor of its own."""
    with _opening:
        cursor = _connect(publication.path).cursor()
    return cursor.execute(sql, dict(parameters or {})).df()


fetch_rows = _fetch  # for the rooms that ask other questions of the same file


def _keep(maxsize: int) -> Callable[[Callable[P, pd.DataFrame]], Callable[P, pd.DataFrame]]:
    """Keep results, and hand every caller a frame of its own: a column set by one is not seen by another.

    Kept as bytes: a copy of a frame leaves its marks on the one that is kept, and the garbage collector would walk
    over all of them.
    """

    def wrap(load: Callable[P, pd.DataFrame]) -> Callable[P, pd.DataFrame]:
        @lru_cache(maxsize=maxsize)
        def kept(*arguments: P.args, **named: P.kwargs) -> bytes:
            return pickle.dumps(load(*arguments, **named), protocol=5)

        @wraps(load)
        def read(*arguments: P.args, **named: P.kwargs) -> pd.DataFrame:
            frame: pd.DataFrame = pickle.loads(kept(*arguments, **named))  # type: ignore[arg-type] # our own bytes
            return frame

        return read

    return wrap


@lru_cache(maxsize=6)
def load_indicators(publication: Publication) -> dict[str, Indicator]:
    """What was computed of the catalogue, by id, in the order in which it was published."""
    rows = list_rows(_fetch(publication, "select * from published.indicator"))
    parts = list_rows(load_table(publication, "programme_part"))
    titles = {row["programme"]: row["programme_title"] for row in parts} | {row["part"]: row["title"] for row in parts}
    return {row["id"]: read_indicator(row, titles) for row in rows if row.get("allowed", True)}


@_keep(maxsize=64)
def load_areas(publication: Publication, year: int | None = None) -> pd.DataFrame:
    """Areas of one year (default: the newest): code, name, level, parent, stylised, has_shape; region first."""
    sql = """
        select code, name, level, parent, stylised, geometry is not null as has_shape
        from published.area
        where year = coalesce($year, (select max(year) from published.area))
        order by list_position(['region', 'municipality', 'district', 'neighbourhood'], level), lower(name), code
    """
    return _fetch(publication, sql, {"year": year})


@lru_cache(maxsize=6)
def load_years(publication: Publication) -> tuple[str, ...]:
    """Years with figures, newest first."""
    rows = _fetch(publication, "select distinct period from published.figure where length(period) = 4 order by 1 desc")
    return tuple(rows["period"])


@_keep(maxsize=256)
def load_figures(
    publication: Publication,
    *,
    indicators: tuple[str, ...],
    areas: tuple[str, ...],
    period_kind: str = "year",
    period: str | None = None,
    split: str = "",
) -> pd.DataFrame:
    """Figures with the name and level of their area, by indicator, area name and period.

    period  a year stands for its school year too, for indicators that are published by school year: 2025 for 2024/25
    split   '' for totals, else 'age', 'sex' or 'kind': then the groups, without their total; 'age,kind' for both at once
    """
    sql = """
        select f.*, coalesce(a.name, f.area) as name, a.level, a.parent
        from published.figure as f
        join published.period as p
          on p.id = f.period and (p.kind = $period_kind or ($period_kind = 'year' and p.kind = 'school_year'))
        left join published.area as a on a.code = f.area and a.year = extract(year from p.finish)
        where list_contains($indicators, f.indicator) and list_contains($areas, f.area)
          and ($period is null or f.period = $period or (p.kind = 'school_year' and extract(year from p.finish) = cast($period as integer)))
          and (f.age <> 'all') = contains($split, 'age')
          and (f.sex <> 'all') = contains($split, 'sex')
          and (f.kind <> 'all') = contains($split, 'kind')
        order by list_position($indicators, f.indicator), lower(coalesce(a.name, f.area)), f.area, f.period, f.age, f.sex, f.kind
    """
    asked = {"indicators": list(indicators), "areas": list(areas), "period": period}
    return _fetch(publication, sql, {**asked, "period_kind": period_kind, "split": split})


@_keep(maxsize=128)
def load_bridge(publication: Publication, *, areas: tuple[str, ...], counted: str) -> pd.DataFrame:
    """Years in which areas of the newest division were not simply themselves: area, year, how, was, estimated.

    counted  'tables' for what open police tables count, else 'lists'
    """
    sql = """
        select area, year, how, was, estimated from published.bridge
        where list_contains($areas, area) and counted = $counted order by area, year
    """
    return _fetch(publication, sql, {"areas": list(areas), "counted": counted})


@_keep(maxsize=128)
def load_breaks(publication: Publication, *, area: str) -> pd.DataFrame:
    """From which years on a code is another area than the year before: year, counted."""
    sql = "select year, counted from published.area_break where area = $area order by year"
    return _fetch(publication, sql, {"area": area})


@_keep(maxsize=128)
def load_rebased(publication: Publication, *, indicator: str, areas: tuple[str, ...], split: str) -> pd.DataFrame:
    """Open figures of earlier years in the newest division, with the share that is an estimate; see load_figures."""
    sql = """
        select * from published.rebased
        where indicator = $indicator and list_contains($areas, area)
          and (age <> 'all') = ($split = 'age') and (sex <> 'all') = ($split = 'sex') and (kind <> 'all') = ($split = 'kind')
        order by area, period
    """
    return _fetch(publication, sql, {"indicator": indicator, "areas": list(areas), "split": split})


@_keep(maxsize=128)
def count_states(publication: Publication, *, areas: tuple[str, ...], period: str) -> pd.DataFrame:
    """How many figures of a period are in each state: indicator, level, status, provisional, rows."""
    sql = """
        select f.indicator, a.level, f.status, f.provisional, count(*) as rows
        from published.figure as f
        join published.period as p on p.id = f.period and p.kind in ('year', 'school_year')
        join published.area as a on a.code = f.area and a.year = extract(year from p.finish)
        where extract(year from p.finish) = cast($period as integer) and list_contains($areas, f.area)
        group by f.indicator, a.level, f.status, f.provisional
        order by f.indicator, a.level, f.status
    """
    return _fetch(publication, sql, {"period": period, "areas": list(areas)})


@_keep(maxsize=8)
def count_all_states(publication: Publication) -> pd.DataFrame:
    """How many figures of all periods and groups are in each state: indicator, level, status, rows."""
    sql = """
        select f.indicator, a.level, f.status, count(*) as rows
        from published.figure as f
        join published.period as p on p.id = f.period
        join published.area as a on a.code = f.area and a.year = extract(year from p.finish)
        group by f.indicator, a.level, f.status
        order by f.indicator, a.level, f.status
    """
    return _fetch(publication, sql)


@_keep(maxsize=64)
def load_table(publication: Publication, table: str) -> pd.DataFrame:
    """A small table as it was published, in a fixed order."""
    orders = {
        "source": "id, delivered_on desc, file",
        "refusal": "source, file, first_line",
        "area_problem": "year desc, code",
        "audit": "indicator, level, split, period_kind",
        "code_label": "dimension, position",
        "figure_source": "source, indicator",
        "held": "indicator, period, level",
        "intervention": "period desc, lower(name), start_date",
        "missing_delivery": "source, period",
        "period": "id",
        "programme_link": "rowid",
        "programme_part": "rowid",
        "project": "project, on_date, milestone nulls first",
        "signal": "period desc, indicator, area, id",
        "signal_scope": "year desc, indicator, method",
        "revision": "indicator, period desc, area, age, sex, kind",
    }
    return _fetch(publication, f"select * from published.{table} order by {orders[table]}")


@_keep(maxsize=4)
def list_tables(publication: Publication) -> pd.DataFrame:
    """The tables that a publication has: an older one may lack some."""
    return _fetch(
        publication, "select table_name from information_schema.tables where table_catalog = 'published' order by 1"
    )


@_keep(maxsize=64)
def load_sql(publication: Publication, indicator: str) -> pd.DataFrame:
    """How an indicator was counted: level, split, period_kind and sql, in the order in which it was published."""
    sql = "select level, split, period_kind, sql from published.sql where indicator = $indicator order by rowid"
    return _fetch(publication, sql, {"indicator": indicator})


@lru_cache(maxsize=6)
def load_refused_purposes(publication: Publication) -> dict[str, str]:
    """Why indicators of the catalogue were not computed, by id: their purpose is not allowed in this region."""
    rows = list_rows(_fetch(publication, "select * from published.indicator"))
    return {row["id"]: str(row.get("not_allowed") or "") for row in rows if not row.get("allowed", True)}


@lru_cache(maxsize=24)
def load_shapes(publication: Publication, *, year: int, level: str) -> str:
    """Public boundaries of one level as a GeoJSON FeatureCollection; areas without a shape are left out."""
    sql = """
        select code, name, geometry from published.area
        where year = $year and level = $level and geometry is not null order by code
    """
    rows = _fetch(publication, sql, {"year": year, "level": level})
    features = (
        f'{{"type":"Feature","id":"{code}","properties":{{}},"geometry":{geometry}}}'
        for code, geometry in zip(rows["code"], rows["geometry"], strict=True)
    )
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
