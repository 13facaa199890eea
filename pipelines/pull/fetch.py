"""One address to one JSON answer over HTTP: with time-outs, back-off, and a difference between "not now" and "too much".

A server that is busy (429, 503), fails (500, 502, 504) or hangs up half-way is asked again, later each time; it says
itself how long in `Retry-After`. CBS answers 500 when a request would give more than 10,000 rows: asking again does
not help, asking for less does (`TooLarge`).
"""

import email.utils
import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import urllib3

from pipelines.errors import JeugdbeeldError

TOO_LARGE = (413, 414, 431)
AGAIN = (408, 425, 429, 500, 502, 503, 504)
LARGEST_ANSWER = 400_000_000  # bytes
Json = Any


class PullFailed(JeugdbeeldError):  # noqa: N818 - reads as the sentence it is
    """A table could not be fetched: try again later, or drop the file in by hand."""

    exit_code = 7


class TooLarge(Exception):  # noqa: N818 - a request for less, not a failure
    """The server will not give this much at once."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often and how long to wait, in seconds; `sleep` is replaced in tests."""

    tries: int = 6
    connect_s: float = 10
    read_s: float = 90
    first_wait_s: float = 1
    longest_wait_s: float = 120
    sleep: Callable[[float], None] = time.sleep


@dataclass(kw_only=True)
class Fetcher:
    """Asks; counts its requests.

    tell      is given a line at each request, for a progress display
    base_url  scheme and host (and a first part of the path) that replace those of every address: mirrors and tests
    """

    base_url: str = ""
    patience: Patience = field(default_factory=Patience)
    tell: Callable[[str], None] = lambda _: None
    requests: int = 0
    _pools: dict[str, urllib3.PoolManager] = field(default_factory=dict)

    def get(self, url: str) -> tuple[bytes, Json]:
        """The answer as received, and read as JSON.

        raises  TooLarge when the server refuses the size; PullFailed when it keeps failing or the address is wrong
        """
        why = "no answer"
        for turn in range(self.patience.tries):
            try:
                status, headers, body = self._ask(self._address(url))
            except (urllib3.exceptions.HTTPError, OSError) as error:
                why, wait = f"connection broken ({type(error).__name__})", ""
            else:
                if status == 200 and (found := _read_json(body)) is not None:
                    return body, found
                _refuse(status, body, url)
                why, wait = f"answer {status}" if status != 200 else "an answer that is no JSON", headers
            if turn + 1 < self.patience.tries:
                self.patience.sleep(self._wait(turn, wait))
        if why == "answer 500":
            raise TooLarge(url)
        raise PullFailed(f"{_short(url)}: {why}, {self.patience.tries} times\nTry again later: what came is kept")

    def read(self, url: str) -> Json:
        """The answer to a small question (a code list, a date), which has no smaller parts."""
        try:
            return self.get(url)[1]
        except TooLarge as error:
            raise PullFailed(f"{_short(url)}: the server keeps failing\nTry again later: what came is kept") from error

    def _ask(self, url: str) -> tuple[int, str, bytes]:
        self.requests += 1
        self.tell(f"request {self.requests}: {_short(url)}")
        patience = self.patience
        response = self._pool(url).request(
            "GET",
            url,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "jeugdbeeld"},
            timeout=urllib3.Timeout(connect=patience.connect_s, read=patience.read_s),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            body = b"".join(_limited(response))
        finally:
            response.release_conn()
        return response.status, response.headers.get("Retry-After", ""), body

    def _address(self, url: str) -> str:
        if not self.base_url:
            return url
        parts = urlsplit(url)
        return self.base_url.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")

    def _pool(self, url: str) -> urllib3.PoolManager:
        """Direct, or through the proxy that the environment names for this host."""
        parts = urlsplit(url)
        proxy = urllib.request.getproxies().get(parts.scheme, "")
        if proxy and urllib.request.proxy_bypass(parts.hostname or ""):
            proxy = ""
        if proxy not in self._pools:
            self._pools[proxy] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._pools[proxy]

    def _wait(self, turn: int, retry_after: str) -> float:
        asked = _seconds(retry_after)
        wait = self.patience.first_wait_s * 2**turn if asked is None else asked
        return min(max(wait, 0), self.patience.longest_wait_s)


def _limited(response: urllib3.BaseHTTPResponse) -> list[bytes]:
    parts, size = [], 0
    for part in response.stream(1 << 20):
        size += len(part)
        if size > LARGEST_ANSWER:
            raise TooLarge("more than 400 MB in one answer")
        parts.append(part)
    return parts


def _refuse(status: int, body: bytes, url: str) -> None:
    """Stop at once on what asking again does not mend."""
    if status in TOO_LARGE or (status == 500 and b"more than" in body[:2_000] and b"records" in body[:2_000]):
        raise TooLarge(url)
    if status == 404 and len(url) > 2_000:  # IIS says "not found" of a query string that is too long
        raise TooLarge(url)
    if status != 200 and status not in AGAIN:
        mend = "The table may have moved: see pipelines/pull/catalogue.py, or drop the file in by hand"
        raise PullFailed(f"{_short(url)}: answer {status}\n{mend}")


def _read_json(body: bytes) -> Json:
    """What the body says; None when it was cut off or is no JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _seconds(retry_after: str) -> float | None:
    """`Retry-After` in seconds: a number, or a date; None when it says nothing."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return (moment - datetime.now(UTC)).total_seconds()


def _short(url: str) -> str:
    return url.split("?", maxsplit=1)[0]
