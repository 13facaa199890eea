"""The command line: `jeugdbeeld --help`. Exit codes are promises: see each command.

0 done; 2 wrong use; 3 rows were refused; 4 a contract is broken; 5 figures would be unsafe; 6 cannot publish;
7 a table could not be fetched.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from pandas import DataFrame
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from pipelines import loading
from pipelines.deliveries import find_deliveries
from pipelines.errors import CannotPublish, ContractError, JeugdbeeldError, UnsafeFigures
from pipelines.intake import Receipt, join_errors
from pipelines.settings import ROOT, Settings, find_region

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Jeugdbeeld: deliveries in, protected figures out.",
)
screen = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Deliveries = Annotated[Path | None, typer.Option("--deliveries", help="folder with <source>/<date>/<file>")]
Published = Annotated[Path | None, typer.Option("--published", help="folder of publications")]
RegionOption = Annotated[str | None, typer.Option("--region", help="ijmond, twente, almere, or codes: GM0375,GM0396")]
Work = Annotated[Path | None, typer.Option("--work", help="folder for confidential working files")]


def main() -> None:
    """Run a command; a refusal becomes words on stderr and its exit code."""
    try:
        app()
    except JeugdbeeldError as error:
        _stop(str(error), error.exit_code)
    except (ValidationError, SettingsError) as error:
        names = (
            sorted({str(part) for one in error.errors() for part in one["loc"]})
            if isinstance(error, ValidationError)
            else []
        )
        _stop(f"settings: {', '.join(names) or 'a value'} cannot be used; see docs/operate.md", 2)
    except (OSError, duckdb.IOException) as error:
        _stop(
            f"cannot read or write ({type(error).__name__}); the last publication is unchanged\nCheck folders, rights and disk",
            6,
        )


def _stop(words: str, code: int) -> None:
    errors.print(escape(words), style="red")
    sys.exit(code)


@app.command()
def sample(
    folder: Path,
    region: Annotated[str, typer.Option(help="ijmond, twente or almere")] = "ijmond",
    years: Annotated[str, typer.Option(help="first and last year")] = "2019-2025",
    scale: Annotated[float, typer.Option(help="1 is the real size")] = 1.0,
    seed: Annotated[int, typer.Option(help="same seed, same files")] = 1,
) -> None:
    """Write synthetic deliveries of every source in the suppliers' formats."""
    from pipelines.sample import write_sample  # noqa: PLC0415 - generator is not needed by other commands

    first, _, last = years.partition("-")
    try:
        wanted = range(int(first), int(last or first) + 1)
        with _progress("sample") as tell:
            write_sample(
                folder, region=region.lower(), years=wanted, scale=scale, seed=seed, report=lambda path, *_: tell(path)
            )
    except (ValueError, FileExistsError) as error:
        raise typer.BadParameter(str(error)) from error
    screen.print(f"Synthetic deliveries for {region} are in {folder}")


@app.command()
def pull(
    tables: Annotated[
        list[str] | None, typer.Argument(help="table numbers, sources, or boundaries; all if none")
    ] = None,
    deliveries: Deliveries = None,
    region: RegionOption = None,
    first_year: Annotated[int, typer.Option(help="years from this one on")] = 2019,
    again: Annotated[bool, typer.Option("--again", help="also what did not change")] = False,
    odata4: Annotated[bool, typer.Option("--odata4", help="CBS tables over OData v4")] = False,
    base_url: Annotated[str, typer.Option(help="a mirror: replaces scheme and host of every address")] = "",
) -> None:
    """Fetch open tables and boundaries into the deliveries. Exit 0 all here, 7 a table could not be fetched."""
    from pipelines.pull.run import run_pull  # noqa: PLC0415 - nothing else goes online

    settings = _settings(deliveries=deliveries, region=region)
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=screen
    ) as bar:
        run_pull(
            tables or [], settings.deliveries, find_region(settings), bar,
            first_year=first_year, again=again, odata4=odata4, base_url=base_url,
        )  # fmt: skip


@app.command()
def pseudonymise(
    file: Path,
    key_file: Annotated[Path | None, typer.Option(help="project key, 64 hexadecimal digits, mode 0400")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="default: beside the file, with _pseudoniem")
    ] = None,
) -> None:
    """At the supplier: replace BSN by a keyed pseudonym and leave names and addresses out."""
    from pipelines.supplier import pseudonymise_file  # noqa: PLC0415 - runs at the supplier only

    written, kept, dropped = pseudonymise_file(file, key_file, output)
    screen.print(f"{written.name}: {kept} rows; columns left out: {', '.join(dropped) or 'none'}")


@app.command()
def check(deliveries: Deliveries = None, region: RegionOption = None) -> None:
    """Check contracts only; writes nothing. Exit 0 clean, 3 refused rows, 4 a broken contract."""
    from pipelines.engine import DuckDBEngine  # noqa: PLC0415

    settings = _settings(deliveries=deliveries, region=region)
    with _progress("check") as tell, DuckDBEngine() as engine:
        loaded = loading.load(
            find_deliveries(settings.deliveries), engine, find_region(settings),
            key=os.urandom(32), refused_max=settings.refused_max, tell=tell,
        )  # fmt: skip
    _show_receipts(loaded.receipts)
    if any(receipt.rows_refused for receipt in loaded.receipts):
        raise typer.Exit(3)


@app.command()
def build(
    deliveries: Deliveries = None,
    published: Published = None,
    region: RegionOption = None,
    work: Work = None,
    engine: Annotated[str, typer.Option(help="duckdb")] = "duckdb",
) -> None:
    """Deliveries to a publication. Exit 0 published, 4 contract, 5 unsafe figures, 6 cannot publish."""
    from pipelines.build import build as run  # noqa: PLC0415

    if engine != "duckdb":
        raise typer.BadParameter("only duckdb is built in today", param_hint="--engine")
    settings = _settings(deliveries=deliveries, published=published, region=region, work=work)
    settings.work.mkdir(parents=True, exist_ok=True)
    settings.work.chmod(0o700)  # it holds the key, pseudonymised rows and the proof
    with _progress("build") as tell:
        built = run(settings, tell)
    _show_receipts(built.receipts)
    states = ", ".join(f"{count} {state}" for state, count in sorted(built.counts.items()))
    screen.print(f"Published {built.file.name}: {states}")


Hierarchies = Annotated[list[str] | None, typer.Option("--hierarchy", help="DIM=FILE, a CSV with child,parent")]
CountColumn = Annotated[str, typer.Option("--count", help="the column of counts")]


@app.command()
def protect(
    cells: Annotated[Path, typer.Argument(help="CSV: one column per dimension with leaf codes, and the counts")],
    count: CountColumn,
    output: Annotated[Path, typer.Option("--output", "-o", help="published cells: codes, count, status")],
    hierarchy: Hierarchies = None,
    publish: Annotated[
        list[str] | None, typer.Option("--publish", help='a table: "DIM=DEPTH,..."; without any, the whole cube')
    ] = None,
    threshold: Annotated[int, typer.Option(help="counts from 1 to threshold - 1 are unsafe")] = 5,
    zeros: Annotated[str, typer.Option(help="cover: may be hidden too; known: are always shown")] = "cover",
    cost: Annotated[str, typer.Option(help="hide few cells, or little value")] = "cells",
) -> None:
    """Protect any frequency table. Exit 0 written, 4 input is not as agreed, 5 no pattern is safe."""
    from pipelines.protect.standalone import Wish, protect_file  # noqa: PLC0415

    wish = Wish(threshold=threshold, zeros=zeros, cost=cost)
    with _progress("protect") as tell:
        shown, unsafe, cover = protect_file(
            cells, output, count=count, hierarchies=hierarchy or [], tables=publish or [], wish=wish, tell=tell
        )
    screen.print(f"{output.name}: {shown} cells shown, {unsafe} unsafe ones hidden, {cover} hidden to protect them")


@app.command()
def audit(
    published: Path,
    hierarchy: Hierarchies = None,
    truth: Annotated[Path | None, typer.Option(help="the cells that a CSV file was made from")] = None,
    count: CountColumn = "count",
    threshold: Annotated[int, typer.Option(help="for a CSV file")] = 5,
    zeros: Annotated[str, typer.Option(help="for a CSV file: cover or known, as it was made")] = "cover",
) -> None:
    """Attack a publication, or a CSV file of `protect`, as an outsider would. Exit 0 nothing found, 5 something found."""
    if published.suffix.lower() == ".csv":
        findings, name = _audit_csv(published, hierarchy or [], truth, count, threshold, zeros), published.name
    else:
        findings, name = _audit_publication(published)
    if len(findings):
        table = Table(*[str(column) for column in findings.columns])
        for row in findings.head(50).itertuples(index=False):
            table.add_row(*[escape(str(cell)) for cell in row])
        screen.print(table)
        raise UnsafeFigures(f"audit: {len(findings)} findings in {name}\nTake this publication down and build again")
    screen.print(f"{name}: no hidden figure can be derived")


def _audit_publication(published: Path) -> tuple[DataFrame, str]:
    from pipelines.audit import audit_file  # noqa: PLC0415
    from pipelines.publish import current_file  # noqa: PLC0415
    from pipelines.releases import others  # noqa: PLC0415

    file = current_file(published) if published.is_dir() else published
    with _progress("audit"), _readable(file):
        return audit_file(file, others(file) if published.is_dir() else ()), file.name


def _audit_csv(file: Path, given: list[str], truth: Path | None, count: str, threshold: int, zeros: str) -> DataFrame:
    from pipelines.audit.tables import audit_csv  # noqa: PLC0415
    from pipelines.protect.reading import read_hierarchies  # noqa: PLC0415

    if zeros not in {"cover", "known"}:
        raise ContractError("--zeros is cover or known")
    said: list[str] = []
    with _progress("audit"):
        findings = audit_csv(
            file,
            read_hierarchies(given),
            truth=(truth, count) if truth else None,
            threshold=threshold,
            zeros_known=zeros == "known",
            tell=said.append,
        )
    for words in said:
        screen.print(words)
    return findings


CONTACT = ("contact_name", "contact_email", "contact_phone")


@app.command()
def serve(
    published: Published = None,
    port: Annotated[int, typer.Option(help="port on this machine")] = 8501,
    address: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
) -> None:
    """Serve the current publication to browsers."""
    settings = _settings(published=published)
    contact = {f"JEUGDBEELD_{name}".upper(): getattr(settings, name) for name in CONTACT}
    folder = {"JEUGDBEELD_PUBLISHED": str(settings.published.resolve())}
    environment = os.environ | contact | folder | {"JEUGDBEELD_SQL_PAGE": str(settings.sql_page)}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        "--server.port",
        str(port),
        "--server.address",
        address,
    ]
    screen.print(f"Jeugdbeeld is on http://localhost:{port} (stop with Ctrl+C)")
    try:
        raise typer.Exit(subprocess.call(command, env=environment, cwd=ROOT))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def report(
    published: Published = None,
    area: Annotated[str, typer.Option(help="code, or name as on the screen; default: the region")] = "",
    year: Annotated[str, typer.Option(help="default: the newest")] = "",
    output: Annotated[Path, typer.Option("--output", "-o", help="folder for the files")] = Path(),
    formats: Annotated[str, typer.Option(help="some of pdf,pptx,xlsx")] = "pdf,pptx,xlsx",
) -> None:
    """The board pack of one area and year. Exit 0 written, 2 unknown area, year or format, 6 no publication."""
    folder = _settings(published=published).published.resolve()
    # A process of its own, as for `serve`: the halves that write and that read publications share no code.
    command = [sys.executable, "-m", "dashboard.report_command", "--published", str(folder)]
    command += [f"--area={area}", f"--year={year}", f"--output={output.resolve()}", f"--formats={formats}"]
    raise typer.Exit(subprocess.call(command, cwd=ROOT))


@app.command()
def status(published: Published = None) -> None:
    """What is published now, from which deliveries."""
    from pipelines.publish import current_file  # noqa: PLC0415

    file = current_file(_settings(published=published).published)
    with _readable(file), duckdb.connect(str(file), read_only=True) as connection:
        build_row = connection.sql("select id, made_on, region_name, rule from build").fetchall()[0]
        sources = connection.sql(
            "select id, file, delivered_on, rows_in, rows_refused, state from source order by 1, 3, 2"
        ).fetchall()
    screen.print(f"{build_row[2]}: build {build_row[0]} of {build_row[1]}\n{build_row[3]}")
    table = Table("source", "file", "delivered on", "rows", "refused", "state")
    for source in sources:
        table.add_row(*[str(cell) for cell in source])
    screen.print(table)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """A file that is no whole publication is told, not thrown."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise CannotPublish(
            f"{file.name}: no whole publication ({type(error).__name__})\nBuild again, or point at another"
        ) from error


@app.command()
def purge(
    deliveries: Deliveries = None,
    today: Annotated[str | None, typer.Option(help="the day to count from, JJJJ-MM-DD; default: today")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only tell what would go")] = False,
) -> None:
    """Remove person rows and files past their source's term, and record it in purged.csv."""
    from pipelines.purge import carry_out, plan_purge  # noqa: PLC0415

    folder = _settings(deliveries=deliveries).deliveries
    try:
        day = date.fromisoformat(today) if today else date.today()
    except ValueError:
        raise typer.BadParameter("write it as JJJJ-MM-DD", param_hint="--today") from None
    planned, unread = plan_purge(folder, day)
    for one in planned:
        what = "the whole file" if one.kept is None else f"the rows of {one.last_year} and before"
        screen.print(f"{one.delivery.source}: {escape(one.delivery.file.name)}: {what} (term {one.term} years)")
        if not dry_run:
            carry_out(one, folder, day)
    verb = "would go" if dry_run else "done"
    screen.print(f"Past their term: {len(planned)} deliveries; {verb}")
    if unread:
        raise join_errors(unread)


def _settings(**given: object) -> Settings:
    return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


@contextmanager
def _progress(title: str) -> Iterator[loading.Tell]:
    with screen.status(title) as shown:
        yield lambda step: shown.update(f"{title}: {escape(step)}")


def _show_receipts(receipts: list[Receipt]) -> None:
    """Rows in, accepted and refused per delivery; refused rows by rule, never a value."""
    table = Table("source", "file", "rows", "refused", "read as", "note")
    for one in receipts:
        table.add_row(
            one.delivery.source,
            escape(one.delivery.file.name),
            str(one.rows_in),
            str(one.rows_refused),
            one.encoding,
            escape(one.note),
        )
    screen.print(table)
    for one in receipts:
        for column, rule, count, line in one.refusals:
            screen.print(
                f"  {one.delivery.source}: {escape(one.delivery.file.name)}: {column}: {count} rows refused, first at line {line}; rule: {escape(rule)}"
            )


if __name__ == "__main__":
    main()
