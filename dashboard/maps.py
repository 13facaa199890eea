"""Figures to a map. Pure: neither streamlit nor duckdb; shapes come by address, so only values travel.

Hidden areas are grey with a word, outside the colour scale; zero is the lightest colour of the scale.
"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
import shapely

from dashboard.charts import frame_chart
from dashboard.format import STATUS_WORDS, format_value, lower_first
from dashboard.hatch import NO_STRIPES, Points
from dashboard.indicator import Indicator
from dashboard.rows import Row, list_rows
from dashboard.theme import HIDDEN_EDGE, INK, MUTED, PAPER, PRIMARY, SCALE, STATE_FILLS

NAMED_AREAS = 6
NUMBERED_AREAS = 30


def draw_map(
    figures: pd.DataFrame,
    indicator: Indicator,
    *,
    shapes_url: str,
    labels: Mapping[str, tuple[float, float]],
    chosen: str,
    stripes: Points = NO_STRIPES,
    top: float = 0,
) -> go.Figure:
    """A choropleth of the areas in `figures` that have a shape.

    figures     area, name, value, status; one row per area
    shapes_url  GeoJSON with the area code as the id of each feature
    labels      code -> longitude, latitude of the place to write its name
    chosen      code of the chosen area: drawn with a thick edge when it is one of these
    stripes     lines over the uncertain areas, see `hatch.draw_stripes`
    top         where the scale ends at least: two maps side by side must mean the same by a colour
    """
    chart = go.Figure()
    drawn = figures[figures["area"].isin(labels)]
    shown = drawn["status"] == "shown"
    _add_values(chart, drawn[shown], indicator, shapes_url, chosen, top)
    _add_greys(chart, drawn[~shown], shapes_url, chosen)
    _add_stripes(chart, stripes)
    if len(drawn) <= NUMBERED_AREAS:
        _write_names(chart, drawn, indicator, labels)
    chart.update_geos(fitbounds="locations", visible=False, projection_type="mercator", bgcolor=PAPER)
    chart = frame_chart(chart, height=520)
    chart.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False, clickmode="event+select")
    return chart


def _add_values(
    chart: go.Figure, shown: pd.DataFrame, indicator: Indicator, shapes_url: str, chosen: str, top: float
) -> None:
    if shown.empty:
        return
    chart.add_choropleth(
        geojson=shapes_url,
        locations=list(shown["area"]),
        z=[float(value) for value in shown["value"]],
        zmin=0,
        zmax=max(float(shown["value"].max()), top, 1e-9),
        colorscale=[[place / (len(SCALE) - 1), colour] for place, colour in enumerate(SCALE)],
        marker=_edges(shown, MUTED, chosen),
        text=[_hover_words(row, indicator) for row in list_rows(shown)],
        hovertemplate="%{text}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        colorbar={
            "title": {
                "text": indicator.unit if indicator.unit != "%" else "procent",
                "side": "top",
                "font": {"size": 14},
            },
            "orientation": "h",
            "thickness": 12,
            "len": 0.7,
            "x": 0.5,
            "y": 0,
            "yanchor": "top",
            "outlinewidth": 0,
            "tickformat": ",",
            "nticks": 5,
        },
    )


def _add_greys(chart: go.Figure, hidden: pd.DataFrame, shapes_url: str, chosen: str) -> None:
    """What has no number, outside the scale: each state in a colour of its own."""
    for status, fill in STATE_FILLS.items():
        rows = hidden[hidden["status"] == status]
        if rows.empty:
            continue
        chart.add_choropleth(
            geojson=shapes_url,
            locations=list(rows["area"]),
            z=[0] * len(rows),
            colorscale=[[0, fill], [1, fill]],
            showscale=False,
            marker=_edges(rows, HIDDEN_EDGE, chosen),
            text=[f"{row['name']}: {STATUS_WORDS[row['status']]}" for row in list_rows(rows)],
            hovertemplate="%{text}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )


def _add_stripes(chart: go.Figure, stripes: Points) -> None:
    if stripes[0]:
        chart.add_scattergeo(
            lon=list(stripes[0]),
            lat=list(stripes[1]),
            mode="lines",
            line={"color": INK, "width": 0.8},
            opacity=0.55,
            hoverinfo="skip",
            name="onzeker",
        )


def _edges(areas: pd.DataFrame, colour: str, chosen: str) -> dict[str, object]:
    widths = [4 if code == chosen else 1 for code in areas["area"]]
    return {"line": {"color": [PRIMARY if width > 1 else colour for width in widths], "width": widths}}


def _write_names(
    chart: go.Figure, drawn: pd.DataFrame, indicator: Indicator, labels: Mapping[str, tuple[float, float]]
) -> None:
    rows = list_rows(drawn)
    chart.add_scattergeo(
        lon=[labels[row["area"]][0] for row in rows],
        lat=[labels[row["area"]][1] for row in rows],
        text=[_place_words(row, indicator, named=len(rows) <= NAMED_AREAS) for row in rows],
        mode="text",
        textfont={"size": 14, "weight": 600, "color": INK, "shadow": ", ".join([f"0 0 2px {PAPER}"] * 4)},
        hoverinfo="skip",
    )


def _place_words(row: Row, indicator: Indicator, *, named: bool) -> str:
    """Name and number for a few areas; for more only the number, and nothing on grey: words would run together."""
    if named:
        return f"<b>{row['name']}</b><br>{_short_words(row, indicator)}"
    return _short_words(row, indicator) if row["status"] == "shown" else ""


def _hover_words(row: Row, indicator: Indicator) -> str:
    unit = "" if indicator.unit == "%" else f" {indicator.unit}"
    return f"{row['name']}: {_short_words(row, indicator)}{unit}"


def _short_words(row: Row, indicator: Indicator) -> str:
    if row["status"] != "shown":
        return STATUS_WORDS[str(row["status"])]
    return format_value(float(row["value"]), indicator.unit, indicator.decimals)


def place_labels(geojson: Mapping[str, object]) -> dict[str, tuple[float, float]]:
    """Where to write each area's name: a point inside it. Code -> longitude, latitude."""
    features = geojson["features"]
    assert isinstance(features, list)
    places = {}
    for feature in features:
        point = shapely.geometry.shape(feature["geometry"]).representative_point()
        places[str(feature["id"])] = (round(point.x, 5), round(point.y, 5))
    return places


def describe_map(figures: pd.DataFrame, indicator: Indicator, year: str, *, smoothed: bool = False) -> str:
    """What the map shows, for who cannot see it; the table beside it holds the figures."""
    hidden = int((figures["status"] != "shown").sum())
    grey = f" {hidden} daarvan zijn grijs: daar is geen cijfer te tonen." if hidden else ""
    kind = "Kaart met afgevlakte cijfers" if smoothed else "Kaart"
    return (
        f"{kind} van {lower_first(indicator.title)} in {year}, {indicator.unit}, voor {len(figures)} gebieden."
        f"{grey} De tabel en de keuzelijst geven hetzelfde."
    )
