"""Writes what partners deliver about persons: police suspects (CSV) and Halt referrals (XLSX), a few rows faulty.

No name, no number of the state, no address is made at all; persons are 64 hexadecimal digits by lot.
"""

import numpy as np
import pandas as pd

from pipelines.sample.careers import date_number
from pipelines.sample.formats import MARK, write_person_csv, write_workbook
from pipelines.sample.rows import (
    Write,
    birth_dates,
    codes_in,
    dates_or_empty,
    dutch_dates,
    number_rows,
    set_cell,
    spoil_rows,
    usual_faults,
)
from pipelines.sample.world import World


def suspects_file(world: World, persons: pd.DataFrame, registrations: pd.DataFrame, year: int) -> Write:
    """The delivery of one year of registration; encoding and title line differ by year, as deliveries do."""
    chosen = registrations[registrations["year"] == year].reset_index(drop=True)
    rows = _suspect_rows(world, persons.loc[chosen["person"]].reset_index(drop=True), chosen, year)
    spoil_rows(rows, [set_cell("pleegdatum", "20231345"), *usual_faults(world), set_cell("delict", "X99")], world, year)
    place = world.years.index(year)
    title = f"{MARK}E LEVERING verdachten {year} – proefgegevens" if place == min(1, len(world.years) - 1) else None
    encoding = "utf-8-sig" if place == 2 else "cp1252"
    return lambda file: write_person_csv(file, rows, encoding=encoding, title=title)


def referrals_file(world: World, referrals: pd.DataFrame, year: int, *, as_of: int) -> Write:
    """The delivery of one year of referral; what had not started or finished on day `as_of` is still empty."""
    chosen = referrals[referrals["year"] == year].reset_index(drop=True)
    rows = _referral_rows(world, chosen, year, as_of)
    spoil_rows(
        rows, [set_cell("start", "31-2-2023"), *usual_faults(world), set_cell("delictgroep", "Onbekend")], world, year
    )
    titles = ["Halt - verwijzingen jeugd", f"{MARK}: geen echte personen. Verslagjaar {year}"]
    return lambda file: write_workbook(file, rows, sheet="Verwijzingen", titles=titles)


def _suspect_rows(world: World, persons: pd.DataFrame, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    home, offence = persons["home"].to_numpy(), rows["place"].to_numpy()
    located = rows["located"].to_numpy()
    codes, municipalities = codes_in(world, year), world.places["municipality"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "registratienummer": number_rows(f"SYN{year}-", len(rows)),
            "persoon": persons["key"].str.decode("ascii"),
            "geboortedatum": birth_dates(persons).astype(str),
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
            "verwijsnummer": number_rows(f"SYNH{year}-", len(rows)),
            "persoon": rows["key"].str.decode("ascii"),
            "geboortedatum": dutch_dates(birth_dates(rows)),
            "geslacht": rows["sex"],
            "woonbuurt": codes_in(world, year)[home],
            "woongemeente": world.places["municipality"].to_numpy(dtype=object)[home],
            "verwijzer": rows["referrer"],
            "delictgroep": rows["group"],
            "eerste verhoor": dates_or_empty(rows["hearing"], rows["hearing"] > 0),
            "verwijzing": dates_or_empty(rows["referred"], rows["referred"] > 0),
            "start": dates_or_empty(rows["started"], started),
            "afsluiting": dates_or_empty(rows["finished"], finished),
            "uren": rows["hours"].astype(object).where(started & finished, ""),
            "resultaat": rows["result"].where(finished, ""),
        }
    )
