"""Youth care: who gets help, protection or probation, and the files in which providers report it.

Drawn from all young people, so the same persons stand in the files of the police and of schools; brothers and sisters
share a family and some of its trouble. A spell stands in the file of every year it touches, and its end only from the
file of the year in which it ends.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.sample.careers import date_number
from pipelines.sample.formats import MARK, write_person_csv, write_workbook
from pipelines.sample.rows import Fault, Write, birth_dates, make_old, set_cell, spoil_rows
from pipelines.sample.world import Integers, World

AGES = np.arange(0, 22)
STARTS = np.array([0.027] * 4 + [0.095] * 8 + [0.083] * 6 + [0.003] * 4)
"""Starts of youth help in the last year for each young person of that age (see docs/sample.md)."""
TREND = 0.045  # yearly change of the logarithm of STARTS; the list of young people shrinks, their number does not
MOST = 5  # starts a person
OF_SUSPECTS = 0.2  # share of the suspects who get help around their first offence
TOGETHER = 0.2  # share of the starts that come with one of a brother or sister
WEIGHT = 0.6  # how much a young person's own strain decides who gets help (power)
KNOWN_FAMILY = 0.93
FORGOTTEN = 0.004  # share of the spells that a provider reports once and never ends
STAY, PROTECTION = 0.095, 0.098  # shares of the starts of help
PROBATION = (0.32, 0.08)  # shares of the suspects who are summoned, under 18 and from 18 on
FORMS: dict[str, tuple[str, dict[str, float]]] = {
    "without_stay": ("jeugdhulp", {"01": 24, "02": 58, "03": 8, "04": 10}),
    "with_stay": ("jeugdhulp", {"11": 48, "12": 14, "13": 5, "14": 33}),
    "protection": ("jeugdbescherming", {"11": 60, "12": 10, "21": 26, "22": 2, "23": 2}),
    "probation": ("jeugdreclassering", {"41": 80, "42": 8, "50": 2, "51": 2, "61": 3, "62": 2, "63": 3}),
}
"""What providers call the kind of care, and its forms with how often they occur (relative)."""
DAYS = {"without_stay": (230, 0.8), "with_stay": (300, 0.9), "protection": (430, 0.6), "probation": (240, 0.6)}
"""Length of a spell: median in days, spread (log-normal)."""
REFERRERS: dict[str, float] = {"01": 34, "02": 42, "03": 6, "04": 7, "05": 5, "06": 4, "07": 2}
REASONS: dict[str, float] = {"01": 72, "02": 10, "03": 7, "04": 4, "05": 4, "": 3}
AGAIN = (0.2, 0.25, 0.3)  # share of those with a first, second, third spell who come back
YEAR = 365.2425

Codes = npt.NDArray[np.object_]


def simulate_care(
    world: World, youth: pd.DataFrame, persons: pd.DataFrame, registrations: pd.DataFrame
) -> pd.DataFrame:
    """One row a spell, in order of its first day.

    youth    of youth.simulate_youth, with family and shared of families.draw_families; persons, registrations of careers
    returns  key, birth, sex, known, home (row of `world.places`), family, care, kind, form, referrer, begin, end (days),
             reason, forgotten
    """
    random = world.stream("care")
    people = _draw_troubles(youth, _day(world.years[-1], "12-31"), random)
    summoned = _draw_probation(youth, persons, registrations, random)
    rows = pd.concat([*_draw_help(people, random), *_draw_further(people, random), summoned], ignore_index=True)
    rows = _end_in_time(rows, random)
    rows["reason"] = _draw_code(REASONS, len(rows), random)
    rows["family"] = rows["family"].where(random.random(len(rows)) < KNOWN_FAMILY, b"")
    rows["forgotten"] = random.random(len(rows)) < FORGOTTEN
    once = ["begin", "key", "kind", "form"]
    return rows[rows["end"] >= rows["begin"]].sort_values(once).drop_duplicates(once, ignore_index=True)


def care_file(world: World, spells: pd.DataFrame, year: int) -> tuple[str, Write]:
    """Name and writer of one year's delivery: the second year is a workbook, the third has a byte order mark, in the
    fourth a spreadsheet took the zeros in front of the codes away and the postcode came along.
    """
    place = world.years.index(year)
    rows = _rows_of_year(world, spells, year)
    spoil_rows(rows, _faults(), world, year)
    if place == 3:
        rows[["vorm", "verwijzer", "reden einde"]] = rows[["vorm", "verwijzer", "reden einde"]].map(
            lambda code: code.lstrip("0")
        )
        rows.insert(4, "postcode", _postcodes(world, len(rows), year))
    titles = ["Beleidsinformatie jeugd", f"{MARK}: geen echte personen. Verslagjaar {year}"]
    if place == 1:
        return f"jeugdhulp_{year}_synthetisch.xlsx", lambda file: write_workbook(
            file, rows, sheet="Trajecten", titles=titles
        )
    encoding = "utf-8-sig" if place == 2 else "utf-8"
    title = f"{MARK}E LEVERING jeugdhulp {year}"
    return f"jeugdhulp_{year}_synthetisch.csv", lambda file: write_person_csv(
        file, rows, encoding=encoding, title=title
    )


def _postcodes(world: World, many: int, year: int) -> Codes:
    """Four digits by lot: they are dropped at loading, so they need not be true."""
    return world.stream(f"postcodes {year}").integers(1000, 9999, many).astype(str).astype(object)


def _draw_troubles(young: pd.DataFrame, last: int, random: np.random.Generator) -> pd.DataFrame:
    """Who has youth help from which day on: by age, strain and family, around a first offence, and beside a sibling."""
    likely = (young["strain"] ** WEIGHT * young["shared"]).to_numpy()
    many = np.minimum(random.poisson(likely / likely.mean() * STARTS.sum()), MOST)
    who = np.repeat(np.arange(len(young)), many)
    age = random.choice(AGES, len(who), p=STARTS / STARTS.sum()) + random.random(len(who))
    day = young["birth"].to_numpy()[who] + np.floor(age * YEAR).astype(np.int64) + 1
    offended = np.flatnonzero((young["start"] >= 0).to_numpy() & (random.random(len(young)) < OF_SUSPECTS))
    around = young["start"].to_numpy()[offended] + random.integers(-700, 300, len(offended))
    who, day = np.concatenate([who, offended]), np.concatenate([day, around])
    sibling = _next_sibling(young)[who]
    both = (sibling >= 0) & (random.random(len(who)) < TOGETHER)
    later = day[both] + random.integers(-200, 400, int(both.sum()))
    people = young.iloc[np.concatenate([who, sibling[both]])].assign(start=np.concatenate([day, later]))
    age = (people["start"] - people["birth"]).to_numpy() / YEAR
    ago = (last - people["start"].to_numpy()) / YEAR
    kept = (age > 0) & (age <= AGES[-1]) & (ago >= 0) & (random.random(len(people)) < np.exp(-TREND * ago))
    return pd.DataFrame(people[kept]).reset_index(drop=True)


def _next_sibling(young: pd.DataFrame) -> Integers:
    """Place of the next one in the same family, -1 for the last; shape (n,)."""
    number, _ = pd.factorize(young["family"])
    order = np.argsort(number, kind="stable")
    same = number[order[1:]] == number[order[:-1]]
    following = np.full(len(young), -1, dtype=np.int64)
    following[order[:-1][same]] = order[1:][same]
    return following


def _draw_help(people: pd.DataFrame, random: np.random.Generator) -> list[pd.DataFrame]:
    """Help without stay: one spell, often with another beside it, sometimes again after a pause."""
    spells = [_spells(people, people["start"].to_numpy(), "without_stay", random)]
    beside = random.random(len(people)) < 0.2
    later = people["start"].to_numpy() + random.integers(0, 120, len(people))
    spells.append(_spells(people[beside], later[beside], "without_stay", random))
    last = spells[0]
    for share in AGAIN:
        last = last[random.random(len(last)) < share]
        begin = last["end"].to_numpy() + 5 + random.exponential(420, len(last)).astype(np.int64)
        last = _spells(last, begin, "without_stay", random)
        spells.append(last)
    return spells


def _draw_further(people: pd.DataFrame, random: np.random.Generator) -> list[pd.DataFrame]:
    """Stays and protection of some of the young people with help."""
    found = []
    for care, share in (("with_stay", STAY), ("protection", PROTECTION)):
        chosen = people[random.random(len(people)) < share]
        begin = chosen["start"].to_numpy() + random.integers(0, 400, len(chosen))
        found.append(_spells(chosen, begin, care, random))
    return found


def _draw_probation(
    young: pd.DataFrame, persons: pd.DataFrame, registrations: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    """Probation of some of the suspects who were summoned and live in the region."""
    summoned = registrations[(registrations["disposal"] == "dagvaarding") & (registrations["age"] >= 12)]
    chosen = summoned[random.random(len(summoned)) < np.where(summoned["age"] < 18, *PROBATION)]
    begin = chosen["registered"].to_numpy() + 60 + random.exponential(90, len(chosen)).astype(np.int64)
    keys = pd.DataFrame({"key": persons["key"].to_numpy()[chosen["person"]], "begin": begin})
    found = keys.merge(young, on="key")
    return _spells(found, found["begin"].to_numpy(), "probation", random)


def _spells(people: pd.DataFrame, begin: Integers, care: str, random: np.random.Generator) -> pd.DataFrame:
    kind, forms = FORMS[care]
    median, spread = DAYS[care]
    length = np.floor(median * np.exp(random.normal(0, spread, len(people)))).astype(np.int64)
    referrer = _draw_code(REFERRERS, len(people), random) if kind == "jeugdhulp" else ""
    known = people[["key", "birth", "sex", "known", "home", "family"]].reset_index(drop=True)
    form = _draw_code(forms, len(people), random)
    return known.assign(care=care, kind=kind, form=form, referrer=referrer, begin=begin, end=begin + length)


def _end_in_time(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Protection ends at 18, help mostly; what goes on or begins later ends at 23."""
    birth, begin = rows["birth"].to_numpy(), rows["begin"].to_numpy()
    grown, limit = (birth + np.floor(age * YEAR).astype(np.int64) for age in (18, 23))
    extended = random.random(len(rows)) < 0.2
    help_at_18 = np.isin(rows["care"], ["without_stay", "with_stay"]) & (begin < grown) & ~extended
    last = np.where((rows["care"] == "protection") | help_at_18, grown, limit) - 1
    shortened: pd.DataFrame = rows.assign(end=np.minimum(rows["end"].to_numpy(), last)).loc[begin < limit]
    return shortened


def _draw_code(weights: dict[str, float], many: int, random: np.random.Generator) -> Codes:
    shares = np.array(list(weights.values()), dtype=float)
    return np.asarray(random.choice(np.array(list(weights), dtype=object), many, p=shares / shares.sum()))


def _day(year: int, month_and_day: str) -> int:
    """Days since 1970."""
    return int(np.datetime64(f"{year}-{month_and_day}").astype("datetime64[D]").astype(np.int64))


def _rows_of_year(world: World, spells: pd.DataFrame, year: int) -> pd.DataFrame:
    """As the provider knew it on 31 December: later ends are still empty."""
    first, last = _day(year, "01-01"), _day(year, "12-31")
    begun_here = (spells["begin"] >= first) & (spells["begin"] <= last)
    runs = (spells["begin"] <= last) & (spells["end"] >= first) & (begun_here | ~spells["forgotten"])
    rows = spells[runs].reset_index(drop=True)
    ended = ((rows["end"] <= last) & ~rows["forgotten"]).to_numpy()
    return pd.DataFrame(
        {
            "persoon": rows["key"].str.decode("ascii"),
            "geboortedatum": birth_dates(rows).astype(str),
            "geslacht": rows["sex"],
            "woongemeente": world.places["municipality"].to_numpy(dtype=object)[rows["home"]],
            "soort": rows["kind"],
            "vorm": rows["form"],
            "verwijzer": rows["referrer"],
            "begin": date_number(rows["begin"].to_numpy()).astype(str),
            "einde": pd.Series(date_number(rows["end"].to_numpy()).astype(str)).where(ended, ""),
            "reden einde": rows["reason"].where(ended, ""),
            "gezin": rows["family"].str.decode("ascii"),
        }
    )


def _faults() -> list[Fault]:
    return [set_cell("begin", "20231345"), make_old, set_cell("vorm", "99"), set_cell("einde", "19991231"), _repeat_row]


def _repeat_row(rows: pd.DataFrame, lines: pd.Index) -> None:
    """The whole row before, once more."""
    rows.loc[lines] = rows.shift().loc[lines]
