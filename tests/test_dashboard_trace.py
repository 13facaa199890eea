"""From a figure back to its deliveries and its SQL: addresses, the choice of deliveries, words."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from dashboard.figures import load_indicators, load_sql, load_table, open_publication
from dashboard.links import draw_link, page_address
from dashboard.trace import (
    draw_sql,
    find_home,
    find_leaning,
    list_sources,
    load_traced,
    name_query,
    name_traced,
    split_deliveries,
    trace_address,
    trend_address,
    year_of,
)
from tests.drawn import table
from tests.screen_examples import draw_figures_of, example_indicator, example_view

HALT = example_indicator()


def test_an_address_holds_the_choices_as_the_screen_says_them() -> None:
    everywhere = example_indicator(periods='{"neighbourhood": ["year"]}')
    address = trace_address(example_view(area="BU03750000", year="2024"), everywhere)
    assert address.startswith("./herkomst?")
    assert parse_qs(urlsplit(address).query) == {
        "cijfer": ["Jongeren verwezen naar Halt"],
        "gebied": ["Beverwijk: buurt Oost"],
        "jaar": ["2024"],
    }


def test_a_link_escapes_what_it_is_given() -> None:
    link = draw_link(page_address("kaart", gebied='<"&>'), "<b>", about="<i>")
    assert "<b>" not in link
    assert "<i>" not in link
    assert link.startswith('<a class="jb-link" href="./kaart?gebied=%3C%22%26%3E"')


def test_a_trend_opens_for_the_nearest_area_that_has_the_figure() -> None:
    view = example_view(area="BU03750000")
    only_towns = example_indicator(periods='{"municipality": ["year"]}')
    assert find_home(view, only_towns).code == "GM0375"
    assert parse_qs(urlsplit(trend_address(view, only_towns)).query)["gebied"] == ["Beverwijk"]
    assert find_home(view, HALT).code == "WK037500"


@pytest.mark.parametrize(
    ("period", "year"),
    [("2025", "2025"), ("2025H1", "2025"), ("2025M03", "2025"), ("2024/25", "2025"), ("", ""), (None, "")],
)
def test_every_kind_of_period_belongs_to_a_year(period: str | None, year: str) -> None:
    assert year_of(period) == year


def test_replaced_deliveries_and_other_years_are_kept_apart_from_what_was_counted() -> None:
    deliveries = table("""
        id   | file    | period  | state
        halt | a.csv   | 2025    | used
        halt | old.csv | 2025    | superseded
        halt | b.csv   | 2024    | used
        cbs  | c.csv   |         | used
        duo  | d.csv   | 2024/25 | used
        else | e.csv   | 2025    | used
    """).astype({"period": object})
    deliveries["period"] = [str(p) if isinstance(p, int | str) else "" for p in deliveries["period"]]
    counted, others = split_deliveries(deliveries, ("halt", "cbs", "duo"), "2025")
    assert list(counted["file"]) == ["a.csv", "c.csv", "d.csv"]
    assert list(others["file"]) == ["old.csv", "b.csv"]


def test_the_sql_of_the_chosen_level_is_open_and_the_others_are_folded() -> None:
    queries = pd.DataFrame(
        {
            "level": ["region", "municipality", "municipality"],
            "split": ["all", "all", "age,sex"],
            "period_kind": ["year", "quarter", "year"],
            "sql": ["select 1", "select 2 < 3", "select 4"],
        }
    )
    html = draw_sql(queries, "municipality")
    assert html.count(" open>") == 1
    assert html.index("select 2 &lt; 3") < html.index("select 4") < html.index("select 1")
    assert name_query({"level": "municipality", "split": "age,sex", "period_kind": "year"}) == (
        "Gemeente, per jaar, naar leeftijd en geslacht"
    )
    assert "geen SQL" in draw_sql(queries.head(0), "region")


def test_a_traced_row_says_its_period_and_its_group() -> None:
    figures = draw_figures_of("""
        period | kind  | value | status
        2025H1 | group | 3     | shown
    """)
    named = name_traced(figures, {("kind", "group"): "Groepsaanpak"})
    assert list(named["heading"]) == ["1e helft 2025, Groepsaanpak"]


def test_every_published_indicator_leads_to_sql_and_to_a_delivery_with_a_fingerprint(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    publication = open_publication()
    deliveries = load_table(publication, "source")
    leaning = find_leaning(publication)
    for indicator in load_indicators(publication).values():
        counted, others = split_deliveries(deliveries, list_sources(publication, indicator), "2025")
        traced = pd.concat([counted, others])
        assert len(traced), indicator.id
        assert traced["sha256"].str.fullmatch("[0-9a-f]{64}").all(), indicator.id
        assert load_sql(publication, indicator.id)["sql"].str.contains("select").all(), indicator.id
        assert any(indicator in found for found in leaning.values()), indicator.id


@pytest.mark.parametrize(
    ("key", "area", "headings"),
    [
        ("suspects_12_17", "GM0453", ["2025", "1e kwartaal 2025"]),
        ("absence", "GM0453", ["schooljaar 2024/25"]),
        ("youth_groups", "RG-IJMOND", ["1e helft 2025", "2e helft 2025"]),
        ("approach_kind", "RG-IJMOND", ["2025, Groepsaanpak", "2025, Gezin", "2025, Plek"]),
    ],
)
def test_the_traced_figures_are_those_of_the_chosen_year(
    published: Path, monkeypatch: pytest.MonkeyPatch, key: str, area: str, headings: list[str]
) -> None:
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(published))
    publication = open_publication()
    view = example_view(area=area, indicator=load_indicators(publication)[key], publication=publication)
    labels = {("kind", "group"): "Groepsaanpak", ("kind", "system"): "Gezin", ("kind", "place"): "Plek"}
    assert list(name_traced(load_traced(view), labels)["heading"])[: len(headings)] == headings
