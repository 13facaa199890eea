"""Who to ask: what the operator of this installation filled in, and the words of the accessibility statement. Pure.

Nothing is filled in for the operator: a page that names nobody says so.
"""

import os
from collections.abc import Mapping
from html import escape
from typing import Final

FIELDS: Final = {
    "JEUGDBEELD_CONTACT_NAME": "Wie",
    "JEUGDBEELD_CONTACT_EMAIL": "E-mail",
    "JEUGDBEELD_CONTACT_PHONE": "Telefoon",
}
NOBODY: Final = "De beheerder heeft hier nog geen contactgegevens ingevuld. Vraag het aan degene die u de link naar dit programma gaf."
ASK: Final = (
    "Een vraag over een cijfer: noem het cijfer, het gebied en het jaar. Of stuur de link: daar staat uw keuze in.",
    "Een fout in een cijfer: dan zoeken wij uit waar hij ontstond. Een verbetering staat daarna bij Datakwaliteit.",
    "Een pagina die u niet goed kunt gebruiken: zeg welke, en wat u gebruikt.",
    "Zorgen over privacy: wij bekijken het dezelfde dag. U kunt ook terecht bij de functionaris gegevensbescherming van uw gemeente.",
)
STATUS: Final = (
    "Dit programma wil voldoen aan de regels voor toegankelijkheid: WCAG 2.1, niveau A en AA. Dat is ook wat de wet van overheden vraagt.",
    "Status C: de eerste maatregelen zijn genomen. Een onafhankelijk onderzoek is nog niet gedaan.",
)
DONE: Final = (
    "Elke pagina wordt bij elke verandering automatisch getoetst op WCAG 2.1 A en AA, op drie breedtes van het scherm.",
    "Alles werkt met alleen een toetsenbord. Op de kaart doet de keuzelijst Gebied hetzelfde als een klik.",
    "Bij elke grafiek staat een beschrijving voor wie hem niet ziet, en een tabel met dezelfde cijfers.",
    "Een kleur staat nooit alleen: het woord staat erbij. Er is geen rood en groen.",
    "Op een smal scherm schuift alleen een brede tabel opzij, nooit de hele pagina.",
    "De taal is Nederlands, ook van knoppen en meldingen. De teksten zijn geschreven op niveau B1.",
)
NOT_YET: Final = (
    "Met schermlezers is het programma nog niet door gebruikers getest.",
    "Het zwevende tekstje in een grafiek verschijnt alleen met een muis. Wat erin staat, staat ook in de tabel.",
    "Namen van wijken en leveranciers staan er zoals ze zijn geleverd.",
    "De bestanden CSV en Excel hebben geen opmaak voor schermlezers, behalve een vaste kopregel.",
)


def read_contact() -> dict[str, str]:
    """What the operator filled in, by its Dutch name; empty fields are left out."""
    return {words: text for name, words in FIELDS.items() if (text := os.environ.get(name, "").strip())}


def draw_contact(contact: Mapping[str, str]) -> str:
    """The contact as terms and texts, or that there is none."""
    if not contact:
        return f'<p class="jb-text">{escape(NOBODY)}</p>'
    pairs = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in contact.items())
    return f'<dl class="jb-pairs">{pairs}</dl>'
