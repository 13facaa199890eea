"""The same leaves grouped in more than one way: neighbourhoods in districts and in police teams, protected as one system."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from typer.testing import CliRunner

from pipelines.audit.tables import audit_csv
from pipelines.cli import app
from pipelines.protect.reading import read_tree
from pipelines.protect.standalone import Wish, protect_file

# Two districts, two teams that cut across them, and a neighbourhood that is a team by itself.
AREAS = {
    "A": ["a1", "a2", "a3"],
    "B": ["b1", "b2"],
    "north": ["a1", "b1"],
    "south": ["a2", "a3"],
    "b2": ["b2"],
}
ABOVE = "child,parent\nA,NL\nB,NL\na1,A\na2,A\na3,A\nb1,B\nb2,B\nnorth,NL\nsouth,NL\nb2,NL\na1,north\nb1,north\na2,south\na3,south\n"
UNEVEN = {  # leaves at several depths, a group with one child, two groups with the same leaves, a grouping of a part only
    "A": ["a1", "a2"],
    "A1": ["a1", "a2"],
    "twin": ["a1", "a2"],
    "B": ["b1"],
    "b1": ["b1"],
    "c": ["c"],
    "some": ["a2", "c"],
}
UNEVEN_ABOVE = (
    "child,parent\nA,NL\nA1,A\na1,A1\na2,A1\nB,NL\nb1,B\nc,NL\ntwin,NL\na1,twin\na2,twin\nsome,NL\na2,some\nc,some\n"
)
SHAPES = {"two ways": (AREAS, ABOVE), "uneven": (UNEVEN, UNEVEN_ABOVE)}


def leaves_of(groups: dict[str, list[str]]) -> list[str]:
    return sorted({leaf for leaves in groups.values() for leaf in leaves})


def files(folder: Path, shape: str, seed: int, counts: tuple[int, ...]) -> Path:
    groups, above = SHAPES[shape]
    (folder / "area.csv").write_text(above, encoding="utf-8")
    random = np.random.default_rng(seed)
    rows = [(leaf, sex, int(random.choice(counts))) for leaf in leaves_of(groups) for sex in ("m", "v")]
    pd.DataFrame(rows, columns=["area", "sex", "n"]).to_csv(folder / "cells.csv", index=False)
    return folder / "cells.csv"


def made(cells: Path, tables: list[str], wish: Wish) -> pd.DataFrame:
    hierarchies = [f"area={cells.with_name('area.csv')}"]
    out = cells.with_name("out.csv")
    protect_file(cells, out, count="n", hierarchies=hierarchies, tables=tables, wish=wish, tell=lambda step: None)
    return pd.read_csv(out, dtype=str, keep_default_na=False)


def attack(published: pd.DataFrame, cells: Path, groups: dict[str, list[str]]) -> list[str]:
    """Every whole-number table under the published rows, by a programme of its own; what unsafe cells cannot be."""
    table = pd.read_csv(cells)
    leaves, held = (
        leaves_of(groups),
        {"NL": leaves_of(groups), **{leaf: [leaf] for leaf in leaves_of(groups)}, **groups},
    )
    combos = list(itertools.product(leaves, ("m", "v")))
    true_of = dict(zip(zip(table["area"], table["sex"], strict=True), table["n"], strict=True))
    base = np.array([true_of[combo] for combo in combos])
    sums = np.array(
        [
            [leaf in held[area] and sex in {"Total": "mv"}.get(code, code) for leaf, sex in combos]
            for area, code in zip(published["area"], published["sex"], strict=True)
        ],
        dtype=float,
    )
    true, hidden = sums @ base, (published["status"] == "hidden").to_numpy()
    assert (published["count"][~hidden].astype(int) == true[~hidden]).all()
    wrong = []
    for cell in np.flatnonzero((true >= 1) & (true < 5)).tolist():
        for value in range(1, 5):
            least, most = np.where(hidden, 0, true), np.where(hidden, np.inf, true)
            if not hidden[cell]:
                wrong.append(f"{published['area'][cell]} is shown")
                break
            least[cell] = most[cell] = value
            found = milp(
                np.zeros(len(combos)),
                integrality=np.ones(len(combos)),
                bounds=Bounds(0, np.inf),
                constraints=LinearConstraint(sums, least, most),
            )
            if found.status != 0:
                wrong.append(f"{published['area'][cell]} {published['sex'][cell]} cannot be {value}")
    return wrong


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("tables", "seed"), [([], 1), ([], 2), (["area=1,sex=1"], 3), (["area=1", "area=2,sex=0", "sex=1"], 4)]
)
def test_the_promise_holds_over_all_ways_to_group(tmp_path, shape, tables, seed):
    groups, _ = SHAPES[shape]
    cells = files(tmp_path, shape, seed, (0, 0, 1, 2, 4, 6, 9, 30))
    published = made(cells, tables, Wish())
    assert not published.duplicated(["area", "sex"]).any()
    assert attack(published, cells, groups) == []
    above = {"area": tmp_path / "area.csv"}
    said: list[str] = []
    assert audit_csv(tmp_path / "out.csv", above, truth=(cells, "n"), tell=said.append).empty
    hidden = int((published["status"] == "hidden").sum())
    assert said == ([f"{hidden} of {hidden} hidden cells: their proof was checked"] if hidden else [])
    assert audit_csv(tmp_path / "out.csv", above).empty
    (tmp_path / "cells.csv.proof").unlink()
    assert audit_csv(tmp_path / "out.csv", above, truth=(cells, "n")).empty


def test_a_table_shows_the_codes_of_all_groupings_down_to_its_depth(tmp_path):
    cells = files(tmp_path, "two ways", 1, (6, 9))
    assert set(made(cells, ["area=1"], Wish())["area"]) == {"NL", "A", "B", "north", "south", "b2"}
    assert set(made(cells, ["area=2"], Wish())["area"]) == {"NL", *AREAS, "a1", "a2", "a3", "b1"}


def test_what_one_grouping_hides_another_may_give_away_and_the_audit_sees_it(tmp_path):
    """District A hides a1 and a2 in each other, but the team north shows a1 + b1, and b1 is shown."""
    cells = files(tmp_path, "two ways", 1, (6, 9))
    table = pd.read_csv(cells)
    table.loc[(table["area"] == "a1"), "n"] = 2
    table.to_csv(cells, index=False)
    published = made(cells, ["area=2"], Wish())
    hidden = published["area"].isin(["a1", "a2"])
    assert (published.loc[hidden, "status"] == "hidden").any()
    sums = table.groupby("area")["n"].sum()
    true = {"NL": sums.sum(), **sums, **{code: sums[leaves].sum() for code, leaves in AREAS.items()}}
    published["status"] = np.where(hidden, "hidden", "shown")
    published["count"] = [
        "" if is_hidden else str(true[area]) for area, is_hidden in zip(published["area"], hidden, strict=True)
    ]
    published.to_csv(tmp_path / "out.csv", index=False)
    for truth in (None, (cells, "n")):
        found = audit_csv(tmp_path / "out.csv", {"area": tmp_path / "area.csv"}, truth=truth)
        assert "exactly known" in set(found["finding"])


def test_every_family_of_codes_is_in_a_tree_and_adds_up_there(tmp_path):
    for shape, (groups, above) in SHAPES.items():
        (tmp_path / "area.csv").write_text(above, encoding="utf-8")
        tree = read_tree("area", tmp_path / "area.csv")
        held = {"NL": leaves_of(groups), **groups}
        assert {tree.codes[at] for at in tree.leaves} == set(leaves_of(groups)), shape
        links = {tuple(line.split(",")) for line in above.split()[1:]}
        found = set()
        for way in tree.ways:
            for code, up in enumerate(way.parent.tolist()):
                if up >= 0:
                    found.add((tree.codes[code], tree.codes[up]))
            for code in np.flatnonzero(way.whole).tolist():
                parts = [tree.codes[at] for at in np.flatnonzero(way.parent == code)]
                together = [leaf for part in parts for leaf in held.get(part, [part])]
                assert sorted(together) == sorted(held[tree.codes[code]]), f"{shape}: {parts}"
        assert found == links, shape


def test_each_way_to_group_may_have_a_file_of_its_own(tmp_path):
    cells = files(tmp_path, "two ways", 5, (0, 1, 2, 6, 9))
    whole = made(cells, [], Wish())
    lines = ABOVE.splitlines()
    (tmp_path / "districts.csv").write_text("\n".join(lines[:8]), encoding="utf-8")
    (tmp_path / "teams.csv").write_text("\n".join([lines[0], *lines[8:]]), encoding="utf-8")
    both = [word for name in ("districts", "teams") for word in ("--hierarchy", f"area={tmp_path / name}.csv")]
    truth = ("--truth", str(cells), "--count", "n")
    out = str(tmp_path / "out.csv")
    assert CliRunner().invoke(app, ["protect", str(cells), "--count", "n", *both, "-o", out]).exit_code == 0
    assert pd.read_csv(out, dtype=str, keep_default_na=False).equals(whole)
    assert CliRunner().invoke(app, ["audit", out, *both, *truth]).exit_code == 0
    twice = CliRunner().invoke(app, ["audit", out, *both, *both[:2]])
    assert "each file once" in str(twice.exception)
