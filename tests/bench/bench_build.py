"""`make bench`, second part: the full build of Twente (14 municipalities, 7 years, all sources) at scale 1, and again at scale 10.

Each build is a process of its own on fresh sample deliveries. Prints time, peak memory and rows, and how time grows
with rows: the exponent e of time = rows ** e between the two. Bar: e <= 1.1. Fails when the bar is missed.
"""

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipelines.build import build
from pipelines.sample import plan_deliveries
from pipelines.sample.world import load_world
from pipelines.settings import Settings

REGION, YEARS = "twente", range(2019, 2026)
MOST_GROWTH = 1.1


def prepare(folder: Path, scale: float) -> dict[str, float]:
    """Write the sample deliveries of all sources."""
    for delivery in plan_deliveries(load_world(region=REGION, years=YEARS, scale=scale, seed=1)):
        file = folder / delivery.path
        file.parent.mkdir(parents=True, exist_ok=True)
        delivery.write(file)
    return {"files": sum(1 for file in folder.rglob("*") if file.is_file())}


def measure(folder: Path) -> dict[str, float]:
    """One whole build, from deliveries to the pointer; the steps it tells are timed too."""
    told: list[tuple[float, str]] = []
    settings = Settings(region=REGION, deliveries=folder / "in", published=folder / "out", work=folder / "work")
    start = time.perf_counter()
    made = build(settings, lambda line: told.append((time.perf_counter(), line)))
    seconds = time.perf_counter() - start
    _print_steps(told, start + seconds)
    return {
        "seconds": seconds,
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "rows": sum(receipt.rows_in for receipt in made.receipts),
        "figures": sum(made.counts.values()),
        "hidden": made.counts.get("hidden", 0),
    }


def _print_steps(told: list[tuple[float, str]], finish: float) -> None:
    """Seconds per step on stderr; files of one source are one step."""
    spent: dict[str, float] = {}
    for (at, line), (after, _) in zip(told, [*told[1:], (finish, "")], strict=True):
        step = line.split(":")[0]
        spent[step] = spent.get(step, 0.0) + after - at
    for step, seconds in sorted(spent.items(), key=lambda pair: -pair[1])[:12]:
        print(f"    {seconds:7.1f} s  {step}", file=sys.stderr)


def _child(*arguments: str) -> dict[str, float]:
    command = [sys.executable, __file__, *arguments]
    finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(finished.stdout.splitlines()[-1])
    return found


def main(scales: tuple[float, float] = (1, 10)) -> int:
    """Both builds; 0 when time grows no faster than the bar."""
    found = []
    for scale in scales:
        with tempfile.TemporaryDirectory() as name:
            _child("prepare", str(Path(name) / "in"), str(scale))
            one = _child("build", name)
        found.append(one)
        print(
            f"{REGION}, scale {scale:g}: {one['rows']:,} rows in, {one['figures']:,} figures ({one['hidden']:,} hidden), "
            f"{one['seconds']:.0f} s, peak {one['bytes'] / 1e9:.2f} GB"
        )
    small, large = found
    growth = math.log(large["seconds"] / small["seconds"]) / math.log(large["rows"] / small["rows"])
    print(f"time grows as rows ** {growth:.2f} (bar {MOST_GROWTH})")
    return 0 if growth <= MOST_GROWTH else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare", folder, scale]:
            print(json.dumps(prepare(Path(folder), float(scale))))
        case ["build", folder]:
            print(json.dumps(measure(Path(folder))))
        case _:
            sys.exit(main())
