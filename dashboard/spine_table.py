"""The area profile as a table: a row per figure with its line, its numbers and its words, by theme. Pure HTML.

The line is a picture of the numbers beside it in the same row, so it needs no other words; who hears the table skips it.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import pandas as pd

from dashboard.format import LABEL_WORDS, STATUS_WORDS, capitalise, format_value, is_known, join_words, lower_first
from dashboard.indicator import Indicator
from dashboard.links import draw_short_link
from dashboard.rows import Row
from dashboard.spine import Spine, Standing, describe_absent, place_spine
from dashboard.tables import TOO_FEW

HEADS: Final = ("Cijfer", "Niveau en marge", "Plaats tussen de andere", "{others}", "Naast de rest van de regio")
NO_RANGE: Final = "geen ander gebied getoond"
KEY: Final = (
    "De stip is dit gebied en de streep erdoor de marge. De lichte balk loopt van het laagste tot het hoogste cijfer van de "
    "andere gebieden; het donkere stuk is de middelste helft. Het staande streepje is de hele regio. Alleen cijfers die te zien zijn, tellen mee."
)
AGREED: Final = " Waar is afgesproken wat goed is, loopt de lijn van slechter naar beter; anders van lager naar hoger."


def draw_profile(
    standings: Sequence[Standing], *, caption: str, others: str, addresses: Mapping[str, tuple[str, str]]
) -> str:
    """The shown figures of one theme as a table.

    others     the header of the range: 'Andere gemeenten'
    addresses  where the development and the definition of each indicator are, by id
    """
    heads = "".join(f'<th scope="col">{escape(head.format(others=others))}</th>' for head in HEADS)
    body = "".join(_draw_row(one, *addresses[one.indicator.id]) for one in standings if one.is_shown)
    unseen = f'<caption class="jb-unseen">{escape(caption)}</caption>'
    label = escape(caption, quote=True)
    table = f"<table>{unseen}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="jb-table jb-profile" role="region" tabindex="0" aria-label="{label}">{table}</div>'


def _draw_row(standing: Standing, trend: str, definition: str) -> str:
    indicator = standing.indicator
    title, about = draw_short_link(trend, indicator.title), draw_short_link(definition, "uitleg")
    unit = "" if indicator.unit == "%" else f"<small>{escape(indicator.unit)}</small>"
    cells = (
        f"<b>{escape(format_own(standing))}</b>{escape(_describe_margin(standing))}{unit}",
        draw_spine(place_spine(standing)),
        escape(describe_range(standing)),
        draw_label(standing.own),
    )
    return (
        f'<tr><th scope="row">{title} <small>{about}</small></th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
    )


def format_own(standing: Standing) -> str:
    """The value of the chosen area; a star marks a provisional one."""
    star = "*" if standing.own["provisional"] is True else ""
    return _format(standing.own["value"], standing.indicator) + star


def _format(value: float, indicator: Indicator) -> str:
    return format_value(float(value), indicator.unit, indicator.decimals)


def _describe_margin(standing: Standing) -> str:
    low, high = standing.own["low"], standing.own["high"]
    if not is_known(low) or not is_known(high):
        return ""
    return f" ({_format(low, standing.indicator)} tot {_format(high, standing.indicator)})"


def describe_range(standing: Standing) -> str:
    """'28,4 tot 43,3', with how many of the others that is about when not all are shown."""
    if not standing.others:
        return NO_RANGE if standing.asked else ""
    low, high = (_format(edge, standing.indicator) for edge in (min(standing.others), max(standing.others)))
    count = "" if len(standing.others) == standing.asked else f" ({len(standing.others)} van {standing.asked} getoond)"
    return f"{low}{count}" if low == high else f"{low} tot {high}{count}"


def draw_label(row: Row) -> str:
    """The comparison with the rest of the region in words, as a label; nothing where none was made."""
    label = row["label"]
    if isinstance(label, str):
        words = LABEL_WORDS[label].replace("de regio", "de rest")
        return f'<span class="jb-chip jb-{label.replace("_", "-")}">{escape(words)}</span>'
    few = is_known(row["numerator"]) and row["level"] != "region" and float(row["numerator"]) < 10
    return f'<span class="jb-chip jb-cannot-tell">{TOO_FEW}</span>' if few else ""


def draw_spine(spine: Spine | None) -> str:
    """The line in HTML, for the eye only."""
    if spine is None:
        return ""
    parts = [
        _draw_stretch("i", spine.others),
        _draw_stretch("em", spine.half),
        _draw_stretch("u", spine.margin),
        "" if spine.region is None else f'<s style="left:{spine.region:g}%"></s>',
        f'<b style="left:{spine.own:g}%"></b>',
    ]
    agreed = " jb-agreed" if spine.right == "beter" else ""
    return f'<div class="jb-spine{agreed}" aria-hidden="true"><div>{"".join(parts)}</div></div>'


def _draw_stretch(tag: str, ends: tuple[float, float] | None) -> str:
    return f'<{tag} style="left:{ends[0]:g}%;right:{100 - ends[1]:g}%"></{tag}>' if ends else ""


def list_absent(standings: Sequence[Standing]) -> list[str]:
    """One sentence per state with the figures that are not shown: 'Afgeschermd (3): ...'."""
    return [
        f"{capitalise(STATUS_WORDS[status])} ({len(titles)}): {join_words([lower_first(title) for title in titles])}."
        for status, titles in describe_absent(standings).items()
    ]


def frame_standings(standings: Sequence[Standing]) -> pd.DataFrame:
    """The figures of the chosen area as a frame, for the legend and the downloads."""
    return pd.DataFrame([dict(one.own) for one in standings])
