"""The words of 'Cijfers en bronnen': what every figure means, how people are protected, which publication this is. Pure HTML."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from dashboard.explain import draw_origin
from dashboard.figures import Build
from dashboard.format import (
    COUNT_WORDS,
    LEVEL_WORDS,
    PERIOD_KIND_WORDS,
    PLACE_WORDS,
    SPLIT_WORDS,
    THEME_WORDS,
    capitalise,
    format_date,
    join_words,
)
from dashboard.indicator import Indicator

POLARITY_WORDS: Final = {
    "no_judgement": "Geen oordeel: hoger is niet beter of slechter.",
    "bad": "Lager is beter: dat is afgesproken.",
    "good": "Hoger is beter: dat is afgesproken.",
}

PURPOSE_WORDS: Final = {
    "trend": "ontwikkelingen volgen",
    "steering": "sturen",
    "person_approach": "de persoonsgebonden aanpak volgen",
    "quality": "de kwaliteit van gegevens bewaken",
}


ROUNDED: Final = (
    "Alles wat met een aantal is berekend, zoals een percentage, een marge of de kleur op de kaart, is berekend met de afgeronde aantallen.",
    "Een afgerond totaal kan anders zijn dan de som van de afgeronde delen.",
    "Waar 'afgeschermd' staat, is het geheel of het aantal inwoners te klein voor een percentage of een aantal per 1.000.",
    "Een enkel cijfer is afgeschermd omdat anders met andere cijfers een klein getal is uit te rekenen.",
)
ALWAYS: Final = (
    "Cijfers over gebeurtenissen, zoals misdrijven, gaan niet over personen. Die worden getoond zoals de politie ze publiceert.",
    "Namen, adressen en burgerservicenummers komen nooit in dit programma.",
)
ZEROS_HIDDEN: Final = (
    "Soms is ook een groter getal of een nul afgeschermd. Anders is een klein getal uit te rekenen, bijvoorbeeld als totaal min de rest.",
)
ZEROS_KNOWN: Final = (
    "Soms is ook een groter getal afgeschermd. Anders is een klein getal uit te rekenen, bijvoorbeeld als totaal min de rest.",
    "Een nul is altijd te zien: zo koos deze regio. Wie dat weet, weet ook dat een afgeschermd getal geen nul is. Daar is bij "
    "het afschermen mee gerekend. Alleen als het deel nul is van enkele personen, is het percentage afgeschermd.",
)


def group_themes(indicators: Iterable[Indicator]) -> dict[str, list[Indicator]]:
    """The figures by the title of their theme, in the order of the themes."""
    groups: dict[str, list[Indicator]] = {theme: [] for theme in THEME_WORDS}
    for one in indicators:
        groups.setdefault(one.theme, []).append(one)
    return {THEME_WORDS.get(theme, theme): found for theme, found in groups.items() if found}


def draw_definition(indicator: Indicator, sources: Mapping[str, str], origin: str) -> str:
    """All fields of one indicator and the way to its origin, folded behind its title."""
    body = draw_fields(indicator, sources) + draw_origin(origin, f"({indicator.title})")
    return f"<details class='jb-fold'><summary>{escape(indicator.title)}</summary>{body}</details>"


def draw_fields(indicator: Indicator, sources: Mapping[str, str]) -> str:
    """All fields of one indicator, as terms and texts."""
    fields = {
        "Definitie": indicator.definition,
        "Teller": indicator.numerator,
        "Noemer": indicator.denominator or "geen",
        "Eenheid": indicator.unit,
        "Leeftijd": "alle leeftijden"
        if indicator.age == "all"
        else f"{indicator.age.replace('-', ' tot en met ')} jaar",
        "Telt": COUNT_WORDS.get(indicator.counts, indicator.counts),
        "Geteld naar": PLACE_WORDS.get(indicator.geography, indicator.geography),
        "Gebieden en perioden": _describe_periods(indicator),
        "Uit te splitsen naar": _describe_splits(indicator),
        "Bronnen": join_words([sources.get(key, key) for key in indicator.sources]),
        "Hoger of lager": POLARITY_WORDS.get(indicator.polarity, indicator.polarity),
        "Breuken": " ".join(f"{start}: {text}." for start, text in indicator.breaks) or "geen",
        "Let op": " ".join(indicator.caveats) or "geen bijzonderheden",
        "Onderwerp": THEME_WORDS.get(indicator.theme, indicator.theme),
        "Doel": PURPOSE_WORDS.get(indicator.purpose, indicator.purpose),
        "Grondslag": indicator.legal_basis,
        "Programma's": "; ".join(indicator.programmes) or "geen",
    }
    return _draw_pairs(fields)


def _draw_pairs(fields: Mapping[str, str]) -> str:
    pairs = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in fields.items())
    return f'<dl class="jb-pairs">{pairs}</dl>'


def _describe_periods(indicator: Indicator) -> str:
    parts = [
        f"{LEVEL_WORDS[level][0]} per {join_words([PERIOD_KIND_WORDS[kind] for kind in kinds])}"
        for level, kinds in indicator.periods.items()
        if level in LEVEL_WORDS
    ]
    return capitalise("; ".join(parts))


def _describe_splits(indicator: Indicator) -> str:
    names = list(dict.fromkeys(SPLIT_WORDS[name] for names in indicator.splits.values() for name in names))
    return join_words(names) or "niet"


def list_protection(build: Build) -> tuple[str, ...]:
    """The rule in plain words, a sentence or two at a time."""
    if build.rounding > 1:
        return (build.rule, *ROUNDED, *ALWAYS)
    top = build.threshold - 1
    return (
        build.rule,
        f"Gaat een cijfer over 1 tot en met {top} personen, dan staat er 'afgeschermd'.",
        *(ZEROS_KNOWN if build.zeros_known else ZEROS_HIDDEN),
        "Een cijfer is ook afgeschermd als het bijna helemaal van één persoon, gezin of jeugdgroep komt. De regio kiest bij welke cijfers.",
        "Aan het woord 'afgeschermd' is dus niet te zien of een getal klein of groot is.",
        "Is een getal afgeschermd, dan is ook alles afgeschermd wat ermee is berekend: het percentage of het aantal per 1.000, de marge, de kleur op de kaart en de lijn.",
        *ALWAYS,
    )


def draw_protection(build: Build) -> str:
    """The rule in plain words, as HTML."""
    return "".join(f"<p class='jb-text'>{escape(sentence)}</p>" for sentence in list_protection(build))


def describe_synthetic(build: Build) -> tuple[str, str]:
    """What stands on every page of made-up figures: a short warning and its sentence; two empty texts for real ones."""
    if not build.synthetic:
        return "", ""
    return (
        "Verzonnen voorbeeldcijfers.",
        f"Deze cijfers zijn door een computer bedacht. Ze zeggen niets over de echte situatie in {build.region_name}.",
    )


def draw_build(build: Build) -> str:
    """The facts of this publication."""
    return _draw_pairs(
        {
            "Publicatie": build.id,
            "Gemaakt op": format_date(build.made_on),
            "Versie": build.version,
            "Regio": build.region_name,
            "Soort cijfers": "verzonnen voorbeeldcijfers" if build.synthetic else "cijfers uit leveringen",
            "Regel": build.rule,
            "Grens": "afgerond op tientallen" if build.rounding > 1 else f"{build.threshold} personen",
        }
    )
