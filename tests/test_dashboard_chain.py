"""The chain, the target group and the networks: nothing of a hidden row is in what is sent, and no rest is ever drawn."""

import json
from typing import Any

import pandas as pd
import pytest

from dashboard.blocks import Block, pick_period
from dashboard.chain import describe_key, describe_whole, draw_subjects, join_rows, name_steps, order_steps
from dashboard.figures import Area
from dashboard.flow import STUB, describe_flow, draw_flow
from dashboard.grid import draw_grid, find_top, name_kinds
from dashboard.pairs import Pair, describe_often, describe_pairs, draw_pair_table, draw_pairs
from dashboard.places import count_hidden, list_origins, order_kinds
from dashboard.profile import pair_ages, pair_kinds
from dashboard.rows import join_figures, list_rows
from tests.screen_examples import draw_figures_of, example_indicator

SHARE = example_indicator(id="chain_flow", unit="%", per=100.0, decimals=0)
NAMES = {"halt": "Halt", "prosecution": "Dagvaarding", "signal": "Signaal", "care": "Jeugdhulp"}
# 'care' is hidden: of the 100, everybody took a step, and 100 - (20 + 60 + 10) must be nowhere.
CHAIN = draw_figures_of("""
    kind        | value | low | high | status | numerator | denominator
    halt        | 20    | 15  | 25   | shown  | 20        | 100
    prosecution | 60    | 50  | 70   | shown  | 60        | 100
    signal      | 12    | 8   | 17   | shown  | 12        | 100
    care        | 98765 | 98764 | 98766 | hidden | 98765 | 98767
""")
BAITS = (
    {"numerator": 1.0, "value": 1.0},
    {"numerator": 4.0, "denominator": 4.0, "low": 0.5, "high": 99.0, "value": 77.0},
)


def steps(figures: pd.DataFrame = CHAIN) -> pd.DataFrame:
    return name_steps(figures, order_steps(NAMES))


def with_other_numbers(figures: pd.DataFrame, bait: dict[str, float]) -> pd.DataFrame:
    """The same rows, with other numbers behind what is not shown."""
    changed = figures.copy()
    for name, number in bait.items():
        changed[name] = changed[name].astype(float).mask(changed["status"] != "shown", number)
    return changed


def flow_of(figures: pd.DataFrame) -> dict[str, Any]:
    chart = draw_flow(steps(figures), before="signal", group="Verdachten")
    assert chart is not None
    return dict(json.loads(chart.to_json()))


@pytest.mark.parametrize("bait", BAITS)
def test_a_flow_is_the_same_whatever_the_hidden_number_is(bait: dict[str, float]) -> None:
    changed = with_other_numbers(CHAIN, bait)
    assert flow_of(CHAIN) == flow_of(changed)
    assert describe_flow(steps(), group="Verdachten") == describe_flow(steps(changed), group="Verdachten")


def test_every_flow_is_a_published_number_or_the_one_stub_and_no_rest() -> None:
    link = flow_of(CHAIN)["data"][0]["link"]
    assert link["value"] == [12, 20, 60, STUB * 100]
    assert [text.split(": ")[1] for text in link["customdata"]] == [
        "12 (12\u00a0%)",
        "20 (20\u00a0%)",
        "60 (60\u00a0%)",
        "afgeschermd",
    ]
    assert "9876" not in json.dumps(flow_of(CHAIN))
    assert len(flow_of(CHAIN)["data"][0]["node"]["x"]) == 5


def test_the_stub_does_not_grow_with_what_is_left_of_the_group() -> None:
    fuller = CHAIN.assign(numerator=[35.0, 60.0, 12.0, 5.0])
    assert flow_of(fuller)["data"][0]["link"]["value"][-1] == flow_of(CHAIN)["data"][0]["link"]["value"][-1]


def test_without_any_step_shown_there_is_no_picture_and_no_group() -> None:
    nothing = steps(CHAIN.assign(status="hidden"))
    assert draw_flow(nothing, before="signal", group="Verdachten") is None


def test_steps_stand_in_the_order_of_the_chain_and_words_stand_beside_the_stub() -> None:
    assert list(steps()["step"]) == ["Signaal", "Halt", "Dagvaarding", "Jeugdhulp"]
    texts = [note["text"] for note in flow_of(CHAIN)["layout"]["annotations"]]
    assert "Jeugdhulp<br><i>afgeschermd</i>" in texts
    assert "Verdachten<br><b>100</b>" in texts
    assert "streepje" in describe_key(steps())
    assert "streepje" not in describe_key(steps(CHAIN[CHAIN["status"] == "shown"]))


def test_bars_of_the_picture_stay_inside_it() -> None:
    node = flow_of(CHAIN)["data"][0]["node"]
    assert all(0 < place < 1 for place in [*node["x"], *node["y"]])


def test_a_hidden_total_is_said_and_not_reckoned() -> None:
    total = draw_figures_of("""
        value | low | high | status | numerator | denominator
        90    | 80  | 95   | shown  | 90        | 100
    """)
    assert describe_whole(total) == "Minstens één van deze stappen hadden 90 van de 100 jongeren (90\u00a0%)."
    for hidden in (total.assign(status="hidden"), total.iloc[:0]):
        assert "90" not in describe_whole(hidden)


def block_of(figures: pd.DataFrame, *, area: str = "GM0375", period: str = "2025", key: str = "chain_flow") -> Block:
    place = Area(code=area, name="Beverwijk", level="municipality", parent="RG-IJMOND")
    indicator = example_indicator(id=key, unit="%", per=100.0, decimals=0)
    return Block(indicator=indicator, area=place, area_name="Beverwijk", figures=figures, period=period, note="Niets.")


def test_a_subject_without_a_figure_has_its_word_and_no_counts() -> None:
    blocks = [block_of(CHAIN[CHAIN["kind"] == kind], key=kind) for kind in ("halt", "care")]
    blocks.append(block_of(CHAIN.iloc[:0], period="", key="signal"))
    table = draw_subjects(blocks, NAMES, first="Waar", caption="x")
    assert "20 van 100" in table
    assert "afgeschermd" in table
    assert "Niets." in table
    assert "9876" not in table
    assert list(join_rows(blocks, NAMES)["name"]) == ["Halt", "Jeugdhulp"]
    assert join_rows(blocks[2:], NAMES).empty


@pytest.mark.parametrize(
    ("states", "year", "expected", "said"),
    [
        ({"2023": "shown", "2024": "missing", "2025": "not_delivered"}, "2025", "2023", "Over 2025 is dit cijfer niet geleverd. U ziet 2023"),
        ({"2023": "shown", "2024": "missing", "2025": "not_delivered"}, "2024", "2023", "Over 2024 is dit cijfer nog niet bekend."),
        ({"2023": "shown", "2024": "hidden"}, "2024", "2024", ""),
        ({"2023": "shown", "2024": "shown"}, "2023", "2023", ""),
        ({"2022/23": "shown", "2023/24": "missing"}, "2024", "2022/23", "U ziet schooljaar 2022/23, het laatste schooljaar"),
        ({"2022/23": "shown", "2023/24": "shown"}, "2023", "2022/23", ""),
        ({"2024": "not_delivered"}, "2024", "", "Over 2024 is dit cijfer niet geleverd."),
        ({"2024": "shown"}, "2023", "", "Over 2023 is dit cijfer er niet."),
        ({}, "2025", "", "Over 2025 is dit cijfer er niet."),
    ],
)  # fmt: skip
def test_what_did_not_come_gives_an_older_period_and_says_so_and_hidden_stays(
    states: dict[str, str], year: str, expected: str, said: str
) -> None:
    history = pd.DataFrame({"period": list(states), "status": list(states.values())})
    period, note = pick_period(history, year)
    assert period == expected
    assert said in note
    assert bool(note) == bool(said)


PLACES = draw_figures_of("""
    area   | kind      | value | status     | numerator | denominator
    GM0375 | GM0375    |       | impossible |           |
    GM0375 | GM0396    | 10    | shown      | 10        | 100
    GM0375 | elsewhere | 40    | shown      | 40        | 100
    GM0396 | GM0375    | 98765 | hidden     | 98765     | 98767
    GM0396 | GM0396    |       | impossible |           |
    GM0396 | elsewhere | 0     | shown      | 0         | 50
""")
COLUMNS = {"GM0375": "Beverwijk", "GM0396": "Heemskerk", "elsewhere": "Buiten de regio"}


def heat_table(figures: pd.DataFrame = PLACES) -> str:
    return draw_grid(figures, SHARE, across=COLUMNS, first="Gemeente", caption="x", shaded=COLUMNS, own="kan niet")


@pytest.mark.parametrize("bait", BAITS)
def test_a_heat_table_is_the_same_whatever_the_hidden_number_is(bait: dict[str, float]) -> None:
    assert heat_table() == heat_table(with_other_numbers(PLACES, bait))


def test_only_what_is_shown_has_a_shade_and_zero_has_none() -> None:
    table = heat_table()
    assert find_top(PLACES) == 40
    assert table.count("kan niet") == 2
    assert '<td class="jb-state jb-is-hidden">afgeschermd</td>' in table
    assert '<td class="jb-number jb-heat-2">10\u00a0%</td>' in table
    assert '<td class="jb-number jb-heat-5">40\u00a0%</td>' in table
    assert '<td class="jb-number">0\u00a0%</td>' in table
    assert table.count("jb-heat-") == 2


def test_a_place_without_a_row_has_no_figure_instead_of_a_zero() -> None:
    assert heat_table(PLACES[PLACES["kind"] != "elsewhere"]).count("geen cijfer") == 2


def test_a_place_is_never_its_own_elsewhere() -> None:
    own = PLACES[PLACES["area"] == "GM0375"]
    assert list(list_origins(own, COLUMNS)["name"]) == ["Heemskerk", "Buiten de regio"]
    assert list(order_kinds(["elsewhere", "GM0396", "GM0375"], COLUMNS)) == ["all", "elsewhere", "GM0375", "GM0396"]
    assert count_hidden(PLACES) == "Afgeschermd: 1 van de 4 cijfers in deze tabel."
    assert count_hidden(own) == ""


def test_kinds_keep_the_order_of_the_code_list_and_unknown_ones_their_code() -> None:
    labels = {("kind", "b"): "B", ("kind", "a"): "A", ("age", "c"): "leeftijd"}
    assert name_kinds(labels, ["a", "c", "b"]) == {"b": "B", "a": "A", "c": "c"}


def test_the_chosen_area_among_its_neighbours_is_taken_away_once() -> None:
    own = PLACES[PLACES["area"] == "GM0375"]
    assert len(join_figures([own, PLACES, PLACES.iloc[:0]])) == len(PLACES)
    assert join_figures([]).empty


TRAITS = {"absence": "Schoolverzuim", "help": "Jeugdhulp"}
RISK = draw_figures_of("""
    age   | kind    | value | low | high | status | numerator | denominator
    12-15 | absence | 30    | 25  | 36   | shown  | 60        | 200
    12-15 | help    | 98765 | 98764 | 98766 | hidden | 98765  | 98767
""")
YOUTH = draw_figures_of("""
    age   | kind    | value | low | high | status | numerator | denominator
    0-11  | absence | 1     | 0.5 | 2    | shown  | 20        | 2000
    0-11  | help    | 9     | 8   | 10   | shown  | 180       | 2000
    12-15 | absence | 6     | 5   | 7    | shown  | 120       | 2000
    12-15 | help    | 13    | 12  | 14   | shown  | 260       | 2000
""")
AGES = {("age", "0-11"): "0 tot en met 11 jaar", ("age", "12-15"): "12 tot en met 15 jaar"}


def pairs_of(risk: pd.DataFrame = RISK) -> list[Pair]:
    return pair_ages(block_of(risk), block_of(YOUTH), TRAITS, AGES)


def all_pairs(risk: pd.DataFrame = RISK) -> str:
    pairs = pairs_of(risk)
    groups = {"first": "Risicojeugd", "second": "Alle jeugd"}
    table = draw_pair_table(pairs, (SHARE, SHARE), groups=("Risicojeugd", "Alle jeugd"), caption="x")
    return str(draw_pairs(pairs, **groups).to_json()) + table + describe_pairs(pairs, **groups)


@pytest.mark.parametrize("bait", BAITS)
def test_pairs_are_the_same_whatever_the_hidden_number_is(bait: dict[str, float]) -> None:
    assert all_pairs() == all_pairs(with_other_numbers(RISK, bait))
    assert "9876" not in all_pairs()


def test_a_line_joins_only_two_figures_that_are_shown() -> None:
    lines, youth, risk = json.loads(draw_pairs(pairs_of(), first="Risicojeugd", second="Alle jeugd").to_json())["data"]
    assert lines["x"] == [30, 6, None]
    assert youth["x"] == [1, 9, 6, 13]
    assert risk["x"] == [30]


def test_the_youngest_have_no_risk_profile_and_hidden_has_its_word() -> None:
    chart = json.loads(draw_pairs(pairs_of(), first="Risicojeugd", second="Alle jeugd").to_json())
    texts = [note["text"] for note in chart["layout"]["annotations"]]
    assert [text for text in texts if "afgeschermd" in text] == ["risicojeugd: afgeschermd"]
    assert [pair.panel for pair in pairs_of()[:2]] == ["0 tot en met 11 jaar"] * 2
    table = draw_pair_table(pairs_of(), (SHARE, SHARE), groups=("A", "B"), caption="x")
    assert table.count("geen cijfer") == 2


def test_without_ages_there_is_one_panel() -> None:
    pairs = pair_kinds(block_of(RISK), block_of(YOUTH[YOUTH["age"] == "12-15"]), TRAITS)
    assert [(pair.panel, pair.name) for pair in pairs] == [("", "Schoolverzuim"), ("", "Jeugdhulp")]


def row(**changes: object) -> dict[str, Any]:
    return {**list_rows(RISK)[0], **changes}


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (row(), row(value=6, numerator=120, denominator=2000), "ongeveer 5 keer zo vaak"),
        (row(value=9, numerator=180, denominator=2000), row(value=6, numerator=600, denominator=10000), "ongeveer 1,5 keer zo vaak"),
        (row(value=3, numerator=60, denominator=2000), row(value=6, numerator=600, denominator=10000), "minder vaak"),
        (row(), row(value=0.6, numerator=12, denominator=2000), "meer dan 10 keer zo vaak"),
        (row(), row(value=29, numerator=580, denominator=2000), "verschil kan toeval zijn"),
        (row(numerator=9), row(), "te weinig gevallen om te vergelijken"),
        (row(), row(value=0, numerator=0, denominator=2000), "te weinig gevallen om te vergelijken"),
        (row(status="hidden"), row(value=6, numerator=120), ""),
        (row(), row(status="hidden"), ""),
        (None, row(), ""),
        (row(), None, ""),
    ],
)  # fmt: skip
def test_how_often_is_said_only_of_two_shown_figures_and_never_of_chance(
    first: dict[str, Any] | None, second: dict[str, Any] | None, words: str
) -> None:
    assert describe_often(first, second) == words
