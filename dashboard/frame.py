"""What surrounds every page: banner, heading, footer, downloads, and the page for when there is nothing."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.address import fixed_query
from dashboard.blocks import Block
from dashboard.choose import View
from dashboard.explain import describe_states, explain
from dashboard.export import Sheet, list_definitions, list_figures, write_csv, write_xlsx
from dashboard.figures import Publication, load_indicators, load_table
from dashboard.format import format_date
from dashboard.indicator import Indicator
from dashboard.keep import keep
from dashboard.ledger import describe_synthetic, draw_definition
from dashboard.links import draw_link
from dashboard.receipt import list_receipts, set_receipt
from dashboard.rows import join_figures, list_rows
from dashboard.saved import note_export
from dashboard.states import draw_legend, find_states
from dashboard.trace import trace_address


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page: where it lives, what stands above it, which shared choices it wants, and whether it is there at all."""

    draw: Callable[[View], None]
    section: str
    title: str
    address: str
    lead: str
    wants: tuple[str, ...] = ()
    is_open: Callable[[], bool] = lambda: True


def draw_banner(publication: Publication) -> None:
    """Says on every page that the figures are made up, when they are."""
    warning, sentence = describe_synthetic(publication.build)
    if warning:
        st.html(f'<p class="jb-banner" role="note"><strong>{warning}</strong> {escape(sentence)}</p>')


def draw_heading(title: str, lead: str, *, wide: int) -> st.delta_generator.DeltaGenerator:
    """The title of the page and one line on what it is for; returns the place beside it for the shared choices.

    wide  how many choices will stand there
    """
    with st.container(key="kop"):
        if not wide:
            _write_heading(st.container(), title, lead)
            return st.container()
        left, right = st.columns(HEADING_WIDTHS[wide], gap="large", vertical_alignment="bottom")
    _write_heading(left, title, lead)
    return right


HEADING_WIDTHS: Final = {1: (3, 2), 2: (5, 6), 3: (4, 7)}


def _write_heading(place: st.delta_generator.DeltaGenerator, title: str, lead: str) -> None:
    place.title(title, anchor=False)
    place.html(f'<p class="jb-lead">{escape(lead)}</p>')


def draw_footer(publication: Publication, page: str) -> None:
    """A link that holds every choice of this page, and which publication this is."""
    build = publication.build
    if query := fixed_query():
        st.html(f'<p class="jb-note">{draw_link(f"./{page}?{query}", "Vaste link naar wat u nu ziet")}</p>')
    st.html(
        f'<p class="jb-footer">Jeugdbeeld {escape(build.version)}. Publicatie {escape(build.id)} van '
        f"{format_date(build.made_on)}. {escape(build.rule)}</p>"
    )


def draw_note(text: str) -> None:
    """A quiet line under a chart; nothing without words."""
    if text:
        st.html(f'<p class="jb-note">{escape(text)}</p>')


def draw_states(figures: pd.DataFrame) -> None:
    """The legend of the states that occur among the figures; nothing when all are plain numbers."""
    if legend := draw_legend(find_states(figures)):
        st.html(legend)


def draw_nothing(reason: str) -> None:
    """The page for when no publication can be shown."""
    st.title("Nog geen cijfers", anchor=False)
    st.info(f"{reason} De beheerder kan de cijfers klaarzetten. Daarna werkt deze pagina vanzelf.")


@lru_cache(maxsize=6)
def load_source_names(publication: Publication) -> dict[str, str]:
    """Title and supplier of the sources by id: 'Kerncijfers wijken en buurten (CBS)'."""
    rows = load_table(publication, "source")
    return {row["id"]: name_source(row["title"], row["supplier"]) for row in list_rows(rows)}


def name_source(title: str, supplier: str) -> str:
    """The title with its supplier, unless that is said already."""
    return title if supplier.lower() in title.lower() else f"{title} ({supplier})"


@lru_cache(maxsize=6)
def load_group_names(publication: Publication) -> dict[tuple[str, str], str]:
    """Dutch words of ages, sexes and kinds by (dimension, code)."""
    rows = load_table(publication, "code_label")
    return {
        (dimension, code): label
        for dimension, code, label in zip(rows["dimension"], rows["code"], rows["label"], strict=True)
    }


def draw_explanation(view: View, indicator: Indicator, figures: pd.DataFrame) -> None:
    """The legend of the states that occur, and the block 'Over dit cijfer'."""
    draw_states(figures)
    st.html(
        explain(
            indicator,
            figures,
            sources=load_source_names(view.publication),
            rule=view.publication.build.rule,
            origin=trace_address(view, indicator),
        )
    )


def draw_end(view: View, blocks: Sequence[Block]) -> pd.DataFrame:
    """The end of a page with several figures: definitions, and why something is not shown; returns all figures."""
    figures = join_figures([block.figures for block in blocks])
    if not blocks:
        return figures
    st.subheader("Over deze cijfers", anchor=False)
    sources = load_source_names(view.publication)
    indicators = {block.indicator.id: block.indicator for block in blocks}
    st.html("".join(draw_definition(one, sources, trace_address(view, one)) for one in indicators.values()))
    if len(figures):
        draw_states(figures)
        draw_note(" ".join(describe_states(figures, view.publication.build.rule)))
    return figures


def draw_downloads(view: View, figures: pd.DataFrame, *, name: str, chosen: tuple[Hashable, ...]) -> None:
    """Two buttons with exactly the figures of this page. The files are made at the click.

    chosen  what decides which figures these are, besides the publication, the area, the year and the indicator
    """
    publication = view.publication
    codes, code = keep(view, f"codes of {name}", lambda: _list_codes(publication, figures), *chosen)
    writers = {"csv": _write_sheet, "xlsx": _write_book}

    def make(suffix: str) -> Callable[[], bytes]:
        def write() -> bytes:
            note_export(code, publication.build.id, codes)
            return writers[suffix](publication, figures)

        return write

    with st.container(key=f"meenemen-{name}"):
        st.subheader("Deze cijfers meenemen", anchor=False)
        left, right, _ = st.columns([2, 2, 5])
    for place, label, suffix, media in ((left, "CSV", "csv", "text/csv"), (right, "Excel", "xlsx", XLSX)):
        place.download_button(
            f"Download {label}",
            data=make(suffix),
            file_name=f"jeugdbeeld-{name}-{code}.{suffix}",
            mime=media,
            on_click="ignore",
            width="stretch",
        )


def _list_codes(publication: Publication, figures: pd.DataFrame) -> tuple[tuple[str, ...], str]:
    """The code of every figure, and of all together."""
    codes = list_receipts(publication.build.id, figures)
    return tuple(codes), set_receipt(publication.build.id, codes)


def _write_sheet(publication: Publication, figures: pd.DataFrame) -> bytes:
    return write_csv(_list_sheet(publication, figures))


def _write_book(publication: Publication, figures: pd.DataFrame) -> bytes:
    indicators = load_indicators(publication)
    used = [indicators[key] for key in dict.fromkeys(figures["indicator"])]
    return write_xlsx(
        {
            "Cijfers": _list_sheet(publication, figures),
            "Definities": list_definitions(used, load_source_names(publication)),
            "Bron en publicatie": list_build(publication, {key for entry in used for key in entry.sources}),
        }
    )


def _list_sheet(publication: Publication, figures: pd.DataFrame) -> Sheet:
    names = load_group_names(publication)
    return list_figures(figures, load_indicators(publication), names, build=publication.build.id)


def draw_sheet_download(view: View, make: Callable[[], Sheet], *, name: str) -> None:
    """One button with a list that is no figures: a toolbox, a programme, what changed. It is made at the click."""
    st.download_button(
        "Download lijst (CSV)",
        data=lambda: write_csv(make()),
        file_name=f"jeugdbeeld-{name}-{view.publication.build.id}.csv",
        mime="text/csv",
        on_click="ignore",
    )


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_build(publication: Publication, sources: set[str]) -> tuple[list[str], list[list[object]]]:
    """Header and rows of the sheet 'Bron en publicatie'."""
    build = publication.build
    facts: Mapping[str, object] = {
        "Publicatie": build.id,
        "Gemaakt op": format_date(build.made_on),
        "Versie": build.version,
        "Regio": build.region_name,
        "Verzonnen voorbeeldcijfers": "ja" if build.synthetic else "nee",
        "Beschermingsregel": build.rule,
    }
    rows = load_table(publication, "source")
    used = rows[rows["id"].isin(sources) & (rows["state"] == "used")]
    deliveries: list[list[object]] = [
        [
            f"Bron: {row['title']}",
            f"{row['supplier']}, geleverd op {format_date(row['delivered_on'])}, periode {row['period']}",
        ]
        for row in list_rows(used)
    ]
    return ["Wat", "Waarde"], [[name, value] for name, value in facts.items()] + deliveries
