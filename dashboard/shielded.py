"""What the protection costs: how many figures about persons are shown and how many are hidden, per figure and level.

Both numbers can be counted in the publication itself. How many were hidden for their own size, and how many as cover,
is not there: that would tell small from large.
"""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import frame_chart
from dashboard.coarser import describe_coarser
from dashboard.format import LEVEL_WORDS, PERIOD_KIND_WORDS, SPLIT_WORDS, capitalise, format_number, join_words
from dashboard.indicator import Indicator
from dashboard.tables import Cell, Column, draw_list, draw_table
from dashboard.theme import HIDDEN, PRIMARY

MUCH_SHOWN: Final = 0.6
HELD_CAPTION: Final = "Kleine wijzigingen die nog niet zijn verwerkt"
HELD_WORDS: Final = (
    "Een nieuwe levering verandert deze cijfers een klein beetje. Het verschil zou over enkele personen gaan. Daarom staan "
    "hier nog de cijfers van de vorige publicatie."
)
SPLIT_CAPTION: Final = "Uitsplitsingen waarvan minder dan 60 % is getoond"
PROTECTED: Final = ("persons", "families", "groups")


def keep_protected(states: pd.DataFrame, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Shown and hidden figures of indicators about persons: indicator, level, shown, hidden.

    states  indicator, level, status, rows
    """
    ours = [key for key, one in indicators.items() if one.counts in PROTECTED]
    kept = states[states["indicator"].isin(ours) & states["status"].isin(["shown", "hidden"])]
    counted = kept.pivot_table(
        index=["indicator", "level"], columns="status", values="rows", aggfunc="sum", fill_value=0
    )
    return counted.reindex(columns=["shown", "hidden"], fill_value=0).reset_index()


def describe_shielded(counted: pd.DataFrame) -> list[str]:
    """One sentence per level, and one about the figures that are hidden most."""
    lines = []
    for level, (one, _) in LEVEL_WORDS.items():
        rows = counted[counted["level"] == level]
        whole = int(rows["shown"].sum() + rows["hidden"].sum())
        if whole:
            lines.append(
                f"Per {one}: {_share(rows)} getoond ({format_number(int(rows['shown'].sum()))} van {format_number(whole)})."
            )
    return lines


def draw_shielded(counted: pd.DataFrame) -> go.Figure:
    """Shown and hidden figures per level, side by side in one bar of 100 %."""
    levels = [level for level in LEVEL_WORDS if (counted["level"] == level).any()]
    sums = counted.groupby("level")[["shown", "hidden"]].sum().loc[levels]
    parts = sums.div(sums.sum(axis=1), axis=0) * 100
    chart = go.Figure()
    for name, words, color in (("shown", "getoond", PRIMARY), ("hidden", "afgeschermd", HIDDEN)):
        texts = [f"{words} {format_number(_whole(name, value))} %" if value else "" for value in parts[name]]
        chart.add_bar(y=[capitalise(LEVEL_WORDS[level][0]) for level in levels], x=parts[name], name=words, orientation="h",
                      marker={"color": color}, text=texts, hoverinfo="text")  # fmt: skip
    framed = frame_chart(chart, height=100 + 46 * len(levels))
    framed.update_xaxes(range=[0, 100], ticksuffix=" %", automargin=True)
    framed.update_yaxes(autorange="reversed", automargin=True)
    return framed.update_layout(barmode="stack", showlegend=False)


def _whole(name: str, value: float) -> int:
    """Whole per cents that add up to 100, and never 100 % shown when something is hidden."""
    return int(value) if name == "shown" else 100 - int(100 - value)


def draw_shielded_table(counted: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    """Per indicator and level the share that is shown, the most hidden first."""
    levels = [level for level in LEVEL_WORDS if (counted["level"] == level).any()]
    sums = counted.groupby("indicator")[["shown", "hidden"]].sum()
    order = (sums["shown"] / (sums["shown"] + sums["hidden"])).sort_values(kind="stable").index
    rows = [[Cell(text=indicators[key].title), *(_cell(counted, key, level) for level in levels)] for key in order]
    columns = [
        Column(title="Cijfer"),
        *(Column(title=capitalise(LEVEL_WORDS[level][0]), number=True) for level in levels),
    ]
    table = draw_table(columns, rows, caption="Deel van de cijfers over personen dat is getoond", sticky=True)
    return f"<details class='jb-fold'><summary>Per cijfer, het meest afgeschermde eerst</summary>{table}</details>"


def describe_audit(audit: pd.DataFrame) -> list[str]:
    """What was tried to work out hidden figures, with which outcome.

    audit  indicator, level, split, period_kind, figures, shown, hidden, attacked, findings
    """
    attacked, findings = int(audit["attacked"].sum()), int(audit["findings"].sum())
    if attacked > int(audit["hidden"].sum()):
        return [
            "Vóór elke publicatie probeert een apart programma de juiste aantallen achter de afgeronde cijfers te achterhalen. Het "
            "gebruikt alles wat openbaar is, ook uit eerdere publicaties.",
            f"Deze keer probeerde het {format_number(attacked)} cijfers. Het vond {_count(findings)}.",
        ]
    return [
        "Vóór elke publicatie probeert een apart programma de afgeschermde cijfers te achterhalen. Het gebruikt alles wat "
        "openbaar is, ook uit eerdere publicaties.",
        f"Deze keer probeerde het {format_number(attacked)} afgeschermde cijfers. Het vond {_count(findings)}.",
    ]


def draw_held(held: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    """The indicators and years of which a small revision is not shown yet, folded; nothing when there are none.

    held  indicator, period, level
    """
    known = held[held["indicator"].isin(list(indicators))]
    lines = [
        f"{indicators[str(key)].title}: {join_words(sorted({_year(one) for one in rows['period']}))}."
        for key, rows in known.groupby("indicator")
    ]
    told = f"<p class='jb-text'>{HELD_WORDS}</p>{draw_list(lines, empty='')}"
    return f"<details class='jb-fold'><summary>{HELD_CAPTION}</summary>{told}</details>" if lines else ""


def _year(period: str) -> str:
    return period if "/" in period else period[:4]


def _count(number: int) -> str:
    return format_number(number) if number else "er geen"


def draw_split_table(audit: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    """Splits of which less than 60 % is shown, the most hidden first, and what the next coarser tables show."""
    known = audit[audit["indicator"].isin(list(indicators))]
    fine = known[known["shown"] < MUCH_SHOWN * known["figures"]]
    order = (fine["shown"] / fine["figures"]).sort_values(kind="stable").index
    rows = [
        [Cell(text=text) for text in (*_split_row(fine.loc[at], indicators), describe_coarser(fine.loc[at], known))]
        for at in order
    ]
    columns = [Column(title=title) for title in ("Cijfer", "Gebied", "Uitsplitsing", "Periode")]
    told = [Column(title="Getoond", number=True), Column(title="Grover, met wat dan is getoond")]
    table = draw_table([*columns, *told], rows, caption=SPLIT_CAPTION, sticky=True)
    return f"<details class='jb-fold'><summary>{SPLIT_CAPTION}</summary>{table}</details>" if rows else ""


def _split_row(row: "pd.Series[Any]", indicators: Mapping[str, Indicator]) -> list[str]:
    split = join_words([SPLIT_WORDS[name] for name in str(row["split"]).split(",") if name]) or "geen"
    level, period = LEVEL_WORDS[row["level"]][0], PERIOD_KIND_WORDS[row["period_kind"]]
    return [indicators[row["indicator"]].title, capitalise(level), split, period, _share(row.to_frame().T)]


def _cell(counted: pd.DataFrame, indicator: str, level: str) -> Cell:
    rows = counted[(counted["indicator"] == indicator) & (counted["level"] == level)]
    return Cell(text=_share(rows) if len(rows) else "")


def _share(rows: pd.DataFrame) -> str:
    shown, hidden = int(rows["shown"].sum()), int(rows["hidden"].sum())
    share = 100 * shown / (shown + hidden)
    return f"{format_number(int(share) if hidden else 100)} %"
