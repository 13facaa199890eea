"""Charts, maps and tables: gaps stay gaps, and nothing hidden has a number anywhere in what is sent."""

import json
import re

import pandas as pd
import pytest

from dashboard.charts import describe_bars, describe_trend, draw_bars, draw_trend, find_bar_limit
from dashboard.maps import draw_map, place_labels
from dashboard.spark import draw_spark
from dashboard.tables import draw_figures, draw_frame, draw_periods
from tests.screen_examples import draw_figures_of, example_indicator

INDICATOR = example_indicator(breaks='[["2023", "Ruimere criteria."]]')
# The numbers beside a status that is not 'shown' can never be in a published file; here they are bait.
YEARS = draw_figures_of("""
    period | name      | value | low | high | status        | provisional
    2019   | Beverwijk | 11    | 7   | 15   | shown         | no
    2020   | Beverwijk | 98765 | 98764 | 98766  | hidden        | no
    2021   | Beverwijk | 12    | 8   | 16   | shown         | no
    2022   | Beverwijk | 13    | 9   | 17   | shown         | no
    2023   | Beverwijk | 98765 | 98764 | 98766  | not_delivered | no
    2024   | Beverwijk | 14    | 10  | 18   | shown         | no
    2025   | Beverwijk | 16    | 12  | 20   | shown         | yes
""")
AREAS = draw_figures_of("""
    area   | name      | value | low | high | status | numerator | denominator | label
    GM0375 | Beverwijk | 11    | 7   | 15   | shown  | 31        | 2800        | higher
    GM0396 | Heemskerk | 98765 | 98764 | 98766  | hidden | 98765     | 98767        | lower
    GM0450 | Uitgeest  | 0     | 0   | 4    | shown  | 0         | 900         |
    GM0453 | Velsen    | 9     | 8   | 40   | shown  | 45        | 5000        | cannot_tell
""")
SHAPES = dict.fromkeys(AREAS["area"], (4.6, 52.5))
BAIT = re.compile(r"9876[4567]")


def charts() -> dict[str, str]:
    return {
        "trend": draw_trend(YEARS, INDICATOR).to_json(),
        "trend of groups": draw_trend(pd.concat([YEARS, YEARS.assign(series="Velsen")]), INDICATOR).to_json(),
        "bars": draw_bars(AREAS, INDICATOR, benchmark=10.0, benchmark_name="Regio").to_json(),
        "map": draw_map(AREAS, INDICATOR, shapes_url="x", labels=SHAPES, chosen="").to_json(),
        "table": draw_figures(AREAS, INDICATOR, first="Gebied", caption="x"),
        "table of periods": draw_periods(YEARS, INDICATOR, caption="x"),
        "words": describe_trend(YEARS, INDICATOR) + describe_bars(AREAS, INDICATOR),
    }


@pytest.mark.parametrize("name", charts())
def test_nothing_hidden_leaves_a_number(name: str) -> None:
    assert not BAIT.search(charts()[name])


def test_a_line_has_a_gap_where_a_figure_is_hidden() -> None:
    lines = [
        trace
        for trace in json.loads(draw_trend(YEARS, INDICATOR).to_json())["data"]
        if "lines+markers" in trace["mode"]
    ]
    firm, soft = lines
    assert firm["y"] == [11, None, 12, 13, None, 14, None]
    assert soft["y"] == [None, None, None, None, None, 14, 16]
    assert soft["line"]["dash"] == "dot"
    assert soft["marker"]["symbol"][-1] == "circle-open"
    assert not any(trace["connectgaps"] for trace in lines)


def test_an_interval_band_never_bridges_a_gap() -> None:
    bands = [
        trace for trace in json.loads(draw_trend(YEARS, INDICATOR).to_json())["data"] if trace.get("fill") == "toself"
    ]
    assert [sorted(set(band["x"])) for band in bands] == [["2021", "2022"], ["2024", "2025"]]


def test_a_break_is_marked_between_two_years() -> None:
    layout = json.loads(draw_trend(YEARS, INDICATOR).to_json())["layout"]
    assert layout["shapes"][0]["x0"] == 3.5
    assert "breuk 2023" in [note["text"] for note in layout["annotations"]]


def test_the_reason_of_a_gap_stands_under_the_axis_of_a_single_line() -> None:
    ticks = draw_trend(YEARS, INDICATOR).layout.xaxis.ticktext
    assert ticks[1] == "2020<br>afgeschermd"
    assert ticks[4] == "2023<br>niet<br>geleverd"


def test_bars_stand_in_the_order_given_and_hidden_ones_are_words() -> None:
    chart = json.loads(draw_bars(AREAS, INDICATOR, benchmark=10.0, benchmark_name="Regio IJmond").to_json())
    assert chart["data"][0]["x"] == [11, None, 0, 9]
    assert chart["layout"]["yaxis"]["ticktext"] == ["Beverwijk", "Heemskerk", "Uitgeest", "Velsen"]
    words = [note["text"] for note in chart["layout"]["annotations"]]
    assert words == ["afgeschermd", "Regio IJmond: 10,0"]


def test_one_huge_interval_does_not_flatten_the_bars() -> None:
    assert find_bar_limit(AREAS, 10.0) == 22
    assert find_bar_limit(AREAS[AREAS["status"] == "hidden"], None) > 0


def test_hidden_areas_are_grey_and_zero_is_in_the_scale() -> None:
    values, grey, names = json.loads(
        draw_map(AREAS, INDICATOR, shapes_url="x", labels=SHAPES, chosen="GM0450").to_json()
    )["data"]
    assert (values["locations"], values["z"]) == (["GM0375", "GM0450", "GM0453"], [11, 0, 9])
    assert (values["zmin"], values["zmax"]) == (0, 11)
    assert (grey["locations"], grey["text"]) == (["GM0396"], ["Heemskerk: afgeschermd"])
    assert values["marker"]["line"]["width"] == [1, 4, 1]
    assert "afgeschermd" in names["text"][1]


def test_an_area_without_a_shape_is_not_on_the_map() -> None:
    chart = json.loads(draw_map(AREAS, INDICATOR, shapes_url="x", labels={"GM0375": (4, 52)}, chosen="").to_json())
    assert [trace.get("locations") for trace in chart["data"]] == [["GM0375"], None]


def test_a_name_is_written_inside_its_area() -> None:
    ring = [[0, 0], [0, 4], [1, 4], [1, 1], [4, 1], [4, 0], [0, 0]]
    shape = {"id": "GM0001", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (x, y) = place_labels({"features": [shape]})["GM0001"]
    assert min(x, y) < 1


def test_a_spark_line_is_broken_by_a_gap_and_empty_without_figures() -> None:
    import base64

    svg = base64.b64decode(draw_spark([1.0, None, 2.0, 3.0]).split(",")[1]).decode()
    assert svg.count('<path d="M') == 2  # the base line and one piece
    assert svg.count("<circle") == 2  # the lonely first year and the last one
    assert draw_spark([None, None]) == ""


def test_a_table_writes_words_for_states_and_labels() -> None:
    html = draw_figures(AREAS, INDICATOR, first="Gebied", caption="Halt <b>in</b> 2025")
    assert html.count("afgeschermd") == 1
    assert "tussen 7,0 en 15,0" in html
    assert ">hoger dan de regio<" in html
    assert ">verschil kan toeval zijn<" in html
    assert ">te weinig gevallen om te vergelijken<" in html
    assert "Halt &lt;b&gt;in&lt;/b&gt; 2025" in html
    assert 'scope="row"' in html and 'scope="col"' in html


def test_a_table_escapes_everything_that_comes_from_a_file() -> None:
    frame = pd.DataFrame({"name": ["<script>alert(1)</script>"], "rows": [1234], "nothing": [None]})
    html = draw_frame(frame, {"name": "Naam", "rows": "Rijen", "nothing": "Leeg"}, numbers=("rows",), caption="x")
    assert "<script>" not in html
    assert "1.234" in html
    assert "None" not in html


def test_a_provisional_figure_carries_a_star() -> None:
    html = draw_periods(YEARS, INDICATOR, caption="x")
    assert "16,0*" in html
    assert "14,0*" not in html


def test_a_chart_says_what_it_shows_to_who_cannot_see_it() -> None:
    words = describe_trend(YEARS, INDICATOR)
    assert "Beverwijk: van 11,0 in 2019 naar 16,0 in 2025. Zonder cijfer: 2 van de 7 perioden." in words
    assert "Heemskerk afgeschermd" in describe_bars(AREAS, INDICATOR)
