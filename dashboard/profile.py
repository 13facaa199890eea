"""The words of the page Doelgroep, and the pairs it compares: risk youth beside all youth. Pure frames."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.blocks import Block
from dashboard.format import capitalise
from dashboard.pairs import Pair
from dashboard.rows import Row, list_rows

RISK, ALL = "Risicojeugd", "Alle jeugd"
ORDER: Final = (
    "absence", "long_absence", "early_leaver", "help", "stay", "protection", "probation", "approach",
)  # fmt: skip
MEANING: Final = (
    "Risicojeugd is hier alleen een woord voor jongeren die in het jaar verdacht werden of naar Halt gingen. Risicojeugd telt "
    "ook mee bij alle jeugd."
)
NO_CAUSE: Final = (
    "Een kenmerk is geen oorzaak. Wie hulp krijgt of verzuimt, is ook vaker in beeld, en wie in beeld is, wordt eerder gezien.",
    "Sommige kenmerken volgen juist op contact met politie of Halt, zoals jeugdreclassering of een aanpak.",
    "Een kenmerk voorspelt niets over één kind. Een cijfer over een groep zegt niet wat iemand zal doen.",
    "Wie meer kenmerken heeft, telt bij elk kenmerk: de delen tellen niet op.",
    "Onder de 12 jaar is er geen profiel van risicojeugd: zo weinig kinderen komen met de politie in aanraking dat elk cijfer "
    "naar een kind zou kunnen wijzen. Daarom staat daar alleen alle jeugd.",
)


def pair_kinds(risk: Block, youth: Block, names: Mapping[str, str]) -> list[Pair]:
    """A pair per characteristic, without an age."""
    first, second = _by(risk.figures, "kind"), _by(youth.figures, "kind")
    return [
        Pair(panel="", name=words, first=first.get((kind,)), second=second.get((kind,)))
        for kind, words in names.items()
    ]


def pair_ages(risk: Block, youth: Block, names: Mapping[str, str], labels: Mapping[tuple[str, str], str]) -> list[Pair]:
    """A pair per age and characteristic, the youngest first."""
    first, second = _by(risk.figures, "age", "kind"), _by(youth.figures, "age", "kind")
    ages = sorted({str(row["age"]) for row in [*first.values(), *second.values()]}, key=_first_year)
    return [
        Pair(
            panel=labels.get(("age", age), age),
            name=words,
            first=first.get((age, kind)),
            second=second.get((age, kind)),
        )
        for age in ages
        for kind, words in names.items()
    ]


def _first_year(age: str) -> int:
    return int(age.split("-", maxsplit=1)[0])


def _by(figures: pd.DataFrame, *columns: str) -> dict[tuple[str, ...], Row]:
    return {tuple(str(row[name]) for name in columns): row for row in list_rows(figures)}


def order_traits(names: Mapping[str, str]) -> dict[str, str]:
    """The characteristics from school to care to approach; unknown ones last."""
    places = {kind: place for place, kind in enumerate(ORDER)}
    return dict(sorted(names.items(), key=lambda entry: places.get(entry[0], len(places))))


def name_by(figures: pd.DataFrame, dimension: str, labels: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """The figures with `name` and `heading`: the group in words, in the order of the code list."""
    order = {code: place for place, (name, code) in enumerate(labels) if name == dimension}
    words = [capitalise(labels.get((dimension, code), code)) for code in figures[dimension]]
    named = figures.assign(
        name=words, heading=words, place=[order.get(code, len(order)) for code in figures[dimension]]
    )
    return named.sort_values("place", kind="stable")
