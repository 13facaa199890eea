"""Families (Twente project 7, Almere): with two or more young people in justice or care. A family counts once, nameless."""

from typing import Any

from pipelines.indicators.connected import LAW, LINKED
from pipelines.indicators.model import Holder, Indicator, Links, Measure, Splits

FAMILY = "Een gezin is wie volgens zorg of aanpak samen een gezin is; van andere jongeren is het gezin niet bekend."
NOT_HEREDITARY = "Dat een broer of zus in beeld is, zegt weinig over een ander kind in het gezin."
_PLACES = ("region", "municipality")
_TOTALS: Splits = dict.fromkeys(_PLACES, ((),))


def _families(words: str, set: str, where: str) -> Measure:
    return Measure(words=words, table="core.family_year", count="families", set=set, where=where)


def _usual(**changes: Any) -> Indicator:
    usual: dict[str, Any] = {
        "unit": "%", "per": 100, "decimals": 0, "counts": "families", "geography": "home", "age": "0-22", "theme": "families",
        "splits": _TOTALS, "periods": dict.fromkeys(_PLACES, ("year",)), "legal_basis": LAW, "breaks": LINKED,
        "sources": ("youth_care", "approaches", "police_suspects", "halt"),
        "denominator": _families("gezinnen met een jongere in justitie of zorg", "families", "true"),
        "programmes": ("twente-7", "almere-family", "bh-system"),
    }  # fmt: skip
    return Indicator(**(usual | changes))


INDICATORS = (
    _usual(
        id="families_two_or_more",
        title="Gezinnen met meer jongeren in justitie of zorg",
        definition="Gezinnen met een jongere van 0 tot en met 22 jaar die in het jaar verdacht was, bij Halt kwam of in de jeugdzorg was. "
        "Daarvan het deel met twee of meer zulke jongeren. Jeugdzorg is jeugdhulp, jeugdbescherming of jeugdreclassering. Een gezin "
        "telt in de gemeente van de jongste.",
        numerator=_families("gezinnen met twee of meer jongeren in justitie of zorg", "families.two_or_more", "two_or_more = 1"),
        links=Links(holders=(
            Holder(inner="care_families", set="families"), Holder(inner="care_families.two_or_more", set="families.two_or_more"),
        )),
        caveats=(FAMILY, NOT_HEREDITARY, "In een groot gezin zijn er vaker twee of meer."),
    ),
    _usual(
        id="families_with_justice",
        title="Gezinnen met meer jongeren in beeld, van wie één bij justitie",
        definition="Van de gezinnen met een jongere van 0 tot en met 22 jaar in justitie of zorg: het deel met in het jaar twee of meer zulke jongeren, "
        "van wie minstens één verdacht was, bij Halt kwam of jeugdreclassering had. Alleen voor de hele regio.",
        numerator=_families("gezinnen met twee of meer jongeren, van wie één bij justitie", "families.two_or_more.justice", "with_justice = 1"),
        decimals=1,
        splits={"region": ((),)},
        periods={"region": ("year",)},
        caveats=(FAMILY, NOT_HEREDITARY, "Ouders staan niet in deze bronnen: over generaties zegt dit cijfer niets."),
    ),
)  # fmt: skip
