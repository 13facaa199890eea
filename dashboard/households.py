"""The words of the page Gezinnen: what is counted as a family, and what the figures cannot say. Pure."""

from typing import Final

MEANING: Final = (
    "Een gezin is hier wie volgens de jeugdzorg of een aanpak samen een gezin is. Van andere jongeren weten wij het gezin niet. "
    "Een gezin telt één keer, hoeveel jongeren er ook in beeld zijn. Namen of adressen staan nergens."
)
KEYS: Final = ("families_two_or_more", "families_with_justice", "care_families")
TITLES: Final = {
    "families_two_or_more": "Gezinnen met twee of meer jongeren in beeld",
    "families_with_justice": "Van wie één bij justitie",
    "care_families": "Gezinnen met twee of meer jongeren in de jeugdzorg",
}
SILENT: Final = (
    "Hulp krijgen is geen overlast en geen misdrijf. Een gezin met meer jongeren in de zorg is geen probleemgezin.",
    "Dat een broer of zus in beeld is, zegt weinig over een ander kind in het gezin. Het is geen voorspelling.",
    "In grote gezinnen zijn er vaker twee of meer jongeren in beeld: er zijn daar meer jongeren.",
    "Wie al hulp krijgt, wordt eerder gezien. Het cijfer zegt ook hoe goed instanties een gezin kennen.",
    "Over ouders en over generaties zeggen deze cijfers niets: ouders staan niet in de bronnen.",
    "Van een jongere die alleen bij de politie of Halt bekend is, weten wij het gezin niet. Die gezinnen ontbreken.",
    "Per wijk of buurt zijn er geen cijfers: daar gaat het om zo weinig gezinnen dat ze te herkennen zouden zijn.",
)
