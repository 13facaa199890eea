"""Parquet: columns of any simple type, as the text that a CSV would hold."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from pipelines.contract import Contract
from pipelines.extract.guard import LARGEST_SHEET, LARGEST_UNPACKED
from pipelines.extract.header import find_header, no_header, tell_aliases
from pipelines.extract.rows import Extract, is_synthetic, name_columns, number_lines, unreadable

_LARGEST_EXACT = 1e15  # above it floating point no longer tells whole numbers apart


def read_parquet(file: Path, contract: Contract) -> Extract:
    """Rows of a Parquet file; see `extract`. The line is the number of the row."""
    try:
        about = parquet.read_metadata(file)
        unpacked = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        if unpacked > LARGEST_UNPACKED or about.num_rows * about.num_columns > LARGEST_SHEET * 4:
            raise unreadable(file, contract, "unpacks to more than 500 MB; deliver it in parts, a file per period")
        table = parquet.read_table(file)
        columns = [_text_column(column) for column in table.columns]
    except (pa.ArrowException, OSError):
        raise unreadable(file, contract, "no readable Parquet") from None
    names = name_columns(table.column_names)
    if find_header([names], contract) is None:
        raise no_header(file, contract)
    rows = pa.table(dict(zip(names, columns, strict=True)))
    alias = tell_aliases(contract, names)
    return Extract(
        rows=number_lines(rows, 1),
        encoding="parquet",
        header=0,
        synthetic=is_synthetic(file, []),
        notes=(alias,) if alias else (),
    )


def _text_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text; whole numbers stored as floating point (pandas with gaps) lose their `.0`, a moment becomes its day."""
    if pa.types.is_floating(column.type):
        values = column.to_pandas()
        known = values.dropna()
        whole = known.mod(1).eq(0).all() and known.abs().lt(_LARGEST_EXACT).all()
        return pa.chunked_array(
            [pa.array(values.astype("Int64") if whole else values, from_pandas=True).cast(pa.string())]
        )
    if pa.types.is_timestamp(column.type):
        return pc.utf8_slice_codeunits(column.cast(pa.string()), 0, 10)
    return column.cast(pa.string())
