"""Everything chosen is in the address: random choices come back from their link, and what a link asks in vain is said."""

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.choose import load_area_names
from dashboard.figures import load_indicators, load_years, open_publication
from tests.two_publications import copy_publication

PAGE = Path(__file__).parent / "choices_page.py"
STATES = 1_000
CHOICES = {"per": ("jaar", "halfjaar", "kwartaal"), "naar": ("niet", "leeftijd", "geslacht", "soort")}
DEFAULTS = {"Regio IJmond", "2025", "Geregistreerde misdrijven", "jaar", "niet", "Wijken"}
STRANGE = (
    *("", " ", "Atlantis", "GM0375", "velsen", "2025 ", "-1", "1e9", "null", "' or 1=1 --", "../../etc/passwd"),
    *(
        "<script>alert(1)</script>",
        "{{7*7}}",
        "%00",
        "\x00",
        "\u202egnirts",
        "😀" * 30,
        "é" * 3000,
        "a&b=c",
        "Uitgeest,Velsen",
    ),
)

Query = dict[str, list[str]]


@pytest.fixture(scope="module")
def options(published: Path) -> Iterator[dict[str, list[str]]]:
    """What can be chosen, as an address writes it; the page reads the same publication."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JEUGDBEELD_PUBLISHED", str(published))
        publication = open_publication()
        yield {
            "gebied": list(load_area_names(publication, None).values()),
            "jaar": list(load_years(publication)),
            "cijfer": [one.title for one in load_indicators(publication).values()],
        }


class Opener:
    """Opens the page with an address, each time as a new visitor."""

    manager: object = None

    def open(self, query: Query) -> AppTest:
        visitor = AppTest.from_file(str(PAGE), default_timeout=60)
        visitor._bidi_component_manager = self.manager  # finding no components takes longer than the whole page
        for name, values in query.items():
            visitor.query_params[name] = values
        visitor.run()
        Opener.manager = visitor._bidi_component_manager
        assert list(visitor.exception) == [], query
        return visitor


def read_query(visitor: AppTest) -> Query:
    return {name: value if isinstance(value, list) else [value] for name, value in visitor.query_params.items()}


def draw_query(draw: random.Random, options: dict[str, list[str]]) -> Query:
    """A random choice, in words; about half of the shared ones are left as they are."""
    query = {name: [draw.choice(values)] for name, values in options.items() if draw.random() < 0.7}
    if draw.random() < 0.5:
        query["met"] = draw.sample(options["gebied"], draw.randint(1, 5))
    return query | {name: [draw.choice(values)] for name, values in CHOICES.items() if draw.random() < 0.3}


def spoil(draw: random.Random, query: Query) -> Query:
    """The same with one to three things that no link of ours has."""
    spoiled = {name: list(values) for name, values in query.items()}
    for _ in range(draw.randint(1, 3)):
        name = draw.choice(["gebied", "jaar", "cijfer", "met", "per", "naar", "foo", "<b>", "gebied[]", "page"])
        spoiled[name] = [*spoiled.get(name, []), draw.choice(STRANGE)]
        draw.shuffle(spoiled[name])
    return spoiled


def find_lost(asked: Query, kept: Query) -> list[tuple[str, str]]:
    """What was asked and is not shown: not in the address any more, not the chosen area, nor what stands there unasked."""
    return [
        (name, value)
        for name, values in asked.items()
        for value in values
        if value not in kept.get(name, []) and value not in DEFAULTS and value not in asked.get("gebied", [])
    ]


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_links_are_told_and_what_is_then_shown_comes_back_from_its_link(
    options: dict[str, list[str]], seed: int
) -> None:
    """A thousand spoiled links in all, and the thousand states that they end in."""
    draw, opener = random.Random(seed), Opener()
    for _ in range(STATES // 4):
        asked = spoil(draw, draw_query(draw, options))
        first = opener.open(asked)
        assert len(first.warning) > 0, asked
        again = opener.open(read_query(first))
        assert (again.text[0].value, read_query(again)) == (first.text[0].value, read_query(first)), asked
        assert list(again.warning) == [], asked


def test_whatever_a_link_loses_is_told(options: dict[str, list[str]]) -> None:
    draw, opener, told = random.Random(7), Opener(), 0
    for _ in range(STATES // 10):
        asked = draw_query(draw, options)
        visitor = opener.open(asked)
        lost = find_lost(asked, read_query(visitor))
        told += bool(lost)
        assert len(visitor.warning) >= bool(lost), asked
    assert 10 < told < STATES // 10


def test_a_whole_valid_link_is_shown_as_it_is_without_a_notice(options: dict[str, list[str]]) -> None:
    asked = {
        "gebied": ["Velsen"],
        "jaar": ["2023"],
        "cijfer": ["Jongeren verwezen naar Halt"],
        "vergelijk": ["Buurten"],
    }
    visitor = Opener().open(asked)
    assert visitor.text[0].value == "GM0453|2023|halt_rate|GM0453|year||neighbourhood"
    assert list(visitor.warning) == []
    assert read_query(visitor) == asked


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"gebied": ["Velsen", "Uitgeest"]}, "In de link staat 'Gebied' 2 keer. U ziet nu: Uitgeest."),
        ({"foo": ["1"]}, "In de link staat iets wat deze pagina niet kent: foo. Dat doet hier niets."),
        ({"<b>x</b>": ["1"]}, "In de link staat iets wat deze pagina niet kent: bxb. Dat doet hier niets."),
        (
            {"vergelijk": ["Buurten"]},
            "In de link staat iets wat deze pagina niet kent: vergelijk. Dat doet hier niets.",
        ),
        ({"per": ["week"]}, "In de link staat een periode die wij niet kennen: week. U ziet nu: per jaar."),
        ({"jaar": ["1999"]}, "In de link staat een jaar dat wij niet kennen: 1999. U ziet nu: 2025."),
        (
            {"met": ["Atlantis", "Velsen"]},
            "In de link staat een gebied dat wij niet kennen: Atlantis. U ziet nu: Regio IJmond en Velsen.",
        ),
    ],
)
def test_what_a_link_asks_in_vain_is_said(options: dict[str, list[str]], query: Query, said: str) -> None:
    assert [warning.value for warning in Opener().open(query).warning] == [said]


def test_more_areas_than_fit_are_counted(options: dict[str, list[str]]) -> None:
    visitor = Opener().open({"met": options["gebied"][1:8]})
    assert "meer dan 5 keuzes" in visitor.warning[0].value
    assert visitor.text[0].value.split("|")[3].count(",") == 5


NEXT_YEAR = (
    "insert into area select * replace (2026 as year) from area where year = 2025",
    "insert into figure select * replace ('2026' as period) from figure where period = '2025' and indicator = 'crimes'",
)


def test_a_fixed_link_holds_every_choice_and_shows_the_same_when_the_next_publication_opens_with_another_year(
    options: dict[str, list[str]], published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Opener().open({"gebied": ["Velsen"]})
    fixed = parse_qs(before.text[1].value)
    assert fixed == {
        "gebied": ["Velsen"], "jaar": ["2025"], "cijfer": ["Geregistreerde misdrijven"], "per": ["jaar"], "vergelijk": ["Wijken"],
    }  # fmt: skip
    copy_publication(published, tmp_path, changes=NEXT_YEAR)
    monkeypatch.setenv("JEUGDBEELD_PUBLISHED", str(tmp_path))
    assert Opener().open({"gebied": ["Velsen"]}).text[0].value.split("|")[1] == "2026"
    after = Opener().open(fixed)
    assert after.text[0].value == before.text[0].value
    assert list(after.warning) == []
