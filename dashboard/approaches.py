"""The words and tables of 'Groepen en aanpakken'. Pure HTML: counts of people and groups, never one of them.

Groups and people get neutral words. How many are in an approach says what is done, not how bad it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import pandas as pd

from dashboard.choose import View
from dashboard.figures import load_figures
from dashboard.format import capitalise, format_number, format_period
from dashboard.frame import load_group_names
from dashboard.indicator import Indicator
from dashboard.rows import list_rows
from dashboard.tables import Cell, Column, count_cell, draw_table, interval_cell, label_cell, value_cell


@dataclass(frozen=True, kw_only=True)
class Track:
    """One of the two kinds of approaches, each with its own purpose: the flows and shares that belong to it."""

    title: str
    words: str
    stock: str
    inflow: str
    outflow: str
    duration: str
    duration_title: str
    told: str
    told_title: str
    kind: str = ""

    @property
    def flows(self) -> tuple[str, str, str]:
        """The three indicators of who is in, comes and goes."""
        return (self.stock, self.inflow, self.outflow)


GROUP_TRACK: Final = Track(
    title="Groepsaanpak, systeemaanpak en locatiegerichte aanpak",
    words="De groepsaanpak gaat over een groep jongeren, de systeemaanpak over een gezin, de locatiegerichte aanpak over een plek. "
    "Meer mensen in een aanpak is niet meer overlast: het kan ook betekenen dat er meer wordt gedaan.",
    stock="approach_stock",
    inflow="approach_inflow",
    outflow="approach_outflow",
    duration="approach_duration",
    duration_title="Hoe lang duurde de aanpak",
    told="approach_informed",
    told_title="Geïnformeerd over de aanpak",
    kind="approach_kind",
)
PERSON_TRACK: Final = Track(
    title="Persoonsgebonden aanpak",
    words="Volgens het convenant weten de jongere en de ouders het als er een persoonsgebonden aanpak is. "
    "Daarom telt hier alleen mee wie is geïnformeerd.",
    stock="person_approach_stock",
    inflow="person_approach_inflow",
    outflow="person_approach_outflow",
    duration="person_approach_duration",
    duration_title="Hoe lang duurde de persoonsgebonden aanpak",
    told="person_approach_not_informed",
    told_title="Niet geïnformeerd, of geen datum",
)
FLOW_NAMES: Final = {"stock": "Erin op 31 december", "inflow": "Nieuw in het jaar", "outflow": "Eruit in het jaar"}


def name_flow(indicator: str) -> str:
    """'Nieuw in het jaar' for approach_inflow and person_approach_inflow."""
    return FLOW_NAMES[indicator.rsplit("_", maxsplit=1)[-1]]


def name_flows(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with `series`: who is in, comes or goes."""
    return figures.assign(series=[name_flow(key) for key in figures["indicator"]])


def draw_flows(figures: pd.DataFrame, indicators: Mapping[str, Indicator], *, caption: str) -> str:
    """One row per flow of one year: people, rate, margin, and the comparison with the region where there is one."""
    compared = bool(figures.loc[figures["status"] == "shown", "label"].notna().any())
    columns = [Column(title="Wie"), Column(title="Mensen", number=True)]
    columns += [Column(title="Per 10.000 inwoners", number=True), Column(title="Ligt waarschijnlijk")]
    columns += [Column(title="Vergeleken met de regio")] * compared
    rows = []
    for row in list_rows(figures):
        cells = [Cell(text=name_flow(row["indicator"])), count_cell(row, "numerator")]
        cells += [value_cell(row, indicators[row["indicator"]]), interval_cell(row, indicators[row["indicator"]])]
        rows.append([*cells, *([label_cell(row)] if compared else [])])
    return draw_table(columns, rows, caption=caption)


def load_groups(view: View) -> pd.DataFrame:
    """Youth groups in the chosen area per half-year, up to the chosen year: all, and by step where that is published."""
    load = partial(
        load_figures, view.publication, indicators=("youth_groups",), areas=(view.area.code,), period_kind="half_year"
    )
    figures = name_phases(load(), load(split="kind"), load_group_names(view.publication))
    return figures[figures["period"].str[:4] <= view.year]


def name_phases(totals: pd.DataFrame, phases: pd.DataFrame, labels: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Youth groups with `series`: all groups first, then each step of the 7-step model in its order."""
    order = [code for dimension, code in labels if dimension == "kind"]
    steps = phases.sort_values("kind", key=lambda kinds: kinds.map(order.index), kind="stable")
    return pd.concat(
        [
            totals.assign(series="Alle groepen"),
            steps.assign(series=[name_step(labels[("kind", code)]) for code in steps["kind"]]),
        ],
        ignore_index=True,
    )


def name_step(label: str) -> str:
    """The numbers of the steps, without what they are: 'Stap 1 en 2'."""
    return label.split(":", maxsplit=1)[0]


def describe_steps(figures: pd.DataFrame, labels: Mapping[tuple[str, str], str]) -> list[str]:
    """What the steps are, one line each; nothing when the figures are not split."""
    found = set(figures["kind"]) - {"all"}
    return [
        f"{capitalise(label)}." for (dimension, code), label in labels.items() if dimension == "kind" and code in found
    ]


def describe_latest(figures: pd.DataFrame, area_name: str) -> str:
    """'In de 2e helft van 2025 waren er 33 jeugdgroepen in beeld in Regio IJmond.', of the newest shown figure."""
    shown = figures[(figures["status"] == "shown") & (figures["kind"] == "all")].sort_values("period")
    if shown.empty:
        return f"Voor {area_name} is er geen aantal groepen te tonen."
    last = list_rows(shown)[-1]
    when = format_period(str(last["period"])).replace("helft ", "helft van ")
    count = float(last["value"])
    subject = "was er 1 jeugdgroep" if count == 1 else f"waren er {format_number(count)} jeugdgroepen"
    return f"In de {when} {subject} in beeld in {area_name}."
