"""The toolbox of interventions as a list: what, for whom, where, since when, and which figure it is meant to change.

Pure HTML. No persons; a number of participants that is missing is unknown or too small to name, and the two look alike.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.choose import View, list_children
from dashboard.export import Sheet
from dashboard.figures import load_indicators
from dashboard.format import capitalise, format_date, format_number, is_known, join_words
from dashboard.panel import lift_view
from dashboard.rows import Row, list_rows
from dashboard.tables import Cell, Column, draw_table
from dashboard.trace import trend_address

ANY: Final = "alle"
NO_PROJECT: Final = "none"
UNNAMED: Final = "onbekend of te klein om te noemen"
APPROACH_WORDS: Final = {
    "group": "groepsaanpak",
    "person": "persoonsgebonden aanpak",
    "system": "systeemaanpak",
    "place": "locatiegerichte aanpak",
}
LIMITS: Final = (
    "Verandert een cijfer nadat een interventie begon, dan is niet bewezen dat het door die interventie komt.",
    "Tegelijk veranderen ook andere dingen: andere aanpakken, het weer, hoe vaak mensen iets melden, hoe de politie werkt.",
    "Een eerlijke vergelijking heeft een gebied nodig waar de interventie niet was, en genoeg deelnemers.",
    "Veel deelnemers betekent niet dat een interventie werkt. Weinig deelnemers betekent niet dat ze niet werkt.",
)


def pick_interventions(rows: pd.DataFrame, view: View, *, project: str = ANY, kind: str = ANY) -> pd.DataFrame:
    """The interventions of the chosen year that run in the chosen area, of one project or type when asked."""
    picked = rows[rows["period"] == view.year]
    picked = picked[pd.Series([runs_in(row, view) for row in list_rows(picked)], index=picked.index, dtype=bool)]
    if project != ANY:
        picked = picked[picked["project"] == project]
    return picked if kind == ANY else picked[picked["type"] == kind]


def runs_in(row: Row, view: View) -> bool:
    """Whether an intervention runs in the chosen area.

    One that names no neighbourhoods runs in all of its municipalities.
    """
    if view.area.level == "region":
        return True
    town = lift_view(view, "municipality").area.code
    if town not in split_codes(row["municipalities"]):
        return False
    named = split_codes(row["neighbourhoods"])
    inside = {view.area.code, *list_children(view, level="neighbourhood")}
    return not named or view.area.level == "municipality" or bool(inside & set(named))


def split_codes(text: object) -> list[str]:
    """'GM0375,GM0396' as codes; nothing known gives none."""
    return [code for code in str(text).split(",") if code] if is_known(text) else []


def list_options(rows: pd.DataFrame, column: str, names: Mapping[str, str], every: str) -> dict[str, str]:
    """Choices of a filter: all, and each value that occurs, by its name."""
    found = sorted(set(rows[column].dropna()), key=lambda code: names.get(code, code))
    return {ANY: every, **{code: names.get(code, code) for code in found}}


def draw_interventions(rows: pd.DataFrame, view: View, names: Mapping[str, str]) -> str:
    """One row per intervention, with a link to the figure that it is meant to change.

    names  Dutch words of types and projects by code
    """
    titles = ("Interventie", "Soort", "Project", "Waar", "Leeftijd", "Looptijd", "Deelnemers", "Moet helpen bij")
    columns = [Column(title=title, number=title == "Deelnemers") for title in titles]
    cells = [_list_cells(row, view, names) for row in list_rows(rows)]
    return draw_table(columns, cells, caption=f"Interventies in {view.year}")


def _list_cells(row: Row, view: View, names: Mapping[str, str]) -> list[Cell]:
    known = is_known(row["participants"])
    return [
        Cell(text=row["name"]),
        Cell(text=describe_kind(row, names)),
        Cell(text=describe_project(row, names)),
        Cell(text=describe_place(row, view.area_names)),
        Cell(text=describe_ages(row["target_ages"])),
        Cell(text=describe_term(row)),
        Cell(
            text=format_number(float(row["participants"])) if known else UNNAMED, state="shown" if known else "hidden"
        ),
        _aim_cell(row["indicator"], view, str(row["name"])),
    ]


def describe_kind(row: Row, names: Mapping[str, str]) -> str:
    """'Training, in een persoonsgebonden aanpak'."""
    approach = APPROACH_WORDS.get(row["approach"]) if is_known(row["approach"]) else None
    kind = names.get(row["type"], row["type"])
    return f"{kind}, bij een {approach}" if approach else kind


def describe_project(row: Row, names: Mapping[str, str]) -> str:
    """The project or approach that it belongs to, or 'geen project'."""
    return "geen project" if row["project"] == NO_PROJECT else names.get(row["project"], row["project"])


def describe_place(row: Row, area_names: Mapping[str, str]) -> str:
    """Names of the neighbourhoods when it runs in a few, else of the municipalities of this region."""
    named = [area_names[code] for code in split_codes(row["neighbourhoods"]) if code in area_names]
    towns = [area_names[code] for code in split_codes(row["municipalities"]) if code in area_names]
    if not named and len(towns) == sum(code.startswith("GM") for code in area_names) > 1:
        return "De hele regio"
    return capitalise(join_words(named or sorted(towns))) or "onbekend"


def describe_ages(ages: object) -> str:
    """'12 tot en met 17 jaar'."""
    return f"{str(ages).replace('-', ' tot en met ')} jaar" if is_known(ages) else "niet opgegeven"


def describe_term(row: Row) -> str:
    """'sinds 1 september 2021', or from and until."""
    start = format_date(row["start_date"])
    return f"{start} tot en met {format_date(row['end_date'])}" if is_known(row["end_date"]) else f"sinds {start}"


def _aim_cell(key: object, view: View, about: str) -> Cell:
    if not is_known(key):
        return Cell(text="geen cijfer genoemd")
    indicator = load_indicators(view.publication).get(str(key))
    if indicator is None:
        return Cell(text="een cijfer dat hier niet is berekend")
    return Cell(text=indicator.title, link=trend_address(view, indicator), about=f"(doel van {about})")


def count_sentence(rows: pd.DataFrame, area_name: str, year: str) -> str:
    """How many interventions the list has."""
    if rows.empty:
        return f"Voor deze keuze staat er in {year} geen interventie in de toolbox voor {area_name}."
    subject = "1 interventie" if len(rows) == 1 else f"{len(rows)} interventies"
    return f"{subject} in {area_name} in {year}."


def list_interventions(rows: pd.DataFrame, view: View, names: Mapping[str, str]) -> Sheet:
    """Header and rows of the list, for a download."""
    header = ("Interventie", "Soort", "Project", "Waar", "Leeftijd", "Looptijd", "Deelnemers", "Moet helpen bij")
    return header, [[cell.text for cell in _list_cells(row, view, names)] for row in list_rows(rows)]


def name_codes(labels: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Words of kinds (types and projects) by code."""
    return {code: label for (dimension, code), label in labels.items() if dimension == "kind"}


def name_options(rows: pd.DataFrame) -> dict[str, str]:
    """Interventions that name a figure, by place in the list: names may occur twice."""
    aimed = rows[rows["indicator"].notna()]
    times = aimed["name"].value_counts()
    names = [
        f"{row['name']} ({describe_term(row)})" if times[row["name"]] > 1 else str(row["name"])
        for row in list_rows(aimed)
    ]
    return {str(place): name for place, name in zip(aimed.index, names, strict=True)}


def find_intervention(rows: pd.DataFrame, chosen: str) -> Row:
    """The row behind an option of `name_options`."""
    return list_rows(rows.loc[[int(chosen)]])[0]
