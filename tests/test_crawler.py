"""A few steps of the crawler, and proof that it would see what it looks for. `make crawl` takes 300."""

from pathlib import Path

import pytest

from tests.crawler import (
    POISON,
    Look,
    Report,
    check_files,
    compare,
    crawl,
    draw_states,
    list_pages,
    list_shown,
    load_truth,
    trace,
)

pytestmark = pytest.mark.xdist_group("browser")
CLEAN = Look(text="Velsen: 12,3", said=["kaart"], charts=["[1]"], files={"CSV": b"a;b"})


def test_every_number_on_drawn_states_of_drawn_pages_is_a_shown_figure_or_comes_from_those(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JEUGDBEELD_SAVED", str(tmp_path / "saved.sqlite"))
    busy = "/verkennen?cijfers=Verdachten+van+12+tot+en+met+17+jaar&cijfers=Jongeren+verwezen+naar+Halt&welke=De+wijken+erin"
    report = crawl(
        published, count=0, seed=0, addresses=[busy, *draw_states(published, len(list_pages()), seed=7)[1:4]]
    )
    assert report.wrong == []
    assert report.states == 4
    assert report.rows > 400
    assert report.numbers > 1_000
    assert report.traced > 400
    assert "/verkennen" not in report.derived, (
        "on Verkennen every number in a table or a chart is a shown figure itself"
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"text": "Velsen: 12,4"}, "words differ"),
        ({"charts": ["[2]"]}, "charts differ"),
        ({"said": ["kaart 3"]}, "attributes differ"),
        ({"files": {"CSV": b"a;c"}}, "the file CSV differs"),
        ({"text": "98.765"}, "a number of the twin is told"),
    ],
)
def test_the_crawler_sees_a_hidden_figure_come_through(other: dict[str, object], said: str) -> None:
    twin = Look(**({"text": CLEAN.text, "said": CLEAN.said, "charts": CLEAN.charts, "files": CLEAN.files} | other))  # type: ignore[arg-type]
    assert any(said in problem for problem in compare(CLEAN, twin))
    assert compare(CLEAN, CLEAN) == []


def test_the_crawler_sees_a_sum_that_is_no_figure() -> None:
    figure = {
        "status": "shown",
        "value": 12.34,
        "low": 8.0,
        "high": 15.0,
        "numerator": 12,
        "denominator": 1000,
        "decimals": 1,
    }
    shown = list_shown([figure, {**figure, "status": "hidden", "value": 77.7}])
    chart = '[[{"x": [0, 1], "y": [12.34, 24.68], "error_y": {"array": [2.66]}}], {}]'
    seen = Look(text="", said=[], charts=[chart], cells=["12,3*", "24,7", "tussen 8,0 en 15,0", "77,7"])
    trace(seen, shown, "/page", report := Report())
    assert (report.traced, report.derived) == (5, {"/page": ["24,7", "77,7", "24.68"]})


def test_the_crawler_sees_a_wrong_number_a_wrong_word_and_an_unknown_code_in_a_file(published: Path) -> None:
    truth = load_truth(published)
    hidden = next(code for code, figure in truth.items() if figure["status"] == "hidden")
    header = "Cijfer;Gebied;Periode;Waarde;Ondergrens;Bovengrens;Teller;Noemer;Status;Controlecode"
    lines = [
        f"x;y;2025;12;;;;;afgeschermd;{hidden}",
        f"x;y;2025;;;;;;getoond;{hidden}",
        f"x;y;2025;;;;;;afgeschermd;{hidden}",
        "x;y;2025;1;;;;;getoond;AAAAA-AAAAA",
    ]
    files = {"CSV": "\n".join([header, *lines]).encode()}
    problems = check_files(Look(text="", said=[], charts=[], files=files), truth, report := Report())
    assert report.rows == 4
    assert [problem.split(": ", 1)[1] for problem in problems] == [
        "Waarde '12' is not ''",
        "getoond is not afgeschermd",
        "x, y, 2025",
    ]


def test_the_twin_differs_in_every_figure_that_is_not_shown() -> None:
    assert all("where status <> 'shown'" in statement for statement in POISON)
