"""A frame read row by row, with names as plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

Row = Mapping[str, Any]
Frame = pd.DataFrame


def list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Every row as column name -> value, in order."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def join_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames under each other, without the empty ones."""
    present = [frame for frame in frames if len(frame)]
    return pd.concat(present, ignore_index=True) if present else pd.DataFrame()


def join_figures(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Figures under each other, each once: the chosen area can also stand among its neighbours."""
    joined = join_frames(frames)
    return joined if joined.empty else joined.drop_duplicates(list(FIGURE_KEY), ignore_index=True)


FIGURE_KEY = ("indicator", "area", "period", "age", "sex", "kind")
