"""Approaches, youth groups and interventions: what is taken in, who is counted, when and where."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.aggregate import aggregate
from pipelines.audit import attack, check_proof
from pipelines.describe import describe_indicators
from pipelines.engine import DuckDBEngine
from pipelines.errors import ContractError
from pipelines.indicators.approaches import INDICATORS
from pipelines.loading import connect, load_coverage, load_reference
from pipelines.programme import programme_tables
from pipelines.protect import protect
from pipelines.purposes import PURPOSES
from pipelines.sample.approaches import simulate_approaches, simulate_groups
from pipelines.sample.careers import simulate_persons, simulate_registrations
from pipelines.sample.world import load_world
from pipelines.sources.approaches import APPROACHES
from tests.drawn import table
from tests.protection_tables import AREAS
from tests.protection_tables import cells as draw
from tests.suppliers import IJMOND, deliver, person, take
from tests.world import POPULATION, Cells, cell

DEFAULTS = {
    "approaches": {"person": "ann", "family": None, "approach": "group", "group_code": None, "age": 15, "sex": "male",
                   "home_municipality": "GM0375", "begin_date": "20250301", "end_date": None, "phase": None,
                   "informed_on": "20250310", "series": "2025"},
    "youth_groups": {"group_code": "a", "half_year": "2025H1", "place_municipality": "GM0375", "place_neighbourhood": None,
                     "size": "12", "phase": "1", "series": "2025H1"},
    "interventions": {"name": "Kickfit", "type": "sport", "project": "twente-2", "approach": None, "municipalities": "GM0375",
                      "neighbourhoods": None, "target_ages": "12-17", "start_date": "20240901", "end_date": None,
                      "participants": "20", "indicator": "youth_nuisance", "series": "2025", "line": 1},
    "programme": {"project": "twente-3", "milestone": None, "board": "DVO", "status": "running", "on_date": "20250101",
                  "series": "2025", "line": 1},
}  # fmt: skip
KEYED = {"person": "person_key", "family": "family_key", "group_code": "group_key"}
SPELL_HEADER = "persoon;gezin;aanpak;groep;gemeente;begin;einde;fase;geïnformeerd op"
GROUP_HEADER = "groep;halfjaar;gemeente;buurt;beoordeling;omvang;stap"
TOOL_HEADER = "naam;soort;project;aanpak;gemeenten;buurten;leeftijd;start;einde;deelnemers;beoogde indicator"


def count(period: str = "2024-2025", threshold: int = 5, **drawings: str) -> Cells:
    """Exact cells of drawn rows by source, all delivered for `period`."""
    return Cells(engine=connected(period, threshold, **drawings))


def connected(period: str = "2024-2025", threshold: int = 5, **drawings: str) -> DuckDBEngine:
    engine = DuckDBEngine()
    load_reference(engine, IJMOND, None, threshold)
    people = table(POPULATION).astype(str).astype({"year": "int32"})
    engine.load("raw.population", pa.Table.from_pandas(people, preserve_index=False))
    for source, drawing in drawings.items():
        engine.load(f"raw.{source}", pa.Table.from_pandas(_rows(source, drawing), preserve_index=False))
    load_coverage(engine, [(source, period) for source in DEFAULTS if source != "programme"])
    connect(engine)
    return engine


def _rows(source: str, drawing: str) -> pd.DataFrame:
    """Drawn rows as they are after pseudonymisation: names in the drawing become keys."""
    drawn = table(drawing).astype(object)
    rows = pd.DataFrame([DEFAULTS[source]] * len(drawn)).astype(object)
    for column in drawn:
        rows[column] = [None if pd.isna(value) else str(value) for value in drawn[column]]
    for column in [column for column in KEYED if column in rows]:
        keys = pd.Series(pd.factorize(rows.pop(column))[0] + 1, dtype="Int64")
        rows[KEYED[column]] = keys.where(keys > 0)
    return rows.astype({"age": "int32"}) if "age" in rows else rows


def _numerators(cells: Cells, indicator: str, area: str = "RG-IJMOND", **split: str) -> list[object]:
    return [cell(cells, indicator, area, year, **split)["numerator"] for year in ("2024", "2025")]


def test_the_stock_is_that_of_31_december_and_flows_are_over_the_whole_of_the_three_approaches() -> None:
    cells = count(
        approaches="""
        person | approach | begin_date | end_date
        ann    | group    | 20230301   | 20240630
        bob    | group    | 20240301   |
        bob    | place    | 20250201   |
        cas    | system   | 20250101   | 20251231
        dot    | place    | 20250401   | 20250501
        eve    | group    | 20230101   | 20250301
        eve    | system   | 20250301   |
    """
    )
    assert _numerators(cells, "approach_stock") == [2, 2]
    assert _numerators(cells, "approach_inflow") == [1, 2]
    assert _numerators(cells, "approach_outflow") == [1, 2]
    assert [_numerators(cells, "approach_kind", kind=kind) for kind in ("group", "system", "place")] == [
        [2, 1],
        [0, 1],
        [0, 1],
    ]
    assert cell(cells, "approach_kind", "RG-IJMOND", kind="group")["denominator"] == 2
    assert cell(cells, "approach_stock", "GM0375")["denominator"] == 40000


def test_the_length_of_an_approach_is_told_in_classes_of_who_went_out() -> None:
    cells = count(
        approaches="""
        person | begin_date | end_date
        ann    | 20240101   | 20250615
        bob    | 20250101   | 20250301
        cas    | 20250101   | 20250701
        cas    | 20250801   | 20250810
        dot    | 20250101   |
    """
    )
    kinds = ("under_6_months", "6_to_12_months", "1_to_2_years", "over_2_years")
    assert [_numerators(cells, "approach_duration", kind=kind)[1] for kind in kinds] == [2, 0, 1, 0]
    assert _numerators(cells, "approach_outflow") == [0, 3]


def test_who_left_a_person_approach_counts_when_informed_with_how_long_it_took() -> None:
    cells = count(
        approaches="""
        person | approach | begin_date | end_date | informed_on
        ann    | person   | 20240101   | 20250615 | 20240110
        bob    | person   | 20250101   | 20250301 | 20250102
        cas    | person   | 20250101   | 20250301 |
        dot    | person   | 20250101   |          | 20250102
        eve    | group    | 20250101   | 20250301 | 20250102
    """
    )
    assert _numerators(cells, "person_approach_outflow") == [0, 2]
    spread = [_numerators(cells, "person_approach_duration", kind=kind)[1] for kind in ("under_1_year", "over_1_year")]
    assert spread == [1, 1], (
        "ann stayed over a year, bob two months; cas was never informed, eve is in a group approach"
    )
    assert cell(cells, "person_approach_outflow", "GM0375")["denominator"] == 40000


def test_a_person_approach_counts_only_who_was_informed_and_the_others_are_a_figure_for_the_steward() -> None:
    cells = count(
        approaches="""
        person | approach | begin_date | informed_on
        ann    | person   | 20240301   | 20240320
        bob    | person   | 20240301   |
        cas    | person   | 20250301   |
        cas    | group    | 20250301   |
    """
    )
    assert _numerators(cells, "person_approach_stock") == [1, 1]
    assert _numerators(cells, "person_approach_inflow") == [1, 0]
    assert _numerators(cells, "approach_stock") == [0, 1]
    assert _numerators(cells, "approach_informed") == [0, 0]
    not_informed = cell(cells, "person_approach_not_informed", "RG-IJMOND")
    assert (not_informed["numerator"], not_informed["denominator"]) == (2, 3)
    purposes = {one.id: one.purpose for one in INDICATORS}
    assert purposes["person_approach_not_informed"] == "quality"
    assert {
        purpose
        for id, purpose in purposes.items()
        if id.startswith("person_approach_") and id != "person_approach_not_informed"
    } == {"person_approach"}


def test_who_moves_house_counts_where_he_came_in_until_he_goes_out() -> None:
    cells = count(
        approaches="""
        person | approach | home_municipality | begin_date | end_date
        ann    | group    | GM0375            | 20240301   |
        ann    | system   | GM0396            | 20250301   |
        bob    | group    | GM0375            | 20230301   | 20240301
        bob    | group    | GM0396            | 20250301   |
        cas    | group    | GM0363            | 20240301   |
    """
    )
    assert [_numerators(cells, "approach_stock", area) for area in ("GM0375", "GM0396", "RG-IJMOND")] == [
        [1, 1],
        [0, 1],
        [1, 2],
    ]
    assert [_numerators(cells, "approach_inflow", area) for area in ("GM0375", "GM0396")] == [[1, 0], [0, 1]]
    assert _numerators(cells, "approach_outflow", "GM0375") == [1, 0]


def test_the_latest_delivery_of_a_spell_counts_and_who_is_no_longer_named_is_not_in_the_stock() -> None:
    cells = count(
        approaches="""
        person | begin_date | end_date | series
        ann    | 20240301   |          | 2024
        ann    | 20240301   | 20250201 | 2025
        bob    | 20240301   |          | 2024
        cas    | 20250301   |          | 2025
    """
    )
    assert _numerators(cells, "approach_stock") == [2, 1]


def test_youth_groups_are_counted_by_half_year_and_step_and_never_below_the_municipality() -> None:
    cells = count(
        youth_groups="""
        group_code | half_year | phase | place_municipality | series
        a          | 2024H2    | 2     | GM0375             | 2024H2
        a          | 2025H1    | 4     | GM0375             | 2025H1
        b          | 2025H1    | 7     | GM0453             | 2025H1
        b          | 2025H1    | 6     | GM0375             | 2025
    """
    )
    groups = cells.of("youth_groups")
    assert set(groups["level"]) == {"region", "municipality"}
    assert set(groups["period_kind"]) == {"half_year"}
    assert [cell(cells, "youth_groups", "RG-IJMOND", half)["numerator"] for half in ("2024H2", "2025H1", "2025H2")] == [
        1,
        2,
        0,
    ]
    steps = [
        cell(cells, "youth_groups", "RG-IJMOND", "2025H1", kind=kind)["numerator"]
        for kind in ("steps_1_2", "steps_3_5", "steps_6_7")
    ]
    assert steps == [0, 1, 1]
    assert cell(cells, "youth_groups", "GM0453", "2025H1")["numerator"] == 1
    assert next(one for one in INDICATORS if one.id == "youth_groups").counts == "groups"


TOOLS = """
    name      | type     | municipalities | target_ages | participants | project  | series
    Kickfit   | sport    | GM0375,GM0396  | 12-17       | 20           | twente-2 | 2025
    Maatje    | coaching | GM0375         | 12-22       | 4            | twente-6 | 2025
    Maatje    | coaching | GM0375         | 12-22       | 9            | twente-6 | 2024
    Gezin     | other    | GM0363,GM0453  | 0-17        | 12           |          | 2025
    Elders    | other    | GM0450         | 12-17       |              |          | 2025
"""


def test_an_intervention_counts_once_for_the_region_and_in_each_municipality_where_it_runs() -> None:
    cells = count(interventions=TOOLS)
    assert _numerators(cells, "interventions") == [1, 4]
    assert [_numerators(cells, "interventions", area)[1] for area in ("GM0375", "GM0396", "GM0453")] == [2, 1, 1]
    assert _numerators(cells, "interventions", "GM0375", kind="sport") == [0, 1]
    assert _numerators(cells, "interventions_by_project", kind="twente-6") == [1, 1]


def test_few_participants_are_hidden_and_look_like_an_unknown_number_also_in_totals() -> None:
    cells = count(interventions=TOOLS)
    assert _numerators(cells, "intervention_participants") == [9, 32]
    assert cell(cells, "intervention_reach", "RG-IJMOND")["numerator"] == 20
    assert cell(cells, "intervention_reach", "RG-IJMOND")["denominator"] == 24000 * 3 / 15 + 20000 * 8 / 10
    with connected(interventions=TOOLS, threshold=10) as engine:
        listed = programme_tables(engine, INDICATORS)["intervention"]
    shown = dict(zip(listed["name"] + listed["period"], listed["participants"], strict=True))
    assert shown["Kickfit2025"] == 20
    assert all(shown[name] is pd.NA for name in ("Maatje2024", "Maatje2025", "Elders2025"))


def test_the_latest_state_of_a_project_counts_and_it_stands_under_its_programme() -> None:
    drawing = """
    project  | milestone | status  | on_date  | series
    twente-3 |           | planned | 20240101 | 2024
    twente-3 |           | running | 20250101 | 2025
    bh-place | Plan      | done    | 20250301 | 2025
    """
    with connected(programme=drawing) as engine:
        found = programme_tables(engine, INDICATORS)["project"]
    assert found[["programme", "project", "status"]].to_numpy().tolist() == [
        ["bh", "bh-place", "done"],
        ["twente", "twente-3", "running"],
    ]


def _spell(number: int, **changes: str) -> str:
    cells = {"person": person(f"p{number}"), "family": person("family"), "approach": "Groepsaanpak", "group": "JG-0012", "home": "GM0375",
             "begin": "1-3-2025", "end": "", "phase": "Plan", "informed": "20250310"}  # fmt: skip
    return ";".join((cells | changes).values())


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"person": "Kanarie"}, "person", "64 hexadecimal digits"),
        ({"family": "de Vries"}, "family", "64 hexadecimal digits"),
        ({"approach": "overleg"}, "approach", "groep, persoon, systeem"),
        ({"group": "Pleinjongens"}, "group_code", "never a name"),
        ({"home": ""}, "home_municipality", "filled"),
        ({"begin": "00-3-2025"}, "begin_date", "a date"),
        ({"end": "28-2-2025"}, "end_date", "not before the start"),
        ({"phase": "Bezig"}, "phase", "aanmelding, plan"),
        ({"informed": "ja"}, "informed_on", "a date"),
    ],
)
def test_a_spell_that_breaks_a_rule_is_kept_aside(
    tmp_path: Path, changes: dict[str, str], column: str, rule: str
) -> None:
    lines = [_spell(n) for n in range(30)] + [_spell(99, **changes)]
    deliver(tmp_path, "approaches", "aanpakken_2025.csv", "\n".join([SPELL_HEADER, *lines]))
    receipt = take(tmp_path).receipt
    assert [refusal for refusal in receipt.refusals if refusal[0] == column and rule in refusal[1]], receipt.refusals
    assert receipt.rows_refused == 1


@pytest.mark.parametrize(
    ("written", "approach"),
    [("groep", "group"), ("PGA", "person"), ("Persoonsgebonden aanpak", "person"), ("gezin", "system"), ("Locatiegerichte aanpak", "place")],
)  # fmt: skip
def test_every_word_for_an_approach_is_understood_and_keys_stay(tmp_path: Path, written: str, approach: str) -> None:
    deliver(tmp_path, "approaches", "aanpakken_2025.csv", f"{SPELL_HEADER}\n{_spell(1, approach=written)}\n")
    rows = take(tmp_path).rows
    assert rows is not None
    assert rows["approach"].to_pylist() == [approach]
    assert {"person_key", "family_key", "group_key"} <= set(rows.column_names)
    assert not {"person", "family", "group_code", "birth_date"} & set(rows.column_names)


@pytest.mark.parametrize("written", ["2025H2", "2025-2", "2025 2e halfjaar", "2e halfjaar 2025", "2025-h2"])
def test_every_way_to_write_a_half_year_is_understood(tmp_path: Path, written: str) -> None:
    row = f"JG-0012;{written};GM0375;BU03750000;hinderlijk;12;stap 3"
    deliver(tmp_path, "youth_groups", "jeugdgroepen_2025h2.csv", f"{GROUP_HEADER}\n{row}\n")
    rows = take(tmp_path).rows
    assert rows is not None
    assert (rows["half_year"].to_pylist(), rows["phase"].to_pylist()) == (["2025H2"], ["3"])


@pytest.mark.parametrize("name", ["De Pleinboys", "Plein 12", "Mo en Jay", "JG", "hangjongeren-1", "12", "Jan123"])
def test_a_group_that_is_named_is_refused_and_its_assessment_goes_nowhere(tmp_path: Path, name: str) -> None:
    good = [f"JG-{n:04d};2025H1;GM0375;BU03750000;overlastgevend;12;1" for n in range(30)]
    deliver(
        tmp_path,
        "youth_groups",
        "jeugdgroepen_2025h1.csv",
        "\n".join([GROUP_HEADER, *good, f"{name};2025H1;GM0375;;;9;2"]),
    )
    taken = take(tmp_path)
    assert [refusal[0] for refusal in taken.receipt.refusals] == ["group_code"]
    assert taken.rows is not None
    assert not {"assessment", "group_code"} & set(taken.rows.column_names)
    assert "overlastgevend" not in str(taken.rows.to_pylist())


@pytest.mark.parametrize("header", ["groepsnaam", "naam groep", "bijnaam"])
def test_a_delivery_of_youth_groups_with_a_column_for_names_is_refused_whole(tmp_path: Path, header: str) -> None:
    deliver(
        tmp_path, "youth_groups", "jeugdgroepen_2025h1.csv", f"{GROUP_HEADER};{header}\nJG-0001;2025H1;GM0375;;;9;2;x\n"
    )
    with pytest.raises(ContractError, match="named like a name"):
        take(tmp_path)


def test_the_toolbox_is_understood_as_it_is_written(tmp_path: Path) -> None:
    row = "Kickfit;Sport en cultuur;2;locatie;GM0375, gm0396;;12 tot en met 17 jaar;1-9-2024;;20;Youth_Nuisance"
    deliver(tmp_path, "interventions", "toolbox_2025.csv", f"{TOOL_HEADER}\n{row}\n")
    rows = take(tmp_path).rows
    assert rows is not None
    wanted = {"type": "sport", "project": "twente-2", "approach": "place", "municipalities": "GM0375,GM0396", "target_ages": "12-17",
              "start_date": "20240901", "participants": "20", "indicator": "youth_nuisance"}  # fmt: skip
    found = rows.to_pylist()[0]
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("place", "value", "column"),
    [(1, "feest", "type"), (2, "twente-9", "project"), (6, "17-12", "target_ages"), (9, "veel", "participants"), (8, "1-1-2020", "end_date")],
)  # fmt: skip
def test_an_intervention_that_breaks_a_rule_is_kept_aside(tmp_path: Path, place: int, value: str, column: str) -> None:
    good = "Kickfit {};training;2;;GM0375;;12-17;1-9-2024;;20;"
    cells = good.format("X").split(";")
    cells[place] = value
    lines = [good.format(n) for n in range(30)] + [";".join(cells)]
    deliver(tmp_path, "interventions", "toolbox_2025.csv", "\n".join([TOOL_HEADER, *lines]))
    assert [refusal[0] for refusal in take(tmp_path).receipt.refusals] == [column]


def test_sample_approaches_are_about_suspects_of_the_police_file_and_their_families() -> None:
    world = load_world(region="ijmond", years=range(2023, 2026), scale=1, seed=3)
    persons = simulate_persons(world)
    families = pd.Series([b"f" * 64] * len(persons), index=persons["key"])
    groups = simulate_groups(world)
    spells = simulate_approaches(world, persons, simulate_registrations(world, persons), groups, families)
    assert set(spells["key"]) <= set(persons["key"].str.decode("ascii"))
    assert (spells["end"] > spells["begin"]).all()
    assert set(spells.loc[spells["approach"] != "groepsaanpak", "group"]) == {""}
    assert groups["step"].between(1, 7).all()
    assert groups["code"].str.fullmatch(r"JG-\d{4}").all()


FLOW_MEASURES = table("""
    id      | counts  | geography | age | numerator_set | denominator_set
    stock   | persons | home      | all | approach      |
    inflow  | persons | home      | all | in:approach   |
    outflow | persons | home      | all | out:approach  |
""")
FLOW = """
    indicator | area | period | numerator
    stock     | GM1  | 2024   | 30
    stock     | GM1  | 2025   | 40
    inflow    | GM1  | 2025   | 12
    outflow   | GM1  | 2025   | 2
"""


def test_a_small_outflow_cannot_be_worked_out_from_two_stocks_and_the_inflow() -> None:
    drawn = draw(FLOW)
    result = protect(drawn, FLOW_MEASURES, AREAS)
    shown = set(result.figures.loc[result.figures["status"] == "shown", "indicator"] + result.figures["period"])
    assert "outflow2025" not in shown
    assert not {"stock2024", "stock2025", "inflow2025"} <= shown
    naive = drawn.rename(columns={"state": "status"}).assign(status="shown")
    naive.loc[naive["indicator"] == "outflow", ["status", "numerator", "denominator"]] = ["hidden", None, None]
    assert attack(naive, FLOW_MEASURES, AREAS)["finding"].tolist() == ["exactly known"]


def test_a_stock_that_contradicts_its_flows_stops_the_build() -> None:
    with pytest.raises(ValueError, match="stock and flow of approach, 2025"):
        protect(draw(FLOW.replace("| 40", "| 41")), FLOW_MEASURES, AREAS)


@pytest.mark.parametrize("seed", range(6))
def test_any_small_world_of_approaches_and_groups_is_safe(seed: int) -> None:
    random = np.random.default_rng(seed)
    many = int(random.integers(1, 80))
    spells = pd.DataFrame({
        "person": random.integers(0, many, many), "approach": random.choice(list(APPROACHES), many),
        "home_municipality": random.choice(IJMOND.municipalities, many, p=[0.4, 0.3, 0.05, 0.25]),
        "begin_date": random.integers(2022, 2026, many) * 10_000 + random.integers(1, 13, many) * 100 + 15,
        "end_date": random.choice(["", "20241231", "20250630", "20270101"], many),
        "informed_on": random.choice(["", "20250601"], many, p=[0.2, 0.8]),
    })  # fmt: skip
    spells.loc[spells["end_date"] <= spells["begin_date"].astype(str), "end_date"] = ""
    groups = pd.DataFrame({"group_code": range(many), "phase": random.integers(1, 8, many),
                           "place_municipality": random.choice(IJMOND.municipalities, many)})  # fmt: skip
    drawings = {"approaches": spells.to_csv(sep="|", index=False), "youth_groups": groups.to_csv(sep="|", index=False)}
    with connected("2023-2025", **drawings) as engine:
        cells, areas = aggregate(engine, INDICATORS), engine.fetch("select * from core.area where origin = 'division'")
    measures = describe_indicators(INDICATORS, tuple(PURPOSES))
    result = protect(cells, measures, areas)
    check_proof(result.figures, measures, areas, cells, result.proof)
    assert attack(result.figures, measures, areas).empty
