"""Halt: referrals of 12 to 17 year olds, how they end and how fast they start."""

from pipelines.indicators.model import ESTIMATED_BAND, YEAR_AND_QUARTER, Break, Indicator, Measure, Splits
from pipelines.sources.halt import GROUPS

LAW = "Wet justitiële en strafvorderlijke gegevens artikel 51c; persoonsgegevens zijn vervangen vóór het inlezen"
NOT_MORE_CRIME = "Meer verwijzingen is niet meer criminaliteit: het kan ook betekenen dat Halt vaker wordt ingezet."
WIDER = (Break(period="2024", text="Sinds juni 2024 kunnen meer zaken naar Halt."),)
_TOTALS: Splits = dict.fromkeys(("region", "municipality"), ((),))
_YEARS: dict[str, tuple[str, ...]] = {"region": ("year",), "municipality": ("year",)}
_YOUNG = Measure(words="inwoners van 12 tot en met 17 jaar op 1 januari", table="core.denominator", count="inhabitants")
_DETAIL: tuple[tuple[str, ...], ...] = ((), ("age",), ("sex",))

INDICATORS = (
    Indicator(
        id="halt_rate",
        title="Jongeren verwezen naar Halt",
        definition="Jongeren van 12 tot en met 17 jaar met minstens één verwijzing naar Halt in de periode. Per 1.000 "
        "leeftijdgenoten op 1 januari, naar woonadres.",
        numerator=Measure(words="jongeren met een verwijzing", table="core.halt_period", count="persons", set="halt"),
        denominator=_YOUNG,
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        counts="persons",
        geography="home",
        age="12-17",
        theme="halt",
        sources=("halt", "population"),
        bands=("12-14", "15-17"),
        splits={"region": _DETAIL, "municipality": _DETAIL, "district": ((),), "neighbourhood": ((),)},
        periods=YEAR_AND_QUARTER,
        columns={"age": "age_band"},
        breaks=WIDER,
        caveats=(NOT_MORE_CRIME, "Minder verwijzingen kan ook minder aanhoudingen betekenen.", ESTIMATED_BAND),
        legal_basis=LAW,
        programmes=("ijmond", "twente-1", "avh"),
    ),
    Indicator(
        id="halt_by_offence",
        title="Verwezen naar Halt, naar soort",
        definition="Jongeren van 12 tot en met 17 jaar met minstens één verwijzing naar Halt voor dit soort zaak in het jaar. "
        "Per 1.000 leeftijdgenoten, naar woonadres.",
        numerator=Measure(words="jongeren met een verwijzing", table="core.halt_kind", count="persons", set="halt"),
        denominator=_YOUNG,
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        counts="persons",
        geography="home",
        age="12-17",
        theme="halt",
        sources=("halt", "population"),
        kinds=tuple(GROUPS.values()),
        splits=dict.fromkeys(("region", "municipality"), ((), ("kind",))),
        periods=_YEARS,
        columns={"kind": "kind"},
        breaks=WIDER,
        caveats=(NOT_MORE_CRIME, "Wie voor meer soorten is verwezen, telt bij elke soort.", ESTIMATED_BAND),
        legal_basis=LAW,
        programmes=("ijmond", "twente-1"),
    ),
    Indicator(
        id="halt_succeeded",
        title="Halt geslaagd",
        definition="Van de jongeren van 12 tot en met 17 jaar die in het jaar een Halt-straf afsloten: het deel bij wie die "
        "is geslaagd. Bij meer straffen in één jaar telt de laatste.",
        numerator=Measure(words="jongeren met een geslaagde Halt-straf", table="core.halt_finished", count="persons",
                          set="halt_finished.succeeded", where="succeeded = 1"),
        denominator=Measure(words="jongeren met een afgesloten Halt-straf", table="core.halt_finished", count="persons",
                            set="halt_finished"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="12-17",
        theme="halt",
        sources=("halt",),
        splits=_TOTALS,
        periods=_YEARS,
        polarity="good",
        breaks=WIDER,
        caveats=("Straffen die niet zijn gestart tellen niet mee.",),
        legal_basis=LAW,
        programmes=("ijmond", "twente-1", "twente-6"),
    ),
    Indicator(
        id="halt_in_time",
        title="Op tijd verwezen naar Halt",
        definition="Van de jongeren van 12 tot en met 17 jaar die de politie in het jaar naar Halt verwees: het deel dat "
        "binnen 7 dagen na het eerste verhoor is verwezen. Bij meer verwijzingen in één jaar telt de laatste.",
        numerator=Measure(words="jongeren die binnen 7 dagen zijn verwezen", table="core.halt_period", count="persons",
                          set="halt.timed.in_norm", where="in_norm = 1"),
        denominator=Measure(words="jongeren met een bekende datum van verhoor en verwijzing", table="core.halt_period",
                            count="persons", set="halt.timed", where="timed = 1"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="12-17",
        theme="halt",
        sources=("halt",),
        splits=_TOTALS,
        periods=_YEARS,
        polarity="good",
        caveats=("De norm van 7 dagen is een afspraak in de keten.", "Zonder datum van verhoor telt een verwijzing niet mee."),
        legal_basis=LAW,
        programmes=("avh", "twente-1"),
    ),
)  # fmt: skip
