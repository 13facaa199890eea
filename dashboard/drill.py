"""Down and up on the map: the path above it, the click on it, and where names are written."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

import streamlit as st

from dashboard.address import AREA_KEY
from dashboard.choose import View
from dashboard.figures import Area, Publication, load_shapes
from dashboard.maps import place_labels


def draw_path(family: Sequence[Area]) -> None:
    """From the region down to the chosen area; each step up is a button."""
    if len(family) == 1:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="pad"):
        for area in family[:-1]:
            name = f"Regio {area.name}" if area.level == "region" else area.name
            st.button(f"‹ {name}", key=f"pad-{area.code}", on_click=open_area, args=(area.code,))
        st.markdown(f"**{family[-1].name}**")


def open_area(code: str) -> None:
    """Make an area the chosen one; the select box and the URL follow."""
    st.session_state[AREA_KEY] = code


def open_clicked(key: str) -> None:
    """Open the area that was clicked on the map with that key."""
    points = st.session_state[key]["selection"]["points"]
    codes = [point["location"] for point in points if point.get("location")]
    if codes:
        open_area(codes[0])


@lru_cache(maxsize=24)
def load_labels(publication: Publication, year: int, level: str) -> Mapping[str, tuple[float, float]]:
    """Where each area's name is written; areas without a shape are not in it."""
    return place_labels(json.loads(load_shapes(publication, year=year, level=level)))


def shapes_address(view: View, level: str) -> str:
    """Where the browser fetches the boundaries; the build in it renews caches with a new publication."""
    return f"./gebieden/{view.year}/{level}.geojson?v={view.publication.build.id}"


def is_stylised(view: View, codes: Sequence[str]) -> bool:
    """Whether the shapes of these areas are drawn, not measured."""
    return bool(view.areas.loc[view.areas["code"].isin(codes), "stylised"].any())
