"""What an outsider sees: person counts known or unknown, and the relations between them.

Written apart from the protector on purpose, from figures and the indicators' text alone: a mistake there must
not be repeated here. Ages and periods are bit masks, so "inside" and "together the whole" are plain set logic.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipelines.audit.sure import Bound, Place, Sure, holding, links_of, read_sure

KEY = ["set", "area", "period", "age", "sex", "kind"]
UNCOUNTED = [
    "incidents",
    "inhabitants",
    "published",
    "projects",
    "rounded",
]  # open: all other units are persons, or made of persons
ROW = ["indicator", "area", "period", "age", "sex", "kind"]


@dataclass(frozen=True, kw_only=True)
class Form:
    """Counts and relations.

    counts    KEY, indicator, status, known (NaN when unknown), rest_of, rest_without, share: one row a count
    matrix    relations x counts, entries -1 and 1
    equal     relation holds with 0 (else: at least 0), shape (relations,)
    slack     persons may fall outside the parts, shape (relations,)
    group     what kind of relation it is, shape (relations,)
    """

    counts: pd.DataFrame
    matrix: csr_array
    equal: NDArray[np.bool_]
    slack: NDArray[np.bool_]
    group: NDArray[np.object_]


@dataclass(frozen=True, kw_only=True)
class Link:
    """One relation before it becomes a row of the matrix."""

    plus: list[int]
    minus: list[int]
    equal: bool
    slack: bool
    group: str


def person_rows(figures: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """One row per count that a figure speaks of: KEY, indicator, status, known, share (True for shares)."""
    wanted = ["id", "age", "kind", "whole", "geography", "numerator_set", "denominator_set"]
    counted = person_measures(measures)
    whole = [bool(links.get("whole")) for links in links_of(counted)]
    persons = counted.assign(kind=counted.get("kind", "all"), whole=whole)[wanted]
    joined = figures.merge(persons.rename(columns={"id": "indicator", "age": "band", "kind": "about"}), on="indicator")
    joined["age"] = joined["age"].where(joined["age"] != "all", joined["band"])
    apart = joined["whole"] & (joined["kind"] != "all")
    joined["kind"] = joined["kind"].where(joined["kind"] != "all", joined["about"])
    joined["share"] = joined["denominator_set"].notna()
    top = joined.assign(set=joined["numerator_set"], known=joined["numerator"])
    joined["kind_below"] = joined["kind"].where(~apart, "all")
    shares = joined[joined["share"] & ~(apart & (joined["status"] == "impossible"))]  # there only the kind cannot be
    bottom = shares.assign(set=shares["denominator_set"], known=shares["denominator"], kind=shares["kind_below"])
    bottom["status"] = bottom["status"].replace("hidden", "beside")  # only its row is hidden, for the numerator's sake
    both = pd.concat([top, bottom], ignore_index=True)
    zero = both["share"] & (both["status"] == "impossible")
    both["known"] = both["known"].astype(float).where(~zero, 0.0)
    return both[[*KEY, "indicator", "status", "known", "share", "geography"]]


def person_measures(measures: pd.DataFrame) -> pd.DataFrame:
    """Indicators whose counts give people away: persons, families, groups, and any unit that is not known to be open."""
    return measures[~measures["counts"].isin(UNCOUNTED)]


def limits_of(counts: pd.DataFrame, measures: pd.DataFrame, threshold: int) -> NDArray[np.int64]:
    """The threshold of each count of a form: that of the indicators that count its set; of a rest that of both parts."""
    asked = dict.fromkeys(counts["set"], threshold)
    told = person_measures(measures)
    for name in ("numerator_set", "denominator_set") if "threshold" in told else ():
        for counted, limit in told.dropna(subset=[name, "threshold"]).groupby(name)["threshold"].max().items():
            asked[str(counted)] = max(int(limit), asked.get(str(counted), threshold))
    limits = counts["set"].map(asked).to_numpy(dtype=np.int64)
    rest, other = (counts[name].to_numpy(dtype=int) for name in ("rest_of", "rest_without"))
    return np.asarray(np.where(rest >= 0, np.maximum(limits[rest], limits[other]), limits))


def build_form(rows: pd.DataFrame, measures: pd.DataFrame, areas: pd.DataFrame) -> Form:
    """The form behind these person rows; rows of one count are one count, known when one row shows it."""
    firm = rows.assign(order=rows["known"].isna()).sort_values("order", kind="stable")
    counts = firm.drop_duplicates(KEY).drop(columns=["order", "share"]).reset_index(drop=True)
    sure = read_sure(person_measures(measures))
    counts = _with_rests(counts, sure)
    links = [
        *_rest_links(counts),
        *_area_links(counts, areas),
        *_age_links(counts),
        *_sex_links(counts),
        *_kind_links(counts, sure.adding),
        *_period_links(counts),
        *_bound_links(counts, sure.bounds),
        *_flow_links(counts),
    ]
    entries = [
        (at, count, sign)
        for at, link in enumerate(links)
        for sign, side in ((1, link.plus), (-1, link.minus))
        for count in side
    ]
    at, count, sign = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = csr_array(
        (np.array(sign, dtype=np.int64), (np.array(at, dtype=int), np.array(count, dtype=int))),
        shape=(len(links), len(counts)),
    )
    return Form(
        counts=counts,
        matrix=matrix,
        equal=np.array([link.equal for link in links], dtype=bool),
        slack=np.array([link.slack for link in links], dtype=bool),
        group=np.array([link.group for link in links], dtype=object),
    )


def _with_rests(counts: pd.DataFrame, sure: Sure) -> pd.DataFrame:
    """Append what is left of a group without a smaller one in it: an outsider subtracts."""
    known = counts["known"].to_numpy(dtype=float)
    place = {Place(*key): at for at, key in enumerate(counts[KEY].itertuples(index=False, name=None))}
    rests = [
        {
            **counts.loc[part].to_dict(),
            "set": f"{outer.set} minus {inner.set}"
            + ("" if outer[5] == inner[5] else f" in {outer.area}, {outer.kind}"),
            "status": "rest",
            "rest_of": place[outer],
            "rest_without": part,
            "share": share,
            "known": known[place[outer]] - known[part],
        }
        for inner, part in place.items()
        for outer, share in sorted(holding(inner, place, sure).items())
    ]
    plain = counts.assign(rest_of=-1, rest_without=-1, share=False)
    return pd.concat([plain, pd.DataFrame(rests, columns=plain.columns)], ignore_index=True) if rests else plain


def _rest_links(counts: pd.DataFrame) -> Iterator[Link]:
    rests = counts[counts["rest_of"] >= 0]
    for at, whole, part in zip(rests.index, rests["rest_of"], rests["rest_without"], strict=True):
        yield Link(plus=[int(whole)], minus=[int(part), int(at)], equal=True, slack=False, group="rest")


def _families(counts: pd.DataFrame, field: str) -> Iterator[tuple[pd.Series, dict[str, int]]]:
    plain = counts[counts["rest_of"] < 0]
    for _, group in plain.groupby([name for name in KEY if name != field], sort=True):
        if len(group) > 1:
            yield group.iloc[0], dict(zip(group[field], group.index, strict=True))


def _overlapping(
    whole: int, parts: list[int], *, complete: bool, slack: bool, group: str, loose: bool = False
) -> Iterator[Link]:
    """Persons may be in several parts; `loose`: a part may even hold persons whom the whole does not."""
    for part in parts:
        yield Link(plus=[whole], minus=[part], equal=False, slack=loose, group=group)
    if complete and parts:
        yield Link(plus=parts, minus=[whole], equal=False, slack=slack, group=group)


def _area_links(counts: pd.DataFrame, areas: pd.DataFrame) -> Iterator[Link]:
    trees = {int(year): _tree(areas[areas["year"] == year]) for year in areas["year"].unique()}
    for first, members in _families(counts, "area"):
        up, down, level = trees[int(first["period"][:4]) + (first["period"][4:5] == "/")]
        covered = _covered(set(members), up, down)
        below: dict[str, list[int]] = {}
        for area, count in members.items():
            above = _nearest(area, up, members)
            if above:
                below.setdefault(above, []).append(count)
        for area, parts in below.items():
            complete = all(child in covered for child in down[area])
            group = f"area {first['set']} {level[area]}"
            if first["geography"] in {"home", "place"}:
                yield Link(plus=[members[area]], minus=parts, equal=complete, slack=True, group=group)
            else:
                yield from _overlapping(members[area], parts, complete=complete, slack=False, group=group)


def _tree(rows: pd.DataFrame) -> tuple[dict[str, str], dict[str, list[str]], dict[str, str]]:
    linked = rows[rows["parent"].notna()]
    down: dict[str, list[str]] = {}
    for code, parent in zip(linked["code"], linked["parent"], strict=True):
        down.setdefault(str(parent), []).append(str(code))
    return (
        dict(zip(linked["code"], linked["parent"], strict=True)),
        down,
        dict(zip(rows["code"], rows["level"], strict=True)),
    )


def _nearest(area: str, up: dict[str, str], members: dict[str, int]) -> str | None:
    above = up.get(area)
    while above is not None and above not in members:
        above = up.get(above)
    return above


def _covered(counted: set[str], up: dict[str, str], down: dict[str, list[str]]) -> set[str]:
    """Areas counted themselves or wholly through areas below."""
    covered = set(counted)
    grew = True
    while grew:
        above = {up[area] for area in covered if area in up} - covered
        filled = {area for area in above if all(child in covered for child in down[area])}
        covered, grew = covered | filled, bool(filled)
    return covered


def _inside(masks: dict[str, int]) -> Iterator[tuple[str, list[str], bool, bool]]:
    """(whole, largest parts, together the whole, disjoint) for every mask that holds another."""
    for whole, mask in masks.items():
        inner = {name: part for name, part in masks.items() if part != mask and part | mask == mask}
        largest = {
            name: part
            for name, part in inner.items()
            if not any(part != other and part | other == other for other in inner.values())
        }
        union = 0
        for part in largest.values():
            union |= part
        apart = sum(part.bit_count() for part in largest.values()) == union.bit_count()
        if largest:
            yield whole, sorted(largest), apart and union == mask, apart


def age_mask(band: str) -> int:
    """One bit for each year of age in the band."""
    if band == "all":
        return (1 << 120) - 1
    first, _, last = band.rstrip("+").partition("-")
    end = 119 if band.endswith("+") else int(last)
    return sum(1 << year for year in range(int(first), end + 1))


def period_mask(period: str) -> int:
    """One bit for each month, counted from 1990; a school year runs from August; 2023-2025 is three years together."""
    start = (int(period[:4]) - 1990) * 12
    if period[4:5] == "-":
        return ((1 << 12 * (int(period[5:]) - int(period[:4]) + 1)) - 1) << start
    if len(period) == 4:
        return ((1 << 12) - 1) << start
    if period[4] == "/":
        return ((1 << 12) - 1) << (start + 7)
    months = {"H": 6, "Q": 3, "M": 1}[period[4]]
    return ((1 << months) - 1) << (start + months * (int(period[5:]) - 1))


def _age_links(counts: pd.DataFrame) -> Iterator[Link]:
    for first, members in _families(counts, "age"):
        for whole, parts, tiled, apart in _inside({age: age_mask(age) for age in members}):
            inner = [members[part] for part in parts]
            for side in [inner] if tiled or apart else [[part] for part in inner]:
                yield Link(plus=[members[whole]], minus=side, equal=tiled, slack=False, group=f"age {first['set']}")


def _sex_links(counts: pd.DataFrame) -> Iterator[Link]:
    for first, members in _families(counts, "sex"):
        parts = [count for sex, count in members.items() if sex != "all"]
        if "all" in members:
            yield Link(
                plus=[members["all"]],
                minus=parts,
                equal={"male", "female"} <= set(members),
                slack=True,
                group=f"sex {first['set']}",
            )


def _kind_links(counts: pd.DataFrame, adding: frozenset[str]) -> Iterator[Link]:
    for first, members in _families(counts, "kind"):
        parts = [count for kind, count in members.items() if kind != "all"]
        if "all" in members and first["set"] in adding:
            yield Link(plus=[members["all"]], minus=parts, equal=True, slack=False, group=f"kind {first['set']}")
        elif "all" in members:
            yield from _overlapping(members["all"], parts, complete=True, slack=True, group=f"kind {first['set']}")


def _period_links(counts: pd.DataFrame) -> Iterator[Link]:
    for first, members in _families(counts, "period"):
        for whole, parts, tiled, _ in _inside({period: period_mask(period) for period in members}):
            yield from _overlapping(
                members[whole],
                [members[part] for part in parts],
                complete=tiled,
                slack=True,
                loose=True,  # who moved or had a birthday is elsewhere in the year than in an earlier quarter
                group=f"period {first['set']}",
            )


def _bound_links(counts: pd.DataFrame, bounds: tuple[Bound, ...]) -> Iterator[Link]:
    """Numbers of sets that never add up to less than 0; a number of 4 stands four times on its side."""
    plain = counts[counts["rest_of"] < 0]
    place = {
        Place(*key): int(at) for at, key in zip(plain.index, plain[KEY].itertuples(index=False, name=None), strict=True)
    }
    for bound in bounds:
        first = next(iter(bound))
        for key in [key for key in place if key.set == first]:
            at = {name: place.get(key._replace(set=name)) for name in bound}
            if None not in at.values():
                plus, minus = (_repeated(bound, at, sign) for sign in (1, -1))
                yield Link(plus=plus, minus=minus, equal=False, slack=False, group=f"bound {', '.join(bound)}")


def _repeated(bound: Bound, at: dict[str, int | None], sign: int) -> list[int]:
    return [place for name, place in at.items() if place is not None for _ in range(bound[name] * sign)]


def _flow_links(counts: pd.DataFrame) -> Iterator[Link]:
    """Who is there at the end of a year was there a year before or came (`in:`), and did not go (`out:`)."""
    plain = counts[(counts["rest_of"] < 0) & (counts["period"].str.len() == 4)]
    place = {
        Place(*key): int(at) for at, key in zip(plain.index, plain[KEY].itertuples(index=False, name=None), strict=True)
    }
    for key, stock in place.items():
        before = place.get(key._replace(period=f"{int(key.period) - 1}"))
        came, went = (place.get(key._replace(set=f"{way}:{key.set}")) for way in ("in", "out"))
        if before is not None and came is not None and went is not None:
            yield Link(plus=[stock, went], minus=[before, came], equal=True, slack=False, group=f"flow {key.set}")
