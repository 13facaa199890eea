"""Drawn tables for the tests of protect and audit: a small region, its indicators, and cells as text."""

import numpy as np
import pandas as pd

from pipelines.protect import Protected, Rule, protect
from tests.drawn import table

LEVELS = {"RG": "region", "GM": "municipality", "WK": "district", "BU": "neighbourhood"}
KEYS = ["indicator", "area", "period", "age", "sex", "kind"]
DEFAULTS = {"period": "2025", "age": "all", "sex": "all", "kind": "all", "denominator": "1000", "state": "counted"}


def cells(text: str) -> pd.DataFrame:
    """Cells as aggregate makes them; columns left out hold 'all', 2025, 1000 inhabitants, counted."""
    drawn = table(text)
    for name, value in DEFAULTS.items():
        drawn[name] = drawn.get(name, value)
    for name in ("numerator", "denominator"):
        drawn[name] = pd.to_numeric(drawn[name])
    drawn["period"] = drawn["period"].astype(str)
    return drawn.assign(
        level=drawn["area"].str[:2].map(LEVELS),
        provisional=False,
        denominator_year=2025,
        period_kind=np.where(drawn["period"].str.len() == 4, "year", "quarter"),
    )


MEASURES = table("""
    id                      | counts    | geography | age   | numerator_set               | denominator_set
    suspects_12_17          | persons   | home      | 12-17 | suspects                    |
    suspects_18_22          | persons   | home      | 18-22 | suspects                    |
    first_time_suspects     | persons   | home      | 12-22 | suspects.first_time         |
    suspects_by_offence     | persons   | home      | 12-22 | suspects                    |
    suspects_from_elsewhere | persons   | offence   | 12-22 | suspects_here.from_elsewhere | suspects_here
    halt_rate               | persons   | home      | 12-17 | halt                        |
    halt_by_offence         | persons   | home      | 12-17 | halt                        |
    halt_succeeded          | persons   | home      | 12-17 | halt_finished.succeeded     | halt_finished
    halt_in_time            | persons   | home      | 12-17 | halt.timed.in_norm          | halt.timed
    crimes                  | incidents | place     | all   |                             |
""")

AREAS = pd.concat(
    [
        table("""
    code     | parent  | level
    RG-X     |         | region
    GM1      | RG-X    | municipality
    GM2      | RG-X    | municipality
    WK11     | GM1     | district
    WK12     | GM1     | district
    WK21     | GM2     | district
    WK22     | GM2     | district
    BU111    | WK11    | neighbourhood
    BU112    | WK11    | neighbourhood
    BU113    | WK11    | neighbourhood
    BU114    | WK11    | neighbourhood
    BU121    | WK12    | neighbourhood
    BU122    | WK12    | neighbourhood
    BU123    | WK12    | neighbourhood
    BU211    | WK21    | neighbourhood
    BU212    | WK21    | neighbourhood
    BU213    | WK21    | neighbourhood
    BU221    | WK22    | neighbourhood
    BU222    | WK22    | neighbourhood
""")
        .replace("-", None)
        .assign(year=year)
        for year in (2024, 2025)
    ],
    ignore_index=True,
)


def protected(drawn: pd.DataFrame, threshold: int = 5) -> Protected:
    return protect(drawn, MEASURES, AREAS, Rule(threshold=threshold))


def status(result: Protected, indicator: str, area: str, period: str = "2025", **split: str) -> str:
    wanted = {
        "indicator": indicator,
        "area": area,
        "period": period,
        "age": "all",
        "sex": "all",
        "kind": "all",
        **split,
    }
    figures = result.figures
    return str(figures.loc[(figures[list(wanted)] == pd.Series(wanted)).all(axis=1), "status"].item())


def hidden(result: Protected) -> set[tuple[str, ...]]:
    """The hidden rows, as (indicator, area, period, age, sex, kind)."""
    rows = result.figures.loc[result.figures["status"] == "hidden", KEYS]
    return set(rows.itertuples(index=False, name=None))


def small_world(seed: int, persons: int = 160) -> pd.DataFrame:
    """A year of all indicators, counted from drawn persons, so that every relation holds by itself."""
    rng = np.random.default_rng(seed)
    leaves = AREAS.loc[(AREAS["level"] == "neighbourhood") & (AREAS["year"] == 2025), "code"].to_numpy()
    up = dict(zip(AREAS["code"], AREAS["parent"], strict=True))
    weight = rng.gamma(0.7, 1.0, len(leaves))
    people = pd.DataFrame(
        {
            "BU": rng.choice(leaves, persons, p=weight / weight.sum()),
            "age": rng.integers(12, 23, persons),
            "sex": rng.choice(["male", "female"], persons, p=[0.8, 0.2]),
            "first": rng.random(persons) < 0.6,
            "kind": rng.choice(["property", "violence", "drugs"], persons, p=[0.6, 0.3, 0.1]),
            "quarter": rng.integers(1, 5, persons),
            "away": rng.random(persons) < 0.3,
            "timed": rng.random(persons) < 0.9,
            "in_norm": rng.random(persons) < 0.8,
            "done": rng.random(persons) < 0.9,
            "well": rng.random(persons) < 0.85,
        }
    )
    people["WK"], people["RG"] = people["BU"].map(up), "RG-X"
    people["GM"] = people["WK"].map(up)
    people.loc[rng.random(persons) < 0.04, "BU"] = "unknown"
    people["band"] = np.where(people["age"] < 15, "12-14", np.where(people["age"] < 18, "15-17", "18-22"))
    return pd.DataFrame(_count_world(people, people["age"] < 18)).assign(
        state=lambda rows: np.where(rows["denominator"] > 0, "counted", "impossible"),
        provisional=False,
        denominator_year=2025,
        level=lambda rows: rows["area"].str[:2].map(LEVELS),
        period_kind="year",
    )


def _count_world(people: pd.DataFrame, young: pd.Series) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []

    def emit(indicator: str, chosen: pd.DataFrame, levels: str, of: pd.DataFrame | None = None, **split: str) -> None:
        for level in levels.split():
            for area in AREAS.loc[(AREAS["year"] == 2025) & AREAS["code"].str.startswith(level), "code"]:
                below = 1000.0 if of is None else float((of[level] == area).sum())
                rows.append(
                    {
                        "indicator": indicator,
                        "area": area,
                        "period": "2025",
                        "age": "all",
                        "sex": "all",
                        "kind": "all",
                        **split,
                        "numerator": float((chosen[level] == area).sum()),
                        "denominator": below,
                    }
                )

    def split_out(indicator: str, chosen: pd.DataFrame, column: str, name: str) -> None:
        for value in sorted(people[column].unique()):
            emit(indicator, chosen[chosen[column] == value], "RG GM", **{name: str(value)})

    youth, halt = people[young], people[young & (people["kind"] != "drugs")]
    for indicator, chosen in (("suspects_12_17", youth), ("halt_rate", halt)):
        emit(indicator, chosen, "RG GM WK BU")
        split_out(indicator, chosen, "sex", "sex")
        for band in ("12-14", "15-17"):
            emit(indicator, chosen[chosen["band"] == band], "RG GM", age=band)
        for quarter in range(1, 5):
            emit(indicator, chosen[chosen["quarter"] == quarter], "RG GM", period=f"2025Q{quarter}")
    emit("suspects_18_22", people[~young], "RG GM WK BU")
    emit("first_time_suspects", people[people["first"]], "RG GM")
    emit("first_time_suspects", people[people["first"] & young], "RG GM", age="12-17")
    emit("first_time_suspects", people[people["first"] & ~young], "RG GM", age="18-22")
    for indicator, chosen in (("suspects_by_offence", people), ("halt_by_offence", halt)):
        emit(indicator, chosen, "RG GM")
        split_out(indicator, chosen, "kind", "kind")
    emit("suspects_from_elsewhere", people[people["away"]], "RG GM", of=people)
    emit("halt_succeeded", halt[halt["done"] & halt["well"]], "RG GM", of=halt[halt["done"]])
    emit("halt_in_time", halt[halt["timed"] & halt["in_norm"]], "RG GM", of=halt[halt["timed"]])
    emit("crimes", people, "RG GM")
    return rows
