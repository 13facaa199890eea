"""Checks again with its own code, fails closed, writes a new file, and moves the pointer last.

Readers attach a version by name, so a publication never changes under them. A failed run leaves the pointer where it
was; older builds stay for rollback.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.audit import (
    Past,
    audit_file,
    check_derived,
    check_held,
    check_proof,
    check_rebased,
    check_rounded,
    check_signals,
)  # fmt: skip
from pipelines.errors import CannotPublish, UnsafeFigures
from pipelines.protect import Proof

POINTER = "current"
TABLES = {
    "figure": "indicator varchar, area varchar, period varchar, age varchar, sex varchar, kind varchar, numerator double, "
    "denominator double, value double, low double, high double, status varchar, provisional boolean, label varchar, "
    "trend varchar, denominator_year integer, benchmark double",
    "indicator": "id varchar, title varchar, definition varchar, numerator varchar, denominator varchar, unit varchar, "
    "per double, decimals integer, counts varchar, rounding integer, geography varchar, polarity varchar, theme varchar, purpose varchar, "
    "legal_basis varchar, sources varchar, caveats varchar, programmes varchar, breaks varchar, splits varchar, "
    "periods varchar, age varchar, kind varchar, links varchar, numerator_set varchar, denominator_set varchar, "
    "allowed boolean, not_allowed varchar, threshold integer, dominance double",
    "area": "code varchar, name varchar, level varchar, parent varchar, year integer, geometry varchar, stylised boolean",
    "period": "id varchar, kind varchar, start date, finish date",
    "source": "id varchar, title varchar, supplier varchar, file varchar, delivered_on date, period varchar, rows_in bigint, "
    "rows_accepted bigint, rows_refused bigint, sha256 varchar, encoding varchar, state varchar, note varchar",
    "refusal": "source varchar, file varchar, column_name varchar, rule varchar, rows bigint, first_line bigint",
    "area_problem": "code varchar, year integer, problem varchar",
    "code_label": "dimension varchar, code varchar, label varchar, position integer",
    "project": "programme varchar, project varchar, milestone varchar, board varchar, status varchar, on_date date",
    "intervention": "name varchar, period varchar, type varchar, project varchar, approach varchar, municipalities varchar, "
    "neighbourhoods varchar, target_ages varchar, start_date date, end_date date, participants integer, indicator varchar",
    "programme_part": "programme varchar, programme_title varchar, part varchar, title varchar",
    "programme_link": "programme varchar, part varchar, indicator varchar",
    "missing_delivery": "source varchar, title varchar, supplier varchar, period varchar",
    "revision": "indicator varchar, area varchar, period varchar, age varchar, sex varchar, kind varchar, before double, "
    "after double, reason varchar",
    "area_link": "from_code varchar, from_year integer, to_code varchar, to_year integer, weight double",
    "bridge": "area varchar, year integer, counted varchar, how varchar, was varchar, shown_in integer, estimated double",
    "area_break": "area varchar, year integer, counted varchar",
    "rebased": "indicator varchar, area varchar, period varchar, age varchar, sex varchar, kind varchar, numerator double, "
    "denominator double, value double, low double, high double, estimated double, status varchar, provisional boolean, "
    "denominator_year integer",
    "signal": "id varchar, method varchar, indicator varchar, area varchar, period varchar, members varchar, observed double, "
    "expected double, upper double, p double, board boolean, seen_before boolean",
    "signal_scope": "method varchar, indicator varchar, period_kind varchar, year varchar, areas integer, tests integer, "
    "false_analyst double, false_board double",
    "held": "indicator varchar, period varchar, level varchar",
    "audit": "indicator varchar, level varchar, split varchar, period_kind varchar, figures bigint, shown bigint, "
    "hidden bigint, attacked bigint, findings bigint",
    "sql": "indicator varchar, level varchar, split varchar, period_kind varchar, sql varchar",
    "figure_source": "indicator varchar, source varchar",
    "build": "id varchar, made_on timestamp, version varchar, rule varchar, threshold integer, region varchar, "
    "region_name varchar, synthetic boolean, label_from integer, possibly_from integer, arrow_from integer, "
    "percentage_from integer, history varchar, zeros_known varchar, rounding integer",
}


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Everything a reader will see: one frame per table of TABLES."""

    build_id: str
    tables: dict[str, pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the checks need and nobody else may see: the exact cells, the proof, the areas and measures as text.

    counted  the cells as the deliveries say
    cells    the cells that the figures are made of: a small revision is held back
    past     what was published before
    """

    counted: pd.DataFrame
    cells: pd.DataFrame
    proof: Proof
    measures: pd.DataFrame
    areas: pd.DataFrame
    threshold: int
    past: Sequence[Past] = ()
    insiders: bool = False
    zeros_known: bool = False
    rounded: bool = False


def publish(publication: Publication, evidence: Evidence, folder: Path) -> Path:
    """Write the publication and make it the current one.

    raises  UnsafeFigures when a figure gives somebody away; CannotPublish when it cannot be written or read back
    """
    _check(publication, evidence)
    target = folder / f"{publication.build_id}.duckdb"
    draft = folder / f".{publication.build_id}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        _write(publication, draft)
        _read_back(publication, draft)
        _attack(draft, evidence)
        _sync(draft)
        draft.replace(target)
        move_pointer(folder, publication.build_id)
    except (OSError, duckdb.Error) as error:
        raise CannotPublish(
            f"publish: {type(error).__name__} while writing to {folder.name}; the last publication is unchanged\n"
            "Check the disk and the rights on the folder, then build again"
        ) from error
    finally:
        for left in (draft, draft.with_name(f"{draft.name}.wal")):
            if left.is_file():
                left.unlink()
    return target


def _check(publication: Publication, evidence: Evidence) -> None:
    """What can be decided with the exact cells at hand."""
    figures = publication.tables["figure"]
    check_derived(figures)
    check_rebased(publication.tables["rebased"], evidence.measures)
    check_signals(publication.tables["signal"], figures)
    check_held(evidence.cells, evidence.counted, evidence.measures, evidence.past)
    if evidence.rounded:
        check_rounded(
            figures, evidence.measures, evidence.areas, evidence.cells, evidence.proof, past=evidence.past
        )  # fmt: skip
        return
    check_proof(
        figures, evidence.measures, evidence.areas, evidence.cells, evidence.proof,
        threshold=evidence.threshold, past=evidence.past, insiders=evidence.insiders, zeros_known=evidence.zeros_known,
    )  # fmt: skip


def _attack(draft: Path, evidence: Evidence) -> None:
    """The outsider on the file that was written, with all that was published before."""
    findings = audit_file(draft, evidence.past)
    if len(findings):
        first = findings.iloc[0]
        raise UnsafeFigures(
            f"{first['indicator']}, {first['level']}, {first['period']}: {first['finding']} ({len(findings)} findings). "
            "Do not publish; build again, and report it if it stays"
        )


def move_pointer(folder: Path, build_id: str) -> None:
    """Point `current` at a build, atomically."""
    draft = folder / f".{POINTER}.part"
    draft.write_text(build_id + "\n", encoding="ascii")
    _sync(draft)
    draft.replace(folder / POINTER)


def current_file(folder: Path) -> Path:
    """The published file that the pointer names.

    raises  CannotPublish when nothing is published there
    """
    pointer = folder / POINTER
    if not pointer.is_file():
        raise CannotPublish(f"{folder.name}: nothing is published here\nMake a publication with: jeugdbeeld build")
    return folder / f"{pointer.read_text(encoding='ascii').strip()}.duckdb"


def _write(publication: Publication, file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        for name, columns in TABLES.items():
            connection.execute(f"create table {name} ({columns})").fetchall()
            rows = publication.tables[name]
            if len(rows):
                connection.register("incoming", pa.Table.from_pandas(rows, preserve_index=False))
                listed = ", ".join(column.split()[0] for column in columns.split(", "))
                connection.execute(f"insert into {name} select {listed} from incoming").fetchall()
                connection.unregister("incoming")
        connection.execute("checkpoint").fetchall()


def _read_back(publication: Publication, file: Path) -> None:
    """The file must open read-only and hold as many rows of every table as were written."""
    with duckdb.connect(str(file), read_only=True) as connection:
        for name, rows in publication.tables.items():
            counted = connection.execute(f"select count(*) from {name}").fetchall()[0][0]
            if counted != len(rows):
                raise CannotPublish(
                    f"publish: table {name} was not written whole; the last publication is unchanged\nBuild again"
                )


def _sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
