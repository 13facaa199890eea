"""Youth care: help with and without stay, protection, probation; how help begins, ends and returns; families."""

from typing import Any

from pipelines.indicators.model import ESTIMATED_BAND, Break, Indicator, Measure, Splits
from pipelines.sources.youth_care import REFERRERS

LAW = "Jeugdwet paragraaf 7.4 (beleidsinformatie); persoonsgegevens zijn vervangen vóór het inlezen"
RESIDENCE = (
    Break(period="2022", text="Sinds 2022 is er een nieuwe regel voor welke gemeente het is (het woonplaatsbeginsel)."),
)
RESPONSIBLE = "De gemeente is die volgens de wet (het woonplaatsbeginsel): dat is niet altijd waar de jongere slaapt."
YEAR_END = "De leeftijd is die op 31 december; het aantal inwoners is dat op 1 januari."
NOT_BUDGET = "Hulp uit een persoonsgebonden budget telt niet mee: die meldt een aanbieder niet."
RUNNING = "Een traject telt in elk jaar waarin het liep, ook als het eerder begon en later eindigde."
OVERLAP = "Wie meer vormen had, telt bij elke vorm: de vormen tellen niet op tot het totaal."
_PLACES = ("region", "municipality")
_YEARS: dict[str, tuple[str, ...]] = dict.fromkeys(_PLACES, ("year",))
_TOTALS: Splits = dict.fromkeys(_PLACES, ((),))
_BY_KIND: Splits = dict.fromkeys(_PLACES, ((), ("kind",)))
_SOURCES = ("youth_care", "population")
_PROGRAMMES = ("twente-1", "twente-5", "avh", "almere")


def _inhabitants(words: str) -> Measure:
    return Measure(words=f"inwoners van {words} op 1 januari", table="core.denominator", count="inhabitants")


def _care(**changes: Any) -> Indicator:
    """What nearly all care indicators have in common: a share of young people, by municipality and year."""
    usual: dict[str, Any] = {
        "unit": "%", "per": 100, "decimals": 1, "counts": "persons", "geography": "home", "theme": "care",
        "sources": _SOURCES, "splits": _TOTALS, "periods": _YEARS, "breaks": RESIDENCE, "legal_basis": LAW,
        "programmes": _PROGRAMMES,
    }  # fmt: skip
    return Indicator(**(usual | changes))


def _persons(words: str, set: str, where: str, table: str = "core.care_period") -> Measure:
    return Measure(words=words, table=table, count="persons", set=set, where=where)


INDICATORS = (
    _care(
        id="care_help",
        title="Jongeren met jeugdhulp",
        definition="Jongeren van 0 tot en met 17 jaar die in het jaar minstens één dag jeugdhulp hadden, met of zonder "
        "verblijf. Als deel van alle leeftijdgenoten. Elke jongere telt één keer.",
        numerator=_persons("jongeren met jeugdhulp", "care.help", "help = 1 and age between 0 and 17"),
        denominator=_inhabitants("0 tot en met 17 jaar"),
        age="0-17",
        bands=("0-11", "12-17"),
        splits=dict.fromkeys(_PLACES, ((), ("age",), ("sex",))),
        columns={"age": "age_group"},
        caveats=(RUNNING, YEAR_END, NOT_BUDGET, RESPONSIBLE, ESTIMATED_BAND),
        programmes=(*_PROGRAMMES, "bh-individual"),
    ),
    _care(
        id="care_help_by_stay",
        title="Jeugdhulp zonder en met verblijf",
        definition="Jongeren van 0 tot en met 17 jaar die in het jaar minstens één dag jeugdhulp zonder of met verblijf "
        "hadden. Als deel van alle leeftijdgenoten. Met verblijf is een pleeggezin, een gezinshuis, een gesloten plek of "
        "een andere plek buiten huis.",
        numerator=_persons("jongeren met jeugdhulp", "care.help", "care = 'help' and age between 0 and 17", "core.care_kind"),
        denominator=_inhabitants("0 tot en met 17 jaar"),
        age="0-17",
        kinds=("without_stay", "with_stay"),
        splits=_BY_KIND,
        columns={"kind": "kind"},
        caveats=(OVERLAP, RUNNING, YEAR_END, RESPONSIBLE, ESTIMATED_BAND),
    ),
    _care(
        id="care_help_18_22",
        title="Jongvolwassenen met jeugdhulp",
        definition="Jongeren van 18 tot en met 22 jaar die in het jaar minstens één dag verlengde jeugdhulp hadden. Als "
        "deel van alle leeftijdgenoten.",
        numerator=_persons("jongvolwassenen met jeugdhulp", "care.help", "help = 1 and age between 18 and 22"),
        denominator=_inhabitants("18 tot en met 22 jaar"),
        age="18-22",
        caveats=("Wie in het jaar 18 werd, telt hier ook met de hulp van daarvoor.", YEAR_END, RESPONSIBLE, ESTIMATED_BAND),
        programmes=("twente-5", "avh"),
    ),
    _care(
        id="care_protection",
        title="Jongeren met jeugdbescherming",
        definition="Jongeren van 0 tot en met 17 jaar die in het jaar minstens één dag jeugdbescherming hadden: "
        "ondertoezichtstelling, of een voogd van een gecertificeerde instelling. Als deel van alle leeftijdgenoten.",
        numerator=_persons("jongeren met jeugdbescherming", "care.protection",
                           "care = 'protection' and age between 0 and 17", "core.care_kind"),
        denominator=_inhabitants("0 tot en met 17 jaar"),
        decimals=2,
        age="0-17",
        kinds=("supervision_order", "guardianship"),
        splits=_BY_KIND,
        columns={"kind": "kind"},
        caveats=("Een voorlopige maatregel telt mee.", OVERLAP, RUNNING, YEAR_END, RESPONSIBLE, ESTIMATED_BAND),
        programmes=(*_PROGRAMMES, "almere-family", "bh-system"),
    ),
    _care(
        id="care_probation",
        title="Jongeren met jeugdreclassering",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar minstens één dag begeleiding van de jeugdreclassering "
        "hadden. Als deel van alle leeftijdgenoten.",
        numerator=_persons("jongeren met jeugdreclassering", "care.probation", "probation = 1 and age between 12 and 22"),
        denominator=_inhabitants("12 tot en met 22 jaar"),
        decimals=2,
        age="12-22",
        bands=("12-17", "18-22"),
        splits={"region": ((), ("age",)), "municipality": ((),)},
        columns={"age": "age_group"},
        caveats=("Minder begeleiding kan ook minder straffen betekenen.", RUNNING, YEAR_END, RESPONSIBLE, ESTIMATED_BAND),
        programmes=("twente-4", "twente-5", "avh", "ijmond-person"),
    ),
    _care(
        id="care_referrers",
        title="Begonnen met jeugdhulp, naar verwijzer",
        definition="Jongeren van 0 tot en met 17 jaar die in het jaar met jeugdhulp begonnen, naar wie hen verwees. Per 1.000 "
        "leeftijdgenoten. Overgaan naar een andere vorm van hulp is geen nieuw begin.",
        numerator=_persons("jongeren die met jeugdhulp begonnen", "care.help.started", "age between 0 and 17", "core.care_start"),
        denominator=_inhabitants("0 tot en met 17 jaar"),
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        age="0-17",
        kinds=tuple(REFERRERS.values()),
        splits=_BY_KIND,
        columns={"kind": "kind"},
        caveats=("Wie via meer verwijzers begon, telt bij elke verwijzer.", YEAR_END, RESPONSIBLE, ESTIMATED_BAND),
    ),
    _care(
        id="care_early_endings",
        title="Jeugdhulp eerder gestopt dan gepland",
        definition="Van de jongeren van 0 tot en met 17 jaar van wie in het jaar jeugdhulp eindigde: het deel bij wie die "
        "eerder stopte dan gepland: in overleg, door de jongere of het gezin, door de aanbieder of door iets van buiten. Bij "
        "meer trajecten in één jaar telt het laatste.",
        numerator=_persons("jongeren van wie de hulp eerder stopte", "care.help.ended.early",
                           "early = 1 and age between 0 and 17", "core.care_end"),
        denominator=_persons("jongeren van wie jeugdhulp eindigde", "care.help.ended", "age between 0 and 17", "core.care_end"),
        decimals=0,
        age="0-17",
        sources=("youth_care",),
        polarity="bad",
        caveats=("Is niet bekend waarom hulp eindigde, dan telt dat einde niet mee.", "Eerder stoppen in overleg kan ook goed nieuws zijn.", YEAR_END),
        programmes=("twente-5", "twente-6", "avh"),
    ),
    _care(
        id="care_return",
        title="Binnen een jaar terug in jeugdhulp",
        definition="Van de jongeren van 0 tot en met 17 jaar die in het jaar met jeugdhulp begonnen: het deel dat korter dan "
        "een jaar daarvoor (365 dagen) met eerdere jeugdhulp was gestopt. Het eerste geleverde jaar heeft geen cijfer.",
        numerator=_persons("jongeren die binnen een jaar terugkwamen", "care.help.started.returned",
                           "returned = 1 and age between 0 and 17", "core.care_start"),
        denominator=_persons("jongeren die met jeugdhulp begonnen", "care.help.started", "age between 0 and 17", "core.care_start"),
        decimals=0,
        age="0-17",
        sources=("youth_care",),
        known_from="previous_year",
        polarity="bad",
        caveats=("Wie eerder in een andere regio hulp had, kan hier nieuw lijken.", YEAR_END),
        programmes=("twente-1", "twente-5", "twente-6", "avh"),
    ),
    _care(
        id="care_under_12_police",
        title="Kinderen onder de 12 met zorg en een verdenking",
        definition="Kinderen onder de 12 jaar die in het jaar als verdachte zijn geregistreerd en in dat jaar jeugdhulp, "
        "jeugdbescherming of jeugdreclassering hadden. Per 10.000 leeftijdgenoten. Alleen voor de hele regio.",
        numerator=_persons("kinderen met zorg en een verdenking", "suspects.with_care", "age between 0 and 11", "core.care_police"),
        denominator=_inhabitants("0 tot en met 11 jaar"),
        unit="per 10.000 leeftijdgenoten",
        per=10_000,
        age="0-11",
        sources=("youth_care", "police_suspects", "population"),
        splits={"region": ((),)},
        periods={"region": ("year",)},
        caveats=("Kinderen onder de 12 worden niet vervolgd.", "De politie levert kinderen vanaf 10 jaar.",
                 "Leeftijd en adres zijn die bij de politie.", ESTIMATED_BAND),
        legal_basis=f"{LAW}; Wet politiegegevens artikel 16 en 20",
        programmes=("almere", "twente-1", "avh"),
    ),
    _care(
        id="care_families",
        title="Gezinnen met meer jongeren in zorg",
        definition="Van de gezinnen met een jongere van 0 tot en met 22 jaar in jeugdhulp, jeugdbescherming of "
        "jeugdreclassering: het deel met twee of meer zulke jongeren in hetzelfde jaar. Elk gezin telt één keer, in de "
        "gemeente van de jongste.",
        numerator=Measure(words="gezinnen met twee of meer jongeren in zorg", table="core.care_family", count="families",
                          set="care_families.two_or_more", where="two_or_more = 1"),
        denominator=Measure(words="gezinnen met een jongere in zorg", table="core.care_family", count="families",
                            set="care_families"),
        decimals=0,
        counts="families",
        age="0-22",
        sources=("youth_care",),
        caveats=("Jongeren van wie het gezin niet bekend is, tellen niet mee.",
                 "Een gezin is wie volgens de aanbieder samen een gezin is.", YEAR_END),
        programmes=("twente-7", "almere-family", "bh-system"),
    ),
)  # fmt: skip
