"""The whole run, top to bottom: deliveries in, a publication out. Start reading here.

It runs one way. Everything above `protect` is confidential and stays in the work folder; everything below it is made
from figures alone. A run that stops anywhere leaves the last publication as it was.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines import loading
from pipelines.aggregate import aggregate
from pipelines.audit import count_attacked
from pipelines.bridges import find_bridges, rebase
from pipelines.deliveries import Delivery, find_deliveries
from pipelines.describe import describe, describe_indicators
from pipelines.dominance import add_largest, shares_asked
from pipelines.engine import DuckDBEngine
from pipelines.errors import ContractError
from pipelines.geography import Geography, attach_shapes
from pipelines.indicators import CATALOGUE
from pipelines.intake import Receipt
from pipelines.keys import load_key
from pipelines.missing import find_missing
from pipelines.periods import days_of, kind_of
from pipelines.programme import programme_tables
from pipelines.protect import Protected, Rule, protect, save_proof, save_release
from pipelines.publish import Evidence, Publication, publish
from pipelines.purposes import allowed
from pipelines.releases import Earlier, find_earlier
from pipelines.revisions import find_previous, list_revisions
from pipelines.rule import in_tens, rule_sentence
from pipelines.settings import REFERENCE, ROOT, Region, Settings, find_region
from pipelines.signals import find_signals
from pipelines.sources import CONTRACTS
from pipelines.sources.words import DUTCH
from pipelines.trace import trace_tables

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
    catalogue = allowed(in_tens(CATALOGUE) if settings.rounded else CATALOGUE, settings.purposes)
    if not catalogue:
        raise ContractError("purposes: no indicator has an allowed purpose\nAllow at least one in the settings")
    deliveries = find_deliveries(settings.deliveries)
    with DuckDBEngine(settings.work / "rows.duckdb") as engine:
        tell("check and load deliveries")
        loaded = loading.load(
            deliveries,
            engine,
            region,
            key=load_key(settings.work),
            refused_max=settings.refused_max,
            tell=tell,
            threshold=settings.threshold,
        )
        tell("connect tables")
        loading.connect(engine)
        tell("count")
        cells = add_largest(engine, aggregate(engine, catalogue), catalogue, settings.dominance)
        areas = engine.fetch("select * from core.area order by year, code")
        tell("follow areas over the years")
        bridges = find_bridges(engine, loaded.shapes.exact if loaded.shapes else None)
        told = (
            programme_tables(engine, CATALOGUE) | trace_tables(catalogue) | {"missing_delivery": find_missing(engine)}
        )
    if areas.empty:
        raise ContractError("deliveries: nothing to count was delivered: no population, incidents or persons")
    geography = attach_shapes(areas.drop(columns="origin"), loaded.shapes, loading.label_points())
    tell("protect")
    made = _describe_build(settings, region, loaded.receipts)
    kept = settings.work / "releases"
    earlier = find_earlier(
        settings.published,
        made["id"],
        region=region.code,
        synthetic=made["synthetic"],
        kept=kept,
        rounding=made["rounding"],
    )
    measures = _measures(settings)
    rule = Rule(
        threshold=settings.threshold, insiders=settings.insiders, zeros_known=settings.zeros_known is not None,
        rounded=settings.rounded,
    )  # fmt: skip
    division = areas[areas["origin"] == "division"]
    protected = protect(cells, measures, division, rule, earlier.releases)
    save_proof(protected.proof, settings.work / "proof")
    save_release(protected.release, kept / made["id"])
    tell("describe")
    figures = describe(protected.figures, catalogue, region.code, bridges.breaks, settings.sizes)
    told |= {"area_link": bridges.links, "bridge": bridges.bridge, "area_break": bridges.breaks}
    told |= {"rebased": rebase(figures, bridges, catalogue), "held": protected.held}
    tell("look for signals")
    signals = find_signals(figures, catalogue, geography.areas)
    told |= {"signal": signals.signals, "signal_scope": signals.scope}
    tell("check again and publish")
    publication = _publication(
        settings, made | {"history": earlier.ids}, loaded.receipts, figures, measures, geography, told
    )
    evidence = _evidence(cells, protected, measures, division, earlier, settings)
    file = publish(publication, evidence, settings.published)
    return Built(file=file, receipts=loaded.receipts, counts=_count_states(protected))


def _measures(settings: Settings) -> pd.DataFrame:
    """The indicators as published text, each with its own threshold.

    raises  ContractError when a stricter threshold is for no source and no indicator
    """
    names = {one.id for one in CATALOGUE} | set(CONTRACTS)
    unknown = sorted(set(settings.stricter) - names)
    if unknown:
        raise ContractError(f"stricter: {', '.join(unknown)} is no source and no indicator\nMend the settings")
    thresholds = [settings.threshold_of(one.id, one.sources) for one in CATALOGUE]
    catalogue = in_tens(CATALOGUE) if settings.rounded else CATALOGUE
    return describe_indicators(catalogue, settings.purposes).assign(
        threshold=thresholds, dominance=shares_asked(CATALOGUE, settings.dominance)
    )


def _evidence(
    cells: pd.DataFrame,
    protected: Protected,
    measures: pd.DataFrame,
    division: pd.DataFrame,
    earlier: Earlier,
    settings: Settings,
) -> Evidence:
    return Evidence(
        counted=cells, cells=protected.cells, proof=protected.proof, measures=measures, areas=division,
        threshold=settings.threshold, past=earlier.past,
        insiders=settings.insiders, zeros_known=settings.zeros_known is not None, rounded=settings.rounded,
    )  # fmt: skip


def _count_states(protected: Protected) -> dict[str, int]:
    return {str(state): int(count) for state, count in protected.figures["status"].value_counts().items()}


def _describe_build(settings: Settings, region: Region, receipts: list[Receipt]) -> dict[str, Any]:
    return {
        "id": make_build_id(settings, [one.delivery for one in receipts]),
        "made_on": datetime.now(UTC).replace(tzinfo=None, microsecond=0), "version": version("jeugdbeeld"),
        "rule": rule_sentence(settings), "threshold": settings.threshold, "region": region.code,
        "zeros_known": settings.zeros_known.reason if settings.zeros_known else None, "rounding": 10 if settings.rounded else 1,
        "region_name": region.name, "synthetic": any(one.synthetic for one in receipts),
        **{f"{name}_from": least for name, least in asdict(settings.sizes).items()},
    }  # fmt: skip


def _publication(
    settings: Settings,
    made: dict[str, Any],
    receipts: list[Receipt],
    figures: pd.DataFrame,
    measures: pd.DataFrame,
    geography: Geography,
    told: dict[str, pd.DataFrame],
) -> Publication:
    tables = {
        "figure": figures,
        "indicator": measures,
        "area": geography.areas,
        "period": _periods(figures),
        "source": _sources(receipts),
        "refusal": _refusals(receipts),
        "area_problem": geography.problems,
        "code_label": _labels(geography.areas),
        "build": pd.DataFrame([made]),
        "audit": count_attacked(figures, measures, rounded=settings.rounded),
        **told,
    }
    tables["revision"] = list_revisions(
        figures, measures, tables["source"], previous=find_previous(settings.published), made=made
    )
    return Publication(build_id=made["id"], tables=tables)


def _labels(areas: pd.DataFrame) -> pd.DataFrame:
    """The labels of data/reference, and the region's municipalities: in a table of homes the kind is a municipality."""
    listed = pd.read_csv(REFERENCE / "labels.csv")
    towns = areas[areas["level"] == "municipality"].sort_values(["code", "year"]).drop_duplicates("code", keep="last")
    position = range(120, 120 + len(towns))
    named = pd.DataFrame({"dimension": "kind", "code": towns["code"], "label": towns["name"], "position": position})
    return pd.concat([listed, named], ignore_index=True)


def make_build_id(settings: Settings, deliveries: Sequence[Delivery]) -> str:
    """Same used deliveries, same code, same choices: same id; the order of delivery plays no part."""
    parts = sorted({_identity(one) for one in deliveries if one.state == "used"})
    parts += [
        settings.region,
        settings.region_name,
        str(settings.threshold),
        *sorted(f"{name} {one.threshold}" for name, one in settings.stricter.items()),
        str(settings.insiders),
        str(settings.zeros_known is not None),
        settings.rule,
        *sorted(f"{name} {one.by} {one.share}" for name, one in settings.dominance.items()),
        str(settings.refused_max),
        *(str(least) for least in asdict(settings.sizes).values()),
        *settings.purposes,
        code_digest(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _identity(one: Delivery) -> str:
    """A delivery by its content; its date counts only where rows take their year from it."""
    year = one.year or one.delivered_on.year if loading.EXTRA.get(one.source) == "year" else ""
    return f"{one.source} {one.file.name} {year} {one.sha256}"


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
    names = sorted(figures["period"].unique())
    days = [days_of(name) for name in names]
    return pd.DataFrame({
        "id": names, "kind": [kind_of(name) for name in names],
        "start": [start for start, _ in days], "finish": [finish for _, finish in days],
    })  # fmt: skip


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
