"""The web server around Streamlit: safe headers, a Dutch shell, our own files, and the public boundaries.

Streamlit has no setting for any of this: its page says lang="en" and it answers on addresses that nobody here needs.
"""

import base64
import gc
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard.feed import FEED, feed_routes
from dashboard.figures import PublicationError, load_areas, load_shapes, open_publication

STATIC: Final = Path(__file__).parent / "static"
SHELL: Final = Path(st.__file__).parent / "static" / "index.html"
CLOSED: Final = ("/_stcore/metrics", "/_stcore/agent")
LEVELS: Final = ("municipality", "district", "neighbourhood")
INSERT: Final = (
    '<link rel="stylesheet" href="./statisch/style.css"><script src="./statisch/nl.js"></script>'
    '<meta name="description" content="Jeugd en veiligheid in cijfers">'
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]


def hash_inline_scripts(shell: str) -> list[str]:
    """The content-security-policy hashes of the scripts that stand inside Streamlit's page."""
    bodies = re.findall(r"<script>(.*?)</script>", shell, flags=re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in bodies]


def build_headers() -> dict[str, str]:
    """Headers of every answer: nothing from or to another host, no framing, no sniffing."""
    scripts = " ".join(hash_inline_scripts(SHELL.read_text(encoding="utf-8")))
    policy = (
        f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }


class SafeHeaders:
    """Adds the headers, closes addresses nobody needs, and keeps downloads out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = build_headers()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].startswith(CLOSED):
            await Response("Niet gevonden", status_code=404, headers=self.headers)(scope, receive, send)
        else:
            await self.app(scope, receive, self._sender(scope["path"], send))

    def _sender(self, path: str, send: Send) -> Send:
        extra = dict(self.headers)
        if path.startswith(("/media/", FEED)):
            extra["cache-control"] = "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = replace_headers(message["headers"], extra)
            await send(message)

        return send_with_headers


class DutchShell:
    """Streamlit's page with lang="nl", our title, style sheet and dictionary."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or scope["path"].startswith(("/_stcore/", "/media/", FEED))
        ):
            await self.app(scope, receive, send)
            return
        unzipped = [
            (name, value) for name, value in scope["headers"] if name not in {b"accept-encoding", b"if-none-match"}
        ]
        keeper = _PageKeeper(send)
        asked_for_page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
        await self.app({**scope, "headers": unzipped} if asked_for_page else scope, receive, keeper.receive)


class _PageKeeper:
    """Holds an HTML answer back until it is complete, then sends it in Dutch; passes everything else on."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def receive(self, message: Message) -> None:
        if message["type"] == "http.response.start" and b"text/html" in dict(message["headers"]).get(
            b"content-type", b""
        ):
            self.start = message
        elif self.start is None or message["type"] != "http.response.body":
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        page = translate_shell(self.body.decode("utf-8")).encode("utf-8")
        kept = [(name, value) for name, value in start["headers"] if name.lower() not in {b"etag", b"last-modified"}]
        changed = {"content-length": str(len(page)), "cache-control": "no-cache"}
        await self.send({**start, "headers": replace_headers(kept, changed)})
        await self.send({"type": "http.response.body", "body": page, "more_body": False})


def replace_headers(headers: list[tuple[bytes, bytes]], extra: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """The same headers with those of `extra` set, each once."""
    names = {name.encode() for name in extra}
    kept = [(name, value) for name, value in headers if name.lower() not in names]
    return kept + [(name.encode(), value.encode()) for name, value in extra.items()]


def translate_shell(page: str) -> str:
    """Streamlit's HTML made ours."""
    page = page.replace('<html lang="en">', '<html lang="nl">').replace(
        "<title>Streamlit</title>", "<title>Jeugdbeeld</title>"
    )
    page = page.replace('href="./favicon.png"', 'href="./statisch/favicon.png"')
    page = re.sub(r'\s*<link rel="service-desc"[^>]*/?>', "", page)
    page = page.replace("You need to enable JavaScript to run this app.", "Zet JavaScript aan om deze pagina te zien.")
    return page.replace("</title>", f"</title>{INSERT}", 1)


def serve_shapes(request: Request) -> Response:
    """Public boundaries of one year and level, from the published file."""
    year, level = request.path_params["year"], request.path_params["level"]
    if level not in LEVELS:
        return Response("Niet gevonden", status_code=404)
    try:
        publication = open_publication()
    except PublicationError:
        return Response("Niet gevonden", status_code=404)
    if load_areas(publication, year).empty:
        return Response("Niet gevonden", status_code=404)
    headers = {
        "cache-control": "public, max-age=86400"
        if request.query_params.get("v") == publication.build.id
        else "no-cache"
    }
    return Response(
        load_shapes(publication, year=year, level=level), media_type="application/geo+json", headers=headers
    )


@asynccontextmanager
async def warm_up(_: object) -> AsyncIterator[None]:
    """Load what the first visitor would otherwise wait for, and tell the garbage collector that it stays.

    Walking over all that pandas and plotly load takes longer than most pages; what is frozen is not looked at again.
    """
    import plotly.graph_objects  # noqa: F401, PLC0415
    import shapely  # noqa: F401, PLC0415
    import xlsxwriter  # noqa: F401, PLC0415

    try:
        open_publication()
    except PublicationError as problem:
        logging.getLogger("jeugdbeeld").warning("%s", problem)
    gc.collect()
    gc.freeze()
    yield


def report_error(problem: Exception) -> bool:
    """A bug goes to the log with its traceback; the visitor reads one calm sentence."""
    logging.getLogger("jeugdbeeld").error("page failed", exc_info=problem)
    st.error("Er ging iets mis op deze pagina. De fout staat in het logboek. Probeer het opnieuw of kies iets anders.")
    return True


def build_options() -> dict[str, Any]:
    """What `st.App` needs besides the script: our routes, our middleware, and what to do at the start and on a bug."""
    from streamlit.runtime.pages_manager import PagesManager  # noqa: PLC0415

    # Not public API: without it, a request for /trends runs pages/trends.py beside app.py's frame (see docs/adr).
    PagesManager.uses_pages_directory = False
    routes: list[BaseRoute] = [
        Mount("/statisch", StaticFiles(directory=STATIC)),
        Route("/gebieden/{year:int}/{level}.geojson", serve_shapes),
        *feed_routes(),
    ]
    return {
        "lifespan": warm_up,
        "routes": routes,
        "middleware": [Middleware(SafeHeaders), Middleware(DutchShell)],
        "on_script_error": report_error,
    }
