"""The figures for Excel and Power Query: a read-only address that answers in JSON (OData) or CSV.

The same shown figures as the pages, with the same words for what is not shown. There is no login yet; every route
lies inside the application, so that a middleware in front of it covers them all.
"""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.bulk import load_feed, load_values
from dashboard.export import write_csv
from dashboard.feed_terms import SETS, MovedOnError, Question, QuestionError, read_question, write_metadata
from dashboard.figures import Publication, PublicationError, load_areas, load_indicators, load_table, open_publication
from dashboard.format import STATUS_WORDS, is_known
from dashboard.indicator import Indicator
from dashboard.receipt import figure_receipt
from dashboard.rows import Row, list_rows

FEED: Final = "/feed"
PER_MINUTE: Final = 120
MOST_CLIENTS: Final = 2_000
HEADERS: Final = {"cache-control": "no-store", "odata-version": "4.0"}
JSON: Final = "application/json;odata.metadata=minimal;charset=utf-8"
CONTEXT: Final = "@odata.context"


class RateLimit:
    """So many questions a minute for each address; who asks more waits."""

    def __init__(self, per_minute: int = PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self.clock = per_minute, clock
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.lock = threading.Lock()

    def allow(self, client: str) -> bool:
        """Whether this client may ask now; it costs one of its questions."""
        with self.lock:
            now = self.clock()
            left, since = self.left.pop(client, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - since) * self.per_minute / 60)
            self.left[client] = (left - 1 if left >= 1 else left, now)
            while len(self.left) > MOST_CLIENTS:
                self.left.popitem(last=False)
            return left >= 1


_limit = RateLimit()


def feed_routes() -> list[BaseRoute]:
    """Everything under /feed; whatever is not known there is refused as JSON too."""
    return [
        Route(FEED, _guard(_serve_sets)),
        Route(FEED + "/", _guard(_serve_sets)),
        Route(FEED + "/$metadata", _guard(_serve_metadata)),
        Route(FEED + "/{name}", _guard(_serve_rows)),
        Route(FEED + "/{rest:path}", _guard(_serve_nothing)),
    ]


def _guard(serve: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Rate first; then every error of a question as a status with a sentence."""

    def answer(request: Request) -> Response:
        if not _limit.allow(request.client.host if request.client else ""):
            return _refuse(429, "Te veel vragen achter elkaar. Wacht een minuut.", {"retry-after": "60"})
        try:
            return serve(request)
        except QuestionError as problem:
            return _refuse(400, str(problem))
        except MovedOnError as problem:
            return _refuse(410, str(problem))
        except PublicationError as problem:
            return _refuse(503, str(problem))

    return answer


def _refuse(status: int, message: str, extra: Mapping[str, str] | None = None) -> Response:
    body = json.dumps({"error": {"code": str(status), "message": message}}, ensure_ascii=False)
    return Response(body, status_code=status, media_type=JSON, headers={**HEADERS, **(extra or {})})


def _serve_nothing(_: Request) -> Response:
    return _refuse(404, f"Onbekend. Bekend zijn: {', '.join(SETS)}.")


def _serve_sets(_: Request) -> Response:
    sets = [{"name": name, "kind": "EntitySet", "url": name} for name in SETS]
    return Response(json.dumps({CONTEXT: "$metadata", "value": sets}), media_type=JSON, headers=HEADERS)


def _serve_metadata(_: Request) -> Response:
    return Response(write_metadata(), media_type="application/xml", headers=HEADERS)


def _serve_rows(request: Request) -> Response:
    name, _, ending = request.path_params["name"].partition(".")
    if name not in SETS or ending not in ("", "json", "csv"):
        return _serve_nothing(request)
    publication = open_publication()
    pairs = parse_qsl(request.url.query, keep_blank_values=True, errors="replace")
    known = load_values(publication) if name == "figures" else {}
    question = read_question(name, pairs, known, publication=publication.build.id, kind=ending or "json")
    rows = LISTS[name](publication, question) if question.top else []
    more = question.paged and len(rows) > question.top
    rows, following = rows[: question.top], _write_next(name, ending, pairs, question, publication) if more else ""
    columns = question.select or tuple(SETS[name])
    picked = [{column: row[column] for column in columns} for row in rows]
    if question.kind == "csv":
        return _answer_csv(name, columns, picked, following)
    count = _count(name, publication, question) if question.count else None
    return _answer_json(name, picked, following, count)


def _write_next(
    name: str, ending: str, pairs: Sequence[tuple[str, str]], question: Question, publication: Publication
) -> str:
    """The address of the following page; it names the publication, so that no two are mixed."""
    kept = [(key, value) for key, value in pairs if key not in ("$skip", "publication")]
    following = [*kept, ("publication", publication.build.id), ("$skip", str(question.skip + question.top))]
    return f"{name}{'.' + ending if ending else ''}?{urlencode(following, safe='$')}"


def _answer_json(name: str, rows: Sequence[Mapping[str, object]], following: str, count: int | None) -> Response:
    body: dict[str, object] = {CONTEXT: f"$metadata#{name}"}
    if count is not None:
        body["@odata.count"] = count
    body["value"] = rows
    if following:
        body["@odata.nextLink"] = following
    return Response(json.dumps(body, ensure_ascii=False, allow_nan=False), media_type=JSON, headers=HEADERS)


def _answer_csv(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]], following: str) -> Response:
    content = write_csv((columns, [[_say(row[column]) for column in columns] for row in rows]))
    extra = {"content-disposition": f'attachment; filename="jeugdbeeld-{name}.csv"'}
    if following:
        extra["link"] = f'<{following}>; rel="next"'
    return Response(content, media_type="text/csv; charset=utf-8", headers={**HEADERS, **extra})


def _say(value: object) -> object:
    return ("ja" if value else "nee") if isinstance(value, bool) else value


def _count(name: str, publication: Publication, question: Question) -> int:
    everything = Question(asked=question.asked, top=10_000_000, skip=0)
    if name == "figures":
        return len(load_feed(publication, question.asked, top=everything.top, skip=0))
    return len(LISTS[name](publication, everything))


def _list_figures(publication: Publication, question: Question) -> list[dict[str, object]]:
    """One row more than asked: then it is known whether there is a following page."""
    indicators = load_indicators(publication)
    found = load_feed(publication, question.asked, top=question.top + 1, skip=question.skip)
    return [_figure(row, indicators[row["indicator"]], publication) for row in list_rows(found)]


def _figure(row: Row, indicator: Indicator, publication: Publication) -> dict[str, object]:
    def number(name: str, decimals: int) -> float | None:
        return round(float(row[name]), decimals) if row["status"] == "shown" and is_known(row[name]) else None

    same = {
        name: row[name] if is_known(row[name]) else None
        for name in ("indicator", "area", "level", "period", "age", "sex", "kind", "status")
    }
    numbers = {name: number(name, indicator.decimals) for name in ("value", "low", "high")}
    counts = {name: number(name, 0) for name in ("numerator", "denominator")}
    words = {"title": indicator.title, "area_name": row["name"], "unit": indicator.unit}
    about: dict[str, object] = {
        "receipt": figure_receipt(publication.build.id, row),
        "status_words": STATUS_WORDS[row["status"]],
        "provisional": bool(row["provisional"] is True),
        "publication": publication.build.id,
    }
    return {**same, **numbers, **counts, **words, **about}


def _cut(rows: list[dict[str, object]], question: Question) -> list[dict[str, object]]:
    return rows[question.skip : question.skip + question.top + 1]


def _list_indicators(publication: Publication, question: Question) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for one in load_indicators(publication).values():
        words: dict[str, Any] = {name: getattr(one, name, "") for name in SETS["indicators"]}
        rows.append({**words, "indicator": one.id, "sources": ", ".join(one.sources), "caveats": " ".join(one.caveats)})
    return _cut(rows, question)


def _list_areas(publication: Publication, question: Question) -> list[dict[str, object]]:
    rows = list_rows(load_areas(publication))
    names = {"area": "code", "name": "name", "level": "level", "parent": "parent"}
    listed = [{name: row[key] if is_known(row[key]) else None for name, key in names.items()} for row in rows]
    return _cut(listed, question)


def _list_groups(publication: Publication, question: Question) -> list[dict[str, object]]:
    rows = list_rows(load_table(publication, "code_label"))
    return _cut([{name: row[name] for name in SETS["groups"]} for row in rows], question)


def _list_publications(publication: Publication, question: Question) -> list[dict[str, object]]:
    build = publication.build
    row: dict[str, object] = {
        "publication": build.id,
        "made_on": build.made_on.isoformat(),
        "version": build.version,
        "region": build.region,
        "rule": build.rule,
        "synthetic": build.synthetic,
    }
    return _cut([row], question)


LISTS: Final[Mapping[str, Callable[[Publication, Question], list[dict[str, object]]]]] = {
    "figures": _list_figures,
    "indicators": _list_indicators,
    "areas": _list_areas,
    "groups": _list_groups,
    "publications": _list_publications,
}
