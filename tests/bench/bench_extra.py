"""`make bench`, fourth part: may one more count be shown beside a publication? Asked of the whole of IJmond.

Builds the region from sample deliveries and keeps what the protection was given. Then asks of counts that are not
published (suspects of 12 to 22 who are men, per neighbourhood in 2024, drawn as half of all) whether they may be shown.
Prints how many may and the seconds of the processor of each question. Fails when one takes 2 s.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines import build as run
from pipelines.protect import Protected, may_show
from pipelines.sample import write_sample
from pipelines.settings import Settings

QUESTIONS, MOST = 20, 2.0


def main(region: str = "ijmond") -> int:
    """All questions; 0 when each was answered in time."""
    given: list[tuple[Any, ...]] = []
    protect = run.protect

    def keep(*arguments: Any) -> Protected:
        made = protect(*arguments)
        given.append((*arguments[:3], made.proof))
        return made

    run.protect = keep
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_sample(root / "in", region=region, years=range(2019, 2026), scale=1, seed=1)
        run.build(Settings(region=region, deliveries=root / "in", published=root / "out", work=root / "work"))
    cells, measures, areas, proof = given[0]
    print(f"{len(cells)} cells, {proof.witnesses.shape[1]} witnesses")
    answers, seconds = list[bool](), list[float]()
    for row in draw_questions(cells):
        start = time.process_time()
        answers.append(may_show(row, cells, measures, areas, proof))
        seconds.append(time.process_time() - start)
    took = f"{min(seconds):.2f} to {max(seconds):.2f} s of the processor"
    print(f"{len(answers)} questions: {sum(answers)} may be shown; {took}{' <-- over' if max(seconds) >= MOST else ''}")
    return 1 if max(seconds) >= MOST else 0


def draw_questions(cells: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows as in `cells` that are not in it."""
    wanted = (
        (cells["indicator"] == "suspects_12_22") & (cells["level"] == "neighbourhood") & (cells["period"] == "2024")
    )
    rows = cells[wanted & (cells["age"] == "all") & (cells["sex"] == "all")].head(QUESTIONS).assign(sex="male")
    assert len(rows) == QUESTIONS
    halves = {name: rows[name].astype(float) // 2 for name in ("numerator", "denominator")}
    return [rows.assign(**halves).iloc[[at]].reset_index(drop=True) for at in range(QUESTIONS)]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
