"""Which source was not delivered for which period of the build: a gap is said, never counted as zero."""

import pandas as pd

from pipelines.engine import Engine
from pipelines.loading import EXTRA
from pipelines.sources import CONTRACTS

COLUMNS = ("source", "title", "supplier", "period")
_TABLES = {"areas": "area_list"}


def find_missing(engine: Engine) -> pd.DataFrame:
    """COLUMNS: every source x period that lacks, with the source's title and supplier: of one that never came nothing else tells
    them; quarters where a part of the year came, school years where a source has them.

    engine  after `connect`: core.period, core.coverage and the raw tables
    """
    periods = engine.fetch("select id, kind, year from core.period order by id")
    covered = engine.fetch("select distinct source, period from core.coverage")
    gaps = []
    for source, contract in CONTRACTS.items():
        if contract.period_column:
            delivered = set(covered.loc[covered["source"] == source, "period"])
        else:
            delivered = _delivered_by_rows(engine, source, periods)
        kind = "school_year" if contract.school_years else "year"
        for period, year in periods.loc[periods["kind"] == kind, ["id", "year"]].itertuples(index=False):
            if period not in delivered:
                parts = _parts(period, periods[periods["year"] == year], delivered)
                gaps += [(source, contract.title, contract.supplier, part) for part in parts]
    return pd.DataFrame(gaps, columns=list(COLUMNS))


def _parts(period: str, of_year: pd.DataFrame, delivered: set[str]) -> list[str]:
    """The quarters that lack when others came, else the whole period."""
    quarters = list(of_year.loc[of_year["kind"] == "quarter", "id"]) if "/" not in period else []
    lacking = [quarter for quarter in quarters if quarter not in delivered]
    return lacking if 0 < len(lacking) < len(quarters) else [period]


def _delivered_by_rows(engine: Engine, source: str, periods: pd.DataFrame) -> set[str]:
    """Periods that the rows of an open table are about; a table without periods is about all of them."""
    names = {column.name for column in CONTRACTS[source].columns}
    table = f"raw.{_TABLES.get(source, source)}"
    if EXTRA.get(source) == "year":
        return {str(year) for year in engine.fetch(f"select distinct year from {table}")["year"]}
    if "period" not in names:
        empty = engine.fetch(f"select count(*) as rows from {table}")["rows"][0] == 0
        return set() if empty else set(periods["id"])
    regional = " and area is not null" if "area" in names else ""
    found = engine.fetch(f"select distinct period from {table} where period is not null{regional}")["period"]
    return {name if "/" in name else name[:4] for name in found}
