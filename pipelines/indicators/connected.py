"""Sources connected by person: what was known of suspects before, how they go through the chain, who is in several domains.

Every figure here needs all its sources: a year of which one did not come is "not delivered".
"""

from typing import Any

from pipelines.indicators.model import ESTIMATED_BAND, Break, Holder, Indicator, Links, Measure, Splits
from pipelines.indicators.police import REGISTERED

LAW = (
    "Wet politiegegevens artikel 16 en 20, Wet justitiële en strafvorderlijke gegevens artikel 51c, Leerplichtwet 1969 artikel 24f "
    "en Jeugdwet paragraaf 7.4; bronnen worden alleen met codes in plaats van namen verbonden, voor statistiek"
)
TRAITS = ("absence", "long_absence", "early_leaver", "help", "stay", "protection", "probation", "approach")
BROAD_TRAITS = ("absence", "help", "approach")
_TRAIT_WORDS = {
    "absence": "schoolverzuim", "long_absence": "langdurig verzuim", "early_leaver": "voortijdig van school", "help": "jeugdhulp",
    "stay": "jeugdhulp met verblijf", "protection": "jeugdbescherming", "probation": "jeugdreclassering", "approach": "in een aanpak",
}  # fmt: skip
_BANDS = ("12-15", "16-17", "18-22")
ONLY_A_WORD = "Risicojeugd is hier alleen een woord voor contact met politie of Halt; het zegt niets over de toekomst van een jongere."
STEPS = ("signal", "halt", "prosecution", "probation", "care")
EVERYBODY = ("police_suspects", "halt", "school_absence", "school_leaving", "youth_care", "approaches")
NO_CAUSE = "Dat twee dingen samen voorkomen, zegt niet dat het ene door het andere komt. Wie in beeld is, wordt ook vaker gezien."
ONLY_KNOWN = "Wat in een andere regio of bij een andere organisatie is gebeurd, is niet bekend."
FIRST_SOURCE = (
    "Leeftijd en adres komen van de eerste bron die de jongere kent: politie, Halt, school, jeugdhulp, aanpak."
)
SEVERAL = "Wie meer kenmerken heeft, telt bij elk kenmerk: zij tellen niet op."
LINKED = (
    Break(
        period="2022",
        text="Sinds 2022 is er bij jeugdhulp een nieuwe regel voor welke gemeente het is (het woonplaatsbeginsel).",
    ),
)
_PLACES = ("region", "municipality")
_TOTALS: Splits = dict.fromkeys(_PLACES, ((),))
_YEARS: dict[str, tuple[str, ...]] = dict.fromkeys(_PLACES, ("year",))
_REGION: dict[str, tuple[str, ...]] = {"region": ("year",)}
_REGION_ONLY: dict[str, Any] = {"splits": {"region": ((),)}, "periods": _REGION}
_YOUNG = "age between 12 and 22"
_UNION = {"suspects": 1, "suspects.care_before": -1, "suspects.absence_before": -1,
          "suspects.care_before.absence_too": 1, "suspects.not_seen_before": -1}  # fmt: skip
"""Everybody is known in care, in school absence, in both or in neither: exactly, so the bound holds both ways."""


def _usual(**changes: Any) -> Indicator:
    usual: dict[str, Any] = {
        "unit": "%", "per": 100, "decimals": 0, "counts": "persons", "geography": "home", "age": "12-22", "theme": "connected",
        "splits": _TOTALS, "periods": _YEARS, "legal_basis": LAW, "bands": ("12-17", "18-22"), "columns": {"age": "age_group"},
        "programmes": ("twente-5", "twente-1", "avh-chain", "almere-signalling"),
    }  # fmt: skip
    return Indicator(**(usual | changes))


def _persons(words: str, table: str, set: str, where: str = "true") -> Measure:
    return Measure(words=words, table=table, count="persons", set=set, where=where)


def _before(id: str, title: str, what: str, words: str, set: str, flags: str, **changes: Any) -> Indicator:
    """The part of the suspects of whom something was, or was not, known in the calendar year before."""
    return _usual(
        id=id,
        title=title,
        definition=f"Van de verdachten van 12 tot en met 22 jaar: het deel {what} in het kalenderjaar vóór de verdenking.",
        numerator=_persons(words, "core.suspect_before", set, f"{_YOUNG} and {flags}"),
        denominator=_persons("unieke verdachten", "core.suspect_year", "suspects", _YOUNG),
        sources=("police_suspects", "youth_care", "school_absence"),
        known_from="previous_year",
        breaks=LINKED,
        caveats=(NO_CAUSE, ONLY_KNOWN, "Het eerste geleverde jaar heeft geen cijfer: het jaar ervoor ontbreekt.", REGISTERED),
        **changes,
    )  # fmt: skip


def _inhabitants(age: str) -> Measure:
    words = f"inwoners van {age.replace('-', ' tot en met ')} jaar op 1 januari"
    return Measure(words=words, table="core.denominator", count="inhabitants")


def _profile(*, who: str, kinds: tuple[str, ...], **changes: Any) -> Indicator:
    """How many of a group have each characteristic in the same year."""
    named = ", ".join(_TRAIT_WORDS[kind] for kind in kinds)
    return _usual(**({
        "definition": f"Van {who}: het deel met elk van deze kenmerken in hetzelfde jaar: {named}. Het totaal is het deel met minstens één "
        "kenmerk.",
        "kinds": kinds, "columns": {"age": "age_band", "kind": "kind"}, "links": Links(whole=True), "sources": EVERYBODY, "breaks": LINKED,
        "caveats": (SEVERAL, NO_CAUSE, FIRST_SOURCE, "Van de persoonsgebonden aanpak tellen alleen jongeren die erover zijn geïnformeerd."),
        "programmes": ("almere", "almere-signalling", "twente-1", "twente-5"),
    } | changes))  # fmt: skip


_RISK = _persons("jongeren met contact met politie of Halt", "core.person_year", "known.risk", f"{_YOUNG} and risk = 1")

INDICATORS = (
    _before("suspects_care_before", "Verdachten die eerder jeugdhulp hadden", "met jeugdhulp, jeugdbescherming of jeugdreclassering",
            "verdachten met jeugdhulp in het jaar ervoor", "suspects.care_before", "care_before = 1"),
    _before("suspects_absence_before", "Verdachten die eerder verzuimden", "met een melding van schoolverzuim",
            "verdachten met een verzuimmelding in het jaar ervoor", "suspects.absence_before", "absence_before = 1"),
    _before("suspects_both_before", "Verdachten met eerder jeugdhulp én verzuim", "met jeugdhulp én een melding van schoolverzuim",
            "verdachten met jeugdhulp en een verzuimmelding in het jaar ervoor", "suspects.care_before.absence_too",
            "care_before = 1 and absence_before = 1", **_REGION_ONLY, links=Links(holders=(Holder(set="suspects.absence_before"),))),
    _before("suspects_not_seen_before", "Verdachten die niet eerder in beeld waren", "zonder jeugdhulp en zonder melding van schoolverzuim",
            "verdachten die in het jaar ervoor bij school en zorg niet in beeld waren", "suspects.not_seen_before",
            "care_before = 0 and absence_before = 0", **_REGION_ONLY,
            links=Links(bounds=(_UNION, {name: -number for name, number in _UNION.items()}))),
    _usual(
        id="long_absentees_police",
        title="Langdurig verzuim, daarna verdacht",
        definition="Van de leerlingen van 12 tot en met 17 jaar met langdurig verzuim (meer dan vier weken) in het schooljaar: het deel dat "
        "verdacht werd van een delict binnen een jaar na de melding.",
        numerator=_persons("leerlingen die daarna verdacht zijn", "core.absence_after", "absence.police_after",
                           "age between 12 and 17 and police_after = 1"),
        denominator=_persons("leerlingen met langdurig verzuim", "core.absence_after", "absence", "age between 12 and 17"),
        age="12-17",
        kind="long_term",
        sources=("school_absence", "police_suspects"),
        splits={"region": ((),)},
        periods={"region": ("school_year",)},
        known_from="next_year",
        caveats=(NO_CAUSE, "Het cijfer is er pas als ook het jaar na het schooljaar is geleverd.", "Vrijgestelde leerlingen tellen niet mee."),
    ),
    _usual(
        id="chain_flow",
        title="Door de keten: van signaal tot zorg",
        definition="Van de jongeren van 12 tot en met 22 jaar die in het jaar verdacht werden: het deel met een verzuimmelding in het jaar vóór "
        "de eerste registratie. En het deel dat binnen een jaar erna naar Halt ging, gedagvaard werd, jeugdreclassering kreeg of begon "
        "met jeugdhulp. Het totaal is het deel met minstens één van deze stappen.",
        numerator=_persons("verdachten die deze stap bereikten", "core.chain_step", "suspects.chain"),
        denominator=_persons("unieke verdachten", "core.suspect_year", "suspects", _YOUNG),
        sources=("police_suspects", "halt", "school_absence", "youth_care"),
        kinds=STEPS,
        links=Links(whole=True),
        splits=dict.fromkeys(_PLACES, ((), ("kind",))),
        known_from="year_around",
        caveats=("Een volgende stap is niet altijd beter: vaak is een lichte reactie genoeg.", SEVERAL.replace("kenmerken", "stappen").replace("elk kenmerk", "elke stap"),
                 "Bij dagvaarding telt de dag van de registratie: de dag van de dagvaarding is niet geleverd.", ONLY_KNOWN),
        programmes=("avh", "avh-chain", "twente-5", "ijmond"),
    ),
    _usual(
        id="chain_in_norm",
        title="Halt: alle stappen op tijd",
        definition="Van de jongeren van 12 tot en met 17 jaar die de politie in het jaar naar Halt verwees: het deel dat binnen 7 dagen na het "
        "verhoor is verwezen én binnen 30 dagen na de verwijzing een eerste gesprek had.",
        numerator=_persons("jongeren bij wie beide stappen op tijd waren", "core.halt_period", "halt.timed.in_norm.talk_too",
                           "in_norm = 1 and talk_in_norm = 1"),
        denominator=_persons("jongeren met een bekende datum van verhoor en verwijzing", "core.halt_period", "halt.timed", "timed = 1"),
        age="12-17",
        theme="halt",
        sources=("halt",),
        bands=(),
        **_REGION_ONLY,
        links=Links(holders=(Holder(set="halt.talk_in_norm"),)),
        polarity="good",
        caveats=("De normen zijn afspraken in de keten.", "Wie nog op een gesprek wacht, telt als niet op tijd."),
        programmes=("avh", "avh-chain", "twente-1"),
    ),
    _usual(
        id="domains",
        title="Jongeren in één, twee of drie domeinen",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar in minstens één domein in beeld waren: justitie (verdachte, Halt, "
        "jeugdreclassering), school (verzuim, voortijdig schoolverlaten), zorg (jeugdhulp, jeugdbescherming) of een aanpak. Als deel van alle "
        "leeftijdgenoten, naar het aantal domeinen.",
        numerator=_persons("jongeren in minstens één domein", "core.person_domains", "known", _YOUNG),
        denominator=Measure(words="inwoners van 12 tot en met 22 jaar op 1 januari", table="core.denominator", count="inhabitants"),
        decimals=1,
        sources=(*EVERYBODY, "population"),
        kinds=("domains_1", "domains_2", "domains_3"),
        links=Links(adds_up=True),
        splits=dict.fromkeys(_PLACES, ((), ("kind",))),
        caveats=(FIRST_SOURCE, "Van de persoonsgebonden aanpak tellen alleen jongeren die erover zijn geïnformeerd.", NO_CAUSE, ESTIMATED_BAND),
        programmes=("twente-5", "avh", "ijmond-person", "bh-individual"),
    ),
    _usual(
        id="risk_youth",
        title="Risicojeugd: contact met politie of Halt",
        definition="Jongeren van 12 tot en met 22 jaar die in het jaar verdacht werden of naar Halt gingen. Per 1.000 leeftijdgenoten.",
        numerator=_RISK,
        denominator=_inhabitants("12-22"),
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        sources=("police_suspects", "halt", "population"),
        bands=_BANDS,
        columns={"age": "age_band"},
        splits={"region": ((), ("age",)), "municipality": ((),)},
        links=Links(holders=(Holder(inner="suspects", set="known.risk"),)),
        caveats=(ONLY_A_WORD, FIRST_SOURCE, ESTIMATED_BAND),
        programmes=("almere", "almere-signalling", "twente-1", "avh"),
    ),
    _profile(
        id="risk_profile", title="Kenmerken van risicojeugd", who="de jongeren van 12 tot en met 22 jaar die in het jaar verdacht werden of naar Halt "
        "gingen", numerator=_persons("risicojeugd met dit kenmerk", "core.person_trait", "known.traits.risk", f"{_YOUNG} and risk = 1"),
        denominator=_RISK, kinds=TRAITS, splits={"region": ((), ("kind",)), "municipality": ((),)},
    ),
    _profile(
        id="risk_profile_by_age", title="Kenmerken van risicojeugd, naar leeftijd", who="de jongeren van 12 tot en met 22 jaar die in het jaar verdacht "
        "werden of naar Halt gingen", numerator=_persons("risicojeugd met dit kenmerk", "core.person_trait", "known.traits.risk", f"{_YOUNG} and risk = 1"),
        denominator=_RISK, kinds=BROAD_TRAITS, bands=_BANDS, splits={"region": (("age", "kind"),)}, periods=_REGION,
    ),
    _usual(
        id="domains_under_12",
        title="Kinderen onder de 12 in twee of meer domeinen",
        definition="Van de kinderen onder de 12 jaar die in het jaar in minstens één domein in beeld waren (justitie, school, zorg of een aanpak): "
        "het deel in twee of meer domeinen. Alleen voor de hele regio.",
        numerator=_persons("kinderen in twee of meer domeinen", "core.person_domains", "known.two", "age < 12 and domains >= 2"),
        denominator=_persons("kinderen in minstens één domein", "core.person_domains", "known", "age < 12"),
        decimals=1,
        age="0-11",
        sources=EVERYBODY,
        bands=(),
        **_REGION_ONLY,
        breaks=LINKED,
        caveats=("Met de politie komen kinderen onder de 12 te weinig in aanraking voor een profiel: daarom telt hier wie in meer domeinen in "
                 "beeld is.", NO_CAUSE, FIRST_SOURCE),
        programmes=("almere", "almere-signalling", "twente-1"),
    ),
    _profile(
        id="youth_profile", title="Kenmerken van alle jeugd", who="alle jongeren van 12 tot en met 22 jaar", kinds=TRAITS, links=Links(),
        numerator=_persons("jongeren met dit kenmerk", "core.person_trait", "known.traits", _YOUNG), denominator=_inhabitants("12-22"), decimals=1,
        splits={"region": ((), ("kind",))}, periods=_REGION, sources=(*EVERYBODY, "population"),
    ),
    _profile(
        id="youth_profile_by_age", title="Kenmerken van alle jeugd, naar leeftijd", who="alle jongeren van 0 tot en met 22 jaar", kinds=BROAD_TRAITS,
        numerator=_persons("jongeren met dit kenmerk", "core.person_trait", "known.traits"), denominator=_inhabitants("0-22"), decimals=1, age="0-22",
        bands=("0-11", *_BANDS), links=Links(), splits={"region": (("age", "kind"),)}, periods=_REGION, sources=(*EVERYBODY, "population"),
    ),
)  # fmt: skip
