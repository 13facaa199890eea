"""The suppliers' file formats, to the byte: padding, byte order mark, title above, footer below.

Every writer puts a synthetic mark where its format has room for one; where it has none (bulk and code lists) the file
name carries it. The same content gives the same bytes: no clock, no random order.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import xlsxwriter
from pyarrow import parquet

MARK = "SYNTHETISCH"
MADE = dt.datetime(2020, 1, 1)


def write_odata(file: Path, rows: pd.DataFrame, *, table: str) -> None:
    """OData v3 answer in JSON: numbers as numbers, texts as given (padded by the caller), unknown as null."""
    records = rows.to_json(orient="records", force_ascii=False)
    head = f'{{"odata.metadata":"{table}/$metadata#TypedDataSet","synthetisch":"{MARK}, geen echte cijfers","value":'
    file.write_text(head + records + "}", encoding="utf-8")


def write_download(file: Path, rows: pd.DataFrame, *, title: str, source: str) -> None:
    """Labelled StatLine download: byte order mark, title line, `;`, everything quoted, `Bron:` below."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([f"{title} - {MARK}"])
        writer.writerow(rows.columns)
        writer.writerows(rows.itertuples(index=False))
        writer.writerow([f"Bron: {source}"])


def write_bulk(file: Path, rows: pd.DataFrame) -> None:
    """Bulk CSV with codes: `;`, header and keys quoted, numbers bare, no title and no footer."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        writer.writerow(rows.columns)
        writer.writerows(rows.itertuples(index=False))


def write_code_list(file: Path, rows: pd.DataFrame) -> None:
    """Code list as the police publish it: `,`, everything quoted, line breaks inside cells allowed."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(rows.columns)
        writer.writerows(rows.itertuples(index=False))


def write_parquet(file: Path, rows: pd.DataFrame) -> None:
    """Typed OData answer kept as Parquet, one row group; the mark is in the schema's metadata."""
    table = pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata({"synthetisch": MARK})
    parquet.write_table(table, file, compression="zstd")


def write_person_csv(file: Path, rows: pd.DataFrame, *, encoding: str, title: str | None = None) -> None:
    """Partner's CSV: `;`, nothing quoted; body in ASCII, so only the title differs by encoding."""
    head = f"{title}\r\n" if title else ""
    with file.open("wb") as out:
        out.write((head + ";".join(rows.columns) + "\r\n").encode(encoding))
        options = arrow_csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none", eol="\r\n")
        arrow_csv.write_csv(pa.Table.from_pandas(rows, preserve_index=False), out, options)


def write_workbook(file: Path, rows: pd.DataFrame, *, sheet: str, titles: Sequence[str]) -> None:
    """XLSX with title rows above the header; every cell is text or a whole number, an empty text is no cell."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": MADE, "title": f"{MARK}, geen echte personen"})
    page = book.add_worksheet(sheet)
    for line, title in enumerate(titles):
        page.write_string(line, 0, title)
    page.write_row(len(titles), 0, list(rows.columns))
    for line, cells in enumerate(rows.itertuples(index=False), start=len(titles) + 1):
        for column, cell in enumerate(cells):
            if cell != "":
                page.write(line, column, cell)
    book.close()


def pad(texts: pd.Series, width: int) -> pd.Series:
    """Keys and names filled out with spaces, as CBS stores them."""
    return texts.astype(str).str.ljust(width)
