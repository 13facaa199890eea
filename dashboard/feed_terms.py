"""What the feed can be asked and what it answers with: its columns, its filters, and reading a question strictly.

An unknown word in a question is refused in words, never passed over: a filter that is not understood would hand out
more, or something else, than was asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import quoteattr

from dashboard.bulk import FILTERS
from dashboard.format import join_words, safe_echo

SETS: Final[Mapping[str, Mapping[str, str]]] = {
    "figures": {
        "receipt": "String", "indicator": "String", "title": "String", "area": "String", "area_name": "String",
        "level": "String", "period": "String", "age": "String", "sex": "String", "kind": "String", "value": "Double",
        "unit": "String", "low": "Double", "high": "Double", "numerator": "Double", "denominator": "Double",
        "status": "String", "status_words": "String", "provisional": "Boolean", "publication": "String",
    },
    "indicators": {
        "indicator": "String", "title": "String", "definition": "String", "numerator": "String", "denominator": "String",
        "unit": "String", "counts": "String", "geography": "String", "theme": "String", "sources": "String",
        "caveats": "String",
    },
    "areas": {"area": "String", "name": "String", "level": "String", "parent": "String"},
    "groups": {"dimension": "String", "code": "String", "label": "String"},
    "publications": {
        "publication": "String", "made_on": "String", "version": "String", "region": "String", "rule": "String",
        "synthetic": "Boolean",
    },
}  # fmt: skip
KEYS: Final = {
    "figures": ("receipt",), "indicators": ("indicator",), "areas": ("area",), "groups": ("dimension", "code"),
    "publications": ("publication",),
}  # fmt: skip
OPTIONS: Final = ("$top", "$skip", "$select", "$filter", "$count", "$format", "publication")
PAGE_SIZE: Final = 1_000
MOST_ROWS: Final = 5_000
MOST_VALUES: Final = 300
CLAUSE: Final = re.compile(r"\s*\(?\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*\)?\s*")


class QuestionError(Exception):
    """The question cannot be answered as it stands; the message says what to change."""


class MovedOnError(Exception):
    """The publication that was asked for is not the one of now."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was asked of one set. `asked` holds the values to keep per filter; absent keeps all.

    paged  nobody said how many rows: the answer comes in pages, each with the address of the next
    """

    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    top: int = PAGE_SIZE
    skip: int = 0
    select: tuple[str, ...] = ()
    count: bool = False
    kind: str = "json"
    paged: bool = False


def read_question(
    name: str, pairs: Sequence[tuple[str, str]], known: Mapping[str, set[str]], *, publication: str, kind: str
) -> Question:
    """A question from the words of an address.

    pairs    names and values in order, repeated names allowed
    known    which values occur, per filter
    raises   QuestionError, MovedOnError
    """
    filters = FILTERS if name == "figures" else ()
    _refuse_strangers(pairs, (*filters, *OPTIONS))
    words = dict(pairs)
    if (asked_for := words.get("publication", publication)) != publication:
        raise MovedOnError(f"Er is een andere publicatie dan {safe_echo(asked_for)}: {publication}. Begin opnieuw.")
    asked = _read_filters(filters, pairs, words.get("$filter", ""))
    for filter_name, values in asked.items():
        _check_values(filter_name, values, known.get(filter_name, set()))
    answer = _read_kind(words.get("$format", kind))
    return Question(
        asked=asked,
        paged="$top" not in words,
        top=_read_number(words, "$top", MOST_ROWS if answer == "csv" else PAGE_SIZE, MOST_ROWS),
        skip=_read_number(words, "$skip", 0, 10_000_000),
        select=_read_select(name, words.get("$select", "")),
        count=_read_flag(words.get("$count", "false")),
        kind=answer,
    )


def _refuse_strangers(pairs: Sequence[tuple[str, str]], known: Sequence[str]) -> None:
    strange = sorted({name for name, _ in pairs if name not in known})
    if strange:
        echo = safe_echo(strange[0].replace("$", "")) or "(leeg)"
        raise QuestionError(f"Onbekende parameter: {echo}. Bekend zijn: {join_words(list(known))}.")
    twice = [name for name in OPTIONS if sum(one == name for one, _ in pairs) > 1]
    if twice:
        raise QuestionError(f"{twice[0]} mag maar één keer voorkomen.")


def _read_filters(filters: Sequence[str], pairs: Sequence[tuple[str, str]], text: str) -> dict[str, tuple[str, ...]]:
    asked: dict[str, tuple[str, ...]] = {}
    for name in filters:
        values = [part for key, value in pairs if key == name for part in value.split(",")]
        if values:
            asked[name] = tuple(dict.fromkeys(values))
    for name, value in _read_clauses(text):
        if name not in filters:
            raise QuestionError(f"In $filter kan {safe_echo(name)} niet. Het kan met: {join_words(list(filters))}.")
        asked[name] = tuple(one for one in asked.get(name, (value,)) if one == value)
    return asked


def _read_clauses(text: str) -> list[tuple[str, str]]:
    """`indicator eq 'crimes' and area eq 'GM0453'` as pairs; nothing else is understood."""
    found, place = list[tuple[str, str]](), 0
    while place < len(text):
        match = CLAUSE.match(text, place)
        if match is None:
            raise QuestionError("$filter begrijpt alleen: naam eq 'waarde', met 'and' ertussen.")
        found.append((match[1], match[2].replace("''", "'")))
        place = match.end()
        if place < len(text) and not text.startswith("and ", place):
            raise QuestionError("$filter begrijpt alleen: naam eq 'waarde', met 'and' ertussen.")
        place += 4 if place < len(text) else 0
    return found


def _check_values(name: str, values: Sequence[str], known: set[str]) -> None:
    if len(values) > MOST_VALUES:
        raise QuestionError(f"{name}: hoogstens {MOST_VALUES} waarden in één vraag.")
    strange = [value for value in values if value not in known]
    if strange:
        raise QuestionError(f"Onbekende waarde voor {name}: {safe_echo(strange[0]) or '(leeg)'}.")


def _read_number(words: Mapping[str, str], name: str, standard: int, most: int) -> int:
    text = words.get(name, str(standard))
    if not re.fullmatch(r"[0-9]{1,8}", text) or int(text) > most:
        raise QuestionError(f"{name} moet een heel getal zijn van 0 tot en met {most}.")
    return int(text)


def _read_select(name: str, text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(",")) if text else ()
    strange = [part for part in chosen if part not in SETS[name]]
    if strange:
        raise QuestionError(f"Onbekende kolom in $select: {safe_echo(strange[0]) or '(leeg)'}.")
    return chosen


def _read_flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise QuestionError("$count is true of false.")
    return text == "true"


def _read_kind(text: str) -> str:
    if text not in ("json", "csv"):
        raise QuestionError("$format is json of csv.")
    return text


def write_metadata() -> str:
    """The sets and their columns as OData's CSDL, for programs that ask for it first."""
    types = "".join(_write_type(name, columns) for name, columns in SETS.items())
    sets = "".join(f'<EntitySet Name="{name}" EntityType="jeugdbeeld.{name}_row"/>' for name in SETS)
    return (
        '<?xml version="1.0" encoding="utf-8"?><edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">'
        '<edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="jeugdbeeld">'
        f'{types}<EntityContainer Name="feed">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    )


def _write_type(name: str, columns: Mapping[str, str]) -> str:
    keys = "".join(f"<PropertyRef Name={quoteattr(key)}/>" for key in KEYS[name])
    fields = "".join(
        f'<Property Name={quoteattr(column)} Type="Edm.{kind}"{" Nullable=" + quoteattr("false") if column in KEYS[name] else ""}/>'
        for column, kind in columns.items()
    )
    return f"<EntityType Name={quoteattr(name + '_row')}><Key>{keys}</Key>{fields}</EntityType>"
