"""`make bench-load`: one server with fifty visitors who think, then with two hundred open sessions.

Every visitor is a websocket session that opens pages and changes choices as a browser does, at random moments ten
seconds apart on average. Bars: the first page within 5 s of the start, 95 in 100 runs within 1 s, and 1 GB of memory
with 200 sessions. The visitors work on the same machine as the server, so the times are on the careful side; the load
of the machine stands beside them. Prints figures; fails on a bar. `--seconds 60` takes less time than the usual 120.
"""

import argparse
import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.bench_pages import Server, find_pages, serve
from tests.visitor import Run, Visitor

USERS, SESSIONS, THINKING = 50, 200, 10.0
MOST_FIRST, MOST_RUN, MOST_MEMORY = 5.0, 1.0, 1_000_000_000
ANOTHER_PAGE = 0.2  # of the things that visitors do; the rest is another choice on the page


@dataclass(kw_only=True)
class Guest:
    """A visitor who goes about at random: the chosen words stay as they are until another is chosen."""

    visitor: Visitor
    chance: random.Random
    last: Run | None = None
    chosen: dict[str, str] = field(default_factory=dict)

    def act(self) -> Run:
        """Open another page, or choose something else on this one."""
        boxes = self.last.selectboxes() if self.last else {}
        wide = [box for box in boxes.values() if len(box.options) > 1]  # type: ignore[attr-defined]
        if not wide or self.chance.random() < ANOTHER_PAGE:
            self.chosen = {}
            self.last = self.visitor.go(self.chance.choice(find_pages()))
        else:
            box = self.chance.choice(wide)
            self.chosen[box.id] = self.chance.choice(list(box.options))  # type: ignore[attr-defined]
            self.last = self.visitor.run(self.chosen)
        assert not self.last.failed(), self.visitor.page
        return self.last


def visit_for(guest: Guest, seconds: float, times: list[float]) -> None:
    """Think and act until the time is over; every run adds its seconds."""
    until = time.monotonic() + seconds
    while (when := time.monotonic() + guest.chance.expovariate(1 / THINKING)) < until:
        time.sleep(max(0.0, when - time.monotonic()))
        times.append(guest.act().seconds)


def measure_users(guests: Sequence[Guest], seconds: float) -> tuple[list[float], list[BaseException]]:
    """All guests at the same time: seconds of every run, sorted, and what went wrong."""
    times, problems = list[float](), list[BaseException]()

    def go_about(guest: Guest) -> None:
        try:
            visit_for(guest, seconds, times)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=go_about, args=(guest,)) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times), problems


def read_memory(server: Server) -> int:
    """Bytes that the server holds in memory."""
    status = Path(f"/proc/{server.process}/status").read_text(encoding="utf-8")
    return 1024 * int(status.split("VmRSS:")[1].split()[0])


def open_guests(server: Server, count: int, *, first: int) -> list[Guest]:
    """New sessions, each with its own dice."""
    return [Guest(visitor=Visitor.open(server.address), chance=random.Random(first + place)) for place in range(count)]


def report(name: str, value: str, *, missed: bool) -> bool:
    """Print a line; whether the bar was missed."""
    print(f"{name:44} {value}{'  <-- over' if missed else ''}", flush=True)
    return missed


def main() -> int:
    """Start, visit, fill up, and print a line for each."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=120)
    seconds = asked.parse_args().seconds
    print(f"{os.cpu_count()} processors; load of the machine before the start: {os.getloadavg()[0]:.1f}")
    start = time.monotonic()
    with serve(Path(os.environ["JEUGDBEELD_PUBLISHED"])) as server, contextlib.ExitStack() as doors:
        Visitor.open(server.address).go("")
        first = time.monotonic() - start
        said = f"{first:.1f} s ({server.worked():.1f} s of processor time)"
        missed = report("first page after the start", said, missed=first > MOST_FIRST)
        guests = open_guests(server, USERS, first=0)
        before, begun = server.worked(), time.monotonic()
        times, problems = measure_users(guests, seconds)
        worked, passed = server.worked() - before, time.monotonic() - begun
        late = times[int(0.95 * len(times))]
        said = f"{1000 * late:.0f} ms (half within {1000 * times[len(times) // 2]:.0f} ms, {len(times)} runs)"
        missed |= report(f"95 in 100 runs, {USERS} users thinking {THINKING:.0f} s", said, missed=late > MOST_RUN)
        said = f"{1000 * worked / len(times):.0f} ms a run, {100 * worked / passed:.0f}% of one processor"
        report("processor time of the server", said, missed=False)
        missed |= report("runs that failed", str(problems[:1] or "none"), missed=bool(problems))
        guests += open_guests(server, SESSIONS - USERS, first=USERS)
        for guest in guests:
            doors.callback(guest.visitor.socket.close)
            guest.act()
        memory = read_memory(server)
        missed |= report(f"memory with {len(guests)} sessions", f"{memory / 1e6:.0f} MB", missed=memory > MOST_MEMORY)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
