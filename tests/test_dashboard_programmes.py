"""Groups and approaches, the toolbox and the programme in words and tables."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from dashboard.approaches import (
    GROUP_TRACK,
    PERSON_TRACK,
    describe_latest,
    describe_steps,
    draw_flows,
    name_flows,
    name_phases,
)
from dashboard.change import describe_change
from dashboard.choose import ask_split
from dashboard.figures import load_indicators, load_table, open_publication
from dashboard.indicator import Indicator
from dashboard.panel import join_figures, lift_view, nothing_delivered
from dashboard.steering import (
    describe_project,
    describe_state,
    draw_indicators,
    draw_milestones,
    list_linked,
    list_programmes,
    load_latest,
    pick_latest,
)
from dashboard.toolbox import (
    UNNAMED,
    count_sentence,
    describe_ages,
    describe_place,
    describe_term,
    draw_interventions,
    list_interventions,
    list_options,
    pick_interventions,
)
from tests.drawn import table
from tests.screen_examples import draw_figures_of, example_indicator, example_view

STOCK = example_indicator(id="approach_stock", unit="per 10.000 inwoners")
LABELS = {("kind", "steps_1_2"): "Stap 1 en 2: duiden", ("kind", "steps_3_5"): "Stap 3 tot en met 5: plannen"}


def test_the_flows_of_a_hidden_year_have_no_number_of_people() -> None:
    figures = draw_figures_of("""
        indicator        | value | low | high | numerator | denominator | status
        approach_stock   | 7.5   | 6.2 | 8.9  | 125       | 167241      | shown
        approach_outflow |       |     |      |           |             | hidden
    """)
    html = draw_flows(figures, {"approach_stock": STOCK, "approach_outflow": STOCK}, caption="x")
    assert (
        '<th scope="row">Erin op 31 december</th><td class="jb-number">125</td><td class="jb-number">7,5</td>' in html
    )
    assert (
        '<th scope="row">Eruit in het jaar</th><td class="jb-number"></td><td class="jb-state jb-is-hidden">afgeschermd</td>'
        in html
    )
    assert list(name_flows(figures)["series"]) == ["Erin op 31 december", "Eruit in het jaar"]


def test_the_covenant_is_said_with_the_person_approach_and_only_there() -> None:
    assert "geïnformeerd" in PERSON_TRACK.words
    assert "geïnformeerd" not in GROUP_TRACK.words
    assert PERSON_TRACK.flows == ("person_approach_stock", "person_approach_inflow", "person_approach_outflow")


def test_youth_groups_stand_by_step_in_the_order_of_the_model_after_their_total() -> None:
    totals = draw_figures_of("period | value | status\n2025H1 | 34 | shown\n2025H2 |  | hidden")
    phases = draw_figures_of(
        "period | kind | value | status\n2025H1 | steps_3_5 | 11 | shown\n2025H1 | steps_1_2 | 10 | shown"
    )
    named = name_phases(totals, phases, LABELS)
    assert list(named["series"]) == ["Alle groepen", "Alle groepen", "Stap 1 en 2", "Stap 3 tot en met 5"]
    assert describe_steps(named, LABELS) == ["Stap 1 en 2: duiden.", "Stap 3 tot en met 5: plannen."]
    assert describe_latest(named, "Velsen") == "In de 1e helft van 2025 waren er 34 jeugdgroepen in beeld in Velsen."
    assert (
        describe_latest(named[named["status"] == "hidden"], "Velsen")
        == "Voor Velsen is er geen aantal groepen te tonen."
    )


def test_a_view_is_lifted_to_the_level_that_has_figures() -> None:
    assert lift_view(example_view(area="BU03750000"), "municipality").area.code == "GM0375"
    assert lift_view(example_view(area="BU03750000"), "region").area.code == "RG-IJMOND"
    assert lift_view(example_view(), "municipality").area.code == "RG-IJMOND"


def test_nothing_delivered_is_not_the_same_as_hidden() -> None:
    hidden = draw_figures_of("status\nhidden\nnot_delivered")
    assert not nothing_delivered(hidden)
    assert nothing_delivered(hidden[hidden["status"] == "not_delivered"])
    assert len(join_figures([hidden, hidden.head(0), hidden])) == 4


INTERVENTIONS = """
    name   | period | type     | project  | approach | municipalities | neighbourhoods | target_ages | participants | indicator
    Maatje | 2025   | coaching | bh-group | group    | GM0375,GM0453  |                | 12-17       | 19           | halt_rate
    Sport  | 2025   | sport    | none     |          | GM0375         | BU03750000     |             |              | unheard_of
    Oud    | 2024   | sport    | none     |          | GM0453         |                | 0-5         | 8            |
"""
NAMES = {"coaching": "Coaching", "sport": "Sport en cultuur", "bh-group": "Groepsaanpak"}


def interventions() -> pd.DataFrame:
    rows = table(INTERVENTIONS).assign(start_date=dt.date(2021, 9, 1), end_date=None)
    return rows.assign(period=rows["period"].astype(str))


@pytest.mark.parametrize(
    ("area", "year", "names"),
    [
        ("RG-IJMOND", "2025", ["Maatje", "Sport"]),
        ("GM0375", "2025", ["Maatje", "Sport"]),
        ("GM0453", "2025", ["Maatje"]),
        ("GM0453", "2024", ["Oud"]),
        ("WK037500", "2025", ["Maatje", "Sport"]),
        ("BU03750000", "2025", ["Maatje", "Sport"]),
        ("BU03750001", "2025", ["Maatje"]),
        ("RG-IJMOND", "2019", []),
    ],
)
def test_the_toolbox_lists_what_runs_in_the_chosen_area_and_year(area: str, year: str, names: list[str]) -> None:
    assert list(pick_interventions(interventions(), example_view(area=area, year=year))["name"]) == names


def test_the_toolbox_can_be_filtered_by_project_and_kind() -> None:
    view, rows = example_view(), interventions()
    assert list(pick_interventions(rows, view, project="bh-group")["name"]) == ["Maatje"]
    assert pick_interventions(rows, view, project="bh-group", kind="sport").empty
    assert list_options(rows, "type", NAMES, "Alle soorten") == {
        "alle": "Alle soorten",
        "coaching": "Coaching",
        "sport": "Sport en cultuur",
    }


def test_an_intervention_is_told_in_words(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    view = example_view(area="GM0375", publication=open_publication())
    rows = pick_interventions(interventions(), view)
    html = draw_interventions(rows, view, NAMES)
    assert "Coaching, bij een groepsaanpak" in html
    assert 'href="./ontwikkeling?cijfer=Jongeren+verwezen+naar+Halt&amp;gebied=Beverwijk"' in html
    assert "een cijfer dat hier niet is berekend" in html
    assert f'<td class="jb-state jb-is-hidden">{UNNAMED}</td>' in html
    assert [row[6] for row in list_interventions(rows, view, NAMES)[1]] == ["19", UNNAMED]
    assert "De hele regio" in html
    assert count_sentence(rows, "Beverwijk", "2025") == "2 interventies in Beverwijk in 2025."
    assert "geen interventie" in count_sentence(rows.head(0), "Beverwijk", "2025")


def test_place_age_and_term_say_when_they_are_unknown() -> None:
    names = {"GM0375": "Beverwijk", "GM0453": "Velsen", "BU03750000": "Beverwijk: buurt Oost"}
    assert describe_place({"municipalities": "GM0375,GM9999", "neighbourhoods": None}, names) == "Beverwijk"
    assert (
        describe_place({"municipalities": "GM0375", "neighbourhoods": "BU03750000"}, names) == "Beverwijk: buurt Oost"
    )
    assert describe_place({"municipalities": None, "neighbourhoods": None}, names) == "onbekend"
    assert describe_ages(None) == "niet opgegeven"
    assert describe_ages("12-17") == "12 tot en met 17 jaar"
    assert describe_term({"start_date": dt.date(2021, 9, 1), "end_date": pd.NaT}) == "sinds 1 september 2021"


def test_a_count_of_projects_is_exact_so_its_change_is_no_chance() -> None:
    projects = example_indicator(counts="projects", denominator="", unit="interventies")
    before, now = draw_figures_of(
        "period | numerator | value | status\n2024 | 11 | 11 | shown\n2025 | 12 | 12 | shown"
    ).to_dict("records")
    assert describe_change(now, before, projects).words == "1 meer dan in 2024."  # type: ignore[arg-type]


PROJECTS = """
    programme | project | milestone | board | status  | on_date
    bh        | bh-a    |           | DVO   | running | 2025-01-01
    bh        | bh-a    | Plan      | DVO   | planned | 2025-03-15
    bh        | bh-a    | Meting    | DVO   | planned | 2026-06-15
    bh        | bh-a    | Start     | DVO   | late    | 2025-02-01
"""


def projects() -> pd.DataFrame:
    rows = table(PROJECTS)
    return rows.assign(on_date=[dt.date.fromisoformat(day) for day in rows["on_date"]])


@pytest.mark.parametrize(
    ("status", "day", "words"),
    [
        ("planned", dt.date(2025, 3, 15), "Gepland, de datum is voorbij"),
        ("planned", dt.date(2027, 3, 15), "Gepland"),
        ("done", dt.date(2025, 3, 15), "Klaar"),
        ("late", dt.date(2025, 3, 15), "Vertraagd"),
        ("planned", None, "Gepland"),
    ],
)
def test_a_planned_day_that_has_passed_is_said(status: str, day: dt.date | None, words: str) -> None:
    assert describe_state(status, day, dt.date(2026, 1, 20), milestone=True) == words


def test_progress_is_told_with_its_owner_or_said_to_be_absent() -> None:
    assert describe_project(projects(), "bh-a") == "Loopt sinds 1 januari 2025. Eigenaar: DVO."
    assert describe_project(projects(), "bh-b") == "Over de voortgang van dit onderdeel is niets geleverd."
    html = draw_milestones(projects(), "bh-a", title="A", as_of=dt.date(2026, 1, 20))
    assert html.count("<tr>") == 4
    assert '<span class="jb-chip jb-state-late">Vertraagd</span>' in html
    assert draw_milestones(projects(), "bh-b", title="B", as_of=None) == ""


@pytest.mark.parametrize(
    ("region", "order"), [("RG-IJMOND", ["ijmond", "bh", "avh"]), ("GM0034", ["bh", "avh", "ijmond"])]
)
def test_the_programme_of_the_region_comes_first_then_those_with_projects(region: str, order: list[str]) -> None:
    parts = table("programme | programme_title\navh | AVH\nbh | BH\nijmond | IJmond")
    assert list(list_programmes(parts, projects(), region=region)) == order


def test_the_latest_shown_figure_wins_from_a_newer_hidden_one() -> None:
    latest = pick_latest(
        draw_figures_of("""
            indicator | period | value | status
            a         | 2023   | 3     | shown
            a         | 2024   | 4     | shown
            a         | 2025   |       | hidden
            b         | 2024   |       | missing
            b         | 2025   |       | hidden
        """)
    )
    assert (latest["a"]["period"], latest["a"]["value"]) == ("2024", 4)
    assert (latest["b"]["period"], latest["b"]["status"]) == ("2025", "hidden")


def test_a_linked_figure_leads_to_its_trend_and_its_origin_and_says_why_there_is_no_number() -> None:
    view = example_view(area="GM0375")
    hidden = draw_figures_of("period | value | status\n2025 | | hidden").to_dict("records")[0]
    halt = example_indicator()
    html = draw_indicators(view, [halt], {"halt_rate": hidden}, title="A")  # type: ignore[dict-item]
    assert '<td class="jb-state jb-is-hidden">afgeschermd</td>' in html
    assert 'href="./ontwikkeling?' in html
    assert 'href="./herkomst?' in html
    grouped = example_indicator(splits='{"municipality": [["kind"]]}')
    assert "alleen naar soort" in draw_indicators(view, [grouped], {}, title="A")
    regional = example_indicator(periods='{"region": ["year"]}')
    assert "alleen per regio" in draw_indicators(view, [regional], {}, title="A")
    assert "geen cijfer berekend" in draw_indicators(view, [], {}, title="A")


def test_no_part_of_a_programme_is_without_a_published_indicator(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    view = example_view(publication=open_publication())
    parts = load_table(view.publication, "programme_part")
    assert len(parts) == 20
    gaps = [part for part in parts["part"] if not list_linked(view, part)]
    assert gaps == []
    for part in parts["part"]:
        linked = list_linked(view, part)
        known = load_latest(view, linked)
        assert all(one.id in known or one.splits for one in linked), part


def test_a_figure_without_a_total_is_always_split(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    indicators: dict[str, Indicator] = load_indicators(open_publication())
    view = example_view(indicator=indicators["approach_kind"])
    assert indicators["approach_kind"].totals == ()
    assert ask_split(view, ["RG-IJMOND"], "year") == "kind"
    assert "region" in indicators["suspects_12_17"].totals


def test_an_indicator_names_its_programmes_in_words(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    named = {name for one in load_indicators(open_publication()).values() for name in one.programmes}
    assert len(named) >= 20
    assert [name for name in named if " " not in name and name.islower()] == []
    assert "Project 5: stuurinformatie verrijken" in named
