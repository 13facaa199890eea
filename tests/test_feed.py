"""The feed, over a real connection: the shown figures, words for the rest, and a clear no to every strange question."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin
from xml.etree import ElementTree

import duckdb
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from dashboard import feed
from dashboard.feed import RateLimit, feed_routes
from dashboard.feed_terms import SETS, Question, QuestionError, read_question
from tests.two_publications import copy_publication

POISON = (
    "update figure set value = 987654.3, numerator = 987654, denominator = 987654, low = 987654.1, high = 987654.9"
    " where status <> 'shown'",
)


@pytest.fixture(scope="module")
def folder(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publication with numbers in every row that is not shown: none of them may come out."""
    poisoned = tmp_path_factory.mktemp("feed")
    copy_publication(published, poisoned, changes=POISON)
    return poisoned


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    patch = pytest.MonkeyPatch()
    patch.setenv("JEUGDBEELD_PUBLISHED", str(folder))
    patch.setattr(feed, "_limit", RateLimit(1_000_000))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=feed_routes()), port=port, log_level="error"))
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    _wait_for(server)
    yield f"http://127.0.0.1:{port}/feed/"
    server.should_exit = True
    running.join(timeout=10)
    patch.undo()


def _wait_for(server: uvicorn.Server) -> None:
    for _ in range(400):
        if server.started:
            return
        time.sleep(0.05)
    raise AssertionError("the feed did not start within 20 s")


def get(address: str, question: str) -> tuple[int, str, Any]:
    """Status, body and headers of an answer, an error's too."""
    try:
        with urllib.request.urlopen(urljoin(address, question), timeout=20) as answer:
            return answer.status, answer.read().decode("utf-8-sig"), answer.headers
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode(), problem.headers


def read(address: str, question: str) -> Any:
    status, body, _ = get(address, question)
    assert status == 200, body
    return json.loads(body)


def test_the_feed_serves_every_figure_of_the_publication_page_by_page(address: str, folder: Path) -> None:
    asked, rows = "figures?indicator=suspects_12_22", []
    while asked:
        page = read(address, asked)
        rows += page["value"]
        asked = page.get("@odata.nextLink", "")
    path = next(folder.glob("*.duckdb"))
    with duckdb.connect(str(path), read_only=True) as file:
        truth = {
            tuple(row[:6]): row[6:]
            for row in file.execute(
                "select indicator, area, period, age, sex, kind, status, value from figure where indicator = 'suspects_12_22'"
            ).fetchall()
        }
    assert len(rows) == len(truth) > 1_000
    for row in rows:
        status, value = truth[tuple(row[name] for name in ("indicator", "area", "period", "age", "sex", "kind"))]
        assert row["status"] == status
        assert row["value"] == (round(value, 0) if status == "shown" and value is not None else None)
        numbers = [row[name] for name in ("value", "low", "high", "numerator", "denominator")]
        assert status == "shown" or numbers == [None] * 5
    assert len({row["receipt"] for row in rows}) == len(rows)


@pytest.mark.parametrize("question", ["figures", "figures.csv", "figures.json?$top=5000", "figures.csv?status=hidden"])
def test_no_number_of_a_row_that_is_not_shown_comes_out(address: str, question: str) -> None:
    status, body, _ = get(address, question)
    assert status == 200
    assert "98765" not in body
    assert "afgeschermd" in body


def test_a_program_finds_its_way_from_the_address_alone(address: str) -> None:
    sets = read(address, "")["value"]
    assert [one["name"] for one in sets] == list(SETS)
    types = ElementTree.fromstring(get(address, "$metadata")[1])
    space = "{http://docs.oasis-open.org/odata/ns/edm}"
    for one in sets:
        rows = read(address, one["url"] + "?$top=2")["value"]
        (declared,) = [kind for kind in types.iter(f"{space}EntityType") if kind.get("Name") == f"{one['name']}_row"]
        assert [column.get("Name") for column in declared.iter(f"{space}Property")] == list(SETS[one["name"]])
        assert set(rows[0]) == set(SETS[one["name"]])


def test_a_filter_a_column_and_a_count_are_answered(address: str) -> None:
    filtered = quote("indicator eq 'crimes' and area eq 'GM0453' and period eq '2024'", safe="")
    answer = read(address, f"figures?$filter={filtered}&$select=period,value,status&$count=true")
    assert answer["@odata.count"] == 1
    (row,) = answer["value"]
    assert set(row) == {"period", "value", "status"} and row["period"] == "2024"
    assert read(address, "figures?area=GM0453&$filter=" + quote("area eq 'GM0375'"))["value"] == []
    assert len(read(address, "figures?$top=7&$skip=3")["value"]) == 7


def test_a_table_opens_in_a_dutch_spreadsheet_and_runs_nothing(address: str) -> None:
    _, body, headers = get(address, "figures.csv?indicator=crimes&area=GM0453&period=2024,2025")
    lines = body.splitlines()
    assert lines[0].split(";") == list(SETS["figures"])
    assert len(lines) == 3
    assert headers["content-disposition"].startswith("attachment")
    assert not [cell for line in lines for cell in line.split(";") if cell.startswith(("=", "+", "@", "-"))]


@pytest.mark.parametrize(
    ("question", "status", "said"),
    [
        ("figures?jaar=2024", 400, "Onbekende parameter: jaar. Bekend zijn: indicator"),
        ("figures?indicator=geluk", 400, "Onbekende waarde voor indicator: geluk."),
        ("figures?area=", 400, "Onbekende waarde voor area: (leeg)."),
        ("figures?$top=-1", 400, "$top moet een heel getal zijn van 0 tot en met 5000."),
        ("figures?$top=999999", 400, "$top moet"),
        ("figures?$skip=1e3", 400, "$skip moet"),
        ("figures?$top=1&$top=2", 400, "$top mag maar één keer"),
        ("figures?$count=ja", 400, "$count is true of false."),
        ("figures?$format=xml", 400, "$format is json of csv."),
        ("figures?$select=naam", 400, "Onbekende kolom in $select: naam."),
        ("figures?$filter=value%20gt%203", 400, "$filter begrijpt alleen"),
        ("figures?$filter=value%20eq%20'3'", 400, "In $filter kan value niet."),
        ("figures?$filter=area%20eq%20'x'%20or%20area%20eq%20'y'", 400, "$filter begrijpt alleen"),
        ("figures?area=" + ",".join(["GM0453"] + [f"x{n}" for n in range(400)]), 400, "hoogstens 300 waarden"),
        ("figures?publication=eerder", 410, "Begin opnieuw."),
        ("areas?indicator=crimes", 400, "Onbekende parameter: indicator."),
        ("nothing", 404, "Onbekend. Bekend zijn: figures"),
        ("figures.xml", 404, "Onbekend."),
        ("figures/1/2", 404, "Onbekend."),
    ],
)
def test_a_question_that_is_not_understood_is_refused_in_words(
    address: str, question: str, status: int, said: str
) -> None:
    found, body, headers = get(address, question)
    assert found == status
    assert said in json.loads(body)["error"]["message"]
    assert headers["cache-control"] == "no-store"


def test_nothing_can_be_written(address: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        request = urllib.request.Request(address + "figures", method=method, data=b"{}")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=20)
        assert refused.value.code == 405


def test_who_asks_too_much_waits_and_who_comes_after_does_not() -> None:
    now = [0.0]
    limit = RateLimit(3, clock=lambda: now[0])
    assert [limit.allow("a") for _ in range(5)] == [True, True, True, False, False]
    assert limit.allow("b")
    now[0] = 20.0
    assert [limit.allow("a"), limit.allow("a")] == [True, False]
    for number in range(3_000):
        limit.allow(f"client {number}")
    assert len(limit.left) <= feed.MOST_CLIENTS


KNOWN = {"indicator": {"crimes"}, "area": {"GM0453"}, "status": {"shown"}}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["indicator", "area", "$filter", "$top", "$skip", "$select"]), st.text(max_size=30)),
        max_size=4,
    )
)
def test_any_words_are_a_question_or_a_refusal(pairs: list[tuple[str, str]]) -> None:
    try:
        question = read_question("figures", pairs, KNOWN, publication="b1", kind="json")
    except QuestionError as refused:
        assert "<" not in str(refused)
    else:
        assert isinstance(question, Question)
        assert all(set(values) <= KNOWN[name] for name, values in question.asked.items())


def test_without_a_publication_the_feed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(tmp_path))
    status, body, _ = get(address, "figures")
    assert (status, json.loads(body)["error"]["message"]) == (503, "Er zijn nog geen cijfers gepubliceerd.")
