"""Tables and files made to trip `jeugdbeeld protect`: series that add up, several releases, files as people send them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipelines.audit.tables import audit_csv
from pipelines.cli import app, main
from pipelines.errors import ContractError, UnsafeFigures
from pipelines.protect import cover, proof, standalone
from pipelines.protect.standalone import Wish, find_pattern
from pipelines.protect.tables import Publication, publish
from tests.test_protect_tables import drawn_linked, leaks, tree, written


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


# Shapes.

CUMULATIVE = tree("quarter", 0, 0, 1, 1, 3, 3)  # year > nine months > half a year > quarters, and what each adds
REVISED = tree("release", 0, 0)  # what is published now is what was published before, and what came since


@pytest.mark.parametrize(
    "counts",
    [
        [[0, 1, 2, 1], [3, 0, 0, 9], [0, 0, 30, 2]],
        [[1, 1, 1, 1], [1, 1, 1, 1], [40, 50, 60, 70]],
        [[2, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
    ],
)
def test_cumulative_periods_do_not_give_the_single_ones_away(counts):
    area = tree("area", 0, 0, 0)
    combos = np.array([[at, leaf] for at in area.leaves.tolist() for leaf in CUMULATIVE.leaves.tolist()])
    publication = publish((area, CUMULATIVE), combos, np.array(counts).ravel(), [[1, 3], [0, 3]])
    assert leaks(publication, find_pattern(publication, Wish()).hidden) == []


@pytest.mark.parametrize("change", [[0, 0, 0, 0], [1, 0, 0, 0], [0, 2, 0, 7]])
def test_a_later_release_does_not_give_an_earlier_one_away(change):
    """Two releases as one table: before, since, and now; a pattern that differs between them is seen as such."""
    area = tree("area", 0, 0, 0, 0)
    before = [3, 9, 40, 12]
    combos = np.array([[at, leaf] for leaf in (1, 2) for at in area.leaves.tolist()])
    publication = publish((area, REVISED), combos, np.array(before + change), [[1, 1]])
    pattern = find_pattern(publication, Wish())
    assert leaks(publication, pattern.hidden) == []
    codes = publication.cells.tolist()
    flipped = pattern.hidden.copy()
    for at in area.leaves.tolist():  # now hidden, before shown
        flipped[codes.index([at, 1])] = False
    assert leaks(publication, flipped)


def test_parts_that_are_known_to_be_one_or_more_leave_less_room():
    """Three parts of 5 together: with known zeros none could be 4 unless the total is hidden as well."""
    area = tree("area", 0, 0, 0)
    publication = publish((area,), area.leaves[:, None], np.array([1, 1, 3]), [[1]])
    pattern = find_pattern(publication, Wish(zeros="known"))
    assert leaks(publication, pattern.hidden, floor=1) == []
    assert leaks(publication, publication.true < 5, floor=1)


# The protector broken on purpose: what it makes is still safe or it stops, and the audit finds what gets through.


def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proof, and nothing hidden for its sake."""
    monkeypatch.setattr(standalone, "walk_within", lambda *given: None)
    monkeypatch.setattr(standalone, "search", lambda *given: None)
    monkeypatch.setattr(standalone, "walk_all", lambda publication, task, hidden, *given: hidden)


def skip_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover, "_show_if_spare", lambda pattern, cell: pattern.show(np.array([cell])))


def drop_relations(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = standalone.make_task

    def halved(publication: Publication, wish: Wish) -> cover.Task:
        task = whole(publication, wish)
        return cover.Task(**{**vars(task), "matrix": task.matrix[::2]})

    monkeypatch.setattr(standalone, "make_task", halved)


def take_zeros_for_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        standalone, "extend", lambda pattern, *given: pattern.hide(np.flatnonzero(pattern.task.true == 0))
    )


BREAKS = [skip_the_check, drop_relations, take_zeros_for_hidden]


@pytest.mark.parametrize("breaks", BREAKS)
def test_a_broken_search_is_mended_by_the_proof(monkeypatch, breaks):
    breaks(monkeypatch)
    publication = drawn_linked()
    assert leaks(publication, find_pattern(publication, Wish()).hidden) == []


@pytest.mark.parametrize("breaks", BREAKS)
def test_without_its_witnesses_a_broken_search_stops(monkeypatch, breaks):
    breaks(monkeypatch)
    unguarded(monkeypatch)
    with pytest.raises(RuntimeError, match="proof"):
        find_pattern(drawn_linked(), Wish())


@pytest.mark.parametrize("breaks", BREAKS)
def test_what_a_broken_protector_would_publish_unproved_the_audit_finds(monkeypatch, tmp_path, breaks):
    breaks(monkeypatch)
    unguarded(monkeypatch)
    monkeypatch.setattr(proof.Proof, "holds", lambda self, hidden: True)
    monkeypatch.setattr(standalone.CheapestSearch, "wait", lambda search, tell: None)
    publication = drawn_linked()
    hidden = find_pattern(publication, Wish()).hidden
    hierarchies = written(publication, hidden, tmp_path)
    assert len(audit_csv(tmp_path / "out.csv", hierarchies, truth=(tmp_path / "cells.csv", "n")))


# Files.

CELLS = "wijk,geslacht,n\na1,m,3\na1,v,9\na2,m,1\na2,v,12\n"
HIERARCHY = "child,parent\nA,NL\na1,A\na2,A\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cells.csv").write_text(CELLS, encoding="utf-8")
    (tmp_path / "wijk.csv").write_text(HIERARCHY, encoding="utf-8")
    return tmp_path


def protect(folder: Path, *options: object, output: str = "out.csv"):
    wijk = f"wijk={folder / 'wijk.csv'}"
    return run("protect", folder / "cells.csv", "--count", "n", "--hierarchy", wijk, "-o", folder / output, *options)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("cells.csv", CELLS.replace("geslacht", "wijk"), "line 1: two columns have the same name"),
        ("cells.csv", CELLS.replace("geslacht", ""), "line 1: a column has no name"),
        ("cells.csv", CELLS.replace("a1,m,3", "a1,m,3000000000000"), "in at most 12 digits"),
        ("cells.csv", CELLS.replace("a1,m,3", 'a1,m,"1.003"'), "whole number"),
        ("cells.csv", CELLS.replace("a1,m,3", 'a1,m,"3,0"'), "whole number"),
        ("cells.csv", CELLS.replace("a1,m,3", "a1,m,1e3"), "whole number"),
        ("cells.csv", CELLS.replace("a1,m,3", ",m,3"), "a code of the hierarchy"),
        ("cells.csv", CELLS.replace("a1,m,3", "a1,,3"), "a code"),
        ("cells.csv", CELLS.replace("a2,m", "A2,m"), "a code of the hierarchy"),
        ("cells.csv", CELLS.replace("geslacht", "status"), "cannot be called status"),
        ("cells.csv", CELLS.replace(",", "\t"), "no column n"),
        ("wijk.csv", "child,parent\n", "no rows"),
        ("wijk.csv", HIERARCHY + "a1,a1\n", "circle"),
        ("wijk.csv", HIERARCHY + "x,\n", "a code"),
        ("wijk.csv", "a1,NL\na2,NL\n", "child,parent"),
    ],
)
def test_a_file_that_is_not_as_agreed_is_refused_where_it_is_wrong(folder, file, text, words):
    (folder / file).write_text(text, encoding="utf-8")
    made = protect(folder)
    assert isinstance(made.exception, ContractError), made.output
    assert words in str(made.exception)
    assert file in str(made.exception)
    assert {one.name for one in folder.iterdir()} == {"cells.csv", "wijk.csv"}


@pytest.mark.parametrize("bytes_", [b"", b"\xff\xfew\x00i\x00", b"wijk,geslacht,n\na1,\xe9,3\n", b"\x00\x01"])
def test_a_file_that_is_no_text_is_refused(folder, bytes_):
    (folder / "cells.csv").write_bytes(bytes_)
    made = protect(folder)
    assert isinstance(made.exception, ContractError), made.output
    assert not (folder / "out.csv").exists()


def test_codes_stay_as_they_are_written(tmp_path):
    """Leading zeros, commas and quotes within quotes, a code that looks like a number or like nothing."""
    codes = ["0363", "363", "Wijk 1, west", 'de "Kop"', "1e3", "NA", "nan", "None"]
    table = pd.DataFrame({"wijk": codes, "n": [8, 9, 10, 11, 12, 13, 14, 15]})
    table.to_csv(tmp_path / "cells.csv", index=False)
    made = run("protect", tmp_path / "cells.csv", "--count", "n", "-o", tmp_path / "out.csv")
    assert made.exit_code == 0, made.output
    out = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    assert dict(zip(out["wijk"], out["count"], strict=True)) == {
        **dict(zip(codes, map(str, table["n"]), strict=True)),
        "Total": "92",
    }
    assert run("audit", tmp_path / "out.csv", "--truth", tmp_path / "cells.csv", "--count", "n").exit_code == 0


def test_empty_lines_at_the_end_are_no_rows(folder):
    (folder / "cells.csv").write_text(CELLS + "\n,,\n\n", encoding="utf-8")
    made = protect(folder)
    assert made.exit_code == 0, made.output


def test_an_output_that_cannot_be_written_is_refused_before_the_work(folder):
    assert isinstance(protect(folder, output="nowhere/out.csv").exception, ContractError)
    assert isinstance(protect(folder, output="cells.csv").exception, ContractError)
    assert (folder / "cells.csv").read_text(encoding="utf-8") == CELLS


def test_what_fails_leaves_an_earlier_file_as_it_was(folder, monkeypatch):
    (folder / "out.csv").write_text("earlier", encoding="utf-8")

    def stop(*given: object) -> None:
        raise UnsafeFigures("protect: stopped")

    monkeypatch.setattr(standalone, "find_pattern", stop)
    assert isinstance(protect(folder).exception, UnsafeFigures)
    assert (folder / "out.csv").read_text(encoding="utf-8") == "earlier"
    assert {one.name for one in folder.iterdir()} == {"cells.csv", "wijk.csv", "out.csv"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["protect", "nothing.csv", "--count", "n", "-o", "out.csv"], 4),
        (["protect", "nothing.csv", "-o", "out.csv"], 2),
        (["audit", "nothing.csv", "--zeros", "never"], 4),
    ],
)
def test_the_exit_code_tells_what_to_do(tmp_path, monkeypatch, words, code):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["jeugdbeeld", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == code
