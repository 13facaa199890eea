"""The words and tables of 'Programma': how far each part is, and the figures that belong to it. Pure HTML.

A state is a word, never only a colour. 'Gepland' with a day that has passed is said as such: it is not 'klaar'.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import pandas as pd

from dashboard.choose import View
from dashboard.figures import load_figures, load_indicators, load_table
from dashboard.format import (
    LEVEL_WORDS,
    SPLIT_WORDS,
    STATUS_WORDS,
    format_date,
    format_period,
    format_value,
    join_words,
)
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows
from dashboard.tables import Cell, Column, draw_table
from dashboard.trace import find_home, trace_address, trend_address

STATE_WORDS: Final = {
    "planned": "Gepland",
    "running": "Loopt",
    "done": "Klaar",
    "late": "Vertraagd",
    "stopped": "Gestopt",
}
FEW: Final = 6
KINDS: Final = ("year", "half_year")


def list_programmes(parts: pd.DataFrame, projects: pd.DataFrame, *, region: str) -> dict[str, str]:
    """Titles of the programmes by code: the region's own first, then those with delivered projects, then the others."""
    titles = dict(zip(parts["programme"], parts["programme_title"], strict=True))
    delivered, own = set(projects["programme"]), region.removeprefix("RG-").lower()
    return dict(sorted(titles.items(), key=lambda pair: (pair[0] != own, pair[0] not in delivered)))


def pick_parts(parts: pd.DataFrame, programme: str) -> Sequence[Row]:
    """The parts of one programme, in the published order."""
    return list_rows(parts[parts["programme"] == programme])


def describe_state(status: str, on_date: dt.date | None, as_of: dt.date | None, *, milestone: bool) -> str:
    """The state of a milestone or project in words; a planned day that had passed when it was told is said."""
    word = STATE_WORDS.get(status, status)
    if not milestone or status != "planned" or on_date is None or as_of is None:
        return word
    return f"{word}, de datum is voorbij" if pd.Timestamp(on_date) < pd.Timestamp(as_of) else word


def describe_project(projects: pd.DataFrame, part: str) -> str:
    """'Loopt sinds 1 januari 2025. Eigenaar: Stuurgroep IVZ.' or that nothing was delivered."""
    rows = list_rows(projects[(projects["project"] == part) & projects["milestone"].isna()])
    if not rows:
        return "Over de voortgang van dit onderdeel is niets geleverd."
    row = rows[0]
    since = {"running": "sinds", "planned": "voor"}.get(row["status"], "op")
    return f"{STATE_WORDS.get(row['status'], row['status'])} {since} {format_date(row['on_date'])}. Eigenaar: {row['board']}."


def draw_milestones(projects: pd.DataFrame, part: str, *, title: str, as_of: dt.date | None) -> str:
    """The milestones of one part in order of their day; nothing when there are none."""
    rows = list_rows(projects[(projects["project"] == part) & projects["milestone"].notna()])
    if not rows:
        return ""
    columns = [Column(title=name) for name in ("Mijlpaal", "Stand", "Datum", "Eigenaar")]
    cells = [
        [
            Cell(text=row["milestone"]),
            Cell(
                text=describe_state(row["status"], row["on_date"], as_of, milestone=True), chip=f"state-{row['status']}"
            ),
            Cell(text=format_date(row["on_date"])),
            Cell(text=row["board"]),
        ]
        for row in rows
    ]
    return draw_table(columns, cells, caption=f"Mijlpalen van {title}")


def find_as_of(deliveries: pd.DataFrame) -> dt.date | None:
    """The day on which the state of the projects was delivered."""
    used = deliveries[(deliveries["id"] == "programme") & (deliveries["state"] == "used")]
    return None if used.empty else used["delivered_on"].max()


def list_linked(view: View, part: str) -> list[Indicator]:
    """The computed indicators that serve one part, in the order of the catalogue."""
    links = load_table(view.publication, "programme_link")
    linked = set(links.loc[links["part"] == part, "indicator"])
    return [one for key, one in load_indicators(view.publication).items() if key in linked]


def load_latest(view: View, indicators: Sequence[Indicator]) -> dict[str, Row]:
    """Per indicator the newest shown total of the chosen area, else the newest total with its reason; absent without any."""
    keys, areas = tuple(one.id for one in indicators), (view.area.code,)
    figures = [load_figures(view.publication, indicators=keys, areas=areas, period_kind=kind) for kind in KINDS]
    return pick_latest(pd.concat(figures, ignore_index=True))


def pick_latest(figures: pd.DataFrame) -> dict[str, Row]:
    """The newest shown row by indicator, else its newest row."""
    ordered = figures.assign(seen=figures["status"] == "shown").sort_values(["seen", "period"], kind="stable")
    return {row["indicator"]: row for row in list_rows(ordered)}


def draw_indicators(view: View, indicators: Sequence[Indicator], latest: Mapping[str, Row], *, title: str) -> str:
    """The figures of one part with their latest value; a long list is folded."""
    if not indicators:
        return "<p class='jb-text'>Bij dit onderdeel is in deze publicatie geen cijfer berekend.</p>"
    columns = [Column(title="Cijfer"), Column(title="Laatste stand", number=True), Column(title="Eenheid")]
    columns += [Column(title="Periode"), Column(title="Herkomst")]
    rows = [_list_cells(view, one, latest.get(one.id)) for one in indicators]
    area = view.area_names[view.area.code]
    table = draw_table(columns, rows, caption=f"Cijfers bij {title}, {area}")
    size = "1 cijfer" if len(indicators) == 1 else f"{len(indicators)} cijfers"
    opened = " open" if len(indicators) <= FEW else ""
    summary = f"{size} bij dit onderdeel<span class='jb-unseen'>: {escape(title)}</span>"
    return f"<details class='jb-fold'{opened}><summary>{summary}</summary>{table}</details>"


def _list_cells(view: View, indicator: Indicator, row: Row | None) -> list[Cell]:
    return [
        Cell(text=indicator.title, link=trend_address(view, indicator)),
        _level_cell(view, indicator, row),
        Cell(text="" if indicator.unit == "%" else indicator.unit),
        Cell(text=format_period(str(row["period"])) if row is not None else ""),
        Cell(text="Herkomst", link=trace_address(view, indicator), about=f"van {indicator.title}"),
    ]


def _level_cell(view: View, indicator: Indicator, row: Row | None) -> Cell:
    if row is not None and row["status"] == "shown":
        star = "*" if row["provisional"] is True else ""
        return Cell(text=format_value(float(row["value"]), indicator.unit, indicator.decimals) + star)
    if row is not None:
        return Cell(text=STATUS_WORDS[str(row["status"])], state=str(row["status"]))
    if indicator.at_level(view.area.level):
        words = [SPLIT_WORDS[name] for name in indicator.splits.get(view.area.level, ())]
        return Cell(text=f"alleen naar {join_words(words)}" if words else "geen cijfer", state="missing")
    return Cell(text=f"alleen per {LEVEL_WORDS[find_home(view, indicator).level][0]}", state="missing")


def draw_part(title: str, words: str, milestones: str, figures: str) -> str:
    """One part of a programme as a section."""
    return (
        f'<section class="jb-part"><h2>{escape(title)}</h2><p class="jb-text">{escape(words)}</p>'
        f"{milestones}{figures}</section>"
    )
