"""The tables of 'Datakwaliteit': what came, what did not, what was refused, assumed and revised. Pure HTML.

Never a value of a refused row, and of revisions only what both publications showed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import pandas as pd

from dashboard.format import format_date, format_number, format_period, is_known, join_words
from dashboard.indicator import Indicator
from dashboard.links import draw_link
from dashboard.rows import list_rows
from dashboard.tables import Cell, Column, draw_frame, draw_table
from dashboard.trace import year_of

STATE_WORDS: Final = {"used": "gebruikt", "superseded": "vervangen door een latere levering"}
ROW_COUNTS: Final = {"rows_in": "Rijen", "rows_accepted": "Aanvaard", "rows_refused": "Geweigerd"}
DAYS_A_MONTH: Final = 30.44


def name_all_sources(deliveries: pd.DataFrame, missing: pd.DataFrame) -> dict[str, str]:
    """Title of every source that came or should have come, by id, in the order of the titles."""
    titles = {row["id"]: str(row["title"]) for row in list_rows(deliveries)}
    for row in list_rows(missing):
        titles.setdefault(row["source"], str(row.get("title") or row["source"]))
    return dict(sorted(titles.items(), key=lambda pair: pair[1].lower()))


def draw_grid(deliveries: pd.DataFrame, missing: pd.DataFrame, years: Sequence[str]) -> str:
    """Sources down, years across: delivered, partly, replaced or not delivered, always in words."""
    titles = name_all_sources(deliveries, missing)
    if not titles:
        return "<p>Er zijn geen leveringen.</p>"
    columns = [Column(title="Bron"), *(Column(title=year) for year in years)]
    rows = [
        [Cell(text=title), *(describe_delivery(deliveries, missing, key, year) for year in years)]
        for key, title in titles.items()
    ]
    return f'<div class="jb-grid">{draw_table(columns, rows, caption="Wat er is geleverd, per bron en jaar")}</div>'


def describe_delivery(deliveries: pd.DataFrame, missing: pd.DataFrame, source: str, year: str) -> Cell:
    """What came of one source about one year. A school year counts with the year in which it ends."""
    absent = [p for p in missing.loc[missing["source"] == source, "period"] if year_of(p) == year]
    if any(len(period) == 4 or "/" in period for period in absent):
        return Cell(text="niet geleverd", state="missing", chip="absent")
    mine = deliveries[(deliveries["id"] == source) & (deliveries["state"] == "superseded")]
    replaced = sum(year_of(period) == year for period in mine["period"])
    if absent:
        return Cell(text=f"deels: zonder {join_words([format_period(period) for period in absent])}", chip="partly")
    return Cell(text="geleverd, vervangt een eerdere levering" if replaced else "geleverd", chip="delivered")


def list_gaps(missing: pd.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """One sentence per source that did not come in full."""
    lacking = {source: missing.loc[missing["source"] == source, "period"] for source in titles}
    return [
        f"{title}: {join_words([format_period(period) for period in lacking[source]])}."
        for source, title in titles.items()
        if len(lacking[source])
    ]


def draw_sources(deliveries: pd.DataFrame, *, made_on: dt.date, leaning: Mapping[str, int]) -> str:
    """Per source: who delivers, when last, how old that is, what came in and how many indicators lean on it.

    leaning  number of indicators by source
    """
    used = deliveries[deliveries["state"] == "used"]
    if used.empty:
        return "<p>Er zijn geen leveringen gebruikt.</p>"
    groups = used.groupby("id")
    counts = groups[list(ROW_COUNTS)].sum()
    last = groups["delivered_on"].max()
    ready = groups.agg(title=("title", "first"), supplier=("supplier", "first"), files=("file", "size"))
    ready = ready.join(counts).sort_values("title", key=lambda titles: titles.str.lower())
    ready = ready.assign(
        last=[format_date(last[key]) for key in ready.index],
        age=[describe_age(last[key], made_on) for key in ready.index],
        leaning=[leaning.get(str(key), 0) for key in ready.index],
    )
    titles = {"title": "Bron", "supplier": "Leverancier", "last": "Laatst geleverd", "age": "Ouderdom"}
    titles |= {"files": "Bestanden", **ROW_COUNTS, "leaning": "Cijfers die deze bron gebruiken"}
    numbers = ("files", *ROW_COUNTS, "leaning")
    return draw_frame(ready, titles, numbers=numbers, caption="Elke bron: ouderdom, rijen en cijfers")


def describe_age(delivered_on: dt.date, made_on: dt.date) -> str:
    """How old a delivery was on the day of the publication, in words."""
    days = max(0, (pd.Timestamp(made_on).normalize() - pd.Timestamp(delivered_on)).days)
    if days < 2 * DAYS_A_MONTH:
        return f"{days} {'dag' if days == 1 else 'dagen'}"
    months = int(days / DAYS_A_MONTH)
    return f"{months} maanden" if months < 24 else f"{months // 12} jaar"


def draw_files(deliveries: pd.DataFrame, *, caption: str) -> str:
    """Every file: when it came, about what, its rows, its fingerprint and what became of it.

    A replaced file is not read, so it has no rows to tell of.
    """
    columns = [Column(title="Bestand"), Column(title="Over"), Column(title="Geleverd op")]
    columns += [Column(title=title, number=True) for title in ROW_COUNTS.values()]
    columns += [Column(title="Vingerafdruk (sha256)"), Column(title="Stand")]
    rows = [
        [
            Cell(text=breakable(row["file"])),
            Cell(text=format_period(row["period"]) if row["period"] else "perioden in het bestand"),
            Cell(text=format_date(row["delivered_on"])),
            *(Cell(text=format_number(row[name]) if row["state"] == "used" else "") for name in ROW_COUNTS),
            Cell(text=row["sha256"], chip="hash"),
            Cell(text=STATE_WORDS.get(row["state"], row["state"])),
        ]
        for row in list_rows(deliveries)
    ]
    return draw_table(columns, rows, caption=caption)


def draw_files_by_source(deliveries: pd.DataFrame, *, year: str) -> str:
    """The files of each source under its own heading, with its supplier."""
    parts = []
    for _, rows in deliveries.groupby("id", sort=False):
        title, supplier = str(rows["title"].iloc[0]), str(rows["supplier"].iloc[0])
        said = title if supplier.lower() in title.lower() else f"{title} ({supplier})"
        table = draw_files(rows, caption=f"Leveringen over {year}: {title}")
        parts.append(f'<section class="jb-part"><h3>{escape(said)}</h3>{table}</section>')
    return "".join(parts)


def breakable(file: object) -> str:
    """A file name that may break at its underscores."""
    return str(file).replace("_", "_\u200b")


def draw_source_folds(
    deliveries: pd.DataFrame, leaning: Mapping[str, Sequence[Indicator]], addresses: Mapping[str, str]
) -> str:
    """Per source its files and the indicators that lean on it, folded behind its title.

    addresses  page that traces an indicator, by id
    """
    ordered = sorted(deliveries.groupby("id"), key=lambda pair: str(pair[1]["title"].iloc[0]).lower())
    return "".join(_draw_source(rows, leaning.get(str(key), ()), addresses) for key, rows in ordered)


def _draw_source(rows: pd.DataFrame, leaning: Sequence[Indicator], addresses: Mapping[str, str]) -> str:
    title = str(rows["title"].iloc[0])
    links = "".join(f"<li>{draw_link(addresses[one.id], one.title)}</li>" for one in leaning)
    said = f"<p class='jb-text'>Cijfers die deze bron gebruiken:</p><ul class='jb-list jb-columns'>{links}</ul>"
    none = "<p class='jb-text'>Geen cijfer gebruikt deze bron. De bron geeft bijvoorbeeld grenzen of een lijst.</p>"
    files = draw_files(rows, caption=f"Bestanden van {title}")
    return f"<details class='jb-fold'><summary>{escape(title)}</summary>{files}{said if links else none}</details>"


def draw_refusals(refusals: pd.DataFrame, deliveries: pd.DataFrame) -> str:
    """Refused rows by rule and column, folded per source, with where to look first; never what stood in them."""
    if refusals.empty:
        return "<p>Er zijn geen rijen geweigerd.</p>"
    used = deliveries[deliveries["state"] == "used"].groupby("id")
    titles, counts = used["title"].first(), used[["rows_in", "rows_refused"]].sum()
    folds = []
    for key, rows in refusals.groupby("source", sort=True):
        title = str(titles.get(key, key))
        size = describe_refused(*counts.loc[key]) if key in counts.index else "vervangen levering"
        table = _draw_rules(rows, title)
        folds.append(f"<details class='jb-fold'><summary>{escape(title)}: {size}</summary>{table}</details>")
    return "".join(folds)


def describe_refused(rows_in: float, refused: float) -> str:
    """'7 van 1.187 rijen geweigerd'."""
    return f"{format_number(refused)} van {format_number(rows_in)} rijen geweigerd"


def _draw_rules(refusals: pd.DataFrame, title: str) -> str:
    groups = refusals.groupby(["column_name", "rule"], sort=True)
    ready = groups.agg(
        rows=("rows", "sum"), files=("file", "nunique"), file=("file", "first"), line=("first_line", "first")
    )
    ready = ready.reset_index()
    first = [_describe_first(file, line) for file, line in zip(ready["file"], ready["line"], strict=True)]
    titles = {"column_name": "Kolom", "rule": "Regel", "rows": "Rijen", "files": "Bestanden", "first": "Eerste keer"}
    caption = f"Geweigerde rijen van {title}: welke regel en hoe vaak"
    return draw_frame(ready.assign(first=first), titles, numbers=("rows", "files"), caption=caption)


def _describe_first(file: object, line: object) -> str:
    return f"{breakable(file)}, regel {line}" if is_known(line) else breakable(file)


def draw_notes(deliveries: pd.DataFrame) -> str:
    """What the program assumed or skipped while reading, per source, with how many files it concerns."""
    noted = deliveries[deliveries["state"].eq("used") & deliveries["note"].fillna("").ne("")]
    if noted.empty:
        return "<p>Er was niets aan te nemen.</p>"
    groups = noted.groupby(["title", "note"], sort=True)
    ready = groups.agg(files=("file", "size"), file=("file", "first")).reset_index()
    ready = ready.assign(file=[breakable(file) for file in ready["file"]])
    titles = {"title": "Bron", "note": "Aanname of opmerking", "files": "Bestanden", "file": "Bijvoorbeeld"}
    return draw_frame(ready, titles, numbers=("files",), caption="Aannames bij het lezen van de bestanden")


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
