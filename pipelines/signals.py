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

from analysis.signals import Cluster, Farrington, discoveries, farrington, scan
from pipelines.indicators.model import Indicator
from pipelines.periods import kind_of, months_of

ANALYST, BOARD = 0.01, 0.001
FALSE_DISCOVERIES = 0.10
LEAST_EXPECTED = 3.0
YEARS_BACK = (3, 5)
YEARS_JUDGED = 2
PARTS = {"month": 12, "quarter": 4}
# How often nothing is the matter and there is an alarm all the same: measured on counts that vary between months a little
# more than chance makes them, by expected count and alpha (docs/method.md, tests/bench/bench_signals.py).
MEASURED_AT = (3.0, 5.0, 12.0, 30.0, 80.0)
MEASURED = {ANALYST: (0.012, 0.016, 0.032, 0.032, 0.033), BOARD: (0.003, 0.004, 0.007, 0.008, 0.0085)}
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
        scope += _scope_of(judged, indicator)
        if indicator.counts == "incidents":
            found = find_clusters(own, areas, replicates=replicates)
            clusters.append(found)
            scope += _scope_of_clusters(own, indicator)
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
    board, alarm.

    rows    total figures of one indicator
    """
    kinds = [kind for kind in PARTS if kind in indicator.periods.get("municipality", ())]
    if not kinds:
        return pd.DataFrame(columns=[*SIGNAL, "alarm"])
    towns = rows[rows["area"].str.startswith("GM") & (rows["period"].map(kind_of) == kinds[0])]
    found = [one for _, series in towns.groupby("area") for one in _judge_area(series, indicator, PARTS[kinds[0]])]
    judged = pd.DataFrame(found, columns=["area", "period", "observed", "expected", "upper", "p"])
    judged["alarm"] = False
    for _, group in judged.groupby("period"):
        judged.loc[group.index, "alarm"] = discoveries(group["p"], FALSE_DISCOVERIES)
    judged["alarm"] &= judged["p"] <= ANALYST
    return judged.assign(
        method=kinds[0], indicator=indicator.id, members="", board=judged["p"] <= BOARD, seen_before=False
    )


def _judge_area(
    series: pd.DataFrame, indicator: Indicator, parts: int
) -> Iterator[tuple[str, str, float, float, float, float]]:
    series = series.sort_values("period")
    counts = series["numerator"].where(series["status"] == "shown").to_numpy(dtype=float)
    periods = list(series["period"])
    first = max((_start_of(one.period) for one in indicator.breaks), default=0)
    start = next((place for place, period in enumerate(periods) if months_of(period)[0] >= first), len(periods))
    last_year = int(periods[-1][:4]) if periods else 0
    for place, period in enumerate(periods):
        if int(period[:4]) <= last_year - YEARS_JUDGED:
            continue
        config = _configure(place - start, parts)
        used = slice(place - (config.years * parts + config.half_window), place + 1) if config else slice(0, 0)
        if config is None or np.isnan(counts[used]).any():
            continue
        signal = farrington(counts[start:], parts, config=config, at=place - start)
        if signal.expected >= LEAST_EXPECTED and np.isfinite(signal.p):
            expected, upper, p = (float(one) for one in (signal.expected, signal.upper, signal.p))
            yield str(series["area"].iloc[0]), period, float(counts[place]), expected, upper, p


def _start_of(period: str) -> int:
    """The first month of comparable periods; a break in the course of a year spoils that year."""
    return months_of(period)[0]


def _configure(history: int, parts: int) -> Farrington | None:
    """The longest history allowed before a period that has this many before it; None with under three years."""
    window = 1 if parts == 12 else 0
    years = min(YEARS_BACK[1], (history - window) // parts)
    if years < YEARS_BACK[0]:
        return None
    return Farrington(
        years=years, half_window=window, alpha=ANALYST, method="nbPlugin", least_periods=3 if parts == 12 else 1
    )


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
    if (rows["status"] == "hidden").any() or rows.empty:
        return
    shown = rows[rows["status"] == "shown"]
    places = _places(areas[areas["year"] == int(rows["period"].iloc[0])])
    known = shown[shown["area"].isin(places)].sort_values("area")
    if len(known) < 10:
        return
    codes = known["area"].to_numpy()
    east, north = np.array([places[code] for code in codes]).T
    for one in scan(east, north, known["numerator"], known["denominator"], replicates=replicates, seed=1):
        if one.p <= ANALYST and one.expected >= LEAST_EXPECTED:
            yield _as_row(one, codes)


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


def _scope_of(judged: pd.DataFrame, indicator: Indicator) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for year, rows in judged.groupby(judged["period"].astype(str).str[:4]):
        areas = int(rows["area"].nunique())
        wrong = [expect_false(rows["expected"].to_numpy(dtype=float), alpha, areas) for alpha in (ANALYST, BOARD)]
        found.append((rows["method"].iloc[0], indicator.id, rows["method"].iloc[0], year, areas, len(rows), *wrong))
    return found


def expect_false(expected: NDArray[np.float64], alpha: float, areas: int) -> float:
    """How many alarms these tests give together when nothing is the matter.

    expected    expected count of each test; areas: tested together, so that the false-discovery rule asks more of each
    """
    rates = np.interp(np.log(expected), np.log(MEASURED_AT), MEASURED[alpha])
    stricter = min(1.0, FALSE_DISCOVERIES / areas / alpha)
    return float(rates.sum() * stricter)


def _scope_of_clusters(rows: pd.DataFrame, indicator: Indicator) -> list[tuple[object, ...]]:
    yearly = rows[rows["area"].str.startswith("BU") & (rows["period"].str.len() == 4) & (rows["status"] == "shown")]
    counted = yearly.groupby("period")["area"].nunique()
    latest = counted.sort_index().tail(YEARS_JUDGED)
    return [("cluster", indicator.id, "year", year, int(many), 1, ANALYST, BOARD) for year, many in latest.items()]
