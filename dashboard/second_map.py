"""The second map beside the first: the same areas with another figure, or the same figure in another year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.choose import View, ask_one
from dashboard.figures import load_indicators, load_years
from dashboard.format import LEVEL_WORDS, capitalise, lower_first

NONE: Final = "geen"
SAME: Final = "Beide kaarten hebben dezelfde kleuren voor dezelfde waarden."
APART: Final = "Elke kaart heeft haar eigen kleuren: dezelfde kleur is niet dezelfde waarde."


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What one map shows: the figures as they were counted, and smoothed when that was asked and can be."""

    view: View
    level: str
    figures: pd.DataFrame
    smoothed: pd.DataFrame | None

    @property
    def drawn(self) -> pd.DataFrame:
        """What is coloured."""
        return self.figures if self.smoothed is None else self.smoothed

    @property
    def caption(self) -> str:
        """'Wijken: verdachten van 12 tot en met 17 jaar in 2025, per 10.000 leeftijdgenoten'."""
        indicator, year = self.view.indicator, self.view.year
        return f"{capitalise(LEVEL_WORDS[self.level][1])}: {lower_first(indicator.title)} in {year}, {indicator.unit}"


def ask_second(view: View, level: str, *, place: st.delta_generator.DeltaGenerator) -> View | None:
    """The view of the second map: another year or another figure that these areas have; None when there is no second."""
    years = {f"jaar-{year}": year for year in load_years(view.publication) if year != view.year}
    others = {
        key: one.title
        for key, one in load_indicators(view.publication).items()
        if key != view.indicator.id and {"year", "school_year"} & set(one.periods.get(level, ()))
    }
    options = {"": NONE, **years, **others}
    chosen = ask_one("Tweede kaart ernaast", "naast", "een kaart die", options, place=place)
    if not chosen:
        return None
    if chosen in years:
        return replace(view, year=years[chosen])
    return replace(view, indicator=load_indicators(view.publication)[chosen])


def find_top(frames: Sequence[pd.DataFrame]) -> float:
    """The highest shown value of all maps, for a scale that they share."""
    shown = [frame.loc[frame["status"] == "shown", "value"] for frame in frames]
    return max((float(values.max()) for values in shown if len(values)), default=0.0)
