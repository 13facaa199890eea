"""Units and age bands that figures may have, and which of them are exactly another one. Registered by hand.

A line in a chart, a comparison with an earlier publication, a sum: all need one unit and one band. What has no exact
mapping here is refused, never converted by guess: 12-18 is not 12-17, and a share of a whole is no rate.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final


class MixedSeries(ValueError):  # noqa: N818 - reads as the sentence it is
    """Figures in units or age bands that cannot be put in one series."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """per: the multiplier of the value; of: what is divided by. Units of the same `of` differ by a factor only."""

    per: float
    of: str


UNITS: Final = {
    "per 1.000 inwoners": Unit(per=1_000, of="inhabitants"),
    "per 10.000 inwoners": Unit(per=10_000, of="inhabitants"),
    "per 1.000 leeftijdgenoten": Unit(per=1_000, of="peers"),
    "per 10.000 leeftijdgenoten": Unit(per=10_000, of="peers"),
    "%": Unit(per=100, of="their own whole"),
    "registraties per verdachte": Unit(per=1, of="suspects"),
    "huishoudens": Unit(per=1, of="nothing: households"),
    "adressen per km²": Unit(per=1, of="an area: addresses"),
    "duizend euro per inwoner": Unit(per=1, of="inhabitants: money"),
    "inwoners": Unit(per=1, of="nothing: inhabitants"),
    "mensen": Unit(per=1, of="nothing: persons"),
    "groepen": Unit(per=1, of="nothing: groups"),
    "interventies": Unit(per=1, of="nothing: interventions"),
    "deelnemers": Unit(per=1, of="nothing: participants"),
}
OPEN_END: Final = 200
BANDS: Final = {
    "all": range(0, OPEN_END),
    "65+": range(65, OPEN_END),
    **{
        f"{first}-{last}": range(first, last + 1)
        for first, last in (
            *((0, 11), (0, 14), (0, 17), (0, 22), (5, 11), (5, 17), (5, 22), (12, 14), (12, 15), (12, 17), (12, 22)),
            *((12, 23), (15, 17), (15, 24), (16, 17), (16, 22), (18, 22), (18, 23), (25, 44), (45, 64)),
        )
    },
}
"""Years of age in each band that a source or an indicator may have."""


def find_factor(unit: str, into: str) -> float:
    """What a value in `unit` must be multiplied by to be in `into`.

    raises  MixedSeries when the units are not registered, or of different things
    """
    if unit == into:
        return 1.0
    if unit not in UNITS or into not in UNITS or UNITS[unit].of != UNITS[into].of:
        raise MixedSeries(f"'{unit}' is not '{into}' by a factor; register the units in analysis/registry.py if it is")
    return UNITS[into].per / UNITS[unit].per


def find_parts(bands: Collection[str], into: str) -> tuple[str, ...]:
    """Which of the bands together are exactly `into`, in order of age: itself, or parts without gap or overlap.

    Parts may be added up for counts of inhabitants; of persons the total is another protected figure.
    raises  MixedSeries when they do not make it
    """
    if into in bands:
        return (into,)
    _require(into, *bands)
    wanted = BANDS[into]
    parts, start = [], wanted.start
    while start < wanted.stop:
        fitting = [one for one in bands if BANDS[one].start == start and BANDS[one].stop <= wanted.stop]
        if not fitting:
            raise MixedSeries(f"age {into} is not made of {', '.join(sorted(bands)) or 'nothing'}")
        parts.append(max(fitting, key=lambda one: BANDS[one].stop))
        start = BANDS[parts[-1]].stop
    return tuple(parts)


def check_measure(unit: str, per: float, bands: Iterable[str]) -> None:
    """Refuse an indicator whose unit or age bands are not registered, or whose multiplier is not that of its unit.

    raises  MixedSeries
    """
    if unit not in UNITS or UNITS[unit].per != per:
        raise MixedSeries(f"unit '{unit}' with multiplier {per:g} is not registered in analysis/registry.py")
    _require(*bands)


def _require(*bands: str) -> None:
    strange = sorted(set(bands) - set(BANDS))
    if strange:
        raise MixedSeries(f"age {', '.join(strange)} is not registered in analysis/registry.py")
