"""Police: suspects (persons, protected), crimes and nuisance (incidents, open)."""

from pipelines.indicators.model import (
    ESTIMATED_BAND,
    LEVELS,
    MONTHS_TOO,
    OPEN_DATA,
    POLICE_LAW,
    YEAR_AND_QUARTER,
    Indicator,
    Measure,
    Splits,
)

KINDS = ("property", "public_order", "violence", "weapons", "drugs", "traffic", "other")
REGISTERED = "Verdacht is niet hetzelfde als schuldig: een deel van de zaken wordt later niet vervolgd."
PER_NEIGHBOURHOOD = "Per buurt staan verdachten van 12 tot en met 22 jaar samen: zo is er meer te laten zien."
EFFORT = "Meer registraties kan ook meer inzet van de politie betekenen."
_EVERY_LEVEL_TOTAL = ((),)
_YEAR_BY_MUNICIPALITY: dict[str, tuple[str, ...]] = {"region": ("year",), "municipality": ("year",)}


def _incidents(id: str, title: str, definition: str, words: str, offence: str, caveats: tuple[str, ...]) -> Indicator:
    return Indicator(
        id=id,
        title=title,
        definition=definition,
        numerator=Measure(words=words, table="core.police_open", count="incidents", where=f"offence = '{offence}'"),
        denominator=Measure(words="inwoners op 1 januari", table="core.denominator", count="inhabitants"),
        unit="per 1.000 inwoners",
        per=1_000,
        decimals=1,
        counts="incidents",
        geography="place",
        age="all",
        theme="nuisance" if offence.startswith("nuisance") else "police",
        sources=("police_open", "population"),
        splits=dict.fromkeys(LEVELS, _EVERY_LEVEL_TOTAL),
        periods=MONTHS_TOO,
        caveats=caveats,
        legal_basis=OPEN_DATA,
        programmes=("ijmond", "twente-2", "avh"),
    )


def _suspects(id: str, age: str, bands: tuple[str, ...], words: str, *splits: tuple[str, ...]) -> Indicator:
    """Suspects of one age band; per neighbourhood only all of 12 to 22 together: docs/privacy.md tells why."""
    whole = age == "12-22"
    levels: Splits = {"region": splits, "municipality": splits, "district": ((),)}
    levels |= {"neighbourhood": ((),)} if whole else {}
    return Indicator(
        id=id,
        title=f"Verdachten van {words}",
        definition=f"Jongeren van {words} die in de periode minstens één keer als verdachte zijn geregistreerd. "
        "Per 10.000 leeftijdgenoten op 1 januari, naar woonadres. Elke jongere telt één keer; leeftijd en adres zijn die "
        "bij de laatste registratie in de periode.",
        numerator=Measure(
            words="unieke verdachten", table="core.suspect_period", count="persons", set="suspects",
            where=f"age between {age.replace('-', ' and ')}",
        ),
        denominator=Measure(words=f"inwoners van {words} op 1 januari", table="core.denominator", count="inhabitants"),
        unit="per 10.000 leeftijdgenoten",
        per=10_000,
        decimals=0,
        counts="persons",
        geography="home",
        age=age,
        theme="police",
        sources=("police_suspects", "population"),
        bands=bands,
        splits=levels,
        periods={level: YEAR_AND_QUARTER[level] for level in levels},
        columns={"age": "age_band"},
        caveats=(REGISTERED, EFFORT, ESTIMATED_BAND) if whole else (REGISTERED, EFFORT, PER_NEIGHBOURHOOD, ESTIMATED_BAND),
        legal_basis=POLICE_LAW,
        programmes=("ijmond", "twente-4", "twente-5", "avh", "almere"),
    )  # fmt: skip


INDICATORS = (
    _incidents(
        "crimes", "Geregistreerde misdrijven",
        "Alle misdrijven die de politie heeft geregistreerd, per 1.000 inwoners, naar de plaats van het misdrijf.",
        "geregistreerde misdrijven", "crime/0.0.0",
        ("Niet elk misdrijf wordt gemeld of ontdekt.", "Een wijk met veel winkels of uitgaan telt ook misdrijven door en tegen bezoekers."),
    ),
    _incidents(
        "youth_nuisance", "Meldingen van overlast door jongeren",
        "Meldingen bij de politie over overlast door jongeren (code E35), per 1.000 inwoners. Vernieling telt niet mee.",
        "meldingen van overlast door jongeren", "nuisance/E35",
        ("Meer meldingen is niet altijd meer overlast: bij een meldpunt of campagne melden mensen ook vaker.",
         "In de coronajaren 2020 en 2021 waren er veel meer meldingen. Vergelijk niet alleen met die jaren."),
    ),
    _incidents(
        "vandalism", "Vernieling",
        "Geregistreerde misdrijven van vernieling en beschadiging, per 1.000 inwoners, naar de plaats van het misdrijf.",
        "geregistreerde vernielingen", "crime/2.2.1",
        ("Het gaat om alle vernielingen, niet alleen die door jongeren.", "Niet elke vernieling wordt gemeld."),
    ),
    _suspects("suspects_12_17", "12-17", ("12-14", "15-17"), "12 tot en met 17 jaar", (), ("age",), ("sex",)),
    _suspects("suspects_18_22", "18-22", (), "18 tot en met 22 jaar", (), ("sex",)),
    _suspects("suspects_12_22", "12-22", (), "12 tot en met 22 jaar", ()),
    Indicator(
        id="first_time_suspects",
        title="Nieuwe verdachten",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar voor het eerst als verdachte zijn geregistreerd. "
        "Per 10.000 leeftijdgenoten, naar woonadres. 'Voor het eerst' is gezien in de jaren die geleverd zijn; de eerste "
        "twee jaren ervan hebben daarom geen cijfer.",
        numerator=Measure(words="verdachten zonder eerdere registratie", table="core.suspect_period", count="persons",
                          set="suspects.first_time", where="age between 12 and 22 and first_time"),
        denominator=Measure(words="inwoners van 12 tot en met 22 jaar op 1 januari", table="core.denominator", count="inhabitants"),
        unit="per 10.000 leeftijdgenoten",
        per=10_000,
        decimals=0,
        counts="persons",
        geography="home",
        age="12-22",
        theme="police",
        sources=("police_suspects", "population"),
        bands=("12-17", "18-22"),
        splits=dict.fromkeys(("region", "municipality"), ((), ("age",))),
        periods=_YEAR_BY_MUNICIPALITY,
        columns={"age": "age_group"},
        known_from="first_period",
        caveats=(REGISTERED, "Wie eerder in een andere regio is geregistreerd, kan hier nieuw lijken.", ESTIMATED_BAND),
        legal_basis=POLICE_LAW,
        programmes=("ijmond", "twente-1", "twente-4"),
    ),
    Indicator(
        id="suspects_by_offence",
        title="Verdachten naar soort misdrijf",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar minstens één keer als verdachte van dit soort misdrijf "
        "zijn geregistreerd. Per 10.000 leeftijdgenoten, naar woonadres.",
        numerator=Measure(words="unieke verdachten", table="core.suspect_kind", count="persons", set="suspects",
                          where="age between 12 and 22"),
        denominator=Measure(words="inwoners van 12 tot en met 22 jaar op 1 januari", table="core.denominator", count="inhabitants"),
        unit="per 10.000 leeftijdgenoten",
        per=10_000,
        decimals=0,
        counts="persons",
        geography="home",
        age="12-22",
        theme="police",
        sources=("police_suspects", "population"),
        kinds=KINDS,
        splits=dict.fromkeys(("region", "municipality"), ((), ("kind",))),
        periods=_YEAR_BY_MUNICIPALITY,
        columns={"kind": "kind"},
        caveats=("Wie van meer soorten wordt verdacht, telt bij elke soort: de soorten tellen niet op tot het totaal.",
                 REGISTERED, ESTIMATED_BAND),
        legal_basis=POLICE_LAW,
        programmes=("ijmond", "twente-4", "avh"),
    ),
    Indicator(
        id="suspects_from_elsewhere",
        title="Verdachten uit een andere gemeente",
        definition="Van de verdachten van 12 tot en met 22 jaar van een misdrijf in deze gemeente: het deel dat "
        "in een andere gemeente woont.",
        numerator=Measure(words="verdachten die in een andere gemeente wonen", table="core.suspect_place", count="persons",
                          set="suspects_here.from_elsewhere", where="age between 12 and 22 and from_elsewhere = 1"),
        denominator=Measure(words="verdachten van een misdrijf in deze gemeente", table="core.suspect_place", count="persons",
                            set="suspects_here", where="age between 12 and 22"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="offence",
        age="12-22",
        theme="police",
        sources=("police_suspects",),
        splits=dict.fromkeys(("region", "municipality"), ((),)),
        periods=_YEAR_BY_MUNICIPALITY,
        caveats=("Verdachten zonder bekend woonadres tellen niet mee.", REGISTERED,
                 "Voor de regio telt wie in minstens één andere gemeente dan de eigen gemeente verdacht is."),
        legal_basis=POLICE_LAW,
        programmes=("ijmond", "twente-4"),
    ),
)  # fmt: skip
