"""Which open tables can be pulled, where they stand, and which part of them is ours. Pure data.

Region and periods are enumerated from the table's own code lists: keys are padded (`'GM0375    '`), an unpadded key
finds nothing, and a comparison (`ge '2020MM01'`) would also find `2020JJ00`.
"""

from dataclasses import dataclass, field

from pipelines.deliveries import key_figure_years

CBS, POLICE, CBS4, PDOK = (
    "https://opendata.cbs.nl", "https://dataderden.cbs.nl", "https://datasets.cbs.nl", "https://service.pdok.nl"
)  # fmt: skip
INCIDENTS = ("0.0.0", "2.2.1")  # by month: the total and vandalism
YOUTH = tuple(str(10_000 + 100 * age) if age else "10010" for age in range(25))


@dataclass(frozen=True, kw_only=True)
class Table:
    """One open table.

    name      what the user types: CBS number, or the name of a map
    source    folder of its deliveries
    protocol  odata3 | odata4 | wfs
    host      scheme and host
    service   odata3: ODataFeed (pages of 10,000 rows) or ODataApi (never more than 10,000 rows)
    region    dimension that holds the area; '' for a national table
    levels    first letters of the area codes wanted
    only      dimension -> the keys wanted, without padding; the other dimensions come whole
    titled    dimensions whose titles are put beside their codes
    codes     dimension whose code list is landed too, as the division of this year
    year      the year of a yearly table or map, 0 for a table over years
    """

    name: str
    source: str
    title: str
    protocol: str = "odata3"
    host: str = CBS
    service: str = "ODataFeed"
    region: str = "RegioS"
    levels: tuple[str, ...] = ("GM",)
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titled: tuple[str, ...] = ()
    codes: str = ""
    year: int = 0


AREAS = {"region": "WijkenEnBuurten", "levels": ("GM", "WK", "BU")}
_TITLED = {"titled": ("Leeftijd", "Geslacht", "SoortMisdrijf", "Herkomstgroeperingen", "BurgerlijkeStaat")}


def _police(name: str, title: str, *, region: str = "WijkenEnBuurten", **only: tuple[str, ...]) -> Table:
    levels = ("GM",) if region == "RegioS" else ("GM", "WK", "BU")
    return Table(name=name, source="police_open", title=title, host=POLICE, region=region, levels=levels, only=only)


def _key_figures(name: str, year: int) -> Table:
    return Table(
        name=name, source="population", title=f"Kerncijfers wijken en buurten {year}", region="WijkenEnBuurten",
        levels=("GM", "WK", "BU"), codes="WijkenEnBuurten", year=year,
    )  # fmt: skip


def _map(layer: str, year: int) -> Table:
    return Table(
        name=f"{layer}_{year}", source="areas", title=f"Grenzen {layer} {year}", protocol="wfs", host=PDOK, year=year
    )


TABLES: tuple[Table, ...] = (
    *(_map(layer, year) for year in (2022, 2023, 2024, 2025) for layer in ("gemeente", "wijk", "buurt")),
    *(_key_figures(name, year) for name, year in key_figure_years().items()),
    Table(
        name="03759ned", source="population_age", title="Bevolking per leeftijd en gemeente",
        only={"Leeftijd": ("10000", *YOUTH), "BurgerlijkeStaat": ("T001019",)}, titled=_TITLED["titled"],
    ),
    _police("47013NED", "Misdrijven per gemeente en maand", region="RegioS"),
    _police("47018NED", "Misdrijven per buurt en jaar"),
    _police("47022NED", "Misdrijven per buurt en maand", SoortMisdrijf=INCIDENTS),
    _police("47021NED", "Overlast per gemeente", region="RegioS"),
    _police("47024NED", "Overlast per buurt", Overlast=("0.0.0", "E35")),
    Table(name="85655NED", source="open_suspects", title="Verdachten per woongemeente", titled=_TITLED["titled"]),
    Table(name="85658NED", source="open_suspects", title="Verdachten per woongemeente, kort", titled=_TITLED["titled"]),
    Table(name="71930ned", source="open_halt", title="Halt-jongeren", titled=_TITLED["titled"]),
    Table(name="85993NED", source="open_halt", title="Halt-jongeren, landelijk", region="", titled=_TITLED["titled"]),
    Table(name="85075NED", source="open_care", title="Jeugdzorg per gemeente"),
    Table(name="82972NED", source="open_care", title="Jeugdzorg in natura per gemeente"),
    Table(name="82966NED", source="open_care", title="Jeugdzorg per wijk", region="WijkenEnBuurten", levels=("GM", "WK")),
)  # fmt: skip
BY_HAND = {
    "open_leaving": "DUO geeft geen vast adres: haal het bestand van duo.nl (open onderwijsdata) en zet het in de map"
}


def choose_tables(wanted: list[str]) -> list[Table]:
    """The tables named by number, by source (`police_open`) or by kind of map (`boundaries`); all when none is named.

    raises  KeyError with the name that is not known
    """
    chosen: list[Table] = []
    for name in wanted:
        found = [one for one in TABLES if name.casefold() in _names(one)]
        if not found:
            raise KeyError(name)
        chosen += [one for one in found if one not in chosen]
    return chosen if wanted else list(TABLES)


def _names(one: Table) -> set[str]:
    names = {one.name.casefold(), one.source} - {"areas"}
    return names | ({"boundaries", f"boundaries_{one.year}"} if one.protocol == "wfs" else set())
