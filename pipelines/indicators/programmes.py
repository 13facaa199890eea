"""The programmes that the figures serve and their parts: the one place where their codes are agreed.

An indicator names parts (`twente-3`), or a whole programme (`avh`): that stands for its `general` parts only, so that a
part with questions of its own (a phenomenon, an approach) is never served by accident.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.indicators.model import Indicator


@dataclass(frozen=True, kw_only=True)
class Part:
    """A project, approach, covenant, phenomenon or track of a programme.

    general  whether naming the programme alone means this part too
    """

    code: str
    programme: str
    title: str
    general: bool = False


PROGRAMMES = {
    "bh": "Jeugd en Veiligheid Beverwijk en Heemskerk",
    "ijmond": "Convenanten IJmond",
    "twente": "Jeugd en Criminaliteit Twente",
    "avh": "AVH-quickscan van de keten",
    "almere": "City Deal Zorg voor Veiligheid Almere",
}

PARTS = (
    Part(code="bh-group", programme="bh", title="Groepsaanpak", general=True),
    Part(code="bh-individual", programme="bh", title="Individuele aanpak", general=True),
    Part(code="bh-system", programme="bh", title="Systeemaanpak (gezin)"),
    Part(code="bh-place", programme="bh", title="Locatiegerichte aanpak"),
    Part(code="ijmond-group", programme="ijmond", title="Convenant integrale groepsaanpak", general=True),
    Part(code="ijmond-person", programme="ijmond", title="Convenant persoonsgebonden aanpak", general=True),
    Part(code="twente-1", programme="twente", title="Project 1: vroegsignalering herijken"),
    Part(code="twente-2", programme="twente", title="Project 2: collectieve en selectieve preventie"),
    Part(code="twente-3", programme="twente", title="Project 3: jeugdgroepen"),
    Part(code="twente-4", programme="twente", title="Project 4: doorgroeiers en (boven)lokale netwerken"),
    Part(code="twente-5", programme="twente", title="Project 5: stuurinformatie verrijken", general=True),
    Part(code="twente-6", programme="twente", title="Project 6: regionale toolbox van interventies"),
    Part(code="twente-7", programme="twente", title="Project 7: generatieproblematiek in criminele gezinnen"),
    Part(code="avh-chain", programme="avh", title="De keten: onderwijs, zorg en veiligheid", general=True),
    Part(code="avh-online", programme="avh", title="Fenomeen: online criminaliteit"),
    Part(code="avh-subversive", programme="avh", title="Fenomeen: ondermijning door jonge aanwas"),
    Part(code="avh-trafficking", programme="avh", title="Fenomeen: mensenhandel en uitbuiting"),
    Part(code="avh-weapons", programme="avh", title="Fenomeen: wapens"),
    Part(code="almere-signalling", programme="almere", title="Signaleren van risicojeugd", general=True),
    Part(code="almere-family", programme="almere", title="Gezinsaanpak in de wijk"),
)
_BY_CODE = {part.code: part for part in PARTS}


def parts_of(codes: Iterable[str]) -> tuple[Part, ...]:
    """The parts that the codes of an indicator stand for, in the order of PARTS.

    raises  ValueError for a code that is no part and no programme
    """
    wanted: set[str] = set()
    for code in codes:
        if code not in _BY_CODE and code not in PROGRAMMES:
            known = ", ".join([*PROGRAMMES, *_BY_CODE])
            raise ValueError(f"programmes: '{code}' is no programme and no part; use one of: {known}")
        wanted |= {part.code for part in PARTS if code in (part.code, part.general and part.programme)}
    return tuple(part for part in PARTS if part.code in wanted)


def link_programmes(catalogue: Sequence[Indicator]) -> list[tuple[str, str, str]]:
    """(programme, part, indicator) for every part that an indicator serves, in the order of PARTS."""
    links = [(part, indicator.id) for indicator in catalogue for part in parts_of(indicator.programmes)]
    order = {part.code: place for place, part in enumerate(PARTS)}
    return [(part.programme, part.code, name) for part, name in sorted(links, key=lambda link: order[link[0].code])]


def find_gaps(catalogue: Sequence[Indicator]) -> list[str]:
    """The parts that no indicator serves."""
    served = {part for _, part, _ in link_programmes(catalogue)}
    return [part.code for part in PARTS if part.code not in served]
