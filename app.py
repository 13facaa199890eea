"""The frame of every page: server, banner, shared choices, navigation, footer. No figures here.

This file is read twice: by the server, which builds the web application, and for every visit, as the script.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page: where it lives, what stands above it, and which shared choices it wants."""

    draw: Callable[["View"], None]
    section: str
    title: str
    address: str
    lead: str
    wants: tuple[str, ...] = ()


if not st.runtime.exists():
    from dashboard.server import build_options

    # Streamlit looks for this very assignment in the text of the file.
    app = st.App(__file__, **build_options())
else:
    from dashboard.choose import View, ask_shared, keep_choices
    from dashboard.figures import PublicationError, open_publication
    from dashboard.frame import draw_banner, draw_footer, draw_heading, draw_nothing
    from pages import (
        chain,
        check,
        comparison,
        explore,
        groups,
        networks,
        origin,
        overview,
        programme,
        quality,
        sources,
        target_group,
        toolbox,
        trends,
    )
    from pages import map as map_page

    # An address differs from the name of its file: the file itself must never be a page.
    ENTRIES = (
        Entry(
            draw=overview.draw,
            section="",
            title="Overzicht",
            address="",
            lead="De belangrijkste cijfers van één gebied, met de woorden erbij.",
            wants=("area", "year"),
        ),
        Entry(
            draw=trends.draw,
            section="Verdiepen",
            title="Ontwikkeling",
            address="ontwikkeling",
            lead="Eén cijfer door de tijd, voor één of meer gebieden.",
            wants=("indicator", "area"),
        ),
        Entry(
            draw=comparison.draw,
            section="Verdiepen",
            title="Vergelijken",
            address="vergelijken",
            lead="Gebieden naast elkaar, met de marge van toeval erbij.",
            wants=("indicator", "area", "year"),
        ),
        Entry(
            draw=map_page.draw,
            section="Verdiepen",
            title="Kaart",
            address="kaart",
            lead="Klik op een gemeente voor haar wijken, en op een wijk voor haar buurten.",
            wants=("indicator", "area", "year"),
        ),
        Entry(
            draw=chain.draw,
            section="Verdiepen",
            title="Keten",
            address="keten",
            lead="Van signaal tot zorg: hoeveel jongeren bij elke stap komen, of dat op tijd is, en waar het stopt.",
            wants=("area", "year"),
        ),
        Entry(
            draw=target_group.draw,
            section="Verdiepen",
            title="Doelgroep",
            address="doelgroep",
            lead="Kenmerken van risicojeugd naast die van alle jeugd, per leeftijd.",
            wants=("area", "year"),
        ),
        Entry(
            draw=networks.draw,
            section="Verdiepen",
            title="Netwerken",
            address="netwerken",
            lead="Waar jongeren wonen, naar school gaan en verdacht zijn. Nooit wie.",
            wants=("area", "year"),
        ),
        Entry(
            draw=groups.draw,
            section="Verdiepen",
            title="Groepen en aanpakken",
            address="groepen-en-aanpakken",
            lead="Jeugdgroepen in beeld, en mensen in een aanpak. Het gaat om aantallen, nooit om een groep of een persoon.",
            wants=("area", "year"),
        ),
        Entry(
            draw=toolbox.draw,
            section="Verdiepen",
            title="Interventies",
            address="interventies",
            lead="Wat er wordt gedaan, voor wie, waar, en welk cijfer het moet helpen veranderen.",
            wants=("area", "year"),
        ),
        Entry(
            draw=explore.draw,
            section="Verkennen",
            title="Verkennen",
            address="verkennen",
            lead="Kies zelf cijfers, gebieden, jaren en groepen. Draai de tabel, bekijk de grafiek en neem de cijfers mee.",
            wants=("area",),
        ),
        Entry(
            draw=check.draw,
            section="Verkennen",
            title="Controleer",
            address="controleer",
            lead="Staat een cijfer dat u eerder meenam, er nog zo? Vul de code in die erbij staat.",
        ),
        Entry(
            draw=programme.draw,
            section="Verantwoording",
            title="Programma",
            address="programma",
            lead="Hoe ver de projecten zijn, en de cijfers die bij elk onderdeel horen.",
            wants=("area",),
        ),
        Entry(
            draw=quality.draw,
            section="Verantwoording",
            title="Datakwaliteit",
            address="datakwaliteit",
            lead="Wat er is geleverd, geweigerd, aangenomen en veranderd.",
        ),
        Entry(
            draw=sources.draw,
            section="Verantwoording",
            title="Cijfers en bronnen",
            address="cijfers-en-bronnen",
            lead="Wat elk cijfer betekent en hoe wij jongeren beschermen.",
        ),
        Entry(
            draw=origin.draw,
            section="Verantwoording",
            title="Herkomst van een cijfer",
            address="herkomst",
            lead="Van een cijfer terug naar de leveringen, de definitie en de berekening.",
            wants=("indicator", "area", "year"),
        ),
    )

    def main() -> None:
        """Draw the frame and the chosen page in it."""
        st.set_page_config(page_title="Jeugdbeeld", page_icon=str(STATIC / "favicon.png"), layout="wide")
        st.logo(str(STATIC / "logo.svg"), size="large")
        views: list[View] = []
        pages = [_make_page(entry, views) for entry in ENTRIES]
        entry = ENTRIES[pages.index(chosen := st.navigation(_group_pages(pages), position="top"))]
        try:
            publication = open_publication()
        except PublicationError as problem:
            draw_nothing(str(problem))
            return
        keep_choices(entry.address)
        draw_banner(publication)
        draw_heading(entry.title, entry.lead)
        views.append(ask_shared(publication, entry.wants))
        chosen.run()
        draw_footer(publication)

    def _group_pages(pages: list[st.Page]) -> dict[str, list[st.Page]]:
        """The pages by section, in the order of ENTRIES; those of the section '' stand in the bar itself."""
        sections: dict[str, list[st.Page]] = {}
        for entry, page in zip(ENTRIES, pages, strict=True):
            sections.setdefault(entry.section, []).append(page)
        return sections

    def _make_page(entry: Entry, views: list[View]) -> st.Page:
        def run() -> None:
            entry.draw(views[0])

        return st.Page(run, title=entry.title, url_path=entry.address or "overzicht", default=not entry.address)

    STATIC = Path(__file__).parent / "dashboard" / "static"
    main()
