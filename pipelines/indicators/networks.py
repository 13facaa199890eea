"""Networks (project 4): where young people live, offend and go to school, and how they hang together; never who.

The table of one municipality by another is a split by kind: the kind is the other municipality, and the own one is
what is left. Only one direction is published: the other is the same table read the other way round.
"""

from typing import Any

from pipelines.indicators.connected import ONLY_KNOWN
from pipelines.indicators.model import MUNICIPALITIES, POLICE_LAW, Holder, Indicator, Links, Measure, Splits
from pipelines.indicators.police import REGISTERED
from pipelines.indicators.school import LAW as SCHOOL_LAW

SIZES = ("size_2", "size_3")
_PLACES = ("region", "municipality")
_TOTALS: Splits = dict.fromkeys(_PLACES, ((),))
_YEARS: dict[str, tuple[str, ...]] = dict.fromkeys(_PLACES, ("year",))
_YOUNG = "age between 12 and 22"


def _usual(**changes: Any) -> Indicator:
    usual: dict[str, Any] = {
        "unit": "%", "per": 100, "decimals": 0, "counts": "persons", "geography": "home", "age": "12-22", "theme": "networks",
        "splits": _TOTALS, "periods": _YEARS, "legal_basis": POLICE_LAW, "sources": ("police_suspects",),
        "programmes": ("twente-4", "ijmond-group", "ijmond"),
    }  # fmt: skip
    return Indicator(**(usual | changes))


def _persons(words: str, table: str, set: str, where: str) -> Measure:
    return Measure(words=words, table=table, count="persons", set=set, where=where)


INDICATORS = (
    _usual(
        id="suspects_supra_local",
        title="Verdachten die ook elders verdacht zijn",
        definition="Van de verdachten van 12 tot en met 22 jaar die hier wonen: het deel dat in het jaar minstens één keer verdacht is van een "
        "delict in een andere gemeente. Die gemeente kan in de regio liggen of erbuiten.",
        numerator=_persons("verdachten met een delict in een andere gemeente", "core.network", "suspects.supra_local",
                           f"{_YOUNG} and supra_local = 1"),
        denominator=_persons("unieke verdachten", "core.network", "suspects", _YOUNG),
        caveats=("Delicten waarvan de plaats niet bekend is, tellen als delict in de eigen gemeente.", REGISTERED),
    ),
    _usual(
        id="suspects_home_elsewhere",
        title="Waar verdachten van elders wonen",
        definition="Van de verdachten van 12 tot en met 22 jaar van een delict in deze gemeente: het deel dat in een andere gemeente woont, naar "
        "woongemeente. Gemeenten buiten de regio staan bij elkaar.",
        numerator=_persons("verdachten die in die gemeente wonen", "core.suspect_place", "suspects_here.from_elsewhere",
                           f"{_YOUNG} and from_elsewhere = 1"),
        denominator=_persons("verdachten van een misdrijf in deze gemeente", "core.suspect_place", "suspects_here", _YOUNG),
        geography="offence",
        kinds=MUNICIPALITIES,
        columns={"kind": "kind"},
        links=Links(whole=True, adds_up=True, holders=(Holder(set="suspects.supra_local", kind="all", area="kind"),)),
        splits=dict.fromkeys(_PLACES, ((), ("kind",))),
        caveats=("Verdachten zonder bekend woonadres tellen niet mee.", REGISTERED,
                 "Voor de regio telt wie in minstens één andere gemeente dan de eigen gemeente verdacht is."),
    ),
    _usual(
        id="absence_home_elsewhere",
        title="Waar verzuimende leerlingen van elders wonen",
        definition="Van de leerlingen van 5 tot en met 17 jaar met een verzuimmelding van een school in deze gemeente: het deel dat in een andere "
        "gemeente woont, naar woongemeente. Gemeenten buiten de regio staan bij elkaar.",
        numerator=_persons("leerlingen die in die gemeente wonen", "core.absence_home", "absence_here.from_elsewhere",
                           "age between 5 and 17 and from_elsewhere = 1"),
        denominator=_persons("leerlingen met een verzuimmelding van een school hier", "core.absence_home", "absence_here",
                             "age between 5 and 17"),
        geography="school",
        age="5-17",
        kinds=MUNICIPALITIES,
        columns={"kind": "kind"},
        links=Links(whole=True, adds_up=True),
        splits=dict.fromkeys(_PLACES, ((), ("kind",))),
        periods=dict.fromkeys(_PLACES, ("school_year",)),
        sources=("school_absence",),
        legal_basis=SCHOOL_LAW,
        caveats=("Een leerling van scholen in twee gemeenten telt in beide.", "Wie niet is gemeld, is hier niet te zien: dit zijn niet alle leerlingen."),
        programmes=("twente-4", "twente-5", "ijmond"),
    ),
    _usual(
        id="suspects_school_elsewhere",
        title="Verdachten die elders naar school gaan",
        definition="Van de verdachten van 12 tot en met 22 jaar van wie de school bekend is uit een verzuimmelding in hetzelfde jaar: het deel met "
        "een school in een andere gemeente dan de woongemeente, in de regio of daarbuiten. Alleen voor de hele regio.",
        numerator=_persons("verdachten met een school in een andere gemeente", "core.network", "suspects.school_known.elsewhere",
                           f"{_YOUNG} and school_elsewhere = 1"),
        denominator=_persons("verdachten van wie de school bekend is", "core.network", "suspects.school_known", f"{_YOUNG} and school_known = 1"),
        kinds=("in_region", "elsewhere"),
        columns={"kind": "kind"},
        links=Links(whole=True, adds_up=True),
        splits={"region": ((), ("kind",))},
        periods={"region": ("year",)},
        sources=("police_suspects", "school_absence"),
        caveats=("Alleen van verdachten met een verzuimmelding is de school bekend: zij kunnen anders zijn dan de andere verdachten.", ONLY_KNOWN),
        programmes=("twente-4", "twente-5", "ijmond-group"),
    ),
    _usual(
        id="suspect_networks",
        title="Verdachten die samen een netwerk vormen",
        definition="Van de verdachten van 12 tot en met 22 jaar: het deel dat door gezamenlijke delicten in het jaar met anderen is verbonden, "
        "rechtstreeks of via anderen, naar de grootte van die groep. Alleen voor de hele regio.",
        numerator=_persons("verdachten in een groep van deze grootte", "core.suspect_linked", "suspects.in_group.linked", _YOUNG),
        denominator=_persons("unieke verdachten", "core.suspect_year", "suspects", _YOUNG),
        kinds=SIZES,
        columns={"kind": "kind"},
        links=Links(whole=True, adds_up=True),
        splits={"region": ((), ("kind",))},
        periods={"region": ("year",)},
        caveats=("Hetzelfde delict herkennen wij aan dag, buurt en soort: soms is dat toeval.", "Een netwerk is geen jeugdgroep en geen "
                 "criminele organisatie.", REGISTERED),
        programmes=("twente-3", "twente-4", "ijmond-group", "bh-group"),
    ),
)  # fmt: skip
