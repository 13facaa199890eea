"""What a steward thinks of a signal: kept whole, with who and when; and never in the way of reading."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.verdicts import VerdictNotSaved, load_verdicts, save_verdict, verdicts_file


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JEUGDBEELD_VERDICTS", str(tmp_path / "place" / "oordelen.jsonl"))
    return verdicts_file()


def _save(
    signal: str = "month-crimes-GM0375-2025M06", *, verdict: str = "noise", note: str = "", who: str = "Jo"
) -> None:
    save_verdict(signal=signal, verdict=verdict, note=note, who=who, build="b1")


def test_verdicts_come_back_the_latest_first_with_who_and_when() -> None:
    assert load_verdicts() == ({}, True)
    _save(verdict="noise", note="  kermis\nin  het dorp ")
    _save(verdict="real", who=" Sam,   data ")
    found, readable = load_verdicts()
    latest, first = found["month-crimes-GM0375-2025M06"]
    assert readable
    assert (latest.verdict, latest.who, first.note) == ("real", "Sam, data", "kermis in het dorp")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(latest.when)).total_seconds()) < 60


@pytest.mark.parametrize("wrong", [{"verdict": "dader"}, {"who": "   "}])
def test_an_unknown_verdict_or_nobody_is_refused_and_nothing_is_written(wrong: dict[str, str], store: Path) -> None:
    with pytest.raises(ValueError, match="three"):
        _save(**wrong)
    assert not store.exists()


def test_many_at_once_lose_nothing(store: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _save(f"s{number}", note="x" * 300), range(60)))
    assert len(load_verdicts()[0]) == 60
    assert all(json.loads(line) for line in store.read_text(encoding="utf-8").splitlines())


def test_a_torn_or_strange_line_is_skipped_and_the_next_one_is_whole(store: Path) -> None:
    _save("s1")
    with store.open("a", encoding="utf-8") as stream:
        stream.write('{"signal": "s2", "verd')
    _save("s3")
    with store.open("a", encoding="utf-8") as stream:
        stream.write('[1]\n{"signal":"s4","verdict":"evil","note":"","who":"","when":"","build":""}\nnul\x00l\n')
    assert set(load_verdicts()[0]) == {"s1", "s3"}


def test_a_store_that_cannot_be_written_says_so_and_one_that_cannot_be_read_stops_nothing(store: Path) -> None:
    store.mkdir(parents=True)
    with pytest.raises(VerdictNotSaved):
        _save()
    assert load_verdicts() == ({}, False)


def test_the_store_stands_beside_the_published_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JEUGDBEELD_VERDICTS")
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(tmp_path / "published"))
    assert verdicts_file() == tmp_path / "published.verdicts.jsonl"
