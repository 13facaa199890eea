"""A frame read row by row, with names as plain text."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

Row = Mapping[str, Any]
Frame = pd.DataFrame


def list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Every row as column name -> value, in order."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
