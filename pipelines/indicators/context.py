"""Context: who lives here, how close together, and on what income."""

from typing import Any

from pipelines.indicators.model import ESTIMATED_BAND, LEVELS, OPEN_DATA, Indicator, Measure

_PLACES = ("municipality", "district", "neighbourhood")
_ONLY_CBS = "Voor de regio geeft het CBS geen gemiddelde."


def _published(id: str, title: str, definition: str, words: str, measure: str, unit: str, **changes: Any) -> Indicator:
    usual: dict[str, Any] = {
        "denominator": None, "per": 1, "decimals": 0, "counts": "published", "geography": "home", "age": "all",
        "theme": "context", "sources": ("population",), "splits": dict.fromkeys(_PLACES, ((),)),
        "periods": dict.fromkeys(_PLACES, ("year",)), "legal_basis": OPEN_DATA, "programmes": ("twente-5", "ijmond", "almere"),
    }  # fmt: skip
    numerator = _measure(words, measure)
    return Indicator(id=id, title=title, definition=definition, numerator=numerator, unit=unit, **(usual | changes))


def _measure(words: str, measure: str) -> Measure:
    return Measure(words=words, table="core.key_figure", count="published", where=f"measure = '{measure}'")


INDICATORS = (
    Indicator(
        id="population",
        title="Inwoners",
        definition="Aantal inwoners op 1 januari, ook per leeftijdsgroep.",
        numerator=Measure(words="inwoners op 1 januari", table="core.population", count="inhabitants"),
        denominator=None,
        unit="inwoners",
        per=1,
        decimals=0,
        counts="inhabitants",
        geography="home",
        age="all",
        theme="context",
        sources=("population",),
        bands=("0-14", "15-24", "25-44", "45-64", "65+", "12-17", "18-22"),
        splits=dict.fromkeys(LEVELS, ((), ("age",))),
        periods=dict.fromkeys(LEVELS, ("year",)),
        caveats=(
            "Het CBS rondt wijken en buurten af op vijftallen: opgeteld zijn zij niet precies de gemeente.",
            ESTIMATED_BAND,
        ),
        legal_basis=OPEN_DATA,
        programmes=("ijmond", "twente-5", "almere"),
    ),
    _published(
        "households", "Huishoudens", "Aantal particuliere huishoudens op 1 januari.", "particuliere huishoudens", "households",
        "huishoudens", caveats=("Het CBS rondt wijken en buurten af op vijftallen.",),
    ),
    _published(
        "households_with_children", "Huishoudens met kinderen",
        "Het deel van de particuliere huishoudens waarin kinderen wonen, op 1 januari.", "huishoudens met kinderen",
        "with_children", "%", per=100, denominator=_measure("particuliere huishoudens", "households"),
        caveats=("Ook volwassen kinderen die thuis wonen tellen mee.", "Het CBS rondt wijken en buurten af op vijftallen."),
    ),
    _published(
        "urbanity", "Stedelijkheid", "Het gemiddelde aantal adressen per vierkante kilometer in een cirkel van één kilometer rond elk "
        "adres (omgevingsadressendichtheid), op 1 januari. Vanaf 2.500 is een gebied zeer sterk stedelijk, onder 500 niet stedelijk.",
        "adressen rond een adres", "address_density", "adressen per km²", caveats=(_ONLY_CBS,),
    ),
    _published(
        "income", "Gemiddeld inkomen", "Het gemiddelde persoonlijke inkomen per inwoner in een jaar, in duizenden euro's.",
        "inkomen per inwoner", "income", "duizend euro per inwoner", decimals=1,
        caveats=(_ONLY_CBS, "Het CBS geeft dit cijfer later dan de andere: de laatste jaren kunnen ontbreken.",
                 "Van kleine buurten geeft het CBS geen inkomen."),
    ),
)  # fmt: skip
