"""Which area became which, and how much of it is an estimate: drawn by hand, and on the real lists."""

from pathlib import Path

import pandas as pd
import pytest
import shapely

from pipelines.boundaries import RD_NEW, read_boundaries
from pipelines.divisions import Links, find_vintage, judge, link, link_all, link_steps
from pipelines.overlap import LISTED_M, TOLERANCE_M, is_same_place
from tests.drawn import table

WEST, EAST = (0, 0, 1000, 1000), (1000, 0, 2000, 1000)


def draw(drawing: str, year: int, shapes: dict[str, tuple[float, ...]] | None = None) -> pd.DataFrame:
    """Areas of a year: code | inhabitants | name | change; shapes are boxes in metres."""
    rows = table(drawing)
    rows["code"] = [f"BU0375{code:04d}" if isinstance(code, int) else str(code) for code in rows["code"]]
    for column in ("name", "change"):
        rows[column] = rows.get(column, pd.Series([None] * len(rows), dtype=object))
    rows["change"] = [None if pd.isna(value) else str(int(value)) for value in rows["change"]]
    boxes = {f"BU0375{int(code):04d}": shapely.box(*box) for code, box in (shapes or {}).items()}
    rows["shape"] = pd.Series([boxes.get(code) for code in rows["code"]], dtype=object)
    return rows.assign(inhabitants=pd.to_numeric(rows["inhabitants"]).astype(float), vintage=year if shapes else None)


def weights(links: Links) -> dict[tuple[str, str], float]:
    rows = links.weights.itertuples(index=False, name=None)
    return {(old[-4:].lstrip("0"), new[-4:].lstrip("0")): round(weight, 6) for old, new, weight in rows}


def verdicts(links: Links, old: pd.DataFrame) -> dict[str, tuple[str, float | None]]:
    judged = judge(links, old.set_index("code")["inhabitants"])
    shares = [None if pd.isna(share) else round(share, 4) for share in judged["estimated"]]
    return {
        code[-4:].lstrip("0"): (how, share)
        for code, how, share in zip(judged["code"], judged["how"], shares, strict=True)
    }


def test_an_area_split_60_40_gives_its_inhabitants_by_where_they_live_and_its_series_is_refused() -> None:
    old = draw("code | inhabitants\n1 | 1000", 2021, {"1": (0, 0, 2000, 1000)})
    new = draw("code | inhabitants\n11 | 660\n12 | 440", 2022, {"11": WEST, "12": EAST})
    links = link(old, new)
    assert weights(links) == {("1", "11"): 0.6, ("1", "12"): 0.4}, (
        "half of the surface each, but not half of the people"
    )
    assert verdicts(links, old) == {"11": ("broken", None), "12": ("broken", None)}


def test_where_nobody_knows_how_many_live_there_surface_decides() -> None:
    old = draw("code | inhabitants\n1 | 1000", 2021, {"1": (0, 0, 2000, 1000)})
    new = draw("code | inhabitants\n11 | 660\n12 | NULL", 2022, {"11": WEST, "12": EAST})
    assert weights(link(old, new)) == {("1", "11"): 0.5, ("1", "12"): 0.5}


def test_areas_merged_whole_need_no_estimate() -> None:
    old = draw("code | inhabitants\n1 | 300\n2 | 200", 2021, {"1": WEST, "2": EAST})
    new = draw("code | inhabitants\n1 | 510", 2022, {"1": (0, 0, 2000, 1000)})
    links = link(old, new)
    assert weights(links) == {("1", "1"): 1.0, ("2", "1"): 1.0}
    assert verdicts(links, old) == {"1": ("merged", 0.0)}, "its code and name are those of a part: not the same area"


def test_a_new_number_for_the_same_place_is_the_same_area_when_the_boundaries_say_so() -> None:
    old = draw("code | inhabitants | name\n1 | 300 | Oranje\n2 | 200 | Kuenen", 2021, {"1": WEST, "2": EAST})
    new = draw(
        "code | inhabitants | name\n2 | 300 | Oranje\n3 | 200 | Kuenen",
        2022,
        {"2": (10, 0, 1010, 1000), "3": (1010, 0, 2000, 1000)},
    )
    links = link(old, new)
    assert weights(links) == {("1", "2"): 1.0, ("2", "3"): 1.0}, "2 is now the other place"
    assert verdicts(links, old) == {"2": ("same", 0.0), "3": ("same", 0.0)}
    undrawn = link(old.assign(shape=None), new.assign(shape=None))
    assert undrawn.weights.empty
    assert undrawn.broken == {"BU03750002", "BU03750003"}


def test_a_border_that_moved_a_little_is_bridged_with_the_share_that_is_an_estimate() -> None:
    old = draw("code | inhabitants\n1 | 1000\n2 | 1000", 2021, {"1": WEST, "2": EAST})
    moved = {"1": (0, 0, 920, 1000), "2": (920, 0, 2000, 1000)}
    new = draw("code | inhabitants | change\n1 | 920 | 3\n2 | 1080 | 3", 2022, moved)
    links = link(old, new)
    assert weights(links) == {("1", "1"): 0.92, ("1", "2"): 0.08, ("2", "2"): 1.0}
    assert verdicts(links, old) == {"1": ("estimated", round(80 / 920, 4)), "2": ("estimated", round(80 / 1080, 4))}
    assert sum(value for (code, _), value in weights(links).items() if code == "1") == 1, "nobody is lost, nobody twice"
    untold = link(old, new.assign(change=None))
    assert weights(untold) == {("1", "1"): 1.0, ("2", "2"): 1.0}, (
        "lists that say nothing changed are believed up to 100 m"
    )


def test_two_drawings_of_one_border_are_one_border() -> None:
    near, far = shapely.box(0, 0, 1000 + TOLERANCE_M - 5, 1000), shapely.box(0, 0, 1000 + TOLERANCE_M + 5, 1000)
    assert is_same_place(shapely.box(*WEST), near)
    assert not is_same_place(shapely.box(*WEST), far)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("1 | 300 | Oranje | NULL", "1 | 310 | Oranje Nassau | NULL", True),
        ("1 | 300 | Oranje | NULL", "1 | 310 | Oranje | 3", False),
        ("1 | 300 | Oranje | NULL\n2 | 9 | Kuenen | NULL", "1 | 310 | Oranje | NULL", True),
        ("1 | 300 | NULL | NULL\n2 | 9 | Kuenen | NULL", "1 | 310 | NULL | NULL", False),
        ("1 | 300 | Oranje | NULL\n2 | 9 | Kuenen | NULL", "1 | 310 | Haven | NULL", False),
        ("1 | 300 | Oranje | NULL\n2 | 9 | Kuenen | NULL", "1 | 310 | Haven | 1", True),
        ("1 | 300 | Oranje | NULL\n2 | 9 | Kuenen | NULL", "1 | 700 | Oranje | NULL", False),
    ],
    ids=["nothing was renumbered", "CBS says it changed", "same name", "no name of its own year", "another name", "CBS says it did not",
         "it more than doubled: it took another in"],
)  # fmt: skip
def test_without_boundaries_lists_decide(old: str, new: str, same: bool) -> None:
    header = "code | inhabitants | name | change\n"
    links = link(draw(header + old, 2021), draw(header + new, 2022))
    assert (("1", "1") in weights(links)) == same
    assert ("BU03750001" in links.broken) == (not same)


def test_steps_follow_each_other_and_what_is_broken_stays_broken() -> None:
    both = {"1": WEST, "2": EAST}
    divisions = {
        2020: draw("code | inhabitants\n7 | 500", 2020),
        2021: draw("code | inhabitants\n1 | 300\n2 | 200", 2021, both),
        2022: draw("code | inhabitants\n5 | 500", 2022, {"5": (0, 0, 2000, 1000)}),
        2023: draw("code | inhabitants\n5 | 500", 2023),
    }
    links = link_all(link_steps(divisions), ["BU03750005"], 2023)
    assert sorted(links) == [2020, 2021, 2022, 2023]
    assert weights(links[2021]) == {("1", "5"): 1.0, ("2", "5"): 1.0}
    assert verdicts(links[2021], divisions[2021]) == {"5": ("merged", 0.0)}
    assert verdicts(links[2022], divisions[2022]) == verdicts(links[2023], divisions[2023]) == {"5": ("same", 0.0)}
    assert verdicts(links[2020], divisions[2020]) == {"5": ("broken", None)}


def test_split_and_joined_again_is_the_same_area() -> None:
    divisions = {
        2020: draw("code | inhabitants\n1 | 500", 2020, {"1": (0, 0, 2000, 1000)}),
        2021: draw("code | inhabitants\n2 | 300\n3 | 200", 2021, {"2": WEST, "3": EAST}),
        2022: draw("code | inhabitants\n1 | 500", 2022, {"1": (0, 0, 2000, 1000)}),
    }
    links = link_all(link_steps(divisions), ["BU03750001"], 2022)
    assert verdicts(links[2020], divisions[2020]) == {"1": ("same", 0.0)}
    assert verdicts(links[2021], divisions[2021]) == {"1": ("merged", 0.0)}


def test_what_cbs_says_is_about_one_year_only() -> None:
    old = draw("code | inhabitants | name\n1 | 300 | Oranje\n2 | 9 | Kuenen", 2019)
    new = draw("code | inhabitants | name | change\n1 | 310 | Haven | 1", 2021)
    assert link_steps({2019: old, 2021: new})[2019].broken == {"BU03750001"}
    assert not link_steps({2020: old, 2021: new})[2020].broken


def test_a_year_is_drawn_by_its_own_boundaries_or_by_those_with_the_same_codes() -> None:
    delivered = {2019: {"A", "B"}, 2022: {"C"}, 2024: {"C"}}
    assert find_vintage({"A", "B", "X"}, 2019, delivered) == 2019
    assert find_vintage({"C"}, 2023, delivered) == 2022
    assert find_vintage({"A", "C"}, 2021, delivered) is None


ALMERE = ("GM0034",)


def _listed(realdata: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Almere before and after 2022: key figures 2020, and the boundaries of 2024 (whose names are in the file)."""
    figures = pd.read_parquet(
        realdata / "population" / "84799NED_TypedDataSet.parquet",
        columns=["WijkenEnBuurten", "AantalInwoners_5", "IndelingswijzigingWijkenEnBuurten_4"],
    )
    figures.columns = pd.Index(["code", "inhabitants", "change"])
    figures["code"] = figures["code"].str.strip()
    old = figures[figures["code"].str.startswith("BU0034")].assign(name=None, shape=None, vintage=None)
    drawn = read_boundaries(realdata / "boundaries" / "buurt_2024_approx_19gm_rd.geojson", municipalities=ALMERE).shapes
    shapes = drawn.geometry.to_crs(RD_NEW).to_numpy()
    new = pd.DataFrame({"code": drawn["code"], "name": drawn["name"], "shape": shapes, "vintage": 2024})
    return old.reset_index(drop=True), new.assign(change=None, inhabitants=float("nan"))


def test_no_neighbourhood_of_almere_is_bridged_from_2021_to_2022_by_the_lists_alone(realdata: Path) -> None:
    old, new = _listed(realdata)
    assert (len(old), len(new)) == (67, 238)
    shared = set(old["code"]) & set(new["code"])
    links = link(old, new)
    assert len(shared) == 16, "so many codes come back"
    assert links.weights.empty
    assert len(links.broken) == 238
    assert set(judge(links, old.set_index("code")["inhabitants"])["how"]) == {"broken"}


def test_real_districts_drawn_twice_are_the_same_places(realdata: Path) -> None:
    """Districts of 2022, and those of 2024 as the union of their neighbourhoods: other points, same borders."""
    towns = ("GM0375", "GM0396", "GM0450", "GM0453")
    folder = realdata / "boundaries"
    first = read_boundaries(folder / "wijk_2022_rd.geojson", municipalities=towns).shapes
    then = read_boundaries(folder / "buurt_2024_approx_19gm_rd.geojson", municipalities=towns).shapes.to_crs(RD_NEW)
    districts = then.assign(code="WK" + then["code"].str[2:8]).dissolve("code")["geometry"]
    drawn = first.to_crs(RD_NEW).set_index("code")["geometry"]
    both = sorted(set(drawn.index[drawn.notna()]) & set(districts.index))
    assert len(both) == 33
    assert all(is_same_place(drawn[code], districts[code], LISTED_M) for code in both)
