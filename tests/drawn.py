"""Tables drawn in text, so that a test reads like its example."""

import pandas as pd
import pyarrow as pa


def table(drawing: str) -> pd.DataFrame:
    """A frame of `a | b` lines: the first is the header; an empty cell or NULL is missing, whole numbers are numbers."""
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines() if line.strip()]
    header, *rows = lines
    columns = {name: [_value(row[n]) for row in rows] for n, name in enumerate(header)}
    return pd.DataFrame(columns)


def arrow(drawing: str) -> pa.Table:
    """The same, for an engine."""
    return pa.Table.from_pandas(table(drawing), preserve_index=False)


def _value(text: str) -> object:
    if text in {"", "NULL"}:
        return None
    return int(text) if text.lstrip("-").isdigit() and (text == "0" or not text.startswith("0")) else text
