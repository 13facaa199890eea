"""Synthetic deliveries of every source in the suppliers' own formats, for any preset, scale and seed.

Not real, but like it: codes and inhabitants are real, events are drawn by lot around published totals (docs/sample.md).
The same region, years, scale and seed give the same bytes.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.sample.approaches import approaches_file, groups_file, simulate_approaches, simulate_groups
from pipelines.sample.care import care_file, simulate_care
from pipelines.sample.careers import simulate_persons, simulate_registrations
from pipelines.sample.families import draw_families
from pipelines.sample.incidents import simulate_incidents
from pipelines.sample.open_tables import code_list, key_figures, police_tables
from pipelines.sample.partners import referrals_file, suspects_file
from pipelines.sample.pupils import school_years, simulate_absence, simulate_leaving
from pipelines.sample.referrals import simulate_referrals
from pipelines.sample.rounded_tables import plan_rounded
from pipelines.sample.school import absence_file, leaving_file
from pipelines.sample.toolbox import interventions_file, programme_file, simulate_interventions
from pipelines.sample.world import World, load_world
from pipelines.sample.youth import simulate_youth

MARKER = "SYNTHETIC.txt"
MARKER_TEXT = """SYNTHETISCH - geen echte gegevens

Alle leveringen in deze map zijn door `jeugdbeeld sample` gemaakt. Geen enkele persoon of gebeurtenis is echt.
Gebieden en inwonertallen zijn van CBS. Bestandsnamen eindigen op _synthetisch.

regio {region}, jaren {first}-{last}, schaal {scale:g}, seed {seed}
"""

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One file to write: its place under the folder, and who writes it."""

    path: str
    write: Callable[[Path], None]


def write_sample(
    folder: Path, *, region: str, years: range, scale: float, seed: int, report: Report | None = None
) -> None:
    """Write deliveries as `<folder>/<source>/<delivered_on>/<file>`, and a marker that all is synthetic.

    region  a preset: ijmond, twente or almere
    years   consecutive, within 2019-2025; the last is provisional
    scale   times as many inhabitants, incidents and persons (1 = real size; rates hold)
    report  called before each file with its path, how many are done and how many there are: for a progress bar
    raises  ValueError for other choices, FileExistsError when the folder holds files that are not of a sample
    """
    world = load_world(region=region, years=years, scale=scale, seed=seed)
    _claim(folder, world)
    deliveries = plan_deliveries(world)
    for done, delivery in enumerate(deliveries):
        if report:
            report(delivery.path, done, len(deliveries))
        file = folder / delivery.path
        file.parent.mkdir(parents=True, exist_ok=True)
        delivery.write(file)


def plan_deliveries(world: World) -> list[Delivery]:
    """Every file of a sample, simulated and ready to be written."""
    return [*_plan_open(world), *_plan_persons(world)]


def _plan_open(world: World) -> list[Delivery]:
    planned = []
    for year in world.years:
        list_file = f"areas/{year}-01-15/WijkenEnBuurten_{year}_synthetisch.csv"
        planned.append(Delivery(path=list_file, write=code_list(world, year)))
        name, write = key_figures(world, year)
        planned.append(Delivery(path=f"population/{year}-07-01/{name}", write=write))
    after = world.years[-1] + 1
    for name, write in police_tables(world, simulate_incidents(world)).items():
        planned.append(Delivery(path=f"police_open/{after}-02-15/{name}", write=write))
    return planned


def _plan_persons(world: World) -> list[Delivery]:
    """Suspects and Halt, a file a year; Halt's last year but one came twice, later with more cases finished."""
    persons = simulate_persons(world)
    registrations = simulate_registrations(world, persons)
    referrals = simulate_referrals(world, persons, registrations)
    youth = simulate_youth(world, persons)
    youth = youth.join(draw_families(world, youth))
    planned = [*_plan_school(world, youth, referrals), *_plan_approaches(world, persons, registrations, youth)]
    planned += _plan_care(world, simulate_care(world, youth, persons, registrations))
    planned += [
        Delivery(path=path, write=write) for path, write in plan_rounded(world, persons, registrations, referrals)
    ]
    for year in world.years:
        path = f"police_suspects/{year + 1}-02-10/suspects_{year}_synthetisch.csv"
        planned.append(Delivery(path=path, write=suspects_file(world, persons, registrations, year)))
        days = [dt.date(year + 1, 3, 1)]
        days += [dt.date(year + 1, 9, 1)] if year == world.years[-1] - 1 else []
        for day in days:
            write = referrals_file(world, referrals, year, as_of=(day - dt.date(1970, 1, 1)).days)
            planned.append(Delivery(path=f"halt/{day}/halt_{year}_synthetisch.xlsx", write=write))
    return planned


def _plan_school(world: World, youth: pd.DataFrame, referrals: pd.DataFrame) -> list[Delivery]:
    """Absence and early leavers, a file a school year; absence of the last year but one came twice."""
    absence = simulate_absence(world, youth, referrals)
    leaving = simulate_leaving(world, youth, absence)
    planned = []
    for year in school_years(world):
        again = year == world.years[-1] - 2
        for day, first in ((f"{year + 1}-09-15", again), (f"{year + 2}-02-15", False))[: 1 + again]:
            name, write = absence_file(world, absence, year, first=first)
            planned.append(Delivery(path=f"school_absence/{day}/{name}", write=write))
        name, write = leaving_file(world, leaving, year)
        planned.append(Delivery(path=f"school_leaving/{year + 2}-02-01/{name}", write=write))
    return planned


def _plan_care(world: World, spells: pd.DataFrame) -> list[Delivery]:
    """Youth care a file a year, each with every spell that ran in it."""
    planned = []
    for year in world.years:
        name, write = care_file(world, spells, year)
        planned.append(Delivery(path=f"youth_care/{year + 1}-03-20/{name}", write=write))
    return planned


def _plan_approaches(
    world: World, persons: pd.DataFrame, registrations: pd.DataFrame, youth: pd.DataFrame
) -> list[Delivery]:
    """Approaches and the toolbox a file a year, youth groups a file a half-year, programmes one file."""
    groups, tools = simulate_groups(world), simulate_interventions(world)
    spells = simulate_approaches(world, persons, registrations, groups, youth.set_index("key")["family"])
    planned = []
    for place, year in enumerate(world.years):
        day = dt.date(year + 1, 2, 20)
        write = approaches_file(world, spells, year, as_of=(day - dt.date(1970, 1, 1)).days)
        planned.append(Delivery(path=f"approaches/{day}/aanpakken_{year}_synthetisch.csv", write=write))
        for half, came in enumerate((dt.date(year, 8, 20), dt.date(year + 1, 2, 20))):
            path = f"youth_groups/{came}/jeugdgroepen_{year}h{half + 1}_synthetisch.xlsx"
            planned.append(Delivery(path=path, write=groups_file(world, groups, 2 * place + half)))
        path = f"interventions/{year + 1}-03-15/toolbox_{year}_synthetisch.xlsx"
        planned.append(Delivery(path=path, write=interventions_file(tools, year)))
    path = f"programme/{world.years[-1] + 1}-01-20/programma_synthetisch.csv"
    return [*planned, Delivery(path=path, write=programme_file(world))]


def _claim(folder: Path, world: World) -> None:
    """Put the marker in the folder; a folder with real deliveries is left alone."""
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise FileExistsError(f"{folder.name}: holds files that are not of a sample; choose an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    years = {"first": world.years[0], "last": world.years[-1]}
    text = MARKER_TEXT.format(region=world.region, scale=world.scale, seed=world.seed, **years)
    marker.write_text(text, encoding="utf-8")
