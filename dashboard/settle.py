"""Files of Office made settled: the same content gives the same bytes, on any day.

XLSX and PPTX are archives in which the libraries write the time of now, also inside a workbook within a chart.
"""

import io
import re
import zipfile
from datetime import datetime
from typing import Final

FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
TIMES: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def settle(archive: bytes, moment: datetime) -> bytes:
    """The archive with every time in it replaced by `moment` (UTC), and by the first day of ZIP for its entries."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _settle_part(name, source.read(name), moment))
    return buffer.getvalue()


def _settle_part(name: str, content: bytes, moment: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return settle(content, moment)
    if name != "docProps/core.xml":
        return content
    told = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return TIMES.sub(lambda found: found[1] + told + found[3], content)
