"""The cheapest pattern of a table by tau-ARGUS of Statistics Netherlands: branch and cut (Fischetti and Salazar 2001).

In equations between published cells; the proof is another matter. It runs in a process of its own, beside ours: the
library keeps its state in globals, and a number that it does not expect ends its process.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from tempfile import TemporaryDirectory, gettempdir
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.cover import Ints, Task

MINUTES = 1  # then it has not proved that nothing is cheaper
STOP_AFTER = 60.0 * MINUTES + 15  # seconds, should it not stop by itself
MOST_WEIGHT = 100_000_000
SAME = 1.01  # prices that differ less only choose between patterns of equally many cells
EVERY, PER_TENFOLD, LITTLE_ROOM = 1_000, 3, 8
ROOM = 1_000_000  # how far above its count an attacker may believe a cell to be
FOUND, TOO_LONG = 0, 100  # anything else is a failure
PREFIX, LEFT_BEHIND = "jeugdbeeld-", 3_600  # seconds: no search takes that long
SCRIPT = f"""
import sys
from pytauargus import HiTaSCtrl
proved = HiTaSCtrl().full_jj(in_file_jj=sys.argv[1], out_file=sys.argv[2], max_time={MINUTES}) == 0
sys.exit({FOUND} if proved else {TOO_LONG})
"""


class CheapestSearch:
    """A search that goes on beside ours. Its folder holds the true counts and all that the library writes (it writes logs
    where it runs): for this account only, and gone at the end.
    """

    def __init__(self, task: Task) -> None:
        self.unsafe = task.unsafe
        sweep()
        self.folder = TemporaryDirectory(prefix=PREFIX)
        asked, self.found = Path(self.folder.name) / "asked.jj", Path(self.folder.name) / "found"
        asked.write_text(_describe(task), encoding="ascii")
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", SCRIPT, str(asked), str(self.found)],
            cwd=self.folder.name,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self, tell: Callable[[str], None] = lambda step: None) -> NDArray[np.bool_] | None:
        """The cheapest pattern; None when it took too long to prove that, or failed, which is told."""
        try:
            code = self.process.wait(STOP_AFTER)
        except subprocess.TimeoutExpired:
            code = TOO_LONG
        if code != FOUND:
            tell("the cheapest pattern takes too long" if code == TOO_LONG else f"tau-ARGUS failed with code {code}")
            return None
        hidden = self.unsafe.copy()
        hidden[np.array(self.found.read_text(encoding="ascii").split(), dtype=np.int64)] = True
        return hidden

    def __enter__(self) -> "CheapestSearch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def sweep() -> None:
    """Remove the folders of searches that were killed: they hold true counts."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            about = folder.lstat()
            if S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and time.time() - about.st_mtime > LEFT_BEHIND:
                shutil.rmtree(folder)


def _describe(task: Task) -> str:
    """The table in the format of tau-ARGUS (JJ): a line per cell, a line per equation."""
    cells = zip(
        range(len(task.true)),
        task.true.tolist(),
        _weigh(task).tolist(),
        np.where(task.unsafe, "u", np.where(task.fixed, "z", "s")).tolist(),
        task.least.tolist(),
        (task.true + ROOM).tolist(),
        np.where(task.unsafe, task.true - 1, 0).tolist(),
        np.where(task.unsafe, task.threshold - 1 - task.true, 0).tolist(),
        strict=True,
    )
    matrix = task.matrix
    sums = [
        f"0 {end - start} : "
        + " ".join(
            f"{cell} ({int(sign)})"
            for cell, sign in zip(matrix.indices[start:end], matrix.data[start:end], strict=True)
        )
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]
    lines = ["0", str(len(task.true)), *(" ".join(map(str, cell)) + " 0" for cell in cells), str(len(sums)), *sums]
    return "\n".join(lines) + "\n"


def _weigh(task: Task) -> Ints:
    """Prices as the whole numbers that it takes.

    Where every cell costs the same it hides the smaller counts, but rather not those that leave little room for proof.
    """
    if task.price.max() < SAME * task.price.min():
        size = np.rint(PER_TENFOLD * np.log10(1 + task.true)).astype(np.int64)
        return np.asarray(EVERY + size + LITTLE_ROOM * (task.true < 3 * task.threshold))
    scale = min(1 / float(task.price.min()), MOST_WEIGHT / float(task.price.max()))
    return np.maximum(np.rint(task.price * scale), 1).astype(np.int64)
