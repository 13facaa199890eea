"""Writes the open tables about persons: population by age (exact), suspects and Halt (tens), youth care (fives), early leaving.

Suspects and Halt are counted from the simulated persons and then rounded, as CBS does; care and early leaving are drawn
around national shares. Each file has the layout in which its table comes: pulled (codes with titles), or downloaded.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.sample.careers import kinds_of_classes
from pipelines.sample.formats import MARK, pad, write_download, write_odata, write_person_csv
from pipelines.sample.world import Integers, World, count_inhabitants

Write = Callable[[Path], None]
GROUP_TITLES = {
    "all": "Misdrijven, totaal", "property": "1 Vermogensmisdrijven", "public_order": "2 Vernielingen,misdropenborde/gezag",
    "violence": "3 Gewelds- en seksuele misdrijven", "traffic": "5 Verkeersmisdrijven", "drugs": "6 Drugsmisdrijven",
    "weapons": "7 (Vuur)wapenmisdrijven",
}  # fmt: skip
SEXES = {"all": ("T001038", "Totaal mannen en vrouwen"), "M": ("3000   ", "Mannen"), "V": ("4000   ", "Vrouwen")}
BANDS = {"12 tot 18 jaar": (12, 17), "18 tot 23 jaar": (18, 22)}
CARE = {"JongerenMetJeugdhulp_1": (0.104, 0, 22), "JongerenMetJeugdbescherming_3": (0.0105, 0, 17),
        "JongerenMetJeugdreclassering_5": (0.0045, 12, 22)}  # fmt: skip
"""Share of the inhabitants of an age that gets this care in a year (order of the national shares of recent years)."""
LEAVING = 0.0195  # of the pupils of 12 to 22, a school year
PUPILS = 0.83  # of the inhabitants of 12 to 22 are pupils
SMALLEST_CARE, SMALLEST_LEAVING = 10, 5
BOYS = 0.512


def plan_rounded(
    world: World, persons: pd.DataFrame, registrations: pd.DataFrame, referrals: pd.DataFrame
) -> Iterator[tuple[str, Write]]:
    """Path under the folder and writer of each table; each holds all years."""
    after = world.years[-1] + 1
    ages = count_by_age(world)
    yield (
        f"population_age/{after}-05-01/03759ned_synthetisch.json",
        lambda file: write_odata(file, _population(ages), table="03759ned"),
    )
    suspects = _suspects(world, persons, registrations)
    yield (
        f"open_suspects/{after}-10-01/85655NED_synthetisch.json",
        lambda file: write_odata(file, suspects, table="85655NED"),
    )
    halt = _halt(world, referrals)
    yield (
        f"open_halt/{after}-09-01/71930ned_synthetisch.csv",
        lambda file: write_download(file, halt, title="Halt-jongeren", source="CBS"),
    )
    care = _care(world, ages)
    yield f"open_care/{after}-04-30/85075NED_synthetisch.json", lambda file: write_odata(file, care, table="85075NED")
    for year in world.years[1:]:
        name = f"open_leaving/{year + 1}-03-15/vsv_gemeenten_{year - 1}-{year}_synthetisch.csv"
        yield name, _leaving_file(_leaving(world, ages, year))


def _leaving_file(rows: pd.DataFrame) -> Write:
    title = f"Voortijdig schoolverlaters per woongemeente - {MARK}"
    return lambda file: write_person_csv(file, rows, encoding="utf-8-sig", title=title)


def count_by_age(world: World) -> pd.DataFrame:
    """Inhabitants per municipality, year, single year of age (0-24) and sex; the CBS bands are exactly those published."""
    parts = []
    for year in world.years:
        random = world.stream(f"ages {year}")
        counts = count_inhabitants(world, year).query("level == 'municipality'")
        for row in counts.to_dict("records"):
            every = np.concatenate([_deal(row["age_0_14"], 15, random), _deal(row["age_15_24"], 10, random)])
            men = random.binomial(every, BOYS)
            parts.append(_by_sex(row["code"], year, every, men, row["inhabitants"], row["men"]))
    return pd.concat(parts, ignore_index=True)


def _deal(total: int, ages: int, random: np.random.Generator) -> Integers:
    """A total dealt over ages, about equally: a municipality has a few more of one age than of another."""
    weights = random.normal(1, 0.03, ages).clip(0.8, 1.2)
    upto = np.round(np.cumsum(weights) / weights.sum() * total).astype(np.int64)
    return np.asarray(np.diff(upto, prepend=0))


def _by_sex(code: str, year: int, every: Integers, men: Integers, inhabitants: int, all_men: int) -> pd.DataFrame:
    counts = {"all": [inhabitants, *every], "M": [all_men, *men], "V": [inhabitants - all_men, *(every - men)]}
    ages = [-1, *range(25)]
    rows = [pd.DataFrame({"code": code, "year": year, "age": ages, "sex": sex, "n": n}) for sex, n in counts.items()]
    return pd.concat(rows)


def _population(ages: pd.DataFrame) -> pd.DataFrame:
    keys = {-1: ("10000", "Totaal"), 0: ("10010", "0 jaar")} | {
        n: (str(10_000 + 100 * n), f"{n} jaar") for n in range(1, 25)
    }
    return pd.DataFrame({
        "ID": np.arange(len(ages)), "Geslacht": ages["sex"].map({sex: key for sex, (key, _) in SEXES.items()}),
        "Leeftijd": pad(ages["age"].map({age: key for age, (key, _) in keys.items()}), 5), "BurgerlijkeStaat": "T001019",
        "RegioS": pad(ages["code"], 6), "Perioden": ages["year"].astype(str) + "JJ00",
        "BevolkingOp1Januari_1": ages["n"].astype(str).str.rjust(8),
        "Geslacht_titel": ages["sex"].map({sex: title for sex, (_, title) in SEXES.items()}),
        "Leeftijd_titel": ages["age"].map({age: title for age, (_, title) in keys.items()}),
        "BurgerlijkeStaat_titel": "Totaal burgerlijke staat",
    })  # fmt: skip


def _suspects(world: World, persons: pd.DataFrame, registrations: pd.DataFrame) -> pd.DataFrame:
    """85655NED: unique suspects per municipality of residence, year, age group, sex and offence group, in tens."""
    person = registrations["person"].to_numpy()
    seen = pd.DataFrame({
        "person": person, "year": registrations["year"], "age": registrations["age"],
        "code": world.places["municipality"].to_numpy()[persons["home"].to_numpy()[person]],
        "sex": persons["sex"].to_numpy()[person], "kind": registrations["offence_class"].map(kinds_of_classes()),
    })  # fmt: skip
    keys = ["code", "year", "band", "sex", "kind"]
    rows = []
    for band, (low, high) in BANDS.items():
        of_band = seen[seen["age"].between(low, high)].assign(band=band)
        for whole in ({"sex": "all", "kind": "all"}, {"kind": "all"}, {"sex": "all"}):
            rows.append(of_band.assign(**whole).groupby(keys)["person"].nunique())
    counts = _fill(world, pd.concat(rows), [list(BANDS), list(SEXES), list(GROUP_TITLES)], keys)
    counts = counts[(counts["sex"] == "all") | (counts["kind"] == "all")].reset_index(drop=True)
    codes = {kind: f"T{n:06d}" for n, kind in enumerate(GROUP_TITLES, 1)}
    return pd.DataFrame({
        "ID": np.arange(len(counts)), "SoortMisdrijf": counts["kind"].map(codes), "Geslacht": counts["sex"].map({k: v[0] for k, v in SEXES.items()}),
        "Leeftijd": counts["band"].map({band: f"{53_100 + n}" for n, band in enumerate(BANDS)}), "RegioS": pad(counts["code"], 6),
        "Perioden": counts["year"].astype(str) + "JJ00", "UniekGeregistreerdeVerdachten_1": _tens(counts["n"]).astype(str).str.rjust(8),
        "SoortMisdrijf_titel": counts["kind"].map(GROUP_TITLES), "Geslacht_titel": counts["sex"].map({k: v[1] for k, v in SEXES.items()}),
        "Leeftijd_titel": counts["band"],
    })  # fmt: skip


def _halt(world: World, referrals: pd.DataFrame) -> pd.DataFrame:
    """71930ned as a labelled download: young people whose intervention ended in the year, by sex, in tens."""
    ended = referrals[referrals["result"].isin(["geslaagd", "mislukt"])]
    year = ended["finished"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    code = world.places["municipality"].to_numpy()[ended["home"].to_numpy()]
    seen = pd.DataFrame({"code": code, "year": year, "sex": ended["sex"].to_numpy(), "key": ended["key"].to_numpy()})
    keys = ["code", "year", "sex"]
    counts = pd.concat([part.groupby(keys)["key"].nunique() for part in (seen.assign(sex="all"), seen)])
    rows = _fill(world, counts, [list(SEXES)], keys)
    names = world.municipalities.set_index("code")["name"]
    mark = np.where(rows["year"] == world.years[-1], "*", "")
    return pd.DataFrame({
        "Geslacht": rows["sex"].map({sex: title for sex, (_, title) in SEXES.items()}), "Leeftijd": "12 tot 18 jaar",
        "Herkomstgroeperingen": "Totaal", "Regio's": rows["code"].map(names), "Perioden": rows["year"].astype(str) + mark,
        "Totaal aantal Halt-jongeren (aantal)": _tens(rows["n"]),
    })  # fmt: skip


def _care(world: World, ages: pd.DataFrame) -> pd.DataFrame:
    """85075NED, untyped: the three kinds per municipality and year, in fives; below 10 a point."""
    random = world.stream("open care")
    rows = ages[(ages["sex"] == "all") & (ages["age"] >= 0)]
    whole = rows.groupby(["code", "year"], as_index=False)["n"].sum().drop(columns="n")
    table = pd.DataFrame(
        {"ID": np.arange(len(whole)), "RegioS": pad(whole["code"], 6), "Perioden": whole["year"].astype(str) + "JJ00"}
    )
    level = dict(
        zip(world.municipalities["code"], random.normal(1, 0.1, len(world.municipalities)).clip(0.7, 1.3), strict=True)
    )
    for column, (share, low, high) in CARE.items():
        people = rows[rows["age"].between(low, high)].groupby(["code", "year"])["n"].sum().to_numpy()
        count = random.binomial(people, share * whole["code"].map(level).to_numpy(dtype=float))
        table[column] = _text(_fives(count), smallest=SMALLEST_CARE).str.rjust(8)
    return table


def _leaving(world: World, ages: pd.DataFrame, year: int) -> pd.DataFrame:
    """DUO's file of one school year: a row per municipality; a count under 5 is `<5`."""
    random = world.stream(f"leaving {year}")
    rows = ages[(ages["sex"] == "all") & ages["age"].between(12, 22) & (ages["year"] == year)]
    pupils = (rows.groupby("code")["n"].sum() * PUPILS).round().astype(np.int64)
    left = random.binomial(pupils.to_numpy(), LEAVING)
    return pd.DataFrame({
        "Schooljaar": f"{year - 1}-{year}", "Gemeentenummer": pupils.index.str[2:],
        "Gemeentenaam": world.municipalities.set_index("code")["name"].loc[pupils.index].to_numpy(),
        "Aantal leerlingen": pupils.to_numpy().astype(str),
        "Aantal vsv'ers": np.where(left < SMALLEST_LEAVING, "<5", left.astype(str)),
    })  # fmt: skip


def _fill(world: World, counts: "pd.Series[int]", values: list[list[str]], keys: list[str]) -> pd.DataFrame:
    """A row for every municipality, year and group: nobody is a zero."""
    wanted = pd.MultiIndex.from_product([world.municipalities["code"], list(world.years), *values], names=keys)
    return counts.reindex(wanted, fill_value=0).rename("n").reset_index()


def _tens(counts: "pd.Series[int]") -> "pd.Series[int]":
    return (counts + 5) // 10 * 10


def _fives(counts: Integers) -> Integers:
    return np.asarray((counts + 2) // 5 * 5)


def _text(counts: Integers, *, smallest: int) -> "pd.Series[str]":
    return pd.Series(np.where((counts > 0) & (counts < smallest), ".", counts.astype(str)), dtype="str")
