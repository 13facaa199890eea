"""What the catalogue says is sure between sets besides their names, read from the published text of the indicators."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(kw_only=True)
class Links:
    """Everything sure between sets.

    shares   (outer, inner): a share of the outer set is shown
    whole    the same, of all kinds of the outer set together
    holders  inner set -> (outer set, its kind, only for this kind, area) of pipelines.indicators.model.Holder
    adds_up  sets of which everybody has one kind
    bounds   set -> number; together never below 0
    """

    shares: set[tuple[str, str]] = field(default_factory=set)
    whole: set[tuple[str, str]] = field(default_factory=set)
    holders: dict[str, set[tuple[str, str, str, str]]] = field(default_factory=dict)
    adds_up: set[str] = field(default_factory=set)
    bounds: list[dict[str, int]] = field(default_factory=list)

    @classmethod
    def read(cls, measures: Iterable[Any]) -> Self:
        """The links of these measures (numerator_set, denominator_set and, when there is one, links)."""
        found = cls()
        for measure in measures:
            found._add(measure, told(measure))
        return found

    def _add(self, measure: Any, links: dict[str, Any]) -> None:
        inner, outer = str(measure.numerator_set), measure.denominator_set
        if isinstance(outer, str) and not links.get("ratio"):
            (self.whole if links.get("whole") else self.shares).add((outer, inner))
        if links.get("adds_up"):
            self.adds_up.add(inner)
        for one in links.get("holders", ()):
            self.holders.setdefault(one["inner"] or inner, set()).add((one["set"], one["kind"], one["of"], one["area"]))
        self.bounds += [bound for bound in links.get("bounds", ()) if bound not in self.bounds]

    def held(self, name: str, kind: str) -> Iterator[tuple[str, str, str, bool]]:
        """(set, kind, area: '' for the same, whether a share of it is shown) of what holds this kind of this set."""
        yield from ((outer, kind, "", True) for outer, inner in sorted(self.shares) if inner == name)
        yield from ((outer, "all", "", True) for outer, inner in sorted(self.whole) if inner == name)
        for outer, at, of, area in sorted(self.holders.get(name, ())):
            if of in ("", kind):
                yield outer, kind if at == "same" else at, kind if area == "kind" else "", False


def told(measure: Any) -> dict[str, Any]:
    """What one measure says of its links; nothing where it says nothing."""
    text = getattr(measure, "links", None)
    found: dict[str, Any] = json.loads(text) if isinstance(text, str) and text else {}
    return found
