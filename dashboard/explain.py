"""What stands under every figure: definition, source, period, what is provisional, why something is hidden, caveats.

Pure words in HTML; the page places them.
"""

from collections.abc import Mapping
from html import escape

import pandas as pd

from dashboard.format import COUNT_WORDS, PLACE_WORDS, STATUS_REASONS, capitalise, format_period, join_words
from dashboard.indicator import Indicator
from dashboard.links import draw_link


def explain(
    indicator: Indicator, figures: pd.DataFrame, *, sources: Mapping[str, str], rule: str, origin: str = ""
) -> str:
    """The block under a chart or table, in HTML; see `list_explanation`.

    origin   address of the page that traces this figure
    """
    lines = list_explanation(indicator, figures, sources=sources, rule=rule)
    body = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in lines)
    return f'<section class="jb-explain" aria-label="Uitleg bij {escape(indicator.title, quote=True)}"><h3>Over dit cijfer</h3><dl>{body}</dl>{draw_origin(origin)}</section>'


def list_explanation(
    indicator: Indicator, figures: pd.DataFrame, *, sources: Mapping[str, str], rule: str
) -> list[tuple[str, str]]:
    """What must be read with a figure: terms with their sentences.

    figures  the rows that are drawn: period, status, provisional, low
    sources  titles of the sources by id
    rule     the protection rule of this publication, in a sentence
    """
    lines = [("Wat is dit", indicator.definition), ("Telt", _describe_count(indicator))]
    lines.append(("Bron", name_sources(indicator, sources)))
    lines.append(("Periode", describe_periods(figures)))
    if other := describe_denominator_years(figures):
        lines.append(("Noemer", other))
    if breaks := _describe_breaks(indicator):
        lines.append(("Breuk", breaks))
    lines += [("Let op", caveat) for caveat in indicator.caveats]
    lines += [("", sentence) for sentence in describe_states(figures, rule)]
    if (figures["low"].notna() & figures["status"].eq("shown")).any():
        lines.append(
            (
                "Marge",
                "Cijfers wisselen ook door toeval. Het werkelijke niveau ligt waarschijnlijk tussen de twee getallen.",
            )
        )
    return _merge(lines)


def draw_origin(address: str, about: str = "", *, words: str = "Waar komt dit cijfer vandaan?") -> str:
    """The link to where a figure comes from: its deliveries, its definition and the SQL; or another link in that place."""
    link = draw_link(address, words, about=about)
    return f'<p class="jb-origin">{link}</p>' if address else ""


def _merge(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One entry per term, its sentences behind each other; sentences without a term belong to 'Niet getoond'."""
    merged: dict[str, list[str]] = {}
    for term, text in lines:
        merged.setdefault(term or "Niet getoond", []).append(text)
    return [(term, " ".join(texts)) for term, texts in merged.items()]


def _describe_count(indicator: Indicator) -> str:
    place = PLACE_WORDS.get(indicator.geography, "")
    counted = (
        f"{capitalise(indicator.numerator)} ({COUNT_WORDS.get(indicator.counts, indicator.counts)}), {indicator.unit}"
    )
    return f"{counted}; geteld naar {place}." if place else f"{counted}."


def name_sources(indicator: Indicator, sources: Mapping[str, str]) -> str:
    """'Halt: verwijzingen en CBS Kerncijfers.'"""
    return join_words([sources.get(key, key) for key in indicator.sources]) + "."


def describe_periods(figures: pd.DataFrame) -> str:
    """First and last period, and which of them are provisional."""
    periods = sorted(figures["period"].unique())
    if not periods:
        return "geen"
    whole = format_period(periods[0])
    if len(periods) > 1:
        whole = f"{whole} tot en met {format_period(periods[-1])}"
    soft = sorted(figures.loc[figures["provisional"].eq(True), "period"].unique())
    if not soft:
        return f"{whole}, definitief."
    if len(soft) == len(periods):
        return f"{whole}, voorlopig (*): dit kan nog iets veranderen."
    return f"{whole}. Voorlopig (*): {join_words([format_period(period) for period in soft])}. Dit kan nog iets veranderen."


def describe_denominator_years(figures: pd.DataFrame) -> str:
    """Which periods are divided by the population of another year, because their own is not there yet."""
    if "denominator_year" not in figures:
        return ""
    known = figures[figures["denominator_year"].notna()]
    other = known[known["denominator_year"].astype(int) != known["period"].str[:4].astype(int)]
    years = [
        f"{format_period(str(period))} is gedeeld door de inwoners van {int(min(rows['denominator_year']))}"
        for period, rows in other.groupby("period")
    ]
    return f"{capitalise(join_words(years))}: van het jaar zelf is geen aantal inwoners geleverd." if years else ""


def _describe_breaks(indicator: Indicator) -> str:
    return " ".join(
        f"{text}. Cijfers van voor en na {start[:4]} zijn niet goed te vergelijken." for start, text in indicator.breaks
    )


def describe_states(figures: pd.DataFrame, rule: str) -> list[str]:
    """Why figures are not shown, one sentence for each reason that occurs; the rule itself when something is hidden."""
    present = [status for status in STATUS_REASONS if figures["status"].eq(status).any()]
    sentences = [STATUS_REASONS[status] for status in present]
    if "hidden" in present:
        sentences.append(f"De regel: {rule}")
    return sentences


def describe_soft(figures: pd.DataFrame) -> str:
    """What the star means, when there is one."""
    soft = "provisional" in figures and bool((figures["provisional"].eq(True) & figures["status"].eq("shown")).any())
    return "* Voorlopig: dit cijfer kan nog iets veranderen." if soft else ""
