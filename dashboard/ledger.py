"""The words and tables of 'Cijfers en bronnen'. Pure HTML; never a value of a refused row."""

from collections.abc import Mapping
from html import escape
from typing import Final

import pandas as pd

from dashboard.figures import Build
from dashboard.format import (
    COUNT_WORDS,
    LEVEL_WORDS,
    PERIOD_KIND_WORDS,
    PLACE_WORDS,
    SPLIT_WORDS,
    THEME_WORDS,
    capitalise,
    format_date,
    is_known,
    join_words,
)
from dashboard.indicator import Indicator
from dashboard.tables import draw_frame

POLARITY_WORDS: Final = {
    "no_judgement": "Geen oordeel: hoger is niet beter of slechter.",
    "low_is_good": "Lager is beter.",
    "high_is_good": "Hoger is beter.",
}
STATE_WORDS: Final = {"used": "gebruikt", "superseded": "vervangen door een latere levering"}


def draw_definition(indicator: Indicator, sources: Mapping[str, str]) -> str:
    """All fields of one indicator, folded behind its title."""
    fields = {
        "Definitie": indicator.definition,
        "Teller": indicator.numerator,
        "Noemer": indicator.denominator or "geen",
        "Eenheid": indicator.unit,
        "Leeftijd": "alle leeftijden"
        if indicator.age == "all"
        else f"{indicator.age.replace('-', ' tot en met ')} jaar",
        "Telt": COUNT_WORDS.get(indicator.counts, indicator.counts),
        "Geteld naar": PLACE_WORDS.get(indicator.geography, indicator.geography),
        "Gebieden en perioden": _describe_periods(indicator),
        "Uit te splitsen naar": _describe_splits(indicator),
        "Bronnen": join_words([sources.get(key, key) for key in indicator.sources]),
        "Hoger of lager": POLARITY_WORDS.get(indicator.polarity, indicator.polarity),
        "Breuken": " ".join(f"{start}: {text}." for start, text in indicator.breaks) or "geen",
        "Let op": " ".join(indicator.caveats) or "geen bijzonderheden",
        "Onderwerp": THEME_WORDS.get(indicator.theme, indicator.theme),
        "Doel": indicator.purpose,
        "Grondslag": indicator.legal_basis,
        "Programma's": join_words(list(indicator.programmes)) or "geen",
    }
    return f"<details class='jb-fold'><summary>{escape(indicator.title)}</summary>{_draw_pairs(fields)}</details>"


def _draw_pairs(fields: Mapping[str, str]) -> str:
    pairs = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(text)}</dd></div>" for term, text in fields.items())
    return f'<dl class="jb-pairs">{pairs}</dl>'


def _describe_periods(indicator: Indicator) -> str:
    parts = [
        f"{LEVEL_WORDS[level][0]} per {join_words([PERIOD_KIND_WORDS[kind] for kind in kinds])}"
        for level, kinds in indicator.periods.items()
        if level in LEVEL_WORDS
    ]
    return capitalise("; ".join(parts))


def _describe_splits(indicator: Indicator) -> str:
    names = list(dict.fromkeys(SPLIT_WORDS[name] for names in indicator.splits.values() for name in names))
    return join_words(names) or "niet"


def draw_protection(build: Build) -> str:
    """The rule in plain words."""
    top = build.threshold - 1
    sentences = (
        build.rule,
        f"Gaat een cijfer over 1 tot en met {top} personen, dan staat er 'afgeschermd'.",
        "Soms is ook een groter getal of een nul afgeschermd. Anders is een klein getal uit te rekenen, bijvoorbeeld als totaal min de rest.",
        "Aan het woord 'afgeschermd' is dus niet te zien of een getal klein of groot is.",
        "Is een getal afgeschermd, dan is ook alles afgeschermd wat ermee is berekend: het tarief, de marge, de kleur op de kaart en de lijn.",
        "Cijfers over gebeurtenissen, zoals misdrijven, gaan niet over personen. Die worden getoond zoals de politie ze publiceert.",
        "Namen, adressen en burgerservicenummers komen nooit in dit programma.",
    )
    return "".join(f"<p class='jb-text'>{escape(sentence)}</p>" for sentence in sentences)


def draw_deliveries(deliveries: pd.DataFrame, sources: Mapping[str, str]) -> str:
    """Per source what came in and what became of it, in one table; every file folded behind the name of its source."""
    if deliveries.empty:
        return "<p>Er zijn geen leveringen.</p>"
    used = deliveries[deliveries["state"] == "used"]
    counts = used.groupby("id", sort=True)[list(ROW_COUNTS)].sum().reset_index()
    last = used.groupby("id")["delivered_on"].max()
    files = used.groupby("id").size()
    ready = counts.assign(
        title=[sources.get(key, key) for key in counts["id"]],
        files=[int(files[key]) for key in counts["id"]],
        last=[format_date(last[key]) for key in counts["id"]],
    )
    titles = {"title": "Bron", "files": "Bestanden", **ROW_COUNTS, "last": "Laatst geleverd"}
    table = draw_frame(ready, titles, numbers=("files", *ROW_COUNTS), caption="Leveringen die zijn gebruikt, per bron")
    return table + "".join(_draw_files(sources.get(str(key), str(key)), rows) for key, rows in deliveries.groupby("id"))


ROW_COUNTS: Final = {"rows_in": "Rijen", "rows_accepted": "Aanvaard", "rows_refused": "Geweigerd"}


def _draw_files(source: str, deliveries: pd.DataFrame) -> str:
    ready = deliveries.assign(
        delivered_on=[format_date(day) for day in deliveries["delivered_on"]],
        state=[STATE_WORDS.get(state, state) for state in deliveries["state"]],
        file=[_breakable(name) for name in deliveries["file"]],
    )
    titles = {"file": "Bestand", "period": "Periode", "delivered_on": "Geleverd op", **ROW_COUNTS}
    titles |= {"state": "Stand", "note": "Opmerking"}
    table = draw_frame(ready, titles, numbers=tuple(ROW_COUNTS), caption=f"Bestanden van {source}")
    return f"<details class='jb-fold'><summary>Bestanden: {escape(source)}</summary>{table}</details>"


def _breakable(file: object) -> str:
    """A file name that may break at its underscores."""
    return str(file).replace("_", "_\u200b")


def draw_refusals(refusals: pd.DataFrame, sources: Mapping[str, str]) -> str:
    """Refused rows by rule and column, with where to look first; never what stood in them."""
    if refusals.empty:
        return "<p>Er zijn geen rijen geweigerd.</p>"
    groups = refusals.groupby(["source", "column_name", "rule"], sort=True)
    ready = groups.agg(
        rows=("rows", "sum"), files=("file", "nunique"), file=("file", "first"), line=("first_line", "first")
    )
    ready = ready.reset_index()
    ready = ready.assign(
        source=[sources.get(key, key) for key in ready["source"]],
        first=[_describe_first(file, line) for file, line in zip(ready["file"], ready["line"], strict=True)],
    )
    titles = {"source": "Bron", "column_name": "Kolom", "rule": "Regel", "rows": "Rijen", "files": "Bestanden"}
    titles |= {"first": "Eerste keer"}
    return draw_frame(ready, titles, numbers=("rows", "files"), caption="Geweigerde rijen: welke regel en hoe vaak")


def _describe_first(file: object, line: object) -> str:
    return f"{_breakable(file)}, regel {line}" if is_known(line) else _breakable(file)


def draw_problems(problems: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Missing and mended boundaries."""
    if problems.empty:
        return "<p>Alle gebieden hebben een grens.</p>"
    ready = problems.assign(
        name=[names.get(code, code) for code in problems["code"]], year=[str(year) for year in problems["year"]]
    )
    return draw_frame(
        ready,
        {"name": "Gebied", "code": "Code", "year": "Jaar", "problem": "Wat is er"},
        caption="Problemen met grenzen",
    )


def draw_build(build: Build) -> str:
    """The facts of this publication."""
    return _draw_pairs(
        {
            "Publicatie": build.id,
            "Gemaakt op": format_date(build.made_on),
            "Versie": build.version,
            "Regio": build.region_name,
            "Soort cijfers": "verzonnen voorbeeldcijfers" if build.synthetic else "cijfers uit leveringen",
            "Regel": build.rule,
            "Grens": f"{build.threshold} personen",
        }
    )
