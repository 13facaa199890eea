"""Writes what partners deliver about persons: police suspects (CSV) and Halt referrals (XLSX), a few rows faulty.

No name, no number of the state, no address is made at all; persons are 64 hexadecimal digits by lot.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.sample.careers import date_number
from pipelines.sample.formats import MARK, write_person_csv, write_workbook
from pipelines.sample.world import NEW_DIVISION, Integers, World

FAULTY = 0.005
Write = Callable[[Path], None]
Fault = Callable[[pd.DataFrame, pd.Index], None]


def suspects_file(world: World, persons: pd.DataFrame, registrations: pd.DataFrame, year: int) -> Write:
    """The delivery of one year of registration; encoding and title line differ by year, as deliveries do."""
    chosen = registrations[registrations["year"] == year].reset_index(drop=True)
    rows = _suspect_rows(world, persons.loc[chosen["person"]].reset_index(drop=True), chosen, year)
    _spoil(rows, [_set("pleegdatum", "20231345"), *_faults(world), _set("delict", "X99")], world, year)
    place = world.years.index(year)
    title = f"{MARK}E LEVERING verdachten {year} – proefgegevens" if place == min(1, len(world.years) - 1) else None
    encoding = "utf-8-sig" if place == 2 else "cp1252"
    return lambda file: write_person_csv(file, rows, encoding=encoding, title=title)


def referrals_file(world: World, referrals: pd.DataFrame, year: int, *, as_of: int) -> Write:
    """The delivery of one year of referral; what had not started or finished on day `as_of` is still empty."""
    chosen = referrals[referrals["year"] == year].reset_index(drop=True)
    rows = _referral_rows(world, chosen, year, as_of)
    _spoil(rows, [_set("start", "31-2-2023"), *_faults(world), _set("delictgroep", "Onbekend")], world, year)
    titles = ["Halt - verwijzingen jeugd", f"{MARK}: geen echte personen. Verslagjaar {year}"]
    return lambda file: write_workbook(file, rows, sheet="Verwijzingen", titles=titles)


def _suspect_rows(world: World, persons: pd.DataFrame, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    home, offence = persons["home"].to_numpy(), rows["place"].to_numpy()
    located = rows["located"].to_numpy()
    codes, municipalities = _codes(world, year), world.places["municipality"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "registratienummer": _numbers(f"SYN{year}-", len(rows)),
            "persoon": persons["key"].str.decode("ascii"),
            "geboortedatum": _birth_dates(persons).astype(str),
            "geslacht": persons["sex"],
            "woonbuurt": codes[home],
            "woongemeente": municipalities[home],
            "delict": rows["offence_class"],
            "pleegdatum": date_number(rows["offence_day"].to_numpy()).astype(str),
            "registratiedatum": date_number(rows["registered"].to_numpy()).astype(str),
            "pleegbuurt": np.where(located, codes[offence], ""),
            "pleeggemeente": municipalities[offence],
            "afdoening": rows["disposal"],
            "medeverdachten": rows["co_suspects"].astype(str),
        }
    )


def _referral_rows(world: World, rows: pd.DataFrame, year: int, as_of: int) -> pd.DataFrame:
    home = rows["home"].to_numpy()
    started = (rows["started"] <= as_of) & (rows["result"] != "niet gestart")
    finished = rows["finished"] <= as_of
    return pd.DataFrame(
        {
            "verwijsnummer": _numbers(f"SYNH{year}-", len(rows)),
            "persoon": rows["key"].str.decode("ascii"),
            "geboortedatum": _dutch_dates(_birth_dates(rows)),
            "geslacht": rows["sex"],
            "woonbuurt": _codes(world, year)[home],
            "woongemeente": world.places["municipality"].to_numpy(dtype=object)[home],
            "verwijzer": rows["referrer"],
            "delictgroep": rows["group"],
            "eerste verhoor": _dates_or_empty(rows["hearing"], rows["hearing"] > 0),
            "verwijzing": _dates_or_empty(rows["referred"], rows["referred"] > 0),
            "start": _dates_or_empty(rows["started"], started),
            "afsluiting": _dates_or_empty(rows["finished"], finished),
            "uren": rows["hours"].astype(object).where(started & finished, ""),
            "resultaat": rows["result"].where(finished, ""),
        }
    )


def _codes(world: World, year: int) -> np.ndarray:
    """Neighbourhood code of every place in the division of the year; empty outside the region."""
    column = "code" if year >= NEW_DIVISION else "code_before"
    return world.places[column].to_numpy(dtype=object)


def _numbers(prefix: str, many: int) -> pd.Series:
    return prefix + pd.Series(np.arange(1, many + 1)).astype(str).str.zfill(7)


def _birth_dates(persons: pd.DataFrame) -> Integers:
    """JJJJMMDD; an unknown day or month is 00."""
    dates = date_number(persons["birth"].to_numpy())
    known = persons["known"].to_numpy()
    return np.select([known == "day", known == "month"], [dates, dates // 100 * 100], dates // 10_000 * 10_000)


def _dutch_dates(dates: Integers) -> pd.Series:
    """`d-m-jjjj`, of JJJJMMDD numbers."""
    day, month, year = (pd.Series(part).astype(str) for part in (dates % 100, dates // 100 % 100, dates // 10_000))
    return day + "-" + month + "-" + year


def _dates_or_empty(days: pd.Series, known: pd.Series) -> pd.Series:
    return _dutch_dates(date_number(days.to_numpy())).where(known.to_numpy(), "")


def _faults(world: World) -> list[Fault]:
    """What goes wrong in both files: an unknown neighbourhood, an age not agreed, a number used twice."""
    unknown = "BU" + world.municipalities["code"][0][2:] + "9999"
    return [_set("woonbuurt", unknown), _make_old, _repeat_number]


def _spoil(rows: pd.DataFrame, faults: list[Fault], world: World, year: int) -> None:
    """Make about FAULTY of the rows wrong, each in one way, at least one row in a file of some size."""
    random = world.stream(f"faulty {rows.columns[0]} {year}")
    faults = faults[year % len(faults) :] + faults[: year % len(faults)]
    many = max(round(FAULTY * len(rows)), int(len(rows) >= 60))
    lines = random.choice(np.arange(1, max(len(rows), 2)), many, replace=False)
    for place, fault in enumerate(faults):
        fault(rows, pd.Index(lines[place :: len(faults)]))


def _set(column: str, value: str) -> Fault:
    def spoil(rows: pd.DataFrame, lines: pd.Index) -> None:
        rows.loc[lines, column] = value

    return spoil


def _make_old(rows: pd.DataFrame, lines: pd.Index) -> None:
    """Born 30 years earlier: outside the ages agreed."""
    dates = rows.loc[lines, "geboortedatum"]
    dutch = dates.str.contains("-")
    year = dates.str[-4:].where(dutch, dates.str[:4]).astype(int).sub(30).astype(str)
    rows.loc[lines, "geboortedatum"] = (dates.str[:-4] + year).where(dutch, year + dates.str[4:])


def _repeat_number(rows: pd.DataFrame, lines: pd.Index) -> None:
    """The number of the row before."""
    number = rows.columns[0]
    rows.loc[lines, number] = rows[number].shift().loc[lines]
