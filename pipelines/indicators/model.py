"""What an indicator is: words and computation in one object, pure data."""

from dataclasses import dataclass, field

Splits = dict[str, tuple[tuple[str, ...], ...]]
UNITS = {"persons": "person_key", "families": "family_key", "groups": "group_key"}
"""What is counted once each, and the column that tells one from another; all of them are protected."""
OPEN_UNITS = {"projects": "intervention_key"}
"""The same for what is open."""
OPEN_COUNTS = ("incidents", "inhabitants")
"""What is counted without persons and published unrounded: only this may be added up or shared out after protection."""
MUNICIPALITIES = ("<municipality>",)
"""Kinds that only the region knows: the codes of its municipalities (but not the area itself), and 'elsewhere'."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is counted, in which core table.

    words   what is counted, in Dutch, for the screen
    count   persons, families, groups: distinct ones (UNITS); registrations: the column of that name, added up;
            projects: distinct ones (OPEN_UNITS); participants: the column of that name, added up;
            incidents, inhabitants: as published, one row per area and period;
            published: a number about the area itself, as the source publishes it (core.key_figure);
            rounded: persons as an open table publishes them, already rounded, never summed
    where   SQL over the table
    set     name of the set of persons counted; a dotted name is nested in its prefix ('halt.timed' within 'halt')
    """

    words: str
    table: str
    count: str
    where: str = "true"
    set: str | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A larger group that surely holds these persons, besides the prefixes of the set: an outsider subtracts.

    set    the set that holds them
    kind   in which kind of that set: 'same', 'all' or a code
    of     only this kind of ours; '' for every kind
    inner  the set that is held; '' for the numerator
    area   'same'; 'kind' when it is the area that our kind names (only the region's row is held)
    """

    set: str
    kind: str = "same"
    of: str = ""
    inner: str = ""
    area: str = "same"


@dataclass(frozen=True, kw_only=True)
class Links:
    """What is sure about an indicator's counts besides the names of its sets; protection and audit reckon with it.

    whole    the denominator is the whole group, also where the numerator is split by kind
    adds_up  everybody has one kind: the kinds add up to the total
    holders  larger groups that hold the numerator
    bounds   numbers of sets in one group that never add up to less than 0: {"suspects": 1, "suspects.repeat": -1}
    """

    whole: bool = False
    adds_up: bool = False
    holders: tuple[Holder, ...] = ()
    bounds: tuple[dict[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Break:
    """From this period on the series is not comparable with what came before, and why (Dutch)."""

    period: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One entry of the catalogue.

    per        the multiplier of the value: 1_000, 10_000, 100 (share) or 1 (count)
    counts     persons | families | groups (protected) | incidents | inhabitants | published | projects | rounded (open)
    rounding   what an open table rounded its counts to: 5 or 10; 1 is not rounded
    known_from column of core.coverage that must hold for a figure: delivered |
               first_period (two years before it came as well) | previous_year | next_year | second_year (and the two after it) |
               year_around (the one before and the one after)
    geography  home | offence | place: whose address decides the area
    age        the band that the indicator as a whole is about
    kind       the kind, within its sets, that it as a whole is about: two indicators that count one kind of one set
               count the same persons, and the protection must know
    bands      values of the age split,
    kinds      values of the kind split; MUNICIPALITIES stands for the other municipalities of the region and 'elsewhere'
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
    kind: str = "all"
    kinds: tuple[str, ...] = ()
    links: Links = Links()
    breaks: tuple[Break, ...] = ()
    caveats: tuple[str, ...] = ()
    rounding: int = 1
    known_from: str = "delivered"
    purpose: str = "trend"
    legal_basis: str = ""
    programmes: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def is_share(self) -> bool:
        """Whether the numerator is a part of the denominator; registrations per person are not."""
        return self.denominator is not None and self.denominator.count in (*UNITS, "rounded") and not self.is_ratio

    @property
    def is_ratio(self) -> bool:
        """Whether the denominator is a part of the numerator: registrations hold the persons registered."""
        return self.numerator.count == "registrations"

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
MONTHS_TOO = {
    **YEAR_AND_QUARTER,
    "region": ("year", "quarter", "month"),
    "municipality": ("year", "quarter", "month"),
}
"""Open monthly tables: a signal is looked for in months."""
POLICE_LAW = "Wet politiegegevens artikel 16 en 20 (verstrekking aan samenwerkingsverband); persoonsgegevens zijn vervangen vóór het inlezen"
OPEN_DATA = "Open data van de politie en het CBS (CC BY 4.0); er zijn geen persoonsgegevens nodig"
ESTIMATED_BAND = (
    "Het aantal jongeren in deze leeftijd is in wijken en buurten geschat uit de leeftijdsgroepen van het CBS; in gemeenten "
    "alleen als de CBS-tabel per leeftijd niet is geleverd."
)
