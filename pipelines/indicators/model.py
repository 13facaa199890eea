"""What an indicator is: words and computation in one object, pure data."""

from dataclasses import dataclass, field

Splits = dict[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is counted, in which core table.

    words   what is counted, in Dutch, for the screen
    count   persons: distinct person_key; incidents, inhabitants: as published, one row per area and period
    where   SQL over the table
    set     name of the set of persons counted; a dotted name is nested in its prefix ('halt.timed' within 'halt')
    """

    words: str
    table: str
    count: str
    where: str = "true"
    set: str | None = None


@dataclass(frozen=True, kw_only=True)
class Break:
    """From this period on the series is not comparable with what came before, and why (Dutch)."""

    period: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One entry of the catalogue.

    per        the multiplier of the value: 1_000, 10_000, 100 (share) or 1 (count)
    counts     persons (protected) | incidents | inhabitants (open)
    geography  home | offence | place: whose address decides the area
    age        the band that the indicator as a whole is about
    bands      values of the age split,
    splits     level -> the splits published there; () is the total
    periods    level -> the kinds of period published there
    """

    id: str
    title: str
    definition: str
    numerator: Measure
    denominator: Measure | None
    unit: str
    per: float
    decimals: int
    counts: str
    geography: str
    age: str
    theme: str
    sources: tuple[str, ...]
    splits: Splits
    periods: dict[str, tuple[str, ...]]
    polarity: str = "no_judgement"
    bands: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    caveats: tuple[str, ...] = ()
    purpose: str = "trend"
    legal_basis: str = ""
    programmes: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)

    def split_values(self, dimension: str) -> tuple[str, ...]:
        """The values of a split: bands for age, male and female for sex, kinds for kind."""
        return {"age": self.bands, "sex": ("male", "female"), "kind": self.kinds}[dimension]


LEVELS = ("region", "municipality", "district", "neighbourhood")
YEAR_AND_QUARTER = {
    "region": ("year", "quarter"),
    "municipality": ("year", "quarter"),
    "district": ("year",),
    "neighbourhood": ("year",),
}
POLICE_LAW = "Wet politiegegevens artikel 16 en 20 (verstrekking aan samenwerkingsverband); persoonsgegevens zijn voor het laden vervangen"
OPEN_DATA = "Open data van de politie en het CBS (CC BY 4.0); er zijn geen persoonsgegevens nodig"
ESTIMATED_BAND = "Het aantal jongeren in deze leeftijd is geschat uit de leeftijdsgroepen van het CBS."
