"""`make bench`: a million suspect rows, load + core + aggregate, against a bare DuckDB script on the same files.

Both read the same CSV files in one run, each in a process of its own, and must find the same counts. The bare script
checks nothing, pseudonymises nothing and keeps no receipt. Bars: at most 2 times its time, peak memory under 2 GB.
Prints figures; fails when the counts differ or a bar is missed.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pandas as pd

from pipelines import loading
from pipelines.aggregate import aggregate
from pipelines.contract import check_contract
from pipelines.deliveries import find_deliveries
from pipelines.engine import DuckDBEngine
from pipelines.extract import extract
from pipelines.indicators import CATALOGUE, Indicator
from pipelines.intake import extend_areas, reference_tables
from pipelines.sample import plan_deliveries
from pipelines.sample.world import load_world
from pipelines.settings import Settings, find_region
from pipelines.sources import CONTRACTS

SCALE = 167  # IJmond, 2019-2025: a little over a million registrations
MOST_TIMES, MOST_BYTES = 2.0, 2 * 1024**3
SUSPECTS = ("suspects_12_17", "suspects_18_22", "first_time_suspects", "suspects_by_offence", "suspects_from_elsewhere")
KEYS = ["indicator", "area", "period", "age", "sex", "kind"]
RUNS = 3


def prepare(folder: Path) -> int:
    """Write the deliveries; suspects as plain UTF-8 with good rows only, so that both sides read the same."""
    rows = 0
    for delivery in plan_deliveries(load_world(region="ijmond", years=range(2019, 2026), scale=SCALE, seed=1)):
        if delivery.path.startswith(("areas", "population", "police_suspects")):
            file = folder / delivery.path
            file.parent.mkdir(parents=True, exist_ok=True)
            delivery.write(file)
            rows += _keep_good(file) if "suspects" in delivery.path else 0
    return rows


def _keep_good(file: Path) -> int:
    contract = CONTRACTS["police_suspects"]
    read = extract(file, contract)
    reference = reference_tables(find_region(Settings(region="ijmond")))
    extend_areas(reference, set())
    checked = check_contract(read.rows, contract, file=file.name, reference=reference, refused_max=1)
    good = read.rows.to_pandas().set_index("line").loc[checked.rows["line"].to_pandas()]
    good.drop(columns="cells_ok").to_csv(file, sep=";", index=False)
    return len(good)


def ours(folder: Path) -> pd.DataFrame:
    """The product's own road, contracts and pseudonyms included."""
    catalogue = [indicator for indicator in CATALOGUE if indicator.id in SUSPECTS]
    with DuckDBEngine(folder / "ours.duckdb") as engine:
        region = find_region(Settings(region="ijmond"))
        deliveries = find_deliveries(folder / "in")
        loading.load(deliveries, engine, region, key=b"k" * 32, refused_max=0.05, tell=lambda _: None)
        loading.connect(engine, _tables(catalogue))
        cells = aggregate(engine, catalogue)
    return cells.loc[cells["numerator"] > 0, [*KEYS, "numerator"]]


def _tables(catalogue: list[Indicator]) -> set[str]:
    """The core tables that these indicators are counted from, and those of every count: areas, periods, what came."""
    measures = [measure for one in catalogue for measure in (one.numerator, one.denominator) if measure]
    return {"core.area", "core.period", "core.coverage", "core.denominator"} | {one.table for one in measures}


def bare(folder: Path) -> pd.DataFrame:
    """The same counts with DuckDB alone."""
    files = str(folder / "in" / "police_suspects" / "*" / "*.csv")
    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        connection.execute(BARE_TABLES.replace("FILES", files)).fetchall()
        connection.execute(BARE_PERIODS).fetchall()
        return connection.sql(" union all ".join(_bare_counts())).df()


BARE_TABLES = """
create table classes as select code, kind from read_csv('data/reference/offence_classes.csv', all_varchar = true);
create table s as
select persoon as p, datesub('year', b, o) as age, case geslacht when 'M' then 'male' when 'V' then 'female' end as sex,
       registratiedatum as r, pleegdatum as o_text, substr(registratiedatum, 1, 4) as year,
       substr(registratiedatum, 1, 4) || 'Q' || cast((cast(substr(registratiedatum, 5, 2) as integer) + 2) // 3 as varchar) as quarter,
       woonbuurt as nb, coalesce(woongemeente, 'GM' || substr(woonbuurt, 3, 4)) as gm,
       coalesce(pleeggemeente, 'GM' || substr(pleegbuurt, 3, 4)) as ogm, kind
from (select *, strptime(replace(substr(geboortedatum, 1, 6) || '|', '00|', '07|')[1:6] ||
                         case substr(geboortedatum, 7, 2) when '00' then '15' else substr(geboortedatum, 7, 2) end, '%Y%m%d') as b,
                strptime(pleegdatum, '%Y%m%d') as o
      from read_csv('FILES', delim = ';', header = true, all_varchar = true))
join classes on code = upper(delict)
"""
BARE_PERIODS = """
create table spread as
select *, row_number() over (partition by p, period order by r desc, o_text desc, age desc, gm, nb, sex) as place
from (select year as period, 'y' as pk, * from s union all select quarter, 'q', * from s);
create table period as
select *, case when age <= 14 then '12-14' when age <= 17 then '15-17' else '18-22' end as band,
       case when age <= 17 then '12-17' else '18-22' end as age_group
from (select s.* exclude (place), year = first as new from spread s
      join (select p, min(year) as first from s group by p) using (p) where place = 1 and age between 12 and 22)
"""


def _bare_counts() -> list[str]:
    home = "gm in ('GM0375', 'GM0396', 'GM0450', 'GM0453')"
    areas = {
        "region": "'RG-IJMOND'",
        "municipality": "gm",
        "district": "'WK' || substr(nb, 3, 6)",
        "neighbourhood": "nb",
    }
    queries = []

    def count(name: str, source: str, area: str, where: str, **split: str) -> None:
        columns = [split.get(d, "'all'") for d in ("age", "sex", "kind")]
        queries.append(
            f"select '{name}' as indicator, {area} as area, period, {columns[0]} as age, {columns[1]} as sex, {columns[2]} as kind,"
            f" count(distinct p) as numerator from {source} where {where} group by all"
        )

    for level, area in areas.items():
        wide = level in {"region", "municipality"}
        known = f"{home} and nb is not null" if not wide else home
        for ages, name in (("12 and 17", "suspects_12_17"), ("18 and 22", "suspects_18_22")):
            where = f"{known} and age between {ages}"
            count(name, "period", area, where if wide else f"{where} and pk = 'y'")
            if wide:
                count(name, "period", area, f"{where} and pk = 'y' and sex is not null", sex="sex")
        if wide:
            count("suspects_12_17", "period", area, f"{home} and pk = 'y' and age <= 17", age="band")
            first = f"{home} and pk = 'y' and new and period >= '2021'"
            count("first_time_suspects", "period", area, first)
            count("first_time_suspects", "period", area, first, age="age_group")
            count("suspects_by_offence", "period", area, f"{home} and pk = 'y'")
            kinds = "(select distinct d.p, d.period, d.gm, s.kind from period d join s on s.p = d.p and s.year = d.period and d.pk = 'y')"
            count("suspects_by_offence", kinds, area, home, kind="kind")
            place = "'RG-IJMOND'" if level == "region" else "ogm"
            offences = (
                "(select distinct s.p, s.year as period, s.ogm, s.gm, d.age from s"
                " join period d on d.p = s.p and d.period = s.year and d.pk = 'y')"
            )
            count(
                "suspects_from_elsewhere",
                offences,
                place,
                home.replace("gm in", "ogm in") + " and gm <> ogm and age between 12 and 22",
            )
    return queries


def _measure(side: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, side, str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(finished.stdout.splitlines()[-1])
    return found


def _child(side: str, folder: Path) -> None:
    if side == "prepare":
        print(json.dumps({"rows": prepare(folder / "in")}))
        return
    (folder / f"{side}.duckdb").unlink(missing_ok=True)
    start = time.perf_counter()
    counts = {"ours": ours, "bare": bare}[side](folder)
    seconds = time.perf_counter() - start
    counts.sort_values(KEYS).to_parquet(folder / f"{side}.parquet", index=False)
    print(json.dumps({"seconds": seconds, "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


def main() -> int:
    """Prepare, run both sides in turn, compare; 0 when the counts are equal and the bars hold."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = _measure("prepare", folder)["rows"]  # a process of its own: its memory does not count as theirs
        print(f"{rows:,} suspect rows prepared")
        pairs = [(_measure("ours", folder), _measure("bare", folder)) for _ in range(RUNS)]
        equal = _same(folder)
    times = sorted(o["seconds"] / b["seconds"] for o, b in pairs)
    memory = max(o["bytes"] for o, _ in pairs)
    for one, other in pairs:
        print(
            f"ours {one['seconds']:.1f} s, {one['bytes'] / 1e9:.2f} GB; bare {other['seconds']:.1f} s, {other['bytes'] / 1e9:.2f} GB"
        )
    print(
        f"counts equal: {equal}; median ratio {times[RUNS // 2]:.2f} (bar {MOST_TIMES}); peak {memory / 1e9:.2f} GB (bar 2.15)"
    )
    return 0 if equal and times[RUNS // 2] <= MOST_TIMES and memory <= MOST_BYTES else 1


def _same(folder: Path) -> bool:
    one, other = (
        pd.read_parquet(folder / f"{side}.parquet").astype({"numerator": "int64"}) for side in ("ours", "bare")
    )
    both = one.merge(other, on=KEYS, how="outer", suffixes=("_ours", "_bare"), indicator=True)
    wrong = both[(both["_merge"] != "both") | (both["numerator_ours"] != both["numerator_bare"])]
    if len(wrong):
        print(wrong.groupby(["indicator", "_merge"], observed=True).size())
    return len(both) > 0 and wrong.empty


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _child(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
