"""Open-data suppliers on 127.0.0.1: OData v3 (feed and api) and v4 as CBS answers them, WFS as PDOK does, with their tempers.

Keys are compared to the letter, padding included; a filter that is not or'ed `eq` is refused; next links point to the real
host; more rows than the api gives is a 500; a query of more than 2,048 characters is "not found", as IIS says.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

Rows = list[dict[str, object]]
_PART = re.compile(r"(\w+) eq '([^']*)'")


@dataclass
class Supplied:
    """One table: code lists by dimension, rows with padded keys, measures (v4: column -> title)."""

    lists: dict[str, list[dict[str, str]]]
    rows: Rows
    modified: str = "2025-12-15T02:00:00"
    titles: dict[str, str] = field(default_factory=dict)


@dataclass
class Supplier:
    """What is served, how, and what was asked.

    page, most   rows a page of the feed, rows that the api gives at most
    troubles     what happens to the next requests for rows, one each: ok, 429, 500, 503, cut, html
    """

    tables: dict[str, Supplied] = field(default_factory=dict)
    shapes: dict[str, Rows] = field(default_factory=dict)
    page: int = 10_000
    most: int = 10_000
    shapes_a_page: int = 1_000
    pages_shapes: bool = True
    troubles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def data_requests(self) -> list[str]:
        """Requests for rows or shapes, decoded."""
        return [unquote(one) for one in self.asked if re.search("DataSet|Observations|wfs", one)]


@contextmanager
def serving(supplier: Supplier) -> Iterator[Supplier]:
    """Serve until the block ends."""
    handler = type("Handler", (_Handler,), {"supplier": supplier})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    supplier.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield supplier
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    supplier: Supplier
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.supplier.asked.append(self.path)
        parts = urlsplit(self.path)
        path, options = parts.path.strip("/").split("/"), {k: v[0] for k, v in parse_qs(parts.query).items()}
        if len(parts.query) > 2_048:
            return self._answer(404, b"<html>404.15</html>")
        is_data = path[-1] in ("UntypedDataSet", "Observations", "v1_0")
        trouble = self.supplier.troubles.pop(0) if is_data and self.supplier.troubles else "ok"
        if trouble in ("429", "503"):
            wait = {"429": "7", "503": "Wed, 21 Oct 2015 07:28:00 GMT"}[trouble]
            return self._answer(int(trouble), b"busy", {"Retry-After": wait})
        if trouble == "500":
            return self._answer(500, b"An error occurred")
        if trouble == "html":
            return self._answer(200, b"<html>maintenance</html>")
        status, body = self._body(path, options)
        return self._answer(status, body, cut=trouble == "cut")

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None, *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def _body(self, path: list[str], options: dict[str, str]) -> tuple[int, bytes]:
        if path[0] == "cbs":
            return 200, json.dumps(self._features(options)).encode()
        name = path[3] if path[2] == "CBS" else path[2]
        if name not in self.supplier.tables:
            return 404, b"not found"
        table = self.supplier.tables[name]
        answer = self._v4(table, path[-1], options) if path[2] == "CBS" else self._v3(table, path, options)
        return (500, answer.encode()) if isinstance(answer, str) else (200, json.dumps(answer).encode())

    def _v3(self, table: Supplied, path: list[str], options: dict[str, str]) -> dict[str, object] | str:
        what, head = path[-1], {"odata.metadata": f"http://opendata.cbs.nl/{'/'.join(path)}/$metadata"}
        if what == "TableInfos":
            return {**head, "value": [{"ID": 0, "Title": path[2], "Modified": table.modified}]}
        if what == "DataProperties":
            kinds = {"Perioden": "TimeDimension"}
            listed = [{"Key": name, "Type": kinds.get(name, "Dimension"), "Title": name} for name in table.lists]
            return {**head, "value": [*listed, {"Key": "", "Type": "TopicGroup", "Title": "Bevolking"}]}
        if what in table.lists:
            return {**head, "value": table.lists[what]}
        rows = _select(table.rows, options.get("$filter", ""))
        if isinstance(rows, str):
            return rows
        if path[0] == "ODataApi":
            too_many = "query returns more than 10000 records"
            return too_many if len(rows) > self.supplier.most else {**head, "value": rows}
        return {**head, **self._page(rows, options, "odata.nextLink", "http://opendata.cbs.nl/" + "/".join(path))}

    def _page(self, rows: Rows, options: dict[str, str], link: str, address: str) -> dict[str, object]:
        skip = int(options.get("$skip", 0))
        answer: dict[str, object] = {"value": rows[skip : skip + self.supplier.page]}
        if skip + self.supplier.page < len(rows):
            kept = "&".join(f"{name}={options[name]}" for name in ("$format", "$filter") if name in options)
            answer[link] = f"{address}?{kept}&$skip={skip + self.supplier.page}".replace("?&", "?").replace(" ", "%20")
        return answer

    def _v4(self, table: Supplied, what: str, options: dict[str, str]) -> dict[str, object] | str:
        if what == "Properties":
            return {"Identifier": "x", "Title": "x", "Modified": table.modified + "+01:00"}
        if what == "Dimensions":
            return {"value": [{"Identifier": name, "Kind": "Dimension"} for name in table.lists]}
        if what == "MeasureCodes":
            numbered = enumerate(table.titles.values(), 1)
            return {"value": [{"Identifier": f"M{n:06d}", "Index": n, "Title": title} for n, title in numbered]}
        if what.endswith("Codes"):
            codes = table.lists[what.removesuffix("Codes")]
            return {"value": [{"Identifier": one["Key"].strip(), **one, "Index": n} for n, one in enumerate(codes)]}
        observations = _select(list(_observe(table)), options.get("$filter", ""))
        if isinstance(observations, str):
            return observations
        return self._page(
            observations, options, "@odata.nextLink", "https://datasets.cbs.nl/odata/v1/CBS/x/Observations"
        )

    def _features(self, options: dict[str, str]) -> dict[str, object]:
        layer = options["typeNames"].removeprefix("gebiedsindelingen:").removesuffix("_gegeneraliseerd")
        start = int(options["startIndex"]) if self.supplier.pages_shapes else 0
        count = min(int(options["count"]), self.supplier.shapes_a_page)
        shapes = self.supplier.shapes[layer]
        chosen = shapes[start : start + count]
        return {
            "type": "FeatureCollection",
            "numberMatched": len(shapes),
            "numberReturned": len(chosen),
            "features": chosen,
        }


def _select(rows: Rows, wanted: str) -> Rows | str:
    """Rows of an enumerated filter; anything else is refused in words."""
    for part in filter(None, wanted.split(" and ")):
        found = _PART.findall(part)
        if part != "(" + " or ".join(f"{name} eq '{key}'" for name, key in found) + ")":
            return f"cannot compare: {part}"
        rows = [row for row in rows if (found[0][0], row[found[0][0]]) in set(found)]
    return rows


def _observe(table: Supplied) -> Iterator[dict[str, object]]:
    """One observation a measure: codes without padding, no row where a value cannot occur."""
    for row in table.rows:
        keys = {name: str(row[name]).strip() for name in table.lists}
        for number, column in enumerate(table.titles, 1):
            text = str(row[column]).strip()
            if text:
                value = None if text == "." else float(text)
                why = "Confidential" if text == "." else "None"
                yield {
                    "Id": 0,
                    "Measure": f"M{number:06d}",
                    "ValueAttribute": why,
                    "Value": value,
                    "StringValue": None,
                } | keys
