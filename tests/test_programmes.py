"""Programmes and purposes: every part of every programme finds its figures, and no figure without an agreed purpose."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from pydantic import ValidationError

from pipelines.build import build
from pipelines.describe import describe_indicators
from pipelines.indicators import CATALOGUE
from pipelines.indicators.programmes import PARTS, PROGRAMMES, find_gaps, link_programmes, parts_of
from pipelines.publish import current_file
from pipelines.purposes import PURPOSES
from pipelines.settings import Settings
from tests.suppliers import deliver, person
from tests.test_build import AREAS, POPULATION


def test_every_part_of_every_programme_has_an_indicator() -> None:
    assert find_gaps(CATALOGUE) == []


def test_the_parts_are_those_of_the_five_programmes() -> None:
    sizes = {programme: sum(part.programme == programme for part in PARTS) for programme in PROGRAMMES}
    assert sizes == {"bh": 4, "ijmond": 2, "twente": 7, "avh": 5, "almere": 2}
    assert len({part.code for part in PARTS}) == len(PARTS)


def test_naming_a_programme_means_its_general_parts_only_and_an_unknown_code_is_refused() -> None:
    assert [part.code for part in parts_of(("avh",))] == ["avh-chain"]
    assert [part.code for part in parts_of(("twente-3", "bh", "bh-group"))] == ["bh-group", "bh-individual", "twente-3"]
    with pytest.raises(ValueError, match="'twente-8' is no programme and no part"):
        parts_of(("twente-8",))


def test_links_name_only_indicators_of_the_catalogue() -> None:
    links = pd.DataFrame(link_programmes(CATALOGUE), columns=["programme", "part", "indicator"])
    assert set(links["indicator"]) <= {one.id for one in CATALOGUE}
    assert not links.duplicated().any()


def test_every_indicator_has_a_purpose_that_a_region_can_allow() -> None:
    assert {one.purpose for one in CATALOGUE} <= set(PURPOSES)
    assert set(Settings().purposes) == set(PURPOSES)
    with pytest.raises(ValidationError):
        Settings(purposes=("curiosity",))  # type: ignore[arg-type]


def test_what_no_purpose_allows_stays_in_the_catalogue_with_a_sentence() -> None:
    listed = describe_indicators(CATALOGUE, ("trend",)).set_index("id")
    assert len(listed) == len(CATALOGUE)
    assert not listed.loc["person_approach_stock", "allowed"]
    assert listed.loc["person_approach_stock", "not_allowed"] == (
        "Niet berekend: voor het doel 'de persoonsgebonden aanpak volgen' is er in deze regio geen afspraak."
    )
    assert listed.loc["crimes", "allowed"]
    assert pd.isna(listed.loc["crimes", "not_allowed"])


def test_a_build_computes_nothing_for_a_purpose_that_is_not_allowed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    spells = [
        f"{person(f'p{n}')};;{way};;GM0375;1-3-2025;;;{told}"
        for n in range(20)
        for way, told in (("pga", "2-3-2025"), ("groep", ""))
    ]
    header = "persoon;gezin;aanpak;groep;gemeente;begin;einde;fase;geïnformeerd op"
    deliver(folder, "areas", "WijkenEnBuurten_2025.csv", AREAS)
    deliver(folder, "population", "86165NED.csv", POPULATION)
    deliver(folder, "approaches", "aanpakken_2025.csv", "\n".join([header, *spells]))
    settings = Settings(
        region="GM0375",
        deliveries=folder,
        published=tmp_path / "out",
        work=tmp_path / "work",
        purposes=("trend", "steering"),
    )
    build(settings)
    with duckdb.connect(str(current_file(settings.published)), read_only=True) as file:
        computed = {name for (name,) in file.sql("select distinct indicator from figure").fetchall()}
        refused = file.sql(
            "select id from indicator where not allowed and not_allowed is not null order by id"
        ).fetchall()
        links = file.sql("select count(*) from programme_link where indicator = 'person_approach_stock'").fetchall()
    assert "approach_stock" in computed
    assert {one.id for one in CATALOGUE if one.purpose not in settings.purposes} == {name for (name,) in refused}
    assert not computed & {name for (name,) in refused}
    assert links[0][0] > 0
