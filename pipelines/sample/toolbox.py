"""The region's toolbox of interventions and the state of its programmes: open files, no persons."""

import numpy as np
import pandas as pd

from pipelines.sample.formats import MARK, write_person_csv, write_workbook
from pipelines.sample.rows import Write
from pipelines.sample.world import World

_AVH = ("avh-chain", "avh-online", "avh-subversive", "avh-trafficking", "avh-weapons")
PROJECTS = {
    "ijmond": ("bh-group", "bh-individual", "bh-system", "bh-place", "ijmond-group", "ijmond-person", *_AVH),
    "twente": (*(f"twente-{number}" for number in range(1, 8)), *_AVH),
    "almere": ("almere-signalling", "almere-family", *_AVH),
}
"""The projects and approaches of each preset, by their codes; Twente writes its own as a number alone."""
TOOLS = (
    ("Buitenkans", "sport en cultuur", "place", "12-17", "youth_nuisance", 45),
    ("Weerbaar online", "voorlichting", "", "10-14", "suspects_12_17", 320),
    ("Geld is geen grap", "voorlichting", "", "14-18", "suspects_by_offence", 260),
    ("Wapens de klas uit", "voorlichting", "", "12-16", "suspects_by_offence", 210),
    ("Op eigen benen", "coaching", "person", "16-22", "suspects_18_22", 28),
    ("Maatje", "coaching", "person", "12-18", "halt_rate", 16),
    ("Samen thuis", "gezinsondersteuning", "system", "0-17", "care_help", 22),
    ("Gezin in balans", "gezinsondersteuning", "system", "8-17", "care_help", 4),
    ("Straatcoach", "straatwerk", "group", "12-22", "youth_nuisance", 80),
    ("Groep in beweging", "straatwerk", "group", "14-22", "youth_nuisance", 35),
    ("Rots en water", "training", "", "10-16", "suspects_12_17", 90),
    ("Respect limits", "training", "person", "12-18", "first_time_suspects", 3),
    ("Schoolstart", "coaching", "", "12-16", "halt_by_offence", 40),
    ("Zomerprogramma", "sport en cultuur", "place", "8-16", "vandalism", 150),
)
"""Name, kind, approach, ages, intended indicator, usual number of participants a year for 150,000 inhabitants."""
PEOPLE = 150_000
BOARDS = ("DVO", "Stuurgroep jeugd", "Stuurgroep IVZ", "Driehoek")
MILESTONES = ("Plan vastgesteld", "Eerste meting", "Evaluatie")
STATES = ("gepland", "loopt", "klaar", "vertraagd")


def simulate_interventions(world: World) -> pd.DataFrame:
    """One row an intervention and year in which it ran, in order of year.

    Columns as delivered, and `year`
    """
    random = world.stream("interventions")
    codes = world.municipalities["code"].to_numpy(dtype=object)
    projects = [code.removeprefix("twente-") for code in PROJECTS[world.region]]
    size = float(world.municipalities["inhabitants"].sum()) * world.scale / PEOPLE
    rows = []
    for number, (name, kind, approach, ages, indicator, usual) in enumerate(TOOLS):
        first = world.years[0] - 1 + int(random.integers(0, max(len(world.years) - 1, 1)))
        towns = np.sort(random.choice(codes, random.integers(1, len(codes) + 1), replace=False))
        ended = random.random() < 0.3
        last = min(first + 2, world.years[-1]) if ended else world.years[-1]
        for year in range(max(first, world.years[0]), last + 1):
            took_part = int(random.poisson(usual * size * len(towns) / len(codes)))
            rows.append({
                "naam": name, "soort": kind, "project": projects[number % len(projects)], "aanpak": approach,
                "gemeenten": ", ".join(towns), "buurten": "", "leeftijd": ages.replace("-", " tot en met "),
                "start": f"1-9-{first}", "einde": f"31-12-{last}" if ended and year == last else "",
                "deelnemers": "" if random.random() < 0.1 else took_part, "beoogde indicator": indicator, "year": year,
            })  # fmt: skip
    return pd.DataFrame(rows)


def interventions_file(interventions: pd.DataFrame, year: int) -> Write:
    """The delivery of one year."""
    rows = interventions[interventions["year"] == year].drop(columns="year")
    titles = ["Toolbox interventies", f"{MARK}: verzonnen namen en aantallen. Jaar {year}"]
    return lambda file: write_workbook(file, rows, sheet="Toolbox", titles=titles)


def programme_file(world: World) -> Write:
    """How every project of the region's programmes stands, and its milestones."""
    random = world.stream("programme")
    rows = []
    for number, project in enumerate(PROJECTS[world.region]):
        board = BOARDS[number % len(BOARDS)]
        start = world.years[0] + number % len(world.years)
        rows.append({"project": project, "mijlpaal": "", "eigenaar": board, "status": "loopt", "datum": f"{start}0101"})
        for step, milestone in enumerate(MILESTONES):
            past = start + step < world.years[-1]
            state = str(random.choice(STATES[2:], p=[0.8, 0.2])) if past else STATES[0]
            date = f"{start + step}{3 * (step + 1):02d}15"
            rows.append({"project": project, "mijlpaal": milestone, "eigenaar": board, "status": state, "datum": date})
    title = f"{MARK}E LEVERING projecten en mijlpalen"
    return lambda file: write_person_csv(file, pd.DataFrame(rows), encoding="utf-8-sig", title=title)
