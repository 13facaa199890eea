"""Any figures x areas x periods x groups: what an analyst chose, and the published figures that answer it.

Nothing is added up here: a total stands in the answer only where it is published, so no sum can miss a hidden part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dashboard.choose import View
from dashboard.division import load_series, year_of
from dashboard.figures import Publication, load_indicators
from dashboard.format import LEVEL_WORDS, SPLIT_WORDS, join_words, lower_first
from dashboard.indicator import Indicator
from dashboard.rows import join_figures

MOST_INDICATORS: Final = 6
MOST_FIGURES: Final = 20_000
CROSSED: Final = {"age,kind": "leeftijd en soort", "age,sex": "leeftijd en geslacht", "sex,kind": "geslacht en soort"}
SPLITS: Final = {**SPLIT_WORDS, **CROSSED}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was chosen, in the codes of the published file; `start` and `finish` are years, both included.

    groups  codes as 'age:12-14'; empty keeps all
    totals  also the published totals of a split
    """

    indicators: tuple[str, ...]
    areas: tuple[str, ...]
    period_kind: str
    start: str
    finish: str
    split: str = ""
    groups: tuple[str, ...] = ()
    totals: bool = False


def load_selection(publication: Publication, selection: Selection) -> pd.DataFrame:
    """The published figures of a selection, as `load_figures`, by indicator, area and period."""
    indicators = load_indicators(publication)
    frames = [_load_one(publication, indicators[key], selection) for key in selection.indicators if key in indicators]
    figures = join_figures(frames)
    if figures.empty:
        return figures
    return keep_groups(_keep_years(say_nobody(figures), selection), selection.groups)


def say_nobody(figures: pd.DataFrame) -> pd.DataFrame:
    """A rate over nobody has counts but no value: there is no one to count, and that is what it must say."""
    nobody = figures["status"].eq("shown") & figures["value"].isna()
    return figures.assign(status=figures["status"].mask(nobody, "impossible"))


def _load_one(publication: Publication, indicator: Indicator, selection: Selection) -> pd.DataFrame:
    splits = list_splits(indicator)
    wanted = [selection.split if selection.split in splits else ""]
    if selection.totals and selection.split:
        wanted += ["", *(part for part in selection.split.split(",") if part != selection.split and part in splits)]
    asked = {"areas": selection.areas, "period_kind": selection.period_kind}
    return join_figures([
        load_series(publication, indicator, split=split, **asked)[0]  # type: ignore[arg-type]
        for split in dict.fromkeys(wanted)
    ])  # fmt: skip


def _keep_years(figures: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    years = figures["period"].map(year_of)
    return figures[years.between(int(selection.start), int(selection.finish))].reset_index(drop=True)


def keep_groups(figures: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Only the chosen groups; totals, and figures that are not split by that dimension, stay."""
    for dimension in SPLIT_WORDS:
        codes = [group.split(":", 1)[1] for group in groups if group.startswith(f"{dimension}:")]
        if codes:
            figures = figures[figures[dimension].isin([*codes, "all"])]
    return figures.reset_index(drop=True)


def list_splits(indicator: Indicator) -> tuple[str, ...]:
    """Every split of an indicator at any level: 'age', 'kind', 'age,kind'; '' where it has a total."""
    levels = indicator.periods
    found = [one for level in levels for one in (*indicator.splits.get(level, ()), *indicator.crossings.get(level, ()))]
    return tuple(dict.fromkeys([*([""] if indicator.totals else []), *found]))


def list_groups(figures: pd.DataFrame, labels: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """The groups that occur, as 'age:12-14' -> its words, in the order of the code list; none without a split."""
    found: dict[str, str] = {}
    for dimension in SPLIT_WORDS if len(figures) else ():
        present = set(figures[dimension]) - {"all"}
        known = [code for name, code in labels if name == dimension and code in present]
        for code in [*known, *sorted(present - set(known))]:
            words = labels.get((dimension, code), code)
            found[f"{dimension}:{code}"] = words if words not in found.values() else f"{words} ({code})"
    return found


def describe_absent(view: View, selection: Selection, figures: pd.DataFrame) -> list[str]:
    """In words: which chosen figures do not exist for these areas, or are not split as asked."""
    indicators = load_indicators(view.publication)
    present = set(figures["indicator"]) if len(figures) else set()
    absent = [indicators[key] for key in selection.indicators if key not in present]
    return [_describe_one(one) for one in absent] + _describe_unsplit(
        selection, [indicators[key] for key in selection.indicators if key in present]
    )


def _describe_one(indicator: Indicator) -> str:
    levels = join_words([LEVEL_WORDS[level][1] for level in indicator.periods if level in LEVEL_WORDS])
    only = "" if indicator.totals else " Het is alleen uitgesplitst te zien: kies een uitsplitsing."
    return f"{indicator.title}: voor deze keuze is er geen cijfer. Het is er wel voor {levels}.{only}"


def _describe_unsplit(selection: Selection, indicators: Sequence[Indicator]) -> list[str]:
    if not selection.split:
        return []
    unsplit = [lower_first(one.title) for one in indicators if selection.split not in list_splits(one)]
    words = SPLITS[selection.split]
    return [f"Niet uitgesplitst naar {words}: {join_words(unsplit)}. U ziet daarvan het totaal."] if unsplit else []


def describe_rule(view: View, figures: pd.DataFrame) -> str:
    """The rule of this publication, when something is hidden by it."""
    return f"De regel: {view.publication.build.rule}" if figures["status"].eq("hidden").any() else ""
