"""What an outsider knows for sure about the sets counted, from the published text of the indicators alone.

Beside the dotted names: which set a share is of, what else holds a set, of which sets the kinds add up, and which
numbers of sets never fall below 0. Written apart from the protector, like all of the audit.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

Bound = dict[str, int]


class Place(NamedTuple):
    """What one count is about; the fields in the order of base_form.KEY."""

    set: str
    area: str
    period: str
    age: str
    sex: str
    kind: str


class Sure(NamedTuple):
    """Read once from the indicators.

    shares   (outer set, inner set, 'same' or 'all' kinds of the outer one)
    holders  (inner set, outer set, its kind, only for this kind, 'same' area or the area that is the 'kind')
    """

    shares: frozenset[tuple[str, str, str]]
    holders: frozenset[tuple[str, str, str, str, str]]
    adding: frozenset[str]
    bounds: tuple[Bound, ...]


def links_of(measures: pd.DataFrame) -> list[dict[str, Any]]:
    """The links of each indicator, in order; empty where it names none."""
    texts: Iterable[object] = measures["links"] if "links" in measures else [None] * len(measures)
    return [json.loads(text) if isinstance(text, str) and text else {} for text in texts]


def read_sure(measures: pd.DataFrame) -> Sure:
    """What these indicators (of persons, families or groups) say for sure."""
    told = list(zip(measures["numerator_set"], measures["denominator_set"], links_of(measures), strict=True))
    bounds = {json.dumps(bound): bound for _, _, links in told for bound in links.get("bounds", [])}
    return Sure(
        shares=frozenset(
            (outer, inner, "all" if links.get("whole") else "same")
            for inner, outer, links in told
            if isinstance(outer, str) and not links.get("ratio")
        ),
        holders=frozenset(
            (one["inner"] or inner, one["set"], one["kind"], one["of"], one["area"])
            for inner, _, links in told
            for one in links.get("holders", [])
        ),
        adding=frozenset(inner for inner, _, links in told if links.get("adds_up")),
        bounds=tuple(bounds.values()),
    )


def holding(inner: Place, known: Mapping[Place, int], sure: Sure) -> dict[Place, bool]:
    """The counts around this one, and whether it is shown as a share of them: the nearest prefix, and all others."""
    found: dict[Place, bool] = {}
    for outer, name, kinds in sure.shares:
        if name == inner.set:
            found[inner._replace(set=outer, kind=inner.kind if kinds == "same" else "all")] = True
    for name, outer, kind, of, area in sure.holders:
        if (
            name == inner.set
            and of in {"", inner.kind}
            and (area == "same" or inner.area[:2] not in {"GM", "WK", "BU"})
        ):
            where = inner.area if area == "same" else inner.kind
            found.setdefault(inner._replace(set=outer, area=where, kind=inner.kind if kind == "same" else kind), False)
    nearest = next((outer for outer in _prefixes(inner) if outer in known), None)
    if nearest is not None:
        found.setdefault(nearest, False)
    return {outer: share for outer, share in found.items() if outer in known and outer != inner}


def _prefixes(inner: Place) -> Iterator[Place]:
    name = inner.set
    while "." in name:
        name = name.rpartition(".")[0]
        yield inner._replace(set=name)
