"""Writes the open tables of CBS and the police: code lists, key figures, registered crimes and nuisance.

Open tables hold neighbourhoods in the division of each year, so that every row can be placed; a real police table
shows all its years in the division of one.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.sample.formats import MARK, pad, write_bulk, write_code_list, write_download, write_odata, write_parquet
from pipelines.sample.incidents import CRIMES, NUISANCE, TOTAL, fill_cells, sum_incidents
from pipelines.sample.world import (
    COUNTS,
    FIRST_YEAR,
    GROWTH,
    OUTSIDE,
    OUTSIDE_NAMES,
    World,
    count_inhabitants,
    read_reference,
)

KEY_FIGURES = {
    "AantalInwoners_5": ("inhabitants", "Aantal inwoners (aantal)"),
    "Mannen_6": ("men", "Mannen (aantal)"),
    "Vrouwen_7": ("women", "Vrouwen (aantal)"),
    "k_0Tot15Jaar_8": ("age_0_14", "0 tot 15 jaar (aantal)"),
    "k_15Tot25Jaar_9": ("age_15_24", "15 tot 25 jaar (aantal)"),
    "k_25Tot45Jaar_10": ("age_25_44", "25 tot 45 jaar (aantal)"),
    "k_45Tot65Jaar_11": ("age_45_64", "45 tot 65 jaar (aantal)"),
    "k_65JaarOfOuder_12": ("age_65", "65 jaar of ouder (aantal)"),
    "HuishoudensTotaal_28": ("households", "Huishoudens totaal (aantal)"),
    "HuishoudensMetKinderen_31": ("with_children", "Huishoudens met kinderen (aantal)"),
    "GemiddeldInkomenPerInwoner_72": ("income", "Gemiddeld inkomen per inwoner (x 1 000 euro)"),
    "Omgevingsadressendichtheid_116": ("address_density", "Omgevingsadressendichtheid (per km²)"),
}
"""OData column: our name, label in the download."""
LEVELS = {"country": "Land", "municipality": "Gemeente", "district": "Wijk", "neighbourhood": "Buurt"}
DOWNLOADED = {2021, 2024}  # years of key figures that came as a labelled CSV
KEPT_AS_PARQUET = {2020}
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
ONLY_YEARLY = {"1.4.1"}
SECRET = 0.015  # share of the small neighbourhoods whose vandalism in a year is secret
Write = Callable[[Path], None]


def code_list(world: World, year: int) -> Write:
    """WijkenEnBuurten of one year, as the police publish it; some descriptions span lines."""
    areas = world.areas_in(year)
    names = areas.set_index("code")["name"]
    own = "GM" + areas["code"].str[2:6]
    words = areas["level"].map(LEVELS)
    parent = areas["parent"].map(names).fillna("")
    lines = words + " '" + areas["name"] + "' (" + areas["code"] + ")"
    within = {"district": " is een wijk in de gemeente '", "neighbourhood": " is een buurt in wijk '"}
    town = "' in de gemeente '" + own.map(names)
    tail = areas["level"].map(within).fillna("") + parent + town.where(areas["level"] == "neighbourhood", "")
    tail += np.where(areas["level"] == "municipality", "", "'.")
    tail += np.where(np.arange(len(areas)) % 25 == 7, "\n\nDe grens kan per 1 januari zijn gewijzigd.", "")
    rows = pd.DataFrame({"Key": pad(areas["code"], 10), "Title": areas["name"], "Description": lines + tail})
    rows = rows.assign(Municipality=own, DetailRegionCode=areas["code"])
    country = pd.DataFrame([["NL00      ", "Nederland", f"{MARK}e lijst", "", ""]], columns=rows.columns)
    return lambda file: write_code_list(file, pd.concat([country, rows]))


def key_figures(world: World, year: int) -> tuple[str, Write]:
    """File name and writer of the key figures of one year; the format differs by year, as deliveries do."""
    tables = read_reference("key_figure_tables").set_index("year")["table"]
    table = str(tables[year])
    counts = pd.concat([_around(world, year), count_inhabitants(world, year)], ignore_index=True)
    counts = counts.assign(**_about_areas(world, counts, year))
    own = ("GM" + counts["code"].str[2:6]).map(counts.set_index("code")["name"])
    counts["municipality"] = own.fillna("Nederland")
    if year in DOWNLOADED:
        rows, title = _labelled(counts), f"Kerncijfers wijken en buurten {year}"
        return f"{table}_synthetisch.csv", lambda file: write_download(file, rows, title=title, source="CBS")
    new = world.areas.loc[world.areas["first_year"] == year, "code"] if year > FIRST_YEAR else ()
    rows = _typed(counts, set(new))
    if year in KEPT_AS_PARQUET:
        return f"{table}_synthetisch.parquet", lambda file: write_parquet(file, rows)
    return f"{table}_synthetisch.json", lambda file: write_odata(file, rows, table=table)


def _about_areas(world: World, counts: pd.DataFrame, year: int) -> dict[str, pd.Series]:
    """Households, income and addresses around a home, invented; income is not known of small areas and the last year."""
    random = world.stream("about areas")
    unit = np.where(counts["code"].str.startswith("GM"), 1, 5)
    people, young = counts["inhabitants"], counts["age_0_14"]
    households = (people / random.normal(2.2, 0.1, len(counts)) / unit).round() * unit
    with_children = np.minimum((young * random.normal(0.95, 0.05, len(counts)) / unit).round() * unit, households)
    income = pd.Series((random.normal(27, 3, len(counts)).clip(15) * 1.03 ** (year - 2019)).round(1), counts.index)
    density = pd.Series(np.exp(random.normal(6.9, 0.6, len(counts))).round(), counts.index)
    return {
        "households": households.astype("Int64"),
        "with_children": with_children.astype("Int64"),
        "income": income.where((people >= 100) & (year < max(world.years))),
        "address_density": density.where(people > 0).astype("Int64"),
    }


def _around(world: World, year: int) -> pd.DataFrame:
    """The country and one municipality outside the region, from published counts of 2020."""
    published = read_reference("calibration").query("source == '84799NED'").set_index(["area", "measure"])["value"]
    code = OUTSIDE[world.region][0]
    rows = []
    for area, name, level in (("NL00", "Nederland", "country"), (code, OUTSIDE_NAMES[code], "municipality")):
        counts = {age: round(int(published[area, age]) * GROWTH ** (year - 2020)) for age in COUNTS[1:]}
        total = sum(counts.values())
        men = round(total * 0.497)
        rows.append({"code": area, "name": name, "level": level, "inhabitants": total, **counts, "men": men})
    return pd.DataFrame(rows).assign(women=lambda around: around["inhabitants"] - around["men"])


def _typed(counts: pd.DataFrame, new: set[str]) -> pd.DataFrame:
    """The table as OData; `new` are the codes that mean another place than the year before."""
    changed = np.where(counts["code"].isin(new), "3", "1")
    changed = np.where(counts["level"].isin(["country", "municipality"]), ".", changed)
    rows = pd.DataFrame(
        {
            "ID": np.arange(len(counts), dtype=np.int32),
            "WijkenEnBuurten": pad(counts["code"], 10),
            "Gemeentenaam_1": pad(counts["municipality"], 40),
            "SoortRegio_2": pad(counts["level"].map(LEVELS), 10),
            "Codering_3": pad(counts["code"], 10),
            "IndelingswijzigingWijkenEnBuurten_4": changed,
        }
    )
    return rows.assign(**{column: counts[name] for column, (name, _) in KEY_FIGURES.items()})


def _labelled(counts: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "Wijken en buurten": counts["name"],
            "Gemeentenaam (naam)": counts["municipality"],
            "Soort regio (omschrijving)": counts["level"].map(LEVELS),
            "Codering (code)": counts["code"],
        }
    )
    return rows.assign(**{label: counts[name].map(_label) for name, label in KEY_FIGURES.values()})


def _label(number: float) -> str:
    """A number as StatLine writes it in a download: decimal comma, a point for unknown."""
    return "." if pd.isna(number) else f"{number:.1f}".replace(".", ",").removesuffix(",0")


def police_tables(world: World, incidents: pd.DataFrame) -> dict[str, Write]:
    """File name and writer of the five police tables."""
    crimes, nuisance = _cells(world, incidents, "crime"), _cells(world, incidents, "nuisance")
    _hide_secrets(world, crimes)
    return {
        "47013NED_synthetisch.json": lambda file: write_odata(file, _crimes_by_month(world, crimes), table="47013NED"),
        "47018NED_synthetisch.csv": lambda file: write_bulk(file, _crimes_by_year(crimes)),
        "47021NED_synthetisch.csv": lambda file: write_download(
            file, _nuisance_labels(world, nuisance), title="Geregistreerde overlast; soort, gemeente", source="Politie"
        ),
        "47022NED_synthetisch.json": lambda file: write_odata(file, _crimes_untyped(crimes), table="47022NED"),
        "47024NED_synthetisch.json": lambda file: write_odata(file, _nuisance_typed(nuisance), table="47024NED"),
    }


def _cells(world: World, incidents: pd.DataFrame, family: str) -> pd.DataFrame:
    """Counts of one family for every municipality, district and neighbourhood, month and year; zeros included."""
    chosen = incidents[incidents["family"] == family]
    homes = chosen["neighbourhood"]
    districts = ("WK" + homes.str[2:8]).where(homes != "", "")
    counts = pd.concat([sum_incidents(chosen, area) for area in (chosen["municipality"], districts, homes)])
    areas = pd.concat([world.areas_in(year).assign(year=year) for year in world.years])
    offences = [TOTAL, *(CRIMES if family == "crime" else NUISANCE)]
    cells = fill_cells(world, counts, areas, offences)
    cells["count"] = cells["count"].astype("Int64")
    return cells


def _hide_secrets(world: World, crimes: pd.DataFrame) -> None:
    """Make vandalism secret in a few small neighbourhoods: the whole year, so months and year still agree."""
    random = world.stream("secrets")
    small = world.areas.loc[(world.areas["level"] == "neighbourhood") & (world.areas["inhabitants"] < 800), "code"]
    key = crimes["area"] + crimes["year"].astype(str)
    candidates = key[crimes["area"].isin(small) & (crimes["offence"] == "2.2.1") & (crimes["month"] == 0)]
    secret = candidates[random.random(len(candidates)) < SECRET]
    crimes.loc[(crimes["offence"] == "2.2.1") & key.isin(secret), "count"] = pd.NA


def _period(cells: pd.DataFrame) -> pd.Series:
    """`2025JJ00` or `2025MM01`."""
    ending = {month: f"MM{month:02d}" for month in range(1, 13)} | {0: "JJ00"}
    return cells["year"].astype(str) + cells["month"].map(ending)


def _crimes_by_month(world: World, crimes: pd.DataFrame) -> pd.DataFrame:
    """47013NED: municipalities; months of offences published by year only are null."""
    rows = crimes[crimes["area"].str.startswith("GM")].reset_index(drop=True)
    random = world.stream("reports")
    rows.loc[rows["offence"].isin(ONLY_YEARLY) & (rows["month"] > 0), "count"] = pd.NA
    registered = rows["count"].fillna(0).to_numpy(dtype=np.int64)
    reported = random.binomial(registered, 0.78)
    table = _keyed(rows, "SoortMisdrijf", "RegioS", 6).assign(GeregistreerdeMisdrijven_1=rows["count"])
    table["Aangiften_2"] = pd.Series(reported, dtype="Int64").where(rows["count"].notna())
    table["Internetaangiften_3"] = pd.Series(random.binomial(reported, 0.3), dtype="Int64").where(rows["count"].notna())
    return table


def _keyed(rows: pd.DataFrame, offence: str, area: str, width: int) -> pd.DataFrame:
    """ID, offence, area and period as OData gives them."""
    keys = {offence: pad(rows["offence"], 6), area: pad(rows["area"], width), "Perioden": _period(rows)}
    return pd.DataFrame({"ID": np.arange(len(rows)), **keys})


def _crimes_by_year(crimes: pd.DataFrame) -> pd.DataFrame:
    """47018NED: years of every area; a secret count is a point."""
    rows = crimes[crimes["month"] == 0].reset_index(drop=True)
    counts = rows["count"].astype(object).where(rows["count"].notna(), ".")
    return _keyed(rows, "SoortMisdrijf", "WijkenEnBuurten", 10).assign(GeregistreerdeMisdrijven_1=counts)


def _crimes_untyped(crimes: pd.DataFrame) -> pd.DataFrame:
    """47022NED: neighbourhoods, total and vandalism; every value is text, counts right in a width of 8."""
    chosen = crimes["area"].str.startswith("BU") & crimes["offence"].isin([TOTAL, "2.2.1"])
    rows = crimes[chosen].reset_index(drop=True)
    counts = rows["count"].astype(object).where(rows["count"].notna(), ".").astype(str).str.rjust(8)
    table = _keyed(rows, "SoortMisdrijf", "WijkenEnBuurten", 10).assign(GeregistreerdeMisdrijven_1=counts)
    return table.astype(str)


def _nuisance_labels(world: World, nuisance: pd.DataFrame) -> pd.DataFrame:
    """47021NED: municipalities, by label; the last year is provisional (*)."""
    rows = nuisance[nuisance["area"].str.startswith("GM")].reset_index(drop=True)
    titles = read_reference("police_offences").query("family == 'nuisance'").set_index("key")["title"]
    names = world.municipalities.set_index("code")["name"]
    month = rows["month"].map({number: f" {name}" for number, name in enumerate(MONTHS, 1)}).fillna("")
    mark = np.where(rows["year"] == world.years[-1], "*", "")
    return pd.DataFrame(
        {
            "Soort overlast": rows["offence"].map(titles),
            "Regio's": rows["area"].map(names),
            "Perioden": rows["year"].astype(str) + month + mark,
            "Geregistreerde overlast (aantal)": rows["count"],
        }
    )


def _nuisance_typed(nuisance: pd.DataFrame) -> pd.DataFrame:
    """47024NED: every area; total and youth nuisance, months and years."""
    rows = nuisance[nuisance["offence"].isin([TOTAL, "E35"])].reset_index(drop=True)
    return _keyed(rows, "Overlast", "WijkenEnBuurten", 10).assign(GeregistreerdeOverlast_1=rows["count"])
