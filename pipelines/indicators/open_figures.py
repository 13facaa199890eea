"""Open rounded figures: suspects, Halt, youth care and early leaving as CBS and DUO publish them, per municipality.

They are public already, so nothing is protected; each knows what its counts were rounded to, and rounded parts are
never summed: there is no figure for the region. They stand beside the exact figures of the partners to compare with
other municipalities, and differ from those in definition.
"""

from pipelines.indicators.model import ESTIMATED_BAND, Break, Indicator, Measure, Splits

OPEN = "Open data van het CBS en DUO (CC BY 4.0); er zijn geen persoonsgegevens nodig"
TENS = "Het CBS rondt deze aantallen af op tientallen: 10 staat voor 5 tot en met 14. De marge houdt daar rekening mee."
FIVES = (
    "Het CBS rondt deze aantallen af op vijftallen: 15 staat voor 13 tot en met 17. De marge houdt daar rekening mee."
)
SMALLEST = "Aantallen onder de 10 laat het CBS niet zien; daar staat geen cijfer."
NO_SUM = "Afgeronde aantallen worden niet opgeteld: voor de regio is er daarom geen cijfer."
OTHER_COUNT = "Het CBS telt anders dan de partners: vergelijk dit cijfer alleen met dat van andere gemeenten."
_TOTAL: Splits = {"municipality": ((),)}
_BY_SEX: Splits = {"municipality": ((), ("sex",))}
_YEARS: dict[str, tuple[str, ...]] = {"municipality": ("year",), "district": ("year",)}


def _young(words: str) -> Measure:
    return Measure(words=f"inwoners van {words} op 1 januari", table="core.denominator", count="inhabitants")


def _suspects(id: str, age: str, words: str) -> Indicator:
    return Indicator(
        id=id,
        title=f"Verdachten van {words} (CBS)",
        definition=f"Inwoners van {words} die in het jaar minstens één keer als verdachte zijn geregistreerd. Per 10.000 "
        "leeftijdgenoten op 1 januari, naar woongemeente. Cijfers van het CBS, afgerond op tientallen.",
        numerator=Measure(words="unieke verdachten", table="core.open_suspects", count="rounded",
                          where=f"age = '{age}' and kind = 'all'"),
        denominator=_young(words),
        unit="per 10.000 leeftijdgenoten",
        per=10_000,
        decimals=0,
        counts="rounded",
        rounding=10,
        geography="home",
        age=age,
        theme="police",
        sources=("open_suspects", "population"),
        splits=_BY_SEX,
        periods=_YEARS,
        breaks=(Break(period="2010", text="Vanaf 2010 komen de cijfers uit een ander registratiesysteem van de politie."),),
        caveats=(TENS, NO_SUM, OTHER_COUNT, "Verdacht is niet hetzelfde als schuldig.",
                 "Het laatste jaar is voorlopig en valt vaak een paar procent te laag uit.", ESTIMATED_BAND),
        legal_basis=OPEN,
        programmes=("ijmond", "twente-5", "avh", "almere"),
    )  # fmt: skip


def _care(id: str, kind: str, title: str, words: str, age: str) -> Indicator:
    levels = ("municipality", "district")
    return Indicator(
        id=id,
        title=f"{title} (CBS)",
        definition=f"Inwoners tot en met {age.split('-')[1]} jaar die in het jaar {words} kregen. Als deel van alle inwoners van "
        f"{age.replace('-', ' tot en met ')} jaar op 1 januari, naar woonplaats. Cijfers van het CBS, afgerond op vijftallen.",
        numerator=Measure(
            words=f"jongeren met {words}", table="core.open_care", count="rounded", where=f"kind = '{kind}'"
        ),
        denominator=_young(f"{age.replace('-', ' tot en met ')} jaar"),
        unit="%",
        per=100,
        decimals=1,
        counts="rounded",
        rounding=5,
        geography="home",
        age=age,
        theme="care",
        sources=("open_care", "population"),
        splits=dict.fromkeys(levels, ((),)),
        periods=_YEARS,
        caveats=(
            FIVES,
            SMALLEST,
            NO_SUM,
            OTHER_COUNT,
            "Wie meer soorten zorg krijgt, telt bij elke soort.",
            ESTIMATED_BAND,
        ),
        legal_basis=OPEN,
        programmes=("twente-1", "twente-5", "avh", "almere"),
    )


INDICATORS = (
    _suspects("open_suspects_12_17", "12-17", "12 tot en met 17 jaar"),
    _suspects("open_suspects_18_22", "18-22", "18 tot en met 22 jaar"),
    Indicator(
        id="open_halt",
        title="Jongeren bij Halt (CBS)",
        definition="Jongeren van 12 tot en met 17 jaar van wie in het jaar een Halt-straf is afgesloten. Per 1.000 "
        "leeftijdgenoten op 1 januari, naar woongemeente. Cijfers van het CBS, afgerond op tientallen.",
        numerator=Measure(words="jongeren met een afgesloten Halt-straf", table="core.open_halt", count="rounded",
                          where="age = '12-17' and kind = 'all'"),
        denominator=_young("12 tot en met 17 jaar"),
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        counts="rounded",
        rounding=10,
        geography="home",
        age="12-17",
        theme="halt",
        sources=("open_halt", "population"),
        splits=_BY_SEX,
        periods=_YEARS,
        breaks=(Break(period="2024", text="Sinds juni 2024 kunnen meer zaken naar Halt."),),
        caveats=(TENS, NO_SUM, "Het jaar is dat van de afsluiting, niet van de verwijzing.",
                 "Meer verwijzingen is niet meer criminaliteit.", ESTIMATED_BAND),
        legal_basis=OPEN,
        programmes=("ijmond", "twente-1", "avh"),
    ),
    _care("open_youth_help", "help", "Jongeren met jeugdhulp", "jeugdhulp", "0-22"),
    _care("open_protection", "protection", "Jongeren met jeugdbescherming", "jeugdbescherming", "0-17"),
    _care("open_probation", "probation", "Jongeren met jeugdreclassering", "jeugdreclassering", "12-22"),
    Indicator(
        id="open_early_leaving",
        title="Voortijdig schoolverlaters (DUO)",
        definition="Leerlingen van 12 tot en met 22 jaar die in het schooljaar van school gingen zonder startkwalificatie. Als deel van "
        "alle leerlingen aan het begin van het schooljaar, naar woongemeente. Cijfers van DUO.",
        numerator=Measure(words="voortijdig schoolverlaters", table="core.open_leaving", count="rounded"),
        denominator=Measure(words="leerlingen aan het begin van het schooljaar", table="core.open_leaving", count="rounded"),
        unit="%",
        per=100,
        decimals=1,
        counts="rounded",
        geography="home",
        age="12-22",
        theme="school",
        sources=("open_leaving",),
        splits=_TOTAL,
        periods={"municipality": ("school_year",)},
        polarity="bad",
        breaks=(Break(period="2012/13", text="Sinds het schooljaar 2012/13 meet DUO op een andere manier."),),
        caveats=("DUO laat aantallen onder de 5 niet zien; daar staat geen cijfer.", OTHER_COUNT,
                 "Sommige gemeenten hebben daardoor niet elk jaar een cijfer."),
        legal_basis=OPEN,
        programmes=("ijmond", "twente-1", "twente-5", "avh"),
    ),
)  # fmt: skip
