"""Approaches, youth groups and interventions: how many, coming, going, and whether people were told.

The person approach stands by itself: it has its own purpose, and only people who were informed count (IJmond covenant).
Groups are counted, never told apart; interventions are open, since they hold no persons.
"""

from pipelines.indicators.model import ESTIMATED_BAND, Indicator, Links, Measure, Splits
from pipelines.indicators.programmes import PARTS

KINDS = ("group", "system", "place")
DURATIONS = ("under_6_months", "6_to_12_months", "1_to_2_years", "over_2_years")
STEPS = ("steps_1_2", "steps_3_5", "steps_6_7")
TYPES = ("information", "training", "coaching", "sport", "family_support", "outreach", "other")
LAW = (
    "Convenanten van de gemeenten, de politie en het Openbaar Ministerie over de groepsaanpak en de persoonsgebonden "
    "aanpak; persoonsgegevens zijn vervangen vóór het inlezen"
)
NO_PERSONS = "Er zijn geen persoonsgegevens nodig"
NOT_WORSE = "Meer mensen in een aanpak is niet meer overlast: het kan ook betekenen dat er meer wordt gedaan."
WHERE = "Geteld in de gemeente die de aanpak leidt: waar iemand woonde toen hij erin kwam. Wie verhuist, telt daar tot het einde."
ONE_COVENANT = "Alleen wie over de aanpak is geïnformeerd, telt mee: zo staat het in het convenant."
_TOTALS: Splits = dict.fromkeys(("region", "municipality"), ((),))
_BY_KIND: Splits = {"region": ((), ("kind",)), "municipality": ((),)}
_EVERY_KIND: Splits = dict.fromkeys(("region", "municipality"), ((), ("kind",)))
_YEARS: dict[str, tuple[str, ...]] = {"region": ("year",), "municipality": ("year",)}
_HALF_YEARS: dict[str, tuple[str, ...]] = {"region": ("half_year",), "municipality": ("half_year",)}
_INHABITANTS = Measure(words="inwoners op 1 januari", table="core.denominator", count="inhabitants")
_GROUP_PROGRAMMES = ("bh-group", "bh-system", "bh-place", "ijmond-group", "twente-3", "almere-family")
_PERSON_PROGRAMMES = ("bh-individual", "ijmond-person", "twente-4")
_TRACKS = {
    "approach": ("een groepsaanpak, systeemaanpak of locatiegerichte aanpak", "approach", "steering", _GROUP_PROGRAMMES, ()),
    "person_approach": (
        "een persoonsgebonden aanpak", "person_approach.informed", "person_approach", _PERSON_PROGRAMMES, (ONE_COVENANT,),
    ),
}  # fmt: skip
"""Track -> words, set of the stock on 31 December, purpose, programmes, caveats of its own."""


def _flow(track: str, id: str, title: str, what: str, flag: str, prefix: str) -> Indicator:
    """Stock, inflow or outflow of a track; `in:` and `out:` before a set name its flows (docs/adr)."""
    words, stock, purpose, programmes, caveats = _TRACKS[track]
    return Indicator(
        id=f"{track}_{id}",
        title=title,
        definition=f"Mensen die {what.format(words)}, per 10.000 inwoners. Ieder telt één keer.",
        numerator=Measure(
            words=f"mensen die {what.format(words)}", table="core.approach_flow", count="persons",
            set=prefix + stock, where=f"track = '{track}' and {flag} = 1",
        ),
        denominator=_INHABITANTS,
        unit="per 10.000 inwoners",
        per=10_000,
        decimals=1,
        counts="persons",
        geography="home",
        age="all",
        theme="approaches",
        sources=("approaches", "population"),
        splits=_TOTALS,
        periods=_YEARS,
        caveats=(NOT_WORSE, WHERE, *caveats),
        purpose=purpose,
        legal_basis=LAW,
        programmes=programmes,
    )  # fmt: skip


def _duration(track: str, title: str, column: str, kinds: tuple[str, ...]) -> Indicator:
    words, stock, purpose, programmes, caveats = _TRACKS[track]
    return Indicator(
        id=f"{track}_duration",
        title=title,
        definition=f"Mensen die in het jaar uit {words} gingen, naar hoe lang die duurde, van de eerste tot de laatste dag. Tel de klassen "
        "van kort naar lang op: waar u over de helft komt, ligt de middelste duur.",
        numerator=Measure(
            words="mensen die uit de aanpak gingen", table="core.approach_flow", count="persons", set=f"out:{stock}",
            where=f"track = '{track}' and outflow = 1",
        ),
        denominator=None,
        unit="mensen",
        per=1,
        decimals=0,
        counts="persons",
        geography="home",
        age="all",
        theme="approaches",
        sources=("approaches",),
        kinds=kinds,
        splits={"region": (("kind",),)},
        periods={"region": ("year",)},
        columns={"kind": column},
        links=Links(adds_up=True),
        caveats=("Wie nog in een aanpak zit, telt niet mee: lange aanpakken komen pas later in beeld.", *caveats),
        purpose=purpose,
        legal_basis=LAW,
        programmes=programmes,
    )  # fmt: skip


def _interventions(id: str, title: str, definition: str, measure: Measure, unit: str, **rest: object) -> Indicator:
    fields: dict[str, object] = {
        "denominator": None, "per": 1, "decimals": 0, "splits": _EVERY_KIND, "periods": _YEARS, "age": "all",
        "sources": ("interventions",), "caveats": (), "columns": {},
    }  # fmt: skip
    return Indicator(
        id=id,
        title=title,
        definition=definition,
        numerator=measure,
        unit=unit,
        counts="projects",
        geography="place",
        theme="interventions",
        purpose="steering",
        legal_basis=NO_PERSONS,
        programmes=("twente-6", "twente-2", "bh", "almere"),
        **(fields | rest),  # type: ignore[arg-type]
    )


INDICATORS = (
    _flow("approach", "stock", "In een groeps-, systeem- of locatiegerichte aanpak", "op 31 december in {} zaten", "stock", ""),
    Indicator(
        id="approach_kind",
        title="In een aanpak, naar soort",
        definition="Van de mensen die op 31 december in een groepsaanpak, systeemaanpak of locatiegerichte aanpak zaten: het deel in "
        "deze aanpak. Wie in meer aanpakken zit, telt bij elke aanpak.",
        numerator=Measure(words="mensen in deze aanpak", table="core.approach_period", count="persons", set="approach",
                          where="approach <> 'person' and stock = 1"),
        denominator=Measure(words="mensen in een aanpak", table="core.approach_period", count="persons", set="approach",
                            where="approach <> 'person' and stock = 1"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="all",
        theme="approaches",
        sources=("approaches",),
        kinds=KINDS,
        splits={"region": (("kind",),)},
        periods={"region": ("year",)},
        columns={"kind": "approach"},
        links=Links(whole=True),
        caveats=(NOT_WORSE, "De soorten tellen niet op tot 100 procent.",
                 "Alleen voor de hele regio: in één gemeente kan een aanpak om één groep of gezin gaan."),
        purpose="steering",
        legal_basis=LAW,
        programmes=_GROUP_PROGRAMMES,
    ),
    _flow("approach", "inflow", "Nieuw in een groeps-, systeem- of locatiegerichte aanpak",
          "in het jaar in {} kwamen, en er op 31 december daarvoor niet in zaten", "inflow", "in:"),
    _flow("approach", "outflow", "Uit een groeps-, systeem- of locatiegerichte aanpak",
          "in het jaar in {} zaten, en op 31 december niet meer", "outflow", "out:"),
    Indicator(
        id="approach_informed",
        title="Geïnformeerd over de aanpak",
        definition="Van de mensen die op 31 december in een groepsaanpak, systeemaanpak of locatiegerichte aanpak zaten: het deel "
        "dat daarover is geïnformeerd. Wie in meer aanpakken zit, telt als geïnformeerd als dat bij minstens één is gebeurd.",
        numerator=Measure(words="mensen die zijn geïnformeerd", table="core.approach_period", count="persons",
                          set="approach.informed", where="approach <> 'person' and informed = 1"),
        denominator=Measure(words="mensen in een aanpak", table="core.approach_period", count="persons", set="approach",
                            where="approach <> 'person' and stock = 1"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="all",
        theme="approaches",
        sources=("approaches",),
        splits={"region": ((),)},
        periods={"region": ("year",)},
        polarity="good",
        caveats=("Alleen voor de hele regio: in één gemeente gaat het om te weinig mensen.",),
        purpose="steering",
        legal_basis=LAW,
        programmes=("bh-group", "bh-system", "bh-place", "ijmond-group"),
    ),
    _duration("approach", "Duur van groeps-, systeem- en locatiegerichte aanpakken", "duration", DURATIONS),
    _flow("person_approach", "stock", "In een persoonsgebonden aanpak", "op 31 december in {} zaten", "stock", ""),
    _flow("person_approach", "inflow", "Nieuw in een persoonsgebonden aanpak",
          "in het jaar in {} kwamen, en er op 31 december daarvoor niet in zaten", "inflow", "in:"),
    _flow("person_approach", "outflow", "Uit een persoonsgebonden aanpak",
          "in het jaar in {} zaten, en op 31 december niet meer", "outflow", "out:"),
    _duration("person_approach", "Duur van persoonsgebonden aanpakken", "around_a_year", ("under_1_year", "over_1_year")),
    Indicator(
        id="person_approach_not_informed",
        title="Persoonsgebonden aanpak: niet geïnformeerd",
        definition="Van de mensen die op 31 december in een persoonsgebonden aanpak zaten: het deel bij wie geen datum staat waarop "
        "de jongere en de ouders zijn geïnformeerd.",
        numerator=Measure(words="mensen zonder datum van informeren", table="core.approach_period", count="persons",
                          set="person_approach.not_informed", where="approach = 'person' and stock = 1 and informed = 0"),
        denominator=Measure(words="mensen in een persoonsgebonden aanpak", table="core.approach_period", count="persons",
                            set="person_approach", where="approach = 'person' and stock = 1"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="all",
        theme="approaches",
        sources=("approaches",),
        splits={"region": ((),)},
        periods={"region": ("year",)},
        polarity="bad",
        links=Links(bounds=(
            {"person_approach": 1, "person_approach.informed": -1, "person_approach.not_informed": -1},
            {"person_approach": -1, "person_approach.informed": 1, "person_approach.not_informed": 1},
        )),
        caveats=("Voor de gegevensbeheerder: de andere cijfers over deze aanpak tellen deze mensen niet mee.",
                 "Soms is wel geïnformeerd, maar is de datum niet ingevuld."),
        purpose="quality",
        legal_basis=LAW,
        programmes=("ijmond-person",),
    ),
    Indicator(
        id="youth_groups",
        title="Jeugdgroepen in beeld",
        definition="Aantal jeugdgroepen dat in het halfjaar in beeld was bij de gemeente en de politie, ook naar stap van het "
        "7-stappenmodel: 1 en 2 in beeld brengen en duiden, 3 tot en met 5 kiezen, leiden en plannen, 6 en 7 uitvoeren en evalueren.",
        numerator=Measure(words="jeugdgroepen in beeld", table="core.youth_group", count="groups", set="youth_groups"),
        denominator=None,
        unit="groepen",
        per=1,
        decimals=0,
        counts="groups",
        geography="place",
        age="all",
        theme="approaches",
        sources=("youth_groups",),
        kinds=STEPS,
        splits=_BY_KIND,
        periods=_HALF_YEARS,
        columns={"kind": "phase"},
        links=Links(adds_up=True),
        caveats=("Meer groepen in beeld kan ook betekenen dat er beter wordt gekeken.",
                 "Sinds 2015 krijgen groepen geen oordeel meer; cijfers van daarvoor zijn niet te vergelijken.",
                 "Cijfers gaan nooit over één groep of over een buurt."),
        purpose="steering",
        legal_basis=f"{NO_PERSONS}: een groep is een code zonder betekenis",
        programmes=("bh-group", "ijmond-group", "twente-3"),
    ),
    _interventions(
        "interventions", "Interventies", "Aantal interventies dat in het jaar liep, ook naar soort.",
        Measure(words="interventies", table="core.intervention_place", count="projects"), "interventies",
        kinds=TYPES, columns={"kind": "type"},
        caveats=("Een interventie in meer gemeenten telt in elke gemeente, en één keer voor de regio.",),
    ),
    _interventions(
        "interventions_by_project", "Interventies naar project",
        "Aantal interventies dat in het jaar liep, naar het project of de aanpak waar ze bij horen.",
        Measure(words="interventies", table="core.intervention_place", count="projects"), "interventies",
        kinds=(*(part.code for part in PARTS), "none"), splits={"region": (("kind",),)}, periods={"region": ("year",)},
        columns={"kind": "project"},
    ),
    _interventions(
        "intervention_participants", "Deelnemers aan interventies",
        "Aantal deelnemers in het jaar, van alle interventies met genoeg deelnemers om te noemen, ook naar soort.",
        Measure(words="deelnemers", table="core.intervention", count="participants"), "deelnemers",
        kinds=TYPES, columns={"kind": "type"}, splits={"region": ((), ("kind",))}, periods={"region": ("year",)},
        caveats=("Interventies met weinig of een onbekend aantal deelnemers tellen niet mee.",
                 "Wie aan twee interventies meedoet, telt twee keer."),
    ),
    _interventions(
        "intervention_reach", "Bereik van interventies voor 12 tot en met 22 jaar",
        "Deelnemers in het jaar aan interventies die bedoeld zijn voor leeftijden binnen 12 tot en met 22 jaar. Per 1.000 "
        "leeftijdgenoten op 1 januari.",
        Measure(words="deelnemers", table="core.intervention", count="participants", where="youngest >= 12 and oldest <= 22"),
        "per 1.000 leeftijdgenoten",
        denominator=Measure(words="inwoners van 12 tot en met 22 jaar op 1 januari", table="core.denominator", count="inhabitants"),
        per=1_000, decimals=1, age="12-22", sources=("interventions", "population"),
        splits={"region": ((),)}, periods={"region": ("year",)},
        caveats=("Interventies met weinig of een onbekend aantal deelnemers tellen niet mee.",
                 "Wie aan twee interventies meedoet, telt twee keer.", ESTIMATED_BAND),
    ),
)  # fmt: skip
