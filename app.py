"""The frame of every page: server, banner, shared choices, navigation, footer. No figures here.

This file is read twice: by the server, which builds the web application, and for every visit, as the script. What is
imported here is loaded before the server answers, so that no visitor waits for it.
"""

from pathlib import Path

import streamlit as st

from dashboard.address import keep_choices, say_unused
from dashboard.choose import View, ask_shared
from dashboard.figures import PublicationError, open_publication
from dashboard.frame import Entry, draw_banner, draw_footer, draw_heading, draw_nothing
from dashboard.server import build_options
from dashboard.sql import is_open as is_sql_open
from pages import (
    accessibility,
    asking,
    chain,
    check,
    claim,
    comparison,
    explore,
    families,
    groups,
    heat,
    method,
    networks,
    origin,
    overview,
    own_question,
    profile,
    programme,
    quality,
    signals,
    sources,
    target_group,
    toolbox,
    trends,
)
from pages import map as map_page

STATIC = Path(__file__).parent / "dashboard" / "static"

# An address differs from the name of its file: the file itself must never be a page.
ENTRIES = (
    Entry(
        draw=overview.draw,
        section="Overzicht",
        title="Overzicht",
        address="",
        lead="De belangrijkste cijfers van één gebied op één scherm.",
        wants=("area", "year"),
    ),
    Entry(
        draw=profile.draw,
        section="Overzicht",
        title="Gebiedsprofiel",
        address="gebiedsprofiel",
        lead="Alle cijfers van één gebied, naast die van de andere gebieden.",
        wants=("area", "year"),
    ),
    Entry(
        draw=programme.draw,
        section="Overzicht",
        title="Programma",
        address="programma",
        lead="Hoe ver de projecten zijn, en de cijfers die bij elk onderdeel horen.",
        wants=("area",),
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
        draw=heat.draw,
        section="Verdiepen",
        title="Naast elkaar",
        address="naast-elkaar",
        lead="Veel cijfers en een paar gebieden in één tabel.",
        wants=("area", "year"),
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
        draw=signals.draw,
        section="Verdiepen",
        title="Signalen",
        address="signalen",
        lead="Wat opvalt vergeleken met eerdere jaren, als vraag aan wie het gebied kent.",
        wants=("area", "year"),
    ),
    Entry(
        draw=claim.draw,
        section="Verdiepen",
        title="Klopt het?",
        address="klopt-het",
        lead="Iemand zegt dat iets gedaald of gestegen is. Hier staat of dat uit de cijfers blijkt.",
        wants=("indicator", "area"),
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
        draw=families.draw,
        section="Verdiepen",
        title="Gezinnen",
        address="gezinnen",
        lead="Gezinnen waarin meer jongeren hulp krijgen of met justitie te maken hebben. Nooit welke gezinnen.",
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
        draw=own_question.draw,
        section="Verkennen",
        title="Vraag in SQL",
        address="vraag-in-sql",
        lead="Voor wie SQL kent: een eigen vraag aan de getoonde cijfers.",
        is_open=is_sql_open,
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
    Entry(
        draw=check.draw,
        section="Verantwoording",
        title="Controleer",
        address="controleer",
        lead="Staat een cijfer dat u eerder meenam, er nog zo? Vul de code in die erbij staat.",
    ),
    Entry(
        draw=method.draw,
        section="Verantwoording",
        title="Werkwijze",
        address="werkwijze",
        lead="Hoe een cijfer tot stand komt, en wat de woorden op het scherm betekenen.",
    ),
    Entry(
        draw=accessibility.draw,
        section="Verantwoording",
        title="Toegankelijkheid",
        address="toegankelijkheid",
        lead="Wie dit programma kan gebruiken, en wat nog niet goed gaat.",
    ),
    Entry(
        draw=asking.draw,
        section="Verantwoording",
        title="Contact",
        address="contact",
        lead="Bij wie u terechtkunt met een vraag, een fout of een klacht.",
    ),
)

# The four groups of the bar, in order; a group without a page is not drawn.
SECTIONS = ("Overzicht", "Verdiepen", "Verkennen", "Verantwoording")


def main() -> None:
    """Draw the frame and the chosen page in it."""
    st.set_page_config(page_title="Jeugdbeeld", page_icon=str(STATIC / "favicon.png"), layout="wide")
    st.logo(str(STATIC / "logo.svg"), size="large")
    views: list[View] = []
    entries = [entry for entry in ENTRIES if entry.is_open()]
    pages = [_make_page(entry, views) for entry in entries]
    entry = entries[pages.index(chosen := st.navigation(_group_pages(entries, pages), position="top"))]
    try:
        publication = open_publication()
    except PublicationError as problem:
        draw_nothing(str(problem))
        return
    keep_choices(entry.address)
    draw_banner(publication)
    choices = draw_heading(entry.title, entry.lead, wide=len(entry.wants))
    notices = st.container(key="meldingen")
    views.append(ask_shared(publication, entry.wants, place=choices, notices=notices))
    chosen.run()
    say_unused(notices)
    draw_footer(publication, entry.address)


def _group_pages(entries: list[Entry], pages: list[st.Page]) -> dict[str, list[st.Page]]:
    """The pages by section, in the order of ENTRIES."""
    pairs = list(zip(entries, pages, strict=True))
    order = dict.fromkeys([*SECTIONS, *(entry.section for entry in entries)])
    grouped = {section: [page for entry, page in pairs if entry.section == section] for section in order}
    return {section: found for section, found in grouped.items() if found}


def _make_page(entry: Entry, views: list[View]) -> st.Page:
    def run() -> None:
        entry.draw(views[0])

    return st.Page(run, title=entry.title, url_path=entry.address or "overzicht", default=not entry.address)


if st.runtime.exists():
    main()
else:
    # Streamlit looks for this very assignment in the text of the file.
    app = st.App(__file__, **build_options())
