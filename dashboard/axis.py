"""Where a printed axis ends and which round numbers stand beside it. Pure; only from shown figures."""

from collections.abc import Sequence
from typing import Final

STEPS: Final = (1.0, 2.0, 2.5, 5.0)
MOST_TICKS: Final = 4
ROOM: Final = 1.05


def find_top(values: Sequence[float], highs: Sequence[float], *, share: bool = False) -> float:
    """The end of the axis: room for all values and most margins; one huge margin must not flatten the rest.

    share  a percentage of a whole: the axis never passes 100 unless a value does
    """
    top = max(values, default=0.0)
    wanted = min(ROOM * max([*highs, top]), 2 * top) if top else max(highs, default=1.0) or 1.0
    return min(wanted, 100.0) if share and top <= 100 else wanted


def find_step(top: float) -> float:
    """The smallest round step with which at most four steps fit below `top`."""
    size = 1e-6
    while True:
        for step in STEPS:
            if top / (step * size) <= MOST_TICKS + 1e-9:
                return step * size
        size *= 10


def find_ticks(top: float) -> list[float]:
    """Zero and the round numbers up to `top`."""
    step = find_step(top)
    return [step * count for count in range(int(top / step + 1e-9) + 1)]


def count_decimals(step: float) -> int:
    """How many decimals a step needs to be told exactly, three at most."""
    return next((places for places in range(3) if abs(round(step, places) - step) < 1e-9), 3)
