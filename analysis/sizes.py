"""From how many events a figure carries a label, an arrow, a percentage. Apart, so that settings load no statistics."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """From how many events a figure carries more than its rate.

    label       a label, and only what is sure at 99.8 %; the figure is called uncertain
    possibly    a label at 95 % too
    arrow       a direction: this many in the year itself, and on average in the five years before
    percentage  a change in per cent
    """

    label: int = 10
    possibly: int = 20
    arrow: int = 50
    percentage: int = 100


USUAL = Sizes()
