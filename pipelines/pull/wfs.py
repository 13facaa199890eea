"""Boundaries from PDOK over WFS 2.0: generalised municipalities, districts and neighbourhoods of one year.

PDOK gives at most 1,000 shapes an answer and no next link: the next answer starts where the last one ended. A server may
give fewer than asked for, so only an answer without shapes, or the number it told, is the end.
"""

from urllib.parse import urlencode

from pipelines.pull.catalogue import Table
from pipelines.pull.fetch import Fetcher, Json, PullFailed, TooLarge
from pipelines.pull.land import Landing
from pipelines.pull.odata3 import no_fetch

COUNT = 1_000


def page_url(table: Table, start: int, count: int = COUNT) -> str:
    """The address of the shapes from number `start`."""
    layer, _, year = table.name.partition("_")
    options = {
        "service": "WFS", "version": "2.0.0", "request": "GetFeature", "outputFormat": "application/json",
        "typeNames": f"gebiedsindelingen:{layer}_gegeneraliseerd", "srsName": "EPSG:28992",
        "count": count, "startIndex": start,
    }  # fmt: skip
    return f"{table.host}/cbs/gebiedsindelingen/{year}/wfs/v1_0?{urlencode(options)}"


def fetch_pages(fetcher: Fetcher, landing: Landing, table: Table) -> list[str]:
    """Addresses of all pages, each kept.

    raises  PullFailed when the server gives the same shapes again, or fewer than it told
    """
    urls: list[str] = []
    seen: set[str] = set()
    told: int | None = None
    while told is None or len(seen) < told:
        url, answer = _fetch_page(fetcher, landing, table, len(seen))
        codes = [_code(feature) for feature in answer.get("features", [])]
        told = _number(answer.get("numberMatched")) if told is None else told
        if seen.intersection(codes):
            raise PullFailed(
                f"{table.name}: the same shapes came twice: the server does not page\nDrop the file in by hand"
            )
        if not codes:
            break
        urls.append(url)
        seen.update(codes)
    if not urls or len(seen) < (told or 0):
        raise PullFailed(f"{table.name}: {len(seen)} shapes came of {told}\nTry again later: what came is kept")
    return urls


def join_pages(landing: Landing, urls: list[str]) -> Json:
    """One FeatureCollection of all pages, with what the first page says of itself."""
    pages = [landing.keep(url, no_fetch) for url in urls]
    features = [feature for page in pages for feature in page["features"]]
    kept = {name: value for name, value in pages[0].items() if name in ("type", "name", "crs")}
    return {**kept, "numberMatched": len(features), "features": features}


def _fetch_page(fetcher: Fetcher, landing: Landing, table: Table, start: int) -> tuple[str, Json]:
    """The shapes from number `start`: half as many when the server refuses so many."""
    count = COUNT
    while True:
        url = page_url(table, start, count)
        try:
            return url, landing.keep(url, fetcher.get)
        except TooLarge as error:
            count //= 2
            if not count:
                raise PullFailed(f"{table.name}: shape {start + 1} is refused as too large") from error


def _code(feature: Json) -> str:
    return str(feature["properties"].get("statcode") or feature.get("id"))


def _number(told: object) -> int | None:
    return int(str(told)) if str(told).isdigit() else None
