"""What the screen knows of an indicator: its words and where it may be split. Read once from the published file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.format import is_known


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One entry of the published catalogue. `per` and `decimals` belong to `unit`; words are Dutch.

    totals     levels at which there is a figure that is not split
    crossings  per level the splits by two dimensions at once, as 'age,kind'
    rounding   what the source rounded its counts to; 1 is not rounded
    """

    id: str
    title: str
    definition: str
    numerator: str
    denominator: str
    unit: str
    per: float
    decimals: int
    counts: str
    geography: str
    polarity: str
    theme: str
    purpose: str
    legal_basis: str
    sources: tuple[str, ...]
    caveats: tuple[str, ...]
    programmes: tuple[str, ...]
    breaks: tuple[tuple[str, str], ...]
    splits: Mapping[str, tuple[str, ...]]
    totals: tuple[str, ...]
    periods: Mapping[str, tuple[str, ...]]
    age: str
    crossings: Mapping[str, tuple[str, ...]]
    rounding: int = 1

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def is_stock(self) -> bool:
        """Whether it is a plain number of an area (inhabitants, income): no chance in it, and no level to be held against."""
        return self.counts in {"inhabitants", "published"}

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, in per cent."""
        return self.unit == "%" and self.counts != "published"

    def at_level(self, level: str) -> bool:
        """Whether there are figures of this indicator for areas of that level."""
        return level in self.periods


def read_indicator(row: Mapping[str, Any], titles: Mapping[str, str] | None = None) -> Indicator:
    """One published row as an indicator; absent optional columns become empty.

    titles  of programmes and their parts, by code; a code without one stays as it is
    """
    named = titles or {}
    words = {name: _text(row, name) for name in WORDS}
    splits = json.loads(_text(row, "splits") or "{}")
    return Indicator(
        **words,
        per=float(row["per"]),
        decimals=int(row["decimals"]),
        rounding=int(row.get("rounding") or 1),
        sources=_parts(_text(row, "sources"), ","),
        caveats=_parts(_text(row, "caveats"), "\n"),
        programmes=tuple(named.get(code, code) for code in _parts(_text(row, "programmes"), ",")),
        breaks=tuple((str(period), str(text).rstrip(".")) for period, text in json.loads(_text(row, "breaks") or "[]")),
        splits=_split_dimensions(splits),
        totals=tuple(level for level, sets in splits.items() if [] in sets),
        crossings={level: tuple(",".join(one) for one in sets if len(one) == 2) for level, sets in splits.items()},
        periods={level: tuple(kinds) for level, kinds in json.loads(_text(row, "periods") or "{}").items()},
    )


WORDS = (
    *("id", "title", "definition", "numerator", "denominator", "unit", "counts", "geography", "polarity", "theme"),
    *("purpose", "legal_basis", "age"),
)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value) if is_known(value) else ""


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _split_dimensions(splits: Mapping[str, list[list[str]]]) -> dict[str, tuple[str, ...]]:
    """Only splits by a single dimension can be chosen on the screen."""
    return {level: tuple(split[0] for split in sets if len(split) == 1) for level, sets in splits.items()}
