"""The pages without a browser: every page in every state of a publication, and the words of the overview and the profile."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from dashboard.choose import find_area, name_areas
from dashboard.contact import NOBODY, draw_contact, read_contact
from dashboard.heat import draw_heat, draw_heat_cell, list_default_areas, order_rows
from dashboard.keep import keep, load_once
from dashboard.progress import count_milestones, describe_counts, draw_progress
from dashboard.rows import list_rows
from dashboard.spine import Standing, describe_absent, find_standing, place_spine
from dashboard.spine_table import describe_range, draw_profile, draw_spine, list_absent
from dashboard.states import MEANINGS, draw_legend, find_states
from tests.bench.bench_pages import find_pages
from tests.browser import start_server
from tests.drawn import table
from tests.screen_examples import draw_figures_of, example_indicator, example_view
from tests.visitor import Visitor

HALT = example_indicator()


@pytest.fixture(scope="module")
def servers(published: Path, much_hidden: Path) -> Iterator[dict[str, str]]:
    with start_server(published) as filled, start_server(much_hidden) as much:
        yield {"filled": filled, "much hidden": much}


@pytest.mark.parametrize("page", find_pages())
def test_every_page_is_drawn_in_every_state_year_and_level(servers: dict[str, str], page: str) -> None:
    for address in servers.values():
        visitor = Visitor.open(address)
        for query in ("", "gebied=Velsen&jaar=2023", "gebied=Velsen%3A+wijk+IJmuiden-Zuid&jaar=2019"):
            run = visitor.go(page, query)
            assert not run.failed(), query
            assert "jb-footer" in run.texts(), query
            assert ">nan<" not in run.texts().lower(), query


@pytest.mark.parametrize("page", find_pages())
def test_what_is_sent_again_is_what_was_drawn(servers: dict[str, str], page: str) -> None:
    """Another session, whose parts were all kept by then, gets the same elements; another area gets its own."""
    first, second = (Visitor.open(servers["filled"]).go(page, "gebied=Beverwijk&jaar=2024") for _ in range(2))
    assert first.elements() == second.elements()
    other = Visitor.open(servers["filled"]).go(page, "gebied=Uitgeest&jaar=2024")
    assert "Gebied" not in first.selectboxes() or first.elements() != other.elements()


def test_a_much_hidden_overview_says_so_and_draws_no_level_for_it(servers: dict[str, str]) -> None:
    run = Visitor.open(servers["much hidden"]).go("", "gebied=Velsen")
    cards = run.texts().split('<div class="jb-cards">')[1].split('<article class="jb-card jb-other">')[0]
    assert cards.count("<article") == 7
    assert cards.count("jb-is-hidden") + cards.count("jb-big") == 7
    assert cards.count("jb-is-hidden") > 0
    assert "Over de voortgang van projecten is nog niets geleverd." in run.texts()


def test_the_overview_has_at_most_seven_cards_and_five_sentences(servers: dict[str, str]) -> None:
    for query in ("", "gebied=Velsen", "gebied=Velsen%3A+wijk+IJmuiden-Zuid"):
        said = Visitor.open(servers["filled"]).go("", query).texts()
        assert said.count('<article class="jb-card">') <= 7
        notable = said.split("Wat valt op")[1].split("</ul>")[0]
        assert 1 <= notable.count("<li>") <= 5


# The states.


def test_a_legend_explains_only_the_states_that_occur_and_zero_is_a_figure() -> None:
    figures = draw_figures_of("""
        area | value | status        | provisional
        a    | 0     | shown         | no
        b    | 3     | shown         | yes
        c    |       | hidden        | no
        d    |       | not_delivered | no
    """)
    assert find_states(figures) == ["zero", "hidden", "not_delivered", "provisional"]
    legend = draw_legend(find_states(figures))
    assert "er is geteld, en het was niets" in legend
    assert 'jb-is-hidden">afgeschermd' in legend
    assert "onbekend" not in legend
    assert draw_legend([]) == ""


def test_every_state_has_a_word_and_a_look_of_its_own() -> None:
    style = (Path(__file__).parents[1] / "dashboard" / "static" / "style.css").read_text(encoding="utf-8")
    looks = {
        state: style.split(f".jb-is-{state.replace('_', '-')} {{")[1].split("}")[0]
        for state in MEANINGS
        if state not in ("zero", "provisional")
    }
    assert len(set(looks.values())) == len(looks) == 4
    assert len(set(MEANINGS.values())) == len(MEANINGS)


# The area profile.

AROUND = """
    area      | level        | name      | value | low | high | numerator | status | label  | provisional
    GM0375    | municipality | Beverwijk | 10    | 8   | 12   | 40        | shown  | higher | no
    GM0453    | municipality | Velsen    | 4     | 3   | 5    | 60        | shown  |        | no
    GM0450    | municipality | Uitgeest  | 900   |     |      |           | hidden |        | no
    RG-IJMOND | region       | IJmond    | 6     | 5   | 7    | 100       | shown  |        | no
"""


HIDDEN = AROUND.replace("GM0375", "x").replace("GM0450", "GM0375").replace("| x     ", "| GM0450")


def stand(drawing: str = AROUND, *, area: str = "GM0375", polarity: str = "no_judgement") -> Standing:
    figures = draw_figures_of(drawing).assign(trend=None)
    found = find_standing(example_view(area=area), example_indicator(polarity=polarity), list_rows(figures))
    assert found
    return found


def test_an_area_stands_among_the_others_that_are_shown_only() -> None:
    found = stand()
    assert (found.others, found.asked, found.region) == ((4.0,), 2, 6.0)
    assert describe_range(found) == "4,0 (1 van 2 getoond)"
    assert "900" not in draw_profile(
        [found], caption="Halt", others="Andere gemeenten", addresses={"halt_rate": ("./a", "./b")}
    )


def test_a_hidden_area_has_no_place_and_is_listed_in_words() -> None:
    found = stand(HIDDEN)
    assert place_spine(found) is None
    assert describe_absent([found]) == {"hidden": ["Jongeren verwezen naar Halt"]}
    assert list_absent([found]) == ["Afgeschermd (1): jongeren verwezen naar Halt."]
    drawn = draw_profile([found], caption="Halt", others="Andere gemeenten", addresses={"halt_rate": ("./a", "./b")})
    assert "jb-spine" not in drawn
    assert "900" not in drawn


@pytest.mark.parametrize(
    ("polarity", "words", "own"),
    [
        ("no_judgement", ("lager", "hoger"), 94.0),
        ("good", ("slechter", "beter"), 94.0),
        ("bad", ("slechter", "beter"), 6.0),
    ],
)
def test_worse_and_better_are_said_only_where_that_is_agreed(polarity: str, words: tuple[str, str], own: float) -> None:
    spine = place_spine(stand(polarity=polarity))
    assert spine
    assert (spine.left, spine.right) == words
    assert (spine.own, spine.region) == (own, 50.0)
    assert ("jb-agreed" in draw_spine(spine)) == (polarity != "no_judgement")


def test_a_margin_that_does_not_fit_stops_at_the_edge() -> None:
    spine = place_spine(stand(AROUND.replace("| 8   | 12   |", "| 0   | 99   |")))
    assert spine
    assert spine.margin == (0.0, 100.0)


def test_alone_or_with_equal_figures_there_is_still_a_page() -> None:
    lines = AROUND.strip().splitlines()
    assert place_spine(stand("\n".join(lines[:2]))) is None
    same = place_spine(
        stand("\n".join([lines[0], lines[1], lines[1].replace("GM0375", "GM0453"), lines[4].replace("6  ", "10 ")]))
    )
    assert same
    assert same.own == same.region == 50.0


# The heat table.

HEAT = draw_figures_of("""
    area      | level        | name      | value | status  | label           | provisional
    GM0375    | municipality | Beverwijk | 0     | shown   | lower           | no
    GM0453    | municipality | Velsen    | 4     | shown   | possibly_higher | yes
    GM0450    | municipality | Uitgeest  | 900   | hidden  | higher          | no
    RG-IJMOND | region       | IJmond    | 6     | shown   |                 | no
""")


def heat(order: str = "") -> str:
    names = {"GM0375": "Beverwijk", "GM0453": "Velsen", "GM0450": "Uitgeest", "GM0396": "Heemskerk"}
    return draw_heat(
        HEAT,
        {"halt_rate": HALT},
        areas=names,
        region="RG-IJMOND",
        own="GM0375",
        order=order,
        caption="Naast elkaar",
        addresses={"halt_rate": "./ontwikkeling"},
    )


def test_a_heat_table_has_a_word_beside_every_colour_and_zero_is_a_number() -> None:
    drawn = heat()
    assert '<td class="jb-l2">0,0<small>lager</small></td>' in drawn
    assert '<td class="jb-h1">4,0*<small>mogelijk hoger</small></td>' in drawn
    assert '<td class="jb-state jb-is-hidden">afgeschermd</td>' in drawn
    assert "<td>–</td>" in drawn
    assert "900" not in drawn
    assert "jb-h2" not in drawn
    assert drawn.index("Hele regio") < drawn.index("Beverwijk")


def test_rows_are_ordered_by_theme_or_by_name_and_never_by_value() -> None:
    known = {
        "b": example_indicator(id="b", title="Zeven", theme="police"),
        "a": example_indicator(id="a", title="acht", theme="halt"),
    }
    assert order_rows(["a", "b"], known, "") == [("Politie", ["b"]), ("Halt", ["a"])]
    assert order_rows(["b", "a"], known, "name") == [("", ["a", "b"])]
    assert "jb-theme" not in heat("name")
    assert "jb-theme" in heat()


def test_a_cell_of_a_figure_without_a_verdict_has_no_word_and_no_colour() -> None:
    row = list_rows(HEAT)[3]
    assert draw_heat_cell(row, HALT) == "<td>6,0</td>"
    assert draw_heat_cell(None, HALT) == "<td>–</td>"


@pytest.mark.parametrize(
    ("area", "codes"),
    [
        ("RG-IJMOND", ("GM0375", "GM0453")),
        ("GM0453", ("GM0375", "GM0453")),
        ("WK037500", ("WK037500",)),
        ("BU03750000", ("BU03750000", "BU03750001")),
    ],
)
def test_beside_an_area_stand_those_of_its_level(area: str, codes: tuple[str, ...]) -> None:
    assert list_default_areas(example_view(area=area)) == codes


# The projects, the contact, and what is kept.


def test_progress_counts_milestones_and_not_projects() -> None:
    projects = table("""
        programme | project | milestone | status
        ijmond    | a       |           | running
        ijmond    | a       | Plan      | done
        ijmond    | a       | Meting    | running
        ijmond    | a       | Einde     | planned
        ijmond    | b       | Plan      | stopped
    """)
    counted = count_milestones(projects)
    assert counted == {"ijmond": {"done": 1, "late": 0, "planned": 2}}
    assert describe_counts(counted["ijmond"]) == "1 klaar en 2 gepland"
    parts = pd.DataFrame({"programme": ["ijmond"], "programme_title": ["<Convenanten>"], "part": ["a"], "title": ["A"]})
    deliveries = pd.DataFrame({"id": [], "state": [], "delivered_on": []})
    drawn = draw_progress(parts, projects, deliveries, region="RG-IJMOND")
    assert "&lt;Convenanten&gt;" in drawn
    assert "nog niets geleverd" in draw_progress(parts, projects.iloc[:0], deliveries, region="RG-IJMOND")


def test_contact_is_what_the_operator_filled_in_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NAME", "EMAIL", "PHONE"):
        monkeypatch.delenv(f"JEUGDBEELD_CONTACT_{name}", raising=False)
    assert NOBODY in draw_contact(read_contact())
    monkeypatch.setenv("JEUGDBEELD_CONTACT_EMAIL", "<vragen@voorbeeld.nl>")
    assert read_contact() == {"E-mail": "<vragen@voorbeeld.nl>"}
    assert "&lt;vragen@voorbeeld.nl&gt;" in draw_contact(read_contact())
    assert NOBODY not in draw_contact(read_contact())


def test_what_is_loaded_once_is_a_copy_of_its_own_and_differs_by_area_and_choice() -> None:
    made: list[str] = []

    def ask(area: str, *more: str) -> pd.DataFrame:
        return load_once(
            example_view(area=area),
            "own copy",
            lambda: made.append(area) or pd.DataFrame({"value": [len(made)]}),
            *more,
        )

    first = ask("GM0375", "2019")
    first["value"] = 99
    assert ask("GM0375", "2019")["value"].tolist() == [1]
    assert [ask(*one)["value"].tolist() for one in [("GM0453", "2019"), ("GM0375", "2020")]] == [[2], [3]]
    assert len(made) == 3


def test_what_is_kept_differs_by_area_year_and_name_and_is_made_once() -> None:
    made: list[str] = []

    def ask(area: str, year: str, name: str) -> str:
        return keep(example_view(area=area, year=year), name, lambda: made.append(f"{area} {year} {name}") or made[-1])

    asked = [("GM0375", "2025", "x"), ("GM0453", "2025", "x"), ("GM0375", "2024", "x"), ("GM0375", "2025", "y")]
    assert [ask(*one) for one in asked] == [" ".join(one) for one in asked]
    assert [ask(*one) for one in asked] == [" ".join(one) for one in asked]
    assert len(made) == len(asked)
    areas = table("code | name | level | parent\nGM0375 | Beverwijk | municipality |")
    assert name_areas(areas)[find_area(areas, "GM0375").code] == "Beverwijk"
