"""Questions for a person: months that are higher than the years before, and neighbourhoods with more cases together.

From shown figures only: a hidden period in the history ends it, since leaving small counts out would lift what is
expected, and a flag beside a hidden count would tell that it is large. Clusters are sought in open counts only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.clusters import false_clusters
from analysis.false_alarms import Variation, measure_noise, measure_variation
from analysis.signals import Cluster, Farrington, discoveries, farrington, scan
from pipelines.false_alarms import FALSE_DISCOVERIES, LEAST_EXPECTED, configure, expect_false, whole_years
from pipelines.indicators.model import Indicator
from pipelines.periods import kind_of, months_of

ANALYST, BOARD = 0.01, 0.001
YEARS_BACK = (3, 5)
YEARS_JUDGED = 2
PARTS = {"month": 12, "quarter": 4}
KINDS = {parts: kind for kind, parts in PARTS.items()}
SIGNAL = (
    *("id", "method", "indicator", "area", "period", "members", "observed", "expected", "upper", "p", "board"),
    "seen_before",
)
SCOPE = ("method", "indicator", "period_kind", "year", "areas", "tests", "false_analyst", "false_board")


@dataclass(frozen=True, kw_only=True)
class Signals:
    """signals: one row per alarm or cluster, SIGNAL; scope: what was looked at per indicator and year, SCOPE."""

    signals: pd.DataFrame
    scope: pd.DataFrame


def find_signals(
    figures: pd.DataFrame, catalogue: Sequence[Indicator], areas: pd.DataFrame, *, replicates: int = 9_999
) -> Signals:
    """Alarms by municipality and month (or quarter), and clusters of neighbourhoods by year, of the two latest years.

    figures     described figures; areas: code, level, year, geometry (GeoJSON text or None)
    replicates  random maps behind the p of a cluster
    """
    totals = figures[(figures["age"] == "all") & (figures["sex"] == "all") & (figures["kind"] == "all")]
    rows = dict(iter(totals.groupby("indicator", sort=False)))
    alarms, clusters, scope = [], [], []
    for indicator in catalogue:
        own = rows.get(indicator.id)
        if own is None or indicator.counts not in {"incidents", "persons"} or indicator.rounding > 1:
            continue
        judged = judge_periods(own, indicator)
        alarms.append(judged[judged["alarm"]])
        scope += _scope_of(judged, own, indicator)
        if indicator.counts == "incidents":
            found = find_clusters(own, areas, replicates=replicates)
            clusters.append(found)
            scope += _scope_of_clusters(own, areas)
    signals = _as_table([*alarms, *_keep_discoveries(clusters)])
    return Signals(signals=signals, scope=pd.DataFrame(scope, columns=list(SCOPE)))


def _as_table(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(SIGNAL))
    found = pd.concat(filled, ignore_index=True)
    found["id"] = found["method"] + "-" + found["indicator"] + "-" + found["area"] + "-" + found["period"]
    return found.sort_values(["indicator", "method", "period", "area"], ignore_index=True)[list(SIGNAL)]


def judge_periods(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Every municipality and period that could be judged: method, indicator, area, period, observed, expected, upper, p,
    board, alarm, and the years of its history.

    rows    total figures of one indicator
    """
    towns, parts = _towns(rows, indicator)
    if towns.empty:
        return pd.DataFrame(columns=[*SIGNAL, "alarm", "years"])
    found = [one for _, series in towns.groupby("area") for one in _judge_area(series, indicator, parts)]
    judged = pd.DataFrame(found, columns=["area", "period", "observed", "expected", "upper", "p", "years"])
    return pick_alarms(judged).assign(
        method=KINDS[parts], indicator=indicator.id, members="", board=judged["p"] <= BOARD, seen_before=False
    )


def pick_alarms(judged: pd.DataFrame) -> pd.DataFrame:
    """The same rows with alarm: p at most 1 %, and of those of one period together at most one in ten false."""
    found = pd.Series(False, index=judged.index)
    for _, group in judged.groupby("period"):
        found[group.index] = discoveries(group["p"], FALSE_DISCOVERIES)
    return judged.assign(alarm=found & (judged["p"] <= ANALYST))


def _towns(rows: pd.DataFrame, indicator: Indicator) -> tuple[pd.DataFrame, int]:
    """Figures of municipalities in the finest periods there are, and the parts of a year; empty without any."""
    kinds = [kind for kind in PARTS if kind in indicator.periods.get("municipality", ())]
    if not kinds:
        return rows.iloc[:0], PARTS["month"]
    return rows[rows["area"].str.startswith("GM") & (rows["period"].map(kind_of) == kinds[0])], PARTS[kinds[0]]


def add_means(judged: pd.DataFrame, rows: pd.DataFrame, indicator: Indicator) -> tuple[pd.DataFrame, Variation]:
    """The same tests with mean, the count of each in the long run; and how much the figures vary by themselves.

    From the years that are shown and comparable: an area's own level, and the season and variation they have in common.
    judged      from judge_periods; rows: total figures of that indicator
    """
    towns, parts = _towns(rows, indicator)
    tables = {str(area): _years(one, indicator, parts) for area, one in towns.groupby("area")}
    variation = measure_variation(list(tables.values()), parts)
    last = _part(str(towns["period"].max()))
    columns = [(_part(str(one)) - last - 1) % parts for one in judged["period"]]
    levels = judged["area"].map({area: one.mean() for area, one in tables.items() if len(one)}).astype(float)
    return judged.assign(mean=(levels * variation.season[columns]).fillna(judged["expected"])), variation


def _years(series: pd.DataFrame, indicator: Indicator, parts: int) -> NDArray[np.float64]:
    _, counts, start = _comparable(series, indicator)
    return whole_years(counts[start:], parts)


def _part(period: str) -> int:
    """Number of the month or quarter within its year."""
    return int(period[5:])


def _comparable(series: pd.DataFrame, indicator: Indicator) -> tuple[list[str], NDArray[np.float64], int]:
    """Periods in order, counts (NaN unless shown), and the place of the first that no break divides from the last."""
    series = series.sort_values("period")
    counts = series["numerator"].where(series["status"] == "shown").to_numpy(dtype=float)
    periods = [str(one) for one in series["period"]]
    first = max((_start_of(one.period) for one in indicator.breaks), default=0)
    return (
        periods,
        counts,
        next((place for place, period in enumerate(periods) if months_of(period)[0] >= first), len(periods)),
    )


def _judge_area(
    series: pd.DataFrame, indicator: Indicator, parts: int
) -> Iterator[tuple[str, str, float, float, float, float, int]]:
    periods, counts, start = _comparable(series, indicator)
    last_year = int(periods[-1][:4]) if periods else 0
    for place, period in enumerate(periods):
        if int(period[:4]) <= last_year - YEARS_JUDGED:
            continue
        config = _configure(place - start, parts)
        used = slice(place - (config.years * parts + config.half_window), place + 1) if config else slice(0, 0)
        if config is None or np.isnan(counts[used]).any():
            continue
        signal = farrington(counts[start:], parts, config=config, at=place - start)
        if round(float(signal.expected), 6) >= LEAST_EXPECTED and np.isfinite(signal.p):
            expected, upper, p = (float(one) for one in (signal.expected, signal.upper, signal.p))
            yield str(series["area"].iloc[0]), period, float(counts[place]), expected, upper, p, config.years


def _start_of(period: str) -> int:
    """The first month of comparable periods; a break in the course of a year spoils that year."""
    return months_of(period)[0]


def _configure(history: int, parts: int) -> Farrington | None:
    """The longest history allowed before a period that has this many before it; None with under three years."""
    window = 1 if parts == 12 else 0
    years = min(YEARS_BACK[1], (history - window) // parts)
    if years < YEARS_BACK[0]:
        return None
    return configure(years, parts, ANALYST)


def find_clusters(rows: pd.DataFrame, areas: pd.DataFrame, *, replicates: int) -> pd.DataFrame:
    """Clusters of neighbourhoods with a p of at most 1 %, per year; seen_before when it overlaps one of the year before.

    rows    total figures of one open indicator
    """
    yearly = rows[rows["area"].str.startswith("BU") & (rows["period"].str.len() == 4)]
    years = sorted(yearly["period"].unique())[-YEARS_JUDGED - 1 :]
    found, before = [], set[str]()
    for year in years:
        clusters = list(_scan_year(yearly[yearly["period"] == year], areas, replicates))
        for one in clusters:
            members = str(one["members"]).split(",")
            found.append({**one, "period": year, "seen_before": bool(before & set(members))})
        before = {code for one in clusters for code in str(one["members"]).split(",")}
    listed = pd.DataFrame(found).assign(method="cluster", indicator=rows["indicator"].iloc[0]) if found else None
    return pd.DataFrame(columns=list(SIGNAL)) if listed is None else listed[listed["period"].isin(years[1:] or years)]


def _scan_year(rows: pd.DataFrame, areas: pd.DataFrame, replicates: int) -> Iterator[dict[str, object]]:
    known = _map_of(rows, areas)
    if known is None:
        return
    codes = known["area"].to_numpy()
    for one in scan(*_numbers(known), replicates=replicates, seed=1):
        if one.p <= ANALYST and one.expected >= LEAST_EXPECTED:
            yield _as_row(one, codes)


def _map_of(rows: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame | None:
    """Shown figures of one year with east and north; None when one is hidden, or with under ten neighbourhoods."""
    if (rows["status"] == "hidden").any() or rows.empty:
        return None
    shown = rows[rows["status"] == "shown"]
    places = _places(areas[areas["year"] == int(rows["period"].iloc[0])])
    known = shown[shown["area"].isin(places)].sort_values("area")
    if len(known) < 10:
        return None
    east, north = np.array([places[code] for code in known["area"]]).T
    return known.assign(east=east, north=north)


def _numbers(known: pd.DataFrame) -> tuple[NDArray[np.float64], ...]:
    """East, north, cases and inhabitants."""
    return tuple(known[name].to_numpy(dtype=float) for name in ("east", "north", "numerator", "denominator"))


def _as_row(one: Cluster, codes: NDArray[np.object_]) -> dict[str, object]:
    members = ",".join(sorted(codes[list(one.members)]))
    numbers = {"observed": one.cases, "expected": one.expected, "upper": np.nan, "p": one.p}
    return {"area": codes[one.centre], "members": members, **numbers, "board": one.p <= BOARD}


def _places(areas: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Middle of every area that has a shape, in metres from the equator and Greenwich: flat enough for one region."""
    known = areas[areas["geometry"].notna()]
    middles = [shapely.from_geojson(text).centroid for text in known["geometry"]]
    scale = np.cos(np.radians(np.mean([one.y for one in middles]))) if middles else 1.0
    return {
        str(code): (one.x * 111_320 * float(scale), one.y * 110_574)
        for code, one in zip(known["code"], middles, strict=True)
    }


def _keep_discoveries(clusters: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Of all clusters of one year, those that remain when one in ten may be false."""
    filled = [part for part in clusters if len(part)]
    if not filled:
        return []
    together = pd.concat(filled, ignore_index=True)
    return [group[discoveries(group["p"], FALSE_DISCOVERIES)] for _, group in together.groupby("period")]


def _scope_of(judged: pd.DataFrame, own: pd.DataFrame, indicator: Indicator) -> list[tuple[object, ...]]:
    if judged.empty:
        return []
    found: list[tuple[object, ...]] = []
    judged, variation = add_means(judged, own, indicator)
    for year, rows in judged.groupby(judged["period"].astype(str).str[:4]):
        wrong = expect_false(rows, variation, (ANALYST, BOARD))
        kind, areas = rows["method"].iloc[0], int(rows["area"].nunique())
        found.append((kind, indicator.id, kind, year, areas, len(rows), *wrong))
    return found


def _scope_of_clusters(rows: pd.DataFrame, areas: pd.DataFrame) -> list[tuple[object, ...]]:
    """The years in which clusters were sought, with how many there would be with nothing but what areas vary anyhow."""
    yearly = rows[rows["area"].str.startswith("BU") & (rows["period"].str.len() == 4)]
    maps = {str(year): _map_of(one, areas) for year, one in yearly.groupby("period")}
    known = {year: one for year, one in maps.items() if one is not None}
    if not known:
        return []
    table = pd.concat([one.set_index("area")["numerator"].rename(year) for year, one in known.items()], axis=1)
    variation = measure_noise(table.dropna().T.to_numpy(dtype=float))
    found: list[tuple[object, ...]] = []
    for year in sorted(set(maps))[-YEARS_JUDGED:]:
        if year in known:
            wrong = false_clusters(
                *_numbers(known[year]), variation=variation, alphas=(ANALYST, BOARD), least_expected=LEAST_EXPECTED
            )
            found.append(("cluster", rows["indicator"].iloc[0], "year", year, len(known[year]), 1, *map(float, wrong)))
    return found
