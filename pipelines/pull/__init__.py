"""`jeugdbeeld pull`: open tables and boundaries over HTTP, landed as deliveries. Nothing else in the house goes online.

A table whose modified date is that of the last pull, for the same region and years, is not fetched again. What lands is
what a steward could have dropped in by hand, and takes the same road: contract, receipt, core tables.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.pull import odata3, odata4, wfs
from pipelines.pull.catalogue import CBS, Table
from pipelines.pull.fetch import Fetcher, Json, PullFailed
from pipelines.pull.land import Landing, as_answer, write_beside

FIRST_YEAR = 2019


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a pull is for: municipalities, first year, the day it lands, and whether unchanged tables come again."""

    municipalities: tuple[str, ...]
    deliveries: Path
    today: dt.date
    first_year: int = FIRST_YEAR
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What happened to one table: state landed | unchanged | failed; `why` for the reader when it failed."""

    table: str
    state: str
    rows: int = 0
    requests: int = 0
    file: str = ""
    why: str = ""


def pull(
    tables: Sequence[Table], wanted: Wanted, fetcher: Fetcher, tell: Callable[[Pulled], None] = lambda _: None
) -> list[Pulled]:
    """Pull tables one by one; one that fails does not stop the others.

    tell  is given each table when it is done
    """
    done = []
    for table in tables:
        before = fetcher.requests
        try:
            pulled = _METHODS[table.protocol](table, wanted, fetcher)
        except PullFailed as error:
            pulled = Pulled(table=table.name, state="failed", why=str(error))
        pulled = replace(pulled, requests=fetcher.requests - before)
        done.append(pulled)
        tell(pulled)
    return done


def over_v4(tables: Sequence[Table]) -> list[Table]:
    """The same tables, those of CBS over OData v4."""
    return [replace(one, protocol="odata4") if one.host == CBS else one for one in tables]


def _pull_odata3(table: Table, wanted: Wanted, fetcher: Fetcher) -> Pulled:
    modified, infos = odata3.read_modified(fetcher, table)
    landing = _landing(table, wanted, modified)
    if landing.is_unchanged() and not wanted.again:
        return Pulled(table=table.name, state="unchanged")
    lists = odata3.read_lists(fetcher, table)
    question = odata3.ask(table, lists, wanted.municipalities, wanted.first_year)
    urls = odata3.fetch_pages(fetcher, landing, question)
    _refuse_changed(table, modified, odata3.read_modified(fetcher, table)[0])
    _land_lists(table, wanted, infos, lists)
    return _land_rows(table, wanted, landing, list(odata3.read_rows(landing, urls, lists, table.titled)))


def _pull_odata4(table: Table, wanted: Wanted, fetcher: Fetcher) -> Pulled:
    modified, infos = odata4.read_modified(fetcher, table)
    landing = _landing(table, wanted, modified)
    if landing.is_unchanged() and not wanted.again:
        return Pulled(table=table.name, state="unchanged")
    lists = odata4.read_lists(fetcher, table)
    question = odata4.ask_observations(table, lists, wanted.municipalities, wanted.first_year)
    measures = odata4.read_measures(fetcher, table)
    urls = odata3.fetch_pages(fetcher, landing, question)
    _refuse_changed(table, modified, odata4.read_modified(fetcher, table)[0])
    _land_lists(table, wanted, infos, lists)
    rows = odata3.add_titles(odata4.read_rows(landing, urls, measures), lists, table.titled)
    return _land_rows(table, wanted, landing, list(rows))


def _pull_wfs(table: Table, wanted: Wanted, fetcher: Fetcher) -> Pulled:
    """PDOK tells no modified date; the map of a year is fetched once, and again only when asked for."""
    landing = _landing(table, wanted, str(table.year))
    if landing.is_unchanged() and not wanted.again:
        return Pulled(table=table.name, state="unchanged")
    collection = wfs.join_pages(landing, wfs.fetch_pages(fetcher, landing, table))
    file = _place(table.source, f"{table.name}.geojson", wanted)
    landing.land(file, [json.dumps(collection, ensure_ascii=False).encode()], rows=len(collection["features"]))
    return Pulled(table=table.name, state="landed", rows=len(collection["features"]), file=file.name)


_METHODS = {"odata3": _pull_odata3, "odata4": _pull_odata4, "wfs": _pull_wfs}


def _landing(table: Table, wanted: Wanted, modified: str) -> Landing:
    """Kept answers belong to this version of the table and to this question."""
    asked: dict[str, object] = {
        "protocol": table.protocol,
        "service": table.service,
        "only": table.only,
        "levels": table.levels,
    }
    if table.protocol != "wfs":
        asked |= {"municipalities": sorted(wanted.municipalities), "first_year": wanted.first_year}
    question = json.dumps(asked, sort_keys=True)
    return Landing(deliveries=wanted.deliveries, table=table.name, modified=modified, asked=question)


def _refuse_changed(table: Table, before: str, after: str) -> None:
    if before != after:
        raise PullFailed(f"{table.name}: the supplier changed the table while it came in\nPull again: it starts anew")


def _land_rows(table: Table, wanted: Wanted, landing: Landing, rows: list[Json]) -> Pulled:
    if not rows:
        raise PullFailed(f"{table.name}: no rows came for this region and these years")
    file = _place(table.source, f"{table.name}.json", wanted)
    head = {
        "odata.metadata": f"{table.host}/{table.service}/odata/{table.name}/$metadata",
        "modified": landing.modified,
    }
    landing.land(file, as_answer(rows, head), rows=len(rows))
    return Pulled(table=table.name, state="landed", rows=len(rows), file=file.name)


def _land_lists(table: Table, wanted: Wanted, infos: Json, lists: odata3.Lists) -> None:
    """Statuses of periods as a metadata download, and the areas of a yearly table as the division of its year."""
    periods = lists.get("Perioden", [])
    if any(one.get("Status") for one in periods):
        text = write_metadata(table.name, infos, periods)
        write_beside(_place(table.source, f"{table.name}_metadata.csv", wanted), [text.encode("utf-8-sig")])
    if table.codes:
        file = _place("areas", f"{table.codes}_{table.year}.json", wanted)
        write_beside(file, as_answer(lists[table.codes], {"odata.metadata": f"{table.name}/{table.codes}"}))


def write_metadata(name: str, infos: Json, periods: list[dict[str, str]]) -> str:
    """The sections TableInfos and Perioden, laid out as the supplier's own metadata download."""
    info = {"Identifier": name, "Title": infos.get("Title", ""), "Modified": infos.get("Modified", "")}
    columns = ["Key", "Title", "Status"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([["TableInfos"], list(info), list(info.values()), [], ["Perioden"], columns])
    writer.writerows([[one.get(column, "") for column in columns] for one in periods])
    return out.getvalue()


def _place(source: str, name: str, wanted: Wanted) -> Path:
    return wanted.deliveries / source / wanted.today.isoformat() / name
