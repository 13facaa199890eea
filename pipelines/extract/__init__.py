"""From a delivered file to text rows with their line numbers: CSV, XLSX, Parquet and CBS OData (JSON).

Nothing is interpreted here: every cell stays the text that was delivered. What had to be assumed to read it
(encoding, separator, where the header is, which numbers are days) goes into the receipt.
"""

from pathlib import Path

from pipelines.contract import Contract
from pipelines.extract.csv import read_csv
from pipelines.extract.guard import refuse_disguise, refuse_size
from pipelines.extract.header import SEARCH_LINES, find_header
from pipelines.extract.odata import read_json
from pipelines.extract.parquet import read_parquet
from pipelines.extract.rows import SYNTHETIC_MARK, Extract, unreadable
from pipelines.extract.text import decode
from pipelines.extract.xlsx import read_xlsx

__all__ = ["SEARCH_LINES", "SYNTHETIC_MARK", "Extract", "decode", "extract", "find_header"]

_READERS = {
    ".csv": read_csv,
    ".txt": read_csv,
    ".xlsx": read_xlsx,
    ".parquet": read_parquet,
    ".json": read_json,
}


def extract(file: Path, contract: Contract) -> Extract:
    """Read a delivered file.

    raises  ContractError when it cannot be read, is another format than its name says, unpacks to far too much, or no
            header of the contract is found in its first lines
    """
    refuse_size(file, contract)
    refuse_disguise(file, contract)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise unreadable(
            file, contract, f"format '{file.suffix}' is not read; deliver csv, xlsx, parquet or OData json"
        )
    return reader(file, contract)
