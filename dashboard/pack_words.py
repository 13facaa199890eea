"""What a board pack says besides its figures: what stands out, what is not known, progress, revisions, protection, sources.

Every sentence comes from the module that words it for the screen.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dashboard.board import Board, find_changes
from dashboard.choose import View, list_children
from dashboard.figures import Publication, count_states, load_indicators, load_table
from dashboard.format import capitalise, format_date, format_period, format_value, lower_first
from dashboard.frame import load_group_names, name_source
from dashboard.indicator import Indicator
from dashboard.insight import find_notable, list_unknowns
from dashboard.ledger import describe_synthetic, list_protection
from dashboard.revised import describe_revisions, name_group
from dashboard.rows import Row, list_rows
from dashboard.steering import describe_project, describe_state, find_as_of, list_programmes, pick_parts

SEE_PROTECTION: Final = "zie ‘Hoe wij jongeren beschermen’ in dit stuk."
NOTHING_NOTABLE: Final = "Geen cijfer springt er duidelijk uit. Verschillen kunnen toeval zijn."
NOTHING_UNKNOWN: Final = "Alle gevraagde cijfers zijn er."
MOST_REVISIONS: Final = 25
BELOW: Final = ("municipality", "district", "neighbourhood")


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """The words of a pack. Rows are texts; a revision is (figure, area, period, group, was, is now, why)."""

    warning: str
    warned: str
    notable: tuple[str, ...]
    unknown: tuple[str, ...]
    programme: str
    progress: tuple[tuple[str, str, tuple[str, ...]], ...]
    revised: str
    revisions: tuple[tuple[str, ...], ...]
    more_revisions: int
    protection: tuple[str, ...]
    sources: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]


def load_accounts(view: View, board: Board, used: Sequence[Indicator]) -> Accounts:
    """Everything around the figures, for the chosen area and year; `used` are the indicators of the pack."""
    indicators = load_indicators(view.publication)
    changes = find_changes(board, indicators)
    notable = find_notable(board.around, changes, indicators, area=view.area.code, area_name=view.area.name)
    areas = list_areas(view)
    unknown = list_unknowns(count_states(view.publication, areas=areas, period=view.year), indicators, year=view.year)
    revisions = load_table(view.publication, "revision")
    ours = revisions[revisions["area"].isin(areas) & revisions["indicator"].isin(indicators)]
    warning, warned = describe_synthetic(view.publication.build)
    programme, progress = _list_progress(view)
    return Accounts(
        warning=warning,
        warned=warned,
        notable=tuple(notable) or (NOTHING_NOTABLE,),
        unknown=tuple(unknown) or (NOTHING_UNKNOWN,),
        programme=programme,
        progress=progress,
        revised=describe_revisions(ours, indicators),
        revisions=tuple(_list_revision(view, row) for row in list_rows(ours.head(MOST_REVISIONS))),
        more_revisions=max(0, len(ours) - MOST_REVISIONS),
        protection=list_protection(view.publication.build),
        sources=list_sources(view.publication, used),
        facts=list_facts(view),
    )


def list_areas(view: View) -> tuple[str, ...]:
    """Codes of the chosen area and of all below it."""
    return (view.area.code, *(code for level in BELOW for code in list_children(view, level=level)))


def _list_revision(view: View, row: Row) -> tuple[str, ...]:
    indicator = load_indicators(view.publication)[row["indicator"]]
    was, now = (format_value(float(row[name]), indicator.unit, indicator.decimals) for name in ("before", "after"))
    place = view.area_names.get(row["area"], row["area"])
    group = name_group(row, load_group_names(view.publication))
    return indicator.title, place, format_period(row["period"]), group, was, now, row["reason"]


def _list_progress(view: View) -> tuple[str, tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """The title of the region's programme, and of each part: title, state in words, milestones in words."""
    publication = view.publication
    parts, projects = load_table(publication, "programme_part"), load_table(publication, "project")
    titles = list_programmes(parts, projects, region=publication.build.region)
    if projects.empty or not titles:
        return "", ()
    code = next(iter(titles))
    as_of = find_as_of(load_table(publication, "source"))
    rows = [
        (part["title"], describe_project(projects, part["part"]), _tell_milestones(projects, part["part"], as_of))
        for part in pick_parts(parts, code)
    ]
    return titles[code], tuple(rows)


def _tell_milestones(projects: pd.DataFrame, part: str, as_of: dt.date | None) -> tuple[str, ...]:
    rows = projects[(projects["project"] == part) & projects["milestone"].notna()]
    return tuple(
        f"{row['milestone']}: {lower_first(describe_state(row['status'], row['on_date'], as_of, milestone=True))}"
        f" ({format_date(row['on_date'])})"
        for row in list_rows(rows)
    )


def list_sources(publication: Publication, used: Sequence[Indicator]) -> tuple[tuple[str, str, str], ...]:
    """Per source of these indicators: its name, when it was last delivered, and about what; by name."""
    wanted = {key for indicator in used for key in indicator.sources}
    rows = load_table(publication, "source")
    rows = rows[rows["id"].isin(wanted) & (rows["state"] == "used")]
    listed = []
    for _, files in rows.groupby("id"):
        periods = sorted(str(period) for period in files["period"] if period)
        about = " tot en met ".join(
            format_period(period) for period in dict.fromkeys((periods or [""])[:: len(periods) - 1 or 1])
        )
        name = name_source(files["title"].iloc[0], files["supplier"].iloc[0])
        listed.append((capitalise(name), format_date(files["delivered_on"].max()), about or "perioden in het bestand"))
    return tuple(sorted(listed, key=lambda row: row[0].lower()))


def list_facts(view: View) -> tuple[tuple[str, str], ...]:
    """What was chosen and from which publication: the filters of the pack."""
    build = view.publication.build
    return (
        ("Gebied", f"{view.area_names[view.area.code]} ({view.area.code})"),
        ("Periode", f"{view.year}, met de jaren ervoor in de grafieken"),
        ("Cijfers", "kerncijfers van het overzicht, totalen, niet uitgesplitst"),
        ("Regio om mee te vergelijken", build.region_name),
        ("Publicatie", build.id),
        ("Gemaakt op", format_date(build.made_on)),
        ("Versie van Jeugdbeeld", build.version),
        ("Soort cijfers", "verzonnen voorbeeldcijfers" if build.synthetic else "cijfers uit leveringen"),
    )
