"""Where a series of a district or neighbourhood may run on over the years, and what stands in it there.

Only open counts are brought over to another division (`rebase`). Counts of persons never are: a sum or a share of them
would be a new publication outside the protected system. Their series runs on where an area stayed the same area.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import pandas as pd

from pipelines.boundaries import RD_NEW
from pipelines.describe import estimate
from pipelines.divisions import Links, draw_districts, find_vintage, judge, link_all, link_steps
from pipelines.engine import Engine
from pipelines.indicators.model import OPEN_COUNTS, Indicator
from pipelines.periods import years_of

LEVELS = ("district", "neighbourhood")
BRIDGE = ["area", "year", "counted", "how", "was", "shown_in", "estimated"]
BREAK = ["area", "year", "counted"]
LINK = ["from_code", "from_year", "to_code", "to_year", "weight"]
GROUP = ["indicator", "area", "period", "age", "sex", "kind"]
NUMBERS = ["numerator", "denominator", "value", "low", "high", "estimated"]
REBASED = [*GROUP, *NUMBERS, "status", "provisional", "denominator_year"]


@dataclass(frozen=True, kw_only=True)
class Bridges:
    """How the districts and neighbourhoods of the newest year lie in those of the years before.

    bridge  BRIDGE: only area-years that are not simply the same area under the same code. `counted` is `lists` (in the
            division of the year itself) or `tables` (as open police tables present the year, in that of `shown_in`)
    breaks  BREAK: from this year on the code is another area than the year before
    links   LINK, of the area-years in `bridge`
    """

    bridge: pd.DataFrame
    breaks: pd.DataFrame
    links: pd.DataFrame


def find_bridges(engine: Engine, boundaries: gpd.GeoDataFrame | None) -> Bridges:
    """Every bridge to the newest division.

    engine      holds core.area, core.area_own, core.denominator and core.table_division
    boundaries  code, year, geometry as delivered (EPSG:4326); None when there are none
    """
    areas = engine.fetch(_AREAS)
    presented = engine.fetch("select municipality, year, line_year from core.table_division")
    shapes = _in_metres(boundaries)
    parts = [_bridge_level(areas[areas["level"] == level], shapes, presented) for level in LEVELS]
    return Bridges(
        **{name: pd.concat([getattr(one, name) for one in parts], ignore_index=True) for name in ("bridge", "breaks", "links")}
    )  # fmt: skip


_AREAS = """
    select a.code, a.level, a.year, o.name, o.change, d.inhabitants
    from core.area a
    left join core.area_own o on o.code = a.code and o.year = a.year
    left join core.denominator d on d.area = a.code and d.year = a.year and d.age = 'all' and d.sex = 'all'
    where a.origin = 'division' and a.level in ('district', 'neighbourhood') order by a.year, a.code
"""


def _in_metres(boundaries: gpd.GeoDataFrame | None) -> pd.DataFrame:
    if boundaries is None:
        return pd.DataFrame({"code": [], "year": [], "shape": []}).astype({"code": str, "shape": object})
    present = boundaries[boundaries.geometry.notna() & boundaries["year"].notna()]
    metres = present.geometry.to_crs(RD_NEW).to_numpy()
    return draw_districts(pd.DataFrame({"code": present["code"], "year": present["year"].astype(int), "shape": metres}))


def _bridge_level(areas: pd.DataFrame, shapes: pd.DataFrame, presented: pd.DataFrame) -> Bridges:
    divisions = {int(str(year)): draw_division(of_year, shapes) for year, of_year in areas.groupby("year")}
    if not divisions:
        return Bridges(**{name: pd.DataFrame(columns=columns) for name, columns in _TABLES.items()})
    newest = max(divisions)
    steps = link_steps(divisions)
    links = link_all(steps, list(divisions[newest]["code"]), newest)
    people = {year: rows.set_index("code")["inhabitants"] for year, rows in divisions.items()}
    bridge = _list_bridges({year: judge(links[year], people[year]) for year in divisions}, presented)
    breaks = _list_breaks({year: judge(step, people[year]) for year, step in steps.items()}, divisions, presented)
    return Bridges(bridge=bridge, breaks=breaks, links=_list_links(links, bridge, newest))


_TABLES = {"bridge": BRIDGE, "breaks": BREAK, "links": LINK}


def draw_division(areas: pd.DataFrame, shapes: pd.DataFrame) -> pd.DataFrame:
    """The areas of one year and level with the delivered boundaries that draw them: shape and vintage.

    areas   code, level, year and what else is known of them
    shapes  code, year, shape
    """
    year, letters = int(areas["year"].iloc[0]), areas["code"].str[:2].iloc[0]
    of_level = shapes[shapes["code"].str.startswith(letters)]
    drawn = []
    for municipality, rows in areas.groupby(areas["code"].str[2:6]):
        ours = of_level[of_level["code"].str[2:6] == municipality]
        delivered = {int(str(vintage)): set(found["code"]) for vintage, found in ours.groupby("year")}
        vintage = find_vintage(set(rows["code"]), year, delivered)
        found = ours[ours["year"] == vintage].set_index("code")["shape"]
        drawn.append(rows.assign(shape=rows["code"].map(found).astype(object), vintage=vintage))
    whole = pd.concat(drawn)
    return whole.assign(shape=whole["shape"].where(whole["shape"].notna(), None))


def _list_bridges(judged: Mapping[int, pd.DataFrame], presented: pd.DataFrame) -> pd.DataFrame:
    lists = [rows.assign(year=year, counted="lists", shown_in=year) for year, rows in judged.items()]
    tables = []
    for year, rows in judged.items():
        for municipality in sorted(set(rows["code"].str[2:6])):
            shown_in = _shown_in(presented, municipality, year, judged)
            ours = judged[shown_in][judged[shown_in]["code"].str[2:6] == municipality]
            tables.append(ours.assign(year=year, counted="tables", shown_in=shown_in))
    every = pd.concat([*lists, *tables], ignore_index=True).rename(columns={"code": "area"})
    return every[(every["how"] != "same") | (every["was"] != every["area"])].reset_index(drop=True)[BRIDGE]


def _shown_in(presented: pd.DataFrame, municipality: str, year: int, known: Mapping[int, object]) -> int:
    """The year of whose division the police tables present this year; the year itself when they do not tell."""
    rows = presented[(presented["municipality"] == f"GM{municipality}") & (presented["year"] == year)]
    found = int(rows["line_year"].iloc[0]) if len(rows) else year
    return found if found in known else year


def _list_breaks(
    stepped: Mapping[int, pd.DataFrame], divisions: Mapping[int, pd.DataFrame], presented: pd.DataFrame
) -> pd.DataFrame:
    """Codes that two years have and that are not the same area in both; in tables only where their division changes."""
    found = []
    for year, after in pairwise(sorted(divisions)):
        step = stepped[year]
        kept = step.loc[(step["how"] == "same") & (step["was"] == step["code"]), "code"]
        both = set(divisions[year]["code"]) & set(divisions[after]["code"])
        found += [(code, after, "lists") for code in sorted(both - set(kept))]
    for code, changed, _ in tuple(found):
        for year, after in pairwise(sorted(divisions)):
            first, second = (_shown_in(presented, code[2:6], one, divisions) for one in (year, after))
            if first < changed <= second:
                found.append((code, after, "tables"))
    return pd.DataFrame(found, columns=BREAK)


def _list_links(links: Mapping[int, Links], bridge: pd.DataFrame, newest: int) -> pd.DataFrame:
    every = [one.weights.assign(from_year=year, to_year=newest) for year, one in links.items()]
    rows = pd.concat(every, ignore_index=True)
    told = set(bridge[["area", "shown_in"]].itertuples(index=False, name=None))
    kept = [pair in told for pair in rows[["to_code", "from_year"]].itertuples(index=False, name=None)]
    return rows.loc[kept, LINK].reset_index(drop=True)


def rebase(figures: pd.DataFrame, bridges: Bridges, catalogue: Sequence[Indicator]) -> pd.DataFrame:
    """Open figures of years before, brought to the areas of the newest year: REBASED.

    figures   described figures; those of indicators that count persons, or that a source rounded, are not touched
    returns   one row per area-year of the bridge that is merged or estimated, and per figure of the areas it is made
              of. It has a number only when all of these are shown; an interval, no label and no trend
    """
    counts = {
        one.id: "tables" if one.counts == "incidents" else "lists" for one in catalogue if one.counts in OPEN_COUNTS
    }
    wanted = bridges.bridge[bridges.bridge["how"].isin(["merged", "estimated"])]
    parts = figures[figures["indicator"].isin(list(counts))]
    parts = parts.assign(
        year=parts["period"].map(lambda period: years_of(period)[0]), counted=parts["indicator"].map(counts)
    )
    joined = parts.rename(columns={"area": "from_code"}).merge(
        _parts_of(wanted, bridges), on=["from_code", "year", "counted"]
    )
    if joined.empty:
        return pd.DataFrame(columns=REBASED)
    made = _add_up(joined)
    described = [_describe(made[made["indicator"] == one.id].copy(), one) for one in catalogue if one.id in counts]
    return pd.concat(described, ignore_index=True).sort_values(GROUP, ignore_index=True)[REBASED]


def _parts_of(wanted: pd.DataFrame, bridges: Bridges) -> pd.DataFrame:
    """area, year, counted, from_code, weight, estimated, of: which figures make which, and how many there must be."""
    links = bridges.links.rename(columns={"to_code": "area"})
    parts = wanted.merge(links, left_on=["area", "shown_in"], right_on=["area", "from_year"])
    parts["of"] = parts.groupby(["area", "year", "counted"])["from_code"].transform("size")
    return parts[["area", "year", "counted", "from_code", "weight", "estimated", "of"]]


def _add_up(joined: pd.DataFrame) -> pd.DataFrame:
    whole = joined.assign(
        numerator=joined["numerator"] * joined["weight"], denominator=joined["denominator"] * joined["weight"],
        shown=joined["status"] == "shown", absent=joined["status"] == "not_delivered",
        other=joined["denominator_year"].astype("Int64"),
    )  # fmt: skip
    made = whole.groupby(GROUP, as_index=False).agg(
        numerator=("numerator", "sum"), denominator=("denominator", "sum"), estimated=("estimated", "first"),
        provisional=("provisional", "any"), denominator_year=("other", "min"), shown=("shown", "all"),
        absent=("absent", "all"), parts=("weight", "size"), of=("of", "first"),
    )  # fmt: skip
    shown = made["shown"] & (made["parts"] == made["of"])
    made["status"] = shown.map({True: "shown", False: "missing"}).where(~made["absent"], "not_delivered")
    made[["numerator", "denominator", "estimated"]] = made[["numerator", "denominator", "estimated"]].where(shown)
    return made


def _describe(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    rows[["value", "low", "high"]] = float("nan")
    if indicator.denominator is None:
        return rows.assign(value=rows["numerator"], denominator=float("nan"))
    found = estimate(rows["numerator"], rows["denominator"].where(rows["denominator"] > 0), indicator, 0.95)
    return rows.assign(value=found.value, low=found.low, high=found.high)
