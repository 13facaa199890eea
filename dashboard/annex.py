"""The annex of a board pack: a workbook with all figures of the chosen area, their definitions and their sources.

The same sheets as a download of a page, and a receipt behind every figure.
"""

from typing import Final

import pandas as pd

from dashboard.choose import View
from dashboard.division import keep_same_area, year_of
from dashboard.export import Sheet, list_definitions, list_figures, write_xlsx
from dashboard.figures import load_breaks, load_figures, load_indicators, load_table
from dashboard.format import SPLIT_WORDS
from dashboard.frame import list_build, load_group_names, load_source_names
from dashboard.pack import Pack, list_beside, list_sentences
from dashboard.pack_words import list_areas
from dashboard.revised import list_revisions
from dashboard.rows import join_figures
from dashboard.settle import settle

KINDS: Final = ("year", "half_year")
RECEIPT: Final = "Controlecode"


def write_annex(view: View, pack: Pack) -> bytes:
    """The workbook as a file. Same publication and choice, same bytes."""
    publication = view.publication
    indicators, sources = load_indicators(publication), load_source_names(publication)
    history, beside, groups = load_history(view), _load_beside(view), _load_groups(view)
    used = [indicators[key] for key in indicators if key in set(history["indicator"]) | set(groups["indicator"])]
    revisions = load_table(publication, "revision")
    ours = revisions[revisions["area"].isin(list_areas(view))]
    sheets = {
        "Lees mij": list_reading(pack),
        "Kerncijfers": list_key_figures(pack),
        "Cijfers": _list(view, history),
        "Gebieden": _list(view, beside),
        "Groepen": _list(view, groups),
        "Definities": list_definitions(used, sources),
        "Veranderd": list_revisions(ours, indicators, view.area_names, load_group_names(publication)),
        "Bron en publicatie": list_build(publication, {key for one in used for key in one.sources}),
    }
    return settle(write_xlsx(sheets), publication.build.made_on)


def load_history(view: View) -> pd.DataFrame:
    """All totals of the chosen area up to the chosen year, as far back as it is the same area."""
    keys = tuple(load_indicators(view.publication))
    parts = [
        load_figures(view.publication, indicators=keys, areas=(view.area.code,), period_kind=kind) for kind in KINDS
    ]
    figures = join_figures(parts)
    figures = figures[[year_of(period) <= int(view.year) for period in figures["period"]]]
    breaks = load_breaks(view.publication, area=view.area.code)
    return keep_same_area(figures, breaks, load_indicators(view.publication), year=int(view.year))


def _load_beside(view: View) -> pd.DataFrame:
    keys = tuple(load_indicators(view.publication))
    return load_figures(view.publication, indicators=keys, areas=tuple(list_beside(view)), period=view.year)


def _load_groups(view: View) -> pd.DataFrame:
    asked = {"indicators": tuple(load_indicators(view.publication)), "areas": (view.area.code,), "period": view.year}
    return join_figures([load_figures(view.publication, **asked, split=split) for split in SPLIT_WORDS])  # type: ignore[arg-type]


def _list(view: View, figures: pd.DataFrame) -> Sheet:
    """Figures as in every download, each with its receipt."""
    publication = view.publication
    names = load_group_names(publication)
    return list_figures(figures, load_indicators(publication), names, build=publication.build.id)


def list_reading(pack: Pack) -> Sheet:
    """What this workbook is, for whom opens it later without the pack."""
    accounts = pack.accounts
    rows: list[list[object]] = [[accounts.warning, accounts.warned]] if accounts.warning else []
    rows += [[term, words] for term, words in accounts.facts]
    rows += [["Bescherming", words] for words in accounts.protection]
    rows += [
        ["Voorlopig", "Een voorlopig cijfer kan nog iets veranderen."],
        [RECEIPT, "Vul de code in op de pagina Controleer. U ziet dan of het cijfer nog geldt."],
    ]
    return ["Wat", "Waarde"], rows


def list_key_figures(pack: Pack) -> Sheet:
    """The key figures of the pack with their sentences."""
    header = ["Cijfer", "Eenheid", "Periode", "Stand", "Voorlopig", "Marge", "Wat het zegt", RECEIPT]
    rows: list[list[object]] = [
        [
            *(topic.indicator.title, topic.indicator.unit, topic.now.name, topic.now.number),
            *("ja" if topic.now.soft else "nee", topic.now.span, " ".join(list_sentences(topic)), topic.now.receipt),
        ]
        for topic in pack.topics
    ]
    return header, rows
