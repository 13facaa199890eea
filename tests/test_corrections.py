"""Known supplier errors: mended where they are, told in the receipt, and refused once the supplier has mended them."""

from pathlib import Path

import pytest

from pipelines import corrections
from pipelines.corrections import FIELDS, read_corrections
from pipelines.errors import ContractError
from tests.suppliers import deliver, suspect, suspects, take

GOOD = "police_open,47013NED,offence=x,count,5,6,waarom,2026-01-01,1"
CRIMES = "SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own list of corrections instead of the one of the project."""
    folder = tmp_path / "corrections"
    folder.mkdir()
    monkeypatch.setattr(corrections, "FOLDER", folder)
    return folder


def _list(folder: Path, *lines: str) -> None:
    (folder / "police.csv").write_text("\n".join([",".join(FIELDS), *lines]) + "\n", encoding="utf-8")


def test_a_cell_is_mended_by_its_key_before_the_contract_looks_at_it(tmp_path: Path, folder: Path) -> None:
    _list(
        folder,
        "police_open,47013NED,area=GM0375&period=2025JJ00,count,[0-9]+ stuks,57,eenheid in het veld,2026-02-01,1",
    )
    rows = "0.0.0;GM0375  ;2025JJ00;57 stuks\n0.0.0;GM0375;2024JJ00;60\n"
    deliver(tmp_path / "in", "police_open", "47013NED.csv", CRIMES + rows)
    taken = take(tmp_path / "in")
    assert taken.rows is not None
    assert taken.rows["count"].to_pylist() == ["57", "60"]
    assert taken.receipt.note == "1 cellen verbeterd volgens de lijst met correcties"
    assert taken.receipt.rows_refused == 0


def test_a_cell_of_a_person_row_is_mended_by_its_line_and_its_file(tmp_path: Path, folder: Path) -> None:
    _list(folder, "police_suspects,suspects_2025.csv,line=3,offence_class,Z9.,C50,tikfout,2026-02-01,1",
          "police_suspects,suspects_2024.csv,line=3,offence_class,Z9.,C50,andere levering,2026-02-01,1")  # fmt: skip
    deliver(
        tmp_path / "in", "police_suspects", "suspects_2025.csv", suspects(suspect(1), suspect(2, offence_class="Z99"))
    )
    assert take(tmp_path / "in").receipt.rows_refused == 0


@pytest.mark.parametrize("mended", ["57", ""])
def test_a_correction_that_is_no_longer_needed_asks_to_be_removed(tmp_path: Path, folder: Path, mended: str) -> None:
    _list(folder, "police_open,47013NED,area=GM0375&period=2025JJ00,count,999,57,tikfout,2026-02-01,1")
    deliver(tmp_path / "in", "police_open", "47013NED.csv", f"{CRIMES}0.0.0;GM0375;2025JJ00;{mended}\n")
    with pytest.raises(ContractError) as refusal:
        take(tmp_path / "in")
    assert "the correction of police.csv:2 expects 1 cells and finds 0: the supplier has changed the source" in str(
        refusal.value
    )
    assert "Remove the line from pipelines/corrections/police.csv" in str(refusal.value)


def test_a_correction_that_finds_more_than_it_expects_changes_nothing_in_silence(tmp_path: Path, folder: Path) -> None:
    _list(folder, "police_open,47013NED,area=GM0375,count,9,57,tikfout,2026-02-01,1")
    deliver(
        tmp_path / "in", "police_open", "47013NED.csv", f"{CRIMES}0.0.0;GM0375;2025JJ00;9\n0.0.0;GM0375;2024JJ00;9\n"
    )
    with pytest.raises(ContractError, match="expects 1 cells and finds 2"):
        take(tmp_path / "in")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [(("police_open", "politie"), "source"), (("count", "aantal"), "column"), (("offence=x", "regel 12"), "key"),
     (("47013NED", ""), "series"), (("waarom", ""), "reason"), (("2026-01-01", "gisteren"), "since"), ((",1", ",0"), "expect"),
     ((",5,", ",(,"), "from")],
)  # fmt: skip
def test_a_correction_that_is_not_well_formed_is_named(folder: Path, wrong: tuple[str, str], field: str) -> None:
    good = GOOD.replace("offence=x", "area=x")
    _list(folder, good)
    assert len(read_corrections(folder)) == 1
    changed = GOOD.replace(*wrong) if wrong[0] == "offence=x" else good.replace(*wrong)
    _list(folder, good, changed)
    with pytest.raises(ContractError, match=f"corrections: police.csv:3: the field '{field}' must be"):
        read_corrections(folder)


def test_the_corrections_of_the_project_are_well_formed() -> None:
    assert all(one.reason and one.expect for one in read_corrections(corrections.FOLDER))


def test_a_list_with_another_first_line_is_refused(folder: Path) -> None:
    (folder / "police.csv").write_text("bron,reeks\n")
    with pytest.raises(ContractError, match="the first line must be source,series,key"):
        read_corrections(folder)
