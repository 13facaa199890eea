"""Reading the published file: hardened, one cursor a call, honest when there is nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from dashboard import figures
from dashboard.choose import name_areas
from dashboard.figures import (
    PublicationError,
    load_areas,
    load_figures,
    load_indicators,
    load_shapes,
    load_years,
    open_publication,
)
from dashboard.indicator import Indicator


@pytest.fixture
def publication(published: Path, monkeypatch: pytest.MonkeyPatch) -> figures.Publication:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    return open_publication()


def test_the_pointer_decides_which_file_is_read(publication: figures.Publication, published: Path) -> None:
    assert publication.build.id == (published / "current").read_text(encoding="utf-8").strip()
    assert publication.build.synthetic
    assert load_years(publication)[0] == "2025"


def test_a_year_stands_for_its_school_year_where_figures_are_published_by_school_year(
    publication: figures.Publication,
) -> None:
    asked = {"indicators": ("absence", "suspects_12_17"), "areas": ("RG-IJMOND",)}
    found = load_figures(publication, **asked, period="2025")  # type: ignore[arg-type]
    assert list(found["period"]) == ["2024/25", "2025"]
    assert list(found["name"]) == ["IJmond", "IJmond"]
    every = load_figures(publication, **asked, period_kind="school_year")  # type: ignore[arg-type]
    assert set(every["indicator"]) == {"absence"}
    assert len(every) == 7


@pytest.mark.parametrize("content", [None, "", "absent", "../current", "x/../../y", "a'b"])
def test_a_pointer_to_nothing_is_nothing_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(tmp_path))
    if content is not None:
        (tmp_path / "current").write_text(content, encoding="utf-8")
    with pytest.raises(PublicationError):
        open_publication()


@pytest.mark.parametrize("content", ["garbage", "another database"])
def test_a_damaged_or_foreign_file_is_nothing_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(tmp_path))
    (tmp_path / "current").write_text("b1", encoding="utf-8")
    if content == "garbage":
        (tmp_path / "b1.duckdb").write_bytes(b"\0" * 5000)
    else:
        with duckdb.connect(str(tmp_path / "b1.duckdb")) as foreign:
            foreign.execute("create table figure as select 1 as one")
    with pytest.raises(PublicationError) as told:
        open_publication()
    assert str(tmp_path) not in str(told.value)


@pytest.mark.parametrize(
    "attack",
    [
        "create table published.hole as select 1",
        "delete from published.figure",
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/hole.csv'",
        "attach '/tmp/hole.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
    ],
)
def test_the_connection_can_only_read_this_file(publication: figures.Publication, attack: str) -> None:
    with pytest.raises(duckdb.Error):
        figures._connect(publication.path).cursor().execute(attack)


def test_many_readers_at_once_each_get_their_own_rows(publication: figures.Publication) -> None:
    codes = load_areas(publication)["code"].tolist()
    sql = "select distinct area from published.figure where area = $code"

    def read(code: str) -> tuple[str, list[str]]:
        return code, figures._fetch(publication, sql, {"code": code})["area"].tolist()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(read, codes * 5))
    assert all(rows in ([code], []) for code, rows in answers)
    assert sum(len(rows) for _, rows in answers) > len(codes)


def test_only_shown_figures_carry_numbers(publication: figures.Publication) -> None:
    areas, indicators = load_areas(publication), load_indicators(publication)
    rows = load_figures(publication, indicators=tuple(indicators), areas=tuple(areas["code"]))
    silent = rows[rows["status"] != "shown"]
    assert len(silent) > 0
    for column in ("numerator", "denominator", "value", "low", "high", "label", "trend", "benchmark"):
        assert silent[column].isna().all(), column


def test_a_split_gives_the_groups_without_their_total(publication: figures.Publication) -> None:
    rows = load_figures(publication, indicators=("suspects_12_17",), areas=("GM0453",), period="2025", split="sex")
    assert sorted(rows["sex"]) == ["female", "male"]
    assert set(rows["age"]) == {"all"}


def test_one_visitor_cannot_change_what_another_reads(publication: figures.Publication) -> None:
    asked = {"indicators": ("crimes",), "areas": ("GM0375",), "period": "2025"}
    first = load_figures(publication, **asked)  # type: ignore[arg-type]
    first["value"] = -1.0
    assert (load_figures(publication, **asked)["value"] > 0).all()  # type: ignore[arg-type]


def test_every_indicator_is_read_with_its_words(publication: figures.Publication) -> None:
    for indicator in load_indicators(publication).values():
        assert isinstance(indicator, Indicator)
        assert indicator.title and indicator.definition and indicator.unit and indicator.sources
        assert not any(text.endswith(".") for _, text in indicator.breaks)


def test_every_area_has_a_name_of_its_own(publication: figures.Publication) -> None:
    names = name_areas(load_areas(publication))
    assert len(set(names.values())) == len(names) == len(load_areas(publication))
    assert list(names.values())[:5] == ["Regio IJmond", "Beverwijk", "Heemskerk", "Uitgeest", "Velsen"]


def test_boundaries_hold_every_area_with_a_shape(publication: figures.Publication) -> None:
    shapes = load_shapes(publication, year=2025, level="district")
    areas = load_areas(publication, 2025)
    known = areas[(areas["level"] == "district") & areas["has_shape"]]["code"]
    assert all(f'"id":"{code}"' in shapes for code in known)
    assert shapes.count('"Feature"') == len(known)
