"""What an analyst takes along from Verkennen: five kinds of file, a link, a citation. All from the same figures."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard.choose import View
from dashboard.dots import NO_CAUSE
from dashboard.explain import describe_states, name_sources
from dashboard.export import (
    Sheet,
    add_definitions,
    list_definitions,
    list_figures,
    write_csv,
    write_parquet,
    write_xlsx,
)
from dashboard.feed_terms import MOST_VALUES
from dashboard.format import format_date, join_words
from dashboard.frame import XLSX, list_build, load_group_names, load_source_names
from dashboard.indicator import Indicator
from dashboard.links import draw_link
from dashboard.multiples import describe_scale
from dashboard.pivot import name_subject
from dashboard.receipt import list_receipts, set_receipt
from dashboard.rows import FIGURE_KEY
from dashboard.saved import note_export

MADE_UP: Final = "Verzonnen voorbeeldcijfers. "


@dataclass(frozen=True, kw_only=True)
class Takeaway:
    """One set of figures that may leave: what it is called, its code, the codes of its figures, and its address."""

    title: str
    figures: pd.DataFrame
    indicators: Mapping[str, Indicator]
    chart: str
    code: str
    receipts: Sequence[str]
    query: str


def pack(
    view: View, figures: pd.DataFrame, used: Mapping[str, Indicator], *, title: str, chart: str, query: str
) -> Takeaway:
    """The figures with their codes."""
    receipts = list_receipts(view.publication.build.id, figures)
    code = set_receipt(view.publication.build.id, receipts)
    return Takeaway(
        title=title, figures=figures, indicators=used, chart=chart, code=code, receipts=receipts, query=query
    )  # fmt: skip


def draw_files(view: View, take: Takeaway) -> None:
    """A button for each kind of file. A file is made at the click, and its code is remembered then."""
    st.subheader("Deze cijfers meenemen", anchor=False)
    makers: dict[str, tuple[str, Callable[[View, Takeaway], bytes], str]] = {
        "Excel": ("xlsx", make_workbook, XLSX),
        "CSV": ("csv", make_csv, "text/csv"),
        "Parquet": ("parquet", make_parquet, "application/vnd.apache.parquet"),
    }
    if take.chart != "none":
        makers |= {
            "PNG": ("png", lambda *of: make_picture(*of, kind="png"), "image/png"),
            "SVG": ("svg", lambda *of: make_picture(*of, kind="svg"), "image/svg+xml"),
        }
    for column, (name, (ending, make, mime)) in zip(st.columns(5), makers.items(), strict=False):
        column.download_button(
            f"Download {name}",
            data=_remembering(view, take, make),
            file_name=f"jeugdbeeld-verkennen-{take.code}.{ending}",
            mime=mime,
            on_click="ignore",
            width="stretch",
        )


def _remembering(view: View, take: Takeaway, make: Callable[[View, Takeaway], bytes]) -> Callable[[], bytes]:
    def remember_and_make() -> bytes:
        remember(view, take)
        return make(view, take)

    return remember_and_make


def remember(view: View, take: Takeaway) -> bool:
    """So that the page Controleer knows the code of this set."""
    return note_export(take.code, view.publication.build.id, take.receipts, take.query)


def _list(view: View, take: Takeaway) -> Sheet:
    labels = load_group_names(view.publication)
    return list_figures(take.figures, take.indicators, labels, build=view.publication.build.id)


def make_csv(view: View, take: Takeaway) -> bytes:
    """Figures, states in words, codes and definitions in one table."""
    synthetic = view.publication.build.synthetic
    return write_csv(add_definitions(_list(view, take), take.indicators, synthetic=synthetic))


def make_workbook(view: View, take: Takeaway) -> bytes:
    """Figures, definitions, and publication with sources, a sheet each."""
    keys = {key for one in take.indicators.values() for key in one.sources}
    header, facts = list_build(view.publication, keys)
    definitions = list_definitions(list(take.indicators.values()), load_source_names(view.publication))
    about = [["Weergave", take.title], ["Controlecode van dit bestand", take.code], ["Keuzes", take.query]]
    return write_xlsx(
        {"Cijfers": _list(view, take), "Definities": definitions, "Bron en publicatie": (header, [*about, *facts])}
    )


def make_parquet(view: View, take: Takeaway) -> bytes:
    """The same table for other programs; definitions, rule and code in its metadata."""
    build = view.publication.build
    about = {
        "titel": take.title,
        "controlecode": take.code,
        "publicatie": build.id,
        "gemaakt op": format_date(build.made_on),
        "regel": build.rule,
        "verzonnen": "ja" if build.synthetic else "nee",
        "definities": json.dumps({one.title: one.definition for one in take.indicators.values()}, ensure_ascii=False),
    }
    return write_parquet(_list(view, take), about)


def make_picture(view: View, take: Takeaway, *, kind: str) -> bytes:
    """The chart with its words. Its library is loaded at the first one: few ask for it, and every start would wait."""
    from dashboard.picture import draw_picture  # noqa: PLC0415

    return draw_picture(
        take.chart, take.figures, take.indicators, title=take.title, notes=list_notes(view, take), kind=kind
    )


def list_notes(view: View, take: Takeaway) -> list[str]:
    """What must stand under a picture: what the figures mean, what is not shown and why, source and publication."""
    meanings = [f"{name_subject(one)}: {one.definition}" for one in take.indicators.values()]
    rows = [(take.figures[take.figures["indicator"] == key], one) for key, one in take.indicators.items()]
    scales = [describe_scale(*pair) for pair in rows] if take.chart == "small" else []
    key = [NO_CAUSE] if take.chart == "dots" else scales
    return [*key, *meanings, *describe_states(take.figures, view.publication.build.rule), cite(view, take)]


def cite(view: View, take: Takeaway) -> str:
    """The reference: source, publication, date and code."""
    build, names = view.publication.build, load_source_names(view.publication)
    sources = join_words(sorted({name_sources(one, names).rstrip(".") for one in take.indicators.values()}))
    made_up = MADE_UP if build.synthetic else ""
    return (
        f"{made_up}Bron: Jeugdbeeld {build.region_name}, publicatie {build.id} van {format_date(build.made_on)}, "
        f"op basis van {sources}. Controlecode {take.code}."
    )


def feed_address(figures: pd.DataFrame) -> str:
    """The same figures at the feed: './feed/figures.csv?indicator=...'; '' when there are too many values to ask."""
    values = {name: list(dict.fromkeys(figures[name])) for name in FIGURE_KEY}
    if max(len(found) for found in values.values()) > MOST_VALUES:
        return ""
    return f"./feed/figures.csv?{urlencode({name: ','.join(found) for name, found in values.items()}, safe=',')}"


def draw_feed(take: Takeaway) -> None:
    """The address of these figures for Excel and Power Query."""
    address = feed_address(take.figures)
    if not address:
        return
    with st.expander("Koppelen met Excel of Power Query"):
        as_table = draw_link(address, "adres van deze cijfers als tabel (CSV)")
        everything = draw_link("./feed/", "adres van alle cijfers (OData)")
        st.html(
            "<p class='jb-text'>Zo blijft uw bestand bij: kies in Excel 'Gegevens ophalen', 'Van het web', en plak het "
            f"{as_table}. Voor 'OData-feed' is er het {everything}. Daar staan dezelfde cijfers, met dezelfde bescherming.</p>"
        )


def draw_citation(view: View, take: Takeaway) -> None:
    """The reference to copy, with the definitions; made at a click, because its code is remembered then."""
    with st.expander("Bronvermelding kopiëren"):
        if st.button("Maak de bronvermelding", key="bronvermelding"):
            remember(view, take)
            meanings = [f"{name_subject(one)}: {one.definition}" for one in take.indicators.values()]
            st.code("\n".join([f"{take.title}.", cite(view, take), *meanings]), language=None, wrap_lines=True)
