"""A series of a district or neighbourhood in one division of areas: carried over where it can be, refused in words else.

Codes are dealt out anew each 1 January. Open counts of earlier years come from `rebased`. Counts of persons are never
carried over: they run on only where the area stayed the same area.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from dashboard.figures import Publication, load_bridge, load_figures, load_rebased
from dashboard.format import format_number, join_words
from dashboard.indicator import Indicator
from dashboard.rows import list_rows

OPEN: Final = ("incidents", "inhabitants")
NO_PERSONS: Final = "Aantallen jongeren rekenen wij niet om, omdat kleine aantallen dan uit te rekenen zijn."
NO_SUM: Final = "Dit cijfer is niet om te rekenen naar andere grenzen."
PROTECTED: Final = ("persons", "families", "groups")
LEVELS: Final = {"WK": "wijken", "BU": "buurten"}


def name_count(indicator: Indicator) -> str:
    """'tables' for what open police tables count in a division of their own, else 'lists'."""
    return "tables" if indicator.counts == "incidents" else "lists"


def load_series(
    publication: Publication, indicator: Indicator, *, areas: tuple[str, ...], period_kind: str, split: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures over the years of areas of the newest division, and the bridge that was needed for it.

    returns  figures as `load_figures`, without the years that may not be drawn; bridge: area, year, how, was, estimated
    """
    bridge = load_bridge(publication, areas=areas, counted=name_count(indicator))
    earlier = tuple(sorted(set(bridge["was"].dropna()) - set(areas)))
    asked = {"indicators": (indicator.id,), "period_kind": period_kind, "split": split}
    figures = load_figures(publication, areas=(*areas, *earlier), **asked)  # type: ignore[arg-type]
    rebased = load_rebased(publication, indicator=indicator.id, areas=areas, split=split)
    return bridge_series(figures, bridge, rebased, indicator, areas=areas), bridge


def bridge_series(
    figures: pd.DataFrame, bridge: pd.DataFrame, rebased: pd.DataFrame, indicator: Indicator, *, areas: Sequence[str]
) -> pd.DataFrame:
    """The figures of `areas` in one division, from the last year on that cannot be bridged.

    figures  of the areas and of the codes that they had before
    rebased  of the areas; persons are never in it
    returns  with `was`, the code under which a figure was published when that is another one
    """
    if bridge.empty:
        return figures
    own = _leave_out(figures, bridge, areas)
    same = bridge.loc[bridge["how"] == "same", ["area", "year", "was"]].rename(columns={"area": "now"})
    moved = figures.assign(year=figures["period"].map(year_of))
    moved = moved.merge(same, left_on=["area", "year"], right_on=["was", "year"])
    carried = pd.concat([moved.assign(area=moved["now"]), rebased], ignore_index=True)
    places = own.drop_duplicates("area", keep="last").set_index("area")[["name", "level", "parent"]]
    carried = carried.drop(columns=list(places.columns), errors="ignore").join(places, on="area")
    columns = [*figures.columns, "estimated", "was"]
    parts = [part.reindex(columns=columns) for part in (own, carried) if len(part)]
    whole = pd.concat(parts, ignore_index=True) if parts else own.reindex(columns=columns)
    starts = find_starts(bridge, indicator)
    after = [year_of(row["period"]) >= starts.get(row["area"], 0) for row in list_rows(whole)]
    return whole[pd.Series(after, index=whole.index, dtype=bool)].sort_values(
        ["name", "area", "period"], ignore_index=True
    )


def _leave_out(figures: pd.DataFrame, bridge: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """Figures of the areas themselves, without the years in which the code was another area."""
    replaced = set(zip(bridge["area"], bridge["year"], strict=True))
    kept = [
        row["area"] in areas and (row["area"], year_of(row["period"])) not in replaced for row in list_rows(figures)
    ]
    return figures[pd.Series(kept, index=figures.index, dtype=bool)]


def find_starts(bridge: pd.DataFrame, indicator: Indicator) -> dict[str, int]:
    """The first year of each area's line, where earlier ones cannot be bridged for this indicator."""
    refused = ["broken"] if indicator.counts in OPEN else ["broken", "merged", "estimated"]
    last = bridge[bridge["how"].isin(refused)].groupby("area")["year"].max()
    return {str(area): int(year) + 1 for area, year in last.items()}


def year_of(period: str) -> int:
    """The year whose division a period is counted in; a school year is that of its 1 January."""
    return int(period[:4]) + ("/" in period)


def keep_same_area(
    figures: pd.DataFrame, breaks: pd.DataFrame, indicators: Mapping[str, Indicator], *, year: int
) -> pd.DataFrame:
    """Only figures from when the code became the area that it is in `year`.

    figures  of one code, any indicators; breaks: year, counted
    """
    passed = breaks[breaks["year"] <= year]
    since = passed.groupby("counted")["year"].max()
    first = [since.get(name_count(indicators[key]), 0) for key in figures["indicator"]]
    kept = [year_of(period) >= start for period, start in zip(figures["period"], first, strict=True)]
    return figures[pd.Series(kept, index=figures.index, dtype=bool)]


def describe_bridge(bridge: pd.DataFrame, indicator: Indicator, names: Mapping[str, str]) -> list[str]:
    """What was done to draw the lines in one division, or why they start later."""
    if bridge.empty:
        return []
    starts = find_starts(bridge, indicator)
    town_years = sorted({(f"GM{area[2:6]}", start) for area, start in starts.items()})
    refusals = [
        _refuse(
            NO_PERSONS if indicator.counts in PROTECTED else NO_SUM,
            names.get(town, town),
            start,
            bridge[bridge["area"].map(starts).eq(start) & (bridge["year"] == start - 1)],
        )
        for town, start in town_years
    ]
    used = bridge[(bridge["how"] != "same") & (bridge["year"] >= bridge["area"].map(starts).fillna(0))]
    return refusals + [_tell_carried(names.get(str(area), str(area)), rows) for area, rows in used.groupby("area")]


def _refuse(reason: str, town: str, start: int, rows: pd.DataFrame) -> str:
    kinds = join_words([LEVELS[letters] for letters in LEVELS if rows["area"].str.startswith(letters).any()])
    which = "dit gebied" if rows["area"].nunique() == 1 else "deze gebieden"
    if rows["how"].eq("broken").any():
        why = f"Welke cijfers van voor {start} bij {which} horen, is niet bekend of te onzeker."
    else:
        why = reason
    return (
        f"De {kinds} van {town} zijn in {start} opnieuw ingedeeld. {why} De lijn van {which} begint daarom in {start}."
    )


def _tell_carried(place: str, rows: pd.DataFrame) -> str:
    last, share = int(rows["year"].max()), float(rows["estimated"].max())
    if share == 0:
        return f"{place}: tot en met {last} zijn de cijfers opgeteld van de gebieden die er nu samen in liggen."
    size = format_number(max(1, round(share * 100)))
    return (
        f"{place}: de grens is na {last} veranderd. De jaren tot en met {last} zijn omgerekend naar de grens van nu. "
        f"Van hoogstens {size}\u00a0% van de inwoners is geschat aan welke kant van de grens zij wonen."
    )
