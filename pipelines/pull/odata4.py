"""CBS tables over OData v4: observations, one per measure, turned into the rows that v3 would give.

v4 has no padding, pages of 100,000 observations (`@odata.nextLink`), measures by code with a title, and says why a
value is not there (`ValueAttribute`). A row of v3 is all measures of one combination of codes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pipelines.pull.catalogue import CBS4, Table
from pipelines.pull.fetch import Fetcher, Json
from pipelines.pull.land import Landing
from pipelines.pull.odata3 import Lists, Question, ask, no_fetch

NOT_A_DIMENSION = {"Id", "Measure", "Value", "StringValue", "ValueAttribute"}


def read_modified(fetcher: Fetcher, table: Table) -> tuple[str, Json]:
    """When the table was last changed, and its properties."""
    properties = fetcher.read(f"{_root(table)}/Properties")
    return str(properties.get("Modified", "")), properties


def read_lists(fetcher: Fetcher, table: Table) -> Lists:
    """The code list of each dimension with Key, Title and Status, as v3 names them."""
    dimensions = [one["Identifier"] for one in fetcher.read(f"{_root(table)}/Dimensions")["value"]]
    return {name: [_as_v3(code) for code in _read_all(fetcher, f"{_root(table)}/{name}Codes")] for name in dimensions}


def read_measures(fetcher: Fetcher, table: Table) -> dict[str, str]:
    """Code of a measure -> the column that v3 gives it: `Aantal inwoners` -> `AantalInwoners_5`."""
    measures = _read_all(fetcher, f"{_root(table)}/MeasureCodes")
    return {
        one["Identifier"]: name_column(one["Title"], int(one.get("Index") or place))
        for place, one in enumerate(measures, 1)
    }


def ask_observations(table: Table, lists: Lists, municipalities: tuple[str, ...], first_year: int) -> Question:
    """The question for this region and these years."""
    keys = ask(table, lists, municipalities, first_year).keys
    return Question(address=f"{_root(table)}/Observations", keys=keys, next_link="@odata.nextLink")


def read_rows(landing: Landing, urls: list[str], measures: dict[str, str]) -> Iterator[Json]:
    """Rows as v3 gives them, from the kept pages of observations."""
    observations = (one for url in urls for one in landing.keep(url, no_fetch)["value"])
    return to_rows(observations, measures)


def to_rows(observations: Iterable[Json], measures: dict[str, str]) -> Iterator[Json]:
    """One row per combination of codes, in order of first sight; a measure without observation is blank."""
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    dimensions: list[str] = []
    for one in observations:
        dimensions = dimensions or [name for name in one if name not in NOT_A_DIMENSION]
        key = tuple(one[name] for name in dimensions)
        rows.setdefault(key, dict.fromkeys(measures.values(), ""))[measures[one["Measure"]]] = _value(one)
    for number, (key, values) in enumerate(rows.items()):
        yield {"ID": number, **dict(zip(dimensions, key, strict=True)), **values}


def name_column(title: str, number: int) -> str:
    """The key that v3 makes of a title: words joined with capitals, no accents, `k_` before a digit, its number."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", plain))
    return f"{'k_' if name[:1].isdigit() else ''}{name}_{number}"


def _value(one: Json) -> str:
    """Text as in untyped v3 rows: blank cannot occur, a point is unknown or secret."""
    value = one.get("Value")
    if value is not None:
        return str(int(value)) if float(value).is_integer() else str(value)
    if one.get("StringValue") is not None:
        return str(one["StringValue"])
    return "" if one.get("ValueAttribute") == "Impossible" else "."


def _as_v3(code: Json) -> dict[str, str]:
    return {"Key": code["Identifier"], "Title": code.get("Title", ""), "Status": code.get("Status") or ""}


def _read_all(fetcher: Fetcher, url: str) -> list[Json]:
    """A list that may come in pages."""
    found: list[Json] = []
    address = url
    while address:
        answer = fetcher.read(address)
        found += answer["value"]
        link = str(answer.get("@odata.nextLink", ""))
        address = f"{url}?{link.partition('?')[2]}" if link else ""
    return found


def _root(table: Table) -> str:
    return f"{CBS4}/odata/v1/CBS/{table.name}"
