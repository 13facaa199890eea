"""The catalogue: every indicator, one module per theme."""

from pipelines.indicators import context, halt, police
from pipelines.indicators.model import Break, Indicator, Measure

CATALOGUE: tuple[Indicator, ...] = police.INDICATORS + halt.INDICATORS + context.INDICATORS

__all__ = ["CATALOGUE", "Break", "Indicator", "Measure"]
