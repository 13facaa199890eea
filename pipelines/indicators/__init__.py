"""The catalogue: every indicator, one module per theme."""

from pipelines.indicators import (
    approaches,
    care,
    connected,
    context,
    families,
    halt,
    halt_course,
    networks,
    open_figures,
    police,
    school,
    suspects,
)
from pipelines.indicators.model import Break, Indicator, Measure

CATALOGUE: tuple[Indicator, ...] = (
    *police.INDICATORS, *halt.INDICATORS, *school.INDICATORS, *care.INDICATORS, *context.INDICATORS,
    *open_figures.INDICATORS,
)  # fmt: skip
CATALOGUE += approaches.INDICATORS
CATALOGUE += suspects.INDICATORS + halt_course.INDICATORS
CATALOGUE += connected.INDICATORS + networks.INDICATORS + families.INDICATORS

__all__ = ["CATALOGUE", "Break", "Indicator", "Measure"]
