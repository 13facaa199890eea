"""Registered crimes and nuisance: one count per offence, month and neighbourhood, from which every table is summed.

Because all tables are summed from the same counts, months make the year and neighbourhoods plus what could not be
located make the municipality.
"""

import numpy as np
import pandas as pd

from pipelines.sample.world import Floats, World, read_reference

TOTAL = "0.0.0"
CRIMES = ("1.1.1", "1.4.1", "1.4.5", "2.2.1", "2.5.2")
NUISANCE = ("E33", "E35", "E38")
REST = "rest"  # all other offences: in the total only
UNLOCATED = 0.03  # share of incidents without a neighbourhood
NO_SEASON = np.ones(12)
SEASONS = {
    "1.1.1": np.array([1.2, 1.1, 1.0, 0.9, 0.85, 0.8, 0.9, 0.9, 0.9, 1.1, 1.2, 1.2]),
    "2.2.1": np.array([1.25, 0.95, 1.0, 1.0, 1.0, 0.95, 0.95, 0.95, 0.95, 1.0, 1.0, 1.15]),
    "E35": np.array([0.75, 0.75, 0.95, 1.15, 1.25, 1.25, 1.2, 1.2, 1.1, 1.0, 0.75, 0.8]),
}


def simulate_incidents(world: World) -> pd.DataFrame:
    """Counts above 0: family, offence, year, month, municipality, neighbourhood (empty = not located), count."""
    targets = _targets(world)
    parts = [_simulate_year(world, year, targets) for year in world.years]
    return pd.concat(parts, ignore_index=True)


def sum_incidents(incidents: pd.DataFrame, area: pd.Series) -> pd.DataFrame:
    """Counts per family, offence (the total included), area, year and month (0 = the whole year)."""
    keys = ["family", "offence", "area", "year", "month"]
    months = incidents.assign(area=area)[area.ne("")]
    months = pd.concat([months[months["offence"] != REST], months.assign(offence=TOTAL)])
    months = pd.concat([months, months.assign(month=0)])
    return months.groupby(keys)[["count"]].sum().reset_index()


def fill_cells(world: World, counts: pd.DataFrame, areas: pd.DataFrame, offences: list[str]) -> pd.DataFrame:
    """Every area of its year, offence and period, 0 where nothing happened: offence, area, year, month, count."""
    cells = [
        pd.MultiIndex.from_product([offences, areas.loc[areas["year"] == year, "code"], [year], range(13)])
        for year in world.years
    ]
    index = cells[0].append(cells[1:]).set_names(["offence", "area", "year", "month"])
    filled = counts.set_index(index.names)["count"].reindex(index, fill_value=0)
    return filled.to_frame().reset_index()


def _targets(world: World) -> pd.DataFrame:
    """Expected incidents: family, offence, municipality, year, expected."""
    published = read_reference("calibration").set_index(["measure", "area", "year"])["value"]
    random = world.stream("municipalities")
    rows: list[tuple[str, str, str, int, float]] = []
    for code, inhabitants in world.municipalities[["code", "inhabitants"]].itertuples(index=False):
        lean = dict(zip([*CRIMES, *NUISANCE, TOTAL], random.lognormal(0, 0.1, 9), strict=True))
        for year in world.years:
            crimes = world.scale * _crimes(published, code, year, inhabitants)
            nuisance = world.scale * _national(published, f"nuisance/{TOTAL}", year) * inhabitants * lean[TOTAL]
            rows += [("crime", *part) for part in _split(published, CRIMES, (code, year), crimes, lean)]
            rows += [("nuisance", *part) for part in _split(published, NUISANCE, (code, year), nuisance, lean)]
    return pd.DataFrame(rows, columns=["family", "offence", "municipality", "year", "expected"])


def _split(
    published: pd.Series, offences: tuple[str, ...], where: tuple[str, int], size: float, lean: dict[str, float]
) -> list[tuple[str, str, int, float]]:
    """Offences by their national share, each municipality leaning its own way; what is left is the rest."""
    family = "crime" if offences == CRIMES else "nuisance"
    parts = {key: size * lean[key] * _share(published, family, key, where[1]) for key in offences}
    return [(key, *where, part) for key, part in (parts | {REST: size - sum(parts.values())}).items()]


def _crimes(published: pd.Series, code: str, year: int, inhabitants: int) -> float:
    """Published crimes of a municipality; before 2021 by the national course, without figures by the national rate."""
    measure = f"crime/{TOTAL}"
    if (measure, code, 2021) not in published.index:
        return _national(published, measure, year) * inhabitants
    if year >= 2021:
        return float(published[measure, code, min(year, 2025)])
    course = _national(published, measure, year) / _national(published, measure, 2021)
    return float(published[measure, code, 2021]) * course


def _national(published: pd.Series, measure: str, year: int) -> float:
    """National incidents per inhabitant of 2020 (growth cancels out); after 2023, 2 % less each year."""
    count = published[measure, "NL00", min(year, 2023)] * 0.98 ** max(year - 2023, 0)
    return float(count / published["inhabitants", "NL00", 2020])


def _share(published: pd.Series, family: str, offence: str, year: int) -> float:
    part, whole = (_national(published, f"{family}/{key}", year) for key in (offence, TOTAL))
    return part / whole


def _simulate_year(world: World, year: int, targets: pd.DataFrame) -> pd.DataFrame:
    """Draw the number of the year, then deal it out over months and neighbourhoods."""
    random = world.stream(f"incidents {year}")
    areas = world.areas_in(year)
    homes = areas[areas["level"] == "neighbourhood"]
    pull = _pull(world)
    drawn = []
    for target in targets[targets["year"] == year].to_dict("records"):
        inside = homes[homes["code"].str[2:6] == target["municipality"][2:]]
        weights = pull.loc[inside.index, target["family" if target["offence"] == REST else "offence"]].to_numpy()
        shares = np.append(weights / weights.sum() * (1 - UNLOCATED), UNLOCATED)
        months = _season(target["offence"], year)
        chance = np.outer(months / months.sum(), shares).ravel()
        counts = random.multinomial(random.poisson(target["expected"]), chance).reshape(12, -1)
        month, place = np.nonzero(counts)
        rows = pd.DataFrame({"month": month + 1, "neighbourhood": np.array([*inside["code"], ""], object)[place]})
        names = {str(name): value for name, value in target.items() if name != "expected"}
        drawn.append(rows.assign(count=counts[month, place], **names))
    return pd.concat(drawn, ignore_index=True)


def _season(offence: str, year: int) -> Floats:
    """Weights of the months; youth nuisance peaks in the months of the corona measures."""
    months = SEASONS.get(offence, NO_SEASON).copy()
    if offence == "E35" and year == 2020:
        months[2:6] *= 1.5
    if offence == "E35" and year == 2021:
        months[:5] *= 1.4
    return months


def _pull(world: World) -> pd.DataFrame:
    """How much each area draws incidents, per offence (and per family for the rest); lasting over the years."""
    random = world.stream("pull")
    areas = world.areas
    centre = np.where(areas["name"].str.contains("entrum|City|Binnenstad"), 2.5, 1.0)
    general = random.normal(0, 0.4, len(areas))
    pull = {}
    for offence in ("crime", "nuisance", *CRIMES, *NUISANCE):
        people = areas["age_15_24"] * 8 if offence == "E35" else areas["inhabitants"]
        busy = 1.0 if offence in ("1.1.1", "1.4.1") else centre
        pull[offence] = (people + 40) * busy * np.exp(general + random.normal(0, 0.3, len(areas)))
    return pd.DataFrame(pull, index=areas.index)
