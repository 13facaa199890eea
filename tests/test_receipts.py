"""Codes of figures, and the page that says whether a figure still holds."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.check import CURRENT, REVISED, WITHDRAWN, Checked, check_figure, check_set
from dashboard.checked import draw_checked, draw_checked_set
from dashboard.figures import Publication, load_figures, open_publication, open_publications
from dashboard.receipt import SIGNS, figure_receipt, list_receipts, number_of, read_receipt, receipt_number, set_receipt
from dashboard.saved import note_export
from tests.screen_examples import draw_figures_of
from tests.two_publications import copy_publication

ROW = {"indicator": "halt_rate", "area": "GM0375", "period": "2025", "age": "all", "sex": "all", "kind": "all"}
CODE = figure_receipt("b1", ROW)


def test_a_code_is_made_of_the_publication_and_the_key_and_of_nothing_else() -> None:
    assert figure_receipt("b1", {**ROW, "value": 12.0, "status": "hidden"}) == CODE
    others = [figure_receipt("b2", ROW), *(figure_receipt("b1", {**ROW, name: "x"}) for name in ROW)]
    assert len({CODE, *others}) == 8


def test_a_figure_carried_over_from_another_area_has_a_code_of_its_own() -> None:
    assert figure_receipt("b1", {**ROW, "estimated": 0.1}) != CODE
    assert figure_receipt("b1", {**ROW, "estimated": float("nan"), "was": None}) == CODE
    assert figure_receipt("b1", {**ROW, "area": "new", "was": "GM0375"}) == CODE


def test_a_code_is_the_number_it_is_looked_up_by() -> None:
    assert number_of(CODE) == receipt_number("b1", ROW) < 2**45
    assert list_receipts("b1", pd.DataFrame([ROW])) == [CODE]
    assert list_receipts("b1", pd.DataFrame([ROW]).iloc[:0]) == []


def test_a_set_has_one_code_whatever_the_order() -> None:
    assert set_receipt("b1", ["a", "b", "a"]) == set_receipt("b1", ["b", "a"]) != set_receipt("b1", ["a"])


@pytest.mark.parametrize("typed", [CODE.lower(), f" {CODE} ", CODE.replace("-", ""), CODE.replace("-", " – ")])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_receipt(typed) == CODE


@pytest.mark.parametrize("typed", ["", "abc", CODE + "A", CODE[:-1], CODE.replace("-", "="), "<script>", "é" * 10])
def test_what_cannot_be_a_code_is_refused(typed: str) -> None:
    assert read_receipt(typed) is None


@given(st.integers(0, 9), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_found(place: int, sign: str) -> None:
    signs = list(CODE.replace("-", ""))
    changed = signs[place] != sign
    signs[place] = sign
    assert (read_receipt("".join(signs)) is None) == changed


@given(st.text(alphabet=SIGNS, min_size=5, max_size=20), st.integers(0, 8))
def test_two_neighbours_swapped_are_always_found(build: str, place: int) -> None:
    signs = list(figure_receipt(build, ROW).replace("-", ""))
    changed = signs[place] != signs[place + 1]
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    assert (read_receipt("".join(signs)) is None) == changed


WHERE = (
    "where indicator = 'suspects_12_17' and area = 'GM0453' and age = 'all' and sex = 'all' and kind = 'all' and period"
)
CHANGES = (
    f"update figure set value = 777.7, numerator = 777 {WHERE} = '2023'",
    f"update figure set status = 'hidden', value = null, numerator = null, denominator = null, low = null, high = null {WHERE} = '2022'",
    f"delete from figure {WHERE} = '2021'",
    f"update figure set provisional = not provisional {WHERE} = '2020'",
)


@pytest.fixture(scope="module")
def both(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two publications: the later one revises, hides and drops a figure each."""
    folder = tmp_path_factory.mktemp("both")
    copy_publication(published, folder)
    copy_publication(published, folder, build="later", changes=CHANGES)
    return folder


@pytest.fixture
def current(both: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publication:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(both))
    monkeypatch.setenv("JEUGDBEELD_SAVED", str(tmp_path / "saved.sqlite"))
    return open_publication()


def _old() -> tuple[Publication, pd.DataFrame]:
    newest, oldest = open_publications()
    assert newest.build.id == "later"
    return oldest, load_figures(oldest, indicators=("suspects_12_17",), areas=("GM0453",))


def _check(current: Publication, period: str) -> Checked:
    oldest, figures = _old()
    row = figures[figures["period"] == period].to_dict("records")[0]
    found = check_figure(current, figure_receipt(oldest.build.id, row))
    assert found
    assert found.publication == oldest
    return found


@pytest.mark.parametrize(
    ("period", "state", "now"),
    [
        ("2023", REVISED, "778 per 10.000 leeftijdgenoten"),
        ("2022", WITHDRAWN, "afgeschermd"),
        ("2021", WITHDRAWN, "komt niet meer voor"),
        ("2020", CURRENT, ""),
        ("2019", CURRENT, ""),
    ],
)
def test_a_figure_is_current_revised_or_withdrawn(current: Publication, period: str, state: str, now: str) -> None:
    checked = _check(current, period)
    assert checked.state == state
    assert now in checked.now
    assert checked.title == f"Verdachten van 12 tot en met 17 jaar, Velsen, {period}"


@pytest.mark.parametrize("period", ["2023", "2022", "2021"])
def test_controleer_never_tells_what_an_older_publication_said(current: Publication, period: str) -> None:
    _, figures = _old()
    row = figures[figures["period"] == period].to_dict("records")[0]
    said = draw_checked(_check(current, period))
    for number in (row["value"], row["numerator"], row["denominator"], row["low"], row["high"]):
        assert f">{number:.0f}" not in said and f" {number:.0f} " not in said and f"{number:.1f}" not in said


def test_a_code_of_the_newest_publication_is_current_and_an_unknown_one_is_nothing(current: Publication) -> None:
    row = load_figures(current, indicators=("suspects_12_17",), areas=("GM0453",), period="2023").to_dict("records")[0]
    newest = check_figure(current, figure_receipt("later", row))
    assert newest and newest.state == CURRENT
    assert check_figure(current, figure_receipt("gone", row)) is None


def test_a_set_is_counted_and_names_only_what_changed(current: Publication) -> None:
    oldest, figures = _old()
    receipts = list_receipts(oldest.build.id, figures)
    code = set_receipt(oldest.build.id, receipts)
    assert check_set(current, code) is None
    assert note_export(code, oldest.build.id, receipts, "gebied=Velsen")
    checked = check_set(current, code)
    assert checked
    assert dict(checked.counts) == {CURRENT: 4, REVISED: 1, WITHDRAWN: 2}
    said = draw_checked_set(checked, current)
    assert "7 cijfers" in said and "4 actueel, 1 herzien en 2 ingetrokken" in said and "gebied=Velsen" in said
    assert not [value for value in figures["value"] if f">{value:.0f}<" in said]


def test_the_download_of_every_page_carries_codes_that_controleer_knows(current: Publication) -> None:
    from dashboard.export import list_figures

    figures = draw_figures_of("period | value | status\n2025 | 1 | hidden")
    header, rows = list_figures(figures, {"halt_rate": _halt()}, {}, build="b1")
    cells = dict(zip(header, rows[0], strict=True))
    assert (cells["Controlecode"], cells["Publicatie"]) == (CODE, "b1")


def _halt() -> object:
    from tests.screen_examples import example_indicator

    return example_indicator()
