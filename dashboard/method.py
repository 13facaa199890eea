"""The words of the page Werkwijze: how a figure is made and what the words on the screen mean. Pure.

docs/method.md says the same for who wants the formulas.
"""

from typing import Final

from dashboard.tables import Cell, Column, draw_table

STEPS: Final = (
    "Een organisatie levert een bestand. Wij schrijven op wat er kwam, van wie en wanneer.",
    "Elk bestand gaat langs vaste regels. Rijen die niet kloppen, tellen niet mee. Ze staan bij Datakwaliteit.",
    "Namen, burgerservicenummers, adressen en geboortedata gaan eruit, vóór er iets wordt geteld.",
    "Het programma telt, per gebied en per jaar. Hoe het telt, staat bij Herkomst van een cijfer.",
    "Cijfers die iets over een enkele jongere kunnen verraden, worden afgeschermd. Alleen wat veilig is, gaat verder.",
    "Bij elk cijfer dat te zien is, rekenen wij de marge, de vergelijking en de ontwikkeling uit.",
    "Een tweede controle, die het afschermen niet kent, probeert afgeschermde cijfers terug te rekenen. Lukt dat, dan wordt er niets gepubliceerd.",
)
MARGIN: Final = (
    "Ook als er niets verandert, is een cijfer het ene jaar wat hoger dan het andere. Dat is toeval.",
    "De marge zegt waar het werkelijke niveau waarschijnlijk ligt: in 95 van de 100 gevallen klopt dat.",
    "Hoe minder gevallen, hoe groter de marge. Kijk in een kleine buurt dus vooral naar meer jaren.",
)
MARGINS: Final = ((0, "0", "3,7"), (5, "1,6", "11,7"), (10, "4,8", "18,4"), (50, "37", "66"), (100, "81", "122"))
LABELS: Final = (
    ("hoger, lager", "Het verschil met de rest van de regio is bijna zeker geen toeval (99,8 %)."),
    ("mogelijk hoger, mogelijk lager", "Het verschil is waarschijnlijk geen toeval (95 %)."),
    ("ongeveer als de regio", "Er is geen duidelijk verschil, en een verschil van meer dan 30 % is onwaarschijnlijk."),
    ("verschil kan toeval zijn", "Er is geen duidelijk verschil te zien, maar er kan wel een verschil zijn."),
    ("te weinig gevallen om te vergelijken", "Bij minder dan 10 gevallen zegt een vergelijking niets."),
)
COMPARED: Final = (
    "Een gebied staat naast de regio zonder dat gebied zelf. Anders vergelijkt een grote gemeente vooral met zichzelf.",
    "Hoger is niet slechter. Meer Halt-verwijzingen kan ook betekenen dat de politie vaker voor Halt kiest.",
    "Alleen waar is afgesproken wat goed is, staat er beter of slechter. Gebieden krijgen nooit een rangnummer.",
)
TRENDS: Final = (
    ("omhoog, omlaag", "Twee rekenregels zien over minstens vijf jaar dezelfde richting."),
    ("geen duidelijke ontwikkeling", "Er zijn genoeg gevallen om een richting te zien, en die is er niet."),
    (
        "te weinig gevallen, of het cijfer schommelt te veel",
        "Ook een daling van 30 % zou waarschijnlijk niet opvallen.",
    ),
    ("geen vijf vergelijkbare jaren", "Er is een breuk in de cijfers, een jaar ontbreekt of is nog voorlopig."),
)
CARE: Final = (
    "Een cijfer laat zien wat er is geregistreerd, niet alles wat er gebeurt.",
    "Dat twee dingen samen veranderen, betekent niet dat het ene door het andere komt.",
    "Jongeren in een gebied zijn meer dan dit cijfer. Wie de wijk kent, weet waarom een cijfer is zoals het is.",
)


def draw_margins() -> str:
    """How wide the margin is around a few numbers of cases."""
    columns = [Column(title="Gevallen"), Column(title="Marge van", number=True)]
    columns.append(Column(title="tot", number=True))
    rows = [[Cell(text=str(cases)), Cell(text=low), Cell(text=high)] for cases, low, high in MARGINS]
    return f'<div class="jb-slim">{draw_table(columns, rows, caption="De marge rond een aantal gevallen")}</div>'


def draw_words(words: tuple[tuple[str, str], ...], *, caption: str) -> str:
    """Words on the screen with their meaning."""
    columns = [Column(title="Op het scherm"), Column(title="Betekenis")]
    return draw_table(columns, [[Cell(text=word), Cell(text=meaning)] for word, meaning in words], caption=caption)
