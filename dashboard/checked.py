"""The words of Controleer: what a code says about its figure, or about its set. Pure HTML, everything escaped."""

from html import escape
from typing import Final

from dashboard.check import CURRENT, REVISED, WITHDRAWN, Checked, CheckedSet, describe_counts
from dashboard.figures import Publication
from dashboard.format import format_date
from dashboard.links import draw_link, page_address
from dashboard.tables import Cell, Column, draw_table

HEADS: Final = {CURRENT: "Actueel", REVISED: "Herzien", WITHDRAWN: "Ingetrokken"}
MEANINGS: Final = {
    CURRENT: "Dit cijfer is nog steeds zo gepubliceerd.",
    REVISED: "Dit cijfer is sindsdien veranderd. Gebruik de waarde van nu.",
    WITHDRAWN: "Dit cijfer laten wij niet meer zien. Gebruik het niet meer.",
}
UNKNOWN: Final = (
    "Deze code kennen wij niet. Misschien is de publicatie van toen hier niet meer bewaard, of staat er een typefout in. "
    "Dat een code onbekend is, zegt niets over het cijfer zelf."
)
WRONG: Final = (
    "Dit is geen geldige code. Een code heeft tien tekens, zoals K7M4Q-2XW9D. Kijk of er een typefout in staat."
)
MOST: Final = 40


def draw_checked(checked: Checked) -> str:
    """The verdict on one figure: its state in a word, what it means, and what is published now."""
    star = " Dit is voorlopig: het kan nog iets veranderen." if checked.provisional else ""
    build = checked.publication.build
    lines = [
        f"<p class='jb-text'><strong>{escape(checked.title)}</strong></p>",
        f"<p class='jb-text'>{escape(MEANINGS[checked.state])}</p>",
        f"<p class='jb-text'>Nu gepubliceerd: <strong>{escape(checked.now)}</strong>.{star}</p>",
        f"<p class='jb-note'>De code hoort bij publicatie {escape(build.id)} van {escape(format_date(build.made_on))}.</p>",
    ]
    if checked.subject:
        origin = page_address("herkomst", cijfer=checked.subject)
        lines.append(
            f"<p class='jb-origin'>{draw_link(origin, 'Wat betekent dit cijfer en waar komt het vandaan?')}</p>"
        )
    return _frame(checked.state, HEADS[checked.state], "".join(lines))


def _frame(state: str, head: str, body: str) -> str:
    return (
        f'<section class="jb-verdict jb-verdict-{escape(state)}" role="status"><h2>{escape(head)}</h2>{body}</section>'
    )


def draw_checked_set(checked: CheckedSet, current: Publication) -> str:
    """The verdict on a set: how many figures still hold, and which do not."""
    export = checked.export
    size = "1 cijfer" if export.figures == 1 else f"{export.figures} cijfers"
    intro = f"Een bestand met {size} uit publicatie {escape(export.build)}, voor het eerst gemaakt op {escape(format_date(export.made_on))}."
    newest = export.build == current.build.id
    if newest:
        head, state, body = "Actueel", CURRENT, "Dit is de publicatie van nu: alle cijfers zijn actueel."
    elif not checked.counts:
        head, state = "Oudere publicatie", REVISED
        body = "Er is een nieuwere publicatie. Controleer de cijfers een voor een met hun eigen code, of maak het bestand opnieuw."
    else:
        state = REVISED if checked.changed else CURRENT
        head = "Deels veranderd" if checked.changed else "Actueel"
        body = f"Nu: {describe_counts(checked)}."
    again = draw_link(f"./verkennen?{export.query}", "Open deze keuze met de cijfers van nu") if export.query else ""
    table = _draw_changed(checked)
    return _frame(
        state, head, f"<p class='jb-text'>{intro}</p><p class='jb-text'>{escape(body)}</p>{table}<p>{again}</p>"
    )


def _draw_changed(checked: CheckedSet) -> str:
    if not checked.changed:
        return ""
    rows = [[Cell(text=one.title), Cell(text=HEADS[one.state]), Cell(text=one.now)] for one in checked.changed[:MOST]]
    columns = [Column(title="Cijfer"), Column(title="Stand"), Column(title="Nu gepubliceerd")]
    more = len(checked.changed) - MOST
    rest = f"<p class='jb-note'>En nog {more} andere.</p>" if more > 0 else ""
    return draw_table(columns, rows, caption="Wat er veranderd is") + rest
