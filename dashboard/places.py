"""The page Netwerken: tables of one municipality by another, and their words. Pure frames."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dashboard.figures import Area
from dashboard.format import capitalise, is_known
from dashboard.rows import join_frames, list_rows
from dashboard.series import name_rows

OWN: Final = "kan niet"
OUTSIDE: Final = "elsewhere"
TOTAL: Final = "all"
KEY: Final = (
    "Lees per rij. Hoe donkerder blauw, hoe groter het deel. Wie uit de eigen gemeente komt, staat er niet in: de eigen gemeente "
    "is niet elders, dus dat 'kan niet'."
)
WIDE_KEY: Final = " De tabel is breed: schuif opzij voor alle gemeenten."
REGION_KEY: Final = " De rij van de regio telt wie buiten de eigen gemeente is geteld, waar in de regio ook."
WIDE: Final = 8
SIZES: Final = {
    "suspect_networks": "Verdachten die samen een netwerk vormen",
    "suspects_school_elsewhere": "Verdachten die elders naar school gaan",
}
ALONE: Final = "Deze regio is één gemeente: elders is hier altijd buiten de regio."
SILENT: Final = (
    "Het zijn aantallen per gemeente. Wie met wie omgaat, staat niet in dit bestand en is hier ook niet te vinden.",
    "Een netwerk is geen jeugdgroep en geen criminele organisatie: het gaat alleen om delicten met meer dan één verdachte.",
    "Ergens anders naar school gaan of iemand kennen is gewoon. Pas met kennis van de wijk krijgt een cijfer betekenis.",
    "Van de meeste leerlingen staat hier niets: alleen wie is gemeld voor verzuim, telt mee.",
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of municipalities by municipalities: its indicator and what its rows and columns are."""

    indicator: str
    title: str
    rows: str
    one: str
    region: str

    def name_one(self, area: Area) -> str:
        """What stands above the figures of one area; in a region, elsewhere is any municipality but one's own."""
        return self.region if area.level == "region" else self.one.format(area=area.name)


TABLES: Final = (
    Table(
        indicator="suspects_home_elsewhere",
        title="Waar verdachten van een delict wonen",
        rows="Gemeente van het delict",
        one="Verdachten van een delict in {area} die ergens anders wonen",
        region="Hele regio: verdachten van een delict buiten hun eigen gemeente, naar woongemeente",
    ),
    Table(
        indicator="absence_home_elsewhere",
        title="Waar leerlingen met een verzuimmelding wonen",
        rows="Gemeente van de school",
        one="Leerlingen met een verzuimmelding van een school in {area} die ergens anders wonen",
        region="Hele regio: leerlingen met een verzuimmelding van een school buiten hun eigen gemeente, naar woongemeente",
    ),
)


def order_kinds(kinds: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Titles of the columns: all from elsewhere, what lies outside the region, then each municipality by name."""
    inside = sorted((code for code in set(kinds) - {OUTSIDE, TOTAL}), key=lambda code: names.get(code, code))
    outside = [OUTSIDE] if OUTSIDE in kinds else []
    return {TOTAL: "Elders samen"} | {code: names.get(code, capitalise(code)) for code in [*outside, *inside]}


def describe_table(figures: pd.DataFrame, across: Mapping[str, str]) -> str:
    """How to read the table, and how much of it is hidden."""
    wide = WIDE_KEY if len(across) > WIDE else ""
    region = REGION_KEY if (figures["level"] == "region").any() else ""
    return f"{KEY}{region}{wide} {count_hidden(figures)}".strip()


def join_totals(totals: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """Totals and kinds of the same areas, with the name of the area as `heading`; municipalities first."""
    return name_rows(join_frames([totals, kinds]))


def list_origins(figures: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The kinds of one area as rows to draw, with `name` and `heading`; the area itself cannot be one of them."""
    rows = figures[(figures["status"] != "impossible") & (figures["kind"] != figures["area"])]
    words = [names[kind] for kind in rows["kind"]]
    named = rows.assign(name=words, heading=words, place=[list(names).index(kind) for kind in rows["kind"]])
    return named.sort_values("place", kind="stable")


def count_hidden(figures: pd.DataFrame) -> str:
    """How much of a table is hidden, in words; nothing when all of it is shown."""
    asked = figures[figures["status"].isin(["shown", "hidden"])]
    hidden = int((asked["status"] == "hidden").sum())
    return f"Afgeschermd: {hidden} van de {len(asked)} cijfers in deze tabel." if hidden else ""


def describe_linked(rows: pd.DataFrame) -> str:
    """What the sizes mean, only for who is counted."""
    known = any(row["status"] == "shown" and is_known(row["value"]) for row in list_rows(rows))
    return "Getoond is alleen hoeveel verdachten in een groep van die grootte zitten." if known else ""
