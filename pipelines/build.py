"""The whole run, top to bottom: deliveries in, a publication out. Start reading here.

It runs one way. Everything above `protect` is confidential and stays in the work folder; everything below it is made
from figures alone. A run that stops anywhere leaves the last publication as it was.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from pipelines import loading
from pipelines.aggregate import aggregate
from pipelines.deliveries import Delivery, find_deliveries
from pipelines.describe import describe, describe_indicators
from pipelines.engine import DuckDBEngine
from pipelines.errors import ContractError
from pipelines.geography import Geography, attach_shapes
from pipelines.indicators import CATALOGUE, Indicator
from pipelines.intake import Receipt
from pipelines.keys import load_key
from pipelines.protect import Protected, Rule, protect, save_proof
from pipelines.publish import Evidence, Publication, publish
from pipelines.settings import REFERENCE, ROOT, Region, Settings, find_region
from pipelines.sources import CONTRACTS
from pipelines.sources.words import DUTCH

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a run made: the published file, what happened to every delivery, and the figures' states by number."""

    file: Path
    receipts: list[Receipt]
    counts: dict[str, int]


def build(settings: Settings, tell: Tell = lambda _: None) -> Built:
    """Run everything.

    tell    is given one line per step, for a progress display
    raises  ContractError (4), UnsafeFigures (5), CannotPublish (6), each with what to mend
    """
    region = find_region(settings)
    catalogue = allowed(CATALOGUE, settings.purposes)
    if not catalogue:
        raise ContractError("purposes: no indicator has an allowed purpose\nAllow at least one in the settings")
    deliveries = find_deliveries(settings.deliveries)
    with DuckDBEngine(settings.work / "rows.duckdb") as engine:
        tell("check and load deliveries")
        loaded = loading.load(
            deliveries, engine, region, key=load_key(settings.work), refused_max=settings.refused_max, tell=tell
        )
        tell("connect tables")
        loading.connect(engine)
        tell("count")
        cells = aggregate(engine, catalogue)
        areas = engine.fetch("select * from core.area order by year, code")
    if areas.empty:
        raise ContractError("deliveries: nothing to count was delivered: no population, incidents or persons")
    geography = attach_shapes(areas.drop(columns="origin"), loaded.shapes, loading.label_points())
    tell("protect")
    measures = describe_indicators(catalogue)
    rule = Rule(threshold=settings.threshold)
    division = areas[areas["origin"] == "division"]
    protected = protect(cells, measures, division, rule)
    save_proof(protected.proof, settings.work / "proof")
    tell("describe")
    figures = describe(protected.figures, catalogue, region.code)
    tell("check again and publish")
    publication = _publication(settings, region, loaded.receipts, figures, measures, geography)
    evidence = Evidence(
        cells=cells, proof=protected.proof, measures=measures, areas=division, threshold=settings.threshold
    )
    file = publish(publication, evidence, settings.published)
    return Built(file=file, receipts=loaded.receipts, counts=_count_states(protected))


def allowed(catalogue: Sequence[Indicator], purposes: Sequence[str]) -> tuple[Indicator, ...]:
    """The indicators whose purpose this region's agreement allows; the others are not computed."""
    return tuple(indicator for indicator in catalogue if indicator.purpose in purposes)


def _count_states(protected: Protected) -> dict[str, int]:
    return {str(state): int(count) for state, count in protected.figures["status"].value_counts().items()}


def _publication(
    settings: Settings,
    region: Region,
    receipts: list[Receipt],
    figures: pd.DataFrame,
    measures: pd.DataFrame,
    geography: Geography,
) -> Publication:
    build_id = make_build_id(settings, [one.delivery for one in receipts])
    made = {
        "id": build_id, "made_on": datetime.now(UTC).replace(tzinfo=None, microsecond=0), "version": version("jeugdbeeld"),
        "rule": rule_sentence(settings.threshold), "threshold": settings.threshold, "region": region.code,
        "region_name": region.name, "synthetic": any(one.synthetic for one in receipts),
    }  # fmt: skip
    tables = {
        "figure": figures,
        "indicator": measures,
        "area": geography.areas,
        "period": _periods(figures),
        "source": _sources(receipts),
        "refusal": _refusals(receipts),
        "area_problem": geography.problems,
        "code_label": pd.read_csv(REFERENCE / "labels.csv"),
        "build": pd.DataFrame([made]),
    }
    return Publication(build_id=build_id, tables=tables)


def rule_sentence(threshold: int) -> str:
    """The protection rule, for the screen."""
    return (
        f"Aantallen van 1 tot en met {threshold - 1} jongeren laten wij niet zien. Ook verbergen wij cijfers waarmee zo'n "
        "aantal is uit te rekenen. Wat verborgen is, heet overal 'afgeschermd'; dat kan ook een nul of een groter aantal zijn."
    )


def make_build_id(settings: Settings, deliveries: Sequence[Delivery]) -> str:
    """Same used deliveries, same code, same choices: same id; the order of delivery plays no part."""
    parts = sorted(f"{one.source} {one.file.name} {one.sha256}" for one in deliveries if one.state == "used")
    parts += [
        settings.region,
        settings.region_name,
        str(settings.threshold),
        str(settings.refused_max),
        *settings.purposes,
        code_digest(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def code_digest() -> str:
    """Digest of everything that decides a figure: pipelines, analysis, reference lists."""
    digest = hashlib.sha256()
    folders = (ROOT / "pipelines", ROOT / "analysis", REFERENCE)
    for file in sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".sql", ".csv")
    ):
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()


def _periods(figures: pd.DataFrame) -> pd.DataFrame:
    periods = []
    for name in sorted(figures["period"].unique()):
        span = pd.Period(name.replace("M", "-"), freq="Y" if len(name) == 4 else "Q" if "Q" in name else "M")
        kind = "year" if len(name) == 4 else "quarter" if "Q" in name else "month"
        periods.append({"id": name, "kind": kind, "start": span.start_time.date(), "finish": span.end_time.date()})
    return pd.DataFrame(periods)


def _sources(receipts: list[Receipt]) -> pd.DataFrame:
    return pd.DataFrame([
        {
            "id": one.delivery.source, "title": CONTRACTS[one.delivery.source].title,
            "supplier": CONTRACTS[one.delivery.source].supplier, "file": one.delivery.file.name,
            "delivered_on": one.delivery.delivered_on, "period": one.period or one.delivery.period, "rows_in": one.rows_in,
            "rows_accepted": one.rows_accepted, "rows_refused": one.rows_refused, "sha256": one.delivery.sha256,
            "encoding": one.encoding, "state": one.state, "note": one.note,
        }
        for one in receipts
    ])  # fmt: skip


def _refusals(receipts: list[Receipt]) -> pd.DataFrame:
    """Refused rows by rule, in the words of the screen: the supplier's header and the rule in Dutch."""
    columns = ["source", "file", "column_name", "rule", "rows", "first_line"]
    listed = [
        (
            one.delivery.source,
            one.delivery.file.name,
            _header(one.delivery.source, column),
            DUTCH.get(rule, rule),
            rows,
            line,
        )
        for one in receipts
        for column, rule, rows, line in one.refusals
    ]
    return pd.DataFrame(listed, columns=columns)


def _header(source: str, name: str) -> str:
    """The header under which a supplier delivers our column."""
    headers = {column.name: (column.headers or (column.name,))[0] for column in CONTRACTS[source].columns}
    return headers.get(name, "rij")
