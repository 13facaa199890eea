"""`make bench`, third part: five publications of a region in a row, with revisions and a replaced delivery, all attacked.

Sample deliveries of IJmond (or the region named): first as they are; then suspects of one year without a few rows (a
small revision), absence of one school year without a third of its rows (a large one), the suspects put back (a replaced
delivery), and a few suspects of another year. Each is built, checked on the whole stack and attacked with all others at
hand. Prints seconds (by the clock, and of the processor), hidden figures, what was held back and findings. Fails on any
finding, and for IJmond when protection with audit takes over 60 s of the processor, for Twente over 300 s: what else runs
on the machine does not count.
"""

import shutil
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import duckdb

from pipelines.audit import audit_file
from pipelines.build import Built, build
from pipelines.releases import others, read_past
from pipelines.sample import write_sample
from pipelines.settings import Settings

BARS = {"ijmond": 60.0, "twente": 300.0}
SUSPECTS, BEFORE, ABSENCE = "suspects_2024", "suspects_2023", "verzuim_2024-2025"


def main(region: str = "ijmond", deliveries: str = "") -> int:
    """All five; 0 when nothing was found and the first took no longer than the bar."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        if deliveries:
            shutil.copytree(deliveries, root / "in")
        else:
            write_sample(root / "in", region=region, years=range(2019, 2026), scale=1, seed=1)
        settings = Settings(region=region, deliveries=root / "in", published=root / "out", work=root / "work")
        seconds, found = _publish(settings, "as delivered")
        for step, (words, source, file, every) in enumerate(REVISIONS, start=1):
            _deliver_again(settings.deliveries / source, file, every, f"2026-11-{step:02d}")
            found += _publish(settings, words)[1]
    bar = BARS.get(region, float("inf"))
    print(
        f"protection and audit of the first: {seconds:.0f} s of the processor (bar {bar:.0f}); findings in all: {found}"
    )
    return 0 if not found and seconds <= bar else 1


REVISIONS = (
    ("a few suspects fewer", "police_suspects", SUSPECTS, 40),
    ("a third less absence", "school_absence", ABSENCE, 3),
    ("the suspects put back", "police_suspects", SUSPECTS, 0),
    ("a few suspects fewer in another year", "police_suspects", BEFORE, 60),
)


def _deliver_again(folder: Path, name: str, every: int, day: str) -> None:
    """The first delivery of a file once more, without every so many rows (0: whole)."""
    file = sorted(folder.glob(f"*/{name}*.csv"))[0]
    lines = file.read_bytes().splitlines(keepends=True)
    kept = [line for at, line in enumerate(lines) if at < 3 or not every or at % every]
    (folder / day).mkdir(parents=True, exist_ok=True)
    (folder / day / file.name).write_bytes(b"".join(kept))


def _publish(settings: Settings, words: str) -> tuple[float, int]:
    """One publication: seconds of the processor for protection with its checks, and what the outsider finds."""
    told: list[tuple[float, float, str]] = []
    start = _now()
    made = build(settings, lambda line: told.append((*_now(), line)))
    told.append((*_now(), ""))
    steps = {line: (after[0] - at, after[1] - busy) for (at, busy, line), after in pairwise(told)}
    clock, protection = (steps["protect"][one] + steps["check again and publish"][one] for one in (0, 1))
    findings = len(audit_file(made.file, others(made.file)))
    whole = (told[-1][0] - start[0], told[-1][1] - start[1])
    _tell(words, made, f"build {_both(*whole)}, of which protection and audit {_both(clock, protection)}", findings)
    return protection, findings


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _both(clock: float, busy: float) -> str:
    return f"{clock:.0f} s ({busy:.0f} s of the processor)"


def _tell(words: str, made: Built, spent: str, findings: int) -> None:
    past = read_past(made.file)
    closed = int((past.figures["status"] == "hidden").sum())
    with duckdb.connect(str(made.file), read_only=True) as file:
        held = len(file.execute("select distinct indicator, period from held").fetchall())
    print(
        f"{words}: {closed} hidden of {len(past.figures)}; {held} indicators and periods held back; {spent}; {findings} findings",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
