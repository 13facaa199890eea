"""Halt, its course: who refers, how soon the first talk is, how often somebody comes, and what follows after it."""

from typing import Any

from pipelines.indicators.halt import LAW, NOT_MORE_CRIME, WIDER
from pipelines.indicators.model import ESTIMATED_BAND, Holder, Indicator, Links, Measure, Splits

_PLACES = ("region", "municipality")
_TOTALS: Splits = dict.fromkeys(_PLACES, ((),))
_YEARS: dict[str, tuple[str, ...]] = dict.fromkeys(_PLACES, ("year",))
_REGION: dict[str, Any] = {"splits": {"region": ((),)}, "periods": {"region": ("year",)}}
_ENDED = ({"halt_finished": 1, "halt_finished.succeeded": -1, "halt_finished.failed": -1},
          {"halt_finished": -1, "halt_finished.succeeded": 1, "halt_finished.failed": 1})  # fmt: skip
"""What ended has succeeded or failed: the two add up to all, exactly."""
_CONTACT = ("Het gaat om nieuwe verdenkingen, niet om veroordelingen.",
            "Of dit door Halt komt, is hier niet te zien: wie naar Halt gaat, verschilt van wie niet gaat.",
            "De laatste jaren hebben nog geen cijfer: het jaar erna moet ook zijn geleverd.")  # fmt: skip


def _usual(**changes: Any) -> Indicator:
    usual: dict[str, Any] = {
        "unit": "%", "per": 100, "decimals": 0, "counts": "persons", "geography": "home", "age": "12-17", "theme": "halt",
        "splits": _TOTALS, "periods": _YEARS, "breaks": WIDER, "legal_basis": LAW, "sources": ("halt",),
    }  # fmt: skip
    return Indicator(**(usual | changes))


def _persons(words: str, set: str, where: str, table: str = "core.halt_period") -> Measure:
    return Measure(words=words, table=table, count="persons", set=set, where=where)


def _again(result: str, succeeded: int, title: str) -> Indicator:
    """New police contact within a year, of young people whose Halt ended in one way."""
    set, ended = f"halt_finished.{'succeeded' if succeeded else 'failed'}", "core.halt_finished"
    return _usual(
        id=f"halt_{'succeeded' if succeeded else 'failed'}_again",
        title=title,
        definition=f"Van de jongeren van 12 tot en met 17 jaar bij wie in het jaar een Halt-straf is {result}: het deel dat verdacht "
        "werd van een nieuw delict binnen een jaar daarna.",
        numerator=_persons("jongeren die opnieuw verdacht zijn", f"{set}.again", f"succeeded = {succeeded} and again = 1", ended),
        denominator=_persons(f"jongeren bij wie een Halt-straf is {result}", set, f"succeeded = {succeeded}", ended),
        sources=("halt", "police_suspects"),
        known_from="next_year",
        caveats=_CONTACT,
        programmes=("twente-6", "avh-chain", "twente-1"),
        **_REGION,
    )  # fmt: skip


INDICATORS = (
    _usual(
        id="halt_by_referrer",
        title="Verwezen naar Halt, naar verwijzer",
        definition="Jongeren van 12 tot en met 17 jaar met minstens één verwijzing naar Halt in het jaar: van de politie, de "
        "leerplichtambtenaar (voor schoolverzuim) of een boa. Per 1.000 leeftijdgenoten, naar woonadres.",
        numerator=_persons("jongeren met een verwijzing van een bekende verwijzer", "halt.referred", "true", "core.halt_referrer"),
        denominator=Measure(words="inwoners van 12 tot en met 17 jaar op 1 januari", table="core.denominator", count="inhabitants"),
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        sources=("halt", "population"),
        kinds=("police", "attendance", "enforcement"),
        links=Links(holders=(Holder(set="halt", kind="truancy", of="attendance"),)),
        splits={"region": ((), ("kind",)), "municipality": ((),)},
        caveats=(NOT_MORE_CRIME, "Wie door meer verwijzers is gestuurd, telt bij elke verwijzer.", ESTIMATED_BAND),
        programmes=("twente-1", "twente-2", "avh-chain"),
    ),
    _usual(
        id="halt_talk_in_time",
        title="Eerste gesprek bij Halt op tijd",
        definition="Van de jongeren van 12 tot en met 17 jaar die in het jaar naar Halt zijn verwezen: het deel met een eerste gesprek "
        "binnen 30 dagen na de verwijzing. Bij meer verwijzingen in één jaar telt de laatste.",
        numerator=_persons("jongeren met een eerste gesprek binnen 30 dagen", "halt.talk_in_norm", "talk_in_norm = 1"),
        denominator=_persons("jongeren met een verwijzing", "halt", "true"),
        polarity="good",
        caveats=("De norm van 30 dagen is een afspraak in de keten.", "Wie geen gesprek had, of er nog op wacht, telt als niet op tijd: "
                 "het laatste jaar kan daarom te ongunstig zijn."),
        programmes=("avh", "twente-1"),
    ),
    _usual(
        id="halt_over_three",
        title="Meer dan drie keer naar Halt",
        definition="Van de jongeren van 12 tot en met 17 jaar die in het jaar naar Halt zijn verwezen: het deel voor wie het, met alle "
        "geleverde jaren meegeteld, de vierde keer of vaker is. Alleen voor de hele regio.",
        numerator=_persons("jongeren met meer dan drie verwijzingen", "halt.over_three", "over_three = 1"),
        denominator=_persons("jongeren met een verwijzing", "halt", "true"),
        decimals=1,
        **_REGION,
        polarity="bad",
        caveats=("Volgens de afspraak in de keten gaat een jongere hooguit drie keer naar Halt.",
                 "Verwijzingen van voor het eerste geleverde jaar zijn niet bekend."),
        programmes=("avh", "twente-6"),
    ),
    _usual(
        id="halt_failed",
        title="Halt mislukt",
        definition="Van de jongeren van 12 tot en met 17 jaar die in het jaar een Halt-straf afsloten: het deel bij wie die is mislukt. Bij "
        "meer straffen in één jaar telt de laatste. Alleen voor de hele regio.",
        numerator=_persons("jongeren met een mislukte Halt-straf", "halt_finished.failed", "succeeded = 0", "core.halt_finished"),
        denominator=_persons("jongeren met een afgesloten Halt-straf", "halt_finished", "true", "core.halt_finished"),
        links=Links(bounds=_ENDED),
        polarity="bad",
        caveats=("Straffen die niet zijn gestart tellen niet mee.",),
        programmes=("twente-6", "avh-chain"),
        **_REGION,
    ),
    _again("geslaagd", 1, "Na een geslaagde Halt-straf opnieuw verdacht"),
    _again("mislukt", 0, "Na een mislukte Halt-straf opnieuw verdacht"),
)  # fmt: skip
