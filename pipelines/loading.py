"""Rows of all sources into the engine: reference lists, deliveries in order, then the tables that connect them."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipelines.components import load_components
from pipelines.deliveries import Delivery
from pipelines.engine import Engine
from pipelines.errors import ContractError
from pipelines.geography import Shapes, read_shapes
from pipelines.intake import Receipt, Taken, extend_areas, join_errors, read_reference, reference_tables, take_in
from pipelines.periods import days_of, months_of, years_of
from pipelines.settings import Region
from pipelines.sources import CONTRACTS

Tell = Callable[[str], None]

FOLDER = Path(__file__).parent
CONNECTED = (
    ("core.period", "core/period.sql"),
    ("core.area", "core/area.sql"),
    ("core.area_own", "core/area_own.sql"),
    ("core.table_division", "core/table_division.sql"),
    ("core.population_age", "sources/population_age.sql"),
    ("core.population", "sources/population.sql"),
    ("core.denominator", "core/denominator.sql"),
    ("core.key_figure", "core/key_figure.sql"),
    ("core.police_open", "sources/police_open.sql"),
    ("core.open_suspects", "sources/open_suspects.sql"),
    ("core.open_halt", "sources/open_halt.sql"),
    ("core.open_care", "sources/open_care.sql"),
    ("core.open_leaving", "sources/open_leaving.sql"),
    ("core.suspect", "sources/police_suspects.sql"),
    ("core.suspect_period", "core/suspect_period.sql"),
    ("core.suspect_kind", "core/suspect_kind.sql"),
    ("core.suspect_year", "core/suspect_year.sql"),
    ("core.suspect_phenomenon", "core/suspect_phenomenon.sql"),
    ("core.suspect_disposal", "core/suspect_disposal.sql"),
    ("core.suspect_place", "core/suspect_place.sql"),
    ("core.halt", "sources/halt.sql"),
    ("core.halt_period", "core/halt_period.sql"),
    ("core.halt_kind", "core/halt_kind.sql"),
    ("core.halt_referrer", "core/halt_referrer.sql"),
    ("core.halt_finished", "core/halt_finished.sql"),
    ("core.absence", "sources/school_absence.sql"),
    ("core.absence_period", "core/absence_period.sql"),
    ("core.absence_kind", "core/absence_kind.sql"),
    ("core.absence_place", "core/absence_place.sql"),
    ("core.school_leaving", "sources/school_leaving.sql"),
    ("core.approach", "sources/approaches.sql"),
    ("core.approach_spell", "core/approach_spell.sql"),
    ("core.approach_period", "core/approach_period.sql"),
    ("core.approach_flow", "core/approach_flow.sql"),
    ("core.youth_group", "sources/youth_groups.sql"),
    ("core.intervention", "sources/interventions.sql"),
    ("core.intervention_place", "core/intervention_place.sql"),
    ("core.programme", "sources/programme.sql"),
    ("core.care_spell", "sources/youth_care.sql"),
    ("core.care_period", "core/care_period.sql"),
    ("core.care_kind", "core/care_kind.sql"),
    ("core.care_start", "core/care_start.sql"),
    ("core.care_end", "core/care_end.sql"),
    ("core.care_family", "core/care_family.sql"),
    ("core.care_police", "core/care_police.sql"),
    ("core.coverage", "core/coverage.sql"),
    ("core.person_year", "core/person_year.sql"),
    ("core.person_domains", "core/person_domains.sql"),
    ("core.person_trait", "core/person_trait.sql"),
    ("core.suspect_before", "core/suspect_before.sql"),
    ("core.absence_after", "core/absence_after.sql"),
    ("core.absence_home", "core/absence_home.sql"),
    ("core.chain", "core/chain.sql"),
    ("core.chain_step", "core/chain_step.sql"),
    ("core.network", "core/network.sql"),
    ("core.suspect_pair", "core/suspect_pair.sql"),
    ("core.suspect_linked", "core/suspect_linked.sql"),
    ("core.family_year", "core/family_year.sql"),
)
EXTRA = {
    "population": "year",
    "areas": "year",
    "youth_care": "reported_until",
    **dict.fromkeys(("police_open", "open_suspects", "open_halt", "open_care"), "series"),
    **dict.fromkeys(("approaches", "youth_groups", "interventions", "programme"), "series"),
}


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What came in: a receipt per file, delivered shapes (None without boundaries)."""

    receipts: list[Receipt]
    shapes: Shapes | None


@dataclass(kw_only=True)
class _Intake:
    """State of one loading: lists that grow while areas come in, what was told, what went wrong."""

    engine: Engine
    reference: dict[str, pa.Table]
    receipts: list[Receipt] = field(default_factory=list)
    errors: list[ContractError] = field(default_factory=list)
    covered: list[tuple[str, str]] = field(default_factory=list)


def load(
    deliveries: Sequence[Delivery],
    engine: Engine,
    region: Region,
    *,
    key: bytes,
    refused_max: float,
    tell: Tell,
    threshold: int = 5,
) -> Loaded:
    """Take every delivery in, areas first, and load it as raw.<source>.

    raises  ContractError with all that is wrong in all deliveries
    """
    intake = _Intake(engine=engine, reference=reference_tables(region))
    shapes = _take_boundaries(intake, deliveries, region)
    load_reference(engine, region, shapes, threshold)
    for source in CONTRACTS:
        for delivery in (one for one in deliveries if one.source == source and not one.is_boundary):
            tell(f"{source}: {delivery.file.name}")
            _take_one(intake, delivery, key, refused_max)
    intake.errors += find_conflicts(engine)
    if intake.errors:
        raise join_errors(intake.errors)
    load_coverage(intake.engine, intake.covered)
    return Loaded(receipts=intake.receipts, shapes=shapes)


SAME_COUNT = {
    "population": ("area, year", "inhabitants, men, women, age_0_14, age_15_24, age_25_44, age_45_64, age_65"),
    "police_open": ("crime, nuisance, offence_label, area, period, series", "count"),
}


def find_conflicts(engine: Engine) -> list[ContractError]:
    """Sources of which two files that both count say different things about the same area and period."""
    errors = []
    for source, (keys, counts) in SAME_COUNT.items():
        doubles = f"select {keys} from (select distinct {keys}, {counts} from raw.{source}) d group by {keys} having count(*) > 1"
        found = engine.fetch(f"select count(*) as doubles from ({doubles}) f")["doubles"].iloc[0]
        if found:
            errors.append(
                ContractError(
                    f"{source}: two files that both count contradict each other about {found} areas and periods\n"
                    "Keep one of them, or deliver the corrected one on a later date under the same table number"
                )
            )
    return errors


def connect(engine: Engine, wanted: Collection[str] | None = None) -> None:
    """Make the core tables from the raw ones: all of them, or those wanted with all that they read."""
    engine.create("reference.years", (FOLDER / "core/years.sql").read_text(encoding="utf-8"))
    texts = {name: (FOLDER / file).read_text(encoding="utf-8") for name, file in CONNECTED}
    needed = set(texts) if wanted is None else _with_read(texts, wanted)
    for name, text in texts.items():
        if name in needed:
            engine.create(name, text)
        if name == "core.suspect_pair" and name in needed:
            load_components(engine)


def _with_read(texts: dict[str, str], wanted: Collection[str]) -> set[str]:
    """The tables wanted and every core table that their SQL, and that of those tables, reads."""
    needed = set(wanted)
    for name, text in reversed(texts.items()):
        if name in needed:
            body = re.sub("--.*", "", text)
            read = re.findall(r"core\.\w+", body)
            needed |= {"core.suspect_pair" if one == "core.component" else one for one in read}
    return needed


def label_points() -> pd.DataFrame:
    """Label points of the presets' areas, with the years in which their codes are valid."""
    points: pd.DataFrame = read_reference("areas").to_pandas()
    numbers = ["first_year", "last_year", "lon", "lat"]
    return points.assign(**{name: pd.to_numeric(points[name]) for name in numbers})


def _take_one(intake: _Intake, delivery: Delivery, key: bytes, refused_max: float) -> None:
    try:
        taken = take_in(delivery, intake.reference, key=key, refused_max=refused_max)
    except ContractError as error:
        intake.errors.append(error)
        return
    intake.receipts.append(taken.receipt)
    if taken.code_lists.get("Perioden"):
        intake.engine.load("raw.period_status", _period_status(taken.code_lists["Perioden"], delivery.source))
    if taken.rows is not None:
        _load_rows(intake, delivery, taken)


def _load_rows(intake: _Intake, delivery: Delivery, taken: Taken) -> None:
    rows = taken.rows
    assert rows is not None
    extra = EXTRA.get(delivery.source)
    if extra == "year":
        year = delivery.year or delivery.delivered_on.year
        rows = rows.append_column("year", pa.array([year] * rows.num_rows, pa.int32()))
        names = rows.rename_columns({"area": "code"}) if delivery.source == "areas" else None
        extend_areas(intake.reference, set(rows["area"].to_pylist()), names)
    elif extra == "series":
        rows = rows.append_column("series", pa.array([delivery.series] * rows.num_rows, pa.string()))
    elif extra == "reported_until":
        rows = rows.append_column(extra, pa.array([_last_day(delivery.period)] * rows.num_rows, pa.string()))
    if delivery.source == "areas":
        intake.engine.load("raw.area_list", rows.rename_columns({"area": "code"}))
    else:
        intake.engine.load(f"raw.{delivery.source}", rows)
    if CONTRACTS[delivery.source].period_column:
        intake.covered.append((delivery.source, taken.receipt.period))


def _last_day(period: str) -> str | None:
    """The last day that a delivery reports on, as JJJJMMDD; None when its name tells no period."""
    return f"{days_of(period)[1]:%Y%m%d}" if period else None


def _take_boundaries(intake: _Intake, deliveries: Sequence[Delivery], region: Region) -> Shapes | None:
    wanted = [one for one in deliveries if one.is_boundary and one.state == "used"]
    if not wanted:
        return None
    try:
        shapes = read_shapes([one.file for one in wanted], region.municipalities)
    except ContractError as error:
        intake.errors.append(error)
        return None
    for one in wanted:
        count, note = shapes.counts[one.file], shapes.notes[one.file]
        receipt = Receipt(delivery=one, state="used", rows_in=count, rows_accepted=count, encoding="grenzen", note=note)
        intake.receipts.append(receipt)
    extend_areas(intake.reference, set(shapes.shapes["code"]))
    return shapes


def load_reference(engine: Engine, region: Region, shapes: Shapes | None, threshold: int = 5) -> None:
    """Reference lists of the region, and an empty raw table for every source: what is not delivered has no rows."""
    engine.load("reference.region", pa.table({"code": [region.code], "name": [region.name]}))
    engine.load("reference.rule", pa.table({"threshold": [threshold]}))
    engine.load("reference.municipality", pa.table({"code": list(region.municipalities)}))
    engine.load("reference.offence_class", read_reference("offence_classes"))
    areas = label_points()
    ours = areas[("GM" + areas["code"].str[2:6]).isin(region.municipalities)]
    engine.load(
        "reference.area", pa.Table.from_pandas(ours[["code", "name", "first_year", "last_year"]], preserve_index=False)
    )
    names = shapes.shapes[["code", "name", "year"]] if shapes else pd.DataFrame(columns=["code", "name", "year"])
    engine.load("raw.boundary_name", pa.Table.from_pandas(pd.DataFrame(names), schema=_NAMES, preserve_index=False))
    engine.load("raw.period_status", _STATUS.empty_table())
    engine.load("raw.area_list", pa.table({"line": [], "code": [], "name": [], "year": []}, schema=_AREA_LIST))
    for source in CONTRACTS:
        if source != "areas":
            engine.load(f"raw.{source}", _empty(source))


def _empty(source: str) -> pa.Table:
    """The table of a source that delivers nothing: its columns after pseudonymisation, no rows."""
    kinds = {
        "person": ("person_key", pa.int64()),
        "family": ("family_key", pa.int64()),
        "group": ("group_key", pa.int64()),
        "birth_date": ("age", pa.int32()),
    }
    contract = CONTRACTS[source]
    fields = [
        kinds.get(column.personal, (column.name, pa.string()))
        for column in contract.columns
        if column.personal != "drop"
    ]
    if source in EXTRA:
        fields.append((EXTRA[source], pa.int32() if EXTRA[source] == "year" else pa.string()))
    if not contract.persons:
        fields.append(("line", pa.int64()))
    return pa.schema(fields).empty_table()


def load_coverage(engine: Engine, covered: Sequence[tuple[str, str]]) -> None:
    """Which months each person source delivered: as the file names tell, else from its first to its last row.

    covered  (source, quarters) of each delivery; no quarters where the name tells no period
    """
    months = sorted({(source, month) for source, period in covered for month in months_of(period)})
    years = sorted({year for _, period in covered for year in years_of(period)})
    unnamed = sorted({source for source, period in covered if not period})
    table = pa.table({"source": [s for s, _ in months], "month": [m for _, m in months]}, schema=_COVERED)
    engine.load("raw.delivered_month", table)
    engine.load("raw.delivered_year", pa.table({"year": pa.array(years, pa.int32())}))
    engine.load("raw.unnamed_source", pa.table({"source": unnamed}, schema=pa.schema([("source", pa.string())])))


def _period_status(listed: list[dict[str, str]], source: str) -> pa.Table:
    periods = [_plain_period(one.get("Key") or "") for one in listed]
    statuses = [one.get("Status", "") for one in listed]
    return pa.table({"source": [source] * len(listed), "period": periods, "status": statuses}, schema=_STATUS)


def _plain_period(key: str) -> str:
    return key.strip().replace("JJ00", "").replace("MM", "M").replace("KW0", "Q")


_NAMES = pa.schema([("code", pa.string()), ("name", pa.string()), ("year", pa.int32())])
_STATUS = pa.schema([("source", pa.string()), ("period", pa.string()), ("status", pa.string())])
_AREA_LIST = pa.schema([("line", pa.int64()), ("code", pa.string()), ("name", pa.string()), ("year", pa.int32())])
_COVERED = pa.schema([("source", pa.string()), ("month", pa.int32())])
