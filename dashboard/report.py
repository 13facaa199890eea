"""The board pack: its three files, and the block of buttons on a page.

Each file is made at the click, from the publication that the page was drawn from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

import streamlit as st

from dashboard.choose import View
from dashboard.figures import Publication
from dashboard.frame import XLSX
from dashboard.pack import load_pack, make_view

PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of the pack: its ending, its media type, what stands on its button and how it is made."""

    suffix: str
    media: str
    button: str
    write: Callable[[View], bytes]


def _write_pdf(view: View) -> bytes:
    from dashboard.pack_pdf import write_pdf  # noqa: PLC0415 - a large library, needed only at a click

    return write_pdf(load_pack(view))


def _write_slides(view: View) -> bytes:
    from dashboard.pack_slides import write_slides  # noqa: PLC0415 - as above

    return write_slides(load_pack(view))


def _write_annex(view: View) -> bytes:
    from dashboard.annex import write_annex  # noqa: PLC0415 - as above

    return write_annex(view, load_pack(view))


PARTS: Final = (
    Part(suffix="pdf", media="application/pdf", button="Leesstuk (PDF)", write=_write_pdf),
    Part(suffix="pptx", media=PPTX, button="Dia's (PowerPoint)", write=_write_slides),
    Part(
        suffix="xlsx",
        media=XLSX,
        button="Bijlage met alle cijfers (Excel)",
        write=_write_annex,
    ),
)
SUFFIXES: Final = tuple(part.suffix for part in PARTS)


def draw_pack(view: View) -> None:
    """The block 'Stukken voor de vergadering': three downloads for the chosen area and year."""
    with st.container(key="stukken"):
        _draw_buttons(view)


def _draw_buttons(view: View) -> None:
    st.subheader("Stukken voor de vergadering", anchor=False)
    place = escape(view.area_names[view.area.code])
    st.html(
        f'<p class="jb-text">Deze cijfers over {place} in {view.year}, met dezelfde woorden als hier, om mee te nemen '
        "naar de vergadering. Bij elk cijfer staat een controlecode.</p>"
    )
    for part, column in zip(PARTS, st.columns(len(PARTS)), strict=True):
        column.download_button(
            part.button,
            data=_make_later(part.suffix, view),
            file_name=name_file(view, part.suffix),
            mime=part.media,
            on_click="ignore",
            width="stretch",
        )


def _make_later(suffix: str, view: View) -> Callable[[], bytes]:
    return lambda: make_file(view.publication, view.area.code, view.year, suffix)


@lru_cache(maxsize=24)
def make_file(publication: Publication, area: str, year: str, suffix: str) -> bytes:
    """One file of the pack; made once per publication, area and year, since it is always the same.

    raises  UnknownChoice
    """
    view = make_view(publication, area=area, year=year)
    return next(part.write(view) for part in PARTS if part.suffix == suffix)


def name_file(view: View, suffix: str) -> str:
    """'jeugdbeeld-stukken-GM0396-2025-BUILD.pdf'."""
    return f"jeugdbeeld-stukken-{view.area.code}-{view.year}-{view.publication.build.id}.{suffix}"


def make_files(view: View, suffixes: tuple[str, ...] = SUFFIXES) -> Mapping[str, bytes]:
    """The asked files by name."""
    return {
        name_file(view, suffix): make_file(view.publication, view.area.code, view.year, suffix) for suffix in suffixes
    }
