"""Reports of school absence and early leavers, drawn from all young people of the region, by school year."""

import numpy as np
import pandas as pd

from pipelines.sample.careers import age_on
from pipelines.sample.world import Floats, Integers, Texts, World

AGES = np.arange(4, 23)
LEAST, MOST = 5, 22
KINDS: dict[str, tuple[float, float, float, float]] = {
    "A": (1.8, 2.0, 4.6, 0.0),
    "V1": (3.2, 16.0, 27.0, 9.0),
    "V2": (0.6, 6.0, 11.0, 4.5),
    "V3": (1.6, 15.0, 33.0, 11.0),
    "LRV": (1.4, 4.8, 11.5, 4.0),
    "L": (7.2, 2.6, 1.1, 0.0),
    "RMC": (0.0, 0.0, 0.0, 6.0),
    "O": (1.2, 4.2, 6.4, 2.0),
}
"""Reports per 1,000 young people and school year, at 5-11, 12-14, 15-17 and 18-22 years (see docs/sample.md)."""
LEVELS = {2019: 0.55, 2020: 0.8, 2021: 1.1, 2022: 1.2, 2023: 1.25, 2024: 1.25}
"""Reports in school years from 2019/20 on, for each in 2018/19: schools were closed in 2020 and 2021."""
MONTHS = np.array([0.1, 1.15, 1.05, 1.3, 1.05, 1.2, 1.05, 1.25, 1.0, 1.0, 0.95, 0.35])  # August to July
MEAN_DAYS = {"A": 40, "V1": 6, "V2": 22, "V3": 24, "LRV": 62, "L": 6, "RMC": 26, "O": 10}
STATUSES = np.array(["R", "B", "G", "K", "I"])
STATUS_SHARES = (0.06, 0.1, 0.7, 0.09, 0.05)
LEAVING = np.array([0, 0, 0, 0, 0, 0, 0, 0.2, 0.4, 0.6, 1.0, 1.8, 4.0, 13.0, 15.5, 14.0, 12.0, 10.5, 9.0])
"""Early leavers per 1,000 of each age of AGES on 1 October, before strain."""
LEAVING_LEVELS = {2019: 0.84, 2020: 0.9, 2021: 1.13, 2022: 1.12, 2023: 1.08, 2024: 1.05}
"""Early leavers in school years from 2019/20 on, for each in 2018/19; up to 2022/23 as DUO published."""
EDUCATION = ("po", "sbo", "vo", "vso", "vavo", "mbo-1", "mbo-2", "mbo-3", "mbo-4")
AFTER_SECONDARY = (0.02, 0.09, 0.3, 0.22, 0.37)  # vavo and mbo 1 to 4, of those who left secondary school
REASONS = np.array(["werk", "gezondheid", "gedrag", "verkeerde keuze", "verhuisd", "overig", "onbekend", ""])
REASON_SHARES = (0.2, 0.17, 0.07, 0.16, 0.04, 0.16, 0.12, 0.08)
ELSEWHERE = {"po": 0.03, "sbo": 0.3, "vo": 0.3, "vso": 0.5, "vavo": 0.6}
"""Share of pupils who go to school in another municipality; 0.6 for vocational education."""


def school_years(world: World) -> range:
    """First years of the school years that are over by the end of the last year: 2018 stands for 2018/19."""
    return range(world.years[0] - 1, world.years[-1])


def simulate_absence(world: World, youth: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """One row per report, in order of the day of report.

    referrals  of referrals.simulate_referrals: who was sent to Halt for attendance was reported before
    returns    key, birth, sex, known, home, code, begun, ended, reported (days; ended 0 = it lasts), education,
               municipality (row of the school's municipality, -1: no school), school, status, year (first of the school year)
    """
    random = world.stream("absence")
    rows = pd.concat([*_draw_reports(world, youth, random), _before_halt(referrals, random)], ignore_index=True)
    age = age_on(rows["birth"].to_numpy(), rows["begun"].to_numpy())
    rows = rows[(age >= LEAST) & (age <= MOST)].reset_index(drop=True)
    rows["ended"] = rows["begun"] + _draw_lengths(rows["code"].to_numpy(), random)
    wait = np.where(rows["code"] == "LRV", 28, np.where(rows["code"].isin(["V2", "V3"]), 14, 2))
    rows["reported"] = rows["begun"] + wait + np.floor(random.exponential(4, len(rows))).astype(np.int64)
    rows["year"] = _school_year_of(rows["reported"].to_numpy())
    age = age_on(rows["birth"].to_numpy(), rows["begun"].to_numpy())
    rows["code"] = _fit_code(rows["code"].to_numpy().astype(str), age)
    rows = _send_to_school(world, rows.assign(age=age), random)
    rows["status"] = random.choice(STATUSES, len(rows), p=STATUS_SHARES)
    kept = rows["year"].isin(school_years(world))
    return rows[kept].sort_values(["reported", "key"], ignore_index=True)


def simulate_leaving(world: World, youth: pd.DataFrame, absence: pd.DataFrame) -> pd.DataFrame:
    """One row per early leaver and school year; who was ever reported absent leaves school more often.

    returns  key, birth, sex, known, home, education, municipality, school, reason, year
    """
    random = world.stream("leaving")
    truants = set(absence["key"])
    factor = np.where(youth["key"].isin(truants), 1.75, 0.64) * youth["strain"].to_numpy() ** 0.8
    parts = []
    for year in school_years(world):
        age = age_on(youth["birth"].to_numpy(), np.full(len(youth), _day(year, 10)))
        chance = _of_age(LEAVING, age) / 1000 * factor * LEAVING_LEVELS.get(year, 1.0)
        left = random.random(len(youth)) < chance
        parts.append(youth[left].assign(age=age[left], year=year))
    rows = pd.concat(parts, ignore_index=True).drop(columns=["start", "strain"])
    rows = _send_to_school(world, rows.assign(code=""), random)
    rows["reason"] = random.choice(REASONS, len(rows), p=REASON_SHARES)
    return rows.sort_values(["year", "key"], ignore_index=True)


def _draw_reports(world: World, youth: pd.DataFrame, random: np.random.Generator) -> list[pd.DataFrame]:
    parts = []
    for year in school_years(world):
        age = age_on(youth["birth"].to_numpy(), np.full(len(youth), _day(year + 1, 1)))
        level = youth["strain"].to_numpy() * LEVELS.get(year, 1.0) / 1000
        for code, rates in KINDS.items():
            many = random.poisson(_of_age(np.repeat(rates, (8, 3, 3, 5)), age) * level)
            chosen = youth.loc[np.repeat(np.arange(len(youth)), many), ["key", "birth", "sex", "known", "home"]]
            parts.append(chosen.assign(code=code, begun=_draw_school_days(year, len(chosen), random)))
    return parts


def _before_halt(referrals: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    sent = referrals[referrals["referrer"] == "leerplichtambtenaar"]
    day = sent["referred"].to_numpy() - random.integers(30, 80, len(sent))
    code = random.choice(["V1", "V2", "V3"], len(sent), p=[0.3, 0.2, 0.5])
    return sent[["key", "birth", "sex", "known", "home"]].assign(code=code, begun=day)


def _of_age(rates: Floats, age: Integers) -> Floats:
    """The rate at each age; 0 outside AGES."""
    known = (age >= AGES[0]) & (age <= AGES[-1])
    return np.where(known, rates[np.clip(age - AGES[0], 0, len(AGES) - 1)], 0.0)


def _draw_school_days(year: int, many: int, random: np.random.Generator) -> Integers:
    """Days from August of the year to July of the next."""
    month = random.choice(12, many, p=MONTHS / MONTHS.sum())
    starts = np.array([_day(year + (7 + n) // 12, (7 + n) % 12 + 1) for n in range(13)])
    length = np.diff(starts)
    return np.asarray(starts[month] + (random.random(many) * length[month]).astype(np.int64))


def _draw_lengths(code: Texts, random: np.random.Generator) -> Integers:
    """Days an absence lasts; long-term absence lasts four weeks at least."""
    mean = np.array([MEAN_DAYS[one] for one in code])
    least = np.where(code == "LRV", 29, 0)
    return np.asarray(least + np.ceil(random.exponential(mean - least * 0.4)).astype(np.int64))


def _fit_code(code: Texts, age: Integers) -> Texts:
    """From 18 on 16 hours in four weeks is V4, and nobody is absolutely absent any more."""
    grown = np.where(code == "V3", "V4", np.where(code == "A", "RMC", code))
    under = np.where(code == "RMC", "O", code)
    return np.where(age >= 18, grown, under)


def _send_to_school(world: World, rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Add education, municipality (a row of the region's list, beyond it the places around; -1: none) and school."""
    education = _draw_education(rows["age"].to_numpy(), random)
    number = world.places["number"].to_numpy()
    home, many = number[rows["home"]], len(world.municipalities)
    away = random.random(len(rows)) < np.array([ELSEWHERE.get(one, 0.6) for one in education])
    weight = np.sqrt(world.places["pull"].groupby(number).sum().to_numpy())
    weight[many:] = weight[:many].mean() * 0.5
    other = random.choice(len(weight), len(rows), p=weight / weight.sum())
    municipality = np.where(away, other, home)
    school = _draw_schools(education, municipality, random)
    nowhere = (rows["code"] == "A").to_numpy()
    return rows.assign(
        education=np.where(nowhere, "", education),
        municipality=np.where(nowhere, -1, municipality),
        school=np.where(nowhere, "", school),
    )


def _draw_education(age: Integers, random: np.random.Generator) -> Texts:
    chance = random.random(len(age))
    young = np.where(chance < 0.06, "sbo", "po")
    teen = np.where(chance < 0.06, "vso", "vo")
    grown = random.choice(np.array(EDUCATION[4:]), len(age), p=AFTER_SECONDARY)
    at_sixteen = np.where(
        (age == 16) & (chance > 0.6) | (age == 17) & (chance > 0.4) | (age == 18) & (chance > 0.15) | (age > 18),
        grown,
        teen,
    )
    return np.where(age < 12, young, at_sixteen)


def _draw_schools(education: Texts, municipality: Integers, random: np.random.Generator) -> Texts:
    """BRIN and branch: a few schools of each kind in a municipality (made up)."""
    kind = np.array([EDUCATION.index(one) for one in education])
    school = random.integers(0, np.where(kind < 2, 9, 3), len(kind))
    number, letter = (municipality * 7 + kind * 3 + school) % 100, np.array(list("ABCDEFGHJ"))
    return np.array(
        [f"{n:02d}{letter[k]}{letter[s]}{b:02d}" for n, k, s, b in zip(number, kind, school, school % 3, strict=True)]
    )


def _school_year_of(days: Integers) -> Integers:
    """The first year of the school year in which a day lies."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray((months - 7) // 12 + 1970)


def _day(year: int, month: int) -> int:
    return int(np.datetime64(f"{year}-{month:02d}-01").astype("datetime64[D]").astype(np.int64))
