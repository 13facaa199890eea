"""Context: who lives here."""

from pipelines.indicators.model import ESTIMATED_BAND, LEVELS, OPEN_DATA, Indicator, Measure

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
            "Het CBS rondt wijken en buurten af op vijftallen: zij tellen niet op tot de gemeente.",
            ESTIMATED_BAND,
        ),
        legal_basis=OPEN_DATA,
        programmes=("ijmond", "twente-5", "almere"),
    ),
)
