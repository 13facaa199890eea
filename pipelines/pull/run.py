"""The pull as the command line shows it: a bar over the tables, a line per table, and all failures at the end."""

import datetime as dt
from pathlib import Path

from rich.markup import escape
from rich.progress import Progress

from pipelines.pull import Pulled, Wanted, over_v4, pull
from pipelines.pull.catalogue import BY_HAND, TABLES, Table, choose_tables
from pipelines.pull.fetch import Fetcher, PullFailed
from pipelines.settings import Region

WORDS = {"landed": "landed", "unchanged": "not changed since the last pull", "failed": "failed"}


def run_pull(
    names: list[str],
    deliveries: Path,
    region: Region,
    bar: Progress,
    *,
    first_year: int,
    again: bool,
    odata4: bool,
    base_url: str,
    fetcher: Fetcher | None = None,
) -> list[Pulled]:
    """Pull the named tables with a progress bar.

    raises  PullFailed with what could not be fetched; the rest has landed
    """
    tables = over_v4(_choose(names)) if odata4 else _choose(names)
    task = bar.add_task("pull", total=len(tables))
    asker = fetcher or Fetcher(base_url=base_url)
    asker.tell = lambda step: bar.update(task, description=escape(step))
    wanted = Wanted(
        municipalities=region.municipalities, deliveries=deliveries, today=dt.date.today(), first_year=first_year,
        again=again,
    )  # fmt: skip

    def tell(one: Pulled) -> None:
        detail = f" {one.file}: {one.rows} rows in {one.requests} requests" if one.file else ""
        bar.console.print(f"{one.table}: {WORDS[one.state]}{escape(detail)}")
        bar.advance(task)

    done = pull(tables, wanted, asker, tell)
    failed = [one.why for one in done if one.state == "failed"]
    if failed:
        raise PullFailed("\n\n".join(failed))
    return done


def _choose(names: list[str]) -> list[Table]:
    for name in names:
        if name in BY_HAND:
            raise PullFailed(f"{name}: {BY_HAND[name]} ({name}/JJJJ-MM-DD/)")
    try:
        return choose_tables(names)
    except KeyError as error:
        known = ", ".join(sorted({one.name for one in TABLES} | {one.source for one in TABLES} - {"areas"}))
        raise PullFailed(
            f"pull: '{error.args[0]}' is no table\nUse a number, a source or 'boundaries': {known}"
        ) from error
