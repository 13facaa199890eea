"""Writes what DUO delivers about schools, by school year: reports of absence (CSV, XLSX) and early leavers (XLSX, CSV).

Absence comes in the months after the school year; the last year but one came twice, later with more reports closed.
"""

import numpy as np
import pandas as pd

from pipelines.sample.careers import date_number, year_of
from pipelines.sample.formats import MARK, write_person_csv, write_workbook
from pipelines.sample.pupils import school_years
from pipelines.sample.rows import (
    Write,
    birth_dates,
    codes_in,
    dutch_dates,
    number_rows,
    set_cell,
    spoil_rows,
    usual_faults,
)
from pipelines.sample.world import NEW_DIVISION, Integers, Texts, World

STILL_OPEN = 0.35  # share of closed reports that are still in progress at a first delivery
LASTING = 0.3  # share of absences that end after the delivery


def absence_file(world: World, absence: pd.DataFrame, year: int, *, first: bool) -> tuple[str, Write]:
    """Name and writer of the reports of a school year.

    first  whether it will come again: then fewer reports are closed
    """
    chosen = absence[absence["year"] == year].reset_index(drop=True)
    rows = _absence_rows(world, chosen, year, first=first)
    spoil_rows(
        rows, [set_cell("begindatum", "20231345"), *usual_faults(world), set_cell("verzuimsoort", "V9")], world, year
    )
    place = school_years(world).index(year)
    stem = f"verzuim_{year}-{year + 1}_synthetisch"
    if place % 3 == 2:
        titles = ["Verzuimregister", f"{MARK}: geen echte personen. Schooljaar {year}-{year + 1}", ""]
        return f"{stem}.xlsx", lambda file: write_workbook(file, _dutch(rows), sheet="Meldingen", titles=titles)
    title = f"{MARK}E LEVERING – verzuimmeldingen\r\nSchooljaar {year}-{year + 1}; peildatum één week na levering"
    if place % 3 == 1:
        return f"{stem}.csv", lambda file: write_person_csv(file, rows, encoding="cp1252", title=title)
    return f"{stem}.csv", lambda file: write_person_csv(file, rows, encoding="utf-8-sig")


def leaving_file(world: World, leaving: pd.DataFrame, year: int) -> tuple[str, Write]:
    """Name and writer of the early leavers of a school year."""
    chosen = leaving[leaving["year"] == year].reset_index(drop=True)
    rows = _leaving_rows(world, chosen, year)
    spoil_rows(
        rows, [set_cell("schooljaar", "onbekend"), *usual_faults(world), set_cell("onderwijssoort", "wo")], world, year
    )
    stem, title = f"vsv_sj{year}-{year + 1}_synthetisch", f"{MARK}: geen echte personen. Schooljaar {year}-{year + 1}"
    if school_years(world).index(year) % 3 == 1:
        return f"{stem}.csv", lambda file: write_person_csv(file, rows, encoding="cp1252", title=title)
    titles = ["Voortijdig schoolverlaters", title]
    return f"{stem}.xlsx", lambda file: write_workbook(file, rows, sheet="VSV", titles=titles)


def _absence_rows(world: World, rows: pd.DataFrame, year: int, *, first: bool) -> pd.DataFrame:
    random = world.stream(f"absence delivery {year}")
    lasting = (random.random(len(rows)) < LASTING) & (rows["code"].isin(["LRV", "A"])).to_numpy()
    open_still = first & (random.random(len(rows)) < STILL_OPEN) & (rows["status"] == "G").to_numpy()
    return pd.DataFrame(
        {
            "meldingsnummer": number_rows(f"SYN{year}-", len(rows)),
            "persoon": rows["key"].str.decode("ascii"),
            "geboortedatum": birth_dates(rows).astype(str),
            "geslacht": rows["sex"],
            **_places(world, rows, year_of(rows["reported"].to_numpy())),
            "verzuimsoort": rows["code"],
            "begindatum": date_number(rows["begun"].to_numpy()).astype(str),
            "einddatum": np.where(lasting, "", date_number(rows["ended"].to_numpy()).astype(str)),
            "meldingsdatum": date_number(rows["reported"].to_numpy()).astype(str),
            "status": np.where(open_still, "B", rows["status"]),
        }
    )


def _leaving_rows(world: World, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "persoon": rows["key"].str.decode("ascii"),
            "geboortedatum": dutch_dates(birth_dates(rows)),
            "geslacht": rows["sex"],
            **_places(world, rows, np.full(len(rows), year + 1)),
            "schooljaar": f"{year}-{year + 1}",
            "reden": rows["reason"],
        }
    )


def _places(world: World, rows: pd.DataFrame, year: Integers) -> dict[str, pd.Series | Texts]:
    """Home and school; a neighbourhood in the division of the row's year, a few of them unknown."""
    home = rows["home"].to_numpy()
    known = world.stream(f"known homes {year.min() if len(year) else 0}").random(len(rows)) > 0.01
    codes = np.where(year >= NEW_DIVISION, codes_in(world, NEW_DIVISION)[home], codes_in(world, NEW_DIVISION - 1)[home])
    number = world.places.drop_duplicates("number")["municipality"].to_numpy(dtype=object)
    municipality = rows["municipality"].to_numpy()
    return {
        "woonbuurt": np.where(known, codes, ""),
        "woongemeente": world.places["municipality"].to_numpy(dtype=object)[home],
        "brin en vestiging": rows["school"],
        "schoolgemeente": np.where(municipality >= 0, number[municipality], ""),
        "onderwijssoort": rows["education"],
    }


def _dutch(rows: pd.DataFrame) -> pd.DataFrame:
    """Dates `d-m-jjjj` as text, as a sheet shows them; what is no date stays as it is."""
    columns = ["geboortedatum", "begindatum", "einddatum", "meldingsdatum"]
    return rows.assign(**{name: _dutch_dates(rows[name]) for name in columns})


def _dutch_dates(dates: pd.Series) -> pd.Series:
    filled = dates != ""
    return dates.where(~filled, dutch_dates(dates.where(filled, "20000101").to_numpy().astype(np.int64)))
