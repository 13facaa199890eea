"""Verdicts, funnels, smoothed figures, claims and interventions on the screen: from shown figures only."""

import json

import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.reading import USUAL
from dashboard.before_after import build_study, evaluate
from dashboard.claims import answer_claim, fit_window, list_years, pick_window
from dashboard.direction import describe_latest, describe_verdicts, list_lines
from dashboard.funnel import build_funnel, describe_funnel, draw_funnel
from dashboard.hatch import draw_stripes
from dashboard.likeness import enough_areas, find_peers
from dashboard.smooth import can_smooth, find_neighbours, list_uncertain, smooth
from dashboard.tables import draw_figures
from tests.screen_examples import example_indicator

RATE = example_indicator(id="crimes", unit="per 1.000 inwoners", counts="incidents", theme="police", age="all")


def _years(counts: list[float | None], *, first: int = 2015, provisional: int = 0) -> pd.DataFrame:
    """A line of yearly figures; None is hidden, the last `provisional` years are provisional."""
    rows = [
        {
            "series": "Velsen", "name": "Velsen", "area": "GM0453", "level": "municipality", "indicator": "crimes",
            "period": str(first + place), "age": "all", "sex": "all", "kind": "all", "heading": str(first + place),
            "status": "hidden" if count is None else "shown", "provisional": place >= len(counts) - provisional,
            "numerator": np.nan if count is None else count, "denominator": np.nan if count is None else 10_000.0,
            "value": np.nan if count is None else count / 10, "low": np.nan if count is None else count / 12,
            "high": np.nan if count is None else count / 8, "label": None, "trend": None, "benchmark": np.nan,
        }
        for place, count in enumerate(counts)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _verdict(counts: list[float | None], breaks: tuple[float, ...] = (), **about: int) -> str:
    lines = list_lines(_years(counts, **about))
    return describe_verdicts(lines, {"Velsen": breaks}, RATE, USUAL)[0]


FALL: list[float | None] = [400, 380, 350, 330, 300, 290, 265, 250, 230, 210]


def test_a_verdict_says_the_direction_its_size_and_why() -> None:
    said = _verdict(FALL)
    assert "over meer jaren gezien omlaag, van 2015 tot en met 2024" in said
    assert "% minder" in said and "Twee rekenregels" in said


@pytest.mark.parametrize(
    ("counts", "breaks", "words"),
    [
        ([40, 38, 35, 33, 30, 29, 26], (), "te weinig gevallen om een ontwikkeling te zien"),
        ([300, 310, 290, 305, 295, 300, 310, 290, 302, 300], (), "geen duidelijke ontwikkeling"),
        ([*FALL[:7], None, *FALL[8:]], (), "Een jaar zonder cijfer breekt de reeks af"),
        (FALL, (2022.0,), "De manier van tellen of het gebied veranderde"),
        ([400, 300], (), "minder dan vijf jaren"),
    ],
)
def test_no_direction_is_said_where_none_is_to_be_seen(
    counts: list[float | None], breaks: tuple[float, ...], words: str
) -> None:
    said = _verdict(counts, breaks)
    assert words in said
    assert "omlaag" not in said and "omhoog" not in said and "%" not in said.replace("30 %", "")


def test_the_latest_level_comes_with_its_margin_and_never_from_a_hidden_year() -> None:
    said = describe_latest(_years([300, 280, None]), RATE)
    assert said.startswith("Velsen in 2016: 28,0 per 1.000 inwoners. Het werkelijke niveau ligt waarschijnlijk tussen")
    assert describe_latest(_years([None, None]), RATE) == ""
    zero = _years([300, 0]).assign(high=3.7)
    assert describe_latest(zero, RATE).startswith("Velsen in 2016: geen geregistreerde gevallen. Door toeval")


def _areas(counts: list[float | None], *, people: float = 2_000.0, benchmark: float = 20.0) -> pd.DataFrame:
    """Neighbourhoods with these counts; None is hidden and carries poison, which nobody may use."""
    hidden = [count is None for count in counts]
    numerator = np.array([987_654.0 if count is None else count for count in counts])
    return pd.DataFrame({
        "area": [f"BU{place:08d}" for place in range(len(counts))], "name": [f"Buurt {place}" for place in range(len(counts))],
        "heading": [f"Buurt {place}" for place in range(len(counts))], "level": "neighbourhood", "indicator": "crimes",
        "period": "2024", "age": "all", "sex": "all", "kind": "all", "provisional": False, "trend": None,
        "status": np.where(hidden, "hidden", "shown"), "numerator": numerator, "denominator": people,
        "value": numerator / people * 1_000, "low": numerator / people * 800, "high": numerator / people * 1_250,
        "label": "similar", "benchmark": benchmark,
    })  # fmt: skip


REGION = _areas([40_000.0], people=2_000_000.0).assign(area="RG-IJMOND", name="IJmond", level="region")
MANY: list[float | None] = [40, 42, 38, 41, 39, 43, 37, 40, 120, None, 8, 12]


def test_a_funnel_tells_a_far_area_from_a_near_one_and_a_small_count_gets_no_word() -> None:
    funnel = build_funnel(_areas(MANY), RATE, REGION)
    assert funnel
    places = dict(zip(funnel.areas["name"], funnel.areas["place"], strict=True))
    assert places["Buurt 8"] in {"above", "possibly_above"}
    assert places["Buurt 0"] == "inside"
    assert places["Buurt 10"] == "few"
    assert places["Buurt 11"] in {"inside", "below"}, "under 20 only what is sure"
    assert "Buurt 9" not in places


def test_nothing_of_a_hidden_area_is_in_a_funnel() -> None:
    drawn = [
        draw_funnel(funnel, RATE, region_name="Regio IJmond").to_json() + describe_funnel(funnel, RATE)
        for figures in (
            _areas(MANY),
            _areas(MANY).assign(numerator=lambda rows: rows["numerator"].replace(987_654.0, 1.0)),
        )
        if (funnel := build_funnel(figures, RATE, REGION))
    ]
    assert len(drawn) == 2
    assert drawn[0] == drawn[1]
    assert "Buurt 9" not in drawn[0] and "98765" not in drawn[0]


def test_without_enough_areas_or_a_shown_region_there_is_no_funnel() -> None:
    assert build_funnel(_areas(MANY[:7]), RATE, REGION) is None
    assert build_funnel(_areas(MANY), RATE, REGION.assign(status="hidden")) is None


def test_a_smoothed_figure_does_not_exist_for_a_hidden_area_and_does_not_hang_on_it() -> None:
    figures = _areas(MANY)
    near = {code: tuple(figures["area"]) for code in figures["area"]}
    for level in ("neighbourhood", "district", "municipality"):
        found = smooth(figures, RATE, level, near)
        other = smooth(figures.assign(numerator=figures["numerator"].replace(987_654.0, 2.0)), RATE, level, near)
        assert found.loc[9, ["value", "low", "high"]].isna().all()
        assert found[["value", "low", "high"]].equals(other[["value", "low", "high"]])
        shown = found["status"] == "shown"
        assert found.loc[shown, "value"].notna().all()
        assert found.loc[shown, "value"].std() < figures.loc[shown, "value"].std(), "drawn together"
        assert found["label"].isna().all(), "a smoothed figure has no label of a counted one"


def test_with_few_shown_areas_nothing_is_smoothed() -> None:
    assert can_smooth(_areas(MANY), RATE)
    assert not can_smooth(_areas([40, 41, 42, 43]), RATE)
    assert not can_smooth(_areas([40, 41, 42, 43, 44, *[None] * 6]), RATE)
    assert not can_smooth(_areas(MANY), example_indicator(counts="published"))


def test_stripes_lie_within_uncertain_areas_only_and_never_over_hidden_ones() -> None:
    figures = _areas(MANY)
    uncertain = list_uncertain(figures, RATE)
    assert uncertain == ["BU00000010", "BU00000011"]
    shapes = {code: shapely.box(place, 52, place + 0.9, 52.9) for place, code in enumerate(figures["area"])}
    east, north = draw_stripes(shapes, uncertain, list(shapes))
    points = [(x, y) for x, y in zip(east, north, strict=True) if x is not None and y is not None]
    assert len(points) > 20 and len(points) % 2 == 0
    inside = shapely.union_all([shapes[code] for code in uncertain]).buffer(1e-4)
    assert all(inside.covers(shapely.Point(point)) for point in points)
    tiny = draw_stripes({"a": shapely.box(4, 52, 4.001, 52.001), "b": shapely.box(5, 50, 6, 53)}, ["a"], ["a", "b"])
    assert tiny[0], "a small area has a stripe too"


def test_neighbours_are_areas_that_touch() -> None:
    boxes = {"a": shapely.box(0, 0, 1, 1), "b": shapely.box(1.0001, 0, 2, 1), "c": shapely.box(3, 0, 4, 1)}
    assert find_neighbours(boxes) == {"a": ("b",), "b": ("a",), "c": ()}


def test_a_table_draws_intervals_in_its_cells_and_calls_a_small_count_uncertain() -> None:
    html = draw_figures(_areas(MANY), RATE, first="Gebied", caption="c", bars=True)
    rows = {row.split("</th>")[0]: row for row in html.split('<th scope="row">')[1:]}
    assert rows["Buurt 0"].count("jb-range") == 1
    assert "onzeker" in rows["Buurt 11"] and "onzeker" not in rows["Buurt 0"]
    assert "jb-range" not in rows["Buurt 9"] and "afgeschermd" in rows["Buurt 9"]
    assert list(rows) == [f"Buurt {place}" for place in range(12)], "the order is not one of values"


def test_peers_come_by_traits_with_their_distance_and_only_where_there_are_enough() -> None:
    random = np.random.default_rng(2)
    traits = pd.DataFrame(
        {"urbanity": random.normal(size=20), "income": random.normal(size=20)}, index=[f"BU{n:08d}" for n in range(20)]
    )
    found = find_peers(traits, "BU00000003")
    assert found and "BU00000003" not in found.codes
    assert found.distances == sorted(found.distances)
    assert found.trait in {"urbanity", "income"} and 0 <= found.kept <= len(found.codes)
    assert not enough_areas(traits.head(6))
    assert find_peers(traits.assign(income=np.where(traits.index == "BU00000003", np.nan, 1.0)), "BU00000003") is None


def _answer(counts: list[float | None], claim: str, **about: object) -> tuple[str, str, list[str]]:
    figures = _years(counts)
    answer = answer_claim(figures, claim, RATE, area_name="Velsen", **about)  # type: ignore[arg-type]
    return answer.verdict, answer.sentence, answer.reasons


def test_a_claim_that_holds_has_a_sentence_to_read_out_with_its_numbers() -> None:
    verdict, sentence, reasons = _answer(FALL, "decrease")
    assert verdict == "supported"
    assert sentence.startswith(
        "Het cijfer ‘Jongeren verwezen naar Halt’ is in Velsen gedaald van 2015 tot en met 2024."
    )
    assert "Het ging van 40,0 naar 21,0 per 1.000 inwoners." in sentence
    assert "% minder" in reasons[0]


@pytest.mark.parametrize(
    ("counts", "claim", "verdict"),
    [
        (FALL, "increase", "contradicted"),
        (FALL, "stable", "contradicted"),
        ([300, 310, 290, 305, 295, 300, 310, 290, 302, 300], "decrease", "not_shown"),
        ([3000, 3010, 2990, 3005, 2995, 3000], "stable", "supported"),
        ([12, 11, 10, 9, 8, 7, 6, 5, 5, 5], "decrease", "cannot_tell"),
        ([*FALL[:5], None, *FALL[6:]], "decrease", "cannot_tell"),
    ],
)
def test_a_claim_gets_the_verdict_that_its_figures_carry(counts: list[float | None], claim: str, verdict: str) -> None:
    found, sentence, reasons = _answer(counts, claim)
    assert found == verdict
    assert reasons, "a verdict has a reason"
    if verdict == "cannot_tell":
        assert "niet te zeggen" in sentence and "Het ging van" not in sentence and "%" not in sentence


def test_a_break_in_the_window_ends_the_claim() -> None:
    verdict, _, reasons = _answer(FALL, "decrease", breaks=(2020.0,))
    assert verdict == "cannot_tell"
    assert reasons == ["In deze periode veranderde de manier van tellen of het gebied."]


def test_provisional_years_cannot_be_claimed_and_a_window_has_three_years() -> None:
    years = list_years(_years(FALL, provisional=1))
    assert years[-1] == "2023"
    assert fit_window(years, "2019", "2023") == ("2019", "2023")
    assert fit_window(years, "2020", "2021") == ("2015", "2023")
    assert list(pick_window(_years(FALL), "2016", "2018")["period"]) == ["2016", "2017", "2018"]


def _panel(*, areas: int = 21, step: float = 0.5, hide: tuple[str, str] | None = None) -> pd.DataFrame:
    """Quarters of 2016 to 2024 for towns with 150 cases each; in GM0000 it changes by `step` from 2021 on."""
    random = np.random.default_rng(7)
    rows = [
        {
            "area": f"GM{town:04d}", "period": f"{year}Q{part}", "provisional": False,
            "status": "hidden" if (f"GM{town:04d}", f"{year}Q{part}") == hide else "shown", "denominator": 10_000.0,
            "numerator": float(random.poisson(150 * (step if town == 0 and year >= 2021 else 1))),
        }
        for town in range(areas) for year in range(2016, 2025) for part in (1, 2, 3, 4)
    ]  # fmt: skip
    return pd.DataFrame(rows)


QUARTERS = pd.DataFrame({
    "id": [f"{year}Q{part}" for year in range(2016, 2025) for part in (1, 2, 3, 4)],
    "start": [pd.Timestamp(year, 3 * part - 2, 1) for year in range(2016, 2025) for part in (1, 2, 3, 4)],
    "finish": [pd.Timestamp(year, 3 * part, 28) for year in range(2016, 2025) for part in (1, 2, 3, 4)],
})  # fmt: skip
START = {"start_date": pd.Timestamp(2020, 12, 31), "end_date": None}


def _said(figures: pd.DataFrame, *, towns: int, start: dict[str, object] | None = None) -> list[str]:
    others = [f"GM{town:04d}" for town in range(1, towns)]
    study = build_study(
        figures,
        RATE,
        QUARTERS,
        treated=["GM0000"],
        others=others,
        row=START if start is None else start,
        kind="quarter",
    )
    return evaluate(study, {"GM0000": "Velsen"}, USUAL).sentences


def test_a_change_after_the_start_is_held_against_other_areas_and_never_called_an_effect() -> None:
    said = " ".join(_said(_panel(), towns=21))
    assert "veranderd na de start" in said
    assert "Vergeleken met 20 andere gebieden is het cijfer veranderd na de start" in said
    assert "Met deze aantallen was alleen een verandering van ten minste" in said
    assert "vanzelf" in said
    assert " door de " not in said and "effect" not in said.lower()


def test_with_few_other_areas_no_number_is_given_beside_them() -> None:
    said = _said(_panel(areas=4), towns=4)
    assert any("te weinig gebieden om een verandering van toeval te onderscheiden" in one for one in said)
    assert not any(one.startswith("Vergeleken met") for one in said)


@pytest.mark.parametrize(
    ("figures", "start", "words"),
    [
        (_panel(areas=4, hide=("GM0000", "2018Q2")), START, "Dan rekenen wij niets uit"),
        (
            _panel(areas=4),
            {"start_date": pd.Timestamp(2016, 5, 1), "end_date": None},
            "te weinig metingen van voor de start",
        ),
        (_panel(areas=4), {"start_date": pd.Timestamp(2024, 8, 1), "end_date": None}, "te weinig definitieve metingen"),
        (_panel(areas=4).assign(numerator=1.0), START, "te weinig gevallen van voor de start"),
    ],
)
def test_a_closed_gate_is_said_and_nothing_is_reckoned(
    figures: pd.DataFrame, start: dict[str, object], words: str
) -> None:
    said = _said(figures, towns=4, start=start)
    assert words in said[0]
    assert not any("%" in one or "gemiddeld" in one for one in said)


def test_no_hover_or_trace_of_a_funnel_holds_more_than_the_shown_areas() -> None:
    funnel = build_funnel(_areas(MANY), RATE, REGION)
    assert funnel
    chart = json.loads(draw_funnel(funnel, RATE, region_name="Regio IJmond").to_json())
    points = [one for trace in chart["data"] if trace["mode"] == "markers" for one in trace["text"]]
    assert len(points) == 11
