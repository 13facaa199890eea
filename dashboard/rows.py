"""A frame read row by row, with names as plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

Row = Mapping[str, Any]
Frame = pd.DataFrame


def list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Every row as column name -> value, in order."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def join_frames(frames: Sequence[pd.DataFrame | None]) -> pd.DataFrame:
    """Frames under each other; those that are not there are left out."""
    present = [frame for frame in frames if frame is not None and len(frame)]
    return pd.concat(present, ignore_index=True) if present else pd.DataFrame()
