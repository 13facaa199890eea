"""The protection rule in words for the screen, and the catalogue of a region that shows persons in tens."""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.indicators import CATALOGUE, Indicator
from pipelines.indicators.model import UNITS
from pipelines.settings import ONE_PERSON, Settings
from pipelines.sources import CONTRACTS

TENS = (
    "Alle aantallen jongeren zijn afgerond op tientallen. Een 0 kan ook 1 tot en met 4 zijn, een 10 is 5 tot en met 14."
)
OF_TENS = (
    "Alles wat ermee is berekend, zoals een percentage of een aantal per 1.000, is berekend met de afgeronde aantallen."
)


def in_tens(catalogue: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The same indicators; those about persons, families or groups say that their counts are rounded to tens."""
    return tuple(
        replace(one, rounding=10, caveats=(*one.caveats, TENS, OF_TENS)) if one.counts in UNITS else one
        for one in catalogue
    )


def rule_sentence(settings: Settings) -> str:
    """The protection rule, for the screen, with what the region chose and why."""
    return _tens_sentence(settings) if settings.rounded else _hiding_sentence(settings) + _stricter_sentence(settings)


def _tens_sentence(settings: Settings) -> str:
    return f"{TENS} Zo koos deze regio ({settings.rule_reason}). Een klein getal is dus niet van een ander klein getal te onderscheiden."


def _hiding_sentence(settings: Settings) -> str:
    zeros = settings.zeros_known
    other = "een groter aantal" if zeros else "een nul of een groter aantal"
    chosen = f" Een nul laat deze regio altijd zien ({zeros.reason}). Daarom is meer verborgen." if zeros else ""
    return (
        f"Aantallen van 1 tot en met {settings.threshold - 1} jongeren laten wij niet zien. Ook verbergen wij cijfers waarmee zo'n "
        f"aantal is uit te rekenen. Wat verborgen is, heet overal 'afgeschermd'; dat kan ook {other} zijn.{chosen}"
        + _dominance_sentence(settings)
    )


def _dominance_sentence(settings: Settings) -> str:
    """The indicators that the region asked to look at for one contributor; what is on by itself stands on the page."""
    titles, words = (
        {one.id: one.title for one in CATALOGUE},
        {"person": "persoon", "family": "gezin", "group": "jeugdgroep"},
    )
    told = [
        f" Bij {titles.get(name, name)} verbergen wij ook een cijfer dat bijna helemaal van één {words[one.by]} komt ({one.reason})."
        for name, one in sorted(settings.dominance.items())
        if one.share < 1 and one != ONE_PERSON
    ]
    return "".join(told)


def _stricter_sentence(settings: Settings) -> str:
    """The higher thresholds, each with the agreement that asks for it."""
    titles = {name: contract.title for name, contract in CONTRACTS.items()} | {one.id: one.title for one in CATALOGUE}
    told = [
        f" Bij {titles[name]} gaat het om 1 tot en met {one.threshold - 1} jongeren ({one.reason})."
        for name, one in sorted(settings.stricter.items())
    ]
    return "".join(told)
