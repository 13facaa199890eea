"""Dutch numbers, dates, periods and the fixed words for every state a figure can be in.

Pure: neither streamlit nor duckdb. One sign for everything hidden: 'afgeschermd'.
"""

import datetime as dt
import re
from typing import Any, Final

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from pandas import notna

from dashboard.sentences import LABEL_WORDS, TREND_WORDS

__all__ = ["LABEL_WORDS", "TREND_WORDS"]

LOCALE: Final = "nl_NL"

STATUS_WORDS: Final = {
    "shown": "getoond",
    "hidden": "afgeschermd",
    "missing": "onbekend",
    "impossible": "komt niet voor",
    "not_delivered": "niet geleverd",
}
STATUS_REASONS: Final = {
    "hidden": "Afgeschermd: met dit cijfer erbij kan iemand iets over één jongere te weten komen.",
    "missing": "Onbekend: de bron geeft hier geen bruikbaar cijfer.",
    "impossible": "Komt niet voor: er is hier niemand of niets om te tellen.",
    "not_delivered": "Niet geleverd: de bron heeft voor dit gebied en deze periode niets aangeleverd.",
}
FEW_EVENTS: Final = 50
LEVEL_WORDS: Final = {
    "region": ("regio", "regio's"),
    "municipality": ("gemeente", "gemeenten"),
    "district": ("wijk", "wijken"),
    "neighbourhood": ("buurt", "buurten"),
}
COUNT_WORDS: Final = {
    "persons": "personen",
    "families": "gezinnen",
    "groups": "groepen",
    "incidents": "gebeurtenissen",
    "inhabitants": "inwoners",
    "published": "een getal van het CBS over het gebied",
    "projects": "projecten",
    "rounded": "personen, afgerond door de bron",
}
PLACE_WORDS: Final = {
    "home": "waar iemand woont",
    "offence": "waar het gebeurde",
    "school": "waar de school staat",
    "place": "waar het is of gebeurde",
}
THEME_WORDS: Final = {
    "police": "Politie",
    "nuisance": "Overlast",
    "halt": "Halt",
    "school": "School",
    "care": "Jeugdzorg",
    "connected": "Keten en samenhang",
    "networks": "Netwerken",
    "families": "Gezinnen",
    "approaches": "Groepen en aanpakken",
    "interventions": "Interventies",
    "context": "Bevolking",
}
SPLIT_WORDS: Final = {"age": "leeftijd", "sex": "geslacht", "kind": "soort"}
PERIOD_KIND_WORDS: Final = {
    "year": "jaar", "school_year": "schooljaar", "half_year": "halfjaar", "quarter": "kwartaal", "month": "maand",
}  # fmt: skip


def describe_direction(trend: Any, events: Any) -> str:
    """The sentence for a trend verdict; with many events it is the swings, not the number, that hide a direction."""
    noisy = trend == "too_few" and events is not None and events >= FEW_EVENTS
    return TREND_WORDS.get("too_noisy" if noisy else trend, "")


def is_known(value: Any) -> bool:
    """Whether one value read from the published file is there: not None, NaN or NaT."""
    return bool(notna(value))


def format_number(value: float | None, decimals: int = 0) -> str:
    """A number as the Dutch write it: 12.345,6. Nothing known gives an empty text."""
    if value is None or not is_known(value):
        return ""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=LOCALE))


def format_value(value: float | None, unit: str, decimals: int = 0) -> str:
    """A number with its percent sign; other units stand beside the number, not in it."""
    text = format_number(value, decimals)
    return f"{text}\u00a0%" if text and unit == "%" else text


def format_status(status: str, value: float | None, unit: str, decimals: int = 0) -> str:
    """What stands in a cell: the number when it is shown, else the one word for why not."""
    return format_value(value, unit, decimals) if status == "shown" else STATUS_WORDS[status]


def format_period(period: str) -> str:
    """`2025Q1` as '1e kwartaal 2025', `2025H1` as '1e helft 2025', `2025M01` as 'januari 2025', `2024/25` as
    'schooljaar 2024/25', a year as itself.
    """
    if "/" in period:
        return f"schooljaar {period}"
    if match := re.fullmatch(r"(\d{4})H([12])", period):
        return f"{match[2]}e helft {match[1]}"
    if match := re.fullmatch(r"(\d{4})Q([1-4])", period):
        return f"{match[2]}e kwartaal {match[1]}"
    if match := re.fullmatch(r"(\d{4})M(\d{2})", period):
        return str(babel_date(dt.date(int(match[1]), int(match[2]), 1), "MMMM yyyy", locale=LOCALE))
    return period


def format_tick(period: str) -> str:
    """The shortest readable form, for an axis: '1e kw. 2025', '1e hj. 2025', '2024/25'."""
    if "/" in period:
        return period
    match = re.fullmatch(r"(\d{4})([QH])([1-4])", period)
    return f"{match[3]}e {'kw' if match[2] == 'Q' else 'hj'}. {match[1]}" if match else format_period(period)


def format_date(moment: dt.date | None) -> str:
    """1 maart 2026; nothing known gives 'onbekend'."""
    return str(babel_date(moment, "d MMMM yyyy", locale=LOCALE)) if is_known(moment) else "onbekend"


def join_words(words: list[str]) -> str:
    """'a, b en c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}" if words else ""


def safe_echo(text: str, length: int = 40) -> str:
    """What a stranger typed in a link, stripped to letters, digits and simple signs, so that it can be repeated."""
    kept = re.sub(r"[^\w .,:()'-]|_", "", text).strip()
    return kept[:length] + ("…" if len(kept) > length else "")


def lower_first(text: str) -> str:
    """A title inside a sentence: first letter lower case, except of a name."""
    return text if text.startswith("Halt") else text[:1].lower() + text[1:]


def capitalise(text: str) -> str:
    """First letter upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
