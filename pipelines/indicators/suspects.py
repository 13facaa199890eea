"""Suspects, more closely: by phenomenon and disposal, who comes back, who acts with others.

All are counted with the age and home of core.suspect_period, so that they are parts of the set `suspects`.
"""

from typing import Any

from pipelines.indicators.model import ESTIMATED_BAND, POLICE_LAW, Holder, Indicator, Links, Measure, Splits
from pipelines.indicators.police import EFFORT, REGISTERED

PHENOMENA = ("online", "money_mule", "subversive", "exploitation")
DISPOSALS = ("halt", "stop", "reprimand", "prosecution", "dismissal")
SEEN_LATER = "Wat later wordt gepleegd of geregistreerd dan wat er is geleverd, telt niet mee: de laatste jaren hebben geen cijfer."
_REGION: dict[str, tuple[str, ...]] = {"region": ("year",)}
_YEARS: dict[str, tuple[str, ...]] = {"region": ("year",), "municipality": ("year",)}
_TOTALS: Splits = dict.fromkeys(("region", "municipality"), ((),))
_BY_KIND: Splits = dict.fromkeys(("region", "municipality"), ((), ("kind",)))
_BY_AGE: Splits = {"region": ((), ("age",)), "municipality": ((),)}
_YOUNG = "age between 12 and 22"
_EVERY_REGISTRATION = {"registrations": 1, "suspects": -1, "suspects.repeat": -1}
"""Who has a second registration brings at least one more than himself, who has a sixth at least five."""


def _usual(**changes: Any) -> Indicator:
    usual: dict[str, Any] = {
        "counts": "persons", "geography": "home", "age": "12-22", "theme": "police", "splits": _TOTALS, "periods": _YEARS,
        "legal_basis": POLICE_LAW, "bands": ("12-17", "18-22"), "columns": {"age": "age_group"},
    }  # fmt: skip
    return Indicator(**(usual | changes))


def _rate(words: str, table: str, set: str, *, where: str = _YOUNG, age: str = "12-22", **changes: Any) -> Indicator:
    """Suspects of one sort per 10,000 inhabitants of their age."""
    peers = f"inwoners van {age.replace('-', ' tot en met ')} jaar op 1 januari"
    return _usual(
        numerator=Measure(words=words, table=table, count="persons", set=set, where=where),
        denominator=Measure(words=peers, table="core.denominator", count="inhabitants"),
        unit="per 10.000 leeftijdgenoten", per=10_000, decimals=1, sources=("police_suspects", "population"), age=age, **changes,
    )  # fmt: skip


def _share(words: str, set: str, where: str, **changes: Any) -> Indicator:
    """The part of all suspects of 12 to 22 for whom something holds."""
    return _usual(
        numerator=Measure(words=words, table="core.suspect_year", count="persons", set=set, where=f"{_YOUNG} and {where}"),
        denominator=Measure(words="unieke verdachten", table="core.suspect_year", count="persons", set="suspects", where=_YOUNG),
        unit="%", per=100, decimals=0, sources=("police_suspects",), **changes,
    )  # fmt: skip


INDICATORS = (
    _rate(
        "verdachten van één van deze fenomenen", "core.suspect_phenomenon", "suspects.phenomenon",
        id="suspects_by_phenomenon",
        title="Verdachten naar fenomeen",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar minstens één keer als verdachte zijn geregistreerd. Het gaat om online "
        "criminaliteit, geldezels en witwassen, drugshandel en -productie of mensenhandel en uitbuiting. Per 10.000 leeftijdgenoten, "
        "naar woonadres. Wapens staan apart.",
        where=f"{_YOUNG} and kind <> 'weapons'",
        kinds=PHENOMENA,
        links=Links(holders=(
            Holder(set="suspects", kind="property", of="money_mule"), Holder(set="suspects", kind="drugs", of="subversive"),
            Holder(set="suspects", kind="violence", of="exploitation"),
        )),
        splits={"region": ((), ("kind",)), "municipality": ((),)},
        caveats=("Wie bij meer fenomenen hoort, telt bij elk: de fenomenen tellen niet op tot het totaal.",
                 "De politie registreert delicten, geen fenomenen: wij kozen welke codes erbij horen. Sextortion staat vaak onder "
                 "afpersing en is dan niet te zien.",
                 "Het gaat om verdachten. Jongeren die slachtoffer zijn van uitbuiting staan hier niet in.", REGISTERED, ESTIMATED_BAND),
        programmes=("avh", "avh-online", "avh-subversive", "avh-trafficking", "twente-4", "twente-5"),
    ),
    _rate(
        "verdachten van bezit van of handel in wapens", "core.suspect_kind", "suspects",
        id="suspects_weapons",
        title="Verdachten van wapenbezit of wapenhandel",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar minstens één keer verdacht werden van bezit van of handel in "
        "wapens. Per 10.000 leeftijdgenoten. Per gemeente staat dit bij verdachten naar soort misdrijf.",
        where=f"{_YOUNG} and kind = 'weapons'",
        kind="weapons",
        splits={"region": ((),)},
        periods=_REGION,
        caveats=("Controleert de politie vaker op wapens, dan zijn er vaak ook meer verdachten.", "Een steekpartij telt bij geweld, niet hier.", REGISTERED, ESTIMATED_BAND),
        programmes=("avh", "avh-weapons", "ijmond", "twente-4"),
    ),
    _rate(
        "verdachten met een bekende afdoening", "core.suspect_disposal", "suspects.disposal",
        id="suspects_by_disposal",
        title="Verdachten naar afdoening",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar als verdachte zijn geregistreerd, naar wat er volgde (de afdoening): "
        "Halt, STOP, reprimande, dagvaarding of sepot (geen vervolging). Per 10.000 leeftijdgenoten, naar woonadres.",
        kinds=DISPOSALS,
        splits=_BY_KIND,
        caveats=("Wie in het jaar meer keren verdachte was, kan bij meer afdoeningen tellen.",
                 "Van een deel van de registraties is nog niet bekend wat er volgde.", REGISTERED, ESTIMATED_BAND),
        programmes=("avh-chain", "twente-5", "twente-6"),
    ),
    _rate(
        "verdachten onder de 12 jaar", "core.suspect_period", "suspects",
        id="suspects_under_12",
        title="Verdachten onder de 12 jaar",
        definition="Kinderen onder de 12 jaar die in het jaar minstens één keer als verdachte zijn geregistreerd. Per 10.000 "
        "leeftijdgenoten. Alleen voor de hele regio.",
        where="age < 12",
        age="0-11",
        splits={"region": ((),)},
        periods=_REGION,
        bands=(),
        caveats=("Kinderen onder de 12 jaar worden niet vervolgd; zij kunnen wel een STOP-reactie krijgen.",
                 "De politie levert kinderen vanaf 10 jaar.", REGISTERED, ESTIMATED_BAND),
        programmes=("almere-signalling", "twente-1", "avh"),
    ),
    _share(
        "verdachten met twee of meer registraties", "suspects.repeat", "registrations >= 2",
        id="repeat_suspects",
        title="Verdachten met twee of meer registraties",
        definition="Van de verdachten van 12 tot en met 22 jaar: het deel dat in het jaar twee keer of vaker is geregistreerd.",
        splits=_BY_AGE,
        caveats=("Eén voorval kan meer registraties geven.", REGISTERED, EFFORT),
        programmes=("ijmond-person", "bh-individual", "twente-4", "avh"),
    ),
    _share(
        "verdachten met meer dan vijf registraties", "suspects.repeat.frequent", "registrations > 5",
        id="frequent_suspects",
        title="Verdachten met meer dan vijf registraties",
        definition="Van de verdachten van 12 tot en met 22 jaar: het deel dat in het jaar meer dan vijf keer is geregistreerd. Alleen "
        "voor de hele regio.",
        splits={"region": ((),)},
        periods=_REGION,
        caveats=("Het gaat om registraties in één jaar, niet over een heel leven.", "Eén voorval kan meer registraties geven.", REGISTERED),
        programmes=("ijmond-person", "bh-individual", "twente-4"),
    ),
    _usual(
        id="registrations",
        title="Registraties per verdachte",
        definition="Hoe vaak verdachten van 12 tot en met 22 jaar in het jaar gemiddeld zijn geregistreerd, naar woonadres bij de "
        "laatste registratie.",
        numerator=Measure(words="registraties van verdachten", table="core.suspect_year", count="registrations", set="registrations",
                          where=_YOUNG),
        denominator=Measure(words="unieke verdachten", table="core.suspect_year", count="persons", set="suspects", where=_YOUNG),
        unit="registraties per verdachte",
        per=1,
        decimals=1,
        sources=("police_suspects",),
        links=Links(bounds=(_EVERY_REGISTRATION, _EVERY_REGISTRATION | {"suspects.repeat.frequent": -4})),
        caveats=("Enkele jongeren met veel registraties bepalen een groot deel van dit cijfer.", "Eén voorval kan meer registraties geven.",
                 "De marge doet alsof registraties los van elkaar staan en is daarom wat te smal."),
        programmes=("twente-4", "twente-5", "avh"),
    ),
    _share(
        "verdachten die samen met anderen verdacht zijn", "suspects.in_group", "in_group = 1",
        id="suspects_in_group",
        title="Verdachten samen met anderen",
        definition="Van de verdachten van 12 tot en met 22 jaar: het deel met minstens één registratie waarbij de politie ook anderen van "
        "hetzelfde delict verdenkt.",
        splits=_BY_AGE,
        caveats=("De politie kent niet altijd alle verdachten van een delict.", REGISTERED),
        programmes=("ijmond-group", "bh-group", "twente-3", "twente-4"),
    ),
    _share(
        "verdachten die binnen een jaar opnieuw verdacht zijn", "suspects.again.soon", "again_1 = 1",
        id="again_within_1_year",
        title="Binnen een jaar opnieuw verdacht",
        definition="Van de verdachten van 12 tot en met 22 jaar: het deel dat verdacht werd van een nieuw delict binnen "
        "een jaar na de eerste registratie van dat jaar.",
        known_from="next_year",
        caveats=(SEEN_LATER, "Het gaat om nieuwe verdenkingen, niet om veroordelingen.", "Wie verhuist naar een andere regio, raakt uit beeld."),
        programmes=("twente-4", "twente-6", "avh", "ijmond-person"),
    ),
    _share(
        "verdachten die binnen twee jaar opnieuw verdacht zijn", "suspects.again", "again_2 = 1",
        id="again_within_2_years",
        title="Binnen twee jaar opnieuw verdacht",
        definition="Van de verdachten van 12 tot en met 22 jaar: het deel dat verdacht werd van een nieuw delict binnen "
        "twee jaar na de eerste registratie van dat jaar.",
        known_from="second_year",
        caveats=(SEEN_LATER, "Het gaat om nieuwe verdenkingen, niet om veroordelingen.", "Wie verhuist naar een andere regio, raakt uit beeld."),
        programmes=("twente-4", "twente-6", "avh"),
    ),
)  # fmt: skip
