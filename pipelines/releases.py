"""The publications of before: what stays known of them, and what the work folder keeps of them.

The id of a build tells what came in, not what was published before; a build keeps the list of publications that it
reckoned with, so that making it again gives the same figures (docs/adr/0006).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from pipelines.audit import Past, read_delivered, read_rule
from pipelines.errors import UnsafeFigures
from pipelines.protect import Release, load_release, told_release

UNKEPT = pd.DataFrame()


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """Publications of before, oldest first, each as the audit and as the protection look at it."""

    past: tuple[Past, ...] = ()
    releases: tuple[Release, ...] = ()

    @property
    def ids(self) -> str:
        """Their build ids, comma separated."""
        return ",".join(one.build_id for one in self.past)


def find_earlier(
    folder: Path, build_id: str, *, region: str, synthetic: bool, kept: Path, rounding: int = 1
) -> Earlier:
    """The publications of this region in a folder that this build must reckon with.

    folder   published files; what is not there any more counts as never published
    region   code of the region; figures of another region, or synthetic beside real ones, are other figures
    kept     where the work folder keeps what was behind each publication
    rounding 10 where this build shows persons in tens, else 1
    raises   UnsafeFigures when an earlier publication was made by the other rule
    """
    files = {file.stem: file for file in folder.glob("*.duckdb")} if folder.is_dir() else {}
    told = {name: _told(file) for name, file in files.items()}
    ours = {name: one for name, one in told.items() if one is not None and one[1:3] == (region, synthetic)}
    again = ours.get(build_id)
    names = again[3].split(",") if again else sorted(ours, key=lambda name: (ours[name][0], name))
    past = [read_past(files[name], kept / name) for name in names if name in ours and name != build_id]
    _refuse_another_rule(past, rounding)
    releases = [load_release(kept / one.build_id) or told_release(one.figures, one.measures) for one in past]
    return Earlier(past=tuple(past), releases=tuple(releases))


def _refuse_another_rule(past: Sequence[Past], rounding: int) -> None:
    """Exact figures and figures in tens of the same counts give each other away: what was published stays known."""
    other = [one.build_id for one in past if one.rounding != rounding]
    if other:
        was, now = ("in tens", "hide") if rounding == 1 else ("exactly", "round10")
        raise UnsafeFigures(
            f"rule: {len(other)} earlier publications of this region show persons {was} (the first is {other[0]}), and what "
            f"was published stays known\nKeep their rule, or withdraw them (move their files out of the published folder) "
            f'before building with rule = "{now}"'
        )
    if rounding > 1 and any(one.truth.empty for one in past):
        raise UnsafeFigures(
            "rule round10: the exact counts of an earlier publication are not in the work folder\n"
            "Build with the work folder of that publication"
        )


def _told(file: Path) -> tuple[str, str, bool, str] | None:
    """When it was made, region, synthetic, and the publications before it; None when the file cannot be read."""
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            columns = {row[0] for row in connection.sql("describe build").fetchall()}
            history = "history" if "history" in columns else "null"
            row = connection.sql(f"select made_on, region, synthetic, {history} from build").fetchall()[0]
    except (duckdb.Error, IndexError):
        return None
    return str(row[0]), str(row[1]), bool(row[2]), str(row[3] or "")


def read_past(file: Path, kept: Path | None = None) -> Past:
    """A published file as an earlier publication, with the counts behind it where they were kept."""
    with duckdb.connect(str(file), read_only=True) as connection:
        figures = connection.execute("select * from figure").df()
        measures = connection.execute("select * from indicator").df()
        areas = connection.execute("select code, parent, level, year from area").df()
        delivered, rule = read_delivered(connection), read_rule(connection)
    release = load_release(kept) if kept else None
    truth = UNKEPT if release is None else release.variables
    return Past(
        build_id=file.stem, figures=figures, measures=measures, areas=areas, truth=truth, delivered=delivered,
        zeros_known=rule.zeros_known, rounding=rule.rounding,
    )  # fmt: skip


def others(file: Path) -> Sequence[Past]:
    """The other publications of the same region beside a published file: an outsider may have kept them all."""
    own = _told(file)
    beside = {one: _told(one) for one in sorted(file.parent.glob("*.duckdb")) if one != file}
    same = [one for one, told in beside.items() if own and told and told[1:3] == own[1:3]]
    return [read_past(one) for one in same]
