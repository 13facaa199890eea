"""The words and tables of the page Keten: steps, norms, and where young people drop out. Pure HTML and frames."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from dashboard.blocks import Block
from dashboard.format import capitalise, format_number, format_period, format_value
from dashboard.indicator import Indicator
from dashboard.rows import list_rows
from dashboard.tables import Cell, Column, draw_table, interval_cell, value_cell

BEFORE: Final = "signal"
SHORT: Final = {
    "halt_in_time": "Verwezen binnen 7 dagen",
    "halt_talk_in_time": "Gesprek binnen 30 dagen",
    "chain_in_norm": "Allebei op tijd",
}
NORMS: Final = {
    "halt_in_time": "Verwezen naar Halt binnen 7 dagen na het eerste verhoor",
    "halt_talk_in_time": "Eerste gesprek bij Halt binnen 30 dagen na de verwijzing",
    "chain_in_norm": "Allebei op tijd, bij verwijzing door de politie",
}
DROPS: Final = {
    "absence_followed_up": "School meldt verzuim: pakt de leerplichtambtenaar het op?",
    "suspects_not_seen_before": "Verdachten van wie school en zorg het jaar ervoor geen signaal hadden",
    "halt_failed": "Halt-straf mislukt",
    "halt_succeeded_again": "Na een geslaagde Halt-straf binnen een jaar opnieuw verdacht",
    "halt_failed_again": "Na een mislukte Halt-straf binnen een jaar opnieuw verdacht",
    "again_within_1_year": "Verdachten die binnen een jaar opnieuw verdacht zijn",
    "again_within_2_years": "Verdachten die binnen twee jaar opnieuw verdacht zijn",
}
SILENT: Final = (
    "De cijfers zeggen niet waaróm iemand een stap wel of niet zet. Dat weten de mensen in de keten.",
    "Een volgende stap is niet altijd beter. Vaak is een lichte reactie, of geen, genoeg.",
    "Wachttijden in dagen staan er niet in; wel hoe vaak de afgesproken termijn is gehaald.",
    "Wat buiten de regio gebeurt, of bij een organisatie die niet levert, is niet te zien.",
    "Signalen die niemand heeft gemeld of opgeschreven, staan in geen enkel cijfer.",
)


def order_steps(names: Mapping[str, str]) -> dict[str, str]:
    """The steps in the order of the chain: the signal, that comes before the suspicion, first."""
    return dict(sorted(names.items(), key=lambda entry: entry[0] != BEFORE))


def name_steps(figures: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The figures of one area with `step` and `heading`: the step in words; in the order of `names`."""
    order = list(names)
    steps = figures.assign(step=[names[kind] for kind in figures["kind"]], heading=[names[k] for k in figures["kind"]])
    return steps.iloc[sorted(range(len(steps)), key=lambda place: order.index(steps["kind"].iloc[place]))]


def describe_whole(totals: pd.DataFrame) -> str:
    """How many took at least one step: the published total, never what is left of it."""
    row = next(iter(list_rows(totals)), None)
    if row is None or row["status"] != "shown":
        return "Hoeveel jongeren minstens één van deze stappen hadden, is niet te tonen."
    shares = f"{format_number(row['numerator'])} van de {format_number(row['denominator'])} jongeren"
    return f"Minstens één van deze stappen hadden {shares} ({format_value(row['value'], '%')})."


def describe_key(steps: pd.DataFrame) -> str:
    """How to read the picture; the grey stub only when there is one."""
    key = (
        "Hoe dikker de lijn, hoe meer jongeren. Wie meer stappen had, telt bij elke stap: de lijnen tellen niet op. "
        "Wie geen van deze stappen had, is niet getekend."
    )
    stub = " Een grijs streepje is geen aantal: die stap is niet te tonen, en het streepje is altijd even dik."
    return key + (stub if (steps["status"] != "shown").any() else "")


def join_rows(blocks: Sequence[Block], words: Mapping[str, str]) -> pd.DataFrame:
    """The figures of several indicators under each other, each with its words as `name`, and its area if they differ."""
    areas = {block.area.code for block in blocks if block.period}
    frames = [
        block.figures.assign(name=words[block.indicator.id] + (f" ({block.area_name})" if len(areas) > 1 else ""))
        for block in blocks
        if block.period
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def draw_subjects(blocks: Sequence[Block], words: Mapping[str, str], *, first: str, caption: str) -> str:
    """One row per indicator, with its own area and period: they differ, so every row says them."""
    columns = [
        Column(title=first),
        Column(title="Deel", number=True),
        Column(title="Ligt waarschijnlijk"),
        Column(title="Aantal", number=True),
        Column(title="Gebied"),
        Column(title="Periode"),
    ]
    rows = [_draw_subject(block, words[block.indicator.id]) for block in blocks]
    return draw_table(columns, rows, caption=caption)


def _draw_subject(block: Block, words: str) -> list[Cell]:
    row = next(iter(list_rows(block.figures)), None)
    if row is None:
        return [Cell(text=words), Cell(text=block.note, state="missing"), *[Cell(text="")] * 4]
    return [
        Cell(text=words),
        value_cell(row, block.indicator),
        interval_cell(row, block.indicator),
        Cell(text=_describe_counts(row["status"] == "shown", row["numerator"], row["denominator"], block.indicator)),
        Cell(text=block.area_name),
        Cell(text=capitalise(format_period(block.period))),
    ]


def _describe_counts(shown: bool, part: float, whole: float, indicator: Indicator) -> str:
    if not shown or not indicator.denominator:
        return ""
    return f"{format_number(part)} van {format_number(whole)}"
